//! The resource `DatadogAgent` of Datadog's operator (datadog-operator, api/datadoghq/v2alpha1, read 2026-11).

use super::super::Placing;
use super::{Draft, FileKind, Installation, Words};
use crate::document::Node;
use crate::render::Unwritable;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::workload::Workload;

const OPERATOR: Words = Words {
    name: "the operator",
    variables: &[
        ("DD_CHECKS_TAG_CARDINALITY", &["spec", "global", "checksTagCardinality"]),
        ("DD_CLUSTER_NAME", &["spec", "global", "clusterName"]),
        ("DD_DOGSTATSD_TAG_CARDINALITY", &["spec", "features", "dogstatsd", "tagCardinality"]),
        ("DD_LOG_LEVEL", &["spec", "global", "logLevel"]),
        ("DD_SITE", &["spec", "global", "site"]),
    ],
    flags: &[
        ("DD_DOGSTATSD_ORIGIN_DETECTION", &["spec", "features", "dogstatsd", "originDetectionEnabled"]),
        (
            "DD_DOGSTATSD_ORIGIN_DETECTION_CLIENT",
            &["spec", "features", "dogstatsd", "originDetectionEnabled"],
        ),
        (
            "DD_LOGS_CONFIG_CONTAINER_COLLECT_ALL",
            &["spec", "features", "logCollection", "containerCollectAll"],
        ),
        ("DD_LOGS_ENABLED", &["spec", "features", "logCollection", "enabled"]),
    ],
    health_port: &["spec", "override", "nodeAgent", "containers", "agent", "healthPort"],
};

/// Containers of the Agent of a node that need no more than the Agent itself.
const CONTAINERS: [&str; 2] = ["agent", "trace-agent"];

/// The containers that prepare the configuration, and the one that the operator puts beside them where a program looks into the kernel:
/// service discovery is on by itself from 7.78 of the Agent on (feature/servicediscovery, read 2026-11).
const INIT_CONTAINERS: [&str; 3] = ["init-config", "init-volume", "seccomp-setup"];

/// What Datadog's own examples call it; the operator names what it makes after it.
const RESOURCE: &str = "datadog";

const NODE_AGENT: [&str; 3] = ["spec", "override", "nodeAgent"];

/// The settings as a resource.
pub fn datadog_agent(
    settings: &Settings,
    workload: &Workload,
    placing: &Placing<'_>,
) -> Result<Installation, Unwritable> {
    let mut draft = Draft::new(settings, workload, &OPERATOR)?;
    draft.set(&["apiVersion"], "datadoghq.com/v2alpha1");
    draft.set(&["kind"], "DatadogAgent");
    draft
        .set(&["metadata"], Node::from([("name", RESOURCE.into()), ("namespace", placing.namespace.into())]));
    draft.set(&of_the_node(&["tolerations"]), placing.tolerations.clone());
    api_key(&mut draft);
    let variables = draft.variables();
    if !variables.is_empty() {
        draft.set(&of_the_node(&["env"]), variables);
    }
    let image = match &settings.image {
        Text::Known(image) => image.as_str().into(),
        Text::Unknown => Node::Unknown,
    };
    draft.set(&of_the_node(&["image", "name"]), image);
    draft.set(&["spec", "global", "tags"], draft.tags());
    receivers(&mut draft);
    containers(&mut draft);
    files(&mut draft);
    draft.tell_what_nobody_says();
    Ok(draft.done())
}

/// A place in what is said of the Agent of a node.
fn of_the_node<'p>(rest: &[&'p str]) -> Vec<&'p str> {
    NODE_AGENT.iter().copied().chain(rest.iter().copied()).collect()
}

fn api_key(draft: &mut Draft<'_>) {
    let Some(key) = &draft.settings.api_key else { return };
    let (name, key) = match &key.reference {
        Text::Known(reference) => {
            let (name, key) = reference.split_once('/').unwrap_or((reference, ""));
            (name.into(), key.into())
        }
        Text::Unknown => (Node::Unknown, Node::Unknown),
    };
    let secret = Node::from([("secretName", name), ("keyName", key)]);
    draft.set(&["spec", "global", "credentials", "apiSecret"], secret);
}

fn receivers(draft: &mut Draft<'_>) {
    let (apm, dogstatsd) = (&draft.settings.apm, &draft.settings.dogstatsd);
    draft.set(&["spec", "features", "apm", "enabled"], apm.enabled);
    let (apm_port, dogstatsd_port) = (draft.apm_port(), draft.dogstatsd_port());
    draft.set(&["spec", "features", "dogstatsd", "nonLocalTraffic"], dogstatsd_port.is_some());
    for (feature, socket, port) in [
        ("apm", apm.enabled && apm.socket, apm_port),
        ("dogstatsd", dogstatsd.enabled && dogstatsd.socket, dogstatsd_port),
    ] {
        draft.set(&["spec", "features", feature, "unixDomainSocketConfig", "enabled"], socket);
        let port = port.map(|port| Node::from([("enabled", true.into()), ("hostPort", port.into())]));
        let port = port.unwrap_or_else(|| Node::from([("enabled", false.into())]));
        draft.set(&["spec", "features", feature, "hostPortConfig"], port);
    }
}

fn containers(draft: &mut Draft<'_>) {
    for name in CONTAINERS {
        let context = draft.agent.get("securityContext").clone();
        draft.set(&of_the_node(&["containers", name, "securityContext"]), context);
    }
    let resources = draft.agent.get("resources").clone();
    draft.set(&of_the_node(&["containers", "agent", "resources"]), resources);
    for name in INIT_CONTAINERS {
        for key in ["resources", "securityContext"] {
            let said = draft.init.get(key).clone();
            draft.set(&of_the_node(&["containers", name, key]), said);
        }
    }
    if draft.settings.written.is_anywhere("health_check") {
        for probe in ["livenessProbe", "readinessProbe"] {
            let said = draft.agent.get("livenessProbe").clone();
            draft.set(&of_the_node(&["containers", "agent", probe]), said);
        }
    }
}

fn files(draft: &mut Draft<'_>) {
    for (kind, content) in draft.files() {
        match kind {
            FileKind::Check(name) => {
                draft.set(&of_the_node(&["extraConfd", "configDataMap", &name]), content)
            }
            FileKind::Program(name) => {
                draft.set(&of_the_node(&["extraChecksd", "configDataMap", &name]), content);
            }
            FileKind::Main => {
                draft.set(&of_the_node(&["customConfigurations", "datadog.yaml", "configData"]), content);
            }
        }
    }
}
