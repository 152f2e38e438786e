//! The catalogue against what it has to find, task definitions that people have published, and our own pattern.

mod bad_input;
mod compose;
mod corpus;
mod coverage;
mod elsewhere;
mod gates;
mod nomad;
mod pattern;
