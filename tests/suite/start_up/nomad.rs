//! Jobs of Nomad, made by the pattern and its renderer out of settings, put into the HCL of an application's, and read from there as the
//! HTTP API has them.

use ddrofs::document::{hcl, to_json};
use ddrofs::merge::Joining;
use ddrofs::merge::nomad::join;
use ddrofs::nomad::{LAYOUT, is_left_for_the_client, job_of_api};
use ddrofs::render::nomad::calls_over_the_network;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Secret, Settings};
use serde_json::{Map, Value, json};

use super::mutilations::{Mutilation, of_a_command, shared_word, take_apart};
use super::sandbox::{ImageVolumes, Seen, Task, means};
use super::starts::every_variant_starts;
use super::{APPLICATION, CHECK, Runtime, Variant, consequences, missing, run};
use crate::scenarios::map;

/// What a driver does that is not Docker's own.
const ANOTHER_DRIVER: &str = "a driver that ignores the volumes of images";

/// Nomad.
pub(super) const RUNTIME: Runtime = Runtime {
    platform: Platform::Nomad,
    listener: "docker",
    front: |_| Vec::new(),
    back: |plain| {
        let key = Some(Secret::stored("secret/data/datadog".into()));
        let tagged = format!("{}    tags: ['{{{{ team }}}} [[[']\n", CHECK.1);
        let files = map(&[(CHECK.0, &tagged)]);
        vec![
            Variant::of("an API key in Vault", Settings { api_key: key, ..plain.clone() }),
            Variant::of("a file with brackets", Settings { config_files: files, ..plain.clone() }),
            Variant::of(ANOTHER_DRIVER, plain),
        ]
    },
    taken_apart: &["plain"],
    document,
    task: |variant, document| {
        let task = Task::from_nomad(document)?;
        let is_another = variant.name == ANOTHER_DRIVER;
        Ok(if is_another { Task { image_volumes: ImageVolumes::Ignored, ..task } } else { task })
    },
    parts: of_a_job,
    facts: |_| vec!["check cpu is scheduled"],
    rows: consequences::nomad::ROWS,
};

/// The job of an application with the Agent in its group. Its name is the one whose variable holds the API key: a task may read no
/// other job's.
fn document(settings: &Settings) -> Value {
    let workload = assemble(settings);
    let calls = calls_over_the_network(&workload.wiring);
    let network = if calls { "    network {\n      mode = \"bridge\"\n    }\n" } else { "" };
    let text = format!(
        "job \"datadog-agent\" {{\n  group \"web\" {{\n{network}    task \"app\" {{\n      driver = \"docker\"\n      \
         config {{\n        image = \"{APPLICATION}\"\n      }}\n    }}\n  }}\n}}\n"
    );
    let joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let given = hcl::read(&text, is_left_for_the_client).unwrap();
    let joined = join(&given.node, &joining, None).unwrap();
    assert_eq!((joined.collisions, joined.kept), (Vec::new(), Vec::new()));
    let written = given.changed(&joined.changes, &LAYOUT).unwrap();
    let read = hcl::read(&written, is_left_for_the_client)
        .unwrap_or_else(|problem| panic!("{problem:?}\n{written}"));
    let job = job_of_api(&read.node.get("job").items()[0]).unwrap();
    serde_json::from_str(&to_json(&job).unwrap()).unwrap()
}

/// What every platform has, by the words of the tables.
const WORDS: [(&str, &str); 7] = [
    ("KillTimeout", "stop timeout"),
    ("Resources", "memory"),
    ("RestartPolicy", "restart"),
    ("Services", "health check"),
    ("User", "user"),
    ("Vault", "vault"),
    ("readonly_rootfs", "read-only root"),
];

/// Every part of every task, and the network of the group, taken away alone.
fn of_a_job(document: &Value) -> Vec<Mutilation> {
    let mut mutilations = Vec::new();
    let mut without = |part: String, change: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        change(&mut document["Job"]["TaskGroups"][0]);
        mutilations.push(Mutilation { part, document });
    };
    let group = &document["Job"]["TaskGroups"][0];
    for key in keys(group).filter(|key| !["Name", "Tasks"].contains(&key.as_str())) {
        without(format!("group: {key}"), &|group| take(group, key));
    }
    for (at, task) in group["Tasks"].as_array().expect("tasks").iter().enumerate() {
        let name = task["Name"].as_str().expect("a name");
        for (part, task) in of_a_task(task) {
            // Whoever has a place before the others is what they wait for.
            let part = if part == "Lifecycle" {
                format!("datadog-agent: waits for {name}")
            } else {
                format!("{name}: {part}")
            };
            without(part, &|group| group["Tasks"][at] = task.clone());
        }
    }
    mutilations
}

fn of_a_task(task: &Value) -> Vec<(String, Value)> {
    let mut parts = Vec::new();
    let mut add = |part: String, change: &dyn Fn(&mut Value)| {
        let mut task = task.clone();
        change(&mut task);
        parts.push((part, task));
    };
    for (key, value) in task.as_object().expect("a task") {
        match key.as_str() {
            "Name" | "Driver" | "Config" => {}
            "Env" => {
                for variable in keys(value) {
                    add(format!("environment {variable}"), &|task| take(&mut task[key], variable));
                }
            }
            "Templates" => {
                for (at, template) in value.as_array().expect("a list").iter().enumerate() {
                    let path = template["DestPath"].as_str().expect("a path");
                    add(format!("template {path}"), &|task| {
                        task[key].as_array_mut().expect("a list").remove(at);
                    });
                    for member in keys(template) {
                        add(format!("{member} {path}"), &|task| take(&mut task[key][at], member));
                    }
                }
            }
            _ => add(shared_word(&WORDS, key).to_owned(), &|task| take(task, key)),
        }
        if ["Lifecycle", "Vault"].contains(&key.as_str()) {
            for member in keys(value) {
                add(format!("{key} {member}"), &|task| take(&mut task[key], member));
            }
        }
    }
    for (part, config) in of_a_config(task["Config"].as_object().expect("a configuration")) {
        add(part, &|task| task["Config"] = config.clone());
    }
    parts
}

fn of_a_config(config: &Map<String, Value>) -> Vec<(String, Value)> {
    let mut parts = Vec::new();
    let mut add = |part: String, change: &dyn Fn(&mut Value)| {
        let mut config = Value::Object(config.clone());
        change(&mut config);
        parts.push((part, config));
    };
    for (key, value) in config {
        match key.as_str() {
            "image" | "args" => {}
            "volumes" => {
                for (at, volume) in value.as_array().expect("a list").iter().enumerate() {
                    let volume = volume.as_str().expect("a text");
                    let path = volume.split(':').nth(1).expect("a path");
                    add(format!("mount {path}"), &|config| {
                        config[key].as_array_mut().expect("a list").remove(at);
                    });
                    if let Some(writable) = volume.strip_suffix(":ro") {
                        add(format!("read-only {path}"), &|config| config[key][at] = writable.into());
                    }
                }
            }
            "command" => {
                let words = [vec![value.clone()], config["args"].as_array().expect("words").clone()].concat();
                for (part, words) in of_a_command(&words.into()) {
                    let (program, words) = words.as_array().expect("words").split_first().expect("a program");
                    add(part, &|config| (config[key], config["args"]) = (program.clone(), words.into()));
                }
            }
            _ => add(shared_word(&WORDS, key).to_owned(), &|config| take(config, key)),
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
fn every_variant_for_nomad_starts() {
    every_variant_starts(&RUNTIME);
}

#[test]
fn every_part_of_every_variant_for_nomad_has_its_consequence() {
    take_apart(&RUNTIME);
}

/// A job with these tasks.
fn job(tasks: &[Value]) -> Value {
    json!({"Job": {"ID": "orders", "TaskGroups": [{"Name": "web", "Tasks": tasks}]}})
}

/// A task that runs a line and ends, in a part of the allocation's life.
fn line(name: &str, lifecycle: &Value, line: &str) -> Value {
    let mut task = json!({
        "Name": name,
        "Driver": "docker",
        "RestartPolicy": {"Mode": "delay"},
        "Config": {
            "image": APPLICATION,
            "command": "sh",
            "args": ["-c", line],
            "volumes": ["../alloc/data:/data", "local/one.yaml:/files/one.yaml:ro"],
        },
    });
    if !lifecycle.is_null() {
        task["Lifecycle"] = lifecycle.clone();
    }
    task
}

fn started(job: &Value) -> Option<Seen> {
    Some(run(&Task::from_nomad(job).unwrap(), means()?))
}

#[test]
fn tasks_start_where_their_hooks_say_whatever_their_order_in_the_job() {
    let main = |name| line(name, &Value::Null, "true");
    let side = json!({
        "Name": "side",
        "Driver": "docker",
        "Lifecycle": {"Hook": "prestart", "Sidecar": true},
        "Config": {"image": APPLICATION},
    });
    let tasks = |status: &str| {
        let first = line("first", &json!({"Hook": "prestart"}), status);
        job(&[
            first,
            side.clone(),
            main("one"),
            main("two"),
            line("last", &json!({"Hook": "poststart"}), "true"),
        ])
    };
    let Some(seen) = started(&tasks("true")) else { return };
    let wanted = [
        "side is up",
        "first ends before one starts",
        "first ends before two starts",
        "side starts before two",
        "one starts before last",
        "two starts before last",
    ];
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
    let Some(seen) = started(&tasks("exit 3")) else { return };
    let wanted = ["first ends with 3", "one does not start", "two does not start", "last does not start"];
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
}

#[test]
fn directories_of_the_allocation_are_shared_and_roots_and_files_are_not() {
    let first = "echo seen: $(ls -A /data | wc -l) there at first; echo a >/data/a
        { echo >/local/own; } && { echo >/written; } 2>/dev/null || echo seen: the root stays";
    let second = "cat /data/a /alloc/data/a /files/one.yaml; ls -A /local
        { echo >>/files/one.yaml; } 2>/dev/null || echo seen: the file stays";
    let mut first = line("first", &json!({"Hook": "prestart"}), first);
    first["Config"]["readonly_rootfs"] = true.into();
    let mut second = line("second", &Value::Null, second);
    second["Templates"] = json!([{"DestPath": "local/one.yaml", "EmbeddedTmpl": "one\n"}]);
    let Some(seen) = started(&job(&[second, first])) else { return };
    let wanted = ["0 there at first", "the root stays", "the file stays"];
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
    assert_eq!(seen.of("second").log, "a\na\none\none.yaml\nseen: the file stays\n", "{}", seen.told());
}

#[test]
fn a_secret_that_a_task_may_not_read_keeps_it_from_starting() {
    let with = |action: &str, vault: Value| {
        let mut task = line("first", &Value::Null, "echo seen: has $KEY");
        task["Templates"] =
            json!([{"DestPath": "secrets/x", "Envvars": true, "EmbeddedTmpl": format!("KEY={action}\n")}]);
        if !vault.is_null() {
            task["Vault"] = vault;
        }
        job(&[task])
    };
    let of_nomad =
        |path: &str| format!("{{{{ with nomadVar \"{path}\" }}}}{{{{ .key.Value | toJSON }}}}{{{{ end }}}}");
    let of_vault = "{{ with secret \"secret/data/x\" }}{{ .Data.data.key | toJSON }}{{ end }}";
    let (has, stays) = ("has 0123456789abcdef0123456789abcdef", "first does not start");
    for (job, wanted) in [
        (with(&of_nomad("nomad/jobs/orders"), Value::Null), has),
        (with(&of_nomad("nomad/jobs/orders/web/first"), Value::Null), has),
        (with(&of_nomad("nomad/jobs"), Value::Null), has),
        (with(&of_nomad("nomad/jobs/payments"), Value::Null), stays),
        (with(&of_nomad("team/datadog"), Value::Null), stays),
        (with(of_vault, json!({"Env": false})), has),
        (with(of_vault, Value::Null), stays),
        (with(&of_vault.replace("Data.data", "Data"), json!({"Env": false})), stays),
        (with("{{ host }}", Value::Null), stays),
    ] {
        let Some(seen) = started(&job) else { return };
        assert_eq!(missing(&seen.facts(), &[wanted]), [""; 0], "{job}\n{}", seen.told());
    }
}

#[test]
fn what_nomad_does_not_start_is_refused_with_its_reason() {
    for (place, value, reason) in [
        ("/Lifecycle", json!({}), "no lifecycle hook provided"),
        ("/Lifecycle", json!({"Hook": "before"}), "invalid hook: before"),
        ("/Config/volumes/0", json!("/proc:/host/proc"), "volumes are not enabled; cannot mount host paths"),
        ("/Templates/0/DestPath", Value::Null, "Must specify a destination for the template"),
        ("/Templates/0/EmbeddedTmpl", Value::Null, "Must specify a source path or have an embedded template"),
    ] {
        let mut task = line("first", &json!({"Hook": "prestart"}), "true");
        task["Templates"] = json!([{"DestPath": "local/one.yaml", "EmbeddedTmpl": "one\n"}]);
        *task.pointer_mut(place).unwrap() = value;
        assert_eq!(Task::from_nomad(&job(&[task])), Err(reason.to_owned()), "{place}");
    }
}
