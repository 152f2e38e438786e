//! Every setting, for an Agent that is there: applied where it says nothing, kept and told where it says otherwise.
//!
//! Walks the schema, so that a setting without a case here fails.

mod cases;

use std::collections::BTreeSet;

use serde_json::json;

use self::cases::{ARN, cases, map, text};
use super::decode::{Layers, decode};
use super::schema::{attributes, blocks};
use super::target::Target;
use crate::document::{Node, parse, to_json};
use crate::merge::{Change, Hardened, Hardening, ReadOnlyRoot, harden};
use crate::provider::document_value::object;
use crate::rofs::settings::Settings;
use crate::value::{AttributePath, Value};

/// The settings where one is written as it has to be, with what its block needs.
fn written(name: &str, value: &Value) -> Value {
    match name.split_once('.') {
        None => Value::Map([(name.to_owned(), value.clone())].into()),
        Some((block, inner)) => {
            let mut members =
                [(inner.to_owned(), value.clone())].into_iter().collect::<std::collections::BTreeMap<_, _>>();
            let needed = match block {
                "restart_policy" => Some(("enabled", Value::from(true))),
                "log_configuration" => Some(("log_driver", Value::from("awslogs"))),
                _ => None,
            };
            if let Some((needed, value)) = needed {
                members.entry(needed.to_owned()).or_insert(value);
            }
            object([]).with(block, Value::List(vec![Value::Map(members)]))
        }
    }
}

trait With {
    fn with(self, name: &str, value: Value) -> Value;
}

impl With for Value {
    fn with(self, name: &str, value: Value) -> Value {
        let Value::Map(mut members) = self else { panic!("an object") };
        members.insert(name.to_owned(), value);
        Value::Map(members)
    }
}

fn settings(own: &Value, fleet: &Value) -> Settings {
    let decoded = decode(Layers { own, fleet, configured: true }, &AttributePath::default(), Target::Ecs);
    let problems: Vec<_> = decoded.diagnostics.iter().map(|one| one.detail.clone()).collect();
    assert_eq!(problems, [""; 0]);
    decoded.settings.expect("everything is known")
}

fn task(dd: &serde_json::Value, app: &serde_json::Value) -> Node {
    let container = |mut base: serde_json::Value, parts: &serde_json::Value| {
        base.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
        base
    };
    let task = json!({
        "requiresCompatibilities": ["FARGATE"],
        "volumes": [{ "name": "own" }, { "name": "efs", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } }],
        "containerDefinitions": [
            container(json!({ "name": "dd", "image": "datadog/agent:7.79.0" }), dd),
            container(json!({ "name": "app", "image": "a:1" }), app),
        ],
    });
    parse(&task.to_string()).unwrap()
}

fn hardened(settings: &Settings, document: Node) -> Hardened {
    let way = Hardening {
        agent: Some(settings),
        read_only_root: ReadOnlyRoot::Leave,
        mark: false,
        ..Hardening::default()
    };
    let once = harden(document.clone(), &way);
    assert_eq!(once.collisions, []);
    assert_eq!(harden(once.document.clone(), &way).document, once.document, "twice is once");
    let marked = harden(document.clone(), &Hardening { mark: true, ..way });
    let stripped = crate::merge::strip(marked.document).document;
    assert_eq!(
        crate::ecs::canonical(&stripped),
        crate::ecs::canonical(&document),
        "everything comes out again"
    );
    once
}

fn kept(hardened: &Hardened) -> Vec<String> {
    hardened.changes.iter().filter(|change| change.is_kept()).map(Change::to_string).collect()
}

/// The value at a place: `/container/pointer`, or the variable of that name of whichever container has it.
fn at(hardened: &Hardened, place: &str) -> serde_json::Value {
    let document: serde_json::Value = serde_json::from_str(&to_json(&hardened.document).unwrap()).unwrap();
    let containers = document["containerDefinitions"].as_array().unwrap();
    if let Some(pointer) = place.strip_prefix('/') {
        let (name, rest) = pointer.split_once('/').unwrap();
        let container = containers.iter().find(|container| container["name"] == name);
        return container
            .and_then(|container| container.pointer(&format!("/{rest}")))
            .cloned()
            .unwrap_or_default();
    }
    let variables = containers.iter().flat_map(|one| one["environment"].as_array().into_iter().flatten());
    variables.filter(|one| one["name"] == place).map(|one| one["value"].clone()).next().unwrap_or_default()
}

#[test]
fn every_setting_has_a_case() {
    let mut names: BTreeSet<String> = attributes().into_iter().map(|attribute| attribute.name).collect();
    for foreign in Target::Ecs.foreign() {
        assert!(names.remove(foreign.setting), "{}", foreign.setting);
    }
    for block in blocks() {
        names.extend(
            block.block.attributes.iter().map(|attribute| format!("{}.{}", block.name, attribute.name)),
        );
        assert!(block.block.blocks.is_empty(), "a block inside {} needs cases of its own", block.name);
    }
    let cases = cases();
    let cased: BTreeSet<String> = cases.iter().map(|case| case.name.to_owned()).collect();
    assert_eq!(cased.len(), cases.len(), "one case each");
    assert_eq!(cased, names, "each setting of the schema is applied and kept here");
}

#[test]
fn what_is_written_is_applied_where_the_agent_says_nothing() {
    for case in cases() {
        let Some((place, expected)) = case.applied else { continue };
        let own = written(case.name, &case.value);
        for (own, fleet) in [(&own, &Value::Null), (&Value::Null, &own)] {
            // What opens a registry belongs to the image that it is set with.
            if case.name == "repository_credentials_arn" && own.is_null() {
                continue;
            }
            let hardened = hardened(&settings(own, fleet), task(&json!({}), &json!({})));
            assert_eq!(at(&hardened, place), expected, "{}", case.name);
            assert_eq!(kept(&hardened), [""; 0], "{}", case.name);
        }
    }
}

#[test]
fn what_the_agent_says_otherwise_is_kept_and_told_without_its_value() {
    for case in cases() {
        if case.kept.is_empty() {
            continue;
        }
        let document = task(&case.otherwise.0, &case.otherwise.1);
        let hardened = hardened(&settings(&written(case.name, &case.value), &Value::Null), document.clone());
        let told = kept(&hardened);
        assert_eq!(told, [case.kept], "{}", case.name);
        for (index, said) in [&case.otherwise.0, &case.otherwise.1].into_iter().enumerate() {
            let name = ["dd", "app"][index];
            for (key, _) in said.as_object().unwrap() {
                let found = at(&hardened, &format!("/{name}/{key}"));
                let before = &said[key];
                match before {
                    serde_json::Value::Array(items) => {
                        assert!(
                            items.iter().all(|item| found.as_array().unwrap().contains(item)),
                            "{}: {found}",
                            case.name
                        );
                    }
                    _ => assert_eq!(found, *before, "{}", case.name),
                }
            }
        }
    }
}

#[test]
fn defaults_of_the_pattern_are_not_applied() {
    let nothing = hardened(&settings(&Value::Null, &Value::Null), task(&json!({}), &json!({})));
    let document: serde_json::Value = serde_json::from_str(&to_json(&nothing.document).unwrap()).unwrap();
    let containers = document["containerDefinitions"].as_array().unwrap();
    let dd = containers.iter().find(|container| container["name"] == "dd").unwrap();
    let keys: Vec<&str> = dd.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["dependsOn", "environment", "image", "mountPoints", "name", "readonlyRootFilesystem"]);
    assert_eq!(at(&nothing, "DD_SITE"), json!(null), "a configuration file of the Agent's may name another");
}

#[test]
fn how_the_container_is_made_differs_from_the_fleets_without_a_word_and_where_data_goes_does_not() {
    let fleet = |name: &str, value: Value| settings(&Value::Null, &written(name, &value));
    let told = |name: &str, value: Value, dd: serde_json::Value| {
        kept(&hardened(&fleet(name, value), task(&dd, &json!({}))))
    };
    for (name, value, dd) in [
        ("image", text("datadog/agent:7.81.1"), json!({})),
        ("image_version", text("7.81.1"), json!({})),
        ("container_name", text("other"), json!({})),
        ("cpu", Value::from(64), json!({ "cpu": 32 })),
        ("memory", Value::from(512), json!({ "memory": 256 })),
        ("essential", Value::from(false), json!({ "essential": true })),
        ("health_check.interval", Value::from(20), json!({ "healthCheck": { "command": ["CMD", "x"] } })),
    ] {
        assert_eq!(told(name, value, dd), [""; 0], "{name}");
    }
    let own_site = json!({ "environment": [{ "name": "DD_SITE", "value": "datadoghq.com" }] });
    assert_eq!(told("site", text("datadoghq.eu"), own_site), ["dd: keeps its own value of variable DD_SITE"]);
    let hardened = hardened(&fleet("repository_credentials_arn", text(ARN)), task(&json!({}), &json!({})));
    assert_eq!(at(&hardened, "/dd/repositoryCredentials"), json!(null), "they open another registry");
}

#[test]
fn a_user_needs_volumes_that_the_init_container_hands_over() {
    let user = settings(&written("user", &text("dd-agent")), &Value::Null);
    let made = hardened(&user, task(&json!({}), &json!({})));
    let handed = at(&made, "/datadog-init/mountPoints");
    assert_eq!(handed.as_array().unwrap().len(), 4, "{handed}");
    let efs =
        json!({ "mountPoints": [{ "sourceVolume": "efs", "containerPath": "/opt/datadog-agent/run" }] });
    let made = hardened(&user, task(&efs, &json!({})));
    assert_eq!(
        kept(&made),
        ["dd: keeps its user, because no init container hands its volumes over (setting user)"]
    );
    assert_eq!(at(&made, "/dd/user"), json!(null));
    assert_eq!(at(&made, "/datadog-init/user"), json!(null));
    let root = settings(&written("user", &text("root")), &Value::Null);
    assert_eq!(at(&hardened(&root, task(&efs, &json!({}))), "/dd/user"), json!("root"));
}

#[test]
fn further_ways_of_saying_otherwise_are_told() {
    let told = |own: &Value, dd: serde_json::Value| {
        kept(&hardened(&settings(own, &Value::Null), task(&dd, &json!({}))))
    };
    let off = json!({ "environment": [{ "name": "DD_DISABLE_FILE_LOGGING", "value": "true" }] });
    assert_eq!(
        told(&written("file_logging", &Value::from(true)), off),
        ["dd: keeps its own value of variable DD_DISABLE_FILE_LOGGING"]
    );
    let check = json!({ "healthCheck": { "command": ["CMD", "x"], "interval": 20 } });
    let health = "dd: keeps its own healthCheck (setting health_check)";
    assert_eq!(told(&written("health_check.enabled", &Value::from(false)), check.clone()), [health]);
    assert_eq!(told(&written("health_check.enabled", &Value::from(true)), check.clone()), [""; 0]);
    assert_eq!(told(&written("health_check.interval", &Value::from(20)), check), [""; 0], "it says the same");
    let reservation = "dd: keeps its own memoryReservation (setting memory_reservation)";
    let small = json!({ "memory": 128 });
    assert_eq!(
        told(&written("memory_reservation", &Value::from(256)), small),
        [reservation],
        "above the limit"
    );
}

#[test]
fn a_port_is_mapped_where_the_agent_listens_on_it() {
    let port = settings(&written("apm.port", &Value::from(8126)), &Value::Null);
    let mapping = json!({ "containerPort": 8126, "protocol": "tcp" });
    let made = hardened(&port, task(&json!({}), &json!({})));
    assert_eq!(at(&made, "/dd/portMappings"), json!([mapping]));
    let own = json!({ "portMappings": [{ "containerPort": 8126, "hostPort": 8126 }] });
    assert_eq!(at(&hardened(&port, task(&own, &json!({}))), "/dd/portMappings"), own["portMappings"]);
    let elsewhere = json!({ "environment": [{ "name": "DD_APM_RECEIVER_PORT", "value": "9126" }] });
    let made = hardened(&port, task(&elsewhere, &json!({})));
    assert_eq!(at(&made, "/dd/portMappings"), json!(null));
    let udp = settings(&written("dogstatsd.port", &Value::from(8125)), &Value::Null);
    let made = hardened(&udp, task(&json!({ "portMappings": [{ "containerPort": 8125 }] }), &json!({})));
    assert_eq!(at(&made, "/dd/portMappings/1"), json!({ "containerPort": 8125, "protocol": "udp" }));
}

#[test]
fn a_declared_version_counts_where_the_image_does_not_say_it() {
    let declared = settings(&written("image_version", &text("7.80.0")), &Value::Null);
    let version = |image: &str, settings: &Settings| {
        let made = hardened(settings, task(&json!({ "image": image }), &json!({})));
        let agent = made.agent.expect("one was asked for");
        (agent.container_name.clone(), agent.image_version)
    };
    let digest = format!("datadog/agent@sha256:{}", "a".repeat(64));
    assert_eq!(version(&digest, &declared), ("dd".to_owned(), Some("7.80.0".to_owned())));
    assert_eq!(version("datadog/agent:7.79.0", &declared).1, None);
    let fleet = settings(&Value::Null, &written("image_version", &text("7.80.0")));
    assert_eq!(version(&digest, &fleet).1, None, "it was declared of the fleet's image");
}

#[test]
fn an_image_that_declares_its_volumes_gets_no_init_container_and_owns_what_it_fills() {
    let own = object([("seeding", text("image_volumes")), ("user", text("100"))]);
    let mine = json!({ "image": "ghcr.io/acme/datadog-agent:1" });
    let made = hardened(&settings(&own, &Value::Null), task(&mine, &json!({})));
    assert_eq!((at(&made, "/datadog-init/name"), at(&made, "/dd/dependsOn")), (json!(null), json!(null)));
    assert_eq!((at(&made, "/dd/user"), kept(&made)), (json!("100"), vec![]));
    assert_eq!(at(&made, "/dd/mountPoints/3/containerPath"), json!("/tmp"));
    // What is on a file system of the user's belongs to whoever wrote it.
    let efs = json!({ "image": "ghcr.io/acme/datadog-agent:1",
        "mountPoints": [{ "sourceVolume": "efs", "containerPath": "/opt/datadog-agent/run" }] });
    let made = hardened(&settings(&own, &Value::Null), task(&efs, &json!({})));
    assert_eq!(
        kept(&made),
        ["dd: keeps its user, because no init container hands its volumes over (setting user)"]
    );
}

#[test]
fn an_init_container_of_the_users_own_fills_what_the_settings_leave_to_the_image_and_writes_no_files() {
    let seeded = json!({ "mountPoints": [{ "sourceVolume": "own", "containerPath": "/etc/datadog-agent" }] });
    let copies = json!({ "image": "datadog/agent:7.79.0", "essential": false,
        "command": ["cp", "-r", "/etc/datadog-agent/.", "/c"],
        "mountPoints": [{ "sourceVolume": "own", "containerPath": "/c" }] });
    let told = |name: &str, value: Value| {
        kept(&hardened(&settings(&written(name, &value), &Value::Null), task(&seeded, &copies)))
    };
    assert_eq!(told("seeding", text("image_volumes")), ["dd: keeps its own dependsOn (setting seeding)"]);
    let files = map("a.yaml", "a");
    let configuration = "dd: keeps its own configuration, because no init container of the provider's fills it (setting config_files)";
    assert_eq!(told("config_files", files.clone()), [configuration]);
    let fleet = settings(&Value::Null, &written("config_files", &files));
    assert_eq!(
        kept(&hardened(&fleet, task(&seeded, &copies))),
        [configuration],
        "they were not lost in silence"
    );
}
