//! Tests that need nothing but cargo.

mod ecs_client;
mod local_ecs;
mod plugin;
mod rules;
mod tidy;
