//! The data sources.

mod agent_sidecar;

pub(super) use agent_sidecar::AgentSidecar;
