//! Jobs of Nomad, in HCL and in the JSON of its API.

use super::{Dialect, Read};
use crate::document::{Change, Node, Origins, Path, Step, hcl};
use crate::nomad::{self, LAYOUT};
use crate::rules::Json;
use crate::rules::fix::{Edit, Form};

/// The dialect.
pub(super) struct Nomad;

impl Dialect for Nomad {
    fn workloads(&self, job: &Node) -> Vec<(Node, Origins)> {
        nomad::workloads(job)
    }

    fn rewritten(&self, read: &Read<'_>, path: &Path, value: Option<&Node>) -> Option<Vec<Change>> {
        nomad::rewritten(read.document, read.tree, read.origins, path, value)
    }

    fn form(&self, document: &Node) -> &'static dyn Form {
        match nomad::Form::of(document) {
            Some(nomad::Form::Api) => &Json,
            _ => &Hcl,
        }
    }

    fn summary(&self, rule: &str) -> Option<&'static str> {
        Some(match rule {
            "agent-volume-shared" => "A task can write to a volume of the Agent",
            "dependency-cycle" => "Tasks wait for each other",
            "dependency-target-missing" => "A task waits for one that does not exist",
            "init-container-cannot-write" => {
                "The init task's user cannot write to the directory that it fills"
            }
            "init-container-copies-nothing" => {
                "The init task does not fill the Agent's configuration directory"
            }
            "init-container-not-awaited" => "The Agent does not wait for its init task",
            "init-container-version-differs" => "The init task has another version than the Agent",
            "mount-without-volume" => "A task mounts a volume that its group does not have",
            "root-filesystem-writable" => "A task has a writable root filesystem",
            "two-agents" => "Two Datadog Agents run in one group",
            _ => return None,
        })
    }

    fn called(&self, written: &Path, inside: &Path) -> String {
        match in_a_task(written) {
            Some((Some(task), way)) => format!("{} of task \"{task}\"", called(way)),
            _ => inside.to_string(),
        }
    }

    fn left_to_its_author(&self, removed: &Path) -> Option<&'static str> {
        let is_variable = removed.0.get(2) == Some(&Step::Key("environment".to_owned()));
        is_variable.then_some("Take its line out of the template as well.")
    }

    fn advice(&self, rule: &str) -> Option<&'static str> {
        Some(match rule {
            // A name that stands in the text of a template is changed by nobody but its author.
            "agent-api-key-missing" => {
                "Give the task a variable of the name DD_API_KEY, from a `template` with `env = true`."
            }
            // What kind of volume it is, and of what, only its author knows.
            "mount-without-volume" => {
                "Declare the volume in the group, as a block `volume` with `type` and `source`, or mount a directory of the allocation: \
             `volumes = [\"../alloc/NAME:PATH\"]` in `config`."
            }
            _ => return None,
        })
    }
}

/// The form of HCL.
#[derive(Debug)]
struct Hcl;

/// The longest line that is repeated in a sentence, in bytes.
const LONGEST: usize = 300;

/// Blocks of which there is one in a task, so that nobody counts them.
const SINGLE: [&str; 5] = ["config", "env", "lifecycle", "resources", "restart"];

impl Form for Hcl {
    fn scalar(&self, value: &Node) -> String {
        hcl::write_expression(value)
    }

    fn key(&self, key: &str) -> String {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        let is_plain = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && key.chars().all(is_letter);
        if is_plain { key.to_owned() } else { self.scalar(&key.into()) }
    }

    fn separator(&self) -> &'static str {
        " = "
    }

    fn phrase(&self, edit: &Edit) -> Option<String> {
        let (task, inside) = in_a_task(&edit.path)?;
        let Some(task) = task else {
            return match &edit.value {
                Some(task) => Some(format!("add a task:\n\n{}", lines("task", task)?)),
                None => Some(format!("remove {}", edit.what()?)),
            };
        };
        let of = format!("task \"{task}\"");
        let (last, way) = inside.split_last()?;
        match (way, last, &edit.value) {
            ([], Step::Key(key), Some(Node::Array(blocks))) if is_block(key) => {
                return Some(format!("write in {of}:\n\n{}", lines(key, blocks.first()?)?));
            }
            ([Step::Key(key)], Step::Index(_), Some(block)) if is_block(key) => {
                return Some(format!("add to {of}:\n\n{}", lines(key, block)?));
            }
            _ => {}
        }
        let of = match called(way).as_str() {
            "" => of,
            way => format!("{way} of {of}"),
        };
        let phrase = match (last, &edit.value) {
            (Step::Key(key), Some(value)) => format!("write {} in {of}", self.member(key, value)),
            (Step::Index(_), Some(value)) => format!("add {} to {of}", self.value(value)),
            (Step::Key(key), None) => {
                format!("remove {} from {of}", edit.what().map_or_else(|| self.key(key), str::to_owned))
            }
            (Step::Index(index), None) => match edit.what() {
                Some(what) => format!("remove {what} from {of}"),
                None => format!("remove item {} from {of}", index + 1),
            },
        };
        (phrase.len() <= LONGEST).then_some(phrase)
    }
}

fn is_block(key: &str) -> bool {
    LAYOUT.blocks.iter().any(|(block, _)| *block == key)
}

/// A block as lines of their own.
fn lines(key: &str, block: &Node) -> Option<String> {
    let block = Node::from([(key, vec![block.clone()].into())]);
    let text = hcl::write(&block, &LAYOUT).ok()?;
    let lines: Vec<String> = text.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
    Some(lines.join("\n"))
}

/// The task that a place is in, and the way from there; without a name it is a place for one more task.
fn in_a_task(path: &Path) -> Option<(Option<&str>, &[Step])> {
    let at = path.0.iter().position(|step| *step == Step::Key("task".to_owned()))?;
    match &path.0[at + 1..] {
        [Step::Index(_)] => Some((None, &[])),
        [Step::Index(_), Step::Key(name), inside @ ..] => Some((Some(name), inside)),
        _ => None,
    }
}

/// A way in a task as it is spoken of: `volumes in config`.
fn called(way: &[Step]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for step in way {
        match (step, parts.last_mut()) {
            (Step::Index(0), Some(last)) if SINGLE.contains(&last.as_str()) => {}
            (Step::Index(index), Some(last)) => last.push_str(&format!("[{index}]")),
            (Step::Key(key), _) => parts.push(key.clone()),
            (Step::Index(_), None) => {}
        }
    }
    parts.reverse();
    parts.join(" in ")
}

#[cfg(test)]
mod tests;
