//! Where a place of a document stands in the text it was read from: line and column, for editors and reports.
//!
//! Of a JSON text that [`parse`](super::parse) refuses, for its syntax or its depth, it knows the lines and nothing else.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::json::MAX_DEPTH;
use super::path::{Path, Step};

/// A line and a column of a text, counted from 1; a column is a Unicode code point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text, a number, a boolean or null.
    Scalar,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// The places of a text.
pub struct Places<'t> {
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters stand before each [`STRIDE`] bytes: a line may be as long as the text.
    characters: Vec<usize>,
    /// Everything in the text; none where it could not be read.
    whole: Option<Value<'t>>,
}

impl<'t> Places<'t> {
    /// Reads where everything in the JSON text stands.
    pub fn of(text: &'t str) -> Self {
        Self::read(text, &[], Wanted::Everything)
    }

    /// Reads where these places of the JSON text stand, each counted from the outside and from inside the outermost
    /// members of these keys. Of others [`find`](Self::find) then knows what is around them at most.
    pub fn around<'p>(text: &'t str, wrappings: &[&str], ways: impl Iterator<Item = &'p [Step]>) -> Self {
        let mut wanted = Ways::default();
        ways.for_each(|way| wanted.add(way));
        Self::read(text, wrappings, Wanted::These(&wanted))
    }

    fn read(text: &'t str, wrappings: &[&str], wanted: Wanted<'_>) -> Self {
        Self::made(text, Scanner { text, wrappings, at: 0, depth: 0 }.value(wanted))
    }

    /// The places of a text of which somebody has read where everything stands.
    pub(super) fn made(text: &'t str, whole: Option<Value<'t>>) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut characters = vec![0];
        for chunk in text.as_bytes().chunks(STRIDE) {
            characters.push(characters[characters.len() - 1] + count_characters(chunk));
        }
        Self { text, lines, characters, whole }
    }

    /// Holds what was read meanwhile.
    pub(super) fn hold(&mut self, whole: Value<'t>) {
        self.whole = Some(whole);
    }

    /// How many characters stand before this byte.
    fn characters_before(&self, at: usize) -> usize {
        let start = at / STRIDE * STRIDE;
        self.characters[at / STRIDE] + count_characters(&self.text.as_bytes()[start..at])
    }

    /// The column of a byte in a line that begins there.
    fn column(&self, line_start: usize, at: usize) -> usize {
        self.characters_before(at) - self.characters_before(line_start) + 1
    }

    /// Where a place was written: the key of a member, the beginning of an item. What is not written is looked for at the
    /// innermost thing around it.
    pub fn find(&self, path: &Path) -> Option<Place> {
        let (start, _, _) = self.walk(&path.0, member)?;
        Some(self.at(start))
    }

    /// What was written at exactly this place, keys spelled like this.
    pub fn kind(&self, path: &Path) -> Option<Kind> {
        let (_, value, left) =
            self.walk(&path.0, |members, key| member(members, key).filter(|it| it.key == key))?;
        left.is_empty().then_some(match value.content {
            Content::Scalar => Kind::Scalar,
            Content::Items(_) => Kind::Array,
            Content::Members(_) => Kind::Object,
        })
    }

    /// As far as something is written: the byte where it begins, the value there, and the steps that are left.
    fn walk<'p>(&self, steps: &'p [Step], member: Lookup<'t>) -> Option<(usize, &Value<'t>, &'p [Step])> {
        let mut here = self.whole.as_ref()?;
        let (mut start, mut left) = (here.start, steps);
        while let [step, further @ ..] = left {
            (start, here) = match (step, &here.content) {
                (Step::Index(index), Content::Items(items)) => {
                    match items.binary_search_by_key(index, |(position, _)| *position) {
                        Ok(found) => (items[found].1.start, &items[found].1),
                        Err(_) => break,
                    }
                }
                (Step::Key(key), Content::Members(members)) => match member(members, key) {
                    Some(member) => (member.start, &member.value),
                    None => break,
                },
                _ => break,
            };
            left = further;
        }
        Some((start, here, left))
    }

    /// The place of a byte.
    pub fn at(&self, byte: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= byte);
        Place { line, column: self.column(self.lines[line - 1], byte) }
    }

    /// The place of a position that is given as a line and a byte of it, both counted from 1.
    pub fn at_byte(&self, line: usize, byte: usize) -> Place {
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied();
        let mut at = (start.unwrap_or(0) + byte.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        Place { line, column: self.column(start.unwrap_or(at).min(at), at) }
    }
}

/// A value and the byte where it begins.
#[derive(Clone)]
pub(super) struct Value<'t> {
    pub(super) start: usize,
    pub(super) content: Content<'t>,
}

#[derive(Clone)]
pub(super) enum Content<'t> {
    Scalar,
    /// Those that are wanted, with their positions.
    Items(Vec<(usize, Value<'t>)>),
    /// Those that are wanted, in the order of their keys without regard to case.
    Members(Vec<Member<'t>>),
}

impl<'t> Content<'t> {
    pub(super) fn members(mut members: Vec<Member<'t>>) -> Self {
        // Stable: of two of one key the first stays the first.
        members.sort_by(|one, other| compare_folded(&one.key, &other.key));
        Content::Members(members)
    }
}

/// Bytes between two counts of characters.
const STRIDE: usize = 1 << 10;

/// How many characters begin in these bytes of a text.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -64).count()
}

#[derive(Clone)]
pub(super) struct Member<'t> {
    pub(super) key: Cow<'t, str>,
    /// The byte where the key begins.
    pub(super) start: usize,
    pub(super) value: Value<'t>,
}

/// What of a value is wanted: everything, what lies on one of these ways further in, or nothing. Most of a text has no finding, and
/// remembering where all of it stands takes longer than passing over it.
#[derive(Clone, Copy)]
enum Wanted<'w> {
    Everything,
    These(&'w Ways),
    Nothing,
}

impl<'w> Wanted<'w> {
    /// What is wanted behind a step.
    fn behind(self, step: &Step) -> Self {
        match self {
            Wanted::These(ways) => ways.further.get(step).map_or(Wanted::Nothing, Wanted::These),
            other => other,
        }
    }

    fn is_nothing(self) -> bool {
        matches!(self, Wanted::Nothing)
    }
}

/// The ways that go on from a place, by their next step; keys in small letters. So many findings as there are in a hostile
/// text are looked through once for each level, and not once for each member.
#[derive(Default)]
struct Ways {
    further: BTreeMap<Step, Ways>,
}

impl Ways {
    fn add(&mut self, way: &[Step]) {
        let mut here = self;
        for step in way {
            here = here.further.entry(folded(step)).or_default();
        }
    }
}

/// The step without regard to case.
fn folded(step: &Step) -> Step {
    match step {
        Step::Key(key) => Step::Key(key.to_ascii_lowercase()),
        Step::Index(index) => Step::Index(*index),
    }
}

/// Compares keys without regard to case.
fn compare_folded(one: &str, other: &str) -> Ordering {
    let mut bytes = one.bytes().zip(other.bytes());
    let difference = bytes.find(|(one, other)| !one.eq_ignore_ascii_case(other));
    match difference {
        Some((one, other)) => one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase()),
        None => one.len().cmp(&other.len()),
    }
}

/// How a member is looked up by its key.
type Lookup<'t> = for<'v> fn(&'v [Member<'t>], &str) -> Option<&'v Member<'t>>;

/// The member of that key, or else one that differs in case only.
fn member<'v, 't>(members: &'v [Member<'t>], key: &str) -> Option<&'v Member<'t>> {
    let start = members.partition_point(|member| compare_folded(&member.key, key).is_lt());
    let mut alike = members[start..].iter().take_while(|member| member.key.eq_ignore_ascii_case(key));
    let first = alike.clone().next();
    alike.find(|member| member.key == key).or(first)
}

/// Walks over JSON text. Every step is none where the text is not as JSON has it.
struct Scanner<'t, 'w> {
    text: &'t str,
    wrappings: &'w [&'w str],
    at: usize,
    depth: usize,
}

impl<'t> Scanner<'t, '_> {
    fn next(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn value(&mut self, wanted: Wanted<'_>) -> Option<Value<'t>> {
        let first = self.next()?;
        let start = self.at;
        let content = match first {
            b'{' => Content::members(self.several(b'}', |scanner, _| scanner.member(wanted))?),
            b'[' => Content::Items(self.several(b']', |scanner, index| scanner.item(index, wanted))?),
            b'"' => {
                self.string()?;
                Content::Scalar
            }
            _ => {
                self.bare_word()?;
                Content::Scalar
            }
        };
        Some(Value { start, content })
    }

    /// A number, true, false or null. Nothing at all is none of them.
    fn bare_word(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let ends = |c: char| matches!(c, ',' | ':' | ']' | '}') || c.is_ascii_whitespace();
        let length = rest.find(ends).unwrap_or(rest.len());
        self.at += length;
        (length > 0).then_some(())
    }

    /// An item, inside where it is wanted.
    fn item(&mut self, index: usize, wanted: Wanted<'_>) -> Option<Option<(usize, Value<'t>)>> {
        let inside = wanted.behind(&Step::Index(index));
        let value = self.value(inside)?;
        Some((!inside.is_nothing()).then_some((index, value)))
    }

    /// A member, inside where it is wanted. The outermost keys are always known.
    fn member(&mut self, wanted: Wanted<'_>) -> Option<Option<Member<'t>>> {
        self.next()?;
        let start = self.at;
        let raw = self.string()?;
        let key = match raw.contains('\\') {
            true => Cow::Owned(serde_json::from_str(raw).ok()?),
            false => Cow::Borrowed(raw.get(1..raw.len() - 1)?),
        };
        if self.next()? != b':' {
            return None;
        }
        self.at += 1;
        let is_outermost = self.depth == 1;
        let inside = match wanted {
            Wanted::These(_) if is_outermost && self.wrappings.contains(&&*key) => wanted,
            Wanted::These(_) => wanted.behind(&Step::Key(key.to_ascii_lowercase())),
            other => other,
        };
        let value = self.value(inside)?;
        let is_wanted = is_outermost || !inside.is_nothing();
        Some(is_wanted.then_some(Member { key, start, value }))
    }

    /// What is wanted of that which stands between an opening bracket and `end`, separated by commas.
    fn several<T>(&mut self, end: u8, one: impl Fn(&mut Self, usize) -> Option<Option<T>>) -> Option<Vec<T>> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        self.at += 1;
        let mut found = Vec::new();
        let mut position = 0;
        loop {
            match self.next()? {
                byte if byte == end => {
                    self.at += 1;
                    self.depth -= 1;
                    return Some(found);
                }
                b',' => self.at += 1,
                _ => {
                    found.extend(one(self, position)?);
                    position += 1;
                }
            }
        }
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'t str> {
        let start = self.at;
        let mut bytes = self.text.as_bytes()[start..].iter().enumerate().skip(1);
        while let Some((length, byte)) = bytes.next() {
            match byte {
                b'\\' => {
                    bytes.next();
                }
                b'"' => {
                    self.at = start + length + 1;
                    return self.text.get(start..self.at);
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    fn path(text: &str) -> Path {
        let mut path = Path::default();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            path = match part.parse() {
                Ok(index) => path.index(index),
                Err(_) => path.key(part),
            };
        }
        path
    }

    /// What stands at the place, as `line:column rest-of-the-line`.
    fn found(text: &str, at: &str) -> String {
        let at = path(at);
        let place = Places::of(text).find(&at).expect("valid JSON");
        assert_eq!(
            Places::around(text, &[], [at.0.as_slice()].into_iter()).find(&at),
            Some(place),
            "among others or alone"
        );
        let Place { line, column } = place;
        let rest: String = text.lines().nth(line - 1).unwrap().chars().skip(column - 1).collect();
        format!("{line}:{column} {rest}")
    }

    #[test]
    fn a_member_is_found_at_its_key_and_an_item_where_it_begins() {
        let text = "{\n  \"cpu\" : \"256\",\n  \"containerDefinitions\": [\n    {\"name\": \"a\"},\n    {\"im\\u0061ge\": \"b\", \"x\": [1, true]}\n  ]\n}";
        assert_eq!(found(text, "cpu"), "2:3 \"cpu\" : \"256\",");
        assert_eq!(found(text, "containerDefinitions.1"), "5:5 {\"im\\u0061ge\": \"b\", \"x\": [1, true]}");
        assert_eq!(
            found(text, "containerDefinitions.1.image"),
            "5:6 \"im\\u0061ge\": \"b\", \"x\": [1, true]}"
        );
        assert_eq!(found(text, "containerDefinitions.1.x.1"), "5:34 true]}");
        assert_eq!(found(text, ""), "1:1 {");
    }

    #[test]
    fn what_is_not_written_is_found_at_what_is_around_it() {
        let text = "{\n \"containerDefinitions\": [\n  {\"name\": \"a\"} ] }";
        assert_eq!(found(text, "containerDefinitions.0.readonlyRootFilesystem"), "3:3 {\"name\": \"a\"} ] }");
        assert_eq!(found(text, "containerDefinitions.7.image"), "2:2 \"containerDefinitions\": [");
        assert_eq!(found(text, "memory"), "1:1 {");
    }

    #[test]
    fn only_what_is_written_has_a_kind() {
        let places = Places::of("{\"a\": [{\"b\": null}]}");
        for (at, expected) in [
            ("", Some(Kind::Object)),
            ("a", Some(Kind::Array)),
            ("a.0.b", Some(Kind::Scalar)),
            ("a.1", None),
            ("a.0.b.c", None),
            ("A", None),
        ] {
            assert_eq!(places.kind(&path(at)), expected, "{at}");
        }
    }

    #[test]
    fn ways_count_from_the_outside_and_from_the_inside_of_a_wrapping() {
        let text = "{\"a\": {\"b\":\n1}, \"w\": {\"a\": {\"b\":\n2}}, \"x\": {\"a\": 3}}";
        let way = path("a.b");
        let places = Places::around(text, &["w"], [way.0.as_slice()].into_iter());
        assert_eq!(places.kind(&way), Some(Kind::Scalar));
        assert_eq!(places.kind(&path("w.a.b")), Some(Kind::Scalar));
        assert_eq!(places.kind(&path("x.a")), None, "not asked for");
        assert_eq!(places.kind(&path("x")), Some(Kind::Object), "the outermost keys are always known");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(found("{\"ä😀\": 1, \"cpu\": 2}", "cpu"), "1:11 \"cpu\": 2}");
        let places = Places::of("x\näb");
        assert_eq!(places.at_byte(2, 3), Place { line: 2, column: 2 });
        assert_eq!(places.at_byte(2, 99), Place { line: 2, column: 3 });
        assert_eq!(places.at_byte(9, 1).line, 9);
    }

    #[test]
    fn text_that_is_no_json_has_no_places() {
        let deep = "[".repeat(1 << 20);
        for text in [
            "",
            " ",
            "{",
            "[1",
            "{\"a",
            "{\"a\"}",
            "{\"a\\",
            "{1: 2}",
            "\"",
            "{\"a\": [}",
            "[}",
            "[:",
            "{,]",
            &deep,
        ] {
            assert_eq!(Places::of(text).find(&path("cpu")), None, "{text:.20?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_or_run_forever(text in "[\\[\\]{}:,\"\\\\a1 \nä]{0,40}") {
            let places = Places::of(&text);
            places.find(&path("containerDefinitions.0.image"));
            places.at_byte(2, 3);
        }

        /// Whatever the parser takes has its places.
        #[test]
        fn whatever_is_parsed_is_found(text in "[\\[\\]{}:,\"\\\\a1 \nä]{0,12}") {
            if parse(&text).is_ok() {
                proptest::prop_assert!(Places::of(&text).find(&Path::default()).is_some());
            }
        }
    }
}
