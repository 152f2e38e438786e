//! Without a part of a task definition, as it was read of the Agent's image and of ECS (2026-11).

use super::Consequence::{None as Nothing, Shows};
use super::{DECLARED, Row, SIZE};

const OF_USER_100: &[&str] = &["user 100", "user 100 with every directory"];
const PORTS: &[&str] = &["ports in place of sockets"];
const DEAF: &[&str] = &["nothing listens"];
const OF_AN_IMAGE: &[&str] = &["an image with volumes", "an image with volumes and user 100"];
const NOT_ON_FARGATE: &[&str] = &["on EC2", "on managed instances"];

/// The rows.
pub(in super::super) const ROWS: &[Row] = &[
    // The copy.
    (OF_USER_100, "datadog-init: command", Shows(&["+ datadog-agent ends with 1", "+ the task stops"])),
    (NOT_ON_FARGATE, "datadog-init: command", Shows(&["- check cpu is scheduled"])),
    (&[], "datadog-init: command", Shows(&["- check ecs_fargate is scheduled"])),
    (
        &[],
        "datadog-init: line cp ",
        Shows(&[
            "+ datadog-init ends with 1",
            "+ datadog-agent does not start",
            "- check ecs_fargate is scheduled",
        ]),
    ),
    (
        OF_USER_100,
        "datadog-init: line chown ",
        Shows(&[
            "- Remote Configuration is on",
            "- a flare is made",
            "+ traces do not reach unix:///var/run/datadog/apm.socket",
            "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
        ]),
    ),
    (&[], "datadog-init: essential", Shows(&["+ the task stops"])),
    (&[], "datadog-init: start timeout", SIZE),
    // The Agent's directories.
    (
        NOT_ON_FARGATE,
        "datadog-agent: mount /etc/datadog-agent",
        Shows(&["+ datadog-agent ends with 1", "+ the task stops"]),
    ),
    (OF_AN_IMAGE, "datadog-agent: mount /etc/datadog-agent", DECLARED),
    (
        &[],
        "datadog-agent: mount /etc/datadog-agent",
        Shows(&["+ datadog-agent ends with 123", "+ the task stops"]),
    ),
    // The order.
    (
        OF_USER_100,
        "datadog-agent: waits for datadog-init",
        Shows(&[
            "- datadog-init ends before datadog-agent starts",
            "+ datadog-agent ends with 1",
            "+ the task stops",
        ]),
    ),
    // The Agent's variables.
    (
        &[],
        "datadog-agent: environment ECS_FARGATE",
        Shows(&["- check ecs_fargate is scheduled", "+ check cpu is scheduled"]),
    ),
    (
        DEAF,
        "datadog-agent: environment DD_APM_ENABLED",
        Nothing("the file that the start script links says off as well; the Agent's code says on"),
    ),
    (
        PORTS,
        "datadog-agent: environment DD_APM_ENABLED",
        Shows(&["+ traces do not reach http://127.0.0.1:8127"]),
    ),
    (
        &[],
        "datadog-agent: environment DD_APM_ENABLED",
        Shows(&["+ traces do not reach unix:///var/run/datadog/apm.socket"]),
    ),
    (
        &[],
        "datadog-agent: environment DD_API_KEY",
        Shows(&["+ datadog-agent ends with 1", "+ the task stops"]),
    ),
    // The rest of the Agent.
    (
        &[],
        "datadog-agent: essential",
        Nothing("true is what ECS takes its absence for; false shows only where the Agent ends"),
    ),
    (&[], "datadog-agent: start timeout", SIZE),
    (
        &[],
        "datadog-agent: ports",
        Nothing("lets others in from outside; the containers of a task share their loopback"),
    ),
];
