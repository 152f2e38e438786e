//! `ddrofs_agent_nomad` through a real core: what it gives, what it refuses and where, and what it never shows. Others read what is
//! written.

use std::fs;
use std::path::Path;

use ddrofs::document::{hcl, to_json};
use ddrofs::nomad::is_left_for_the_client;
use serde_json::{Map, Value};

use crate::harness::{Workspace, hcl_read_by_others, problems_of_hcl};

fn nomad(body: &str) -> String {
    format!(
        "data \"ddrofs_agent_nomad\" \"one\" {{\n{body}\n}}\noutput \"hcl\" {{\n  value = data.ddrofs_agent_nomad.one.hcl\n}}\n"
    )
}

fn attributes(workspace: &Workspace) -> Value {
    workspace.attributes("data.ddrofs_agent_nomad.one").expect("it is in the state")
}

const VARIABLE: &str = "  api_key_secret = \"nomad/jobs/datadog-agent\"\n";

/// What a text says by our own reader.
fn read(text: &str) -> Value {
    let read =
        hcl::read(text, is_left_for_the_client).unwrap_or_else(|problem| panic!("{problem:?}: {text}"));
    let json = to_json(&read.node).expect("nothing has to be computed");
    serde_json::from_str(&json).expect("JSON")
}

/// The same whether blocks are a list of each or one mapping of all their labels, in which readers differ.
fn merged(value: &Value) -> Value {
    match value {
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
            let items: Vec<Value> = items.iter().map(merged).collect();
            let mut all = Map::new();
            let members = || items.iter().filter_map(Value::as_object).flatten();
            all.extend(members().map(|(key, value)| (key.clone(), value.clone())));
            if all.len() == members().count() { Value::Object(all) } else { Value::Array(items) }
        }
        Value::Array(items) => items.iter().map(merged).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), merged(value))).collect::<Map<_, _>>().into()
        }
        scalar => scalar.clone(),
    }
}

#[test]
fn the_job_is_read_by_others_as_it_is_meant_and_planned_again_without_a_change() {
    let workspace = Workspace::offline("nomad-job", "");
    workspace.write("nomad.tf", &nomad(VARIABLE));
    workspace.apply().success();
    let state = attributes(&workspace);
    let hcl = state["hcl"].as_str().unwrap().to_owned();
    for part in
        ["readonly_rootfs = true", "prestart", "nomadVar", "../alloc/datadog-config:/etc/datadog-agent"]
    {
        assert!(hcl.contains(part), "{part} is not in {hcl}");
    }
    let texts = [hcl.clone(), state["sidecar_hcl"].as_str().unwrap().to_owned()];
    for (text, others) in texts.iter().zip(hcl_read_by_others(&texts)) {
        assert_eq!(merged(&others.unwrap()), merged(&read(text)), "{text}");
    }
    let job: Value = serde_json::from_str(state["json"].as_str().unwrap()).unwrap();
    let tasks = job["Job"]["TaskGroups"][0]["Tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 2);
    for task in tasks {
        assert_eq!(task["Config"]["readonly_rootfs"], true, "{task}");
    }
    assert_eq!(job["Job"]["TaskGroups"][0]["Name"], "datadog-agent");
    workspace.plan().no_changes();
}

#[test]
fn every_golden_job_is_hcl_to_others_too() {
    let mut texts = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/nomad")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "hcl") {
            texts.push((path.file_stem().unwrap().display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(texts.len() >= 8);
    assert_eq!(problems_of_hcl("", &texts), "");
    let only: Vec<String> = texts.iter().map(|(_, text)| text.clone()).collect();
    let mut compared = 0;
    for (text, others) in only.iter().zip(hcl_read_by_others(&only)) {
        let ours = hcl::read(text, is_left_for_the_client).unwrap().node;
        // A job of the user's has expressions, which have no value for anybody but Nomad.
        if ours.is_wholly_known() {
            assert_eq!(merged(&others.unwrap()), merged(&read(text)), "{text}");
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared}");
    let wrong = ("wrong".to_owned(), "job \"a\" {\n  type = \n}\n".to_owned());
    assert!(problems_of_hcl("", &[wrong]).contains("wrong: "), "a reader that would not notice");
}

#[test]
fn what_of_the_providers_block_is_of_ecs_is_left_out_and_an_error_in_the_data_source() {
    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";
    let provider = format!(
        "provider \"ddrofs\" {{\n  agent {{\n    api_key_secret_arn = \"{ARN}\"\n    env = \"prod\"\n    wait_until_healthy = true\n  }}\n}}\n"
    );
    let workspace = Workspace::offline("nomad-fleet", "");
    let vault = nomad("  api_key_secret = \"secret/data/datadog#key\"");
    workspace.write("nomad.tf", &format!("{provider}{vault}"));
    workspace.apply().success();
    let hcl = attributes(&workspace)["hcl"].as_str().unwrap().to_owned();
    assert!(!hcl.contains("arn:aws"), "{hcl}");
    for part in ["DD_ENV", "with secret \\\"secret/data/datadog\\\"", ".Data.data.key", "vault {"] {
        assert!(hcl.contains(part), "{part} is not in {hcl}");
    }
    workspace.write("nomad.tf", &nomad(&format!("  api_key_secret_arn = \"{ARN}\"\n  essential = true")));
    let refused = workspace.plan().failure();
    refused
        .says("Setting of another platform")
        .says("`api_key_secret_arn`")
        .says("`essential`")
        .says("api_key_secret");
}

#[test]
fn a_key_is_never_part_of_the_job_and_never_shown() {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    let workspace = Workspace::offline("nomad-key", "");
    for body in [
        format!("  api_key_secret = \"{KEY}\""),
        format!("  api_key_secret = \"nomad/jobs/{KEY}!\""),
        format!("{VARIABLE}  environment = {{ DD_API_KEY = \"{KEY}\" }}"),
        format!("{VARIABLE}  secrets = {{ DD_APP_KEY = \"{KEY}!\" }}"),
    ] {
        workspace.write("nomad.tf", &nomad(&body));
        let refused = workspace.run(&["plan", "-input=false", "-no-color", "-json"]);
        assert!(!refused.succeeded(), "{body}");
        for line in refused.output.lines().filter(|line| line.contains("\"@level\":\"error\"")) {
            let shown: Value = serde_json::from_str(line).unwrap();
            let texts = format!("{} {}", shown["diagnostic"]["summary"], shown["diagnostic"]["detail"]);
            assert!(!texts.contains(KEY), "{texts}");
        }
    }
    workspace.write("nomad.tf", &nomad(""));
    workspace.plan().failure().says("api_key_secret");
}

#[test]
fn what_is_known_only_after_apply_is_read_then() {
    let workspace = Workspace::offline("nomad-unknown", "");
    let made = "resource \"terraform_data\" \"made\" {\n  input = \"orders\"\n}\n";
    let body = format!("{VARIABLE}  service = terraform_data.made.output");
    workspace.write("nomad.tf", &format!("{made}{}", nomad(&body)));
    workspace.plan();
    workspace.apply().success();
    assert!(attributes(&workspace)["hcl"].as_str().unwrap().contains("\"orders\""));
    workspace.plan().no_changes();
}

const JOB: &str = r#"variable "tag" {
  default = "1.4.2"
}

# The shop's own job.
job "shop" {
  group "web" {
    task "app" {
      driver = "docker"
      config {
        image = "example.com/shop/web:${var.tag}" # from the pipeline
      }
      env {
        GREETING = upper("hello")
      }
    }
  }
}
"#;

#[test]
fn the_agent_is_put_into_a_job_of_which_all_else_stays_and_given_in_again_it_stays() {
    let workspace = Workspace::offline("nomad-into-a-job", "");
    workspace.write("shop.nomad.hcl", JOB);
    let body = format!(
        "{VARIABLE}  job = file(\"shop.nomad.hcl\")\n  application {{\n    read_only_root_filesystem = true\n    writable_paths = {{ app = [\"/tmp\"] }}\n  }}"
    );
    workspace.write("nomad.tf", &nomad(&body));
    workspace.apply().success();
    let state = attributes(&workspace);
    let hcl = state["hcl"].as_str().unwrap().to_owned();
    assert!(state["json"].is_null());
    assert_eq!(problems_of_hcl("", &[("shop".to_owned(), hcl.clone())]), "");
    for line in JOB.lines() {
        assert!(hcl.lines().any(|written| written == line), "{line} is not in {hcl}");
    }
    for part in
        ["readonly_rootfs = true", "../alloc/datadog-sockets:/var/run/datadog:ro", "local/app-tmp:/tmp"]
    {
        assert!(hcl.contains(part), "{part} is not in {hcl}");
    }
    workspace.write("again.hcl", &hcl);
    workspace.write("nomad.tf", &nomad(&body.replace("shop.nomad.hcl", "again.hcl")));
    workspace.apply().success();
    assert_eq!(attributes(&workspace)["hcl"].as_str().unwrap(), hcl);
    workspace.plan().no_changes();
}

#[test]
fn a_job_as_an_object_comes_back_as_json_with_everything_in_it() {
    let workspace = Workspace::offline("nomad-object", "");
    let job = r#"{ Job = { ID = "shop", Meta = { kept = "yes" }, TaskGroups = [{ Name = "web", Tasks = [
      { Name = "app", Driver = "docker", Config = { image = "shop:1" } }, { Name = "old", Driver = "exec" }
    ] }] } }"#;
    workspace.write("nomad.tf", &nomad(&format!("{VARIABLE}  job = {job}")));
    let applied = workspace.apply().success();
    assert!(applied.output.contains("old: its driver is exec"), "{applied}");
    let state = attributes(&workspace);
    assert!(state["hcl"].is_null());
    let job: Value = serde_json::from_str(state["json"].as_str().unwrap()).unwrap();
    assert_eq!(job["Job"]["Meta"]["kept"], "yes");
    let tasks = job["Job"]["TaskGroups"][0]["Tasks"].as_array().unwrap();
    let names: Vec<&str> = tasks.iter().map(|task| task["Name"].as_str().unwrap()).collect();
    assert_eq!(names, ["app", "old", "datadog-init", "datadog-agent"]);
    assert_eq!(tasks[0]["Env"]["DD_TRACE_AGENT_URL"], "unix:///var/run/datadog/apm.socket");
}

#[test]
fn bad_jobs_are_told_where_they_are_and_nothing_crashes() {
    let workspace = Workspace::offline("nomad-bad", "");
    let deep = format!("a = {}{}", "[".repeat(20_000), "]".repeat(20_000));
    for (name, text, said) in [
        ("syntax", "job \"a\" {\n  type = \n}\n".to_owned(), "Line 2"),
        ("deep", deep, "not HCL that could be read"),
        ("ten-mebibytes", format!("a = \"{}\"", "x".repeat(10 << 20)), "bytes long"),
        ("json", "{\"Job\": {".to_owned(), "not JSON that could be read"),
        ("other", "{\"services\": {}}".to_owned(), "Not a job of Nomad"),
        ("list", "[{\"Job\": {}}]".to_owned(), "Not a job of Nomad"),
        ("no-job", "locals {\n  a = 1\n}\n".to_owned(), "Not a job of Nomad"),
        ("several", "job \"a\" {}\njob \"b\" {}\n".to_owned(), "Several jobs"),
        ("groups", "job \"a\" {\n  group \"x\" {}\n  group \"y\" {}\n}\n".to_owned(), "group = \"x\""),
        ("name", JOB.replace("\"app\"", "\"datadog-agent\""), "container_name = \"datadog-agent-2\""),
        (
            "expression",
            JOB.replace("      env {", "      env = merge({}, {})\n      meta {"),
            "Expression in the way",
        ),
    ] {
        workspace.write(&format!("{name}.hcl"), &text);
        workspace.write("nomad.tf", &nomad(&format!("{VARIABLE}  job = file(\"{name}.hcl\")")));
        workspace.plan().failure().says(said);
    }
}

#[test]
fn what_is_found_in_a_given_job_is_told_where_it_says_it_and_a_policy_decides() {
    let workspace = Workspace::offline("nomad-findings", "");
    let job = JOB.replace("${var.tag}", "1.4.2").replace("    task \"app\"", "    task \"wrong\" {\n      driver = \"docker\"\n      config {\n        image           = \"example.com/shop/web:1.4.2\"\n        readonly_rootfs = true\n      }\n      env {\n        DD_DOGSTATSD_URL = \"unix:///tmp/other.socket\"\n      }\n    }\n\n    task \"app\"");
    workspace.write("shop.nomad.hcl", &job);
    let body = "  api_key_secret = \"nomad/jobs/datadog-agent\"\n  job = file(\"shop.nomad.hcl\")\n";
    workspace.write("nomad.tf", &nomad(body));
    let refused = workspace.plan().failure();
    refused
        .says("does not reach the Agent's socket")
        .says("task[0].wrong.config[0].volumes, line 10, column 7")
        .says("agent-socket-unreachable");
    let waiver = "  policy {\n    severity = { nomad-variable-of-another-job = \"off\" }\n    waiver {\n      rule = \"agent-socket-unreachable\"\n      container = \"wrong\"\n      reason = \"another program listens there\"\n      owner = \"shop\"\n      expires = \"2099-01-01\"\n    }\n  }\n";
    workspace.write("nomad.tf", &nomad(&format!("{body}{waiver}")));
    let applied = workspace.apply().success();
    assert!(applied.output.contains("Waived: "), "{applied}");
    let state = attributes(&workspace);
    let findings = state["findings"].as_array().unwrap();
    let waived: Vec<&Value> = findings.iter().filter(|one| one["severity"] == "waived").collect();
    assert_eq!(waived.len(), 1, "{findings:?}");
    assert_eq!(waived[0]["container"], "wrong");
    assert!(waived[0]["fix"].as_str().unwrap().contains("of task \"wrong\""), "{}", waived[0]["fix"]);
    assert!(findings.iter().all(|one| one["rule"] != "nomad-variable-of-another-job"), "{findings:?}");
    workspace.plan().no_changes();
}

#[test]
fn a_job_as_json_is_judged_in_its_own_words() {
    let workspace = Workspace::offline("nomad-json-findings", "");
    let job = "{\n  \"Job\": { \"ID\": \"datadog-agent\", \"TaskGroups\": [{ \"Name\": \"web\", \"Tasks\": [\n    { \"Name\": \"app\", \"Driver\": \"docker\", \"Config\": { \"image\": \"example.com/shop:1.4.2\" },\n      \"Env\": { \"DD_AGENT_SITE\": \"x\", \"DD_LOG_ENABLED\": \"true\" } }\n  ] }] }\n}\n";
    workspace.write("shop.json", job);
    workspace.write("nomad.tf", &nomad(&format!("{VARIABLE}  job = file(\"shop.json\")")));
    let applied = workspace.apply().success();
    assert!(applied.output.contains("line 4, column"), "{applied}");
    let state = attributes(&workspace);
    let findings = state["findings"].as_array().unwrap();
    let root = findings.iter().find(|one| one["rule"] == "root-filesystem-writable").unwrap();
    assert_eq!(root["severity"], "note");
    assert!(root["fix"].as_str().unwrap().contains("\"readonly_rootfs\": true"), "{root}");
}

#[test]
fn a_job_with_values_that_are_not_known_yet_is_judged_when_they_are() {
    let workspace = Workspace::offline("nomad-unknown-job", "");
    let made = "resource \"terraform_data\" \"made\" {\n  input = \"example.com/shop\"\n}\n";
    let job = "  job = { Job = { ID = \"datadog-agent\", TaskGroups = [{ Name = \"web\", Tasks = [{ Name = \"app\", Driver = \"docker\", Config = { image = terraform_data.made.output } }] }] } }";
    workspace.write("nomad.tf", &format!("{made}{}", nomad(&format!("{VARIABLE}{job}"))));
    workspace.plan();
    workspace.apply().success();
    let state = attributes(&workspace);
    let rules: Vec<&str> =
        state["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["floating-image-tag", "root-filesystem-writable"]);
    assert!(state["json"].as_str().unwrap().contains("example.com/shop"));
    workspace.plan().no_changes();
    // The whole of it may be known later.
    let made = "resource \"terraform_data\" \"made\" {\n  input = { ID = \"datadog-agent\", TaskGroups = [{ Name = \"web\", Tasks = [] }] }\n}\n";
    for (name, job) in [
        ("nomad-unknown-whole", "{ Job = terraform_data.made.output }"),
        ("nomad-unknown-groups", "{ ID = \"x\", TaskGroups = terraform_data.made.output.TaskGroups }"),
    ] {
        let workspace = Workspace::offline(name, "");
        workspace.write("nomad.tf", &format!("{made}{}", nomad(&format!("{VARIABLE}  job = {job}\n"))));
        workspace.apply().success();
        assert!(attributes(&workspace)["json"].as_str().unwrap().contains("datadog-init"));
    }
}
