//! What is read, and what is written.

use proptest::prelude::*;

use super::*;
use crate::document::{Kind, to_json};

fn node(text: &str) -> Node {
    match read(text) {
        Ok(yaml) => yaml.node,
        Err(problems) => panic!("{text}: {problems:?}"),
    }
}

/// What is read, as JSON.
fn json(text: &str) -> String {
    to_json(&node(text)).expect("nothing is unknown")
}

fn problems(text: &str) -> Vec<String> {
    match read(text) {
        Ok(yaml) => panic!("{text:.200} was read as {:?}", yaml.node),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn kind(text: &str) -> YamlProblemKind {
    match read(text) {
        Ok(yaml) => panic!("{text:.200} was read as {:?}", yaml.node),
        Err(problems) => problems[0].kind.clone(),
    }
}

/// Path and kind of every remark.
fn remarks(text: &str) -> Vec<String> {
    let yaml = read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    yaml.remarks.iter().map(|remark| format!("{}: {:?}", remark.path, remark.kind)).collect()
}

/// The place of a path, as `line:column`.
fn place(text: &str, steps: &[&str]) -> String {
    let yaml = read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let path = steps.iter().fold(Path::default(), |path, step| match step.parse() {
        Ok(index) => path.index(index),
        Err(_) => path.key(step),
    });
    let Place { line, column } = yaml.places.find(&path).expect("what is read has places");
    format!("{line}:{column}")
}

#[test]
fn every_style_of_every_value_is_read() {
    let text = "
block:
- plain text
- 'single ''quoted'''
- \"double \\\"quoted\\\" \\u00fc\\n\"
- |
  literal
    text
- >-
  folded
  text
flow: [1, {a: true, b: }, ~]
nothing:
\"quoted key\": 0.5
? explicit
: -1
";
    assert_eq!(
        json(text),
        r#"{"block":["plain text","single 'quoted'","double \"quoted\" ü\n","literal\n  text\n","folded text"],"explicit":-1,"flow":[1,{"a":true,"b":null},null],"nothing":null,"quoted key":0.5}"#
    );
}

#[test]
fn json_is_read_as_it_is_by_the_reader_of_json() {
    for text in [r#"{"a": [1, "two", {"b": null}], "c": "\u00e4\n"}"#, "[]", "{}", "\"x\"", "1", "null"] {
        assert_eq!(node(text), crate::document::parse(text).unwrap());
    }
}

#[test]
fn a_member_is_found_at_its_key_and_an_item_where_it_begins() {
    let text =
        "services:\n  wéb: {image: a, ports: [80, 443]}\n  db:\n    command:\n    - one\n    - \"two\"\n";
    assert_eq!(place(text, &[]), "1:1");
    assert_eq!(place(text, &["services", "wéb"]), "2:3");
    assert_eq!(place(text, &["services", "wéb", "image"]), "2:9");
    assert_eq!(place(text, &["services", "wéb", "ports", "1"]), "2:31");
    assert_eq!(place(text, &["services", "db", "command", "1"]), "6:7");
    assert_eq!(place(text, &["services", "db", "image"]), "3:3", "what is not written");
    let yaml = read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(
        yaml.places.kind(&Path::default().key("services").key("db").key("command")),
        Some(Kind::Array)
    );
}

#[test]
fn a_byte_order_mark_and_lines_that_end_as_on_windows_change_nothing() {
    let text = "a: 1\r\nb:\r\n- |\r\n  x\r\n  y\r\n- z\r\n";
    assert_eq!(json(text), r#"{"a":1,"b":["x\ny\n","z"]}"#);
    assert_eq!(json(&format!("\u{feff}{text}")), json(text));
    assert_eq!(place(&format!("\u{feff}{text}"), &["a"]), "1:1");
    assert_eq!(place(text, &["b", "1"]), "6:3");
}

#[test]
fn an_alias_stands_for_its_anchor_and_is_found_there() {
    let text = "x: &x\n  a: [1, &t two]\ny: *x\nz: [*t, *x]\n";
    assert_eq!(json(text), r#"{"x":{"a":[1,"two"]},"y":{"a":[1,"two"]},"z":["two",{"a":[1,"two"]}]}"#);
    assert_eq!(place(text, &["y"]), "3:1");
    assert_eq!(place(text, &["y", "a", "1"]), "2:13");
    assert_eq!(json("a: &a 1\nb: *a\nc: &a 2\nd: *a\n"), r#"{"a":1,"b":1,"c":2,"d":2}"#);
    assert_eq!(json("a: &k key\n*k : 1\n"), r#"{"a":"key","key":1}"#);
}

#[test]
fn a_merge_key_brings_in_what_is_not_written() {
    let base = "b: &b {x: 1, y: 1}\nc: &c {y: 2, z: 2}\n";
    for (merge, expected) in [
        ("<<: *b", r#"{"x":1,"y":1}"#),
        ("<<: *b\n  x: 3", r#"{"x":3,"y":1}"#),
        ("x: 3\n  <<: *b", r#"{"x":3,"y":1}"#),
        ("<<: [*b, *c]", r#"{"x":1,"y":1,"z":2}"#),
        ("<<: [*c, *b]", r#"{"x":1,"y":2,"z":2}"#),
        ("<<: {x: 4, <<: *c}", r#"{"x":4,"y":2,"z":2}"#),
        ("<<: {}", "{}"),
        ("<<: []", "{}"),
        ("\"<<\": 1", r#"{"<<":1}"#),
    ] {
        let text = format!("{base}d:\n  {merge}\n");
        assert_eq!(to_json(node(&text).get("d")).unwrap(), expected, "{merge}");
    }
    let list = "b: &b {x: 1}\nl: &l [*b, {y: 2}]\nd: {<<: *l}\n";
    assert_eq!(to_json(node(list).get("d")).unwrap(), r#"{"x":1,"y":2}"#);
    assert_eq!(place(&format!("{base}d:\n  <<: *c\n  y: 1\n"), &["d", "z"]), "2:14");
    assert_eq!(place(&format!("{base}d:\n  <<: *c\n  y: 1\n"), &["d", "y"]), "5:3");
}

#[test]
fn a_merge_key_of_anything_else_is_a_problem() {
    for (merge, at) in [("1", "1:5"), ("[1]", "1:5"), ("", "1:3"), ("[[{}]]", "1:5")] {
        let text = format!("<<: {merge}\n");
        let found = read(&text).err().expect("a problem");
        assert_eq!(found[0].kind, YamlProblemKind::Merge, "{text}");
        let Place { line, column } = found[0].place.expect("it has a place");
        assert_eq!(format!("{line}:{column}"), at, "{text}");
        assert_eq!(found.len(), 1);
    }
    assert_eq!(kind("a: &a [1]\nb: {<<: *a}\n"), YamlProblemKind::Merge);
    assert_eq!(problems("<<: *a\n"), ["the alias `*a` has no anchor `&a` before it (line 1, column 5)"]);
}

#[test]
fn every_key_that_is_written_twice_is_told_with_both_places() {
    assert_eq!(
        problems("a:\n  b: s3cret\n  c: 1\n  b: s3cret\nl: [{x: 1, \"x\": 2}]\n"),
        [
            "a.b: the key \"b\" is written more than once in one mapping, first at line 2, column 3; only one can be meant (line 4, column 3)",
            "l[0].x: the key \"x\" is written more than once in one mapping, first at line 5, column 6; only one can be meant (line 5, column 12)",
        ]
    );
    let around = problems("a: 1\nb: 1\na: 2\nc: {x: 1, x: 2}\na: 3\nb: 2\n");
    let told: Vec<_> = around.iter().map(|problem| problem.split(' ').next().unwrap()).collect();
    assert_eq!(told, ["a:", "c.x:", "a:", "b:"], "in the order of the text, and those around others as well");
    assert!(around[2].contains("first at line 1, column 1"), "the first is the first of all: {}", around[2]);
    let merged = "a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n";
    assert_eq!(problems(merged).len(), 1);
    assert!(problems(merged)[0].contains("(line 4, column 3)"));
    let read_often = "a: &a {x: 1, x: 2}\nb: [*a, *a]\n";
    assert_eq!(problems(read_often).len(), 1, "what an alias reads was read before");
}

#[test]
fn an_alias_without_an_anchor_before_it_is_a_problem_and_so_is_one_inside_of_it() {
    assert_eq!(
        problems("a: *b\nb: &b 1\nc: [*d]\n"),
        [
            "a: the alias `*b` has no anchor `&b` before it (line 1, column 4)",
            "c[0]: the alias `*d` has no anchor `&d` before it (line 3, column 5)",
        ]
    );
    assert_eq!(
        problems("a: &a\n  b: [*a]\nc: *a\n"),
        ["a.b[0]: the alias `*a` stands inside its own anchor, so that it has no end (line 2, column 7)"]
    );
    assert_eq!(problems("a: &a {<<: *a}\n").len(), 1);
}

#[test]
fn tags_of_the_core_schema_are_in_the_value_and_all_others_are_told() {
    let text = "a: !!str 1\nb: !!int \"5\"\nc: !!float 1\nd: !!null ''\ne: !!bool \"true\"\nf: !!map {}\ng: !!seq []\n";
    assert_eq!(json(text), r#"{"a":"1","b":5,"c":1.0,"d":null,"e":true,"f":{},"g":[]}"#);
    assert_eq!(remarks(text), [""; 0]);
    let text =
        "a: !reset null\nb: !override\n  c: 1\nd: [!own 5, ! 5, !!binary aGk=]\n!key k: 1\ne: !reset\n";
    assert_eq!(json(text), r#"{"a":"null","b":{"c":1},"d":["5",5,"aGk="],"e":"","k":1}"#);
    assert_eq!(
        remarks(text),
        [
            r#"a: Tag("!reset")"#,
            r#"b: Tag("!override")"#,
            r#"d[0]: Tag("!own")"#,
            r#"d[1]: Tag("!")"#,
            r#"d[2]: Tag("!!binary")"#,
            r#": Tag("!key")"#,
            r#"e: Tag("!reset")"#,
        ]
    );
    assert_eq!(remarks("a: &a !reset x\nb: *a\nc: {<<: {d: !override x}}\n").len(), 3);
    for text in
        ["!!int x", "!!int 1.5", "!!bool yes", "!!null x", "!!str [a]", "!!map [a]", "!!seq {}", "!!float x"]
    {
        assert!(matches!(kind(text), YamlProblemKind::TagOfOtherType(_)), "{text}");
    }
    assert_eq!(kind("!!float .inf"), YamlProblemKind::NotFinite);
}

#[test]
fn a_date_is_a_text_and_told() {
    assert_eq!(json("a: 2026-11-29\nb: '2026-11-29'\n"), r#"{"a":"2026-11-29","b":"2026-11-29"}"#);
    assert_eq!(remarks("a: 2026-11-29\nb: '2026-11-29'\n"), ["a: Date"]);
}

#[test]
fn a_key_that_is_no_text_is_a_problem() {
    assert_eq!(
        problems("1: a\ntrue: b\n~: c\n: d\n"),
        [
            "the key \"1\" is read as a number, a boolean or null here, and keys are texts: write it in quotes (line 1, column 1)",
            "the key \"true\" is read as a number, a boolean or null here, and keys are texts: write it in quotes (line 2, column 1)",
            "the key \"~\" is read as a number, a boolean or null here, and keys are texts: write it in quotes (line 3, column 1)",
            "the key \"\" is read as a number, a boolean or null here, and keys are texts: write it in quotes (line 4, column 1)",
        ]
    );
    assert_eq!(json("on: 1\nyes: 2\n\"3\": 4\n"), r#"{"3":4,"on":1,"yes":2}"#);
    for text in ["image: {{ .Values.image }}", "? [a]\n: b\n", "{{ image }}"] {
        assert_eq!(kind(text), YamlProblemKind::KeyOfParts, "{text}");
    }
}

#[test]
fn numbers_that_would_change_are_reported_and_their_digits_are_not() {
    assert_eq!(
        problems("a: [1, 18446744073709551616]\nb: .nan\n"),
        [
            "a[1]: this number is too large to be held exactly; if it is meant as a text, write it in quotes (line 1, column 8)",
            "b: infinite, or not a number; if it is meant as a text, write it in quotes (line 2, column 4)",
        ]
    );
}

#[test]
fn nothing_but_comments_is_empty() {
    for text in ["", " \n", "# nothing\n", "---\n", "--- # nothing\n...\n", "\u{feff}"] {
        assert_eq!(problems(text), ["the text is empty, so there is no YAML in it"], "{text:?}");
    }
}

#[test]
fn one_text_is_one_document() {
    assert_eq!(json("%YAML 1.2\n---\na: 1\n...\n"), r#"{"a":1}"#);
    assert_eq!(
        problems("a: 1\n---\nb: 2\n"),
        [
            "a second document begins here; give one document, without a line of `---` in the middle (line 2, column 1)"
        ]
    );
}

#[test]
fn tabs_are_called_tabs() {
    for text in ["a:\n\tb: 1\n", "a:\n  b: 1\n\tc: 2\n", "a: |\n\tx\n", "a:\n\t- 1\n"] {
        let found = read(text).err().expect(text);
        assert_eq!(found[0].kind, YamlProblemKind::Tab, "{text:?}: {}", found[0]);
    }
    assert_eq!(json("a:\t1\t# one\n"), r#"{"a":1}"#, "between values a tab may stand");
}

#[test]
fn wrong_syntax_is_told_with_its_place_and_without_values() {
    for text in [
        "password: \"s3cret\n",
        "password: @s3cret\n",
        "password: `s3cret`\n",
        "password: [s3cret\n",
        "password: s3cret: more\n",
        "password: 's3cret' s3cret\n",
        "password: \"s3cret\\q\"\n",
        "password: %s3cret\n",
        "a: s3cret\n b: s3cret\n",
        "- s3cret\nb: 1\n",
        "a: }\n",
        "password: !<s3cret x\n",
    ] {
        let found = problems(text);
        assert!(found[0].contains("line "), "{text:?}: {found:?}");
        assert!(!found[0].contains("s3cret"), "{text:?}: {found:?}");
    }
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut levels = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        levels += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert_eq!(kind(&levels), YamlProblemKind::TooMuchCopied);
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 19), "*a, ".repeat(1 << 10));
    assert_eq!(kind(&long), YamlProblemKind::TooMuchCopied);
    let merged = format!("a: &a {{{}}}\nb: [{}]\n", "x: {y: 1}", "{<<: *a}, ".repeat(1 << 16));
    assert_eq!(kind(&merged), YamlProblemKind::TooMuchCopied);
    assert!(read(&format!("a: &a x\nb: [{}]\n", "*a, ".repeat(10_000))).is_ok());
}

#[test]
fn ten_thousand_levels_are_refused_without_a_crash() {
    let block: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level % 700))).collect();
    for text in ["[".repeat(10_000), "{a: ".repeat(10_000), "- ".repeat(10_000), "? ".repeat(10_000)] {
        assert_eq!(kind(&text), YamlProblemKind::TooDeep, "{text:.20}");
    }
    assert!(read(&block).is_err());
    let levels = |count: usize| format!("{}{}", "[".repeat(count), "]".repeat(count));
    assert_eq!(json(&levels(MAX_DEPTH)), levels(MAX_DEPTH));
    assert_eq!(kind(&levels(MAX_DEPTH + 1)), YamlProblemKind::TooDeep);
    let halves = format!("a: &a {}\nb: {}*a{}\n", levels(40), "[".repeat(40), "]".repeat(40));
    assert_eq!(kind(&halves), YamlProblemKind::TooDeep, "aliases count as what they stand for");
    let merges: String =
        (1..100).map(|level| format!("a{level}: &a{level} {{<<: *a{}}}\n", level - 1)).collect();
    assert_eq!(kind(&format!("a0: &a0 {{x: 1}}\n{merges}")), YamlProblemKind::TooDeep);
}

#[test]
fn a_text_of_ten_mebibytes_is_refused_by_its_length() {
    let text = "- a\n".repeat(10 << 18);
    assert_eq!(kind(&text), YamlProblemKind::TooLong(text.len()));
    assert!(read(&format!("- {}", "a".repeat(MAX_BYTES - 2))).is_ok());
}

#[test]
fn keys_and_values_are_bounded_in_number_over_all_documents_of_a_text() {
    // The sequence is a value, too.
    assert!(read(&"- a\n".repeat(MAX_VALUES - 1)).is_ok());
    assert_eq!(kind(&"- a\n".repeat(MAX_VALUES)), YamlProblemKind::TooManyValues);
    assert_eq!(kind(&format!("{{{}}}", "a,".repeat(MAX_VALUES))), YamlProblemKind::TooManyValues);
    let half = "- a\n".repeat(MAX_VALUES / 2 - 1);
    assert!(read_all(&format!("{half}---\n{half}")).is_ok());
    let problems = read_all(&format!("{half}---\n{half}---\na\n")).err().unwrap();
    assert_eq!(problems[0].kind, YamlProblemKind::TooManyValues);
    assert_eq!(problems[0].place.unwrap().line, MAX_VALUES + 1, "of the whole text");
}

#[test]
fn problems_and_remarks_are_bounded_in_number() {
    assert_eq!(problems(&"a: 1\n".repeat(10_000)).len(), crate::document::json::MAX_PROBLEMS);
    let text = |count: usize| "- !a 1\n".repeat(count);
    assert_eq!(remarks(&text(MAX_REMARKS)).len(), MAX_REMARKS);
    assert_eq!(kind(&text(MAX_REMARKS + 1)), YamlProblemKind::TooManyRemarks);
}

#[test]
fn what_others_take_for_something_else_is_written_in_quotes_and_the_rest_is_not() {
    let item = |text: &str| write(&Node::from(vec![text]), &[]).expect("known");
    for text in [
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "null",
        "~",
        "1.0",
        "0o17",
        "1e3",
        "12:30",
        "=",
        "<<",
        "",
        " a",
        "a ",
        "# a",
        "a: b",
        "- a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "{a",
        "[a",
        "2026-11-29",
        "\0",
        "1_0",
        "017",
        "0b1",
    ] {
        assert!(
            item(text).starts_with("- \"") || item(text).starts_with("- '"),
            "{text:?} as {}",
            item(text)
        );
    }
    for text in [
        "a",
        "a b",
        "gcr.io/datadoghq/agent:7.66.0",
        "datadog-run:/opt/datadog-agent/run:rw",
        "/var/run/docker.sock",
        "a,b",
        "${DD_API_KEY}",
        "service_completed_successfully",
        "-x",
        "a#b",
        "it's",
        "https://a.example.com/v1?x=y&z=1",
    ] {
        assert_eq!(item(text), format!("- {text}\n"));
    }
    assert_eq!(item("a\nb\n"), "- |\n  a\n  b\n");
    let long = "word ".repeat(100).trim().to_owned();
    assert_eq!(item(&long), format!("- {long}\n"), "what is long is not folded");
}

/// Go's library takes the tab for indentation and refuses the text (4.0.0-rc.4 and 3.0.4, seen 2026-11-29).
#[test]
fn lines_that_begin_with_a_tab_are_no_block() {
    for (text, expected) in
        [("\ta\nb", "- \"\\ta\\nb\"\n"), ("\n\ta", "- \"\\n\\ta\"\n"), ("a\n\tb\n", "- |\n  a\n  \tb\n")]
    {
        assert_eq!(write(&Node::from(vec![text]), &[]).expect("known"), expected);
    }
}

#[test]
fn keys_come_in_the_order_that_is_asked_for() {
    let node = node("z: {b: 1, name: 2, a: [{image: x, a: w}]}\nservices: {}\nname: v\n");
    let expected = "name: v\nservices: {}\nz:\n  name: 2\n  a:\n  - image: x\n    a: w\n  b: 1\n";
    assert_eq!(write(&node, &["name", "image", "services"]).unwrap(), expected);
    assert!(
        write(&node, &[]).unwrap().starts_with("name: v\nservices: {}\nz:\n  a:\n  - a: w\n    image: x\n")
    );
}

#[test]
fn an_unknown_is_never_written() {
    let node = Node::from([("a", Node::from(vec![Node::Null, Node::Unknown]))]);
    assert_eq!(write(&node, &[]).expect_err("unknown").to_string(), "a[1] is known only at apply");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\r\tab1.~=<ä]{0,60}") {
        if let Ok(yaml) = read(&text) {
            prop_assert!(yaml.places.find(&Path::default()).is_some());
        }
    }
}
