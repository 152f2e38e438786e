//! `ddrofs_agent_nomad`: the Agent as tasks of a job of Nomad, alone or put into the user's own job.
//!
//! Calls nothing and writes no file: what it gives is text.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::{Node, hcl, to_json_pretty};
use crate::ecs;
use crate::framework::{Context, DataSource};
use crate::merge::nomad::{self, Collision, CollisionKind};
use crate::nomad::{LAYOUT, job_of_api, named};
use crate::render::{Renderer, nomad as words};
use crate::rofs::settings::Settings;
use crate::rofs::{self, workload::Workload};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{self, Application, Asked, Target};
use super::super::agent_document;
use super::super::agent_outputs;
use super::super::diagnostics as say;
use super::super::document_value::to_value;
use super::super::given_job::{self, GivenJob, JOB, Written};
use super::super::provider_block::{Configured, Settled};
use super::super::task::Agent;

/// The data source.
pub(in crate::provider) struct AgentNomad {
    settled: Arc<Settled>,
}

/// The argument that names the group.
const GROUP: &str = "group";

/// What was made of a configuration, as far as that can be told.
struct Made {
    asked: Asked,
    workload: Option<Workload>,
    /// The job in each form that it has.
    job: Option<Written>,
    diagnostics: Diagnostics,
}

impl AgentNomad {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    fn made(&self, config: &Value) -> Made {
        let configured = self.settled.get();
        let asked =
            agent_block::asked_by_body(config, configured.as_deref().map(Configured::fleet), Target::Nomad);
        let mut diagnostics = asked.diagnostics.clone();
        diagnostics.extend(asked.no_key.clone());
        let given = job(config, &mut diagnostics);
        let (mut workload, mut job) = (None, None);
        if let (Agent::Settings(settings), Some(application), Some(given)) =
            (asked.agent(), &asked.application, &given)
            && !diagnostics.has_errors()
        {
            let made = rofs::assemble(settings);
            job = match given {
                Some(given) => joined(config, (settings, &made), application, given, &mut diagnostics),
                None => alone(&made),
            };
            workload = Some(made);
        }
        Made { asked, workload, job, diagnostics }
    }
}

/// The job that was given; none while it is not known, and where it cannot be read.
fn job(config: &Value, diagnostics: &mut Diagnostics) -> Option<Option<GivenJob>> {
    let given = config.get(JOB);
    match given_job::read(given) {
        // A part that is not known yet may be what is missing, or in the way.
        _ if !given.is_wholly_known() || !config.get(GROUP).is_wholly_known() => None,
        Ok(Given::Absent) => Some(None),
        Ok(Given::Known(job)) => Some(Some(job)),
        Ok(Given::Unknown) => None,
        Err(problems) => {
            diagnostics.extend(problems.iter().map(say::unreadable_job));
            None
        }
    }
}

/// A job of the Agent's own.
fn alone(workload: &Workload) -> Option<Written> {
    let document = words::Nomad.document(workload).ok()?;
    let job = job_of_api(document.get(JOB).items().first()?)?;
    Some(Written { hcl: Some(hcl::write(&document, &LAYOUT).ok()?), json: Some(to_json_pretty(&job).ok()?) })
}

/// The job that was given, with the Agent in it.
fn joined(
    config: &Value,
    (settings, workload): (&Settings, &Workload),
    application: &Application,
    given: &GivenJob,
    diagnostics: &mut Diagnostics,
) -> Option<Written> {
    let joining = agent_document::joining(settings, workload, application);
    let joined = nomad::join(&given.document, &joining, config.get(GROUP).as_str())
        .expect("a workload is made of what its platform has words for");
    let at = |collision: &Collision| match &collision.kind {
        CollisionKind::NoSuchGroup { .. } | CollisionKind::GroupTwice { .. } => AttributePath::root(GROUP),
        CollisionKind::TmpfsSize => agent_block::block_at("application").attribute("tmpfs_size"),
        _ if collision.is_in_what_was_asked_for() => {
            agent_block::block_at("application").attribute("writable_paths")
        }
        _ => given.place(&collision.path),
    };
    diagnostics
        .extend(joined.collisions.iter().map(|collision| say::nomad_collision(collision, at(collision))));
    if !joined.kept.is_empty() {
        diagnostics.push(say::kept(JOB, &joined.kept));
    }
    if !joined.collisions.is_empty() {
        return None;
    }
    let written = given.written(&joined.changes);
    if written.is_none() {
        diagnostics.push(say::no_place_in_the_job());
    }
    written
}

#[async_trait]
impl DataSource for AgentNomad {
    fn type_name(&self) -> &'static str {
        "ddrofs_agent_nomad"
    }

    fn schema(&self) -> Schema {
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let mut attributes = Target::Nomad.attributes();
        attributes.extend([
            Attribute::new(JOB, Type::Dynamic, Mode::Optional, "The application's job: the HCL text of a job file, or the JSON of Nomad's HTTP API (an object with `Job`, or the job itself), as text or as the same structure written in HCL. The Agent's tasks are added to `group`, the other tasks of the group are wired to it (socket, variables), and all else of the job is kept as it is; of HCL text that is every expression, comment and blank line too. Without it the job is one of the Agent's own."),
            Attribute::new(GROUP, Type::String, Mode::Optional, "Name of the group of `job` that the Agent is added to. Needed where the job has several, each of which runs by itself: give the result in again for the next group."),
            computed("id", Type::String, "Same as `sha256`."),
            computed("hcl", Type::String, "The job in HCL, for `nomad job run` and the resource `nomad_job`. Null where `job` is JSON. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `job` holds: Terraform takes marks off on the way into a data source."),
            computed("json", Type::String, "The job as the JSON of Nomad's HTTP API, for `nomad job run -json`. Null where `job` is HCL text: its functions and variables are Nomad's own to evaluate, which `nomad job run -output` does."),
            computed("sidecar_hcl", Type::String, "The group with the Agent's tasks alone, in HCL."),
            computed("sidecar_json", Type::String, "The group with the Agent's tasks alone, as the JSON of Nomad's HTTP API."),
            computed("wiring", wiring_type(), "What a task of the application needs to reach the Agent, for people who merge by hand: its `env`, and the `labels` and `volumes` of its `config`."),
            computed("writable_paths", agent_outputs::writable_paths_type(), "The directories the Agent writes: path, directory of the allocation, why it is needed, and what breaks without it."),
            computed("sha256", Type::String, "SHA-256 of the job's text in the form that it has: of `hcl`, or else of `json`."),
        ]);
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as tasks of a job of HashiCorp Nomad, for its driver `docker`: a `prestart` task that copies the image's configuration into a directory of the allocation, and the Agent that starts when it has ended. Both have `readonly_rootfs`. Plans offline, without credentials.\n\nWhat the Agent writes are directories of the allocation that every task of the group shares (`alloc/`), so no client has to allow volumes of the machine.\n\nThe API key is never part of the job: a template of Nomad fetches it from a Nomad variable or from Vault when the Agent starts.".to_owned(),
                attributes,
                blocks: [Target::Nomad.blocks(), vec![tasks_block()]].concat(),
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        if self.settled.get().is_some() && config.is_wholly_known() {
            // The read that follows in this walk judges the same configuration.
            return Diagnostics::default();
        }
        let mut errors = Diagnostics::default();
        // Warnings are shown once, when it is read.
        errors.extend(self.made(config).diagnostics.into_iter().filter(agent_outputs::is_error));
        errors
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let Made { asked, workload, job, mut diagnostics } = self.made(&config);
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let outputs = match (asked.agent(), workload, job) {
            (Agent::Settings(settings), Some(workload), Some(job)) => outputs(settings, &workload, job),
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
fn outputs(settings: &Settings, workload: &Workload, job: Written) -> Option<[(&'static str, Value); 8]> {
    let group = words::group(workload).ok()?;
    let sidecars = Node::from([(GROUP, vec![group.clone()].into())]);
    let sha256 = Value::from(ecs::digest(job.hcl.as_ref().or(job.json.as_ref())?));
    Some([
        ("id", sha256.clone()),
        ("hcl", job.hcl.map(Value::from).unwrap_or_default()),
        ("json", job.json.map(Value::from).unwrap_or_default()),
        ("sidecar_hcl", hcl::write(&sidecars, &LAYOUT).ok()?.into()),
        ("sidecar_json", to_json_pretty(&named(GROUP, &group)?).ok()?.into()),
        ("wiring", to_value(&words::wiring(&workload.wiring))),
        ("writable_paths", agent_outputs::writable_paths(settings, workload)),
        ("sha256", sha256),
    ])
}

fn wiring_type() -> Type {
    Type::object([
        ("env", Type::map(Type::String)),
        ("labels", Type::map(Type::String)),
        ("volumes", Type::list(Type::String)),
    ])
}

/// The `application` block in the words of Nomad.
fn tasks_block() -> crate::schema::NestedBlock {
    let mut application = agent_block::application_block();
    "What is done to the tasks of the application in the group. Tasks with another driver than `docker` are left as they are, which a warning tells."
        .clone_into(&mut application.block.description);
    for attribute in &mut application.block.attributes {
        let here = match attribute.name.as_str() {
            "wire" => {
                "Whether the tasks are wired to the Agent: sockets, variables and labels. Defaults to `true`. A task that ends before the others start is not."
            }
            "read_only_root_filesystem" => {
                "Whether each task that does not say otherwise gets `readonly_rootfs = true`. An image that writes to its own root fails with it: name what it writes in `writable_paths`. `/alloc`, `/local` and `/secrets` stay writable. Defaults to `false`."
            }
            "writable_paths" => {
                "The absolute paths that a task has to write to, by the task's name. Each becomes a directory in the task's own `local/`, called after task and path, unless something is mounted there. It begins empty."
            }
            "tmpfs_size" => {
                "MiB that each writable path may hold. Given, the paths become tmpfs, in the task's memory, in which no program can be run. Needs `writable_paths`."
            }
            _ => continue,
        };
        here.clone_into(&mut attribute.description);
    }
    application
}
