//! THE PATTERN: what the Datadog Agent needs to run on a read-only root filesystem, on any platform.
//!
//! Knows no Terraform, no AWS, no serialization, no I/O.

pub mod settings;
pub mod workload;
