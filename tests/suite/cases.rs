//! Cases of the subcommand's neighbours: what hardening, comparing and importing make of a document is what its row says.
//!
//! The inputs of our own always run. Those collected in `../shared/cases` run where that folder is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ddrofs::document::{Node, parse};
use ddrofs::ecs::{differences, read, sha256};

use crate::hardening::agents::{errors, hardened, is_an_agent, is_none};

/// What a document has to give; the text is its name.
type Check = fn(&Node, &str);

/// Each row that is not for `lint`, and the forms of an Agent, which are for `harden` too.
const CHECKS: [(&str, Check); 6] = [
    ("ag-00-stock.json", is_an_agent),
    ("ag-01-shell-init.json", is_an_agent),
    ("ag-07-ecr-datadog-agent.json", is_an_agent),
    ("ag-14-dogstatsd.json", is_none),
    ("dd-15-init-start.json", waits_for_its_init_container),
    ("60g-proxy-no-type.json", is_for_app_mesh),
];

/// An Agent with its volumes whose own init container it does not wait for to succeed.
const NOT_AWAITED: &str = r#"{
    "family": "shop", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
    "executionRoleArn": "arn:aws:iam::111122223333:role/shop", "volumes": [{"name": "config"}],
    "containerDefinitions": [
        {"name": "datadog-init", "image": "public.ecr.aws/datadog/agent:7.81.1", "essential": false,
         "readonlyRootFilesystem": true, "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/"],
         "mountPoints": [{"sourceVolume": "config", "containerPath": "/config"}]},
        {"name": "datadog-agent", "image": "public.ecr.aws/datadog/agent:7.81.1",
         "dependsOn": [{"containerName": "datadog-init", "condition": "START"}],
         "mountPoints": [{"sourceVolume": "config", "containerPath": "/etc/datadog-agent"}],
         "secrets": [{"name": "DD_API_KEY", "valueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/dd"}]},
        {"name": "app", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true}]}"#;

/// A proxy whose kind is not written.
const PROXIED: &str = r#"{
    "family": "shop", "networkMode": "awsvpc",
    "proxyConfiguration": {"containerName": "envoy", "properties": [{"name": "IgnoredUID", "value": "1337"}]},
    "containerDefinitions": [{"name": "app", "image": "example.com/shop:1.4.2"},
        {"name": "envoy", "image": "example.com/envoy:1.31.0", "user": "1337"}]}"#;

fn document(text: &str) -> Node {
    read(parse(text).expect("JSON")).expect("a task definition").document
}

/// The texts of this key in a list.
fn texts<'a>(list: &'a Node, key: &str) -> Vec<&'a str> {
    list.items().iter().filter_map(|item| item.get(key).as_str()).collect()
}

/// Hardening awaits the init container that is there, and adds nothing that is there already.
fn waits_for_its_init_container(document: &Node, about: &str) {
    let (document, names) = hardened(document);
    assert_eq!(names, ["datadog-init", "datadog-agent", "app"], "{about}");
    let containers = document.get("containerDefinitions").items();
    let awaited = parse(r#"[{"containerName": "datadog-init", "condition": "SUCCESS"}]"#).expect("JSON");
    assert_eq!(*containers[1].get("dependsOn"), awaited, "{about}");
    let lists = containers.iter().map(|container| (container.get("mountPoints"), "containerPath"));
    for (list, key) in lists.chain([(document.get("volumes"), "name")]) {
        let all = texts(list, key);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{about}: {all:?}");
    }
    assert_eq!(texts(containers[0].get("mountPoints"), "containerPath"), ["/config"], "{about}");
    assert_eq!(errors(&document), [""; 0], "{about}");
}

/// A proxy without a type is one for App Mesh, for `diff` and for what an import compares; another type is another proxy.
fn is_for_app_mesh(document: &Node, about: &str) {
    let of_type = |kind: &str| {
        let Node::Object(mut members) = document.clone() else { panic!("{about} is an object") };
        let Some(Node::Object(proxy)) = members.get_mut("proxyConfiguration") else {
            panic!("{about} has a proxy")
        };
        assert_eq!(proxy.insert("type".to_owned(), Node::from(kind)), None, "{about} names no type");
        Node::Object(members)
    };
    let (same, other) = (of_type("APPMESH"), of_type("OTHER"));
    for (before, after) in [(document, &same), (&same, document)] {
        assert_eq!(differences(before, after), [], "{about}");
    }
    assert_eq!(sha256(document).expect("known"), sha256(&same).expect("known"), "{about}");
    assert_eq!(differences(document, &other).len(), 1, "{about}");
}

#[test]
fn an_init_container_that_is_not_awaited_is_awaited() {
    waits_for_its_init_container(&document(NOT_AWAITED), "one of our own");
}

#[test]
fn a_proxy_without_a_type_is_no_other_proxy() {
    is_for_app_mesh(&document(PROXIED), "one of our own");
}

#[test]
fn collected_documents_give_what_their_row_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    if !folder.is_dir() {
        eprintln!("{} is not there: its inputs are not tried, those of our own are", folder.display());
        return;
    }
    let index = fs::read_to_string(folder.join("index.tsv")).expect("the folder has an index");
    let mut tried = BTreeSet::new();
    for row in index.lines().skip(1) {
        let mut columns = row.split('\t');
        let (name, entry_points) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let check = CHECKS.iter().find(|(row, _)| *row == name).map(|(_, check)| check);
        let is_for_lint = entry_points.split(", ").any(|point| point == "lint");
        // Configurations are applied: they are stories.
        if check.is_none() && (is_for_lint || name.starts_with("tf-")) {
            continue;
        }
        let check = check.unwrap_or_else(|| panic!("{name}: what it has to give is not written down here"));
        let text = fs::read_to_string(folder.join("inputs").join(name)).expect("the input of a row is there");
        check(&document(&text), name);
        tried.insert(name);
    }
    assert_eq!(tried, CHECKS.iter().map(|(row, _)| *row).collect(), "every check has its row");
}
