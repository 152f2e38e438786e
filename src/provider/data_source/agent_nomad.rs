//! `ddrofs_agent_nomad`: the Agent as tasks of a job of Nomad, alone or put into the user's own job.
//!
//! Calls nothing and writes no file: what it gives is text.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::{Node, Path, Place, hcl, to_json_pretty};
use crate::framework::{Context, DataSource};
use crate::merge::nomad::{self, Collision, CollisionKind};
use crate::nomad::{Form, LAYOUT, Part, job, job_of_api, named, task_around};
use crate::render::{Renderer, nomad as words};
use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;
use crate::rules::DocumentKind;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{Application, Target};
use super::super::agent_document::{self, AgentDocument, Finished, Joined};
use super::super::diagnostics::{self as say, Argument};
use super::super::document_value::to_value;
use super::super::given_job::{self, GivenJob, JOB, Written};
use super::super::policy_block;
use super::super::provider_block::Settled;
use super::super::unreadable::Unreadable;

/// The data source.
pub(in crate::provider) struct AgentNomad {
    settled: Arc<Settled>,
}

/// The argument that names the group.
const GROUP: &str = "group";

impl AgentNomad {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }
}

/// The document.
struct Job;

impl AgentDocument for Job {
    type Given<'v> = GivenJob<'v>;

    const TARGET: Target = Target::Nomad;
    const KIND: DocumentKind = DocumentKind::Nomad;
    const ARGUMENT: Option<Argument> = Some(Argument {
        name: JOB,
        holds: "The job is",
        document: "a job of Nomad",
        has_to_be: "a job of Nomad: the text of a file with a block `job \"name\" { ... }`, or what the HTTP API accepts, an object with \
                    `Job` or with `TaskGroups`, as JSON text or as an HCL value",
        line: "job = file(\"${path.module}/shop.nomad.hcl\")",
        without_tags: "Write the value without it.",
        without_placeholders: "Fill them in first.",
    });
    const BESIDE: Option<&'static str> = Some(GROUP);

    fn read(value: &Value) -> Result<Given<GivenJob<'_>>, Vec<Unreadable>> {
        given_job::read(value)
    }

    fn join(
        config: &Value,
        settings: &Settings,
        workload: &Workload,
        application: &Application,
        given: Option<&GivenJob<'_>>,
    ) -> Joined {
        const REASON: &str = "a workload is made of what its platform has words for";
        let Some(given) = given else {
            let document = words::Nomad.document(workload).expect(REASON);
            return Joined { text: hcl::write(&document, &LAYOUT).ok(), document, ..Joined::default() };
        };
        let joining = agent_document::joining(settings, workload, application);
        let joined = nomad::join(&given.document, &joining, config.get(GROUP).as_str()).expect(REASON);
        let at = |collision: &Collision| match &collision.kind {
            CollisionKind::NoSuchGroup { .. } | CollisionKind::GroupTwice { .. } => {
                (AttributePath::root(GROUP), None)
            }
            _ if collision.is_in_what_was_asked_for() => {
                (agent_document::asked_place(collision.kind == CollisionKind::TmpfsSize), None)
            }
            _ => (given.place(&collision.path), given.place_in_text(&collision.path)),
        };
        let told = |one: &Collision| say::document_collision(one.summary(), one, &one.path, at(one));
        let mut collisions: Vec<_> = joined.collisions.iter().map(told).collect();
        let written = given.written(&joined.changes);
        if written.is_none() && collisions.is_empty() {
            collisions.push(say::no_place_in_the_job());
        }
        let Written { document, text } =
            written.unwrap_or_else(|| Written { document: Node::default(), text: None });
        let mut warnings = Vec::new();
        if !joined.left.is_empty() {
            warnings.push(say::left_as_they_are(JOB, &joined.left));
        }
        Joined { document, text, collisions, kept: joined.kept, warnings }
    }

    /// The tasks of all groups by their names.
    fn names(document: &Node) -> Node {
        let names = tasks(document).into_iter().map(|task| Node::from([("name", task.name.as_str().into())]));
        names.collect::<Vec<_>>().into()
    }

    /// The tasks that were added follow from settings.
    fn place(
        path: &Path,
        document: &Node,
        given: Option<&GivenJob<'_>>,
        workload: &Workload,
    ) -> (AttributePath, Option<Place>) {
        let is_ours = |name: &str| workload.containers.iter().any(|container| container.name == name);
        let is_added = task_around(document, path).is_some_and(is_ours);
        match given {
            Some(given) if !is_added => (given.place(path), given.place_in_text(path)),
            _ => Default::default(),
        }
    }
}

/// The tasks of all groups.
fn tasks(document: &Node) -> Vec<Part<'_>> {
    let groups = job(document).map(|job| job.parts("group").0).unwrap_or_default();
    groups.iter().flat_map(|group| group.parts("task").0).collect()
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
            computed("hcl", Type::String, "The job in HCL, for `nomad job run` and the resource `nomad_job`. Null where `job` is JSON. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `job` holds: Terraform takes marks off on the way into a data source."),
            computed("json", Type::String, "The job as the JSON of Nomad's HTTP API, for `nomad job run -json`. Null where `job` is HCL text: its functions and variables are Nomad's own to evaluate, which `nomad job run -output` does."),
            computed("sidecar_hcl", Type::String, "The group with the Agent's tasks alone, in HCL."),
            computed("sidecar_json", Type::String, "The group with the Agent's tasks alone, as the JSON of Nomad's HTTP API."),
            computed("wiring", wiring_type(), "What a task of the application needs to reach the Agent, for people who merge by hand: its `env`, and the `labels` and `volumes` of its `config`."),
        ]);
        attributes.extend(agent_document::common_attributes(
            "What the rules found in all groups of the job, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`, `container` is the task. An error stops every command that reads this, a destroy included; the job or the `policy` are the way out.",
            "Each volume is a directory of the allocation.",
            "SHA-256 of the job's text in the form that it has: of `hcl`, or else of `json`.",
        ));
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as tasks of a job of HashiCorp Nomad, for its driver `docker`: a `prestart` task that copies the image's configuration into a directory of the allocation, and the Agent that starts when it has ended. Both have `readonly_rootfs`. Plans offline, without credentials.\n\nWhat the Agent writes are directories of the allocation that every task of the group shares (`alloc/`), so no client has to allow volumes of the machine.\n\nThe API key is never part of the job: a template of Nomad fetches it from a Nomad variable or from Vault when the Agent starts.".to_owned(),
                attributes,
                blocks: [Target::Nomad.blocks(), vec![
                    agent_document::application_block(APPLICATION_IS, &APPLICATION),
                    policy_block::policy_block("What is made of findings here, added to the `policy` of the provider."),
                ]].concat(),
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        agent_document::validated::<Job>(&self.settled, config)
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let is_alone = config.get(JOB).undynamic().is_null();
        agent_document::read::<Job, 5>(&self.settled, config, |finished| outputs(is_alone, finished))
    }
}

/// The attributes that it computes itself; none while a part is not known yet.
fn outputs(is_alone: bool, finished: &Finished<'_>) -> Option<[(&'static str, Value); 5]> {
    let group = words::group(finished.workload).ok()?;
    let sidecars = Node::from([(GROUP, vec![group.clone()].into())]);
    let text = finished.text.map(Value::from)?;
    let (hcl, json) = match Form::of(finished.document)? {
        Form::Api => (Value::Null, text),
        Form::Hcl if is_alone => {
            let job = job_of_api(finished.document.get(JOB).items().first()?)?;
            (text, to_json_pretty(&job).ok()?.into())
        }
        Form::Hcl => (text, Value::Null),
    };
    Some([
        ("hcl", hcl),
        ("json", json),
        ("sidecar_hcl", hcl::write(&sidecars, &LAYOUT).ok()?.into()),
        ("sidecar_json", to_json_pretty(&named(GROUP, &group)?).ok()?.into()),
        ("wiring", to_value(&words::wiring(&finished.workload.wiring))),
    ])
}

fn wiring_type() -> Type {
    Type::object([
        ("env", Type::map(Type::String)),
        ("labels", Type::map(Type::String)),
        ("volumes", Type::list(Type::String)),
    ])
}

/// What the `application` block is about.
const APPLICATION_IS: &str = "What is done to the tasks of the application in the group. Tasks with another driver than `docker` are left as they are, which a warning tells.";

/// The `application` block in the words of Nomad.
const APPLICATION: [(&str, &str); 4] = [
    (
        "wire",
        "Whether the tasks are wired to the Agent: sockets, variables and labels. Defaults to `true`. A task that ends before the others start, or starts when they have ended, is not.",
    ),
    (
        "read_only_root_filesystem",
        "Whether each task that does not say otherwise gets `readonly_rootfs = true`. An image that writes to its own root fails with it: name what it writes in `writable_paths`. `/alloc`, `/local` and `/secrets` stay writable. Defaults to `false`.",
    ),
    (
        "writable_paths",
        "The absolute paths that a task has to write to, by the task's name. Each becomes a directory in the task's own `local/`, called after task and path, unless something is mounted there. It begins empty.",
    ),
    (
        "tmpfs_size",
        "MiB that each writable path may hold. Given, the paths become tmpfs, in the task's memory, in which no program can be run. Needs `writable_paths`.",
    ),
];
