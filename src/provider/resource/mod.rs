//! The resources.

mod ecs_rollout;
mod ecs_task_definition;
mod shared;

pub(super) use ecs_rollout::EcsRollout;
pub(super) use ecs_task_definition::{EcsTaskDefinition, argument_of, configuration, phrase};
