//! The layout of a JSON text.

use std::borrow::Cow;

use super::layout::{Content, Member, Style, Value};
use crate::document::json::MAX_DEPTH;

/// The layout of a text that was read as JSON before; none where it is nothing of the kind.
pub(super) fn layout(text: &str) -> Option<Value<'_>> {
    Scanner { text, at: 0 }.value(0)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn value(&mut self, depth: usize) -> Option<Value<'t>> {
        let first = self.peek()?;
        let start = self.at;
        let content = match first {
            b'{' => Content::Members(Style::Flow, self.several(b'}', depth, Self::member)?),
            b'[' => Content::Items(Style::Flow, self.several(b']', depth, Self::value)?),
            b'"' => {
                self.string()?;
                Content::Scalar
            }
            _ => {
                let rest = &self.text[start..];
                let ends = |letter: char| matches!(letter, ',' | ']' | '}') || letter.is_ascii_whitespace();
                self.at += rest.find(ends).unwrap_or(rest.len());
                Content::Scalar
            }
        };
        Some(Value::new(start..self.at, content))
    }

    fn member(&mut self, depth: usize) -> Option<Member<'t>> {
        self.peek()?;
        let start = self.at;
        let written = self.string()?;
        let key = start..self.at;
        let name = match written.contains('\\') {
            true => Cow::Owned(serde_json::from_str(written).ok()?),
            false => Cow::Borrowed(&written[1..written.len() - 1]),
        };
        self.take(b':')?;
        Some(Member { name, key, value: self.value(depth)? })
    }

    /// What stands between brackets, separated by commas.
    fn several<T>(
        &mut self,
        end: u8,
        depth: usize,
        one: fn(&mut Self, usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        if depth >= MAX_DEPTH {
            return None;
        }
        self.at += 1;
        let mut found = Vec::new();
        while self.peek()? != end {
            if !found.is_empty() {
                self.take(b',')?;
            }
            found.push(one(self, depth + 1)?);
        }
        self.at += 1;
        Some(found)
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let mut bytes = rest.bytes().enumerate().skip(usize::from(rest.starts_with('"')));
        loop {
            match bytes.next()? {
                (_, b'\\') => drop(bytes.next()?),
                (length, b'"') => {
                    self.at += length + 1;
                    return Some(&rest[..=length]);
                }
                _ => {}
            }
        }
    }
}
