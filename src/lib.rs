//! A Terraform provider that runs the Datadog Agent on a read-only root filesystem and proves it at plan time.
//!
//! The modules in reading order. `ARCHITECTURE.md` says which may use which; `tests/suite/tidy.rs` checks it.

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

/// What was found, for a person and for machines: SARIF, JUnit, JSON.
pub mod report;

/// The command line: arguments, and what is said of wrong ones.
pub mod command_line;

/// The subcommands `completions` and `man`: the command line for shells and for readers.
pub mod manual;

/// The subcommand `lint`: the rules for a pipeline without Terraform.
pub mod lint;

/// The subcommand `migrate`: blocks that let our resource take the place of hashicorp/aws's.
pub mod migrate;

/// What an account runs, read and judged: JSON, a table, and a page to hand to an auditor.
pub mod audit;

/// Terraform's values, types and attribute paths with their MessagePack and JSON encodings.
pub mod value;

/// Errors and warnings as a practitioner sees them.
pub mod diagnostics;

/// Schemas of providers, resources, data sources and functions.
pub mod schema;

/// The contract between a provider and the protocol: traits in native types.
pub mod framework;

/// Keys of structured log fields, for every module.
pub mod log_keys;

/// Ordered maps and sets, made item by item.
mod ordered;

/// PRINTABLE: what a terminal is shown of text that somebody else wrote.
pub mod printable;

/// tfplugin5 on the wire: generated types stop here.
pub mod protocol;

/// go-plugin's transport: handshake, TLS, listener, controller, logging.
pub mod plugin;

/// The ECS API: the only module that sees the AWS SDK.
pub mod ecs_client;

/// What a practitioner can write: the provider block, its resources, data sources and functions.
pub mod provider;

/// The Registry's pages from schemas and rules.
pub mod docgen;
