//! A change written into the text of a document, of which everything else stays as its author wrote it, byte for byte.
//!
//! The text is never made anew from the tree: a change is a few bytes in place of others. Each is tried before it is given.
//! The changed text has to say what the changed tree says and nothing else; otherwise there is no such change.

mod block;
mod flow;
mod json;
pub(super) mod layout;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::node::{Node, Object};
use super::path::{Path, Step};
use super::rewrite::Change;
use super::yaml::{self, RemarkKind};
use layout::{Content, Style, Value};

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// YAML, one document.
    Yaml,
}

/// Bytes in place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Splice {
    fn insert(at: usize, text: String) -> Self {
        Self { range: at..at, text }
    }

    /// Makes the change.
    pub fn apply(&self, text: &mut String) {
        text.replace_range(self.range.clone(), &self.text);
    }
}

/// Why a text cannot be changed in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unchangeable {
    /// One value stands for several.
    #[error("an anchor is there, and a change would reach every place that names it")]
    Shared,
    /// A comment would go.
    #[error("a comment stands in what would be taken out")]
    Comment,
    /// The change is of a kind, or in a place, that is not written.
    #[error("there is no place for it where everything around it stays as it is")]
    NoPlace,
    /// The changed text would be read differently from what is meant.
    #[error("something else in the text would be read differently than before")]
    Differs,
}

/// How to make these changes in a text that can be read: one splice after the other, each in what the one before gave. Keys on the way
/// are found without regard to case.
pub fn changed(text: &str, language: Language, changes: &[Change]) -> Result<Vec<Splice>, Unchangeable> {
    let mut now = text.to_owned();
    let mut splices = Vec::new();
    let (mut tree, remarks) = read(&now, language).ok_or(Unchangeable::Differs)?;
    for change in changes {
        let (exactly, splice) = change_of(&now, language, change)?;
        exactly.apply(&mut tree);
        splice.apply(&mut now);
        splices.push(splice);
    }
    match read(&now, language) {
        Some(read) if read == (tree, remarks) => Ok(splices),
        _ => Err(Unchangeable::Differs),
    }
}

/// Every text, number, boolean and null of a text that can be read: where it is in the document, and its bytes.
pub fn scalars(text: &str, language: Language) -> Vec<(Path, Range<usize>)> {
    fn collect(value: &Value<'_>, path: &Path, found: &mut Vec<(Path, Range<usize>)>) {
        match &value.content {
            Content::Items(_, items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| collect(item, &path.clone().index(index), found));
            }
            Content::Members(_, members) => {
                members
                    .iter()
                    .for_each(|member| collect(&member.value, &path.clone().key(&member.name), found));
            }
            Content::Scalar | Content::Lines | Content::Alias => {
                found.push((path.clone(), value.range.clone()))
            }
        }
    }
    let mut found = Vec::new();
    if let Some(layout) = layout_of(text, language) {
        collect(&layout, &Path::default(), &mut found);
    }
    found
}

/// Every comment of a text that can be read, from its sign to the end of its line. JSON has none.
pub fn comments(text: &str, language: Language) -> Vec<Range<usize>> {
    fn taken(value: &Value<'_>, found: &mut Vec<Range<usize>>) {
        match &value.content {
            Content::Items(_, items) => items.iter().for_each(|item| taken(item, found)),
            Content::Members(_, members) => members.iter().for_each(|member| {
                found.push(member.key.clone());
                taken(&member.value, found);
            }),
            Content::Scalar | Content::Lines | Content::Alias => found.push(value.range.clone()),
        }
    }
    let layout = if language == Language::Yaml { yaml::layout(text) } else { None };
    let Some(layout) = layout else { return Vec::new() };
    let mut texts = Vec::new();
    taken(&layout, &mut texts);
    let is_in_a_text = |at: usize| {
        let before = texts.partition_point(|range| range.start <= at);
        before.checked_sub(1).is_some_and(|last| texts[last].contains(&at))
    };
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let begins = |at: &usize| {
            let before = line[..*at].chars().next_back();
            before.is_none_or(|letter| letter.is_whitespace() || letter == '\u{feff}')
                && !is_in_a_text(start + at)
        };
        if let Some(at) = line.match_indices('#').map(|(at, _)| at).find(begins) {
            found.push(start + at..start + line.trim_end_matches(['\n', '\r']).len());
        }
        start += line.len();
    }
    found
}

fn layout_of(text: &str, language: Language) -> Option<Value<'_>> {
    match language {
        Language::Json => json::layout(text),
        Language::Yaml => yaml::layout(text),
    }
}

/// What a text says: its tree, and what the tree cannot hold.
fn read(text: &str, language: Language) -> Option<(Node, Vec<RemarkKind>)> {
    match language {
        Language::Json => Some((super::json::parse(text).ok()?, Vec::new())),
        Language::Yaml => {
            let yaml = yaml::read(text).ok()?;
            Some((yaml.node, yaml.remarks.into_iter().map(|remark| remark.kind).collect()))
        }
    }
}

/// The change with its keys as they are written, and the bytes that make it.
fn change_of(text: &str, language: Language, change: &Change) -> Result<(Change, Splice), Unchangeable> {
    let layout = layout_of(text, language).ok_or(Unchangeable::NoPlace)?;
    let writer = Writer { text, language, style: flow::Manner::of(text, language, &layout) };
    match change {
        Change::Set(path, value) => {
            let way = walk(&layout, &path.0)?;
            let exactly = Change::Set(way.path(), value.clone());
            Ok((exactly, writer.set(&way, value)?))
        }
        Change::Remove(path) => {
            let way = walk(&layout, &path.0)?;
            Ok((Change::Remove(way.path()), writer.remove(&way)?))
        }
        Change::Move(from, to) => {
            let way = walk(&layout, &from.0)?;
            let (Some(Step::Key(name)), true) = (to.0.last(), from.parent() == to.parent()) else {
                return Err(Unchangeable::NoPlace);
            };
            let exactly = Change::Move(way.path(), way.path().parent().key(name));
            Ok((exactly, writer.rename(&way, name)?))
        }
    }
}

/// The way to a place as far as it is written.
struct Way<'v, 't> {
    /// What the way goes through, from the whole to the innermost that is written.
    through: Vec<&'v Value<'t>>,
    /// The steps between them, as they are written.
    steps: Vec<Step>,
    /// The steps to what is not written.
    left: Vec<Step>,
}

impl Way<'_, '_> {
    fn path(&self) -> Path {
        Path([self.steps.as_slice(), self.left.as_slice()].concat())
    }
}

fn walk<'v, 't>(whole: &'v Value<'t>, steps: &[Step]) -> Result<Way<'v, 't>, Unchangeable> {
    let mut way = Way { through: vec![whole], steps: Vec::new(), left: Vec::new() };
    let mut here = whole;
    for (position, step) in steps.iter().enumerate() {
        if here.is_shared || matches!(here.content, Content::Alias) {
            return Err(Unchangeable::Shared);
        }
        let next = match (&here.content, step) {
            (Content::Items(_, items), Step::Index(index)) => {
                items.get(*index).map(|item| (step.clone(), item))
            }
            (Content::Members(_, members), Step::Key(key)) => {
                let is_alike = |name: &str| name.eq_ignore_ascii_case(key);
                let exactly = members.iter().find(|member| member.name == *key);
                let found = exactly.or_else(|| members.iter().find(|member| is_alike(&member.name)));
                found.map(|member| (Step::Key(member.name.clone().into_owned()), &member.value))
            }
            _ => None,
        };
        let Some((step, value)) = next else {
            way.left = steps[position..].to_vec();
            break;
        };
        way.steps.push(step);
        way.through.push(value);
        here = value;
    }
    let is_whole = way.left.is_empty();
    match here.is_shared || is_whole && matches!(here.content, Content::Alias) {
        true => Err(Unchangeable::Shared),
        false => Ok(way),
    }
}

/// Writes a change.
struct Writer<'t> {
    text: &'t str,
    language: Language,
    style: flow::Manner,
}

impl Writer<'_> {
    fn set(&self, way: &Way<'_, '_>, value: &Node) -> Result<Splice, Unchangeable> {
        let here = way.through[way.through.len() - 1];
        let Some((step, inside)) = way.left.split_first() else { return self.replace(here, way, value) };
        let value = wrapped(inside, value)?;
        match (&here.content, step) {
            (Content::Members(Style::Flow, _), Step::Key(key)) => {
                self.add_in_brackets(here, Some(key), &value)
            }
            (Content::Members(Style::Block, members), Step::Key(key)) => self.add_line(members, key, &value),
            (Content::Items(style, items), Step::Index(index)) if *index == items.len() => match style {
                Style::Flow => self.add_in_brackets(here, None, &value),
                Style::Block => self.add_item(items, &value),
            },
            // Null is as good as nothing.
            (Content::Scalar, step) if self.is_null(here) => {
                self.replace(here, way, &wrapped(std::slice::from_ref(step), &value)?)
            }
            _ => Err(Unchangeable::NoPlace),
        }
    }

    fn is_null(&self, value: &Value<'_>) -> bool {
        ["", "null", "Null", "NULL", "~"].contains(&&self.text[value.range.clone()])
    }

    /// What stands in place of a value.
    fn replace(&self, here: &Value<'_>, way: &Way<'_, '_>, value: &Node) -> Result<Splice, Unchangeable> {
        let is_in_brackets = way.through.iter().rev().nth(1).is_some_and(|around| {
            matches!(around.content, Content::Items(Style::Flow, _) | Content::Members(Style::Flow, _))
        });
        let is_in_line = match here.content {
            Content::Scalar => true,
            Content::Items(style, _) | Content::Members(style, _) => style == Style::Flow,
            Content::Lines | Content::Alias => false,
        };
        if !is_in_line {
            return Err(Unchangeable::NoPlace);
        }
        if flow::has_comment(self.language, &self.text[here.range.clone()]) {
            return Err(Unchangeable::Comment);
        }
        let written = match is_in_brackets {
            true => {
                let indent = self.indent_in_brackets(here.range.start);
                self.in_brackets(value, indent.as_deref())
            }
            false => match self.language {
                Language::Json => self.in_brackets(value, self.style.unit.as_ref().map(|_| "")),
                Language::Yaml => self.in_line(value)?,
            },
        };
        let space = if here.range.is_empty() { " " } else { "" };
        Ok(Splice { range: here.range.clone(), text: format!("{space}{written}") })
    }

    fn remove(&self, way: &Way<'_, '_>) -> Result<Splice, Unchangeable> {
        let (true, [.., around, _]) = (way.left.is_empty(), way.through.as_slice()) else {
            return Err(Unchangeable::NoPlace);
        };
        let index = match (way.steps.last(), &around.content) {
            (Some(Step::Index(index)), _) => *index,
            (Some(Step::Key(key)), Content::Members(_, members)) => {
                members.iter().position(|member| member.name == *key).ok_or(Unchangeable::NoPlace)?
            }
            _ => return Err(Unchangeable::NoPlace),
        };
        match &around.content {
            Content::Items(Style::Block, _) | Content::Members(Style::Block, _) => {
                self.remove_lines(around, index)
            }
            _ => self.remove_from_brackets(around, index),
        }
    }

    fn rename(&self, way: &Way<'_, '_>, name: &str) -> Result<Splice, Unchangeable> {
        let (true, [.., around, _]) = (way.left.is_empty(), way.through.as_slice()) else {
            return Err(Unchangeable::NoPlace);
        };
        let (Some(Step::Key(key)), Content::Members(_, members)) = (way.steps.last(), &around.content) else {
            return Err(Unchangeable::NoPlace);
        };
        let is_taken =
            |member: &layout::Member<'_>| member.name.eq_ignore_ascii_case(name) && member.name != *key;
        if members.iter().any(is_taken) {
            return Err(Unchangeable::NoPlace);
        }
        let member = members.iter().find(|member| member.name == *key).ok_or(Unchangeable::NoPlace)?;
        let quote = match self.text.as_bytes().get(member.key.start) {
            Some(b'"') => "\"",
            Some(b'\'') => "'",
            _ => "",
        };
        match flow::is_word(name) {
            true => Ok(Splice { range: member.key.clone(), text: format!("{quote}{name}{quote}") }),
            false => Err(Unchangeable::NoPlace),
        }
    }
}

/// A value inside the objects and lists that these steps lead through.
fn wrapped(steps: &[Step], value: &Node) -> Result<Node, Unchangeable> {
    steps.iter().rev().try_fold(value.clone(), |value, step| match step {
        Step::Key(key) => Ok(Node::Object(Object::from_iter([(key.clone(), value)]))),
        Step::Index(0) => Ok(Node::Array(vec![value])),
        Step::Index(_) => Err(Unchangeable::NoPlace),
    })
}
