//! The data sources.

mod agent_sidecar;
mod task_definition_check;

pub(super) use agent_sidecar::AgentSidecar;
pub(super) use task_definition_check::TaskDefinitionCheck;
