//! The `options` argument: none or one object, which is read as if it were the body of a block, so that a function and a
//! block have the same arguments under the same names.

use std::collections::BTreeMap;

use crate::diagnostics::FunctionError;
use crate::ecs::shapes::nearest;
use crate::schema::{Block, NestedBlock};
use crate::task::Around;
use crate::value::{AttributePath, Type, Value};

use super::super::around;

/// The name of the parameter.
pub(super) const NAME: &str = "options";

/// Its position: behind the definitions.
pub(super) const POSITION: i64 = 1;

/// The options among the arguments of a call, null where there are none.
pub(super) fn of(arguments: &[Value]) -> Result<&Value, FunctionError> {
    match arguments.get(1..) {
        None | Some([]) => Ok(&Value::Null),
        Some([options]) => Ok(options),
        Some(several) => Err(FunctionError {
            text: format!(
                "{NAME} is one object, and {} were given. Write all of them into one: {{ ..., ... }}",
                several.len()
            ),
            argument: Some(POSITION + 1),
        }),
    }
}

/// What the options tell of the task around the definitions, and nothing else; none while nobody knows what they are.
pub(super) fn around(arguments: &[Value]) -> Result<Option<Around>, FunctionError> {
    let block = Block { attributes: around::attributes(), ..Block::default() };
    let at = AttributePath::root(NAME);
    let mut problems = Vec::new();
    let options = read(of(arguments)?, &block, &at, &mut problems);
    let (around, wrong) = around::read(&options, &at);
    problems.extend(wrong.into_iter().map(|(at, problem)| format!("{at}: {problem}")));
    match problems.is_empty() {
        true => Ok((!options.is_unknown()).then_some(around)),
        false => Err(FunctionError { text: all(&problems), argument: Some(POSITION) }),
    }
}

/// Several problems in one text.
pub(super) fn all(problems: &[String]) -> String {
    match problems {
        [one] => one.clone(),
        several => format!("there are {} problems:\n\n  - {}\n\n", several.len(), several.join("\n  - ")),
    }
}

/// The value of the block that the options spell; what cannot be read is told in `problems`, all at once.
pub(super) fn read(options: &Value, block: &Block, at: &AttributePath, problems: &mut Vec<String>) -> Value {
    let given = match options.undynamic() {
        Value::Map(given) => given,
        Value::Unknown(_) => return Value::UNKNOWN,
        Value::Null => return block.complete(BTreeMap::new()),
        _ => {
            problems.push(format!("{at} has to be an object"));
            return block.complete(BTreeMap::new());
        }
    };
    let mut read_so_far = BTreeMap::new();
    for (name, value) in given {
        let here = at.clone().attribute(name);
        let attribute = block.attributes.iter().find(|attribute| attribute.name == *name);
        let nested = block.blocks.iter().find(|nested| nested.name == *name);
        let value = match (attribute, nested) {
            (Some(attribute), _) => conform(value, &attribute.ty, &here, problems),
            (None, Some(nested)) => body(value, nested, &here, problems),
            (None, None) => {
                problems.push(no_such_option(name, block, at));
                continue;
            }
        };
        read_so_far.insert(name.clone(), value);
    }
    block.complete(read_so_far)
}

/// A block is written as an object here.
fn body(value: &Value, nested: &NestedBlock, at: &AttributePath, problems: &mut Vec<String>) -> Value {
    match value.undynamic() {
        Value::Null => Value::Null,
        Value::Unknown(_) => Value::UNKNOWN,
        value => Value::List(vec![read(value, &nested.block, at, problems)]),
    }
}

fn no_such_option(name: &str, block: &Block, at: &AttributePath) -> String {
    let attributes = block.attributes.iter().map(|attribute| attribute.name.as_str());
    let names = || attributes.clone().chain(block.blocks.iter().map(|nested| nested.name.as_str()));
    match nearest(name, names()) {
        Some(meant) => format!("{at} has no option \"{name}\". Did you mean \"{meant}\"?"),
        None => format!("{at} has no option \"{name}\". It has {}", names().collect::<Vec<_>>().join(", ")),
    }
}

/// The value as one of that type, converted where Terraform would convert an argument.
fn conform(value: &Value, ty: &Type, at: &AttributePath, problems: &mut Vec<String>) -> Value {
    match (ty, value.undynamic()) {
        (_, Value::Null) => Value::Null,
        (_, Value::Unknown(_)) => Value::UNKNOWN,
        (Type::String, Value::Number(number)) => Value::from(number.to_string()),
        (Type::String, Value::Bool(flag)) => Value::from(flag.to_string()),
        (Type::String, value @ Value::String(_))
        | (Type::Number, value @ Value::Number(_))
        | (Type::Bool, value @ Value::Bool(_))
        | (Type::Dynamic, value) => value.clone(),
        (Type::Number, Value::String(text)) if text.parse::<crate::value::Number>().is_ok() => {
            Value::Number(text.parse().expect("it was just parsed"))
        }
        (Type::Bool, Value::String(text)) if text == "true" || text == "false" => Value::from(text == "true"),
        (Type::List(element) | Type::Set(element), Value::List(elements)) => {
            let elements = elements.iter().zip(0..);
            Value::List(
                elements
                    .map(|(value, index)| conform(value, element, &at.clone().index(index), problems))
                    .collect(),
            )
        }
        (Type::Map(element), Value::Map(entries)) => {
            let entries = entries.iter();
            entries
                .map(|(key, value)| {
                    (key.clone(), conform(value, element, &at.clone().attribute(key), problems))
                })
                .collect()
        }
        (ty, _) => {
            problems.push(format!("{at} has to be {}", noun(ty)));
            Value::Null
        }
    }
}

fn noun(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "true or false",
        Type::Number => "a number",
        Type::String => "text",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "a list",
        Type::Map(_) | Type::Object(_) => "an object",
        Type::Dynamic => "a value",
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::agent_block;
    use super::super::super::document_value::object;
    use super::*;

    fn read_all(options: Value) -> (Value, Vec<String>) {
        let block = Block {
            blocks: vec![agent_block::agent_block(""), agent_block::application_block()],
            ..Block::default()
        };
        let mut problems = Vec::new();
        let value = read(&options, &block, &AttributePath::root("options"), &mut problems);
        (value, problems)
    }

    #[test]
    fn objects_are_read_as_blocks_and_values_are_converted_as_arguments_are() {
        let apm = object([("enabled", Value::from("false")), ("port", Value::from("8126"))]);
        let agent = object([("version", Value::from(3)), ("apm", apm)]);
        let (value, problems) = read_all(object([("agent", agent)]));
        assert_eq!(problems, [""; 0]);
        let agent = &value.get("agent").elements()[0];
        assert_eq!(agent.get("version").as_str(), Some("3"));
        let apm = &agent.get("apm").elements()[0];
        assert_eq!((apm.bool("enabled").known(), apm.integer("port").known()), (Some(false), Some(8126)));
        assert_eq!(value.get("application").elements(), []);
    }

    #[test]
    fn every_mistake_is_told_with_its_place_and_what_was_meant() {
        let agent = object([
            ("api_key_secret_arm", Value::from("x")),
            ("cpu", Value::from("much")),
            ("tags", Value::from("a:b")),
            ("apm", object([("soket", Value::from(true))])),
        ]);
        let (_, problems) =
            read_all(object([("agent", agent), ("application", Value::from(7)), ("policies", Value::Null)]));
        assert_eq!(
            problems,
            [
                "options.agent has no option \"api_key_secret_arm\". Did you mean \"api_key_secret_arn\"?",
                "options.agent.apm has no option \"soket\". Did you mean \"socket\"?",
                "options.agent.cpu has to be a number",
                "options.agent.tags has to be an object",
                "options.application has to be an object",
                "options has no option \"policies\". It has agent, application",
            ]
        );
    }

    #[test]
    fn what_is_not_known_yet_stays_so() {
        let (value, problems) = read_all(object([("agent", Value::UNKNOWN)]));
        assert!(value.get("agent").is_unknown() && problems.is_empty());
        assert!(read_all(Value::UNKNOWN).0.is_unknown());
    }
}
