//! The layout of a text: where each of its values begins and ends.

use std::collections::BTreeSet;

use granit_parser::{ScalarStyle, StructureStyle};

use super::MAX_VALUES;
use super::read::{Token, What, tokens};
use crate::document::in_place::layout::{Content, Member, Style, Value};

/// The layout of a text with one document; none where it cannot be read, or a key is no text.
pub(in crate::document) fn layout(text: &str) -> Option<Value<'_>> {
    let inside = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tokens = tokens(inside, &mut { MAX_VALUES }).ok()?;
    let named = |token: &Token<'_>| match token.what {
        What::Alias(anchor, _) => anchor,
        _ => None,
    };
    let named = tokens.iter().filter_map(named).collect();
    Layout { text, before: text.len() - inside.len(), tokens: tokens.into_iter(), named }.value(0)
}

struct Layout<'t> {
    text: &'t str,
    /// The bytes of a byte order mark.
    before: usize,
    tokens: std::vec::IntoIter<Token<'t>>,
    /// The anchors that an alias names.
    named: BTreeSet<usize>,
}

impl<'t> Layout<'t> {
    fn value(&mut self, behind: usize) -> Option<Value<'t>> {
        let token = self.tokens.next()?;
        self.value_of(token, behind)
    }

    /// The value that begins with a token. `behind`: where it stands if nothing is written.
    fn value_of(&mut self, token: Token<'t>, behind: usize) -> Option<Value<'t>> {
        let mut range = token.start + self.before..token.end + self.before;
        let is_shared = self.named.contains(&token.anchor);
        let content = match token.what {
            What::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. } => {
                range.end = self.text[..range.end].trim_end().len().max(range.start);
                Content::Lines
            }
            What::Scalar { .. } => {
                if range.is_empty() {
                    range = behind..behind;
                }
                Content::Scalar
            }
            What::Alias(..) => Content::Alias,
            What::Sequence(style) => {
                let (items, end) = self.several(range.start, Self::item)?;
                let style = styled(style);
                range.end = end_of(style, items.last().map(|item| &item.range), end);
                Content::Items(style, items)
            }
            What::Mapping(style) => {
                let (members, end) = self.several(range.start, Self::member)?;
                let style = styled(style);
                range.end = end_of(style, members.last().map(|member| &member.value.range), end);
                Content::Members(style, members)
            }
            What::End => return None,
        };
        Some(Value { range, is_shared, content })
    }

    /// What a collection holds, and where the token stands that ends it.
    fn several<T>(
        &mut self,
        start: usize,
        one: fn(&mut Self, Token<'t>, usize) -> Option<T>,
    ) -> Option<(Vec<T>, usize)> {
        let mut found = Vec::new();
        loop {
            let token = self.tokens.next()?;
            if matches!(token.what, What::End) {
                return Some((found, token.end + self.before));
            }
            found.push(one(self, token, start)?);
        }
    }

    fn item(&mut self, token: Token<'t>, start: usize) -> Option<Value<'t>> {
        // Behind its hyphen an item can be nothing; where that is, the text alone tells.
        let behind = token.start + self.before;
        self.value_of(token, behind.max(start))
    }

    fn member(&mut self, token: Token<'t>, _: usize) -> Option<Member<'t>> {
        let key = token.start + self.before..token.end + self.before;
        let What::Scalar { text: name, .. } = token.what else { return None };
        let rest = &self.text[key.end..];
        let colon = rest.len() - rest.trim_start().strip_prefix(':')?.len();
        let value = self.value(key.end + colon)?;
        Some(Member { name, key, value })
    }
}

fn styled(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Flow => Style::Flow,
        StructureStyle::Block => Style::Block,
    }
}

/// Where a collection ends: with its bracket, or with the last that it holds.
fn end_of(style: Style, last: Option<&std::ops::Range<usize>>, end: usize) -> usize {
    match (style, last) {
        (Style::Block, Some(last)) => last.end,
        _ => end,
    }
}
