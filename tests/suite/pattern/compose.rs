//! Documents of Compose for several settings, compared with `tests/golden/compose/`. `UPDATE_EXPECT=1` rewrites them.

use ddrofs::document::{Node, yaml};
use ddrofs::merge::Joining;
use ddrofs::merge::compose::{document_of, join};
use ddrofs::render;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Apm, Dogstatsd, HealthCheck, LogConfiguration, Probe, Settings, Store};
use ddrofs::rofs::workload::{Role, VolumeKind};
use ddrofs::rules::{DocumentKind, Severity};

use super::{assert_sound, every_recorded, golden, map, shown};
use crate::scenarios::{self, everything, key, ports_in_place_of_sockets, unknown_parts};

/// What a user has to say at least.
fn minimal() -> Settings {
    scenarios::minimal(Platform::Compose)
}

fn document(settings: &Settings) -> Node {
    render::of(settings.platform).document(&assemble(settings)).unwrap()
}

fn check(name: &str, settings: &Settings) {
    assert_sound(name, settings);
    golden("compose", &format!("{name}.yaml"), &yaml::write(&document(settings), &[]).unwrap());
}

#[test]
fn what_every_platform_has_on_record() {
    every_recorded(Platform::Compose, check);
}

#[test]
fn everything_set() {
    check(
        "everything",
        &Settings {
            secrets: map(&[("DD_APP_KEY", "MY_APP_KEY")]),
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
fn a_key_from_a_file() {
    check("api_key_secret", &Settings { api_key: Some(key(Store::File)), ..minimal() });
}

#[test]
fn an_agent_of_another_name_is_called_by_it() {
    let settings = Settings { container_name: "dd".to_owned(), ..minimal() };
    check("ports_of_another_name", &ports_in_place_of_sockets(settings));
}

#[test]
fn texts_that_compose_would_read_otherwise() {
    check(
        "literal",
        &Settings {
            environment: map(&[
                ("A", "$HOME ${B:-c} $$"),
                ("NO", "no"),
                ("NUMBER", "012"),
                ("COLON", "a: b # c"),
            ]),
            health_check: Some(HealthCheck {
                probe: Probe::Program(vec!["sh".to_owned(), "-c".to_owned(), "test $X".to_owned()]),
                ..HealthCheck::default()
            }),
            ..minimal()
        },
    );
}

/// The user's own document with the Agent in it.
fn check_joined(name: &str, settings: &Settings, services: &str) {
    let Ok(given) = yaml::read(services) else { panic!("{services}") };
    let workload = assemble(settings);
    let joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: [("web".to_owned(), vec!["/tmp".to_owned()])].into(),
        tmpfs_size: None,
    };
    let joined = join(document_of(given.node).unwrap(), &joining).unwrap();
    assert_eq!(joined.collisions, []);
    golden(
        "compose",
        &format!("{name}.yaml"),
        &yaml::write(&joined.document, &["name", "services"]).unwrap(),
    );
    let text = yaml::write(&joined.document, &[]).unwrap();
    let Ok(again) = yaml::read(&text) else { panic!("{text}") };
    assert_eq!(join(document_of(again.node).unwrap(), &joining).unwrap().document, joined.document);
}

#[test]
fn a_document_of_the_users_with_every_form() {
    let services = "\
name: shop
x-defaults: &defaults # comments and anchors go
  restart: always
services:
  web:
    <<: *defaults
    image: example.com/web:1.2.3
    environment: [A=1, 'B=\"quoted\"', DD_ENV=own]
    depends_on: [database]
    volumes: ['data:/data', {type: bind, source: ./conf, target: /conf, read_only: true}]
    ports: ['8080:80', {target: 443, published: '8443'}]
  database:
    image: postgres:17.2
    environment: {POSTGRES_PASSWORD: '${PASSWORD:?}', NUMBER: 017}
    networks: {back: {aliases: [db]}}
networks: {back: {internal: true}}
volumes: {data: {}}
";
    let settings = Settings { env: Some("prod".into()), wait_until_healthy: true, ..minimal() };
    check_joined("services", &settings, services);
}

#[test]
fn services_that_call_the_agent_by_its_name() {
    let settings = Settings {
        apm: Apm { socket: false, ..Apm::default() },
        dogstatsd: Dogstatsd { socket: false, ..Dogstatsd::default() },
        ..minimal()
    };
    check_joined(
        "services_by_name",
        &settings,
        "web:\n  image: example.com/web:1.2.3\n  networks: [front]\n",
    );
}

#[test]
fn parts_known_only_at_apply() {
    let document = document(&unknown_parts(minimal()));
    assert!(yaml::write(&document, &[]).is_err());
    let text = serde_json::to_string_pretty(&shown(&document)).unwrap() + "\n";
    golden("compose", "unknown_parts.json", &text);
}

#[test]
fn every_root_is_read_only_and_every_variable_of_a_text_is_the_machines() {
    let node = document(&minimal());
    let Node::Object(services) = node.get("services") else { panic!("services are a mapping") };
    assert_eq!(services.len(), 2);
    for (name, service) in services.iter() {
        assert_eq!(service.get("read_only").as_bool(), Some(true), "{name}");
    }
    let agent = services.get("datadog-agent").unwrap();
    let key = agent.get("environment").get("DD_API_KEY").as_str().unwrap();
    assert!(key.starts_with("${DD_API_KEY:?"), "{key}");
    let script = services.get("datadog-init").unwrap().get("command").items()[2].as_str().unwrap();
    assert!(!script.replace("$$", "").contains('$'), "{script}");
}

#[test]
fn what_is_written_is_read_as_the_same_and_no_rule_has_anything_to_say() {
    let user = Settings { user: Some("100".into()), ..minimal() };
    let file = Settings { api_key: Some(key(Store::File)), file_logging: true, ..minimal() };
    let without_flares = Settings { flares: false, ..minimal() };
    // Whether user 100 may use the machine's socket is the machine's to say.
    let of_the_user = "docker-socket-not-readable services.datadog-agent.user".to_owned();
    for (settings, expected) in
        [(minimal(), vec![]), (user, vec![of_the_user]), (file, vec![]), (without_flares, vec![])]
    {
        let document = document(&settings);
        let text = yaml::write(&document, &[]).unwrap();
        let Ok(read) = yaml::read(&text) else { panic!("{text}") };
        assert_eq!(read.node, document);
        let findings =
            ddrofs::rules::judge_document(DocumentKind::Compose, &document, Some(&settings)).findings;
        let worth_a_word = findings.iter().filter(|finding| finding.severity <= Severity::Warning);
        let told: Vec<String> = worth_a_word.map(|one| format!("{} {}", one.rule, one.path)).collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn what_a_platform_has_no_words_for_is_refused() {
    let refused = |platform, kind| {
        let mut workload = assemble(&Settings { platform, ..minimal() });
        workload.volumes[0].kind = kind;
        render::of(platform).document(&workload).err().map(|refused| refused.to_string())
    };
    let fargate = Platform::default();
    for (platform, kind, is_refused) in [
        (Platform::Compose, VolumeKind::Empty, true),
        (Platform::Compose, VolumeKind::Configuration, true),
        (Platform::Compose, VolumeKind::Tmpfs, false),
        (Platform::Compose, VolumeKind::HostPath("/x"), false),
        (fargate, VolumeKind::Empty, false),
        (fargate, VolumeKind::HostPath("/x"), false),
        (fargate, VolumeKind::Tmpfs, true),
        (fargate, VolumeKind::Named, true),
        (fargate, VolumeKind::Configuration, true),
    ] {
        let said = refused(platform, kind);
        assert_eq!(said.is_some(), is_refused, "{platform:?} {kind:?}");
        assert!(said.is_none_or(|said| said.contains("volume datadog-config is ")));
    }
    // A workload that was made for another platform.
    for (change, said) in [(true, "as a file"), (false, "processes of the machine")] {
        let mut workload = assemble(&Settings { platform: fargate, ..minimal() });
        let agent = workload.containers.iter_mut().find(|one| one.role == Role::Agent).unwrap();
        if change {
            agent.secret_files.push("key".into());
        } else {
            agent.sees_the_machines_processes = true;
        }
        let refused = render::of(fargate).document(&workload).unwrap_err().to_string();
        assert!(refused.contains(said) && refused.contains("datadog-agent"), "{refused}");
    }
}
