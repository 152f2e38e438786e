//! Which documents a text holds, found by what it says: task definitions in every form, a CloudFormation template's among them,
//! Compose files, and objects of Kubernetes with a Pod in them. What Terraform shows of a plan or a state is found in
//! [`terraform`].
//!
//! Pure: gives trees with the way back to line and column, and judges none of them.

pub mod cloud_formation;
mod problem;
mod recognized;
mod template;
pub mod terraform;
#[cfg(test)]
mod tests;

pub use problem::Problem;
pub use recognized::{is_empty, is_job_of_nomad, mentions};
pub use template::masked;

use std::ops::Range;

use crate::document::{Node, Path, Place, Places, in_place, json, yaml};
use crate::ecs::Wrapping;
use crate::task::DocumentKind;

/// The language a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// JSON where the text begins as JSON does, and YAML otherwise.
    Either,
}

/// What was found in a text.
pub struct Found<'t> {
    /// The documents, in the order of the text.
    pub documents: Vec<Document>,
    /// What the text holds besides, which is nothing to judge.
    pub others: Vec<Other>,
    parts: Vec<Part<'t>>,
    /// Whether placeholders have made way for letters that say nothing.
    is_masked: bool,
}

/// A document to judge.
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// What it is called among those of its text: a logical id, a kind and a name. None where it is alone.
    pub name: Option<String>,
    /// What it says.
    pub node: Node,
    /// Keys that stand in one object more than once with one value, as places of `node`.
    pub repeated: Vec<Path>,
    part: usize,
    /// Where `node` is in its part.
    at: Path,
    /// What is around the task definition in `node`.
    wrapping: Wrapping,
}

/// Something that is no document to judge.
#[derive(Debug, Clone, PartialEq)]
pub enum Other {
    /// A template without a task definition.
    Template,
    /// An object of Kubernetes without a Pod.
    Object,
    /// Terraform's own file of a state.
    State,
    /// Something else.
    Unknown(Node),
}

/// One of the values that stand in a text, one behind the other.
struct Part<'t> {
    text: &'t str,
    /// The byte of the whole text where it begins.
    start: usize,
    lines_before: usize,
    /// In its first line.
    columns_before: usize,
    /// None for JSON, which is looked through once more where there is something to find.
    places: Option<Places<'t>>,
}

/// Whether a text that is JSON or YAML begins as JSON does.
pub fn is_json(text: &str) -> bool {
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    begins.is_empty() || begins.starts_with(['{', '['])
}

impl<'t> Found<'t> {
    /// Reads a text. The error holds everything that is wrong with it as JSON or YAML.
    pub fn read(text: &'t str, language: Language) -> Result<Self, Vec<Problem>> {
        Self::begin(false).all(text, language)
    }

    /// Reads the text of a template whose placeholders were [`masked`].
    pub fn read_masked(text: &'t str, language: Language) -> Result<Self, Vec<Problem>> {
        Self::begin(true).all(text, language)
    }

    fn begin(is_masked: bool) -> Self {
        Found { documents: Vec::new(), others: Vec::new(), parts: Vec::new(), is_masked }
    }

    fn all(mut self, text: &'t str, language: Language) -> Result<Self, Vec<Problem>> {
        let found = &mut self;
        let is_json = match language {
            Language::Json => true,
            Language::Yaml => false,
            Language::Either => is_json(text),
        };
        match is_json {
            true => found.read_json(text)?,
            false => found.read_yaml(text)?,
        }
        found.name();
        Ok(self)
    }

    fn read_json(&mut self, text: &'t str) -> Result<(), Vec<Problem>> {
        let whole = json::Part { text, start: 0, lines_before: 0, columns_before: 0 };
        let parts = match json::parse_noting(text) {
            Ok(read) => vec![(whole, read)],
            Err(problems) => {
                let parts = json::parts(text).filter(|parts| parts.len() > 1);
                let Some(parts) = parts else { return Err(Problem::of_json(&whole, &problems)) };
                let mut problems = Vec::new();
                let read = parts.into_iter().filter_map(|part| match json::parse_noting(part.text) {
                    Ok(read) => Some((part, read)),
                    Err(found) => {
                        problems.extend(Problem::of_json(&part, &found));
                        None
                    }
                });
                let read: Vec<_> = read.collect();
                if !problems.is_empty() {
                    return Err(problems);
                }
                read
            }
        };
        for (json::Part { text, start, lines_before, columns_before }, (node, repeated)) in parts {
            self.parts.push(Part { text, start, lines_before, columns_before, places: None });
            self.add(node, &repeated);
        }
        Ok(())
    }

    fn read_yaml(&mut self, text: &'t str) -> Result<(), Vec<Problem>> {
        let documents = yaml::read_all(text).map_err(|problems| Problem::of_yaml(&problems))?;
        for document in documents {
            let lines_before = document.lines_before();
            let yaml::Document { yaml: yaml::Yaml { node, places, remarks }, text, start, .. } = document;
            self.parts.push(Part { text, start, lines_before, columns_before: 0, places: Some(places) });
            let node = match recognized::is_compose(&node) {
                true => crate::compose::with_tags(node, &remarks),
                false if recognized::is_object(&node) => crate::kubernetes::with_switches(node, &remarks),
                false => cloud_formation::with_calls(node, &remarks),
            };
            self.add(node, &[]);
        }
        Ok(())
    }

    /// Gives those of several documents a name that have none: their family, or their number.
    fn name(&mut self) {
        if self.parts.len() < 2 {
            return;
        }
        for document in &mut self.documents {
            let family = || document.node.get("family").as_str().map(str::to_owned);
            let numbered = || format!("document {}", document.part + 1);
            let name = document.name.take().or_else(family).unwrap_or_else(numbered);
            document.name = Some(name);
        }
    }

    /// Adds what is in the last part.
    fn add(&mut self, node: Node, repeated: &[Path]) {
        let node = if self.is_masked { template::unknown(node) } else { node };
        let part = self.parts.len().saturating_sub(1);
        let document = |kind, name, node: Node, at: Path| {
            let repeated = repeated.iter().filter_map(|path| path.0.strip_prefix(at.0.as_slice()));
            let repeated = repeated.map(|steps| Path(steps.to_vec())).collect();
            let wrapping = match kind {
                DocumentKind::TaskDefinition => Wrapping::of(&node),
                _ => Wrapping::default(),
            };
            Document { kind, name, node, repeated, part, at, wrapping }
        };
        match recognized::what(&node) {
            recognized::What::Document(kind, name) => {
                self.documents.push(document(kind, name, node, Path::default()));
            }
            recognized::What::Template(resources) if resources.is_empty() => {
                self.others.push(Other::Template)
            }
            recognized::What::Template(resources) => {
                let taken = resources.into_iter().map(|resource| {
                    let inside = node.at(&resource.properties).clone();
                    let inside =
                        if crate::ecs::intrinsic(&inside).is_some() { Node::Unknown } else { inside };
                    document(DocumentKind::TaskDefinition, Some(resource.name), inside, resource.properties)
                });
                self.documents.extend(taken);
            }
            recognized::What::Object => self.others.push(Other::Object),
            recognized::What::State => self.others.push(Other::State),
            recognized::What::Unknown => self.others.push(Other::Unknown(node)),
        }
    }

    /// Takes what was not recognised for a task definition, because somebody says that it is one.
    pub fn take_for_a_task_definition(&mut self, node: Node) -> Document {
        let wrapping = Wrapping::of(&node);
        let part = self.parts.len().saturating_sub(1);
        Document {
            kind: DocumentKind::TaskDefinition,
            name: None,
            node,
            repeated: Vec::new(),
            part,
            at: Path::default(),
            wrapping,
        }
    }

    /// Whether a document is written in YAML.
    pub fn is_yaml(&self, document: &Document) -> bool {
        self.parts.get(document.part).is_some_and(|part| part.places.is_some())
    }

    /// The part of the text that a document is written in: its first byte, what it says and in which language.
    pub fn part(&self, document: &Document) -> Option<(usize, &'t str, in_place::Language)> {
        let part = self.parts.get(document.part)?;
        Some((part.start, part.text, part.language()))
    }

    /// Every text, number, boolean and null of the text: where it is in its part, and its bytes of the whole.
    pub fn scalars(&self) -> Vec<(Path, Range<usize>)> {
        let of_part = |part: &Part<'_>| {
            let start = part.start;
            let moved =
                move |(path, range): (Path, Range<usize>)| (path, range.start + start..range.end + start);
            in_place::scalars(part.text, part.language()).into_iter().map(moved)
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    /// Every comment of the text, from its sign to the end of its line.
    pub fn comments(&self) -> Vec<Range<usize>> {
        let of_part = |part: &Part<'_>| {
            let start = part.start;
            let comments = in_place::comments(part.text, part.language());
            comments.into_iter().map(move |range| range.start + start..range.end + start)
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    /// Where these places of a document stand in the text; of what is not written, what is around it.
    pub fn places(&self, document: &Document, paths: &[&Path]) -> Vec<Option<Place>> {
        let Some(part) = self.parts.get(document.part).filter(|_| !paths.is_empty()) else {
            return vec![None; paths.len()];
        };
        let written: Vec<Path> = paths.iter().map(|path| document.written(path)).collect();
        let read;
        let places = match &part.places {
            Some(places) => places,
            None => {
                read = Places::around(part.text, &[], written.iter().map(|path| path.0.as_slice()));
                &read
            }
        };
        written.iter().map(|path| places.find(path).map(|place| part.moved(place))).collect()
    }
}

impl Document {
    /// Where a place of what was read from it is in its part of the text.
    pub fn written(&self, path: &Path) -> Path {
        let Path(inside) = self.wrapping.written(path);
        Path([self.at.0.as_slice(), inside.as_slice()].concat())
    }
}

impl Part<'_> {
    fn language(&self) -> in_place::Language {
        if self.places.is_some() { in_place::Language::Yaml } else { in_place::Language::Json }
    }

    fn moved(&self, place: Place) -> Place {
        let columns = if place.line == 1 { self.columns_before } else { 0 };
        Place { line: place.line + self.lines_before, column: place.column + columns }
    }
}
