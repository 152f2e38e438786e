//! Plain Docker: containers, volumes and networks as objects with the argument names of the resources `docker_container`,
//! `docker_volume` and `docker_network` of the provider kreuzwerker/docker (its documentation, read 2026-11), and the script that
//! does the same with the command line.
//!
//! Knows how Docker spells things; decides nothing.

mod container;
mod problems;
mod run;
mod script;

use std::collections::BTreeMap;

use super::{Renderer, Unwritable};
use crate::document::{Node, Object};
use crate::ordered::ordered;
use crate::rofs::SettingProblem;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::variables::{DD_APM_NON_LOCAL_TRAFFIC, DD_DOGSTATSD_NON_LOCAL_TRAFFIC};
use crate::rofs::workload::{Role, VolumeKind, Wiring, Workload};

pub use run::options;
pub use script::{DEFINITION_LABEL, commands};

/// What the platform is called in sentences.
const NAME: &str = "Docker";

/// The renderer. Its document has `containers` in the order of their start, `networks` and `volumes`.
///
/// A container that ends before the next one starts has `attach`, and no `must_run`. A container has one member that the resource
/// has no argument for: `secrets`, from the name of a variable to the name of the machine's variable that holds its value.
#[derive(Debug, Clone, Copy)]
pub struct Docker;

impl Renderer for Docker {
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable> {
        let kinds = kinds(workload)?;
        let network = network(workload);
        let containers: Vec<Node> =
            workload.containers.iter().map(|one| container::container(one, &kinds, network)).collect();
        let volumes = workload.volumes.iter().filter(|volume| volume.kind == VolumeKind::Named);
        Ok(Node::from([
            ("containers", containers.into()),
            ("networks", network.map(named).into_iter().collect::<Vec<_>>().into()),
            ("volumes", volumes.map(|volume| named(&volume.name)).collect::<Vec<_>>().into()),
        ]))
    }

    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        problems::problems(settings)
    }
}

fn named(name: &str) -> Node {
    Node::from([("name", name.into())])
}

fn kinds(workload: &Workload) -> Result<BTreeMap<&str, VolumeKind>, Unwritable> {
    let kept = |kind: VolumeKind| !matches!(kind, VolumeKind::Empty | VolumeKind::Configuration);
    match workload.volumes.iter().find(|volume| !kept(volume.kind)) {
        Some(volume) => {
            Err(Unwritable::Volume { platform: NAME, name: volume.name.clone(), kind: volume.kind })
        }
        None => Ok(ordered(workload.volumes.iter().map(|volume| (volume.name.as_str(), volume.kind)))),
    }
}

/// The network in which others find the Agent by its name, called like it, where somebody has to: on Docker's default network
/// containers have no names (Docker's documentation, bridge network driver, read 2026-11).
fn network(workload: &Workload) -> Option<&str> {
    let agent = workload.containers.iter().find(|container| container.role == Role::Agent)?;
    let is_open = [DD_APM_NON_LOCAL_TRAFFIC, DD_DOGSTATSD_NON_LOCAL_TRAFFIC]
        .iter()
        .any(|variable| agent.environment.contains_key(*variable));
    is_open.then_some(agent.name.as_str())
}

/// What a container of the application needs: arguments of `docker_container`, all of which are always there, so that an
/// expression can rely on them.
pub fn wiring(workload: &Workload) -> Node {
    let wiring: &Wiring = &workload.wiring;
    let mounts = wiring.mounts.iter().map(|mount| container::volume(mount, None));
    Node::from([
        ("env", container::variables(&wiring.environment).into()),
        ("labels", container::labels(&wiring.docker_labels).into()),
        ("networks_advanced", network(workload).map(named).into_iter().collect::<Vec<_>>().into()),
        ("volumes", mounts.collect::<Vec<_>>().into()),
    ])
}

/// What is set of an object's members.
fn set_members(members: impl IntoIterator<Item = (&'static str, Option<Node>)>) -> Object {
    members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn text(text: &Text) -> Node {
    match text {
        Text::Known(text) => text.as_str().into(),
        Text::Unknown => Node::Unknown,
    }
}

/// The list unless it is empty.
fn list(items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then(|| items.into())
}
