//! A Terraform provider that runs the Datadog Agent on a read-only root filesystem and proves it at plan time.
//!
//! The modules in reading order. `ARCHITECTURE.md` says which may use which; `tests/suite/tidy/` checks it. What knows neither Terraform nor AWS is
//! in `domain/`, and its modules are named here as there.

use ddrofs_domain::ordered;
pub use ddrofs_domain::{
    compose, docker, document, ecs, found, kubernetes, merge, nomad, render, retention, rofs, rollout, rules,
    task,
};

/// What was found, for a person and for machines: SARIF, JUnit, JSON.
pub mod report;

/// The command line: arguments, and what is said of wrong ones.
pub mod command_line;

/// The whole command line, with the subcommands that give it to shells and to readers: `completions` and `man`.
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
