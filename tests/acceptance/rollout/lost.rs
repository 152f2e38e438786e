//! Answers of ECS that are lost or refused on their way: nobody is deployed twice, and nobody is forgotten.

use super::{Fleet, words};
use crate::harness::Workspace;
use crate::harness::local_ecs::{Disturbance, Fault, When};

/// How an answer of UpdateService fails: before its effect, or after it.
const TROUBLES: [(&str, Fault); 7] = [
    ("throttle", Fault::Throttle),
    ("server-error", Fault::ServerErrorBefore),
    ("reset", Fault::Reset),
    ("lost", Fault::LostAnswer),
    ("reset-after", Fault::ResetAfter),
    ("server-error-after", Fault::ServerErrorAfter),
    ("cut", Fault::CutAnswer),
];

const SERVICES: [&str; 4] = ["a", "b", "c", "d"];

#[test]
fn an_update_whose_answer_is_lost_is_one_deployment() {
    for (name, fault) in TROUBLES {
        let (fleet, workspace) = (Fleet::of(&SERVICES), Workspace::new(&format!("rollout-lost-{name}")));
        fleet.write(&workspace, 2, "  max_concurrent = 2");
        fleet.server().disturb(Disturbance::new("UpdateService", fault, When::Times(2)).after(1));
        workspace.apply().success();
        assert_eq!(fleet.server().faults_waiting(), 0, "{name}: the faults happened");
        assert_eq!(words(&workspace), ["SUCCEEDED"; 4], "{name}");
        for service in SERVICES {
            let deployed = fleet.deployed(service);
            assert_eq!(deployed, [("shop:2".to_owned(), "SUCCESSFUL".to_owned())], "{name}: {service}");
        }
        workspace.plan().no_changes();
    }
}

/// A forced deployment is started anew by every call, so a lost answer is looked for and not repeated.
#[test]
fn a_forced_update_whose_answer_is_lost_is_one_deployment() {
    for (name, fault) in TROUBLES {
        let (fleet, workspace) = (Fleet::of(&SERVICES), Workspace::new(&format!("rollout-forced-{name}")));
        fleet.write(&workspace, 2, "  max_concurrent = 2");
        workspace.apply().success();
        fleet.server().disturb(Disturbance::new("UpdateService", fault, When::Times(2)).after(1));
        fleet.write(&workspace, 2, "  max_concurrent = 2\n  triggers = { image = \"again\" }");
        workspace.apply().success();
        assert_eq!(fleet.server().faults_waiting(), 0, "{name}: the faults happened");
        assert_eq!(words(&workspace), ["SUCCEEDED"; 4], "{name}");
        for service in SERVICES {
            assert_eq!(fleet.deployed(service).len(), 2, "{name}: {service}");
        }
        workspace.plan().no_changes();
    }
}
