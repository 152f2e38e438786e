//! The Agent of a node: a DaemonSet, and what it may ask the cluster for.

use super::super::Unwritable;
use super::{Parts, parts_of_a_pod_of_its_own};
use crate::document::{Node, Object};
use crate::rofs::workload::Workload;

/// What the objects are called, and where they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Placing<'p> {
    /// Name of every object but the ConfigMap.
    pub name: &'p str,
    /// Namespace of those that are in one.
    pub namespace: &'p str,
    /// Tolerations of the Pods, as Kubernetes has them; null for none.
    pub tolerations: Node,
    /// Seconds between the stop signal and the kill.
    pub stop_timeout: Option<i64>,
}

/// What the Agent of a node asks the cluster for, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// The API groups; the first one of Kubernetes has an empty name.
    pub api_groups: &'static [&'static str],
    /// The resources in them.
    pub resources: &'static [&'static str],
    /// What is done with them.
    pub verbs: &'static [&'static str],
    /// What it is for, in a sentence.
    pub purpose: &'static str,
}

/// Everything that the Agent of a node may ask for. No Cluster Agent is part of this, so what only that one needs is not here: events,
/// leases and ConfigMaps (Datadog's Helm chart 3.240.0, templates/rbac.yaml, and datadog-operator, component/agent/rbac.go, read
/// 2026-11).
pub const PERMISSIONS: [Permission; 3] = [
    Permission {
        api_groups: &[""],
        resources: &["nodes/metrics", "nodes/proxy", "nodes/spec", "nodes/stats"],
        verbs: &["get"],
        purpose: "The kubelet of the node: which Pods it runs, and what they use. `nodes/proxy` covers the list of Pods, which has a \
                  resource of its own only where the cluster has KubeletFineGrainedAuthz.",
    },
    Permission {
        api_groups: &[""],
        resources: &["nodes"],
        verbs: &["get"],
        purpose: "The labels of the node, which become tags of the host.",
    },
    Permission {
        api_groups: &[""],
        resources: &["endpoints", "namespaces", "pods", "services"],
        verbs: &["get", "list", "watch"],
        purpose: "Which Services and namespaces a Pod belongs to, for its tags.",
    },
];

/// Pods of a DaemonSet that are replaced at a time.
const MOST_UNAVAILABLE: &str = "10%";

/// The objects of the Agent of a node, in the order in which they can be applied.
pub fn daemon_set(workload: &Workload, placing: &Placing<'_>) -> Result<Vec<Node>, Unwritable> {
    let Parts { init, mut agent, volumes, config_maps, .. } =
        parts_of_a_pod_of_its_own(workload, placing.name)?;
    open_on_the_node(&mut agent);
    tell_when_ready(&mut agent);
    let mut objects = access(placing);
    objects.extend(config_maps.into_iter().map(|map| in_namespace(map, placing)));
    let mut spec = Object::from_iter([
        ("serviceAccountName".to_owned(), Node::from(placing.name)),
        ("nodeSelector".to_owned(), Node::from([("kubernetes.io/os", "linux".into())])),
        ("initContainers".to_owned(), init.into()),
        ("containers".to_owned(), vec![agent].into()),
        ("volumes".to_owned(), volumes.into()),
    ]);
    if workload.containers.iter().any(|container| container.sees_the_machines_processes) {
        spec.insert("hostPID".to_owned(), true.into());
    }
    if !placing.tolerations.is_null() {
        spec.insert("tolerations".to_owned(), placing.tolerations.clone());
    }
    if let Some(seconds) = placing.stop_timeout {
        spec.insert("terminationGracePeriodSeconds".to_owned(), seconds.into());
    }
    let selected = Node::from([(NAME, placing.name.into())]);
    // Datadog's admission controller would wire the Agent to itself.
    let labels =
        Node::from([(NAME, placing.name.into()), ("admission.datadoghq.com/enabled", "false".into())]);
    let rolling = Node::from([("maxUnavailable", MOST_UNAVAILABLE.into())]);
    objects.push(object(
        "apps/v1",
        "DaemonSet",
        placing,
        true,
        [(
            "spec",
            Node::from([
                ("selector", Node::from([("matchLabels", selected)])),
                (
                    "updateStrategy",
                    Node::from([("type", "RollingUpdate".into()), ("rollingUpdate", rolling)]),
                ),
                (
                    "template",
                    Node::from([
                        ("metadata", Node::from([("labels", labels)])),
                        ("spec", Node::Object(spec)),
                    ]),
                ),
            ]),
        )],
    ));
    Ok(objects)
}

/// The label by which the DaemonSet knows its Pods (Kubernetes' page on recommended labels, read 2026-11).
const NAME: &str = "app.kubernetes.io/name";

/// Who the Agent is for the cluster, and what it may ask for.
fn access(placing: &Placing<'_>) -> Vec<Node> {
    let rules: Vec<Node> = PERMISSIONS.iter().map(rule).collect();
    let subject = Node::from([
        ("kind", "ServiceAccount".into()),
        ("name", placing.name.into()),
        ("namespace", placing.namespace.into()),
    ]);
    let role = Node::from([
        ("apiGroup", "rbac.authorization.k8s.io".into()),
        ("kind", "ClusterRole".into()),
        ("name", placing.name.into()),
    ]);
    const RBAC: &str = "rbac.authorization.k8s.io/v1";
    vec![
        object("v1", "ServiceAccount", placing, true, []),
        object(RBAC, "ClusterRole", placing, false, [("rules", rules.into())]),
        object(
            RBAC,
            "ClusterRoleBinding",
            placing,
            false,
            [("roleRef", role), ("subjects", vec![subject].into())],
        ),
    ]
}

fn rule(permission: &Permission) -> Node {
    Node::from([
        ("apiGroups", permission.api_groups.to_vec().into()),
        ("resources", permission.resources.to_vec().into()),
        ("verbs", permission.verbs.to_vec().into()),
    ])
}

fn object<const N: usize>(
    version: &str,
    kind: &str,
    placing: &Placing<'_>,
    is_in_a_namespace: bool,
    members: [(&str, Node); N],
) -> Node {
    let metadata = Node::from([("name", placing.name.into())]);
    let head = [("apiVersion", version.into()), ("kind", kind.into()), ("metadata", metadata)];
    let object: Node = head.into_iter().chain(members).map(|(key, node)| (key.to_owned(), node)).collect();
    if is_in_a_namespace { in_namespace(object, placing) } else { object }
}

fn in_namespace(mut object: Node, placing: &Placing<'_>) -> Node {
    if let Node::Object(members) = &mut object
        && let Some(Node::Object(metadata)) = members.get_mut("metadata")
    {
        metadata.insert("namespace".to_owned(), placing.namespace.into());
    }
    object
}

/// The next Pods are replaced when these are ready, so that is asked as well.
fn tell_when_ready(agent: &mut Node) {
    let Node::Object(members) = agent else { return };
    let probe = members.get("livenessProbe").cloned();
    if let Some(probe) = probe {
        members.insert("readinessProbe".to_owned(), probe);
    }
}

/// Pods reach the Agent at the address of their node, so its ports are the node's as well.
fn open_on_the_node(agent: &mut Node) {
    let Node::Object(members) = agent else { return };
    let Some(Node::Array(ports)) = members.get_mut("ports") else { return };
    for port in ports {
        let number = port.get("containerPort").clone();
        if let Node::Object(members) = port {
            members.insert("hostPort".to_owned(), number);
        }
    }
}
