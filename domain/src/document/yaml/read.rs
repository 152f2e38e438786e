//! Reading: the parser's events first as a list of tokens, and then the tree from that list, where an alias reads the tokens of
//! its anchor once more. So nothing is copied but what ends up in the tree, and that has a budget.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options};
use serde_json::Number;

use super::scalar::{Scalar, resolve, switch};
use super::{MAX_COPIED, MAX_REMARKS, Remark, RemarkKind, Yaml, YamlProblem, YamlProblemKind};
use crate::document::json::{MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, MAX_VALUES};
use crate::document::node::{Node, Object};
use crate::document::path::{Path, Step};
use crate::document::places::{Content, Member, Places, Value};
use crate::ordered::ordered;

/// Bytes that a value takes at least, as aliases are counted: a short line.
const BYTES_OF_A_VALUE: usize = 16;

/// The key that brings in the members of other mappings.
const MERGE: &str = "<<";

/// Reads YAML text with one document. The error holds everything that was found, in the order of the text; of wrong syntax only
/// the first.
pub fn read(text: &str) -> Result<Yaml<'_>, Vec<YamlProblem>> {
    read_within(text, &mut { MAX_VALUES })
}

/// The same with a limit: how many keys and values may still be read, which are taken from it.
pub(super) fn read_within<'t>(text: &'t str, limit: &mut usize) -> Result<Yaml<'t>, Vec<YamlProblem>> {
    let whole = |kind| Err(vec![YamlProblem { path: Path::default(), place: None, kind }]);
    if text.len() > MAX_BYTES {
        return whole(YamlProblemKind::TooLong(text.len()));
    }
    // A byte order mark may stand there, and is in no column.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut places = Places::made(text, None);
    let tokens = match tokens(text, limit) {
        Ok(tokens) => tokens,
        Err(Fault { at, kind }) => {
            return Err(vec![YamlProblem { path: Path::default(), place: Some(places.at(at)), kind }]);
        }
    };
    if tokens.first().is_none_or(Token::is_nothing) {
        return whole(YamlProblemKind::Empty);
    }
    let mut reader = Reader::new(&tokens, &places);
    let read = reader.value();
    let Reader { mut problems, remarks, .. } = reader;
    // A key that is written again is seen at the end of its mapping.
    problems.sort_by_key(|problem| problem.place);
    match read {
        Ok((node, value)) if problems.is_empty() => {
            places.hold(value);
            Ok(Yaml { node, places, remarks })
        }
        Ok(_) => Err(problems),
        Err(problem) => {
            problems.push(problem);
            Err(problems)
        }
    }
}

/// What is wrong at a byte of the text.
pub(super) struct Fault {
    at: usize,
    kind: YamlProblemKind,
}

/// A part of the text.
pub(super) struct Token<'t> {
    pub(super) what: What<'t>,
    /// The byte where it begins.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
    /// The number of its anchor; 0 where it has none.
    pub(super) anchor: usize,
    tag: Option<Box<Tag>>,
}

pub(super) enum What<'t> {
    Scalar {
        text: Cow<'t, str>,
        style: ScalarStyle,
    },
    Sequence(StructureStyle),
    Mapping(StructureStyle),
    End,
    /// The anchor with this number, or none where nothing has that name.
    Alias(Option<usize>, &'t str),
}

impl Token<'_> {
    /// Whether there is nothing written.
    fn is_nothing(&self) -> bool {
        matches!(&self.what, What::Scalar { text, style: ScalarStyle::Plain } if text.is_empty())
            && self.tag.is_none()
    }

    fn is_merge(&self) -> bool {
        matches!(&self.what, What::Scalar { text, style: ScalarStyle::Plain } if text == MERGE)
            && self.tag.is_none()
    }
}

/// The document's tokens in the order of the text. `limit`: how many keys and values may still be read, which are taken from it.
pub(super) fn tokens<'t>(text: &'t str, limit: &mut usize) -> Result<Vec<Token<'t>>, Fault> {
    let options = options! {
        emit_unresolved_aliases: true,
        // As Go's library does.
        block_scalar_eof_without_line_feed: true,
        block_nesting_limit: MAX_DEPTH,
        flow_nesting_limit: MAX_DEPTH,
    };
    let mut tokens = Vec::new();
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(fault)?;
        let at = byte(&span);
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents > 1 {
                return Err(Fault { at, kind: YamlProblemKind::SeveralDocuments });
            }
        }
        let Some(token) = token(event, text, &span) else { continue };
        if !matches!(token.what, What::End) {
            *limit = limit.checked_sub(1).ok_or(Fault { at, kind: YamlProblemKind::TooManyValues })?;
        }
        tokens.push(token);
    }
    Ok(tokens)
}

fn byte(span: &Span) -> usize {
    span.start.byte_offset().unwrap_or_default()
}

fn token<'t>(event: Event<'t>, text: &'t str, span: &Span) -> Option<Token<'t>> {
    let written = span.slice(text).unwrap_or_default();
    let name = written.strip_prefix('*').unwrap_or(written);
    let (what, anchor, tag) = match event {
        Event::Scalar(text, style, anchor, tag) => {
            let is_plain = style == ScalarStyle::Plain;
            // The parser calls what is not written `~`.
            let text = if is_plain && written.is_empty() { Cow::Borrowed("") } else { text };
            (What::Scalar { text, style }, anchor, tag)
        }
        Event::SequenceStart(style, anchor, tag) => (What::Sequence(style), anchor, tag),
        Event::MappingStart(style, anchor, tag) => (What::Mapping(style), anchor, tag),
        Event::SequenceEnd | Event::MappingEnd => (What::End, 0, None),
        Event::Alias(anchor) => (What::Alias(Some(anchor), name), 0, None),
        Event::UnresolvedAlias(_) => (What::Alias(None, name), 0, None),
        _ => return None,
    };
    let (start, end) = (byte(span), span.end.byte_offset().unwrap_or_default());
    Some(Token { what, start, end, anchor, tag: tag.map(|tag| Box::new(tag.into_owned())) })
}

fn fault(error: ScanError) -> Fault {
    let kind = match error.kind() {
        ErrorKind::RecursionLimitExceeded => YamlProblemKind::TooDeep,
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar
        | ErrorKind::UnexpectedCharacter { character: '\t' } => YamlProblemKind::Tab,
        // The character may be the first one of a value.
        ErrorKind::UnexpectedCharacter { .. } => YamlProblemKind::Syntax(
            "nothing can begin with this character here; a text that begins with @, ` or % has to be in quotes"
                .to_owned(),
        ),
        other => YamlProblemKind::Syntax(other.to_string()),
    };
    Fault { at: error.marker().byte_offset().unwrap_or_default(), kind }
}

/// Makes the tree.
struct Reader<'e, 't> {
    tokens: &'e [Token<'t>],
    places: &'e Places<'t>,
    next: usize,
    /// By the number of an anchor, where it stands among the tokens.
    anchors: BTreeMap<usize, usize>,
    /// Anchors whose value is being read.
    open: Vec<usize>,
    /// How many aliases are being read, one inside the other.
    aliases: usize,
    /// Bytes that aliases may still bring in.
    budget: usize,
    depth: usize,
    path: Vec<Inside<'t>>,
    problems: Vec<YamlProblem>,
    remarks: Vec<Remark>,
}

/// One step of the way to what is being read; a [`Step`] costs an allocation, and is made where there is something to report.
enum Inside<'t> {
    Member(Cow<'t, str>),
    Item(usize),
}

/// A value with its places. The error is what ends the reading.
type Read<T> = Result<T, YamlProblem>;

impl<'e, 't> Reader<'e, 't> {
    fn new(tokens: &'e [Token<'t>], places: &'e Places<'t>) -> Self {
        let anchors = tokens.iter().enumerate().filter(|(_, token)| token.anchor > 0);
        Self {
            tokens,
            places,
            next: 0,
            anchors: ordered(anchors.map(|(at, token)| (token.anchor, at))),
            open: Vec::new(),
            aliases: 0,
            budget: MAX_COPIED,
            depth: 0,
            path: Vec::new(),
            problems: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn path(&self) -> Path {
        let step = |inside: &Inside<'_>| match inside {
            Inside::Member(key) => Step::Key(key.to_string()),
            Inside::Item(index) => Step::Index(*index),
        };
        Path(self.path.iter().map(step).collect())
    }

    fn problem(&self, start: usize, kind: YamlProblemKind) -> YamlProblem {
        YamlProblem { path: self.path(), place: Some(self.places.at(start)), kind }
    }

    /// Reports what is wrong with a token, once: what an alias reads was read at its anchor before.
    fn report(&mut self, start: usize, kind: YamlProblemKind) {
        if self.aliases == 0 && self.problems.len() < MAX_PROBLEMS {
            self.problems.push(self.problem(start, kind));
        }
    }

    fn remark(&mut self, start: usize, kind: RemarkKind) -> Read<()> {
        if self.remarks.len() >= MAX_REMARKS {
            return Err(self.problem(start, YamlProblemKind::TooManyRemarks));
        }
        self.remarks.push(Remark { path: self.path(), kind });
        Ok(())
    }

    fn peek(&self) -> &'e Token<'t> {
        &self.tokens[self.next]
    }

    fn take(&mut self) -> Read<&'e Token<'t>> {
        let token = self.peek();
        self.next += 1;
        if self.aliases > 0 {
            let text = if let What::Scalar { text, .. } = &token.what { text.len() } else { 0 };
            let left = self.budget.checked_sub(BYTES_OF_A_VALUE + text);
            self.budget = left.ok_or_else(|| self.problem(token.start, YamlProblemKind::TooMuchCopied))?;
        }
        Ok(token)
    }

    /// The next value.
    fn value(&mut self) -> Read<(Node, Value<'t>)> {
        let token = self.take()?;
        let (node, content) = match &token.what {
            What::Scalar { text, style } => (self.scalar(token, text, *style)?, Content::Scalar),
            What::Sequence(_) => self.inside(token, "seq", Self::sequence)?,
            What::Mapping(_) => self.inside(token, "map", Self::mapping)?,
            What::Alias(anchor, name) => {
                let read = self.alias(token, *anchor, name, Self::value)?;
                return Ok(
                    read.unwrap_or((Node::Null, Value { start: token.start, content: Content::Scalar }))
                );
            }
            What::End => {
                unreachable!("the parser ends only what it began, and that is where it is looked for")
            }
        };
        Ok((node, Value { start: token.start, content }))
    }

    /// Reads with the tokens of the anchor in place of the alias; nothing where there is no such anchor.
    fn alias<T>(
        &mut self,
        token: &Token<'_>,
        anchor: Option<usize>,
        name: &str,
        read: fn(&mut Self) -> Read<T>,
    ) -> Read<Option<T>> {
        let Some((anchor, at)) = anchor.and_then(|anchor| Some((anchor, *self.anchors.get(&anchor)?))) else {
            self.report(token.start, YamlProblemKind::NoAnchor(name.to_owned()));
            return Ok(None);
        };
        if self.open.contains(&anchor) {
            self.report(token.start, YamlProblemKind::AliasInItself(name.to_owned()));
            return Ok(None);
        }
        let next = std::mem::replace(&mut self.next, at);
        self.aliases += 1;
        let value = read(self)?;
        self.aliases -= 1;
        self.next = next;
        Ok(Some(value))
    }

    /// What a collection holds, whose first token was taken.
    fn inside<T>(&mut self, token: &'e Token<'t>, kind: &str, read: fn(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.problem(token.start, YamlProblemKind::TooDeep));
        }
        match &token.tag {
            Some(tag) if tag.core_suffix().is_some_and(|said| said != kind) => {
                self.report(token.start, YamlProblemKind::TagOfOtherType(tag.original()));
            }
            Some(tag) if tag.core_suffix().is_none() => {
                self.remark(token.start, RemarkKind::Tag(tag.original()))?;
            }
            _ => {}
        }
        self.depth += 1;
        self.open.extend((token.anchor > 0).then_some(token.anchor));
        let content = read(self)?;
        if token.anchor > 0 {
            self.open.pop();
        }
        self.depth -= 1;
        Ok(content)
    }

    /// Whether a collection ends here; its end is taken then.
    fn ends(&mut self) -> bool {
        // In two steps on purpose: rustc 1.95 lost the count of `self.next += usize::from(ends)` in optimized builds, so that every
        // mapping ended behind its first nested one (seen 2026-11; gone without the pass MatchBranchSimplification).
        if !matches!(self.peek().what, What::End) {
            return false;
        }
        self.next += 1;
        true
    }

    fn sequence(&mut self) -> Read<(Node, Content<'t>)> {
        let (mut items, mut places) = (Vec::new(), Vec::new());
        while !self.ends() {
            self.path.push(Inside::Item(items.len()));
            let (item, place) = self.value()?;
            self.path.pop();
            places.push((items.len(), place));
            items.push(item);
        }
        Ok((Node::Array(items), Content::Items(places)))
    }

    fn mapping(&mut self) -> Read<(Node, Content<'t>)> {
        let (mut members, mut merged) = (Vec::new(), Vec::new());
        let mut merge = None;
        while !self.ends() {
            let start = self.peek().start;
            if self.peek().is_merge() {
                self.take()?;
                merged.extend(self.merge()?);
                match merge {
                    Some(first) => self.written_again(MERGE, first, start),
                    None => merge = Some(start),
                }
                continue;
            }
            let key = self.key()?;
            self.path.push(Inside::Member(key.clone()));
            let (node, value) = self.value()?;
            self.path.pop();
            members.push((node, Member { key, start, value }));
        }
        self.of_each_key_the_first(&mut members, true);
        if !merged.is_empty() {
            // What is written goes before what is merged in, and of several what is merged in first.
            members.extend(merged.into_iter().flatten());
            self.of_each_key_the_first(&mut members, false);
        }
        let mut places = Vec::with_capacity(members.len());
        let members = members.into_iter().map(|(node, member)| {
            let key = member.key.clone().into_owned();
            places.push(member);
            (key, node)
        });
        let members = Object::from_sorted_store_unchecked(members.collect());
        Ok((Node::Object(members), Content::members(places)))
    }

    /// Sorts the members by their keys and leaves the first of each; of the others the text is wrong where `once` is said. To insert
    /// them into an `Object` one by one would cost the square of a hostile number of keys.
    fn of_each_key_the_first(&mut self, members: &mut Vec<(Node, Member<'t>)>, once: bool) {
        // Stable: of one key the first stays the first.
        members.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
        members.dedup_by(|(_, later), (_, first)| {
            let is_again = later.key == first.key;
            if is_again && once {
                self.written_again(&first.key, first.start, later.start);
            }
            is_again
        });
    }

    fn written_again(&mut self, key: &str, first: usize, start: usize) {
        self.path.push(Inside::Member(key.to_owned().into()));
        let first = self.places.at(first);
        self.report(start, YamlProblemKind::DuplicateKey { key: key.to_owned(), first });
        self.path.pop();
    }

    /// The next key. One that is no text is reported, and called what is written there.
    fn key(&mut self) -> Read<Cow<'t, str>> {
        let token = self.peek();
        match &token.what {
            What::Scalar { text, style } => {
                self.take()?;
                if !matches!(self.scalar(token, text, *style)?, Node::String(_)) {
                    self.report(token.start, YamlProblemKind::KeyOfOtherType(text.clone().into_owned()));
                }
                Ok(text.clone())
            }
            What::Alias(anchor, name) => {
                self.take()?;
                Ok(self.alias(token, *anchor, name, Self::key)?.unwrap_or_default())
            }
            What::Sequence(_) | What::Mapping(_) | What::End => {
                self.report(token.start, YamlProblemKind::KeyOfParts);
                self.value()?;
                Ok(Cow::default())
            }
        }
    }

    /// The value of a merge key: a mapping or a list of them, each of which may be an alias, as the whole may be.
    fn merge(&mut self) -> Read<Vec<Merged<'t>>> {
        let token = self.peek();
        let known = self.problems.len();
        let found = match &token.what {
            What::Alias(anchor, name) => {
                self.take()?;
                self.alias(token, *anchor, name, Self::mapping_or_mappings)?.unwrap_or_default()
            }
            _ => self.mapping_or_mappings()?,
        };
        if found.iter().any(Option::is_none) && self.problems.len() == known {
            self.report(token.start, YamlProblemKind::Merge);
        }
        Ok(found.into_iter().flatten().collect())
    }

    fn mapping_or_mappings(&mut self) -> Read<Vec<Option<Merged<'t>>>> {
        let token = self.peek();
        match token.what {
            What::Sequence(_) => {
                self.take()?;
                self.inside(token, "seq", Self::mappings)
            }
            _ => Ok(vec![self.merged_mapping()?]),
        }
    }

    fn mappings(&mut self) -> Read<Vec<Option<Merged<'t>>>> {
        let mut mappings = Vec::new();
        while !self.ends() {
            mappings.push(self.merged_mapping()?);
        }
        Ok(mappings)
    }

    /// The members of the next value; none where it is no mapping.
    fn merged_mapping(&mut self) -> Read<Option<Merged<'t>>> {
        let (node, value) = self.value()?;
        let (Node::Object(members), Content::Members(places)) = (node, value.content) else {
            return Ok(None);
        };
        let mut places: BTreeMap<_, _> =
            ordered(places.into_iter().map(|member| (member.key.clone(), member)));
        let member = |(key, node): (String, Node)| Some((node, places.remove(key.as_str())?));
        Ok(Some(members.into_iter().filter_map(member).collect()))
    }

    fn scalar(&mut self, token: &Token<'_>, text: &str, style: ScalarStyle) -> Read<Node> {
        let is_plain = style == ScalarStyle::Plain;
        let Some(tag) = &token.tag else {
            return if is_plain { self.plain(token, text) } else { Ok(text.into()) };
        };
        let Some(kind) = tag.core_suffix() else {
            self.remark(token.start, RemarkKind::Tag(tag.original()))?;
            // Go's library passes over a tag without a name, and takes what has another one for a text.
            let is_nameless = tag.original() == "!";
            return if is_plain && is_nameless { self.plain(token, text) } else { Ok(text.into()) };
        };
        let node = match (kind, resolve(text)) {
            ("str", _) => text.into(),
            ("null", Scalar::Null) => Node::Null,
            ("bool", Scalar::Bool(flag)) => flag.into(),
            ("int", Scalar::Number(number)) if !number.is_f64() => Node::Number(number),
            ("float", Scalar::Number(number)) => {
                number.as_f64().and_then(Number::from_f64).map_or(Node::Null, Node::Number)
            }
            ("int" | "float", Scalar::Inexact | Scalar::NotFinite) => return self.plain(token, text),
            _ => {
                self.report(token.start, YamlProblemKind::TagOfOtherType(tag.original()));
                Node::Null
            }
        };
        Ok(node)
    }

    /// A scalar without quotes.
    fn plain(&mut self, token: &Token<'_>, text: &str) -> Read<Node> {
        match resolve(text) {
            Scalar::Null => Ok(Node::Null),
            Scalar::Bool(flag) => Ok(flag.into()),
            Scalar::Number(number) => Ok(Node::Number(number)),
            Scalar::Text => {
                if let Some(flag) = switch(text) {
                    // They are told and never too many: who reads YAML as it is now takes them for texts.
                    self.remarks.push(Remark { path: self.path(), kind: RemarkKind::Switch(flag) });
                }
                Ok(text.into())
            }
            Scalar::Date => {
                self.remark(token.start, RemarkKind::Date)?;
                Ok(text.into())
            }
            Scalar::Inexact => {
                self.report(token.start, YamlProblemKind::InexactNumber);
                Ok(Node::Null)
            }
            Scalar::NotFinite => {
                self.report(token.start, YamlProblemKind::NotFinite);
                Ok(Node::Null)
            }
        }
    }
}

/// The members of a mapping that is merged into another one.
type Merged<'t> = Vec<(Node, Member<'t>)>;
