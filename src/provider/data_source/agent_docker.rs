//! `ddrofs_agent_docker`: the Agent as containers of Docker alone, as a script and as arguments of Terraform's resources.
//!
//! Calls nothing and starts nothing: what it gives is text and values.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Node, to_json};
use crate::ecs;
use crate::framework::{Context, DataSource};
use crate::render::{Renderer, docker as words};
use crate::rofs;
use crate::rofs::settings::{DEFAULT_IMAGE, Seeding, Settings, Text};
use crate::rofs::workload::Workload;
use crate::rules::policy::Policed;
use crate::rules::{self, DocumentKind, Finding, form_of};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Type, Value};

use super::super::agent_block::{self, Asked, Target};
use super::super::agent_outputs;
use super::super::diagnostics as say;
use super::super::document_value::{finding_type, object, to_value};
use super::super::policy_block::{self, InForce};
use super::super::provider_block::{Configured, Settled};
use super::super::task::Agent;

/// The data source.
pub(in crate::provider) struct AgentDocker {
    settled: Arc<Settled>,
}

/// What was made of a configuration, as far as that can be told.
struct Made {
    asked: Asked,
    made: Option<(Workload, Node)>,
    policed: Policed,
    diagnostics: Diagnostics,
    /// What the rules found, as it is told of a configuration.
    told: Vec<Diagnostic>,
}

impl AgentDocker {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    fn made(&self, config: &Value) -> Made {
        let configured = self.settled.get();
        let fleet = configured.as_deref().map(Configured::fleet);
        let asked = agent_block::asked_by_body(config, fleet, Target::Docker);
        let mut diagnostics = asked.diagnostics.clone();
        diagnostics.extend(asked.no_key.clone());
        let policy = InForce::of(config, &self.settled.policy());
        let (mut made, mut judgement) = (None, rules::Judgement::default());
        if let (Agent::Settings(settings), false) = (asked.agent(), diagnostics.has_errors()) {
            let workload = rofs::assemble(settings);
            let document = words::Docker
                .document(&workload)
                .expect("a workload is made of what its platform has words for");
            judgement = rules::judge_document(DocumentKind::Docker, &document, Some(settings));
            diagnostics.extend(policy.idle(&judgement, document.get("containers")));
            made = Some((workload, document));
        }
        diagnostics.extend(policy.mistakes());
        let policed = policy.apply(&judgement);
        // All that is judged follows from settings.
        let told = say::findings(policed.findings.iter(), |finding| {
            let fix = finding.fix_in(form_of(DocumentKind::Docker)).into();
            (Finding { fix, ..finding.clone() }, AttributePath::default())
        });
        Made { asked, made, policed, diagnostics, told }
    }
}

#[async_trait]
impl DataSource for AgentDocker {
    fn type_name(&self) -> &'static str {
        "ddrofs_agent_docker"
    }

    fn schema(&self) -> Schema {
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let mut attributes = Target::Docker.attributes();
        attributes.extend([
            computed("id", Type::String, "Same as `sha256`."),
            computed("commands", Type::String, "A script for `sh` that creates the volumes, runs the container that copies the configuration to its end, and starts the Agent. Safe to run again: what is as it should be stays, and an Agent whose definition, image or secrets are others is replaced, after the new configuration was copied. It never touches a container that it did not start. Stable byte for byte for equal meaning. No secret is in it."),
            computed("containers", Type::list(container_type()), "The containers in the order of their start, as arguments of `docker_container` of the provider kreuzwerker/docker; what is not set is null. One with `attach` ends before the next one starts. `secrets` is no argument of that resource: it is from the name of a variable to the name of the machine's variable that holds the value, which belongs into `env` there."),
            computed("volumes", Type::list(named_type()), "The volumes, as arguments of `docker_volume`."),
            computed("networks", Type::list(named_type()), "The network in which others find the Agent by its name, as arguments of `docker_network`. Empty where all of them use the Agent's sockets."),
            computed("dockerfile", Type::String, "Dockerfile of the image that `seeding = \"image_volumes\"` needs, with a line for each of `config_files`, whose files have to be beside it under the same paths. It builds on `image`, or on the provider's own default where `image` names what was built."),
            computed("config_dockerfile", Type::String, "Dockerfile of an image with `config_files` in it for `seeding = \"init_copy\"`, in the place of `config_files` here. Null without any."),
            computed("findings", Type::list(finding_type()), "What the rules found in the containers, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`. An error stops every command that reads this, a destroy included."),
            computed("wiring", wiring_type(), "What a container of the application needs to reach the Agent: arguments of `docker_container`, and `run_options`, the same as options of `docker run`, quoted for a shell."),
            computed("writable_paths", agent_outputs::writable_paths_type(), "The directories the Agent writes: path, volume, why it is needed, and what breaks without it. The volume is null where it is a tmpfs."),
            computed("sha256", Type::String, "SHA-256 of what `containers`, `networks` and `volumes` say: equal for equal meaning. A container that `commands` started has it in its label `ddrofs.definition`."),
        ]);
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as containers of Docker alone: one that copies the image's configuration into a volume and ends, and the Agent, both with `--read-only`. As a script, and as arguments of the resources of the provider kreuzwerker/docker. Plans offline, without credentials.\n\nThe API key is part of neither: the script takes it from the environment of the machine it runs on, or the Agent reads it from a file there.\n\nApplications that run as containers of their own need what `wiring` says.".to_owned(),
                attributes,
                blocks: [Target::Docker.blocks(), vec![
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
        let Made { diagnostics, told, .. } = self.made(config);
        let mut errors = Diagnostics::default();
        // Warnings are shown once, when it is read.
        errors.extend(diagnostics.into_iter().chain(told).filter(agent_outputs::is_error));
        errors
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let Made { asked, made, policed, mut diagnostics, told } = self.made(&config);
        diagnostics.extend(told);
        let open: Vec<&str> = policed.open.iter().copied().collect();
        if !open.is_empty() {
            diagnostics.push(say::policy_not_known(&open));
        }
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let outputs = match (asked.agent(), made) {
            (Agent::Settings(settings), Some((workload, document))) => {
                outputs(settings, &workload, &document, &policed)
            }
            _ => None,
        };
        let (Some(outputs), Value::Map(mut state)) = (outputs, config) else {
            // The configuration is known, so what is not can only come from the provider's block.
            diagnostics.push(say::fleet_not_known());
            return (None, diagnostics);
        };
        state.extend(outputs.map(|(name, value)| (name.to_owned(), value)));
        (Some(Value::Map(state)), diagnostics)
    }
}

/// The attributes that are computed; none while a part is not known yet.
fn outputs(
    settings: &Settings,
    workload: &Workload,
    document: &Node,
    policed: &Policed,
) -> Option<[(&'static str, Value); 11]> {
    let files = rofs::config_files(settings);
    let paths = || files.iter().map(|(file, _)| file.path.as_str());
    let (base, is_copied) = (base(settings)?, settings.seeding == Seeding::InitCopy);
    let sha256 = ecs::digest(&to_json(document).ok()?);
    let named = |list: &str| filled(document.get(list), &Type::list(named_type()));
    Some([
        ("id", Value::from(sha256.as_str())),
        ("commands", Value::from(words::commands(document, &sha256)?)),
        ("containers", filled(document.get("containers"), &Type::list(container_type()))),
        ("volumes", named("volumes")),
        ("networks", named("networks")),
        ("dockerfile", Value::from(rofs::dockerfile(base, paths()))),
        (
            "config_dockerfile",
            match is_copied && !files.is_empty() {
                true => Value::from(rofs::config_dockerfile(base, paths())),
                false => Value::Null,
            },
        ),
        ("findings", agent_outputs::findings(DocumentKind::Docker, policed)),
        ("wiring", wiring(workload)?),
        ("writable_paths", agent_outputs::writable_paths(settings, workload)),
        ("sha256", Value::from(sha256.as_str())),
    ])
}

/// What images are built on. Where volumes are filled from the image, the one of the settings is what was built.
fn base(settings: &Settings) -> Option<&str> {
    match (settings.seeding, &settings.image) {
        (Seeding::ImageVolumes, _) => Some(DEFAULT_IMAGE),
        (Seeding::InitCopy, Text::Known(image)) => Some(image),
        (Seeding::InitCopy, Text::Unknown) => None,
    }
}

fn wiring(workload: &Workload) -> Option<Value> {
    let node = words::wiring(workload);
    if !node.is_wholly_known() {
        return None;
    }
    let Value::Map(mut wiring) = filled(&node, &wiring_type()) else { return None };
    wiring.insert("run_options".to_owned(), Value::from(words::options(&node).join(" ")));
    Some(Value::Map(wiring))
}

/// A value of a type: an object's attributes that the document says nothing of are null.
fn filled(node: &Node, ty: &Type) -> Value {
    match (node, ty) {
        (Node::Object(members), Type::Object(object_type)) => {
            object(object_type.attributes.iter().map(|(name, ty)| {
                (name.as_str(), members.get(name).map_or(Value::Null, |member| filled(member, ty)))
            }))
        }
        (Node::Array(items), Type::List(item)) => {
            Value::List(items.iter().map(|node| filled(node, item)).collect())
        }
        _ => to_value(node),
    }
}

fn named_type() -> Type {
    Type::object([("name", Type::String)])
}

fn label_type() -> Type {
    Type::object([("label", Type::String), ("value", Type::String)])
}

fn volume_type() -> Type {
    Type::object([
        ("container_path", Type::String),
        ("host_path", Type::String),
        ("read_only", Type::Bool),
        ("volume_name", Type::String),
    ])
}

fn container_type() -> Type {
    Type::object([
        ("attach", Type::Bool),
        ("command", Type::list(Type::String)),
        ("cpus", Type::String),
        ("env", Type::list(Type::String)),
        (
            "healthcheck",
            Type::list(Type::object([
                ("interval", Type::String),
                ("retries", Type::Number),
                ("start_period", Type::String),
                ("test", Type::list(Type::String)),
                ("timeout", Type::String),
            ])),
        ),
        ("image", Type::String),
        ("labels", Type::list(label_type())),
        ("log_driver", Type::String),
        ("log_opts", Type::map(Type::String)),
        ("memory", Type::Number),
        ("memory_reservation", Type::Number),
        ("must_run", Type::Bool),
        ("name", Type::String),
        ("networks_advanced", Type::list(named_type())),
        ("pid_mode", Type::String),
        (
            "ports",
            Type::list(Type::object([
                ("external", Type::Number),
                ("internal", Type::Number),
                ("ip", Type::String),
                ("protocol", Type::String),
            ])),
        ),
        ("read_only", Type::Bool),
        ("restart", Type::String),
        ("secrets", Type::map(Type::String)),
        ("stop_timeout", Type::Number),
        ("tmpfs", Type::map(Type::String)),
        ("user", Type::String),
        ("volumes", Type::list(volume_type())),
        ("wait", Type::Bool),
        ("wait_timeout", Type::Number),
    ])
}

fn wiring_type() -> Type {
    Type::object([
        ("env", Type::list(Type::String)),
        ("labels", Type::list(label_type())),
        ("networks_advanced", Type::list(named_type())),
        ("run_options", Type::String),
        ("volumes", Type::list(volume_type())),
    ])
}
