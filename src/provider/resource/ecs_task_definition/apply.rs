//! Applying: registering a revision, changing tags, deregistering.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Node;
use crate::ecs::Arn;
use crate::ecs_client::{EcsClient, EcsError, ErrorKind, RevisionArn};
use crate::framework::{ApplyRequest, ApplyResponse};
use crate::rules::Severity;
use crate::value::{AttributePath, Value};

use super::super::super::diagnostics as say;
use super::super::super::provider_block::{Configured, string_map};
use super::before::{Seen, content_of};
use super::foreign::{self, OnForeign};
use super::owned::Owned;
use super::read::in_its_account;
use super::registration::{Registered, Registration, Watch};
use super::retention::{self, Retention, Retiring};
use super::{Desired, Running, attributes_of, client, ignored, one, plan, tags};

/// Creates, updates or destroys.
pub(super) async fn apply(
    configured: &Configured,
    ctx: &Running<'_>,
    seen: &Seen,
    request: ApplyRequest,
) -> (ApplyResponse, Diagnostics) {
    // Not the configuration, which holds what was to be ignored.
    let ApplyRequest { prior_state, planned_state, planned_private, .. } = request;
    let before = prior_state.clone();
    let mut owned = Owned::of(&planned_private, prior_state.integer("revision").known());
    let result = if planned_state.is_null() {
        destroy(configured, ctx, &prior_state, &mut owned).await
    } else {
        let here = ignored::Registered {
            configured,
            ctx,
            seen,
            prior_state: &prior_state,
            private: &planned_private,
        };
        create_or_update(&here, planned_state, &mut owned).await
    };
    // What is registered now is the newest revision; where nothing was, that is still the one of the plan. One that is followed
    // and is in the state after an apply is no surprise any more.
    let foreign = foreign::newest(&planned_private);
    let private_beside =
        |state: &Value, foreign| foreign::noted(owned.to_private(state.integer("revision").known()), foreign);
    match result {
        Ok((new_state, diagnostics)) => {
            let now = new_state.get("revision");
            let is_on_top = |foreign: &i64| now == before.get("revision") && *now != Value::from(*foreign);
            let private = private_beside(&new_state, foreign.filter(is_on_top));
            (ApplyResponse { new_state, private }, diagnostics)
        }
        Err(diagnostics) => {
            let private = private_beside(&before, foreign);
            (ApplyResponse { new_state: before, private }, diagnostics)
        }
    }
}

type Outcome = Result<(Value, Diagnostics), Diagnostics>;

async fn create_or_update(
    here: &ignored::Registered<'_>,
    planned_state: Value,
    owned: &mut Owned,
) -> Outcome {
    let ignored::Registered { configured, ctx, prior_state, private, .. } = *here;
    let asked = ignored::asked(here, None, &planned_state).await?;
    let (desired, mut diagnostics) = (&asked.desired, asked.diagnostics.clone());
    let family = planned_state.get("family").as_str().unwrap_or_default().to_owned();
    let planned_sha256 = planned_state.get("sha256").as_str();
    let is_changed = plan::is_changed(planned_sha256.or(desired.sha256.as_deref()), prior_state);
    if is_changed {
        // Warnings were shown by the plan; what was not known then and is wrong now stops here, before ECS is asked.
        diagnostics.extend(desired.task.report(Severity::Error));
        diagnostics.extend(foreign::stops(here, &planned_state, &asked).await?);
    }
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    if is_changed && planned_sha256.is_some_and(|planned| desired.sha256.as_deref() != Some(planned)) {
        return Err(one(say::not_as_planned(&family)));
    }
    let region = planned_state.get("region").as_str().map(str::to_owned);
    let client =
        client(configured, ctx, region.as_deref(), &format!("preparing to register {family}")).await?;
    let all_tags = tags::all(&planned_state, Some(configured));
    let judged_anew = plan::is_judged_anew(&planned_state, prior_state, &all_tags);

    let adopts = planned_state.bool("adopt").known() != Some(false);
    let watch = prior_state.integer("revision").known().map(|of_state| Watch {
        of_state,
        planned: foreign::newest(private),
        on: OnForeign::of(&planned_state),
    });
    let mut state = attributes_of(planned_state);
    if is_changed {
        let registered = register(&client, ctx, desired, &all_tags, adopts, owned, watch).await?;
        diagnostics.extend(registered.told);
        let arn = registered.arn;
        if registered.is_own {
            owned.insert(arn.revision());
        }
        let retention = Retention::of(&Value::Map(state.clone()));
        let retiring = Retiring { client: &client, ctx, current: &arn, owned };
        let (kept, told) = retiring.carry_out(retention).await;
        diagnostics.extend(told);
        state.insert("kept_revisions".to_owned(), kept_revisions(retention, &kept));
        state.insert("arn_without_revision".to_owned(), Value::from(arn.without_revision()));
        state.insert("revision".to_owned(), Value::from(arn.revision()));
        state.insert("arn".to_owned(), Value::from(arn.as_str()));
        state.insert("sha256".to_owned(), desired.sha256.clone().into());
        state.insert("findings".to_owned(), as_planned(&state, "findings", desired.task.short_findings()));
        state.insert("verdicts".to_owned(), desired.task.verdicts());
        if !state.get("change_summary").is_some_and(Value::is_wholly_known) {
            let before = match &asked.before {
                Some(before) => Some(before.clone()),
                None => content_of(configured, ctx, None, prior_state).await,
            };
            let summary = plan::change_summary(prior_state, before.as_ref(), &desired.content);
            let summary = summary.map(|changes| asked.summary(changes));
            let summary =
                summary.unwrap_or_else(|| "not known: what was registered could not be read".to_owned());
            state.insert("change_summary".to_owned(), Value::from(summary));
        }
    } else {
        // What looked like a change while a value was unknown turned out to be none: the revision stays.
        let [findings, verdicts] =
            [("findings", desired.task.short_findings()), ("verdicts", desired.task.verdicts())].map(
                |(name, now)| {
                    as_planned(&state, name, if judged_anew { now } else { prior_state.get(name).clone() })
                },
            );
        for name in plan::OF_A_REVISION {
            state.insert(name.to_owned(), prior_state.get(name).clone());
        }
        state.insert("findings".to_owned(), findings);
        state.insert("verdicts".to_owned(), verdicts);
        if let Some(arn) = prior_state.get("arn").as_str() {
            let (before, after) = (string_map(prior_state.get("tags_all")), string_map(&all_tags));
            tags::change(&client, ctx, arn, &before, after).await?;
        }
    }
    state.insert("json".to_owned(), plan::kept_json(&state, desired));
    state.insert("id".to_owned(), Value::from(family));
    state.insert("region".to_owned(), Value::from(client.region().to_owned()));
    state.insert("tags_all".to_owned(), all_tags);
    Ok((Value::Map(state), diagnostics))
}

/// What was kept because it is in use, where a number of revisions is kept at all.
fn kept_revisions(retention: Retention, kept: &BTreeMap<i64, String>) -> Value {
    match retention.keep {
        Some(_) => {
            kept.iter().map(|(number, user)| (number.to_string(), Value::from(user.as_str()))).collect()
        }
        None => Value::Null,
    }
}

/// What was planned for an attribute, although a day may have passed since; what is so now where the plan left it open.
fn as_planned(planned: &BTreeMap<String, Value>, name: &str, now: Value) -> Value {
    match planned.get(name) {
        Some(planned) if planned.is_wholly_known() && !planned.is_null() => planned.clone(),
        _ => now,
    }
}

async fn register(
    client: &EcsClient,
    ctx: &Running<'_>,
    desired: &Desired,
    all_tags: &Value,
    adopts: bool,
    owned: &Owned,
    watch: Option<Watch>,
) -> Result<Registered, Diagnostics> {
    let family = desired.content.get("family").as_str().unwrap_or_default();
    let Node::Object(mut members) = desired.task.document.clone() else {
        return Err(one(say::not_wholly_known(family)));
    };
    members.insert("tags".to_owned(), tags::to_node(all_tags));
    let body = without_nulls(Node::Object(members));
    if !body.is_wholly_known() {
        return Err(one(say::not_wholly_known(family)));
    }
    let registration = Registration {
        client,
        ctx,
        family,
        body,
        content: &desired.content,
        tags: string_map(all_tags),
        adopts,
        owned,
        watch,
    };
    registration.carry_out().await
}

/// The document as it is sent: null means absent, and the API's protocol has no word for it.
fn without_nulls(node: Node) -> Node {
    match node {
        Node::Object(members) => members
            .into_iter()
            .filter(|(_, node)| !node.is_null())
            .map(|(key, node)| (key, without_nulls(node)))
            .collect(),
        Node::Array(items) => Node::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// What ECS rejects is nearly always in the containers, and it says so of a role.
pub(super) fn rejection(error: &EcsError, family: &str, region: &str, document: &Node) -> Diagnostic {
    let diagnostic = say::aws_registration(error, family, region);
    match error.kind {
        ErrorKind::Rejected => diagnostic.at(AttributePath::root("container_definitions")),
        ErrorKind::RoleNotValid => diagnostic.at(AttributePath::root(role_argument(document))),
        _ => diagnostic,
    }
}

/// The argument of the role that is not valid: ECS does not say which it means. Of two it is the one that is no ARN of a role.
fn role_argument(document: &Node) -> &'static str {
    let role = |key: &str| document.get(key).as_str().filter(|role| !role.is_empty());
    // The name of a role alone is accepted as well.
    let is_wrong = |role: &str| match Arn::parse(role) {
        Some(arn) => arn.service != "iam" || !arn.resource.starts_with("role/"),
        None => role.contains(':'),
    };
    match (role("executionRoleArn"), role("taskRoleArn")) {
        (None, Some(_)) => "task_role_arn",
        (Some(execution), Some(task)) if is_wrong(task) && !is_wrong(execution) => "task_role_arn",
        _ => "execution_role_arn",
    }
}

/// Deregisters every revision that this resource registered, the oldest first: whatever breaks off, the newest one stays the
/// newest, which is what Security Hub looks at.
async fn destroy(
    configured: &Configured,
    ctx: &Running<'_>,
    prior_state: &Value,
    owned: &mut Owned,
) -> Outcome {
    let keep = prior_state.bool("skip_destroy").known() == Some(true)
        || prior_state.bool("deregister_on_destroy").known() == Some(false);
    let Some(arn) = prior_state.get("arn").as_str().and_then(RevisionArn::parse).filter(|_| !keep) else {
        return Ok((Value::Null, Diagnostics::default()));
    };
    let mut diagnostics = Diagnostics::default();
    if !owned.contains(arn.revision()) {
        diagnostics.push(say::left_active(arn.as_str()));
    }
    let doing = format!("deregistering {}", arn.as_str());
    let client = client(configured, ctx, prior_state.get("region").as_str(), &doing).await?;
    let Retention { deletes, .. } = Retention::of(prior_state);
    let numbers = owned.oldest_first();
    for (at, &number) in numbers.iter().enumerate() {
        if deletes && at > 0 && at + 1 == numbers.len() {
            // As long as the newest one is active, a destruction that breaks off is gone on with. What fails here is tried again
            // below.
            let _ = retention::delete(&client, ctx, &arn, owned).await;
        }
        let text = format!("{}:{number}", arn.without_revision());
        let doing = format!("deregistering {text}");
        match client.deregister_task_definition(&text, &ctx.patience).await {
            Ok(_) => owned.retire(number, deletes),
            Err(error) if error.kind == ErrorKind::NotFound => {
                in_its_account(configured, ctx, &arn).await?;
                owned.remove(number);
            }
            Err(error) if error.is_being_deleted() => owned.remove(number),
            Err(error) => {
                let so_far = say::deregistered_so_far(&numbers[..at], &numbers[at + 1..]);
                return Err(one(ctx.failed_after(&error, &doing, &so_far)));
            }
        }
    }
    if deletes {
        // What is deregistered is destroyed: a refresh would take it for gone, so that nobody comes back to delete it.
        let doing = format!("deleting the revisions of {}", arn.family());
        let failed = match retention::delete(&client, ctx, &arn, owned).await {
            Ok(refused) => refused,
            Err(error) => Some(ctx.failed(&error, &doing)),
        };
        diagnostics.extend(
            failed.map(|failed| {
                say::left_undeleted(&failed, arn.family(), &owned.to_delete(), client.region())
            }),
        );
    }
    Ok((Value::Null, diagnostics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_is_not_valid_is_placed_at_its_argument() {
        let (good, bad) = ("arn:aws:iam::123456789012:role/run", "arn:aws:iam::123456789012:user/run");
        for (execution, task, place) in [
            (good, "", "execution_role_arn"),
            ("", good, "task_role_arn"),
            (good, bad, "task_role_arn"),
            (bad, good, "execution_role_arn"),
            (good, good, "execution_role_arn"),
            (bad, "run", "execution_role_arn"),
            ("run", bad, "task_role_arn"),
            (good, "aws:iam::123456789012:role/run", "task_role_arn"),
            (good, "arn:aws:sts::123456789012:role/run", "task_role_arn"),
            (good, "arn:aws:iam::123456789012:user/a:role/b", "task_role_arn"),
        ] {
            let document =
                Node::from([("executionRoleArn", Node::from(execution)), ("taskRoleArn", Node::from(task))]);
            assert_eq!(role_argument(&document), place, "{execution} {task}");
        }
    }
}
