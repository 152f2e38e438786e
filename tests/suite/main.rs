//! Tests that need nothing but cargo.

#![expect(clippy::unwrap_used, reason = "these are tests: clippy exempts only the test functions themselves")]

mod docs;
mod document;
mod ecs_client;
mod hardening;
mod local_ecs;
mod pattern;
mod plugin;
mod protocol;
mod rules;
mod tidy;
