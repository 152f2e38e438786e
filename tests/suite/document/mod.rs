//! Documents: every task definition of the corpus goes through reading, canonical form and back.

mod corpus;
