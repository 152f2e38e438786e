//! The pure rooms of the provider, compiled from its own files and named as there: what reads, judges and merges bytes
//! that others wrote. Without the SDK and the transport they build in seconds, coverage counters and all.
//!
//! `properties` and `tasks` are those of `tests/suite/`, so that both ways of searching look for the same faults.

#[path = "../../src/compose/mod.rs"]
pub mod compose;
#[path = "../../src/docker/mod.rs"]
pub mod docker;
#[path = "../../src/document/mod.rs"]
pub mod document;
#[path = "../../src/ecs/mod.rs"]
pub mod ecs;
#[path = "../../src/found/mod.rs"]
pub mod found;
#[path = "../../src/kubernetes/mod.rs"]
pub mod kubernetes;
#[path = "../../src/merge/mod.rs"]
pub mod merge;
#[path = "../../src/nomad/mod.rs"]
pub mod nomad;
#[path = "../../src/ordered.rs"]
mod ordered;
#[path = "../../src/render/mod.rs"]
pub mod render;
#[path = "../../src/rofs/mod.rs"]
pub mod rofs;
#[path = "../../src/rules/mod.rs"]
pub mod rules;
#[path = "../../src/task/mod.rs"]
pub mod task;
#[path = "../../src/value/mod.rs"]
pub mod value;
