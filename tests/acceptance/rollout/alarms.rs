//! What alarms say after a deployment was successful.

use std::time::Duration;

use serde_json::json;

use super::stories::WAVES;
use super::{Fleet, outcome, words};
use crate::harness::Workspace;
use crate::harness::local_ecs::{Ending, Outcome, Subject};

/// An alarm that goes off while the canary bakes ends the rollout, and the canary goes back where that is asked for.
#[test]
fn an_alarm_after_the_success_is_seen_when_the_wave_has_baked() {
    for (on_failure, status, has) in [("stop", "FAILED", "shop:2"), ("rollback", "ROLLED_BACK", "shop:1")] {
        let alarms = json!({"alarms": {"alarmNames": ["orders-5xx"], "enable": true, "rollback": true}});
        let fleet = Fleet::with(&["a", "b", "canary"], &alarms);
        let workspace = Workspace::new(&format!("rollout-alarm-{on_failure}"));
        let later = Outcome::new(Ending::AlarmLater, Duration::from_secs(5));
        fleet.server().deployments_of(Subject::TaskDefinition(super::arn(2)), later);
        fleet.write(&workspace, 2, &format!("{WAVES}  on_failure = \"{on_failure}\""));
        let applied = workspace.apply().failure();
        applied.says("More services failed in wave 1").says("ECS reports alarms of it: orders-5xx");
        assert_eq!(words(&workspace), ["NOT_STARTED", "NOT_STARTED", status]);
        let reason = outcome(&workspace, "canary")["reason"].clone();
        assert_eq!(reason, "after baking ECS reports alarms of it: orders-5xx", "{on_failure}");
        assert_eq!(fleet.has(), ["shop:1", "shop:1", has]);
        let ended = fleet.deployed("canary").remove(0);
        assert_eq!(ended, ("shop:2".to_owned(), "SUCCESSFUL".to_owned()), "ECS calls it a success");
        assert_eq!(outcome(&workspace, "canary")["previous"], json!(super::arn(1)));
    }
}
