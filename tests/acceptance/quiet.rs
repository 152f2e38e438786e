//! Stories of what a plan says and what it does not: notes, one diagnostic for one rule, what the provider's own sidecars
//! cannot meet, and what a state keeps of findings.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Backend, Workspace};

const WEB: &str = "ddrofs_ecs_task_definition.web";

/// Two containers without logs beside an Agent without logs, under this policy and with these settings of the Agent.
fn web(policy: &str, agent: &str) -> String {
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "web" {{
  family                   = "web"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"

  runtime_platform {{
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }}

  container_definitions = [
    {{ name = "app", image = "nginx:latest", user = "1000", readonlyRootFilesystem = true,
      mountPoints = [for path in ["/var/cache/nginx", "/var/run"] : {{ sourceVolume = "v", containerPath = path }}] }},
    {{ name = "worker", image = "example.com/worker:1.2.3", user = "1000", readonlyRootFilesystem = true }},
  ]
  volume {{
    name = "v"
  }}

  agent {{
    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
    {agent}
  }}

  policy {{
    {policy}
  }}
}}
"#
    )
}

/// Rule, container and severity of the findings in the state.
fn found(workspace: &Workspace, rule: &str) -> Vec<(Value, Value)> {
    let attributes = workspace.attributes(WEB).expect("it is in the state");
    let findings = attributes["findings"].as_array().expect("findings are a list");
    let of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
    of_rule.map(|finding| (finding["container"].clone(), finding["severity"].clone())).collect()
}

#[test]
fn notes_are_in_the_findings_and_in_no_plan_and_one_warning_names_all_places_the_users_first() {
    let place = Backend::local();
    let workspace = Workspace::new("quiet-notes");
    workspace.main(&place, &web("", ""));
    workspace.plan().changes().does_not_say("Warning: ");
    workspace.apply().success().does_not_say("Warning: ");
    workspace.plan().no_changes().does_not_say("Warning: ");
    let note = json!("note");
    let without_logs = ["datadog-init", "datadog-agent", "app", "worker"];
    let expected: Vec<_> = without_logs.iter().map(|name| (json!(name), note.clone())).collect();
    assert_eq!(found(&workspace, "log-configuration-missing"), expected);
    assert_eq!(found(&workspace, "floating-image-tag"), [(json!("app"), note.clone())]);

    workspace.main(&place, &web("severity = { log-configuration-missing = \"warning\" }", ""));
    let planned = workspace.plan().changes();
    assert_eq!(planned.output.matches("Warning: ").count(), 1, "{planned}");
    let planned = planned
        .says("Container \"app\" has no log configuration")
        .says("container_definitions[0].logConfiguration (container app)")
        .says("container_definitions[1].logConfiguration (container worker)")
        .says("(container datadog-init)")
        .says("(container datadog-agent)")
        .does_not_say("more similar");
    let position = |text: &str| planned.output.find(text).unwrap_or_else(|| panic!("{text}: {planned}"));
    assert!(position("(container worker)") < position("(container datadog-init)"), "{planned}");
}

#[test]
fn what_the_init_container_cannot_meet_is_accepted_and_enforcing_the_rest_goes_on() {
    let place = Backend::local();
    let workspace = Workspace::new("quiet-accepted");
    let enforced = "enforce = [\"ECS.5\", \"ECS.20\"]";
    workspace.main(&place, &web(enforced, "user = \"100\""));
    workspace
        .plan()
        .failure()
        .says("Container \"datadog-init\" ")
        .says("accept_sidecars = [\"ECS.20\"]")
        .does_not_say("datadog-agent\" ");

    let accepted = format!("{enforced}\n    accept_sidecars = [\"ECS.20\"]");
    workspace
        .main(&place, &web(&accepted, ""))
        .plan()
        .failure()
        .says("\"datadog-agent\"")
        .does_not_say("datadog-init\" ");

    workspace.main(&place, &web(&accepted, "user = \"100\""));
    workspace.plan().changes().does_not_say("Warning: ");
    workspace.apply().success().does_not_say("Warning: ");
    workspace.plan().no_changes().does_not_say("Warning: ");
    assert_eq!(found(&workspace, "root-user"), [(json!("datadog-init"), json!("accepted"))]);
    let attributes = workspace.attributes(WEB).unwrap();
    assert_eq!(attributes["verdicts"]["ECS.20"], "FAILED", "Security Hub knows of no policy");

    workspace.main(&place, &web("accept_sidecars = [\"ECS.5\", \"ECS.99\"]", ""));
    workspace
        .plan()
        .failure()
        .says("That is so of ECS.20 alone, and \"ECS.5\" is another")
        .says("\"ECS.99\" is another");
}

/// What a version before wrote: findings with their whole text.
#[test]
fn a_state_keeps_short_findings_and_one_with_the_whole_text_is_read() {
    let place = Backend::local();
    let workspace = Workspace::new("quiet-state");
    workspace.main(&place, &web("", "")).apply().success();
    let attributes = workspace.attributes(WEB).unwrap();
    let findings = attributes["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    for finding in findings {
        let names: Vec<&String> = finding.as_object().unwrap().keys().collect();
        assert_eq!(names, ["container", "path", "rule", "severity", "summary"]);
    }

    let file = workspace.folder().join("terraform.tfstate");
    let mut state: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    for finding in state["resources"][0]["instances"][0]["attributes"]["findings"].as_array_mut().unwrap() {
        for (name, text) in [("detail", "Long."), ("fix", "Longer."), ("control", "ECS.9")] {
            finding[name] = json!(text);
        }
    }
    workspace.write("terraform.tfstate", &state.to_string());
    workspace.plan().no_changes();
    workspace.write(
        "main.tf",
        &fs::read_to_string(workspace.folder().join("main.tf")).unwrap().replace("1.2.3", "1.2.4"),
    );
    workspace.apply().success();
    assert!(workspace.attributes(WEB).unwrap()["findings"][0].get("detail").is_none());
}
