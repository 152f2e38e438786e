//! `lifecycle { ignore_changes }`: what is ignored is neither planned nor registered, although the configuration that an
//! apply is given still holds it. With a pipeline that deploys beside Terraform, its image stays.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::{Backend, Workspace};

/// The service with the two arguments that a story changes, and this ignored.
fn service(family: &str, ignored: &str, further: &str) -> String {
    let lifecycle = format!("lifecycle {{\n    ignore_changes = [{ignored}]\n  }}");
    web(family, "nginx:1.27.0", &format!("tags = {{ change = \"one\" }}\n  {further}\n  {lifecycle}"))
}

/// The same without the Agent: whoever lets a pipeline deploy may have everything in the containers.
fn without_agent(text: &str) -> String {
    let begin = text.find("  agent {").expect("the sample has an agent block");
    let end = begin + text[begin..].find("\n  }\n").expect("the block ends") + "\n  }\n".len();
    format!("{}{}", &text[..begin], &text[end..])
}

/// The containers written in HCL, where one key inside can be ignored.
fn in_hcl(text: &str) -> String {
    text.replace("jsonencode([{", "[{").replace("}])", "}]")
}

/// Replaces what is there exactly once.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    text.replace(from, to)
}

const TAG: (&str, &str) = (r#"change = "one""#, r#"change = "two""#);
const IMAGE: (&str, &str) = ("nginx:1.27.0", "nginx:1.28.0");
const MEMORY: (&str, &str) = (r#""1024""#, r#""2048""#);
const CPU: (&str, &str) = (r#""512""#, r#""256""#);

/// Revision, image of the application, cpu and memory of the task, names of the volumes, the tag.
type Deployed = (i32, String, String, String, Vec<String>, String);

/// What is deployed.
fn deployed(place: &Backend, family: &str) -> Deployed {
    let (newest, tags) = place.definition(family).expect("it is registered");
    let app = newest.container_definitions().iter().find(|one| one.name() == Some("app")).expect("the app");
    let volumes = newest.volumes().iter().filter_map(|volume| volume.name());
    let own = |name: &&str| !name.starts_with("datadog-");
    (
        newest.revision(),
        app.image().unwrap_or_default().to_owned(),
        newest.cpu().unwrap_or_default().to_owned(),
        newest.memory().unwrap_or_default().to_owned(),
        volumes.filter(own).map(str::to_owned).collect(),
        tags.iter()
            .find(|tag| tag.key() == Some("change"))
            .and_then(|tag| tag.value())
            .unwrap_or("none")
            .to_owned(),
    )
}

fn is(revision: i32, image: &str, cpu: &str, memory: &str, volumes: &[&str], tag: &str) -> Deployed {
    let volumes = volumes.iter().map(|name| (*name).to_owned()).collect();
    (revision, image.to_owned(), cpu.to_owned(), memory.to_owned(), volumes, tag.to_owned())
}

/// Applies the second text over the first, once the pipeline has deployed where it does: what is planned is what becomes of
/// it, and then there is nothing to do.
fn change(workspace: &Workspace, place: &Backend, before: &str, after: &str, pipeline: Option<&dyn Fn()>) {
    workspace.main(place, before).apply().success();
    if let Some(deploy) = pipeline {
        deploy();
    }
    workspace.main(place, after);
    let planned = workspace.planned().remove(WEB).expect("a change is planned");
    assert_eq!(planned["actions"], json!(["update"]));
    workspace.run(&["apply", "-input=false", "saved.plan"]).success().says("0 added, 1 changed, 0 destroyed");
    let state = workspace.attributes(WEB).expect("it is in the state");
    assert_eq!(state["sha256"], planned["after"]["sha256"], "what was planned is what was registered");
    workspace.plan().no_changes();
}

/// Name, what is ignored, the change that is ignored and the one beside it, each from and to, and what is deployed then.
type Case =
    (&'static str, &'static str, (&'static str, &'static str), (&'static str, &'static str), Deployed);

#[test]
fn what_is_ignored_is_not_registered_by_a_change_of_something_else() {
    let volume = "volume {\n    name = \"data\"\n  }";
    let second = "volume {\n    name = \"data\"\n  }\n  volume {\n    name = \"more\"\n  }";
    let one_key = "container_definitions[0].image";
    let cases: &[Case] = &[
        // No revision where a tag changes beside it, and a revision without it where content does.
        (
            "definitions-tag",
            "container_definitions",
            IMAGE,
            TAG,
            is(1, "nginx:1.27.0", "512", "1024", &["data"], "two"),
        ),
        (
            "definitions-memory",
            "container_definitions",
            IMAGE,
            MEMORY,
            is(2, "nginx:1.27.0", "512", "2048", &["data"], "one"),
        ),
        ("key-tag", one_key, IMAGE, TAG, is(1, "nginx:1.27.0", "512", "1024", &["data"], "two")),
        (
            "key-containers",
            one_key,
            IMAGE,
            ("8080", "8081"),
            is(2, "nginx:1.27.0", "512", "1024", &["data"], "one"),
        ),
        ("cpu-tag", "cpu", CPU, TAG, is(1, "nginx:1.27.0", "512", "1024", &["data"], "two")),
        ("cpu-image", "cpu", CPU, IMAGE, is(2, "nginx:1.28.0", "512", "1024", &["data"], "one")),
        (
            "volume-tag",
            "volume",
            (volume, second),
            TAG,
            is(1, "nginx:1.27.0", "512", "1024", &["data"], "two"),
        ),
        (
            "volume-image",
            "volume",
            (volume, second),
            IMAGE,
            is(2, "nginx:1.28.0", "512", "1024", &["data"], "one"),
        ),
        ("tags-image", "tags", TAG, IMAGE, is(2, "nginx:1.28.0", "512", "1024", &["data"], "one")),
        (
            "blocks-tag",
            "agent, application",
            ("\"test\"", "\"prod\""),
            TAG,
            is(1, "nginx:1.27.0", "512", "1024", &["data"], "two"),
        ),
    ];
    for (name, ignored, ignored_change, other_change, expected) in cases {
        let place = Backend::local();
        let workspace = Workspace::new(&format!("ignore-{name}"));
        let before = service("ignored", ignored, volume);
        let before = if ignored.ends_with("image") { in_hcl(&before) } else { before };
        let after = changed(&before, ignored_change.0, ignored_change.1);
        let after = changed(&after, other_change.0, other_change.1);
        change(&workspace, &place, &before, &after, None);
        assert_eq!(deployed(&place, "ignored"), *expected, "{name}");
    }
}

/// A pipeline deploys an image, Terraform follows the newest revision and ignores the image: a tag changes nothing else.
#[test]
fn the_image_of_a_pipeline_stays_deployed_when_something_else_changes() {
    for (name, ignored, with_agent) in [
        ("text", "container_definitions", false),
        ("text-agent", "container_definitions", true),
        ("key", "container_definitions[0].image", false),
        ("key-agent", "container_definitions[0].image", true),
    ] {
        let place = Backend::local();
        let workspace = Workspace::new(&format!("pipeline-{name}"));
        let before = service("deployed", ignored, "track_latest = true");
        let before = if with_agent { before } else { without_agent(&before) };
        let before = if ignored.ends_with("image") { in_hcl(&before) } else { before };
        let deploy = || {
            place.redeploy("deployed", "app", "nginx:pipeline", None);
        };
        let after = changed(&before, TAG.0, TAG.1);
        change(&workspace, &place, &before, &after, Some(&deploy));
        assert_eq!(
            deployed(&place, "deployed"),
            is(2, "nginx:pipeline", "512", "1024", &[], "two"),
            "{name}"
        );
        assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("deployed", 2)), "{name}");

        let after = changed(&after, MEMORY.0, MEMORY.1);
        workspace.main(&place, &after).apply().success();
        assert_eq!(
            deployed(&place, "deployed"),
            is(3, "nginx:pipeline", "512", "2048", &[], "two"),
            "{name}"
        );
        workspace.plan().no_changes();
    }
}

/// Somebody else gave the task more memory: it keeps it, and a new image gets it, too.
#[test]
fn an_argument_that_others_change_stays_as_they_changed_it() {
    let place = Backend::local();
    let workspace = Workspace::new("pipeline-memory");
    let before = service("grown", "memory, tags", "track_latest = true");
    let deploy = || {
        place.redeploy("grown", "app", "nginx:1.27.0", Some("4096"));
    };
    let after = changed(&before, IMAGE.0, IMAGE.1);
    change(&workspace, &place, &before, &after, Some(&deploy));
    assert_eq!(deployed(&place, "grown"), is(3, "nginx:1.28.0", "512", "4096", &[], "none"));
}

#[test]
fn nothing_is_registered_where_everything_is_ignored() {
    let place = Backend::local();
    let workspace = Workspace::new("ignore-all");
    let text = web(
        "all",
        "nginx:1.27.0",
        "tags = { change = \"one\" }\n  lifecycle {\n    ignore_changes = all\n  }",
    );
    workspace.main(&place, &text).apply().success();
    let after = changed(&changed(&text, IMAGE.0, IMAGE.1), TAG.0, TAG.1);
    workspace.main(&place, &after).plan().no_changes();
    workspace.apply().success().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(deployed(&place, "all"), is(1, "nginx:1.27.0", "512", "1024", &[], "one"));
}

/// The same at moto, whose answers are not those of the local endpoint.
#[test]
fn what_is_ignored_is_not_registered_at_moto() {
    let place = Backend::moto();
    let workspace = Workspace::new("ignore-moto");
    let before = service("ignored-at-moto", "container_definitions", "track_latest = true");
    let deploy = || {
        place.redeploy("ignored-at-moto", "app", "nginx:pipeline", None);
    };
    change(&workspace, &place, &before, &changed(&before, TAG.0, TAG.1), Some(&deploy));
    assert_eq!(deployed(&place, "ignored-at-moto"), is(2, "nginx:pipeline", "512", "1024", &[], "two"));
}
