//! Changes in brackets: JSON, and YAML that is written like it.

use std::ops::Range;

use super::layout::{Content, Style, Value};
use super::{Language, Splice, Unchangeable, Writer};
use crate::document::json::to_json;
use crate::document::node::Node;

/// The manner in which a text writes what stands in brackets.
pub(super) struct Manner {
    newline: &'static str,
    /// What a level is indented by; none where everything is on one line.
    pub(super) unit: Option<String>,
    /// What stands between a key and its value.
    colon: String,
    /// What stands behind a comma on one line.
    gap: &'static str,
    /// What stands inside the braces of an object on one line.
    padding: &'static str,
    /// Whether keys and texts have quotes without need.
    is_quoted: bool,
}

impl Manner {
    pub(super) fn of(text: &str, language: Language, layout: &Value<'_>) -> Self {
        let is_flow = |value: &Value<'_>| match value.content {
            Content::Items(style, _) | Content::Members(style, _) => style == Style::Flow,
            _ => false,
        };
        // What stands between an opening bracket and what is first behind it.
        let begin = |value: &Value<'_>| {
            let first = value.parts().first()?.start;
            is_flow(value).then(|| &text[value.range.start + 1..first])
        };
        let spread = layout.find(&|value| begin(value).is_some_and(|begin| begin.contains('\n')));
        let unit = spread.and_then(|value| {
            let inside = begin(value)?.rsplit('\n').next()?;
            inside.strip_prefix(indent_at(text, value.range.start)).map(str::to_owned)
        });
        let object = |value: &Value<'_>| matches!(&value.content, Content::Members(Style::Flow, members) if !members.is_empty());
        let member = layout.find(&object).and_then(|value| match &value.content {
            Content::Members(_, members) => members.first(),
            _ => None,
        });
        let colon = member.map(|member| &text[member.key.end..member.value.range.start]);
        let colon =
            colon.filter(|colon| colon.trim() == ":" && !colon.contains(['\n', '\r'])).unwrap_or(": ");
        let gaps = |value: &Value<'_>| -> Option<&str> {
            let parts = value.parts();
            let [one, two, ..] = parts.as_slice() else { return None };
            let gap = &text[one.end..two.start];
            (is_flow(value) && !gap.contains('\n')).then_some(gap)
        };
        let is_tight = match layout.find(&|value| gaps(value).is_some()).and_then(gaps) {
            Some(gap) => gap.ends_with(','),
            None => !colon.ends_with(' '),
        };
        let on_one_line =
            layout.find(&|value| object(value) && begin(value).is_some_and(|begin| !begin.contains('\n')));
        let is_padded = on_one_line.and_then(begin).is_some_and(|begin| begin.starts_with(' '));
        Self {
            newline: newline(text),
            unit,
            colon: colon.to_owned(),
            gap: if is_tight { "" } else { " " },
            padding: if is_padded { " " } else { "" },
            is_quoted: language == Language::Json
                || member.is_some_and(|member| text[member.key.start..].starts_with('"')),
        }
    }
}

/// How lines of a text end.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// What the line of a byte is indented by.
fn indent_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether a piece of a text has a comment in it, or what looks like one.
pub(super) fn has_comment(language: Language, piece: &str) -> bool {
    let bytes = piece.as_bytes();
    let begins =
        |at: usize| at == 0 || bytes[at - 1].is_ascii_whitespace() || b"{[,".contains(&bytes[at - 1]);
    language == Language::Yaml && piece.match_indices('#').any(|(at, _)| begins(at))
}

/// Whether a text is a word that no language takes for anything else.
pub(super) fn is_word(text: &str) -> bool {
    let starts = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./".contains(letter);
    let means_something_else = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    starts && text.chars().all(is_plain) && !means_something_else
}

impl Writer<'_> {
    /// What is indented where a value begins, if what stands in its brackets has lines of its own.
    pub(super) fn indent_in_brackets(&self, at: usize) -> Option<String> {
        self.style.unit.as_ref().map(|_| indent_at(self.text, at).to_owned())
    }

    /// A value as it stands in brackets. `indent`: of its line, where it may have several.
    pub(super) fn in_brackets(&self, value: &Node, indent: Option<&str>) -> String {
        let Manner { newline, unit, colon, gap, padding, .. } = &self.style;
        let lines = indent.zip(unit.as_ref()).map(|(indent, unit)| format!("{indent}{unit}"));
        let inside = lines.as_deref();
        let (open, close, parts) = match value {
            Node::Array(items) => {
                ('[', ']', items.iter().map(|item| self.in_brackets(item, inside)).collect::<Vec<_>>())
            }
            Node::Object(members) => {
                let member = |(key, value): (&String, &Node)| {
                    format!("{}{colon}{}", self.word(key), self.in_brackets(value, inside))
                };
                ('{', '}', members.iter().map(member).collect())
            }
            Node::String(text) => return self.word(text),
            scalar => return to_json(scalar).unwrap_or_default(),
        };
        match (&lines, indent) {
            _ if parts.is_empty() => format!("{open}{close}"),
            (Some(inner), Some(indent)) => {
                let parts = parts.join(&format!(",{newline}{inner}"));
                format!("{open}{newline}{inner}{parts}{newline}{indent}{close}")
            }
            _ => {
                let padding = if open == '{' { padding } else { "" };
                format!("{open}{padding}{}{padding}{close}", parts.join(&format!(",{gap}")))
            }
        }
    }

    /// A key or a text.
    fn word(&self, text: &str) -> String {
        match !self.style.is_quoted && is_word(text) {
            true => text.to_owned(),
            false => to_json(&text.into()).unwrap_or_default(),
        }
    }

    /// One more member, or one more item where there is no key, behind the last one.
    pub(super) fn add_in_brackets(
        &self,
        around: &Value<'_>,
        key: Option<&str>,
        value: &Node,
    ) -> Result<Splice, Unchangeable> {
        let written = |indent: Option<&str>| {
            let value = self.in_brackets(value, indent);
            match key {
                Some(key) => format!("{}{}{value}", self.word(key), self.style.colon),
                None => value,
            }
        };
        let parts = around.parts();
        let inside = around.range.start + 1..around.range.end - 1;
        let Some(last) = parts.last() else {
            return match self.text[inside.clone()].trim().is_empty() {
                true => Ok(Splice { range: inside, text: self.only(around, key.is_some(), &written) }),
                false => Err(Unchangeable::Comment),
            };
        };
        if has_comment(self.language, &self.text[last.end..inside.end]) {
            return Err(Unchangeable::Comment);
        }
        let before_last = parts.len().checked_sub(2).and_then(|index| parts.get(index));
        let gap = match before_last {
            Some(before) => &self.text[before.end..last.start],
            None => &self.text[inside.start..last.start],
        };
        let (before, after) = match gap.split_once(',') {
            Some((before, after)) if is_space(before) && is_space(after) => (before, after),
            None if is_space(gap) && gap.contains('\n') => ("", gap),
            None if is_space(gap) => ("", self.style.gap),
            // A comment stands there: as the line is indented.
            _ => ("", gap.rfind('\n').map_or(self.style.gap, |line| &gap[line..])),
        };
        let stands_alone = after.contains('\n').then(|| after.rsplit('\n').next().unwrap_or_default());
        // As the item before: in one line where that is.
        let is_in_line = key.is_none() && !self.text[last.clone()].contains('\n');
        let written = written(stands_alone.filter(|_| !is_in_line));
        let after = if is_space(after) { after } else { self.style.gap };
        Ok(Splice::insert(last.end, format!("{before},{after}{written}")))
    }

    /// What stands in brackets that had nothing in them.
    fn only(&self, around: &Value<'_>, is_member: bool, written: &dyn Fn(Option<&str>) -> String) -> String {
        let indent = self.indent_in_brackets(around.range.start);
        match (&self.style.unit, indent) {
            (Some(unit), Some(indent)) => {
                let Manner { newline, .. } = &self.style;
                let inner = format!("{indent}{unit}");
                format!("{newline}{inner}{}{newline}{indent}", written(Some(&inner)))
            }
            _ => {
                let padding = if is_member { self.style.padding } else { "" };
                format!("{padding}{}{padding}", written(None))
            }
        }
    }

    /// Takes out a member or an item, with the comma that it needs.
    pub(super) fn remove_from_brackets(
        &self,
        around: &Value<'_>,
        index: usize,
    ) -> Result<Splice, Unchangeable> {
        let parts = around.parts();
        let this = parts.get(index).ok_or(Unchangeable::NoPlace)?;
        let range: Range<usize> =
            match (index.checked_sub(1).and_then(|before| parts.get(before)), parts.get(index + 1)) {
                (Some(before), _) => before.end..this.end,
                (None, Some(next)) => this.start..next.start,
                (None, None) => around.range.start + 1..around.range.end - 1,
            };
        match has_comment(self.language, &self.text[range.clone()]) {
            true => Err(Unchangeable::Comment),
            false => Ok(Splice { range, text: String::new() }),
        }
    }
}

fn is_space(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_whitespace())
}
