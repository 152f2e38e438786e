//! Changes of YAML in lines.

use super::flow::{has_comment, newline};
use super::layout::{Content, Member, Value};
use super::{Language, Splice, Unchangeable, Writer};
use crate::document::node::{Node, Object};
use crate::document::yaml;

/// Keys that people write first.
const FIRST: [&str; 1] = ["name"];

impl Writer<'_> {
    /// A value behind a key or a hyphen, on the same line.
    pub(super) fn in_line(&self, value: &Node) -> Result<String, Unchangeable> {
        match value {
            Node::Array(_) | Node::Object(_) => Ok(self.in_brackets(value, None)),
            scalar => {
                let written = yaml::write(scalar, &FIRST).map_err(|_| Unchangeable::NoPlace)?;
                let written = written.trim_end_matches('\n');
                if written.contains('\n') { Err(Unchangeable::NoPlace) } else { Ok(written.to_owned()) }
            }
        }
    }

    /// One more member, in lines of its own behind the last one whose end is certain.
    pub(super) fn add_line(
        &self,
        members: &[Member<'_>],
        key: &str,
        value: &Node,
    ) -> Result<Splice, Unchangeable> {
        let first = members.first().ok_or(Unchangeable::NoPlace)?;
        let behind = members.iter().rev().find(|member| !member.value.ends_in_lines());
        let behind = behind.ok_or(Unchangeable::NoPlace)?;
        let member = Node::Object(Object::from_iter([(key.to_owned(), value.clone())]));
        self.lines_behind(behind.value.range.end, self.column(first.key.start), &member)
    }

    /// One more item, behind the last one.
    pub(super) fn add_item(&self, items: &[Value<'_>], value: &Node) -> Result<Splice, Unchangeable> {
        let last = items.last().filter(|last| !last.ends_in_lines()).ok_or(Unchangeable::NoPlace)?;
        let hyphen = self.hyphen(last).ok_or(Unchangeable::NoPlace)?;
        self.lines_behind(last.range.end, self.column(hyphen), &Node::Array(vec![value.clone()]))
    }

    /// Where the hyphen of an item stands.
    fn hyphen(&self, item: &Value<'_>) -> Option<usize> {
        let before = self.text[..item.range.start].trim_end();
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// How many columns are left of a byte.
    fn column(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |before| before + 1);
        self.text[start..at].trim_start_matches('\u{feff}').chars().count()
    }

    /// Lines of their own behind the line of a byte.
    fn lines_behind(&self, at: usize, column: usize, node: &Node) -> Result<Splice, Unchangeable> {
        let written = yaml::write(node, &FIRST).map_err(|_| Unchangeable::NoPlace)?;
        let newline = newline(self.text);
        let indent = " ".repeat(column);
        let lines: String = written.lines().map(|line| format!("{indent}{line}{newline}")).collect();
        Ok(match self.text[at..].find('\n') {
            Some(end) => Splice::insert(at + end + 1, lines),
            None => {
                let lines = lines.strip_suffix(newline).unwrap_or(&lines);
                Splice::insert(self.text.len(), format!("{newline}{lines}"))
            }
        })
    }

    /// Takes out the lines of a member or an item.
    pub(super) fn remove_lines(&self, around: &Value<'_>, index: usize) -> Result<Splice, Unchangeable> {
        let starts: Vec<usize> = match &around.content {
            Content::Items(_, items) => items
                .iter()
                .map(|item| self.hyphen(item))
                .collect::<Option<_>>()
                .ok_or(Unchangeable::NoPlace)?,
            Content::Members(_, members) => members.iter().map(|member| member.key.start).collect(),
            _ => return Err(Unchangeable::NoPlace),
        };
        let parts = around.parts();
        let (start, end) = (starts[index], parts[index].end);
        let line_end = self.text[end..].find('\n').map_or(self.text.len(), |length| end + length + 1);
        let (range, text) = match (starts.len(), starts.get(index + 1)) {
            // Nothing would be null and not an empty list or object.
            (1, _) => (start..end, if matches!(around.content, Content::Items(..)) { "[]" } else { "{}" }),
            // What follows takes its place, be it behind a hyphen.
            (_, Some(next)) if index == 0 => (start..*next, ""),
            _ => (self.text[..start].rfind('\n').map_or(start, |before| before + 1)..line_end, ""),
        };
        match has_comment(Language::Yaml, &self.text[range.clone()]) {
            true => Err(Unchangeable::Comment),
            false => Ok(Splice { range, text: text.to_owned() }),
        }
    }
}
