//! The user's own objects of Kubernetes, with the Agent in every Pod of them.
//!
//! [`join`] puts the containers and volumes of the Agent into each Pod, wires the other containers to it and makes their roots
//! read-only where that is asked for. What the user wrote stays as it is and where it is. What is there already is kept, and told
//! where the pattern says otherwise. To join what came out of it changes nothing.
//!
//! Does not judge the objects; that is the rules' business.

mod collision;
mod pod;
mod writable;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::Joining;
use crate::document::{Node, Path};
use crate::kubernetes::{self as objects, Pod};
use crate::render::Unwritable;
use crate::render::kubernetes::{self as words, Parts};
use crate::rofs::platform::{KubernetesKind, Platform};

pub use collision::{Collision, CollisionKind};
use pod::Draft;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The document.
    pub document: Node,
    /// What stands in the way. The document is not what was meant then.
    pub collisions: Vec<Collision>,
    /// What the user's objects say otherwise, and keep: sentences without values.
    pub kept: Vec<String>,
}

/// Puts the Agent into every Pod of the user's document. `beside`: the objects of an Agent that is beside the Pods and not in them;
/// none where it is put into each.
pub fn join(mut document: Node, joining: &Joining<'_>, beside: &[Node]) -> Result<Joined, Unwritable> {
    let (mut collisions, mut kept) = (Vec::new(), Vec::new());
    let missing = missing(&document, beside, &mut collisions);
    let mut pods = objects::pods(&document);
    pods.retain(|pod| !beside.contains(document.at(&pod.object)));
    let of_another_version = meant(&document);
    if pods.is_empty() {
        collisions.push(Collision::of_the_whole(CollisionKind::NoPod { meant: of_another_version }));
    } else {
        kept.extend(of_another_version.into_iter().map(|(called, version)| {
            format!("{called}: gets no Agent, because Kubernetes has its kind in apiVersion {version}")
        }));
    }
    let is_native = beside.is_empty() && has_native_sidecars(joining);
    let mut containers = BTreeSet::new();
    for pod in &pods {
        let called = called(&document, pod);
        if pod.is_for_windows(&document) {
            kept.push(format!("{called}: its Pod is for Windows, and the Agent's image is for Linux"));
            continue;
        }
        if beside.is_empty() && !label(&document, pod, INJECTS).is_null() {
            kept.push(format!(
                "{called}: has the label {INJECTS}, at which the admission controller of Datadog's Cluster Agent puts another Agent \
                 into the Pod"
            ));
        }
        let parts = match beside.is_empty() {
            true => words::parts(joining.workload, pod.name(&document).unwrap_or_default())?,
            false => words::parts_of_the_wiring(joining.workload)?,
        };
        let namespace = document.at(&pod.object).get("metadata").get("namespace").clone();
        let Some(template) = document.at_mut(&pod.template) else {
            let at = pod.template.clone();
            collisions.push(Collision { called, container: None, path: at, kind: CollisionKind::NotAPod });
            continue;
        };
        let mut draft = Draft::new(called, pod, template, &mut collisions, &mut kept);
        containers.extend(draft.join(joining, &parts, is_native));
        add_config_maps(&mut document, parts, &namespace, pod, &mut collisions);
    }
    missing.into_iter().for_each(|object| add_object(&mut document, object));
    names_that_nobody_has(joining, &containers, &mut collisions);
    Ok(Joined { document, collisions, kept })
}

/// The label of a Pod that the Cluster Agent's webhook `agentsidecar` looks for (datadog-agent, clusteragent/admission/mutate, read
/// 2026-11).
const INJECTS: &str = "agent.datadoghq.com/sidecar";

/// What a label of a Pod says.
fn label<'d>(document: &'d Node, pod: &Pod, name: &str) -> &'d Node {
    document.at(&pod.template).get("metadata").get("labels").get(name)
}

/// Whether an init container may go on running.
fn has_native_sidecars(joining: &Joining<'_>) -> bool {
    matches!(joining.settings.platform, Platform::Kubernetes(KubernetesKind { native_sidecars: true, .. }))
}

/// The objects that would have a Pod in another version of the API, with that.
fn meant(document: &Node) -> Vec<(String, String)> {
    let objects = objects::objects(document).into_iter();
    let meant = objects.filter_map(|(_, object)| {
        let kind = objects::kind_of_another_version(object)?;
        let name = object.get("metadata").get("name").as_str().unwrap_or_default();
        let called = format!("{} {}", kind.name, name.escape_debug());
        Some((called.trim_end().to_owned(), kind.version()))
    });
    meant.collect()
}

/// What a Pod is called in sentences: `Deployment shop`.
fn called(document: &Node, pod: &Pod) -> String {
    match pod.name(document) {
        Some(name) => format!("{} {}", pod.kind.name, name.escape_debug()),
        None => pod.kind.name.to_owned(),
    }
}

/// Puts the ConfigMaps behind what is there, in the namespace of the Pod.
fn add_config_maps(
    document: &mut Node,
    parts: Parts,
    namespace: &Node,
    pod: &Pod,
    collisions: &mut Vec<Collision>,
) {
    for mut map in parts.config_maps {
        if let (Some(Node::Object(metadata)), false) =
            (map.at_mut(&Path::default().key("metadata")), namespace.is_null())
        {
            metadata.insert("namespace".to_owned(), namespace.clone());
        }
        match namesake(document, &map) {
            Some((_, there)) if there.get("data") == map.get("data") => {}
            Some((path, _)) => collisions.push(Collision {
                called: pod.kind.name.to_owned(),
                container: None,
                path,
                kind: CollisionKind::ConfigMapName,
            }),
            None => add_object(document, map),
        }
    }
}

/// The object of the same kind and name, with its place.
fn namesake<'d>(document: &'d Node, wanted: &Node) -> Option<(Path, &'d Node)> {
    let is_namesake = |object: &Node| {
        let (own, other) = (object.get("metadata"), wanted.get("metadata"));
        ["apiVersion", "kind"].iter().all(|key| object.get(key) == wanted.get(key))
            && ["name", "namespace"].iter().all(|key| own.get(key) == other.get(key))
    };
    objects::objects(document).into_iter().find(|(_, object)| is_namesake(object))
}

/// The objects of the Agent that are not in the document.
fn missing(document: &Node, beside: &[Node], collisions: &mut Vec<Collision>) -> Vec<Node> {
    let mut missing = Vec::new();
    for object in beside {
        match namesake(document, object) {
            None => missing.push(object.clone()),
            Some((_, there)) if there == object => {}
            Some((path, there)) => {
                let text = |node: &Node| node.as_str().unwrap_or_default().escape_debug().to_string();
                let called =
                    format!("{} {}", text(there.get("kind")), text(there.get("metadata").get("name")));
                collisions.push(Collision { called, container: None, path, kind: CollisionKind::ObjectName });
            }
        }
    }
    missing
}

/// One more object: at the end of a list, or of the documents of a text.
fn add_object(document: &mut Node, object: Node) {
    if objects::is_list(document)
        && let Some(Node::Array(items)) = document.at_mut(&Path::default().key("items"))
    {
        items.push(object);
        return;
    }
    match document {
        Node::Array(items) => items.push(object),
        single => *single = Node::Array(vec![std::mem::take(single), object]),
    }
}

fn names_that_nobody_has(
    joining: &Joining<'_>,
    containers: &BTreeSet<String>,
    collisions: &mut Vec<Collision>,
) {
    for name in joining.writable_paths.keys().filter(|name| !containers.contains(*name)) {
        collisions.push(Collision {
            container: Some(name.clone()),
            ..Collision::of_the_whole(CollisionKind::NoSuchContainer {
                known: containers.iter().cloned().collect(),
            })
        });
    }
}
