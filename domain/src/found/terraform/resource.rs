//! The arguments of a resource as the task definition that they write. Names of arguments are ECS's keys in Terraform's spelling,
//! with a few exceptions.

use crate::document::{self, Node, Object};
use crate::ecs::shapes::{self, Kind, Structure};
use crate::ecs::{InputProblem, Reading, leave_out_unset, read_to_write};

use crate::found::Problem;

/// Arguments that are named differently from ECS's keys, with those.
const RENAMED: [(&str, &str); 2] = [("volume", "volumes"), ("configure_at_launch", "configuredAtLaunch")];

/// Why a resource cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub enum ResourceProblem {
    /// Its container definitions are no JSON.
    Text(Vec<Problem>),
    /// They are something else than a list of container definitions.
    Form(InputProblem),
}

/// The task definition that a resource registers, read as hashicorp/aws does.
pub fn document(values: &Node) -> Result<Reading, ResourceProblem> {
    let containers = match values.get("container_definitions") {
        Node::String(text) => document::parse(text).map_err(|problems| {
            let part = document::json::Part { text, start: 0, lines_before: 0, columns_before: 0 };
            ResourceProblem::Text(Problem::of_json(&part, &problems))
        })?,
        other => other.clone(),
    };
    let mut task = Object::new();
    let Node::Object(arguments) = values else {
        return Err(ResourceProblem::Form(InputProblem::NoContainers));
    };
    for (name, value) in arguments.iter() {
        if let Some((key, node)) = argument(shapes::task_definition(), name, value) {
            task.insert(key, node);
        }
    }
    task.remove("containerDefinitions");
    // With those that the provider block gives to everything.
    let tags = [values.get("tags_all"), values.get("tags")].into_iter().find(|tags| !tags.is_null());
    match tags {
        Some(Node::Object(tags)) if !tags.is_empty() => {
            task.insert("tags".to_owned(), pairs(tags, "key"));
        }
        Some(Node::Unknown) => {
            task.insert("tags".to_owned(), Node::Unknown);
        }
        _ => {
            task.remove("tags");
        }
    }
    let (mut task, _) = leave_out_unset(task);
    task.insert("containerDefinitions".to_owned(), containers);
    read_to_write(Node::Object(task)).map_err(ResourceProblem::Form)
}

/// An argument as a member of the structure that it is of; none for what ECS has no key for.
fn argument(structure: &'static Structure, name: &str, value: &Node) -> Option<(String, Node)> {
    if let ("host_path", Some(_)) = (name, structure.member("host")) {
        let is_set = value.as_str() != Some("") && !value.is_null();
        return is_set.then(|| ("host".to_owned(), Node::from([("sourcePath", value.clone())])));
    }
    let renamed = RENAMED.iter().find(|(argument, _)| *argument == name).map(|(_, key)| *key);
    let plain: String = name.chars().filter(|letter| *letter != '_').collect();
    let member = structure.members.iter().find(|member| match renamed {
        Some(key) => member.key == key,
        None => member.key.eq_ignore_ascii_case(&plain),
    })?;
    let node = valued(member.key, &member.kind, value);
    (!node.is_null()).then(|| (member.key.to_owned(), node))
}

/// What an argument says, in the shape of ECS.
fn valued(key: &str, kind: &'static Kind, value: &Node) -> Node {
    match (kind, value) {
        (_, Node::Unknown) => Node::Unknown,
        // A block of which there may be one.
        (Kind::Structure(_), Node::Array(items)) => match items.first() {
            Some(block) => valued(key, kind, block),
            None => Node::Null,
        },
        (Kind::Structure(structure), Node::Object(members)) => {
            members.iter().filter_map(|(name, value)| argument(structure, name, value)).collect()
        }
        // Settings of a proxy.
        (Kind::List(_), Node::Object(members)) if key == "properties" => pairs(members, "name"),
        (Kind::List(_), Node::Array(items)) if items.is_empty() => Node::Null,
        (Kind::List(item), Node::Array(items)) => {
            Node::Array(items.iter().map(|value| valued("", item, value)).collect())
        }
        (Kind::Map(_), Node::Object(members)) if members.is_empty() => Node::Null,
        _ => value.clone(),
    }
}

/// A map as a list of names and values.
fn pairs(members: &Object, name: &str) -> Node {
    let pair = |(key, value): (&String, &Node)| {
        Node::from([(name, Node::from(key.as_str())), ("value", value.clone())])
    };
    Node::Array(members.iter().map(pair).collect())
}
