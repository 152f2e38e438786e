//! Tests that need nothing but cargo.

mod local_ecs;
mod plugin;
mod rules;
mod tidy;
