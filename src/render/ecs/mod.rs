//! ECS: container definitions, volumes, the application's wiring and the roles' policies.
//!
//! Knows how ECS spells things; decides nothing.

mod container;
mod policies;
mod problems;

use crate::document::Node;
use crate::rofs::settings::{Store, Text};
use crate::rofs::workload::{Wiring, Workload};

pub use container::{container_definition, probe};
pub use policies::{execution_role_policy, task_role_policy};
pub use problems::problems;

pub(crate) use container::{dependency, key_value, mount_point, port_mapping};

/// The container definitions of the sidecars, in the order in which they start.
pub fn container_definitions(workload: &Workload) -> Vec<Node> {
    workload.containers.iter().map(container_definition).collect()
}

/// The volumes of the task definition: each has a name and nothing else, which is an empty directory that lives as
/// long as the task.
pub fn volumes(workload: &Workload) -> Vec<Node> {
    workload.volumes.iter().map(|volume| Node::from([("name", Node::from(volume.name.as_str()))])).collect()
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

/// The service of AWS that is this store, as ARNs name it.
fn service_of(store: Store) -> &'static str {
    match store {
        Store::Secrets => "secretsmanager",
        Store::Parameters => "ssm",
    }
}

/// A text, or the place of one that is not known yet.
pub(crate) fn text(text: &Text) -> Node {
    match text {
        Text::Known(text) => Node::String(text.clone()),
        Text::Unknown => Node::Unknown,
    }
}
