//! Values of Datadog's Helm chart (helm-charts, charts/datadog 3.240.0, values.yaml and templates, read 2026-11).

use super::super::Placing;
use super::{DOGSTATSD_PORT, Draft, FileKind, Installation, Unsaid, Words};
use crate::document::{Node, yaml};
use crate::render::Unwritable;
use crate::rofs::image_reference::Image;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::workload::Workload;

const CHART: Words = Words {
    name: "the chart",
    variables: &[
        ("DD_CHECKS_TAG_CARDINALITY", &["datadog", "checksCardinality"]),
        ("DD_CLUSTER_NAME", &["datadog", "clusterName"]),
        ("DD_DOGSTATSD_TAG_CARDINALITY", &["datadog", "dogstatsd", "tagCardinality"]),
        ("DD_LOG_LEVEL", &["datadog", "logLevel"]),
        ("DD_SITE", &["datadog", "site"]),
    ],
    flags: &[
        ("DD_DOGSTATSD_ORIGIN_DETECTION", &["datadog", "dogstatsd", "originDetection"]),
        ("DD_DOGSTATSD_ORIGIN_DETECTION_CLIENT", &["datadog", "dogstatsd", "originDetection"]),
        ("DD_LOGS_CONFIG_CONTAINER_COLLECT_ALL", &["datadog", "logs", "containerCollectAll"]),
        ("DD_LOGS_ENABLED", &["datadog", "logs", "enabled"]),
    ],
    health_port: &["agents", "containers", "agent", "healthPort"],
};

/// The one entry of a Secret that the chart reads the API key from.
const KEY_OF_THE_SECRET: &str = "api-key";

/// The chart's containers that an Agent of a node may have.
const CONTAINERS: [&str; 5] = ["agent", "processAgent", "securityAgent", "systemProbe", "traceAgent"];

/// How the names of the variables begin that the chart sets in one of these containers behind those of `datadog.envDict`, so that its
/// own would win. What is said of a container stands behind both.
const SET_LATER: [&str; 36] = [
    "DD_AC_",
    "DD_AGENT_IPC_",
    "DD_APM_",
    "DD_AUTOSCALING_",
    "DD_CEL_",
    "DD_CLUSTER_AGENT_",
    "DD_COLLECT_KUBERNETES_EVENTS",
    "DD_COMPLIANCE_",
    "DD_CONTAINER_",
    "DD_CRI_SOCKET_PATH",
    "DD_DATA_PLANE_",
    "DD_DOGSTATSD_",
    "DD_ENABLE_NVML_DETECTION",
    "DD_EXPVAR_PORT",
    "DD_EXTRA_CONFIG_PROVIDERS",
    "DD_GPU_",
    "DD_HEALTH_PORT",
    "DD_IGNORE_AUTOCONF",
    "DD_INSTRUMENTATION_",
    "DD_KUBELET_CORE_CHECK_ENABLED",
    "DD_KUBERNETES_KUBELET_PODRESOURCES_SOCKET",
    "DD_KUBERNETES_KUBE_SERVICE_",
    "DD_LEADER_",
    "DD_LOGS_",
    "DD_NETWORK_PATH_",
    "DD_ORCHESTRATOR_EXPLORER_",
    "DD_ORIGIN_DETECTION_",
    "DD_OTELCOLLECTOR_",
    "DD_OTLP_CONFIG_",
    "DD_PROCESS_",
    "DD_PROMETHEUS_",
    "DD_REMOTE_AGENT_REGISTRY_",
    "DD_RUNTIME_SECURITY_",
    "DD_SBOM_",
    "DD_STRIP_PROCESS_ARGS",
    "DD_SYSTEM_PROBE_",
];

/// The settings as values of the chart.
pub fn values(
    settings: &Settings,
    workload: &Workload,
    placing: &Placing<'_>,
) -> Result<Installation, Unwritable> {
    let mut draft = Draft::new(settings, workload, &CHART)?;
    api_key(&mut draft);
    image(&mut draft);
    variables(&mut draft);
    receivers(&mut draft);
    containers(&mut draft);
    files(&mut draft);
    draft.set(&["datadog", "tags"], templated(&draft.tags()));
    draft.set(&["agents", "tolerations"], placing.tolerations.clone());
    let seconds = placing.stop_timeout.map_or(Node::Null, Node::from);
    draft.set(&["agents", "terminationGracePeriodSeconds"], seconds);
    draft.tell_what_nobody_says();
    Ok(draft.done())
}

fn api_key(draft: &mut Draft<'_>) {
    let Some(Text::Known(reference)) = draft.settings.api_key.as_ref().map(|key| &key.reference) else {
        let is_unknown = draft.settings.api_key.is_some();
        draft.set(&["datadog", "apiKeyExistingSecret"], if is_unknown { Node::Unknown } else { Node::Null });
        return;
    };
    let (name, key) = reference.split_once('/').unwrap_or((reference, ""));
    draft.set(&["datadog", "apiKeyExistingSecret"], name);
    if key != KEY_OF_THE_SECRET {
        draft.unsaid(
            "api_key_secret",
            format!("the chart reads the key of a Secret's entry `{KEY_OF_THE_SECRET}`, whatever else the Secret has."),
        );
    }
}

/// The chart writes the reference together again, and asks the tag for the version unless it is told not to.
fn image(draft: &mut Draft<'_>) {
    let Text::Known(text) = &draft.settings.image else {
        draft.set(&["agents", "image", "repository"], Node::Unknown);
        return;
    };
    let Some(image) = Image::parse(text) else { return };
    draft.set(&["agents", "image", "repository"], image.repository);
    // Beside a digest the tag is only asked for the version.
    let version = image.digest.and(draft.settings.image_version.as_deref());
    let tag = version.or(image.tag);
    draft.set(&["agents", "image", "tag"], tag.map_or(Node::Null, Node::from));
    draft.set(&["agents", "image", "digest"], image.digest.map_or(Node::Null, Node::from));
    let is_version =
        |tag: &str| tag.split('.').count() == 3 && tag.starts_with(|first: char| first.is_ascii_digit());
    if !tag.is_some_and(is_version) {
        draft.set(&["agents", "image", "doNotCheckTag"], true);
    }
    if image.tag.is_none() && image.digest.is_none() {
        draft.set(&["agents", "image", "tag"], "latest");
    }
}

/// As maps, because the chart's lists lose a value that is empty.
fn variables(draft: &mut Draft<'_>) {
    for variable in draft.variables() {
        let name = variable.get("name").as_str().unwrap_or_default();
        let from = variable.get("valueFrom");
        let value = match from.is_null() {
            true => variable.get("value").clone(),
            false => Node::from([("valueFrom", from.clone())]),
        };
        if !SET_LATER.iter().any(|beginning| name.starts_with(beginning)) {
            draft.set(&["datadog", "envDict", name], value);
            continue;
        }
        // Any of them may be the one that reads it, as the trace Agent does those of traces.
        for container in CONTAINERS {
            draft.set(&["agents", "containers", container, "envDict", name], value.clone());
        }
    }
    draft.set(&["datadog", "clusterName"], templated(&draft.value("DD_CLUSTER_NAME")));
}

fn receivers(draft: &mut Draft<'_>) {
    let (apm, dogstatsd) = (&draft.settings.apm, &draft.settings.dogstatsd);
    let (apm_port, dogstatsd_port) = (draft.apm_port(), draft.dogstatsd_port());
    draft.set(&["datadog", "apm", "socketEnabled"], apm.enabled && apm.socket);
    draft.set(&["datadog", "apm", "portEnabled"], apm_port.is_some());
    draft.set(&["datadog", "apm", "port"], apm_port.map_or(Node::Null, Node::from));
    draft.set(&["datadog", "dogstatsd", "useSocketVolume"], dogstatsd.enabled && dogstatsd.socket);
    draft.set(&["datadog", "dogstatsd", "useHostPort"], dogstatsd_port.is_some());
    draft.set(&["datadog", "dogstatsd", "nonLocalTraffic"], dogstatsd_port.is_some());
    draft.set(&["datadog", "dogstatsd", "port"], dogstatsd_port.unwrap_or(DOGSTATSD_PORT));
}

fn containers(draft: &mut Draft<'_>) {
    let context = draft.agent.get("securityContext").clone();
    let read_only = Node::from([("readOnlyRootFilesystem", context.get("readOnlyRootFilesystem").clone())]);
    for name in CONTAINERS {
        // Those that look into the kernel keep what the chart gives them.
        let is_plain = ["agent", "traceAgent"].contains(&name);
        let context = if is_plain { &context } else { &read_only };
        draft.set(&["agents", "containers", name, "securityContext"], context.clone());
    }
    for (name, container) in [("agent", draft.agent.clone()), ("initContainers", draft.init.clone())] {
        draft.set(&["agents", "containers", name, "resources"], container.get("resources").clone());
        draft.set(
            &["agents", "containers", name, "securityContext"],
            container.get("securityContext").clone(),
        );
    }
    // The Cluster Agent's own container has one already.
    draft.set(&["clusterAgent", "containers", "initContainers", "securityContext"], read_only);
    if draft.settings.written.is_anywhere("health_check") {
        for probe in ["livenessProbe", "readinessProbe"] {
            let said = draft.agent.get("livenessProbe").clone();
            draft.set(&["agents", "containers", "agent", probe], said);
        }
    }
}

fn files(draft: &mut Draft<'_>) {
    for (kind, content) in draft.files() {
        match kind {
            FileKind::Check(name) => draft.set(&["datadog", "confd", &name], templated(&content)),
            FileKind::Program(name) => draft.set(&["datadog", "checksd", &name], templated(&content)),
            FileKind::Main => main_file(draft, &content),
        }
    }
}

/// The chart has the main file as a map and not as a text.
fn main_file(draft: &mut Draft<'_>, content: &Node) {
    draft.set(&["agents", "useConfigMap"], true);
    let Some(text) = content.as_str() else {
        draft.set(&["agents", "customAgentConfig"], Node::Unknown);
        return;
    };
    match yaml::read(text).ok().map(|read| read.node).filter(|read| matches!(read, Node::Object(_))) {
        Some(read) => draft.set(&["agents", "customAgentConfig"], templated(&read)),
        None => draft.unsaid.push(Unsaid {
            setting: "config_files",
            instead: "the chart has `datadog.yaml` as a mapping of YAML, and the content is none.".to_owned(),
        }),
    }
}

/// Texts that Helm's template engine takes as they are: the chart runs some of its values through it.
fn templated(node: &Node) -> Node {
    match node {
        Node::String(text) => text.replace("{{", "{{ `{{` }}").into(),
        Node::Array(items) => Node::Array(items.iter().map(templated).collect()),
        Node::Object(members) => {
            let members =
                members.iter().map(|(key, value)| (key.replace("{{", "{{ `{{` }}"), templated(value)));
            members.collect()
        }
        other => other.clone(),
    }
}
