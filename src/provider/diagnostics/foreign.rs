//! Revisions of a family that somebody else registered, and what is kept of them.

use crate::diagnostics::Diagnostic;
use crate::document::Node;
use crate::ecs::{ContainerKeys, Difference};
use crate::ecs_client::Revision;
use crate::rules::Form as _;

use super::super::hcl::Hcl;
use super::MOST;

const NEWER: &str = "A newer revision was registered outside Terraform";

/// A newer revision that the resource did not register.
pub(in crate::provider) fn foreign_revision(
    newest: &Revision,
    of_state: i64,
    changes: &[Difference],
) -> Diagnostic {
    let compared = format!("Compared with revision {of_state}, the one in the state:");
    Diagnostic::warning(
        NEWER,
        format!(
            "{}\n\n{}\n\nThe next revision that Terraform registers holds what the configuration says. {}",
            who(newest),
            listed(&compared, changes),
            ways(changes)
        ),
    )
}

/// The same where it would stop a registration.
pub(in crate::provider) fn foreign_revision_stops_the_next(mut warning: Diagnostic) -> Diagnostic {
    warning.detail.push_str(
        "\n\nThis stops the next registration, because on_foreign_revision is \"error\". It is a warning now, because nothing is to be registered.",
    );
    warning
}

/// A newer revision that the resource did not register, where something is to be registered over it. `compared` is the revision of
/// the state; without it the revision is the state's own, and is compared with what is to be registered.
pub(in crate::provider) fn foreign_revision_stops(
    newest: &Revision,
    compared: Option<i64>,
    changes: &[Difference],
) -> Diagnostic {
    let compared = match compared {
        Some(revision) => format!("Compared with revision {revision}, the one in the state:"),
        None => "Compared with what the configuration says:".to_owned(),
    };
    Diagnostic::error(
        NEWER,
        format!(
            "{}\n\n{}\n\nNothing is registered over it, because on_foreign_revision is \"error\". Bring what is meant to stay into the \
             configuration, and write on_foreign_revision = \"warn\" for the apply that registers over it, or deregister it:\n\n  aws \
             ecs deregister-task-definition --task-definition {}",
            who(newest),
            listed(&compared, changes),
            newest.arn.as_str()
        ),
    )
}

/// A revision that was registered between a plan and its apply, over which the plan was carried out.
pub(in crate::provider) fn foreign_since_the_plan(newest: &Revision, changes: &[Difference]) -> Diagnostic {
    Diagnostic::warning(
        "A revision was registered outside Terraform since the plan",
        format!(
            "{} The plan did not know it, and what was planned is registered over it.\n\n{}\n\nIf what is taken back is meant to stay, \
             run the pipeline that registered it again, or plan and apply once more after its revision.",
            who(newest),
            listed("What was registered changes it so:", changes)
        ),
    )
}

/// The same where it stops what was planned.
pub(in crate::provider) fn foreign_since_the_plan_stops(
    newest: &Revision,
    changes: &[Difference],
) -> Diagnostic {
    Diagnostic::error(
        "A revision was registered outside Terraform since the plan",
        format!(
            "{} The plan did not know it. Nothing was registered over it, because on_foreign_revision is \"error\".\n\n{}\n\nPlan again \
             to see what stands now.",
            who(newest),
            listed("What was planned would change it so:", changes)
        ),
    )
}

/// The revision that holds what is to be kept cannot be read.
pub(in crate::provider) fn kept_values_not_read(revision: i64) -> Diagnostic {
    Diagnostic::error(
        "What is registered could not be read",
        format!(
            "ignore_container_changes keeps keys of containers as they are registered, and revision {revision} of the state could \
             not be read. Nothing is planned, because that would take back what a pipeline deployed. The credentials need \
             ecs:DescribeTaskDefinition."
        ),
    )
}

/// A container that is not among those of the configuration.
pub(in crate::provider) fn ignored_container_unknown(
    container: &str,
    meant: Option<&str>,
    containers: &[&str],
    keys: &[&str],
) -> Diagnostic {
    let all: Vec<String> = containers.iter().map(|name| format!("\"{name}\"")).collect();
    let way = match meant.filter(|_| !keys.is_empty()) {
        Some(meant) => write_entry(meant, keys),
        None => "Write the name of one of them, or remove the entry.".to_owned(),
    };
    Diagnostic::error(
        "Changes ignored of a container that is not there",
        format!(
            "ignore_container_changes names the container \"{container}\", and the containers of this task are {}. {way}",
            all.join(", ")
        ),
    )
}

/// A container that the Agent's settings make.
pub(in crate::provider) fn ignored_sidecar(container: &str) -> Diagnostic {
    Diagnostic::error(
        "Changes ignored of a container of the agent block",
        format!(
            "ignore_container_changes names \"{container}\", which the agent block adds: it always is what that block says. To have \
             another image, write image in the agent block, and remove \"{container}\" from ignore_container_changes."
        ),
    )
}

/// A key that no container definition has.
pub(in crate::provider) fn ignored_key_unknown(container: &str, key: &str, mended: &[&str]) -> Diagnostic {
    let way = match mended {
        [] => "Write a key of container_definitions, such as image, or remove it.".to_owned(),
        keys => write_entry(container, keys),
    };
    Diagnostic::error(
        "Changes ignored of a key that is not there",
        format!(
            "ignore_container_changes names \"{key}\" of \"{container}\", and container definitions have no such key. {way}"
        ),
    )
}

/// The name of a container, which is what it is found by.
pub(in crate::provider) fn ignored_name(container: &str, mended: &[&str]) -> Diagnostic {
    let way = match mended {
        [] => format!("Remove \"{container}\" from ignore_container_changes."),
        keys => write_entry(container, keys),
    };
    Diagnostic::error(
        "Changes ignored of the name of a container",
        format!(
            "ignore_container_changes names \"name\" of \"{container}\". A container is found by its name, so nobody else can change \
             it. {way}"
        ),
    )
}

/// The argument with this entry.
fn write_entry(container: &str, keys: &[&str]) -> String {
    format!("Write:\n\n  {}", argument([(container, keys.to_vec())]))
}

fn argument<'a>(entries: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>) -> String {
    let entries = entries.into_iter().map(|(container, keys)| (container.to_owned(), Node::from(keys)));
    Hcl.member("ignore_container_changes", &entries.collect())
}

/// Who registered a revision, and when.
fn who(revision: &Revision) -> String {
    let by = revision.registered_by().map(|by| format!(" by {by}")).unwrap_or_default();
    let at = revision.registered_at().map(|at| format!(" at {at}")).unwrap_or_default();
    format!("{} was registered{by}{at}, and is the newest of its family.", revision.arn.as_str())
}

/// Differences, one a line.
fn listed(head: &str, changes: &[Difference]) -> String {
    if changes.is_empty() {
        return format!("{head} the content is the same.");
    }
    let mut lines: Vec<String> = changes.iter().take(MOST).map(|change| format!("  {change}")).collect();
    if changes.len() > MOST {
        lines.push(format!("  and {} more", changes.len() - MOST));
    }
    format!("{head}\n\n{}", lines.join("\n"))
}

/// What can be written so that a revision like this one is no surprise.
fn ways(changes: &[Difference]) -> String {
    let quiet = "To hear nothing of such revisions, write on_foreign_revision = \"ignore\".";
    match ContainerKeys::of(changes) {
        Some(keys) => {
            let mut entries: std::collections::BTreeMap<&str, Vec<&str>> = std::collections::BTreeMap::new();
            keys.iter().for_each(|(container, key)| entries.entry(container).or_default().push(key));
            format!("To keep what differs here, write:\n\n  {}\n\n{quiet}", argument(entries))
        }
        None => format!("If the changes are meant to stay, bring them into the configuration. {quiet}"),
    }
}
