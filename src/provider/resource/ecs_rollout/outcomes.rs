//! Outcomes as the state has them.

use std::collections::{BTreeMap, BTreeSet};

use crate::ordered::ordered;
use crate::rollout::{Outcome, Status};
use crate::value::Value;

/// The outcomes of a state.
pub(super) fn of(state: &Value) -> BTreeMap<String, Outcome> {
    let Value::Map(outcomes) = state.get("outcomes") else { return BTreeMap::new() };
    ordered(outcomes.iter().filter_map(|(key, value)| Some((key.clone(), one_of(value)?))))
}

fn one_of(value: &Value) -> Option<Outcome> {
    let text = |name: &str| value.get(name).as_str().map(str::to_owned);
    Some(Outcome {
        status: Status::parse(value.get("status").as_str()?)?,
        task_definition: text("task_definition"),
        previous: text("previous"),
        deployment: text("deployment"),
        reason: text("reason").unwrap_or_default(),
        wave: value.integer("wave").known().and_then(|wave| usize::try_from(wave).ok()).unwrap_or_default(),
        is_force_pending: false,
        before: BTreeSet::new(),
    })
}

/// The same as a value.
pub(super) fn to_value(outcomes: &BTreeMap<String, Outcome>) -> Value {
    outcomes.iter().map(|(key, outcome)| (key.clone(), one_to_value(outcome))).collect()
}

fn one_to_value(outcome: &Outcome) -> Value {
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    let members = [
        ("status", Value::from(outcome.status.name())),
        ("task_definition", text(&outcome.task_definition)),
        ("previous", text(&outcome.previous)),
        ("deployment", text(&outcome.deployment)),
        ("reason", Value::from(outcome.reason.as_str())),
        ("wave", Value::from(i64::try_from(outcome.wave).unwrap_or_default())),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Keys whose move to the ARN in `services` is done.
pub(super) fn done<'a>(
    outcomes: &BTreeMap<String, Outcome>,
    before: &BTreeMap<&str, &str>,
    wanted: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> BTreeSet<String> {
    let is_done = |key: &str, arn: Option<&str>| {
        let outcome = outcomes.get(key);
        arn.is_some() && arn == before.get(key).copied() && outcome.is_some_and(|it| it.status.is_done())
    };
    ordered(wanted.filter(|(key, arn)| is_done(key, *arn)).map(|(key, _)| key.to_owned()))
}
