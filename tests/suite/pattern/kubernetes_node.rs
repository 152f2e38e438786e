//! The Agent of a node, as objects of our own, as values of Datadog's chart and as its operator's resource, compared with
//! `tests/golden/kubernetes/`. `UPDATE_EXPECT=1` rewrites them.

use ddrofs::document::{Node, yaml};
use ddrofs::render::kubernetes::{self as words, Installation, Placing};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::{Apm, Dogstatsd, HealthCheck, Probe, Secret, Seeding, Settings, Text};

use super::{golden, map};

/// Keys that come first where they stand.
const FIRST: [&str; 4] = ["apiVersion", "kind", "metadata", "name"];

fn minimal() -> Settings {
    Settings {
        platform: Platform::Kubernetes(KubernetesKind { per_node: true, ..KubernetesKind::default() }),
        api_key: Some(Secret::stored("datadog-secret/api-key".into())),
        ..Settings::default()
    }
}

fn everything() -> Settings {
    let mut settings = Settings {
        image: "example.com/mirror/datadog/agent@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        image_version: Some("7.81.1".to_owned()),
        site: Some("datadoghq.eu".into()),
        service: Some("node-agent".into()),
        env: Some("prod".into()),
        version: Some("1.2.3".into()),
        tags: map(&[("team", "shop"), ("template", "{{host}}")]),
        cluster_name: Some("main".into()),
        environment: map(&[("DD_LOGS_ENABLED", "true"), ("DD_HEALTH_PORT", "5556"), ("DD_PROXY_HTTPS", "http://$(HOST):3128"), ("DD_EMPTY", "")]),
        secrets: map(&[("DD_APP_KEY", "datadog-secret/app-key")]),
        log_level: Some("debug".into()),
        checks_cardinality: Some("orchestrator".into()),
        cpu: Some(512),
        memory: Some(1024),
        memory_reservation: Some(512),
        stop_timeout: Some(60),
        health_check: Some(HealthCheck {
            probe: Probe::Program(vec!["agent".to_owned(), "health".to_owned()]),
            interval: 20,
            timeout: 10,
            retries: 5,
            start_period: 90,
        }),
        file_logging: true,
        config_files: map(&[
            ("conf.d/http_check.d/conf.yaml", "instances:\n  - url: \"http://{{ name }}\"\n"),
            ("checks.d/own.py", "print('{{ }}')\n"),
            ("datadog.yaml", "listeners:\n  - name: kubelet\n"),
        ]),
        apm: Apm { port: Some(8127), ..Apm::default() },
        dogstatsd: Dogstatsd {
            port: Some(8135),
            origin_detection: Some(true),
            cardinality: Some("high".into()),
            ..Dogstatsd::default()
        },
        ..minimal()
    };
    settings.written.add_here("health_check");
    settings
}

/// The settings of each golden document.
fn scenarios() -> Vec<(&'static str, Settings)> {
    vec![
        ("minimal", minimal()),
        ("everything", everything()),
        ("user_100", Settings { user: Some("100".into()), ..minimal() }),
        (
            "ports",
            Settings {
                apm: Apm { socket: false, ..Apm::default() },
                dogstatsd: Dogstatsd { socket: false, ..Dogstatsd::default() },
                ..minimal()
            },
        ),
        (
            "deaf",
            Settings {
                apm: Apm { enabled: false, ..Apm::default() },
                dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
                ..minimal()
            },
        ),
    ]
}

fn placing(settings: &Settings) -> Placing<'_> {
    let everywhere = Node::from([("operator", "Exists".into())]);
    Placing {
        name: &settings.container_name,
        namespace: "datadog",
        tolerations: vec![everywhere].into(),
        stop_timeout: settings.stop_timeout,
    }
}

fn values(settings: &Settings) -> Installation {
    words::values(settings, &assemble(settings), &placing(settings)).unwrap()
}

fn datadog_agent(settings: &Settings) -> Installation {
    words::datadog_agent(settings, &assemble(settings), &placing(settings)).unwrap()
}

fn text(objects: &[Node]) -> String {
    objects.iter().map(|object| yaml::write(object, &FIRST).unwrap()).collect::<Vec<_>>().join("---\n")
}

#[test]
fn the_agent_of_a_node_is_written_in_three_ways() {
    for (name, settings) in scenarios() {
        assert_eq!(ddrofs::rofs::problems(&settings), [], "{name}");
        let objects = words::daemon_set(&assemble(&settings), &placing(&settings)).unwrap();
        golden("kubernetes", &format!("node_{name}.yaml"), &text(&objects));
        golden("kubernetes", &format!("values_{name}.yaml"), &text(&[values(&settings).document]));
        golden(
            "kubernetes",
            &format!("datadog_agent_{name}.yaml"),
            &text(&[datadog_agent(&settings).document]),
        );
    }
}

/// The settings that an installation does not say.
fn unsaid(installation: Installation) -> Vec<&'static str> {
    for unsaid in &installation.unsaid {
        assert!(unsaid.instead.ends_with('.'), "{}", unsaid.instead);
    }
    installation.unsaid.iter().map(|unsaid| unsaid.setting).collect()
}

#[test]
fn what_the_chart_or_the_operator_cannot_say_is_told_and_all_else_is_said() {
    for (name, settings) in scenarios() {
        let user: &[&str] = if name == "user_100" { &["user"] } else { &[] };
        assert_eq!(unsaid(values(&settings)), user, "{name}");
        assert_eq!(unsaid(datadog_agent(&settings)), user, "{name}");
    }
    let other_entry = Settings { api_key: Some(Secret::stored("datadog/key".into())), ..minimal() };
    assert_eq!(unsaid(values(&other_entry)), ["api_key_secret"]);
    assert_eq!(unsaid(datadog_agent(&other_entry)), [""; 0]);
    let files = |files: &[(&str, &str)]| Settings { config_files: map(files), ..minimal() };
    for (path, content, of_the_chart, of_the_operator) in [
        ("conf.d/redisdb.d/conf.yaml", "instances: []", &[][..], &[][..]),
        ("conf.d/redisdb.yaml", "instances: []", &[], &[]),
        ("conf.d/redisdb.d/other.yaml", "instances: []", &["config_files"], &["config_files"]),
        ("conf.d/.d/conf.yaml", "instances: []", &["config_files"], &["config_files"]),
        ("compliance.d/rule.yaml", "a: 1", &["config_files"], &["config_files"]),
        ("checks.d/own.py", "", &[], &[]),
        // The chart has it as a mapping.
        ("datadog.yaml", "a: 1", &[], &[]),
        ("datadog.yaml", "- a", &["config_files"], &[]),
    ] {
        assert_eq!(unsaid(values(&files(&[(path, content)]))), of_the_chart, "{path}");
        assert_eq!(unsaid(datadog_agent(&files(&[(path, content)]))), of_the_operator, "{path}");
    }
    let twice =
        files(&[("conf.d/redisdb.d/conf.yaml", "instances: []"), ("conf.d/redisdb.yaml", "instances: []")]);
    assert_eq!(unsaid(values(&twice)), ["config_files"]);
    let mut written =
        Settings { flares: false, health_check: None, seeding: Seeding::ImageVolumes, ..minimal() };
    for setting in ["container_name", "init_container_name", "volume_prefix"] {
        written.written.add_here(setting);
    }
    let all = ["container_name", "flares", "health_check", "init_container_name", "seeding", "volume_prefix"];
    assert_eq!(unsaid(values(&written)), all);
    assert_eq!(unsaid(datadog_agent(&written)), all);
}

/// What the chart sets itself stands before what is said of a container, whichever reads it, and behind everything else.
#[test]
fn a_variable_that_the_chart_sets_too_is_said_of_every_container_of_the_agent() {
    let environment =
        map(&[("DD_APM_ENV", "prod"), ("DD_STRIP_PROCESS_ARGS", "true"), ("DD_PROXY_HTTPS", "http://proxy")]);
    let values = values(&Settings { environment, ..minimal() }).document;
    let all = values.get("datadog").get("envDict");
    assert_eq!(all.get("DD_PROXY_HTTPS").as_str(), Some("http://proxy"));
    for (name, value) in [("DD_APM_ENV", "prod"), ("DD_STRIP_PROCESS_ARGS", "true")] {
        assert!(all.get(name).is_null(), "{name}");
        for container in ["agent", "processAgent", "securityAgent", "systemProbe", "traceAgent"] {
            let said = values.get("agents").get("containers").get(container).get("envDict").get(name).clone();
            assert_eq!(said.as_str(), Some(value), "{name} of {container}");
        }
    }
}

/// The operator adds the last one by itself where service discovery is on, which it is from 7.78 of the Agent on.
#[test]
fn every_init_container_of_the_operator_has_a_read_only_root() {
    let resource = datadog_agent(&minimal()).document;
    let place = ["spec", "override", "nodeAgent", "containers"];
    let containers = place.iter().fold(&resource, |node, key| node.get(key));
    for name in ["init-config", "init-volume", "seccomp-setup"] {
        let root = containers.get(name).get("securityContext").get("readOnlyRootFilesystem");
        assert_eq!(root.as_bool(), Some(true), "{name}");
    }
}

#[test]
fn what_is_not_known_yet_is_unknown_in_its_place_and_nowhere_else() {
    let settings = Settings {
        image: Text::Unknown,
        api_key: Some(Secret::stored(Text::Unknown)),
        tags: [("team".to_owned(), Text::Unknown)].into(),
        config_files: [("datadog.yaml".to_owned(), Text::Unknown)].into(),
        ..minimal()
    };
    let values = values(&settings).document;
    let at = |node: &Node, place: &[&str]| place.iter().fold(node.clone(), |node, key| node.get(key).clone());
    for place in [
        &["agents", "customAgentConfig"][..],
        &["agents", "image", "repository"],
        &["datadog", "apiKeyExistingSecret"],
        &["datadog", "tags"],
    ] {
        assert!(at(&values, place).is_unknown(), "{place:?}");
    }
    assert_eq!(at(&values, &["datadog", "site"]).as_str(), Some("datadoghq.com"));
    let resource = datadog_agent(&settings).document;
    for place in [
        &["spec", "global", "credentials", "apiSecret", "secretName"][..],
        &["spec", "global", "tags"],
        &["spec", "override", "nodeAgent", "image", "name"],
        &["spec", "override", "nodeAgent", "customConfigurations", "datadog.yaml", "configData"],
    ] {
        assert!(at(&resource, place).is_unknown(), "{place:?}");
    }
    assert_eq!(at(&resource, &["kind"]).as_str(), Some("DatadogAgent"));
}
