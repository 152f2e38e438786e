//! HashiCorp Nomad: the tasks of a job's group, for the driver of Docker.
//!
//! Knows how Nomad spells things; decides nothing. A volume is a directory of the allocation that all tasks of the group share;
//! Docker makes it when it is mounted first. Every document is in the form of HCL; [`crate::nomad::to_api`] has the other one.

mod problems;
mod secret;
mod task;

use std::collections::BTreeMap;

use super::{Renderer, Unwritable};
use crate::document::{Node, Object};
use crate::rofs::SettingProblem;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::workload::{Role, VolumeKind, Wiring, Workload};

pub use secret::{Keeper, Reference, reference};
pub(crate) use task::shared;

/// What the platform is called in sentences.
const NAME: &str = "Nomad";

/// The renderer. Its document is a job with one group, which has the tasks of the sidecars.
#[derive(Debug, Clone, Copy)]
pub struct Nomad;

impl Renderer for Nomad {
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable> {
        let group = group(workload)?;
        let job = Node::from([("group", vec![group].into()), ("type", "service".into())]);
        Ok(Node::from([("job", vec![labelled(agent(workload), job)].into())]))
    }

    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        problems::problems(settings)
    }
}

/// The group of the sidecars, with its label.
pub fn group(workload: &Workload) -> Result<Node, Unwritable> {
    let mut group = Object::from_iter([("task".to_owned(), tasks(workload)?.into())]);
    if calls_over_the_network(&workload.wiring) {
        // Only a network of the group is one that its tasks share.
        group.insert("network".to_owned(), vec![Node::from([("mode", "bridge".into())])].into());
    }
    Ok(labelled(agent(workload), Node::Object(group)))
}

/// The tasks of the sidecars in start order, each with its label.
pub fn tasks(workload: &Workload) -> Result<Vec<Node>, Unwritable> {
    for volume in workload.volumes.iter() {
        if !matches!(volume.kind, VolumeKind::Empty | VolumeKind::Configuration) {
            return Err(Unwritable::Volume { platform: NAME, name: volume.name.clone(), kind: volume.kind });
        }
    }
    workload
        .containers
        .iter()
        .map(|container| {
            if container.sees_the_machines_processes {
                return Err(Unwritable::Processes { platform: NAME, container: container.name.clone() });
            }
            if !container.secret_files.is_empty() {
                return Err(Unwritable::SecretFile { platform: NAME, container: container.name.clone() });
            }
            Ok(labelled(&container.name, task::task(container, workload)))
        })
        .collect()
}

/// What a task of the application needs, in Nomad's words. Both keys are always there, so that an expression can rely on them.
pub fn wiring(wiring: &Wiring) -> Node {
    Node::from([
        ("env", texts(&wiring.environment)),
        ("labels", texts(&wiring.docker_labels)),
        ("volumes", wiring.mounts.iter().map(shared).collect::<Vec<_>>().into()),
    ])
}

/// Whether a task of the application reaches the Agent over the group's network.
pub fn calls_over_the_network(wiring: &Wiring) -> bool {
    let is_a_call = |url: &Text| matches!(url, Text::Known(url) if ["http://", "udp://"].iter().any(|one| url.starts_with(one)));
    wiring.environment.values().any(is_a_call)
}

fn agent(workload: &Workload) -> &str {
    let agent = workload.containers.iter().find(|container| container.role == Role::Agent);
    agent.map_or("datadog-agent", |agent| &agent.name)
}

fn labelled(name: &str, inside: Node) -> Node {
    Node::from([(name, inside)])
}

/// A mapping from names to texts.
fn texts(texts: &BTreeMap<String, Text>) -> Node {
    texts.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// Texts in the configuration of a driver, which the client reads as templates once more: what stands in `${}` is Nomad's to fill in,
/// and `%{` would begin a directive ("Invalid template control keyword" of the docker driver, seen 2026-11-30).
pub(crate) fn driver_texts(texts: &BTreeMap<String, Text>) -> Node {
    let literal = |value: &Text| match text(value) {
        Node::String(text) => text.replace("%{", "%%{").into(),
        unknown => unknown,
    };
    texts.iter().map(|(name, value)| (name.clone(), literal(value))).collect()
}

pub(crate) fn text(text: &Text) -> Node {
    match text {
        Text::Known(text) => text.as_str().into(),
        Text::Unknown => Node::Unknown,
    }
}
