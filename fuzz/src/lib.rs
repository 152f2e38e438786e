//! What the fuzz targets call, by the provider's names: the domain, and the values that Terraform sends. Without the SDK and
//! the transport they build in seconds, coverage counters and all.
//!
//! `properties` and `tasks` are those of `tests/suite/`, so that both ways of searching look for the same faults.

pub use ddrofs_domain::{
    compose, docker, document, ecs, found, kubernetes, merge, nomad, render, rofs, rules, task,
};

#[path = "../../src/value/mod.rs"]
pub mod value;
