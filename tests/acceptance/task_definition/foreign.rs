//! Revisions that somebody else registers on top: told once, let pass, or what stops a registration.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::{Backend, Outcome, Workspace};

const NEWER: &str = "A newer revision was registered outside Terraform";
const SINCE: &str = "A revision was registered outside Terraform since the plan";
const IMAGE: &str = r#"ignore_container_changes = { app = ["image"] }"#;

/// What was described since the record was forgotten.
fn described(place: &Backend) -> Vec<String> {
    let ids = place.server().requests_of("DescribeTaskDefinition");
    ids.iter().map(|body| body["taskDefinition"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The service with 1024 MiB, or with more.
fn service(further: &str) -> String {
    web("web", "nginx:1.27.0", further)
}

fn grown(further: &str) -> String {
    service(further).replace("\"1024\"", "\"2048\"")
}

/// The service as it was applied, and a revision of a pipeline on top.
fn deployed_over(name: &str, further: &str) -> (Workspace, Backend) {
    let place = Backend::local();
    let workspace = Workspace::new(name);
    workspace.main(&place, &service(further)).apply().success().does_not_say(NEWER);
    place.redeploy("web", "app", "nginx:pipeline", None);
    (workspace, place)
}

trait Told: Sized {
    fn says_so_often(self, text: &str, times: usize) -> Self;
}

impl Told for Outcome {
    /// Of warnings with one headline the core shows the first and the number of the others.
    #[track_caller]
    fn says_so_often(self, text: &str, times: usize) -> Self {
        assert_eq!(self.output.matches(text).count(), times, "so often: {text}\n{self}");
        let mut told = self.output.split("Warning: ").filter(|warning| warning.starts_with(text));
        assert!(!told.any(|warning| warning.contains("more similar warning")), "more often: {text}\n{self}");
        self
    }
}

/// Image of the application and memory of the task, of the newest revision.
fn newest(place: &Backend) -> (i32, String, String) {
    let (newest, _) = place.definition("web").expect("it is registered");
    let app = newest.container_definitions().iter().find(|one| one.name() == Some("app")).expect("the app");
    (
        newest.revision(),
        app.image().unwrap_or_default().to_owned(),
        newest.memory().unwrap_or_default().to_owned(),
    )
}

fn is(revision: i32, image: &str, memory: &str) -> (i32, String, String) {
    (revision, image.to_owned(), memory.to_owned())
}

#[test]
fn a_refresh_is_one_look_at_the_family_while_nothing_foreign_happened() {
    let place = Backend::local();
    let workspace = Workspace::new("one-look");
    workspace.main(&place, &service("")).apply().success();
    place.server().forget_requests();
    workspace.plan().no_changes();
    assert_eq!(described(&place), ["web"]);

    place.redeploy("web", "app", "nginx:pipeline", None);
    place.server().forget_requests();
    workspace.plan().no_changes();
    assert_eq!(described(&place), ["web".to_owned(), arn("web", 1)], "its own may be gone");

    // The newest one is deregistered again, and the one before is the resource's own.
    place.deregister(&arn("web", 2));
    place.server().forget_requests();
    workspace.plan().no_changes().does_not_say(NEWER);
    assert_eq!(described(&place), ["web"]);
}

#[test]
fn a_foreign_revision_is_one_warning_as_long_as_it_is_the_newest() {
    let (workspace, place) = deployed_over("foreign-warn", "");
    for _ in 0..2 {
        workspace
            .plan()
            .no_changes()
            .says_so_often(NEWER, 1)
            .says(&arn("web", 2))
            .says("was registered by arn:aws:")
            .says("Compared with revision 1, the one in the state:")
            .says("app: image nginx:1.27.0 → nginx:pipeline")
            .says(IMAGE);
    }
    workspace.run(&["apply", "-refresh-only", "-auto-approve"]).success().says_so_often(NEWER, 1);
    place.server().forget_requests();
    workspace.run(&["plan", "-refresh=false"]).success().says_so_often(NEWER, 0);
    assert!(described(&place).is_empty());

    workspace.main(&place, &grown("")).plan().changes().says_so_often(NEWER, 1);
    workspace.apply().success().says_so_often(NEWER, 1).does_not_say(SINCE);
    assert_eq!(newest(&place), is(3, "nginx:1.27.0", "2048"), "nobody said that it is to stay");
    workspace.plan().no_changes().does_not_say(NEWER);
}

#[test]
fn a_foreign_revision_is_ignored_where_that_is_said() {
    let (workspace, place) = deployed_over("foreign-ignore", "on_foreign_revision = \"ignore\"");
    workspace.plan().no_changes().does_not_say(NEWER);
    workspace.main(&place, &grown("on_foreign_revision = \"ignore\"")).apply().success().does_not_say(NEWER);
    assert_eq!(newest(&place), is(3, "nginx:1.27.0", "2048"));

    // What is written now counts, although the refresh knows only what was applied.
    place.redeploy("web", "app", "nginx:pipeline", None);
    workspace.main(&place, &grown("")).plan().changes().says_so_often(NEWER, 1);
}

#[test]
fn an_error_stops_what_would_be_registered_and_nothing_else() {
    let error = "on_foreign_revision = \"error\"";
    let (workspace, place) = deployed_over("foreign-error", error);
    workspace
        .plan()
        .no_changes()
        .says_so_often(NEWER, 1)
        .says("This stops the next registration, because on_foreign_revision is \"error\".");
    workspace
        .main(&place, &grown(error))
        .plan()
        .failure()
        .says("Nothing is registered over it")
        .says("app: image nginx:1.27.0 → nginx:pipeline")
        .says(&format!("aws ecs deregister-task-definition --task-definition {}", arn("web", 2)));
    assert_eq!(place.registrations(), 2);
    // A change of tags registers nothing.
    let tagged = service(&format!("{error}\n  tags = {{ team = \"shop\" }}"));
    workspace.main(&place, &tagged).apply().success().says("0 added, 1 changed");
    // Another apply was killed after it registered what is wanted: that is adopted.
    let other = Workspace::new("foreign-error-killed");
    other.main(&place, &grown("")).apply().success();
    workspace.main(&place, &grown(error)).apply().success();
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 3)));
    assert_eq!(place.registrations(), 3);
    place.redeploy("web", "app", "nginx:pipeline", None);
    workspace.destroy().success();
}

#[test]
fn with_track_latest_a_revision_is_followed_and_an_error_lets_none_be_registered_over_it() {
    let track = "track_latest = true";
    let (workspace, place) = deployed_over("foreign-tracked", track);
    workspace.plan().changes().does_not_say(NEWER);
    let error = format!("{track}\n  on_foreign_revision = \"error\"");
    workspace
        .main(&place, &service(&error))
        .plan()
        .failure()
        .says_so_often(NEWER, 1)
        .says("Compared with what the configuration says:")
        .says("app: image nginx:1.27.0 → nginx:pipeline");
    let kept = format!("{error}\n  {IMAGE}");
    workspace.main(&place, &service(&kept)).apply().success();
    assert_eq!(place.registrations(), 2);
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 2)));
    workspace.main(&place, &grown(&kept)).apply().success().does_not_say(NEWER);
    assert_eq!(newest(&place), is(3, "nginx:pipeline", "2048"));
    workspace.plan().no_changes();
    // What is ignored stops nothing, and what is not does.
    place.redeploy("web", "app", "nginx:later", None);
    let more = |memory: &str| service(&kept).replace("\"1024\"", memory);
    workspace.main(&place, &more("\"3072\"")).apply().success();
    assert_eq!(newest(&place), is(5, "nginx:later", "3072"));
    place.redeploy("web", "app", "nginx:last", Some("4096"));
    workspace.main(&place, &more("\"2048\"")).plan().failure().says("memory 2048 → 4096");
}

#[test]
fn a_value_that_is_none_or_not_known_yet_is_told_when_it_is_known() {
    let place = Backend::local();
    let workspace = Workspace::new("foreign-value");
    workspace.main(&place, &service("on_foreign_revision = \"Warn\"")).validate().failure().says(
        "on_foreign_revision is \"Warn\", and this version of the provider knows \"ignore\", \"warn\", \"error\". Write: \
         on_foreign_revision = \"warn\"",
    );
    workspace.main(&place, &service("")).apply().success();
    place.redeploy("web", "app", "nginx:pipeline", None);
    let known_later = |value: &str| {
        let argument = "on_foreign_revision = terraform_data.later.output";
        format!("resource \"terraform_data\" \"later\" {{\n  input = \"{value}\"\n}}\n{}", grown(argument))
    };
    workspace.main(&place, &known_later("error")).plan().changes().says_so_often(NEWER, 1);
    workspace.apply().failure().says("Nothing is registered over it");
    assert_eq!(place.registrations(), 2);
    workspace.run(&["state", "rm", "terraform_data.later"]).success();
    workspace.main(&place, &known_later("wrong")).apply().failure().says("on_foreign_revision is \"wrong\"");
    assert_eq!(place.registrations(), 2);
    workspace.run(&["state", "rm", "terraform_data.later"]).success();
    workspace.main(&place, &known_later("ignore")).apply().success();
    assert_eq!(newest(&place), is(3, "nginx:1.27.0", "2048"));
}

/// What nobody saw in the plan is told, and what was seen is registered.
#[test]
fn a_pipeline_that_deploys_between_plan_and_apply_is_told() {
    for (on, is_told) in [("warn", true), ("ignore", false)] {
        let further = format!("on_foreign_revision = \"{on}\"\n  {IMAGE}");
        let (workspace, place) = deployed_over(&format!("meanwhile-{on}"), &further);
        let planned = workspace.main(&place, &grown(&further)).planned().remove(WEB).expect("a change");
        place.redeploy("web", "app", "nginx:later", None);
        let applied = workspace.run(&["apply", "-input=false", "saved.plan"]).success();
        let applied = applied.says_so_often(SINCE, usize::from(is_told)).does_not_say(NEWER);
        if is_told {
            applied
                .says(&format!("{} was registered by arn:aws:", arn("web", 3)))
                .says("What was registered changes it so: app: image nginx:later → nginx:pipeline");
        }
        assert_eq!(newest(&place), is(4, "nginx:pipeline", "2048"));
        assert_eq!(workspace.attributes(WEB).unwrap()["sha256"], planned["after"]["sha256"]);
    }
    let (workspace, place) = deployed_over("meanwhile-error", "");
    let error = format!("on_foreign_revision = \"error\"\n  {IMAGE}");
    workspace.main(&place, &grown(&error)).planned();
    place.redeploy("web", "app", "nginx:later", None);
    workspace
        .run(&["apply", "-input=false", "saved.plan"])
        .failure()
        .says(SINCE)
        .says("Nothing was registered over it");
    assert_eq!(newest(&place), is(3, "nginx:later", "1024"));
}

#[test]
fn two_states_of_one_family_tell_each_of_the_other() {
    let place = Backend::local();
    let (one, other) = (Workspace::new("foreign-one"), Workspace::new("foreign-other"));
    one.main(&place, &service("")).apply().success();
    other.main(&place, &grown("")).apply().success().does_not_say(NEWER);
    one.plan().no_changes().says_so_often(NEWER, 1).says("memory 1024 → 2048");
    other.plan().no_changes().does_not_say(NEWER);
    one.main(&place, &service(IMAGE)).apply().success().says_so_often(NEWER, 1);
    let more = service(IMAGE).replace("\"1024\"", "\"4096\"");
    one.main(&place, &more).apply().success();
    other.plan().no_changes().says_so_often(NEWER, 1).says("memory 2048 → 4096");
}

/// What is ignored is what was applied: of the argument as of the containers.
#[test]
fn it_goes_together_with_ignore_changes() {
    let error = "on_foreign_revision = \"error\"";
    let ignored = |what: &str| format!("{error}\n  lifecycle {{\n    ignore_changes = [{what}]\n  }}");
    let (workspace, place) = deployed_over("foreign-ignored", "");
    let argument = ignored("on_foreign_revision");
    workspace.main(&place, &grown(&argument)).apply().success().says_so_often(NEWER, 1);
    assert_eq!(newest(&place), is(3, "nginx:1.27.0", "2048"));
    place.redeploy("web", "app", "nginx:pipeline", None);
    let containers =
        grown(&ignored("container_definitions")).replace("2048", "3072").replace("1.27.0", "1.28.0");
    let stopped = workspace.main(&place, &containers).plan().failure().says("Nothing is registered over it");
    stopped.says("app: image nginx:1.27.0 → nginx:pipeline");
    assert_eq!(place.registrations(), 4);
}
