//! Tests that need nothing but cargo.

mod local_ecs;
mod tidy;
