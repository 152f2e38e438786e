//! Jobs of Nomad for several settings, compared with `tests/golden/nomad/`. `UPDATE_EXPECT=1` rewrites them.

use std::collections::BTreeSet;

use ddrofs::document::{Node, hcl, to_json_pretty};
use ddrofs::merge::Joining;
use ddrofs::merge::nomad::join;
use ddrofs::nomad::{LAYOUT, is_left_for_the_client, job_of_api};
use ddrofs::render;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{
    Apm, Dogstatsd, HealthCheck, LogConfiguration, Probe, RestartPolicy, Secret, Settings, Text,
};
use ddrofs::rofs::workload::VolumeKind;
use proptest::prelude::*;

use super::{golden, shown};
use crate::scenarios::map;

/// What a user has to say at least.
fn minimal() -> Settings {
    Settings {
        platform: Platform::Nomad,
        api_key: Some(Secret::stored("nomad/jobs/datadog-agent".into())),
        health_check: None,
        ..Settings::default()
    }
}

fn document(settings: &Settings) -> Node {
    render::of(settings.platform).document(&assemble(settings)).unwrap()
}

/// The job in both forms, the first of which is read again as it is.
fn check(name: &str, settings: &Settings) {
    assert_eq!(ddrofs::rofs::problems(settings), [], "a golden document has sound settings");
    assert_eq!(render::of(settings.platform).problems(settings), []);
    let document = document(settings);
    let text = hcl::write(&document, &LAYOUT).unwrap();
    golden("nomad", &format!("{name}.hcl"), &text);
    assert_eq!(hcl::read(&text, is_left_for_the_client).unwrap().node, document);
    let job = job_of_api(&document.get("job").items()[0]).unwrap();
    golden("nomad", &format!("{name}.json"), &(to_json_pretty(&job).unwrap() + "\n"));
}

#[test]
fn minimal_settings() {
    check("minimal", &minimal());
}

#[test]
fn everything_set() {
    check(
        "everything",
        &Settings {
            site: Some("datadoghq.eu".into()),
            service: Some("orders".into()),
            env: Some("prod".into()),
            version: Some("1.2.3".into()),
            tags: map(&[("team", "shop"), ("cost", "42")]),
            cluster_name: Some("main".into()),
            docker_labels: map(&[("owner", "platform"), ("com.example/x", "${node.class}")]),
            environment: map(&[("DD_LOG_FORMAT_JSON", "true"), ("DD_PROXY_HTTPS", "http://proxy:3128")]),
            secrets: map(&[("DD_APP_KEY", "nomad/jobs/datadog-agent#app_key")]),
            log_level: Some("warn".into()),
            checks_cardinality: Some("orchestrator".into()),
            cpu: Some(300),
            memory: Some(512),
            memory_reservation: Some(384),
            stop_timeout: Some(45),
            file_logging: true,
            health_check: Some(HealthCheck::default()),
            apm: Apm { port: Some(8126), profiling: Some(true), ..Apm::default() },
            dogstatsd: Dogstatsd { port: Some(8125), origin_detection: Some(true), ..Dogstatsd::default() },
            log_configuration: Some(LogConfiguration {
                log_driver: "json-file".into(),
                options: map(&[("max-size", "10m"), ("max-file", "3")]),
                secret_options: map(&[]),
            }),
            ..minimal()
        },
    );
}

#[test]
fn a_key_from_vault() {
    let secrets = map(&[("DD_APP_KEY", "kv/team/datadog#app_key")]);
    let key = Secret::stored("secret/data/datadog#key".into());
    check("vault", &Settings { api_key: Some(key), secrets, ..minimal() });
}

#[test]
fn ports_in_place_of_sockets() {
    check(
        "ports",
        &Settings {
            container_name: "dd".to_owned(),
            apm: Apm { socket: false, port: Some(9126), ..Apm::default() },
            dogstatsd: Dogstatsd { socket: false, ..Dogstatsd::default() },
            ..minimal()
        },
    );
}

#[test]
fn no_flares_no_restart_and_listeners_off() {
    check(
        "bare",
        &Settings {
            flares: false,
            stop_timeout: None,
            apm: Apm { enabled: false, ..Apm::default() },
            dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
            restart_policy: Some(RestartPolicy {
                enabled: false,
                ignored_exit_codes: Vec::new(),
                restart_attempt_period: None,
            }),
            ..minimal()
        },
    );
}

#[test]
fn an_agent_that_is_not_root() {
    check("user", &Settings { user: Some("100".into()), file_logging: true, ..minimal() });
}

#[test]
fn config_files_beside_those_of_the_image() {
    let files = map(&[
        ("conf.d/redisdb.d/conf.yaml", "instances:\n  - host: ${REDIS} %{x}\n"),
        ("conf.d/x.d/conf.yaml", "a: '{{ env \"HOME\" }} [[[ %%host%%'\n"),
    ]);
    check("config_files", &Settings { config_files: files, ..minimal() });
}

#[test]
fn texts_that_hcl_or_the_engine_would_read_otherwise() {
    check(
        "literal",
        &Settings {
            environment: map(&[
                ("A", "$HOME ${B} $${C} %{ if x }"),
                ("QUOTE", "a \"b\" \\ c"),
                ("LINES", "a\nb\tc"),
            ]),
            health_check: Some(HealthCheck {
                probe: Probe::Shell("agent health && test $X".to_owned()),
                ..HealthCheck::default()
            }),
            ..minimal()
        },
    );
}

#[test]
fn parts_known_only_at_apply() {
    let mut environment = map(&[("A", "a")]);
    environment.insert("B".to_owned(), Text::Unknown);
    let api_key = Some(Secret::stored(Text::Unknown));
    let document = document(&Settings { service: Some(Text::Unknown), environment, api_key, ..minimal() });
    assert!(hcl::write(&document, &LAYOUT).is_err());
    golden("nomad", "unknown_parts.json", &(serde_json::to_string_pretty(&shown(&document)).unwrap() + "\n"));
}

#[test]
fn what_nomad_has_no_words_for_is_refused() {
    for (kind, is_refused) in [
        (VolumeKind::Empty, false),
        (VolumeKind::Configuration, false),
        (VolumeKind::Named, true),
        (VolumeKind::Tmpfs, true),
        (VolumeKind::HostPath("/x"), true),
    ] {
        let mut workload = assemble(&minimal());
        workload.volumes[0].kind = kind;
        let said = render::of(Platform::Nomad).document(&workload).err().map(|refused| refused.to_string());
        assert_eq!(said.is_some(), is_refused, "{kind:?}");
        assert!(said.is_none_or(|said| said.contains("volume datadog-config is ")));
    }
    for change in [0, 1] {
        let mut workload = assemble(&minimal());
        match change {
            0 => workload.containers[1].secret_files.push("key".into()),
            _ => workload.containers[1].sees_the_machines_processes = true,
        }
        assert!(render::of(Platform::Nomad).document(&workload).is_err());
    }
}

/// A task of somebody's: what it has of each, by the letters of a number.
fn made_task(name: &str, has: u16, tag: &str) -> String {
    let has = |bit: u16| has & (1 << bit) != 0;
    let mut text = format!(
        "    task \"{name}\" {{ # task {name}\n      driver = \"{}\"\n",
        if has(0) { "exec" } else { "docker" }
    );
    if has(1) {
        text.push_str("      lifecycle {\n        hook = \"prestart\"\n      }\n");
    }
    text.push_str("      config {\n        image = \"shop:${var.tag}\" // image\n");
    if has(2) {
        text.push_str("        readonly_rootfs = false\n");
    }
    if has(3) {
        text.push_str(
            "        volumes = [\n          \"local/x:/x\", # first\n          var.more,\n        ]\n",
        );
    }
    if has(4) {
        text.push_str("        labels {\n          own = \"label\"\n        }\n");
    }
    text.push_str("      }\n");
    match (has(5), has(6)) {
        (true, _) => text.push_str(&format!(
            "      env {{\n        DD_ENV = \"{tag}\"\n        A = upper(\"x\")\n      }}\n"
        )),
        (false, true) => text.push_str(&format!("      env = {{ DD_SERVICE = \"{tag}\", B = local.b }}\n")),
        (false, false) => {}
    }
    if has(7) {
        text.push_str("      meta { own = \"${NOMAD_JOB_NAME}\" }\n");
    }
    text + "    }\n"
}

/// Whether everything that `less` says is said by `more` too, in its place.
fn is_part_of(less: &Node, more: &Node) -> bool {
    match (less, more) {
        (Node::Object(less), Node::Object(more)) => less
            .iter()
            .all(|(key, value)| more.get(key.as_str()).is_some_and(|other| is_part_of(value, other))),
        (Node::Array(less), Node::Array(more)) => {
            less.len() <= more.len() && less.iter().zip(more).all(|(one, other)| is_part_of(one, other))
        }
        (less, more) => less == more,
    }
}

proptest! {
    #[test]
    fn a_job_loses_nothing_and_an_agent_that_is_there_is_not_added_again(
        kinds in prop::collection::vec((any::<u16>(), "[a-z]{0,4}"), 1..4),
        batch in any::<bool>(),
        wire in any::<bool>(),
        read_only in any::<bool>(),
    ) {
        let tasks: String =
            kinds.iter().enumerate().map(|(at, (has, tag))| made_task(&format!("t{at}"), *has, tag)).collect();
        let kind = if batch { "batch" } else { "service" };
        let text = format!("# head\njob \"shop\" {{\n  type = \"{kind}\"\n\n  group \"web\" {{\n{tasks}  }}\n}}\n");
        let settings = Settings { env: Some("prod".into()), service: Some("shop".into()), ..minimal() };
        let workload = assemble(&settings);
        let joining = Joining {
            settings: &settings,
            workload: &workload,
            wire,
            read_only,
            writable_paths: Default::default(),
            tmpfs_size: None,
        };
        let given = hcl::read(&text, is_left_for_the_client).unwrap();
        let joined = join(&given.node, &joining, None).unwrap();
        prop_assert_eq!(&joined.collisions, &[]);
        let written = given.changed(&joined.changes, &LAYOUT).unwrap();
        let again = hcl::read(&written, is_left_for_the_client).unwrap();
        prop_assert!(is_part_of(&given.node, &again.node), "{}", written);
        let comments = |text: &str| text.matches("# ").count() + text.matches("// ").count();
        prop_assert_eq!(comments(&written), comments(&text), "{}", written);
        let twice = join(&again.node, &joining, None).unwrap();
        prop_assert_eq!((twice.changes, twice.collisions), (Vec::new(), Vec::new()), "{}", written);
        let group = again.node.get("job").items()[0].get("shop").get("group").items()[0].get("web");
        let names: Vec<&String> = group.get("task").items().iter().filter_map(|task| match task {
            Node::Object(labelled) => labelled.keys().next(),
            _ => None,
        }).collect();
        prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), kinds.len() + 2);
    }
}
