//! A rollout: what is wrong with it, what it will move, and how it ended.

use crate::diagnostics::Diagnostic;
use crate::value::AttributePath;

/// The most services that a diagnostic lists.
const MOST_LISTED: usize = 20;

/// Services, each with what is to be said of it, as lines.
fn lines(services: &[(String, String)]) -> String {
    let mut lines: Vec<String> =
        services.iter().take(MOST_LISTED).map(|(key, why)| format!("  {key}: {why}")).collect();
    if services.len() > MOST_LISTED {
        lines.push(format!("  and {} more, which are in `outcomes`", services.len() - MOST_LISTED));
    }
    lines.join("\n")
}

/// A time that is none.
pub(in crate::provider) fn not_a_bake_time(written: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a time",
        format!(
            "bake_time is \"{written}\". Write a number with a unit, as in `90s`, `10m` or `1h30m`:\n\n  bake_time = \"10m\""
        ),
    )
    .at(at)
}

/// Services that are not there at plan.
pub(in crate::provider) fn services_not_there_yet(services: &[(String, String)]) -> Diagnostic {
    Diagnostic::warning(
        "Services that do not exist yet",
        format!(
            "ECS does not know these services:\n\n{}\n\nIf the same apply creates them, nothing is wrong. If they are still \
             missing when the rollout begins, it moves nothing and fails.",
            lines(services)
        ),
    )
    .at(AttributePath::root("services"))
}

/// Services that cannot be moved, or not to what they are to be moved to.
pub(in crate::provider) fn services_cannot_be_moved(services: &[(String, String)]) -> Diagnostic {
    Diagnostic::error(
        "Services that cannot be moved",
        format!(
            "The rollout cannot move these services, and moves none of the others while they are among them:\n\n{}\n\nLeave \
             them out of `services`, or change what is in the way.",
            lines(services)
        ),
    )
    .at(AttributePath::root("services"))
}

/// Services that would go back to an older revision.
pub(in crate::provider) fn services_to_older_revisions(services: &[(String, String)]) -> Diagnostic {
    Diagnostic::warning(
        "Services that move to an older revision",
        format!(
            "These services run a newer revision of the family than the one in `services`:\n\n{}\n\nIf somebody deployed it on \
             purpose, put its ARN into `services`.",
            lines(services)
        ),
    )
    .at(AttributePath::root("services"))
}

/// The services could not be looked at in a plan.
pub(in crate::provider) fn services_not_looked_at(why: &str) -> Diagnostic {
    Diagnostic::warning(
        "The services were not looked at",
        format!(
            "The plan does not say what moves from where: {why} The apply looks before it moves anything."
        ),
    )
}

/// Nothing was moved, because of these.
pub(in crate::provider) fn nothing_was_moved(services: &[(String, String)]) -> Diagnostic {
    Diagnostic::error(
        "Nothing was moved",
        format!(
            "Before anything moves, every service is looked at. These stand in the way:\n\n{}\n\nLeave them out of `services`, \
             or change what is in the way, and apply again.",
            lines(services)
        ),
    )
    .at(AttributePath::root("services"))
}

/// More failed than is tolerated.
pub(in crate::provider) fn rollout_failed(
    wave: usize,
    summary: &str,
    failed: &[(String, String)],
) -> Diagnostic {
    Diagnostic::error(
        "The rollout stopped",
        format!(
            "More services failed in wave {wave} than `max_failures` tolerates. {summary}\n\n{}\n\nEach service is in \
             `outcomes`. The next apply goes on with those that are not done.",
            lines(failed)
        ),
    )
}

/// Some services are not where they should be, and the rollout went on.
pub(in crate::provider) fn not_everybody_moved(summary: &str, services: &[(String, String)]) -> Diagnostic {
    Diagnostic::warning(
        "Not every service was moved",
        format!("{summary}\n\n{}\n\nThe next apply tries those again.", lines(services)),
    )
}

/// The rollout was ended before it was over.
pub(in crate::provider) fn rollout_ended(is_stop: bool, time: &str, summary: &str) -> Diagnostic {
    let why = match is_stop {
        true => "Terraform asked the provider to stop.".to_owned(),
        false => format!("its time was over, which is {time}. `timeouts` gives it more."),
    };
    Diagnostic::error(
        "The rollout is not over",
        format!(
            "While moving services: {why} {summary}\n\nDeployments that were started go on at ECS. Apply again to go on: what \
             is done stays done, and what is on its way is waited for."
        ),
    )
}

/// An import id that names no cluster.
pub(in crate::provider) fn not_a_rollout_id(id: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid import id",
        format!(
            "\"{id}\" names no cluster. Write the name of one:\n\n  terraform import ddrofs_ecs_rollout.prod prod"
        ),
    )
}
