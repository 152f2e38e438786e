//! Kubernetes in documents: which objects have a Pod in them, and where it is, read in one place.
//!
//! A document is one object, or an array of those that stand in one text; a `List` is an object with others in it. Sources: the
//! Kubernetes API 1.34 (kubernetes/api core, apps and batch, read 2026-11).

mod around;
mod change;
mod expansion;
mod workload;

#[cfg(test)]
mod tests;

pub use change::{container_of, rewritten};
pub use expansion::literal;
pub use workload::workloads;

use crate::document::yaml::{Remark, RemarkKind};
use crate::document::{Node, Path, Step};

/// A kind of object with a Pod in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// The group of its API; empty for the core.
    group: &'static str,
    /// The keys that lead to what has the Pod's `metadata` and `spec`.
    template: &'static [&'static str],
    /// Whether it ends when its containers have.
    pub ends: bool,
}

impl Kind {
    /// The version of the API that has it.
    pub fn version(&self) -> String {
        if self.group.is_empty() { "v1".to_owned() } else { format!("{}/v1", self.group) }
    }
}

/// Groups of the API that have or had kinds with a Pod in them, also one that is gone since 1.16.
const GROUPS: [&str; 4] = ["", "apps", "batch", "extensions"];

/// All kinds with a Pod in them.
const KINDS: [Kind; 9] = [
    Kind { name: "Pod", group: "", template: &[], ends: false },
    Kind { name: "PodTemplate", group: "", template: &["template"], ends: false },
    Kind { name: "ReplicationController", group: "", template: &["spec", "template"], ends: false },
    Kind { name: "Deployment", group: "apps", template: &["spec", "template"], ends: false },
    Kind { name: "ReplicaSet", group: "apps", template: &["spec", "template"], ends: false },
    Kind { name: "StatefulSet", group: "apps", template: &["spec", "template"], ends: false },
    Kind { name: "DaemonSet", group: "apps", template: &["spec", "template"], ends: false },
    Kind { name: "Job", group: "batch", template: &["spec", "template"], ends: true },
    Kind {
        name: "CronJob",
        group: "batch",
        template: &["spec", "jobTemplate", "spec", "template"],
        ends: true,
    },
];

/// A Pod of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Pod {
    /// What it is in.
    pub kind: Kind,
    /// Where the object is.
    pub object: Path,
    /// Where its `metadata` and `spec` are.
    pub template: Path,
}

impl Pod {
    /// The name of the object, where it has one.
    pub fn name<'d>(&self, document: &'d Node) -> Option<&'d str> {
        document.at(&self.object).get("metadata").get("name").as_str()
    }

    /// Where the specification of the Pod is.
    pub fn spec(&self) -> Path {
        self.template.clone().key("spec")
    }

    /// Whether its containers are for Windows, as far as it says.
    pub fn is_for_windows(&self, document: &Node) -> bool {
        let spec = document.at(&self.spec());
        let chosen =
            ["kubernetes.io/os", "beta.kubernetes.io/os"].map(|label| spec.get("nodeSelector").get(label));
        [spec.get("os").get("name"), chosen[0], chosen[1]].iter().any(|os| os.as_str() == Some("windows"))
    }
}

/// What a text says as Kubernetes reads it, where words such as `yes` and `off` without quotes are true and false.
pub fn with_switches(mut object: Node, remarks: &[Remark]) -> Node {
    for remark in remarks {
        // Of a key the place is its mapping.
        if let (RemarkKind::Switch(flag), Some(text @ Node::String(_))) =
            (&remark.kind, object.at_mut(&remark.path))
        {
            *text = (*flag).into();
        }
    }
    object
}

/// The objects of a document with their places.
pub fn objects(document: &Node) -> Vec<(Path, &Node)> {
    let mut objects = Vec::new();
    each_object(document, Path::default(), &mut objects);
    objects
}

fn each_object<'d>(node: &'d Node, at: Path, objects: &mut Vec<(Path, &'d Node)>) {
    match node {
        Node::Array(items) if !at.0.iter().any(|step| matches!(step, Step::Index(_))) => {
            for (index, item) in items.iter().enumerate() {
                each_object(item, at.clone().index(index), objects);
            }
        }
        // Of a list in a list nobody makes anything.
        node if is_list(node) && !at.0.iter().any(|step| matches!(step, Step::Key(_))) => {
            for (index, item) in node.get("items").items().iter().enumerate() {
                objects.push((at.clone().key("items").index(index), item));
            }
        }
        node => objects.push((at, node)),
    }
}

/// Whether an object is a list of others.
pub fn is_list(node: &Node) -> bool {
    let is_called_so = node.get("kind").as_str().is_some_and(|kind| kind.ends_with("List"));
    is_called_so && matches!(node.get("items"), Node::Array(_))
}

/// The kind of an object with a Pod in it; none for any other.
pub fn kind(object: &Node) -> Option<Kind> {
    let (name, version) = (object.get("kind").as_str()?, object.get("apiVersion").as_str()?);
    let group = version.split_once('/').map_or("", |(group, _)| group);
    KINDS.into_iter().find(|kind| kind.name == name && kind.group == group)
}

/// The kind of an object that has no Pod in it only because its `apiVersion` is missing or is that of another kind or of old times.
pub fn kind_of_another_version(object: &Node) -> Option<Kind> {
    let name = object.get("kind").as_str()?;
    let version = object.get("apiVersion");
    let group = version.as_str().and_then(|version| version.split_once('/')).map_or("", |(group, _)| group);
    let may_be_meant = version.is_null() || version.as_str().is_some() && GROUPS.contains(&group);
    let meant = KINDS.into_iter().find(|kind| kind.name == name);
    meant.filter(|_| may_be_meant && kind(object).is_none())
}

/// Whether it is a part of an object, as Kustomize puts it over the whole one: the API takes none of these kinds without a selector
/// (kubernetes/api apps/v1, required, read 2026-11).
pub fn is_part(object: &Node) -> bool {
    let is_known = matches!(object.get("spec"), Node::Object(_));
    is_known
        && kind(object).is_some_and(|kind| kind.group == "apps")
        && object.get("spec").get("selector").is_null()
}

/// The Pods of a document.
pub fn pods(document: &Node) -> Vec<Pod> {
    let pods = objects(document).into_iter().filter_map(|(at, object)| {
        let kind = kind(object)?;
        let template = kind.template.iter().fold(at.clone(), |path, key| path.key(key));
        Some(Pod { kind, object: at, template })
    });
    pods.collect()
}
