//! One log line as hclog writes it in JSON: what Terraform's parser takes, and nothing that it trips over.
//!
//! Its pitfalls, seen with Terraform 1.11.4 in November 2026: a time with other than six digits after the point turns
//! the whole line into raw text, `@message`, `@level` or `@timestamp` of another type than string crash Terraform, and
//! a line above 64 KiB is cut into pieces.

use std::collections::BTreeMap;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

/// Most bytes of a line, its end included: the size of the buffer that go-plugin reads stderr with.
const MAX_LINE_BYTES: usize = 64 << 10;

/// Most bytes of one text. With every character escaped, six bytes each, a message still fits a line.
const MAX_TEXT_BYTES: usize = 8 << 10;

/// Time in UTC with exactly six digits after the point.
const TIMESTAMP: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// What one line says.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) level: tracing::Level,
    pub(super) message: String,
    pub(super) module: String,
    pub(super) timestamp: OffsetDateTime,
    pub(super) fields: BTreeMap<&'static str, Value>,
}

impl Line {
    /// The line with its end.
    pub(super) fn render(self) -> String {
        let fields = self.fields.len();
        let timestamp =
            self.timestamp.format(TIMESTAMP).expect("a time of this age has all parts of the format");
        let own = [
            ("@level", self.level.as_str().to_lowercase()),
            ("@message", shorten(self.message)),
            ("@module", shorten(self.module)),
            ("@timestamp", timestamp),
        ];
        let mut object: BTreeMap<&str, Value> =
            self.fields.into_iter().map(|(key, value)| (key, shorten_value(value))).collect();
        // Own keys last: no field may take their place.
        object.extend(own.map(|(key, text)| (key, Value::String(text))));
        let line = to_line(&object);
        if line.len() <= MAX_LINE_BYTES {
            return line;
        }
        object.retain(|key, _| key.starts_with('@'));
        object.insert("fields_left_out", fields.into());
        to_line(&object)
    }
}

fn to_line(object: &BTreeMap<&str, Value>) -> String {
    let mut line = serde_json::to_string(object).expect("text, numbers and booleans are always JSON");
    line.push('\n');
    line
}

fn shorten_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(shorten(text)),
        other => other,
    }
}

fn shorten(mut text: String) -> String {
    if text.len() > MAX_TEXT_BYTES {
        text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn line(message: &str, fields: BTreeMap<&'static str, Value>) -> Line {
        Line {
            level: tracing::Level::WARN,
            message: message.to_owned(),
            module: "ddrofs.plugin".to_owned(),
            timestamp: datetime!(2026-11-21 08:05:09.000_700 UTC),
            fields,
        }
    }

    #[test]
    fn time_has_six_digits_even_when_they_are_zero() {
        assert_eq!(
            line("hello", BTreeMap::from([("tf_rpc", "GetSchema".into())])).render(),
            r#"{"@level":"warn","@message":"hello","@module":"ddrofs.plugin","@timestamp":"2026-11-21T08:05:09.000700Z","tf_rpc":"GetSchema"}"#
                .to_owned()
                + "\n"
        );
    }

    #[test]
    fn fields_cannot_take_the_place_of_the_lines_own_keys() {
        let rendered = line("hello", BTreeMap::from([("@message", 5.into())])).render();
        assert!(rendered.contains(r#""@message":"hello""#), "{rendered}");
    }

    #[test]
    fn stays_one_line_below_the_size_of_go_plugins_buffer() {
        let long = "\u{1}\n€".repeat(100_000);
        let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let rendered = line(&long, keys.map(|key| (key, Value::from(long.clone()))).into()).render();
        assert!(rendered.len() <= MAX_LINE_BYTES, "{}", rendered.len());
        assert_eq!(rendered.matches('\n').count(), 1);
        let parsed: Value = serde_json::from_str(&rendered).unwrap();
        assert_eq!(parsed["fields_left_out"], 10);
    }
}
