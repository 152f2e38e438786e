//! One document: from its file to what was found in it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::document::{JsonProblem, Places, json::MAX_BYTES};
use crate::ecs::{self, Note, NoteKind, TextProblem};
use crate::report::{Artifact, Checked, Unreadable};
use crate::rules;
use crate::task::{self, Around, OperatingSystem, Seen, TaskDefinition};

use super::arguments::Source;

/// What to do about a text that is no JSON.
const FIX_JSON: &str = "Correct the text there. Nothing in this document was checked.";

/// What to do about JSON that is something else.
const FIX_FORM: &str = "Give a list of container definitions, a task definition, or what \
                        `aws ecs describe-task-definition` prints. Nothing in this document was checked.";

/// Reads a document and judges it.
pub(super) fn check(source: &Source, around: &Around, input: &mut dyn Read) -> Checked {
    let (artifact, bytes) = match source {
        Source::StandardInput => (Artifact::Unfiled("standard input".to_owned()), read(input)),
        Source::File(path) => (Artifact::File(path.to_string_lossy().into_owned()), read_file(path)),
    };
    let problem = |detail: String, fix: &str| {
        vec![Unreadable { detail: format!("{detail}."), fix: fix.to_owned(), place: None }]
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let fix = "Name a file that exists and may be read.";
            return Checked::unreadable(artifact, problem(format!("It cannot be read: {error}"), fix));
        }
    };
    if bytes.len() > MAX_BYTES {
        let detail = format!("It is longer than {MAX_BYTES} bytes, the most that is read; ECS takes 65536");
        return Checked::unreadable(artifact, problem(detail, FIX_FORM));
    }
    match String::from_utf8(bytes) {
        Ok(text) => judge(artifact, &text, around),
        Err(_) => {
            let detail = "It is not UTF-8 text, which JSON has to be".to_owned();
            Checked::unreadable(artifact, problem(detail, "Save it as UTF-8."))
        }
    }
}

/// Judges a text as it stands.
pub(super) fn judge(artifact: Artifact, text: &str, around: &Around) -> Checked {
    let reading = match ecs::read_text(text, ecs::read) {
        Ok(reading) => reading,
        Err(TextProblem::Json(problems)) => return Checked::unreadable(artifact, not_json(text, &problems)),
        Err(TextProblem::Form(problem)) => {
            let detail = format!("It is no task definition: {problem}.");
            let problem = Unreadable { detail, fix: FIX_FORM.to_owned(), place: None };
            return Checked::unreadable(artifact, vec![problem]);
        }
    };
    let seen = Seen::of(reading.document.clone(), around);
    let judgement = rules::judge_reading(&reading, &seen, true);
    let is_told = |note: &Note| !note.is_quiet() && !note.is_found_in_text();
    let mut notes: Vec<Note> = reading.notes.into_iter().filter(is_told).collect();
    notes.extend(taken_for_windows(&seen));
    notes.extend(TaskDefinition::read(&seen.subject(None)).notes());
    Checked::judged(artifact, Some(text), notes, judgement)
}

fn not_json(text: &str, problems: &[JsonProblem]) -> Vec<Unreadable> {
    let places = Places::of(text);
    let problem = |problem: &JsonProblem| {
        let at_fault = problem.position.map(|(line, byte)| places.at_byte(line, byte));
        let at = if problem.path.0.is_empty() { String::new() } else { format!("{}: ", problem.path) };
        Unreadable {
            detail: format!("It was read as JSON: {at}{}.", problem.kind),
            fix: FIX_JSON.to_owned(),
            place: at_fault.or_else(|| places.find(&problem.path)),
        }
    };
    problems.iter().map(problem).collect()
}

/// What was taken to be so, and can be told otherwise.
fn taken_for_windows(seen: &Seen) -> Option<Note> {
    let is_taken = seen.operating_system == Some(OperatingSystem::Windows);
    let path = is_taken.then(|| task::says_windows(seen.document.get("containerDefinitions").items()))??;
    let text = "taken for a Windows task's because of this; --operating-system-family LINUX says otherwise"
        .to_owned();
    Some(Note { kind: NoteKind::Assumed, path, text })
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    read(&mut File::open(path)?)
}

/// Reads no more than a document may have, and a byte to tell that it has more.
fn read(input: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
