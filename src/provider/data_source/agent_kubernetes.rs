//! `ddrofs_agent_kubernetes`: the Agent as a sidecar of Pods, alone or put into the user's own manifest.
//!
//! Calls nothing and writes no file: what it gives is text and values.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Node, Path, Place, Step, yaml};
use crate::framework::{Context, DataSource};
use crate::kubernetes as objects;
use crate::merge::kubernetes::{self, Collision, CollisionKind};
use crate::render::Renderer;
use crate::render::kubernetes::{self as words, Installation, Placing};
use crate::rofs::assemble;
use crate::rofs::platform::{KubernetesKind, Platform};
use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;
use crate::rules::DocumentKind;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{Application, Target};
use super::super::agent_document::{self, AgentDocument, Finished, Joined};
use super::super::diagnostics::{self as say, Argument};
use super::super::document_value::{object, to_node, to_value, to_value_of};
use super::super::given_manifest::{self, GivenManifest, MANIFEST};
use super::super::policy_block;
use super::super::provider_block::Settled;
use super::super::unreadable::Unreadable;

/// Keys that come first where they stand, so that a person finds what they look for; the others follow by name.
const FIRST: [&str; 9] =
    ["apiVersion", "kind", "metadata", "name", "namespace", "image", "command", "args", "restartPolicy"];

/// Arguments of its own.
const MODE: &str = "mode";
const NAMESPACE: &str = "namespace";
const TOLERATIONS: &str = "tolerations";

/// The data source.
pub(in crate::provider) struct AgentKubernetes {
    settled: Arc<Settled>,
}

impl AgentKubernetes {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }
}

/// The document.
struct Manifest;

impl AgentDocument for Manifest {
    type Given<'v> = GivenManifest<'v>;

    const TARGET: Target = Target::Kubernetes;
    const KIND: DocumentKind = DocumentKind::Kubernetes;
    const ARGUMENT: Option<Argument> = Some(Argument {
        name: MANIFEST,
        holds: "The manifest is",
        document: "a manifest of Kubernetes",
        has_to_be: "an object of Kubernetes with apiVersion and kind, as YAML text, which may have several documents, or as an HCL \
                    value",
        line: "manifest = file(\"${path.module}/deployment.yaml\")",
        without_tags: "Write the value without it.",
        without_placeholders: "Give what `helm template` makes of the chart.",
    });

    fn read(value: &Value) -> Result<Given<GivenManifest<'_>>, Vec<Unreadable>> {
        given_manifest::read(value)
    }

    fn join(
        config: &Value,
        settings: &Settings,
        workload: &Workload,
        application: &Application,
        manifest: Option<&GivenManifest<'_>>,
    ) -> Joined {
        const REASON: &str = "a workload is made of what its platform has words for";
        let asked = Nodes::asked(config);
        let beside = match is_per_node(settings) {
            true => words::daemon_set(workload, &asked.placing(settings)).expect(REASON),
            false => Vec::new(),
        };
        let told = asked.problems(settings);
        if !told.is_empty() {
            return Joined { collisions: told, ..Joined::default() };
        }
        let Some(manifest) = manifest else {
            if !beside.is_empty() {
                return Joined { document: words::document_of(beside), ..Joined::default() };
            }
            let document = words::Kubernetes.document(workload).expect(REASON);
            return Joined { document, ..Joined::default() };
        };
        let joining = agent_document::joining(settings, workload, application);
        let joined = kubernetes::join(manifest.document.clone(), &joining, &beside).expect(REASON);
        let at = |collision: &Collision| match collision.is_in_what_was_asked_for() {
            true => (agent_document::asked_place(collision.kind == CollisionKind::TmpfsSize), None),
            false => (manifest.place(&collision.path), manifest.place_in_text(&collision.path)),
        };
        let told = |one: &Collision| say::document_collision(one.summary(), one, &one.path, at(one));
        Joined {
            document: joined.document,
            collisions: joined.collisions.iter().map(told).collect(),
            kept: joined.kept,
            ..Joined::default()
        }
    }

    /// The containers of all Pods by their names.
    fn names(document: &Node) -> Node {
        let specs = objects::pods(document).into_iter().map(|pod| document.at(&pod.spec()));
        let containers = specs.flat_map(|spec| {
            ["initContainers", "containers"].into_iter().flat_map(|key| spec.get(key).items())
        });
        containers
            .map(|container| Node::from([("name", container.get("name").clone())]))
            .collect::<Vec<_>>()
            .into()
    }

    fn in_settings(rule: &str) -> Option<&'static str> {
        ["agent-user-unsupported", "root-user-forbidden"].contains(&rule).then_some(
            "What the securityContext of the Pod says for the application counts for the Agent's containers too, as long as nothing \
             else is said of them. Leave it as it is, and say the Agent's user here, which counts before it, for the container that \
             prepares the volumes as well:\n\n  user = \"100\"",
        )
    }

    /// The containers that were added follow from settings.
    fn place(
        path: &Path,
        document: &Node,
        given: Option<&GivenManifest<'_>>,
        workload: &Workload,
    ) -> (AttributePath, Option<Place>) {
        let is_added = |at: usize| {
            let name = document.at(&Path(path.0[..at].to_vec())).get("name").as_str();
            name.is_some_and(|name| workload.containers.iter().any(|container| container.name == name))
        };
        let is_list = |step: &Step| matches!(step, Step::Key(key) if ["initContainers", "containers"].contains(&key.as_str()));
        let container = path.0.iter().position(is_list).map(|list| list + 2);
        match given {
            Some(given) if !container.is_some_and(|end| end <= path.0.len() && is_added(end)) => {
                // What was put before it is not in what was given.
                let place = match container {
                    Some(end) if end <= path.0.len() => as_given(path, end, document, workload),
                    _ => path.clone(),
                };
                (given.place(&place), given.place_in_text(&place))
            }
            _ => Default::default(),
        }
    }
}

/// The place of a container among those that are not the Agent's.
fn as_given(path: &Path, end: usize, document: &Node, workload: &Workload) -> Path {
    let mut place = path.clone();
    let list = document.at(&Path(path.0[..end - 1].to_vec())).items();
    if let Step::Index(index) = &mut place.0[end - 1] {
        let is_added = |container: &&Node| {
            let name = container.get("name").as_str();
            name.is_some_and(|name| workload.containers.iter().any(|one| one.name == name))
        };
        *index -= list.iter().take(*index).filter(is_added).count();
    }
    place
}

/// Where the Agents of nodes are.
struct Nodes {
    namespace: Option<String>,
    tolerations: Node,
}

/// Where Kubernetes puts what names no namespace.
const USUAL_NAMESPACE: &str = "default";

/// The members of a toleration (kubernetes/api core/v1, Toleration, read 2026-11).
const OF_A_TOLERATION: [&str; 5] = ["effect", "key", "operator", "tolerationSeconds", "value"];

impl Nodes {
    fn asked(config: &Value) -> Self {
        let namespace = config.get(NAMESPACE).as_str().map(str::to_owned);
        // A number that no document carries is no toleration either.
        let tolerations = to_node(config.get(TOLERATIONS)).unwrap_or(Node::Bool(false));
        Self { namespace, tolerations }
    }

    fn placing<'p>(&'p self, settings: &'p Settings) -> Placing<'p> {
        Placing {
            name: &settings.container_name,
            namespace: self.namespace.as_deref().unwrap_or(USUAL_NAMESPACE),
            tolerations: self.tolerations.clone(),
            stop_timeout: settings.stop_timeout,
        }
    }

    /// What is wrong with them, and where nothing reads them.
    fn problems(&self, settings: &Settings) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let is_said = [(NAMESPACE, self.namespace.is_some()), (TOLERATIONS, !self.tolerations.is_null())];
        for (name, _) in is_said.into_iter().filter(|(_, is_said)| *is_said && !is_per_node(settings)) {
            problems.push(say::only_of_a_daemon_set(name, AttributePath::root(name)));
        }
        if self.namespace.as_deref().is_some_and(|name| !words::is_name(name)) {
            problems.push(say::not_a_namespace(AttributePath::root(NAMESPACE)));
        }
        if !self.has_tolerations() {
            problems.push(say::not_tolerations(&OF_A_TOLERATION, AttributePath::root(TOLERATIONS)));
        }
        problems
    }

    /// Whether what is said to be tolerations are some, as far as that is known.
    fn has_tolerations(&self) -> bool {
        let is_one = |node: &Node| match node {
            Node::Object(members) => members.keys().all(|key| OF_A_TOLERATION.contains(&key.as_str())),
            node => node.is_unknown(),
        };
        match &self.tolerations {
            Node::Array(items) => items.iter().all(is_one),
            node => node.is_null() || node.is_unknown(),
        }
    }
}

fn is_per_node(settings: &Settings) -> bool {
    matches!(settings.platform, Platform::Kubernetes(KubernetesKind { per_node: true, .. }))
}

#[async_trait]
impl DataSource for AgentKubernetes {
    fn type_name(&self) -> &'static str {
        "ddrofs_agent_kubernetes"
    }

    fn schema(&self) -> Schema {
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let flag = |name: &str, about: &str| Attribute::new(name, Type::Bool, Mode::Optional, about);
        let mut attributes = Target::Kubernetes.attributes();
        for attribute in attributes.iter_mut().filter(|attribute| attribute.name == "api_key_secret") {
            attribute.ty = Type::object([("name", Type::String), ("key", Type::String)]);
        }
        attributes.extend([
            Attribute::new(MANIFEST, Type::Dynamic, Mode::Optional, "The application's own objects of Kubernetes, as YAML text, which may have several documents, or as the same structure written in HCL: Pod, PodTemplate, ReplicationController, Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, or a List of them. The Agent is put into every Pod in them, whose containers are wired to it; all else is kept as it is, other objects and custom resources too. Comments, anchors and the order of keys of a YAML text are not kept. A template of Helm has to be filled in before."),
            Attribute::new(MODE, Type::String, Mode::Optional, "How the Agent runs: `sidecar` (the default), in every Pod of the manifest, or `daemonset`, once on every node. A DaemonSet comes with its ServiceAccount, ClusterRole and ClusterRoleBinding, and the Pods of a manifest reach it over the sockets in `/var/run/datadog` of the node."),
            Attribute::new(NAMESPACE, Type::String, Mode::Optional, "Namespace of the DaemonSet and its ServiceAccount, where the Secret with the API key is as well. Of `mode = \"daemonset\"`. Defaults to `default`."),
            Attribute::new(TOLERATIONS, Type::Dynamic, Mode::Optional, "Tolerations of the DaemonSet's Pods, as Kubernetes has them: a list of objects with `key`, `operator`, `value`, `effect` and `tolerationSeconds`. `[{ operator = \"Exists\" }]` puts an Agent on every node, those of the control plane too. Of `mode = \"daemonset\"`. Without them, nodes with a taint have no Agent."),
            flag("eks_fargate", "Whether the Pods run on AWS Fargate (EKS), where each has a node of its own: the Agent then collects from its kubelet. The service account of the Pod needs permission for that; Datadog's page on EKS Fargate has the role. Defaults to `false`."),
            flag("native_sidecar", "Whether the Agent is an init container that goes on running (`restartPolicy: Always`), which Kubernetes has from 1.29: it starts before the application and ends after it, and keeps no Job from its end. `false` makes it a container beside the others. Defaults to `true`."),
            computed("yaml", Type::String, "The manifest with the Agent in it, as YAML text with a document for each object; without `manifest`, a Pod with the Agent alone. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `manifest` holds: Terraform takes marks off on the way into a data source."),
            computed("manifests", Type::Dynamic, "The same objects as a list, for `kubernetes_manifest` or `kubectl_manifest` with `for_each`."),
            computed("wiring", wiring_type(), "What a Pod of the application needs to reach the Agent, for people who merge by hand: variables and mounts of a container, labels and volumes of the Pod."),
            computed("values_yaml", Type::String, "The same settings as values of Datadog's Helm chart (`datadog/datadog`, 3.240), which runs the Agent once on every node, with a Cluster Agent: `values = [data.ddrofs_agent_kubernetes.one.values_yaml]` of a `helm_release`. Init containers get a `securityContext` as well, which the chart leaves out. Null where the chart cannot say one of the settings: `unsupported` has it."),
            computed("datadog_agent", Type::Dynamic, "The same settings as a `DatadogAgent` (`datadoghq.com/v2alpha1`) of Datadog's operator, for `kubernetes_manifest` or `kubectl_manifest`. Null where the operator cannot say one of the settings: `unsupported` has it."),
            computed("unsupported", Type::list(Type::object([("output", Type::String), ("setting", Type::String), ("detail", Type::String)])), "What of the settings has no place in `values_yaml` or in `datadog_agent`: `output` is one of both, `setting` the name of the setting, `detail` what is done in its place. Empty by default."),
        ]);
        attributes.extend(agent_document::common_attributes(
            "What the rules found in all Pods, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`. An error stops every command that reads this, a destroy included; the manifest or the `policy` are the way out.",
            "Each is a volume of the Pod.",
            agent_document::SHA256_OF_YAML,
        ));
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as a sidecar of Kubernetes Pods: an init container that copies the image's configuration into a volume, and the Agent as a native sidecar. Every container that is added has a `securityContext` with `readOnlyRootFilesystem`, init containers included, and what it writes are `emptyDir` volumes with a `sizeLimit`. The Pods of a manifest can be given and are wired to the Agent. Plans offline, without credentials.\n\nThe API key is never part of the manifest: it is taken from a Secret of the cluster.\n\nContainers run without privilege escalation, with the runtime's seccomp profile and without capabilities but those that a root user needs to hand files over. Pod Security's `baseline` admits them. `restricted` does not admit root: write `user = \"100\"`, and what is left is the init container, which hands the volumes over.\n\nWith `mode = \"daemonset\"` one Agent serves all Pods of a node. Neither profile of Pod Security admits it, whatever the settings: it looks at the processes of the node (`hostPID`), reads `/proc`, `/sys/fs/cgroup` and `/var/run` of it, makes its sockets in a directory of it, and opens `hostPort`s where `apm` or `dogstatsd` have ports. Its namespace has to be labelled `pod-security.kubernetes.io/enforce: privileged`. The Pods of the application mount the sockets by a `hostPath` as well, which both profiles refuse; with `socket = false` they reach the Agent at the address of their node, which both admit. The ClusterRole lets it ask the kubelet (`nodes/metrics`, `nodes/proxy`, `nodes/spec`, `nodes/stats`), read the labels of nodes, and read Pods, Services, Endpoints and namespaces for tags; there is no Cluster Agent, and nothing that only one needs.".to_owned(),
                attributes,
                blocks: [Target::Kubernetes.blocks(), vec![
                    agent_document::application_block("What is done to the application's own containers.", &APPLICATION),
                    policy_block::policy_block("What is made of findings here, added to the `policy` of the provider."),
                ]].concat(),
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        agent_document::validated::<Manifest>(&self.settled, config)
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let asked = Nodes::asked(&config);
        agent_document::read::<Manifest, 6>(&self.settled, config, |finished| outputs(&asked, finished))
    }
}

/// The attributes that it computes itself; none while a part is not known yet.
fn outputs(asked: &Nodes, finished: &Finished<'_>) -> Option<[(&'static str, Value); 6]> {
    let documents = match finished.document {
        Node::Array(objects) => objects.as_slice(),
        object => std::slice::from_ref(object),
    };
    let (values_yaml, datadog_agent, unsupported) = elsewhere(asked, finished.settings)?;
    let manifests = objects::objects(finished.document).into_iter().map(|(_, object)| to_value(object));
    Some([
        ("yaml", Value::from(yaml::write_all(documents, &FIRST).ok()?)),
        ("manifests", Value::List(manifests.collect())),
        ("wiring", to_value_of(&words::wiring(finished.workload).ok()?, &wiring_type())),
        ("values_yaml", values_yaml),
        ("datadog_agent", datadog_agent),
        ("unsupported", unsupported),
    ])
}

/// The settings for who installs the Agent of the nodes with Datadog's chart or operator: the values, the resource, and what of
/// the settings one of them cannot say. Where there is something, what could not say it is not handed out.
fn elsewhere(asked: &Nodes, settings: &Settings) -> Option<(Value, Value, Value)> {
    let kind = KubernetesKind { per_node: true, ..KubernetesKind::default() };
    let settings = Settings { platform: Platform::Kubernetes(kind), ..settings.clone() };
    let (workload, placing) = (assemble(&settings), asked.placing(&settings));
    let chart = words::values(&settings, &workload, &placing).ok()?;
    let resource = words::datadog_agent(&settings, &workload, &placing).ok()?;
    let entry = |output: &'static str, installation: &Installation| {
        let entry = |unsaid: &words::Unsaid| {
            object([
                ("output", Value::from(output)),
                ("setting", Value::from(unsaid.setting)),
                ("detail", Value::from(unsaid.instead.as_str())),
            ])
        };
        installation.unsaid.iter().map(entry).collect::<Vec<_>>()
    };
    let unsupported = [entry("values_yaml", &chart), entry("datadog_agent", &resource)].concat();
    let is_whole = |installation: &Installation| installation.unsaid.is_empty();
    let values = match is_whole(&chart) {
        true => Value::from(yaml::write(&chart.document, &FIRST).ok()?),
        false => Value::Null,
    };
    let resource = if is_whole(&resource) { to_value(&resource.document) } else { Value::Null };
    Some((values, resource, Value::List(unsupported)))
}

fn wiring_type() -> Type {
    Type::object([
        (
            "env",
            Type::list(Type::object([
                ("name", Type::String),
                ("value", Type::String),
                ("valueFrom", Type::object([("fieldRef", Type::object([("fieldPath", Type::String)]))])),
            ])),
        ),
        ("labels", Type::map(Type::String)),
        (
            "volume_mounts",
            Type::list(Type::object([
                ("name", Type::String),
                ("mountPath", Type::String),
                ("readOnly", Type::Bool),
            ])),
        ),
        (
            "volumes",
            Type::list(Type::object([
                ("name", Type::String),
                ("emptyDir", Type::object([("sizeLimit", Type::String)])),
                ("hostPath", Type::object([("path", Type::String), ("type", Type::String)])),
            ])),
        ),
    ])
}

/// The `application` block in the words of Kubernetes.
const APPLICATION: [(&str, &str); 4] = [
    (
        "wire",
        "Whether the containers are wired to the Agent: sockets, variables, labels of the Pod. Init containers that end are not. Defaults to `true`.",
    ),
    (
        "read_only_root_filesystem",
        "Whether each container that does not say otherwise gets `readOnlyRootFilesystem: true`, init containers included. An image that writes to its own root fails with it: name what it writes in `writable_paths`. Defaults to `false`.",
    ),
    (
        "writable_paths",
        "The absolute paths that a container has to write to, by the container's name. Each becomes an `emptyDir` called after container and path, unless something is mounted there. It is empty at first.",
    ),
    (
        "tmpfs_size",
        "MiB that each writable path may hold. Given, the paths are kept in the container's memory (`medium: Memory`). Needs `writable_paths`.",
    ),
];
