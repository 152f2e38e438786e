//! Taking over what exists: by the id that a practitioner types, and from `aws_ecs_task_definition`.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::document::{self, Node};
use crate::ecs;
use crate::ecs_client::RevisionArn;
use crate::framework::{Identity, IdentityAttribute, ImportedState, MoveRequest, MovedState};
use crate::value::Value;

use super::super::super::diagnostics as say;
use super::{arguments, one, presets, read};

/// Finds out what `id` names: an ARN, `family:revision` or a family, with or without `@region`. The refresh that follows reads it.
pub(super) fn import(id: &str) -> (Vec<ImportedState>, Diagnostics) {
    let mut state = BTreeMap::new();
    // As version 6 of the AWS provider writes the region.
    let (name, region) = match id.split_once('@') {
        Some((name, region)) => (name, Some(region)),
        None => (id, None),
    };
    if let Some(region) = region {
        state.insert("region".to_owned(), Value::from(region));
    }
    if let Some(arn) = RevisionArn::parse(name) {
        if region.is_some_and(|region| region != arn.region()) {
            return (Vec::new(), one(say::not_an_import_id(id)));
        }
        state.insert("region".to_owned(), Value::from(arn.region()));
        state.insert("id".to_owned(), Value::from(arn.family()));
        state.insert("arn".to_owned(), Value::from(name));
    } else {
        let (family, revision) = match name.rsplit_once(':') {
            Some((family, revision)) => (family, Some(revision)),
            None => (name, None),
        };
        let valid_family = (1..=255).contains(&family.len())
            && family.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
        if !valid_family
            || region == Some("")
            || revision.is_some_and(|revision| revision.parse::<u32>().is_err())
        {
            return (Vec::new(), one(say::not_an_import_id(id)));
        }
        state.insert("id".to_owned(), Value::from(family));
        if revision.is_some() {
            state.insert("arn".to_owned(), Value::from(name));
        }
    }
    let imported = ImportedState {
        type_name: "ddrofs_ecs_task_definition".to_owned(),
        state: Value::Map(state),
        private: Vec::new(),
    };
    (vec![imported], Diagnostics::default())
}

/// What names a task definition through all its revisions.
pub(super) fn identity() -> Identity {
    let attribute = |name, description, required| IdentityAttribute {
        name,
        description,
        is_required_for_import: required,
    };
    Identity {
        attributes: vec![
            attribute("family", "Family of the task definition.", true),
            attribute("region", "AWS region. Defaults to the provider's.", false),
        ],
    }
}

/// The identity of a state; null while it does not say all of it.
pub(super) fn identity_of(state: &Value) -> Value {
    let parts = ["family", "region"].map(|name| (name.to_owned(), state.get(name).clone()));
    match parts.iter().all(|(_, part)| part.as_str().is_some()) {
        true => parts.into_iter().collect(),
        false => Value::Null,
    }
}

/// The id that a person would type for an identity.
pub(super) fn id_of(identity: &Value) -> String {
    let family = identity.get("family").as_str().unwrap_or_default();
    match identity.get("region").as_str() {
        Some(region) => format!("{family}@{region}"),
        None => family.to_owned(),
    }
}

/// Takes over a state of `aws_ecs_task_definition`: the same revision under a new owner.
pub(super) fn move_state(request: MoveRequest) -> (Option<MovedState>, Diagnostics) {
    let from_aws = request.source_provider_address.rsplit('/').next() == Some("aws")
        && request.source_type_name == "aws_ecs_task_definition";
    if !from_aws {
        return (None, one(say::cannot_move(&request.source_type_name, &request.source_provider_address)));
    }
    let source = &request.source_state;
    let Some(revision) = revision_of(source) else {
        return (None, one(say::cannot_move_without_containers()));
    };

    let mut state = BTreeMap::new();
    read::take_over(&mut state, &revision, true);
    for name in [
        "id",
        "arn",
        "arn_without_revision",
        "revision",
        "region",
        "tags",
        "tags_all",
        "track_latest",
        "skip_destroy",
    ] {
        state.insert(name.to_owned(), source.get(name).clone());
    }
    complete_from_arn(&mut state);
    presets::fill(&mut state);
    (Some(MovedState { state: Value::Map(state), private: request.source_private }), Diagnostics::default())
}

/// What a state of `aws_ecs_task_definition` registered. Some versions kept the containers with capitalised keys (5.59 and
/// 5.60), and all keep empty texts for what was not set.
fn revision_of(source: &Value) -> Option<read::Content> {
    let containers = document::parse(source.get("container_definitions").as_str()?).ok()?;
    let mut around = arguments::to_document(arguments::ARGUMENTS, source);
    around.insert("containerDefinitions".to_owned(), containers);
    let document = ecs::read_to_write(Node::Object(around)).ok()?.document;
    read::Content::of(document)
}

/// What older versions of that provider did not keep and an ARN tells; no tags are an empty map.
fn complete_from_arn(state: &mut BTreeMap<String, Value>) {
    let arn = state.get("arn").and_then(Value::as_str).and_then(RevisionArn::parse);
    let mut complete = |name: &str, value: Value| {
        if state.get(name).is_none_or(Value::is_null) {
            state.insert(name.to_owned(), value);
        }
    };
    if let Some(arn) = arn {
        complete("arn_without_revision", Value::from(arn.without_revision()));
        complete("region", Value::from(arn.region()));
        complete("revision", Value::from(arn.revision()));
    }
    complete("tags", Value::Map(BTreeMap::new()));
    complete("tags_all", Value::Map(BTreeMap::new()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_id_that_is_none_says_which_forms_there_are() {
        for wrong in [
            "",
            "a b",
            "orders:latest",
            "orders@",
            "arn:aws:ecs:eu-west-1:1:task-definition/orders:1@eu-west-2",
            "arn:aws:ecs:eu-west-1:1:service/orders:1",
        ] {
            let (found, diagnostics) = import(wrong);
            assert!(found.is_empty() && diagnostics.has_errors(), "{wrong}");
        }
    }
}
