//! `ddrofs_agent_compose`: the Agent as services of Docker Compose, alone or put into the user's own document.
//!
//! Calls nothing and writes no file: what it gives is text.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Node, Object, Path, Place, Step, to_json, yaml};
use crate::ecs;
use crate::framework::{Context, DataSource};
use crate::merge::compose::{self, Collision, CollisionKind, Joined, Joining};
use crate::render::{Renderer, compose as words};
use crate::rofs::settings::Settings;
use crate::rofs::workload::{VolumeKind, Workload};
use crate::rofs::{self, WritablePath};
use crate::rules::policy::Policed;
use crate::rules::{self, DocumentKind, Finding, Judgement, form_of};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{self, Application, Asked, Target};
use super::super::diagnostics as say;
use super::super::document_value::{finding_type, object, to_value};
use super::super::given_services::{self, GivenServices, SERVICES};
use super::super::judged_value;
use super::super::policy_block::{self, InForce};
use super::super::provider_block::{Configured, Settled};
use super::super::task::Agent;

/// Keys that come first where they stand, so that a person finds what they look for; the others follow by name.
const FIRST: [&str; 10] = [
    "name",
    "services",
    "image",
    "build",
    "command",
    "read_only",
    "restart",
    "user",
    "depends_on",
    "environment",
];

/// The data source.
pub(in crate::provider) struct AgentCompose {
    settled: Arc<Settled>,
}

/// What was made of a configuration, as far as that can be told.
struct Made {
    asked: Asked,
    document: Option<Node>,
    workload: Option<Workload>,
    policed: Policed,
    diagnostics: Diagnostics,
    /// What the rules found, as it is told of a configuration.
    told: Vec<Diagnostic>,
}

impl AgentCompose {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    fn made(&self, config: &Value) -> Made {
        let configured = self.settled.get();
        let asked =
            agent_block::asked_by_body(config, configured.as_deref().map(Configured::fleet), Target::Compose);
        let mut diagnostics = asked.diagnostics.clone();
        diagnostics.extend(asked.no_key.clone());
        let services = services(config, &mut diagnostics);
        let policy = InForce::of(config, &self.settled.policy());
        let (mut document, mut workload, mut judgement) = (None, None, Judgement::default());
        if let (Agent::Settings(settings), Some(application), Some(services)) =
            (asked.agent(), &asked.application, &services)
            && !diagnostics.has_errors()
        {
            let made = rofs::assemble(settings);
            let joined = join(settings, &made, application, services.as_ref(), &mut diagnostics);
            if joined.collisions.is_empty() {
                // Otherwise it is not what was meant, and rules would only report the consequences.
                judgement = rules::judge_document(DocumentKind::Compose, &joined.document, Some(settings));
                diagnostics.extend(policy.idle(&judgement, &names(&joined.document)));
                document = Some(joined.document);
            }
            workload = Some(made);
        }
        diagnostics.extend(policy.mistakes());
        let policed = policy.apply(&judgement);
        let given = services.flatten();
        let told = say::findings(policed.findings.iter(), |finding| {
            let shown =
                Finding { fix: finding.fix_in(form_of(DocumentKind::Compose)).into(), ..finding.clone() };
            let (at, place) = place_of(&finding.path, given.as_ref(), workload.as_ref());
            say::Shown::of(DocumentKind::Compose, shown, at, place)
        });
        Made { asked, document, workload, policed, diagnostics, told }
    }
}

/// The services that were given; none while they are not known, and where they cannot be read.
fn services<'v>(config: &'v Value, diagnostics: &mut Diagnostics) -> Option<Option<GivenServices<'v>>> {
    let given = config.get(SERVICES);
    match given_services::read(given) {
        Ok(Given::Absent) => Some(None),
        // A part that is not known yet may be what is missing, or in the way.
        Ok(_) if !given.is_wholly_known() => None,
        Ok(Given::Known(services)) => Some(Some(services)),
        Ok(Given::Unknown) => None,
        Err(problems) => {
            diagnostics.extend(problems.iter().map(say::unreadable_services));
            None
        }
    }
}

/// The services by their names, as waivers name them.
fn names(document: &Node) -> Node {
    let Node::Object(services) = document.get(SERVICES) else { return Node::default() };
    services.keys().map(|name| Node::from([("name", name.as_str().into())])).collect::<Vec<_>>().into()
}

/// Where in the configuration a place of the document was written, and where in a text that was given. The services that were
/// added follow from settings.
fn place_of(
    path: &Path,
    given: Option<&GivenServices<'_>>,
    workload: Option<&Workload>,
) -> (AttributePath, Option<Place>) {
    let is_added = |name: &str| {
        workload.is_some_and(|workload| workload.containers.iter().any(|container| container.name == name))
    };
    match (path.0.as_slice(), given) {
        ([Step::Key(_), Step::Key(name), ..], _) if is_added(name) => Default::default(),
        (_, Some(given)) => (given.place(path), given.place_in_text(path)),
        (_, None) => Default::default(),
    }
}

fn join(
    settings: &Settings,
    workload: &Workload,
    application: &Application,
    services: Option<&GivenServices<'_>>,
    diagnostics: &mut Diagnostics,
) -> Joined {
    let joining = Joining {
        settings,
        workload,
        wire: application.wire,
        read_only: application.read_only_root_filesystem == Some(true),
        writable_paths: application.writable_paths.clone(),
        tmpfs_size: application.tmpfs_size,
    };
    let document = services.map_or_else(Object::new, |services| services.document.clone());
    let joined =
        compose::join(document, &joining).expect("a workload is made of what its platform has words for");
    let place = |collision: &Collision| match services {
        _ if collision.is_in_what_was_asked_for() => (asked_place(collision), None),
        Some(services) => (services.place(&collision.path), services.place_in_text(&collision.path)),
        None => (AttributePath::root(SERVICES), None),
    };
    diagnostics.extend(joined.collisions.iter().map(|collision| {
        let (at, place) = place(collision);
        say::compose_collision(collision, at, place)
    }));
    if !joined.kept.is_empty() {
        diagnostics.push(say::kept(SERVICES, &joined.kept));
    }
    if !joined.unseen.is_empty() {
        diagnostics.push(say::not_seen(&joined.unseen));
    }
    joined
}

fn asked_place(collision: &Collision) -> AttributePath {
    let is_the_size = collision.kind == CollisionKind::TmpfsSize;
    agent_block::block_at("application").attribute(if is_the_size { "tmpfs_size" } else { "writable_paths" })
}

#[async_trait]
impl DataSource for AgentCompose {
    fn type_name(&self) -> &'static str {
        "ddrofs_agent_compose"
    }

    fn schema(&self) -> Schema {
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let mut attributes = Target::Compose.attributes();
        attributes.extend([
            Attribute::new(SERVICES, Type::Dynamic, Mode::Optional, "The application's services: a mapping of names to services, or a whole document of Compose with its networks, volumes and secrets, as YAML text or as the same structure written in HCL. Each service is wired to the Agent (socket, variables, order of start) and is part of `yaml`; all else of the document is kept as it is. Comments, anchors and the order of keys of a YAML text are not kept. What comes from `env_file` and `extends` is not seen, and `environment` wins over both: a warning names what a service got over them."),
            computed("id", Type::String, "Same as `sha256`."),
            computed("yaml", Type::String, "The document of Compose: the Agent's services, with the application's where they were given. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `services` holds: Terraform takes marks off on the way into a data source."),
            computed("sidecar_yaml", Type::String, "The document with the Agent's services, volumes and secrets alone, for `include` or a second `-f`."),
            computed("findings", Type::list(finding_type()), "What the rules found in the whole document, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`, `container` is the service. An error stops every command that reads this, a destroy included; the services or the `policy` are the way out."),
            computed("wiring", wiring_type(), "What a service of the application needs to reach the Agent, for people who merge by hand."),
            computed("writable_paths", Type::list(Type::object([
                ("path", Type::String), ("volume", Type::String), ("purpose", Type::String), ("without", Type::String),
            ])), "The directories the Agent writes: path, volume, why it is needed, and what breaks without it. The volume is null where it is a tmpfs."),
            computed("sha256", Type::String, "SHA-256 of the document that `yaml` spells: equal for equal meaning."),
        ]);
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as services of Docker Compose: an init service that copies the image's configuration into a volume, and the Agent that waits for it. Both have `read_only`. The application's services can be given and are wired to the Agent. Plans offline, without credentials.\n\nThe API key is never part of the document: it is taken from the environment of the machine that runs Compose, or from a file.\n\nA configuration volume outlives the image that filled it. The init service therefore runs with every `docker compose up`, refreshes what the image ships and removes what an earlier image had; what the Agent wrote itself stays.".to_owned(),
                attributes,
                blocks: [Target::Compose.blocks(), vec![
                    services_block(),
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
        errors.extend(diagnostics.into_iter().chain(told).filter(is_error));
        errors
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let Made { asked, document, workload, policed, mut diagnostics, told } = self.made(&config);
        diagnostics.extend(told);
        let open: Vec<&str> = policed.open.iter().copied().collect();
        if !open.is_empty() {
            diagnostics.push(say::policy_not_known(&open));
        }
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let outputs = match (asked.agent(), document, workload) {
            (Agent::Settings(settings), Some(document), Some(workload)) => {
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

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == crate::diagnostics::Severity::Error
}

/// The attributes that are computed; none while a part is not known yet.
fn outputs(
    settings: &Settings,
    workload: &Workload,
    document: &Node,
    policed: &Policed,
) -> Option<[(&'static str, Value); 7]> {
    let sidecars = words::Compose.document(workload).ok()?;
    let sha256 = Value::from(ecs::digest(&to_json(document).ok()?));
    Some([
        ("id", sha256.clone()),
        ("yaml", Value::from(yaml::write(document, &FIRST).ok()?)),
        ("sidecar_yaml", Value::from(yaml::write(&sidecars, &FIRST).ok()?)),
        ("findings", findings(policed)),
        ("wiring", to_value(&words::wiring(&workload.wiring))),
        (
            "writable_paths",
            Value::List(
                rofs::writable_paths(settings)
                    .iter()
                    .map(|writable| writable_path(workload, writable))
                    .collect(),
            ),
        ),
        ("sha256", sha256),
    ])
}

fn findings(policed: &Policed) -> Value {
    let findings = policed.findings.iter();
    Value::List(
        findings
            .map(|finding| {
                judged_value::finding(finding, &finding.path, finding.fix_in(form_of(DocumentKind::Compose)))
            })
            .collect(),
    )
}

fn writable_path(workload: &Workload, writable: &WritablePath) -> Value {
    let volume = workload.volumes.iter().find(|volume| volume.name == writable.volume);
    let name = volume
        .filter(|volume| volume.kind != VolumeKind::Tmpfs)
        .map(|volume| Value::from(volume.name.as_str()));
    object([
        ("path", Value::from(writable.path)),
        ("volume", name.unwrap_or_default()),
        ("purpose", Value::from(writable.purpose)),
        ("without", Value::from(writable.without)),
    ])
}

fn wiring_type() -> Type {
    Type::object([
        ("environment", Type::map(Type::String)),
        ("labels", Type::map(Type::String)),
        ("volumes", Type::list(Type::String)),
        ("depends_on", Type::map(Type::object([("condition", Type::String)]))),
    ])
}

/// The `application` block in the words of Compose.
fn services_block() -> crate::schema::NestedBlock {
    let mut application = agent_block::application_block();
    "What is done to the application's own services.".clone_into(&mut application.block.description);
    for attribute in &mut application.block.attributes {
        let here = match attribute.name.as_str() {
            "wire" => {
                "Whether the services are wired to the Agent: sockets, variables, order of start. Defaults to `true`."
            }
            "read_only_root_filesystem" => {
                "Whether each service that does not say otherwise gets `read_only: true`. An image that writes to its own root fails with it: name what it writes in `writable_paths`. Defaults to `false`."
            }
            "writable_paths" => {
                "The absolute paths that a service has to write to, by the service's name. Each becomes a named volume called after service and path, unless something is mounted there. Docker fills it with what the image has at that path."
            }
            "tmpfs_size" => {
                "MiB that each writable path may hold. Given, the paths become tmpfs, in the service's memory, instead of volumes. Needs `writable_paths`."
            }
            _ => continue,
        };
        here.clone_into(&mut attribute.description);
    }
    application
}
