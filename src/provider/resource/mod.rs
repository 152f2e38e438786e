//! The resources.

mod ecs_rollout;
mod ecs_task_definition;

pub(super) use ecs_rollout::EcsRollout;
pub(super) use ecs_task_definition::{
    EcsTaskDefinition, argument_of, as_registered, configuration, phrase, place, registered_attributes,
};
