//! Stories of `data "ddrofs_task_definition_check"`: any task definition in, everything there is to say of it out.

use serde_json::Value;

use crate::harness::{REQUIRED_PROVIDER, Workspace};
use crate::reports::problems_of_sarif;

const ADDRESS: &str = "data.ddrofs_task_definition_check.orders";

fn check(definitions: &str, further: &str) -> String {
    format!(
        "data \"ddrofs_task_definition_check\" \"orders\" {{\n  definitions = {definitions}\n{further}\n}}\n"
    )
}

/// A task with an error in it (two containers of one name) and warnings.
const WRONG: &str = r#"{
    family                  = "orders"
    requiresCompatibilities = ["EC2"]
    containerDefinitions = [
      { name = "app", image = "nginx", memory = 512 },
      { name = "app", image = "example.com/b:1.2.3", memory = 512 },
    ]
  }"#;

fn late(value: &str) -> String {
    format!("resource \"terraform_data\" \"late\" {{\n  input = {value}\n}}\n")
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn an_error_stops_the_plan_at_its_place_and_need_not() {
    let workspace = Workspace::offline("check-errors", &check(WRONG, ""));
    workspace
        .plan()
        .failure()
        .says("duplicate-container-name")
        .says("Place: definitions.containerDefinitions[1].name");

    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}", check(WRONG, "  fail = false")));
    workspace.apply().success().does_not_say("Warning: ");
    let given = workspace.attributes(ADDRESS).expect("it was read");
    let findings = given["findings"].as_array().unwrap();
    let error = findings.iter().find(|finding| finding["rule"] == "duplicate-container-name").unwrap();
    assert_eq!(error["severity"], "error");
    assert_eq!(given["verdicts"]["ECS.5"], "FAILED");
    workspace.plan().no_changes();
}

#[test]
fn reports_and_hardened_definitions_stand_beside_the_findings() {
    let text = r#"jsonencode([{ name = "app", image = "example.com/app:1.2.3", essential = true }])"#;
    let further = r#"
  agent {
    api_key_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:DdApiKey-AbCdEf"
    service            = "orders"
  }
  application {
    writable_paths = { app = ["/tmp"] }
  }"#;
    let workspace = Workspace::offline("check-reports", &check(text, further));
    workspace.apply().success();
    let given = workspace.attributes(ADDRESS).expect("it was read");
    let parsed = |name: &str| -> Value { serde_json::from_str(given[name].as_str().unwrap()).unwrap() };

    let hardened = parsed("hardened_json");
    assert_eq!(hardened.as_array().unwrap().len(), 3);
    assert!(
        hardened.as_array().unwrap().iter().all(|one| one["readonlyRootFilesystem"] == true),
        "{hardened}"
    );
    assert!(strings(&given["changes"]).iter().any(|change| change.contains("/tmp")), "{}", given["changes"]);

    // What is judged is what was given, not what was made of it.
    assert!(strings(&given["undecided"]).contains(&"host-network"), "{}", given["undecided"]);
    assert_eq!(given["verdicts"]["ECS.17"], "UNDECIDED");
    assert_eq!(given["verdicts"]["ECS.5"], "FAILED");

    let sarif = parsed("sarif");
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(
        sarif["runs"][0]["results"].as_array().unwrap().len(),
        given["findings"].as_array().unwrap().len()
    );
    assert!(given["junit"].as_str().unwrap().starts_with("<?xml"));
    assert_eq!(parsed("normalized")[0]["name"], "app");
    assert_eq!(given["id"], given["sha256"]);
}

#[test]
fn what_is_known_of_the_task_around_a_list_is_told_by_arguments() {
    let text = r#"[{ name = "app", image = "example.com/app:1.2.3", memory = 512, readonlyRootFilesystem = true
    secrets = [{ name = "TOKEN", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/token" }] }]"#;
    let workspace = Workspace::offline("check-around", &check(text, "  launch_type = \"EC2\""));
    workspace.apply().success();
    let verdicts = || workspace.attributes(ADDRESS).expect("it was read")["verdicts"].clone();
    assert_eq!(verdicts()["ECS.5"], "PASSED");

    let write = |further: &str| {
        workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}", check(text, further)));
    };
    write("  execution_role_arn = \"\"");
    workspace.plan().failure().says("secrets-without-execution-role");
    write("  operating_system_family = \"WINDOWS_SERVER_2022_CORE\"");
    workspace.plan().failure().says("windows-read-only-root");
    write("  launch_type = \"fargate\"");
    workspace.validate().failure().says("write FARGATE").says("main.tf line");
}

#[test]
fn a_whole_task_definition_hardened_passes_its_control() {
    let text = format!(
        "{}\n{}",
        check("file(\"${path.module}/task.json\")", "  fail = false"),
        r#"
output "before" { value = data.ddrofs_task_definition_check.orders.verdicts["ECS.5"] }
output "after" { value = provider::ddrofs::verdicts(data.ddrofs_task_definition_check.orders.hardened_json)["ECS.5"] }
output "stripped" {
  value = provider::ddrofs::normalize(provider::ddrofs::strip(data.ddrofs_task_definition_check.orders.hardened_json)) == data.ddrofs_task_definition_check.orders.normalized
}
"#
    );
    let workspace = Workspace::offline("check-hardens", &text);
    workspace.write(
        "task.json",
        r#"{"taskDefinition": {"family": "orders", "revision": 7, "status": "ACTIVE", "containerDefinitions":
            [{"name": "app", "image": "example.com/app:1.2.3"}, {"name": "log", "image": "example.com/log:2.0.1"}]}}"#,
    );
    workspace.apply().success();
    assert_eq!(workspace.output_value("before"), "FAILED");
    assert_eq!(workspace.output_value("after"), "PASSED");
    assert_eq!(workspace.output_value("stripped"), true);
}

#[test]
fn an_unknown_image_or_role_hides_no_error_at_plan() {
    for (name, what, with) in [
        ("image", "\"nginx:1.29.3\"", r#"image = "nginx""#),
        ("role", "\"arn:aws:iam::123456789012:role/orders\"", r#"requiresCompatibilities = ["EC2"]"#),
    ] {
        let late_member = match name {
            "image" => "image = terraform_data.late.output".to_owned(),
            _ => format!("{with}\n    taskRoleArn = terraform_data.late.output"),
        };
        let wrong = WRONG.replace(with, &late_member);
        let text = format!("{}{}", late(what), check(&wrong, ""));
        let workspace = Workspace::offline(&format!("check-unknown-{name}"), &text);
        // What is wrong already is told before the value is known.
        workspace.plan().failure().says("duplicate-container-name");
        let right = wrong.replace(
            r#"{ name = "app", image = "example.com/b"#,
            r#"{ name = "other", image = "example.com/b"#,
        );
        workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}{}", late(what), check(&right, "")));
        workspace.plan().changes().says("will be read during apply");
        workspace.apply().success();
    }
}

#[test]
fn a_wholly_unknown_document_is_judged_at_apply() {
    let text =
        format!("{}{}", late(&format!("jsonencode({WRONG})")), check("terraform_data.late.output", ""));
    let workspace = Workspace::offline("check-unknown-whole", &text);
    workspace.plan().changes().says("will be read during apply");
    workspace.apply().failure().says("duplicate-container-name");
}

#[test]
fn a_policy_decides_what_stops_the_plan() {
    let right = WRONG.replacen(r#"name = "app""#, r#"name = "other""#, 1);
    let policy = |body: &str| format!("  policy {{\n{body}\n  }}");
    let enforced = Workspace::offline("check-enforced", &check(&right, &policy("    enforce = [\"ECS.5\"]")));
    enforced.plan().failure().says("the policy enforces ECS.5");

    let waiver = r#"
    enforce = ["ECS.5"]
    waiver {
      rule    = "root-filesystem-writable"
      reason  = "vendor image"
      owner   = "checkout"
      expires = "9999-12-31"
    }"#;
    let waived = Workspace::offline("check-waived", &check(&right, &policy(waiver)));
    waived.apply().success();
    let given = waived.attributes(ADDRESS).expect("it was read");
    let sarif: Value = serde_json::from_str(given["sarif"].as_str().unwrap()).unwrap();
    let suppressed = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let suppressed: Vec<&Value> = suppressed.filter(|result| result["suppressions"].is_array()).collect();
    assert_eq!(problems_of_sarif("sarif-waived", given["sarif"].as_str().unwrap()), "");
    assert_eq!(suppressed.len(), 2, "one for each container");
    assert_eq!(given["verdicts"]["ECS.5"], "FAILED", "no waiver changes a verdict");
    assert!(suppressed.iter().all(|result| result["ruleId"] == "root-filesystem-writable"));

    let ended = policy(&waiver.replace("9999-12-31", "2001-01-31"));
    waived.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}", check(&right, &ended)));
    waived.plan().failure().says("the policy enforces ECS.5").says("ended on 2001-01-31");
}

#[test]
fn what_cannot_be_read_is_an_error_even_where_findings_are_none() {
    for (name, definitions, told) in [
        ("syntax", "\"[{\"", "not valid JSON"),
        ("form", "\"{}\"", "no containerDefinitions"),
        ("null", "null", "definitions"),
        ("option", "\"[]\"\n  agent {}", "api_key"),
    ] {
        let workspace =
            Workspace::offline(&format!("check-bad-{name}"), &check(definitions, "  fail = false"));
        workspace.plan().failure().says(told);
    }
}

#[test]
fn what_cannot_be_hardened_is_checked_all_the_same() {
    let text = r#"jsonencode([{ name = "datadog-agent", image = "nginx:1.29.3", essential = true }])"#;
    let agent = "  fail = false\n  agent {\n    api_key_secret_arn = \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:K-AbCdEf\"\n  }";
    let workspace = Workspace::offline("check-collision", &check(text, agent));
    workspace.apply().success().says("Warning: The definitions cannot be hardened as they are");
    let given = workspace.attributes(ADDRESS).expect("it was read");
    assert!(given["hardened_json"].is_null());
    assert!(given["sarif"].is_string());
}
