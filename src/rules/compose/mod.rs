//! Compose files before the rules: judged as the workload that they say, with every finding at its place of the file and every
//! line to write in the file's own words.

use crate::compose::{self, Change, Origins};
use crate::document::{Node, Path, Step, to_json, yaml};
use crate::rofs::settings::Settings;
use crate::task::{DocumentKind, Subject};

use super::fix::{Edit, Fix, Form, value_at};
use super::{Judgement, judge};

/// What the rules say of a Compose file, whether somebody gives it or we made it. `agent`: the Agent that was asked for, where
/// one was. Paths are those of the file.
pub fn judge_compose(file: &Node, agent: Option<&Settings>) -> Judgement {
    let (tree, origins) = compose::workload(file);
    let subject = Subject { kind: DocumentKind::Compose, agent, ..Subject::of(&tree) };
    let mut judgement = judge(&subject);
    let words = Words { file, tree: &tree, origins: &origins };
    for finding in &mut judgement.findings {
        finding.path = origins.of(&finding.path);
        finding.summary = summary(finding.rule).unwrap_or(finding.summary);
        let fix = std::mem::take(&mut finding.fix);
        finding.fix = words.fix(fix);
    }
    judgement.findings.sort_by(|one, other| (&one.path, one.rule).cmp(&(&other.path, other.rule)));
    judgement
}

/// The summary of a finding where the one of its rule speaks of a task.
fn summary(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "mount-without-volume" => "A service mounts a volume that the file does not have",
        "two-agents" => "Two Datadog Agents run in one project",
        _ => return None,
    })
}

/// What a line to write is put into.
struct Words<'a> {
    file: &'a Node,
    tree: &'a Node,
    origins: &'a Origins,
}

impl Words<'_> {
    fn fix(&self, fix: Fix) -> Fix {
        let fix = fix.translated(|edit| self.edits(edit));
        // A variable that is taken out and set again is set.
        let kept: Vec<Path> =
            fix.edits().iter().filter(|edit| edit.value.is_some()).map(|edit| edit.path.clone()).collect();
        fix.translated(|edit| {
            let is_set_again =
                edit.value.is_none() && edit.destination().is_none() && kept.contains(&edit.path);
            if is_set_again { Vec::new() } else { vec![edit.clone()] }
        })
    }

    fn edits(&self, edit: &Edit) -> Vec<Edit> {
        if let Some(to) = edit.destination() {
            return vec![
                edit.instead(Edit::moved(self.origins.of(&edit.path), self.moved_to(&edit.path, to))),
            ];
        }
        let changes = compose::rewritten(self.file, self.tree, self.origins, &edit.path, edit.value.as_ref());
        let changes = changes.unwrap_or_default();
        changes.into_iter().map(|change| self.edit(edit, change)).collect()
    }

    /// Where a member goes that gets another key beside its own.
    fn moved_to(&self, from: &Path, to: &Path) -> Path {
        let mut place = self.origins.of(from);
        if let (Some(here), Some(Step::Key(key))) = (place.0.last_mut(), to.0.last()) {
            *here = Step::Key(key.clone());
        }
        place
    }

    fn edit(&self, edit: &Edit, change: Change) -> Edit {
        let edit = match change {
            Change::Remove(path) => edit.instead(Edit::without(path)),
            Change::Move(from, to) => {
                let named = |path: &Path| match path.0.last() {
                    Some(Step::Key(key)) => key.clone(),
                    _ => String::new(),
                };
                let phrase = format!("rename {} to {}", named(&from), named(&to));
                edit.instead(Edit::moved(from, to)).called(phrase)
            }
            Change::Set(path, value) => {
                let is_item = matches!(path.0.last(), Some(Step::Index(_)));
                let is_there = !value_at(self.file, &path).is_null();
                let line = format!("- {}", Yaml.value(&value));
                let place = Path(path.0.get(2..).unwrap_or_default().to_vec());
                let written = edit.instead(Edit::at(path, value));
                match (edit.path.0.last(), edit.value.as_ref().and_then(Node::as_str)) {
                    // What a variable has beside its name may be a secret.
                    (Some(Step::Key(key)), Some(name)) if key == "name" && is_item => {
                        written.told(format!("rename the variable of {place} to {name}"))
                    }
                    _ if is_item && is_there && !edit.is_told() => {
                        written.told(format!("write {line} in {place}"))
                    }
                    _ => written,
                }
            }
        };
        let is_of_a_service = edit.path.0.len() > 2;
        if is_of_a_service { edit } else { edit.inside("the Compose file") }
    }
}

/// The form of a Compose file.
#[derive(Debug, Clone, Copy)]
pub struct Yaml;

impl Form for Yaml {
    fn scalar(&self, value: &Node) -> String {
        let text = to_json(value).unwrap_or_default();
        match value {
            Node::String(plain) if is_plain(plain) => plain.clone(),
            _ => text,
        }
    }

    fn key(&self, key: &str) -> String {
        self.scalar(&key.into())
    }

    fn separator(&self) -> &'static str {
        ": "
    }

    fn bullet(&self) -> &'static str {
        "- "
    }

    /// A whole service takes several lines.
    fn phrase(&self, edit: &Edit) -> Option<String> {
        match (edit.path.0.as_slice(), &edit.value) {
            ([Step::Key(services), Step::Key(name)], Some(service)) if services == "services" => {
                let service = Node::from([(name.as_str(), service.clone())]);
                let lines = yaml::write(&Node::from([("services", service)]), &FIRST).ok()?;
                let lines: Vec<String> = lines.lines().map(|line| format!("    {line}")).collect();
                Some(format!("add a service:\n\n{}", lines.join("\n")))
            }
            _ => None,
        }
    }
}

/// The keys of a service that come first in a line to write.
const FIRST: [&str; 3] = ["image", "user", "read_only"];

/// Whether a text needs no quotes, in a list of one line either.
fn is_plain(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./@+=$".contains(letter);
    let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || "_./$".contains(letter));
    let colons_are_inside = !text.ends_with(':') && !text.contains(": ");
    let is_word = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    begins && colons_are_inside && !is_word && text.chars().all(|letter| is_plain(letter) || letter == ':')
}

#[cfg(test)]
mod tests;
