//! `ddrofs_agent_kubernetes`: the Agent as a sidecar of Pods, alone or put into the user's own manifest.
//!
//! Calls nothing and writes no file: what it gives is text and values.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::{Node, Path, Place, Step, yaml};
use crate::framework::{Context, DataSource};
use crate::kubernetes as objects;
use crate::merge::kubernetes::{self, Collision, CollisionKind, Joining};
use crate::render::{Renderer, kubernetes as words};
use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;
use crate::rules::DocumentKind;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{Application, Target};
use super::super::agent_document::{self, AgentDocument, Finished, Joined};
use super::super::diagnostics::{self as say, Argument};
use super::super::document_value::to_value;
use super::super::given_manifest::{self, GivenManifest, MANIFEST};
use super::super::given_yaml::Unreadable;
use super::super::policy_block;
use super::super::provider_block::Settled;

/// Keys that come first where they stand, so that a person finds what they look for; the others follow by name.
const FIRST: [&str; 9] =
    ["apiVersion", "kind", "metadata", "name", "namespace", "image", "command", "args", "restartPolicy"];

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
    const ARGUMENT: Argument = Argument {
        name: MANIFEST,
        holds: "The manifest is",
        document: "a manifest of Kubernetes",
        has_to_be: "an object of Kubernetes with apiVersion and kind, as YAML text, which may have several documents, or as an HCL \
                    value",
        line: "manifest = file(\"${path.module}/deployment.yaml\")",
        without_tags: "Write the value without it.",
        without_placeholders: "Give what `helm template` makes of the chart.",
    };

    fn read(value: &Value) -> Result<Given<GivenManifest<'_>>, Vec<Unreadable>> {
        given_manifest::read(value)
    }

    fn join(
        settings: &Settings,
        workload: &Workload,
        application: &Application,
        manifest: Option<&GivenManifest<'_>>,
    ) -> Joined {
        const REASON: &str = "a workload is made of what its platform has words for";
        let Some(manifest) = manifest else {
            let document = words::Kubernetes.document(workload).expect(REASON);
            return Joined { document, ..Joined::default() };
        };
        let joining = Joining {
            settings,
            workload,
            wire: application.wire,
            read_only: application.read_only_root_filesystem == Some(true),
            writable_paths: application.writable_paths.clone(),
            tmpfs_size: application.tmpfs_size,
        };
        let joined = kubernetes::join(manifest.document.clone(), &joining).expect(REASON);
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
            flag("eks_fargate", "Whether the Pods run on AWS Fargate (EKS), where each has a node of its own: the Agent then collects from its kubelet. The service account of the Pod needs permission for that; Datadog's page on EKS Fargate has the role. Defaults to `false`."),
            flag("native_sidecar", "Whether the Agent is an init container that goes on running (`restartPolicy: Always`), which Kubernetes has from 1.29: it starts before the application and ends after it, and keeps no Job from its end. `false` makes it a container beside the others. Defaults to `true`."),
            computed("yaml", Type::String, "The manifest with the Agent in it, as YAML text with a document for each object; without `manifest`, a Pod with the Agent alone. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `manifest` holds: Terraform takes marks off on the way into a data source."),
            computed("manifests", Type::Dynamic, "The same objects as a list, for `kubernetes_manifest` or `kubectl_manifest` with `for_each`."),
            computed("wiring", wiring_type(), "What a Pod of the application needs to reach the Agent, for people who merge by hand: variables and mounts of a container, labels and volumes of the Pod."),
        ]);
        attributes.extend(agent_document::common_attributes(
            "What the rules found in all Pods, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`. An error stops every command that reads this, a destroy included; the manifest or the `policy` are the way out.",
            "Each is a volume of the Pod.",
        ));
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as a sidecar of Kubernetes Pods: an init container that copies the image's configuration into a volume, and the Agent as a native sidecar. Every container that is added has a `securityContext` with `readOnlyRootFilesystem`, init containers included, and what it writes are `emptyDir` volumes with a `sizeLimit`. The Pods of a manifest can be given and are wired to the Agent. Plans offline, without credentials.\n\nThe API key is never part of the manifest: it is taken from a Secret of the cluster.\n\nContainers run without privilege escalation, with the runtime's seccomp profile and without capabilities but those that a root user needs to hand files over. Pod Security's `baseline` admits them. `restricted` does not admit root: write `user = \"100\"`, and what is left is the init container, which hands the volumes over.".to_owned(),
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
        agent_document::read::<Manifest, 3>(&self.settled, config, outputs)
    }
}

/// The attributes that it computes itself; none while a part is not known yet.
fn outputs(finished: &Finished<'_>) -> Option<[(&'static str, Value); 3]> {
    let documents = match finished.document {
        Node::Array(objects) => objects.as_slice(),
        object => std::slice::from_ref(object),
    };
    let manifests = objects::objects(finished.document).into_iter().map(|(_, object)| to_value(object));
    Some([
        ("yaml", Value::from(yaml::write_all(documents, &FIRST).ok()?)),
        ("manifests", Value::List(manifests.collect())),
        ("wiring", to_value(&words::wiring(finished.workload).ok()?)),
    ])
}

fn wiring_type() -> Type {
    Type::object([
        ("env", Type::list(Type::object([("name", Type::String), ("value", Type::String)]))),
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
