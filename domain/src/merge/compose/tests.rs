use proptest::prelude::*;

use super::*;
use crate::document::{parse, to_json};
use crate::rofs::platform::Platform;
use crate::rofs::settings::{Apm, Dogstatsd, Secret, Settings};
use crate::rofs::{assemble, settings};

fn node(json: &str) -> Node {
    parse(json).unwrap()
}

fn minimal() -> Settings {
    let key = Secret { store: settings::Store::Environment, reference: "DD_API_KEY".into() };
    Settings { platform: Platform::Compose, api_key: Some(key), ..Settings::default() }
}

/// What is asked for beside the settings.
#[derive(Default)]
struct Way<'a> {
    unwired: bool,
    read_only: bool,
    writable_paths: &'a [(&'a str, &'a [&'a str])],
    tmpfs_size: Option<i64>,
}

fn joined(given: &Node, settings: &Settings, way: &Way<'_>) -> Joined {
    let workload = assemble(settings);
    let paths = way
        .writable_paths
        .iter()
        .map(|(name, paths)| ((*name).to_owned(), paths.iter().map(|path| (*path).to_owned()).collect()));
    let joining = Joining {
        settings,
        workload: &workload,
        wire: !way.unwired,
        read_only: way.read_only,
        writable_paths: paths.collect(),
        tmpfs_size: way.tmpfs_size,
    };
    join(document_of(given.clone()).expect("it is a mapping"), &joining).unwrap()
}

/// What came out, which is the same when it goes in again.
#[track_caller]
fn sound(given: &Node, settings: &Settings, way: &Way<'_>) -> Node {
    let once = joined(given, settings, way);
    assert_eq!(once.collisions, []);
    let twice = joined(&once.document, settings, way);
    assert_eq!((&twice.document, &twice.collisions), (&once.document, &once.collisions));
    assert_eq!(twice.kept, once.kept);
    once.document
}

fn json(node: &Node) -> String {
    to_json(node).unwrap()
}

#[test]
fn what_the_user_wrote_is_all_there_in_the_form_it_had() {
    let given = node(
        r#"{
        "name": "shop", "x-common": {"a": 1}, "networks": {"front": null}, "volumes": {"data": {"driver": "local"}},
        "configs": {"c": {"content": "x"}},
        "services": {
            "list": {"image": "a:1", "environment": ["A=1", "B", "DD_ENV=own"], "labels": ["x=y"], "depends_on": ["map"],
                     "volumes": ["data:/data", {"type": "tmpfs", "target": "/t"}], "deploy": {"replicas": 2}},
            "map": {"build": ".", "environment": {"A": 1, "B": null}, "labels": {"x": true}, "networks": ["front"]}
        }}"#,
    );
    let settings = Settings { service: Some("shop".into()), env: Some("prod".into()), ..minimal() };
    let document = sound(&given, &settings, &Way::default());
    for key in ["name", "x-common", "networks", "configs"] {
        assert_eq!(document.get(key), given.get(key), "{key}");
    }
    assert_eq!(document.get("volumes").get("data"), given.get("volumes").get("data"));
    let services = document.get("services");
    assert_eq!(
        json(services.get("list")),
        concat!(
            r#"{"depends_on":["map"],"deploy":{"replicas":2},"#,
            r#""environment":["A=1","B","DD_ENV=own","DD_DOGSTATSD_URL=unix:///var/run/datadog/dsd.socket","#,
            r#""DD_SERVICE=shop","DD_TRACE_AGENT_URL=unix:///var/run/datadog/apm.socket"],"#,
            r#""image":"a:1","labels":["x=y","com.datadoghq.tags.env=prod","com.datadoghq.tags.service=shop"],"#,
            r#""volumes":["data:/data",{"target":"/t","type":"tmpfs"},"datadog-sockets:/var/run/datadog:ro"]}"#
        )
    );
    assert_eq!(
        json(services.get("map").get("environment")),
        concat!(
            r#"{"A":1,"B":null,"DD_DOGSTATSD_URL":"unix:///var/run/datadog/dsd.socket","DD_ENV":"prod","DD_SERVICE":"shop","#,
            r#""DD_TRACE_AGENT_URL":"unix:///var/run/datadog/apm.socket"}"#
        )
    );
    assert_eq!(services.get("map").get("networks"), given.get("services").get("map").get("networks"));
    assert_eq!(
        joined(&given, &settings, &Way::default()).kept,
        ["list: keeps its own value of variable DD_ENV"]
    );
}

#[test]
fn what_wins_over_something_that_is_said_elsewhere_is_told() {
    let given = node(
        r#"{"plain": {"image": "a:1"},
            "file": {"image": "a:1", "env_file": [".env"], "environment": {"DD_ENV": "prod"}},
            "part": {"extends": {"file": "base.yaml", "service": "web"}},
            "all": {"extends": {"service": "plain"}, "env_file": ".env", "labels": {"com.datadoghq.tags.env": "prod"},
                    "environment": ["DD_ENV=prod", "DD_TRACE_AGENT_URL=unix:///var/run/datadog/apm.socket",
                                    "DD_DOGSTATSD_URL=unix:///var/run/datadog/dsd.socket"],
                    "volumes": ["datadog-sockets:/var/run/datadog:ro"]}}"#,
    );
    let settings = Settings { env: Some("prod".into()), ..minimal() };
    assert_eq!(
        joined(&given, &settings, &Way::default()).unseen,
        [
            "file: DD_DOGSTATSD_URL, DD_TRACE_AGENT_URL over env_file",
            "part: DD_DOGSTATSD_URL, DD_ENV, DD_TRACE_AGENT_URL, com.datadoghq.tags.env, /var/run/datadog over what it extends"
        ]
    );
    let unwired = Way { unwired: true, ..Way::default() };
    assert_eq!(joined(&given, &settings, &unwired).unseen, [""; 0]);
}

#[test]
fn what_a_variable_of_the_machine_is_in_is_read_as_compose_reads_it() {
    let given = node(
        r#"{"web": {"image": "w", "extends": {"service": "base"}, "environment": ["DD_ENV=${ENV:-a=b}", "DD_SERVICE=$$x"],
            "labels": ["com.datadoghq.tags.env=$ENV"], "volumes": ["${DATA:-./x}:/var/run/datadog"]}}"#,
    );
    let settings = Settings { service: Some("$x".into()), env: Some("prod".into()), ..minimal() };
    let once = joined(&given, &settings, &Way::default());
    assert_eq!(
        once.kept,
        [
            "web: keeps its own value of variable DD_ENV",
            "web: keeps its own value of label com.datadoghq.tags.env"
        ]
    );
    assert!(matches!(
        once.collisions.as_slice(),
        [Collision { kind: CollisionKind::SocketsCovered { .. }, .. }]
    ));
    let web = once.document.get("services").get("web");
    let variables = json(web.get("environment"));
    assert_eq!(
        variables.matches("DD_ENV").count() + variables.matches("DD_SERVICE").count(),
        2,
        "{variables}"
    );
    assert_eq!(
        json(web.get("labels")),
        r#"["com.datadoghq.tags.env=$ENV","com.datadoghq.tags.service=$$x"]"#
    );
    assert_eq!(web.get("volumes"), given.get("web").get("volumes"));
}

/// Services with names that may meet the wiring's, in every form.
fn services() -> impl Strategy<Value = Node> {
    let name = || {
        prop::sample::select(vec![
            "A",
            "B",
            "DD_ENV",
            "DD_SERVICE",
            "DD_TRACE_AGENT_URL",
            "com.datadoghq.tags.env",
        ])
    };
    let pairs = move || {
        let values = prop::collection::btree_map(
            name(),
            prop::sample::select(vec!["x", "prod", "$X", "a=b", ""]),
            0..4,
        );
        (values, any::<bool>()).prop_map(|(values, is_list)| match is_list {
            true => values
                .iter()
                .map(|(name, value)| Node::from(format!("{name}={value}")))
                .collect::<Vec<_>>()
                .into(),
            false => values.iter().map(|(name, value)| ((*name).to_owned(), Node::from(*value))).collect(),
        })
    };
    let volumes = prop::sample::subsequence(
        vec![
            Node::from("data:/data"),
            Node::from("./x:/srv:ro"),
            Node::from("/anonymous"),
            Node::from([
                ("type", Node::from("volume")),
                ("source", "data".into()),
                ("target", "/long".into()),
            ]),
        ],
        0..4,
    );
    let waits = prop::sample::select(vec![
        Node::Null,
        Node::from(vec!["other"]),
        Node::from([("other", Node::from([("condition", "service_healthy".into())]))]),
    ]);
    let service = (pairs(), pairs(), volumes, waits, prop::option::of(any::<bool>())).prop_map(
        |(environment, labels, volumes, waits, read_only)| {
            let members = [
                ("image", Node::from("w")),
                ("environment", environment),
                ("labels", labels),
                ("volumes", volumes.into()),
                ("depends_on", waits),
                ("read_only", read_only.map_or(Node::Null, Node::from)),
                ("x-own", Node::from(vec![1_i64])),
            ];
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            members.map(|(key, value)| (key.to_owned(), value)).collect::<Node>()
        },
    );
    prop::collection::btree_map("[a-c]", service, 0..3).prop_map(|services| services.into_iter().collect())
}

/// Whether all of one is in the other, where it was.
fn is_in(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Object(one), Node::Object(_)) => one.iter().all(|(key, value)| is_in(value, other.get(key))),
        (Node::Array(one), Node::Array(other)) => other.starts_with(one),
        // What was a list of names became a mapping of them.
        (Node::Array(names), Node::Object(waits)) => {
            names.iter().all(|name| name.as_str().is_some_and(|name| waits.contains_key(name)))
        }
        (one, other) => one == other,
    }
}

fn names_of(pairs: &Node) -> Vec<String> {
    match pairs {
        Node::Object(members) => members.keys().cloned().collect(),
        pairs => {
            let items = pairs.items().iter().filter_map(Node::as_str);
            items.map(|item| item.split('=').next().unwrap_or_default().to_owned()).collect()
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_no_name_is_there_twice_and_twice_is_once(
        services in services(),
        (read_only, wait_until_healthy, socket) in any::<(bool, bool, bool)>(),
    ) {
        let settings = Settings {
            service: Some("x".into()),
            env: Some("prod".into()),
            wait_until_healthy,
            apm: Apm { socket, ..Apm::default() },
            ..minimal()
        };
        let paths: &[(&str, &[&str])] = &[("a", &["/data", "/cache"])];
        let has_a = !services.get("a").is_null();
        let way = Way { read_only, writable_paths: if has_a { paths } else { &[] }, ..Way::default() };
        let given = Node::from([("services", services.clone()), ("volumes", Node::from([("data", Node::Null)]))]);
        let once = joined(&given, &settings, &way);
        prop_assert_eq!(&once.collisions, &[]);
        prop_assert!(is_in(&given, &once.document), "{} is not in {}", json(&given), json(&once.document));
        let Node::Object(joined_services) = once.document.get("services") else { panic!("a mapping") };
        for service in joined_services.values() {
            for key in ["environment", "labels"] {
                let mut names = names_of(service.get(key));
                names.sort();
                let all = names.len();
                names.dedup();
                prop_assert_eq!(names.len(), all);
            }
        }
        let twice = joined(&once.document, &settings, &way);
        prop_assert_eq!(&twice.document, &once.document);
        prop_assert_eq!(&twice.collisions, &[]);
    }
}

#[test]
fn services_alone_are_a_document() {
    for (given, is_document) in [
        (r#"{"web": {"image": "a"}}"#, false),
        (r#"{"services": {"web": {"image": "a"}}}"#, true),
        (r#"{"services": {"image": "a"}}"#, false),
        (r#"{"volumes": {"v": null}}"#, true),
        (r#"{"x-only": {}}"#, true),
        ("{}", false),
    ] {
        let document = document_of(node(given)).unwrap();
        assert_eq!(Node::Object(document) == node(given), is_document, "{given}");
    }
    assert_eq!(document_of(node("[]")), None);
    // Services may be called as parts of one are, and one may be called as the services are.
    for (given, is_document) in [
        (r#"{"services": {"build": {"build": {"context": "."}}, "app": {"image": "a"}}}"#, true),
        (r#"{"services": {"build": {"image": "a"}}}"#, true),
        (r#"{"services": {"build": {"extends": {"service": "app"}}}}"#, true),
        (r#"{"services": {"image": {"build": "."}}}"#, true),
        (r#"{"services": {"build": {"dockerfile_inline": "FROM a"}}}"#, false),
        (r#"{"services": {"build": "."}}"#, false),
        (r#"{"services": {"image": "a"}}"#, false),
        (r#"{"services": {}}"#, true),
    ] {
        let document = document_of(node(given)).unwrap();
        assert_eq!(Node::Object(document) == node(given), is_document, "{given}");
    }
}

#[test]
fn a_list_of_what_to_wait_for_becomes_a_mapping_only_where_it_has_to() {
    let given = node(r#"{"a": {"image": "a", "depends_on": ["b"]}, "b": {"image": "b"}}"#);
    let waiting = Settings { wait_until_healthy: true, ..minimal() };
    let document = sound(&given, &waiting, &Way::default());
    assert_eq!(
        json(document.get("services").get("a").get("depends_on")),
        r#"{"b":{"condition":"service_started"},"datadog-agent":{"condition":"service_healthy"}}"#
    );
    let own =
        node(r#"{"a": {"image": "a", "depends_on": {"datadog-agent": {"condition": "service_started"}}}}"#);
    let kept = joined(&own, &waiting, &Way::default()).kept;
    assert_eq!(kept, ["a: keeps its own condition of waiting for datadog-agent"]);
}

#[test]
fn without_sockets_services_call_the_agent_by_its_name_in_their_own_networks() {
    let ports = Settings {
        container_name: "dd".to_owned(),
        apm: Apm { socket: false, ..Apm::default() },
        dogstatsd: Dogstatsd { socket: false, port: Some(9125), ..Dogstatsd::default() },
        ..minimal()
    };
    let given = node(
        r#"{"services": {"a": {"image": "a", "networks": {"back": {"aliases": ["x"]}}}, "b": {"image": "b"}}, "networks": {"back": {}}}"#,
    );
    let document = sound(&given, &ports, &Way::default());
    let services = document.get("services");
    let environment = services.get("a").get("environment");
    assert_eq!(environment.get("DD_TRACE_AGENT_URL").as_str(), Some("http://dd:8126"));
    assert_eq!(environment.get("DD_DOGSTATSD_URL").as_str(), Some("udp://dd:9125"));
    assert_eq!(json(services.get("dd").get("networks")), r#"["back","default"]"#);
    let agent = services.get("dd").get("environment");
    assert_eq!(agent.get("DD_APM_NON_LOCAL_TRAFFIC").as_str(), Some("true"));
    assert_eq!(agent.get("DD_DOGSTATSD_NON_LOCAL_TRAFFIC").as_str(), Some("true"));
    assert!(services.get("a").get("volumes").is_null());
    // With sockets nobody calls, and in the default network nothing needs to be said.
    assert!(
        sound(&given, &minimal(), &Way::default())
            .get("services")
            .get("datadog-agent")
            .get("networks")
            .is_null()
    );
    let only_default = node(r#"{"b": {"image": "b"}}"#);
    assert!(
        sound(&only_default, &ports, &Way::default()).get("services").get("dd").get("networks").is_null()
    );
}

#[test]
fn roots_become_read_only_where_nobody_says_otherwise_and_paths_writable() {
    let given = node(
        r#"{"services": {"a": {"image": "a", "tmpfs": "/run"}, "b": {"image": "b", "read_only": false}}, "volumes": {"v": {}}}"#,
    );
    let paths: &[(&str, &[&str])] = &[("a", &["/var/cache/", "/run"])];
    let way = Way { read_only: true, writable_paths: paths, ..Way::default() };
    let document = sound(&given, &minimal(), &way);
    let services = document.get("services");
    assert_eq!(services.get("a").get("read_only").as_bool(), Some(true));
    assert_eq!(services.get("b").get("read_only").as_bool(), Some(false));
    assert_eq!(
        json(services.get("a").get("volumes")),
        r#"["datadog-sockets:/var/run/datadog:ro","a-var-cache:/var/cache"]"#
    );
    assert_eq!(json(document.get("volumes").get("a-var-cache")), "{}");
    let way = Way { tmpfs_size: Some(64), ..way };
    let document = sound(&given, &minimal(), &way);
    assert_eq!(json(document.get("services").get("a").get("tmpfs")), r#"["/run","/var/cache:size=64m"]"#);
    let unwired = Way { unwired: true, ..Way::default() };
    let document = sound(&given, &minimal(), &unwired);
    assert_eq!(document.get("services").get("a"), given.get("services").get("a"));
}

#[test]
fn a_secret_of_the_users_is_kept_and_has_to_be_a_file() {
    let key = Secret { store: settings::Store::File, reference: "key".into() };
    let settings = Settings { api_key: Some(key), ..minimal() };
    let own = node(r#"{"services": {}, "secrets": {"key": {"file": "./key.txt"}}}"#);
    let document = sound(&own, &settings, &Way::default());
    assert_eq!(document.get("secrets"), own.get("secrets"));
    let document = sound(&node("{}"), &settings, &Way::default());
    let file = document.get("secrets").get("key").get("file").as_str().unwrap();
    assert!(file.starts_with("${DD_API_KEY_FILE:?"), "{file}");
    let refused = node(r#"{"services": {}, "secrets": {"key": {"environment": "DD_API_KEY"}}}"#);
    let said = joined(&refused, &settings, &Way::default()).collisions;
    assert_eq!(said.len(), 1);
    assert!(said[0].to_string().contains("not taken from a file"), "{}", said[0]);
}

#[test]
fn what_stands_in_the_way_is_said_with_the_way_out() {
    let ports = Settings { apm: Apm { socket: false, ..Apm::default() }, ..minimal() };
    let none = Settings { existing_container: Some(String::new()), ..minimal() };
    let bad: &[(&str, &[&str])] =
        &[("wbe", &["/x"]), ("web", &["relative", "/a/../b", "/proc/x", "/var/run/datadog"])];
    for (given, settings, way, expected) in [
        (
            r#"{"datadog-agent": {"image": "x"}, "datadog-init": {"image": "x"}}"#,
            minimal(),
            Way::default(),
            &["container_name = \"datadog-agent-2\"", "init_container_name = \"datadog-init-2\""][..],
        ),
        (
            r#"{"services": {}, "volumes": {"datadog-run": {"external": true}}}"#,
            minimal(),
            Way::default(),
            &["volume_prefix = \"dd-\""],
        ),
        (
            r#"{"dd": {"image": "gcr.io/datadoghq/agent:7"}}"#,
            minimal(),
            Way::default(),
            &["existing_container = \"\""],
        ),
        (r#"{"dd": {"image": "gcr.io/datadoghq/agent:7"}}"#, none, Way::default(), &[]),
        (
            r#"{"web": {"image": "w", "volumes": ["/srv:/var/run/datadog"]}}"#,
            minimal(),
            Way::default(),
            &["wire = false"],
        ),
        (
            r#"{"web": {"image": "w", "network_mode": "host"}}"#,
            ports,
            Way::default(),
            &["take network_mode out"],
        ),
        (r#"{"web": {"image": "w", "network_mode": "host"}}"#, minimal(), Way::default(), &[]),
        (
            r#"{"web": {"image": "w"}}"#,
            minimal(),
            Way { writable_paths: bad, ..Way::default() },
            &[
                "Did you mean web?",
                "is not absolute",
                "goes up with ..",
                "belongs to the kernel",
                "Take `ro` out",
            ],
        ),
        (r#"{"web": null}"#, minimal(), Way::default(), &["is not a mapping"]),
        (r#"{"services": []}"#, minimal(), Way::default(), &["has to be a mapping"]),
        (r#"{"services": {}, "volumes": []}"#, minimal(), Way::default(), &["another type"]),
        (r#"{"web": {"environment": "x"}}"#, minimal(), Way::default(), &["another type"]),
        (r#"{"web": {"volumes": {}}}"#, minimal(), Way::default(), &["another type"]),
    ] {
        let said: Vec<String> =
            joined(&node(given), &settings, &way).collisions.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), expected.len(), "{given}: {said:#?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.contains(expected), "{given}: {said}");
        }
    }
}
