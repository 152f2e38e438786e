//! The application's containers, wired.

use super::*;

fn wired(application: serde_json::Value) -> Hardened {
    harden(task(application), &with_agent(&settings()))
}

#[test]
fn puts_the_sidecars_first_and_gives_the_application_all_it_needs() {
    let wired = wired(serde_json::json!([{ "name": "app", "image": "app:1" }]));
    assert_eq!(
        names(wired.document.get("containerDefinitions"), "name"),
        ["datadog-init", "datadog-agent", "app"]
    );
    assert_eq!(wired.origins, [None, None, Some(0)]);
    let app = container(&wired, "app");
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
    assert!(app.get("readonlyRootFilesystem").is_null(), "nobody asked for it");
    let volumes: Vec<_> =
        wired.added_volumes.iter().filter_map(|volume| volume.get("name").as_str()).collect();
    assert_eq!(volumes, ["datadog-config", "datadog-run", "datadog-sockets", "datadog-tmp"]);
    assert_eq!(names(wired.document.get("volumes"), "name"), volumes);
}

#[test]
fn wiring_twice_is_wiring_once() {
    let settings = settings();
    let once = harden_twice(
        task(serde_json::json!([
            { "name": "app", "image": "app:1", "environment": [{ "name": "DD_ENV", "value": "mine" }] },
            { "name": "worker", "image": "worker:1" }
        ])),
        &with_agent(&settings),
    );
    let twice = harden(once.document, &with_agent(&settings));
    assert!(twice.changes.iter().all(Change::changes_nothing), "{:?}", twice.changes);
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
        "secrets": [{ "name": "DD_VERSION", "valueFrom": "arn:hidden-value" }],
        "dockerLabels": { "com.datadoghq.tags.env": "hidden-value" },
        "dependsOn": [{ "containerName": "datadog-agent", "condition": "START" }]
    }]));
    let app = container(&wired, "app");
    assert_eq!(variable(app, "DD_ENV"), Some("hidden-value"));
    assert_eq!(variable(app, "DD_VERSION"), None, "a name is never in both lists");
    assert_eq!(app.get("environment").items()[0].get("name").as_str(), Some("ZED"));
    assert_eq!(app.get("dependsOn").items().len(), 1);
    assert_eq!(
        kept(&wired),
        [
            "app: keeps its own value of variable DD_ENV",
            "app: keeps taking variable DD_VERSION from its own secret",
            "app: keeps its own condition of waiting for datadog-agent",
            "app: keeps its own value of label com.datadoghq.tags.env",
        ]
    );
}

#[test]
fn names_every_collision_and_how_to_resolve_it() {
    let wired = wired(serde_json::json!([
        { "name": "datadog-agent", "image": "other:1" },
        { "name": "app", "mountPoints": [{ "sourceVolume": "mine", "containerPath": "/var/run/datadog/" }] },
        { "name": "tmp", "linuxParameters": { "tmpfs": [{ "containerPath": "/var/run/datadog", "size": 1 }] } }
    ]));
    let texts = sentences(&wired.collisions);
    assert_eq!(texts.len(), 3, "{texts:#?}");
    assert!(
        texts[0].starts_with(
            "Container datadog-agent (containerDefinitions[0].name) has the name of the Datadog Agent"
        ),
        "{}",
        texts[0]
    );
    assert!(texts[0].contains("container_name = \""));
    assert!(texts[1].starts_with(
        "Container app (containerDefinitions[1].mountPoints) mounts volume mine at /var/run/datadog"
    ));
    assert!(texts[2].contains("mounts something else at /var/run/datadog"));
    let names = names(wired.document.get("containerDefinitions"), "name");
    assert_eq!(names, ["datadog-init", "datadog-agent", "app", "tmp"], "no name twice");
    assert_eq!(containers(&wired)[2].get("mountPoints").items().len(), 1);
}

#[test]
fn an_unknown_list_stays_unknown_and_none_at_all_is_no_task() {
    let settings = settings();
    let of = |containers| harden(task(containers), &with_agent(&settings));
    let unknown = of(serde_json::json!("?"));
    assert!(unknown.document.get("containerDefinitions").is_unknown());
    assert!(unknown.document.get("volumes").is_unknown());
    assert_eq!(containers(&of(serde_json::json!([]))).len(), 2);
    for document in [task(serde_json::Value::Null), Node::from([("family", "shop".into())])] {
        assert_eq!(harden(document.clone(), &with_agent(&settings)).document, document);
    }
    assert_eq!(harden(Node::Unknown, &with_agent(&settings)).document, Node::Unknown);
}

#[test]
fn what_cannot_be_decided_yet_is_unknown_and_the_rest_is_wired() {
    let wired = wired(serde_json::json!([
        "?",
        { "name": "?", "environment": [{ "name": "?", "value": "x" }], "mountPoints": "?", "dockerLabels": "?" },
        { "name": "app", "environment": [{ "name": "A", "value": "?" }], "secrets": "?" },
        { "name": "router", "firelensConfiguration": "?" }
    ]));
    assert_eq!(wired.collisions, []);
    let items = containers(&wired);
    assert_eq!(items[2], Node::Unknown);
    for key in ["environment", "mountPoints", "dockerLabels"] {
        assert!(items[3].get(key).is_unknown(), "{key}");
    }
    assert_eq!(items[3].get("dependsOn").items().len(), 1);
    assert!(items[4].get("environment").is_unknown(), "a secret of the same name may show up");
    assert_eq!(items[4].get("mountPoints").items().len(), 1);
    assert_eq!(items[5], Node::Unknown, "it may be the log router, which is not wired");
}

#[test]
fn an_unknown_value_beside_a_known_name_stays_in_its_place() {
    let wired = wired(serde_json::json!([
        { "name": "app", "image": "?", "environment": [{ "name": "DD_ENV", "value": "?" }] }
    ]));
    let app = container(&wired, "app");
    assert!(app.get("environment").items()[0].get("value").is_unknown());
    assert_eq!(variable(app, "DD_SERVICE"), Some("orders"));
}

#[test]
fn a_log_router_is_not_wired_and_gets_a_read_only_root() {
    let router = serde_json::json!({ "name": "router", "firelensConfiguration": { "type": "fluentbit" } });
    let settings = settings();
    let only_wired = harden(task(serde_json::json!([router])), &with_agent(&settings));
    assert_eq!(*container(&only_wired, "router"), node(router.clone()));
    let last = sentences(&only_wired.changes).pop();
    assert_eq!(last.as_deref(), Some("router: is the FireLens log router and is not wired"));
    let hardening = Hardening { read_only_root: ReadOnlyRoot::WhereUnsaid, ..with_agent(&settings) };
    let hardened = harden_twice(task(serde_json::json!([router])), &hardening);
    let router = container(&hardened, "router");
    assert_eq!(router.get("readonlyRootFilesystem").as_bool(), Some(true));
    assert!(router.get("environment").is_null() && router.get("dependsOn").is_null());
}

#[test]
fn parts_of_a_wrong_kind_are_left_for_the_rules() {
    let wired = wired(serde_json::json!([
        { "name": "app", "environment": "DD_ENV=x", "dockerLabels": [1], "dependsOn": 3, "mountPoints": {} },
        "not a container"
    ]));
    assert_eq!(wired.collisions, []);
    assert_eq!(containers(&wired)[2].get("environment").as_str(), Some("DD_ENV=x"));
    assert_eq!(containers(&wired)[3].as_str(), Some("not a container"));
    let about_app: Vec<_> =
        wired.changes.iter().filter(|change| change.container.as_deref() == Some("app")).collect();
    assert_eq!(about_app, Vec::<&Change>::new(), "nothing is claimed that was not done");
}

#[test]
fn without_sockets_the_application_gets_addresses_and_no_mount() {
    let settings = Settings {
        apm: crate::rofs::settings::Apm { socket: false, port: Some(9126), ..Default::default() },
        dogstatsd: Dogstatsd { socket: false, ..Default::default() },
        env: Some(Text::Unknown),
        ..Settings::default()
    };
    let wired = harden(task(serde_json::json!([{ "name": "app" }])), &with_agent(&settings));
    let app = container(&wired, "app");
    assert_eq!(variable(app, "DD_TRACE_AGENT_URL"), Some("http://127.0.0.1:9126"));
    assert_eq!(variable(app, "DD_DOGSTATSD_URL"), Some("udp://127.0.0.1:8125"));
    assert!(app.get("mountPoints").is_null() && app.get("dependsOn").is_null());
    assert!(app.get("dockerLabels").get("com.datadoghq.tags.env").is_unknown());
}

#[test]
fn volumes_are_added_once_and_another_of_the_same_name_collides() {
    let settings = settings();
    let with = |volumes: serde_json::Value| {
        let document = node(serde_json::json!({ "containerDefinitions": [], "volumes": volumes }));
        harden(document, &with_agent(&settings))
    };
    let first =
        with(serde_json::json!([{ "name": "data", "host": {} }, { "name": "datadog-run", "host": {} }]));
    assert_eq!(first.collisions, []);
    assert_eq!(
        names(first.document.get("volumes"), "name"),
        ["data", "datadog-run", "datadog-config", "datadog-sockets", "datadog-tmp"]
    );

    let efs = with(serde_json::json!([
        { "name": "datadog-config", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } }
    ]));
    assert_eq!(efs.collisions.len(), 1);
    assert!(
        efs.collisions[0]
            .to_string()
            .starts_with("Volume datadog-config (volumes[0]) has the name of one of the Agent's")
    );
    assert!(efs.collisions[0].fix().contains("volume_prefix = "));

    assert!(with(serde_json::json!([{ "name": "?" }])).document.get("volumes").is_unknown());
    let unseen = with(serde_json::json!("?"));
    assert!(unseen.document.get("volumes").is_unknown());
    assert_eq!(unseen.added_volumes.len(), 4, "who keeps the volumes elsewhere has to add them there");
}

#[test]
fn an_added_dependency_closes_no_circle() {
    let settings = settings();
    let waits = |of: &str| serde_json::json!([{ "containerName": of, "condition": "SUCCESS" }]);
    for application in [
        serde_json::json!([
            { "name": "dd", "image": "datadog/agent:7.81.1", "dependsOn": waits("migration") },
            { "name": "migration", "image": "m:1", "essential": false }
        ]),
        // Not directly.
        serde_json::json!([
            { "name": "dd", "image": "datadog/agent:7.81.1", "dependsOn": waits("gate") },
            { "name": "gate", "image": "g:1", "firelensConfiguration": { "type": "fluentbit" },
              "dependsOn": waits("migration") },
            { "name": "migration", "image": "m:1", "essential": false }
        ]),
    ] {
        let hardened = harden(task(application), &with_agent(&settings));
        let texts = sentences(&hardened.collisions);
        assert_eq!(texts.len(), 1, "{texts:#?}");
        assert!(texts[0].contains("migration → dd → "), "{}", texts[0]);
        assert!(texts[0].contains("wire = false"), "{}", texts[0]);
        let migration = containers(&hardened).last().unwrap();
        assert!(migration.get("dependsOn").is_null(), "it is not left in the document");
        assert!(!sentences(&hardened.changes).contains(&"migration: + waits until dd is healthy".to_owned()));
    }
}

/// ECS lets those who log through FireLens wait for the router only where the router itself waits for nobody
/// (amazon-ecs-agent addFirelensContainerDependency, read 2026-11), so no wait for it is ever part of a circle.
#[test]
fn what_a_log_router_waits_for_may_wait_for_the_agent() {
    let logs = serde_json::json!({ "logDriver": "awsfirelens" });
    let router = |waits: serde_json::Value| {
        serde_json::json!({ "name": "router", "image": "fluent-bit:3",
            "firelensConfiguration": { "type": "fluentbit" }, "logConfiguration": logs, "dependsOn": waits })
    };
    let settings = Settings {
        log_configuration: Some(LogConfiguration {
            log_driver: "awsfirelens".into(),
            options: BTreeMap::new(),
            secret_options: BTreeMap::new(),
        }),
        ..settings()
    };
    let app = serde_json::json!({ "name": "app", "image": "a:1", "logConfiguration": logs });
    let own = serde_json::json!({ "name": "dd", "image": "datadog/agent:7.81.1", "logConfiguration": logs });
    let on_app = serde_json::json!([{ "containerName": "app", "condition": "START" }]);
    for application in [
        serde_json::json!([router(on_app.clone()), app]),
        serde_json::json!([own, router(on_app), app]),
        serde_json::json!([router(serde_json::Value::Null), app]),
    ] {
        let hardened = harden_twice(task(application), &with_agent(&settings));
        let app = container(&hardened, "app");
        assert_eq!(app.get("dependsOn").items()[0].get("condition").as_str(), Some("HEALTHY"));
    }
}

#[test]
fn a_mount_that_is_taken_over_from_another_container_is_not_hidden() {
    let settings = settings();
    let at_the_sockets = |volume: &str| {
        serde_json::json!([
            { "name": "app", "image": "a:1", "volumesFrom": [{ "sourceContainer": "store" }] },
            { "name": "store", "image": "s:1", "mountPoints": [
                { "sourceVolume": volume, "containerPath": "/var/run/datadog" }] }
        ])
    };
    let hardened = harden_twice(task(at_the_sockets("datadog-sockets")), &with_agent(&settings));
    assert!(container(&hardened, "app").get("mountPoints").is_null(), "it is there already");
    let texts = sentences(&harden(task(at_the_sockets("mine")), &with_agent(&settings)).collisions);
    assert_eq!(texts.len(), 2, "{texts:#?}");
    assert!(
        texts[0].starts_with("Container app (containerDefinitions[0].volumesFrom) mounts volume mine"),
        "{}",
        texts[0]
    );
}
