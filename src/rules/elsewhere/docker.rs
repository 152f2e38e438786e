//! Containers of Docker alone, as the arguments of Terraform's resources.

use super::{Dialect, Read};
use crate::docker;
use crate::document::{Change, Node, Origins, Path};
use crate::rules::fix::Form;

/// The dialect.
pub(super) struct Docker;

impl Dialect for Docker {
    fn workloads(&self, document: &Node) -> Vec<(Node, Origins)> {
        vec![docker::workload(document)]
    }

    fn rewritten(&self, read: &Read<'_>, path: &Path, value: Option<&Node>) -> Option<Vec<Change>> {
        docker::rewritten(read.document, read.tree, read.origins, path, value)
    }

    fn form(&self) -> &'static dyn Form {
        &crate::rules::Json
    }

    fn summary(&self, rule: &str) -> Option<&'static str> {
        (rule == "two-agents").then_some("Two Datadog Agents run on one machine")
    }
}
