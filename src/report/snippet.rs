//! The line of a file in which something was found, as far as it may be shown.
//!
//! A line of a task definition may hold the value of a variable, a command or an option with a secret in it, and reports end up
//! in logs. Shown is the key, and the value only where nobody keeps a secret in it.

use crate::document::{Path, Place, Step};

/// What is shown of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What is written there.
    pub text: String,
    /// Whether more stands before it in its line.
    pub is_inside: bool,
}

/// Keys whose values are shown, in small letters and without signs between words.
const SHOWN: [&str; 47] = [
    "autoprovision",
    "condition",
    "containername",
    "containerpath",
    "containerport",
    "cpu",
    "cpuarchitecture",
    "driver",
    "essential",
    "family",
    "hardlimit",
    "hostnetwork",
    "hostpid",
    "hostport",
    "iam",
    "image",
    "initprocessenabled",
    "interactive",
    "interval",
    "ipcmode",
    "kind",
    "logdriver",
    "memory",
    "memoryreservation",
    "mountpath",
    "name",
    "networkmode",
    "operatingsystemfamily",
    "pidmode",
    "privileged",
    "protocol",
    "pseudoterminal",
    "readonly",
    "readonlyrootfilesystem",
    "retries",
    "runasuser",
    "scope",
    "size",
    "sizeingib",
    "softlimit",
    "sourcevolume",
    "starttimeout",
    "stoptimeout",
    "timeout",
    "transitencryption",
    "user",
    "version",
];

/// Keys with which a value of any key may be a secret.
const HIDDEN: [&str; 14] = [
    "annotations",
    "args",
    "command",
    "configfiles",
    "dockerlabels",
    "driveropts",
    "entrypoint",
    "env",
    "environment",
    "healthcheck",
    "labels",
    "options",
    "secrets",
    "tags",
];

/// The most that is shown of a line, in characters.
const LONGEST: usize = 100;

/// The lines of a text. A text may be one long line with many findings, so that it is not gone through for each of them.
pub struct Lines<'t> {
    lines: Vec<&'t str>,
    /// Whether every character is a byte.
    is_ascii: bool,
}

impl<'t> Lines<'t> {
    /// The lines of that text.
    pub fn of(text: &'t str) -> Self {
        Self { lines: text.lines().collect(), is_ascii: text.is_ascii() }
    }

    /// The line of a place, and the byte of it where the place is.
    fn line(&self, place: Place) -> Option<(&'t str, usize)> {
        let line = *self.lines.get(place.line.checked_sub(1)?)?;
        let before = place.column.checked_sub(1)?;
        match self.is_ascii {
            true => (before < line.len()).then_some((line, before)),
            false => Some((line, line.char_indices().nth(before)?.0)),
        }
    }
}

/// What is shown of the line of a place.
pub fn snippet(lines: &Lines<'_>, place: Place, path: &Path) -> Option<Snippet> {
    let (line, start) = lines.line(place)?;
    let before = &line[..start];
    let (key, rest) = key(&line[start..])?;
    let is_inside = !before.trim_matches([' ', '\t', '-', '{', '[']).is_empty();
    let is_shown = !is_hidden(path) && SHOWN.contains(&plain(key).as_str());
    let value = if is_shown { value(rest) } else { None };
    let shown = match value {
        Some(value) => format!("{}{value}", &line[start..line.len() - rest.len()]),
        None => format!("{}…", line[start..line.len() - rest.len()].trim_end_matches(' ').to_owned() + " "),
    };
    Some(Snippet { text: shown.chars().take(LONGEST).collect(), is_inside })
}

/// Whether the value at a place may be shown, because nobody keeps a secret there.
pub fn may_be_shown(path: &Path) -> bool {
    let key = path.0.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(plain(key)),
        Step::Index(_) => None,
    });
    !is_hidden(path) && key.is_some_and(|key| SHOWN.contains(&key.as_str()))
}

/// Whether it is below a key with which a value of any key may be a secret.
fn is_hidden(path: &Path) -> bool {
    path.0.iter().any(|step| matches!(step, Step::Key(key) if HIDDEN.contains(&plain(key).as_str())))
}

/// The key that a piece of JSON or YAML begins with, and what stands behind its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = match text.strip_prefix('"') {
        Some(inside) => inside.split_once('"')?,
        None => {
            let end =
                text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "_-.".contains(letter)))?;
            text.split_at(end)
        }
    };
    let rest = rest.trim_start().strip_prefix(':')?;
    (!key.is_empty()).then(|| (key, rest.trim_start()))
}

/// A number, a word or a text that a line goes on with.
fn value(text: &str) -> Option<&str> {
    let length = match text.chars().next()? {
        '"' => text[1..].find('"')? + 2,
        '{' | '[' | '&' | '*' | '!' | '|' | '>' => return None,
        _ => text.find([',', '}', ']', '#']).unwrap_or(text.len()),
    };
    Some(text[..length].trim_end())
}

fn plain(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, column: usize, keys: &[&str]) -> String {
        let path = keys.iter().fold(Path::default(), |path, key| path.key(key));
        let place = Place { line: 1, column };
        snippet(&Lines::of(text), place, &path).map_or_else(
            || "nothing".to_owned(),
            |snippet| format!("{}{}", if snippet.is_inside { "… " } else { "" }, snippet.text),
        )
    }

    #[test]
    fn a_value_is_shown_only_where_nobody_keeps_a_secret() {
        for (text, column, keys, expected) in [
            (r#"  "memory" : 512,"#, 3, &["memory"][..], r#""memory" : 512"#),
            (r#"{"name": "a", "image": "x:1", "b": 1}"#, 15, &["image"], r#"… "image": "x:1""#),
            (r#"[{"image": "x"}]"#, 3, &["image"], r#""image": "x""#),
            (r#""value": "hunter2""#, 1, &["environment", "value"], r#""value": …"#),
            (r#""size": "hunter2""#, 1, &["options", "size"], r#""size": …"#),
            (r#""command": ["x", "hunter2"]"#, 1, &["command"], r#""command": …"#),
            (r#""nobody-knows": "hunter2""#, 1, &["nobody-knows"], r#""nobody-knows": …"#),
            ("  - Image: !Ref X", 5, &["image"], "Image: …"),
            ("  image: nginx:1 # why", 3, &["image"], "image: nginx:1"),
            (r#"{"näme": "ä", "image": "x:1"}"#, 15, &["image"], r#"… "image": "x:1""#),
            ("image: x", 9, &["image"], "nothing"),
            ("hunter2", 1, &["a"], "nothing"),
            ("", 1, &["a"], "nothing"),
        ] {
            assert_eq!(shown(text, column, keys), expected, "{text}");
        }
    }
}
