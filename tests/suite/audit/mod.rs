//! The audit without an account: from answers of ECS to the result, the table and the page.

#[path = "../../support/fleet/mod.rs"]
mod fleet;
mod page;

use std::collections::BTreeSet;

use ddrofs::audit::{self, AgentState, Audit};
use ddrofs::document::{self, Node, Object};
use ddrofs::ecs;
use ddrofs::ecs_client::Revision;
use ddrofs::rules::{CATALOGUE, DocumentKind, READ_OTHERWISE, Severity};
use expect_test::{expect, expect_file};

use fleet::{BLIND, Fleet, PLAIN, SEEDED};

/// One service that is behind, one with a blind Agent, one whose revision could not be read, and a task.
fn small() -> Audit {
    let mut fleet = Fleet::empty();
    let old = fleet.revision("orders", 7, PLAIN);
    let newest = fleet.revision("orders", 8, SEEDED);
    fleet.service("prod", "orders", &old);
    fleet.newest("orders", &newest);
    let blind = fleet.revision("billing", 1, BLIND);
    fleet.service("prod", "billing", &blind);
    fleet.newest("billing", &blind);
    fleet.service("test", "lost", "arn:aws:ecs:eu-central-1:123456789012:task-definition/lost:3");
    fleet.unread("DescribeTaskDefinition of lost:3", "Access is denied.");
    fleet.task("prod", "1", "family:nightly", &blind);
    fleet.task("prod", "2", "service:orders", &old);
    fleet.audit()
}

#[test]
fn the_table_shows_what_runs_beside_what_security_hub_looks_at() {
    expect![[r#"
        CLUSTER  SERVICE  REVISION  ECS.5  ECS.4  ECS.8  ECS.9  ECS.20  AGENT
        prod     billing  1         FAIL   pass   pass   FAIL   FAIL    BLIND 7.81.1
        prod     orders   7 < 8     FAIL*  pass   pass   pass*  FAIL    none
        test     lost     3         ?      ?      ?      ?      ?       ?

        3 services in 2 clusters, 2 families, 1 standalone tasks.
        Of what runs: ECS.5 fails on 2, ECS.4 fails on 0, ECS.8 fails on 0, ECS.9 fails on 1, ECS.20 fails on 2.
        1 services run an older revision, 1 of them one that fails a control which the newest passes. 1 Agents are blind.

        What to fix first
        2 services  warning  root-filesystem-writable        ECS.5   1 by deploying the newest revision
        1 services  error    config-volume-not-seeded
        1 services  error    secrets-without-execution-role
        1 services  error    writable-path-not-mounted
        2 services  note     root-user                       ECS.20
        1 services  note     log-configuration-missing       ECS.9
        1 services  note     log-delivery-mode-unset                 1 by deploying the newest revision
        1 services  note     tags-missing                    ECS.15

        Not read
        eu-central-1: DescribeTaskDefinition of lost:3: Access is denied.
    "#]].assert_eq(&audit::table(&small()));
}

#[test]
fn the_json_has_the_shape_that_its_page_documents() {
    expect_file!["../../golden/audit.json"].assert_eq(&small().to_json().unwrap());
}

#[test]
fn a_service_stands_there_once_however_often_it_was_answered() {
    let mut fleet = Fleet::of(12);
    let again = fleet.0.services.clone();
    fleet.0.services.extend(again);
    let audit = fleet.audit();
    let mut arns: Vec<&str> = audit.services.iter().map(|service| service.arn.as_str()).collect();
    arns.dedup();
    assert_eq!((arns.len(), audit.services.len(), audit.summary.services), (12, 12, 12));
    assert_eq!(audit.clusters.iter().map(|cluster| cluster.services).sum::<usize>(), 12);
}

#[test]
fn what_runs_and_what_is_newest_have_verdicts_of_their_own() {
    let audit = small();
    let service = |name: &str| audit.services.iter().find(|service| service.name == name).unwrap();
    let orders = service("orders");
    assert!(orders.is_behind && orders.green_but_old.contains(&"ECS.5"), "{orders:#?}");
    assert_eq!((orders.controls["ECS.5"].running, orders.controls["ECS.5"].newest), ("FAILED", "PASSED"));
    assert_eq!(service("billing").agent, AgentState::Blind);
    assert_eq!(service("billing").agent_version.as_deref(), Some("7.81.1"));
    let lost = service("lost");
    assert_eq!((lost.agent, lost.controls["ECS.5"].running), (AgentState::Unread, "UNREAD"));
    assert!(!lost.is_behind && lost.green_but_old.is_empty());
    assert_eq!(audit.standalone_tasks.len(), 1, "a service's task is no standalone one");
    let seeded =
        audit.revisions.values().find(|revision| revision.family == "orders" && revision.revision == 8);
    assert_eq!(seeded.unwrap().agent, AgentState::Seeded);
}

#[test]
fn a_service_in_the_middle_of_a_deployment_is_as_bad_as_its_worst_revision() {
    let mut fleet = Fleet::empty();
    let old = fleet.revision("orders", 1, PLAIN);
    let new = fleet.revision("orders", 2, SEEDED);
    fleet.newest("orders", &new);
    fleet.service("prod", "orders", &new);
    let mut service = fleet.0.services[0].clone();
    service.task_sets.push(old.clone());
    fleet.0.services = vec![service];
    let audit = fleet.audit();
    assert_eq!(audit.services[0].running, [old, new]);
    assert_eq!(audit.services[0].controls["ECS.5"].running, "FAILED");
}

#[test]
fn what_mends_most_services_comes_first_and_notes_come_last() {
    let audit = Fleet::of(64).audit();
    let order: Vec<(bool, std::cmp::Reverse<usize>)> = audit
        .fix_first
        .iter()
        .map(|mending| (mending.severity == "note", std::cmp::Reverse(mending.services)))
        .collect();
    assert!(order.len() > 5 && order.is_sorted(), "{order:?}");
    let writable = audit.fix_first.iter().find(|mending| mending.rule == "root-filesystem-writable").unwrap();
    let fails = |service: &&audit::Service| service.controls["ECS.5"].running == "FAILED";
    assert_eq!(writable.services, audit.services.iter().filter(fails).count());
    assert!(writable.services_mended_by_newest > 0);
}

#[test]
fn an_account_without_a_cluster_is_an_answer_too() {
    let audit = Fleet::empty().audit();
    assert_eq!((audit.summary.services, audit.count_from(Severity::Note)), (0, 0));
    assert!(audit::table(&audit).starts_with("No service was found."));
    assert!(audit::page(&audit).contains("No service was found."));
}

/// With keys that this version does not know, of which one is a slip of the pen that somebody made after reading it.
const NEWER: &str = r#"{"family": "newer", "newThing": 1, "containerDefinitions": [
  {"name": "app", "image": "shop:1", "futureKey": {"a": "V4LUE"}, "readOnlyRootFilesystem": true}]}"#;

#[test]
fn a_key_that_ecs_describes_and_nobody_here_knows_is_told_and_no_error() {
    let mut fleet = Fleet::empty();
    let arn = fleet.revision("newer", 1, NEWER);
    fleet.service("prod", "newer", &arn);
    let audit = fleet.audit();
    let unknown = audit.revisions[&arn].findings.iter().filter(|finding| finding.rule == "unknown-key");
    let unknown: Vec<_> = unknown.map(|finding| (finding.path.as_str(), finding.severity)).collect();
    let at = |key: &str| format!("containerDefinitions[0].{key}");
    let (future, slip) = (at("futureKey"), at("readOnlyRootFilesystem"));
    assert_eq!(unknown, [(future.as_str(), "note"), (slip.as_str(), "error"), ("newThing", "note")]);
    assert!(audit::page(&audit).contains("futureKey"));
}

/// Whoever saves what `describe-task-definition` prints and lints it is told what the audit tells.
#[test]
fn a_description_has_the_same_findings_from_lint_and_from_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    let mut audited = Vec::new();
    for (number, text) in descriptions().iter().enumerate() {
        let path = folder.path().join(format!("{number:03}.json"));
        std::fs::write(&path, text).unwrap();
        paths.push(path);
        let revision = Revision::of(document::parse(text).unwrap()).unwrap();
        let judged = audit::judge(&revision).unwrap();
        let finding = |one: &audit::Finding| {
            [one.rule, one.severity, &one.path, one.container.as_deref().unwrap_or("")].map(str::to_owned)
        };
        audited.push((judged.findings.iter().map(finding).collect::<Vec<_>>(), judged.undecided));
    }
    let mut command = crate::plugin::program(folder.path());
    let output = command.args(["lint", "--format", "json"]).args(&paths).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let linted = report["documents"].as_array().unwrap();
    assert_eq!(linted.len(), audited.len());
    let mut rules = BTreeSet::new();
    for ((linted, (audited, undecided)), path) in linted.iter().zip(&audited).zip(&paths) {
        let text = |of: &serde_json::Value, key: &str| of[key].as_str().unwrap_or("").to_owned();
        let finding =
            |of: &serde_json::Value| ["rule", "severity", "path", "container"].map(|key| text(of, key));
        let found: Vec<_> = linted["findings"].as_array().unwrap().iter().map(finding).collect();
        assert_eq!(&found, audited, "{}", path.display());
        assert_eq!(linted["undecided"], serde_json::json!(undecided), "{}", path.display());
        rules.extend(found.into_iter().map(|[rule, ..]| rule));
    }
    assert!(rules.contains(READ_OTHERWISE) && rules.len() > 100, "{rules:?}");
}

/// Every document and every rule's examples as ECS describes them, with the keys and the tag that AWS adds, and one with a null.
fn descriptions() -> Vec<String> {
    let null =
        r#"{"family": "null", "containerDefinitions": [{"name": "app", "image": "shop:1", "cpu": null}]}"#;
    let published = crate::corpus::published().into_iter().map(|(_, text)| text);
    let texts = published.chain(with_values()).chain([null, NEWER].map(str::to_owned));
    let described = texts.map(|text| {
        let Ok(Node::Object(mut members)) = document::parse(&text) else { return None };
        members.get("containerDefinitions")?;
        let arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/a:1";
        members.insert("taskDefinitionArn".to_owned(), Node::from(arn));
        members.insert("status".to_owned(), Node::from("ACTIVE"));
        let of_aws = Node::from([("key", Node::from("aws:cloudformation:stack-name"))]);
        let tags = members.remove("tags").unwrap_or_default();
        let tags = Node::Array(tags.items().iter().cloned().chain([of_aws]).collect());
        document::to_json(&Node::from([("taskDefinition", Node::Object(members)), ("tags", tags)])).ok()
    });
    described.flatten().collect()
}

/// Each document with its values marked behind, before and as a whole: a finding may name the place and never what is there.
#[test]
fn no_value_of_a_variable_a_secret_or_a_label_stands_anywhere() {
    let mut rules = BTreeSet::new();
    let mut marked = 0;
    for text in with_values() {
        for mark in [
            |text: &str| format!("{text}V4LUE"),
            |text: &str| format!("V4LUE{text}"),
            |_: &str| "V4LUE".to_owned(),
        ] {
            let reading = ecs::read_text(&text, ecs::read).unwrap();
            let document = with_marks(reading.document, &mut |text| {
                marked += 1;
                mark(text)
            });
            let Ok(text) = document::to_json(&document) else { continue };
            let mut fleet = Fleet::empty();
            let arn = fleet.revision("orders", 1, &text);
            fleet.service("prod", "orders", &arn);
            fleet.newest("orders", &arn);
            let audit = fleet.audit();
            rules.extend(audit.fix_first.iter().map(|mending| mending.rule));
            for output in [audit.to_json().unwrap(), audit::table(&audit), audit::page(&audit)] {
                let at = output.find("V4LUE");
                assert_eq!(at, None, "{}", at.map_or("", |at| &output[at.saturating_sub(200)..at + 40]));
            }
        }
    }
    assert!(marked > 500 && rules.len() > 80, "{marked} values and {} rules prove nothing", rules.len());
}

/// Every kind of document, those that the rules have as examples, and one whose values are wrong in ways that rules tell.
fn with_values() -> Vec<String> {
    let own = crate::corpus::own().into_iter().map(|(_, text)| text);
    let rules = CATALOGUE.iter().filter(|rule| rule.failing.kind() == DocumentKind::TaskDefinition);
    let examples = rules.flat_map(|rule| [rule.failing.document(), rule.passing.document()]);
    let examples = examples.map(|document| document::to_json(&document).unwrap());
    own.chain(examples).chain([BLIND.to_owned(), WRONG.to_owned()]).collect()
}

const WRONG: &str = r#"{"family": "wrong", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
  "containerDefinitions": [
    {"name": "app", "image": "shop:1",
     "dockerLabels": {"com.datadoghq.tags.service": "V4LUE <b>label</b>"},
     "environment": [{"name": "DD_TRACE_AGENT_URL", "value": "http://V4LUE.internal:1"},
                     {"name": "DD_AGENT_HOST", "value": "V4LUE"},
                     {"name": "DD_API_KEY", "value": "V4LUEabcdefabcdefabcdefabcdefabcd"},
                     {"name": "AWS_SECRET_ACCESS_KEY", "value": "V4LUE"},
                     {"name": "TEMPLATE", "value": "${V4LUE}"}, {"name": "DD_SERVIC", "value": "V4LUE"}],
     "secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-central-1:1:secret:V4LUE:x"},
                 {"name": "B", "valueFrom": "V4LUE with a blank"}]},
    {"name": "datadog-agent", "image": "public.ecr.aws/datadog/agent:7.81.1",
     "environment": [{"name": "ECS_FARGATE", "value": "V4LUE"}, {"name": "DD_SITE", "value": "V4LUE.example"},
                     {"name": "DD_APM_RECEIVER_SOCKET", "value": "/V4LUE/apm.socket"},
                     {"name": "DD_APM_RECEIVER_PORT", "value": "V4LUE"},
                     {"name": "DD_DOGSTATSD_SOCKET", "value": "V4LUE/dsd.socket"}]}]}"#;

/// The document with every value of a variable, a secret and a label marked.
fn with_marks(document: Node, mark: &mut dyn FnMut(&str) -> String) -> Node {
    let Node::Object(mut members) = document else { return document };
    let mut marked = |node: &Node| node.as_str().map_or_else(|| node.clone(), |text| Node::from(mark(text)));
    let mut pairs = |holder: &mut Object, list: &str, key: &str| {
        let Some(entries) = holder.get(list).map(|entries| entries.items().to_vec()) else { return };
        let entries = entries.into_iter().map(|entry| {
            let Node::Object(mut entry) = entry else { return entry };
            let value = marked(entry.get(key).unwrap_or(&Node::Null));
            entry.insert(key.to_owned(), value);
            Node::Object(entry)
        });
        holder.insert(list.to_owned(), Node::Array(entries.collect()));
    };
    let containers =
        members.get("containerDefinitions").map(|list| list.items().to_vec()).unwrap_or_default();
    let containers = containers.into_iter().map(|container| {
        let Node::Object(mut container) = container else { return container };
        pairs(&mut container, "environment", "value");
        pairs(&mut container, "secrets", "valueFrom");
        if let Some(Node::Object(mut log)) = container.get("logConfiguration").cloned() {
            pairs(&mut log, "secretOptions", "valueFrom");
            container.insert("logConfiguration".to_owned(), Node::Object(log));
        }
        Node::Object(container)
    });
    let containers: Vec<Node> = containers.collect();
    let containers = containers.into_iter().map(|container| {
        let Node::Object(mut container) = container else { return container };
        if let Some(Node::Object(labels)) = container.get("dockerLabels") {
            let labels = labels.iter().map(|(key, value)| (key.to_owned(), marked(value)));
            let labels = Node::Object(labels.collect());
            container.insert("dockerLabels".to_owned(), labels);
        }
        Node::Object(container)
    });
    let containers = Node::Array(containers.collect());
    members.insert("containerDefinitions".to_owned(), containers);
    Node::Object(members)
}
