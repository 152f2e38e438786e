//! Texts of templates: what somebody fills in later is not known yet, and the rest is read as it stands.
//!
//! A placeholder makes way for as many letters of an area that Unicode leaves to everybody, so that every place stays what it is.
//! Understood are `${...}` and `%{...}` of Terraform, `{{...}}` of Go, Jinja and Handlebars, `{%...%}`, `<%...%>` and `#{...}`.

use crate::document::Node;

/// Signs that a placeholder begins with, those that it ends with, and whether it only says which parts are there.
const SIGNS: [(&str, &str, bool); 7] = [
    ("${", "}", false),
    ("{{", "}}", false),
    ("#{", "}", false),
    ("%{", "}", true),
    ("{%", "%}", true),
    ("<%=", "%>", false),
    ("<%", "%>", true),
];

/// Words with which a pair of double braces says which parts are there.
const DIRECTIVES: [&str; 13] = [
    "if", "else", "end", "range", "with", "define", "block", "template", "include", "for", "endif", "endfor",
    "/*",
];

/// The letters that stand for what is filled in.
const LETTERS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// The text with every placeholder made a value: in JSON a text in quotes where it stands without any.
pub fn masked(text: &str, is_json: bool) -> String {
    let mut mask = Mask { out: String::with_capacity(text.len()), number: 0 };
    let mut rest = text;
    let mut in_text = false;
    while let Some(first) = rest.chars().next() {
        if let Some((placeholder, is_directive)) = placeholder(rest) {
            let mut length = placeholder;
            match (is_directive, is_json && !in_text) {
                (true, _) => mask.put(&rest[..length], false, false),
                (false, true) => {
                    // What stands directly behind it is a part of the value.
                    let ends = |letter: char| letter.is_whitespace() || ",:]}".contains(letter);
                    while let Some(letter) = rest[length..].chars().next().filter(|letter| !ends(*letter)) {
                        length += self::placeholder(&rest[length..])
                            .map_or(letter.len_utf8(), |(length, _)| length);
                    }
                    mask.put(&rest[..length], true, true);
                }
                (false, false) => mask.put(&rest[..length], true, false),
            }
            rest = &rest[length..];
            continue;
        }
        let mut length = first.len_utf8();
        match first {
            '\\' if in_text => length += rest[1..].chars().next().map_or(0, char::len_utf8),
            '"' if is_json => in_text = !in_text,
            _ => {}
        }
        mask.out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    mask.out
}

/// How long the placeholder is that a text begins with, and whether it is a directive.
fn placeholder(text: &str) -> Option<(usize, bool)> {
    let (begin, end, is_directive) = SIGNS.iter().find(|(begin, ..)| text.starts_with(begin))?;
    let inside = &text[begin.len()..];
    let length = match *end {
        "}" => braces(inside)?,
        end => inside.find(end)?,
    };
    let said = inside[..length].trim_start_matches(['-', '~', ' ', '\t', '\n']);
    let word = said.split(|letter: char| letter.is_whitespace() || letter == '-').next().unwrap_or_default();
    let is_directive =
        *is_directive || *begin == "{{" && (DIRECTIVES.contains(&word) || said.starts_with("/*"));
    Some((begin.len() + length + end.len(), is_directive))
}

/// Where the brace is that closes one before this text.
fn braces(text: &str) -> Option<usize> {
    let (mut depth, mut in_text) = (0_usize, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => in_text = !in_text,
            '{' if !in_text => depth += 1,
            '}' if !in_text && depth == 0 => return Some(at),
            '}' if !in_text => depth -= 1,
            _ => {}
        }
    }
    None
}

struct Mask {
    out: String,
    /// How many there were, so that no two look alike.
    number: u32,
}

impl Mask {
    /// Puts something else in place of a placeholder: letters, in quotes or without, or space. Its line breaks stay.
    fn put(&mut self, placeholder: &str, is_value: bool, in_quotes: bool) {
        let count = placeholder.chars().count();
        // A text of JSON holds no line break.
        let breaks = !in_quotes && !is_value;
        for (position, letter) in placeholder.chars().enumerate() {
            let is_quote = in_quotes && (position == 0 || position + 1 == count);
            let put = match letter {
                '\n' | '\r' if breaks => letter,
                _ if is_quote => '"',
                _ if is_value => self.letter(position),
                _ => ' ',
            };
            self.out.push(put);
        }
        self.number += 1;
    }

    fn letter(&self, position: usize) -> char {
        let digit = if position.is_multiple_of(2) { self.number % 80 } else { self.number / 80 % 80 };
        char::from_u32(*LETTERS.start() as u32 + digit).unwrap_or(*LETTERS.start())
    }
}

/// What a text without its placeholders says: what has one in it is not known.
pub(super) fn unknown(node: Node) -> Node {
    let is_open = |text: &str| text.contains(|letter| LETTERS.contains(&letter));
    match node {
        Node::String(text) if is_open(&text) => Node::Unknown,
        Node::Array(items) => Node::Array(items.into_iter().map(unknown).collect()),
        Node::Object(members) if members.keys().any(|key| is_open(key)) => Node::Unknown,
        Node::Object(members) => members.into_iter().map(|(key, value)| (key, unknown(value))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{parse, to_json, yaml};

    fn marked(node: Node) -> Node {
        match node {
            Node::Unknown => "?".into(),
            Node::Array(items) => items.into_iter().map(marked).collect::<Vec<_>>().into(),
            Node::Object(members) => members.into_iter().map(|(key, value)| (key, marked(value))).collect(),
            other => other,
        }
    }

    fn json(text: &str) -> String {
        let masked = masked(text, true);
        let node = parse(&masked).unwrap_or_else(|problems| panic!("{masked}: {problems:?}"));
        assert_eq!(masked.chars().count(), text.chars().count(), "{masked}");
        to_json(&marked(unknown(node))).unwrap()
    }

    #[test]
    fn what_is_filled_in_is_not_known_and_the_rest_is() {
        for (text, expected) in [
            (r#"{"cpu": ${cpu}, "a": "b"}"#, r#"{"a":"b","cpu":"?"}"#),
            (r#"{"cpu": "${cpu}", "image": "x:${var.tag["a"]}-1"}"#, r#"{"cpu":"?","image":"?"}"#),
            (r#"{"a": ${jsonencode({ b = "}" })}, "c": {{ .Values.x | quote }}}"#, r#"{"a":"?","c":"?"}"#),
            (r#"{"memory": ${memory}Mi, "e": [${a}${b}, 1]}"#, r#"{"e":["?",1],"memory":"?"}"#),
            ("{%{ if x }\"a\": 1%{ endif }\n{{- if .y }}, \"b\": 2{{ end }}}", r#"{"a":1,"b":2}"#),
            (r#"{"l": {"${a}": 1, "${b}": 2}, "m": "\"${x}"}"#, r#"{"l":"?","m":"?"}"#),
            (r#"{"a": <%= x %>, "b": #{y}, "c": "$${z}"}"#, r#"{"a":"?","b":"?","c":"?"}"#),
            (r#"{"a": "ä", "b": "\\"}"#, r#"{"a":"ä","b":"\\"}"#),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
        assert_eq!(masked("{\"a\": ${b", true), "{\"a\": ${b");
    }

    #[test]
    fn yaml_has_placeholders_without_quotes() {
        let text = "{{- if .x }}\ncpu: {{ .cpu }}\nimage: x:${tag}\nname: 'a'\n{{- end }}\n";
        let read = yaml::read(Box::leak(masked(text, false).into_boxed_str()))
            .unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(to_json(&marked(unknown(read.node))).unwrap(), r#"{"cpu":"?","image":"?","name":"a"}"#);
    }
}
