//! What a scalar without quotes is: YAML's core schema, and what Go's library has beyond it.
//!
//! That library (`go.yaml.in/yaml`, releases 3.0.4 and 4.0.0-rc.4, read on 2026-11-29; Docker Compose uses them) takes `0777`
//! and `0o777` for octal, `0b1` for binary, lets underscores stand in numbers, and reads `yes`, `no`, `on`, `off` and `12:30` as
//! texts.

use std::ops::RangeInclusive;

use serde_json::Number;

use crate::document::json::EXACT;

/// What a scalar is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Number(Number),
    /// A text that Go's library makes a point in time of.
    Date,
    Text,
    /// A number that a double does not hold exactly.
    Inexact,
    /// Infinity or no number.
    NotFinite,
}

/// What a scalar without quotes and without a tag is.
pub(super) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        "-0" => float("-0.0"),
        _ => match text.as_bytes()[0] {
            b'.' | b'+' | b'-' if is_infinite_or_no_number(text) => Scalar::NotFinite,
            b'.' => float(text),
            b'+' | b'-' | b'0'..=b'9' if is_date(text) => Scalar::Date,
            b'+' | b'-' | b'0'..=b'9' => number(&text.replace('_', "")),
            _ => Scalar::Text,
        },
    }
}

/// What a word is that YAML 1.1 takes for true or false and YAML 1.2 for a text. The library with which Kubernetes reads does as the
/// former (sigs.k8s.io/yaml 1.6.0, tried 2026-11-30).
pub(super) fn switch(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn is_infinite_or_no_number(text: &str) -> bool {
    let is_infinite = ["inf", "Inf", "INF"];
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_one_of =
        |words: &[&str], text: &str| text.strip_prefix('.').is_some_and(|rest| words.contains(&rest));
    is_one_of(&is_infinite, unsigned) || is_one_of(&["nan", "NaN", "NAN"], text)
}

/// Whether this has the form of a date or of a point in time; not whether there is such a day.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_at(text.find(['T', 't', ' ']).unwrap_or(text.len()));
    let is_day = has_form(date, '-', &[4..=4, 1..=2, 1..=2]);
    is_day
        && match time.split_at_checked(1) {
            None => time.is_empty(),
            Some((" ", time)) => is_time(time.trim_start_matches(' ')),
            Some((_, time)) => without_zone(time).is_some_and(is_time),
        }
}

fn is_time(text: &str) -> bool {
    let (time, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    has_form(time, ':', &[1..=2, 1..=2, 1..=2]) && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands before `Z`, `+01:00` or the like.
fn without_zone(text: &str) -> Option<&str> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some(time);
    }
    let (time, zone) = text.split_at_checked(text.find(['+', '-'])?)?;
    has_form(&zone[1..], ':', &[2..=2, 2..=2]).then_some(time)
}

/// Whether the text is that many parts of digits, each with so many of them.
fn has_form(text: &str, separator: char, lengths: &[RangeInclusive<usize>]) -> bool {
    let parts: Vec<&str> = text.split(separator).collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, lengths)| {
            lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

fn number(text: &str) -> Scalar {
    match integer(text) {
        Some(number) => Scalar::Number(number),
        None => float(text),
    }
}

/// A whole number of 64 bits, in the base that its beginning names.
fn integer(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, radix) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&unsigned[2..], 16),
        [b'0', b'o' | b'O', ..] => (&unsigned[2..], 8),
        [b'0', b'b' | b'B', ..] => (&unsigned[2..], 2),
        [b'0', _, ..] => (&unsigned[1..], 8),
        _ => (unsigned, 10),
    };
    if !digits.starts_with(|first: char| first.is_ascii_hexdigit()) {
        return None;
    }
    let size = i128::from_str_radix(digits, radix).ok()?;
    if text.starts_with('-') {
        return i64::try_from(-size).ok().map(Number::from);
    }
    u64::try_from(size).ok().map(Number::from)
}

fn float(text: &str) -> Scalar {
    let is_written_in_digits = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if !text.bytes().all(is_written_in_digits) {
        return Scalar::Text;
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number.abs() >= EXACT => Scalar::Inexact,
        Ok(number) => Number::from_f64(number).map_or(Scalar::Text, Scalar::Number),
        Err(_) => Scalar::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each of them is, as a letter and its value.
    fn resolved(text: &str) -> String {
        match resolve(text) {
            Scalar::Null => "null".to_owned(),
            Scalar::Bool(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
            other => format!("{other:?}"),
        }
    }

    /// Each line was compared with what the library of Go makes of it (4.0.0-rc.4, 2026-11-29).
    #[test]
    fn a_scalar_is_what_the_library_of_go_makes_of_it() {
        for (texts, expected) in [
            (&["", "~", "null", "Null", "NULL"][..], "null"),
            (&["true", "True", "TRUE"], "true"),
            (&["false", "False", "FALSE"], "false"),
            (
                &[
                    "yes",
                    "no",
                    "on",
                    "off",
                    "y",
                    "n",
                    "Yes",
                    "NO",
                    "On",
                    "nULL",
                    "tRUE",
                    "<<",
                    "=",
                    "12:30",
                    "1:20:30",
                    "22:22.5",
                    "0x",
                    "0o",
                    "0b2",
                    "0o8",
                    "-",
                    "+",
                    ".",
                    "..",
                    "1.2.3",
                    "1e",
                    "e1",
                    "1e999",
                    "++1",
                    "+-1",
                    "0x-1",
                    "inf",
                    "nan",
                    "-nan",
                    "+inf",
                    "-.nan",
                    "1,5",
                    "0x1FFFFFFFFFFFFFFFFF",
                    "_1",
                    "1-2",
                    "٣",
                ],
                "Text",
            ),
            (&["0", "+0", "0o0", "00"], "0"),
            (&["-0", "-0.0"], "-0.0"),
            (&["12", "+12", "0xc", "0XC", "0o14", "0O14", "014", "0b1100", "1_2", "1__2", "12_"], "12"),
            (&["-12", "-0xc", "-014"], "-12"),
            (&["0440"], "288"),
            (&["08", "8.0", "8.", "0.8e1", "80e-1", "+8.0"], "8.0"),
            (&[".5", "+.5", "0.5", "5e-1", "0.5_0"], "0.5"),
            (&["18446744073709551615"], "18446744073709551615"),
            (&["-9223372036854775808"], "-9223372036854775808"),
            (&["9007199254740993"], "9007199254740993"),
            (
                &[
                    "18446744073709551616",
                    "1e16",
                    "-9223372036854775809",
                    "123456789012345678901234567890123456789012",
                ],
                "Inexact",
            ),
            (&[".inf", ".Inf", "-.INF", "+.inf", ".nan", ".NaN"], "NotFinite"),
            (
                &[
                    "2026-11-29",
                    "2026-1-2",
                    "2026-11-29T10:00:00Z",
                    "2026-11-29t1:2:3.4+01:00",
                    "2026-11-29 10:00:00",
                    "2026-11-29  10:00:00,5",
                ],
                "Date",
            ),
            (
                &[
                    "2026-11",
                    "2026-11-29-1",
                    "20261129-1-1",
                    "2026-11-29 at noon",
                    "2026-11-29T10:00:00",
                    "2026-11-29 10:00:00Z",
                    "2026-11-29T10:00Z",
                    "2026-11-29T10:00:00Zx",
                    "2026-11-29T",
                    "2026-11-299",
                ],
                "Text",
            ),
        ] {
            for text in texts {
                assert_eq!(resolved(text), expected, "{text:?}");
            }
        }
    }
}
