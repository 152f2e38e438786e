//! When the data source is judged: in validate, plan and apply, with values that are not known yet, and once.

use std::collections::BTreeSet;

use super::{SECRET_ARN, errors_by_key, events, orders};
use crate::harness::{REQUIRED_PROVIDER, Workspace};

#[test]
fn validate_accepts_unknown_values_and_needs_no_credentials() {
    let text = orders(
        r#"
  image                 = var.image
  container_definitions = [{ name = "app", image = var.image, essential = var.essential }]
"#,
    );
    let variables = "variable \"image\" {}\nvariable \"essential\" { type = bool }\n";
    Workspace::offline("validate-unknown", &format!("{variables}{text}")).validate().success();
}

#[test]
fn an_input_known_at_apply_is_read_at_apply() {
    let late = "resource \"terraform_data\" \"late\" {\n  input = \"nginx:1.27.0\"\n}\n";
    let text = orders(r#"  container_definitions = [{ name = "app", image = terraform_data.late.output }]"#);
    let output = "output \"json\" { value = data.ddrofs_agent_sidecar.orders.json }\n";
    let workspace = Workspace::offline("read-at-apply", &format!("{late}{text}{output}"));
    workspace.plan().changes().says("will be read during apply");
    workspace.apply().success();
    assert!(workspace.output_value("json").as_str().is_some_and(|json| json.contains("nginx:1.27.0")));
    workspace.plan().no_changes();
}

/// Nothing is known of the application: all of it is read at apply, and judged then.
#[test]
fn definitions_known_at_apply_as_a_whole_are_read_at_apply() {
    let story = |name: &str, input: &str| {
        let late = format!("resource \"terraform_data\" \"late\" {{\n  input = jsonencode({input})\n}}\n");
        let text = orders("  container_definitions = terraform_data.late.output");
        let workspace = Workspace::offline(name, &format!("{late}{text}"));
        workspace.plan().changes().says("will be read during apply");
        workspace
    };
    story("whole-at-apply", r#"[{ name = "app", image = "nginx:1.27.0" }]"#).apply().success();
    let wrong = r#"[{ name = "app", image = "nginx:1.27.0" }, { name = "app", image = "nginx:1.27.0" }]"#;
    story("whole-wrong-at-apply", wrong).apply().failure().says("Rule duplicate-container-name");
}

/// An unknown image is no reason to wait with what is certain whatever it turns out to be.
#[test]
fn an_unknown_image_hides_no_mistake_at_plan() {
    let late = "resource \"terraform_data\" \"late\" {\n  input = \"nginx:1.27.0\"\n}\n";
    let text = orders(
        r#"
  container_definitions = [{ name = "app", image = terraform_data.late.output }]
  policy {
    enforce = ["ECS.5"]
  }"#,
    );
    let workspace = Workspace::offline("unknown-image-and-a-mistake", &format!("{late}{text}"));
    workspace.plan().failure().says("Rule root-filesystem-writable").says("read_only_root_filesystem = true");
}

/// Nobody can write a line into a container that the provider writes: the finding names the argument.
#[test]
fn a_finding_about_a_sidecar_names_the_argument_that_mends_it() {
    let enforced = "  policy {\n    enforce = [\"ECS.9\"]\n  }\n";
    let logs = r#"
  log_configuration {
    log_driver = "awslogs"
    options    = { awslogs-group = "g", awslogs-region = "eu-west-1", awslogs-stream-prefix = "s" }
  }"#;
    let workspace = Workspace::offline("logs-of-sidecars", &orders(enforced));
    workspace.plan().failure().says("Set its logs in the block log_configuration");
    Workspace::offline("logs-of-sidecars-set", &orders(&format!("{enforced}{logs}"))).plan().success();
}

#[test]
fn a_mistake_known_only_at_apply_is_told_at_apply() {
    let late = "resource \"terraform_data\" \"late\" {\n  input = \"datadog-agent\"\n}\n";
    let text = orders(
        r#"  container_definitions = [{ name = terraform_data.late.output, image = "nginx:1.27.0" }]"#,
    );
    let workspace = Workspace::offline("mistake-at-apply", &format!("{late}{text}"));
    workspace.plan().changes();
    workspace.apply().failure().says("datadog-agent");
}

/// Misspelt key, text for a list, name used twice, awaited essential container: all in one plan, each once.
#[test]
fn every_mistake_is_told_at_plan_all_at_once_and_once_each() {
    let text = orders(
        r#"
  container_definitions = jsonencode([
    { name = "app", image = "nginx:1.27.0", readonlyRootFilesytem = true,
      command = "run",
      dependsOn = [{ containerName = "helper", condition = "SUCCESS" }] },
    { name = "helper", image = "busybox:1.36", readonlyRootFilesystem = true },
    { name = "helper", image = "busybox:1.36", readonlyRootFilesystem = true, essential = false },
  ])
"#,
    );
    let workspace = Workspace::offline("all-at-once", &text);
    let outcome = workspace.run(&["plan", "-input=false", "-json"]);
    let errors =
        errors_by_key(&events(&outcome)).remove("data.ddrofs_agent_sidecar.orders").unwrap_or_default();
    for (mistake, mark) in [
        ("misspelt key", "readonlyRootFilesystem"),
        ("text for a list", "[\"run\"]"),
        ("awaited essential container", "SUCCESS"),
        ("name used twice", "helper"),
    ] {
        assert!(errors.iter().any(|error| error.contains(mark)), "the {mistake} is not told\n{outcome}");
    }
    assert!(errors.len() >= 4, "fewer errors than mistakes\n{outcome}");
    let different: BTreeSet<&String> = errors.iter().collect();
    assert_eq!(different.len(), errors.len(), "something is told twice\n{outcome}");
}

#[test]
fn what_every_sidecar_shares_stands_in_the_provider_block() {
    let text = format!(
        r#"
{REQUIRED_PROVIDER}
provider "ddrofs" {{
  agent {{
    env                = "shared"
    site               = "datadoghq.eu"
    api_key_secret_arn = "{SECRET_ARN}"
  }}
}}
data "ddrofs_agent_sidecar" "orders" {{
  service = "orders"
}}
data "ddrofs_agent_sidecar" "billing" {{
  service = "billing"
  env     = "own"
}}
output "orders" {{ value = data.ddrofs_agent_sidecar.orders.json }}
output "billing" {{ value = data.ddrofs_agent_sidecar.billing.json }}
"#
    );
    let mut workspace = Workspace::new("shared-settings");
    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.write("main.tf", &text).apply().success();
    let agent = |output: &str, name: &str| {
        let json = workspace.output_value(output);
        let containers: serde_json::Value = serde_json::from_str(json.as_str().unwrap()).unwrap();
        let agent = containers.as_array().unwrap().iter().find(|one| one["name"] == "datadog-agent").unwrap();
        let variables = agent["environment"].as_array().unwrap();
        variables.iter().find(|one| one["name"] == name).map(|one| one["value"].as_str().unwrap().to_owned())
    };
    assert_eq!(agent("orders", "DD_ENV").as_deref(), Some("shared"));
    assert_eq!(agent("orders", "DD_SITE").as_deref(), Some("datadoghq.eu"));
    assert_eq!(agent("billing", "DD_ENV").as_deref(), Some("own"));
    assert_eq!(agent("billing", "DD_SITE").as_deref(), Some("datadoghq.eu"));
}

/// Terraform reads a data source whose own configuration is known, whatever the provider's block still lacks.
#[test]
fn a_shared_setting_known_only_at_apply_is_told_with_the_way_out() {
    let text = |in_provider: &str, in_sidecar: &str| {
        format!(
            r#"
{REQUIRED_PROVIDER}
resource "terraform_data" "secret" {{
  input = "{SECRET_ARN}"
}}
provider "ddrofs" {{
  agent {{
    {in_provider}
  }}
}}
data "ddrofs_agent_sidecar" "orders" {{
  service = "orders"
  {in_sidecar}
}}
"#
        )
    };
    let late = "api_key_secret_arn = terraform_data.secret.output";
    let workspace = Workspace::new("fleet-not-known");
    workspace.write("main.tf", &text(late, "")).plan().failure().says("agent block is not known yet");
    workspace.write("main.tf", &text("", late)).plan().changes().says("will be read during apply");
}
