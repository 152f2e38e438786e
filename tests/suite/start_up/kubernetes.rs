//! Pods, made by the pattern and its renderer out of settings, and what a sandbox makes of pods.

use ddrofs::document::{Node, parse, to_json, yaml};
use ddrofs::merge::Joining;
use ddrofs::merge::kubernetes::join;
use ddrofs::render::kubernetes::{Placing, daemon_set};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::Settings;
use serde_json::{Map, Value, json};

use super::mutilations::{Mutilation, of_a_command, shared_word, take_apart};
use super::sandbox::{Seen, Task, has_users, means};
use super::starts::every_variant_starts;
use super::{APPLICATION, Runtime, Variant, consequences, missing, run};
use crate::scenarios::{of_user_100_with_every_directory, ports_in_place_of_sockets};

const SIDECAR: KubernetesKind = KubernetesKind { fargate: false, per_node: false, native_sidecars: true };

/// Kubernetes.
pub(super) const RUNTIME: Runtime = Runtime {
    platform: Platform::Kubernetes(SIDECAR),
    listener: "kubelet",
    front: |_| Vec::new(),
    back: |plain| {
        let of = |kind| Settings { platform: Platform::Kubernetes(kind), ..plain.clone() };
        let node = || of(KubernetesKind { per_node: true, ..SIDECAR });
        vec![
            Variant::of("no native sidecar", of(KubernetesKind { native_sidecars: false, ..SIDECAR })),
            Variant::of("on EKS Fargate", of(KubernetesKind { fargate: true, ..SIDECAR })),
            Variant::of("on a node", node()),
            Variant::of("on a node, user 100", of_user_100_with_every_directory(node())),
            Variant::of("on a node, ports", ports_in_place_of_sockets(node())),
        ]
    },
    taken_apart: &["plain"],
    document,
    task: |_, document| Task::from_kubernetes(document.as_array().expect("objects")),
    parts: of_a_manifest,
    facts: |settings| match settings.platform {
        Platform::Kubernetes(kind) if kind.fargate => {
            vec!["check eks_fargate is scheduled", "check kubelet is scheduled"]
        }
        Platform::Kubernetes(kind) if kind.per_node => {
            vec!["check cpu is scheduled", "check kubelet is scheduled", "check network is scheduled"]
        }
        _ => vec!["check cpu is scheduled"],
    },
    rows: consequences::kubernetes::ROWS,
};

fn is_of_a_node(settings: &Settings) -> bool {
    matches!(settings.platform, Platform::Kubernetes(KubernetesKind { per_node: true, .. }))
}

/// The objects of an application with the Agent in its Pod, or on its node, as somebody else reads them.
fn document(settings: &Settings) -> Value {
    let application = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": {"template": {"spec": {"containers": [{"name": "app", "image": APPLICATION}]}}},
    });
    let workload = assemble(settings);
    let placing = Placing {
        name: &settings.container_name,
        namespace: "datadog",
        tolerations: vec![Node::from([("operator", "Exists".into())])].into(),
        stop_timeout: settings.stop_timeout,
    };
    let beside = if is_of_a_node(settings) { daemon_set(&workload, &placing).unwrap() } else { Vec::new() };
    let joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let joined = join(parse(&application.to_string()).unwrap(), &joining, &beside).unwrap();
    assert_eq!((joined.collisions, joined.kept), (Vec::new(), Vec::new()));
    let objects = match joined.document {
        Node::Array(objects) => objects,
        object => vec![object],
    };
    let text = yaml::write_all(&objects, &["kind"]).unwrap();
    let read = yaml::read_all(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let value = |node: &Node| -> Value { serde_json::from_str(&to_json(node).unwrap()).unwrap() };
    read.iter().map(|document| value(&document.yaml.node)).collect()
}

/// Lists whose members are taken away one by one, with the key that names a member.
const LISTS: [(&str, &str); 2] = [("env", "name"), ("volumeMounts", "mountPath")];

/// What every platform has, by the words of the tables.
const WORDS: [(&str, &str); 5] = [
    ("env", "environment"),
    ("volumeMounts", "mount"),
    ("livenessProbe", "health check"),
    ("resources", "memory"),
    ("readOnlyRootFilesystem", "read-only root"),
];

/// Every part of every container, every volume and every other key of the Pods, and every file that is mounted, taken away alone.
fn of_a_manifest(document: &Value) -> Vec<Mutilation> {
    let mut mutilations = Vec::new();
    for (index, object) in document.as_array().expect("objects").iter().enumerate() {
        let kind = object["kind"].as_str().expect("a kind");
        let mut without = |part: String, change: &dyn Fn(&mut Value)| {
            let mut document = document.clone();
            change(&mut document[index]);
            mutilations.push(Mutilation { part, document });
        };
        for name in keys(&object["data"]) {
            without(format!("{kind}: data {name}"), &|object| take(&mut object["data"], name));
        }
        let spec = &object["spec"]["template"]["spec"];
        for (key, value) in spec.as_object().into_iter().flatten() {
            let mut without = |part: String, change: &dyn Fn(&mut Value)| {
                without(part, &|object| change(&mut object["spec"]["template"]["spec"]));
            };
            match (key.as_str(), value.as_array()) {
                ("containers" | "initContainers", Some(containers)) => {
                    for (at, container) in containers.iter().enumerate() {
                        let name = container["name"].as_str().expect("a name");
                        for (part, container) in of_a_container(container) {
                            without(format!("{name}: {part}"), &|spec| spec[key][at] = container.clone());
                        }
                    }
                }
                ("volumes", Some(volumes)) => {
                    for (at, volume) in volumes.iter().enumerate() {
                        let name = volume["name"].as_str().expect("a name");
                        without(format!("{kind}: volumes {name}"), &|spec| {
                            spec[key].as_array_mut().expect("a list").remove(at);
                        });
                    }
                }
                _ => without(format!("{kind}: {key}"), &|spec| take(spec, key)),
            }
        }
    }
    mutilations
}

fn of_a_container(container: &Value) -> Vec<(String, Value)> {
    let mut parts = Vec::new();
    let mut add = |part: String, change: &dyn Fn(&mut Value)| {
        let mut container = container.clone();
        change(&mut container);
        parts.push((part, container));
    };
    for (key, value) in container.as_object().expect("a container") {
        match (key.as_str(), LISTS.iter().find(|(list, _)| list == key)) {
            ("name" | "image", _) => {}
            (_, Some((_, name))) => {
                for (at, member) in value.as_array().expect("a list").iter().enumerate() {
                    let member_name = member[name].as_str().expect("a name");
                    add(format!("{} {member_name}", shared_word(&WORDS, key)), &|container| {
                        container[key].as_array_mut().expect("a list").remove(at);
                    });
                    if member["readOnly"] == true {
                        add(format!("read-only {member_name}"), &|container| {
                            container[key][at]["readOnly"] = false.into()
                        });
                    }
                }
            }
            ("command", _) => {
                for (part, command) in of_a_command(value) {
                    // What would be a variable of Kubernetes' is written with two signs.
                    add(part.replace("$$", "$"), &|container| container[key] = command.clone());
                }
            }
            ("securityContext", _) => {
                for member in keys(value) {
                    let part = match shared_word(&WORDS, member) {
                        word if word == member => format!("{key} {member}"),
                        word => word.to_owned(),
                    };
                    add(part, &|container| take(&mut container[key], member));
                }
                for (at, capability) in
                    value["capabilities"]["add"].as_array().into_iter().flatten().enumerate()
                {
                    add(format!("capability {}", capability.as_str().expect("a name")), &|container| {
                        let added = &mut container[key]["capabilities"]["add"];
                        added.as_array_mut().expect("a list").remove(at);
                    });
                }
            }
            _ => add(shared_word(&WORDS, key).to_owned(), &|container| take(container, key)),
        }
    }
    parts
}

fn take(map: &mut Value, key: &str) {
    map.as_object_mut().expect("a map").remove(key);
}

fn keys(map: &Value) -> impl Iterator<Item = &String> {
    map.as_object().into_iter().flat_map(Map::keys)
}

#[test]
fn every_variant_for_kubernetes_starts() {
    every_variant_starts(&RUNTIME);
}

#[test]
fn every_part_of_every_variant_for_kubernetes_has_its_consequence() {
    take_apart(&RUNTIME);
}

/// A pod with these init containers and an application.
fn pod(init_containers: &Value) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "orders"},
        "spec": {
            "initContainers": init_containers,
            "containers": [{"name": "app", "image": APPLICATION}],
            "volumes": [
                {"name": "work", "emptyDir": {"sizeLimit": "1Mi"}},
                {"name": "files", "configMap": {"name": "files"}},
            ],
        },
    })
}

/// A container that runs a line and ends.
fn line(name: &str, line: &str) -> Value {
    let mounts = json!([{"name": "work", "mountPath": "/data"}, {"name": "files", "mountPath": "/files"}]);
    json!({"name": name, "image": APPLICATION, "command": ["sh", "-c", line], "volumeMounts": mounts})
}

fn started(pod: Value) -> Option<Seen> {
    let files = json!({"kind": "ConfigMap", "metadata": {"name": "files"}, "data": {"one.yaml": "one\n"}});
    Some(run(&Task::from_kubernetes(&[files, pod]).unwrap(), means()?))
}

#[test]
fn init_containers_run_in_their_order_and_a_sidecar_among_them_stays() {
    let sidecar = json!({"name": "side", "image": APPLICATION, "restartPolicy": "Always"});
    let pod = pod(&json!([line("first", "true"), sidecar, line("second", "exit 3"), line("third", "true")]));
    let Some(seen) = started(pod) else { return };
    assert_eq!(
        seen.events,
        ["start first", "end first", "start side", "start second", "end second"],
        "{}",
        seen.told()
    );
    let wanted = ["side is up", "second ends with 3", "third does not start", "app does not start"];
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
}

#[test]
fn an_empty_directory_is_everybodys_and_configuration_is_nobodys() {
    let container = |name: &str, written: &str| {
        line(
            name,
            &format!("{{ echo >{written}; }} 2>/dev/null && echo seen: {name} writes; cat /files/one.yaml"),
        )
    };
    let mut of_somebody = container("somebody", "/data/two");
    of_somebody["securityContext"] = json!({"runAsUser": 1000, "runAsGroup": 1000});
    let pod = pod(&json!([container("root", "/files/one.yaml"), of_somebody]));
    let Some(means) = means() else { return };
    if !has_users(means) {
        return;
    }
    let Some(seen) = started(pod) else { return };
    let facts = seen.facts();
    assert_eq!(missing(&facts, &["somebody writes", "app is up"]), [""; 0], "{}", seen.told());
    assert!(!facts.contains("root writes") && seen.of("root").log == "one\n", "{}", seen.told());
}

#[test]
fn root_without_capabilities_writes_what_is_its_own_and_hands_nothing_over() {
    let Some(means) = means().filter(|means| has_users(means)) else { return };
    for (capabilities, wanted, status) in [
        (json!({"drop": ["ALL"]}), "the root of first is writable", 1),
        (json!({"drop": ["ALL"], "add": ["KILL"]}), "the root of first is writable", 1),
        (json!({"drop": ["ALL"], "add": ["CHOWN"]}), "first hands over", 0),
        (Value::Null, "first hands over", 0),
    ] {
        let mut container =
            line("first", "echo >/data/own || exit 9; chown 100 /data/own && echo seen: first hands over");
        container["securityContext"] = json!({"capabilities": capabilities});
        let task = Task::from_kubernetes(&[
            pod(&json!([container])),
            json!({"kind": "ConfigMap", "metadata": {"name": "files"}}),
        ]);
        let seen = run(&task.unwrap(), means);
        assert_eq!(missing(&seen.facts(), &[wanted]), [""; 0], "{}", seen.told());
        assert_eq!(seen.of("first").ended, Some(status), "{}", seen.told());
    }
}

#[test]
fn a_file_that_is_mounted_alone_stands_over_what_is_copied_there() {
    let mut reads = line("second", "cat /data/conf.d/one.yaml /data/conf.d/two.yaml /data/auth/token 2>&1");
    let mounts = reads["volumeMounts"].as_array_mut().unwrap();
    mounts.push(json!({"name": "files", "mountPath": "/data/conf.d/one.yaml", "subPath": "one.yaml", "readOnly": true}));
    mounts.push(json!({"name": "auth", "mountPath": "/data/auth"}));
    let copies = line(
        "first",
        "mkdir /data/conf.d && for name in one two; do echo image >/data/conf.d/$name.yaml; done",
    );
    let mut pod = pod(&json!([copies, reads]));
    pod["spec"]["volumes"].as_array_mut().unwrap().push(json!({"name": "auth", "emptyDir": {}}));
    let Some(seen) = started(pod) else { return };
    let log = "one\nimage\ncat: /data/auth/token: No such file or directory\n";
    assert_eq!(seen.of("second").log, log, "{}", seen.told());
}

#[test]
fn variables_are_put_where_they_are_named_and_nowhere_else() {
    let mut container = line("first", "echo seen: $(LATER) $$(HOST) $(URL) $(NOBODY)");
    container["env"] = json!([
        {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}},
        {"name": "URL", "value": "http://$(HOST):8126/$(LATER)"},
        {"name": "LATER", "value": "later"},
    ]);
    container["command"] = json!(["echo", "seen: $(LATER) $$(HOST) $(URL) $(NOBODY)"]);
    let Some(seen) = started(pod(&json!([container]))) else { return };
    let wanted = ["later $(HOST) http://127.0.0.1:8126/$(LATER) $(NOBODY)"];
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
}

#[test]
fn what_kubernetes_does_not_start_is_refused_with_its_reason() {
    for (place, value, reason) in [
        (
            "/spec/initContainers/0/securityContext",
            json!({"runAsNonRoot": true}),
            "first has runAsNonRoot and its user is root",
        ),
        (
            "/spec/securityContext",
            json!({"runAsNonRoot": true, "runAsUser": 0}),
            "first has runAsNonRoot and its user is root",
        ),
        ("/spec/volumes/0/name", json!("other"), "first: there is no volume work"),
        ("/spec/volumes/1/configMap/name", json!("other"), "there is no ConfigMap other"),
        (
            "/spec/volumes/1/configMap/items",
            json!([{"key": "two", "path": "a"}]),
            "ConfigMap \"files\" has no \"two\"",
        ),
    ] {
        let mut pod = pod(&json!([line("first", "true")]));
        pod["spec"]["securityContext"] = json!({});
        pod["spec"]["initContainers"][0]["securityContext"] = json!({});
        pod["spec"]["volumes"][1]["configMap"]["items"] = json!([]);
        *pod.pointer_mut(place).unwrap() = value;
        let files = json!({"kind": "ConfigMap", "metadata": {"name": "files"}});
        assert_eq!(Task::from_kubernetes(&[files, pod]), Err(reason.to_owned()), "{place}");
    }
}
