//! What holds for whatever fleet, outcome and interruption.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{DeploymentStatus, Ledger, Move, OnFailure, Outcome, Plan, ServiceId, Status, Wave};
use super::fleet::{By, Fate, Fleet};
use super::moves::arn;
use super::run::{Call, Foreign, Ran, World};

const START: Duration = Duration::from_secs(1_000_000);

/// How a process ends before the rollout does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It says how far it came.
    Stopped,
    /// Nothing is kept of what it knew.
    Killed,
}

#[derive(Debug, Clone)]
struct Case {
    plan: Plan,
    world: World,
    force: bool,
    interruptions: Vec<(usize, End)>,
}

fn name(number: usize) -> String {
    format!("s{number}")
}

fn fates() -> impl Strategy<Value = Vec<(Fate, Duration)>> {
    let fate = prop_oneof![4 => Just(Fate::Success), 1 => Just(Fate::RolledBack), 1 => Just(Fate::Stopped)];
    vec((fate, (0..200_u64).prop_map(Duration::from_secs)), 1..4)
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        4 => Just(Call::Works),
        1 => Just(Call::Refused),
        1 => Just(Call::NotSent),
        1 => Just(Call::LostBefore),
        1 => Just(Call::LostAfter),
    ];
    vec(call, 0..8)
}

fn on_failure() -> impl Strategy<Value = OnFailure> {
    prop_oneof![Just(OnFailure::Stop), Just(OnFailure::Rollback), Just(OnFailure::Continue)]
}

prop_compose! {
    fn plans()(
        waves in vec(1..4_usize, 1..4),
        bake_times in vec(0..150_u64, 4),
        max_concurrent in 1..5_usize,
        max_failures in 0..3_usize,
        on_failure in on_failure(),
    ) -> Plan {
        let mut count = 0;
        let mut take = |size: usize| {
            let keys = (count..count + size).map(name).collect::<Vec<_>>();
            count += size;
            keys
        };
        let waves: Vec<Wave> = waves
            .into_iter()
            .zip(bake_times)
            .map(|(size, bake)| Wave { keys: take(size), bake_time: Duration::from_secs(bake) })
            .collect();
        let service = |key: &String| ServiceId { cluster: "prod".to_owned(), service: key.clone() };
        let moves = waves.iter().flat_map(|wave| &wave.keys).map(|key| {
            (key.clone(), Move { service: service(key), target: Some(arn(5)) })
        });
        Plan { moves: moves.collect(), waves, max_concurrent, max_failures, on_failure }
    }
}

prop_compose! {
    fn cases()(
        plan in plans(),
        fates in vec(fates(), 12),
        calls in calls(),
        latencies in vec(0..6_u64, 0..5),
        lag in 0..20_u64,
        foreign in prop_oneof![Just(Vec::new()), vec((0..600_u64, 0..12_usize, 1..9_u64), 1..5)],
        is_there in vec(prop::bool::weighted(0.15), 12),
        force in prop::bool::weighted(0.2),
        interruptions in vec((0..120_usize, prop_oneof![Just(End::Stopped), Just(End::Killed)]), 0..4),
    ) -> Case {
        let mut fleet = Fleet::default();
        for ((number, fates), is_there) in (0..plan.moves.len()).zip(fates).zip(is_there) {
            fleet.add(&name(number), &arn(if is_there { 5 } else { 1 }), fates);
        }
        // A look that lags, or is answered late, cannot show what somebody else began in the meantime.
        let (lag, latencies) = if foreign.is_empty() { (lag, latencies) } else { (0, Vec::new()) };
        fleet.lag = Duration::from_secs(lag);
        let foreign = foreign.into_iter().map(|(after, number, revision)| Foreign {
            at: START + Duration::from_secs(after),
            key: name(number % plan.moves.len()),
            to: arn(revision),
        });
        // What a killed apply forced is not known to the next one.
        let interruptions = interruptions.into_iter().filter(|(_, end)| !force || *end == End::Stopped);
        let foreign = foreign.collect();
        let interruptions = interruptions.collect();
        let world = World { fleet, now: START, calls, latencies, foreign, ..World::default() };
        Case { plan, world, force, interruptions }
    }
}

/// What the next process knows from what the last one saved.
fn ledger(case: &Case, saved: &BTreeMap<String, Outcome>, world: &World) -> BTreeMap<String, Ledger> {
    let entry = |key: &String| {
        let prior = saved.get(key).cloned();
        let force = prior.as_ref().map_or(case.force, |prior| prior.is_force_pending);
        let seen_at_plan = Some(world.fleet.services[key].task_definition.clone());
        (key.clone(), Ledger { prior, seen_at_plan, force })
    };
    case.plan.moves.keys().map(entry).collect()
}

/// Runs a case to its end and checks every process.
fn run(case: &Case) -> (World, Ran) {
    let mut world = case.world.clone();
    let mut saved = BTreeMap::new();
    for (steps, end) in &case.interruptions {
        let begun = world.now;
        let ran = world.run(&case.plan, ledger(case, &saved, &world), *steps);
        check(case, &world, &ran, begun);
        if *end == End::Stopped {
            saved = ran.outcomes();
        }
        // Whoever was under way when the process ended may be anywhere by now.
        world.now += Duration::from_secs(30);
    }
    let begun = world.now;
    let ran = world.run(&case.plan, ledger(case, &saved, &world), usize::MAX);
    check(case, &world, &ran, begun);
    (world, ran)
}

fn check(case: &Case, world: &World, ran: &Ran, begun: Duration) {
    started_once(case, world, begun);
    waves_bake(case, world, ran);
    if ran.is_over {
        only_the_failed_wave_goes_back(case, world, ran, begun);
    }
}

/// One process starts one deployment of a service at most, and none after one that was successful.
fn started_once(case: &Case, world: &World, begun: Duration) {
    for (key, kept) in &world.fleet.services {
        let target = case.plan.target(key);
        let forward = || kept.by_rollout().filter(|one| one.shown.target.as_ref() == Some(&target));
        assert!(
            forward().filter(|one| one.shown.created_at >= begun).count() <= 1,
            "{key} was started twice"
        );
        let was_left_alone = kept.deployments.len() == kept.by_rollout().count();
        let went_well = forward().rev().skip(1).any(|one| one.shown.status == DeploymentStatus::Successful);
        let went_back = kept.by_rollout().any(|one| one.shown.target.as_ref() != Some(&target));
        assert!(!(was_left_alone && went_well && !went_back), "{key} was started after its success");
    }
}

/// Nothing is started before all of the waves before it has ended and baked.
fn waves_bake(case: &Case, world: &World, ran: &Ran) {
    let number_of = |key: &String| case.plan.waves.iter().position(|wave| wave.keys.contains(key));
    for (at, key, to) in ran.calls.iter().filter(|(_, key, to)| *to == case.plan.target(key)) {
        for wave in &case.plan.waves[..number_of(key).unwrap()] {
            let of_wave = wave.keys.iter().map(|key| &world.fleet.services[key]);
            for (kept, one) in of_wave.flat_map(|kept| kept.by_rollout().map(move |one| (kept, one))) {
                if one.shown.created_at > *at || one.shown.target.as_ref() != Some(to) {
                    continue;
                }
                let ended = one.shown.finished_at.unwrap_or(Duration::MAX);
                // Nothing is left to bake of what somebody else replaced.
                let is_replaced = kept
                    .deployments
                    .iter()
                    .any(|other| other.by == By::Somebody && (ended..=*at).contains(&other.shown.created_at));
                let bakes = one.shown.status == DeploymentStatus::Successful && !is_replaced;
                let bake = if bakes { wave.bake_time } else { Duration::ZERO };
                assert!(
                    ended.saturating_add(bake) <= *at,
                    "{key} was started at {at:?} before {}",
                    one.shown.id
                );
            }
        }
    }
}

/// A rollback is one of exactly the failed wave.
fn only_the_failed_wave_goes_back(case: &Case, world: &World, ran: &Ran, begun: Duration) {
    let failed = &case.plan.waves[ran.machine.wave() - 1].keys;
    let is_rolled_back = ran.machine.is_halted() && case.plan.on_failure == OnFailure::Rollback;
    let back: BTreeSet<&String> =
        ran.calls.iter().filter(|(_, key, to)| *to != case.plan.target(key)).map(|(_, key, _)| key).collect();
    assert!(back.iter().all(|key| is_rolled_back && failed.contains(key)), "{back:?} went back");
    if !is_rolled_back {
        return;
    }
    for key in failed {
        let kept = &world.fleet.services[key];
        let was_moved = kept.by_rollout().any(|one| one.shown.created_at >= begun);
        let has_it = kept.task_definition == case.plan.target(key);
        let outcome = ran.outcomes()[key].clone();
        // Somebody's deployment that failed brings back what it replaced, after the rollout had left it alone.
        let is_left_alone = kept.deployments.iter().all(|one| one.by == By::Rollout);
        let is_told = matches!(outcome.status, Status::RollbackFailed | Status::Unknown);
        assert!(!was_moved || !has_it || is_told || !is_left_alone, "{key} stayed: {outcome:?}");
    }
}

/// Every service is where the plan said, or it is said why not.
fn none_is_forgotten(case: &Case, world: &World, ran: &Ran) {
    assert!(ran.is_over);
    let is_alone = case.world.foreign.is_empty();
    for (key, outcome) in ran.outcomes() {
        let kept = &world.fleet.services[&key];
        let has_it = kept.task_definition == case.plan.target(&key);
        match outcome.status {
            Status::Succeeded | Status::Unchanged => assert!(has_it || !is_alone, "{key}: {outcome:?}"),
            Status::RolledBack => assert!(!has_it || !is_alone, "{key}: {outcome:?}"),
            Status::NotStarted | Status::Baking | Status::Waiting => {
                assert!(ran.machine.is_halted(), "{key} was forgotten: {outcome:?}");
            }
            Status::InProgress | Status::RollingBack | Status::Missing => panic!("{key}: {outcome:?}"),
            Status::Overtaken => assert!(!is_alone),
            Status::Failed | Status::Unknown | Status::RollbackFailed => {
                assert!(!outcome.reason.is_empty(), "{key}: {outcome:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_fleet_moves_safely_whatever_happens(case in cases()) {
        let (world, ran) = run(&case);
        none_is_forgotten(&case, &world, &ran);
    }

    #[test]
    fn what_is_interrupted_and_fails_nowhere_arrives(mut case in cases()) {
        for kept in case.world.fleet.services.values_mut() {
            kept.fates.iter_mut().for_each(|(fate, _)| *fate = Fate::Success);
        }
        case.world.calls.retain(|call| *call != Call::Refused);
        case.world.foreign.clear();
        let (world, ran) = run(&case);
        for (key, outcome) in ran.outcomes() {
            prop_assert!(outcome.status.is_done(), "{key}: {outcome:?}");
            prop_assert_eq!(&world.fleet.services[&key].task_definition, &case.plan.target(&key));
        }
    }
}
