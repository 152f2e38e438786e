//! Without a part of a task definition, as it was read of the Agent's image and of ECS (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::{DEFAULT, GUARD, SIZE, Table};

const OF_USER_100: &[&str] = &["user 100", "user 100 with every directory"];
const PORTS: &[&str] = &["ports instead of sockets"];
const DEAF: &[&str] = &["nothing listens"];
const FILES: &[&str] = &["files"];
const OF_AN_IMAGE: &[&str] = &["an image with volumes", "an image with volumes and user 100"];
const NOT_ON_FARGATE: &[&str] = &["on EC2", "on managed instances"];
const WAITS: &[&str] = &["waits until healthy"];

const NO_AGENT: Consequence = Shows(&[
    "+ datadog-init ends with 1",
    "+ datadog-agent does not start",
    "- check ecs_fargate is scheduled",
]);

/// The table.
pub(in super::super) const TABLE: Table = Table(&[
    // The copy.
    (&[], "datadog-init: mountPoints /opt/datadog-agent-config", NO_AGENT),
    (
        OF_USER_100,
        "datadog-init: mountPoints /var/log/datadog",
        Nothing("the image declares a volume there, and ECS fills one at that path with its owner"),
    ),
    (OF_USER_100, "datadog-init: mountPoints ", NO_AGENT),
    (OF_USER_100, "datadog-init: command", Shows(&["+ datadog-agent ends with 1", "+ the task stops"])),
    (NOT_ON_FARGATE, "datadog-init: command", Shows(&["- check cpu is scheduled"])),
    (&[], "datadog-init: command", Shows(&["- check ecs_fargate is scheduled"])),
    (&[], "datadog-init: line cp ", NO_AGENT),
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
    (&[], "datadog-init: line from=", Shows(&["+ datadog-agent does not start"])),
    (&[], "datadog-init: line to=", Shows(&["+ datadog-agent does not start"])),
    (&[], "datadog-init: line missing=", Shows(&["+ datadog-agent does not start"])),
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
    (FILES, "datadog-init: line put() {", Shows(&["+ datadog-agent does not start"])),
    (FILES, "datadog-init: line mkdir -p ", NO_AGENT),
    (FILES, "datadog-init: line [ \"$(cat ", Shows(&["+ datadog-agent does not start"])),
    (FILES, "datadog-init: line }", Shows(&["+ datadog-agent does not start"])),
    (FILES, "datadog-init: line umask ", Nothing("is what a runtime begins with by itself, said aloud")),
    (&[], "datadog-init: line ", GUARD),
    (&[], "datadog-init: essential", Shows(&["+ the task stops"])),
    (
        &[],
        "datadog-init: readonlyRootFilesystem",
        Shows(&["- the root of datadog-init is read-only", "+ the root of datadog-init is writable"]),
    ),
    (
        &[],
        "datadog-init: user",
        Nothing("the stock image's own user is root; an image of one's own may have another"),
    ),
    (&[], "datadog-init: memory", SIZE),
    (&[], "datadog-init: startTimeout", SIZE),
    // The Agent's directories.
    (
        OF_AN_IMAGE,
        "datadog-agent: mountPoints /var/run/datadog",
        Shows(&[
            "+ traces do not reach unix:///var/run/datadog/apm.socket",
            "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
        ]),
    ),
    (
        OF_AN_IMAGE,
        "datadog-agent: mountPoints ",
        Nothing("the image declares a volume there, which ECS makes writable by itself"),
    ),
    (
        NOT_ON_FARGATE,
        "datadog-agent: mountPoints /etc/datadog-agent",
        Shows(&["+ datadog-agent ends with 1", "+ the task stops"]),
    ),
    (
        &[],
        "datadog-agent: mountPoints /etc/datadog-agent",
        Shows(&["+ datadog-agent ends with 123", "+ the task stops"]),
    ),
    (
        &[],
        "datadog-agent: mountPoints /opt/datadog-agent/run",
        Shows(&["- Remote Configuration is on", "- offsets of logs are kept"]),
    ),
    (
        PORTS,
        "datadog-agent: mountPoints /var/run/datadog",
        Nothing("no socket is made; who switches one on finds the directory"),
    ),
    (
        DEAF,
        "datadog-agent: mountPoints /var/run/datadog",
        Nothing("no socket is made; who switches one on finds the directory"),
    ),
    (
        &[],
        "datadog-agent: mountPoints /var/run/datadog",
        Shows(&[
            "- listens on stream:/var/run/datadog/apm.socket",
            "- listens on datagram:/var/run/datadog/dsd.socket",
            "+ traces do not reach unix:///var/run/datadog/apm.socket",
            "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
        ]),
    ),
    (&[], "datadog-agent: mountPoints /tmp", Shows(&["- a flare is made"])),
    (
        &[],
        "datadog-agent: mountPoints /var/log/datadog",
        Nothing("the image declares a volume there, which ECS makes writable by itself"),
    ),
    // The order.
    (
        OF_USER_100,
        "datadog-agent: dependsOn datadog-init",
        Shows(&[
            "- datadog-init ends before datadog-agent starts",
            "+ datadog-agent ends with 1",
            "+ the task stops",
        ]),
    ),
    (
        &[],
        "datadog-agent: dependsOn datadog-init",
        Shows(&[
            "- datadog-init ends before datadog-agent starts",
            "+ datadog-agent starts before datadog-init",
        ]),
    ),
    (
        WAITS,
        "app: dependsOn datadog-agent",
        Shows(&["- datadog-agent starts before app", "+ app starts before datadog-agent"]),
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
        PORTS,
        "datadog-agent: environment DD_APM_RECEIVER_SOCKET",
        Shows(&["+ listens on stream:/var/run/datadog/apm.socket"]),
    ),
    (DEAF, "datadog-agent: environment DD_APM_RECEIVER_SOCKET", Nothing("the trace Agent is off")),
    (&[], "datadog-agent: environment DD_APM_RECEIVER_SOCKET", DEFAULT),
    (
        &[],
        "datadog-agent: environment DD_APM_RECEIVER_PORT",
        Shows(&["+ traces do not reach http://127.0.0.1:8127"]),
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
        &[],
        "datadog-agent: environment DD_DOGSTATSD_PORT",
        Shows(&["+ metrics do not reach udp://127.0.0.1:8135"]),
    ),
    (
        &[],
        "datadog-agent: environment DD_DISABLE_FILE_LOGGING",
        Shows(&["+ there is /var/log/datadog/agent.log", "+ there is /var/log/datadog/trace-agent.log"]),
    ),
    (&["names of one's own"], "datadog-agent: environment DD_SITE", Shows(&["+ sends to datadoghq.com"])),
    (&[], "datadog-agent: environment DD_SITE", DEFAULT),
    (&[], "datadog-agent: secrets DD_API_KEY", Shows(&["+ datadog-agent ends with 1", "+ the task stops"])),
    // The rest of the Agent.
    (WAITS, "datadog-agent: healthCheck", Shows(&["+ app does not start"])),
    (&[], "datadog-agent: healthCheck", Shows(&["- datadog-agent is healthy"])),
    (&[], "datadog-agent: user", Shows(&["- runs as user 100", "+ runs as user 0"])),
    (
        &[],
        "datadog-agent: readonlyRootFilesystem",
        Shows(&["- the root of datadog-agent is read-only", "+ the root of datadog-agent is writable"]),
    ),
    (
        &[],
        "datadog-agent: essential",
        Nothing("true is what ECS takes its absence for; false shows only where the Agent ends"),
    ),
    (&[], "datadog-agent: memory", SIZE),
    (&[], "datadog-agent: startTimeout", SIZE),
    (&[], "datadog-agent: stopTimeout", SIZE),
    (
        &[],
        "datadog-agent: portMappings",
        Nothing("lets others in from outside; the containers of a task share their loopback"),
    ),
    // The application.
    (
        &[],
        "app: mountPoints /var/run/datadog",
        Shows(&[
            "+ traces do not reach unix:///var/run/datadog/apm.socket",
            "+ metrics do not reach unix:///var/run/datadog/dsd.socket",
        ]),
    ),
    (&[], "app: readOnly /var/run/datadog", Shows(&["+ can replace the Agent's sockets"])),
    (&[], "app: environment DD_TRACE_AGENT_URL", Shows(&["+ no address for traces"])),
    (&[], "app: environment DD_DOGSTATSD_URL", Shows(&["+ no address for metrics"])),
    (
        &[],
        "app: readonlyRootFilesystem",
        Shows(&["- the root of app is read-only", "+ the root of app is writable"]),
    ),
    (&[], "app: dockerLabels", Nothing("an empty map of labels")),
]);
