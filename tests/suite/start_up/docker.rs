//! Scripts for Docker's command line, made out of settings, run by `sh` against a docker that only records, and then started as it was
//! told.

use std::collections::BTreeMap;
use std::sync::Mutex;

use ddrofs::document::to_json;
use ddrofs::ecs::digest;
use ddrofs::render::{self, docker};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::Settings;
use serde_json::{Value, json};

use super::mutilations::{Mutilation, of_a_command, shared_word, take_apart};
use super::sandbox::{Task, docker_options as options_of, means};
use super::starts::every_variant_starts;
use super::{APPLICATION, Runtime, Variant, compose, consequences, run};
use crate::docker_machine::Machine;
use crate::scenarios;

/// Docker.
pub(super) const RUNTIME: Runtime = Runtime {
    platform: Platform::Docker,
    back: |plain| {
        let key = scenarios::key_in_the_file("/etc/datadog/api_key");
        vec![Variant::of("an API key in a file", Settings { api_key: Some(key), ..plain })]
    },
    document,
    task: |variant, document| Ok(compose::upgraded(variant, Task::from_docker(document))),
    parts: of_calls,
    rows: consequences::docker::ROWS,
    ..compose::RUNTIME
};

/// What the script and a line for an application tell Docker: the calls of `docker run`, and whose health was waited for before each.
fn document(settings: &Settings) -> Value {
    let workload = assemble(settings);
    let document = render::of(settings.platform).document(&workload).unwrap();
    let script = docker::commands(&document, &digest(&to_json(&document).unwrap())).unwrap();
    let options = docker::options(&docker::wiring(&workload)).join(" ");
    let application = format!(
        "docker pull {APPLICATION}\ndocker run --detach --name app --read-only {options} {APPLICATION} >/dev/null\n"
    );
    let script = format!("{script}{application}");
    // Whoever takes things apart asks for the same again and again.
    let mut told = TOLD.lock().expect("no script failed");
    let number = told.len();
    told.entry(script).or_insert_with_key(|script| calls(script, number)).clone()
}

/// What scripts told Docker.
static TOLD: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

fn calls(script: &str, number: usize) -> Value {
    let machine = Machine::new(&format!("start-up-{number}"));
    let output = machine.run(script, &[("DD_API_KEY", "x")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut runs, mut healthy) = (Vec::new(), Vec::new());
    for call in machine.calls() {
        if call[0] == "run" {
            runs.push(json!({"args": call, "healthy": std::mem::take(&mut healthy)}));
        } else if call.iter().any(|word| word.contains(".State.Health.")) {
            healthy.extend(call.last().cloned());
        }
    }
    json!({ "runs": runs })
}

/// What every platform has, by the words of the tables.
const WORDS: [(&str, &str); 5] = [
    ("publish", "ports"),
    ("read-only", "read-only root"),
    ("memory-reservation", "memory reservation"),
    ("stop-timeout", "stop timeout"),
    ("no-healthcheck", "health check"),
];

/// Every option of every container that Docker is told to run, and every wait of the script, taken away alone.
fn of_calls(document: &Value) -> Vec<Mutilation> {
    let mut mutilations = Vec::new();
    for (index, run) in document["runs"].as_array().expect("calls").iter().enumerate() {
        let args: Vec<String> = serde_json::from_value(run["args"].clone()).expect("arguments");
        let (options, image) = options_of(&args);
        let name = options.iter().find(|(option, _)| option == "name").map_or("", |(_, name)| name.as_str());
        let mut add = |part: String, options: &[(String, String)], image: &[String]| {
            let mut document = document.clone();
            document["runs"][index]["args"] = call(options, image).into();
            mutilations.push(Mutilation { part, document });
        };
        let is_of_health = |option: &(String, String)| option.0.starts_with("health-");
        for (at, (option, value)) in options.iter().enumerate().filter(|(_, one)| !is_of_health(one)) {
            let rest = [&options[..at], &options[at + 1..]].concat();
            let with = |value: String| {
                let mut options = options.clone();
                options[at].1 = value;
                options
            };
            let part = match option.as_str() {
                "name" | "detach" => continue,
                "rm" => {
                    let mut beside = options.clone();
                    beside[at].0 = "detach".to_owned();
                    add("datadog-agent: waits for datadog-init".to_owned(), &beside, image);
                    continue;
                }
                "env" => format!("environment {}", value.split('=').next().unwrap_or_default()),
                "mount" => {
                    let path = value.split("target=").nth(1).and_then(|rest| rest.split(',').next());
                    let path = path.unwrap_or_default().trim_end_matches('/');
                    if let Some(writable) = value.strip_suffix(",readonly") {
                        add(format!("{name}: read-only {path}"), &with(writable.to_owned()), image);
                    }
                    format!("mount {path}")
                }
                "tmpfs" => {
                    let path = value.trim_end_matches(":exec");
                    add(format!("{name}: exec {path}"), &with(path.to_owned()), image);
                    format!("mount {path}")
                }
                other => shared_word(&WORDS, other).to_owned(),
            };
            add(format!("{name}: {part}"), &rest, image);
        }
        if options.iter().any(is_of_health) {
            let rest: Vec<_> = options.iter().filter(|option| !is_of_health(option)).cloned().collect();
            add(format!("{name}: health check"), &rest, image);
        }
        if image.len() > 1 {
            let words: Vec<Value> = image[1..].iter().map(|word| word.as_str().into()).collect();
            for (part, command) in of_a_command(&words.into()) {
                let command: Vec<String> = serde_json::from_value(command).expect("words");
                add(format!("{name}: {part}"), &options, &[&image[..1], &command].concat());
            }
        }
        for waited in run["healthy"].as_array().into_iter().flatten() {
            let mut document = document.clone();
            document["runs"][index]["healthy"] = json!([]);
            let waited = waited.as_str().expect("a name");
            mutilations.push(Mutilation { part: format!("{name}: waits for {waited}"), document });
        }
    }
    mutilations
}

fn call(options: &[(String, String)], image: &[String]) -> Vec<String> {
    let options = options.iter().flat_map(|(name, value)| {
        let value = (!value.is_empty()).then(|| value.clone());
        [format!("--{name}")].into_iter().chain(value)
    });
    ["run".to_owned()].into_iter().chain(options).chain(image.iter().cloned()).collect()
}

#[test]
fn every_variant_for_docker_starts() {
    every_variant_starts(&RUNTIME);
}

#[test]
fn every_part_of_every_variant_for_docker_has_its_consequence() {
    take_apart(&RUNTIME);
}

/// The published guide's way, without what makes it work on a root that is read-only.
#[test]
fn without_its_volumes_the_same_agent_does_not_start_on_docker() {
    let Some(means) = means() else { return };
    let mut document = document(&scenarios::minimal(Platform::Docker));
    let args = document["runs"][1]["args"].as_array_mut().unwrap();
    while let Some(at) = args.iter().position(|word| word.as_str().unwrap().starts_with("type=volume,")) {
        args.drain(at - 1..=at);
    }
    let seen = run(&Task::from_docker(&document), means);
    assert_eq!(seen.of("datadog-agent").ended, Some(1), "{}", seen.told());
    assert!(seen.of("datadog-agent").log.contains("51-docker.sh: exited 1."), "{}", seen.told());
}
