//! Without a part of a Compose file, as it was read of the Agent's image, of Docker and of Compose (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::{DEFAULT, GUARD, SIZE, Table};

const UPGRADE_TO_USER_100: &[&str] = &["an upgrade to user 100"];
const OF_USER_100: &[&str] = &["user 100", "an upgrade to user 100"];
const PORTS: &[&str] = &["ports instead of sockets"];
const DEAF: &[&str] = &["nothing listens"];
const FILES: &[&str] = &["files"];
const OF_AN_IMAGE: &[&str] = &["an image with volumes"];
const WAITS: &[&str] = &["waits until healthy"];

const NO_AGENT: Consequence = Shows(&["+ datadog-init ends with 1", "+ datadog-agent does not start"]);
const NO_SOCKETS: Consequence = Shows(&[
    "+ traces do not reach unix:///var/run/datadog/apm.socket",
    "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
]);
const NOT_STARTED: Consequence = Shows(&["+ datadog-agent does not start"]);
const REFUSED: Consequence = Shows(&["+ Compose refuses the file"]);
const NO_SOCKET_HERE: Consequence = Nothing("no socket is made; who switches one on finds the directory");
const DECLARED: Consequence =
    Nothing("the image declares a volume there, which Docker makes and fills by itself");

/// The table.
pub(in super::super) const TABLE: Table = Table(&[
    (&[], "file: volumes ", REFUSED),
    (&[], "file: secrets ", REFUSED),
    // The copy. A new volume is filled by Docker itself, so all that it is there for shows on an upgrade.
    (&[], "datadog-init: volumes /opt/datadog-agent-config", NO_AGENT),
    (OF_USER_100, "datadog-init: volumes /var/log/datadog", DECLARED),
    (OF_USER_100, "datadog-init: volumes ", NO_AGENT),
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
    (&[], "datadog-init: line find ", NO_AGENT),
    (&[], "datadog-init: line if ", NOT_STARTED),
    (&[], "datadog-init: line fi", NOT_STARTED),
    (&[], "datadog-init: line copied=", NOT_STARTED),
    (&[], "datadog-init: line from=", NOT_STARTED),
    (&[], "datadog-init: line to=", NOT_STARTED),
    (&[], "datadog-init: line missing=", NOT_STARTED),
    (UPGRADE_TO_USER_100, "datadog-init: line chown ", Shows(&["+ datadog-agent ends with 1"])),
    (OF_USER_100, "datadog-init: line chown ", Nothing("Docker fills new volumes with their owners")),
    (
        FILES,
        "datadog-init: environment CONFIG_FILE_",
        Shows(&["+ datadog-init ends with 2", "+ datadog-agent does not start"]),
    ),
    (FILES, "datadog-init: line printf ", Shows(&["- the copy lists http_check"])),
    (
        FILES,
        "datadog-init: line put 'datadog.yaml' ",
        Nothing("the start script links a file of the image that says the same"),
    ),
    (FILES, "datadog-init: line put '", Shows(&["- check http_check is scheduled"])),
    (FILES, "datadog-init: line put() {", NOT_STARTED),
    (FILES, "datadog-init: line mkdir -p ", NO_AGENT),
    (FILES, "datadog-init: line [ \"$$(cat ", NOT_STARTED),
    (FILES, "datadog-init: line }", NOT_STARTED),
    (FILES, "datadog-init: line umask ", Nothing("is what a runtime begins with by itself, said aloud")),
    (&[], "datadog-init: line ", GUARD),
    (
        &[],
        "datadog-init: read_only",
        Shows(&["- the root of datadog-init is read-only", "+ the root of datadog-init is writable"]),
    ),
    (
        OF_USER_100,
        "datadog-init: user",
        Nothing("the stock image's own user is root; an image of one's own may have another"),
    ),
    (&[], "datadog-init: mem_limit", SIZE),
    (&[], "datadog-init: restart", Nothing("is what Compose does by itself, said aloud")),
    // The Agent's directories.
    (OF_AN_IMAGE, "datadog-agent: volumes /etc/datadog-agent", DECLARED),
    (OF_AN_IMAGE, "datadog-agent: volumes /opt/datadog-agent/run", DECLARED),
    (OF_AN_IMAGE, "datadog-agent: volumes /var/run/datadog", NO_SOCKETS),
    (OF_AN_IMAGE, "datadog-agent: tmpfs /tmp", DECLARED),
    (&[], "datadog-agent: volumes /etc/datadog-agent", Shows(&["+ datadog-agent ends with 1"])),
    (
        &[],
        "datadog-agent: volumes /opt/datadog-agent/run",
        Shows(&["- Remote Configuration is on", "- offsets of logs are kept"]),
    ),
    (PORTS, "datadog-agent: volumes /var/run/datadog", NO_SOCKET_HERE),
    (DEAF, "datadog-agent: volumes /var/run/datadog", NO_SOCKET_HERE),
    (&[], "datadog-agent: volumes /var/run/datadog", NO_SOCKETS),
    (&[], "datadog-agent: volumes /var/log/datadog", DECLARED),
    (&[], "datadog-agent: volumes /var/run/docker.sock", Shows(&["- check docker is scheduled"])),
    (&[], "datadog-agent: volumes /host/proc", Shows(&["- check network is scheduled"])),
    (
        &[],
        "datadog-agent: volumes /host/sys/fs/cgroup",
        Nothing("what is measured there is not in a sandbox"),
    ),
    (&[], "datadog-agent: read-only ", Nothing("the Agent only reads there")),
    (&[], "datadog-agent: tmpfs /tmp", Shows(&["- a flare is made"])),
    (
        &[],
        "datadog-agent: exec /tmp",
        Nothing("libraries of checks that are written in Java are loaded from there, and none is here"),
    ),
    // The order.
    (
        UPGRADE_TO_USER_100,
        "datadog-agent: depends_on datadog-init",
        Shows(&["- datadog-init ends before datadog-agent starts", "+ datadog-agent ends with 1"]),
    ),
    (
        &[],
        "datadog-agent: depends_on datadog-init",
        Shows(&[
            "- datadog-init ends before datadog-agent starts",
            "+ datadog-agent starts before datadog-init",
            "+ check retired is scheduled",
            "- check telemetry is scheduled",
        ]),
    ),
    (
        WAITS,
        "app: depends_on datadog-agent",
        Shows(&["- datadog-agent starts before app", "+ app starts before datadog-agent"]),
    ),
    // The Agent's variables.
    (&[], "datadog-agent: environment DD_API_KEY", Shows(&["+ datadog-agent ends with 1"])),
    (&[], "datadog-agent: environment DD_SECRET_BACKEND_COMMAND", Shows(&["- has an API key"])),
    (&[], "datadog-agent: secrets datadog_api_key", Shows(&["+ datadog-agent ends with 1"])),
    (DEAF, "datadog-agent: environment DD_APM_ENABLED", Shows(&["+ listens on tcp:0.0.0.0:8126"])),
    (&[], "datadog-agent: environment DD_APM_ENABLED", DEFAULT),
    (
        PORTS,
        "datadog-agent: environment DD_APM_RECEIVER_SOCKET",
        Shows(&["+ listens on stream:/var/run/datadog/apm.socket"]),
    ),
    (DEAF, "datadog-agent: environment DD_APM_RECEIVER_SOCKET", Nothing("the trace Agent is off")),
    (&[], "datadog-agent: environment DD_APM_RECEIVER_SOCKET", DEFAULT),
    (
        PORTS,
        "datadog-agent: environment DD_APM_RECEIVER_PORT",
        Shows(&["+ traces do not reach http://datadog-agent:8127"]),
    ),
    (
        PORTS,
        "datadog-agent: environment DD_APM_NON_LOCAL_TRAFFIC",
        Nothing("a trace Agent that knows that it is in a container is open to others by itself"),
    ),
    (DEAF, "datadog-agent: environment DD_USE_DOGSTATSD", Shows(&["+ listens on udp:8125"])),
    (&[], "datadog-agent: environment DD_USE_DOGSTATSD", DEFAULT),
    (
        PORTS,
        "datadog-agent: environment DD_DOGSTATSD_SOCKET",
        Shows(&["+ listens on datagram:/var/run/datadog/dsd.socket"]),
    ),
    (DEAF, "datadog-agent: environment DD_DOGSTATSD_SOCKET", Nothing("DogStatsD is off")),
    (&[], "datadog-agent: environment DD_DOGSTATSD_SOCKET", DEFAULT),
    (
        PORTS,
        "datadog-agent: environment DD_DOGSTATSD_",
        Shows(&["+ metrics do not reach udp://datadog-agent:8135"]),
    ),
    (
        &[],
        "datadog-agent: environment DD_DISABLE_FILE_LOGGING",
        Shows(&["+ there is /var/log/datadog/agent.log", "+ there is /var/log/datadog/trace-agent.log"]),
    ),
    (&[], "datadog-agent: environment DD_SITE", DEFAULT),
    // The rest of the Agent.
    (
        &["no health check"],
        "datadog-agent: healthcheck",
        Nothing("the image's own check, which it switches off, is not in the images of a sandbox"),
    ),
    (WAITS, "datadog-agent: healthcheck", Shows(&["+ app does not start"])),
    (&[], "datadog-agent: healthcheck", Shows(&["- datadog-agent is healthy"])),
    (&[], "datadog-agent: user", Shows(&["- runs as user 100", "+ runs as user 0"])),
    (
        &[],
        "datadog-agent: read_only",
        Shows(&["- the root of datadog-agent is read-only", "+ the root of datadog-agent is writable"]),
    ),
    (&[], "datadog-agent: restart", Nothing("nobody restarts anything in a sandbox")),
    (&[], "datadog-agent: pid", Nothing("all containers of a sandbox see each other's processes")),
    (&[], "datadog-agent: mem_reservation", SIZE),
    (&[], "datadog-agent: stop_grace_period", SIZE),
    (
        &[],
        "datadog-agent: ports",
        Nothing("lets in the processes of the machine; other services need none of it"),
    ),
    // The application.
    (&[], "app: volumes /var/run/datadog", NO_SOCKETS),
    (&[], "app: read-only /var/run/datadog", Shows(&["+ can replace the Agent's sockets"])),
    (&[], "app: environment DD_TRACE_AGENT_URL", Shows(&["+ no address for traces"])),
    (&[], "app: environment DD_DOGSTATSD_URL", Shows(&["+ no address for metrics"])),
    (&[], "app: read_only", Shows(&["- the root of app is read-only", "+ the root of app is writable"])),
    (&[], "app: labels", Nothing("an empty map of labels")),
]);
