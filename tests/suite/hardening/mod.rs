//! Hardening of real documents.

pub(crate) mod agents;
mod corpus;
