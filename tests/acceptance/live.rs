//! The data sources that read a live account, with the real Terraform: `ddrofs_ecs_fleet_audit` and
//! `ddrofs_ecs_task_definition`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::audit::{SERVICES, audit, fleet, folder};
use crate::harness::local_ecs::Fault;
use crate::harness::{Backend, REGION, Workspace};

const AUDIT: &str = "data.ddrofs_ecs_fleet_audit.all";

/// What the subcommand writes about a place: its JSON and its page.
fn by_the_subcommand(name: &str, url: &str, more: &[&str]) -> (String, String) {
    let folder = folder(name);
    let [json, html] = ["json", "html"].map(|of| folder.join(format!("audit.{of}")));
    let outputs = [format!("json={}", json.display()), format!("html={}", html.display())];
    let arguments = ["--fail-on", "never", "--output", &outputs[0], "--output", &outputs[1]];
    let output = audit(url, &[&arguments, more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    (fs::read_to_string(json).expect("it was written"), fs::read_to_string(html).expect("it was written"))
}

fn elements(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().expect("it is a list").iter()
}

#[test]
fn the_data_source_and_the_subcommand_give_the_same_answer_and_a_second_plan_is_empty() {
    let place = Backend::Local(fleet());
    let workspace = Workspace::new("fleet-audit");
    workspace.main(
        &place,
        r#"
data "ddrofs_ecs_fleet_audit" "all" {
  keep_json = true
  keep_html = true
}

output "summary" {
  value = data.ddrofs_ecs_fleet_audit.all.summary
}
"#,
    );
    workspace.apply().success().does_not_say("Warning");
    let state = workspace.attributes(AUDIT).expect("it is in the state");
    let (json, html) = by_the_subcommand("fleet-audit", &place.url(), &[]);
    assert_eq!(state["json"].as_str(), Some(json.as_str()));
    assert_eq!(state["html"].as_str(), Some(html.as_str()));
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    for same in ["accounts", "regions", "summary", "fix_first", "families", "unread", "version"] {
        assert_eq!(state[same], json[same], "{same}");
    }
    for (service, in_json) in elements(&state["services"]).zip(elements(&json["services"])) {
        // What autoscaling changes all day is no result of an audit.
        let mut expected = in_json.clone();
        expected.as_object_mut().and_then(|members| members.remove("desired_count")).expect("it is there");
        assert_eq!(service, &expected);
    }
    assert_eq!(state["services"].as_array().map(Vec::len), Some(SERVICES));
    let revisions = state["revisions"].as_object().expect("revisions are a map");
    assert_eq!(revisions.len(), 400);
    for (arn, revision) in revisions {
        let in_json = &json["revisions"][arn];
        assert_eq!(revision["verdicts"], in_json["verdicts"], "{arn}");
        let short = |of: &Value, at: usize| {
            ["rule", "severity", "path", "container", "summary"].map(|key| of["findings"][at][key].clone())
        };
        let count = in_json["findings"].as_array().map_or(0, Vec::len);
        assert_eq!(revision["findings"].as_array().map(Vec::len), Some(count), "{arn}");
        assert!((0..count).all(|at| short(revision, at) == short(in_json, at)), "{arn}");
    }
    let text = fs::read_to_string(workspace.folder().join("terraform.tfstate")).expect("there is a state");
    assert!(!text.contains("V4LUE"), "a value stands in the state");
    workspace.plan().no_changes();
}

#[test]
fn moto_is_audited_by_both_alike() {
    let place = Backend::moto();
    for number in 0..3 {
        place.deploy("audit-data", &format!("audit-data-{number}"), number > 0);
    }
    let workspace = Workspace::new("fleet-audit-moto");
    let of = |more: &str| {
        format!(
            "data \"ddrofs_ecs_fleet_audit\" \"all\" {{\n  clusters = [\"audit-data\"]\n  exclude = [\"*-2\"]\n{more}}}\n"
        )
    };
    workspace.main(&place, &of("  keep_json = true\n"));
    workspace.apply().success();
    let state = workspace.attributes(AUDIT).expect("it is in the state");
    let more = ["--cluster", "audit-data", "--exclude", "*-2"];
    let (json, _) = by_the_subcommand("fleet-audit-moto", &place.url(), &more);
    assert_eq!(state["json"].as_str(), Some(json.as_str()));
    assert_eq!(state["summary"]["services"], 2);
    assert_eq!(state["summary"]["controls"]["ECS.5"], json!({"FAILED": 1, "PASSED": 1}));
    workspace.plan().no_changes();
    workspace.main(&place, &of(""));
    workspace.apply().success();
    let state = workspace.attributes(AUDIT).expect("it is in the state");
    assert_eq!((&state["json"], &state["html"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_the_audit_cannot_read_is_a_warning_and_what_ends_every_call_an_error() {
    let server = fleet();
    server.fail("ListTasks", Fault::AccessDenied, 3);
    let place = Backend::Local(server);
    let workspace = Workspace::new("fleet-audit-denied");
    workspace.main(&place, "data \"ddrofs_ecs_fleet_audit\" \"all\" {}\n");
    let said = workspace.apply().success().says("Not everything could be read").output;
    assert!(said.contains("The policy has to allow ecs:ListTasks."), "{said}");
    let state = workspace.attributes(AUDIT).expect("it is in the state");
    assert_eq!(state["services"].as_array().map(Vec::len), Some(SERVICES));
    assert_eq!(state["unread"].as_array().map(Vec::len), Some(3));
    let Backend::Local(server) = &place else { unreachable!("it is the local endpoint") };
    server.fail("ListClusters", Fault::ExpiredToken, 9);
    workspace.plan().failure().says("expired");
}

#[test]
fn settings_known_only_after_apply_are_an_error_with_the_line_that_defers_the_read() {
    let place = Backend::local();
    place.register_foreign("deferred", "shop/app:1.0");
    let configuration = |more: &str| {
        let provider = place.provider().replace(&format!("\"{}\"", place.url()), "terraform_data.url.output");
        assert!(provider.contains("terraform_data.url.output"), "{provider}");
        format!(
            "{provider}\nresource \"terraform_data\" \"url\" {{\n  input = \"{}\"\n}}\n\n\
             data \"ddrofs_ecs_fleet_audit\" \"all\" {{{more}}}\n\
             data \"ddrofs_ecs_task_definition\" \"one\" {{\n  task_definition = \"deferred\"\n{more}}}\n",
            place.url()
        )
    };
    let workspace = Workspace::new("fleet-audit-deferred");
    workspace.write("main.tf", &configuration(""));
    workspace
        .plan()
        .failure()
        .says("AWS settings are not known yet")
        .says("depends_on = [ADDRESS]")
        .says("endpoints.ecs");
    workspace.write("main.tf", &configuration("\n  depends_on = [terraform_data.url]\n"));
    workspace.plan().changes();
    workspace.apply().success();
    assert_eq!(workspace.attributes(AUDIT).expect("it was read")["summary"]["families"], 1);
    workspace.plan().no_changes();
}

const RESOURCE: &str = r#"
resource "ddrofs_ecs_task_definition" "orders" {
  family                   = "orders"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  keep_json                = true
  container_definitions = [{
    name         = "app"
    image        = "shop/app:1.0"
    environment  = [{ name = "PASSWORD", value = "V4LUE" }]
    dockerLabels = { team = "V4LUE" }
    mountPoints  = [{ sourceVolume = "data", containerPath = "/data" }]
  }]
  volume {
    name = "data"
  }
}

data "ddrofs_ecs_task_definition" "orders" {
  task_definition = ddrofs_ecs_task_definition.orders.arn
}
"#;

#[test]
fn a_revision_is_read_as_the_resource_has_it() {
    for (name, place) in [("read-local", Backend::local()), ("read-moto", Backend::moto())] {
        let workspace = Workspace::new(name);
        workspace.main(&place, RESOURCE);
        workspace.apply().success();
        let [read, registered] =
            ["data.ddrofs_ecs_task_definition.orders", "ddrofs_ecs_task_definition.orders"]
                .map(|address| workspace.attributes(address).expect("it is in the state"));
        let same = [
            "arn",
            "arn_without_revision",
            "revision",
            "region",
            "family",
            "cpu",
            "memory",
            "network_mode",
            "requires_compatibilities",
            "execution_role_arn",
            "runtime_platform",
            "json",
            "sha256",
            "verdicts",
        ];
        for name in same {
            assert_eq!(read[name], registered[name], "{name}");
        }
        assert_eq!(read["volume"][0]["name"], "data");
        let rules = |of: &Value| -> BTreeSet<String> {
            let findings = of["findings"].as_array().expect("findings are a list").iter();
            findings
                .map(|finding| format!("{} {} {}", finding["rule"], finding["severity"], finding["path"]))
                .collect()
        };
        assert_eq!(rules(&read), rules(&registered));
        assert_eq!((&read["status"], &read["id"]), (&json!("ACTIVE"), &read["arn"]));
        let containers = read["container_definitions"].as_str().expect("it is text");
        assert!(containers.contains("V4LUE") && containers.starts_with('['), "{containers}");
        let without_documents = {
            let mut read = read.clone();
            for document in ["container_definitions", "json"] {
                read[document].take();
            }
            read.to_string()
        };
        assert!(!without_documents.contains("V4LUE"), "{without_documents}");
        workspace.plan().no_changes();
        let shown = workspace.run(&["show"]).success();
        assert!(shown.output.contains("container_definitions           = (sensitive value)"), "{shown}");
        workspace.destroy().success();
    }
}

#[test]
fn the_newest_revision_or_the_one_that_is_named_is_read() {
    let place = Backend::local();
    let first = place.register_foreign("shop", "shop/app:1.0");
    let second = place.register_foreign("shop", "shop/app:2.0");
    place.deregister(&first);
    let workspace = Workspace::new("read-named");
    workspace.main(
        &place,
        &format!(
            r#"
locals {{
  named = {{ family = "shop", number = "shop:1", arn = "{first}" }}
}}

data "ddrofs_ecs_task_definition" "each" {{
  for_each        = local.named
  task_definition = each.value
}}

output "read" {{
  value = {{ for name, read in data.ddrofs_ecs_task_definition.each : name => [read.arn, read.status] }}
}}
"#
        ),
    );
    workspace.apply().success();
    let expected =
        json!({"family": [second, "ACTIVE"], "number": [first, "INACTIVE"], "arn": [first, "INACTIVE"]});
    assert_eq!(workspace.output_value("read"), expected);
    workspace.plan().no_changes();
}

#[test]
fn an_arn_is_read_in_its_own_region() {
    let place = Backend::local();
    let Backend::Local(server) = &place else { unreachable!("it is the local endpoint") };
    let container = json!({"name": "app", "image": "shop/app:1.0", "memory": 64});
    let body = json!({"family": "elsewhere", "containerDefinitions": [container]});
    let answer = server.act("eu-west-1", "RegisterTaskDefinition", &body).expect("it is accepted");
    let arn = answer["taskDefinition"]["taskDefinitionArn"].as_str().expect("it has an ARN");
    let workspace = Workspace::new("read-elsewhere");
    workspace.main(
        &place,
        &format!("data \"ddrofs_ecs_task_definition\" \"one\" {{\n  task_definition = \"{arn}\"\n}}\n"),
    );
    workspace.apply().success();
    let read = workspace.attributes("data.ddrofs_ecs_task_definition.one").expect("it is in the state");
    assert_eq!((&read["arn"], &read["region"]), (&json!(arn), &json!("eu-west-1")));
}

#[test]
fn a_revision_that_cannot_be_read_is_an_error_that_says_what_to_do() {
    let place = Backend::local();
    let workspace = Workspace::new("read-missing");
    let of = |named: &str| {
        format!("data \"ddrofs_ecs_task_definition\" \"one\" {{\n  task_definition = \"{named}\"\n}}\n")
    };
    workspace.main(&place, &of("nobody"));
    workspace
        .plan()
        .failure()
        .says("There is no such task definition")
        .says("on main.tf line")
        .says(&format!("\"nobody\" in {REGION}"));
    workspace.main(&place, &of(""));
    workspace.validate().failure().says("No task definition is named");
    let Backend::Local(server) = &place else { unreachable!("it is the local endpoint") };
    server.fail("DescribeTaskDefinition", Fault::AccessDenied, 1);
    workspace.main(&place, &of("shop"));
    workspace.plan().failure().says("ecs:DescribeTaskDefinition");
}
