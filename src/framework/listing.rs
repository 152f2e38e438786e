//! The objects of a resource that exist already, for `terraform query` (list resources, protocol 5.10).

use crate::diagnostics::Diagnostics;
use crate::value::Value;

/// Which objects are wanted.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// What the block `config` says, wholly known.
    pub config: Value,
    /// How many of them, at most.
    pub limit: usize,
    /// Whether their states are wanted.
    pub with_state: bool,
}

/// One that was found.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What names it.
    pub identity: Value,
    /// What a person calls it.
    pub display_name: String,
    /// Its state, where it was wanted and could be read.
    pub state: Option<Value>,
    /// What is to be said of it.
    pub diagnostics: Diagnostics,
}
