//! The Agent in objects of the user's: what is added, what is kept, and what stands in the way.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::document::{parse, to_json};
use crate::render::kubernetes::Placing;
use crate::rofs::assemble;
use crate::rofs::settings::{Apm, Secret, Settings};
use crate::rofs::workload::Workload;

fn minimal() -> Settings {
    Settings {
        platform: Platform::Kubernetes(KubernetesKind::default()),
        api_key: Some(Secret::stored("datadog-secret/api-key".into())),
        ..Settings::default()
    }
}

#[derive(Default)]
struct Way<'a> {
    unwired: bool,
    read_only: bool,
    writable_paths: &'a [(&'a str, &'a [&'a str])],
    tmpfs_size: Option<i64>,
}

fn joined(document: &Node, settings: &Settings, way: &Way<'_>) -> Joined {
    let paths = way
        .writable_paths
        .iter()
        .map(|(name, paths)| ((*name).to_owned(), paths.iter().map(|path| (*path).to_owned()).collect()));
    let workload = assemble(settings);
    let joining = Joining {
        settings,
        workload: &workload,
        wire: !way.unwired,
        read_only: way.read_only,
        writable_paths: paths.collect(),
        tmpfs_size: way.tmpfs_size,
    };
    let beside = match settings.platform {
        Platform::Kubernetes(KubernetesKind { per_node: true, .. }) => daemon_set(&workload),
        _ => Vec::new(),
    };
    join(document.clone(), &joining, &beside).unwrap()
}

/// The objects of an Agent for each node.
fn daemon_set(workload: &Workload) -> Vec<Node> {
    let placing =
        Placing { name: "datadog-agent", namespace: "datadog", tolerations: Node::Null, stop_timeout: None };
    words::daemon_set(workload, &placing).unwrap()
}

fn node(text: &str) -> Node {
    parse(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

fn json(node: &Node) -> String {
    to_json(node).unwrap()
}

/// A Pod with this specification.
fn pod(spec: &str) -> Node {
    node(&format!(r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "shop"}}, "spec": {spec}}}"#))
}

fn names(list: &Node) -> Vec<&str> {
    list.items().iter().filter_map(|item| item.get("name").as_str()).collect()
}

#[test]
fn the_agent_stands_before_what_the_user_has_and_a_beside_behind_it() {
    let given = pod(r#"{"initContainers": [{"name": "migrate"}], "containers": [{"name": "web"}]}"#);
    let native = joined(&given, &minimal(), &Way::default());
    assert_eq!(native.collisions, []);
    let spec = native.document.get("spec");
    assert_eq!(names(spec.get("initContainers")), ["datadog-init", "datadog-agent", "migrate"]);
    assert_eq!(names(spec.get("containers")), ["web"]);
    assert_eq!(spec.get("initContainers").items()[1].get("restartPolicy").as_str(), Some("Always"));
    let beside = Settings {
        platform: Platform::Kubernetes(KubernetesKind {
            native_sidecars: false,
            ..KubernetesKind::default()
        }),
        ..minimal()
    };
    let document = joined(&given, &beside, &Way::default()).document;
    assert_eq!(names(document.get("spec").get("initContainers")), ["datadog-init", "migrate"]);
    assert_eq!(names(document.get("spec").get("containers")), ["web", "datadog-agent"]);
}

#[test]
fn containers_are_wired_that_run_beside_the_agent_and_what_they_have_is_kept() {
    let given =
        pod(r#"{"initContainers": [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}],
            "containers": [{"name": "web", "env": [{"name": "DD_ENV", "value": "own"}]}]}"#);
    let settings = Settings { env: Some("prod".into()), ..minimal() };
    let joined = joined(&given, &settings, &Way::default());
    assert_eq!(joined.kept, ["Pod shop, container web: keeps its own value of variable DD_ENV"]);
    let spec = joined.document.get("spec");
    let [_, _, migrate, proxy] = spec.get("initContainers").items() else { panic!("there are four") };
    assert_eq!(json(migrate), r#"{"name":"migrate"}"#);
    assert_eq!(names(proxy.get("env")), ["DD_DOGSTATSD_URL", "DD_ENV", "DD_TRACE_AGENT_URL"]);
    let web = &spec.get("containers").items()[0];
    assert_eq!(names(web.get("env")), ["DD_ENV", "DD_DOGSTATSD_URL", "DD_TRACE_AGENT_URL"]);
    assert_eq!(
        json(web.get("volumeMounts")),
        r#"[{"mountPath":"/var/run/datadog","name":"datadog-sockets","readOnly":true}]"#
    );
    let labels = joined.document.get("metadata").get("labels");
    assert_eq!(json(labels), r#"{"tags.datadoghq.com/env":"prod"}"#);
}

#[test]
fn roots_become_read_only_where_nobody_says_otherwise_and_paths_writable() {
    let given = pod(r#"{"initContainers": [{"name": "migrate"}],
            "containers": [{"name": "a", "volumeMounts": [{"name": "v", "mountPath": "/run"}]},
                           {"name": "b", "securityContext": {"readOnlyRootFilesystem": false}}],
            "volumes": [{"name": "v", "emptyDir": {}}]}"#);
    let paths: &[(&str, &[&str])] = &[("a", &["/var/cache/", "/run"])];
    let way = Way { read_only: true, writable_paths: paths, tmpfs_size: Some(64), ..Way::default() };
    let joined = joined(&given, &minimal(), &way);
    assert_eq!(joined.collisions, []);
    let spec = joined.document.get("spec");
    let root = |container: &Node| container.get("securityContext").get("readOnlyRootFilesystem").as_bool();
    assert_eq!(root(&spec.get("initContainers").items()[2]), Some(true));
    let [a, b] = spec.get("containers").items() else { panic!("there are two") };
    assert_eq!((root(a), root(b)), (Some(true), Some(false)));
    assert_eq!(names(a.get("volumeMounts")), ["v", "datadog-sockets", "a-var-cache"]);
    assert_eq!(
        json(&spec.get("volumes").items()[1]),
        r#"{"emptyDir":{"medium":"Memory","sizeLimit":"64Mi"},"name":"a-var-cache"}"#
    );
}

#[test]
fn every_pod_gets_an_agent_and_all_else_stays() {
    let given = node(
        r#"[{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}},
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "one", "namespace": "n"},
             "spec": {"template": {"spec": {"containers": [{"name": "web"}]}}}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "win"},
             "spec": {"os": {"name": "windows"}, "containers": [{"name": "web"}]}},
            {"apiVersion": "example.com/v1", "kind": "Own", "spec": {"template": {"spec": {"containers": []}}}}]"#,
    );
    let files = [("conf.d/x.d/conf.yaml".to_owned(), "instances: [{}]\n".into())].into();
    let settings = Settings { config_files: files, ..minimal() };
    let joined = joined(&given, &settings, &Way::default());
    assert_eq!(joined.collisions, []);
    assert_eq!(joined.kept, ["Pod win: its Pod is for Windows, and the Agent's image is for Linux"]);
    let Node::Array(objects) = &joined.document else { panic!("there are several") };
    assert_eq!(objects.len(), 5);
    for untouched in [0, 2, 3] {
        assert_eq!(objects[untouched], given.items()[untouched]);
    }
    let metadata = objects[4].get("metadata");
    assert_eq!(metadata.get("namespace").as_str(), Some("n"));
    let name = metadata.get("name").as_str().unwrap();
    assert!(name.starts_with("one-datadog-files-"), "{name}");
    let volumes = objects[1].get("spec").get("template").get("spec").get("volumes").items();
    let files = volumes.iter().find(|volume| volume.get("name").as_str() == Some("datadog-files")).unwrap();
    assert_eq!(files.get("configMap").get("name").as_str(), Some(name));
    let changed = [("conf.d/x.d/conf.yaml".to_owned(), "instances: []\n".into())].into();
    let other = Settings { config_files: changed, ..minimal() };
    let other = self::joined(&given, &other, &Way::default());
    assert_ne!(other.document.items()[4].get("metadata").get("name").as_str(), Some(name), "another content");
}

#[test]
fn another_agent_to_come_and_an_object_that_gets_none_are_told() {
    let labelled = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shop", "labels": {"agent.datadoghq.com/sidecar": "fargate"}},
        "spec": {"containers": [{"name": "web"}]}}"#;
    let old = r#"{"apiVersion": "extensions/v1beta1", "kind": "DaemonSet", "metadata": {"name": "logs"}}"#;
    let joined =
        |settings: &Settings| joined(&node(&format!("[{labelled}, {old}]")), settings, &Way::default()).kept;
    let [none, another] = <[String; 2]>::try_from(joined(&minimal())).unwrap();
    assert_eq!(none, "DaemonSet logs: gets no Agent, because Kubernetes has its kind in apiVersion apps/v1");
    assert!(another.starts_with("Pod shop: has the label agent.datadoghq.com/sidecar"), "{another}");
    let per_node = KubernetesKind { per_node: true, ..KubernetesKind::default() };
    let on_the_node = Settings { platform: Platform::Kubernetes(per_node), ..minimal() };
    assert_eq!(joined(&on_the_node), [none], "no Agent is put into the Pod");
}

#[test]
fn what_stands_in_the_way_is_said_with_the_way_out() {
    let none = Settings { existing_container: Some(String::new()), ..minimal() };
    let beside = Settings {
        platform: Platform::Kubernetes(KubernetesKind {
            native_sidecars: false,
            ..KubernetesKind::default()
        }),
        ..minimal()
    };
    let bad: &[(&str, &[&str])] =
        &[("wbe", &["/x"]), ("web", &["relative", "/a/../b", "/proc/x", "/var/run/datadog"])];
    let pod = |spec: &str| json(&pod(spec));
    let agent = r#"{"containers": [{"name": "dd", "image": "gcr.io/datadoghq/agent:7"}]}"#;
    let job = r#"{"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}"#;
    for (given, settings, way, expected) in [
        (
            pod(r#"{"containers": [{"name": "datadog-agent"}, {"name": "datadog-init"}]}"#),
            minimal(),
            Way { unwired: true, ..Way::default() },
            &["init_container_name = \"datadog-init-2\"", "container_name = \"datadog-agent-2\""][..],
        ),
        (
            pod(
                r#"{"containers": [{"name": "a"}], "volumes": [{"name": "datadog-run", "hostPath": {"path": "/x"}}]}"#,
            ),
            minimal(),
            Way::default(),
            &["volume_prefix = \"dd-\""],
        ),
        (pod(agent), minimal(), Way::default(), &["existing_container = \"\""]),
        (pod(agent), none, Way::default(), &[]),
        (
            pod(r#"{"containers": [{"name": "datadog-agent", "image": "datadog/agent:7"}]}"#),
            minimal(),
            Way::default(),
            &["Remove the container"],
        ),
        (pod("{}"), minimal(), Way::default(), &["has no containers in spec.containers"]),
        (pod(r#"{"containers": []}"#), minimal(), Way::default(), &["has no containers in spec.containers"]),
        (
            pod(
                r#"{"containers": [{"name": "web", "volumeMounts": [{"name": "v", "mountPath": "/var/run/datadog/"}]}]}"#,
            ),
            minimal(),
            Way::default(),
            &["wire = false"],
        ),
        (
            pod(r#"{"containers": [{"name": "web"}]}"#),
            minimal(),
            Way { writable_paths: bad, ..Way::default() },
            &[
                "is not absolute",
                "goes up with ..",
                "belongs to the kernel",
                "Take `readOnly` out",
                "Did you mean web?",
            ],
        ),
        (job.to_owned(), beside, Way::default(), &["Leave native_sidecar out"]),
        (job.to_owned(), minimal(), Way::default(), &[]),
        (pod("7"), minimal(), Way::default(), &["has no mapping with `spec`"]),
        (pod(r#"{"containers": {}}"#), minimal(), Way::default(), &["another type"]),
        (pod(r#"{"containers": [7]}"#), minimal(), Way::default(), &["another type"]),
        (
            pod(r#"{"containers": [{"name": "a", "env": "x"}]}"#),
            minimal(),
            Way::default(),
            &["another type"; 2],
        ),
        (
            r#"{"apiVersion": "v1", "kind": "Service"}"#.to_owned(),
            minimal(),
            Way::default(),
            &["Nothing in the manifest"],
        ),
        (
            r#"{"apiVersion": "extensions/v1beta1", "kind": "Deployment", "metadata": {"name": "shop"}}"#
                .to_owned(),
            minimal(),
            Way::default(),
            &["  apiVersion: apps/v1    # Deployment shop"],
        ),
        (
            r#"{"apiVersion": "example.com/v1", "kind": "Deployment"}"#.to_owned(),
            minimal(),
            Way::default(),
            &["Nothing in the manifest"],
        ),
    ] {
        let said: Vec<String> =
            joined(&node(&given), &settings, &way).collisions.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), expected.len(), "{given}: {said:#?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.contains(expected), "{given}: {said}");
        }
    }
}

/// Containers of a user.
fn containers() -> impl Strategy<Value = Vec<Node>> {
    let name = || prop::sample::select(vec!["A", "DD_ENV", "DD_TRACE_AGENT_URL"]);
    let env = prop::collection::btree_map(name(), prop::sample::select(vec!["x", "prod", "$(A)", ""]), 0..3)
        .prop_map(|all| {
            let one =
                |(name, value): (&str, &str)| Node::from([("name", name.into()), ("value", value.into())]);
            all.into_iter().map(one).collect::<Vec<_>>()
        });
    let container = (env, any::<bool>(), prop::option::of(any::<bool>()), any::<bool>()).prop_map(
        |(env, mounts, read_only, goes_on)| {
            let mount = Node::from([("name", "data".into()), ("mountPath", "/data".into())]);
            let members = [
                ("image", Node::from("w")),
                ("env", env.into()),
                ("volumeMounts", if mounts { vec![mount].into() } else { Node::Null }),
                (
                    "securityContext",
                    match read_only {
                        Some(flag) => Node::from([("readOnlyRootFilesystem", flag.into())]),
                        None => Node::Null,
                    },
                ),
                ("restartPolicy", if goes_on { "Always".into() } else { Node::Null }),
                ("x", Node::from(vec![1_i64])),
            ];
            let set = members.into_iter().filter(|(_, value)| !value.is_null());
            set.map(|(key, value)| (key.to_owned(), value)).collect::<Node>()
        },
    );
    prop::collection::btree_map("[a-d]", container, 0..3).prop_map(|all| {
        let named = all.into_iter().map(|(name, container)| {
            let Node::Object(mut members) = container else { unreachable!("it is made of members") };
            members.insert("name".to_owned(), name.into());
            Node::Object(members)
        });
        named.collect()
    })
}

/// Whether all of one is in the other; items of a list by their names, or in their places.
fn is_in(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Object(one), Node::Object(_)) => one.iter().all(|(key, value)| is_in(value, other.get(key))),
        (Node::Array(one), Node::Array(all)) => one.iter().enumerate().all(|(at, item)| {
            let name = item.get("name");
            let namesake = all.iter().find(|other| !name.is_null() && other.get("name") == name);
            namesake.or(all.get(at)).is_some_and(|other| is_in(item, other))
        }),
        (one, other) => one == other,
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_no_name_is_there_twice_and_twice_is_once(
        (init, own) in (containers(), containers()),
        kind in prop::sample::select(vec!["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]),
        (read_only, native_sidecars, per_node, socket, files, list) in any::<(bool, bool, bool, bool, bool, bool)>(),
    ) {
        let init: Vec<Node> = init.into_iter().filter(|one| names(&own.clone().into()).iter().all(|name| one.get("name").as_str() != Some(name))).collect();
        let config_files = if files { [("conf.d/x.yaml".to_owned(), "a".into())].into() } else { BTreeMap::new() };
        let settings = Settings {
            service: Some("x".into()),
            env: Some("prod".into()),
            config_files,
            platform: Platform::Kubernetes(KubernetesKind { per_node, native_sidecars, ..KubernetesKind::default() }),
            apm: Apm { socket, ..Apm::default() },
            ..minimal()
        };
        // There is no Pod without one.
        let own = if own.is_empty() { vec![Node::from([("name", "e".into())])] } else { own };
        let spec = Node::from([("initContainers", init.into()), ("containers", own.into())]);
        let object = Node::from([
            ("apiVersion", "apps/v1".into()),
            ("kind", kind.into()),
            ("metadata", Node::from([("name", "shop".into())])),
            ("spec", Node::from([("template", Node::from([("spec", spec)]))])),
        ]);
        let given = match list {
            true => Node::from([("apiVersion", "v1".into()), ("kind", "List".into()), ("items", vec![object].into())]),
            false => object,
        };
        let way = Way { read_only, ..Way::default() };
        let once = joined(&given, &settings, &way);
        prop_assert_eq!(&once.collisions, &[]);
        let whole = match (&given, &once.document) {
            (Node::Object(_), Node::Array(objects)) => &objects[0],
            (_, document) => document,
        };
        prop_assert!(is_in(&given, whole), "{} is not in {}", json(&given), json(whole));
        for pod in objects::pods(&once.document) {
            let spec = once.document.at(&pod.spec());
            let lists = [names(spec.get("initContainers")), names(spec.get("containers"))].concat();
            for mut names in [lists, names(spec.get("volumes"))] {
                names.sort_unstable();
                let all = names.len();
                names.dedup();
                prop_assert_eq!(names.len(), all);
            }
        }
        let called = |(_, object): (_, &Node)| format!("{} {}", json(object.get("kind")), json(object.get("metadata").get("name")));
        let mut objects: Vec<String> = objects::objects(&once.document).into_iter().map(called).collect();
        objects.sort_unstable();
        prop_assert!(objects.windows(2).all(|pair| pair[0] != pair[1]), "{:?}", objects);
        let twice = joined(&once.document, &settings, &way);
        prop_assert_eq!(&twice.document, &once.document);
        prop_assert_eq!(&twice.collisions, &[]);
    }
}
