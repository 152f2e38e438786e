//! What is read of a live account.

use crate::audit::Unread;
use crate::diagnostics::Diagnostic;
use crate::value::AttributePath;

/// The most things that a diagnostic lists.
const MOST_LISTED: usize = 20;

/// Something could not be read, and the rest was.
pub(in crate::provider) fn not_all_read(unread: &[Unread]) -> Diagnostic {
    let line = |Unread { region, what, why }: &Unread| format!("  {region}: {what}: {why}");
    let mut lines: Vec<String> = unread.iter().take(MOST_LISTED).map(line).collect();
    if unread.len() > MOST_LISTED {
        lines.push(format!("  and {} more, which are in `unread`", unread.len() - MOST_LISTED));
    }
    Diagnostic::warning(
        "Not everything could be read",
        format!(
            "The rest is in the attributes; what is missing here is missing there:\n\n{}\n\nterraform-provider-ddrofs audit \
             --policy prints the IAM policy that is needed.",
            lines.join("\n")
        ),
    )
}

/// ECS has no such task definition.
pub(in crate::provider) fn no_such_task_definition(
    wanted: &str,
    region: &str,
    at: AttributePath,
) -> Diagnostic {
    Diagnostic::error(
        "There is no such task definition",
        format!(
            "ECS has no task definition {wanted:?} in {region} in the account of these credentials. A family without a revision \
             needs one that is active: where all are deregistered, name one of them, as in \"family:revision\"."
        ),
    )
    .at(at)
}

/// No task definition is named.
pub(in crate::provider) fn no_task_definition_named(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "No task definition is named",
        "The text is empty. Write a family, \"family:revision\" or the ARN of a revision.",
    )
    .at(at)
}
