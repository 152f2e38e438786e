//! Tags: a resource's own and those of the provider.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Node;
use crate::ecs_client::EcsClient;
use crate::ordered::ordered;
use crate::value::Value;

use super::super::super::diagnostics as say;
use super::super::super::provider_block::{Configured, string_map};
use super::{Running, one};

/// The resource's tags over the provider's default tags; unknown where one of them is.
pub(super) fn all(config: &Value, configured: Option<&Configured>) -> Value {
    let own = config.get("tags");
    if !own.is_wholly_known()
        || configured.is_some_and(|configured| !configured.default_tags.is_wholly_known())
    {
        return Value::UNKNOWN;
    }
    let mut all = configured.map(|configured| string_map(&configured.default_tags)).unwrap_or_default();
    all.extend(string_map(own));
    all.into_iter().map(|(key, tag)| (key, Value::from(tag))).collect()
}

/// An error where a tag is set that is not looked at: it would be set anew by every apply.
pub(super) fn set_and_ignored(all: &Value, configured: &Configured) -> Option<Diagnostic> {
    let all = string_map(all);
    let keys: Vec<&str> =
        all.keys().map(String::as_str).filter(|key| configured.ignored_tags.covers(key)).collect();
    (!keys.is_empty()).then(|| say::tags_set_and_ignored(&keys))
}

/// Brings the tags of a revision from what they are to what they are to be.
pub(super) async fn change(
    client: &EcsClient,
    ctx: &Running<'_>,
    arn: &str,
    before: &BTreeMap<String, String>,
    mut after: BTreeMap<String, String>,
) -> Result<(), Diagnostics> {
    let gone: Vec<String> = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    after.retain(|key, tag| before.get(key) != Some(tag));
    let doing = format!("changing the tags of {arn}");
    if !gone.is_empty() {
        let more = say::tags_left_to_set(after.len());
        client
            .untag_resource(arn, &gone, &ctx.patience)
            .await
            .map_err(|error| one(ctx.failed_after(&error, &doing, &more)))?;
    }
    if !after.is_empty() {
        let more = say::tags_removed_before(&gone);
        client
            .tag_resource(arn, &after, &ctx.patience)
            .await
            .map_err(|error| one(ctx.failed_after(&error, &doing, &more)))?;
    }
    Ok(())
}

/// The tags as ECS takes them; absent where there are none.
pub(super) fn to_node(tags: &Value) -> Node {
    match tags {
        Value::Unknown(_) => Node::Unknown,
        tags => {
            let list: Vec<Node> = string_map(tags)
                .into_iter()
                .map(|(key, tag)| Node::from([("key", Node::from(key)), ("value", Node::from(tag))]))
                .collect();
            if list.is_empty() { Node::Null } else { Node::Array(list) }
        }
    }
}

/// A map of tags as a value.
pub(super) fn to_value(tags: &BTreeMap<String, String>) -> Value {
    tags.iter().map(|(key, tag)| (key.clone(), Value::from(tag.as_str()))).collect()
}

/// Of the live tags those that the resource itself holds: not what `default_tags` adds, unless the resource says the
/// same. While those are not known yet, what the resource does not hold already may be one of them. Null stays null where
/// nothing is left, as the configuration that has no tags is null; so does a tag whose value is null, which is none.
pub(super) fn own(live: &BTreeMap<String, String>, before: &Value, configured: &Configured) -> Value {
    let defaults = string_map(&configured.default_tags);
    let are_known = configured.default_tags.is_wholly_known();
    let kept = string_map(before);
    let own: BTreeMap<String, String> = ordered(
        live.iter()
            .filter(|(key, tag)| kept.contains_key(*key) || (are_known && defaults.get(*key) != Some(tag)))
            .map(|(key, tag)| (key.clone(), tag.clone())),
    );
    if own.is_empty() && before.is_null() {
        return Value::Null;
    }
    let Value::Map(mut tags) = to_value(&own) else { unreachable!("tags are a map") };
    if let Value::Map(written) = before.undynamic() {
        for (key, _) in written.iter().filter(|(_, tag)| tag.is_null()) {
            tags.entry(key.clone()).or_insert(Value::Null);
        }
    }
    Value::Map(tags)
}
