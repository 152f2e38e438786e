//! Tests that need nothing but cargo.

mod ecs_client;
