//! `keep_revisions` and `delete_revisions`: what goes after a registration, and what stays and why.

use std::time::Duration;

use serde_json::{Value, json};

use super::{WEB, arn, web};
use crate::harness::local_ecs::{Ending, Fault, Outcome, Subject};
use crate::harness::{Backend, REGION, Workspace};
#[cfg(target_os = "linux")]
use crate::provider::{signal, wait_until};

fn act(place: &Backend, operation: &str, body: Value) -> Value {
    place.server().act(REGION, operation, &body).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
}

/// The service with the image of this number, and further arguments.
fn numbered(number: u32, further: &str) -> String {
    web("web", &format!("nginx:1.27.{number}"), further)
}

/// Registers the revisions of these numbers, one apply each.
fn apply(workspace: &Workspace, place: &Backend, numbers: std::ops::RangeInclusive<u32>, further: &str) {
    for number in numbers {
        workspace.main(place, &numbered(number, further)).apply().success().does_not_say("evisions were");
    }
}

/// `A` for each revision of the family that is active, `I` for an inactive one, `D` for one that is being deleted.
fn statuses(place: &Backend) -> String {
    let revisions = place.server().revisions().into_iter().filter(|revision| revision.family == "web");
    revisions.map(|revision| revision.status.chars().next().unwrap_or('?')).collect()
}

fn asked(place: &Backend, operation: &str) -> usize {
    place.server().requests_of(operation).len()
}

fn kept(workspace: &Workspace) -> Value {
    workspace.attributes(WEB).unwrap()["kept_revisions"].clone()
}

const NETWORK: &str = r#"{"awsvpcConfiguration": {"subnets": ["subnet-1"]}}"#;

/// Makes a service of the cluster `prod` that runs this revision already.
fn service(place: &Backend, name: &str, revision: u32, further: Value) {
    place.server().deployments_of(Subject::All, Outcome::new(Ending::Succeeds, Duration::ZERO));
    act(place, "CreateCluster", json!({"clusterName": "prod"}));
    let network: Value = serde_json::from_str(NETWORK).unwrap();
    let mut body = json!({"cluster": "prod", "serviceName": name, "taskDefinition": arn("web", revision),
                          "launchType": "FARGATE", "networkConfiguration": network, "desiredCount": 0});
    body.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    act(place, "CreateService", body);
}

fn update(place: &Backend, name: &str, revision: u32) {
    let body = json!({"cluster": "prod", "service": name, "taskDefinition": arn("web", revision)});
    act(place, "UpdateService", body);
}

const KEEP: &str = "keep_revisions = 2";

#[test]
fn older_revisions_that_nothing_uses_are_deregistered_and_nothing_is_asked_before() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-two"));
    act(&place, "CreateCluster", json!({"clusterName": "prod"}));
    apply(&workspace, &place, 1..=2, KEEP);
    assert_eq!((asked(&place, "ListClusters"), statuses(&place)), (0, "AA".to_owned()));
    assert_eq!(kept(&workspace), json!({}));
    // Somebody else's is not the resource's to retire.
    place.register_foreign("web", "pipeline:1");
    apply(&workspace, &place, 3..=4, &format!("{KEEP}\n  track_latest = false"));
    assert_eq!((asked(&place, "ListClusters"), statuses(&place)), (2, "IIAAA".to_owned()));
    workspace.plan().no_changes();
    // A change of the argument alone registers nothing and retires nothing.
    workspace.main(&place, &numbered(4, "keep_revisions = 3")).apply().success();
    assert_eq!((asked(&place, "ListClusters"), statuses(&place)), (2, "IIAAA".to_owned()));
    workspace.destroy().success();
    assert_eq!(statuses(&place), "IIAII");
}

#[test]
fn without_the_argument_every_revision_stays_and_nothing_is_asked() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-all"));
    apply(&workspace, &place, 1..=3, "delete_revisions = false");
    assert_eq!((asked(&place, "ListClusters"), statuses(&place)), (0, "AAA".to_owned()));
    assert_eq!(kept(&workspace), Value::Null);
}

#[test]
fn what_is_in_use_stays_until_it_is_no_longer() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-used"));
    apply(&workspace, &place, 1..=3, "");
    service(&place, "web", 1, json!({}));
    service(&place, "blue-green", 2, json!({"deploymentController": {"type": "CODE_DEPLOY"}}));
    let task = act(&place, "RunTask", json!({"cluster": "prod", "taskDefinition": arn("web", 3)}));
    let task = task["tasks"][0]["taskArn"].as_str().unwrap().to_owned();
    apply(&workspace, &place, 4..=6, KEEP);
    assert_eq!(statuses(&place), "AAAIAA");
    let name = task.split_once('/').unwrap().1;
    let told = json!({"1": "service prod/web", "2": "service prod/blue-green", "3": format!("task {name}")});
    assert_eq!(kept(&workspace), told);
    workspace.plan().no_changes();
    update(&place, "web", 6);
    act(&place, "StopTask", json!({"cluster": "prod", "task": task}));
    apply(&workspace, &place, 7..=7, KEEP);
    assert_eq!(
        (statuses(&place).as_str(), kept(&workspace)),
        ("IAIIIAA", json!({"2": "service prod/blue-green"}))
    );
}

/// A deployment that fails without a rollback leaves a service at a revision that never ran, and the next one would go back
/// past it.
#[test]
fn what_a_deployment_brings_replaces_or_goes_back_to_stays() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-deploying"));
    apply(&workspace, &place, 1..=3, "");
    service(&place, "web", 1, json!({}));
    for revision in 2..=3 {
        place.server().deployments_of(Subject::All, Outcome::new(Ending::Hangs, Duration::ZERO));
        update(&place, "web", revision);
    }
    apply(&workspace, &place, 4..=6, KEEP);
    assert_eq!(statuses(&place), "AAAIAA");
    let user = |number: &str| kept(&workspace)[number].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        ["1", "2", "3"].map(user),
        ["service prod/web", "a deployment of service prod/web", "service prod/web"]
    );
}

#[test]
fn where_it_cannot_be_looked_at_everything_stays_and_the_next_registration_looks_again() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-denied"));
    apply(&workspace, &place, 1..=1, "");
    service(&place, "web", 1, json!({"desiredCount": 1}));
    place.server().deployments_of(Subject::All, Outcome::new(Ending::Hangs, Duration::ZERO));
    apply(&workspace, &place, 2..=2, "");
    update(&place, "web", 2);
    let looks = [
        "ListClusters",
        "ListServices",
        "DescribeServices",
        "DescribeServiceDeployments",
        "DescribeServiceRevisions",
        "ListTasks",
    ];
    apply(&workspace, &place, 3..=4, "");
    for (operation, number) in looks.into_iter().zip(5..) {
        place.server().fail(operation, Fault::AccessDenied, 1);
        let applied = workspace.main(&place, &numbered(number, KEEP)).apply().success();
        applied.says("Old revisions were kept").says(&format!("ecs:{operation}")).says("looks again");
    }
    assert_eq!((place.server().faults_waiting(), statuses(&place).as_str()), (0, "AAAAAAAAAA"));
    // What can be looked at and not deregistered stays as well.
    place.server().fail("DeregisterTaskDefinition", Fault::AccessDenied, 1);
    let applied = workspace.main(&place, &numbered(11, KEEP)).apply().success();
    applied.says("Old revisions were kept").says("ecs:DeregisterTaskDefinition").says("tries again");
    assert_eq!(statuses(&place), "AAAAAAAAAAA");
    apply(&workspace, &place, 12..=12, KEEP);
    assert_eq!(statuses(&place), "AAIIIIIIIIAA");
}

#[test]
fn what_goes_is_deleted_too_where_that_is_asked_for() {
    let (place, workspace) = (Backend::local(), Workspace::new("delete"));
    let delete = format!("{KEEP}\n  delete_revisions = true");
    apply(&workspace, &place, 1..=3, &delete);
    assert_eq!(statuses(&place), "DAA");
    place.server().fail("DeleteTaskDefinitions", Fault::AccessDenied, 1);
    let applied = workspace.main(&place, &numbered(4, &delete)).apply().success();
    applied.says("Old revisions were not deleted").says("ecs:DeleteTaskDefinitions");
    assert_eq!(statuses(&place), "DIAA");
    apply(&workspace, &place, 5..=5, &delete);
    assert_eq!(statuses(&place), "DDDAA");
    workspace.destroy().success().does_not_say("evisions were");
    assert_eq!(statuses(&place), "DDDDD");
}

/// What is deregistered is destroyed. Nobody comes back to delete it, so that the command is told that does.
#[test]
fn a_destruction_that_may_not_delete_says_how_to() {
    let (place, workspace) = (Backend::local(), Workspace::new("delete-denied"));
    apply(&workspace, &place, 1..=2, "delete_revisions = true");
    place.server().fail("DeleteTaskDefinitions", Fault::AccessDenied, 2);
    let destroyed =
        workspace.destroy().success().says("Revisions were not deleted").says("ecs:DeleteTaskDefinitions");
    destroyed.says("aws ecs delete-task-definitions --region ap-northeast-1 --task-definitions web:1 web:2");
    assert_eq!(statuses(&place), "II");
    assert!(workspace.attributes(WEB).is_none());
    // Where revisions are to stay, they stay whole.
    apply(&workspace, &place, 3..=3, "delete_revisions = true\n  skip_destroy = true");
    workspace.destroy().success();
    assert_eq!(statuses(&place), "IIA");
}

#[test]
fn many_are_deleted_in_batches_and_what_ecs_refuses_is_told() {
    let (place, workspace) = (Backend::local(), Workspace::new("delete-many"));
    apply(&workspace, &place, 1..=13, "delete_revisions = true");
    let delete = format!("{KEEP}\n  delete_revisions = true");
    place.server().fail("DeleteTaskDefinitions", Fault::AccessDenied, 1);
    workspace.main(&place, &numbered(14, &delete)).apply().success().says("were not deleted");
    assert_eq!(statuses(&place), format!("{}AA", "I".repeat(12)));
    place.server().forget_requests();
    place.server().refuse_to_delete(&arn("web", 2));
    let applied = workspace.main(&place, &numbered(15, &delete)).apply().success();
    applied.says("Revisions were not deleted").says(&format!("{}: ", arn("web", 2)));
    let batches = place.server().requests_of("DeleteTaskDefinitions");
    let sizes: Vec<usize> =
        batches.iter().map(|body| body["taskDefinitions"].as_array().unwrap().len()).collect();
    assert_eq!((sizes, statuses(&place)), (vec![10, 3], format!("DI{}AA", "D".repeat(11))));
}

#[test]
fn a_wrong_number_is_told_and_one_that_is_not_known_yet_is_checked_when_it_is() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-wrong"));
    for wrong in ["1", "0", "-3", "2.5"] {
        workspace.main(&place, &numbered(1, &format!("keep_revisions = {wrong}")));
        let told = format!("keep_revisions is {wrong}, and has to be a whole number of at least 2");
        workspace.validate().failure().says(&told);
        workspace.plan().failure().says(&told);
    }
    workspace
        .main(&place, &numbered(1, "keep_revisions = \"many\""))
        .plan()
        .failure()
        .says("a number is required");
    let wrong = numbered(1, "delete_revisions = \"later\"");
    workspace.main(&place, &wrong).plan().failure().says("a bool is required");
    let known_later = |value: &str, number: u32| {
        let text = "resource \"terraform_data\" \"keep\" {\n  input = ".to_owned() + value + "\n}\n";
        let text = text
            + &numbered(
                number,
                "keep_revisions = terraform_data.keep.output\n  delete_revisions = terraform_data.keep.output > 1",
            );
        workspace.main(&place, &text);
    };
    known_later("1", 1);
    workspace.apply().failure().says("keep_revisions is 1");
    assert_eq!(asked(&place, "RegisterTaskDefinition"), 0);
    std::fs::remove_file(workspace.folder().join("terraform.tfstate")).unwrap();
    for number in 1..=3 {
        known_later("2", number);
        workspace.apply().success();
        workspace.plan().no_changes();
    }
    assert_eq!(statuses(&place), "DAA");
}

/// A pipeline deploys between a plan and its apply, and beside a resource that follows it: what it registered is neither
/// counted nor retired.
#[test]
fn revisions_of_a_pipeline_are_left_alone() {
    for (name, deletes, gone) in
        [("keep-pipeline", "", "I"), ("delete-pipeline", "delete_revisions = true", "D")]
    {
        leaves_those_of_a_pipeline_alone(name, deletes, gone);
    }
}

fn leaves_those_of_a_pipeline_alone(name: &str, deletes: &str, gone: &str) {
    let (place, workspace) = (Backend::local(), Workspace::new(name));
    let following = |number: u32, ignored: &str| {
        let lifecycle = format!("lifecycle {{\n    ignore_changes = [{ignored}]\n  }}");
        numbered(number, &format!("{KEEP}\n  {deletes}\n  track_latest = true\n  {lifecycle}"))
    };
    workspace.main(&place, &following(1, "tags")).apply().success();
    workspace.main(&place, &following(2, "tags")).apply().success();
    workspace.main(&place, &following(3, "tags"));
    workspace.run(&["plan", "-input=false", "-out=planned"]).success();
    place.register_foreign("web", "pipeline:1");
    workspace.run(&["apply", "-input=false", "planned"]).success();
    assert_eq!(statuses(&place), format!("{gone}AAA"));
    place.redeploy("web", "app", "nginx:1.28.0", None);
    // What the pipeline deployed is followed, and its image kept: another memory registers.
    let more = following(3, "container_definitions").replace("\"1024\"", "\"2048\"");
    workspace.main(&place, &more).apply().success();
    assert_eq!(statuses(&place), format!("{gone}{gone}AAAA"));
}

/// A state that registered the revision that it names has no record of that; it has one as soon as it names another.
#[test]
fn a_revision_that_is_followed_stays_and_the_own_one_goes_with_the_resource() {
    let (place, workspace) = (Backend::local(), Workspace::new("keep-followed"));
    workspace.main(&place, &numbered(1, "track_latest = true")).apply().success();
    place.register_foreign("web", "pipeline:1");
    workspace.run(&["apply", "-input=false", "-auto-approve", "-refresh-only"]).success();
    workspace.destroy().success();
    assert_eq!(statuses(&place), "IA");
}

/// What services use is looked at once for all resources of an apply.
#[test]
fn a_fleet_looks_once_at_the_services() {
    let (place, mut workspace) = (Backend::local(), Workspace::new("keep-fleet"));
    // On the sped-up clock of the stories a look would be old before it is over.
    workspace.set("DDROFS_ECS_PACE", "1");
    let fleet = |number: u32| {
        let one = numbered(number, "for_each = toset([\"a\", \"b\", \"c\"])\n  keep_revisions = 2");
        one.replace("family                   = \"web\"", "family                   = each.key")
    };
    act(&place, "CreateCluster", json!({"clusterName": "prod"}));
    for number in 1..=3 {
        workspace.main(&place, &fleet(number)).apply().success();
    }
    assert_eq!([asked(&place, "ListServices"), asked(&place, "ListTasks")], [1, 3]);
    let inactive = place.server().revisions().into_iter().filter(|revision| revision.status == "INACTIVE");
    assert_eq!(
        inactive.map(|revision| revision.arn).collect::<Vec<_>>(),
        ["a", "b", "c"].map(|family| arn(family, 1))
    );
}

/// Each retires and destroys what it registered itself, although both count numbers of one family.
#[test]
fn two_states_of_one_family_keep_their_own_revisions() {
    let place = Backend::local();
    let (one, other) = (Workspace::new("keep-one"), Workspace::new("keep-other"));
    for number in [1, 3, 5] {
        one.main(&place, &numbered(number, KEEP)).apply().success();
        other.main(&place, &numbered(number + 1, KEEP)).apply().success();
    }
    assert_eq!(statuses(&place), "IIAAAA");
    one.destroy().success();
    assert_eq!(statuses(&place), "IIIAIA");
    other.plan().no_changes();
    other.destroy().success();
    assert_eq!(statuses(&place), "IIIIII");
}

/// Older revisions are deleted while the newest one is active, so that the next destruction goes on where this one was. The one
/// call that is left can be caught between deregistering and deleting, and then a plan tells the command that deletes.
#[cfg(target_os = "linux")]
#[test]
fn a_destruction_that_is_killed_before_it_deletes_goes_on_or_is_told() {
    let (place, workspace) = (Backend::local(), Workspace::new("delete-killed"));
    apply(&workspace, &place, 1..=2, "delete_revisions = true");
    let killed_while_it_deletes = || {
        let before = asked(&place, "DeleteTaskDefinitions");
        let mut core = workspace.spawn_group(&["destroy", "-input=false", "-auto-approve"]);
        wait_until("it is about to delete", || asked(&place, "DeleteTaskDefinitions") > before);
        signal("KILL", &format!("-{}", core.id()));
        core.wait().expect("a killed process can be waited for");
    };
    place.server().fail("DeleteTaskDefinitions", Fault::HangBefore, 1);
    killed_while_it_deletes();
    assert_eq!(statuses(&place), "IA");
    workspace.destroy().success().does_not_say("evisions were");
    assert_eq!(statuses(&place), "DD");

    apply(&workspace, &place, 3..=3, "delete_revisions = true");
    place.server().fail("DeleteTaskDefinitions", Fault::HangBefore, 1);
    killed_while_it_deletes();
    assert_eq!(statuses(&place), "DDI");
    let command = "aws ecs delete-task-definitions --region ap-northeast-1 --task-definitions web:3";
    workspace.plan().says("Revisions may not be deleted").says("number 3 may be deregistered").says(command);
    workspace.run(&["destroy", "-refresh=false", "-auto-approve"]).success();
    assert_eq!(statuses(&place), "DDD");
}

/// With a resource that is gone nobody would know whose the older revisions are.
#[test]
fn a_resource_whose_newest_revision_was_deregistered_goes_back_to_the_one_before() {
    let (place, workspace) = (Backend::local(), Workspace::new("goes-back"));
    apply(&workspace, &place, 1..=3, "");
    place.deregister(&arn("web", 3));
    for foreign in [false, true] {
        if foreign {
            place.register_foreign("web", "pipeline:1");
        }
        let planned = workspace.plan().changes().says(&format!("{} was deregistered", arn("web", 3)));
        planned
            .says("the state has revision 2, which this resource registered before")
            .says("0 to add, 1 to change");
    }
    workspace.main(&place, &numbered(2, "")).plan().no_changes();
    workspace.main(&place, &numbered(3, "")).apply().success().says("0 added, 1 changed");
    assert_eq!((statuses(&place).as_str(), asked(&place, "RegisterTaskDefinition")), ("AAIAA", 5));
    place.deregister(&arn("web", 5));
    workspace.destroy().success().says("1 destroyed");
    assert_eq!(statuses(&place), "IIIAI");
    // Where nothing of its own is left the resource is gone.
    apply(&workspace, &place, 6..=7, "");
    place.deregister(&arn("web", 6));
    place.deregister(&arn("web", 7));
    workspace.plan().changes().says("1 to add");
}
