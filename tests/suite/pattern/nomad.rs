//! Jobs of Nomad for several settings, compared with `tests/golden/nomad/`. `UPDATE_EXPECT=1` rewrites them.

use std::collections::BTreeSet;

use ddrofs::document::{Node, hcl, to_json_pretty};
use ddrofs::merge::Joining;
use ddrofs::merge::nomad::join;
use ddrofs::nomad::{LAYOUT, is_left_for_the_client, job_of_api};
use ddrofs::render;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{HealthCheck, LogConfiguration, Probe, Secret, Settings, Text};
use ddrofs::rofs::workload::VolumeKind;
use ddrofs::rules::{DocumentKind, judge_document};
use proptest::prelude::*;

use super::{assert_sound, every_recorded, golden, shown};
use crate::scenarios::{self, everything, map, ports_in_place_of_sockets, unknown_parts};

/// What a user has to say at least. There is no health check unless somebody asks for one, because it needs Consul.
fn minimal() -> Settings {
    Settings { health_check: None, ..scenarios::minimal(Platform::Nomad) }
}

fn document(settings: &Settings) -> Node {
    render::of(settings.platform).document(&assemble(settings)).unwrap()
}

/// The job in both forms, the first of which is read again as it is.
fn check(name: &str, settings: &Settings) {
    assert_sound(name, settings);
    let document = document(settings);
    let text = hcl::write(&document, &LAYOUT).unwrap();
    golden("nomad", &format!("{name}.hcl"), &text);
    assert_eq!(hcl::read(&text, is_left_for_the_client).unwrap().node, document);
    let job = job_of_api(&document.get("job").items()[0]).unwrap();
    golden("nomad", &format!("{name}.json"), &(to_json_pretty(&job).unwrap() + "\n"));
}

/// What every platform has on record and Nomad refuses.
const REFUSED: [(&str, &str); 2] = [("waits", "wait_until_healthy"), ("image_volumes", "seeding")];

#[test]
fn what_every_platform_has_on_record() {
    every_recorded(Platform::Nomad, |name, settings| {
        let settings = Settings { health_check: None, ..settings.clone() };
        match REFUSED.iter().find(|(refused, _)| *refused == name) {
            None => check(name, &settings),
            Some((_, setting)) => {
                let told = render::of(Platform::Nomad).problems(&settings);
                assert!(told.iter().any(|problem| problem.setting == *setting), "{name}: {told:?}");
            }
        }
    });
}

#[test]
fn everything_set() {
    check(
        "everything",
        &Settings {
            docker_labels: map(&[("owner", "platform"), ("com.example/x", "${node.class}")]),
            secrets: map(&[("DD_APP_KEY", "nomad/jobs/datadog-agent#app_key")]),
            wait_until_healthy: false,
            health_check: Some(HealthCheck::default()),
            log_configuration: Some(LogConfiguration {
                log_driver: "json-file".into(),
                options: map(&[("max-size", "10m"), ("max-file", "3")]),
                secret_options: map(&[]),
            }),
            ..everything(minimal())
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
fn an_agent_of_another_name_is_called_by_it() {
    // A job of its own is called after the Agent, and so is the variable that it may read.
    let api_key = Some(Secret::stored("nomad/jobs/dd".into()));
    let settings = Settings { container_name: "dd".to_owned(), api_key, ..minimal() };
    check("ports_of_another_name", &ports_in_place_of_sockets(settings));
}

#[test]
fn config_files_with_what_a_template_would_read_otherwise() {
    let files = map(&[
        ("conf.d/redisdb.d/conf.yaml", "instances:\n  - host: ${REDIS} %{x}\n"),
        ("conf.d/x.d/conf.yaml", "a: '{{ env \"HOME\" }} [[[ %%host%%'\n"),
    ]);
    check("config_files_of_templates", &Settings { config_files: files, ..minimal() });
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
            docker_labels: map(&[("sale", "50 %{ off } ${NOMAD_ALLOC_ID}")]),
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
    let api_key = Some(Secret::stored(Text::Unknown));
    let document = document(&Settings { api_key, ..unknown_parts(minimal()) });
    assert!(hcl::write(&document, &LAYOUT).is_err());
    golden("nomad", "unknown_parts.json", &(serde_json::to_string_pretty(&shown(&document)).unwrap() + "\n"));
}

#[test]
fn no_rule_has_anything_to_say_of_what_is_written() {
    let user = Settings { user: Some("100:0".into()), file_logging: true, ..minimal() };
    let vault = Settings { api_key: Some(Secret::stored("secret/data/datadog".into())), ..minimal() };
    for settings in [minimal(), user, vault, ports_in_place_of_sockets(minimal())] {
        let judgement = judge_document(DocumentKind::Nomad, &document(&settings), Some(&settings));
        assert_eq!(judgement.findings, []);
    }
    // The key of another job's variable is told, in a job of the user's.
    let job = "job \"shop\" {\n  group \"web\" {\n    task \"app\" {\n      driver = \"docker\"\n      config {\n        image = \"shop:1.0.0\"\n      }\n    }\n  }\n}\n";
    let given = hcl::read(job, is_left_for_the_client).unwrap();
    let settings = minimal();
    let workload = assemble(&settings);
    let joining = Joining {
        settings: &settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let joined = join(&given.node, &joining, None).unwrap();
    let mut written = given.node.clone();
    joined.changes.iter().for_each(|change| change.apply(&mut written));
    let text = given.changed(&joined.changes, &LAYOUT).unwrap();
    assert_eq!(
        hcl::read(&text, is_left_for_the_client).unwrap().node,
        written,
        "the tree says what the text does"
    );
    let told = judge_document(DocumentKind::Nomad, &written, Some(&settings)).findings;
    assert_eq!(told.iter().map(|one| one.rule).collect::<Vec<_>>(), ["nomad-variable-of-another-job"]);
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
