//! `timeouts`, and what is told of an operation that ended before it was done.

use std::time::Duration;

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::local_ecs::{Disturbance, Fault, When};
use crate::harness::{Backend, Workspace};
use crate::provider::{interrupt, wait_until};

/// The service with this body of `timeouts`.
fn with_timeouts(image: &str, timeouts: &str) -> String {
    web("web", image, &format!("timeouts {{\n{timeouts}\n}}"))
}

fn always(place: &Backend, operation: &str, fault: Fault) {
    place.server().disturb(Disturbance::new(operation, fault, When::Always));
}

#[test]
fn wrong_timeouts_are_told_all_at_once_with_the_line_to_write() {
    let (place, workspace) = (Backend::local(), Workspace::new("wrong-timeouts"));
    let wrong = with_timeouts("nginx:1.27.0", "create = \"20\"\n update = \"ten minutes\"\n delete = \"0s\"");
    workspace.main(&place, &wrong);
    let outcome = workspace.plan().failure();
    let outcome = outcome.says("timeouts.create is \"20\"").says("timeouts.update is \"ten minutes\"");
    outcome.says("timeouts.delete is \"0s\"").says("delete = \"20m\"");
    assert_eq!(place.registrations(), 0);
    // Not known yet is not wrong, and wrong when it gets known.
    let unknown = "resource \"terraform_data\" \"time\" {\n  input = \"never\"\n}\n";
    let text = with_timeouts("nginx:1.27.0", "create = terraform_data.time.output");
    workspace.main(&place, &format!("{unknown}{text}"));
    workspace.plan().changes();
    workspace.apply().failure().says("timeouts.create is \"never\"");
    assert_eq!(place.registrations(), 0);
}

/// A change of the block alone is an update that asks ECS for nothing.
#[test]
fn timeouts_are_beside_the_content() {
    let (place, workspace) = (Backend::local(), Workspace::new("timeouts-alone"));
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    for timeouts in ["create = \"1h\"", "create = \"60m\"\n delete = \"1.5h\""] {
        workspace.main(&place, &with_timeouts("nginx:1.27.0", timeouts)).apply().success().says("1 changed");
        workspace.plan().no_changes();
    }
    let kept = workspace.attributes(WEB).unwrap()["timeouts"].clone();
    assert_eq!(kept, json!({ "create": "60m", "delete": "1.5h", "read": null, "update": null }));
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success().says("1 changed");
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 1);
    assert!(place.server().requests_of("TagResource").is_empty());
}

/// What came to its end in the middle of a creation is in no state, and adopted afterwards.
#[test]
fn a_create_that_ends_by_its_timeout_is_adopted_by_the_next_apply() {
    let (place, workspace) = (Backend::local(), Workspace::new("timeout-create"));
    place.server().fail("RegisterTaskDefinition", Fault::HangAfter, 1);
    workspace.main(&place, &with_timeouts("nginx:1.27.0", "create = \"3s\""));
    let outcome = workspace.apply().failure().says("Out of time").says("timeouts.create is 3s");
    let outcome = outcome.says("RegisterTaskDefinition was sent once and has no answer yet.");
    let outcome = outcome.says("Whether a revision was registered is not known.").says("it is adopted");
    outcome.says("create = \"6s\"");
    assert!(workspace.attributes(WEB).is_none());
    workspace.apply().success();
    assert_eq!(
        (place.registrations(), workspace.attributes(WEB).unwrap()["revision"].clone()),
        (1, json!(1))
    );
    workspace.plan().no_changes();
}

/// A wait for the turn ends at once where the time cannot suffice, and nothing was done.
#[test]
fn a_throttled_create_ends_by_its_timeout_and_tells_what_was_sent() {
    let (place, mut workspace) = (Backend::local(), Workspace::new("timeout-throttled"));
    workspace.set("DDROFS_ECS_PACE", "1");
    always(&place, "RegisterTaskDefinition", Fault::Throttle);
    workspace.main(&place, &with_timeouts("nginx:1.27.0", "create = \"4s\""));
    let outcome = workspace.apply().failure().says("Out of time").says("Nothing was registered.");
    let sent = place.registrations();
    let told = format!(
        "RegisterTaskDefinition was sent {sent} times, and the last one was answered with ThrottlingException."
    );
    assert!(sent > 1, "{outcome}");
    outcome.says(&told);
    assert!(place.server().revisions().is_empty());
    place.server().clear_faults();
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
}

/// The provider block's bound of all repeats is told by its name.
#[test]
fn repeats_end_where_the_provider_block_says_so() {
    let (place, workspace) = (Backend::local(), Workspace::new("no-repeat-left"));
    let main = |capacity: &str| {
        let argument = format!("token_bucket_rate_limiter_capacity = {capacity}\n  region =");
        let provider = place.provider().replace("region =", &argument);
        workspace.write("main.tf", &format!("{provider}\n{}", web("web", "nginx:1.27.0", "")));
    };
    for wrong in ["-1", "2.5"] {
        main(wrong);
        workspace.plan().failure().says("token_bucket_rate_limiter_capacity is not a whole number");
    }
    place.server().fail("RegisterTaskDefinition", Fault::Throttle, 3);
    main("10");
    let outcome =
        workspace.apply().failure().says("No repeat left").says("token_bucket_rate_limiter_capacity");
    outcome.says("RegisterTaskDefinition was sent 3 times").says("Nothing was registered.");
    assert_eq!(place.registrations(), 3);
    place.server().fail("RegisterTaskDefinition", Fault::Throttle, 3);
    main("0");
    workspace.apply().success();
}

/// `timeouts.delete` bounds the whole destruction, and the next one goes on where it ended.
#[test]
fn a_destroy_that_ends_by_its_timeout_tells_what_is_done_and_goes_on() {
    let (place, workspace) = (Backend::local(), Workspace::new("timeout-destroy"));
    for image in ["nginx:1.27.0", "nginx:1.27.1", "nginx:1.27.2"] {
        workspace.main(&place, &with_timeouts(image, "delete = \"3s\"")).apply().success();
    }
    let hang = Disturbance::new("DeregisterTaskDefinition", Fault::HangBefore, When::Times(1));
    place.server().disturb(hang.after(1));
    let outcome = workspace.destroy().failure().says("Out of time").says("timeouts.delete is 3s");
    let outcome = outcome.says("DeregisterTaskDefinition was sent once and has no answer yet.");
    let outcome = outcome.says("doing it once more does no harm");
    outcome.says("It had deregistered revision 1 before. For revision 3 nothing was sent yet.");
    place.server().forget_requests();
    workspace.destroy().success();
    let gone = place.server().requests_of("DeregisterTaskDefinition");
    let gone: Vec<_> = gone.iter().map(|request| request["taskDefinition"].clone()).collect();
    assert_eq!(gone, [2, 3].map(|number| json!(arn("web", number))));
}

#[test]
fn a_refresh_and_an_update_end_by_their_timeouts() {
    let (place, workspace) = (Backend::local(), Workspace::new("timeout-read"));
    let timeouts = "read = \"3s\"\n update = \"4s\"";
    workspace.main(&place, &with_timeouts("nginx:1.27.0", timeouts)).apply().success();
    place.server().fail("DescribeTaskDefinition", Fault::HangBefore, 1);
    let outcome = workspace.plan().failure().says("Out of time").says("timeouts.read is 3s");
    outcome.says("Nothing was registered or changed.");
    assert_eq!(place.server().faults_waiting(), 0);
    workspace.plan().no_changes();
    let tagged = web("web", "nginx:1.27.0", &format!("tags = {{ a = \"1\" }}\n timeouts {{\n{timeouts}\n}}"));
    place.server().fail("TagResource", Fault::HangAfter, 1);
    workspace
        .main(&place, &tagged)
        .apply()
        .failure()
        .says("timeouts.update is 4s")
        .says("TagResource was sent once");
    workspace.apply().success();
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 1);
}

/// What a stop finds under way has a grace, and is told as what it is.
#[cfg(unix)]
#[test]
fn a_stopped_create_tells_that_it_was_sent_and_one_that_waits_that_it_was_not() {
    let place = Backend::local();
    let (sent, mut waiting) = (Workspace::new("stopped-sent"), Workspace::new("stopped-waiting"));
    waiting.set("DDROFS_ECS_PACE", "1");
    place.server().fail("RegisterTaskDefinition", Fault::HangAfter, 1);
    let mut core =
        sent.main(&place, &web("web", "nginx:1.27.0", "")).spawn(&["apply", "-input=false", "-auto-approve"]);
    wait_until("it is sent", || place.registrations() == 1);
    interrupt(&core);
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    for text in [
        "Stopped",
        "RegisterTaskDefinition was sent once",
        "Whether a revision was registered is not",
        "adopted",
    ] {
        assert!(sent.spawned_said(text), "{text}");
    }
    sent.apply().success();
    assert_eq!((place.registrations(), sent.attributes(WEB).unwrap()["revision"].clone()), (1, json!(1)));

    // Retry-After makes it wait for long.
    place.server().fail("RegisterTaskDefinition", Fault::ThrottleWithRetryAfter(100), 1);
    let text = web("other", "nginx:1.27.0", "");
    let mut core = waiting.main(&place, &text).spawn(&["apply", "-input=false", "-auto-approve"]);
    wait_until("it was throttled", || place.registrations() == 2);
    std::thread::sleep(Duration::from_millis(200));
    interrupt(&core);
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    for text in
        ["Stopped", "RegisterTaskDefinition was sent once", "ThrottlingException", "Nothing was registered."]
    {
        assert!(waiting.spawned_said(text), "{text}");
    }
    assert_eq!(place.registrations(), 2, "nothing is sent after a stop");
}

/// Of one family one is registered at a time, and whoever waits for its turn waits no longer than its own time.
#[cfg(unix)]
#[test]
fn a_wait_for_another_registration_of_the_family_ends_by_the_timeout() {
    let (place, workspace) = (Backend::local(), Workspace::new("timeout-turn"));
    place.server().fail("RegisterTaskDefinition", Fault::Slow(Duration::from_secs(10)), 1);
    // The second one begins when the first is under way.
    let gate = workspace.folder().join("gate");
    let second = with_timeouts("nginx:1.27.1", "create = \"2s\"").replace("\"web\" {", "\"second\" {");
    let second = second.replace("\n  family ", "\n  depends_on = [terraform_data.gate]\n  family ");
    let wait = format!("until [ -e '{}' ]; do sleep 0.1; done", gate.display());
    let pause = format!(
        "resource \"terraform_data\" \"gate\" {{\n  provisioner \"local-exec\" {{\n    command = \"{wait}\"\n  }}\n}}\n"
    );
    workspace.main(&place, &format!("{pause}{}{second}", web("web", "nginx:1.27.0", "")));
    let mut core = workspace.spawn(&["apply", "-input=false", "-auto-approve"]);
    wait_until("the first one is sent", || place.registrations() == 1);
    std::fs::write(&gate, "").expect("the test folder is writable");
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    for text in [
        "Out of time",
        "timeouts.create is 2s",
        "Nothing was sent to ECS yet, and nothing was changed.",
        "create = \"4s\"",
    ] {
        assert!(workspace.spawned_said(text), "{text}");
    }
    assert_eq!(place.registrations(), 1);
    assert_eq!(workspace.attributes(WEB).unwrap()["revision"], json!(1));
    assert!(workspace.attributes("ddrofs_ecs_task_definition.second").is_none());
    workspace.apply().success();
    assert_eq!(place.registrations(), 2);
}
