//! Rendered documents of several settings, compared with `tests/golden/ecs/`. `UPDATE_EXPECT=1` rewrites them.

use std::path::Path;

use ddrofs::document::Node;
use ddrofs::render::ecs;
use ddrofs::rofs::assemble;
use ddrofs::rofs::settings::{Apm, Dogstatsd, RestartPolicy, Secret, Seeding, Settings, Text};
use serde_json::json;

use super::{awslogs, map, minimal, shown};

fn check(name: &str, settings: &Settings) {
    assert_eq!(ddrofs::rofs::problems(settings), [], "a golden document has sound settings");
    let workload = assemble(settings);
    let document = json!({
        "containerDefinitions": shown(&Node::Array(ecs::container_definitions(&workload))),
        "volumes": shown(&Node::Array(ecs::volumes(&workload).unwrap())),
        "wiring": shown(&ecs::wiring(&workload.wiring)),
        "executionRolePolicy": shown(&ecs::execution_role_policy(settings)),
        "taskRolePolicy": shown(&ecs::task_role_policy()),
    });
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ecs").join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
    expect_test::expect_file![file].assert_eq(&text);
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
            api_key: Some(Secret::parameter("arn:aws:ssm:eu-west-1:123456789012:parameter/dd/key".into())),
            repository_credentials: Some(
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf".into(),
            ),
            site: Some("datadoghq.eu".into()),
            service: Some("orders".into()),
            env: Some("prod".into()),
            version: Some("1.2.3".into()),
            tags: map(&[("team", "shop"), ("cost", "42")]),
            cluster_name: Some("main".into()),
            docker_labels: map(&[("owner", "platform")]),
            environment: map(&[("DD_LOG_FORMAT_JSON", "true"), ("DD_PROXY_HTTPS", "http://proxy:3128")]),
            secrets: map(&[(
                "DD_APP_KEY",
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf:key::",
            )]),
            log_level: Some("warn".into()),
            checks_cardinality: Some("orchestrator".into()),
            cpu: Some(128),
            memory: Some(512),
            memory_reservation: Some(384),
            essential: false,
            wait_until_healthy: true,
            user: Some("100".into()),
            restart_policy: Some(RestartPolicy {
                enabled: true,
                ignored_exit_codes: vec![0],
                restart_attempt_period: Some(60),
            }),
            file_logging: true,
            apm: Apm {
                port: Some(8126),
                profiling: Some(true),
                data_streams: Some(true),
                trace_inferred_proxy_services: Some(false),
                ..Apm::default()
            },
            dogstatsd: Dogstatsd {
                port: Some(8125),
                origin_detection: Some(true),
                cardinality: Some("high".into()),
                ..Dogstatsd::default()
            },
            log_configuration: awslogs(&[
                ("awslogs-group", "/ecs/orders"),
                ("awslogs-region", "eu-west-1"),
                ("awslogs-stream-prefix", "datadog"),
                ("awslogs-create-group", "true"),
            ]),
            ..Settings::default()
        },
    );
}

#[test]
fn no_flares() {
    check("no_flares", &Settings { flares: false, ..minimal() });
}

#[test]
fn file_logging() {
    check("file_logging", &Settings { file_logging: true, ..minimal() });
}

#[test]
fn ports_in_place_of_sockets() {
    check(
        "ports",
        &Settings {
            apm: Apm { socket: false, port: Some(8126), ..Apm::default() },
            dogstatsd: Dogstatsd { socket: false, port: Some(8125), ..Dogstatsd::default() },
            health_check: None,
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
fn digest_in_a_private_registry_of_another_partition() {
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let image = format!("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/agent@{digest}");
    check(
        "digest",
        &Settings {
            image: image.into(),
            image_version: Some("7.81.1".to_owned()),
            api_key: Some(Secret::stored(
                "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:dd-AbCdEf".into(),
            )),
            log_configuration: awslogs(&[("awslogs-group", "/ecs/x"), ("awslogs-region", "cn-north-1")]),
            ..Settings::default()
        },
    );
}

#[test]
fn parts_known_only_at_apply() {
    let mut environment = map(&[("A", "a")]);
    environment.insert("B".to_owned(), Text::Unknown);
    let mut tags = map(&[("team", "shop")]);
    tags.insert("zone".to_owned(), Text::Unknown);
    check(
        "unknown_parts",
        &Settings {
            api_key: Some(Secret::stored(Text::Unknown)),
            service: Some(Text::Unknown),
            environment,
            tags,
            ..Settings::default()
        },
    );
}

#[test]
fn config_files_beside_those_of_the_image() {
    check(
        "config_files",
        &Settings {
            config_files: map(&[
                ("conf.d/redisdb.d/conf.yaml", "init_config:\ninstances:\n  - host: redis\n    port: 6379\n"),
                ("checks.d/queue.py", "from datadog_checks.base import AgentCheck\n"),
                ("./datadog.yaml", "jmx_use_container_support: true\n"),
            ]),
            ..minimal()
        },
    );
}

#[test]
fn config_files_handed_over_to_an_agent_that_is_not_root() {
    check(
        "config_files_user",
        &Settings {
            user: Some("dd-agent".into()),
            file_logging: true,
            config_files: map(&[(
                "conf.d/http_check.d/conf.yaml",
                "instances:\n  - url: http://localhost\n",
            )]),
            ..minimal()
        },
    );
}

#[test]
fn config_files_known_only_at_apply() {
    let mut config_files = map(&[("conf.d/redisdb.d/conf.yaml", "instances:\n  - host: redis\n")]);
    config_files.insert("conf.d/postgres.d/conf.yaml".to_owned(), Text::Unknown);
    check("config_files_unknown", &Settings { config_files, ..minimal() });
}

#[test]
fn config_files_with_names_that_need_quotes_and_meet_in_a_variable() {
    check(
        "config_files_names",
        &Settings {
            config_files: map(&[
                ("conf.d/a-b.yaml", "# first"),
                ("conf.d/a_b.yaml", "# second"),
                ("checks.d/it's \"$(mine)\".py", "# third"),
                ("conf.d//\u{e9}.d/./conf.yaml", "# \"fourth\"\n\t'\\\u{20ac}"),
            ]),
            ..minimal()
        },
    );
}

#[test]
fn an_image_that_declares_its_volumes() {
    check(
        "image_volumes",
        &Settings {
            image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent-with-volumes:1".into(),
            image_version: Some("7.81.1".to_owned()),
            user: Some("100".into()),
            seeding: Seeding::ImageVolumes,
            ..minimal()
        },
    );
}

#[test]
fn an_unknown_image_leaves_the_execution_role_open() {
    let policy = ecs::execution_role_policy(&Settings { image: Text::Unknown, ..minimal() });
    assert!(policy.get("Statement").is_unknown());
}

#[test]
fn a_policy_names_each_resource_once_and_none_too_many() {
    let secret = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:dd-AbCdEf";
    let settings = Settings {
        api_key: Some(Secret::stored(format!("{secret}:api_key::").into())),
        secrets: map(&[("A", secret), ("B", "plain-parameter")]),
        ..Settings::default()
    };
    let statements = shown(ecs::execution_role_policy(&settings).get("Statement"));
    assert_eq!(
        statements,
        json!([
            {
                "Sid": "ReadParameters", "Effect": "Allow", "Action": ["ssm:GetParameters"],
                "Resource": ["arn:aws-us-gov:ssm:*:*:parameter/plain-parameter"]
            },
            {
                "Sid": "ReadSecrets", "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"],
                "Resource": [secret]
            }
        ])
    );
}
