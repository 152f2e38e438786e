use super::*;

fn path(text: &str) -> Path {
    let step = |part: &str| match part.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key(part.to_owned()),
    };
    Path(text.split('.').filter(|part| !part.is_empty()).map(step).collect())
}

fn set(at: &str, value: &str) -> Change {
    Change::Set(
        path(at),
        super::super::parse(value).unwrap_or_else(|problems| panic!("{value}: {problems:?}")),
    )
}

fn remove(at: &str) -> Change {
    Change::Remove(path(at))
}

fn rename(at: &str, name: &str) -> Change {
    Change::Move(path(at), path(at).parent().key(name))
}

/// The changed text, or why there is none.
fn after(text: &str, language: Language, change: Change) -> String {
    match changed(text, language, &[change]) {
        Ok(splices) => {
            let mut text = text.to_owned();
            splices.iter().for_each(|splice| splice.apply(&mut text));
            text
        }
        Err(reason) => format!("{reason:?}"),
    }
}

fn json(text: &str, change: Change) -> String {
    after(text, Language::Json, change)
}

fn yaml(text: &str, change: Change) -> String {
    after(text, Language::Yaml, change)
}

#[test]
fn what_is_added_to_json_stands_as_what_is_before_it() {
    for (text, change, expected) in [
        ("{\n  \"a\": 1\n}\n", set("b", "true"), "{\n  \"a\": 1,\n  \"b\": true\n}\n"),
        ("{\r\n\t\"a\" : 1\r\n}", set("b", "true"), "{\r\n\t\"a\" : 1,\r\n\t\"b\" : true\r\n}"),
        ("{\"a\":1}", set("b", "true"), "{\"a\":1,\"b\":true}"),
        ("{\"a\": 1}", set("b", "true"), "{\"a\": 1, \"b\": true}"),
        (
            "{ \"a\": 1, \"c\": 2 }",
            set("b", "{\"x\": [1, 2]}"),
            "{ \"a\": 1, \"c\": 2, \"b\": { \"x\": [1, 2] } }",
        ),
        ("{\n    \"a\": 1\n  , \"c\": 2\n}", set("b", "0"), "{\n    \"a\": 1\n  , \"c\": 2\n  , \"b\": 0\n}"),
        ("{}", set("b", "true"), "{\"b\": true}"),
        ("{\n  \"a\": {}\n}", set("a.b", "true"), "{\n  \"a\": {\n    \"b\": true\n  }\n}"),
        ("{\n  \"a\": [\n  ]\n}", set("a.0", "1"), "{\n  \"a\": [\n    1\n  ]\n}"),
        (
            "{\n\t\"a\": 1\n}",
            set("b", "[{\"x\": 1}]"),
            "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t{\n\t\t\t\"x\": 1\n\t\t}\n\t]\n}",
        ),
        ("{\"a\":[{\"x\":1}]}", set("a.1", "{\"x\":2,\"y\":[]}"), "{\"a\":[{\"x\":1},{\"x\":2,\"y\":[]}]}"),
        (
            "{\n  \"a\": [\n    { \"x\": 1 },\n    { \"x\": 2 }\n  ]\n}",
            set("a.2", "{\"x\": 3}"),
            "{\n  \"a\": [\n    { \"x\": 1 },\n    { \"x\": 2 },\n    { \"x\": 3 }\n  ]\n}",
        ),
        ("{\"a\": null}", set("a.0", "1"), "{\"a\": [1]}"),
        ("{\"a\": {\"B\": 1}}", set("A.b", "2"), "{\"a\": {\"B\": 2}}"),
        ("{\"a\": 1}", set("b.c.0", "2"), "{\"a\": 1, \"b\": {\"c\": [2]}}"),
        ("{\"a\": [1]}", set("a.2", "2"), "NoPlace"),
        ("{\"a\": 1}", set("a.b", "2"), "NoPlace"),
    ] {
        assert_eq!(json(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn what_goes_from_json_takes_its_comma_with_it() {
    for (text, change, expected) in [
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", remove("b"), "{\n  \"a\": 1\n}"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", remove("a"), "{\n  \"b\": 2\n}"),
        ("{ \"a\": { \"b\": 2 } }", remove("a.b"), "{ \"a\": {} }"),
        ("[1, [2] ,3]", remove("1"), "[1 ,3]"),
        ("{\"a\": \"x\\\"}\", \"b\": \"#\"}", remove("b"), "{\"a\": \"x\\\"}\"}"),
        ("{\"a\": 1}", remove("b"), "NoPlace"),
        ("{\"a\": 1}", remove(""), "NoPlace"),
    ] {
        assert_eq!(json(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn a_value_or_a_key_is_replaced_alone() {
    for (text, change, expected) in [
        ("{ \"a\" :  \"512\" }", set("a", "512"), "{ \"a\" :  512 }"),
        ("{\"a\": [1,\n 2]}", set("a", "null"), "{\"a\": null}"),
        ("[ true ]", set("", "[]"), "[]"),
        ("{\"aa\": 1, \"b\": 2}", rename("aa", "c"), "{\"c\": 1, \"b\": 2}"),
        ("{\"aa\": 1, \"b\": 2}", rename("aa", "AA"), "{\"AA\": 1, \"b\": 2}"),
        ("{\"aa\": 1, \"b\": 2}", rename("aa", "B"), "NoPlace"),
        ("{\"aa\": 1, \"b\": 2}", rename("x", "c"), "NoPlace"),
        ("{\"aa\": 1}", Change::Move(path("aa"), path("x.aa")), "NoPlace"),
        // Twice with one value: whoever reads it finds the other one.
        ("{\"a\": 1, \"a\": 1}", set("a", "2"), "Differs"),
    ] {
        assert_eq!(json(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn lines_of_yaml_stand_behind_the_last_one_with_its_indentation() {
    for (text, change, expected) in [
        ("a: 1\nb: 2 # why\n", set("c", "true"), "a: 1\nb: 2 # why\nc: true\n"),
        ("a: 1", set("c", "\"true\""), "a: 1\nc: \"true\""),
        ("\u{feff}a: 1\r\n", set("c", "2"), "\u{feff}a: 1\r\nc: 2\r\n"),
        (
            "l:\n  - name: x\n    # of b\n    b: 1\n\n  - name: y\n",
            set("l.0.c", "2"),
            "l:\n  - name: x\n    # of b\n    b: 1\n    c: 2\n\n  - name: y\n",
        ),
        (
            "l:\n- name: x\n",
            set("l.0.c", "{\"d\": [1, \"a b\"]}"),
            "l:\n- name: x\n  c:\n    d:\n    - 1\n    - a b\n",
        ),
        ("l:\n-   name: x\n", set("l.0.c", "2"), "l:\n-   name: x\n    c: 2\n"),
        ("l:\n  - a\n  -  b\nm: 1\n", set("l.2", "\"c\""), "l:\n  - a\n  -  b\n  - c\nm: 1\n"),
        (
            "l:\n- name: x\n  value: y\n",
            set("l.1", "{\"name\": \"m\", \"value\": \"true\"}"),
            "l:\n- name: x\n  value: y\n- name: m\n  value: \"true\"\n",
        ),
        ("a: 1\nt: |\n  x\n\nu: 2\n", set("c", "3"), "a: 1\nt: |\n  x\n\nu: 2\nc: 3\n"),
        ("a: 1\nt: |+\n  x\n\n", set("c", "3"), "a: 1\nc: 3\nt: |+\n  x\n\n"),
        ("t: |\n  x\n", set("c", "3"), "NoPlace"),
        (
            "a:\n  b: {x: 1}\n  c: \"y\n    z\"\nd: 1\n",
            set("a.e", "3"),
            "a:\n  b: {x: 1}\n  c: \"y\n    z\"\n  e: 3\nd: 1\n",
        ),
        ("a:\nb: 1\n", set("a", "2"), "a: 2\nb: 1\n"),
        ("a: # why\nb: 1\n", set("a", "2"), "a: 2 # why\nb: 1\n"),
        ("a: ~\n", set("a.b", "2"), "a: {b: 2}\n"),
        ("a: !x\n  b: 1\n", set("a.c", "2"), "a: !x\n  b: 1\n  c: 2\n"),
    ] {
        assert_eq!(yaml(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn in_brackets_yaml_is_written_as_it_stands_there() {
    for (text, change, expected) in [
        ("a: {b: 1}\n", set("a.c", "true"), "a: {b: 1, c: true}\n"),
        ("a: {b: 1}\n", set("a.c", "\"a, b\""), "a: {b: 1, c: \"a, b\"}\n"),
        ("a: {}\n", set("a.c", "\"true\""), "a: {c: \"true\"}\n"),
        ("a: [x, {y: 1,}]\n", set("a.1.z", "2"), "a: [x, {y: 1, z: 2,}]\n"),
        ("a: [\n  x, # why\n  y\n]\n", set("a.2", "\"z\""), "a: [\n  x, # why\n  y,\n  z\n]\n"),
        ("a: [\n  x # why\n]\n", set("a.1", "\"z\""), "Comment"),
        ("{\"a\": {\"b\": 1}}", set("a.c", "true"), "{\"a\": {\"b\": 1, \"c\": true}}"),
        ("a: [x, y]\n", remove("a.0"), "a: [y]\n"),
        ("a: [\n  x, # why\n  y]\n", remove("a.0"), "Comment"),
    ] {
        assert_eq!(yaml(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn lines_go_alone_and_what_says_why_is_not_taken_with_them() {
    for (text, change, expected) in [
        ("version: '3'\na: 1\n", remove("version"), "a: 1\n"),
        ("a: 1\nversion: '3'\n", remove("version"), "a: 1\n"),
        ("a: 1\nversion: '3'", remove("version"), "a: 1\n"),
        ("# head\na: 1\n# of b\nb:\n  c: 1\nd: 2\n", remove("b"), "# head\na: 1\n# of b\nd: 2\n"),
        ("a: 1\nb: 2 # why\nc: 3\n", remove("b"), "Comment"),
        ("a: 1\nb: x#y\nc: 3\n", remove("b"), "a: 1\nc: 3\n"),
        ("l:\n- a: 1\n  b: 2\n", remove("l.0.a"), "l:\n- b: 2\n"),
        ("l:\n- a: 1\n", remove("l.0.a"), "l:\n- {}\n"),
        ("l:\n- a\n- b\n- c\n", remove("l.1"), "l:\n- a\n- c\n"),
        ("l:\n- a\n- b\n", remove("l.0"), "l:\n- b\n"),
        ("a: 1\nt: |\n  x\n  y\nb: 2\n", remove("t"), "a: 1\nb: 2\n"),
        ("a: 1\nt: &x 1\nb: 2\n", remove("t"), "a: 1\nb: 2\n"),
        ("t: &x 1\nb: *x\n", remove("t"), "Shared"),
    ] {
        assert_eq!(yaml(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn what_stands_for_several_is_left_alone() {
    for (text, change, expected) in [
        ("a: &x\n  b: 1\nc: *x\n", set("a.b", "2"), "Shared"),
        ("a: &x\n  b: 1\nc: *x\n", set("c.b", "2"), "Shared"),
        ("a: &x\n  b: 1\nc: *x\n", set("a.d", "2"), "Shared"),
        ("a: &x\n  b: 1\nc: *x\n", set("d", "2"), "a: &x\n  b: 1\nc: *x\nd: 2\n"),
        (
            "a: &x\n  b: 1\nc:\n  <<: *x\n  d: 1\n",
            set("c.b", "2"),
            "a: &x\n  b: 1\nc:\n  <<: *x\n  d: 1\n  b: 2\n",
        ),
        ("a: &x\n  b: {e: 1, f: 2}\nc:\n  <<: *x\n  d: 1\n", set("c.b.e", "2"), "Differs"),
        ("a: &x\n  b: 1\n", set("a.b", "2"), "a: &x\n  b: 2\n"),
        ("a: !Ref x\nb: 1\n", set("b", "2"), "a: !Ref x\nb: 2\n"),
        ("a: !!str 1\n", set("a", "2"), "Differs"),
    ] {
        assert_eq!(yaml(text, change.clone()), expected, "{text} {change:?}");
    }
}

#[test]
fn a_comment_is_one_where_no_text_has_its_sign_in_it() {
    let text =
        "\u{feff}# head\na: x#y # of a\n'b # c': \"d # e\" #\nl: |\n  # no comment\nm: [1, # one\n  2]\n";
    let comments: Vec<&str> = comments(text, Language::Yaml).into_iter().map(|range| &text[range]).collect();
    assert_eq!(comments, ["# head", "# of a", "#", "# one"]);
    assert_eq!(super::comments("{\"a\": \" # b\"}", Language::Json), []);
    let scalars: Vec<(String, &str)> = scalars(text, Language::Yaml)
        .into_iter()
        .map(|(path, range)| (path.to_string(), &text[range]))
        .collect();
    assert_eq!(scalars[0], ("a".to_owned(), "x#y"));
    assert_eq!(scalars[2], ("l".to_owned(), "# no comment"));
    assert_eq!(scalars[4], ("m[1]".to_owned(), "2"));
}

#[test]
fn several_changes_are_made_one_after_the_other() {
    let text = "{\"a\": [1]}";
    let changes = [set("a.1", "2"), set("a.2", "3"), remove("a.0"), set("b", "0")];
    let mut now = text.to_owned();
    changed(text, Language::Json, &changes).unwrap().iter().for_each(|splice| splice.apply(&mut now));
    assert_eq!(now, "{\"a\": [2, 3], \"b\": 0}");
}
