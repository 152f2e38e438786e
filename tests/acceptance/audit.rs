//! The subcommand `audit` against an account: the local endpoint with its rates and with calls that fail, and moto. Its page
//! with hostile names, as a parser of somebody else's reads it.

#[path = "../support/fleet/mod.rs"]
mod fleet;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::harness::local_ecs::{Fault, LocalEcs};
use crate::harness::{Backend, REGION};
use crate::reports::second_opinion;
use fleet::{BLIND, Fleet, PLAIN};

pub(crate) const SERVICES: usize = 300;

/// A fleet in three clusters. Every third service runs a revision that is not the newest; the newest is read-only.
pub(crate) fn fleet() -> LocalEcs {
    let server = LocalEcs::start();
    let act = |operation: &str, body: Value| server.act(REGION, operation, &body).expect("it is accepted");
    for cluster in 0..3 {
        act("CreateCluster", json!({"clusterName": format!("cluster-{cluster}")}));
    }
    for number in 0..SERVICES {
        let name = format!("service-{number:03}");
        let register = |read_only: bool| {
            let container = json!({"name": "app", "image": "shop/app:1.0", "memory": 64, "readonlyRootFilesystem": read_only,
                                   "environment": [{"name": "TOKEN", "value": "V4LUE"}], "dockerLabels": {"team": "V4LUE"}});
            act("RegisterTaskDefinition", json!({"family": name, "containerDefinitions": [container]}));
        };
        let is_behind = number % 3 == 0;
        register(!is_behind);
        if is_behind {
            register(true);
        }
        let cluster = format!("cluster-{}", number % 3);
        act(
            "CreateService",
            json!({"cluster": cluster, "serviceName": name, "taskDefinition": format!("{name}:1"), "desiredCount": 1}),
        );
    }
    server
}

/// An empty folder for one test's files.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
    }
    fs::create_dir_all(&folder).expect("target/ is writable");
    folder
}

pub(crate) fn audit(url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_terraform-provider-ddrofs"))
        .args(["audit", "--region", REGION, "--endpoint-url", url])
        .args(arguments)
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", "AKIAAUDIT")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("DDROFS_ECS_PACE", "50")
        .output()
        .expect("the program runs")
}

fn read(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("audit.json")).expect("the audit was written");
    assert!(!text.contains("V4LUE"), "a value stands in the JSON");
    serde_json::from_str(&text).expect("it is JSON")
}

/// The audit with both files in the folder, and the status it has to end with.
fn audited(name: &str, url: &str, status: i32) -> (Value, PathBuf, String) {
    let folder = folder(name);
    let [json, html] =
        ["json", "html"].map(|of| format!("{of}={}", folder.join(format!("audit.{of}")).display()));
    let output = audit(url, &["--output", &json, "--output", &html]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{said}");
    let table = String::from_utf8(output.stdout).expect("it prints UTF-8");
    (read(&folder), folder, table)
}

#[test]
fn every_service_is_there_once_with_what_runs_and_what_is_newest_and_within_the_rates() {
    let server = fleet();
    server.limit_rates(true);
    server.set_speed(50.0);
    let (audit, folder, table) = audited("fleet", &server.url(), 0);

    let services = audit["services"].as_array().expect("services are a list");
    let arns: BTreeSet<&str> = services.iter().filter_map(|service| service["arn"].as_str()).collect();
    assert_eq!((services.len(), arns.len()), (SERVICES, SERVICES));
    let summary = &audit["summary"];
    let figures = [
        "clusters",
        "services",
        "families",
        "revisions",
        "services_behind",
        "services_green_but_old",
        "unread",
    ];
    let figures: Vec<u64> = figures.iter().filter_map(|figure| summary[figure].as_u64()).collect();
    assert_eq!(figures, [3, 300, 300, 400, 100, 100, 0]);
    assert_eq!(summary["controls"]["ECS.5"], json!({"FAILED": 100, "PASSED": 200}));
    let writable =
        audit["fix_first"].as_array().and_then(|all| all.iter().find(|it| it["control"] == "ECS.5"));
    assert_eq!(writable.map(|it| &it["services_mended_by_newest"]), Some(&json!(100)));
    assert!(table.contains("300 services in 3 clusters"), "{table}");

    let requests = server.requests();
    let changes = |operation: &str| !operation.starts_with("List") && !operation.starts_with("Describe");
    assert_eq!(requests.iter().filter(|request| changes(&request.operation)).count(), 0);
    assert_eq!(server.beyond_the_rates(2.0).len(), 0);
    assert_eq!(server.requests_of("DescribeServices").len(), 30, "ten services a call");
    assert_eq!(server.requests_of("DescribeTaskDefinition").len(), 400, "each revision once");

    let page = harmless(&folder.join("audit.html"));
    assert_eq!(page["services"].as_array().map(Vec::len), Some(SERVICES));
}

/// What a parser sees of a page in which nothing is wrong, fetched or run but its one script.
fn harmless(page: &Path) -> Value {
    let page = second_opinion(&["html", &page.display().to_string()]);
    let page: Value = serde_json::from_str(&page).expect("it prints JSON");
    for nothing in ["errors", "handlers", "references"] {
        assert_eq!(page[nothing], json!([]), "{nothing}");
    }
    assert_eq!((&page["scripts"], &page["styles"], &page["ids_twice"]), (&json!(1), &json!(0), &json!(0)));
    page
}

#[test]
fn a_parser_sees_hostile_names_as_text() {
    let names = [
        "\"onmouseover=\"alert(1)",
        "</script><script>alert(1)</script>",
        "<img src=//x onerror=alert(1)>",
        "&lt;b&gt;",
    ];
    let mut fleet = Fleet::of(16);
    for name in names {
        let arn = fleet.revision("hostile", 1, PLAIN);
        fleet.service("cluster-0", name, &arn);
        fleet.task(name, name, name, &arn);
        fleet.unread(name, name);
    }
    let arn = fleet.revision("blind", 1, BLIND);
    fleet.service("cluster-0", "blind", &arn);
    let path = folder("hostile").join("page.html");
    fs::write(&path, ddrofs::audit::page(&fleet.audit())).expect("the folder is writable");
    let page = harmless(&path);
    let services = page["services"].as_array().expect("services are a list");
    for name in names {
        assert!(services.iter().any(|service| service == name), "{name} is not among {services:?}");
    }
    assert!(!page["elements"].as_array().expect("elements are a list").contains(&json!("img")));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_there() {
    let server = fleet();
    server.fail("DescribeTaskDefinition", Fault::AccessDenied, 1);
    server.fail("ListTasks", Fault::AccessDenied, 3);
    server.fail("DescribeServices", Fault::Throttle, 2);
    server.fail("ListServices", Fault::ServerErrorBefore, 1);
    let (audit, _, table) = audited("faults", &server.url(), 2);
    assert_eq!(server.faults_waiting(), 0);
    assert_eq!(audit["services"].as_array().map(Vec::len), Some(SERVICES));
    let unread = audit["unread"].as_array().expect("it is a list");
    assert_eq!(unread.len(), 4, "{unread:#?}");
    let tasks =
        unread.iter().filter(|it| it["why"] == "Access is denied. The policy has to allow ecs:ListTasks.");
    assert_eq!(tasks.count(), 3);
    assert!(table.contains("Not read"), "{table}");
}

#[test]
fn an_account_without_clusters_and_a_cluster_that_is_gone_are_told() {
    let server = LocalEcs::start();
    let output = audit(&server.url(), &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("No service was found."));
    server.act(REGION, "CreateCluster", &json!({"clusterName": "here"})).expect("it is accepted");
    let output = audit(&server.url(), &["--cluster", "here", "--cluster", "gone"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("cluster gone: There is no active cluster of that name."), "{said}");
    // Without the list nobody knows that it is gone before it is asked for.
    server.fail("ListClusters", Fault::AccessDenied, 1);
    let output = audit(&server.url(), &["--cluster", "here", "--cluster", "gone"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("ListServices of gone: ") && said.contains("ecs:ListClusters"), "{said}");
}

#[test]
fn five_thousand_families_are_read_within_the_rates() {
    let server = LocalEcs::start();
    for number in 0..5000 {
        let container = json!({"name": "app", "image": "shop/app:1.0", "memory": 64});
        let body = json!({"family": format!("family-{number:04}"), "containerDefinitions": [container]});
        server.act(REGION, "RegisterTaskDefinition", &body).expect("it is accepted");
    }
    server.limit_rates(true);
    server.set_speed(50.0);
    let (audit, _, _) = audited("families", &server.url(), 0);
    assert_eq!(audit["families"].as_array().map(Vec::len), Some(5000));
    assert_eq!(audit["summary"]["revisions"], 5000);
    assert_eq!(server.requests_of("DescribeTaskDefinition").len(), 5000, "each once");
    assert_eq!(server.beyond_the_rates(2.0).len(), 0);
}

#[test]
fn credentials_that_nobody_knows_end_the_audit_with_a_sentence() {
    let server = LocalEcs::start();
    server.fail("ListClusters", Fault::ExpiredToken, 9);
    let output = audit(&server.url(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("The account cannot be read."), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn the_policy_allows_every_call_that_is_made_and_no_other() {
    let server = fleet();
    audited("policy", &server.url(), 0);
    let asked: BTreeSet<String> =
        server.requests().iter().map(|request| format!("ecs:{}", request.operation)).collect();
    let output = audit(&server.url(), &["--policy"]);
    let policy: Value = serde_json::from_slice(&output.stdout).expect("a policy is JSON");
    let allowed = policy["Statement"][0]["Action"].as_array().expect("actions are a list");
    let allowed: BTreeSet<String> = allowed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    // No task runs there that is not a service's, so that none may be left to describe.
    let unasked: Vec<&String> = allowed.difference(&asked).collect();
    assert!(asked.is_subset(&allowed), "{asked:?}");
    assert!(unasked.is_empty() || unasked == ["ecs:DescribeTasks"], "{unasked:?}");
}

/// What does not depend on the account.
fn told(audit: &Value) -> Vec<Value> {
    let services = audit["services"].as_array().expect("services are a list");
    let of = |service: &Value| {
        json!([
            service["cluster"],
            service["name"],
            service["controls"],
            service["agent"],
            service["is_behind"]
        ])
    };
    services.iter().map(of).collect()
}

#[test]
fn moto_and_the_local_endpoint_get_the_same_answer() {
    let mut answers = Vec::new();
    for (name, backend) in [("local", Backend::local()), ("moto", Backend::moto())] {
        for number in 0..5 {
            backend.deploy("audit-opinion", &format!("audit-opinion-{number}"), number % 2 == 0);
        }
        let folder = folder(&format!("opinion-{name}"));
        let json = format!("json={}", folder.join("audit.json").display());
        let output =
            audit(&backend.url(), &["--cluster", "audit-opinion", "--output", &json, "--fail-on", "never"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        answers.push(told(&read(&folder)));
    }
    assert_eq!(answers[0].len(), 5);
    assert_eq!(answers[0], answers[1]);
}
