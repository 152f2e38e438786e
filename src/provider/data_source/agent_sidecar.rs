//! `ddrofs_agent_sidecar`: container definitions and volumes for people who keep their own task definition.
//!
//! Never calls AWS. It sees the containers and not the task around them, so what depends on the task (its volumes,
//! roles, size) is undecided here.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::Node;
use crate::ecs;
use crate::framework::{Context, DataSource};
use crate::render;
use crate::rofs;
use crate::rofs::settings::{DEFAULT_IMAGE, Settings};
use crate::rofs::workload::{Role, Workload};
use crate::rules::Severity;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::task::Around;
use crate::value::{Type, Value};

use super::super::agent_block::{self, Target};
use super::super::diagnostics as say;
use super::super::document_value::{finding_type, json, object, text};
use super::super::policy_block::{self, InForce};
use super::super::provider_block::{Configured, Settled};
use super::super::task::{self, Agent, Ingredients, Task, TaskAround};

/// The data source.
pub(in crate::provider) struct AgentSidecar {
    settled: Arc<Settled>,
}

impl AgentSidecar {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    /// The settings and the task they make, as far as both can be told.
    fn task(&self, config: &Value) -> (Option<Settings>, Task, Diagnostics) {
        let configured = self.settled.get();
        let asked =
            agent_block::asked_by_body(config, configured.as_deref().map(Configured::fleet), Target::Ecs);
        let settings = match asked.agent() {
            Agent::Settings(settings) => Some(settings.clone()),
            _ => None,
        };
        let around = Around::launched_on(
            settings.as_ref().and_then(|settings| settings.platform.launch_type()).unwrap_or_default(),
        );
        let task = task::assemble(Ingredients {
            asked: &asked,
            containers: config.get("container_definitions"),
            around: TaskAround::Unseen(&around),
            notes: Vec::new(),
            policy: InForce::of(config, &self.settled.policy()),
            kept: None,
        });
        (settings, task, asked.diagnostics)
    }
}

#[async_trait]
impl DataSource for AgentSidecar {
    fn type_name(&self) -> &'static str {
        "ddrofs_agent_sidecar"
    }

    fn schema(&self) -> Schema {
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let mut attributes = agent_block::attributes();
        attributes.extend([
            Attribute::new("container_definitions", Type::Dynamic, Mode::Optional, "The application's container definitions: JSON text, or the same structure written in HCL. Each is wired to the Agent (socket, variables, order of start) and merged into `json`. A list, or a task definition that has one."),
            computed("id", Type::String, "Same as `sha256`."),
            computed("json", Type::String, "Container definitions as JSON text for `container_definitions` of `aws_ecs_task_definition`: the sidecars first, in the order they start, then the application where it was given. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `container_definitions` holds: Terraform takes marks off on the way into a data source, and a provider cannot put them back. For containers with sensitive values use `harden` or `ddrofs_ecs_task_definition`, which keep them, or wrap this in `sensitive()`."),
            computed("sidecar_json", Type::String, "The sidecars that were added, alone, as JSON text. Not marked as sensitive, whatever `environment` holds."),
            computed("volumes", Type::list(Type::object([("name", Type::String), ("host_path", Type::String)])), "Volumes that were added, to feed a `dynamic \"volume\"` block. `host_path` is null: they are empty, and live as long as the task."),
            computed("wiring", wiring_type(), "What an application container needs to reach the Agent, for people who merge by hand."),
            computed("execution_role_policy_json", Type::String, "Least-privilege IAM policy for the task's execution role: fetching the API key and the other secrets, writing the sidecars' logs."),
            computed("task_role_policy_json", Type::String, "Least-privilege IAM policy for the task role: what the Agent asks ECS for."),
            computed("findings", Type::list(finding_type()), "What the rules found, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`. An error stops every command that reads this, a destroy included; the definitions or the `policy` are the way out."),
            computed("verdicts", Type::map(Type::String), "Security Hub control to `PASSED`, `FAILED`, `NOT_APPLICABLE` or `UNDECIDED`, over the sidecars and the application. No policy changes it. Beside an Agent that is added `ECS.20` is `FAILED`: its init container has to run as root, because ECS mounts volumes as root's. All else of that control passes with `user = \"100\"` for the Agent; `accept_sidecars` of the `policy` accepts the rest."),
            computed("writable_paths", Type::list(Type::object([
                ("path", Type::String), ("volume", Type::String), ("purpose", Type::String), ("without", Type::String),
            ])), "The directories the Agent writes: path, volume, why it is needed, and what breaks without it."),
            computed("diagram", Type::String, "The sidecars, the volumes that they and the application mount, and who waits for whom, as a flowchart in the language of Mermaid, for a README or a wiki."),
            computed("sha256", Type::String, "SHA-256 of the canonical form of `json`: equal for equal meaning."),
        ]);
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent as an ECS sidecar on a read-only root filesystem: container definitions and volumes for a task definition of your own. Plans offline, without credentials.\n\n~> **Sensitive values lose their mark here.** A plan shows `json` as it is, because Terraform gives a provider no way to mark what a data source returns. For containers that hold sensitive values use the function `harden`, whose result stays sensitive, or the resource `ddrofs_ecs_task_definition`.".to_owned() + &image_volumes(),
                attributes,
                blocks: [agent_block::blocks(), vec![
                    agent_block::application_block(),
                    policy_block::policy_block("What is made of findings here, added to the `policy` of the provider."),
                ]].concat(),
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        if self.settled.get().is_some() && config.is_wholly_known() {
            // The read that follows in this walk judges the same configuration.
            return Diagnostics::default();
        }
        let (_, task, mut diagnostics) = self.task(config);
        // Warnings are shown once, when it is read.
        diagnostics.extend(task.report(Severity::Error));
        diagnostics
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let (settings, task, mut diagnostics) = self.task(&config);
        diagnostics.extend(task.report(Severity::Warning));
        diagnostics.extend(task.open_policy());
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let unknown = say::first_unknown(&config);
        let (Some(settings), Value::Map(mut state)) = (settings, config) else {
            diagnostics.push(say::not_known_yet(unknown.as_deref()));
            return (None, diagnostics);
        };
        state.extend(outputs(&settings, task).map(|(name, value)| (name.to_owned(), value)));
        let state = Value::Map(state);
        if !state.is_wholly_known() {
            diagnostics.push(say::not_known_yet(unknown.as_deref()));
            return (None, diagnostics);
        }
        (Some(state), diagnostics)
    }
}

/// The image that `seeding = "image_volumes"` needs.
fn image_volumes() -> String {
    let dockerfile = rofs::dockerfile(DEFAULT_IMAGE, ["conf.d/redisdb.d/conf.yaml"]);
    format!(
        "\n\nWith `seeding = \"image_volumes\"` there is no init container. `image` then names an image that declares the Agent's \
         directories as volumes: an empty volume that a task mounts at exactly such a path starts with what the image has there, \
         owners included. Files of your own are copied before `VOLUME`, because what a build writes there afterwards is lost:\n\n\
         ```dockerfile\n{dockerfile}```"
    )
}

fn outputs(settings: &Settings, task: Task) -> [(&'static str, Value); 12] {
    let (findings, verdicts) = (task.findings(), task.verdicts());
    let [json_of_all, json_of_sidecars] = task.definitions_as_json();
    let Task { document: Node::Object(mut document), workload: Some(workload), added_volumes, .. } = task
    else {
        unreachable!("settings make a workload, and a task is an object")
    };
    let definitions = document.remove("containerDefinitions").unwrap_or_default();
    let sha256 = Value::from(ecs::sha256_of(Node::from([("containerDefinitions", definitions)])));
    [
        ("id", sha256.clone()),
        ("json", json_of_all),
        ("sidecar_json", json_of_sidecars),
        (
            "volumes",
            Value::List(
                added_volumes
                    .iter()
                    .map(|volume| {
                        object([
                            ("name", text(volume.get("name"))),
                            ("host_path", text(volume.get("host").get("sourcePath"))),
                        ])
                    })
                    .collect(),
            ),
        ),
        ("wiring", wiring(&render::ecs::wiring(&workload.wiring))),
        ("execution_role_policy_json", json(&render::ecs::execution_role_policy(settings))),
        ("task_role_policy_json", json(&render::ecs::task_role_policy())),
        ("findings", findings),
        ("verdicts", verdicts),
        (
            "writable_paths",
            Value::List(
                rofs::writable_paths(settings)
                    .iter()
                    .map(|writable| {
                        object([
                            ("path", Value::from(writable.path)),
                            ("volume", volume_at(&workload, writable)),
                            ("purpose", Value::from(writable.purpose)),
                            ("without", Value::from(writable.without)),
                        ])
                    })
                    .collect(),
            ),
        ),
        ("diagram", Value::from(rofs::diagram(&workload))),
        ("sha256", sha256),
    ]
}

/// The volume at a writable path in this task: an Agent that was there may mount one of its own, or none.
fn volume_at(workload: &Workload, writable: &rofs::WritablePath) -> Value {
    let agent = workload.containers.iter().find(|container| container.role == Role::Agent);
    let mounts = agent.map(|agent| agent.mounts.as_slice()).unwrap_or_default();
    let mount = mounts.iter().find(|mount| mount.path == writable.path);
    mount.map(|mount| Value::from(mount.volume.as_str())).unwrap_or_default()
}

fn wiring_type() -> Type {
    Type::object([
        ("environment", Type::list(Type::object([("name", Type::String), ("value", Type::String)]))),
        (
            "mount_points",
            Type::list(Type::object([
                ("sourceVolume", Type::String),
                ("containerPath", Type::String),
                ("readOnly", Type::Bool),
            ])),
        ),
        (
            "depends_on",
            Type::list(Type::object([("containerName", Type::String), ("condition", Type::String)])),
        ),
        ("docker_labels", Type::map(Type::String)),
    ])
}

/// The wiring as a value. Its members carry ECS's own keys, so that they can be merged into a definition as they are.
fn wiring(node: &Node) -> Value {
    let objects = |key: &str, members: &[&str]| {
        Value::List(
            node.get(key)
                .items()
                .iter()
                .map(|item| {
                    members
                        .iter()
                        .map(|member| {
                            let value = match item.get(member) {
                                Node::Bool(flag) => Value::from(*flag),
                                other => text(other),
                            };
                            ((*member).to_owned(), value)
                        })
                        .collect()
                })
                .collect(),
        )
    };
    object([
        ("environment", objects("environment", &["name", "value"])),
        ("mount_points", objects("mountPoints", &["sourceVolume", "containerPath", "readOnly"])),
        ("depends_on", objects("dependsOn", &["containerName", "condition"])),
        (
            "docker_labels",
            match node.get("dockerLabels") {
                Node::Object(labels) => {
                    labels.iter().map(|(key, label)| (key.clone(), text(label))).collect()
                }
                _ => Value::Map(Default::default()),
            },
        ),
    ])
}
