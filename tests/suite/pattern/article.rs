//! The published task definition that runs the Agent read-only on Fargate (January 2026), against what the same
//! decisions give here: every difference is listed with its reason.

use std::collections::{BTreeMap, BTreeSet};

use ddrofs::document::Node;
use ddrofs::render::ecs;
use ddrofs::rofs::assemble;
use ddrofs::rofs::settings::{Dogstatsd, Secret, Settings};
use serde_json::{Value, json};

use super::{awslogs, shown};

const ARTICLE: &str = include_str!("../../cases/article/task_definition.json");

const ECHO: &str = "ECS writes this empty value into what it describes; it says nothing";
const PINNED: &str = "a pinned image: `latest` starts another Agent from one task to the next";
const SAME_LOGS: &str = "both sidecars log alike, told apart by the container's name in the stream";
const EXPLICIT: &str =
    "listeners are said explicitly, because the image's configuration and code differ in defaults";

/// Where the two differ, and why. A path stands for everything below it.
const DIFFERENCES: &[(&str, &str)] = &[
    ("containerDefinitions.datadog-init.image", PINNED),
    ("containerDefinitions.datadog-init.command", "copies dot files too, refreshes, and proves what arrived"),
    ("containerDefinitions.datadog-init.readonlyRootFilesystem", "without it the task still fails ECS.5"),
    ("containerDefinitions.datadog-init.memory", "a container without a size takes from the application's"),
    ("containerDefinitions.datadog-init.startTimeout", "bounds the wait of those who wait for it"),
    ("containerDefinitions.datadog-init.logConfiguration.options.awslogs-stream-prefix", SAME_LOGS),
    ("containerDefinitions.datadog-init.logConfiguration.options.mode", SAME_LOGS),
    ("containerDefinitions.datadog-init.logConfiguration.options.awslogs-create-group", SAME_LOGS),
    ("containerDefinitions.datadog-init.logConfiguration.options.max-buffer-size", SAME_LOGS),
    ("containerDefinitions.datadog-init.logConfiguration.secretOptions", ECHO),
    ("containerDefinitions.datadog-init.cpu", ECHO),
    ("containerDefinitions.datadog-init.portMappings", ECHO),
    ("containerDefinitions.datadog-init.environment", ECHO),
    ("containerDefinitions.datadog-init.volumesFrom", ECHO),
    ("containerDefinitions.datadog-init.systemControls", ECHO),
    ("containerDefinitions.datadog-agent.image", PINNED),
    (
        "containerDefinitions.datadog-agent.memoryReservation",
        "keeps memory for the Agent without a limit to die at",
    ),
    (
        "containerDefinitions.datadog-agent.healthCheck",
        "ECS ignores the image's own check, and others wait for it",
    ),
    ("containerDefinitions.datadog-agent.stopTimeout", "what ECS does by itself, said aloud"),
    ("containerDefinitions.datadog-agent.environment.DD_APM_ENABLED", EXPLICIT),
    ("containerDefinitions.datadog-agent.environment.DD_APM_RECEIVER_SOCKET", EXPLICIT),
    ("containerDefinitions.datadog-agent.environment.DD_USE_DOGSTATSD", EXPLICIT),
    ("containerDefinitions.datadog-agent.environment.DD_DOGSTATSD_SOCKET", EXPLICIT),
    ("containerDefinitions.datadog-agent.environment.DD_DOGSTATSD_PORT", EXPLICIT),
    ("containerDefinitions.datadog-agent.logConfiguration.secretOptions", ECHO),
    ("containerDefinitions.datadog-agent.cpu", ECHO),
    ("containerDefinitions.datadog-agent.volumesFrom", ECHO),
    ("containerDefinitions.datadog-agent.systemControls", ECHO),
    ("volumes.datadog-config.host", ECHO),
    ("volumes.datadog-run.host", ECHO),
    ("volumes.datadog-sockets.host", ECHO),
    ("volumes.datadog-tmp.host", ECHO),
    ("volumes.datadog-logs.host", ECHO),
];

fn decisions_of_the_article() -> Settings {
    let arn = "arn:aws:secretsmanager:ap-northeast-1:XXXXXXXXXXXX:secret:DdApiKeySecret-XXXXXXXX-XXXXX";
    Settings {
        api_key: Some(Secret::stored(arn.into())),
        file_logging: true,
        dogstatsd: Dogstatsd { port: Some(8125), ..Dogstatsd::default() },
        log_configuration: awslogs(&[
            ("awslogs-group", "/ecs/datadog-agent-readonly"),
            ("mode", "non-blocking"),
            ("awslogs-create-group", "true"),
            ("max-buffer-size", "25m"),
            ("awslogs-region", "ap-northeast-1"),
            ("awslogs-stream-prefix", "ecs"),
        ]),
        ..Settings::default()
    }
}

/// Every leaf by its path. Members of a list that have a name are found under it, others under their position.
fn flatten(value: &Value, path: &str, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                flatten(member, &format!("{path}.{key}"), leaves);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                let key = item["name"].as_str().map_or_else(|| index.to_string(), str::to_owned);
                flatten(item, &format!("{path}.{key}"), leaves);
            }
        }
        leaf => {
            leaves.insert(path.trim_start_matches('.').to_owned(), leaf.clone());
        }
    }
}

fn leaves(document: &Value) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    for key in ["containerDefinitions", "volumes"] {
        flatten(&document[key], key, &mut leaves);
    }
    leaves
}

#[test]
fn differs_from_the_article_exactly_where_the_table_says() {
    let workload = assemble(&decisions_of_the_article());
    let ours = json!({
        "containerDefinitions": shown(&Node::Array(ecs::container_definitions(&workload))),
        "volumes": shown(&Node::Array(ecs::volumes(&workload).unwrap())),
    });
    let theirs: Value = serde_json::from_str(ARTICLE).unwrap();
    let (ours, theirs) = (leaves(&ours), leaves(&theirs));
    assert!(theirs.len() > 60, "the article was read: {}", theirs.len());
    let paths: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let different: Vec<_> = paths.into_iter().filter(|path| ours.get(*path) != theirs.get(*path)).collect();

    let covers = |listed: &str, path: &str| {
        path.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let unlisted: Vec<_> = different
        .iter()
        .filter(|path| !DIFFERENCES.iter().any(|(listed, _)| covers(listed, path)))
        .map(|path| format!("{path}: article {:?}, here {:?}", theirs.get(*path), ours.get(*path)))
        .collect();
    assert_eq!(unlisted, Vec::<String>::new(), "differences nobody explained");
    let gone: Vec<_> = DIFFERENCES
        .iter()
        .filter(|(listed, _)| !different.iter().any(|path| covers(listed, path)))
        .map(|(listed, _)| *listed)
        .collect();
    assert_eq!(gone, Vec::<&str>::new(), "explained differences that are none any more");
}

#[test]
fn containers_and_volumes_come_in_the_order_of_the_article() {
    let workload = assemble(&decisions_of_the_article());
    let theirs: Value = serde_json::from_str(ARTICLE).unwrap();
    for (key, ours) in [
        ("containerDefinitions", ecs::container_definitions(&workload)),
        ("volumes", ecs::volumes(&workload).unwrap()),
    ] {
        let ours: Vec<_> = ours.iter().map(|node| node.get("name").as_str().unwrap()).collect();
        let theirs: Vec<_> =
            theirs[key].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(ours, theirs);
    }
}
