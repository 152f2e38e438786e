//! A registered task definition: planned, registered, imported, moved and destroyed.

use crate::diagnostics::Diagnostic;
use crate::value::AttributePath;

/// An error in the plan of a registration. Terraform plans a resource before it plans to destroy it, and nothing tells the
/// provider of the difference, so the way around is said here.
pub(in crate::provider) fn stops_the_registration(mut diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.severity == crate::diagnostics::Severity::Error {
        diagnostic.detail.push_str(
            "\n\nThis stops the registration. A destroy is planned like one first: if you want to destroy, run destroy with \
             -refresh=false.",
        );
    }
    diagnostic
}

/// What would be an error, where nothing is registered.
pub(in crate::provider) fn stops_the_next_registration(mut diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.severity == crate::diagnostics::Severity::Error {
        diagnostic.severity = crate::diagnostics::Severity::Warning;
        diagnostic.detail.push_str(
            "\n\nThis stops the next registration. It is a warning now, because the content is what was registered already.",
        );
    }
    diagnostic
}

/// ECS answered without the ARN of a revision.
pub(in crate::provider) fn answer_without_arn(family: &str) -> Diagnostic {
    Diagnostic::error(
        "Unexpected answer from ECS",
        format!(
            "The answer about {family} has no taskDefinitionArn that names a revision. If an endpoint other than AWS's own is configured, check what it answers."
        ),
    )
}

/// ECS answered with a revision that has no container definitions.
pub(in crate::provider) fn answer_without_containers(arn: &str) -> Diagnostic {
    Diagnostic::error(
        "Unexpected answer from ECS",
        format!(
            "The answer about {arn} holds no container definitions. If an endpoint other than AWS's own is configured, \
             check what it answers."
        ),
    )
}

/// Both ways of saying what a destruction does are written, and they disagree.
pub(in crate::provider) fn destroy_settings_disagree() -> Diagnostic {
    Diagnostic::error(
        "Contradicting settings for destruction",
        "skip_destroy and deregister_on_destroy are the same setting the other way round, and they disagree: one keeps \
         the revision active when the resource is destroyed, the other deregisters it. Remove one of them.",
    )
    .at(AttributePath::root("deregister_on_destroy"))
}

/// Something is unknown where everything has to be known.
pub(in crate::provider) fn not_wholly_known(family: &str) -> Diagnostic {
    Diagnostic::error(
        "Task definition is not wholly known",
        format!(
            "A part of {family} is still unknown while it is to be registered. This is a bug in the provider; please report it. Nothing was registered."
        ),
    )
}

/// What would be registered is not what was planned.
pub(in crate::provider) fn not_as_planned(family: &str) -> Diagnostic {
    Diagnostic::error(
        "Task definition is not the planned one",
        format!(
            "What would be registered for {family} differs from what was planned. This is a bug in the provider; please \
             report it. Nothing was registered."
        ),
    )
}

/// An import id in none of the known forms.
pub(in crate::provider) fn not_an_import_id(id: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid import id",
        format!(
            "\"{id}\" names no task definition. Write the ARN of a revision, family:revision, or the family alone for \
             its newest active revision:\n\n  terraform import ddrofs_ecs_task_definition.orders orders:17"
        ),
    )
}

/// A `moved` block from a resource type that cannot be taken over.
pub(in crate::provider) fn cannot_move(type_name: &str, provider: &str) -> Diagnostic {
    Diagnostic::error(
        "Cannot move from this resource type",
        format!(
            "The moved block comes from {type_name} of {provider}. A ddrofs_ecs_task_definition can take over an \
             aws_ecs_task_definition of the hashicorp/aws provider only."
        ),
    )
}

/// A state of `aws_ecs_task_definition` whose containers cannot be read.
pub(in crate::provider) fn cannot_move_without_containers() -> Diagnostic {
    Diagnostic::error(
        "Cannot read the state to move",
        "The state of the aws_ecs_task_definition has no container_definitions that can be read. Remove the moved block \
         and import the revision by its ARN instead.",
    )
}

/// Terraform asked to stop while something was under way.
pub(in crate::provider) fn stopped(doing: &str) -> Diagnostic {
    Diagnostic::error(
        "Stopped",
        format!(
            "Terraform asked the provider to stop while {doing}. Whether ECS carried it out is not known; the next plan shows what is there."
        ),
    )
}

/// Terraform asked to stop before anything was sent to ECS. `doing` completes "while …".
pub(in crate::provider) fn stopped_before_sending(doing: &str) -> Diagnostic {
    Diagnostic::error(
        "Stopped",
        format!(
            "Terraform asked the provider to stop while {doing}. Nothing was sent to ECS yet, and nothing was changed."
        ),
    )
}

/// Terraform asked to stop during a call that only reads.
pub(in crate::provider) fn stopped_reading(doing: &str) -> Diagnostic {
    Diagnostic::error(
        "Stopped",
        format!("Terraform asked the provider to stop while {doing}. Nothing was changed."),
    )
}
