//! The catalogue against task definitions that people have published, and against our own pattern.

mod bad_input;
mod corpus;
mod pattern;
