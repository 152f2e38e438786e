//! Manifests of Kubernetes.

use super::yaml::Yaml;
use super::{Dialect, Read};
use crate::document::{Change, Node, Origins, Path, Step, yaml};
use crate::kubernetes;
use crate::rules::fix::{Edit, Form};

/// The dialect.
pub(super) struct Kubernetes;

/// The keys of a container that come first in lines to write.
const FIRST: [&str; 4] = ["name", "image", "command", "args"];

impl Dialect for Kubernetes {
    fn workloads(&self, manifest: &Node) -> Vec<(Node, Origins)> {
        kubernetes::workloads(manifest)
    }

    fn rewritten(&self, read: &Read<'_>, path: &Path, value: Option<&Node>) -> Option<Vec<Change>> {
        kubernetes::rewritten(read.document, read.tree, read.origins, path, value)
    }

    fn form(&self, _: &Node) -> &'static dyn Form {
        &Yaml { whole: item }
    }

    fn summary(&self, rule: &str) -> Option<&'static str> {
        Some(match rule {
            "mount-without-volume" => "A container mounts a volume that the Pod does not have",
            "two-agents" => "Two Datadog Agents run in one Pod",
            _ => return None,
        })
    }

    fn advice(&self, rule: &str) -> Option<&'static str> {
        // The order of containers is that of their lists, and a change of it is no line.
        (rule == "init-container-not-awaited").then_some(
            "Put the container that fills the volume into `initContainers`, before the Agent and without `restartPolicy`: what comes \
             after it starts when it has succeeded.",
        )
    }
}

/// A whole container, which takes several lines.
fn item(edit: &Edit) -> Option<String> {
    match (edit.path.0.as_slice(), &edit.value) {
        ([.., Step::Key(list), Step::Index(_)], Some(container)) if list == "initContainers" => {
            let lines = Node::from([(list.as_str(), vec![container.clone()].into())]);
            let lines = yaml::write(&lines, &FIRST).ok()?;
            let lines: Vec<String> = lines.lines().map(|line| format!("    {line}")).collect();
            Some(format!("add an init container:\n\n{}", lines.join("\n")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
