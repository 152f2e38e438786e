//! Hardening of real documents.

mod agents;
mod corpus;
