//! The settings, with what an Agent says of each.

use serde_json::json;

use crate::value::Value;

/// One setting in both cases.
pub(super) struct Case {
    /// Its name, dotted inside a block.
    pub(super) name: &'static str,
    /// What is written, besides what it needs.
    pub(super) value: Value,
    /// Where it shows when the Agent says nothing: a pointer into the hardened document. None for what a task shows in
    /// another way, which has a test of its own.
    pub(super) applied: Option<(&'static str, serde_json::Value)>,
    /// What the containers `dd` and `app` say otherwise.
    pub(super) otherwise: (serde_json::Value, serde_json::Value),
    /// What is told then.
    pub(super) kept: &'static str,
}

pub(super) fn text(text: &str) -> Value {
    Value::from(text)
}

/// A setting that is a variable of the Agent.
fn variable(
    name: &'static str,
    value: Value,
    variable: &'static str,
    expected: &'static str,
    kept: &'static str,
) -> Case {
    Case {
        name,
        value,
        applied: Some((variable, json!(expected))),
        otherwise: (json!({ "environment": [{ "name": variable, "value": "own-s3cr3t" }] }), json!({})),
        kept,
    }
}

/// A setting that is a part of the Agent's definition.
fn part(
    name: &'static str,
    value: Value,
    pointer: &'static str,
    expected: serde_json::Value,
    own: serde_json::Value,
    kept: &'static str,
) -> Case {
    Case { name, value, applied: Some((pointer, expected)), otherwise: (own, json!({})), kept }
}

/// A setting that only says what an added Agent is like, so that one that is there has it already.
fn only_added(name: &'static str, value: Value, own: serde_json::Value, kept: &'static str) -> Case {
    Case { name, value, applied: None, otherwise: (own, json!({})), kept }
}

fn of_application(name: &'static str, variable: &'static str, kept: &'static str) -> Case {
    Case {
        name,
        value: Value::from(true),
        applied: Some((variable, json!("true"))),
        otherwise: (json!({}), json!({ "environment": [{ "name": variable, "value": "own-s3cr3t" }] })),
        kept,
    }
}

pub(super) const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s3cr3t-AbCdEf";
const PARAMETER: &str = "arn:aws:ssm:eu-west-1:123456789012:parameter/s3cr3t";

pub(super) fn map(name: &str, value: &str) -> Value {
    Value::Map([(name.to_owned(), Value::from(value))].into())
}

/// A case for each setting.
pub(super) fn cases() -> Vec<Case> {
    let tmp = json!({ "mountPoints": [{ "sourceVolume": "own", "containerPath": "/tmp" }] });
    let logs = json!({ "mountPoints": [{ "sourceVolume": "own", "containerPath": "/var/log/datadog" }] });
    let efs = json!({ "mountPoints": [{ "sourceVolume": "efs", "containerPath": "/etc/datadog-agent" }] });
    let check = json!({ "healthCheck": { "command": ["CMD", "own-s3cr3t"], "interval": 40, "timeout": 4, "retries": 4, "startPeriod": 4 } });
    let restart =
        json!({ "restartPolicy": { "enabled": false, "ignoredExitCodes": [9], "restartAttemptPeriod": 99 } });
    let log = json!({ "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "own-s3cr3t" },
        "secretOptions": [{ "name": "apikey", "valueFrom": "own-s3cr3t" }] } });
    let (health_kept, restart_kept, log_kept) = (
        "dd: keeps its own healthCheck (setting health_check)",
        "dd: keeps its own restartPolicy (setting restart_policy)",
        "dd: keeps its own logConfiguration (setting log_configuration)",
    );
    vec![
        only_added(
            "image",
            text("datadog/agent:7.80.0"),
            json!({}),
            "dd: keeps its own image of the Datadog Agent",
        ),
        only_added(
            "image_version",
            text("7.80.0"),
            json!({}),
            "dd: keeps its own image (setting image_version)",
        ),
        part(
            "repository_credentials_arn",
            text(ARN),
            "/dd/repositoryCredentials/credentialsParameter",
            json!(ARN),
            json!({ "repositoryCredentials": { "credentialsParameter": "arn:own-s3cr3t" } }),
            "dd: keeps its own repositoryCredentials (setting repository_credentials_arn)",
        ),
        part(
            "api_key_secret_arn",
            text(ARN),
            "/dd/secrets/0/valueFrom",
            json!(ARN),
            json!({ "secrets": [{ "name": "DD_API_KEY", "valueFrom": "arn:own-s3cr3t" }] }),
            "dd: keeps taking variable DD_API_KEY from its own secret",
        ),
        part(
            "api_key_parameter_arn",
            text(PARAMETER),
            "/dd/secrets/0/valueFrom",
            json!(PARAMETER),
            json!({ "environment": [{ "name": "DD_API_KEY", "value": "own-s3cr3t" }] }),
            "dd: keeps its own value of variable DD_API_KEY",
        ),
        variable(
            "site",
            text("datadoghq.eu"),
            "DD_SITE",
            "datadoghq.eu",
            "dd: keeps its own value of variable DD_SITE",
        ),
        variable(
            "service",
            text("shop"),
            "DD_SERVICE",
            "shop",
            "dd: keeps its own value of variable DD_SERVICE",
        ),
        variable("env", text("prod"), "DD_ENV", "prod", "dd: keeps its own value of variable DD_ENV"),
        variable("version", text("1"), "DD_VERSION", "1", "dd: keeps its own value of variable DD_VERSION"),
        variable(
            "tags",
            map("team", "a"),
            "DD_TAGS",
            "team:a",
            "dd: keeps its own value of variable DD_TAGS",
        ),
        variable(
            "cluster_name",
            text("c"),
            "DD_CLUSTER_NAME",
            "c",
            "dd: keeps its own value of variable DD_CLUSTER_NAME",
        ),
        part(
            "docker_labels",
            map("team", "a"),
            "/dd/dockerLabels/team",
            json!("a"),
            json!({ "dockerLabels": { "team": "own-s3cr3t" } }),
            "dd: keeps its own value of label team",
        ),
        variable("environment", map("DD_X", "x"), "DD_X", "x", "dd: keeps its own value of variable DD_X"),
        part(
            "secrets",
            map("DD_A", ARN),
            "/dd/secrets/0/valueFrom",
            json!(ARN),
            json!({ "secrets": [{ "name": "DD_A", "valueFrom": "arn:own-s3cr3t" }] }),
            "dd: keeps taking variable DD_A from its own secret",
        ),
        variable(
            "log_level",
            text("warn"),
            "DD_LOG_LEVEL",
            "warn",
            "dd: keeps its own value of variable DD_LOG_LEVEL",
        ),
        variable(
            "checks_cardinality",
            text("low"),
            "DD_CHECKS_TAG_CARDINALITY",
            "low",
            "dd: keeps its own value of variable DD_CHECKS_TAG_CARDINALITY",
        ),
        part(
            "cpu",
            Value::from(64),
            "/dd/cpu",
            json!(64),
            json!({ "cpu": 32 }),
            "dd: keeps its own cpu (setting cpu)",
        ),
        part(
            "memory",
            Value::from(512),
            "/dd/memory",
            json!(512),
            json!({ "memory": 300 }),
            "dd: keeps its own memory (setting memory)",
        ),
        part(
            "memory_reservation",
            Value::from(200),
            "/dd/memoryReservation",
            json!(200),
            json!({ "memoryReservation": 100 }),
            "dd: keeps its own memoryReservation (setting memory_reservation)",
        ),
        part(
            "essential",
            Value::from(false),
            "/dd/essential",
            json!(false),
            json!({ "essential": true }),
            "dd: keeps its own essential (setting essential)",
        ),
        part(
            "user",
            text("dd-agent"),
            "/dd/user",
            json!("dd-agent"),
            json!({ "user": "0" }),
            "dd: keeps its own user (setting user)",
        ),
        part(
            "stop_timeout",
            Value::from(60),
            "/dd/stopTimeout",
            json!(60),
            json!({ "stopTimeout": 20 }),
            "dd: keeps its own stopTimeout (setting stop_timeout)",
        ),
        Case {
            name: "wait_until_healthy",
            value: Value::from(true),
            applied: Some(("/app/dependsOn/0/condition", json!("HEALTHY"))),
            otherwise: (json!({}), json!({ "dependsOn": [{ "containerName": "dd", "condition": "START" }] })),
            kept: "app: keeps its own condition of waiting for dd",
        },
        only_added(
            "launch_type",
            text("EC2"),
            json!({}),
            "dd: keeps what the task says (setting launch_type)",
        ),
        part(
            "seeding",
            text("init_copy"),
            "/datadog-init/name",
            json!("datadog-init"),
            efs.clone(),
            "dd: keeps its own mountPoints (setting seeding)",
        ),
        part(
            "flares",
            Value::from(false),
            "/dd/mountPoints/3",
            json!(null),
            tmp,
            "dd: keeps its own mount at /tmp",
        ),
        part(
            "file_logging",
            Value::from(false),
            "DD_DISABLE_FILE_LOGGING",
            json!("true"),
            logs,
            "dd: keeps its own mount at /var/log/datadog",
        ),
        part(
            "config_files",
            map("conf.d/redisdb.d/conf.yaml", "init_config:"),
            "/datadog-init/environment/0/value",
            json!("init_config:"),
            efs.clone(),
            "dd: keeps its own configuration, because no init container of the provider's fills it (setting config_files)",
        ),
        part(
            "volume_prefix",
            text("x-"),
            "/dd/mountPoints/0/sourceVolume",
            json!("x-config"),
            json!({ "mountPoints": [{ "sourceVolume": "own", "containerPath": "/etc/datadog-agent" }] }),
            "dd: keeps its own mountPoints (setting volume_prefix)",
        ),
        only_added(
            "container_name",
            text("other"),
            json!({}),
            "dd: keeps its own name (setting container_name)",
        ),
        // It says which container is there, and asks for nothing that could be kept.
        only_added("existing_container", text("dd"), json!({}), ""),
        part(
            "init_container_name",
            text("seed"),
            "/seed/name",
            json!("seed"),
            efs,
            "dd: keeps its own dependsOn (setting init_container_name)",
        ),
        part("health_check.enabled", Value::from(true), "/dd/healthCheck/interval", json!(15), json!({}), ""),
        part(
            "health_check.command",
            vec!["CMD", "x"].into(),
            "/dd/healthCheck/command",
            json!(["CMD", "x"]),
            check.clone(),
            health_kept,
        ),
        part(
            "health_check.interval",
            Value::from(20),
            "/dd/healthCheck/interval",
            json!(20),
            check.clone(),
            health_kept,
        ),
        part(
            "health_check.timeout",
            Value::from(7),
            "/dd/healthCheck/timeout",
            json!(7),
            check.clone(),
            health_kept,
        ),
        part(
            "health_check.retries",
            Value::from(2),
            "/dd/healthCheck/retries",
            json!(2),
            check.clone(),
            health_kept,
        ),
        part(
            "health_check.start_period",
            Value::from(9),
            "/dd/healthCheck/startPeriod",
            json!(9),
            check,
            health_kept,
        ),
        part(
            "restart_policy.enabled",
            Value::from(true),
            "/dd/restartPolicy/enabled",
            json!(true),
            restart.clone(),
            restart_kept,
        ),
        part(
            "restart_policy.ignored_exit_codes",
            Value::List(vec![Value::from(1)]),
            "/dd/restartPolicy/ignoredExitCodes",
            json!([1]),
            restart.clone(),
            restart_kept,
        ),
        part(
            "restart_policy.restart_attempt_period",
            Value::from(60),
            "/dd/restartPolicy/restartAttemptPeriod",
            json!(60),
            restart,
            restart_kept,
        ),
        variable(
            "apm.enabled",
            Value::from(false),
            "DD_APM_ENABLED",
            "false",
            "dd: keeps its own value of variable DD_APM_ENABLED",
        ),
        variable(
            "apm.socket",
            Value::from(false),
            "DD_APM_RECEIVER_SOCKET",
            "",
            "dd: keeps its own value of variable DD_APM_RECEIVER_SOCKET",
        ),
        variable(
            "apm.port",
            Value::from(8126),
            "DD_APM_RECEIVER_PORT",
            "8126",
            "dd: keeps its own value of variable DD_APM_RECEIVER_PORT",
        ),
        of_application(
            "apm.profiling",
            "DD_PROFILING_ENABLED",
            "app: keeps its own value of variable DD_PROFILING_ENABLED",
        ),
        of_application(
            "apm.data_streams",
            "DD_DATA_STREAMS_ENABLED",
            "app: keeps its own value of variable DD_DATA_STREAMS_ENABLED",
        ),
        of_application(
            "apm.trace_inferred_proxy_services",
            "DD_TRACE_INFERRED_PROXY_SERVICES_ENABLED",
            "app: keeps its own value of variable DD_TRACE_INFERRED_PROXY_SERVICES_ENABLED",
        ),
        variable(
            "dogstatsd.enabled",
            Value::from(false),
            "DD_USE_DOGSTATSD",
            "false",
            "dd: keeps its own value of variable DD_USE_DOGSTATSD",
        ),
        variable(
            "dogstatsd.socket",
            Value::from(false),
            "DD_DOGSTATSD_SOCKET",
            "",
            "dd: keeps its own value of variable DD_DOGSTATSD_SOCKET",
        ),
        variable(
            "dogstatsd.port",
            Value::from(8125),
            "DD_DOGSTATSD_PORT",
            "8125",
            "dd: keeps its own value of variable DD_DOGSTATSD_PORT",
        ),
        variable(
            "dogstatsd.origin_detection",
            Value::from(true),
            "DD_DOGSTATSD_ORIGIN_DETECTION",
            "true",
            "dd: keeps its own value of variable DD_DOGSTATSD_ORIGIN_DETECTION",
        ),
        variable(
            "dogstatsd.cardinality",
            text("low"),
            "DD_DOGSTATSD_TAG_CARDINALITY",
            "low",
            "dd: keeps its own value of variable DD_DOGSTATSD_TAG_CARDINALITY",
        ),
        part(
            "log_configuration.log_driver",
            text("splunk"),
            "/dd/logConfiguration/logDriver",
            json!("splunk"),
            log.clone(),
            log_kept,
        ),
        part(
            "log_configuration.options",
            map("awslogs-group", "g"),
            "/dd/logConfiguration/options/awslogs-group",
            json!("g"),
            log.clone(),
            log_kept,
        ),
        part(
            "log_configuration.secret_options",
            map("apikey", ARN),
            "/dd/logConfiguration/secretOptions/0/valueFrom",
            json!(ARN),
            log,
            log_kept,
        ),
    ]
}
