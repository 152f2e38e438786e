//! Between Terraform's values and documents: what a practitioner writes in HCL is the same tree as JSON text.

use crate::document::{Node, Path, Step, Trail, to_json};
use crate::value::{AttributePath, Number, Type, Value};

/// Numbers that JSON cannot carry exactly: the places of all of them, in the order of the value.
#[derive(Debug)]
pub(super) struct Inexact(pub(super) Vec<Path>);

/// The document that a value spells. Attributes that are null are left out: that is how HCL says "not set".
pub(super) fn to_node(value: &Value) -> Result<Node, Inexact> {
    let mut inexact = Vec::new();
    let node = node(value, &Trail::Root, &mut inexact);
    if inexact.is_empty() { Ok(node) } else { Err(Inexact(inexact)) }
}

fn node(value: &Value, at: &Trail<'_>, inexact: &mut Vec<Path>) -> Node {
    match value {
        Value::Null => Node::Null,
        Value::Unknown(_) => Node::Unknown,
        Value::Bool(flag) => Node::Bool(*flag),
        Value::Number(number) => json_number(number).map_or_else(
            || {
                inexact.push(at.path());
                Node::Null
            },
            Node::Number,
        ),
        Value::String(text) => Node::String(text.clone()),
        Value::List(elements) => Node::Array(
            (elements.iter().enumerate())
                .map(|(index, element)| node(element, &Trail::Index(at, index), inexact))
                .collect(),
        ),
        Value::Map(entries) => (entries.iter().filter(|(_, entry)| !entry.undynamic().is_null()))
            .map(|(key, entry)| (key.clone(), node(entry, &Trail::Key(at, key), inexact)))
            .collect(),
        Value::Dynamic(inner) => node(&inner.value, at, inexact),
    }
}

/// The JSON text of a document; unknown while a part of it is.
pub(super) fn json(document: &Node) -> Value {
    to_json(document).map_or(Value::UNKNOWN, Value::from)
}

/// Bytes of JSON text that a value comes to at least. What is null is not written, and what is not known yet counts nothing.
/// Asked before anything is built from a value: Terraform sends up to 256 MiB.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Unknown(_) => 0,
        Value::Bool(flag) => {
            if *flag {
                4
            } else {
                5
            }
        }
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::List(elements) => 2 + elements.iter().map(|element| size(element) + 1).sum::<usize>(),
        Value::Map(entries) => {
            let said = entries.iter().filter(|(_, entry)| !entry.is_null());
            2 + said.map(|(key, entry)| key.len() + 4 + size(entry)).sum::<usize>()
        }
        Value::Dynamic(inner) => size(&inner.value),
    }
}

fn json_number(number: &Number) -> Option<serde_json::Number> {
    if let Some(whole) = number.as_i64() {
        return Some(whole.into());
    }
    let text = number.to_string();
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    // A float that prints as the same decimal carries the number; any other has lost digits.
    let float: f64 = text.parse().ok()?;
    (float.to_string() == text).then(|| serde_json::Number::from_f64(float))?
}

/// Where in the configuration a place of the document stands, when the document was written as the attribute `name`.
/// JSON text has no inner places.
pub(super) fn attribute_path(name: &str, path: &Path, is_text: bool) -> AttributePath {
    let root = AttributePath::root(name);
    if is_text {
        return root;
    }
    path.0.iter().fold(root, |at, step| match step {
        Step::Key(key) => at.attribute(key),
        Step::Index(index) => at.index(i64::try_from(*index).unwrap_or(i64::MAX)),
    })
}

/// An object as a value.
pub(super) fn object<'n>(attributes: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The text of a document's string: null for null and anything else, unknown for unknown.
pub(super) fn text(node: &Node) -> Value {
    match node {
        Node::Unknown => Value::UNKNOWN,
        Node::String(text) => Value::from(text.as_str()),
        Node::Number(number) => Value::from(number.to_string()),
        _ => Value::Null,
    }
}

/// The value of a type that a document spells: what it says nothing of is null, and what the type has not is left out.
pub(super) fn to_value_of(node: &Node, ty: &Type) -> Value {
    match (node, ty) {
        (Node::Object(members), Type::Object(object_type)) => {
            object(object_type.attributes.iter().map(|(name, ty)| {
                (name.as_str(), members.get(name).map_or(Value::Null, |member| to_value_of(member, ty)))
            }))
        }
        (Node::Array(items), Type::List(item)) => {
            Value::List(items.iter().map(|node| to_value_of(node, item)).collect())
        }
        _ => to_value(node),
    }
}

/// The value that a document spells. What is not known stays unknown, and a number keeps every digit.
pub(super) fn to_value(node: &Node) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Unknown => Value::UNKNOWN,
        Node::Bool(flag) => Value::Bool(*flag),
        Node::Number(number) => {
            Value::Number(number.to_string().parse().expect("a number of JSON is a decimal number"))
        }
        Node::String(text) => Value::from(text.as_str()),
        Node::Array(items) => Value::List(items.iter().map(to_value).collect()),
        Node::Object(members) => members.iter().map(|(key, value)| (key.clone(), to_value(value))).collect(),
    }
}

/// The type of the objects in `volumes`.
pub(super) fn volume_type() -> Type {
    Type::object([("name", Type::String), ("host_path", Type::String)])
}

/// The type of the objects in the `findings` of a resource. Terraform writes the whole state after each resource, so what a
/// resource keeps is short; the texts stand in diagnostics, and in the data sources and functions.
pub(super) fn short_finding_type() -> Type {
    Type::object(["rule", "severity", "path", "container", "summary"].map(|name| (name, Type::String)))
}

/// The type of the objects in `findings`.
pub(super) fn finding_type() -> Type {
    Type::object(
        ["rule", "severity", "path", "container", "summary", "detail", "fix", "control"]
            .map(|name| (name, Type::String)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<Node, Inexact> {
        to_node(&Value::List(vec![Value::Number(text.parse().unwrap())]))
    }

    #[test]
    fn numbers_are_carried_exactly_or_not_at_all() {
        for exact in ["0", "-1", "0.1", "9007199254740993", "18446744073709551615"] {
            let Node::Array(items) = number(exact).unwrap() else { panic!("a list stays a list") };
            assert_eq!(crate::document::to_json(&items[0]).unwrap(), exact);
        }
        for inexact in ["18446744073709551616", "0.1000000000000000000000001", "1e400"] {
            assert_eq!(number(inexact).unwrap_err().0, [Path::default().index(0)], "{inexact}");
        }
    }

    #[test]
    fn the_size_of_a_value_is_that_of_its_text() {
        for text in ["[]", r#"[{"a":"b","c":[true,false,12]}]"#] {
            let value = to_value(&crate::document::parse(text).unwrap());
            // A separator is counted behind each, the last one too.
            assert!((text.len()..=text.len() + 3).contains(&size(&value)), "{text}: {}", size(&value));
        }
        assert_eq!(size(&Value::List(vec![Value::Null; 3])), 5);
    }

    #[test]
    fn json_text_has_no_inner_places_and_a_value_has() {
        let path = Path::default().index(1).key("image");
        assert_eq!(
            attribute_path("container_definitions", &path, true),
            AttributePath::root("container_definitions")
        );
        assert_eq!(
            attribute_path("container_definitions", &path, false).to_string(),
            "container_definitions[1].image"
        );
    }

    #[test]
    fn a_document_becomes_the_value_it_came_from() {
        let text = r#"{"a": [1, 0.5, 18446744073709551615, true, null, "x"], "b": {}}"#;
        let node = crate::document::parse(text).unwrap();
        assert_eq!(to_node(&to_value(&node)).unwrap(), node);
        assert_eq!(to_value(&Node::Array(vec![Node::Unknown])), Value::List(vec![Value::UNKNOWN]));
    }

    #[test]
    fn unknown_parts_stay_where_they_are() {
        let value =
            object([("name", Value::from("app")), ("image", Value::UNKNOWN), ("memory", Value::Null)]);
        assert_eq!(
            to_node(&value).unwrap(),
            Node::from([("name", Node::from("app")), ("image", Node::Unknown)])
        );
    }
}
