//! Comments in a file that let findings pass: `# ddrofs: ignore[rule]`, at the end of a finding's line or on lines of their own
//! before it.

use std::collections::BTreeSet;

use crate::document::Path;
use crate::report::Checked;
use crate::rules::policy::rule_named;

/// What a comment begins with, whatever sign a format has for comments.
const SIGN: &str = "ddrofs: ignore[";

/// Lets pass what comments name. `enforced`: place and rule of what no comment lets pass.
pub(super) fn let_pass(checked: &mut Checked, text: &str, enforced: &BTreeSet<(Path, &'static str)>) {
    let Ok(judged) = &mut checked.outcome else { return };
    if judged.entries.is_empty() || !text.contains(SIGN) {
        return;
    }
    let lines: Vec<&str> = text.lines().collect();
    for entry in &mut judged.entries {
        let Some(place) = entry.place else { continue };
        let Some(line) = commented(&lines, place.line, entry.finding.rule) else { continue };
        if enforced.contains(&(entry.finding.path.clone(), entry.finding.rule)) {
            entry.finding.says.push_str(&format!(
                " The comment on line {line} does not let it pass, because what is enforced needs a waiver with a reason and an end."
            ));
        } else {
            entry.ignored = Some(line);
        }
    }
}

/// The line of the comment that names a rule for a line.
fn commented(lines: &[&str], line: usize, rule: &str) -> Option<usize> {
    let names = |line: usize| {
        line.checked_sub(1)
            .and_then(|at| lines.get(at))
            .is_some_and(|text| rules(text).any(|name| name == rule))
    };
    if names(line) {
        return Some(line);
    }
    let is_alone = |line: &usize| {
        let text = line.checked_sub(1).and_then(|at| lines.get(at)).map_or("", |text| text.trim_start());
        text.starts_with(['#', '/'])
    };
    (1..line).rev().take_while(is_alone).find(|line| names(*line))
}

/// The rules that the comments of a line name.
fn rules(line: &str) -> impl Iterator<Item = &str> {
    let behind = line.split(SIGN).skip(1).filter(|_| line.contains(['#', '/']));
    behind.filter_map(|behind| behind.split(']').next()).flat_map(|names| names.split(',').map(str::trim))
}

/// Names in comments that no rule has, with their lines.
pub(super) fn unknown_rules(text: &str) -> Vec<(usize, String)> {
    if !text.contains(SIGN) {
        return Vec::new();
    }
    let each =
        text.lines().enumerate().flat_map(|(index, line)| rules(line).map(move |name| (index + 1, name)));
    each.filter_map(|(line, name)| Some((line, rule_named(name).err()?.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_for_its_line_and_for_the_one_behind_it() {
        let text = "a: 1 # ddrofs: ignore[root-user, image-invalid]\n# ddrofs: ignore[root-user]\n# why\nb: 2\nc: 3\n";
        let lines: Vec<&str> = text.lines().collect();
        for (line, rule, expected) in [
            (1, "root-user", Some(1)),
            (1, "image-invalid", Some(1)),
            (1, "unknown-key", None),
            (4, "root-user", Some(2)),
            (4, "image-invalid", None),
            (5, "root-user", None),
        ] {
            assert_eq!(commented(&lines, line, rule), expected, "{line} {rule}");
        }
        assert_eq!(unknown_rules(text), []);
        let unknown = unknown_rules("a: 1\nb: 2 # ddrofs: ignore[root-usr]\n");
        assert!(unknown.len() == 1 && unknown[0].0 == 2 && unknown[0].1.contains("root-user"), "{unknown:?}");
    }
}
