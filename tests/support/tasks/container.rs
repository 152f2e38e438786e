//! Containers: applications, Agents, FireLens routers and whatever else stands in a task.

use ddrofs::document::{Node, Object};

use super::shape::add_rare_members;
use super::{CONFIDENTIAL, Choices};

/// Names of volumes; some are the pattern's own.
pub(super) const VOLUMES: [&str; 6] =
    ["scratch", "cache", "datadog-config", "datadog-run", "datadog-sockets", "datadog-tmp"];

const IMAGES: [&str; 12] = [
    "example.com/shop:1.4.2",
    "nginx:1.27",
    "nginx",
    "public.ecr.aws/datadog/agent:7.81.1",
    "datadog/agent:7.50.0",
    "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0",
    "redis:7",
    "envoyproxy/envoy:v1.31.0",
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com/php-fpm@sha256:abc",
    "public.ecr.aws/docker/library/node:22-slim",
    "amazon/cloudwatch-agent:latest",
    "",
];

/// Names of containers.
const NAMES: [&str; 6] = ["app", "web", "worker", "log_router", "envoy", "db"];

/// Names of the pattern's own containers.
const SIDECARS: [&str; 2] = ["datadog-agent", "datadog-init"];

/// Names of containers that others wait for.
const AWAITED: [&str; 8] =
    ["app", "web", "worker", "log_router", "datadog-agent", "datadog-init", "envoy", "db"];

const VARIABLES: [&str; 10] = [
    "LANG",
    "TOKEN",
    "DD_API_KEY",
    "DD_SERVICE",
    "DD_ENV",
    "DD_TRACE_AGENT_URL",
    "DD_AGENT_HOST",
    "DD_SITE",
    "ECS_FARGATE",
    "DD_APM_ENABLED",
];

const PATHS: [&str; 8] = [
    "/data",
    "/tmp",
    "/var/run/datadog",
    "/var/run/datadog/",
    "/etc/datadog-agent",
    "/opt/datadog-agent/run",
    "/var/cache/nginx",
    "/",
];

/// Some containers, their names mostly different.
pub(super) fn containers(choices: &mut Choices<'_>) -> Node {
    let count = if choices.one_in(16) { 9 + choices.below(3) } else { 1 + choices.below(4) };
    let first = choices.below(NAMES.len());
    let mut made = Vec::new();
    for at in 0..count {
        let name = match NAMES.get(at) {
            _ if choices.one_in(24) => NAMES[first].to_owned(),
            _ if choices.one_in(24) => choices.pick(&SIDECARS).to_owned(),
            Some(_) => NAMES[(first + at) % NAMES.len()].to_owned(),
            None => format!("more-{at}"),
        };
        made.push(container(choices, name));
    }
    Node::Array(made)
}

type Part = fn(&mut Choices<'_>) -> Node;

fn container(choices: &mut Choices<'_>, name: String) -> Node {
    let mut members = Object::new();
    members.insert("name".to_owned(), name.into());
    members.insert("image".to_owned(), choices.pick(&IMAGES).into());
    let plain = [("essential", 2), ("readonlyRootFilesystem", 2), ("privileged", 12), ("interactive", 16)];
    for (key, times) in plain {
        if choices.one_in(times) {
            members.insert(key.to_owned(), choices.one_in(2).into());
        }
    }
    let parts: [(&str, usize, Part); 13] = [
        ("environment", 2, environment),
        ("secrets", 3, secrets),
        ("mountPoints", 2, mount_points),
        ("dependsOn", 3, depends_on),
        ("dockerLabels", 4, labels),
        ("logConfiguration", 2, log_configuration),
        ("firelensConfiguration", 8, firelens),
        ("linuxParameters", 5, linux_parameters),
        ("healthCheck", 4, health_check),
        ("portMappings", 3, port_mappings),
        ("memory", 4, |choices| Node::from([128, 512, 4, 1_000_000][choices.below(4)])),
        ("cpu", 5, |choices| Node::from([0, 256, 10_240][choices.below(3)])),
        ("user", 3, |choices| choices.pick(&["100", "0", "root", "1000:1000", "dd-agent"]).into()),
    ];
    for (key, times, make) in parts {
        if choices.one_in(times) {
            members.insert(key.to_owned(), make(choices));
        }
    }
    add_rare_members(choices, "ContainerDefinition", &mut members);
    Node::Object(members)
}

/// Up to `most` items, which are mostly different: one of them may come twice.
fn list(
    choices: &mut Choices<'_>,
    texts: &[&'static str],
    most: usize,
    item: impl Fn(&mut Choices<'_>, &'static str) -> Node,
) -> Node {
    let count = choices.below(most + 1);
    let start = choices.below(texts.len());
    let mut items = Vec::new();
    for at in 0..count {
        let at = if choices.one_in(24) { 0 } else { at };
        items.push(item(choices, texts[(start + at) % texts.len()]));
    }
    Node::Array(items)
}

/// A value that nobody may see again.
fn confidential(choices: &mut Choices<'_>) -> Node {
    format!("{CONFIDENTIAL}-{}", choices.below(4)).into()
}

fn environment(choices: &mut Choices<'_>) -> Node {
    list(choices, &VARIABLES, 4, |choices, name| {
        Node::from([("name", name.into()), ("value", confidential(choices))])
    })
}

fn secrets(choices: &mut Choices<'_>) -> Node {
    list(choices, &VARIABLES, 2, |choices, name| {
        let arns = [
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:token-AbCdEf",
            "arn:aws:ssm:eu-central-1:111122223333:parameter/token",
            "token",
        ];
        Node::from([("name", name.into()), ("valueFrom", choices.pick(&arns).into())])
    })
}

fn mount_points(choices: &mut Choices<'_>) -> Node {
    list(choices, &PATHS, 4, |choices, path| {
        let mut mount = Object::new();
        mount.insert("containerPath".to_owned(), path.into());
        mount.insert("sourceVolume".to_owned(), choices.pick(&VOLUMES).into());
        if choices.one_in(3) {
            mount.insert("readOnly".to_owned(), choices.one_in(2).into());
        }
        Node::Object(mount)
    })
}

fn depends_on(choices: &mut Choices<'_>) -> Node {
    list(choices, &AWAITED, 2, |choices, name| {
        let condition = choices.pick(&["START", "HEALTHY", "COMPLETE", "SUCCESS"]);
        Node::from([("containerName", name.into()), ("condition", condition.into())])
    })
}

fn labels(choices: &mut Choices<'_>) -> Node {
    let keys = ["com.datadoghq.tags.env", "com.datadoghq.tags.service", "team"];
    let count = choices.below(3);
    Node::Object((0..count).map(|at| (keys[at].to_owned(), confidential(choices))).collect())
}

fn log_configuration(choices: &mut Choices<'_>) -> Node {
    let driver = choices.pick(&["awslogs", "awsfirelens", "json-file", "awslogs"]);
    let mut options = Object::new();
    for (key, value) in [("awslogs-group", "/shop"), ("awslogs-region", "eu-central-1"), ("mode", "blocking")]
    {
        if !choices.one_in(4) {
            options.insert(key.to_owned(), value.into());
        }
    }
    if choices.one_in(4) {
        options.insert("apikey".to_owned(), confidential(choices));
    }
    Node::from([("logDriver", driver.into()), ("options", Node::Object(options))])
}

fn firelens(choices: &mut Choices<'_>) -> Node {
    let kind = choices.pick(&["fluentbit", "fluentd"]);
    let mut options = Object::new();
    if choices.one_in(2) {
        options.insert("enable-ecs-log-metadata".to_owned(), "true".into());
    }
    if choices.one_in(4) {
        options.insert("config-file-value".to_owned(), "/extra.conf".into());
    }
    Node::from([("type", kind.into()), ("options", Node::Object(options))])
}

fn linux_parameters(choices: &mut Choices<'_>) -> Node {
    let mut members = Object::new();
    if choices.one_in(2) {
        members.insert("initProcessEnabled".to_owned(), choices.one_in(2).into());
    }
    if choices.one_in(2) {
        let tmpfs = list(choices, &PATHS, 2, |choices, path| {
            Node::from([("containerPath", path.into()), ("size", [64, 128, 0][choices.below(3)].into())])
        });
        members.insert("tmpfs".to_owned(), tmpfs);
    }
    if choices.one_in(3) {
        members.insert("capabilities".to_owned(), Node::from([("drop", Node::from(vec!["ALL"]))]));
    }
    Node::Object(members)
}

fn health_check(choices: &mut Choices<'_>) -> Node {
    let command = match choices.below(3) {
        0 => vec!["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
        1 => vec!["CMD", "agent", "health"],
        _ => vec!["NONE"],
    };
    Node::from([("command", command.into()), ("interval", [30, 15, 1][choices.below(3)].into())])
}

fn port_mappings(choices: &mut Choices<'_>) -> Node {
    list(choices, &["tcp", "udp", "tcp"], 2, |choices, protocol| {
        let port = [80, 8126, 8125, 0, 70_000][choices.below(5)];
        Node::from([("containerPort", port.into()), ("protocol", protocol.into())])
    })
}
