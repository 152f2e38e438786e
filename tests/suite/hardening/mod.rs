//! Hardening of real documents.

mod corpus;
