//! Stories of the functions, through a real core: values, null, what is not known yet, and where an error points.
//!
//! No provider block, no credentials, no network: functions are called in a process that nobody configures.

use crate::harness::{REQUIRED_PROVIDER, Tool, Workspace};

/// A task definition with this image, in HCL.
fn task(image: &str) -> String {
    format!(
        r#"{{
  family                  = "orders"
  requiresCompatibilities = ["EC2"]
  containerDefinitions    = [
    {{ name = "app", image = {image}, memory = 512, readonlyRootFilesystem = false }},
  ]
}}"#
    )
}

/// A value that is known only at apply.
fn late(value: &str) -> String {
    format!("resource \"terraform_data\" \"late\" {{\n  input = {value}\n}}\n")
}

const LATE: &str = "terraform_data.late.output";

#[test]
fn every_function_answers_in_every_core() {
    for tool in Tool::all() {
        let text = format!(
            r#"
locals {{
  task = {}
}}
output "lint" {{ value = provider::ddrofs::lint(local.task) }}
output "lint_of_text" {{ value = provider::ddrofs::lint(jsonencode(local.task)) }}
output "verdicts" {{ value = provider::ddrofs::verdicts(local.task) }}
output "normalize" {{ value = provider::ddrofs::normalize(local.task) }}
output "diff" {{ value = provider::ddrofs::diff(local.task, merge(local.task, {{ cpu = "1 vCPU" }})) }}
"#,
            task("\"nginx\"")
        );
        let workspace = Workspace::offline_with("functions", tool, &text);
        workspace.apply().success();
        let lint = workspace.output_value("lint");
        // The same is found, and what to write is said in the form that was given.
        let without_fix = |findings: &serde_json::Value| {
            let mut findings = findings.clone();
            for finding in findings.as_array_mut().expect("a list") {
                finding["fix"].take();
            }
            findings
        };
        let of_text = workspace.output_value("lint_of_text");
        assert_eq!(without_fix(&lint), without_fix(&of_text));
        let fix = |findings: &serde_json::Value| {
            let user = findings.as_array().unwrap().iter().find(|one| one["rule"] == "root-user").cloned();
            user.unwrap()["fix"].as_str().unwrap().to_owned()
        };
        assert!(fix(&lint).starts_with("Write user = \"1000\"."), "{lint}");
        assert!(fix(&of_text).starts_with("Write \"user\": \"1000\"."), "{of_text}");
        let floating =
            lint.as_array().unwrap().iter().find(|finding| finding["rule"] == "floating-image-tag");
        assert_eq!(floating.unwrap()["container"], "app", "{lint}");
        assert_eq!(workspace.output_value("verdicts")["ECS.5"], "FAILED");
        let normalized = workspace.output_value("normalize");
        let normalized: serde_json::Value = serde_json::from_str(normalized.as_str().unwrap()).unwrap();
        assert_eq!(normalized["containerDefinitions"][0]["image"], "nginx");
        assert_eq!(workspace.output_value("diff"), serde_json::json!(["cpu not set → 1024"]));
        workspace.plan().no_changes();
    }
}

#[test]
fn harden_and_strip_give_their_document_back_with_types_that_a_core_takes() {
    for tool in Tool::all() {
        let text = format!(
            r#"
{}
locals {{
  options = {{
    agent = {{
      api_key_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:DdApiKey-AbCdEf"
      service            = "orders"
      apm                = {{ profiling = true }}
    }}
    application = {{ writable_paths = {{ app = ["/tmp"] }} }}
  }}
  task     = {}
  hardened = provider::ddrofs::harden(local.task, local.options)
  late     = provider::ddrofs::harden(merge(local.task, {{ taskRoleArn = {LATE} }}), local.options)
}}
output "json" {{ value = local.hardened.json }}
output "twice" {{ value = provider::ddrofs::harden(local.hardened.json, local.options).json == local.hardened.json }}
output "stripped" {{
  value = provider::ddrofs::normalize(provider::ddrofs::strip(local.hardened.json)) == provider::ddrofs::normalize(local.task)
}}
output "volumes" {{ value = [for volume in local.hardened.volumes : volume.name] }}
output "first" {{ value = local.hardened.definitions.containerDefinitions[0].name }}
output "changes" {{ value = local.hardened.changes }}
output "late_ecs_5" {{ value = local.late.verdicts["ECS.5"] }}
output "late_family" {{ value = local.late.definitions.family }}
output "late_json" {{ value = local.late.json }}
"#,
            late("\"arn:aws:iam::123456789012:role/orders\""),
            task("\"nginx:1.29.3\"").replace("EC2", "FARGATE")
        );
        let workspace = Workspace::offline_with("function-harden", tool, &text);
        let planned = workspace.plan().changes();
        planned
            .says("late_ecs_5 = \"PASSED\"")
            .says("late_family = \"orders\"")
            .says("late_json = (known after apply)");
        workspace.apply().success();
        assert_eq!(workspace.output_value("twice"), true);
        assert_eq!(workspace.output_value("stripped"), true);
        assert!(workspace.output_value("json").as_str().unwrap().contains("DD_PROFILING_ENABLED"));
        assert!(workspace.output_value("late_json").as_str().unwrap().contains("role/orders"));
        assert!(!workspace.output_value("volumes").as_array().unwrap().is_empty());
        assert_eq!(workspace.output_value("first"), "datadog-init");
        workspace.plan().no_changes();
    }
}

#[test]
fn no_agent_is_added_off_fargate_and_one_that_is_there_is_brought_up() {
    let own = r#"{ name = "dd", image = "public.ecr.aws/datadog/agent:7.81.1", memory = 256 },"#;
    let options = r#"{ agent = { api_key_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:K-AbCdEf" } }"#;
    let hardened = |task: String, options: &str| {
        format!("output \"hardened\" {{ value = provider::ddrofs::harden({task}, {options}) }}\n")
    };
    let on_ec2 = task("\"nginx:1.29.3\"");
    let workspace = Workspace::offline("function-ec2", &hardened(on_ec2.clone(), options));
    let refused = workspace.plan().failure();
    refused.says("The task is for EC2").does_not_say("FARGATE");
    let brought_up = on_ec2.replace("  ]\n", &format!("    {own}\n  ]\n"));
    let workspace = Workspace::offline("function-ec2-own", &hardened(brought_up, options));
    workspace.apply().success();
    let hardened = workspace.output_value("hardened");
    let json = hardened["json"].as_str().unwrap();
    assert!(
        json.contains("datadog-init") && json.contains("DD_API_KEY") && !json.contains("ECS_FARGATE"),
        "{json}"
    );
}

#[test]
fn options_are_left_out_and_what_is_planned_is_what_is_applied() {
    for tool in Tool::all() {
        let text = format!(
            r#"
locals {{
  hardened = provider::ddrofs::harden({})
}}
output "json" {{ value = local.hardened.json }}
output "changes" {{ value = local.hardened.changes }}
"#,
            task("\"nginx:1.29.3\"")
        );
        let workspace = Workspace::offline_with("function-options-none", tool, &text);
        // Known already in the plan, in every core.
        workspace.plan().changes().says("app: ").does_not_say("known after apply");
        workspace.apply().success();
        assert!(workspace.output_value("json").as_str().unwrap().contains("readonlyRootFilesystem"));
        workspace.plan().no_changes();
    }
}

#[test]
fn an_unknown_image_leaves_a_failed_control_failed_and_a_finding_certain_at_plan() {
    let text = format!(
        r#"
{}
locals {{
  task = {}
}}
output "ecs_5" {{
  value = provider::ddrofs::verdicts(local.task)["ECS.5"]
}}
output "lint" {{
  value = provider::ddrofs::lint(local.task)
  precondition {{
    condition     = length(provider::ddrofs::lint(local.task)) == 0
    error_message = "There are findings."
  }}
}}
"#,
        late("\"nginx:1.29.3\""),
        task(LATE)
    );
    let workspace = Workspace::offline("function-unknown-image", &text);
    // That ECS.5 fails is known before the image is, and so is that the list will not be empty.
    workspace.plan().failure().says("There are findings.");
    let without = text.replace("== 0", ">= 0");
    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{without}"));
    workspace.plan().changes().says("ecs_5 = \"FAILED\"").says("lint = (known after apply)");
    workspace.apply().success();
    assert!(!workspace.output_value("lint").as_array().unwrap().is_empty());
    workspace.plan().no_changes();
}

#[test]
fn what_is_wholly_unknown_is_unknown_at_plan_and_judged_at_apply() {
    let text = format!(
        r#"
{}
output "lint" {{ value = provider::ddrofs::lint({LATE}) }}
output "verdicts" {{ value = provider::ddrofs::verdicts({LATE}) }}
output "normalize" {{ value = provider::ddrofs::normalize({LATE}) }}
output "diff" {{ value = provider::ddrofs::diff("[]", {LATE}) }}
"#,
        late("jsonencode([{ name = \"app\", image = \"nginx\" }])")
    );
    let workspace = Workspace::offline("function-unknown-whole", &text);
    workspace.plan().changes().says("normalize = (known after apply)");
    workspace.apply().success();
    assert_eq!(workspace.output_value("diff"), serde_json::json!(["+ container app"]));
    workspace.plan().no_changes();
}

#[test]
fn an_unknown_role_arn_leaves_what_does_not_depend_on_it_known() {
    let text = format!(
        r#"
{}
output "verdicts" {{
  value = provider::ddrofs::verdicts(merge({}, {{ taskRoleArn = {LATE} }}))
}}
"#,
        late("\"arn:aws:iam::123456789012:role/orders\""),
        task("\"nginx:1.29.3\"")
    );
    let workspace = Workspace::offline("function-unknown-role", &text);
    workspace.plan().changes().says("\"ECS.5\" = \"FAILED\"");
    workspace.apply().success();
}

#[test]
fn an_error_points_at_its_argument_and_says_what_to_write() {
    for (name, call, argument, told) in [
        ("null", "lint(null)", "definitions", "is null, so there is nothing to read"),
        ("syntax", "verdicts(\"[{\")", "definitions", "not valid JSON"),
        ("form", "normalize(7)", "definitions", "neither a list of container definitions"),
        ("second", "diff(\"[]\", \"{}\")", "after", "no containerDefinitions in it"),
        ("options", "harden(\"[]\", { agemt = {} })", "options", "Did you mean"),
        ("several", "harden(\"[]\", {}, {})", "options", "options is one object, and 2 were given"),
        (
            "number",
            "lint([{ image = \"a\", cpu = 0.1234567890123456789012345 }])",
            "definitions",
            "definitions[0].cpu",
        ),
    ] {
        let workspace = Workspace::offline(
            &format!("function-error-{name}"),
            &format!("output \"x\" {{\n  value = provider::ddrofs::{call}\n}}\n"),
        );
        let outcome = workspace.validate();
        if name == "null" && Tool::terraform().is_opentofu() {
            // OpenTofu 1.12.6 asks nobody: a literal null for a parameter of any type makes the result unknown.
            outcome.success();
            continue;
        }
        let outcome = outcome.failure();
        outcome.says(told).says(&format!("Invalid value for \"{argument}\" parameter")).says("main.tf line");
    }
}

#[test]
fn a_sensitive_value_stays_sensitive() {
    let text = r#"
variable "definitions" {
  sensitive = true
  default   = "[{\"name\": \"app\", \"image\": \"nginx\"}]"
}
output "normalize" { value = provider::ddrofs::normalize(var.definitions) }
"#;
    Workspace::offline("function-sensitive", text).plan().failure().says("Output refers to sensitive values");
}

#[test]
fn hardening_and_the_resource_keep_a_sensitive_value_hidden() {
    let text = |output: &str| {
        format!(
            r#"
variable "password" {{
  sensitive = true
  default   = "hunter2-in-the-plan"
}}
locals {{
  containers = [{{
    name        = "app"
    image       = "example.com/app:1.2.3"
    essential   = true
    environment = [{{ name = "GREETING", value = var.password }}]
  }}]
}}
resource "terraform_data" "registers" {{
  input = provider::ddrofs::harden(local.containers).json
}}
{output}
"#
        )
    };
    let workspace = Workspace::offline("function-sensitive-mark", &text(""));
    workspace.plan().changes().says("(sensitive value)").does_not_say("hunter2-in-the-plan");
    let output = "output \"json\" {\n  value = provider::ddrofs::harden(local.containers).json\n}\n";
    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}", text(output)));
    workspace.plan().failure().says("Output refers to sensitive values").does_not_say("hunter2-in-the-plan");
    let resource = r#"
provider "ddrofs" {
  region     = "eu-west-1"
  access_key = "a"
  secret_key = "b"
}
resource "ddrofs_ecs_task_definition" "orders" {
  family                = "orders"
  memory                = 512
  container_definitions = local.containers
}
"#;
    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}", text(resource)));
    workspace.plan().changes().says("(sensitive value)").does_not_say("hunter2-in-the-plan");
}
