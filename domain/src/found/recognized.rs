//! What a value is, told by what it says: nobody has to name files in a certain way.

use crate::document::{Node, Object};
use crate::ecs::shapes::container_definition;
use crate::kubernetes;
use crate::task::DocumentKind;

use super::cloud_formation::{self, Resource};

/// What a value was recognised as.
pub(super) enum What {
    Document(DocumentKind, Option<String>),
    /// A template with these task definitions.
    Template(Vec<Resource>),
    /// An object of Kubernetes without a Pod.
    Object,
    /// Terraform's own file of a state, which is not what `terraform show -json` prints.
    State,
    Unknown,
}

pub(super) fn what(node: &Node) -> What {
    match node {
        Node::Array(items) if are_containers(items) => What::Document(DocumentKind::TaskDefinition, None),
        Node::Object(_) if cloud_formation::is_template(node) => {
            What::Template(cloud_formation::task_definitions(node))
        }
        Node::Object(members) if is_task_definition(members) => {
            What::Document(DocumentKind::TaskDefinition, None)
        }
        Node::Object(members) if is_state(members) => What::State,
        Node::Object(_) if !kubernetes::pods(node).is_empty() => {
            What::Document(DocumentKind::Kubernetes, object_name(node))
        }
        Node::Object(_) if is_compose(node) => What::Document(DocumentKind::Compose, None),
        Node::Object(_) if is_object(node) => What::Object,
        _ => What::Unknown,
    }
}

/// A task definition holds a list of containers, in itself, in `taskDefinition` or in `Properties`.
fn is_task_definition(members: &Object) -> bool {
    let has = |members: &Object| {
        ["containerDefinitions", "ContainerDefinitions"]
            .iter()
            .any(|key| members.get(*key).is_some_and(|list| matches!(list, Node::Array(_) | Node::Object(_))))
    };
    let inside = |key: &str| matches!(members.get(key), Some(Node::Object(inner)) if has(inner));
    has(members) || inside("taskDefinition") || inside("Properties")
}

/// Keys of container definitions that lists of other things have as well.
const EVERYBODYS: [&str; 7] = ["name", "image", "links", "user", "version", "command", "environment"];

/// A list of container definitions: objects with a name and an image, most of whose keys such a definition has, one of them of
/// its own.
fn are_containers(items: &[Node]) -> bool {
    let known =
        |key: &str| container_definition().members.iter().any(|member| member.key.eq_ignore_ascii_case(key));
    let mut own = 0;
    let is_container = |item: &Node| {
        let Node::Object(members) = item else { return false };
        let is_text = |keys: [&str; 2]| keys.iter().any(|key| !item.get(key).is_null());
        let (all, ours) = (members.len(), members.keys().filter(|key| known(key)).count());
        own += members
            .keys()
            .filter(|key| known(key) && !EVERYBODYS.contains(&key.to_ascii_lowercase().as_str()))
            .count();
        is_text(["name", "Name"]) && is_text(["image", "Image"]) && 2 * ours >= all
    };
    !items.is_empty() && items.iter().all(is_container) && own > 0
}

fn is_state(members: &Object) -> bool {
    ["lineage", "serial", "terraform_version"].iter().all(|key| members.contains_key(*key))
}

/// Whether this is an object of Kubernetes.
pub(super) fn is_object(node: &Node) -> bool {
    ["apiVersion", "kind"].iter().all(|key| node.get(key).as_str().is_some())
}

/// Whether this is a Compose file: services, each with an image or a way to one.
pub(super) fn is_compose(node: &Node) -> bool {
    let Node::Object(services) = node.get("services") else { return false };
    let is_service =
        |service: &Node| ["image", "build", "extends"].iter().any(|key| !service.get(key).is_null());
    node.get("apiVersion").is_null() && !services.is_empty() && services.values().any(is_service)
}

/// Kind and name of an object, or that of the first one of a list.
fn object_name(node: &Node) -> Option<String> {
    let pod = kubernetes::pods(node).into_iter().next()?;
    Some(format!("{}/{}", pod.kind.name, pod.name(node)?))
}

/// Whether a text looks like a job of Nomad, in HCL or in the JSON of its API.
pub fn is_job_of_nomad(text: &str) -> bool {
    let is_block = |line: &str| {
        let behind = line.trim_start_matches('\u{feff}').trim_start().strip_prefix("job").unwrap_or_default();
        behind.starts_with(char::is_whitespace) && behind.contains('"') && behind.contains('{')
    };
    text.contains("\"TaskGroups\"") || text.lines().any(is_block)
}

/// Words of which a text has one that holds a task definition, or a template or a plan with one.
const OF_ECS: [&str; 5] = [
    "ontainerDefinitions",
    "container_definitions",
    "AWS::ECS::TaskDefinition",
    "ecs_task_definition",
    "ssential",
];

/// Whether a text of YAML says nothing: it has no more than comments.
pub fn is_empty(text: &str) -> bool {
    let is_nothing = |line: &str| line.is_empty() || line.starts_with('#') || line == "---";
    text.trim_start_matches('\u{feff}').lines().all(|line| is_nothing(line.trim()))
}

/// Whether a text may hold a document, so that reading it is worth while: a folder is full of others. `is_ecs` asks whether a
/// text that cannot be read is somebody's task definition.
pub fn mentions(text: &str, is_ecs: bool) -> bool {
    let has = |word: &&str| text.contains(*word);
    let is_of_ecs = OF_ECS.iter().any(has);
    if is_ecs {
        return is_of_ecs;
    }
    let is_list = text.contains("\"image\"") || text.contains("\"Image\"");
    let is_compose = text.contains("services") && ["image", "build", "extends"].iter().any(has);
    let is_manifest = text.contains("apiVersion") && text.contains("kind");
    is_of_ecs || is_list || is_compose || is_manifest
}
