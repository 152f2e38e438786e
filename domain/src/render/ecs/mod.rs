//! ECS: container definitions, volumes, the application's wiring and the roles' policies.
//!
//! Knows how ECS spells things; decides nothing.

mod container;
mod policies;
mod problems;

use super::{Renderer, Unwritable};
use crate::document::Node;
use crate::rofs::SettingProblem;
use crate::rofs::settings::{Settings, Store, Text};
use crate::rofs::workload::{Volume, VolumeKind, Wiring, Workload};

pub use container::{container_definition, probe};
pub use policies::{execution_role_policy, task_role_policy};

use problems::problems;

pub(crate) use container::{dependency, key_value, mount_point, port_mapping};

/// What the platform is called in sentences.
const NAME: &str = "ECS";

/// The renderer. Its document is the part of a task definition that the sidecars are: container definitions and volumes.
#[derive(Debug, Clone, Copy)]
pub struct Ecs;

impl Renderer for Ecs {
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable> {
        for container in &workload.containers {
            let (platform, name) = (NAME, || container.name.clone());
            if !container.secret_files.is_empty() {
                return Err(Unwritable::SecretFile { platform, container: name() });
            }
            if container.sees_the_machines_processes {
                return Err(Unwritable::Processes { platform, container: name() });
            }
        }
        Ok(Node::from([
            ("containerDefinitions", Node::Array(container_definitions(workload))),
            ("volumes", Node::Array(volumes(workload)?)),
        ]))
    }

    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        problems(settings)
    }
}

/// The container definitions of the sidecars, in the order in which they start.
pub fn container_definitions(workload: &Workload) -> Vec<Node> {
    workload.containers.iter().map(container_definition).collect()
}

/// The volumes of the task definition: a name and nothing else is an empty directory that lives as long as the task.
pub fn volumes(workload: &Workload) -> Result<Vec<Node>, Unwritable> {
    workload.volumes.iter().map(volume).collect()
}

fn volume(volume: &Volume) -> Result<Node, Unwritable> {
    let name = ("name", Node::from(volume.name.as_str()));
    match volume.kind {
        VolumeKind::Empty => Ok(Node::from([name])),
        VolumeKind::HostPath(path) => {
            Ok(Node::from([name, ("host", Node::from([("sourcePath", path.into())]))]))
        }
        kind @ (VolumeKind::Tmpfs | VolumeKind::Named | VolumeKind::Configuration) => {
            Err(Unwritable::Volume { platform: NAME, name: volume.name.clone(), kind })
        }
    }
}

/// What an application container needs, under the keys of a container definition, for people who merge by hand.
/// All four keys are always there, so that an expression can rely on them.
pub fn wiring(wiring: &Wiring) -> Node {
    Node::from([
        (
            "environment",
            Node::Array(
                wiring
                    .environment
                    .iter()
                    .map(|(name, value)| key_value("name", name, "value", value))
                    .collect(),
            ),
        ),
        ("mountPoints", Node::Array(wiring.mounts.iter().map(mount_point).collect())),
        ("dependsOn", Node::Array(wiring.dependencies.iter().map(dependency).collect())),
        (
            "dockerLabels",
            wiring.docker_labels.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        ),
    ])
}

/// The service of AWS that is this store, as ARNs name it; none for what is on a machine.
fn service_of(store: Store) -> Option<&'static str> {
    match store {
        Store::Secrets => Some("secretsmanager"),
        Store::Parameters => Some("ssm"),
        Store::Environment | Store::File => None,
    }
}

/// A text, or the place of one that is not known yet.
pub(crate) fn text(text: &Text) -> Node {
    match text {
        Text::Known(text) => Node::String(text.clone()),
        Text::Unknown => Node::Unknown,
    }
}
