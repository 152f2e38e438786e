//! Planning: who moves from where to where, in which wave, and what is in the way.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostics;
use crate::framework::{PlanRequest, PlanResponse};
use crate::ordered::ordered;
use crate::rollout::{Plan, ServiceId, TaskDefinitionArn};
use crate::value::{AttributePath, Value};

use super::super::super::calling::region;
use super::super::super::diagnostics as say;
use super::super::super::provider_block::Configured;
use super::super::super::timeouts::Running;
use super::calls::{Calls, Found, Told};
use super::memory::Memory;
use super::{attributes_of, client, outcomes, request};

/// Attributes that an apply fills.
const FILLED: [&str; 4] = ["outcomes", "summary", "moves", "least_seconds"];

/// Plans a creation, an update or a destruction.
pub(super) async fn plan(
    configured: &Configured,
    running: &Running<'_>,
    request: PlanRequest,
) -> (Option<PlanResponse>, Diagnostics) {
    let PlanRequest { prior_state, proposed_new_state, config, prior_private } = request;
    let memory = Memory::of(&prior_private);
    if proposed_new_state.is_null() {
        return (Some(PlanResponse::destruction(prior_private)), Diagnostics::default());
    }
    let region = region(&config, configured, &prior_state);
    let read = request::read(&proposed_new_state, region.as_str());
    let mut diagnostics = read.diagnostics;
    let (wanted, problems) = read.request.map_or((None, Vec::new()), |request| request.plan());
    diagnostics.extend(problems.into_iter().map(request::diagnostic));
    if diagnostics.has_errors() {
        return (None, diagnostics);
    }

    let requires_replace = match (prior_state.get("region"), &region) {
        (Value::String(before), Value::String(after)) if before != after => {
            vec![AttributePath::root("region")]
        }
        _ => Vec::new(),
    };
    let moving = wanted.as_ref().map(|plan| moving(plan, &prior_state, &proposed_new_state, &memory));
    let is_same = moving.as_ref().is_some_and(BTreeSet::is_empty)
        && wanted.as_ref().is_some_and(|plan| is_complete(plan, &prior_state));
    let mut planned = attributes_of(proposed_new_state);
    for name in FILLED {
        let kept = if is_same { prior_state.get(name).clone() } else { Value::UNKNOWN };
        planned.insert(name.to_owned(), kept);
    }
    if let (Some(plan), Some(moving), false) = (&wanted, moving, is_same) {
        let starts = i64::try_from(plan.least_duration(moving.len()).as_secs()).unwrap_or(i64::MAX);
        planned.insert("least_seconds".to_owned(), Value::from(starts));
        let look = Look { configured, running, region: region.as_str(), plan, moving: &moving };
        look.look(&mut diagnostics).await;
        planned.insert("moves".to_owned(), moves(plan, &moving, &prior_state));
    }
    if diagnostics.has_errors() {
        return (None, diagnostics);
    }
    planned.insert("id".to_owned(), id(planned.get("cluster")));
    planned.insert("region".to_owned(), region);
    let planned_private = memory.to_private();
    (
        Some(PlanResponse { planned_state: Value::Map(planned), requires_replace, planned_private }),
        diagnostics,
    )
}

/// The name of the cluster.
fn id(cluster: Option<&Value>) -> Value {
    match cluster {
        Some(Value::Unknown(_)) => Value::UNKNOWN,
        Some(Value::String(cluster)) => {
            let name = ServiceId::parse("any", Some(cluster)).map(|(id, _)| id.cluster);
            Value::from(name.unwrap_or_else(|_| cluster.clone()))
        }
        _ => Value::from("default"),
    }
}

/// Keys of the services whose move is not done.
fn moving(plan: &Plan, prior_state: &Value, arguments: &Value, memory: &Memory) -> BTreeSet<String> {
    let known = outcomes::of(prior_state);
    let targets = request::targets(prior_state);
    let is_triggered = !targets.is_empty() && prior_state.get("triggers") != arguments.get("triggers");
    let wanted = plan.moves.iter().map(|(key, wanted)| (key.as_str(), wanted.target.as_deref()));
    let done = outcomes::done(&known, &targets, wanted);
    let is_left = |key: &&String| is_triggered || memory.pending.contains_key(*key) || !done.contains(*key);
    ordered(plan.moves.keys().filter(is_left).cloned())
}

/// Whether the state has an outcome for every service, in its wave, and for no other.
fn is_complete(plan: &Plan, prior_state: &Value) -> bool {
    let known = outcomes::of(prior_state);
    let waves = plan.waves.iter().enumerate();
    let planned: BTreeMap<&String, usize> =
        ordered(waves.flat_map(|(number, wave)| wave.keys.iter().map(move |key| (key, number + 1))));
    let kept: BTreeMap<&String, usize> = ordered(known.iter().map(|(key, outcome)| (key, outcome.wave)));
    planned == kept
}

/// A line for each service that moves. An apply plans again and has to come to the same, so this rests on the state alone:
/// what a service had when the state was refreshed.
fn moves(plan: &Plan, moving: &BTreeSet<String>, prior_state: &Value) -> Value {
    let known = outcomes::of(prior_state);
    let mut moves = BTreeMap::new();
    for (number, wave) in plan.waves.iter().enumerate() {
        for key in wave.keys.iter().filter(|key| moving.contains(*key)) {
            let from = known.get(key).and_then(|outcome| outcome.task_definition.as_deref());
            // What is not known yet may be anything, and the line has to stay.
            let to = plan.moves.get(key).and_then(|wanted| wanted.target.as_deref());
            let line = to.map_or(Value::UNKNOWN, |to| Value::from(line(number + 1, from, to)));
            moves.insert(key.clone(), line);
        }
    }
    Value::Map(moves)
}

/// What is said of a move.
pub(super) fn line(wave: usize, from: Option<&str>, to: &str) -> String {
    match from {
        Some(from) => format!("wave {wave}: {} -> {}", brief(from), brief(to)),
        None => format!("wave {wave}: to {}", brief(to)),
    }
}

/// Family and revision of an ARN.
fn brief(arn: &str) -> &str {
    arn.rsplit_once('/').map_or(arn, |(_, name)| name)
}

/// The look of a plan at the services that move.
struct Look<'a> {
    configured: &'a Configured,
    running: &'a Running<'a>,
    region: Option<&'a str>,
    plan: &'a Plan,
    moving: &'a BTreeSet<String>,
}

impl Look<'_> {
    /// Tells what is in the way; what keeps the plan from looking at them is a warning, because an apply looks again.
    async fn look(&self, diagnostics: &mut Diagnostics) {
        if self.region.is_none() && self.configured.region.is_unknown() || self.configured.clients.is_err() {
            let why = "the provider's AWS settings are not known yet.";
            diagnostics.push(say::services_not_looked_at(why));
            return;
        }
        let doing = "looking at the services of the rollout";
        let client = match client(self.configured, self.running, self.region, doing).await {
            Ok(client) => client,
            Err(errors) => {
                diagnostics.extend(errors.iter().cloned());
                return;
            }
        };
        let patience = self.running.patience.clone();
        let calls = Calls::new(client, patience, self.plan.clone(), self.moving.clone());
        let keys: Vec<String> = self.moving.iter().cloned().collect();
        let mut told = Told::default();
        let found = calls.find(&keys, &mut told).await;
        self.judge(&calls, &found, &mut told, diagnostics).await;
        if let Some(error) = &told.error {
            diagnostics.push(say::services_not_looked_at(&format!("{error}.")));
        }
    }

    async fn judge(
        &self,
        calls: &Calls,
        found: &BTreeMap<String, Found>,
        told: &mut Told,
        diagnostics: &mut Diagnostics,
    ) {
        let (mut missing, mut unmovable, mut older) = (Vec::new(), Vec::new(), Vec::new());
        for (key, found) in found {
            match found {
                Found::Missing => {
                    let service = self.plan.moves.get(key).map(|wanted| wanted.service.to_string());
                    missing.push((key.clone(), service.unwrap_or_default()));
                }
                Found::Error(_) => {}
                Found::There(service) => {
                    if told.error.is_none()
                        && let Some(why) = calls.obstacle(key, service, told).await
                        && told.error.is_none()
                    {
                        unmovable.push((key.clone(), why));
                    }
                    if let Some(line) = self.goes_back(key, &service.task_definition) {
                        older.push((key.clone(), line));
                    }
                }
            }
        }
        if !missing.is_empty() {
            diagnostics.push(say::services_not_there_yet(&missing));
        }
        if !unmovable.is_empty() {
            diagnostics.push(say::services_cannot_be_moved(&unmovable));
        }
        if !older.is_empty() {
            diagnostics.push(say::services_to_older_revisions(&older));
        }
    }

    /// From where to where a service would move, if that is an older revision of the family that it runs.
    fn goes_back(&self, key: &str, runs: &str) -> Option<String> {
        let target = self.plan.moves.get(key)?.target.as_deref()?;
        let (wanted, now) = (TaskDefinitionArn::parse(target)?, TaskDefinitionArn::parse(runs)?);
        wanted.is_older_than(&now).then(|| format!("{} -> {}", brief(runs), brief(target)))
    }
}
