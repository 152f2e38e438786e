//! The data sources.

mod agent_compose;
mod agent_docker;
mod agent_kubernetes;
mod agent_nomad;
mod agent_sidecar;
mod ecs_fleet_audit;
mod ecs_task_definition;
mod task_definition_check;

pub(super) use agent_compose::AgentCompose;
pub(super) use agent_docker::AgentDocker;
pub(super) use agent_kubernetes::AgentKubernetes;
pub(super) use agent_nomad::AgentNomad;
pub(super) use agent_sidecar::AgentSidecar;
pub(super) use ecs_fleet_audit::EcsFleetAudit;
pub(super) use ecs_task_definition::EcsTaskDefinition;
pub(super) use task_definition_check::TaskDefinitionCheck;
