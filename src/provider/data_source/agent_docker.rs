//! `ddrofs_agent_docker`: the Agent as containers of Docker alone, as a script and as arguments of Terraform's resources.
//!
//! Calls nothing and starts nothing: what it gives is text and values.

use std::convert::Infallible;
use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::{Node, Path, Place, to_json};
use crate::ecs;
use crate::framework::{Context, DataSource};
use crate::render::{Renderer, docker as words};
use crate::rofs;
use crate::rofs::settings::{DEFAULT_IMAGE, Seeding, Settings, Text};
use crate::rofs::workload::Workload;
use crate::rules::DocumentKind;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{Application, Target};
use super::super::agent_document::{self, AgentDocument, Finished, Joined};
use super::super::diagnostics::Argument;
use super::super::document_value::to_value_of;
use super::super::policy_block;
use super::super::provider_block::Settled;
use super::super::unreadable::Unreadable;

/// The data source.
pub(in crate::provider) struct AgentDocker {
    settled: Arc<Settled>,
}

impl AgentDocker {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }
}

/// The containers, with what they need beside them. All of it follows from settings.
struct Containers;

impl AgentDocument for Containers {
    type Given<'v> = Infallible;

    const TARGET: Target = Target::Docker;
    const KIND: DocumentKind = DocumentKind::Docker;
    const ARGUMENT: Option<Argument> = None;

    fn read(_: &Value) -> Result<Given<Infallible>, Vec<Unreadable>> {
        Ok(Given::Absent)
    }

    fn join(_: &Value, _: &Settings, workload: &Workload, _: &Application, _: Option<&Infallible>) -> Joined {
        let document = words::Docker.document(workload);
        Joined {
            document: document.expect("a workload is made of what its platform has words for"),
            ..Joined::default()
        }
    }

    fn names(document: &Node) -> Node {
        document.get("containers").clone()
    }

    fn place(_: &Path, _: &Node, _: Option<&Infallible>, _: &Workload) -> (AttributePath, Option<Place>) {
        Default::default()
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
            computed("commands", Type::String, "A script for `sh` that creates the volumes, runs the container that copies the configuration to its end, and starts the Agent. Safe to run again: what is as it should be stays, and an Agent whose definition, image or secrets are others is replaced, after the new configuration was copied. It never touches a container that it did not start. Stable byte for byte for equal meaning. No secret is in it."),
            computed("containers", Type::list(container_type()), "The containers in the order of their start, as arguments of `docker_container` of the provider kreuzwerker/docker; what is not set is null. One with `attach` ends before the next one starts. `secrets` is not an argument of that resource: it is from the name of a variable to the name of the machine's variable that holds the value, which belongs into `env` there."),
            computed("volumes", Type::list(named_type()), "The volumes, as arguments of `docker_volume`."),
            computed("networks", Type::list(named_type()), "The network in which others find the Agent by its name, as arguments of `docker_network`. Empty where all of them use the Agent's sockets."),
            computed("dockerfile", Type::String, "Dockerfile of the image that `seeding = \"image_volumes\"` needs, with a line for each of `config_files`, whose files have to be beside it under the same paths. It builds on `image`, or on the provider's own default where `image` names what was built."),
            computed("config_dockerfile", Type::String, "Dockerfile of an image with `config_files` in it for `seeding = \"init_copy\"`, in place of `config_files` here. Null without any."),
            computed("wiring", wiring_type(), "What a container of the application needs to reach the Agent: arguments of `docker_container`, and `run_options`, the same as options of `docker run`, quoted for a shell."),
        ]);
        attributes.extend(agent_document::common_attributes(
            "What the rules found in the containers, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`. An error stops every command that reads this, a destroy included.",
            "The volume is null where it is a tmpfs.",
            "SHA-256 of what `containers`, `networks` and `volumes` say: equal for equal meaning. A container that `commands` started has it in its label `ddrofs.definition`.",
        ));
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
        agent_document::validated::<Containers>(&self.settled, config)
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        agent_document::read::<Containers, 7>(&self.settled, config, outputs)
    }
}

/// The attributes that it computes itself; none while a part is not known yet.
fn outputs(finished: &Finished<'_>) -> Option<[(&'static str, Value); 7]> {
    let Finished { settings, workload, document, .. } = *finished;
    let files = rofs::config_files(settings);
    let paths = || files.iter().map(|(file, _)| file.path.as_str());
    let (base, is_copied) = (base(settings)?, settings.seeding == Seeding::InitCopy);
    let sha256 = ecs::digest(&to_json(document).ok()?);
    let named = |list: &str| to_value_of(document.get(list), &Type::list(named_type()));
    Some([
        ("commands", Value::from(words::commands(document, &sha256)?)),
        ("containers", to_value_of(document.get("containers"), &Type::list(container_type()))),
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
        ("wiring", wiring(workload)?),
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
    let Value::Map(mut wiring) = to_value_of(&node, &wiring_type()) else { return None };
    wiring.insert("run_options".to_owned(), Value::from(words::options(&node).join(" ")));
    Some(Value::Map(wiring))
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
