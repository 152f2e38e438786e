//! `ignore_container_changes`: keys of containers that somebody else sets, such as the image that a pipeline deploys.
//!
//! Such a key is registered as it is in the newest revision. An argument has to be planned as it is written, so what is kept shows
//! in what is computed: the hash, the summary of changes and `json`. A plan and its apply read it of a revision, which is
//! immutable; which one that is stands in the private state.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Node;
use crate::ecs::ContainerKeys;
use crate::ecs::shapes::{container_definition, nearest};
use crate::ecs_client::Revision;
use crate::ordered::ordered;
use crate::value::{AttributePath, Value};

use super::super::super::diagnostics as say;
use super::super::super::provider_block::Configured;
use super::super::super::task::{Kept, Task};
use super::before::{Seen, content_of, registered};
use super::foreign::{self, describe};
use super::plan::is_changed;
use super::{Desired, Running, desired_keeping, one};

/// The argument.
pub(super) const ARGUMENT: &str = "ignore_container_changes";

/// The key by which a container is found, which nobody else can set.
const NAME: &str = "name";

/// What is registered as it is already.
pub(super) struct Keeping {
    keys: ContainerKeys,
    /// The revision that it is read of.
    revision: i64,
    /// Who registered that revision, where it was not this resource.
    by: Option<String>,
    /// The content of that revision, in canonical form.
    content: Node,
}

impl Keeping {
    pub(super) fn kept(&self) -> Kept<'_> {
        Kept { keys: &self.keys, containers: self.content.get("containerDefinitions") }
    }

    /// The end of a summary of changes: what does not come from the configuration.
    fn told(&self) -> String {
        let keys: Vec<String> =
            self.keys.iter().map(|(container, key)| format!("{container} {key}")).collect();
        let by = self.by.as_deref().map(|by| format!(" of {by}")).unwrap_or_default();
        format!("kept from revision {}{by}: {}", self.revision, keys.join(", "))
    }
}

/// What arguments ask for, with what is kept of what is registered.
pub(super) struct Asked {
    pub(super) desired: Desired,
    pub(super) diagnostics: Diagnostics,
    /// What is kept; none where nothing is to be, or where what is written is what is registered anyway.
    pub(super) keeping: Option<Keeping>,
    /// The content of the state's revision, where it was looked at.
    pub(super) before: Option<Node>,
    /// Whether what is kept is another value than the configuration's.
    differs: bool,
}

impl Asked {
    /// A summary of changes with what is kept.
    pub(super) fn summary(&self, changes: String) -> String {
        match self.keeping.as_ref().filter(|_| self.differs) {
            Some(keeping) if changes.is_empty() => keeping.told(),
            Some(keeping) => format!("{changes}; {}", keeping.told()),
            None => changes,
        }
    }
}

/// Where a plan or an apply finds what is registered.
pub(super) struct Registered<'a> {
    pub(super) configured: &'a Configured,
    pub(super) ctx: &'a Running<'a>,
    pub(super) seen: &'a Seen,
    pub(super) prior_state: &'a Value,
    pub(super) private: &'a [u8],
}

impl Registered<'_> {
    /// Whether arguments are those of another family or region, which is another resource.
    pub(super) fn is_replaced_by(&self, arguments: &Value) -> bool {
        ["family", "region"].into_iter().any(|name| {
            let (before, after) = (self.prior_state.get(name), arguments.get(name));
            !before.is_null() && !after.is_null() && !after.is_unknown() && before != after
        })
    }
}

/// What arguments ask for, those of a plan or those that were planned. `live` is what a refresh saw of the state's revision.
pub(super) async fn asked(
    registered: &Registered<'_>,
    live: Option<String>,
    arguments: &Value,
) -> Result<Asked, Diagnostics> {
    let Registered { configured, ctx, prior_state, .. } = *registered;
    let (desired, diagnostics) = desired_keeping(arguments, Some(configured), &configured.policy, None);
    let plain = Asked { desired, diagnostics, keeping: None, before: None, differs: false };
    let of_state = prior_state.integer("revision").known().filter(|_| !registered.is_replaced_by(arguments));
    let (Some(of_state), true) = (of_state, is_changed(plain.desired.sha256.as_deref(), prior_state)) else {
        return Ok(plain);
    };
    let keys = match keys(arguments) {
        Some(keys) if keys.is_empty() => return Ok(plain),
        Some(keys) if configured.clients.is_ok() => keys,
        _ => return Ok(Asked { desired: plain.desired.undecided(), ..plain }),
    };
    let before = content_of(configured, ctx, live, prior_state).await;
    let before = before.ok_or_else(|| one(say::kept_values_not_read(of_state)))?;
    let keep = |keeping: Keeping| {
        let (desired, diagnostics) =
            desired_keeping(arguments, Some(configured), &configured.policy, Some(keeping.kept()));
        let differs = desired.sha256 != plain.desired.sha256;
        Asked { desired, diagnostics, keeping: Some(keeping), before: Some(before.clone()), differs }
    };
    let own = Keeping { keys: keys.clone(), revision: of_state, by: None, content: before.clone() };
    let as_it_is = keep(own);
    if !is_changed(as_it_is.desired.sha256.as_deref(), prior_state) {
        return Ok(as_it_is);
    }
    match foreign::newest(registered.private).filter(|newest| *newest != of_state) {
        Some(number) => {
            let newest = describe(registered, number).await?;
            let content = content_of_revision(&newest)?;
            let by = newest.registered_by().map(str::to_owned);
            Ok(keep(Keeping { keys, revision: number, by, content }))
        }
        None => Ok(as_it_is),
    }
}

/// The content of a revision that exists, in canonical form.
pub(super) fn content_of_revision(revision: &Revision) -> Result<Node, Diagnostics> {
    registered(revision.task_definition.clone())
        .ok_or_else(|| one(say::answer_without_containers(revision.arn.as_str())))
}

/// The keys that an argument names, in ECS's spelling; none while a part of them is not known. What is not a key of ECS is left
/// out, and is told by [`mistakes`].
pub(super) fn keys(arguments: &Value) -> Option<ContainerKeys> {
    let argument = arguments.get(ARGUMENT);
    if !argument.is_wholly_known() {
        return None;
    }
    let mut keys = ContainerKeys::default();
    for (container, written) in entries(argument) {
        for key in written.elements().iter().filter_map(Value::as_str) {
            if let Some(key) = spelled(key).filter(|key| *key != NAME) {
                keys.insert(container, key);
            }
        }
    }
    Some(keys)
}

fn entries(argument: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = match argument.undynamic() {
        Value::Map(entries) => Some(entries),
        _ => None,
    };
    entries.into_iter().flatten().map(|(container, keys)| (container.as_str(), keys))
}

/// A key as ECS spells it: case does not matter, as in container definitions.
fn spelled(key: &str) -> Option<&'static str> {
    let mut keys = container_definition().members.iter().map(|member| member.key);
    keys.find(|known| known.eq_ignore_ascii_case(key))
}

/// What is wrong with the argument, as far as it is known, all at once.
pub(super) fn mistakes(arguments: &Value, task: &Task) -> Diagnostics {
    let mut found = Diagnostics::default();
    let argument = arguments.get(ARGUMENT);
    for (container, keys) in entries(argument) {
        let keys: Vec<&str> = keys.elements().iter().filter_map(Value::as_str).collect();
        let mended = mended(&keys);
        let of_keys = keys.iter().filter_map(|key| match spelled(key) {
            Some(NAME) => Some(say::ignored_name(container, &mended)),
            Some(_) => None,
            None => Some(say::ignored_key_unknown(container, key, &mended)),
        });
        let all = container_mistake(container, &mended, task).into_iter().chain(of_keys);
        found.extend(all.map(|mistake| mistake.at(AttributePath::root(ARGUMENT).key(container))));
    }
    found
}

/// The keys that were most likely meant.
fn mended(keys: &[&str]) -> Vec<&'static str> {
    let meant = |key: &&str| spelled(key).or_else(|| container_definition().nearest(key));
    let meant: BTreeSet<_> = ordered(keys.iter().filter_map(meant).filter(|key| *key != NAME));
    meant.into_iter().collect()
}

/// What is wrong with the name of a container; nothing while the containers or one of their names are not known.
fn container_mistake(container: &str, keys: &[&str], task: &Task) -> Option<Diagnostic> {
    let users = task.users_containers();
    let (own, added) = (names(&users)?, task.added_containers());
    if own.contains(&container) {
        return None;
    }
    if names(&added)?.contains(&container) {
        return Some(say::ignored_sidecar(container));
    }
    let meant = nearest(container, own.iter().copied());
    Some(say::ignored_container_unknown(container, meant, &own, keys))
}

/// The names of containers; none while one of them is not known.
fn names(containers: &Node) -> Option<Vec<&str>> {
    let all = containers.items();
    let is_open = |container: &Node| container.is_unknown() || container.get(NAME).is_unknown();
    (!containers.is_unknown() && !all.iter().any(is_open))
        .then(|| all.iter().filter_map(|container| container.get(NAME).as_str()).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::super::document_value::object;
    use super::*;

    fn argument(entries: Vec<(&str, Value)>) -> Value {
        object([(ARGUMENT, object_of(entries))])
    }

    fn object_of(entries: Vec<(&str, Value)>) -> Value {
        entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn texts(texts: &[&str]) -> Value {
        Value::List(texts.iter().map(|text| Value::from(*text)).collect())
    }

    #[test]
    fn keys_are_read_in_the_spelling_of_ecs_and_not_while_a_part_is_unknown() {
        let of = |entries| {
            keys(&argument(entries))
                .map(|keys| keys.iter().map(|(c, k)| format!("{c} {k}")).collect::<Vec<_>>())
        };
        assert_eq!(
            of(vec![("app", texts(&["Image", "environment", "name", "imag"])), ("web", Value::Null)]),
            Some(vec!["app environment".to_owned(), "app image".to_owned()])
        );
        assert_eq!(keys(&argument(Vec::new())), Some(ContainerKeys::default()));
        assert_eq!(keys(&object([(ARGUMENT, Value::Null)])), Some(ContainerKeys::default()));
        assert_eq!(of(vec![("app", Value::List(vec![Value::UNKNOWN]))]), None);
        assert_eq!(keys(&object([(ARGUMENT, Value::UNKNOWN)])), None);
    }
}
