//! Kubernetes: a Pod with the sidecars, and the ConfigMap with their files.
//!
//! Knows how Kubernetes spells things; decides nothing. Every text is written so that Kubernetes reads it as it is: where a
//! reference to a variable would begin, the dollar sign is doubled.

mod container;
mod daemon_set;
mod installation;
mod problems;

use super::{Renderer, Unwritable};
use crate::document::{Node, to_json};
use crate::ecs;
use crate::rofs::SettingProblem;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::workload::{File, Role, Volume, VolumeKind, Wiring, Workload};
use crate::rofs::writable_path::SOCKETS;

pub use daemon_set::{PERMISSIONS, Permission, Placing, daemon_set};
pub use installation::{Installation, Unsaid, datadog_agent, values};
pub use problems::{is_label_value, is_name};

/// What the platform is called in sentences.
const NAME: &str = "Kubernetes";

/// Digits of a content's hash in a name.
const DIGITS: usize = 8;

/// Letters of an owner's name in the name of what belongs to it: with what is added it stays below the 253 that a name may have.
const MOST_OF_AN_OWNER: usize = 180;

/// The renderer. Its document is a Pod with the sidecars alone, with the ConfigMap before it where there is one.
#[derive(Debug, Clone, Copy)]
pub struct Kubernetes;

/// What a Pod with the Agent has besides its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The containers that end before the Agent starts.
    pub init: Vec<Node>,
    /// The Agent's container.
    pub agent: Node,
    /// The volumes of both.
    pub volumes: Vec<Node>,
    /// The ConfigMaps that volumes take files from.
    pub config_maps: Vec<Node>,
}

impl Renderer for Kubernetes {
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable> {
        let agent = workload.containers.iter().find(|container| container.role == Role::Agent);
        let name = agent.map_or("", |agent| &agent.name);
        let parts = parts(workload, name)?;
        let pod = Node::from([
            ("apiVersion", "v1".into()),
            ("kind", "Pod".into()),
            ("metadata", Node::from([("name", name.into())])),
            (
                "spec",
                Node::from([
                    ("initContainers", parts.init.into()),
                    ("containers", vec![parts.agent].into()),
                    ("volumes", parts.volumes.into()),
                ]),
            ),
        ]);
        let mut documents = parts.config_maps;
        documents.push(pod);
        Ok(document_of(documents))
    }

    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        problems::problems(settings)
    }
}

/// Objects as one document: a list only where there are several.
pub fn document_of(mut objects: Vec<Node>) -> Node {
    match objects.len() {
        1 => objects.remove(0),
        _ => Node::Array(objects),
    }
}

/// The parts of a workload, for a Pod of something of that name: empty where it has none yet.
pub fn parts(workload: &Workload, owner: &str) -> Result<Parts, Unwritable> {
    // Of a Pod that is somebody else's all containers would see them.
    match workload.containers.iter().find(|container| container.sees_the_machines_processes) {
        Some(container) => Err(Unwritable::Processes { platform: NAME, container: container.name.clone() }),
        None => parts_of_a_pod_of_its_own(workload, owner),
    }
}

/// The parts for a Pod that has nothing else in it.
fn parts_of_a_pod_of_its_own(workload: &Workload, owner: &str) -> Result<Parts, Unwritable> {
    let named = config_maps(workload, owner);
    let volumes =
        workload.volumes.iter().map(|volume| pod_volume(volume, &named)).collect::<Result<_, _>>()?;
    let (mut init, mut agent) = (Vec::new(), Node::Null);
    for container in &workload.containers {
        let node = container::container(container, says_users(workload))?;
        match container.role {
            Role::Init => init.push(node),
            Role::Agent => agent = node,
        }
    }
    Ok(Parts { init, agent, volumes, config_maps: named.into_iter().map(|(_, map)| map).collect() })
}

/// Whether the containers say as whom they run: where somebody asked for a user. Otherwise that is for the Pod to say.
fn says_users(workload: &Workload) -> bool {
    workload.containers.iter().any(|container| container.user.is_some())
}

/// What a Pod gets of an Agent that is not in it: the volumes by which its containers reach that one.
pub fn parts_of_the_wiring(workload: &Workload) -> Result<Parts, Unwritable> {
    let (init, config_maps) = (Vec::new(), Vec::new());
    Ok(Parts { init, agent: Node::Null, volumes: volumes_of_the_wiring(workload)?, config_maps })
}

fn volumes_of_the_wiring(workload: &Workload) -> Result<Vec<Node>, Unwritable> {
    let is_mounted =
        |volume: &&Volume| workload.wiring.mounts.iter().any(|mount| mount.volume == volume.name);
    workload.volumes.iter().filter(is_mounted).map(|volume| pod_volume(volume, &[])).collect()
}

/// What a Pod of the application needs, in Kubernetes' words. All keys are always there, so that an expression can rely on them.
pub fn wiring(workload: &Workload) -> Result<Node, Unwritable> {
    let Wiring { environment, filled_in, mounts, docker_labels, .. } = &workload.wiring;
    Ok(Node::from([
        ("env", container::variables(filled_in, environment).into()),
        ("labels", docker_labels.iter().map(|(name, value)| (name.clone(), plain(value))).collect()),
        ("volume_mounts", mounts.iter().map(container::volume_mount).collect::<Vec<_>>().into()),
        ("volumes", volumes_of_the_wiring(workload)?.into()),
    ]))
}

/// The mounts, variables and labels one by one.
pub(crate) use container::{variables, volume_mount};

/// A volume of the Pod that is an empty directory.
pub(crate) fn empty_directory(name: &str, size: Option<i64>, in_memory: bool) -> Node {
    let medium = in_memory.then(|| ("medium".to_owned(), Node::from("Memory")));
    let size = size.map(|size| ("sizeLimit".to_owned(), format!("{size}Mi").into()));
    let members: Node = medium.into_iter().chain(size).collect();
    Node::from([("name", name.into()), ("emptyDir", members)])
}

fn pod_volume(volume: &Volume, config_maps: &[(String, Node)]) -> Result<Node, Unwritable> {
    let name = || ("name", Node::from(volume.name.as_str()));
    Ok(match volume.kind {
        VolumeKind::Empty => empty_directory(&volume.name, volume.size, false),
        VolumeKind::Tmpfs => empty_directory(&volume.name, volume.size, true),
        VolumeKind::HostPath(path) => {
            let path = [("path", Node::from(path))].into_iter().chain(made_on_the_node(path));
            let path = path.map(|(key, node)| (key.to_owned(), node));
            Node::from([name(), ("hostPath", path.collect())])
        }
        VolumeKind::Configuration => {
            let map = config_maps.iter().find(|(of, _)| *of == volume.name);
            let called = map.map_or(&Node::Null, |(_, map)| map.get("metadata").get("name"));
            Node::from([name(), ("configMap", Node::from([("name", called.clone())]))])
        }
        kind @ VolumeKind::Named => {
            return Err(Unwritable::Volume { platform: NAME, name: volume.name.clone(), kind });
        }
    })
}

/// What says that a directory of the node is made where it is not there: nobody else makes that of the sockets.
fn made_on_the_node(path: &str) -> Option<(&'static str, Node)> {
    (path == SOCKETS).then(|| ("type", "DirectoryOrCreate".into()))
}

/// The ConfigMap of each volume that is kept as configuration.
fn config_maps(workload: &Workload, owner: &str) -> Vec<(String, Node)> {
    let kept = workload.volumes.iter().filter(|volume| volume.kind == VolumeKind::Configuration);
    kept.map(|volume| {
        let files = workload.files.iter().filter(|file| file.volume == volume.name);
        (volume.name.clone(), config_map(&volume.name, owner, files))
    })
    .collect()
}

/// A ConfigMap that is called after its owner and its content: another content is another ConfigMap, and with its name the Pod
/// changes, which nothing else would start anew.
fn config_map<'f>(volume: &str, owner: &str, files: impl Iterator<Item = &'f File>) -> Node {
    let data: Node = files.map(|file| (file.name.clone(), plain(&file.content))).collect();
    let name = match to_json(&data) {
        Ok(text) => {
            let owner: String = owner.chars().take(MOST_OF_AN_OWNER).collect();
            let owner = if owner.is_empty() { owner } else { format!("{owner}-") };
            format!("{owner}{volume}-{}", &ecs::digest(&text)[..DIGITS]).into()
        }
        Err(_) => Node::Unknown,
    };
    Node::from([
        ("apiVersion", "v1".into()),
        ("kind", "ConfigMap".into()),
        ("metadata", Node::from([("name", name)])),
        ("data", data),
    ])
}

fn plain(text: &Text) -> Node {
    match text {
        Text::Known(text) => text.as_str().into(),
        Text::Unknown => Node::Unknown,
    }
}
