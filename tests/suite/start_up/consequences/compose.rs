//! Without a part of a Compose file, as it was read of the Agent's image, of Docker and of Compose (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::{DECLARED, DEFAULT, REFUSED, Row, joined};

const UPGRADE_TO_USER_100: &[&str] = &["an upgrade to user 100"];
const OF_USER_100: &[&str] = &["user 100", "user 100 with every directory"];
const PORTS: &[&str] = &["ports in place of sockets"];
const DEAF: &[&str] = &["nothing listens"];
const OF_AN_IMAGE: &[&str] = &["an image with volumes", "an image with volumes and user 100"];

const NOT_STARTED: Consequence = Shows(&["+ datadog-agent does not start"]);

/// The rows.
pub(in super::super) const ROWS: &[Row] =
    &joined::<{ OF_COMPOSE.len() + OF_THE_ENGINE.len() }>(OF_COMPOSE, OF_THE_ENGINE);

/// What only Compose has.
const OF_COMPOSE: &[Row] = &[
    (&[], "file: volumes ", REFUSED),
    (&[], "file: secrets ", REFUSED),
    (&[], "datadog-init: restart", Nothing("is what Compose does by itself, said aloud")),
    (&[], "datadog-agent: secret ", Shows(&["+ datadog-agent ends with 1"])),
];

/// What holds for Docker's engine, whoever tells it to start something.
pub(super) const OF_THE_ENGINE: &[Row] = &[
    // The copy. A new volume is filled by Docker itself, so all that it is there for shows on an upgrade.
    (UPGRADE_TO_USER_100, "datadog-init: command", Shows(&["+ datadog-agent ends with 1"])),
    (
        &[],
        "datadog-init: command",
        Shows(&[
            "+ check retired is scheduled",
            "- check telemetry is scheduled",
            "- the copy lists telemetry",
        ]),
    ),
    (&[], "datadog-init: line cp ", Shows(&["- check telemetry is scheduled"])),
    (&[], "datadog-init: line grep ", Shows(&["+ check retired is scheduled"])),
    (&[], "datadog-init: line mv ", Shows(&["- the copy lists telemetry", "+ the copy lists retired"])),
    (
        &[],
        "datadog-init: line find ",
        Shows(&["+ datadog-init ends with 1", "+ datadog-agent does not start"]),
    ),
    (&[], "datadog-init: line if ", NOT_STARTED),
    (&[], "datadog-init: line fi", NOT_STARTED),
    (&[], "datadog-init: line copied=", NOT_STARTED),
    (UPGRADE_TO_USER_100, "datadog-init: line chown ", Shows(&["+ datadog-agent ends with 1"])),
    (OF_USER_100, "datadog-init: line chown ", Nothing("Docker fills new volumes with their owners")),
    (&["files"], "datadog-init: line printf ", Shows(&["- the copy lists http_check"])),
    // The Agent's directories.
    (OF_AN_IMAGE, "datadog-agent: mount /etc/datadog-agent", DECLARED),
    (&[], "datadog-agent: mount /etc/datadog-agent", Shows(&["+ datadog-agent ends with 1"])),
    (&[], "datadog-agent: mount /var/run/docker.sock", Shows(&["- check docker is scheduled"])),
    (&[], "datadog-agent: mount /host/proc", Shows(&["- check network is scheduled"])),
    (&[], "datadog-agent: mount /host/sys/fs/cgroup", Nothing("what is measured there is not in a sandbox")),
    (&[], "datadog-agent: read-only /", Nothing("the Agent only reads there")),
    (
        &[],
        "datadog-agent: exec /tmp",
        Nothing("libraries of checks that are written in Java are loaded from there, and none is here"),
    ),
    // The order.
    (
        UPGRADE_TO_USER_100,
        "datadog-agent: waits for datadog-init",
        Shows(&["- datadog-init ends before datadog-agent starts", "+ datadog-agent ends with 1"]),
    ),
    (
        &[],
        "datadog-agent: waits for datadog-init",
        Shows(&[
            "- datadog-init ends before datadog-agent starts",
            "+ datadog-agent starts before datadog-init",
            "+ check retired is scheduled",
            "- check telemetry is scheduled",
        ]),
    ),
    // The Agent's variables.
    (&[], "datadog-agent: environment DD_SECRET_BACKEND_COMMAND", Shows(&["- has an API key"])),
    (DEAF, "datadog-agent: environment DD_APM_ENABLED", Shows(&["+ listens on tcp:0.0.0.0:8126"])),
    (&[], "datadog-agent: environment DD_APM_ENABLED", DEFAULT),
    (
        PORTS,
        "datadog-agent: environment DD_APM_NON_LOCAL_TRAFFIC",
        Nothing("a trace Agent that knows that it is in a container is open to others by itself"),
    ),
    // The rest of the Agent.
    (
        &["no health check"],
        "datadog-agent: health check",
        Nothing("the image's own check, which it switches off, is not in the images of a sandbox"),
    ),
    (&[], "datadog-agent: restart", Nothing("nobody restarts anything in a sandbox")),
    (&[], "datadog-agent: pid", Nothing("all containers of a sandbox see each other's processes")),
    (
        &[],
        "datadog-agent: ports",
        Nothing("lets in the processes of the machine; other services need none of it"),
    ),
];
