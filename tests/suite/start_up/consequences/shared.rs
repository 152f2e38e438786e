//! Without a part that every platform has, as it was read of the Agent's image (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::{DECLARED, DEFAULT, NO_SOCKETS, Row, SIZE};

const OF_USER_100: &[&str] = &["user 100", "user 100 with every directory", "an upgrade to user 100"];
const PORTS: &[&str] = &["ports in place of sockets"];
const DEAF: &[&str] = &["nothing listens"];
const FILES: &[&str] = &["files"];
const OF_AN_IMAGE: &[&str] = &["an image with volumes", "an image with volumes and user 100"];
const WAITS: &[&str] = &["waits until healthy"];

const NO_AGENT: Consequence = Shows(&["+ datadog-init ends with 1", "+ datadog-agent does not start"]);
const NOT_STARTED: Consequence = Shows(&["+ datadog-agent does not start"]);
const NO_SOCKET_HERE: Consequence = Nothing("no socket is made; who switches one on finds the directory");
const GUARD: Consequence = Nothing("speaks only where something is wrong with the image or the volume");

/// The rows.
pub(in super::super) const SHARED: &[Row] = &[
    // The copy.
    (&[], "datadog-init: mount /opt/datadog-agent-config", NO_AGENT),
    (OF_USER_100, "datadog-init: mount /var/log/datadog", DECLARED),
    (OF_USER_100, "datadog-init: mount ", NO_AGENT),
    (&[], "datadog-init: line from=", NOT_STARTED),
    (&[], "datadog-init: line to=", NOT_STARTED),
    (&[], "datadog-init: line missing=", NOT_STARTED),
    (
        FILES,
        "datadog-init: environment CONFIG_FILE_",
        Shows(&["+ datadog-init ends with 2", "+ datadog-agent does not start"]),
    ),
    (
        FILES,
        "datadog-init: line put 'datadog.yaml' ",
        Nothing("the start script links a file of the image that says the same"),
    ),
    (FILES, "datadog-init: line put '", Shows(&["- check http_check is scheduled"])),
    (FILES, "datadog-init: line put() {", NOT_STARTED),
    (FILES, "datadog-init: line mkdir -p ", NO_AGENT),
    (FILES, "datadog-init: line [ \"$(cat ", NOT_STARTED),
    (FILES, "datadog-init: line }", NOT_STARTED),
    (FILES, "datadog-init: line umask ", Nothing("is what a runtime begins with by itself, said aloud")),
    (&[], "datadog-init: line ", GUARD),
    (
        &[],
        "datadog-init: read-only root",
        Shows(&["- the root of datadog-init is read-only", "+ the root of datadog-init is writable"]),
    ),
    (
        &[],
        "datadog-init: user",
        Nothing("the stock image's own user is root; an image of one's own may have another"),
    ),
    (&[], "datadog-init: memory", SIZE),
    // The Agent's directories.
    (OF_AN_IMAGE, "datadog-agent: mount /var/run/datadog", NO_SOCKETS),
    (OF_AN_IMAGE, "datadog-agent: mount /opt/datadog-agent/run", DECLARED),
    (OF_AN_IMAGE, "datadog-agent: mount /tmp", DECLARED),
    (
        &[],
        "datadog-agent: mount /opt/datadog-agent/run",
        Shows(&["- Remote Configuration is on", "- offsets of logs are kept"]),
    ),
    (PORTS, "datadog-agent: mount /var/run/datadog", NO_SOCKET_HERE),
    (DEAF, "datadog-agent: mount /var/run/datadog", NO_SOCKET_HERE),
    (
        &[],
        "datadog-agent: mount /var/run/datadog",
        Shows(&[
            "- listens on stream:/var/run/datadog/apm.socket",
            "- listens on datagram:/var/run/datadog/dsd.socket",
            "+ traces do not reach unix:///var/run/datadog/apm.socket",
            "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
        ]),
    ),
    (&[], "datadog-agent: mount /tmp", Shows(&["- a flare is made"])),
    (&[], "datadog-agent: mount /var/log/datadog", DECLARED),
    // The order.
    (
        &[],
        "datadog-agent: waits for datadog-init",
        Shows(&[
            "- datadog-init ends before datadog-agent starts",
            "+ datadog-agent starts before datadog-init",
        ]),
    ),
    (
        WAITS,
        "app: waits for datadog-agent",
        Shows(&["- datadog-agent starts before app", "+ app starts before datadog-agent"]),
    ),
    // The Agent's variables.
    (&[], "datadog-agent: environment DD_API_KEY", Shows(&["+ datadog-agent ends with 1"])),
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
        Shows(&["+ traces do not reach http://{agent}:8127"]),
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
        Shows(&["+ metrics do not reach udp://{agent}:8135"]),
    ),
    (
        &[],
        "datadog-agent: environment DD_DISABLE_FILE_LOGGING",
        Shows(&["+ there is /var/log/datadog/agent.log", "+ there is /var/log/datadog/trace-agent.log"]),
    ),
    (&["names of one's own"], "datadog-agent: environment DD_SITE", Shows(&["+ sends to datadoghq.com"])),
    (&[], "datadog-agent: environment DD_SITE", DEFAULT),
    // The rest of the Agent.
    (WAITS, "datadog-agent: health check", Shows(&["+ app does not start"])),
    (&[], "datadog-agent: health check", Shows(&["- datadog-agent is healthy"])),
    (&[], "datadog-agent: user", Shows(&["- runs as user 100", "+ runs as user 0"])),
    (
        &[],
        "datadog-agent: read-only root",
        Shows(&["- the root of datadog-agent is read-only", "+ the root of datadog-agent is writable"]),
    ),
    (&[], "datadog-agent: memory", SIZE),
    (&[], "datadog-agent: stop timeout", SIZE),
    // The application.
    (&[], "app: mount /var/run/datadog", NO_SOCKETS),
    (&[], "app: read-only /var/run/datadog", Shows(&["+ can replace the Agent's sockets"])),
    (&[], "app: environment DD_TRACE_AGENT_URL", Shows(&["+ no address for traces"])),
    (&[], "app: environment DD_DOGSTATSD_URL", Shows(&["+ no address for metrics"])),
    (&[], "app: read-only root", Shows(&["- the root of app is read-only", "+ the root of app is writable"])),
    (&[], "app: labels", Nothing("an empty map of labels")),
];
