//! JSON text to and from a document.
//!
//! Stricter than JSON asks for, because a task definition that is silently read differently from what its author meant is worse
//! than an error: a key written twice with two values and a number that would change are problems. Problems name keys and positions, never
//! values, which may be secrets. What the keys mean is not known here.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::node::{Node, Object};
use super::path::{Path, Step, Trail};

/// Bytes of text that are read, at most. ECS accepts 64 KiB; what a chart of Kubernetes becomes has 2 MiB and more, most of it
/// definitions of custom resources.
pub const MAX_BYTES: usize = 4 << 20;

/// Keys and values of a text that are read, at most. Each may have findings, so that these, more than the bytes, decide what a text
/// can take in memory and time. The installation of Argo CD has 80,000.
pub const MAX_VALUES: usize = 1 << 18;

/// Bytes of a document with a sidecar or two, so that its text is not moved while it grows.
const USUAL_BYTES: usize = 4 << 10;

/// Levels of nesting that are read, at most. A task definition has seven.
pub const MAX_DEPTH: usize = 64;

/// Duplicate keys and inexact numbers that are reported, at most; beyond it the text is hardly meant.
pub(super) const MAX_PROBLEMS: usize = 100;

/// Whole numbers beyond this (2⁵³) are not all held by a double.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// Something wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonProblem {
    /// Where in the document; for wrong syntax the innermost place that was reached.
    pub path: Path,
    /// Line and column, counted from 1, where the text itself is at fault.
    pub position: Option<(usize, usize)>,
    /// What is wrong.
    pub kind: JsonProblemKind,
}

/// What can be wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonProblemKind {
    /// There is nothing in it.
    #[error("the text is empty, so there is no JSON in it")]
    Empty,
    /// It starts with U+FEFF.
    #[error(
        "the text starts with a byte order mark, which JSON does not allow: save it as UTF-8 without one"
    )]
    ByteOrderMark,
    /// It is longer than [`MAX_BYTES`].
    #[error("the text is {0} bytes long; at most {MAX_BYTES} are read, and ECS accepts 65536")]
    TooLong(usize),
    /// It is nested deeper than [`MAX_DEPTH`].
    #[error("nested more than {MAX_DEPTH} levels deep; a task definition needs seven")]
    TooDeep,
    /// It has more than [`MAX_VALUES`] keys and values.
    #[error("more than {MAX_VALUES} keys and values; no more of them are read")]
    TooManyValues,
    /// It is not JSON.
    #[error("not valid JSON: {0}")]
    Syntax(String),
    /// It is the text of a template, in which something stands without quotes for somebody to fill in.
    #[error(
        "a placeholder of a template stands there without quotes, which is not valid JSON: fill the template in first, and \
         give what comes of it"
    )]
    Template,
    /// A key stands in one object more than once, with different values.
    #[error(
        "the key {0:?} is written more than once in one object, with different values; only one can be meant"
    )]
    DuplicateKey(String),
    /// A number that would change when it is read.
    #[error("this number is too large to be held exactly")]
    InexactNumber,
}

impl fmt::Display for JsonProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.0.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        self.kind.fmt(out)?;
        match self.position {
            Some((line, column)) => write!(out, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

/// Reads JSON text. The error holds everything that was found, in the order of the text.
pub fn parse(text: &str) -> Result<Node, Vec<JsonProblem>> {
    parse_noting(text).map(|(node, _)| node)
}

/// The same as [`parse`], with the places of keys that stand in one object more than once, every time with one value.
pub fn parse_noting(text: &str) -> Result<(Node, Vec<Path>), Vec<JsonProblem>> {
    let whole = |kind| Err(vec![JsonProblem { path: Path::default(), position: None, kind }]);
    if text.len() > MAX_BYTES {
        return whole(JsonProblemKind::TooLong(text.len()));
    }
    if text.starts_with('\u{feff}') {
        return whole(JsonProblemKind::ByteOrderMark);
    }
    if text.trim().is_empty() {
        return whole(JsonProblemKind::Empty);
    }
    let mut reader = Reader::default();
    let mut source = serde_json::Deserializer::from_str(text);
    let read = Seed(&mut reader).deserialize(&mut source).and_then(|node| source.end().map(|()| node));
    match read {
        Ok(node) if reader.problems.is_empty() => Ok((node, reader.repeated)),
        Ok(_) => Err(reader.problems),
        Err(error) => {
            let kind = if let Some(limit) = reader.limit {
                limit
            } else if is_template(text, error.line(), error.column()) {
                JsonProblemKind::Template
            } else {
                JsonProblemKind::Syntax(message(&error))
            };
            let position = Some((error.line(), error.column()));
            reader.problems.push(JsonProblem { path: Path(reader.path), position, kind });
            Err(reader.problems)
        }
    }
}

/// One of several values that stand in a text, one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'t> {
    /// Its text.
    pub text: &'t str,
    /// The byte of the whole text where it begins.
    pub start: usize,
    /// Lines of the whole text before its own first one.
    pub lines_before: usize,
    /// Characters before it in that line.
    pub columns_before: usize,
}

/// The objects and arrays of a text that stand one behind the other, with nothing but space and commas between them: lines of
/// JSON, or what several programs have written to one file. `None` for any other text. Whether each of them is JSON is for
/// [`parse`] to say.
pub fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let (mut lines_before, mut line_start, mut looked_at) = (0, 0, 0);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == ',');
        let start = text.len() - rest.len();
        for (at, _) in text[looked_at..start].match_indices('\n') {
            lines_before += 1;
            line_start = looked_at + at + 1;
        }
        looked_at = start;
        if rest.is_empty() {
            return Some(parts);
        }
        let end = end_of_value(rest)?;
        let columns_before = text[line_start..start].chars().count();
        parts.push(Part { text: &rest[..end], start, lines_before, columns_before });
        rest = &rest[end..];
    }
}

/// How long the object or the array is that a text begins with.
fn end_of_value(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b'"' => loop {
                match bytes.next()?.1 {
                    b'\\' => {
                        bytes.next()?;
                    }
                    b'"' => break,
                    _ => {}
                }
            },
            _ if depth == 0 => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Whether the placeholder of a template begins where the text is no JSON, or a byte before: JSON has none of these signs
/// outside quotes.
fn is_template(text: &str, line: usize, column: usize) -> bool {
    const SIGNS: [&str; 7] = ["${", "{{", "#{", "{%", "<%", "%{", "__"];
    let line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    (1..=2).any(|back| {
        let rest = column.checked_sub(back).and_then(|start| line.get(start..)).unwrap_or_default();
        let is_name = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let is_bare = ["$", "<", "%"].iter().any(|sign| rest.strip_prefix(sign).is_some_and(is_name));
        is_bare || SIGNS.iter().any(|sign| rest.starts_with(sign))
    })
}

/// What serde_json says without the position, which is reported apart.
fn message(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.rfind(" at line ") {
        text.truncate(end);
    }
    text
}

/// What is collected while reading.
#[derive(Default)]
struct Reader {
    path: Vec<Step>,
    problems: Vec<JsonProblem>,
    repeated: Vec<Path>,
    values: usize,
    /// The limit at which the reading ended.
    limit: Option<JsonProblemKind>,
}

impl Reader {
    fn report(&mut self, kind: JsonProblemKind) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(JsonProblem { path: Path(self.path.clone()), position: None, kind });
        }
    }

    /// Notes a key that stands in its object once more, and reports it where it has another value there.
    fn written_again(&mut self, key: &str, with_the_same_value: bool) {
        self.path.push(Step::Key(key.to_owned()));
        if !with_the_same_value {
            self.report(JsonProblemKind::DuplicateKey(key.to_owned()));
        } else if self.repeated.len() < MAX_PROBLEMS {
            self.repeated.push(Path(self.path.clone()));
        }
        self.path.pop();
    }

    /// Refuses to go deeper than allowed. The path has one step for each level.
    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.path.len() >= MAX_DEPTH {
            self.limit = Some(JsonProblemKind::TooDeep);
            return Err(E::custom("too deep"));
        }
        Ok(())
    }

    /// Counts a key or a value, and refuses to read more than allowed.
    fn count<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.values += 1;
        if self.values > MAX_VALUES {
            self.limit = Some(JsonProblemKind::TooManyValues);
            return Err(E::custom("too many values"));
        }
        Ok(())
    }
}

/// Reads one value. On an error the path stays where it was reached, which tells the place.
struct Seed<'r>(&'r mut Reader);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Node, D::Error> {
        self.0.count()?;
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Node, E> {
        // Whole numbers that fit come as integers; what comes here is a fraction, an exponent or out of range.
        if number.abs() >= EXACT {
            self.0.report(JsonProblemKind::InexactNumber);
        }
        serde_json::Number::from_f64(number).map(Node::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Node, A::Error> {
        let Seed(reader) = self;
        reader.enter()?;
        let mut items = Vec::new();
        loop {
            reader.path.push(Step::Index(items.len()));
            let item = source.next_element_seed(Seed(&mut *reader))?;
            reader.path.pop();
            match item {
                Some(item) => items.push(item),
                None => return Ok(Node::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Node, A::Error> {
        let Seed(reader) = self;
        reader.enter()?;
        // Sorted first: inserting into an `Object` one by one would cost the square of a hostile number of keys.
        let mut members = BTreeMap::new();
        while let Some(key) = source.next_key::<String>()? {
            reader.count()?;
            reader.path.push(Step::Key(key));
            let value = source.next_value_seed(Seed(&mut *reader))?;
            let Some(Step::Key(key)) = reader.path.pop() else {
                unreachable!("a value takes its own steps back")
            };
            match members.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(place) => reader.written_again(place.key(), *place.get() == value),
            }
        }
        Ok(Node::Object(Object::from_sorted_store_unchecked(members.into_iter().collect())))
    }
}

/// A document cannot be written as JSON, because a value in it is known only at apply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is known only at apply", if .path.0.is_empty() { "the document".to_owned() } else { .path.to_string() })]
pub struct NotKnown {
    /// Where the first such value stands.
    pub path: Path,
}

/// The document as JSON text without white space, keys in order: equal documents give equal bytes.
pub fn to_json(node: &Node) -> Result<String, NotKnown> {
    // Writing fails on the first unknown value and on nothing else; only then is its place looked for.
    let mut text = Vec::with_capacity(USUAL_BYTES);
    match serde_json::to_writer(&mut text, &Known(node)) {
        Ok(()) => Ok(String::from_utf8(text).expect("serde_json writes UTF-8")),
        Err(_) => Err(NotKnown { path: first_unknown(node, &Trail::Root).unwrap_or_default() }),
    }
}

/// The document as indented JSON text, keys in order.
pub fn to_json_pretty(node: &Node) -> Result<String, NotKnown> {
    wholly_known(node)?;
    Ok(serde_json::to_string_pretty(&Known(node))
        .expect("a known document has string keys only and writing to memory works"))
}

pub(super) fn wholly_known(node: &Node) -> Result<(), NotKnown> {
    match first_unknown(node, &Trail::Root) {
        Some(path) => Err(NotKnown { path }),
        None => Ok(()),
    }
}

fn first_unknown(node: &Node, trail: &Trail<'_>) -> Option<Path> {
    match node {
        Node::Unknown => Some(trail.path()),
        Node::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| first_unknown(item, &Trail::Index(trail, index))),
        Node::Object(members) => {
            members.iter().find_map(|(key, value)| first_unknown(value, &Trail::Key(trail, key)))
        }
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => None,
    }
}

/// A document in which nothing is unknown. `Node` itself is not serializable, so that an unknown cannot slip out as null.
struct Known<'a>(&'a Node);

impl Serialize for Known<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => target.serialize_unit(),
            Node::Unknown => Err(serde::ser::Error::custom("a value is known only at apply")),
            Node::Bool(flag) => target.serialize_bool(*flag),
            Node::Number(number) => number.serialize(target),
            Node::String(text) => target.serialize_str(text),
            Node::Array(items) => {
                let mut sequence = target.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| sequence.serialize_element(&Known(item)))?;
                sequence.end()
            }
            Node::Object(members) => {
                let mut map = target.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(key, value)| map.serialize_entry(key, &Known(value)))?;
                map.end()
            }
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Node::Null,
            Value::Bool(flag) => Node::Bool(flag),
            Value::Number(number) => Node::Number(number),
            Value::String(text) => Node::String(text),
            Value::Array(items) => Node::Array(items.into_iter().map(Node::from).collect()),
            Value::Object(members) => {
                members.into_iter().map(|(key, value)| (key, Node::from(value))).collect()
            }
        }
    }
}

impl TryFrom<&Node> for Value {
    type Error = NotKnown;

    fn try_from(node: &Node) -> Result<Self, NotKnown> {
        wholly_known(node)?;
        Ok(serde_json::to_value(Known(node)).expect("a known document is a JSON value"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        parse(text).expect_err("a problem").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#"{"a":[null,true,-1,18446744073709551615,0.25,"ü\n"],"b":{}}"#;
        let node = parse(text).expect("JSON");
        assert_eq!(to_json(&node).expect("known"), text);
        assert_eq!(node.get("a").items()[2].as_i64(), Some(-1));
    }

    #[test]
    fn every_duplicate_key_is_reported_with_its_place() {
        let text =
            r#"{"a":1,"a":2,"containerDefinitions":[{"environment":[{"name":"X","name":"Y"}]}],"a":3}"#;
        assert_eq!(
            problems(text),
            [
                r#"a: the key "a" is written more than once in one object, with different values; only one can be meant"#,
                r#"containerDefinitions[0].environment[0].name: the key "name" is written more than once in one object, with different values; only one can be meant"#,
                r#"a: the key "a" is written more than once in one object, with different values; only one can be meant"#,
            ]
        );
    }

    #[test]
    fn a_key_written_twice_with_one_value_is_noted_and_no_problem() {
        let (node, repeated) =
            parse_noting(r#"[{"user":null,"user":null,"a":{"b":[1],"b":[1]},"c":1}]"#).expect("JSON");
        assert_eq!(to_json(&node).expect("known"), r#"[{"a":{"b":[1]},"c":1,"user":null}]"#);
        let repeated: Vec<_> = repeated.iter().map(ToString::to_string).collect();
        assert_eq!(repeated, ["[0].user", "[0].a.b"]);
        assert_eq!(problems(r#"{"a":1,"a":1,"a":2}"#).len(), 1);
        assert_eq!(problems(r#"{"a":"1","a":1}"#).len(), 1);
    }

    #[test]
    fn numbers_that_would_change_are_reported_with_their_place() {
        assert_eq!(
            problems(r#"{"cpu":[1,18446744073709551616]}"#),
            ["cpu[1]: this number is too large to be held exactly"]
        );
        assert_eq!(problems(r#"[-9223372036854775809, 1e16]"#).len(), 2);
        assert!(problems("[1e999]")[0].contains("number out of range"));
        assert!(parse("[9007199254740993, 1.5, 1e3]").is_ok());
    }

    #[test]
    fn wrong_syntax_is_reported_with_line_column_and_place() {
        assert_eq!(
            problems("{\n  \"containerDefinitions\": [\n    {\"image\": \"s3cret\" \"x\"}\n  ]\n}"),
            ["containerDefinitions[0]: not valid JSON: expected `,` or `}` (line 3, column 24)"]
        );
        assert_eq!(problems("[1, 2] x"), ["not valid JSON: trailing characters (line 1, column 8)"]);
        assert!(problems("{\"a\": tru}")[0].starts_with("a: not valid JSON: expected ident (line 1"));
    }

    #[test]
    fn a_problem_before_wrong_syntax_is_reported_too() {
        assert_eq!(problems(r#"{"a":1,"a":2,"#).len(), 2);
    }

    #[test]
    fn empty_text_and_a_byte_order_mark_are_named() {
        assert_eq!(problems(" \n"), ["the text is empty, so there is no JSON in it"]);
        assert!(problems("\u{feff}{}")[0].contains("byte order mark"));
    }

    #[test]
    fn ten_thousand_levels_are_refused_without_a_crash() {
        for text in ["[".repeat(10_000), r#"{"a":"#.repeat(10_000)] {
            let found = parse(&text).expect_err("a problem");
            assert_eq!(found[0].kind, JsonProblemKind::TooDeep);
            assert_eq!(found[0].path.0.len(), MAX_DEPTH);
        }
        let text = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(parse(&text).is_ok());
    }

    #[test]
    fn keys_and_values_are_bounded_in_number() {
        let many = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        // The array is a value, too.
        assert!(parse(&many(MAX_VALUES - 1)).is_ok());
        let members = format!("{{{}}}", vec![r#""a":1"#; MAX_VALUES].join(","));
        for text in [many(MAX_VALUES), members] {
            let found = parse(&text).expect_err("a problem");
            assert_eq!(found.last().unwrap().kind, JsonProblemKind::TooManyValues);
        }
    }

    #[test]
    fn a_text_of_ten_mebibytes_is_refused_by_its_length() {
        let text = format!("\"{}\"", "x".repeat(10 << 20));
        assert_eq!(parse(&text).expect_err("a problem")[0].kind, JsonProblemKind::TooLong(text.len()));
        assert!(parse(&format!("\"{}\"", "x".repeat(MAX_BYTES - 2))).is_ok());
    }

    #[test]
    fn problems_are_bounded_in_number() {
        let text = format!("{{{}\"a\":1}}", "\"a\":1,\"a\":2,".repeat(10_000));
        assert_eq!(parse(&text).expect_err("a problem").len(), MAX_PROBLEMS);
    }

    #[test]
    fn an_unknown_is_never_written() {
        let node = Node::from([("a", Node::from(vec![Node::Null, Node::Unknown]))]);
        assert_eq!(to_json(&node).expect_err("unknown").to_string(), "a[1] is known only at apply");
        assert!(to_json_pretty(&node).is_err() && Value::try_from(&node).is_err());
        assert_eq!(
            to_json(&Node::Unknown).expect_err("unknown").to_string(),
            "the document is known only at apply"
        );
    }

    #[test]
    fn indented_text_has_its_keys_in_order() {
        let node = parse(r#"{"b":1,"a":[2]}"#).expect("JSON");
        assert_eq!(to_json_pretty(&node).expect("known"), "{\n  \"a\": [\n    2\n  ],\n  \"b\": 1\n}");
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            Just(Node::Null),
            any::<bool>().prop_map(Node::from),
            any::<i64>().prop_map(Node::from),
            ".*".prop_map(Node::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Node::Array),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_equal(node in any_node()) {
            prop_assert_eq!(parse(&to_json(&node).expect("known")).expect("JSON"), node.clone());
            prop_assert_eq!(Node::from(Value::try_from(&node).expect("known")), node);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn the_text_of_a_template_is_called_one() {
        for text in [
            "{\"cpu\": ${cpu}}",
            "{\n  \"cpu\": {{ cpu }}\n}",
            "{\"a\": 1,\n{{ range .Volumes }}\n\"b\": 2}",
            "[{\"a\": #{A}}]",
            "{\"a\": __A__}",
            "{\"a\": <A>}",
            "{\"a\": %A%}",
            "{\"a\": $A}",
            "[\n%{ for a in b ~}\n1]",
            "{{ containers }}",
            "${containers}",
        ] {
            let problems = parse(text).unwrap_err();
            assert_eq!(problems.len(), 1, "{text}");
            assert_eq!(problems[0].kind, JsonProblemKind::Template, "{text}: {problems:?}");
        }
        for text in ["{\"a\": }", "{a: 1}", "[1, 2", "{\"a\": 1,}", "{\"a\": '${x}'}", "x"] {
            assert_ne!(parse(text).unwrap_err()[0].kind, JsonProblemKind::Template, "{text}");
        }
    }
}
