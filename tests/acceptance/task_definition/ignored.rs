//! `ignore_container_changes`: what a pipeline deployed stays, and nothing else of it.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::{Backend, Workspace};

const NEWER: &str = "A newer revision was registered outside Terraform";
const IMAGE: &str = r#"ignore_container_changes = { app = ["image"] }"#;

fn service(further: &str) -> String {
    web("web", "nginx:1.27.0", further)
}

fn grown(text: &str) -> String {
    text.replace("\"1024\"", "\"2048\"")
}

/// Number, image of the application, its port, memory of the task, of the newest revision.
fn newest(place: &Backend) -> (i32, String, i32, String) {
    let (newest, _) = place.definition("web").expect("it is registered");
    let app = newest.container_definitions().iter().find(|one| one.name() == Some("app")).expect("the app");
    let port = app.port_mappings().iter().find_map(|port| port.container_port()).unwrap_or_default();
    (
        newest.revision(),
        app.image().unwrap_or_default().to_owned(),
        port,
        newest.memory().unwrap_or_default().to_owned(),
    )
}

fn is(revision: i32, image: &str, port: i32, memory: &str) -> (i32, String, i32, String) {
    (revision, image.to_owned(), port, memory.to_owned())
}

/// The same at both places: containers as text and in HCL, with a pipeline that deploys the image.
#[test]
fn what_a_pipeline_deployed_is_no_change_and_is_registered_with_the_next_one() {
    for (name, place, in_hcl) in
        [("text", Backend::local(), false), ("hcl", Backend::local(), true), ("moto", Backend::moto(), false)]
    {
        let workspace = Workspace::new(&format!("kept-{name}"));
        let text = service(&format!("keep_json = true\n  {IMAGE}"));
        let text = if in_hcl { text.replace("jsonencode([{", "[{").replace("}])", "}]") } else { text };
        let text = text.replace("\"web\"\n  cpu", &format!("\"kept-{name}\"\n  cpu"));
        let family = format!("kept-{name}");
        workspace.main(&place, &text).apply().success();
        place.redeploy(&family, "app", "nginx:pipeline", None);
        workspace.plan().no_changes().does_not_say(NEWER);
        assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn(&family, 1)));

        // The image of the configuration is what the next family begins with, and nothing more.
        let text = text.replace("nginx:1.27.0", "nginx:1.28.0");
        workspace.main(&place, &text).plan().no_changes();
        let text = grown(&text);
        let planned = workspace.main(&place, &text).planned().remove(WEB).expect("a change is planned");
        let summary = planned["after"]["change_summary"].as_str().expect("it is known at plan");
        for part in [
            "memory 1024 → 2048",
            "app: image nginx:1.27.0 → nginx:pipeline",
            "kept from revision 2 of arn:aws:",
            ": app image",
        ] {
            // moto does not say who registered a revision.
            let part = if name == "moto" { part.trim_end_matches(" of arn:aws:") } else { part };
            assert!(summary.contains(part), "{part} in {summary}");
        }
        let json = planned["after"]["json"].as_str().expect("it is known at plan");
        assert!(json.contains("nginx:pipeline") && !json.contains("nginx:1.2"), "{json}");
        let written = planned["after"]["container_definitions"].to_string();
        assert!(written.contains("nginx:1.28.0"), "an argument is planned as it is written: {written}");
        workspace.run(&["apply", "-input=false", "saved.plan"]).success().does_not_say("outside Terraform");
        let (definition, _) = place.definition(&family).expect("it is registered");
        assert_eq!((definition.revision(), definition.memory()), (3, Some("2048")), "{name}");
        let state = workspace.attributes(WEB).unwrap();
        assert_eq!(state["sha256"], planned["after"]["sha256"]);
        assert_eq!(state["json"].as_str(), Some(json));
        workspace.plan().no_changes();

        // From then on it is kept of the resource's own revision.
        workspace.main(&place, &text.replace("8080", "8081")).apply().success();
        let (definition, _) = place.definition(&family).expect("it is registered");
        let app = definition.container_definitions().iter().find(|one| one.name() == Some("app"));
        assert_eq!((definition.revision(), app.unwrap().image()), (4, Some("nginx:pipeline")), "{name}");
        workspace.plan().no_changes();
        workspace.run(&["plan", "-refresh=false", "-detailed-exitcode"]).no_changes();
        workspace.destroy().success();
        assert_eq!(place.status(&arn(&family, 2)), "ACTIVE", "the pipeline's own stays");
    }
}

#[test]
fn another_change_beside_the_image_is_told_and_taken_back_by_the_next_registration() {
    let place = Backend::local();
    let workspace = Workspace::new("kept-image-alone");
    workspace.main(&place, &service(IMAGE)).apply().success();
    place.redeploy("web", "app", "nginx:pipeline", Some("4096"));
    workspace.plan().no_changes().says(NEWER).says("memory 1024 → 4096");
    workspace.main(&place, &service(IMAGE).replace("8080", "8081")).apply().success();
    assert_eq!(newest(&place), is(3, "nginx:pipeline", 8081, "1024"));
    workspace.plan().no_changes().does_not_say(NEWER);
}

/// Nothing is read for it where nothing is to be kept, and without a refresh the state's own revision is what is kept.
#[test]
fn without_a_refresh_the_last_known_revision_is_kept() {
    let place = Backend::local();
    let workspace = Workspace::new("kept-unrefreshed");
    workspace.main(&place, &service(IMAGE)).apply().success();
    place.server().forget_requests();
    workspace.run(&["plan", "-refresh=false", "-detailed-exitcode"]).no_changes();
    assert!(place.server().requests_of("DescribeTaskDefinition").is_empty());
    place.redeploy("web", "app", "nginx:pipeline", None);
    workspace.main(&place, &grown(&service(IMAGE)));
    workspace
        .run(&["apply", "-refresh=false", "-auto-approve"])
        .success()
        .says("since the plan")
        .says("app: image nginx:pipeline → nginx:1.27.0");
    assert_eq!(newest(&place), is(3, "nginx:1.27.0", 8080, "2048"));
}

#[test]
fn it_goes_together_with_ignore_changes_and_with_track_latest() {
    let lifecycle = "lifecycle {\n    ignore_changes = [container_definitions]\n  }";
    for (name, further, port) in [
        ("kept-ignored", format!("{IMAGE}\n  {lifecycle}"), 8080),
        ("kept-tracked", format!("{IMAGE}\n  track_latest = true"), 8081),
        ("kept-both", format!("{IMAGE}\n  track_latest = true\n  {lifecycle}"), 8080),
    ] {
        let place = Backend::local();
        let workspace = Workspace::new(name);
        workspace.main(&place, &service(&further)).apply().success();
        place.redeploy("web", "app", "nginx:pipeline", None);
        workspace.plan().no_changes().does_not_say(NEWER);
        let after = grown(&service(&further)).replace("8080", "8081").replace("1.27.0", "1.28.0");
        workspace.main(&place, &after).apply().success().does_not_say("outside Terraform");
        assert_eq!(newest(&place), is(3, "nginx:pipeline", port, "2048"), "{name}");
        workspace.plan().no_changes();
    }
}

/// The first registration is the configuration's, over whatever is there.
#[test]
fn a_creation_registers_what_is_written() {
    let place = Backend::local();
    let workspace = Workspace::new("kept-none-yet");
    workspace.main(&place, &service("")).apply().success();
    place.redeploy("web", "app", "nginx:pipeline", None);
    std::fs::remove_file(workspace.folder().join("terraform.tfstate")).unwrap();
    workspace.main(&place, &service(IMAGE)).apply().success();
    assert_eq!(newest(&place), is(3, "nginx:1.27.0", 8080, "1024"));
    workspace.plan().no_changes();
}

#[test]
fn keys_that_are_known_at_apply_are_kept_then() {
    let place = Backend::local();
    let workspace = Workspace::new("kept-unknown");
    workspace.main(&place, &service("")).apply().success();
    place.redeploy("web", "app", "nginx:pipeline", None);
    let later = |key: &str| {
        format!("resource \"terraform_data\" \"later\" {{\n  input = \"{key}\"\n}}\n")
            + &grown(&service("ignore_container_changes = { app = [terraform_data.later.output] }"))
    };
    let planned = workspace.main(&place, &later("image")).planned().remove(WEB).expect("a change");
    assert_eq!(planned["after_unknown"]["sha256"], json!(true));
    workspace.main(&place, &later("imag")).apply().failure().says("names \"imag\" of \"app\"");
    assert_eq!(newest(&place).0, 2);
    workspace.run(&["state", "rm", "terraform_data.later"]).success();
    workspace.main(&place, &later("image")).apply().success();
    assert_eq!(newest(&place), is(3, "nginx:pipeline", 8080, "2048"));
    workspace.plan().no_changes();
}

#[test]
fn what_cannot_be_ignored_is_told_all_at_once_with_the_line_to_write() {
    let workspace = Workspace::new("kept-mistakes");
    let place = Backend::local();
    let mistakes = r#"ignore_container_changes = {
    appp          = ["image"]
    app           = ["imag", "name", "cpu"]
    datadog-agent = ["image"]
    other         = ["image"]
  }"#;
    let told = [
        "names the container \"appp\", and the containers of this task are \"app\". Write: ignore_container_changes = { app = \
         [\"image\"] }",
        "names \"imag\" of \"app\", and container definitions have no such key. Write: ignore_container_changes = { app = \
         [\"cpu\", \"image\"] }",
        "names \"name\" of \"app\". A container is found by its name, so nobody else can change it. Write: \
         ignore_container_changes = { app = [\"cpu\", \"image\"] }",
        "names \"datadog-agent\", which the agent block adds",
        "names the container \"other\", and the containers of this task are \"app\". Write the name of one of them",
    ];
    workspace.main(&place, &service(mistakes));
    let (validated, planned) = (workspace.validate().failure(), workspace.plan().failure());
    told.iter().fold(validated, |outcome, text| outcome.says(text));
    told.iter().fold(planned, |outcome, text| outcome.says(text));
    // Case is that of container definitions, and nothing named is nothing kept.
    let fine = "ignore_container_changes = { app = [\"Image\", null], }";
    workspace.main(&place, &service(fine)).apply().success();
    place.redeploy("web", "app", "nginx:pipeline", None);
    workspace.plan().no_changes().does_not_say(NEWER);
    workspace.main(&place, &service("ignore_container_changes = { app = [] }")).plan().says(NEWER);
}
