//! What Security Hub would say: a verdict for each control, over the application, the Agent and the task around them.

use serde_json::{Value, json};

use super::{WEB, web};
use crate::harness::{Backend, Workspace};

fn given(workspace: &Workspace, attribute: &str) -> Value {
    workspace.attributes(WEB).expect("it is in the state")[attribute].clone()
}

#[test]
fn each_control_has_its_verdict_and_the_findings_name_the_containers() {
    let place = Backend::local();
    let workspace = Workspace::new("verdicts");
    // Privileged containers are for EC2, and the Agent for Fargate: a task that names neither may have both.
    let for_either = web("web", "nginx:1.27.0", "")
        .replace(r#"requires_compatibilities = ["FARGATE"]"#, "")
        .replace(r#"name = "GREETING""#, r#"name = "AWS_ACCESS_KEY_ID""#)
        .replace("essential              = true", "essential = true\n privileged = true\n user = \"1000\"");
    workspace.main(&place, &for_either).apply().success();
    let verdicts = json!({
        "ECS.3": "PASSED",
        "ECS.4": "FAILED",
        "ECS.5": "PASSED",
        "ECS.8": "FAILED",
        "ECS.9": "FAILED",
        "ECS.15": "FAILED",
        "ECS.17": "PASSED",
        "ECS.18": "PASSED",
        "ECS.20": "FAILED",
        "ECS.21": "NOT_APPLICABLE",
    });
    assert_eq!(given(&workspace, "verdicts"), verdicts);
    let findings = given(&workspace, "findings");
    let who = |rule: &str| -> Vec<&Value> {
        let findings = findings.as_array().expect("a list").iter();
        findings.filter(|finding| finding["rule"] == rule).map(|finding| &finding["container"]).collect()
    };
    assert_eq!(who("privileged-container"), ["app"]);
    assert_eq!(
        who("log-configuration-missing"),
        ["datadog-agent", "app"],
        "one argument mends both of the Agent's"
    );
    assert_eq!(who("root-user"), ["datadog-init", "datadog-agent"]);
}

#[test]
fn a_user_that_nobody_names_is_one_finding_and_fails_two_controls_without_an_operating_system() {
    let place = Backend::local();
    let workspace = Workspace::new("verdicts-unset");
    let unset = web("web", "nginx:1.27.0", "").replace(r#"operating_system_family = "LINUX""#, "").replace(
        "essential              = true",
        "essential = true\n logConfiguration = { logDriver = \"splunk\" }",
    );
    workspace.main(&place, &unset).apply().success();
    let verdicts = given(&workspace, "verdicts");
    assert_eq!((&verdicts["ECS.20"], &verdicts["ECS.21"]), (&json!("FAILED"), &json!("FAILED")));
    let findings = given(&workspace, "findings");
    let about_app: Vec<&Value> = findings
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| {
            finding["container"] == "app" && finding["path"].as_str().unwrap().ends_with(".user")
        })
        .map(|finding| &finding["rule"])
        .collect();
    assert_eq!(about_app, ["root-user"]);
}

#[test]
fn tags_are_judged_although_they_make_no_revision() {
    let place = Backend::local();
    let workspace = Workspace::new("verdicts-tags");
    let with_tags = |tags: &str| web("web", "nginx:1.27.0", &format!("tags = {tags}"));
    for (tags, verdict) in
        [(r#"{ team = "web" }"#, "PASSED"), ("{}", "FAILED"), (r#"{ team = "shop" }"#, "PASSED")]
    {
        workspace.main(&place, &with_tags(tags)).apply().success();
        assert_eq!(given(&workspace, "verdicts")["ECS.15"], json!(verdict), "{tags}");
        assert_eq!(given(&workspace, "revision"), json!(1));
        workspace.plan().no_changes();
    }
}

#[test]
fn tags_that_are_known_at_apply_are_judged_then() {
    let place = Backend::local();
    let workspace = Workspace::new("verdicts-late-tags");
    let late = "resource \"terraform_data\" \"late\" {\n  input = { team = \"web\" }\n}\n";
    let text = web("web", "nginx:1.27.0", "tags = terraform_data.late.output");
    workspace.main(&place, &format!("{late}{text}")).apply().success();
    assert_eq!(given(&workspace, "verdicts")["ECS.15"], json!("PASSED"));
    workspace.plan().no_changes();
}
