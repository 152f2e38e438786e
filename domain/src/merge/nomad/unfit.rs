//! Groups that the Agent cannot be added to: Nomad would refuse the job, or the Agent could do nothing there.
//!
//! Sources: `validateUpdate`, `Task.Validate` and `LogConfig.Validate` in nomad/structs/structs.go and `DefaultUpdateStrategy` of
//! hashicorp/nomad (aa026cc, 2026-08), read and tried with its own validation 2026-11.

use super::collision::CollisionKind;
use crate::document::{Node, Path};
use crate::nomad::{Form, Part, is_for_windows, nanoseconds_of};

/// MiB that the logs of a task may have where it does not say so: ten files of ten each.
const LOGS: i64 = 100;

/// Nanoseconds that a deployment may take until the next task is healthy, where nobody says so.
const DEADLINE: i64 = 600 * SECOND;

const SECOND: i64 = 1_000_000_000;

/// Why a group is unfit, with the place of what says so. `stop_timeout`: the seconds that the Agent has to end.
pub(super) fn unfit(
    job: &Part<'_>,
    group: &Part<'_>,
    stop_timeout: Option<i64>,
) -> Vec<(Path, CollisionKind)> {
    let name = || group.name.clone();
    let mut found = Vec::new();
    if is_for_windows(&[job]) || is_for_windows(&[group]) {
        found.push((group.place.clone(), CollisionKind::ForWindows { group: name() }));
    }
    let (network, place) = group.block("network");
    if said(group.form(), network, "mode", "Mode").as_str() == Some("none") {
        found.push((place, CollisionKind::NoNetwork { group: name() }));
    }
    let (disk, place) = under(group, "ephemeral_disk", "EphemeralDisk");
    let size = said(group.form(), disk, "size", "SizeMB");
    // HCL takes a number that is written as a text.
    let size = size.as_i64().or_else(|| size.as_str().and_then(|size| size.parse().ok()));
    if let Some(size) = size.filter(|size| *size <= LOGS) {
        found.push((place, CollisionKind::DiskForLogs { group: name(), size, least: LOGS + 1 }));
    }
    let is_service = matches!(job.get("type"), Node::Null) || job.get("type").as_str() == Some("service");
    if let (Some(seconds), true, Some((place, deadline))) = (stop_timeout, is_service, deadline(job, group))
        && deadline > 0
        && seconds.saturating_mul(SECOND) > deadline
    {
        found.push((place, CollisionKind::Deadline { group: name(), seconds, deadline: deadline / SECOND }));
    }
    found
}

/// The deadline of the group's deployments; none while it is not known.
fn deadline(job: &Part<'_>, group: &Part<'_>) -> Option<(Path, i64)> {
    for part in [group, job] {
        let (update, place) = under(part, "update", "Update");
        let deadline = said(part.form(), update, "progress_deadline", "ProgressDeadline");
        if update.is_unknown() || deadline.is_unknown() {
            return None;
        }
        if !deadline.is_null() {
            return Some((place, nanoseconds_of(deadline)?));
        }
    }
    Some((group.place.clone(), DEADLINE))
}

/// The block of a part, by its name in either form.
fn under<'n>(part: &Part<'n>, hcl: &str, api: &str) -> (&'n Node, Path) {
    match part.form() {
        Form::Hcl => part.block(hcl),
        Form::Api => (part.node.get(api), part.place.clone().key(api)),
    }
}

fn said<'n>(form: Form, block: &'n Node, hcl: &str, api: &str) -> &'n Node {
    block.get(if form == Form::Hcl { hcl } else { api })
}
