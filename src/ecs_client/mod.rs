//! ecs_client.
