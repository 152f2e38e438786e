//! Without a part of a manifest, as it was read of the Agent's image and of Kubernetes (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::{DEFAULT, NO_SOCKETS, REFUSED, Row};

const OF_USER_100: &[&str] = &["user 100", "user 100 with every directory", "on a node, user 100"];
const USER_100_OF_A_NODE: &[&str] = &["on a node, user 100"];
const PORTS_OF_A_NODE: &[&str] = &["on a node, ports"];
const PORTS: &[&str] = &["ports in place of sockets", "on a node, ports"];
const DEAF: &[&str] = &["nothing listens"];
const FILES: &[&str] = &["files"];
const WAITS: &[&str] = &["waits until healthy"];
const ON_FARGATE: &[&str] = &["on EKS Fargate"];
const ON_A_NODE: &[&str] = &["on a node", "on a node, user 100", "on a node, ports"];

const NO_AGENT: Consequence = Shows(&["+ datadog-init ends with 1", "+ datadog-agent does not start"]);
const ENDS: Consequence = Shows(&["+ datadog-agent ends with 1"]);
const NOT_HERE: Consequence =
    Nothing("decides where a Pod runs, how it ends or what it may ask: a sandbox has one node");
const ONLY_TIGHTER: Consequence =
    Nothing("takes away what no program here asks for: set-user-id programs, capabilities, system calls");

/// The rows.
pub(in super::super) const ROWS: &[Row] = &[
    // The Pods.
    (&[], "Deployment: volumes ", REFUSED),
    (ON_A_NODE, "DaemonSet: volumes ", REFUSED),
    (ON_A_NODE, "DaemonSet: ", NOT_HERE),
    (FILES, "ConfigMap: data ", REFUSED),
    // The copy.
    (&[], "datadog-init: mount ", NO_AGENT),
    (ON_FARGATE, "datadog-init: command", ENDS),
    (ON_A_NODE, "datadog-init: command", Shows(&["- check kubelet is scheduled"])),
    (&[], "datadog-init: command", Shows(&["- check cpu is scheduled"])),
    (&[], "datadog-init: line cp ", NO_AGENT),
    (USER_100_OF_A_NODE, "datadog-init: line chown ", NO_SOCKETS),
    (
        OF_USER_100,
        "datadog-init: line chown ",
        Nothing(
            "an emptyDir is everybody's; the image's own supervisor also looks at who owns its directory",
        ),
    ),
    (&[], "datadog-init: capability ", NO_AGENT),
    (&[], "datadog-init: securityContext ", ONLY_TIGHTER),
    // The Agent's directories.
    (&[], "datadog-agent: mount /etc/datadog-agent/auth", ENDS),
    (FILES, "datadog-agent: mount /etc/datadog-agent/conf.d/", Shows(&["- check http_check is scheduled"])),
    (
        FILES,
        "datadog-agent: mount /etc/datadog-agent/datadog.yaml",
        Nothing("the start scripts make an empty file, and no check here asks for the listener"),
    ),
    (&[], "datadog-agent: mount /etc/datadog-agent", ENDS),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: mount /var/run/datadog",
        Nothing("no socket is made; who switches one on finds the directory"),
    ),
    (&[], "datadog-agent: mount /var/run/s6", ENDS),
    (
        &[],
        "datadog-agent: mount /var/log/datadog",
        Shows(&["- there is /var/log/datadog/agent.log", "- there is /var/log/datadog/trace-agent.log"]),
    ),
    (ON_A_NODE, "datadog-agent: mount /host/proc", Shows(&["- check network is scheduled"])),
    (ON_A_NODE, "datadog-agent: mount /host/", Nothing("what is measured there is not in a sandbox")),
    (ON_A_NODE, "datadog-agent: read-only /", Nothing("the Agent only reads there")),
    (
        FILES,
        "datadog-agent: read-only /",
        Nothing("the kubelet lets nobody write configuration, whatever the mount says"),
    ),
    // The order.
    (&[], "datadog-agent: restartPolicy", Shows(&["+ app does not start"])),
    (
        WAITS,
        "datadog-agent: startupProbe",
        Nothing("the order stays, and in a sandbox what has started is healthy at once"),
    ),
    (WAITS, "datadog-agent: health check", Nothing("the other probe is asked the same")),
    (
        ON_A_NODE,
        "datadog-agent: readinessProbe",
        Nothing("tells the DaemonSet when the next Pods may be replaced"),
    ),
    (ON_A_NODE, "datadog-agent: health check", Nothing("the other probe is asked the same")),
    // The Agent's variables.
    (ON_FARGATE, "datadog-agent: environment DD_EKS_FARGATE", Shows(&["- check eks_fargate is scheduled"])),
    (ON_A_NODE, "datadog-agent: environment KUBERNETES", Shows(&["- check kubelet is scheduled"])),
    (&[], "datadog-agent: environment DD_KUBERNETES_KUBELET_", Nothing("there is no kubelet in a sandbox")),
    (
        &[],
        "datadog-agent: environment DD_HOSTNAME",
        Nothing("an Agent of a sandbox does not look for a name of its machine"),
    ),
    (
        &[],
        "datadog-agent: environment DD_AUTH_TOKEN_FILE_PATH",
        Nothing("its usual place can be written as well, until the configuration is mounted read-only"),
    ),
    (DEAF, "datadog-agent: environment DD_APM_ENABLED", Shows(&["+ listens on tcp:0.0.0.0:8126"])),
    (&[], "datadog-agent: environment DD_APM_ENABLED", DEFAULT),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: environment DD_APM_RECEIVER_SOCKET",
        Shows(&["+ listens on stream:/var/run/datadog/apm.socket"]),
    ),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: environment DD_APM_RECEIVER_PORT",
        Shows(&["+ traces do not reach http://{agent}:8127"]),
    ),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: environment DD_APM_NON_LOCAL_TRAFFIC",
        Nothing("a trace Agent that knows that it is in a container is open to others by itself"),
    ),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: environment DD_DOGSTATSD_SOCKET",
        Shows(&["+ listens on datagram:/var/run/datadog/dsd.socket"]),
    ),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: environment DD_DOGSTATSD_NON_LOCAL_TRAFFIC",
        Shows(&["+ listens on udp:8135"]),
    ),
    (
        PORTS_OF_A_NODE,
        "datadog-agent: environment DD_DOGSTATSD_PORT",
        Shows(&["+ metrics do not reach udp://{agent}:8135"]),
    ),
    (
        &[],
        "datadog-agent: environment DD_DISABLE_FILE_LOGGING",
        Nothing("nothing can be written where the logs would go, which the Agent says and goes on"),
    ),
    // The rest of the Agent.
    (OF_USER_100, "datadog-agent: securityContext runAsUser", REFUSED),
    (
        OF_USER_100,
        "datadog-agent: securityContext runAsNonRoot",
        Nothing("says again what runAsUser says, for an admission that asks"),
    ),
    // The copies in the configuration are of the image's user, and the supervisor is root.
    (&[], "datadog-agent: capability DAC_OVERRIDE", ENDS),
    (
        &[],
        "datadog-agent: capability ",
        Nothing("the stand-in for the image's supervisor starts everything as its own user"),
    ),
    (&[], "datadog-agent: securityContext ", ONLY_TIGHTER),
    (
        PORTS,
        "datadog-agent: ports",
        Nothing("lets in who comes from outside, and the loopback of a sandbox is everybody's"),
    ),
    // The application.
    (
        PORTS_OF_A_NODE,
        "app: environment DD_AGENT_HOST",
        Shows(&["+ no address for traces", "+ no address for metrics"]),
    ),
    (
        PORTS_OF_A_NODE,
        "app: environment DD_TRACE_AGENT_PORT",
        Shows(&["+ traces do not reach http://{agent}:8126"]),
    ),
    (
        PORTS_OF_A_NODE,
        "app: environment DD_DOGSTATSD_PORT",
        Shows(&["+ metrics do not reach udp://{agent}:8125"]),
    ),
];
