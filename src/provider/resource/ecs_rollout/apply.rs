//! Applying: the rollout is carried out, and what came of it is written down whatever ended it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::ecs_client::Ended;
use crate::framework::{ApplyRequest, ApplyResponse, Context};
use crate::ordered::ordered;
use crate::rollout::{Ledger, Machine, Outcome, Plan, Status, summary};
use crate::value::Value;

use super::super::super::diagnostics as say;
use super::super::super::provider_block::Configured;
use super::super::super::timeouts::{Operation, Running};
use super::calls::Calls;
use super::drive::{Driven, drive};
use super::memory::Memory;
use super::plan::line;
use super::{attributes_of, client, limit, one, outcomes, request};

/// Carries out what was planned. A destruction changes nothing at AWS.
pub(super) async fn apply(
    configured: &Configured,
    ctx: &Context,
    request: ApplyRequest,
) -> (ApplyResponse, Diagnostics) {
    let ApplyRequest { prior_state, planned_state, planned_private, .. } = request;
    if planned_state.is_null() || planned_state.get("outcomes").is_wholly_known() {
        return (
            ApplyResponse { new_state: planned_state, private: planned_private },
            Diagnostics::default(),
        );
    }
    let operation = if prior_state.is_null() { Operation::Create } else { Operation::Update };
    let running = Running::begin_within(ctx, limit(&planned_state, operation));
    match move_services(configured, &running, &prior_state, planned_state, &planned_private).await {
        Ok(done) => done,
        Err(diagnostics) => (ApplyResponse { new_state: prior_state, private: planned_private }, diagnostics),
    }
}

async fn move_services(
    configured: &Configured,
    running: &Running<'_>,
    prior_state: &Value,
    planned_state: Value,
    private: &[u8],
) -> Result<(ApplyResponse, Diagnostics), Diagnostics> {
    let region = planned_state.get("region").as_str().map(str::to_owned);
    let doing = "preparing to move services";
    let client = client(configured, running, region.as_deref(), doing).await?;
    let read = request::read(&planned_state, Some(client.region()));
    let mut diagnostics = read.diagnostics;
    let (plan, problems) = read.request.map_or((None, Vec::new()), |request| request.plan());
    // Warnings were shown by the plan.
    diagnostics.extend(problems.into_iter().map(request::diagnostic));
    let Some(plan) = plan.filter(|_| !diagnostics.has_errors()) else { return Err(diagnostics) };
    let diagnostics = Diagnostics::default();

    let memory = Memory::of(private);
    let before = outcomes::of(prior_state);
    let ledger = ledger(&plan, prior_state, &planned_state, &before, &memory);
    let is_done =
        |ledger: &Ledger| !ledger.force && ledger.prior.as_ref().is_some_and(|it| it.status.is_done());
    let moving: BTreeSet<String> =
        ordered(ledger.iter().filter(|(_, ledger)| !is_done(ledger)).map(|(key, _)| key.clone()));
    let least = i64::try_from(plan.least_duration(moving.len()).as_secs()).unwrap_or(i64::MAX);
    let Some(machine) = Machine::new(&plan, ledger) else { return Err(diagnostics) };
    let moved_keys = moving.clone();
    let calls = Calls::new(Arc::clone(&client), running.patience.clone(), plan.clone(), moving);
    let driven = drive(Arc::new(calls), machine).await;

    let outcomes = driven.machine.outcomes();
    let mut state = attributes_of(planned_state);
    state.insert("region".to_owned(), Value::from(client.region()));
    // The plan says both, as far as it knew who moves where.
    let lines = moved(state.get("moves"), &plan, &moved_keys, &before, &outcomes);
    state.insert("moves".to_owned(), lines);
    if state.get("least_seconds").is_none_or(Value::is_unknown) {
        state.insert("least_seconds".to_owned(), Value::from(least));
    }
    state.insert("outcomes".to_owned(), outcomes::to_value(&outcomes));
    state.insert("summary".to_owned(), Value::from(summary(&outcomes)));
    let private = Memory::after(&outcomes).to_private();
    let diagnostics = report(&driven, &outcomes, running, &plan, diagnostics);
    Ok((ApplyResponse { new_state: Value::Map(state), private }, diagnostics))
}

/// The lines of services whose task definition the plan did not know.
fn moved(
    planned: Option<&Value>,
    plan: &Plan,
    moving: &BTreeSet<String>,
    before: &BTreeMap<String, Outcome>,
    after: &BTreeMap<String, Outcome>,
) -> Value {
    let line_of = |key: &String| {
        let from = before.get(key).and_then(|outcome| outcome.task_definition.as_deref());
        let to = plan.moves.get(key)?.target.as_deref()?;
        Some(Value::from(line(after.get(key)?.wave, from, to)))
    };
    match planned {
        Some(Value::Map(lines)) => {
            let known = |(key, value): (&String, &Value)| match value.is_unknown() {
                true => Some((key.clone(), line_of(key)?)),
                false => Some((key.clone(), value.clone())),
            };
            lines.iter().filter_map(known).collect()
        }
        _ => moving.iter().filter_map(|key| Some((key.clone(), line_of(key)?))).collect(),
    }
}

/// What is known of each service before the rollout looks at it.
fn ledger(
    plan: &Plan,
    prior_state: &Value,
    planned_state: &Value,
    before: &BTreeMap<String, Outcome>,
    memory: &Memory,
) -> BTreeMap<String, Ledger> {
    let targets = request::targets(prior_state);
    let is_triggered = !targets.is_empty() && prior_state.get("triggers") != planned_state.get("triggers");
    let entry = |key: &String| {
        let target = plan.moves.get(key).and_then(|wanted| wanted.target.as_deref());
        let mut prior = before.get(key).filter(|_| targets.get(key.as_str()).copied() == target).cloned();
        let pending = memory.pending.get(key);
        if let (Some(prior), Some(deployments)) = (&mut prior, pending) {
            prior.is_force_pending = true;
            prior.before = deployments.clone();
        }
        let force = prior.is_some() && (is_triggered || pending.is_some());
        // The refresh before the plan wrote it down, and the apply is given the same state.
        let seen_at_plan = before.get(key).and_then(|outcome| outcome.task_definition.clone());
        (key.clone(), Ledger { prior, seen_at_plan, force })
    };
    ordered(plan.moves.keys().map(entry))
}

/// What a person is told in the end.
fn report(
    driven: &Driven,
    outcomes: &BTreeMap<String, Outcome>,
    running: &Running<'_>,
    plan: &Plan,
    mut diagnostics: Diagnostics,
) -> Diagnostics {
    let sentence = summary(outcomes);
    let machine = &driven.machine;
    if let Some(ended) = driven.ended {
        let is_stop = ended == Ended::Stopped;
        diagnostics.push(say::rollout_ended(is_stop, running.time(), &sentence));
        return diagnostics;
    }
    if machine.was_refused() {
        if let Some(error) = &driven.error {
            return one(running.failed(error, "looking at the services of the rollout"));
        }
        let in_the_way = told(outcomes, |outcome| !outcome.reason.is_empty() && !outcome.status.is_done());
        diagnostics.push(say::nothing_was_moved(&in_the_way));
        return diagnostics;
    }
    let failed = told(outcomes, |outcome| {
        matches!(
            outcome.status,
            Status::Failed | Status::Unknown | Status::RolledBack | Status::RollbackFailed
        )
    });
    if machine.is_halted() {
        diagnostics.push(say::rollout_failed(machine.wave(), &sentence, &failed));
        return diagnostics;
    }
    let left = told(outcomes, |outcome| !outcome.status.is_done());
    if !left.is_empty() && plan.moves.len() == outcomes.len() {
        diagnostics.push(say::not_everybody_moved(&sentence, &left));
    }
    diagnostics
}

/// Keys of these services, each with its status and why. Those of which there is something to say come first, because a
/// diagnostic lists the first few.
fn told(outcomes: &BTreeMap<String, Outcome>, is_told: impl Fn(&Outcome) -> bool) -> Vec<(String, String)> {
    let line = |outcome: &Outcome| match outcome.reason.as_str() {
        "" => outcome.status.name().to_owned(),
        reason => format!("{}, {reason}", outcome.status.name()),
    };
    let told = outcomes.iter().filter(|(_, outcome)| is_told(outcome));
    let (without, with): (Vec<_>, Vec<_>) = told.partition(|(_, outcome)| outcome.reason.is_empty());
    with.into_iter().chain(without).map(|(key, outcome)| (key.clone(), line(outcome))).collect()
}
