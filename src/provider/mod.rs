//! WIRING: what a practitioner can write, and how the rooms work together for it.

mod agent_block;
mod agent_document;
mod agent_outputs;
mod around;
mod aws_settings;
mod calling;
mod data_source;
mod datadog_modules;
mod diagnostics;
mod document_value;
mod duration;
mod function;
mod given_document;
mod given_job;
mod given_manifest;
mod given_services;
mod given_yaml;
mod hardening;
mod hcl;
mod judged_value;
mod members;
mod policy_block;
mod provider_block;
mod resource;
mod sidecar_arguments;
mod task;
mod timeouts;
mod unknown_keys;
mod unreadable;

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::Node;
use crate::framework::{Context, DataSource, Function, Provider, Replaced, Resource};
use crate::schema::Schema;
use crate::value::Value;

use provider_block::Settled;

/// A task definition in the shape of `RegisterTaskDefinition` as a configuration of the resource; none where a part of it can
/// be written in no argument. For documentation.
pub fn configuration(document: &Node) -> Option<String> {
    resource::configuration(document)
}

/// The provider. Nothing is built before it is needed: no client, no table.
pub fn ddrofs() -> impl Provider {
    let settled = Arc::new(Settled::default());
    Ddrofs {
        resources: vec![
            Box::new(resource::EcsTaskDefinition::new(Arc::clone(&settled))),
            Box::new(resource::EcsRollout::new(Arc::clone(&settled))),
        ],
        data_sources: vec![
            Box::new(data_source::AgentSidecar::new(Arc::clone(&settled))),
            Box::new(data_source::AgentCompose::new(Arc::clone(&settled))),
            Box::new(data_source::AgentDocker::new(Arc::clone(&settled))),
            Box::new(data_source::AgentNomad::new(Arc::clone(&settled))),
            Box::new(data_source::AgentKubernetes::new(Arc::clone(&settled))),
            Box::new(data_source::TaskDefinitionCheck::new(Arc::clone(&settled))),
            Box::new(data_source::EcsTaskDefinition::new(Arc::clone(&settled))),
            Box::new(data_source::EcsFleetAudit::new(Arc::clone(&settled))),
        ],
        functions: function::all(),
        settled,
    }
}

struct Ddrofs {
    settled: Arc<Settled>,
    resources: Vec<Box<dyn Resource>>,
    data_sources: Vec<Box<dyn DataSource>>,
    functions: Vec<Box<dyn Function>>,
}

#[async_trait]
impl Provider for Ddrofs {
    fn schema(&self) -> Schema {
        provider_block::schema()
    }

    fn resources(&self) -> &[Box<dyn Resource>] {
        &self.resources
    }

    fn data_sources(&self) -> &[Box<dyn DataSource>] {
        &self.data_sources
    }

    fn functions(&self) -> &[Box<dyn Function>] {
        &self.functions
    }

    fn sections(&self) -> &'static str {
        include_str!("first_page.md")
    }

    fn members(&self) -> &'static [(&'static str, &'static str)] {
        members::MEMBERS
    }

    fn replaced(&self) -> &'static [Replaced] {
        &[datadog_modules::DATADOG_MODULES]
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        self.settled.prepare(config)
    }

    async fn configure(&self, _: &Context, config: Value, _: &str) -> Diagnostics {
        self.settled.configure(&config)
    }
}

#[cfg(test)]
mod tests;
