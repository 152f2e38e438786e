//! The domain: the pattern, documents and rules. It knows no Terraform, no AWS and no I/O, and its manifest keeps it so.
//!
//! The modules in reading order. `ARCHITECTURE.md` says which may use which; `tests/suite/tidy/` checks it.

/// The pattern: what a read-only Agent needs on any platform. Pure domain.
pub mod rofs;

/// JSON trees whose leaves may be not known yet, with paths into them and into the text they were read from.
pub mod document;

/// What is ECS in documents: shapes, input forms, canonical form, units, difference.
pub mod ecs;

/// What is Compose in documents: its short and long forms, read as a workload, and changes of it written back.
pub mod compose;

/// What is plain Docker in documents: the arguments of Terraform's resources, read as a workload, and changes written back.
pub mod docker;

/// What is Kubernetes in documents: objects with a Pod in them, and where it is.
pub mod kubernetes;

/// What is Nomad in documents: jobs in HCL and in the JSON of its HTTP API.
pub mod nomad;

/// A task definition as everybody reads it: containers, mounts, waits, the Agent.
pub mod task;

/// Which documents a text holds, found by what it says.
pub mod found;

/// The pattern spelled as each platform wants it.
pub mod render;

/// The user's own task, hardened and wired to the Agent, and back.
pub mod merge;

/// The fleet: waves, budgets and outcomes of a rollout, decided without a call.
pub mod rollout;

/// Which old revisions of a family are retired. Pure domain.
pub mod retention;

/// The catalogue: one rule a file.
pub mod rules;

/// Ordered maps and sets, made item by item.
pub mod ordered;
