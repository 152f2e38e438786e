//! Tests that need nothing but cargo.

mod local_ecs;
mod rules;
mod tidy;
