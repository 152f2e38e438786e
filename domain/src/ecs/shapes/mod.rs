//! The shape of a task definition as data: which keys each structure has, of which kind, which are required and which
//! values they take; limits and the sizes that Fargate offers.
//!
//! Only data and look-ups, all of it static. What is wrong with a document is for the rules to say.

pub mod fargate_sizes;
pub mod limits;
mod nearest;
mod table;

use std::fmt;

use crate::document::Step;

pub use nearest::nearest;

/// A structure of the ECS API.
pub struct Structure {
    /// Its name in the API model.
    pub name: &'static str,
    /// Its members in the order of their keys.
    pub members: &'static [Member],
}

/// A member of a [`Structure`].
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its key.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether the model marks it as required.
    pub required: bool,
    /// The values it takes, or in a list of strings those its items take; empty where any will do.
    pub values: &'static [&'static str],
}

/// What a member holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// An object with the members of that structure.
    Structure(&'static Structure),
    /// An array of such items.
    List(&'static Kind),
    /// An object with free keys and such values.
    Map(&'static Kind),
}

/// What `RegisterTaskDefinition` takes.
pub fn task_definition() -> &'static Structure {
    &table::REGISTER_TASK_DEFINITION_REQUEST
}

/// An item of `containerDefinitions`.
pub fn container_definition() -> &'static Structure {
    &table::CONTAINER_DEFINITION
}

/// Every structure that a task definition can hold, itself included.
pub fn structures() -> &'static [&'static Structure] {
    &table::ALL
}

/// The structure at this place of a task definition; none where the place is none of a structure.
pub fn structure_at(path: &[Step]) -> Option<&'static Structure> {
    let mut kind = &Kind::Structure(task_definition());
    for step in path {
        kind = match (kind, step) {
            (Kind::Structure(structure), Step::Key(key)) => &structure.member(key)?.kind,
            (Kind::List(item), Step::Index(_)) => item,
            (Kind::Map(value), Step::Key(_)) => value,
            _ => return None,
        };
    }
    match kind {
        Kind::Structure(structure) => Some(structure),
        _ => None,
    }
}

/// The structures that have a member of that key: tells where a misplaced key belongs.
pub fn structures_with(key: &str) -> impl Iterator<Item = &'static Structure> {
    table::ALL.into_iter().filter(move |structure| structure.member(key).is_some())
}

/// The keys that ECS adds to a task definition when it gives one back, in order. They cannot be sent.
///
/// Source: `TaskDefinition` in the API model of Amazon ECS as of botocore 1.44.5 (2026-11).
pub const RESPONSE_ONLY: &[&str] = &[
    "compatibilities",
    "deleteRequestedAt",
    "deregisteredAt",
    "registeredAt",
    "registeredBy",
    "requiresAttributes",
    "revision",
    "status",
    "taskDefinitionArn",
];

impl Structure {
    /// The member of exactly that key.
    pub fn member(&self, key: &str) -> Option<&'static Member> {
        let position = self.members.binary_search_by(|member| member.key.cmp(key)).ok()?;
        Some(&self.members[position])
    }

    /// The key that was most likely meant by one this structure does not have: another case, snake_case, CloudFormation's
    /// spelling, a letter too many, too few, swapped or wrong.
    pub fn nearest(&self, key: &str) -> Option<&'static str> {
        nearest::nearest(key, self.members.iter().map(|member| member.key))
    }
}

impl Member {
    /// The value that was most likely meant by one this member does not accept.
    pub fn nearest_value(&self, value: &str) -> Option<&'static str> {
        nearest::nearest(value, self.values.iter().copied())
    }
}

impl Kind {
    /// The kind as a person calls it.
    pub fn describe(&self) -> &'static str {
        match self {
            Kind::String => "a string",
            Kind::Integer => "a whole number",
            Kind::Boolean => "true or false",
            Kind::Structure(_) | Kind::Map(_) => "an object",
            Kind::List(_) => "a list",
        }
    }

    /// The structure behind this kind: itself, that of a list's items or of a map's values.
    pub fn structure(&self) -> Option<&'static Structure> {
        match self {
            Kind::Structure(structure) => Some(structure),
            Kind::List(item) | Kind::Map(item) => item.structure(),
            Kind::String | Kind::Integer | Kind::Boolean => None,
        }
    }
}

impl fmt::Debug for Structure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The members would print the whole tree below.
        write!(out, "Structure({})", self.name)
    }
}

/// Structures are the same when they have the same name: the table holds each once.
impl PartialEq for Structure {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_of_their_keys() {
        for structure in structures() {
            assert!(structure.members.is_sorted_by(|one, next| one.key < next.key), "{}", structure.name);
        }
        assert!(RESPONSE_ONLY.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn every_structure_is_reached_from_the_task_definition_and_is_listed_once() {
        fn walk(structure: &'static Structure, reached: &mut Vec<&'static str>) {
            if !reached.contains(&structure.name) {
                reached.push(structure.name);
                structure.members.iter().filter_map(|m| m.kind.structure()).for_each(|s| walk(s, reached));
            }
        }
        let mut reached = Vec::new();
        walk(task_definition(), &mut reached);
        let mut listed: Vec<_> = structures().iter().map(|structure| structure.name).collect();
        reached.sort_unstable();
        listed.sort_unstable();
        assert_eq!(reached, listed);
        assert!(listed.is_sorted_by(|one, next| one < next));
        assert_eq!(listed.len(), 39);
    }

    #[test]
    fn members_are_found_with_kind_values_and_requirement() {
        let family = task_definition().member("family").expect("a member");
        assert!(family.required && matches!(family.kind, Kind::String));
        assert_eq!(container_definition().members.len(), 42);
        let condition =
            container_definition().member("dependsOn").and_then(|m| m.kind.structure()).expect("dependency");
        assert_eq!(
            condition.member("condition").expect("a member").values,
            ["START", "COMPLETE", "SUCCESS", "HEALTHY"]
        );
        assert!(container_definition().member("Name").is_none());
    }

    #[test]
    fn a_structure_is_found_by_its_place() {
        let path = |text: &str| -> Vec<Step> {
            let step = |word: &str| word.parse().map_or_else(|_| Step::Key(word.to_owned()), Step::Index);
            text.split_whitespace().map(step).collect()
        };
        for (place, name) in [
            ("", Some("RegisterTaskDefinitionRequest")),
            ("containerDefinitions 3", Some("ContainerDefinition")),
            ("containerDefinitions 0 logConfiguration secretOptions 1", Some("Secret")),
            ("containerDefinitions", None),
            ("containerDefinitions 0 dockerLabels a", None),
            ("containerDefinitions 0 nonsense", None),
            ("volumes name", None),
        ] {
            assert_eq!(structure_at(&path(place)).map(|structure| structure.name), name, "{place}");
        }
    }

    #[test]
    fn a_misplaced_key_is_found_where_it_belongs() {
        let homes: Vec<_> = structures_with("initProcessEnabled").map(|structure| structure.name).collect();
        assert_eq!(homes, ["LinuxParameters"]);
        assert_eq!(structures_with("nonsense").count(), 0);
    }

    #[test]
    fn response_only_keys_cannot_be_sent() {
        assert!(RESPONSE_ONLY.iter().all(|key| task_definition().member(key).is_none()));
    }
}
