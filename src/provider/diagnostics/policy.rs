//! The policy: what is wrong with it, and what it is not known to say.

use crate::diagnostics::Diagnostic;
use crate::ecs::shapes::nearest;
use crate::report::RULES_PAGE;
use crate::rofs::settings::Text;
use crate::rules::policy::{PolicyProblem, Waiver};
use crate::value::AttributePath;

/// An entry of a policy that means nothing.
pub(in crate::provider) fn policy_problem(problem: &PolicyProblem, at: AttributePath) -> Diagnostic {
    let page = match problem {
        PolicyProblem::UnknownRule { .. } => format!("\n\nAll rules: {RULES_PAGE}"),
        _ => String::new(),
    };
    Diagnostic::error(problem.summary(), format!("{problem}{page}")).at(at)
}

/// A waiver that lets nothing pass.
pub(in crate::provider) fn idle_waiver(waiver: &Waiver, at: AttributePath) -> Diagnostic {
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

/// A waiver for a container that is not there.
pub(in crate::provider) fn waiver_of_no_container(
    container: &str,
    names: &[&str],
    at: AttributePath,
) -> Diagnostic {
    let meant = nearest(container, names.iter().copied());
    let meant = meant.map(|meant| format!(" Did you mean \"{meant}\"?")).unwrap_or_default();
    let all: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    Diagnostic::warning(
        "Waiver for a container that is not there",
        format!(
            "No container is called \"{container}\", so the waiver lets nothing pass.{meant} The containers of this task are \
             {}.",
            all.join(", ")
        ),
    )
    .at(at)
}

/// A data source was read while a part of the provider's policy is not known yet that decides about a finding.
pub(in crate::provider) fn policy_not_known(rules: &[&str]) -> Diagnostic {
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
