//! Values of the wrong JSON type that can mean one thing only: `"8080"` where a number is asked for, `true` where text
//! is, `"1 vCPU"` where ECS gives `1024` back.
//!
//! ECS itself takes most of these wrongly typed values or refuses them with a serialization error; other tools hand them
//! over as they are. What can mean several things is left alone, and the rules name it.

use super::shapes::Kind;
use super::units;
use crate::document::Node;

/// What a value was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coercion {
    NumberFromText,
    NumberFromFraction,
    BooleanFromText,
    TextFromNumber,
    TextFromBoolean,
    CpuUnits,
    MemoryMebibytes,
}

impl Coercion {
    /// As a note to the author. Says what was done and not with which value, which may be a secret.
    pub(super) fn text(self) -> &'static str {
        match self {
            Coercion::NumberFromText => "a number written as text was read as the number",
            Coercion::NumberFromFraction => {
                "a whole number written with decimals was read as the whole number"
            }
            Coercion::BooleanFromText => "true or false written as text was read as the boolean",
            Coercion::TextFromNumber => "a number was read as text, which ECS asks for here",
            Coercion::TextFromBoolean => "a boolean was read as text, which ECS asks for here",
            Coercion::CpuUnits => "an amount of vCPU was read as CPU units (1024 for one vCPU)",
            Coercion::MemoryMebibytes => "an amount of GB was read as MiB (1024 for one GB)",
        }
    }
}

/// The value that is meant by `node` where a member `key` of this kind is asked for, if it is another than itself.
pub(super) fn coerce(key: &str, kind: &Kind, node: &Node) -> Option<(Node, Coercion)> {
    match (kind, node) {
        (Kind::Integer, Node::String(text)) => number_from_text(key, text),
        (Kind::Integer, Node::Number(number)) if number.is_f64() => {
            Some((Node::from(whole(number)?), Coercion::NumberFromFraction))
        }
        (Kind::Boolean, Node::String(text)) => {
            let flag = boolean(text)?;
            Some((Node::Bool(flag), Coercion::BooleanFromText))
        }
        (Kind::String, Node::String(text)) => amount(key, text),
        (Kind::String, Node::Number(number)) => {
            let text = whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string());
            Some((Node::String(text), Coercion::TextFromNumber))
        }
        (Kind::String, Node::Bool(flag)) => Some((Node::String(flag.to_string()), Coercion::TextFromBoolean)),
        _ => None,
    }
}

fn number_from_text(key: &str, text: &str) -> Option<(Node, Coercion)> {
    // `parse` would take a plus sign, which nobody writes who means a number.
    if let Some(number) = text.parse().ok().filter(|_: &i64| !text.starts_with('+')) {
        return Some((Node::from(number), Coercion::NumberFromText));
    }
    match key {
        "cpu" => Some((Node::from(units::cpu_units(text).ok()?), Coercion::CpuUnits)),
        "memory" | "memoryReservation" => {
            Some((Node::from(units::memory_mib(text).ok()?), Coercion::MemoryMebibytes))
        }
        _ => None,
    }
}

/// The task's own `cpu` and `memory` are text that holds a number; no other text member of ECS has these keys.
fn amount(key: &str, text: &str) -> Option<(Node, Coercion)> {
    let (number, coercion) = match key {
        "cpu" => (units::cpu_units(text).ok()?, Coercion::CpuUnits),
        "memory" => (units::memory_mib(text).ok()?, Coercion::MemoryMebibytes),
        _ => return None,
    };
    let plain = number.to_string();
    (plain != text).then_some((Node::String(plain), coercion))
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// The number as a whole one, where it is one that every double around it keeps apart from its neighbours.
fn whole(number: &serde_json::Number) -> Option<i64> {
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    let double =
        number.as_f64().filter(|double| double.fract() == 0.0 && double.abs() < 9_007_199_254_740_992.0)?;
    // Formatting is the conversion that cannot lose anything unnoticed.
    format!("{double:.0}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coerced(key: &str, kind: Kind, json: &str) -> Option<String> {
        let node = crate::document::parse(json).expect("JSON");
        coerce(key, &kind, &node).map(|(node, _)| crate::document::to_json(&node).expect("known"))
    }

    #[test]
    fn what_can_mean_one_thing_only_is_read_as_that() {
        for (key, kind, json, meant) in [
            ("containerPort", Kind::Integer, r#""8080""#, "8080"),
            ("memory", Kind::Integer, "512.0", "512"),
            ("memory", Kind::Integer, r#""0.5 GB""#, "512"),
            ("cpu", Kind::Integer, r#"".25 vCPU""#, "256"),
            ("essential", Kind::Boolean, r#""false""#, "false"),
            ("value", Kind::String, "8126", r#""8126""#),
            ("value", Kind::String, "-0.0", r#""0""#),
            ("value", Kind::String, "1.5", r#""1.5""#),
            ("value", Kind::String, "true", r#""true""#),
            ("cpu", Kind::String, "1024", r#""1024""#),
            ("cpu", Kind::String, r#""1 vCPU""#, r#""1024""#),
            ("memory", Kind::String, r#""3GB""#, r#""3072""#),
        ] {
            assert_eq!(coerced(key, kind, json).as_deref(), Some(meant), "{key} {json}");
        }
    }

    #[test]
    fn what_is_right_or_can_mean_several_things_is_left_alone() {
        for (key, kind, json) in [
            ("containerPort", Kind::Integer, "8080"),
            ("containerPort", Kind::Integer, r#""http""#),
            ("containerPort", Kind::Integer, r#""+1""#),
            ("containerPort", Kind::Integer, r#""1 vCPU""#),
            ("memory", Kind::Integer, "512.5"),
            ("memory", Kind::Integer, r#""512 MiB""#),
            ("essential", Kind::Boolean, r#""yes""#),
            ("essential", Kind::Boolean, "1"),
            ("value", Kind::String, r#""1 vCPU""#),
            ("cpu", Kind::String, r#""1024""#),
            ("cpu", Kind::String, "null"),
            ("environment", Kind::List(&Kind::String), "{}"),
        ] {
            assert_eq!(coerced(key, kind, json), None, "{key} {json}");
        }
    }
}
