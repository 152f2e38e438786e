//! The Agent, its settings, and what is done to the application beside it.

use crate::diagnostics::Diagnostic;
use crate::merge::Collision;
use crate::rofs::SettingProblem;
use crate::value::{AttributePath, Value};

/// Both places for the API key are named on one level.
pub(in crate::provider) fn two_api_keys(one: &str, other: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Two sources for the Datadog API key",
        format!(
            "Both {one} and {other} are set, and the Agent gets its key from one only. Keep the one that holds the key and \
             remove the other."
        ),
    )
    .at(at)
}

/// A setting that only another platform has.
pub(in crate::provider) fn setting_of_another_platform(
    setting: &str,
    here: &str,
    at: AttributePath,
) -> Diagnostic {
    Diagnostic::error(
        "Setting of another platform",
        format!(
            "`{setting}` has no meaning here, so it would be silently lost. {here}\n\nRemove `{setting}`."
        ),
    )
    .at(at)
}

/// A size for tmpfs, and no path that is to become one.
pub(in crate::provider) fn tmpfs_size_of_nothing(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Size of tmpfs without a path",
        "tmpfs_size is the size of what becomes of writable_paths, and no writable_paths are given: no tmpfs would be \
         added. Name the paths that a container has to write to, or remove tmpfs_size. Write for a container app that \
         writes to /tmp:\n\n  writable_paths = { app = [\"/tmp\"] }",
    )
    .at(at)
}

/// Where a setting stands: `apm.port` is in the only block `apm` there can be. `at`: where the body of the settings is.
pub(in crate::provider) fn place_of(setting: &str, at: &AttributePath) -> AttributePath {
    match setting.split_once('.') {
        Some((block, name)) => at.clone().attribute(block).index(0).attribute(name),
        None => at.clone().attribute(setting),
    }
}

/// Settings of the Agent that cannot go together.
pub(in crate::provider) fn setting_problem(problem: &SettingProblem, at: &AttributePath) -> Diagnostic {
    let setting = place_of(problem.setting, at);
    let place = match &problem.key {
        Some(key) => setting.key(key),
        None => setting,
    };
    Diagnostic::error(problem.summary, format!("{}\n\n{}", problem.detail, problem.fix)).at(place)
}

/// A health check's command that ECS would not understand.
pub(in crate::provider) fn not_a_health_check(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a health check command",
        "A health check's command begins with CMD and the words of a command, or is CMD-SHELL and one line for the \
         shell.\n\nWrite command = [\"CMD-SHELL\", \"agent health 2>/dev/null\"], or leave `command` out.",
    )
    .at(at)
}

/// A label that hardening writes itself.
pub(in crate::provider) fn label_of_the_mark(label: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Label of the hardening's mark",
        format!(
            "docker_labels has the label {label}, in which `harden` says what it added: of two such labels one would be \
             lost, and `strip` could not take anything out again. Give the label another name."
        ),
    )
    .at(at)
}

/// A setting that reaches the application by wiring, and no wiring.
pub(in crate::provider) fn setting_of_wiring(setting: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Setting without its wiring",
        format!(
            "`{setting}` is for the application's containers, which application {{ wire = false }} leaves as they are, so \
             nobody would get it. Remove `{setting}`, or write wire = true."
        ),
    )
    .at(at)
}

/// Something of the practitioner's is in the pattern's place.
pub(in crate::provider) fn collision(collision: &Collision, at: AttributePath) -> Diagnostic {
    Diagnostic::error(collision.summary(), collision.to_string()).at(at)
}

/// Something of the practitioner's was kept although the pattern, or what was asked for, would say otherwise.
pub(in crate::provider) fn kept(name: &str, sentences: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "What you wrote was kept",
        format!(
            "Where {name} says something other than the Agent's settings or the application block, your own stays. To make \
             this warning go away, remove it from one of the two:\n\n  - {}",
            sentences.join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// Tasks of which nothing that was asked for can be done.
pub(in crate::provider) fn left_as_they_are(name: &str, tasks: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "Tasks that are left as they are",
        format!(
            "Tasks of the driver docker are wired to the Agent and, where that is asked for, made read-only. These are \
             not:\n\n  - {}\n\nIn a group of their own nobody asks for it; application {{ wire = false }} asks for no \
             wiring.",
            tasks.join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// Something of the practitioner's is otherwise in what was made of it, because the Agent would not work as it was written.
pub(in crate::provider) fn changed(name: &str, sentences: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "What you wrote was changed",
        format!(
            "The Agent would not work with what {name} says. This was changed; write it so to make this warning go away:\n\n  \
             - {}",
            sentences.join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// A container was left as it is, because nobody can say whether it is the Agent.
pub(in crate::provider) fn likely_agent(sentence: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::warning("Container is probably the Datadog Agent", format!("{sentence}.")).at(at)
}

/// The Agent works in a part of the places where the task may be started.
pub(in crate::provider) fn fargate_only(sentence: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::warning(
        "The Agent works on Fargate only",
        format!(
            "In short: {sentence}. Where it is not started on Fargate the Agent looks for a platform that is not there \
             and collects nothing. Name FARGATE alone, or start the task on Fargate only."
        ),
    )
    .at(at)
}

/// A task definition that is only checked cannot be hardened.
pub(in crate::provider) fn not_hardened(collisions: &[String], at: AttributePath) -> Diagnostic {
    Diagnostic::warning(
        "The definitions cannot be hardened as they are",
        format!(
            "hardened_json is null, because something stands in the way:\n\n  - {}",
            collisions.join("\n  - ")
        ),
    )
    .at(at)
}

/// The first argument of a configuration with a value that is not known yet.
pub(in crate::provider) fn first_unknown(config: &Value) -> Option<String> {
    let Value::Map(arguments) = config else { return None };
    arguments.iter().find(|(_, value)| !value.is_wholly_known()).map(|(name, _)| name.clone())
}

/// A data source was read while something is not known yet: this argument of its own, which no core does, or else the provider's
/// own block.
pub(in crate::provider) fn not_known_yet(argument: Option<&str>) -> Diagnostic {
    let Some(argument) = argument else { return fleet_not_known() };
    Diagnostic::error(
        "Configuration is not known yet",
        format!(
            "{argument} has a value that is known only after apply, and nothing is made of the others before that. Terraform reads a \
             data source when all of its configuration is known."
        ),
    )
    .at(AttributePath::root(argument))
}

/// A data source was read while the provider's own block is not known yet.
pub(in crate::provider) fn fleet_not_known() -> Diagnostic {
    Diagnostic::error(
        "Provider's agent block is not known yet",
        "A value in the provider's agent block is known only after apply, and Terraform reads a data source before \
         that unless its own configuration has such a value. Set the value here instead of in the provider, so that \
         Terraform waits for it, or create what it comes from first:\n\n  terraform apply -target=ADDRESS",
    )
}
