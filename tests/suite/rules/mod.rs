//! The catalogue against task definitions that people have published.

mod corpus;
