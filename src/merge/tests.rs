use super::*;
use crate::rofs::assemble;
use crate::rofs::settings::{Dogstatsd, Settings, Text};

fn workload() -> Workload {
    assemble(&Settings {
        service: Some("orders".into()),
        env: Some("prod".into()),
        version: Some("1.2".into()),
        wait_until_healthy: true,
        ..Settings::default()
    })
}

fn node(value: serde_json::Value) -> Node {
    match value {
        serde_json::Value::Null => Node::Null,
        serde_json::Value::Bool(flag) => Node::Bool(flag),
        serde_json::Value::Number(number) => Node::Number(number),
        // Stands for a value that is known only at apply.
        serde_json::Value::String(text) if text == "?" => Node::Unknown,
        serde_json::Value::String(text) => Node::String(text),
        serde_json::Value::Array(items) => Node::Array(items.into_iter().map(node).collect()),
        serde_json::Value::Object(members) => {
            Node::Object(members.into_iter().map(|(key, value)| (key, node(value))).collect())
        }
    }
}

fn wired(application: serde_json::Value) -> Wired {
    wire(&node(application), &workload())
}

/// The one application container of a result with no collision.
fn application(wired: &Wired) -> &Node {
    assert_eq!(wired.collisions, []);
    wired.containers.items().last().expect("the application is last")
}

fn variable<'a>(container: &'a Node, name: &str) -> Option<&'a str> {
    let entry =
        container.get("environment").items().iter().find(|entry| entry.get("name").as_str() == Some(name));
    entry.and_then(|entry| entry.get("value").as_str())
}

fn sentences<T: ToString>(things: &[T]) -> Vec<String> {
    things.iter().map(T::to_string).collect()
}

#[test]
fn puts_the_sidecars_first_and_gives_the_application_all_it_needs() {
    let wired = wired(serde_json::json!([{ "name": "app", "image": "app:1" }]));
    let names: Vec<_> =
        wired.containers.items().iter().map(|item| item.get("name").as_str().unwrap()).collect();
    assert_eq!(names, ["datadog-init", "datadog-agent", "app"]);
    let app = application(&wired);
    assert_eq!(variable(app, "DD_TRACE_AGENT_URL"), Some("unix:///var/run/datadog/apm.socket"));
    assert_eq!(variable(app, "DD_DOGSTATSD_URL"), Some("unix:///var/run/datadog/dsd.socket"));
    assert_eq!(variable(app, "DD_SERVICE"), Some("orders"));
    assert_eq!(
        *app.get("mountPoints"),
        node(serde_json::json!([
            { "sourceVolume": "datadog-sockets", "containerPath": "/var/run/datadog", "readOnly": true }
        ]))
    );
    assert_eq!(
        *app.get("dependsOn"),
        node(serde_json::json!([{ "containerName": "datadog-agent", "condition": "HEALTHY" }]))
    );
    assert_eq!(app.get("dockerLabels").get("com.datadoghq.tags.version").as_str(), Some("1.2"));
}

#[test]
fn wiring_twice_is_wiring_once() {
    let once = wired(serde_json::json!([
        { "name": "app", "image": "app:1", "environment": [{ "name": "DD_ENV", "value": "mine" }] },
        { "name": "worker", "image": "worker:1" }
    ]));
    let twice = wire(&once.containers, &workload());
    assert_eq!(twice.containers, once.containers);
    assert_eq!(twice.collisions, []);
    assert!(twice.changes.iter().all(Change::is_kept), "{:?}", twice.changes);
}

#[test]
fn keeps_what_the_user_set_and_says_so_without_the_value() {
    let wired = wired(serde_json::json!([{
        "name": "app",
        "environment": [
            { "name": "ZED", "value": "last" },
            { "name": "DD_ENV", "value": "hidden-value" },
            { "name": "DD_SERVICE", "value": "orders" }
        ],
        "dockerLabels": { "com.datadoghq.tags.env": "hidden-value" },
        "dependsOn": [{ "containerName": "datadog-agent", "condition": "START" }]
    }]));
    let app = application(&wired);
    assert_eq!(variable(app, "DD_ENV"), Some("hidden-value"));
    assert_eq!(app.get("environment").items()[0].get("name").as_str(), Some("ZED"));
    assert_eq!(app.get("dependsOn").items().len(), 1);
    let kept: Vec<_> =
        wired.changes.iter().filter(|change| change.is_kept()).map(Change::to_string).collect();
    assert_eq!(
        kept,
        [
            "app: keeps its own value of variable DD_ENV",
            "app: keeps its own condition of waiting for datadog-agent",
            "app: keeps its own value of label com.datadoghq.tags.env",
        ]
    );
}

#[test]
fn names_every_collision_and_how_to_resolve_it() {
    let wired = wired(serde_json::json!([
        { "name": "datadog-agent", "image": "other:1" },
        {
            "name": "app",
            "secrets": [{ "name": "DD_ENV", "valueFrom": "arn:hidden" }],
            "mountPoints": [{ "sourceVolume": "mine", "containerPath": "/var/run/datadog/" }]
        }
    ]));
    let texts = sentences(&wired.collisions);
    assert_eq!(texts.len(), 3, "{texts:#?}");
    assert!(texts[0].starts_with("Container datadog-agent ([0].name) has the name of the Datadog Agent"));
    assert!(texts[0].contains("container_name = \""));
    assert!(texts[1].starts_with("Container app ([1].secrets) takes DD_ENV from a secret"));
    assert!(texts[2].starts_with("Container app ([1].mountPoints) mounts volume mine at /var/run/datadog"));
    assert!(!texts.concat().contains("hidden"));
    let names: Vec<_> =
        wired.containers.items().iter().map(|item| item.get("name").as_str().unwrap()).collect();
    assert_eq!(names, ["datadog-init", "datadog-agent", "app"], "no name twice");
    let app = &wired.containers.items()[2];
    assert_eq!(variable(app, "DD_ENV"), None);
    assert_eq!(app.get("mountPoints").items().len(), 1);
}

#[test]
fn an_unknown_list_stays_unknown_and_null_is_empty() {
    assert_eq!(wire(&Node::Unknown, &workload()).containers, Node::Unknown);
    assert_eq!(wire(&Node::Null, &workload()).containers.items().len(), 2);
}

#[test]
fn what_cannot_be_decided_yet_is_unknown_and_the_rest_is_wired() {
    let wired = wired(serde_json::json!([
        "?",
        { "name": "?", "environment": [{ "name": "?", "value": "x" }], "mountPoints": "?", "dockerLabels": "?" },
        { "name": "app", "environment": [{ "name": "A", "value": "?" }], "secrets": "?" }
    ]));
    assert_eq!(wired.collisions, []);
    let items = wired.containers.items();
    assert_eq!(items[2], Node::Unknown);
    for key in ["environment", "mountPoints", "dockerLabels"] {
        assert!(items[3].get(key).is_unknown(), "{key}");
    }
    assert_eq!(items[3].get("dependsOn").items().len(), 1);
    assert!(items[4].get("environment").is_unknown(), "a secret of the same name may show up");
    assert_eq!(items[4].get("mountPoints").items().len(), 1);
}

#[test]
fn an_unknown_value_beside_a_known_name_stays_in_its_place() {
    let wired = wired(serde_json::json!([
        { "name": "app", "image": "?", "environment": [{ "name": "DD_ENV", "value": "?" }] }
    ]));
    let app = application(&wired);
    assert!(app.get("environment").items()[0].get("value").is_unknown());
    assert_eq!(variable(app, "DD_SERVICE"), Some("orders"));
}

#[test]
fn whether_a_namesake_is_the_sidecar_itself_may_be_undecided() {
    let mut first = wired(serde_json::json!([]));
    let Node::Array(items) = &mut first.containers else { unreachable!("a list") };
    let Node::Object(agent) = &mut items[1] else { unreachable!("an object") };
    agent.insert("image".to_owned(), Node::Unknown);
    let again = wire(&first.containers, &workload());
    assert_eq!((again.containers, again.collisions), (Node::Unknown, Vec::new()));
}

#[test]
fn a_log_router_is_left_alone() {
    let router = serde_json::json!({ "name": "router", "firelensConfiguration": { "type": "fluentbit" } });
    let wired = wired(serde_json::json!([router]));
    assert_eq!(*application(&wired), node(router));
    assert_eq!(
        wired.changes.last().unwrap().to_string(),
        "router: is the FireLens log router and is not wired"
    );
}

#[test]
fn parts_of_a_wrong_kind_are_left_for_the_rules() {
    let wired = wired(serde_json::json!([
        { "name": "app", "environment": "DD_ENV=x", "dockerLabels": [1], "dependsOn": 3 },
        "not a container"
    ]));
    assert_eq!(wired.collisions, []);
    assert_eq!(wired.containers.items()[2].get("environment").as_str(), Some("DD_ENV=x"));
    assert_eq!(wired.containers.items()[3].as_str(), Some("not a container"));
}

#[test]
fn without_sockets_the_application_gets_addresses_and_no_mount() {
    let workload = assemble(&Settings {
        apm: crate::rofs::settings::Apm { socket: false, port: Some(9126), ..Default::default() },
        dogstatsd: Dogstatsd { socket: false, ..Default::default() },
        env: Some(Text::Unknown),
        ..Settings::default()
    });
    let wired = wire(&node(serde_json::json!([{ "name": "app" }])), &workload);
    let app = application(&wired);
    assert_eq!(variable(app, "DD_TRACE_AGENT_URL"), Some("http://127.0.0.1:9126"));
    assert_eq!(variable(app, "DD_DOGSTATSD_URL"), Some("udp://127.0.0.1:8125"));
    assert!(app.get("mountPoints").is_null() && app.get("dependsOn").is_null());
    assert!(app.get("dockerLabels").get("com.datadoghq.tags.env").is_unknown());
}

#[test]
fn volumes_are_added_once_and_another_of_the_same_name_collides() {
    let workload = workload();
    let mine =
        node(serde_json::json!([{ "name": "data", "host": {} }, { "name": "datadog-run", "host": {} }]));
    let first = wire_volumes(&mine, &workload);
    assert_eq!(first.collisions, []);
    assert_eq!(
        sentences(&first.changes),
        ["+ volume datadog-config", "+ volume datadog-sockets", "+ volume datadog-tmp"]
    );
    let second = wire_volumes(&first.volumes, &workload);
    assert_eq!((second.volumes, second.changes), (first.volumes, Vec::new()));

    let efs = node(serde_json::json!([
        { "name": "datadog-config", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } }
    ]));
    let collisions = wire_volumes(&efs, &workload).collisions;
    assert_eq!(collisions.len(), 1);
    assert!(
        collisions[0]
            .to_string()
            .starts_with("Volume datadog-config ([0]) has the name of one of the Agent's")
    );
    assert!(collisions[0].fix().contains("volume_prefix = "));

    assert!(wire_volumes(&node(serde_json::json!([{ "name": "?" }])), &workload).volumes.is_unknown());
    assert!(wire_volumes(&Node::Unknown, &workload).volumes.is_unknown());
}
