//! `ddrofs_agent_docker` through a real core: what it gives, what it refuses, what it never shows, and what others say of it.

use std::fs;
use std::path::Path;

use crate::harness::{Workspace, problems_of_dockerfiles, problems_of_scripts};

#[path = "../support/docker/mod.rs"]
mod machine;

use machine::{Machine, deeds};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn docker(body: &str) -> String {
    format!("data \"ddrofs_agent_docker\" \"one\" {{\n{body}\n}}\n")
}

fn attributes(workspace: &Workspace) -> serde_json::Value {
    workspace.attributes("data.ddrofs_agent_docker.one").expect("it is in the state")
}

#[test]
fn the_script_of_the_smallest_configuration_starts_an_agent_and_is_sound() {
    let workspace = Workspace::offline("docker-minimal", "");
    workspace.write("docker.tf", &docker(""));
    workspace.apply().success();
    workspace.plan().no_changes();
    let state = attributes(&workspace);
    assert_eq!(state["findings"].as_array().unwrap().len(), 0);
    let script = state["commands"].as_str().unwrap().to_owned();
    assert_eq!(problems_of_scripts("docker-minimal", &[("minimal".to_owned(), script.clone())]), "");
    let machine = Machine::new("acceptance");
    let output = machine.run(&script, &[("DD_API_KEY", KEY)]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = machine.calls();
    assert!(!format!("{calls:?}").contains(KEY));
    assert_eq!(deeds(&calls)[4..], ["run datadog-init", "run datadog-agent"], "{calls:?}");
    let before = machine.snapshot();
    assert!(machine.run(&script, &[("DD_API_KEY", KEY)]).status.success());
    assert_eq!(deeds(&machine.calls()), [""; 0]);
    assert_eq!(machine.snapshot(), before);
    // The arguments of the resources say the same.
    let containers = state["containers"].as_array().unwrap();
    let names: Vec<_> = containers.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["datadog-init", "datadog-agent"]);
    for container in containers {
        assert_eq!(container["read_only"], true);
    }
    assert_eq!(containers[1]["secrets"]["DD_API_KEY"], "DD_API_KEY");
    assert!(state["config_dockerfile"].is_null());
    let wiring = state["wiring"]["run_options"].as_str().unwrap();
    assert!(wiring.contains("--env DD_TRACE_AGENT_URL=unix:///var/run/datadog/apm.socket"), "{wiring}");
}

/// An image, its files and the network that ports need, through the types of a real state.
#[test]
fn every_attribute_of_a_container_reaches_the_state() {
    let workspace = Workspace::offline("docker-everything", "");
    let body = "  user = \"100\"\n  cpu = 512\n  memory = 512\n  wait_until_healthy = true\n  api_key_file = \"/etc/datadog/api_key\"\n  \
                docker_labels = { owner = \"platform\" }\n  config_files = { \"conf.d/x.d/conf.yaml\" = \"instances: [{}]\\n\" }\n  \
                apm {\n    socket = false\n    port = 9126\n  }\n  log_configuration {\n    log_driver = \"local\"\n    \
                options = { max-size = \"10m\" }\n  }";
    workspace.write("docker.tf", &docker(body));
    workspace.apply().success();
    let state = attributes(&workspace);
    let agent = &state["containers"][1];
    for (attribute, expected) in [
        ("user", serde_json::json!("100")),
        ("cpus", "0.5".into()),
        ("memory", 512.into()),
        ("wait", true.into()),
        ("wait_timeout", 120.into()),
        ("log_driver", "local".into()),
        ("log_opts", serde_json::json!({"max-size": "10m"})),
        ("labels", serde_json::json!([{"label": "owner", "value": "platform"}])),
        ("networks_advanced", serde_json::json!([{"name": "datadog-agent"}])),
        ("secrets", serde_json::Value::Null),
    ] {
        assert_eq!(agent[attribute], expected, "{attribute}");
    }
    assert_eq!(state["networks"], serde_json::json!([{"name": "datadog-agent"}]));
    let files = [("config", "config_dockerfile"), ("volumes", "dockerfile")];
    let texts = files.map(|(name, key)| (name.to_owned(), state[key].as_str().unwrap().to_owned()));
    assert_eq!(problems_of_dockerfiles("docker-everything", &texts), "");
    let script = state["commands"].as_str().unwrap();
    assert!(script.contains("source=/etc/datadog/api_key,target=/run/secrets/api_key,readonly"), "{script}");
}

#[test]
fn every_golden_script_and_dockerfile_is_sound_by_the_programs_of_others() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/docker");
    let read = |ending: &str| {
        let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.extension().is_some_and(|own| own == ending));
        let texts = files.map(|path| {
            (path.file_stem().unwrap().display().to_string(), fs::read_to_string(&path).unwrap())
        });
        texts.collect::<Vec<_>>()
    };
    let (scripts, dockerfiles) = (read("sh"), read("Dockerfile"));
    assert!(scripts.len() >= 8 && dockerfiles.len() == 2);
    assert_eq!(problems_of_scripts("docker-golden", &scripts), "");
    assert_eq!(problems_of_dockerfiles("docker-golden", &dockerfiles), "");
}

#[test]
fn the_programs_of_others_are_some_that_would_notice() {
    let one = |text: &str| [("wrong".to_owned(), text.to_owned())];
    let said = problems_of_scripts("docker-wrong", &one("#!/bin/sh\necho $1\n"));
    assert!(said.contains("SC2086"), "{said}");
    let said = problems_of_dockerfiles("docker-wrong", &one("FROM debian\nCOPY a b\n"));
    assert!(said.contains("DL3006"), "{said}");
}

#[test]
fn what_is_of_another_platform_is_left_out_of_the_fleet_and_an_error_nearer() {
    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";
    let provider = format!(
        "provider \"ddrofs\" {{\n  agent {{\n    api_key_secret_arn = \"{ARN}\"\n    env = \"prod\"\n  }}\n}}\n"
    );
    let workspace = Workspace::offline("docker-fleet", "");
    workspace.write("docker.tf", &format!("{provider}{}", docker("")));
    workspace.apply().success();
    let script = attributes(&workspace)["commands"].as_str().unwrap().to_owned();
    assert!(!script.contains("arn:aws") && script.contains("--env DD_ENV=prod"), "{script}");
    workspace
        .write("docker.tf", &docker(&format!("  api_key_secret_arn = \"{ARN}\"\n  api_key_secret = \"x\"")));
    let refused = workspace.plan().failure();
    refused.says("Setting of another platform").says("`api_key_secret`").says("api_key_file");
}

#[test]
fn a_key_is_never_part_of_the_script_and_never_shown() {
    let workspace = Workspace::offline("docker-key", "");
    for body in [
        format!("  api_key_environment = \"{KEY}\""),
        format!("  api_key_file = \"{KEY}\""),
        format!("  environment = {{ DD_API_KEY = \"{KEY}\" }}"),
        format!("  secrets = {{ DD_APP_KEY = \"{KEY}!\" }}"),
    ] {
        workspace.write("docker.tf", &docker(&body));
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
fn bad_settings_are_told_and_nothing_crashes() {
    let workspace = Workspace::offline("docker-bad", "");
    for (body, said) in [
        ("  container_name = \"-agent\"", "Not a name of a container"),
        ("  api_key_file = \"api_key\"", "Not a path of a file"),
        ("  secrets = { \"A-B\" = \"KEY\" }", "Not a name that a shell can hand over"),
        ("  environment = { A = \"a\\u0000\" }", "A text that ends early"),
        ("  essential = true", "Setting of another platform"),
        ("  memory = 1", "Number out of range"),
        ("  seeding = \"image_volumes\"\n  config_files = { a = \"x\" }", "Files that nobody writes"),
        ("  image = \"public.ecr.aws/datadog/agent:7.50.0\"", "too old"),
    ] {
        workspace.write("docker.tf", &docker(body));
        workspace.plan().failure().says(said);
    }
    let large = "x".repeat(10 << 20);
    workspace.write("large.yaml", &large);
    workspace
        .write("docker.tf", &docker("  config_files = { \"conf.d/x.d/conf.yaml\" = file(\"large.yaml\") }"));
    workspace.plan().failure().says("More than a variable holds");
}

#[test]
fn what_is_not_known_yet_is_known_after_the_apply() {
    let workspace = Workspace::offline("docker-unknown", "");
    let configuration = format!(
        "resource \"terraform_data\" \"release\" {{\n  input = \"1.2.3\"\n}}\n{}",
        docker(
            "  version = terraform_data.release.output\n  api_key_environment = terraform_data.release.id == \"\" ? \"A\" : \"B\""
        )
    );
    workspace.write("docker.tf", &configuration);
    workspace.plan().changes();
    workspace.apply().success();
    let state = attributes(&workspace);
    assert!(state["commands"].as_str().unwrap().contains("--env DD_VERSION=1.2.3"));
    assert_eq!(state["containers"][1]["secrets"]["DD_API_KEY"], "B");
    workspace.plan().no_changes();
}
