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
      linuxParameters = {{ tmpfs = [for path in ["/var/cache/nginx", "/var/run"] : {{ containerPath = path, size = 16 }}] }} }},
    {{ name = "worker", image = "example.com/worker:1.2.3", user = "1000", readonlyRootFilesystem = true }},
  ]
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
    // One argument sets the logs of the Agent and of the container before it.
    let without_logs = ["datadog-agent", "app", "worker"];
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
    let instance = &state["resources"][0]["instances"][0];
    assert_eq!(instance.get("private"), None, "it owns the revision that it names");
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

/// What `optional()` makes of attributes that nobody sets, and a list with an element that an expression left empty.
const OPTIONAL: &str = r#"
variable "containers" {
  type = list(object({
    name                   = string
    image                  = string
    cpu                    = optional(number)
    user                   = optional(string)
    readonlyRootFilesystem = optional(bool)
    mountPoints            = optional(list(object({ sourceVolume = string, containerPath = string })))
    environment            = optional(list(object({ name = string, value = optional(string) })))
  }))
  default = [{ name = "app", image = "example.com/app:1.2.3", readonlyRootFilesystem = true,
    environment = [{ name = "UNSET" }, null, { name = "SET", value = "x" }] }]
}
"#;

#[test]
fn a_null_attribute_in_hcl_is_silent_and_an_empty_element_is_a_note() {
    let place = Backend::local();
    let workspace = Workspace::new("quiet-null");
    let text = format!(
        r#"{OPTIONAL}
data "ddrofs_agent_sidecar" "web" {{
  api_key_secret_arn    = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
  container_definitions = var.containers
}}

data "ddrofs_task_definition_check" "web" {{
  definitions = var.containers
}}

resource "ddrofs_ecs_task_definition" "web" {{
  family                = "web"
  cpu                   = ""
  memory                = "512"
  container_definitions = var.containers
}}

output "lint" {{
  value = [for one in provider::ddrofs::lint(var.containers) : "${{one.rule}} ${{one.severity}} ${{one.path}}"]
}}

output "changes" {{
  value = provider::ddrofs::harden(var.containers).changes
}}
"#
    );
    workspace.main(&place, &text);
    workspace.plan().changes().does_not_say("Warning: ");
    workspace.apply().success().does_not_say("Warning: ");
    let left_out = |address: &str| -> Vec<(Value, Value, Value)> {
        let attributes = workspace.attributes(address).unwrap();
        let findings = attributes["findings"].as_array().unwrap().iter();
        let otherwise = findings.filter(|finding| finding["rule"] == "read-otherwise");
        otherwise
            .map(|one| (one["severity"].clone(), one["path"].clone(), one["container"].clone()))
            .collect()
    };
    let note = |path: &str, container: Value| (json!("note"), json!(path), container);
    let element = |index: usize| note(&format!("containerDefinitions[0].environment[{index}]"), json!("app"));
    let expected = [element(0), element(1)];
    assert_eq!(left_out("data.ddrofs_agent_sidecar.web"), expected);
    assert_eq!(left_out("data.ddrofs_task_definition_check.web"), expected);
    assert_eq!(left_out(WEB), [element(0), element(1), note("cpu", Value::Null)]);
    let lint = workspace.output_value("lint");
    let otherwise: Vec<&str> = lint
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one.as_str()?.strip_prefix("read-otherwise note "))
        .collect();
    assert_eq!(
        otherwise,
        ["containerDefinitions[0].environment[0]", "containerDefinitions[0].environment[1]"]
    );
    let changes = workspace.output_value("changes").to_string();
    assert!(!changes.contains("null"), "{changes}");
}

#[test]
fn a_null_in_json_text_is_a_warning_where_it_is_only_judged_and_a_note_where_it_is_registered() {
    let place = Backend::local();
    let workspace = Workspace::new("quiet-null-text");
    let definitions = r#"jsonencode([{ name = "app", image = "example.com/app:1.2.3", memory = 128, cpu = null, user = null,
    readonlyRootFilesystem = true }])"#;
    let text = |policy: &str| {
        format!(
            r#"
data "ddrofs_task_definition_check" "web" {{
  definitions = {definitions}
  policy {{
    {policy}
  }}
}}

resource "ddrofs_ecs_task_definition" "web" {{
  family                = "web"
  container_definitions = {definitions}
}}
"#
        )
    };
    workspace.main(&place, &text(""));
    let planned = workspace.plan().changes().says("Something is read differently from how it is written");
    let planned = planned.says("The same holds at containerDefinitions[0].user");
    assert_eq!(planned.output.matches("Warning: ").count(), 1, "{planned}");
    workspace.main(&place, &text("severity = { read-otherwise = \"note\" }"));
    workspace.plan().changes().does_not_say("Warning: ");
    workspace.apply().success();
    assert_eq!(found(&workspace, "read-otherwise"), [(json!("app"), json!("note"))]);
}

#[test]
fn a_waiver_for_a_container_that_is_not_there_is_told_with_what_was_meant() {
    let place = Backend::local();
    let workspace = Workspace::new("quiet-waiver");
    let waiver = r#"waiver {
      rule      = "root-user"
      container = "workr"
      reason    = "The vendor's image needs it"
      owner     = "checkout"
      expires   = "9999-12-31"
    }"#;
    workspace
        .main(&place, &web(waiver, ""))
        .plan()
        .changes()
        .says("Waiver for a container that is not there")
        .says("Did you mean \"worker\"?");
}
