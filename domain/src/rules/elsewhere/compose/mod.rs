//! Compose files.

use super::yaml::Yaml;
use super::{Dialect, Read};
use crate::compose;
use crate::document::{Change, Node, Origins, Path, Step, yaml};
use crate::rules::fix::{Edit, Form};

/// The dialect.
pub(super) struct Compose;

/// The keys of a service that come first in a line to write.
const FIRST: [&str; 3] = ["image", "user", "read_only"];

impl Dialect for Compose {
    fn workloads(&self, file: &Node) -> Vec<(Node, Origins)> {
        vec![compose::workload(file)]
    }

    fn rewritten(&self, read: &Read<'_>, path: &Path, value: Option<&Node>) -> Option<Vec<Change>> {
        compose::rewritten(read.document, read.tree, read.origins, path, value)
    }

    fn form(&self, _: &Node) -> &'static dyn Form {
        &Yaml { whole: service }
    }

    fn summary(&self, rule: &str) -> Option<&'static str> {
        Some(match rule {
            "agent-volume-shared" => "A service can write to a volume of the Agent",
            "dependency-cycle" => "Services wait for each other",
            "dependency-target-missing" => "A service waits for one that does not exist",
            "init-container-cannot-write" => {
                "The init service's user cannot write to the volume that it fills"
            }
            "init-container-copies-nothing" => {
                "The init service does not fill the Agent's configuration volume"
            }
            "init-container-not-awaited" => "The Agent does not wait for its init service",
            "init-container-version-differs" => "The init service has another version than the Agent",
            "root-filesystem-writable" => "A service has a writable root filesystem",
            "mount-without-volume" => "A service mounts a volume that the file does not have",
            "two-agents" => "Two Datadog Agents run in one project",
            _ => return None,
        })
    }
}

/// A whole service, which takes several lines.
fn service(edit: &Edit) -> Option<String> {
    match (edit.path.0.as_slice(), &edit.value) {
        ([Step::Key(services), Step::Key(name)], Some(service)) if services == "services" => {
            let service = Node::from([(name.as_str(), service.clone())]);
            let lines = yaml::write(&Node::from([("services", service)]), &FIRST).ok()?;
            let lines: Vec<String> = lines.lines().map(|line| format!("    {line}")).collect();
            Some(format!("add a service:\n\n{}", lines.join("\n")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
