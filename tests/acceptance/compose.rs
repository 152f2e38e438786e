//! `ddrofs_agent_compose` through a real core: what it gives, what it refuses and where, and what it never shows.

use crate::harness::Workspace;

const WEB: &str = r#"{ web = { image = "example.com/web:1.2.3" } }"#;

fn compose(body: &str) -> String {
    format!(
        "data \"ddrofs_agent_compose\" \"one\" {{\n{body}\n}}\noutput \"yaml\" {{\n  value = data.ddrofs_agent_compose.one.yaml\n}}\n"
    )
}

fn attributes(workspace: &Workspace) -> serde_json::Value {
    workspace.attributes("data.ddrofs_agent_compose.one").expect("it is in the state")
}

#[test]
fn yaml_text_and_the_same_in_hcl_give_the_same_document_and_given_in_again_it_stays() {
    let workspace = Workspace::offline("compose-forms", "");
    let text = "  services = <<-YAML\n    services:\n      web:\n        image: example.com/web:1.2.3 # a comment\n  YAML";
    let mut documents = Vec::new();
    for body in [format!("  services = {WEB}"), text.to_owned()] {
        workspace.write("compose.tf", &compose(&body));
        workspace.apply().success();
        let state = attributes(&workspace);
        assert_eq!(
            state["findings"].as_array().unwrap().iter().filter(|one| one["severity"] == "error").count(),
            0
        );
        documents.push(state["yaml"].as_str().unwrap().to_owned());
    }
    assert_eq!(documents[0], documents[1]);
    for part in [
        "read_only: true",
        "service_completed_successfully",
        "unix:///var/run/datadog/apm.socket",
        "${DD_API_KEY:?",
    ] {
        assert!(documents[0].contains(part), "{part} is not in {}", documents[0]);
    }
    workspace.write("again.yaml", &documents[0]);
    workspace.write("compose.tf", &compose("  services = file(\"again.yaml\")"));
    workspace.apply().success();
    assert_eq!(attributes(&workspace)["yaml"].as_str().unwrap(), documents[0]);
    workspace.plan().no_changes();
}

#[test]
fn what_of_the_providers_block_is_of_ecs_is_left_out_and_an_error_in_the_data_source() {
    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";
    let provider = format!(
        "provider \"ddrofs\" {{\n  agent {{\n    api_key_secret_arn = \"{ARN}\"\n    env = \"prod\"\n  }}\n}}\n"
    );
    let workspace = Workspace::offline("compose-fleet", "");
    workspace
        .write("compose.tf", &format!("{provider}{}", compose("  api_key_secret = \"datadog_api_key\"")));
    workspace.apply().success();
    let yaml = attributes(&workspace)["yaml"].as_str().unwrap().to_owned();
    assert!(!yaml.contains("arn:aws"), "{yaml}");
    for part in ["DD_ENV: prod", "ENC[file@/run/secrets/datadog_api_key]", "${DD_API_KEY_FILE:?"] {
        assert!(yaml.contains(part), "{part} is not in {yaml}");
    }
    workspace.write("compose.tf", &compose(&format!("  api_key_secret_arn = \"{ARN}\"\n  essential = true")));
    let refused = workspace.plan().failure();
    refused
        .says("Setting of another platform")
        .says("`api_key_secret_arn`")
        .says("`essential`")
        .says("api_key_environment");
}

#[test]
fn a_key_is_never_part_of_the_document_and_never_shown() {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    let workspace = Workspace::offline("compose-key", "");
    for body in [
        format!("  api_key_environment = \"{KEY}\""),
        format!("  api_key_secret = \"{KEY}\""),
        format!("  environment = {{ DD_API_KEY = \"{KEY}\" }}"),
        format!("  secrets = {{ DD_APP_KEY = \"{KEY}!\" }}"),
    ] {
        workspace.write("compose.tf", &compose(&body));
        let refused = workspace.run(&["plan", "-input=false", "-no-color", "-json"]);
        assert!(!refused.succeeded(), "{body}");
        for line in refused.output.lines().filter(|line| line.contains("\"@level\":\"error\"")) {
            let shown: serde_json::Value = serde_json::from_str(line).unwrap();
            let texts = format!("{} {}", shown["diagnostic"]["summary"], shown["diagnostic"]["detail"]);
            assert!(!texts.contains(KEY), "{texts}");
        }
    }
}

#[test]
fn bad_services_are_told_where_they_are_and_nothing_crashes() {
    let workspace = Workspace::offline("compose-bad", "");
    let bomb = format!(
        "a0: &a0 x\n{}",
        (1..30).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect::<String>()
    );
    for (name, text, said) in [
        ("tab", "services:\n\tweb: {}\n".to_owned(), "Line 2"),
        (
            "duplicate",
            "services:\n  web: {image: a}\n  web: {image: b}\n".to_owned(),
            "written more than once",
        ),
        ("anchor", "services: *nowhere\n".to_owned(), "Line 1"),
        ("bomb", bomb, "aliases stand for"),
        ("ten-mebibytes", format!("services: {{web: {{image: {}}}}}", "x".repeat(10 << 20)), "bytes long"),
        ("list", "- web\n".to_owned(), "mapping of names to services"),
        (
            "tag",
            "services:\n  web:\n    image: a\n    ports: !reset []\n".to_owned(),
            "Tag that would be lost",
        ),
        (
            "name",
            "services:\n  datadog-agent:\n    image: nginx:1.27.0\n".to_owned(),
            "container_name = \"datadog-agent-2\"",
        ),
    ] {
        workspace.write(&format!("{name}.yaml"), &text);
        workspace.write("compose.tf", &compose(&format!("  services = file(\"{name}.yaml\")")));
        workspace.plan().failure().says(said);
    }
}

/// Findings and what stands in the way are told with the line of the text, or with the path into the value.
#[test]
fn what_is_found_in_given_services_is_told_where_they_say_it() {
    let workspace = Workspace::offline("compose-places", "");
    let text = "services:\n  web:\n    image: example.com/web:1.2.3\n    environment:\n      - DD_SITE=\"datadoghq.eu\"\n";
    workspace.write("one.yaml", text);
    workspace.write("compose.tf", &compose("  services = file(\"one.yaml\")"));
    workspace.plan().changes().says("Place: services.web.environment[0], line 5, column 9");
    // Without the document around it, and of two places each with its own.
    let bare = "web:\n  image: a:1\n  environment:\n    - DD_SITE=\"x\"\nworker:\n  image: a:1\n  environment: [A=1, DD_SITE='x']\n";
    workspace.write("bare.yaml", bare);
    workspace.write("compose.tf", &compose("  services = file(\"bare.yaml\")"));
    workspace
        .plan()
        .changes()
        .says("services.web.environment[0], line 4, column 7 (service web)")
        .says("services.worker.environment[1], line 7, column 22 (service worker)");
    workspace.write("covered.yaml", "web:\n  image: a:1\n  volumes:\n    - data:/var/run/datadog\n");
    workspace.write("compose.tf", &compose("  services = file(\"covered.yaml\")"));
    workspace.plan().failure().says("line 3, column 3");
    let value = r#"{ web = { image = "a:1", environment = ["DD_SITE='x'"] } }"#;
    workspace.write("compose.tf", &compose(&format!("  services = {value}")));
    let told = workspace.plan().changes().says("services.web.environment[0]");
    assert!(!told.output.contains(", line "), "{}", told.output);
}

#[test]
fn what_a_service_says_elsewhere_is_not_overruled_in_silence() {
    let workspace = Workspace::offline("compose-elsewhere", "");
    let services = r#"{ web = { image = "a:1", env_file = ".env", environment = { DD_DOGSTATSD_URL = "unix:///var/run/datadog/dsd.socket" } } }"#;
    workspace.write("compose.tf", &compose(&format!("  services = {services}")));
    workspace
        .plan()
        .changes()
        .says("What is written elsewhere was not seen")
        .says("web: DD_TRACE_AGENT_URL over env_file");
}
