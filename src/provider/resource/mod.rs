//! The resources.

mod ecs_task_definition;

pub(super) use ecs_task_definition::{EcsTaskDefinition, argument_of, configuration, phrase};
