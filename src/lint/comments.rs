//! Comments in a file that let findings pass: `# ddrofs: ignore[rule]`, at the end of a finding's line or on lines of their own
//! before it. What looks like one inside a text is none, and JSON has none.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Path;
use crate::found::Found;
use crate::report::Checked;
use crate::rules::policy::rule_named;

/// What a comment says before the names of the rules.
const SIGN: &str = "ddrofs: ignore[";

/// The comments of a text in which there is one that lets something pass; otherwise none.
#[derive(Debug, Default)]
pub(super) struct Comments {
    by_line: BTreeMap<usize, Comment>,
}

#[derive(Debug)]
struct Comment {
    /// The rules that it names.
    rules: Vec<String>,
    /// Whether nothing else is on its line.
    is_alone: bool,
}

impl Comments {
    /// Those of the text that this was found in.
    pub(super) fn of(found: &Found<'_>, text: &str) -> Self {
        if !text.contains(SIGN) {
            return Self::default();
        }
        let (mut line, mut at) = (1, 0);
        let comment = |range: std::ops::Range<usize>| {
            line += text[at..range.start].matches('\n').count();
            at = range.start;
            let before = text[..at].rsplit('\n').next().unwrap_or_default();
            let is_alone =
                before.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').is_empty();
            (line, Comment { rules: rules(&text[range]), is_alone })
        };
        Self { by_line: found.comments().into_iter().map(comment).collect() }
    }

    /// Lets pass what comments name. `enforced`: place and rule of what no comment lets pass.
    pub(super) fn let_pass(&self, checked: &mut Checked, enforced: &BTreeSet<(Path, &'static str)>) {
        let Ok(judged) = &mut checked.outcome else { return };
        for entry in &mut judged.entries {
            let Some(place) = entry.place else { continue };
            let Some(line) = self.line_of(place.line, entry.finding.rule) else { continue };
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
    fn line_of(&self, line: usize, rule: &str) -> Option<usize> {
        let names = |line: &usize| {
            self.by_line.get(line).is_some_and(|comment| comment.rules.iter().any(|name| name == rule))
        };
        if names(&line) {
            return Some(line);
        }
        let is_alone = |line: &usize| self.by_line.get(line).is_some_and(|comment| comment.is_alone);
        (1..line).rev().take_while(is_alone).find(names)
    }

    /// Names in comments that no rule has, with their lines.
    pub(super) fn unknown_rules(&self) -> Vec<(usize, String)> {
        let each = self
            .by_line
            .iter()
            .flat_map(|(line, comment)| comment.rules.iter().map(move |name| (*line, name)));
        each.filter_map(|(line, name)| Some((line, rule_named(name).err()?.to_string()))).collect()
    }
}

/// The rules that a comment names.
fn rules(comment: &str) -> Vec<String> {
    let behind = comment.split(SIGN).skip(1).filter_map(|behind| behind.split(']').next());
    behind.flat_map(|names| names.split(',').map(|name| name.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::Language;

    fn comments(text: &str) -> Comments {
        let found = Found::read(text, Language::Either);
        Comments::of(&found.unwrap_or_else(|problems| panic!("{text}: {problems:?}")), text)
    }

    #[test]
    fn a_comment_is_for_its_line_and_for_the_one_behind_it() {
        let text = "a: 1 # ddrofs: ignore[root-user, image-invalid]\n# ddrofs: ignore[root-user]\n# why\nb: 2\nc: 3\n---\nd: 4 # ddrofs: ignore[root-user]\n";
        let found = comments(text);
        for (line, rule, expected) in [
            (1, "root-user", Some(1)),
            (1, "image-invalid", Some(1)),
            (1, "unknown-key", None),
            (4, "root-user", Some(2)),
            (4, "image-invalid", None),
            (5, "root-user", None),
            (7, "root-user", Some(7)),
        ] {
            assert_eq!(found.line_of(line, rule), expected, "{line} {rule}");
        }
        assert_eq!(found.unknown_rules(), []);
        let unknown = comments("a: 1\nb: 2 # ddrofs: ignore[root-usr]\n").unknown_rules();
        assert!(unknown.len() == 1 && unknown[0].0 == 2 && unknown[0].1.contains("root-user"), "{unknown:?}");
    }

    #[test]
    fn what_looks_like_a_comment_inside_of_a_text_is_none() {
        for text in [
            "a: 'x # ddrofs: ignore[root-user]'\n",
            "a: |\n  # ddrofs: ignore[root-user]\nb: 1\n",
            "{\"a\": \"# ddrofs: ignore[root-user]\"}",
        ] {
            assert!(text.contains(SIGN));
            for line in 1..4 {
                assert_eq!(comments(text).line_of(line, "root-user"), None, "{text}");
            }
        }
    }
}
