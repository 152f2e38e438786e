//! Rollouts one by one.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::{
    Action, Event, Ledger, Machine, Move, OnFailure, Outcome, Plan, ServiceId, Sight, Status, Wave, summary,
};
use super::fleet::{By, Fate, Fleet};
use super::run::{Call, Foreign, World};

const MINUTE: Duration = Duration::from_secs(60);
const START: Duration = Duration::from_secs(1_000_000);

pub(super) fn arn(revision: u64) -> String {
    format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:{revision}")
}

/// Moves services to revision 2, in waves of these keys that bake a minute.
pub(super) fn plan(waves: &[&[&str]], on_failure: OnFailure) -> Plan {
    let wave =
        |keys: &&[&str]| Wave { keys: keys.iter().map(|key| (*key).to_owned()).collect(), bake_time: MINUTE };
    let service = |key: &&str| ServiceId { cluster: "prod".to_owned(), service: (*key).to_owned() };
    Plan {
        moves: waves
            .iter()
            .flat_map(|keys| keys.iter())
            .map(|key| ((*key).to_owned(), Move { service: service(key), target: Some(arn(2)) }))
            .collect(),
        waves: waves.iter().map(wave).collect(),
        max_concurrent: 2,
        max_failures: 0,
        on_failure,
    }
}

/// A fleet on revision 1 whose deployments take two minutes and end like that.
fn world(fates: &[(&str, Fate)]) -> World {
    let mut fleet = Fleet::default();
    for (key, fate) in fates {
        fleet.add(key, &arn(1), vec![(*fate, 2 * MINUTE), (Fate::Success, 2 * MINUTE)]);
    }
    World { fleet, now: START, ..World::default() }
}

fn statuses(outcomes: &BTreeMap<String, Outcome>) -> Vec<(&str, &'static str)> {
    outcomes.iter().map(|(key, outcome)| (key.as_str(), outcome.status.name())).collect()
}

fn has(world: &World, key: &str) -> String {
    world.fleet.services[key].task_definition.clone()
}

fn started(world: &World, key: &str) -> usize {
    world.fleet.services[key].by_rollout().count()
}

const TO_THE_END: usize = usize::MAX;

#[test]
fn a_fleet_moves_wave_by_wave() {
    let plan = plan(&[&["canary"], &["a", "b", "c"]], OnFailure::Stop);
    let mut world = world(&["canary", "a", "b", "c"].map(|key| (key, Fate::Success)));
    let ran = world.run(&plan, BTreeMap::new(), TO_THE_END);
    assert!(ran.is_over);
    let outcomes = ran.outcomes();
    assert!(outcomes.values().all(|outcome| outcome.status == Status::Succeeded), "{outcomes:#?}");
    assert_eq!(outcomes["a"].previous, Some(arn(1)));
    assert_eq!(outcomes["a"].task_definition, Some(arn(2)));
    assert_eq!((outcomes["a"].deployment.as_deref(), outcomes["a"].wave), (Some("a/0"), 2));
    let order: Vec<&str> = ran.calls.iter().map(|(_, key, _)| key.as_str()).collect();
    assert_eq!(order, ["canary", "a", "b", "c"]);
    assert!(ran.calls[1].0 >= START + 3 * MINUTE, "two minutes of deployment and one of baking");
    assert_eq!(summary(&outcomes), "4 of 4 services done: 4 moved.");
}

#[test]
fn a_failed_wave_stops_the_rollout_and_leaves_the_rest_alone() {
    let plan = plan(&[&["a", "b"], &["c"]], OnFailure::Stop);
    let mut world = world(&[("a", Fate::RolledBack), ("b", Fate::Success), ("c", Fate::Success)]);
    let outcomes = world.run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    assert_eq!(statuses(&outcomes), [("a", "FAILED"), ("b", "BAKING"), ("c", "NOT_STARTED")]);
    assert_eq!(
        outcomes["a"].reason,
        "its deployment is ROLLBACK_SUCCESSFUL: ROLLBACK_SUCCESSFUL in this test"
    );
    assert_eq!(summary(&outcomes), "0 of 3 services done: 1 baking (b), 1 not started (c), 1 failed (a).");
}

#[test]
fn a_failed_wave_goes_back_and_no_other() {
    let mut plan = plan(&[&["first"], &["a", "b", "gone"], &["last"]], OnFailure::Rollback);
    plan.max_concurrent = 3;
    let fates =
        [("first", Fate::Success), ("a", Fate::Stopped), ("b", Fate::Success), ("gone", Fate::Success)];
    let mut world = world(&fates);
    world.fleet.add("last", &arn(1), vec![(Fate::Success, MINUTE)]);
    world.fleet.add("gone", &arn(0), vec![(Fate::Success, MINUTE)]);
    world.inactive.insert(arn(0));
    let outcomes = world.run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    let expected = [
        ("a", "ROLLED_BACK"),
        ("b", "ROLLED_BACK"),
        ("first", "SUCCEEDED"),
        ("gone", "ROLLBACK_FAILED"),
        ("last", "NOT_STARTED"),
    ];
    assert_eq!(statuses(&outcomes), expected);
    assert_eq!(outcomes["a"].reason, "its deployment is STOPPED: STOPPED in this test", "why it went back");
    assert_eq!(outcomes["b"].reason, "");
    assert!(outcomes["gone"].reason.contains("is not ACTIVE any more"), "{}", outcomes["gone"].reason);
    let have: Vec<String> = ["a", "b", "first", "gone", "last"].map(|key| has(&world, key)).to_vec();
    assert_eq!(have, [arn(1), arn(1), arn(2), arn(2), arn(1)]);
    assert_eq!(started(&world, "gone"), 1, "what is not ACTIVE is not tried");
}

#[test]
fn failures_are_counted_over_the_whole_rollout() {
    let mut plan = plan(&[&["a"], &["b"], &["c"]], OnFailure::Stop);
    plan.max_failures = 1;
    let fates = [("a", Fate::RolledBack), ("b", Fate::RolledBack), ("c", Fate::Success)];
    let outcomes = world(&fates).run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    assert_eq!(statuses(&outcomes), [("a", "FAILED"), ("b", "FAILED"), ("c", "NOT_STARTED")]);
    plan.on_failure = OnFailure::Continue;
    plan.max_failures = 0;
    let outcomes = world(&fates).run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    assert_eq!(statuses(&outcomes), [("a", "FAILED"), ("b", "FAILED"), ("c", "SUCCEEDED")]);
}

#[test]
fn nothing_moves_while_a_service_is_missing() {
    let plan = plan(&[&["a"], &["b"]], OnFailure::Continue);
    let ran = world(&[("a", Fate::Success)]).run(&plan, BTreeMap::new(), TO_THE_END);
    assert!(ran.machine.was_refused() && ran.is_over && ran.calls.is_empty());
    assert_eq!(statuses(&ran.outcomes()), [("a", "NOT_STARTED"), ("b", "MISSING")]);
}

#[test]
fn a_deployment_of_somebody_else_is_waited_for() {
    let plan = plan(&[&["a", "b"]], OnFailure::Stop);
    let mut world = world(&[("a", Fate::Success), ("b", Fate::Success)]);
    let other = "arn:aws:ecs:eu-west-1:123456789012:task-definition/other:7";
    world.fleet.update("a", other, false, By::Somebody, START);
    let ran = world.run(&plan, BTreeMap::new(), TO_THE_END);
    let of_a = ran.calls.iter().find(|(_, key, _)| key == "a").unwrap();
    assert!(of_a.0 >= START + 2 * MINUTE, "{:?}", ran.calls);
    assert_eq!(ran.outcomes()["a"].previous.as_deref(), Some(other));
    assert_eq!(statuses(&ran.outcomes()), [("a", "SUCCEEDED"), ("b", "SUCCEEDED")]);
}

#[test]
fn whoever_began_to_run_a_newer_revision_after_the_plan_is_not_moved() {
    let plan = plan(&[&["a", "b"]], OnFailure::Stop);
    let mut world = world(&[("a", Fate::Success), ("b", Fate::Success)]);
    for key in ["a", "b"] {
        world.fleet.update(key, &arn(3), false, By::Somebody, START - 10 * MINUTE);
    }
    let known = Ledger { seen_at_plan: Some(arn(3)), ..Ledger::default() };
    let ran = world.run(&plan, BTreeMap::from([("b".to_owned(), known)]), TO_THE_END);
    assert_eq!(statuses(&ran.outcomes()), [("a", "OVERTAKEN"), ("b", "SUCCEEDED")]);
    assert_eq!(has(&world, "a"), arn(3));
}

#[test]
fn a_deployment_that_somebody_replaced_is_no_success_and_not_taken_back() {
    let plan = plan(&[&["a"], &["b"]], OnFailure::Rollback);
    let mut world = world(&[("a", Fate::Success), ("b", Fate::Success)]);
    world.foreign.push(Foreign { at: START + MINUTE, key: "a".to_owned(), to: arn(3) });
    let outcomes = world.run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    assert_eq!(statuses(&outcomes), [("a", "FAILED"), ("b", "NOT_STARTED")]);
    assert_eq!((has(&world, "a"), started(&world, "a")), (arn(3), 1));
}

#[test]
fn what_changes_while_a_wave_bakes_is_seen() {
    let mut plan = plan(&[&["a"], &["b"]], OnFailure::Stop);
    plan.waves[0].bake_time = 10 * MINUTE;
    let mut world = world(&[("a", Fate::Success), ("b", Fate::Success)]);
    world.foreign.push(Foreign { at: START + 3 * MINUTE, key: "a".to_owned(), to: arn(3) });
    let outcomes = world.run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    assert_eq!(statuses(&outcomes), [("a", "FAILED"), ("b", "NOT_STARTED")]);
    assert!(outcomes["a"].reason.starts_with("after baking the service has"), "{}", outcomes["a"].reason);
}

#[test]
fn done_stays_done_whatever_is_deployed_later() {
    let plan = plan(&[&["a"]], OnFailure::Stop);
    let mut world = world(&[("a", Fate::Success)]);
    let first = world.run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
    world.fleet.update("a", &arn(1), false, By::Somebody, world.now);
    world.now += 10 * MINUTE;
    let prior = Ledger { prior: Some(first["a"].clone()), ..Ledger::default() };
    let again = world.run(&plan, BTreeMap::from([("a".to_owned(), prior)]), TO_THE_END);
    assert_eq!((again.calls.len(), statuses(&again.outcomes())), (0, vec![("a", "SUCCEEDED")]));
    assert_eq!(again.outcomes()["a"].task_definition, Some(arn(1)), "and it is shown");
}

#[test]
fn an_interrupted_rollout_goes_on_without_what_it_knew() {
    let plan = plan(&[&["a"], &["b", "c"]], OnFailure::Stop);
    for steps in 0..60 {
        let mut world = world(&[("a", Fate::Success), ("b", Fate::Success), ("c", Fate::Success)]);
        world.run(&plan, BTreeMap::new(), steps);
        world.now += MINUTE;
        let outcomes = world.run(&plan, BTreeMap::new(), TO_THE_END).outcomes();
        assert!(outcomes.values().all(|outcome| outcome.status.is_done()), "{steps}: {outcomes:#?}");
        assert!(outcomes.values().all(|outcome| outcome.previous == Some(arn(1))), "{steps}: {outcomes:#?}");
        for key in ["a", "b", "c"] {
            assert_eq!(started(&world, key), 1, "{steps}");
        }
    }
}

#[test]
fn the_rest_of_a_bake_time_is_waited_for_after_an_interruption() {
    let plan = plan(&[&["a"], &["b"]], OnFailure::Stop);
    let mut world = world(&[("a", Fate::Success), ("b", Fate::Success)]);
    world.fleet.update("a", &arn(2), false, By::Somebody, START - 2 * MINUTE - Duration::from_secs(20));
    let ran = world.run(&plan, BTreeMap::new(), TO_THE_END);
    assert_eq!(ran.calls[0].0, START + Duration::from_secs(40));
    assert_eq!(statuses(&ran.outcomes()), [("a", "UNCHANGED"), ("b", "SUCCEEDED")]);
}

/// A deployment of a later wave that goes on already may fail while an earlier wave bakes. The way back takes longer than the
/// bake time then, and a time that has passed is none to wait for: the rollout would never come to rest.
#[test]
fn a_bake_time_that_a_failure_cut_short_wakes_nobody() {
    let plan = plan(&[&["a"], &["b"]], OnFailure::Rollback);
    let mut world = world(&[("a", Fate::Success)]);
    let seconds = Duration::from_secs;
    world.fleet.add("b", &arn(1), vec![(Fate::Stopped, seconds(150)), (Fate::Success, seconds(120))]);
    world.fleet.update("b", &arn(2), false, By::Rollout, START);
    let ran = world.run(&plan, BTreeMap::new(), TO_THE_END);
    assert_eq!(statuses(&ran.outcomes()), [("a", "BAKING"), ("b", "ROLLED_BACK")]);
}

#[test]
fn a_forced_deployment_whose_answer_was_lost_is_found_again() {
    let plan = plan(&[&["a"]], OnFailure::Stop);
    let forced = || BTreeMap::from([("a".to_owned(), Ledger { force: true, ..Ledger::default() })]);
    for (call, calls) in [(Call::LostAfter, 1), (Call::LostBefore, 2)] {
        let mut world = world(&[("a", Fate::Success)]);
        world.fleet.add("a", &arn(2), vec![(Fate::Success, MINUTE)]);
        world.fleet.lag = Duration::from_secs(25);
        world.calls = vec![call];
        let ran = world.run(&plan, forced(), TO_THE_END);
        assert_eq!(statuses(&ran.outcomes()), [("a", "SUCCEEDED")]);
        assert_eq!((ran.calls.len(), started(&world, "a")), (calls, 1), "{call:?}");
    }
}

#[test]
fn a_last_deployment_that_failed_is_no_success_though_the_service_has_the_task_definition() {
    let plan = plan(&[&["a"]], OnFailure::Stop);
    let mut world = world(&[("a", Fate::Stopped)]);
    world.fleet.update("a", &arn(2), false, By::Somebody, START - 10 * MINUTE);
    let ran = world.run(&plan, BTreeMap::new(), TO_THE_END);
    assert_eq!((ran.calls.len(), statuses(&ran.outcomes())), (0, vec![("a", "FAILED")]));
    assert!(ran.outcomes()["a"].reason.contains("`triggers`"));
}

/// One call serves many services only if they are due at the same moment.
#[test]
fn deployments_that_began_at_different_times_are_looked_at_together() {
    let mut plan = plan(&[&["a", "b", "c"]], OnFailure::Stop);
    plan.max_concurrent = 3;
    let mut machine = Machine::new(&plan, BTreeMap::new()).unwrap();
    let mut fleet = world(&["a", "b", "c"].map(|key| (key, Fate::Success))).fleet;
    let seen = |fleet: &mut Fleet, key: &str, now| Event::Seen(fleet.look(key, now).unwrap());
    machine.next(START);
    for key in ["a", "b", "c"] {
        let sight = Sight { deployments: Vec::new(), ..fleet.look(key, START).unwrap() };
        machine.tell(key, Event::Seen(sight), START);
    }
    assert_eq!(machine.next(START).actions.len(), 3, "all are due");
    for (key, after) in [("a", 0), ("b", 2), ("c", 4)] {
        let now = START + Duration::from_secs(after);
        machine.tell(key, seen(&mut fleet, key, now), now);
        machine.next(now);
        fleet.update(key, &arn(2), false, By::Rollout, now);
        machine.tell(key, Event::Accepted, now);
        machine.tell(key, seen(&mut fleet, key, now), now);
    }
    let until = machine.next(START + Duration::from_secs(4)).until.unwrap();
    let looks = machine.next(until).actions;
    assert!(looks.iter().all(|action| matches!(action, Action::Look { .. })), "{looks:?}");
    assert_eq!(looks.len(), 3, "{looks:?}");
}
