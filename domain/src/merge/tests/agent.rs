//! An Agent that is there already.

use super::*;

/// Which of its dependencies were added nobody can say while the Agent's mark is unknown, and the one that it waits for
/// is no other container's.
#[test]
fn a_sidecar_that_was_stripped_gives_its_name_back() {
    let document = node(serde_json::json!({
        "containerDefinitions": [{ "name": "dd", "image": "datadog/agent:7.80.0" }, { "name": "app", "mountPoints": [
            { "sourceVolume": "datadog-config", "containerPath": "/data" },
        ] }],
        "volumes": ["?"],
    }));
    let once = harden(document, &Hardening::default());
    let twice = harden(once.document.clone(), &Hardening::default());
    let names = |hardened: &Hardened| -> Vec<Option<String>> {
        containers(hardened).iter().map(|one| one.get("name").as_str().map(str::to_owned)).collect()
    };
    assert_eq!(names(&twice), names(&once));
    assert_eq!(names(&once)[0].as_deref(), Some("datadog-init"));
}

#[test]
fn a_name_that_somebody_waits_for_is_not_taken_for_the_init_container() {
    let waits = serde_json::json!([{ "containerName": "datadog-init", "condition": "HEALTHY" }]);
    let document =
        task(serde_json::json!([{ "name": "dd", "image": "datadog/agent:7.80.0", "dependsOn": waits }]));
    for mark in [true, false] {
        let hardened = harden_twice(document.clone(), &Hardening { mark, ..Hardening::default() });
        assert_eq!(containers(&hardened)[0].get("name").as_str(), Some("datadog-init-2"));
    }
}

fn agent(parts: serde_json::Value) -> serde_json::Value {
    let mut agent = serde_json::json!({ "name": "dd", "image": "datadog/agent:7.79.0" });
    agent.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    agent
}

fn mounts(container: &Node) -> Vec<(&str, &str)> {
    let mounts = container.get("mountPoints").items().iter();
    mounts
        .map(|mount| {
            (mount.get("containerPath").as_str().unwrap(), mount.get("sourceVolume").as_str().unwrap())
        })
        .collect()
}

#[test]
fn what_ecs_does_not_know_of_its_log_configuration_is_not_copied() {
    let own = agent(serde_json::json!({
        "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "g" }, "logDrivers": "x" }
    }));
    let hardened = harden_twice(task(serde_json::json!([own])), &with_agent(&settings()));
    assert!(!container(&hardened, "dd").get("logConfiguration").get("logDrivers").is_null());
    let copy = container(&hardened, "datadog-init").get("logConfiguration");
    assert_eq!(copy.get("options").get("awslogs-group").as_str(), Some("g"));
    assert!(copy.get("logDrivers").is_null(), "one mistake is told once");
}

#[test]
fn it_is_brought_up_to_the_pattern_and_its_own_wins() {
    let mut settings = Settings { image: "datadog/agent:7.80.0".into(), ..settings() };
    settings.written.add_here("image");
    let own = agent(serde_json::json!({
        "essential": false, "cpu": 10, "user": "0",
        "environment": [{ "name": "DD_API_KEY", "value": "hidden" }, { "name": "DD_ENV", "value": "mine" }],
        "secrets": null,
        "linuxParameters": { "initProcessEnabled": true },
        "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "g" } }
    }));
    let hardened = harden_twice(
        task(serde_json::json!([{ "name": "app", "image": "a:1" }, own])),
        &with_agent(&settings),
    );
    assert_eq!(
        names(hardened.document.get("containerDefinitions"), "name"),
        ["datadog-init", "app", "dd"],
        "it is reused and not doubled"
    );
    let dd = container(&hardened, "dd");
    assert_eq!(dd.get("image").as_str(), Some("datadog/agent:7.79.0"));
    assert_eq!(variable(dd, "DD_ENV"), Some("mine"));
    assert_eq!(variable(dd, "ECS_FARGATE"), Some("true"));
    assert!(dd.get("secrets").is_null(), "a key in either list is a key");
    assert_eq!(dd.get("essential").as_bool(), Some(false));
    assert_eq!(dd.get("linuxParameters").get("initProcessEnabled").as_bool(), Some(true));
    assert_eq!(dd.get("readonlyRootFilesystem").as_bool(), Some(true));
    assert_eq!(names(dd.get("dependsOn"), "containerName"), ["datadog-init"]);
    assert!(!dd.get("healthCheck").is_null(), "the application waits until it is healthy");
    assert_eq!(mounts(dd).len(), 4);
    let init = container(&hardened, "datadog-init");
    assert_eq!(init.get("image"), dd.get("image"));
    assert_eq!(init.get("logConfiguration"), dd.get("logConfiguration"));
    let app = container(&hardened, "app");
    assert_eq!(names(app.get("dependsOn"), "containerName"), ["dd"]);
    assert!(app.get("readonlyRootFilesystem").is_null());
    assert_eq!(
        kept(&hardened),
        [
            "dd: keeps its own value of variable DD_ENV",
            "dd: keeps its own value of variable DD_API_KEY",
            "dd: keeps its own image of the Datadog Agent",
        ]
    );
}

#[test]
fn one_that_brings_its_key_needs_no_other() {
    let settings = Settings { api_key: None, ..settings() };
    let lacks = |parts: serde_json::Value| {
        let hardened = harden(task(serde_json::json!([agent(parts)])), &with_agent(&settings));
        assert_eq!(hardened.collisions, []);
        hardened.lacks_an_api_key()
    };
    assert!(lacks(serde_json::json!({})));
    assert!(lacks(
        serde_json::json!({ "environment": [{ "name": "DD_SITE", "value": "x" }], "environmentFiles": [] })
    ));
    for own in [
        serde_json::json!({ "environment": [{ "name": "DD_API_KEY", "value": "hidden" }] }),
        serde_json::json!({ "secrets": [{ "name": "DD_API_KEY", "valueFrom": "arn:own" }] }),
        serde_json::json!({ "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::b/keys.env" }] }),
        serde_json::json!({ "environment": "?" }),
        serde_json::json!({ "secrets": [{ "name": "?", "valueFrom": "arn:own" }] }),
        serde_json::json!({ "environmentFiles": "?" }),
    ] {
        assert!(!lacks(own.clone()), "{own}");
    }
    let app = serde_json::json!([{ "name": "app", "image": "a:1" }]);
    assert!(harden(task(app.clone()), &with_agent(&settings)).lacks_an_api_key(), "the one that is added");
    assert!(!harden(task(serde_json::json!("?")), &with_agent(&settings)).lacks_an_api_key());
    assert!(!harden(task(app), &Hardening::default()).lacks_an_api_key());
}

#[test]
fn a_volume_of_its_own_takes_the_patterns_place_everywhere() {
    let settings = settings();
    let own = agent(serde_json::json!({ "user": "100", "mountPoints": [
        { "sourceVolume": "conf", "containerPath": "/etc/datadog-agent/" },
        { "sourceVolume": "socks", "containerPath": "/var/run/datadog" },
        { "sourceVolume": "host-run", "containerPath": "/opt/datadog-agent/run" }
    ]}));
    let document = node(serde_json::json!({
        "containerDefinitions": [own, { "name": "app", "image": "a:1" }],
        "volumes": [{ "name": "conf" }, { "name": "socks" }, { "name": "host-run", "host": { "sourcePath": "/x" } }]
    }));
    let hardened = harden_twice(document, &with_agent(&settings));
    let init = container(&hardened, "datadog-init");
    assert_eq!(
        mounts(init),
        [("/opt/datadog-agent-config", "conf"), ("/var/run/datadog", "socks"), ("/tmp", "datadog-tmp")],
        "it hands over what is the task's, and not a directory of the host"
    );
    let script = init.get("command").items()[2].as_str().unwrap();
    assert!(script.contains("\"$to\" /var/run/datadog /tmp || fail"), "{script}");
    assert_eq!(mounts(container(&hardened, "app")), [("/var/run/datadog", "socks")]);
    assert_eq!(names(hardened.document.get("volumes"), "name"), ["conf", "socks", "host-run", "datadog-tmp"]);
}

#[test]
fn a_configuration_that_is_seeded_already_gets_no_init_container() {
    let settings = settings();
    let mount = serde_json::json!([{ "sourceVolume": "conf", "containerPath": "/etc/datadog-agent" }]);
    let seeder = serde_json::json!({ "name": "copy", "image": "datadog/agent:7.79.0", "essential": false,
        "command": ["sh", "-c", "cp -r /etc/datadog-agent/. /c"],
        "mountPoints": [{ "sourceVolume": "conf", "containerPath": "/c" }] });
    let waiting = serde_json::json!([{ "containerName": "copy", "condition": "COMPLETE" }]);
    let volumes = |volume: serde_json::Value, containers: serde_json::Value| {
        let document = node(serde_json::json!({ "containerDefinitions": containers, "volumes": [volume] }));
        names(harden_twice(document, &with_agent(&settings)).document.get("containerDefinitions"), "name")
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let plain = serde_json::json!({ "name": "conf" });
    let awaited = agent(serde_json::json!({ "mountPoints": mount, "dependsOn": waiting }));
    assert_eq!(volumes(plain.clone(), serde_json::json!([seeder, awaited])), ["copy", "dd"]);
    let labelled = agent(serde_json::json!({ "mountPoints": mount,
        "dockerLabels": { "com.datadoghq.ad.check_names": "[\"ecs_fargate\"]" } }));
    assert_eq!(volumes(plain.clone(), serde_json::json!([labelled])), ["dd"]);
    let bare = agent(serde_json::json!({ "mountPoints": mount }));
    let efs = serde_json::json!({ "name": "conf", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } });
    assert_eq!(volumes(efs, serde_json::json!([bare])), ["dd"]);
    let elsewhere = serde_json::json!({ "name": "copy", "image": "mine:1", "essential": false, "command": ["sh"],
        "mountPoints": [{ "sourceVolume": "conf", "containerPath": "/c" }] });
    assert_eq!(volumes(plain, serde_json::json!([elsewhere, bare])), ["datadog-init", "copy", "dd"]);
}

/// A task whose Agent has an init container of its own, of these parts, and waits for it so.
fn with_own_init(init: serde_json::Value, depends_on: serde_json::Value) -> Node {
    let mut copy = serde_json::json!({ "name": "datadog-init", "image": "datadog/agent:7.79.0", "essential": false,
        "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/"],
        "mountPoints": [{ "sourceVolume": "conf", "containerPath": "/config" }] });
    copy.as_object_mut().unwrap().extend(init.as_object().unwrap().clone());
    let own = agent(serde_json::json!({ "dependsOn": depends_on,
        "mountPoints": [{ "sourceVolume": "conf", "containerPath": "/etc/datadog-agent" }] }));
    node(serde_json::json!({ "containerDefinitions": [copy, own], "volumes": [{ "name": "conf" }] }))
}

#[test]
fn its_own_init_container_is_waited_for_and_not_doubled() {
    let on =
        |condition: &str| serde_json::json!([{ "containerName": "datadog-init", "condition": condition }]);
    let settings = settings();
    for (depends_on, told) in [
        (serde_json::Value::Null, "dd: + waits for datadog-init"),
        (serde_json::json!([]), "dd: + waits for datadog-init"),
        (on("START"), "dd: now waits for SUCCESS of datadog-init"),
        (on("HEALTHY"), "dd: now waits for SUCCESS of datadog-init"),
        (
            serde_json::json!([{ "containerName": "datadog-init" }]),
            "dd: now waits for SUCCESS of datadog-init",
        ),
    ] {
        let document = with_own_init(serde_json::json!({}), depends_on.clone());
        for way in [Hardening::default(), with_agent(&settings)] {
            let hardened = harden_twice(document.clone(), &way);
            assert_eq!(
                names(hardened.document.get("containerDefinitions"), "name"),
                ["datadog-init", "dd"],
                "{depends_on}"
            );
            let awaited = container(&hardened, "dd").get("dependsOn").items();
            let [awaited] = awaited else { panic!("{awaited:?}") };
            assert_eq!(awaited.get("condition").as_str(), Some("SUCCESS"));
            assert!(
                sentences(&hardened.changes).iter().any(|change| change == told),
                "{:?}",
                hardened.changes
            );
        }
        let stripped = strip(harden(document.clone(), &Hardening::default()).document).document;
        assert_eq!(canonical(&stripped), canonical(&document), "{depends_on}");
    }
}

#[test]
fn the_added_init_container_is_waited_for_whatever_was_waited_for_by_its_name() {
    for (condition, expected) in [("START", "SUCCESS"), ("COMPLETE", "COMPLETE"), ("SUCCESS", "SUCCESS")] {
        let waits = serde_json::json!([{ "containerName": "datadog-init", "condition": condition }]);
        let document = task(serde_json::json!([agent(serde_json::json!({ "dependsOn": waits }))]));
        let settings = settings();
        let hardened = harden_twice(document.clone(), &with_agent(&settings));
        let awaited = &container(&hardened, "dd").get("dependsOn").items()[0];
        assert_eq!(awaited.get("condition").as_str(), Some(expected));
        let marked =
            harden_twice(document.clone(), &Hardening { agent: Some(&settings), ..Hardening::default() });
        assert_eq!(canonical(&strip(marked.document).document), canonical(&document));
    }
}

#[test]
fn its_own_init_container_does_not_wait_for_who_waits_for_it() {
    let settings = settings();
    let on =
        |condition: &str| serde_json::json!([{ "containerName": "datadog-init", "condition": condition }]);
    for depends_on in [serde_json::Value::Null, on("SUCCESS")] {
        let document = with_own_init(serde_json::json!({ "image": "copy:1" }), depends_on);
        let hardened = harden_twice(document, &with_agent(&settings));
        let init = container(&hardened, "datadog-init");
        assert!(init.get("dependsOn").is_null() && init.get("environment").is_null(), "{init:?}");
    }
}

#[test]
fn its_own_init_container_may_end() {
    let document = with_own_init(serde_json::json!({ "essential": null }), serde_json::Value::Null);
    let hardened = harden_twice(document.clone(), &Hardening::default());
    let init = container(&hardened, "datadog-init");
    assert_eq!(init.get("essential").as_bool(), Some(false), "its end would be the end of the task");
    assert_eq!(containers(&hardened).len(), 2);
    assert_eq!(canonical(&strip(hardened.document).document), canonical(&document));
}

#[test]
fn who_does_something_else_with_the_volume_is_not_waited_for() {
    for other in [
        serde_json::json!({ "essential": true }),
        serde_json::json!({ "command": ["sh", "-c", "while true; do cp -r /etc/datadog-agent/. /config; sleep 9; done"] }),
        serde_json::json!({ "command": ["trace-agent"] }),
        serde_json::json!({ "image": "reload:1", "command": null }),
    ] {
        let hardened =
            harden_twice(with_own_init(other.clone(), serde_json::Value::Null), &Hardening::default());
        let dd = container(&hardened, "dd");
        assert_eq!(names(dd.get("dependsOn"), "containerName"), ["datadog-init-2"], "{other}");
    }
}

#[test]
fn whether_a_container_fills_the_volume_may_be_undecided() {
    for open in
        [serde_json::json!({ "image": "busybox:1", "command": "?" }), serde_json::json!({ "essential": "?" })]
    {
        let hardened = harden(with_own_init(open.clone(), serde_json::Value::Null), &Hardening::default());
        assert!(hardened.document.get("containerDefinitions").is_unknown(), "{open}");
    }
}

#[test]
fn without_settings_it_gets_what_a_read_only_root_needs_and_nothing_else() {
    let document = task(serde_json::json!([
        { "name": "datadog-init", "image": "mine:1" },
        agent(serde_json::json!({ "mountPoints": [{ "sourceVolume": "datadog-run", "containerPath": "/x" }] })),
    ]));
    let hardened = harden_twice(document.clone(), &Hardening::default());
    assert_eq!(
        names(hardened.document.get("containerDefinitions"), "name"),
        ["datadog-init-2", "datadog-init", "dd"],
        "nobody could have chosen another name"
    );
    let dd = container(&hardened, "dd");
    assert_eq!(names(dd.get("environment"), "name"), ["DD_DISABLE_FILE_LOGGING"]);
    assert!(dd.get("secrets").is_null() && dd.get("healthCheck").is_null());
    assert_eq!(mounts(dd)[1], ("/etc/datadog-agent", "datadog-2-config"));
    let app = container(&hardened, "datadog-init");
    assert!(app.get("environment").is_null() && app.get("mountPoints").is_null(), "it is not wired");
    assert!(hardened.workload.is_none());

    let nothing = Hardening { read_only_root: ReadOnlyRoot::Leave, ..Hardening::default() };
    assert_eq!(harden(document, &nothing).document.get("containerDefinitions").items().len(), 2);
}

#[test]
fn a_writable_root_that_was_chosen_stays_and_needs_nothing() {
    let document = task(serde_json::json!([agent(serde_json::json!({ "readonlyRootFilesystem": false }))]));
    let hardening = Hardening { read_only_root: ReadOnlyRoot::WhereUnsaid, ..Hardening::default() };
    let hardened = harden(document.clone(), &hardening);
    assert_eq!(hardened.document, document);
    assert_eq!(kept(&hardened), ["dd: keeps its writable root filesystem"]);
}

#[test]
fn who_mounts_the_log_directory_keeps_logging_to_files() {
    let own = agent(serde_json::json!({ "mountPoints": [
        { "sourceVolume": "logs", "containerPath": "/var/log/datadog" }] }));
    let hardened = harden_twice(task(serde_json::json!([own])), &Hardening::default());
    assert_eq!(variable(container(&hardened, "dd"), "DD_DISABLE_FILE_LOGGING"), None);
}

#[test]
fn a_tmpfs_that_nobody_else_can_reach_collides_and_another_is_fine() {
    let settings = settings();
    let with_tmpfs = |path: &str| {
        let tmpfs = serde_json::json!({ "tmpfs": [{ "containerPath": path, "size": 64 }] });
        harden(
            task(serde_json::json!([agent(serde_json::json!({ "linuxParameters": tmpfs }))])),
            &with_agent(&settings),
        )
    };
    for path in ["/etc/datadog-agent", "/var/run/datadog"] {
        assert_eq!(with_tmpfs(path).collisions.len(), 1, "{path}");
    }
    let hardened = with_tmpfs("/opt/datadog-agent/run");
    assert_eq!(mounts(container(&hardened, "dd")).len(), 3);
    assert!(!names(hardened.document.get("volumes"), "name").contains(&"datadog-run"));
}

#[test]
fn two_of_them_collide() {
    let other = serde_json::json!({ "name": "other", "image": "public.ecr.aws/datadog/agent:7" });
    let document = task(serde_json::json!([agent(serde_json::json!({})), other]));
    let settings = settings();
    for hardening in [with_agent(&settings), Hardening::default()] {
        let texts = sentences(&harden(document.clone(), &hardening).collisions);
        assert_eq!(texts.len(), 1, "{texts:#?}");
        assert!(texts[0].starts_with("Container other (containerDefinitions[1].image)"), "{}", texts[0]);
        assert!(texts[0].contains("and so does container dd"), "{}", texts[0]);
    }
}

#[test]
fn whether_a_container_is_the_agent_may_be_undecided() {
    let settings = settings();
    let document = task(serde_json::json!([{ "name": "datadog-agent", "image": "?" }]));
    let hardened = harden(document, &with_agent(&settings));
    assert!(hardened.document.get("containerDefinitions").is_unknown());
    assert!(hardened.document.get("volumes").is_unknown());
    assert_eq!((hardened.collisions, hardened.origins), (Vec::new(), Vec::new()));
    let of_unknown_command = task(serde_json::json!([agent(serde_json::json!({ "command": "?" }))]));
    let hardened = harden(of_unknown_command, &Hardening::default());
    assert!(hardened.document.get("containerDefinitions").is_unknown());
}

#[test]
fn what_was_written_before_is_not_written_again() {
    let settings = settings();
    let first = harden(task(serde_json::json!([{ "name": "app", "image": "a:1" }])), &with_agent(&settings));
    // As ECS gives it back: lists of its own order, empty values, defaults.
    let mut echo = canonical(&first.document);
    let Node::Object(members) = &mut echo else { unreachable!("an object") };
    let Some(Node::Array(definitions)) = members.get_mut("containerDefinitions") else {
        unreachable!("a list")
    };
    for definition in definitions {
        let Node::Object(members) = definition else { unreachable!("an object") };
        for (key, value) in [("cpu", 0.into()), ("volumesFrom", Node::Array(Vec::new()))] {
            if !members.contains_key(key) {
                members.insert(key.to_owned(), value);
            }
        }
    }
    let again = harden(echo.clone(), &with_agent(&settings));
    assert_eq!(again.collisions, []);
    assert_eq!(again.document, echo);
    assert!(again.changes.iter().all(Change::changes_nothing), "{:?}", again.changes);
    assert_eq!(kept(&again), [""; 0]);
}

#[test]
fn an_init_container_that_was_written_before_is_not_another_one() {
    let settings = settings();
    let first = harden(task(serde_json::json!([])), &with_agent(&settings));
    let init = containers(&first)[0].clone();
    let alone = Node::from([("containerDefinitions", Node::Array(vec![init.clone()]))]);
    let hardened = harden(alone, &with_agent(&settings));
    assert_eq!(hardened.collisions, []);
    assert_eq!(
        names(hardened.document.get("containerDefinitions"), "name"),
        ["datadog-agent", "datadog-init"]
    );
    let Node::Object(mut other) = init else { unreachable!("an object") };
    other.insert("command".to_owned(), vec!["true"].into());
    let collides = Node::from([("containerDefinitions", Node::Array(vec![Node::Object(other)]))]);
    assert_eq!(harden(collides, &with_agent(&settings)).collisions.len(), 1);
}

fn on(compatibilities: serde_json::Value, containers: serde_json::Value) -> Node {
    node(
        serde_json::json!({ "requiresCompatibilities": compatibilities, "containerDefinitions": containers }),
    )
}

#[test]
fn none_is_added_where_the_task_does_not_run_on_fargate() {
    let app = serde_json::json!([{ "name": "app", "image": "a:1" }]);
    let fargate = settings();
    let ec2 = settings().on(LaunchType::Ec2);
    for (compatibilities, settings, named) in [
        (serde_json::json!(["EC2"]), &fargate, "The task is for EC2 (requiresCompatibilities)"),
        (serde_json::json!(["MANAGED_INSTANCES"]), &fargate, "The task is for MANAGED_INSTANCES"),
        (serde_json::json!(["EXTERNAL", "EC2"]), &fargate, "The task is for EXTERNAL"),
        (serde_json::json!(null), &ec2, "launch_type is EC2"),
        (serde_json::json!(["FARGATE", "EC2"]), &ec2, "launch_type is EC2"),
        (serde_json::json!(["FARGATE"]), &ec2, "launch_type is EC2"),
    ] {
        let hardened = harden(on(compatibilities.clone(), app.clone()), &with_agent(settings));
        let texts = sentences(&hardened.collisions);
        let [text] = texts.as_slice() else { panic!("{compatibilities}: {texts:?}") };
        assert!(text.starts_with(named) && !text.contains("FARGATE"), "{text}");
        assert_eq!(containers(&hardened).len(), 1, "{compatibilities}");
        let without = Hardening { agent: None, ..Hardening::default() };
        let hardened = harden_twice(on(compatibilities, app.clone()), &without);
        assert_eq!(container(&hardened, "app").get("readonlyRootFilesystem").as_bool(), Some(true));
    }
    for compatibilities in [serde_json::json!(null), serde_json::json!("?"), serde_json::json!(["FARGATE"])] {
        let hardened = harden_twice(on(compatibilities.clone(), app.clone()), &with_agent(&fargate));
        assert_eq!(containers(&hardened).len(), 3, "{compatibilities}");
        assert!(!hardened.changes.iter().any(|change| matches!(change.kind, ChangeKind::FargateOnly(_))));
    }
}

#[test]
fn one_that_is_added_beside_another_launch_type_is_told() {
    let app = serde_json::json!([{ "name": "app", "image": "a:1" }]);
    let settings = settings();
    let hardened = harden_twice(on(serde_json::json!(["EC2", "FARGATE"]), app), &with_agent(&settings));
    assert_eq!(containers(&hardened).len(), 3);
    let told: Vec<_> = hardened
        .changes
        .iter()
        .filter(|change| change.path.to_string() == "requiresCompatibilities")
        .collect();
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert!(told.to_string().ends_with("works on Fargate only, and the task may be started on EC2 as well"));
}

#[test]
fn one_that_is_there_is_brought_up_everywhere_and_told_of_fargate_only_there() {
    let fargate = settings();
    let ec2 = settings().on(LaunchType::Ec2);
    for (compatibilities, settings, expected) in [
        (serde_json::json!(["EC2"]), &fargate, None),
        (serde_json::json!(["EXTERNAL"]), &fargate, None),
        (serde_json::json!(["MANAGED_INSTANCES"]), &fargate, None),
        (serde_json::json!(null), &ec2, None),
        (serde_json::json!(["EC2", "FARGATE"]), &ec2, None),
        (serde_json::json!(null), &fargate, Some("true")),
        (serde_json::json!(["EC2", "FARGATE"]), &fargate, Some("true")),
    ] {
        let document = on(compatibilities.clone(), serde_json::json!([agent(serde_json::json!({}))]));
        let hardened = harden_twice(document, &with_agent(settings));
        let dd = container(&hardened, "dd");
        assert_eq!(variable(dd, "ECS_FARGATE"), expected, "{compatibilities}");
        assert_eq!((variable(dd, "DD_ENV"), mounts(dd).len()), (Some("prod"), 4));
        let script = container(&hardened, "datadog-init").get("command").items()[2].as_str().unwrap();
        assert_eq!(script.contains("ecs_fargate"), expected.is_some(), "{compatibilities}");
    }
}

#[test]
fn a_task_for_windows_is_left_alone_and_says_so() {
    let document = node(serde_json::json!({
        "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
        "containerDefinitions": [{ "name": "app", "image": "a:1" }, agent(serde_json::json!({}))]
    }));
    let hardened = harden(document.clone(), &Hardening::default());
    assert_eq!(hardened.document, document);
    assert_eq!(kept(&hardened).len(), 1);
    let settings = settings();
    let collisions = sentences(&harden(document, &with_agent(&settings)).collisions);
    assert!(collisions[0].contains("runtimePlatform.operatingSystemFamily"), "{}", collisions[0]);
}

#[test]
fn while_the_platform_is_not_known_the_setting_is_not_either() {
    let document = node(serde_json::json!({
        "runtimePlatform": { "operatingSystemFamily": "?" },
        "containerDefinitions": [{ "name": "app" }, { "name": "fine", "readonlyRootFilesystem": true }]
    }));
    let hardened = harden(document, &Hardening::default());
    assert!(container(&hardened, "app").get("readonlyRootFilesystem").is_unknown());
    assert_eq!(container(&hardened, "fine").get("readonlyRootFilesystem").as_bool(), Some(true));
    assert!(container(&hardened, "app").get("dockerLabels").get(MARK_LABEL).is_unknown());
}

#[test]
fn what_it_mounts_above_a_directory_of_the_pattern_serves_as_well() {
    let settings = settings();
    let above = |path: &str, read_only: bool| {
        let mount =
            serde_json::json!({ "sourceVolume": "own", "containerPath": path, "readOnly": read_only });
        let own = agent(serde_json::json!({ "mountPoints": [mount] }));
        harden_twice(
            task(serde_json::json!([own, { "name": "app", "image": "a:1" }])),
            &with_agent(&settings),
        )
    };
    let mounted = |hardened: &Hardened| -> Vec<String> {
        mounts(container(hardened, "dd")).into_iter().skip(1).map(|(path, _)| path.to_owned()).collect()
    };
    for (path, read_only, added) in [
        // The sockets have to be reached by the application, the rest only by the Agent.
        (
            "/var/run",
            false,
            ["/etc/datadog-agent", "/opt/datadog-agent/run", "/var/run/datadog", "/tmp"].as_slice(),
        ),
        ("/opt", false, &["/etc/datadog-agent", "/var/run/datadog", "/tmp"]),
        ("/opt", true, &["/etc/datadog-agent", "/opt/datadog-agent/run", "/var/run/datadog", "/tmp"]),
        // What is in there is the user's.
        ("/etc", false, &["/opt/datadog-agent/run", "/var/run/datadog", "/tmp"]),
        ("/", true, &["/opt/datadog-agent/run", "/var/run/datadog", "/tmp"]),
    ] {
        let hardened = above(path, read_only);
        assert_eq!(mounted(&hardened), added, "{path} {read_only}");
        let has_init = names(hardened.document.get("containerDefinitions"), "name").contains(&"datadog-init");
        assert_eq!(has_init, added.contains(&"/etc/datadog-agent"), "{path} {read_only}");
    }
}
