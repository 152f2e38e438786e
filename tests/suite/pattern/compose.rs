//! Documents of Compose for several settings, compared with `tests/golden/compose/`. `UPDATE_EXPECT=1` rewrites them.

use std::path::Path;

use ddrofs::document::{Node, yaml};
use ddrofs::merge::compose::{Joining, document_of, join};
use ddrofs::render;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{
    Apm, Dogstatsd, HealthCheck, LogConfiguration, Probe, RestartPolicy, Secret, Seeding, Settings, Store,
    Text,
};
use ddrofs::rofs::workload::{Role, VolumeKind};
use ddrofs::rules::{DocumentKind, Severity};

use super::{map, shown};

/// What a user has to say at least.
fn minimal() -> Settings {
    Settings {
        platform: Platform::Compose,
        api_key: Some(Secret { store: Store::Environment, reference: "DD_API_KEY".into() }),
        ..Settings::default()
    }
}

fn document(settings: &Settings) -> Node {
    render::of(settings.platform).document(&assemble(settings)).unwrap()
}

fn check(name: &str, settings: &Settings) {
    assert_eq!(ddrofs::rofs::problems(settings), [], "a golden document has sound settings");
    assert_eq!(render::of(settings.platform).problems(settings), []);
    golden(&format!("{name}.yaml"), &yaml::write(&document(settings), &[]).unwrap());
}

fn golden(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/compose").join(name);
    expect_test::expect_file![file].assert_eq(text);
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
            docker_labels: map(&[("owner", "platform")]),
            environment: map(&[("DD_LOG_FORMAT_JSON", "true"), ("DD_PROXY_HTTPS", "http://proxy:3128")]),
            secrets: map(&[("DD_APP_KEY", "MY_APP_KEY")]),
            log_level: Some("warn".into()),
            checks_cardinality: Some("orchestrator".into()),
            cpu: Some(128),
            memory: Some(512),
            memory_reservation: Some(384),
            wait_until_healthy: true,
            stop_timeout: Some(45),
            file_logging: true,
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
fn a_key_from_a_file() {
    check(
        "api_key_secret",
        &Settings {
            api_key: Some(Secret { store: Store::File, reference: "datadog_api_key".into() }),
            ..minimal()
        },
    );
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
fn listeners_off() {
    check(
        "listeners_off",
        &Settings {
            apm: Apm { enabled: false, ..Apm::default() },
            dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
            ..minimal()
        },
    );
}

#[test]
fn no_flares_no_restart_and_no_health_check() {
    check(
        "bare",
        &Settings {
            flares: false,
            stop_timeout: None,
            health_check: None,
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
        ("conf.d/redisdb.d/conf.yaml", "instances:\n  - host: $REDIS\n"),
        ("checks.d/it's mine.py", "# first\n"),
    ]);
    check("config_files", &Settings { config_files: files, ..minimal() });
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

#[test]
fn an_image_that_needs_no_init_service() {
    check("image_volumes", &Settings { seeding: Seeding::ImageVolumes, ..minimal() });
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
    golden(&format!("{name}.yaml"), &yaml::write(&joined.document, &["name", "services"]).unwrap());
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
    let mut environment = map(&[("A", "a")]);
    environment.insert("B".to_owned(), Text::Unknown);
    let document = document(&Settings { service: Some(Text::Unknown), environment, ..minimal() });
    assert!(yaml::write(&document, &[]).is_err());
    golden("unknown_parts.json", &(serde_json::to_string_pretty(&shown(&document)).unwrap() + "\n"));
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
    let file = Settings {
        api_key: Some(Secret { store: Store::File, reference: "datadog_api_key".into() }),
        file_logging: true,
        ..minimal()
    };
    for settings in [minimal(), user, file, Settings { flares: false, ..minimal() }] {
        let document = document(&settings);
        let text = yaml::write(&document, &[]).unwrap();
        let Ok(read) = yaml::read(&text) else { panic!("{text}") };
        assert_eq!(read.node, document);
        let findings =
            ddrofs::rules::judge_document(DocumentKind::Compose, &document, Some(&settings)).findings;
        let worth_a_word = findings.iter().filter(|finding| finding.severity <= Severity::Warning);
        let told: Vec<String> = worth_a_word.map(|one| format!("{} {}", one.rule, one.path)).collect();
        assert_eq!(told, [""; 0]);
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
