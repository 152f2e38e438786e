//! What is registered already: no finding keeps it from being refreshed, planned and destroyed. Errors stop registrations.

use super::{UNKNOWN_KEY, WEB, WRITABLE, block, orders, provider_at, waiver, web};
use crate::harness::{Backend, Workspace};

const NEXT: &str = "This stops the next registration.";
const NO_REFRESH: &str = "run destroy with -refresh=false";
const REJECTED: &str = "Rule wrong-enum-value";

/// A way in which a registered task comes to have an error: its container, the provider's policy when it was registered and
/// now, and what the error says.
const WAYS: [(&str, &str, &str, &str, &str); 3] = [
    (
        "ours",
        "readonlyRootFilesystem = true, healthChecks = \"x\"",
        "severity = { unknown-key = \"warning\" }",
        "",
        UNKNOWN_KEY,
    ),
    ("policy", "essential = true", "", "enforce = [\"ECS.5\"]", "the policy enforces ECS.5"),
    (
        "waiver",
        "essential = true",
        "enforce = [\"ECS.5\"]\n    <9999-12-31>",
        "enforce = [\"ECS.5\"]\n    <2001-01-31>",
        "ended on 2001-01-31",
    ),
];

/// The policy with a waiver in place of a date.
fn spelled(policy: &str) -> String {
    match policy.split_once('<') {
        Some((rest, date)) => {
            format!("{rest}{}", waiver("root-filesystem-writable", date.trim_end_matches('>')))
        }
        None => policy.to_owned(),
    }
}

/// A task that was registered before its policy, or the day, made an error of what is in it.
fn registered(
    name: &str,
    (_, container, before, now, _): &(&str, &str, &str, &str, &str),
) -> (Workspace, Backend) {
    let place = Backend::local();
    let workspace = Workspace::new(name);
    write(&workspace, &place, before, container);
    workspace.apply().success();
    write(&workspace, &place, now, container);
    (workspace, place)
}

fn write(workspace: &Workspace, place: &Backend, policy: &str, container: &str) {
    let provider = provider_at(place, &spelled(policy));
    workspace.write("main.tf", &format!("{provider}{}", web(container, "")));
}

#[test]
fn an_error_is_a_warning_where_the_content_is_registered_already() {
    for way in WAYS {
        let (workspace, place) = registered(&format!("standing-{}", way.0), &way);
        workspace.validate().success().does_not_say("Error");
        workspace.plan().no_changes().says(way.4).says(NEXT).does_not_say("Error: ");
        workspace.run(&["plan", "-input=false", "-refresh-only"]).success().does_not_say("Error: ");
        workspace.run(&["apply", "-input=false", "-auto-approve", "-refresh-only"]).success();
        workspace.run(&["plan", "-input=false", "-destroy"]).success().says("1 to destroy");
        workspace.destroy().success().says("1 destroyed");
        assert_eq!(place.status("web:1"), "INACTIVE", "{}", way.0);
        assert_eq!(place.registrations(), 1);
    }
}

#[test]
fn an_error_stops_the_registration_of_other_content_and_the_text_says_how_to_destroy() {
    for way in WAYS {
        let (workspace, place) = registered(&format!("changed-{}", way.0), &way);
        write(&workspace, &place, way.3, &format!("{}, user = \"1000\"", way.1));
        workspace.validate().success();
        workspace.plan().failure().says(way.4).says(NO_REFRESH);
        workspace.apply().failure().says(way.4);
        workspace.run(&["plan", "-input=false", "-refresh-only"]).success().does_not_say("Error: ");
        workspace.run(&["plan", "-input=false", "-destroy"]).failure().says(NO_REFRESH);
        workspace.destroy().failure().says(NO_REFRESH);
        assert_eq!(place.status("web:1"), "ACTIVE", "{}", way.0);
        workspace.run(&["destroy", "-input=false", "-auto-approve", "-refresh=false"]).success();
        assert_eq!(place.status("web:1"), "INACTIVE", "{}", way.0);
        assert_eq!(place.registrations(), 1);
    }
}

/// With another tag or policy the findings are brought up to date, whatever they count as.
#[test]
fn tags_and_a_policy_change_although_there_is_an_error() {
    let place = Backend::local();
    let workspace = Workspace::new("standing-updated");
    workspace.main(&place, &web("essential = true", "")).apply().success();
    workspace.main(&place, &web("essential = true", "enforce = [\"ECS.5\"]"));
    workspace.plan().changes().says("the policy enforces ECS.5").says(NEXT);
    workspace.apply().success();
    assert_eq!(super::findings(&workspace, WEB, "root-filesystem-writable")[0]["severity"], "error");
    let tagged = web("essential = true", "enforce = [\"ECS.5\"]")
        .replace("  cpu ", "  tags = { team = \"web\" }\n  cpu ");
    workspace.main(&place, &tagged).apply().success().says("1 changed");
    workspace.plan().no_changes().says(NEXT);
    assert_eq!(place.registrations(), 1);
}

#[test]
fn validate_tells_what_ecs_would_reject_and_nothing_that_only_a_policy_calls_an_error() {
    let place = Backend::local();
    let workspace = Workspace::new("standing-validate");
    let rejected = "readonlyRootFilesystem = true, versionConsistency = \"maybe\"";
    let validate = |of_provider: &str, container: &str, own: &str| {
        workspace.write("main.tf", &format!("{}{}", provider_at(&place, of_provider), web(container, own)));
        workspace.validate()
    };
    validate("", rejected, "").failure().says(REJECTED);
    let lower = "severity = { wrong-enum-value = \"warning\" }";
    validate(lower, rejected, "").success();
    validate("", rejected, lower).success();
    validate("", rejected, &waiver("wrong-enum-value", "9999-12-31")).success();
    validate("", rejected, &waiver("wrong-enum-value", "2001-01-31")).failure().says("ended on 2001-01-31");
    let raise = "severity = { root-filesystem-writable = \"error\" }\n    enforce = [\"ECS.5\"]";
    validate(raise, "essential = true", raise).success();
    validate("", "readonlyRootFilesystem = true, healthChecks = \"x\"", "")
        .success()
        .does_not_say(UNKNOWN_KEY);
    // What validate leaves out, the plan tells.
    workspace.plan().failure().says(UNKNOWN_KEY);
}

/// A data source reads nothing that exists by itself: its errors stay errors, and its page says which way leads out.
#[test]
fn an_error_of_a_data_source_stops_a_destroy_as_well() {
    let place = Backend::local();
    let workspace = Workspace::new("standing-data-source");
    let both = |policy: &str| {
        format!("{}{}", web("readonlyRootFilesystem = true", ""), orders("essential = true", policy))
    };
    workspace.main(&place, &both("")).apply().success();
    workspace.main(&place, &both("enforce = [\"ECS.5\"]"));
    workspace.destroy().failure().says(WRITABLE);
    let lowered = both("enforce = [\"ECS.5\"]").replace(
        &block("enforce = [\"ECS.5\"]"),
        &block(&format!("enforce = [\"ECS.5\"]\n    {}", waiver("root-filesystem-writable", "9999-12-31"))),
    );
    workspace.main(&place, &lowered).destroy().success().says("1 destroyed");
}
