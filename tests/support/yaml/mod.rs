//! YAML that is hard to get right: texts, documents made of them, and what people write by hand.

#![allow(dead_code, reason = "every user of this module uses another part of it")]

use ddrofs::document::{Node, parse};

/// Texts that some reader of YAML 1.1 or 1.2 would take for something else, or for the end of what is around them.
pub(crate) const TRICKY: &[&str] = &[
    // What looks like another type.
    "",
    "~",
    "null",
    "NULL",
    "true",
    "False",
    "yes",
    "Yes",
    "no",
    "on",
    "OFF",
    "y",
    "n",
    "0",
    "00",
    "1",
    "-1",
    "+1",
    "08",
    "017",
    "0o17",
    "0x1F",
    "0xZ",
    "0b1",
    "1_000",
    "1__0",
    "_1",
    "1,000",
    "1.0",
    "1.",
    ".5",
    "1e3",
    "1e",
    "e1",
    "-0",
    "0o",
    "0x",
    "12:30",
    "1:20:30",
    "190:20:30",
    "22:22.5",
    "0.1.2",
    ".inf",
    "-.INF",
    ".nan",
    "NaN",
    "inf",
    "Infinity",
    "=",
    "<<",
    "2026-11-29",
    "2026-11-29T10:00:00Z",
    "2026-11-29 10:00:00",
    "2026-11-29 at noon",
    // What looks like the beginning of something.
    "-",
    "- a",
    "-a",
    "?",
    "? a",
    ":",
    ": a",
    "a: b",
    "a:",
    "a:b",
    "#",
    "# a",
    "a # b",
    "a#b",
    "*a",
    "&a",
    "!a",
    "!",
    "%a",
    "@a",
    "`a`",
    "{",
    "{a}",
    "}",
    "[",
    "[a]",
    "]",
    ",",
    "a, b",
    "|",
    "> a",
    "\"a\"",
    "'a'",
    "it's",
    "say \"x\"",
    "back\\slash",
    "---",
    "...",
    "---\na",
    "--- a",
    "a\n---\nb\n",
    "a\n...\n",
    "%YAML 1.2",
    "%a\n",
    "# a\nb",
    "- a\n- b\n",
    "{{ a }}",
    "${VAR}",
    "$${VAR}",
    // White space, lines and signs that nobody sees.
    " ",
    "  leading",
    "trailing ",
    "\ttab",
    "tab\t",
    "\n",
    "a\n",
    "a\nb",
    "a\n\n",
    "\na",
    " a\nb",
    "a\n b\n",
    "a \nb",
    "\t\n",
    "a\r\nb",
    "a\rb",
    "a\n\tb",
    "\n\n a",
    "a\n \n",
    " \na",
    "\0",
    "\u{7}",
    "\u{1b}[0m",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{feff}a",
    "\u{fffe}",
    "ä",
    "😀",
];

/// What people write, and every reader agrees on.
pub(crate) const WRITTEN: &[&str] = &[
    "services:\n  web: {image: \"a:1\", ports: [\"80:80\", 443]}\n  db:\n    image: b # the database\n    command: [run, --fast]\n",
    "x-base: &base\n  restart: always\n  labels: {a: b}\nservices:\n  one:\n    <<: *base\n    image: x\n  two:\n    <<: [*base, {image: z, restart: never}]\n    labels: {}\n",
    "a: &a [1, two, &n {b: }]\nc: *a\nd: *n\n*k1 : 1\n",
    "a: &k key\n*k : value\n",
    "text: |\n  one\n    two\n\n  three\nkept: |+\n  one\n\nstripped: >-\n  folded\n  lines\n\n  next\nindented: |2\n    four\n",
    "plain: several\n  words on\n  two lines\nsingle: 'it''s\n  folded'\ndouble: \"tab\\t \\u00e4 \\\n  joined\"\n",
    "? explicit\n: value\n? |\n  long key\n: - a\n  -  - b\n     - c\n- bad\n",
    "%YAML 1.1\n---\n!!map\na: !!str 1\nb: !!int \"2\"\nc: !!float 3\n...\n",
    "\u{feff}# a comment\r\na: 1\r\nb:\r\n- x\r\n- |\r\n  y\r\n",
    "{\"a\": [1, 2.5, null, true], \"b\": {\"c\": \"d\"}}",
    "service:\n  labels:\n    a: !reset null\n    b: !override [x]\n  at: 2026-11-29\n",
    "a: [*missing, &x [*x]]\na: 2\n1: b\n",
    "a:\n\t- 1\n",
    "a: 1\n---\nb: 2\n",
];

/// A document of tricky texts, as keys and as values, and of other values between them. Each byte decides on one thing; when
/// there are none left, every choice falls on the first possibility.
pub(crate) fn tree(bytes: &[u8]) -> Node {
    let mut bytes = bytes.iter();
    value(&mut |end| bytes.next().map_or(0, |byte| usize::from(*byte)) % end, 5)
}

fn value(below: &mut dyn FnMut(usize) -> usize, depth: usize) -> Node {
    const NUMBERS: &str = "[0, -1, 9007199254740993, 18446744073709551615, 0.5, -1.5e-7, 1.0, 1e15, 0.1]";
    let kinds = if depth == 0 { 4 } else { 8 };
    match below(kinds) {
        0 | 3 => text(below).into(),
        1 => [Node::Null, true.into(), false.into()][below(3)].clone(),
        2 => {
            let numbers = parse(NUMBERS).expect("JSON");
            numbers.items()[below(numbers.items().len())].clone()
        }
        4 | 5 => Node::Array((0..below(4)).map(|_| value(below, depth - 1)).collect()),
        _ => (0..below(4)).map(|_| (text(below), value(below, depth - 1))).collect(),
    }
}

/// A tricky text, or two of them in one.
fn text(below: &mut dyn FnMut(usize) -> usize) -> String {
    let mut pick = || TRICKY[below(TRICKY.len())];
    let (one, other) = (pick(), pick());
    if below(3) == 2 { format!("{one}{other}") } else { one.to_owned() }
}
