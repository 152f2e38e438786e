//! Following the newest revision: what somebody else's revision changed, brought into the arguments of a state.
//!
//! What it left alone stays as it was written. Sidecars and wiring that follow from the blocks are not written into the
//! containers, and `container_definitions[0]` is the container that it was, so that `ignore_changes` keeps what a pipeline
//! deployed and nothing else.

use std::collections::BTreeMap;

use crate::document::{self, Node, Object};
use crate::ecs;
use crate::value::Value;

use super::super::super::document_value::to_value;
use super::super::super::given_document;
use super::arguments;

/// Brings the difference between two revisions, both in canonical form, into the arguments of a state that asked for the
/// first. False where the containers of the state cannot be read, and nothing was done.
pub(super) fn follow(attributes: &mut BTreeMap<String, Value>, from: &Node, to: &Node) -> bool {
    let Some(own) = attributes.get("container_definitions").and_then(definitions) else { return false };
    let mut followed = Followed { containers: Vec::new(), sidecars_differ: false };
    followed.containers(&own, from.get("containerDefinitions"), to.get("containerDefinitions"));
    let mut changed = arguments::to_state_where_changed(arguments::ARGUMENTS, from, to);
    let volumes =
        to_volumes(attributes.get("volume").unwrap_or(&Value::Null), from, to, followed.sidecars_differ);
    changed.insert("volume".to_owned(), volumes);
    if followed.containers != own {
        let containers = Node::Array(followed.containers);
        let is_text = attributes.get("container_definitions").is_some_and(|own| own.as_str().is_some());
        let containers = match is_text {
            // A revision that exists has nothing unknown in it.
            true => document::to_json(&containers).map(Value::from).unwrap_or_default(),
            false => to_value(&containers),
        };
        changed.insert("container_definitions".to_owned(), containers);
    }
    attributes.extend(changed);
    true
}

/// The containers that the state's arguments name, as ECS spells them.
fn definitions(written: &Value) -> Option<Vec<Node>> {
    let given = given_document::read(written, ecs::read).ok()?.known()?;
    Some(given.reading.document.get("containerDefinitions").items().to_vec())
}

/// The containers of the arguments after the change.
struct Followed {
    containers: Vec<Node>,
    /// Whether a container that follows from the blocks is now another one, and so one of the arguments.
    sidecars_differ: bool,
}

impl Followed {
    fn containers(&mut self, own: &[Node], from: &Node, to: &Node) {
        for container in own {
            if let Some(to) = of_name(to, container) {
                self.containers.push(changed(container, of_name(from, container).unwrap_or(&Node::Null), to));
            }
        }
        for container in
            to.items().iter().filter(|container| !own.iter().any(|own| is_named_as(own, container)))
        {
            let was_there = of_name(from, container);
            if was_there != Some(container) {
                self.sidecars_differ |= was_there.is_some();
                self.containers.push(container.clone());
            }
        }
    }
}

/// A container as it was written, but for the members that differ between the two revisions.
fn changed(written: &Node, from: &Node, to: &Node) -> Node {
    let (Node::Object(written), Node::Object(after)) = (written, to) else { return to.clone() };
    let mut members = written.clone();
    members.retain(|key, _| from.get(key).is_null() || !to.get(key).is_null());
    let differs = |(key, member): &(&String, &Node)| from.get(key) != *member;
    let different: Object =
        after.iter().filter(differs).map(|(key, member)| (key.clone(), member.clone())).collect();
    members.extend(different);
    Node::Object(members)
}

/// The volumes of the arguments after the change: those that were written and are as they were, and those that are others
/// now. What a changed sidecar mounts is written, too, because nothing adds it any more.
fn to_volumes(written: &Value, from: &Node, to: &Node, with_all: bool) -> Value {
    let (was, is) = (from.get("volumes"), to.get("volumes"));
    let named = |list: &Node, name: &str| {
        list.items().iter().find(|volume| volume.get("name").as_str() == Some(name)).cloned()
    };
    let is_written =
        |name: &str| written.elements().iter().any(|volume| volume.get("name").as_str() == Some(name));
    let is_as_it_was = |name: &str| named(was, name) == named(is, name);
    let name_of = |volume: &Value| volume.get("name").as_str().unwrap_or_default().to_owned();
    let kept = written.elements().iter().filter(|volume| is_as_it_was(&name_of(volume))).cloned();
    let live = arguments::to_state(arguments::ARGUMENTS, to).remove("volume").unwrap_or_default();
    let others = live.elements().iter().filter(|volume| {
        let name = name_of(volume);
        !is_as_it_was(&name) || (with_all && !is_written(&name))
    });
    Value::List(kept.chain(others.cloned()).collect())
}

fn of_name<'n>(containers: &'n Node, like: &Node) -> Option<&'n Node> {
    containers.items().iter().find(|container| is_named_as(container, like))
}

fn is_named_as(one: &Node, other: &Node) -> bool {
    one.get("name") == other.get("name")
}

#[cfg(test)]
mod tests {
    use super::super::super::super::document_value::object;
    use super::*;

    const BEFORE: &str = r#"{
        "cpu": "256",
        "containerDefinitions": [
            {"name": "agent", "image": "agent:7"},
            {"name": "app", "image": "app:1", "environment": [{"name": "DD_ENV", "value": "prod"}]},
            {"name": "web", "image": "web:1", "user": "1000"}
        ],
        "volumes": [{"name": "data"}, {"name": "sockets"}, {"name": "temporary"}]
    }"#;

    /// A state whose blocks made the Agent, its volume and the variable.
    fn state(containers: Value) -> BTreeMap<String, Value> {
        let volumes = ["data", "temporary"].map(|name| object([("name", Value::from(name))]));
        [
            ("container_definitions", containers),
            ("cpu", Value::from(".25 vCPU")),
            ("volume", Value::List(volumes.to_vec())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    fn followed(containers: Value, to: &str) -> (Value, Vec<String>, Value) {
        let parsed = |text: &str| ecs::canonicalize(document::parse(text).unwrap());
        let mut attributes = state(containers);
        assert!(follow(&mut attributes, &parsed(BEFORE), &parsed(to)));
        let volumes = attributes["volume"].elements().iter();
        let mut volumes: Vec<String> =
            volumes.map(|volume| volume.get("name").as_str().unwrap().to_owned()).collect();
        volumes.sort_unstable();
        (attributes["container_definitions"].clone(), volumes, attributes["cpu"].clone())
    }

    const WRITTEN: &str = r#"[{"user":"1000","name":"web","image":"web:1"}, {"name":"app","image":"app:1"}]"#;

    #[test]
    fn what_did_not_change_stays_as_it_was_written() {
        let (containers, volumes, cpu) = followed(Value::from(WRITTEN), BEFORE);
        assert_eq!(containers.as_str(), Some(WRITTEN));
        assert_eq!(volumes, ["data", "temporary"]);
        assert_eq!(cpu, Value::from(".25 vCPU"));
    }

    #[test]
    fn what_changed_is_taken_over_in_the_place_and_the_form_of_what_was_written() {
        let to = BEFORE
            .replace("app:1", "app:2")
            .replace(r#""cpu": "256""#, r#""cpu": "512""#)
            .replace(r#", "user": "1000""#, "")
            .replace(
                r#"{"name": "data"}"#,
                r#"{"name": "data", "host": {"sourcePath": "/data"}}, {"name": "more"}"#,
            )
            .replace(r#", {"name": "temporary"}"#, "");
        let expected = r#"[{"image":"web:1","name":"web"},{"image":"app:2","name":"app"}]"#;
        let (containers, volumes, cpu) = followed(Value::from(WRITTEN), &to);
        assert_eq!(containers.as_str(), Some(expected));
        assert_eq!(volumes, ["data", "more"]);
        assert_eq!(cpu, Value::from("512"));
        let in_hcl = to_value(&document::parse(WRITTEN).unwrap());
        let (containers, ..) = followed(in_hcl, &to);
        assert_eq!(containers, to_value(&document::parse(expected).unwrap()));
    }

    #[test]
    fn a_sidecar_that_differs_is_written_with_the_volumes_that_nothing_adds_any_more() {
        let to = BEFORE.replace("agent:7", "agent:8").replace(
            r#"{"name": "web", "image": "web:1", "user": "1000"}"#,
            r#"{"name": "cache", "image": "cache:1"}"#,
        );
        let (containers, volumes, _) = followed(Value::from(WRITTEN), &to);
        let expected = r#"[{"image":"app:1","name":"app"},{"image":"agent:8","name":"agent"},{"image":"cache:1","name":"cache"}]"#;
        assert_eq!(containers.as_str(), Some(expected));
        assert_eq!(volumes, ["data", "sockets", "temporary"]);
    }

    #[test]
    fn containers_that_cannot_be_read_are_left_alone() {
        let mut attributes = state(Value::from("[{"));
        assert!(!follow(&mut attributes, &Node::Null, &Node::Null));
        assert_eq!(attributes, state(Value::from("[{")));
    }
}
