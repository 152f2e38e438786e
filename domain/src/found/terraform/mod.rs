//! What `terraform show -json` and `tofu show -json` print of a plan or of a state: the task definitions in it, as they come.
//!
//! A plan may be very long and is read as a stream, of which nothing is kept but one task definition at a time. Source: JSON
//! output format of Terraform 1.15 (format versions 1.x, read 2026-11).

mod resource;

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

pub use resource::{ResourceProblem, document};

use crate::document::Node;

/// The resources that are task definitions.
const TYPES: [&str; 2] = ["aws_ecs_task_definition", "ddrofs_ecs_task_definition"];

/// A task definition of a plan or a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Its address, modules and keys of `for_each` included.
    pub address: String,
    /// Its arguments and attributes; what is known only after the apply is not known.
    pub values: Node,
}

/// What a stream turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A plan or a state.
    PlanOrState,
    /// Something else.
    Nothing,
}

/// Whether a text begins as what is shown of a plan or a state: with its version, as Terraform writes it.
pub fn begins(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|inside| inside.starts_with("\"format_version\""))
}

/// Reads a stream and gives each task definition to `found`. The error is what serde_json says.
pub fn read(stream: impl Read, found: &mut dyn FnMut(Resource)) -> Result<Shown, serde_json::Error> {
    let mut shown = Shown::Nothing;
    let mut source = serde_json::Deserializer::from_reader(stream);
    source.deserialize_map(Whole { found, shown: &mut shown })?;
    source.end()?;
    Ok(shown)
}

type Sink<'f> = dyn FnMut(Resource) + 'f;

/// The outermost object.
struct Whole<'a, 'f> {
    found: &'a mut Sink<'f>,
    shown: &'a mut Shown,
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("what terraform show -json prints")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "resource_changes" => {
                    *self.shown = Shown::PlanOrState;
                    members.next_value_seed(Each(&mut *self.found))?;
                }
                // Of a state. A plan has its own elsewhere.
                "values" => {
                    *self.shown = Shown::PlanOrState;
                    members.next_value_seed(Within(&mut *self.found))?;
                }
                "format_version" => {
                    *self.shown = Shown::PlanOrState;
                    let version = members.next_value::<String>()?;
                    if !["0", "1"].contains(&version.split('.').next().unwrap_or_default()) {
                        return Err(serde::de::Error::custom(format_args!(
                            "format version {version} is not known to this program"
                        )));
                    }
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A list of resources, or of what is planned for them.
struct Each<'a, 'f>(&'a mut Sink<'f>);

impl<'de> DeserializeSeed<'de> for Each<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Each<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of resources")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(resource) = items.next_element_seed(One)? {
            if let Some(resource) = resource {
                (self.0)(resource);
            }
        }
        Ok(())
    }
}

/// A resource; none for what is no task definition, or is going away.
struct One;

impl<'de> DeserializeSeed<'de> for One {
    type Value = Option<Resource>;
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for One {
    type Value = Option<Resource>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut address, mut ty, mut mode) = (String::new(), None, None);
        let (mut values, mut change) = (None, None);
        while let Some(key) = members.next_key::<String>()? {
            // Mode and type come before the values, so that those of other resources are passed over.
            let is_of_others = |ty: &Option<String>, mode: &Option<String>| {
                ty.as_deref().is_some_and(|ty| !TYPES.contains(&ty))
                    || mode.as_deref().is_some_and(|mode| mode != "managed")
            };
            match key.as_str() {
                "address" => address = members.next_value()?,
                "type" => ty = Some(members.next_value::<String>()?),
                "mode" => mode = Some(members.next_value::<String>()?),
                "values" if !is_of_others(&ty, &mode) => values = Some(members.next_value::<Value>()?),
                "change" if !is_of_others(&ty, &mode) => change = Some(members.next_value::<Value>()?),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        let is_ours = ty.as_deref().is_some_and(|ty| TYPES.contains(&ty))
            && mode.as_deref().is_none_or(|mode| mode == "managed");
        let values = match (is_ours, values, change) {
            (true, Some(values), _) => known(&values),
            (true, None, Some(change)) => after(&change["after"], &change["after_unknown"]),
            _ => Node::Null,
        };
        Ok((!values.is_null()).then_some(Resource { address, values }))
    }
}

/// A module with its resources and the modules in it, or the object around the outermost one.
struct Within<'a, 'f>(&'a mut Sink<'f>);

impl<'de> DeserializeSeed<'de> for Within<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a module")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut modules: A) -> Result<(), A::Error> {
        while modules.next_element_seed(Within(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "root_module" | "child_modules" => members.next_value_seed(Within(&mut *self.0))?,
                "resources" => members.next_value_seed(Each(&mut *self.0))?,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A value of which everything is known.
fn known(value: &Value) -> Node {
    after(value, &Value::Null)
}

/// A value after the apply, and what of it is known only then: `true` in place of it.
fn after(value: &Value, unknown: &Value) -> Node {
    match (value, unknown) {
        (_, Value::Bool(true)) => Node::Unknown,
        (Value::Object(members), _) => {
            let mut after: Vec<(String, Node)> = members
                .iter()
                .map(|(key, value)| (key.clone(), self::after(value, &unknown[key.as_str()])))
                .collect();
            if let Value::Object(unknown) = unknown {
                let only_later =
                    unknown.iter().filter(|(key, value)| !members.contains_key(*key) && has_true(value));
                after.extend(only_later.map(|(key, value)| (key.clone(), self::after(&Value::Null, value))));
            }
            after.into_iter().collect()
        }
        (Value::Array(items), _) => {
            let items = items.iter().enumerate().map(|(index, item)| self::after(item, &unknown[index]));
            Node::Array(items.collect())
        }
        (Value::Null, unknown) if has_true(unknown) => Node::Unknown,
        (Value::Null, _) => Node::Null,
        (Value::Bool(flag), _) => Node::Bool(*flag),
        (Value::Number(number), _) => Node::Number(number.clone()),
        (Value::String(text), _) => Node::String(text.clone()),
    }
}

fn has_true(unknown: &Value) -> bool {
    match unknown {
        Value::Bool(flag) => *flag,
        Value::Array(items) => items.iter().any(has_true),
        Value::Object(members) => members.values().any(has_true),
        _ => false,
    }
}
