//! CHANGELOG.md has the shape that readers of Terraform providers expect.

use super::{assert_none, read};

/// Groups of entries, in their order.
const GROUPS: [&str; 5] = ["BREAKING CHANGES", "NOTES", "FEATURES", "ENHANCEMENTS", "BUG FIXES"];

/// What an entry may concern.
const SUBJECTS: [&str; 5] = ["provider", "resource/", "data-source/", "function/", "rule/"];

#[test]
fn the_changelog_has_valid_headings_groups_and_entries() {
    assert_none(problems(&read("CHANGELOG.md")));
}

fn problems(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut group = None;
    let mut releases = 0;
    for (index, line) in text.lines().enumerate() {
        let mut report = |problem: &str| problems.push(format!("CHANGELOG.md:{}: {problem}", index + 1));
        if index == 0 && line != "# Changelog" {
            report("begin with `# Changelog`");
        } else if let Some(heading) = line.strip_prefix("## ") {
            releases += 1;
            group = None;
            let is_unreleased = heading == "Unreleased" && releases == 1;
            if !is_unreleased && !is_release(heading) {
                report("write `## Unreleased` first, then `## 1.2.3 (2026-11-21)`");
            }
        } else if let Some(heading) = line.strip_prefix("### ") {
            match GROUPS.iter().position(|known| *known == heading) {
                None => report("no such group"),
                Some(position) if group.is_some_and(|last| last >= position) => {
                    report("groups are out of order")
                }
                Some(position) => group = Some(position),
            }
        } else if let Some(entry) = line.strip_prefix("- ") {
            if group.is_none() {
                report("an entry stands below a group");
            }
            let subject = entry.trim_start_matches('`');
            if !SUBJECTS.iter().any(|known| subject.starts_with(known)) || !entry.contains(": ") {
                report("begin with what it concerns, such as `resource/ddrofs_ecs_task_definition: `");
            }
        }
    }
    if releases == 0 {
        problems.push("CHANGELOG.md: no release".to_owned());
    }
    problems
}

/// "1.2.3 (2026-11-21)".
fn is_release(heading: &str) -> bool {
    let Some((version, date)) = heading.split_once(" (") else { return false };
    let numbers = |text: &str, separator: char, lengths: &[usize]| {
        let parts: Vec<_> = text.split(separator).collect();
        let fits = |(part, length): (&&str, &usize)| {
            part.bytes().all(|byte| byte.is_ascii_digit())
                && (*length == 0 || part.len() == *length)
                && !part.is_empty()
        };
        parts.len() == lengths.len() && parts.iter().zip(lengths).all(fits)
    };
    numbers(version, '.', &[0, 0, 0])
        && date.strip_suffix(')').is_some_and(|date| numbers(date, '-', &[4, 2, 2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_changelog_is_silent() {
        let text = "# Changelog\n\n## Unreleased\n\n### FEATURES\n\n- provider: Starts.\n- `rule/x`: New.\n\n\
                    ## 0.1.0 (2026-11-21)\n\n### NOTES\n\n- function/harden: Slow.\n";
        assert_eq!(problems(text), [""; 0]);
    }

    #[test]
    fn every_kind_of_mistake_is_reported() {
        for (text, expected) in [
            ("## Unreleased\n", "begin with"),
            ("# Changelog\n", "no release"),
            ("# Changelog\n## 1.0 (2026-11-21)\n", "write `## Unreleased`"),
            ("# Changelog\n## 1.0.0 (21 Nov)\n", "write `## Unreleased`"),
            ("# Changelog\n## Unreleased\n### ADDED\n", "no such group"),
            ("# Changelog\n## Unreleased\n### NOTES\n### NOTES\n", "out of order"),
            ("# Changelog\n## Unreleased\n- provider: x\n", "below a group"),
            ("# Changelog\n## Unreleased\n### NOTES\n- faster\n", "begin with what it concerns"),
        ] {
            let problems = problems(text);
            assert!(problems.iter().any(|problem| problem.contains(expected)), "{text}: {problems:?}");
        }
    }
}
