//! Whether somebody fills the Agent's configuration volume already.

use super::draft::Draft;
use super::mounted::{Mounted, mounted_at};
use super::volumes::is_plain;
use crate::document::Node;
use crate::rofs::writable_path::CONFIG;

/// Whether nobody fills the Agent's configuration volume yet; none while that cannot be told.
pub(super) fn needs_seeding(draft: &Draft<'_>, index: usize) -> Option<bool> {
    let agent = &draft.items[index].definition;
    let volume = match mounted_at(agent, draft.definitions(), CONFIG) {
        Mounted::Nothing => return Some(true),
        Mounted::Undecided => return None,
        Mounted::Tmpfs { .. } | Mounted::Volume { name: None, .. } => return Some(false),
        Mounted::Volume { name: Some(name), .. } => name,
    };
    if let Some(known) = draft.volumes.users(&volume)
        && !is_plain(known)?
    {
        // It has content of its own, which is the user's to keep.
        return Some(false);
    }
    Some(!declares_the_check(agent)? && !is_seeded(draft, agent, &volume)?)
}

/// The other way to the check that an empty directory lacks: Autodiscovery by Docker labels (datadog-agent issue 15127,
/// read 2026-11).
fn declares_the_check(agent: &Node) -> Option<bool> {
    let labels = agent.get("dockerLabels");
    if labels.is_unknown() {
        return None;
    }
    let declared = ["com.datadoghq.ad.check_names", "com.datadoghq.ad.checks"];
    let mut declared = declared.iter().map(|label| labels.get(label));
    Some(declared.any(|checks| checks.as_str().is_some_and(|checks| checks.contains("ecs_fargate"))))
}

/// Whether a container that the Agent waits for writes to the volume.
fn is_seeded(draft: &Draft<'_>, agent: &Node, volume: &str) -> Option<bool> {
    let dependencies = agent.get("dependsOn");
    if !dependencies.is_wholly_known() {
        return None;
    }
    let awaited = dependencies
        .items()
        .iter()
        .filter(|dependency| matches!(dependency.get("condition").as_str(), Some("SUCCESS" | "COMPLETE")));
    for name in awaited.filter_map(|dependency| dependency.get("containerName").as_str()) {
        let Some(item) = draft.items.iter().find(|item| item.name() == Some(name)) else { continue };
        let mounts = item.definition.get("mountPoints");
        let writes = |mount: &&Node| {
            mount.get("sourceVolume").as_str() == Some(volume)
                && mount.get("readOnly").as_bool() != Some(true)
        };
        if mounts.items().iter().any(|mount| writes(&mount)) {
            return Some(true);
        }
        if !mounts.is_wholly_known() {
            return None;
        }
    }
    Some(false)
}
