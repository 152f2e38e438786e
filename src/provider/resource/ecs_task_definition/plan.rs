//! Planning: what changes, and whether it makes a new revision.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::document::Node;
use crate::ecs;
use crate::framework::{PlanRequest, PlanResponse};
use crate::value::{AttributePath, Value};

use super::super::super::calling::{region, settings_that_cannot_be_used};
use super::super::super::provider_block::Configured;
use super::super::super::timeouts::TIMEOUTS;
use super::before::{Seen, content_of};
use super::ignored::{self, Keeping, Registered};
use super::{Desired, Running, arguments, attributes_of, desired_keeping, foreign, presets, tags};

/// Attributes that only a new revision changes.
pub(super) const OF_A_REVISION: [&str; 9] = [
    "arn",
    "arn_without_revision",
    "revision",
    "json",
    "sha256",
    "findings",
    "verdicts",
    "change_summary",
    "kept_revisions",
];

/// Arguments in another place than the content: a change of one makes no revision.
const BESIDE_THE_CONTENT: [&str; 12] = [
    "adopt",
    "delete_revisions",
    "keep_json",
    "keep_revisions",
    "tags",
    "track_latest",
    "skip_destroy",
    "deregister_on_destroy",
    "region",
    TIMEOUTS,
    foreign::ARGUMENT,
    ignored::ARGUMENT,
];

/// Plans a creation, an update or a destruction.
pub(super) async fn plan(
    configured: &Configured,
    ctx: &Running<'_>,
    seen: &Seen,
    request: PlanRequest,
) -> (Option<PlanResponse>, Diagnostics) {
    let PlanRequest { prior_state, proposed_new_state, config, prior_private } = request;
    let live = seen.take(&prior_state);
    if proposed_new_state.is_null() {
        return (Some(PlanResponse::destruction(prior_private)), Diagnostics::default());
    }
    let proposed_new_state = presets::settle(proposed_new_state, &config, &prior_state);
    let registered = Registered { configured, ctx, seen, prior_state: &prior_state, private: &prior_private };
    let newly_told = foreign::newly_told(&registered, &proposed_new_state, live.as_deref());
    let asked = match ignored::asked(&registered, live.clone(), &proposed_new_state).await {
        Ok(asked) => asked,
        Err(diagnostics) => return (None, diagnostics),
    };
    let desired = &asked.desired;
    let mut diagnostics = asked.diagnostics.clone();
    let is_changed = is_changed(desired.sha256.as_deref(), &prior_state);
    diagnostics.extend(match is_changed {
        true => desired.task.report_registration(),
        false => desired.task.report_registered(),
    });
    let stops = match is_changed {
        true => foreign::stops(&registered, &proposed_new_state, &asked).await,
        false => Ok(None),
    };
    match stops {
        Ok(Some(stops)) => diagnostics.push(stops),
        Ok(None) => diagnostics.extend(newly_told),
        Err(more) => diagnostics.extend(more),
    }
    let all_tags = tags::all(&proposed_new_state, Some(configured));
    diagnostics.extend(tags::set_and_ignored(&all_tags, configured));
    diagnostics.extend(settings_that_cannot_be_used(configured, "planning a task definition").await);
    if diagnostics.has_errors() {
        return (None, diagnostics);
    }

    let policy_is_known = proposed_new_state.get("policy").is_wholly_known();
    let judged_anew = is_judged_anew(&proposed_new_state, &prior_state, &all_tags);
    let mut planned = attributes_of(proposed_new_state);
    if is_changed {
        plan_revision(&mut planned, desired, &prior_state);
        if desired.sha256.is_some() {
            let before = match &asked.before {
                Some(before) => Some(before.clone()),
                None => content_of(configured, ctx, live, &prior_state).await,
            };
            let summary = change_summary(&prior_state, before.as_ref(), &desired.content);
            let summary = summary.map(|changes| asked.summary(changes));
            planned.insert("change_summary".to_owned(), summary.map_or(Value::UNKNOWN, Value::from));
        }
    } else {
        planned = in_the_spelling_of(&prior_state, planned, &config, configured, asked.keeping.as_ref());
        for name in OF_A_REVISION {
            planned.insert(name.to_owned(), prior_state.get(name).clone());
        }
        if !policy_is_known {
            // It may turn out to be the policy that was there, and then nothing is judged anew.
            planned.insert("findings".to_owned(), Value::UNKNOWN);
            planned.insert("verdicts".to_owned(), Value::UNKNOWN);
        } else if judged_anew {
            plan_judgement(&mut planned, desired, is_changed);
        }
    }
    planned.insert("json".to_owned(), kept_json(&planned, desired));
    planned.insert("id".to_owned(), planned.get("family").cloned().unwrap_or_default());
    planned.insert("region".to_owned(), region(&config, configured, &prior_state));
    planned.insert("tags_all".to_owned(), all_tags);

    let requires_replace = ["family", "region"]
        .into_iter()
        .filter(|name| {
            let before = prior_state.get(name);
            !before.is_null() && planned.get(*name).is_some_and(|after| after != before)
        })
        .map(AttributePath::root)
        .collect();
    let response =
        PlanResponse { planned_state: Value::Map(planned), requires_replace, planned_private: prior_private };
    (Some(response), diagnostics)
}

/// Whether a new revision is due: the hash of the canonical form differs, or is not known yet.
pub(super) fn is_changed(sha256: Option<&str>, prior_state: &Value) -> bool {
    match (sha256, prior_state.get("sha256").as_str()) {
        (Some(after), Some(before)) => after != before,
        _ => true,
    }
}

/// What a new revision will be, as far as it can be told now.
fn plan_revision(planned: &mut BTreeMap<String, Value>, desired: &Desired, prior_state: &Value) {
    for name in OF_A_REVISION {
        planned.insert(name.to_owned(), Value::UNKNOWN);
    }
    if planned.get("keep_revisions").is_none_or(Value::is_null) {
        planned.insert("kept_revisions".to_owned(), Value::Null);
    }
    // The family's ARN outlives its revisions; another family or region is another resource, planned from nothing.
    let family_arn = prior_state.get("arn_without_revision");
    if !family_arn.is_null() {
        planned.insert("arn_without_revision".to_owned(), family_arn.clone());
    }
    if let Some(sha256) = &desired.sha256 {
        planned.insert("sha256".to_owned(), Value::from(sha256.as_str()));
        plan_judgement(planned, desired, true);
    }
}

/// What the rules say of it, as far as that can be told now: tags are judged too, although they make no revision. Between
/// the plan and its apply a part of the policy may get known and a waiver may end, and Terraform takes no other findings
/// then than those that were planned. A waived error that has become one by then stops the apply, if it registers.
fn plan_judgement(planned: &mut BTreeMap<String, Value>, desired: &Desired, registers: bool) {
    let task = &desired.task;
    let is_known = task.document.is_wholly_known();
    let lasts = task.policed.is_settled() && (registers || !task.policed.has_waived());
    let findings = if is_known && lasts { task.short_findings() } else { Value::UNKNOWN };
    planned.insert("findings".to_owned(), findings);
    planned.insert("verdicts".to_owned(), if is_known { task.verdicts() } else { Value::UNKNOWN });
}

/// Whether an update without a new revision brings findings and verdicts up to date: its tags or its own policy are other
/// than the state's, or not known yet.
pub(super) fn is_judged_anew(arguments: &Value, prior_state: &Value, all_tags: &Value) -> bool {
    all_tags != prior_state.get("tags_all") || arguments.get("policy") != prior_state.get("policy")
}

/// What the difference between the registered and the desired content is, in words; none where nobody can tell what is
/// registered.
pub(super) fn change_summary(prior_state: &Value, before: Option<&Node>, content: &Node) -> Option<String> {
    match before {
        Some(before) => {
            let differences = ecs::differences(before, content);
            Some(differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        None if !prior_state.get("arn").is_null() => None,
        None => Some(format!("new family {}", content.get("family").as_str().unwrap_or_default())),
    }
}

/// The registered document, where the arguments say that it is kept.
pub(super) fn kept_json(arguments: &BTreeMap<String, Value>, desired: &Desired) -> Value {
    match arguments.get("keep_json") {
        Some(Value::Bool(true)) => desired.json.clone().map_or(Value::UNKNOWN, Value::from),
        Some(Value::Unknown(_)) => Value::UNKNOWN,
        _ => Value::Null,
    }
}

/// Equal meaning is not a change: an argument that is spelled differently from the state keeps the state's spelling. Unless
/// the spellings mean something else together: containers that an import found have sidecars in them, which a configuration
/// asks for in a block.
fn in_the_spelling_of(
    prior_state: &Value,
    planned: BTreeMap<String, Value>,
    config: &Value,
    configured: &Configured,
    keeping: Option<&Keeping>,
) -> BTreeMap<String, Value> {
    let mut kept = planned.clone();
    keep_spelling(&mut kept, prior_state, config);
    if kept == planned {
        return planned;
    }
    let kept = Value::Map(kept);
    let (desired, _) =
        desired_keeping(&kept, Some(configured), &configured.policy, keeping.map(Keeping::kept));
    match is_changed(desired.sha256.as_deref(), prior_state) {
        true => planned,
        false => attributes_of(kept),
    }
}

/// The core lets a provider keep what was there only where both sides say something.
fn keep_spelling(planned: &mut BTreeMap<String, Value>, prior_state: &Value, config: &Value) {
    for (name, value) in planned.iter_mut() {
        let (before, written) = (prior_state.get(name), config.get(name));
        if BESIDE_THE_CONTENT.contains(&name.as_str()) || before.is_null() || written.is_null() {
            continue;
        }
        if !is_block(before) && !is_block(value) {
            *value = before.clone();
        } else if arguments::is_a_single_block(name)
            && let (Value::List(blocks), [before], [written]) = (value, before.elements(), written.elements())
            && let [Value::Map(inner)] = blocks.as_mut_slice()
        {
            keep_spelling(inner, before, written);
        }
    }
}

/// Blocks have to be planned as they are written, so only attributes can keep their spelling, those of a block in a list
/// too; those of a set the core compares with nothing that was there. Blocks that are not written are an empty list. A list
/// of objects in place of a dynamic value is no block: container definitions written in HCL are one.
fn is_block(value: &Value) -> bool {
    matches!(value, Value::List(elements) if matches!(elements.first(), None | Some(Value::Map(_))))
}
