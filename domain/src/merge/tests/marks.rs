//! What hardening leaves behind and stripping takes out.

use super::*;

fn json(node: &Node) -> String {
    to_json(node).unwrap()
}

/// A task that has something of everything.
fn rich() -> Node {
    node(serde_json::json!({
        "family": "shop",
        "containerDefinitions": [
            { "name": "app", "image": "a:1", "environment": null, "readonlyRootFilesystem": false,
              "dockerLabels": { "team": "shop" }, "dependsOn": [{ "containerName": "router", "condition": "START" }],
              "linuxParameters": { "initProcessEnabled": true },
              "logConfiguration": { "logDriver": "awsfirelens" } },
            { "name": "router", "image": "fluent-bit:3", "firelensConfiguration": { "type": "fluentbit" } },
            { "name": "dd", "image": "datadog/agent:7.79.0", "environment": [], "secrets": null }
        ],
        "volumes": [{ "name": "data", "host": {} }]
    }))
}

fn everything(settings: &Settings) -> Hardening<'_> {
    let paths = BTreeMap::from([("app".to_owned(), vec!["/tmp".to_owned()])]);
    Hardening { agent: Some(settings), writable_paths: paths, ..Hardening::default() }
}

#[test]
fn stripping_gives_back_what_was_hardened() {
    let settings = settings();
    let alone = Settings { wait_until_healthy: false, ..Settings::default() };
    let tmpfs = Hardening { tmpfs_size: Some(16), ..everything(&settings) };
    for hardening in [Hardening::default(), everything(&settings), tmpfs, everything(&alone)] {
        let hardened = harden_twice(rich(), &hardening);
        assert_eq!(hardened.collisions, []);
        let stripped = strip(hardened.document.clone());
        assert!(stripped.marks >= 3, "{}", stripped.marks);
        assert_eq!(canonical(&stripped.document), canonical(&rich()));
        assert_ne!(hardened.document, rich());
    }
}

#[test]
fn hardening_anew_forgets_what_was_asked_for_before() {
    let settings = settings();
    let first = harden(rich(), &everything(&settings));
    let second = harden(first.document, &Hardening::default());
    let only_second = harden(rich(), &Hardening::default()).document;
    assert_eq!(canonical(&second.document), canonical(&only_second), "but for lists that were empty");
    let changes: Vec<_> = second.changes.iter().map(|change| change.path.to_string()).collect();
    assert!(
        changes.contains(&"containerDefinitions[1].readonlyRootFilesystem".to_owned()),
        "places are those of the given document, its sidecar counted: {changes:?}"
    );
}

#[test]
fn a_mark_names_what_was_added_and_no_value() {
    let settings = settings();
    let hardened = harden(rich(), &everything(&settings));
    let label = |name: &str| {
        container(&hardened, name).get("dockerLabels").get(MARK_LABEL).as_str().unwrap().to_owned()
    };
    assert_eq!(
        label("app"),
        r#"{"dependsOn":["dd"],"dockerLabels":["com.datadoghq.tags.env","com.datadoghq.tags.service","com.datadoghq.tags.version"],"environment":["DD_DOGSTATSD_URL","DD_ENV","DD_SERVICE","DD_TRACE_AGENT_URL","DD_VERSION"],"mountPoints":{"/tmp":"app-tmp","/var/run/datadog":"datadog-sockets"},"readonlyRootFilesystem":false,"volumes":["app-tmp"]}"#
    );
    assert_eq!(label("router"), r#"{"readonlyRootFilesystem":null}"#);
    assert_eq!(label("datadog-init"), r#"{"container":true}"#);
    assert!(label("dd").contains(r#""secrets":["DD_API_KEY"]"#) && !label("dd").contains("arn:key"));
}

#[test]
fn what_the_user_changed_since_goes_by_its_name_and_what_they_added_stays() {
    let hardening = Hardening {
        writable_paths: BTreeMap::from([("app".to_owned(), vec!["/tmp".to_owned(), "/run".to_owned()])]),
        ..Hardening::default()
    };
    let hardened = harden(task(serde_json::json!([{ "name": "app" }, { "name": "other" }])), &hardening);
    let mut value = serde_json::from_str::<serde_json::Value>(&json(&hardened.document)).unwrap();
    let mounts = &mut value["containerDefinitions"][0]["mountPoints"];
    mounts[0]["readOnly"] = true.into();
    mounts[1]["sourceVolume"] = "mine".into();
    value["containerDefinitions"][1]["mountPoints"] =
        serde_json::json!([{ "sourceVolume": "app-run", "containerPath": "/shared" }]);
    let stripped = strip(node(value)).document;
    let app = &stripped.get("containerDefinitions").items()[0];
    assert_eq!(
        *app.get("mountPoints"),
        node(serde_json::json!([{ "containerPath": "/run", "sourceVolume": "mine" }]))
    );
    assert_eq!(names(stripped.get("volumes"), "name"), ["app-run"], "somebody uses it by now");
}

/// Containers that mount what nobody declared: the sockets of the pattern, and the volume of a writable path.
fn with_undeclared_volumes() -> Node {
    node(serde_json::json!({
        "containerDefinitions": [
            { "name": "app", "mountPoints": [{ "sourceVolume": "app-tmp", "containerPath": "/tmp" }] },
            { "name": "web", "mountPoints": [{ "sourceVolume": "datadog-sockets", "containerPath": "/sockets/" }] }
        ],
        "volumes": [{ "name": "data" }]
    }))
}

#[test]
fn a_volume_that_was_mounted_before_it_was_there_goes_again() {
    let settings = settings();
    let hardened = harden_twice(with_undeclared_volumes(), &everything(&settings));
    let volumes = names(hardened.document.get("volumes"), "name");
    assert!(volumes.contains(&"app-tmp") && volumes.contains(&"datadog-sockets"), "{volumes:?}");
    let labels = container(&hardened, "datadog-agent").get("dockerLabels");
    let mark = labels.get(MARK_LABEL).as_str().unwrap();
    assert!(mark.contains(r#""mountedBefore":{"datadog-sockets":["web:/sockets"]}"#), "{mark}");
    assert_eq!(canonical(&strip(hardened.document).document), canonical(&with_undeclared_volumes()));
}

#[test]
fn a_volume_that_was_mounted_before_it_was_there_stays_for_who_mounts_it_since() {
    let settings = settings();
    for (container, volume) in [(2, "app-tmp"), (3, "datadog-sockets")] {
        let hardened = harden(with_undeclared_volumes(), &everything(&settings));
        let mut value = serde_json::from_str::<serde_json::Value>(&json(&hardened.document)).unwrap();
        let mounts = value["containerDefinitions"][container]["mountPoints"].as_array_mut().unwrap();
        mounts.push(serde_json::json!({ "sourceVolume": volume, "containerPath": "/shared" }));
        let stripped = strip(node(value)).document;
        assert_eq!(names(stripped.get("volumes"), "name"), ["data", volume]);
    }
}

#[test]
fn a_document_without_marks_is_not_touched() {
    for document in [rich(), Node::Null, Node::Unknown, task(serde_json::json!("?"))] {
        let stripped = strip(document.clone());
        assert_eq!((stripped.document, stripped.marks), (document, 0));
    }
}

#[test]
fn a_label_of_somebody_else_is_kept_and_collides() {
    let document = task(serde_json::json!([{ "name": "app", "dockerLabels": { "ddrofs.hardened": "yes" } }]));
    let stripped = strip(document.clone());
    assert_eq!((stripped.document, stripped.unreadable), (document.clone(), vec![0]));
    let hardened = harden(document.clone(), &Hardening::default());
    assert_eq!(hardened.document, document);
    assert_eq!(hardened.collisions.len(), 1);
    let unmarked = Hardening { mark: false, ..Hardening::default() };
    assert_eq!(harden(document, &unmarked).collisions, [], "without marks it is a label like any other");
}

#[test]
fn where_no_mark_fits_nothing_is_changed() {
    let settings = settings();
    for image in ["a:1", "datadog/agent:7.80.0"] {
        let document = task(serde_json::json!([{ "name": "dd", "image": image, "dockerLabels": ["x"] }]));
        assert_eq!(harden(document.clone(), &Hardening::default()).document, document);
        let with_agent = harden(document, &Hardening { agent: Some(&settings), ..Hardening::default() });
        let sidecars = if image == "a:1" { 2 } else { 0 };
        assert_eq!(containers(&with_agent).len(), 1 + sidecars, "an Agent is not doubled");
    }
}

#[test]
fn who_leaves_no_marks_does_not_undo_what_is_marked() {
    let hardened = harden(rich(), &Hardening::default()).document;
    let nothing = Hardening { read_only_root: ReadOnlyRoot::Leave, mark: false, ..Hardening::default() };
    assert_eq!(harden(hardened.clone(), &nothing).document, hardened);
}

#[test]
fn labels_that_are_not_known_yet_hide_the_mark_and_stay_so() {
    let document = task(serde_json::json!([{ "name": "app", "dockerLabels": "?" }]));
    let hardened = harden(document, &Hardening::default());
    let app = container(&hardened, "app");
    assert!(app.get("dockerLabels").is_unknown());
    assert_eq!(app.get("readonlyRootFilesystem").as_bool(), Some(true));
}

#[test]
fn a_part_that_is_not_known_yet_hides_its_containers_mark_and_nobody_elses() {
    let settings = settings();
    let document = task(serde_json::json!([{ "name": "app", "dependsOn": "?" }, { "name": "other" }]));
    let hardened = harden_twice(document, &everything(&settings));
    assert!(container(&hardened, "app").get("dockerLabels").get(MARK_LABEL).is_unknown());
    assert!(container(&hardened, "other").get("dockerLabels").get(MARK_LABEL).as_str().is_some());
}

#[test]
fn while_it_is_not_known_who_mounted_a_volume_before_its_mark_is_not_either() {
    let settings = settings();
    for mounts in [
        serde_json::json!("?"),
        serde_json::json!(["?"]),
        serde_json::json!([{ "sourceVolume": "?", "containerPath": "/s" }]),
        serde_json::json!([{ "sourceVolume": "datadog-sockets", "containerPath": "?" }]),
    ] {
        let document = task(serde_json::json!([{ "name": "web", "mountPoints": mounts }]));
        let unwired = Hardening { agent: Some(&settings), wire: false, ..Hardening::default() };
        let hardened = harden_twice(document, &unwired);
        let mark = |name: &str| container(&hardened, name).get("dockerLabels").get(MARK_LABEL);
        assert!(mark("datadog-agent").is_unknown(), "{mounts}");
        assert!(!mark("web").is_unknown(), "{mounts}");
    }
}

#[test]
fn while_it_is_not_known_which_volumes_are_the_users_the_mark_is_not_either() {
    let settings = settings();
    let document = node(serde_json::json!({ "containerDefinitions": [], "volumes": [{ "name": "?" }] }));
    let hardened = harden(document, &Hardening { agent: Some(&settings), ..Hardening::default() });
    assert!(container(&hardened, "datadog-agent").get("dockerLabels").get(MARK_LABEL).is_unknown());
}
