//! A registered task definition: planned, registered, imported, moved and destroyed.

use crate::diagnostics::Diagnostic;
use crate::ecs_client::{EcsError, RevisionArn};
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

/// ECS answered about something else than what it was asked for.
pub(in crate::provider) fn answer_about_another(wanted: &str, answered: &str) -> Diagnostic {
    Diagnostic::error(
        "Unexpected answer from ECS",
        format!(
            "ECS was asked for {wanted} and answered about {answered}. Nothing was changed. If an endpoint other than AWS's own \
             is configured, check what it answers."
        ),
    )
}

/// A revision has a status that says neither that it is active nor that it is gone.
pub(in crate::provider) fn status_not_known(arn: &str, status: &str) -> Diagnostic {
    Diagnostic::error(
        "Status of a revision is not known",
        format!(
            "{arn} has the status {status:?}. This version of the provider knows ACTIVE, INACTIVE and DELETE_IN_PROGRESS. It \
             keeps the resource, because nothing says that the revision is gone. A newer version may know that status."
        ),
    )
}

/// A revision is no longer active.
pub(in crate::provider) fn deregistered(arn: &str, at: Option<String>) -> Diagnostic {
    let at = at.map(|at| format!(" at {at}")).unwrap_or_default();
    Diagnostic::warning(
        "A revision was deregistered outside Terraform",
        format!(
            "{arn} was deregistered{at}. CloudTrail knows by whom: look for DeregisterTaskDefinition. Services that run it go on, \
             and can no longer be given it. An apply registers a new revision."
        ),
    )
}

/// Tags that are set here and ignored by the provider block.
pub(in crate::provider) fn tags_set_and_ignored(keys: &[&str]) -> Diagnostic {
    let keys: Vec<String> = keys.iter().map(|key| format!("  - {key:?}")).collect();
    Diagnostic::error(
        "Tag is set and ignored",
        format!(
            "These tags are in tags of the resource or in default_tags of the provider block, and ignore_tags covers them:\n\n{}\n\n\
             What is ignored is never seen, so every plan would want to set them again. Remove them from one of the two.",
            keys.join("\n")
        ),
    )
    .at(AttributePath::root("tags"))
}

/// A revision does not exist any more.
pub(in crate::provider) fn not_in_ecs(wanted: &str) -> Diagnostic {
    Diagnostic::warning(
        "A revision was deleted outside Terraform",
        format!("ECS does not have {wanted} any more. An apply registers a new revision."),
    )
}

/// The state's revision is gone, and the resource registered another one before that is still active.
pub(in crate::provider) fn goes_back(mut gone: Diagnostic, number: i64) -> Diagnostic {
    gone.detail.push_str(&format!(
        " Until then the state has revision {number}, which this resource registered before and which is active."
    ));
    gone
}

/// The credentials belong to another account than a revision of the state.
pub(in crate::provider) fn of_another_account(arn: &RevisionArn, account: &str) -> Diagnostic {
    Diagnostic::error(
        "Credentials of another account",
        format!(
            "{} belongs to account {}, and the credentials belong to account {account}. Nothing was changed, and the resource stays \
             in the state. Use credentials of account {}. To keep this from happening, write in the provider block:\n\n  \
             allowed_account_ids = [\"{}\"]",
            arn.as_str(),
            arn.account(),
            arn.account(),
            arn.account(),
        ),
    )
}

/// A revision that the resource did not make is not deregistered with it.
pub(in crate::provider) fn left_active(arn: &str) -> Diagnostic {
    Diagnostic::warning(
        "A revision stays active",
        format!(
            "{arn} was there already when the resource adopted it, because its content was what the configuration asks for. Nothing \
             says that this resource registered it, so it is not deregistered. If nobody else needs it, run:\n\n  aws ecs \
             deregister-task-definition --task-definition {arn}"
        ),
    )
}

/// What a look at ECS was to find out after a registration whose answer was lost.
pub(in crate::provider) fn not_known_whether_registered(
    error: &EcsError,
    family: &str,
    region: &str,
) -> Diagnostic {
    Diagnostic::error(
        "Not known whether a revision was registered",
        format!(
            "The answer to the registration of a revision of {family} in {region} was lost, and ECS could not be asked for it \
             afterwards. The next apply looks for it, and adopts it if it is there.\n\nOriginal error: {error}"
        ),
    )
}
