//! Every diagnostic the provider speaks, built by name, so that the wording is read and tested in one place.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::document::json::MAX_BYTES;
use crate::document::{JsonProblem, JsonProblemKind};
use crate::ecs_client::{EcsError, ErrorKind};
use crate::merge::Collision;
use crate::report::RULES_PAGE;
use crate::rofs::SettingProblem;
use crate::rofs::settings::Text;
use crate::rules::policy::{PolicyProblem, Waiver};
use crate::rules::{Finding, Severity};
use crate::value::{AttributePath, PathStep};

/// Both places for the API key are named on one level.
pub(super) fn two_api_keys(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Two sources for the Datadog API key",
        "Both api_key_secret_arn and api_key_parameter_arn are set, and ECS can take the key from one only. Keep the \
         one that holds the key and remove the other.",
    )
    .at(at)
}

/// A number that has to be whole is not.
pub(super) fn not_a_whole_number(name: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a whole number",
        format!("{name} has to be a whole number within 64 bits. ECS takes no fractions here."),
    )
    .at(at)
}

/// A size for tmpfs, and no path that is to become one.
pub(super) fn tmpfs_size_of_nothing(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Size of tmpfs without a path",
        "tmpfs_size is the size of what becomes of writable_paths, and no writable_paths are given: no tmpfs would be \
         added. Name the paths that a container has to write to, or remove tmpfs_size. Write for a container app that \
         writes to /tmp:\n\n  writable_paths = { app = [\"/tmp\"] }",
    )
    .at(at)
}

/// A choice that does not exist.
pub(super) fn not_one_of(name: &str, given: &str, choices: &[&str], at: AttributePath) -> Diagnostic {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("\"{choice}\"")).collect();
    // What is like none of them is not turned into one that may be wrong.
    let meant = match choices {
        [only] => Some(*only),
        several => (several.iter().copied())
            .map(|choice| (strsim::jaro(&choice.to_lowercase(), &given.to_lowercase()), choice))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|(one, _), (other, _)| one.total_cmp(other))
            .map(|(_, choice)| choice),
    };
    let line =
        meant.map_or("Write one of them.".to_owned(), |meant| format!("Write:\n\n  {name} = \"{meant}\""));
    Diagnostic::error(
        "Unsupported value",
        format!(
            "{name} is \"{given}\", and this version of the provider knows {}. {line}",
            quoted.join(", ")
        ),
    )
    .at(at)
}

/// What is told of the task around the definitions means nothing.
pub(super) fn not_around_a_task(problem: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error("Not a value that ECS has", format!("{at}: {problem}.")).at(at)
}

/// Settings of the Agent that cannot go together.
pub(super) fn setting_problem(problem: &SettingProblem, at: &AttributePath) -> Diagnostic {
    Diagnostic::error(problem.summary, format!("{}\n\n{}", problem.detail, problem.fix))
        .at(problem.setting.split('.').fold(at.clone(), AttributePath::attribute))
}

/// A label that hardening writes itself.
pub(super) fn label_of_the_mark(label: &str, at: AttributePath) -> Diagnostic {
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
pub(super) fn setting_of_wiring(setting: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Setting without its wiring",
        format!(
            "`{setting}` is for the application's containers, which application {{ wire = false }} leaves as they are, so \
             nobody would get it. Remove `{setting}`, or write wire = true."
        ),
    )
    .at(at)
}

/// The text of the container definitions is not JSON.
pub(super) fn not_json(name: &str, problem: &JsonProblem) -> Diagnostic {
    let summary = match problem.kind {
        JsonProblemKind::DuplicateKey(_) => "A key is written twice with different values",
        _ => "Container definitions are not valid JSON",
    };
    Diagnostic::error(
        summary,
        format!(
            "{name} was read as JSON: {problem}. Nothing is registered. Write the definitions with \
             jsonencode([...]), or as an HCL list without jsonencode, and Terraform takes care of the syntax."
        ),
    )
    .at(AttributePath::root(name))
}

/// The value is JSON, but no task definition in any form that is known.
pub(super) fn not_container_definitions(name: &str, what: &str) -> Diagnostic {
    Diagnostic::error(
        "Not container definitions",
        format!(
            "{name} {what}. It takes a list of container definitions, or a task definition that has one:\n\n  {name} = \
             [{{ name = \"app\", image = \"...\", essential = true }}]"
        ),
    )
    .at(AttributePath::root(name))
}

/// A number in HCL that JSON cannot carry.
pub(super) fn inexact_number(name: &str, place: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Number cannot be carried exactly",
        format!(
            "The number at {name}{place} has more digits than a JSON number can carry, so what ECS received would not \
             be what is written here. Write a smaller number, or a string where ECS expects one."
        ),
    )
    .at(at)
}

/// The input was converted to the form ECS takes.
pub(super) fn converted(name: &str, notes: &[String]) -> Diagnostic {
    let more = match notes.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("\n  - and {more} more"),
    };
    Diagnostic::warning(
        "Container definitions were converted",
        format!(
            "{name} was written in a form that ECS itself does not take. It was read as follows; write it so to make \
             this warning go away:\n\n  - {}{more}",
            notes[..notes.len().min(MOST)].join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// HCL that is longer as JSON than anything that is read.
pub(super) fn too_large(name: &str, bytes: usize) -> Diagnostic {
    Diagnostic::error("Container definitions are too large", format!("{name} {}.", too_large_text(bytes)))
        .at(AttributePath::root(name))
}

/// The same as a part of a sentence.
pub(super) fn too_large_text(bytes: usize) -> String {
    format!(
        "would be {bytes} bytes of JSON; at most {MAX_BYTES} are read, and ECS takes 65536. Nothing of it was checked. Remove \
         what does not belong into a task definition"
    )
}

/// The input was a whole task definition, of which only the containers can be taken.
pub(super) fn rest_of_task_ignored(name: &str, keys: &[&str]) -> Diagnostic {
    Diagnostic::warning(
        "Only the container definitions are taken over",
        format!(
            "{name} holds a whole task definition. The containers are used; these parts of it are not, because they \
             have arguments of their own: {}. Set them there, and pass only the list of containers here.",
            keys.join(", ")
        ),
    )
    .at(AttributePath::root(name))
}

/// Something of the practitioner's is in the pattern's place.
pub(super) fn collision(collision: &Collision, at: AttributePath) -> Diagnostic {
    Diagnostic::error(collision.summary(), collision.to_string()).at(at)
}

/// Something of the practitioner's was kept although the pattern, or what was asked for, would say otherwise.
pub(super) fn kept(name: &str, sentences: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "What you wrote was kept",
        format!(
            "Where {name} says something else than the Agent's settings or the application block, your own stays. To make \
             this warning go away, remove it from one of the two:\n\n  - {}",
            sentences.join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// Something of the practitioner's is otherwise in what was made of it, because the Agent would not work as it was written.
pub(super) fn changed(name: &str, sentences: &[String]) -> Diagnostic {
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
pub(super) fn likely_agent(sentence: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::warning("Container is probably the Datadog Agent", format!("{sentence}.")).at(at)
}

/// The Agent works in a part of the places where the task may be started.
pub(super) fn fargate_only(sentence: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::warning(
        "The Agent works on Fargate only",
        format!(
            "In short: {sentence}. Where it is not started on Fargate the Agent looks for a platform that is not there \
             and collects nothing. Name FARGATE alone, or start the task on Fargate only."
        ),
    )
    .at(at)
}

/// How the logs of a container that the provider writes are set.
pub(super) const LOGS_OF_SIDECARS: &str = "The provider writes this container. Set its logs in the block log_configuration, here or in the provider's agent \
     block.";

/// How root filesystems are made read-only without touching the definitions.
pub(super) const READ_ONLY_FOR_ALL: &str = "Or let the provider do it for every container that does not say otherwise:\n\n  \
     application {\n    read_only_root_filesystem = true\n  }\n\nIts argument writable_paths names what a container writes to.";

/// How paths are made writable without touching the definitions.
pub(super) const PATHS_BY_NAME: &str =
    "Or name the paths in writable_paths of the application block, which adds volumes and mount points.";

/// Findings of a rule in one document that a plan shows, at most.
const MOST: usize = 100;

/// A diagnostic for each finding, with what is shown of it and where that is; of a rule with very many for the first ones,
/// and one that says how many more there are.
pub(super) fn findings<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    shown: impl Fn(&Finding) -> (Finding, AttributePath),
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut counts: BTreeMap<&str, (usize, Vec<&Finding>)> = BTreeMap::new();
    for one in findings {
        let (count, more) = counts.entry(one.rule).or_default();
        *count += 1;
        if *count > MOST {
            more.push(one);
        } else {
            let (finding, at) = shown(one);
            diagnostics.push(self::finding(&finding, at));
        }
    }
    diagnostics.extend(counts.into_values().filter_map(|(_, more)| more_findings(&more)));
    diagnostics
}

/// Further findings of one rule: an error as soon as one of them is.
fn more_findings(more: &[&Finding]) -> Option<Diagnostic> {
    let first = more.first()?;
    let is_error = more.iter().any(|one| one.waiver.is_none() && one.severity == Severity::Error);
    let detail = format!(
        "There are {} more findings of this rule, which are not shown one by one. The attribute findings, the reports of \
         ddrofs_task_definition_check and the subcommand lint have all of them.\n\nRule {rule}: {RULES_PAGE}#{rule}",
        more.len(),
        rule = first.rule,
    );
    let summary = format!("{}, and more", first.summary);
    Some(if is_error { Diagnostic::error(summary, detail) } else { Diagnostic::warning(summary, detail) })
}

/// What a rule found. The page explains the rest. A place deeper than the configuration's own is spelled out, because
/// Terraform cannot point into JSON text.
pub(super) fn finding(finding: &Finding, at: AttributePath) -> Diagnostic {
    let control = finding.control.map(|control| format!(", Security Hub {control}")).unwrap_or_default();
    let holds_document = |step: &PathStep| matches!(step, PathStep::Attribute(name) if name == "container_definitions" || name == "definitions");
    let points_inside = at.0.len() > 1 && at.0.first().is_some_and(holds_document);
    let place = match finding.path.0.len() {
        2.. if !points_inside => format!("\n\nPlace: {}", finding.path),
        _ => String::new(),
    };
    let detail = format!(
        "{}\n\n{}\n\nRule {rule}{control}: {RULES_PAGE}#{rule}{place}",
        finding.detail,
        finding.fix,
        rule = finding.rule,
    );
    match (&finding.waiver, finding.severity) {
        (Some(_), _) => Diagnostic::warning(format!("Waived: {}", finding.summary), detail),
        (None, Severity::Error) => Diagnostic::error(finding.summary, detail),
        (None, Severity::Warning) => Diagnostic::warning(finding.summary, detail),
    }
    .at(at)
}

/// An error in the plan of a registration. Terraform plans a resource before it plans to destroy it, and nothing tells the
/// provider of the difference, so the way around is said here.
pub(super) fn stops_the_registration(mut diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.severity == crate::diagnostics::Severity::Error {
        diagnostic.detail.push_str(
            "\n\nThis stops the registration. A destroy is planned like one first: if you want to destroy, run destroy with \
             -refresh=false.",
        );
    }
    diagnostic
}

/// What would be an error, where nothing is registered.
pub(super) fn stops_the_next_registration(mut diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.severity == crate::diagnostics::Severity::Error {
        diagnostic.severity = crate::diagnostics::Severity::Warning;
        diagnostic.detail.push_str(
            "\n\nThis stops the next registration. It is a warning now, because the content is what was registered already.",
        );
    }
    diagnostic
}

/// An entry of a policy that means nothing.
pub(super) fn policy_problem(problem: &PolicyProblem, at: AttributePath) -> Diagnostic {
    let page = match problem {
        PolicyProblem::UnknownRule { .. } => format!("\n\nAll rules: {RULES_PAGE}"),
        _ => String::new(),
    };
    Diagnostic::error(problem.summary(), format!("{problem}{page}")).at(at)
}

/// A waiver that lets nothing pass.
pub(super) fn idle_waiver(waiver: &Waiver, at: AttributePath) -> Diagnostic {
    let place = match &waiver.container {
        Some(Text::Known(container)) => format!("in container {container}"),
        _ => "in this task".to_owned(),
    };
    Diagnostic::warning(
        "Waiver for nothing",
        format!(
            "{} finds nothing {place}, so there is nothing to let pass. Remove the waiver, or the next finding of the rule \
             passes under a reason that was written for another.",
            waiver.rule_name(),
        ),
    )
    .at(at)
}

/// A task definition that is only checked cannot be hardened.
pub(super) fn not_hardened(collisions: &[String], at: AttributePath) -> Diagnostic {
    Diagnostic::warning(
        "The definitions cannot be hardened as they are",
        format!(
            "hardened_json is null, because something stands in the way:\n\n  - {}",
            collisions.join("\n  - ")
        ),
    )
    .at(at)
}

/// A data source was read while a part of the provider's policy is not known yet that decides about a finding.
pub(super) fn policy_not_known(rules: &[&str]) -> Diagnostic {
    Diagnostic::error(
        "Provider's policy is not known yet",
        format!(
            "A value in the provider's policy block is known only after apply, it decides about findings of {}, and Terraform \
             reads a data source before that unless its own configuration has such a value. Write the value in the \
             provider as it is, or create what it comes from first:\n\n  terraform apply -target=ADDRESS",
            rules.join(", "),
        ),
    )
}

/// A call to AWS failed. `doing` completes "While …".
pub(super) fn aws(error: &EcsError, doing: &str) -> Diagnostic {
    let (summary, advice) = match error.kind {
        ErrorKind::AccessDenied => (
            "Access to ECS denied",
            format!(
                "The credentials in use lack a permission. Allow {} to them, and look for a policy of the organization that \
                 denies it.",
                error.required_actions().join(" and ")
            ),
        ),
        ErrorKind::Throttled => (
            "ECS is throttling",
            "The account's request rate for this operation is used up and stayed so through all retries. Nothing was \
             changed by the last attempt. Run the command again, with a lower -parallelism if many task definitions \
             are registered at once."
                .to_owned(),
        ),
        ErrorKind::Rejected => (
            "ECS rejected the request",
            "ECS reports the first problem only. Change what it names and apply again; nothing was registered.".to_owned(),
        ),
        ErrorKind::LimitExceeded => (
            "ECS quota exceeded",
            "A quota of the account is reached. See the quotas of Amazon ECS in the Service Quotas console.".to_owned(),
        ),
        ErrorKind::NotFound => ("Not found in ECS", "It may have been deleted outside Terraform.".to_owned()),
        ErrorKind::Unreachable => (
            "ECS cannot be reached",
            "Check the network, the region and endpoints { ecs = ... } of the provider.".to_owned(),
        ),
        ErrorKind::Ambiguous => (
            "ECS did not answer",
            "The request was sent and no answer came back, so ECS may or may not have carried it out. Look at the \
             newest revision of the family before applying again."
                .to_owned(),
        ),
        ErrorKind::NoCredentials => (
            "No AWS credentials",
            "Set profile, or access_key and secret_key, in the provider block, or AWS_PROFILE or AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY in the environment."
                .to_owned(),
        ),
        ErrorKind::NoRegion => (
            "No AWS region",
            "Set region in the provider block or on the resource, or AWS_REGION in the environment:\n\n  region = \
             \"eu-west-1\""
                .to_owned(),
        ),
        ErrorKind::Configuration => {
            ("Invalid AWS settings", "Correct the setting named below in the provider block or the environment.".to_owned())
        }
        ErrorKind::Other => ("ECS answered with an error", "See the original error.".to_owned()),
    };
    Diagnostic::error(summary, format!("While {doing}: {advice}\n\nOriginal error: {error}"))
}

/// The configured settings of the AWS client do not fit together.
pub(super) fn aws_configuration(problem: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error("Invalid AWS settings", problem.to_owned()).at(at)
}

/// A role to assume has no ARN.
pub(super) fn role_without_arn(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Role to assume has no ARN",
        "role_arn is empty, so no role can be assumed, and without the role the calls would be signed with other \
         credentials, perhaps in another account. Write the ARN of the role, or leave the whole block out. Where a variable \
         decides that:\n\n  dynamic \"assume_role\" {\n    for_each = var.role_arn == \"\" ? [] : [var.role_arn]\n    content \
         {\n      role_arn = assume_role.value\n    }\n  }",
    )
    .at(at)
}

/// A role is to be assumed with a token, and there is none.
pub(super) fn web_identity_without_token(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "No token to assume the role with",
        "assume_role_with_web_identity has neither web_identity_token nor web_identity_token_file, so the role cannot be \
         assumed, and without it the calls would be signed with other credentials, perhaps in another account. Set one of \
         the two:\n\n  web_identity_token_file = \"/var/run/secrets/token\"",
    )
    .at(at)
}

/// A role is to be assumed with two tokens.
pub(super) fn two_web_identity_tokens(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Two tokens to assume the role with",
        "Both web_identity_token and web_identity_token_file are set, and the role is assumed with one token. Remove the one \
         that is not meant.",
    )
    .at(at)
}

/// A text of the AWS settings cannot be sent. The text itself is not repeated: it may be a key.
pub(super) fn control_character(name: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Control character in an AWS setting",
        format!(
            "{name} holds a control character, such as a line break at its end, and no request can carry it. If it is read \
             from a file, take the line break off:\n\n  {name} = trimspace(file(\"...\"))"
        ),
    )
    .at(at)
}

/// Something has to be asked of AWS while the provider's AWS settings are not known yet. `doing` completes "While …".
pub(super) fn aws_settings_not_known(unknown: &[String], doing: &str) -> Diagnostic {
    Diagnostic::error(
        "AWS settings are not known yet",
        format!(
            "While {doing}: {}. Nothing was called: what is known of the settings could lead to another account. Create \
             what the values come from first:\n\n  terraform apply -target=ADDRESS",
            known_after_apply(unknown)
        ),
    )
}

/// A refresh was left out because the provider's AWS settings are not known yet.
pub(super) fn not_refreshed(unknown: &[String], doing: &str) -> Diagnostic {
    Diagnostic::warning(
        "Not refreshed: AWS settings are not known yet",
        format!(
            "While {doing}: {}. Nothing was called, because what is known of the settings could lead to another account, and \
             the state was kept as it is. The next plan after the apply refreshes it.",
            known_after_apply(unknown)
        ),
    )
}

fn known_after_apply(unknown: &[String]) -> String {
    let (are, s) = if unknown.len() == 1 { ("is", "") } else { ("are", "s") };
    format!("the argument{s} {} of the provider block {are} known only after apply", unknown.join(", "))
}

/// A resource was asked to do something before the provider was configured.
pub(super) fn not_configured(what: &str) -> Diagnostic {
    Diagnostic::error(
        "Provider is not configured",
        format!(
            "{what} needs the provider's configuration, and Terraform has not sent it. This is a bug; please report it."
        ),
    )
}

/// ECS answered without the ARN of a revision.
pub(super) fn answer_without_arn(family: &str) -> Diagnostic {
    Diagnostic::error(
        "Unexpected answer from ECS",
        format!(
            "The answer about {family} has no taskDefinitionArn that names a revision. If an endpoint other than AWS's own is configured, check what it answers."
        ),
    )
}

/// ECS answered with a revision that has no container definitions.
pub(super) fn answer_without_containers(arn: &str) -> Diagnostic {
    Diagnostic::error(
        "Unexpected answer from ECS",
        format!(
            "The answer about {arn} holds no container definitions. If an endpoint other than AWS's own is configured, \
             check what it answers."
        ),
    )
}

/// Both ways of saying what a destruction does are written, and they disagree.
pub(super) fn destroy_settings_disagree() -> Diagnostic {
    Diagnostic::error(
        "Contradicting settings for destruction",
        "skip_destroy and deregister_on_destroy are the same setting the other way round, and they disagree: one keeps \
         the revision active when the resource is destroyed, the other deregisters it. Remove one of them.",
    )
    .at(AttributePath::root("deregister_on_destroy"))
}

/// Something is unknown where everything has to be known.
pub(super) fn not_wholly_known(family: &str) -> Diagnostic {
    Diagnostic::error(
        "Task definition is not wholly known",
        format!(
            "A part of {family} is still unknown while it is to be registered. This is a bug in the provider; please report it. Nothing was registered."
        ),
    )
}

/// What would be registered is not what was planned.
pub(super) fn not_as_planned(family: &str) -> Diagnostic {
    Diagnostic::error(
        "Task definition is not the planned one",
        format!(
            "What would be registered for {family} differs from what was planned. This is a bug in the provider; please \
             report it. Nothing was registered."
        ),
    )
}

/// An import id in none of the known forms.
pub(super) fn not_an_import_id(id: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid import id",
        format!(
            "\"{id}\" names no task definition. Write the ARN of a revision, family:revision, or the family alone for \
             its newest active revision:\n\n  terraform import ddrofs_ecs_task_definition.orders orders:17"
        ),
    )
}

/// A `moved` block from a resource type that cannot be taken over.
pub(super) fn cannot_move(type_name: &str, provider: &str) -> Diagnostic {
    Diagnostic::error(
        "Cannot move from this resource type",
        format!(
            "The moved block comes from {type_name} of {provider}. A ddrofs_ecs_task_definition can take over an \
             aws_ecs_task_definition of the hashicorp/aws provider only."
        ),
    )
}

/// A state of `aws_ecs_task_definition` whose containers cannot be read.
pub(super) fn cannot_move_without_containers() -> Diagnostic {
    Diagnostic::error(
        "Cannot read the state to move",
        "The state of the aws_ecs_task_definition has no container_definitions that can be read. Remove the moved block \
         and import the revision by its ARN instead.",
    )
}

/// Terraform asked to stop while something was under way.
pub(super) fn stopped(doing: &str) -> Diagnostic {
    Diagnostic::error(
        "Stopped",
        format!(
            "Terraform asked the provider to stop while {doing}. Whether ECS carried it out is not known; the next plan shows what is there."
        ),
    )
}

/// Terraform asked to stop before anything was sent to ECS. `doing` completes "while …".
pub(super) fn stopped_before_sending(doing: &str) -> Diagnostic {
    Diagnostic::error(
        "Stopped",
        format!(
            "Terraform asked the provider to stop while {doing}. Nothing was sent to ECS yet, and nothing was changed."
        ),
    )
}

/// Terraform asked to stop during a call that only reads.
pub(super) fn stopped_reading(doing: &str) -> Diagnostic {
    Diagnostic::error(
        "Stopped",
        format!("Terraform asked the provider to stop while {doing}. Nothing was changed."),
    )
}

/// A data source was read while the provider's own block is not known yet.
pub(super) fn fleet_not_known() -> Diagnostic {
    Diagnostic::error(
        "Provider's agent block is not known yet",
        "A value in the provider's agent block is known only after apply, and Terraform reads a data source before \
         that unless its own configuration has such a value. Set the value here instead of in the provider, so that \
         Terraform waits for it, or create what it comes from first:\n\n  terraform apply -target=ADDRESS",
    )
}
