//! Tests that need nothing but cargo.

#![expect(clippy::unwrap_used, reason = "these are tests: clippy exempts only the test functions themselves")]

mod audit;
mod cases;
mod corpus;
#[path = "../support/docker/mod.rs"]
mod docker_machine;
mod docs;
mod document;
mod ecs_client;
mod hardening;
mod lint;
mod local_ecs;
mod pattern;
mod platforms;
mod plugin;
mod properties;
mod protocol;
mod rules;
mod scenarios;
mod start_up;
mod tidy;
