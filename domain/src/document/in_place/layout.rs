//! Where the parts of a document are in its text: what is written there, from its first byte to its last.

use std::borrow::Cow;
use std::ops::Range;

/// A value as it is written.
pub(in crate::document) struct Value<'t> {
    /// Its bytes, without an anchor or a tag. Of nothing at all: the place behind the colon.
    pub(in crate::document) range: Range<usize>,
    /// Whether it has an anchor that an alias names.
    pub(in crate::document) is_shared: bool,
    pub(in crate::document) content: Content<'t>,
}

pub(in crate::document) enum Content<'t> {
    /// A text, a number, a boolean or null, on one line or several.
    Scalar,
    /// A text whose lines are indented below its key.
    Lines,
    /// What stands at an anchor.
    Alias,
    /// The items of a list.
    Items(Style, Vec<Value<'t>>),
    /// The members of an object.
    Members(Style, Vec<Member<'t>>),
}

/// How a list or an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum Style {
    /// In brackets, as JSON is.
    Flow,
    /// In lines, as YAML mostly is.
    Block,
}

/// A member of an object as it is written.
pub(in crate::document) struct Member<'t> {
    pub(in crate::document) name: Cow<'t, str>,
    /// The bytes of its key, quotes among them.
    pub(in crate::document) key: Range<usize>,
    pub(in crate::document) value: Value<'t>,
}

impl<'t> Value<'t> {
    pub(super) fn new(range: Range<usize>, content: Content<'t>) -> Self {
        Self { range, is_shared: false, content }
    }

    /// The first object in brackets with something in it that `is_wanted`, in the order of the text.
    pub(super) fn find<'v>(&'v self, is_wanted: &dyn Fn(&Value<'t>) -> bool) -> Option<&'v Value<'t>> {
        if is_wanted(self) {
            return Some(self);
        }
        match &self.content {
            Content::Items(_, items) => items.iter().find_map(|item| item.find(is_wanted)),
            Content::Members(_, members) => members.iter().find_map(|member| member.value.find(is_wanted)),
            Content::Scalar | Content::Lines | Content::Alias => None,
        }
    }

    /// The bytes of each part of a list or an object, a member's key among them.
    pub(super) fn parts(&self) -> Vec<Range<usize>> {
        match &self.content {
            Content::Items(_, items) => items.iter().map(|item| item.range.clone()).collect(),
            Content::Members(_, members) => members.iter().map(Member::range).collect(),
            Content::Scalar | Content::Lines | Content::Alias => Vec::new(),
        }
    }

    /// Whether its last line is one of a text that goes on as long as lines are indented.
    pub(super) fn ends_in_lines(&self) -> bool {
        match &self.content {
            Content::Lines => true,
            Content::Items(Style::Block, items) => items.last().is_some_and(Value::ends_in_lines),
            Content::Members(Style::Block, members) => {
                members.last().is_some_and(|member| member.value.ends_in_lines())
            }
            _ => false,
        }
    }
}

impl Member<'_> {
    pub(super) fn range(&self) -> Range<usize> {
        self.key.start..self.value.range.end
    }
}
