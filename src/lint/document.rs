//! A file: from its bytes to what was found in each document that it holds.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path as FilePath;

use crate::document::{Change, Path, Place, json::MAX_BYTES};
use crate::ecs::{self, Form, InputProblem, Note, NoteKind, Reading};
use crate::found::terraform::{self, Resource, ResourceProblem, Shown};
use crate::found::{self, Document, Found, Language, Other, Problem};
use crate::report::{Artifact, Checked, Entry, Unreadable, may_be_shown};
use crate::rules::{self, Certainty, Judgement, Spelling};
use crate::task::{self, DocumentKind, OperatingSystem, Seen, TaskDefinition};

use super::comments::Comments;
use super::diff;
use super::inputs::{Input, Source};
use super::mend::{self, Judged, Mend};
use super::settings::{Decided, Mending, Settings};
use super::write;

/// What to do about a text that is neither JSON nor YAML.
const FIX_TEXT: &str = "Correct the text there. Nothing in this file was checked.";

/// What to do about a document that is something else.
const FIX_FORM: &str = "Give a list of container definitions, a task definition, what `aws ecs describe-task-definition` \
                        prints, a CloudFormation template, what `terraform show -json` prints, a Compose file or a manifest of \
                        Kubernetes. Nothing in this document was checked.";

/// What is said of a file.
pub(super) enum Told {
    /// A document in it was checked, or cannot be.
    Checked(Checked),
    /// Nothing in it is to be checked, and that is as it should be.
    PassedOver {
        /// The name of the file.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// What would be written.
    Difference(String),
    /// What was mended in a file, and could not be written.
    NotWritten {
        /// The name of the file.
        name: String,
        /// Why.
        why: String,
    },
}

/// Reads a file and judges every document in it. A file that was found in a folder is passed over in silence where it is about
/// something else.
pub(super) fn check(
    input: &Input,
    settings: &Settings,
    standard_input: &mut dyn Read,
    tell: &mut dyn FnMut(Told),
) {
    let (artifact, language) = match &input.source {
        Source::StandardInput => (Artifact::Unfiled("standard input".to_owned()), Language::Either),
        Source::File(path) => (Artifact::File(path.to_string_lossy().into_owned()), language_of(path)),
    };
    let mut file;
    let stream: &mut dyn Read = match &input.source {
        Source::StandardInput => standard_input,
        Source::File(path) => match File::open(path) {
            Ok(opened) => {
                file = opened;
                &mut file
            }
            Err(error) => return tell(unreadable(&artifact, cannot_be_read(&error))),
        },
    };
    let path = match &input.source {
        Source::StandardInput => None,
        Source::File(path) => Some(path.as_path()),
    };
    let is_template = path.is_some_and(|path| settings.is_template(path));
    let folder = &input.folder;
    let mut checker =
        Checker { artifact, path, folder, is_by_hand: input.is_by_hand, is_template, settings, tell };
    checker.stream(stream, language);
}

/// JSON and YAML have names of their own, before the end that makes a template of a file. Everything else may be called as it likes.
fn language_of(path: &FilePath) -> Language {
    let language = |path: &FilePath| match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Some(Language::Json),
        Some("yaml" | "yml") => Some(Language::Yaml),
        _ => None,
    };
    language(path).or_else(|| language(FilePath::new(path.file_stem()?))).unwrap_or(Language::Either)
}

struct Checker<'a> {
    artifact: Artifact,
    path: Option<&'a FilePath>,
    folder: &'a FilePath,
    is_by_hand: bool,
    is_template: bool,
    settings: &'a Settings,
    tell: &'a mut dyn FnMut(Told),
}

impl Checker<'_> {
    fn stream(&mut self, stream: &mut dyn Read, language: Language) {
        let mut head = Vec::new();
        // No more than a document may have, and a byte to tell that it has more.
        if let Err(error) = stream.take(MAX_BYTES as u64 + 1).read_to_end(&mut head) {
            return self.unreadable(cannot_be_read(&error));
        }
        if head.len() > MAX_BYTES {
            let begin = String::from_utf8_lossy(&head[..head.len().min(200)]).into_owned();
            if terraform::begins(&begin) {
                return self.plan(BufReader::new(head.chain(stream)));
            }
            let detail =
                format!("It is longer than {MAX_BYTES} bytes, the most that is read; ECS accepts 65536.");
            return self.unreadable_if_ours(&head, problem(detail, FIX_FORM));
        }
        if let Some(detail) = no_text(&head) {
            return self.unreadable_if_ours(&head, problem(detail.to_owned(), "Save it as UTF-8."));
        }
        match String::from_utf8(head) {
            Ok(text) => self.text(&text, language),
            Err(error) => {
                let detail = "It is not UTF-8 text, which JSON and YAML have to be.".to_owned();
                self.unreadable_if_ours(error.as_bytes(), problem(detail, "Save it as UTF-8."));
            }
        }
    }

    fn text(&mut self, text: &str, language: Language) {
        if !self.is_by_hand && !found::mentions(text, false) {
            return;
        }
        if terraform::begins(text) {
            return self.plan(text.as_bytes());
        }
        if !self.is_by_hand && found::is_empty(text) {
            return;
        }
        let is_json = language == Language::Json || language == Language::Either && found::is_json(text);
        let masked = self.is_template.then(|| found::masked(text, is_json));
        let read = match &masked {
            Some(masked) => Found::read_masked(masked, if is_json { Language::Json } else { Language::Yaml }),
            None => Found::read(text, language),
        };
        let mut found = match read {
            Ok(found) => found,
            Err(_) if self.is_by_hand && found::is_job_of_nomad(text) => return self.job_of_nomad(),
            Err(problems) => {
                // A chart is full of manifests that somebody else fills in.
                let is_ours = found::mentions(text, true) || !text.contains("{{");
                if self.is_by_hand || is_ours {
                    self.unreadable(problems.into_iter().map(of_text).collect());
                }
                return;
            }
        };
        let comments = Comments::of(&found, masked.as_deref().unwrap_or(text));
        let has_documents = !found.documents.is_empty();
        if has_documents {
            self.comments(&comments);
        }
        let documents = std::mem::take(&mut found.documents);
        let judged: Vec<Judged> =
            documents.into_iter().map(|document| self.judged(document, &found, &comments, text)).collect();
        for checked in self.mended(judged, text, language) {
            (self.tell)(Told::Checked(checked));
        }
        // What stands beside documents, such as the Service of a Deployment, needs no word, and what is said once no second one.
        let mut told = has_documents;
        for other in std::mem::take(&mut found.others) {
            let is_said = other == Other::Object && std::mem::replace(&mut told, true);
            if !is_said {
                self.other(other, &mut found, &comments, text);
            }
        }
    }

    /// Tells of comments that let pass what no rule finds.
    fn comments(&mut self, comments: &Comments) {
        for (line, problem) in comments.unknown_rules() {
            let detail = format!("A comment lets a rule pass that there is not. {problem}");
            let fix = "Correct the comment. Everything else in this file was checked.".to_owned();
            self.unreadable(vec![Unreadable { detail, fix, place: Some(Place { line, column: 1 }) }]);
        }
    }

    /// What is nothing to judge is told where somebody named the file.
    fn other(&mut self, other: Other, found: &mut Found<'_>, comments: &Comments, text: &str) {
        if !self.is_by_hand {
            return;
        }
        match other {
            Other::Template => self.passed_over("no task definition is among the resources of this template"),
            Other::Object => self.passed_over("there is no Pod in it"),
            Other::State => {
                let detail = "It is Terraform's own file of a state.".to_owned();
                self.unreadable(problem(detail, "Give what `terraform show -json` prints of it."));
            }
            Other::Unknown(_) if found::is_job_of_nomad(text) => self.job_of_nomad(),
            Other::Unknown(node) => {
                let document = found.take_for_a_task_definition(node);
                let judged = self.judged(document, found, comments, text);
                (self.tell)(Told::Checked(judged.checked));
            }
        }
    }

    /// Jobs are judged where their expressions stay their author's.
    fn job_of_nomad(&mut self) {
        let detail = "It is a job of Nomad, which this subcommand does not read.".to_owned();
        let fix = "Give it to the data source ddrofs_agent_nomad, as job = file(\"...\"), which judges it at plan. Nothing in this \
                   document was checked.";
        self.unreadable(problem(detail, fix));
    }

    /// What is shown of a plan or a state.
    fn plan(&mut self, stream: impl Read) {
        let mut resources = 0;
        let decide = Decide { settings: self.settings, path: self.path, is_template: false };
        let artifact = &self.artifact;
        let tell = &mut *self.tell;
        let read = terraform::read(stream, &mut |resource| {
            resources += 1;
            tell(Told::Checked(resource_judged(artifact, resource, &decide)));
        });
        match read {
            Ok(Shown::PlanOrState) if resources == 0 && self.is_by_hand => {
                self.passed_over("no task definition is in this plan or state");
            }
            Ok(Shown::PlanOrState) => {}
            Ok(Shown::Nothing) if !self.is_by_hand => {}
            Ok(Shown::Nothing) => {
                self.unreadable(problem(
                    "It is neither a plan nor a state of Terraform.".to_owned(),
                    FIX_FORM,
                ));
            }
            Err(error) => {
                let place = Place { line: error.line().max(1), column: error.column().max(1) };
                let said = error.to_string();
                let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
                let detail = format!("It was read as what `terraform show -json` prints: {said}.");
                let fix = "Print it anew. What stands before this place was checked.".to_owned();
                self.unreadable(vec![Unreadable { detail, fix, place: Some(place) }]);
            }
        }
    }

    /// Mends what is certain, where somebody asked for that.
    fn mended(&mut self, judged: Vec<Judged>, text: &str, language: Language) -> Vec<Checked> {
        let checked =
            |documents: Vec<Judged>| documents.into_iter().map(|document| document.checked).collect();
        let (Some(mending), false) = (self.settings.mending, self.is_template) else {
            return checked(judged);
        };
        let mended = mend::mend(text, judged.clone(), &|text| {
            let mut found = Found::read(text, language).ok()?;
            let documents = std::mem::take(&mut found.documents);
            let comments = Comments::of(&found, text);
            Some(
                documents
                    .into_iter()
                    .map(|document| self.judged(document, &found, &comments, text))
                    .collect(),
            )
        });
        let name = self.artifact.name().to_owned();
        if mended.fixed.is_empty() {
            return checked(mended.documents);
        }
        match (mending, self.path) {
            (Mending::Write, Some(path)) => {
                if let Err(why) = write::replace(path, self.folder, text.as_bytes(), &mended.text()) {
                    (self.tell)(Told::NotWritten { name, why: why.to_string() });
                    return checked(judged);
                }
                let mut documents: Vec<Checked> = checked(mended.documents);
                for (document, entry) in mended.fixed {
                    documents[document].fixed.push(entry);
                }
                documents
            }
            _ => {
                let (changes, after) = (mended.changes(), mended.text());
                let difference =
                    diff::diff(&name, &shown(text, language), &shown(&after, language), &changes);
                (self.tell)(Told::Difference(difference));
                checked(judged)
            }
        }
    }

    fn judged(&self, mut document: Document, found: &Found<'_>, comments: &Comments, text: &str) -> Judged {
        let decide = Decide { settings: self.settings, path: self.path, is_template: self.is_template };
        let name = document.name.take();
        let node = std::mem::take(&mut document.node);
        let find = |paths: &[&Path]| found.places(&document, paths);
        let mut spelling = Spelling { yaml: found.is_yaml(&document), cloud_formation: false };
        let (mut checked, enforced) = match document.kind {
            DocumentKind::TaskDefinition => match ecs::read(node) {
                Ok(reading) => {
                    let reading = reading.with_repeated(std::mem::take(&mut document.repeated.clone()));
                    spelling.cloud_formation = reading.form == Form::CloudFormation;
                    task_definition_judged(&self.artifact, reading, &decide, true, spelling, &find)
                }
                Err(problem) => {
                    let checked = Checked::unreadable(self.artifact.clone(), no_task_definition(problem));
                    (checked, BTreeSet::new())
                }
            },
            kind => {
                let Decided { judgement, enforced } = decide.of(rules::judge_document(kind, &node, None));
                let form = rules::form_of(kind);
                (Checked::placed(self.artifact.clone(), &find, form, Vec::new(), judgement), enforced)
            }
        };
        comments.let_pass(&mut checked, &enforced);
        checked.show_lines(text);
        let mends = match self.settings.mending {
            Some(_) if !self.is_template => mends(&checked, &enforced, &document, found, spelling),
            Some(_) => {
                leave(&mut checked, &enforced, "the file is a template, of which only parts are known");
                Vec::new()
            }
            None => Vec::new(),
        };
        Judged { checked: checked.inside(name), mends }
    }

    fn unreadable(&mut self, problems: Vec<Unreadable>) {
        (self.tell)(unreadable(&self.artifact, problems));
    }

    /// Tells that a file cannot be read, but where it was found in a folder and nothing in it says that it is for ECS.
    fn unreadable_if_ours(&mut self, bytes: &[u8], problems: Vec<Unreadable>) {
        let wide = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != 0).collect::<Vec<u8>>();
        if self.is_by_hand || found::mentions(&String::from_utf8_lossy(&wide(bytes)), true) {
            self.unreadable(problems);
        }
    }

    fn passed_over(&mut self, why: &'static str) {
        (self.tell)(Told::PassedOver { name: self.artifact.name().to_owned(), why });
    }
}

/// Whether what to write for a finding is certain.
fn is_certain(entry: &Entry, enforced: &Enforced) -> bool {
    let Entry { finding, .. } = entry;
    let may_be_written = match finding.fix.certainty() {
        Certainty::Certain => true,
        Certainty::WhereEnforced => enforced.contains(&(finding.path.clone(), finding.rule)),
        Certainty::Open => false,
    };
    may_be_written && !entry.is_let_pass()
}

/// What can be mended in a document.
fn mends(
    checked: &Checked,
    enforced: &Enforced,
    document: &Document,
    found: &Found<'_>,
    spelling: Spelling,
) -> Vec<Mend> {
    let Some((start, text, language)) = found.part(document) else { return Vec::new() };
    let mend = |(entry, of): (usize, &Entry)| {
        let changes = spelling.changes(&of.finding.fix).into_iter().map(|change| match change {
            Change::Set(path, value) => Change::Set(document.written(&path), value),
            Change::Remove(path) => Change::Remove(document.written(&path)),
            Change::Move(from, to) => Change::Move(document.written(&from), document.written(&to)),
        });
        Mend { entry, start, length: text.len(), language, changes: changes.collect() }
    };
    let entries = checked.entries().iter().enumerate();
    entries.filter(|(_, entry)| is_certain(entry, enforced)).map(mend).collect()
}

/// Says of what is certain why it is not mended.
fn leave(checked: &mut Checked, enforced: &Enforced, reason: &str) {
    let Ok(judged) = &mut checked.outcome else { return };
    let certain = judged.entries.iter_mut().filter(|entry| is_certain(entry, enforced));
    certain.for_each(|entry| entry.left = Some(reason.to_owned()));
}

/// What of a text may be shown.
fn shown(text: &str, language: Language) -> diff::Shown<'_> {
    let mut hidden = Vec::new();
    if let Ok(found) = Found::read(text, language) {
        let scalars = found.scalars().into_iter();
        hidden.extend(scalars.filter(|(path, _)| !may_be_shown(path)).map(|(_, range)| range));
        // The sign of a comment says nothing.
        hidden.extend(found.comments().into_iter().map(|range| range.start + 1..range.end));
        hidden.retain(|range| !text[range.clone()].trim().is_empty());
        hidden.sort_by_key(|range| range.start);
    }
    diff::Shown { text, hidden }
}

/// What is made of judgements of a file.
struct Decide<'a> {
    settings: &'a Settings,
    path: Option<&'a FilePath>,
    is_template: bool,
}

impl Decide<'_> {
    fn of(&self, mut judgement: Judgement) -> Decided {
        if self.is_template {
            judgement.findings.retain(|finding| finding.rule != rules::PLACEHOLDER_LEFT);
        }
        self.settings.decide(judgement, self.path)
    }
}

/// Place and rule of findings that no comment lets pass.
type Enforced = BTreeSet<(Path, &'static str)>;

/// A task definition of a plan or a state. It was made by a program, on one line: nobody looks for a place in it.
fn resource_judged(artifact: &Artifact, resource: Resource, decide: &Decide<'_>) -> Checked {
    let Resource { address, values } = resource;
    let nowhere = |paths: &[&Path]| vec![None; paths.len()];
    let artifact = artifact.clone();
    let checked = match terraform::document(&values) {
        Ok(reading) => {
            let spelling = Spelling::default();
            let (mut checked, enforced) =
                task_definition_judged(&artifact, reading, decide, false, spelling, &nowhere);
            if decide.settings.mending.is_some() {
                leave(
                    &mut checked,
                    &enforced,
                    "Terraform writes what a plan or a state shows: mend the configuration",
                );
            }
            checked
        }
        Err(ResourceProblem::Text(problems)) => {
            let of_containers = |problem: Problem| {
                let detail = format!("container_definitions: {}.", problem.detail);
                Unreadable { detail, fix: FIX_TEXT.to_owned(), place: None }
            };
            Checked::unreadable(artifact, problems.into_iter().map(of_containers).collect())
        }
        Err(ResourceProblem::Form(problem)) => Checked::unreadable(artifact, no_task_definition(problem)),
    };
    checked.inside(Some(address))
}

/// Judges a task definition. `is_text`: it is written so, and goes to somebody else as it is.
fn task_definition_judged(
    artifact: &Artifact,
    reading: Reading,
    decide: &Decide<'_>,
    is_text: bool,
    spelling: Spelling,
    find: &dyn Fn(&[&Path]) -> Vec<Option<Place>>,
) -> (Checked, Enforced) {
    let seen = Seen::of(reading.document.clone(), &decide.settings.around);
    let Decided { judgement, enforced } = decide.of(rules::judge_reading(&reading, &seen, is_text));
    let is_told = |note: &Note| !(note.is_quiet() || is_text && note.is_found_in_text());
    let mut notes: Vec<Note> = reading.notes.into_iter().filter(is_told).collect();
    notes.extend(taken_for_windows(&seen));
    notes.extend(TaskDefinition::read(&seen.subject(None)).notes());
    (Checked::placed(artifact.clone(), find, spelling.form(), notes, judgement), enforced)
}

/// What was taken to be so, and can be told otherwise.
fn taken_for_windows(seen: &Seen) -> Option<Note> {
    let is_taken = seen.operating_system == Some(OperatingSystem::Windows);
    let path = is_taken.then(|| task::says_windows(seen.document.get("containerDefinitions").items()))??;
    let text = "taken for a Windows task's because of this; --operating-system-family LINUX says otherwise"
        .to_owned();
    Some(Note { kind: NoteKind::Assumed, path, text })
}

fn unreadable(artifact: &Artifact, problems: Vec<Unreadable>) -> Told {
    Told::Checked(Checked::unreadable(artifact.clone(), problems))
}

fn problem(detail: String, fix: &str) -> Vec<Unreadable> {
    vec![Unreadable { detail, fix: fix.to_owned(), place: None }]
}

fn cannot_be_read(error: &io::Error) -> Vec<Unreadable> {
    problem(format!("It cannot be read: {error}."), "Name a file or a folder that exists and may be read.")
}

fn no_task_definition(reason: InputProblem) -> Vec<Unreadable> {
    problem(format!("It is not a task definition: {reason}."), FIX_FORM)
}

fn of_text(problem: Problem) -> Unreadable {
    Unreadable { detail: format!("{}.", problem.detail), fix: FIX_TEXT.to_owned(), place: problem.place }
}

/// Why these bytes are no text that can be read, where that shows before they are looked at as text.
fn no_text(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Some("It is UTF-16 text, and JSON and YAML are read as UTF-8.")
        }
        bytes if bytes.contains(&0) => Some("It is a binary file."),
        _ => None,
    }
}
