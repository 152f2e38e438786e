//! Without a part of a job, as it was read of the Agent's image, of Nomad and of its driver for Docker (2026-11).

use super::Consequence::{self, None as Nothing, Shows};
use super::{DECLARED, DEFAULT, REFUSED, Row};

const OF_USER_100: &[&str] = &["user 100", "user 100 with every directory"];
const PORTS: &[&str] = &["ports in place of sockets"];
const DEAF: &[&str] = &["nothing listens"];
const FILES: &[&str] = &["files", "a file with brackets"];
const BRACKETS: &[&str] = &["a file with brackets"];
const IN_VAULT: &[&str] = &["an API key in Vault"];
const ANOTHER_DRIVER: &[&str] = &["a driver that ignores the volumes of images"];

const ENDS: Consequence = Shows(&["+ datadog-agent ends with 1"]);
const NOT_STARTED: Consequence = Shows(&["+ datadog-agent does not start"]);

/// The rows.
pub(in super::super) const ROWS: &[Row] = &[
    // The group.
    (
        PORTS,
        "group: Networks",
        Shows(&["+ traces do not reach http://{agent}:8127", "+ metrics do not reach udp://{agent}:8135"]),
    ),
    // The copy.
    (&[], "datadog-init: command", Shows(&["- check cpu is scheduled"])),
    (&[], "datadog-init: line cp ", NOT_STARTED),
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
    // Docker's volumes for what the image declares are each container's own, so nobody hands them over.
    (OF_USER_100, "datadog-init: mount /var/run/s6", ENDS),
    (
        OF_USER_100,
        "datadog-init: mount /var/log/datadog",
        Shows(&["- there is /var/log/datadog/agent.log", "- there is /var/log/datadog/trace-agent.log"]),
    ),
    (&[], "datadog-init: Lifecycle Hook", REFUSED),
    (&[], "datadog-init: Lifecycle Sidecar", Nothing("false is what Nomad takes its absence for")),
    // The Agent's directories.
    (&[], "datadog-agent: mount /etc/datadog-agent/conf.d/", Shows(&["- check http_check is scheduled"])),
    (
        FILES,
        "datadog-agent: mount /etc/datadog-agent/datadog.yaml",
        Nothing("the start scripts make an empty file, and no check here asks for the listener"),
    ),
    (&[], "datadog-agent: mount /etc/datadog-agent", ENDS),
    (ANOTHER_DRIVER, "datadog-agent: mount /var/run/s6", ENDS),
    (&[], "datadog-agent: mount /var/run/s6", DECLARED),
    (FILES, "datadog-agent: read-only /etc/datadog-agent/", Nothing("the Agent only reads there")),
    // What templates make.
    (&[], "datadog-agent: template secrets/datadog.env", ENDS),
    (&[], "datadog-agent: Envvars secrets/datadog.env", ENDS),
    (&[], "datadog-agent: DestPath ", REFUSED),
    (&[], "datadog-agent: EmbeddedTmpl ", REFUSED),
    (&[], "datadog-agent: ErrMissingKey ", Nothing("every item is there in a sandbox")),
    (&[], "datadog-agent: ChangeMode ", Nothing("no file of a sandbox changes after it is made")),
    (
        FILES,
        "datadog-agent: template local/datadog-files/CONFIG_FILE_DATADOG_YAML",
        Nothing("Docker makes a directory of it, and no check here asks for the listener"),
    ),
    (FILES, "datadog-agent: template local/", Shows(&["- check http_check is scheduled"])),
    (BRACKETS, "datadog-agent: LeftDelim ", NOT_STARTED),
    (BRACKETS, "datadog-agent: RightDelim ", Nothing("what is never opened is never closed")),
    (IN_VAULT, "datadog-agent: vault", NOT_STARTED),
    (
        IN_VAULT,
        "datadog-agent: Vault ",
        Nothing("keeps Vault's token from the Agent, which does not look for it"),
    ),
    // The Agent's variables.
    (
        &[],
        "datadog-agent: environment DD_HOSTNAME",
        Nothing("an Agent of a sandbox does not look for a name of its machine"),
    ),
    (DEAF, "datadog-agent: environment DD_APM_ENABLED", Shows(&["+ listens on tcp:0.0.0.0:8126"])),
    (&[], "datadog-agent: environment DD_APM_ENABLED", DEFAULT),
    // The rest of the Agent.
    (&[], "datadog-agent: restart", Nothing("nobody restarts anything in a sandbox")),
];
