//! Documents of ECS for several settings, compared with `tests/golden/ecs/`. `UPDATE_EXPECT=1` rewrites them.

use ddrofs::document::Node;
use ddrofs::render::ecs;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{RestartPolicy, Secret, Settings, Store, Text};
use serde_json::json;

use super::{assert_sound, awslogs, every_recorded, golden, map, minimal, shown};
use crate::scenarios::{everything, image_with_volumes, key, unknown_parts};

fn check(name: &str, settings: &Settings) {
    assert_sound(name, settings);
    let workload = assemble(settings);
    let document = json!({
        "containerDefinitions": shown(&Node::Array(ecs::container_definitions(&workload))),
        "volumes": shown(&Node::Array(ecs::volumes(&workload).unwrap())),
        "wiring": shown(&ecs::wiring(&workload.wiring)),
        "executionRolePolicy": shown(&ecs::execution_role_policy(settings)),
        "taskRolePolicy": shown(&ecs::task_role_policy()),
    });
    golden("ecs", &format!("{name}.json"), &(serde_json::to_string_pretty(&document).unwrap() + "\n"));
}

#[test]
fn what_every_platform_has_on_record() {
    every_recorded(Platform::default(), check);
}

#[test]
fn everything_set() {
    check(
        "everything",
        &Settings {
            api_key: Some(key(Store::Parameters)),
            repository_credentials: Some(
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf".into(),
            ),
            secrets: map(&[(
                "DD_APP_KEY",
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf:key::",
            )]),
            essential: false,
            user: Some("100".into()),
            restart_policy: Some(RestartPolicy {
                enabled: true,
                ignored_exit_codes: vec![0],
                restart_attempt_period: Some(60),
            }),
            log_configuration: awslogs(&[
                ("awslogs-group", "/ecs/orders"),
                ("awslogs-region", "eu-west-1"),
                ("awslogs-stream-prefix", "datadog"),
                ("awslogs-create-group", "true"),
            ]),
            ..everything(minimal())
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
    let settings = unknown_parts(minimal());
    check("unknown_parts", &Settings { api_key: Some(Secret::stored(Text::Unknown)), ..settings });
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
fn an_image_that_declares_its_volumes_in_a_private_registry() {
    check(
        "image_volumes_private",
        &Settings {
            image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent-with-volumes:1".into(),
            image_version: Some("7.81.1".to_owned()),
            user: Some("100".into()),
            ..image_with_volumes(minimal())
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
