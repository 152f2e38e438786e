//! Pods, made by the pattern and its renderer out of settings, and what a sandbox makes of pods.

use serde_json::{Value, json};

use super::sandbox::{Seen, Task, has_users, means};
use super::{APPLICATION, missing, run};

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
    let mounts = json!([{"name": "work", "mountPath": "/work"}, {"name": "files", "mountPath": "/files"}]);
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
    let mut of_somebody = container("somebody", "/work/two");
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
            line("first", "echo >/work/own || exit 9; chown 100 /work/own && echo seen: first hands over");
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
    let mut reads = line("second", "cat /work/conf.d/one.yaml /work/conf.d/two.yaml /work/auth/token 2>&1");
    let mounts = reads["volumeMounts"].as_array_mut().unwrap();
    mounts.push(json!({"name": "files", "mountPath": "/work/conf.d/one.yaml", "subPath": "one.yaml", "readOnly": true}));
    mounts.push(json!({"name": "auth", "mountPath": "/work/auth"}));
    let copies = line(
        "first",
        "mkdir /work/conf.d && for name in one two; do echo image >/work/conf.d/$name.yaml; done",
    );
    let mut pod = pod(&json!([copies, reads]));
    pod["spec"]["volumes"].as_array_mut().unwrap().push(json!({"name": "auth", "emptyDir": {}}));
    let Some(seen) = started(pod) else { return };
    let log = "one\nimage\ncat: /work/auth/token: No such file or directory\n";
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
