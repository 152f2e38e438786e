//! Old revisions: kept, deregistered, deleted.

use crate::diagnostics::Diagnostic;

/// `keep_revisions` is no number of revisions that can be kept.
pub(in crate::provider) fn keep_revisions_invalid(written: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid keep_revisions",
        format!(
            "keep_revisions is {written}, and has to be a whole number of at least 2: the revision in use, and the one to go back \
             to. Without the argument every revision stays active."
        ),
    )
}

/// Nobody can tell what uses old revisions.
pub(in crate::provider) fn old_revisions_not_looked_at(
    failed: &Diagnostic,
    is_denied: bool,
    family: &str,
    numbers: &[i64],
) -> Diagnostic {
    let needs = match is_denied {
        true => {
            "\n\nTo see what uses a revision the provider needs ecs:ListClusters, ecs:ListServices, ecs:DescribeServices, \
             ecs:ListTasks and ecs:DescribeTasks, and for services that are being deployed ecs:ListServiceDeployments, \
             ecs:DescribeServiceDeployments and ecs:DescribeServiceRevisions."
        }
        false => "",
    };
    let lead = format!(
        "The registration is done. Of the older revisions of {family} {} would go by keep_revisions, and stay active, because it is \
         not known whether something uses them. The next registration looks again.",
        listed(numbers)
    );
    warned("Old revisions were kept", &lead, failed, needs)
}

/// Old revisions could not be deregistered.
pub(in crate::provider) fn old_revisions_not_retired(
    failed: &Diagnostic,
    family: &str,
    numbers: &[i64],
) -> Diagnostic {
    let lead = format!(
        "The registration is done. Of the older revisions of {family} {} would go by keep_revisions, and could not be \
         deregistered. The next registration tries again.",
        listed(numbers)
    );
    warned("Old revisions were kept", &lead, failed, "")
}

/// Deregistered revisions could not be deleted.
pub(in crate::provider) fn old_revisions_not_deleted(
    failed: &Diagnostic,
    family: &str,
    numbers: &[i64],
) -> Diagnostic {
    let lead = format!(
        "The registration is done. Of the older revisions of {family} {} are deregistered, and could not be deleted. The next \
         registration tries again.",
        listed(numbers)
    );
    warned("Old revisions were not deleted", &lead, failed, "")
}

/// ECS says of single revisions that it does not delete them; each with its ARN and ECS's words.
pub(in crate::provider) fn revisions_not_deleted(refused: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "Revisions were not deleted",
        format!("They are deregistered, and ECS does not delete them:\n\n  {}", refused.join("\n  ")),
    )
}

/// Revisions of a resource that is destroyed are deregistered, and not all of them could be deleted.
pub(in crate::provider) fn left_undeleted(
    failed: &Diagnostic,
    family: &str,
    numbers: &[i64],
    region: &str,
) -> Diagnostic {
    let lead = format!(
        "Every revision that this resource registered in {family} is deregistered, and no service can be given one any more. {} could \
         not be deleted, and nothing is left that would try again.",
        capitalized(&listed(numbers))
    );
    let run = format!("\n\nTo delete what is left, run:{}", deletions(family, numbers, region));
    warned("Revisions were not deleted", &lead, failed, &run)
}

/// The commands that delete these revisions: one deletes ten at most.
fn deletions(family: &str, numbers: &[i64], region: &str) -> String {
    let names: Vec<String> = numbers.iter().map(|number| format!("{family}:{number}")).collect();
    let lines = names.chunks(10).map(|names| {
        format!(
            "\n\n  aws ecs delete-task-definitions --region {region} --task-definitions {}",
            names.join(" ")
        )
    });
    lines.collect()
}

/// A resource leaves the state, and a destruction that was killed may not have come to the deletion of its revisions; nothing
/// where there are none.
pub(in crate::provider) fn left_undeleted_by_a_kill(
    family: &str,
    numbers: &[i64],
    region: &str,
) -> Option<Diagnostic> {
    (!numbers.is_empty()).then(|| {
        Diagnostic::warning(
            "Revisions may not be deleted",
            format!(
                "delete_revisions asks for it, and of those that this resource registered in {family} {} may be deregistered and not \
                 deleted, as after a destroy that was killed. The resource leaves the state, so nothing comes back to them. Deleting \
                 one twice does no harm. Run:{}",
                listed(numbers),
                deletions(family, numbers, region)
            ),
        )
    })
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A failed call that must not fail what is done already.
fn warned(summary: &str, lead: &str, failed: &Diagnostic, more: &str) -> Diagnostic {
    Diagnostic::warning(summary, format!("{lead}\n\n{}{more}", failed.detail))
}

/// Numbers of revisions for a sentence: few by themselves, many by the first and the last.
fn listed(numbers: &[i64]) -> String {
    match numbers {
        [one] => format!("number {one}"),
        [first, .., last] if numbers.len() > 5 => {
            format!("{} revisions from number {first} to {last}", numbers.len())
        }
        several => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            format!("numbers {}", several.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_listed_by_their_numbers_or_by_the_first_and_the_last() {
        assert_eq!(listed(&[4]), "number 4");
        assert_eq!(listed(&[4, 7]), "numbers 4, 7");
        assert_eq!(listed(&[1, 2, 3, 4, 5, 9]), "6 revisions from number 1 to 9");
    }
}
