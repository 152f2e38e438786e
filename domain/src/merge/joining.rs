//! What is to be done with a document of another platform than ECS.

use std::collections::BTreeMap;

use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;

/// What is to be done. What a platform calls a container is one here.
#[derive(Debug, Clone)]
pub struct Joining<'a> {
    /// The Agent.
    pub settings: &'a Settings,
    /// What the settings come to.
    pub workload: &'a Workload,
    /// Whether the other containers are wired to it.
    pub wire: bool,
    /// Whether each container that does not say otherwise gets a read-only root.
    pub read_only: bool,
    /// The paths that containers have to write to, by the container's name.
    pub writable_paths: BTreeMap<String, Vec<String>>,
    /// MiB that each of them may hold, in memory.
    pub tmpfs_size: Option<i64>,
}
