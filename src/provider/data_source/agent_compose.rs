//! `ddrofs_agent_compose`: the Agent as services of Docker Compose, alone or put into the user's own document.
//!
//! Calls nothing and writes no file: what it gives is text.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::{Node, Object, Path, Place, Step, yaml};
use crate::framework::{Context, DataSource};
use crate::merge::compose::{self, Collision, CollisionKind};
use crate::render::{Renderer, compose as words};
use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;
use crate::rules::DocumentKind;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{Application, Target};
use super::super::agent_document::{self, AgentDocument, Finished, Joined};
use super::super::diagnostics::{self as say, Argument};
use super::super::document_value::to_value;
use super::super::given_services::{self, GivenServices, SERVICES};
use super::super::policy_block;
use super::super::provider_block::Settled;
use super::super::unreadable::Unreadable;

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

impl AgentCompose {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }
}

/// The document.
struct Services;

impl AgentDocument for Services {
    type Given<'v> = GivenServices<'v>;

    const TARGET: Target = Target::Compose;
    const KIND: DocumentKind = DocumentKind::Compose;
    const ARGUMENT: Option<Argument> = Some(Argument {
        name: SERVICES,
        holds: "Services are",
        document: "a document of Compose",
        has_to_be: "a mapping of names to services, or a whole document of Compose, as YAML text or as an HCL value",
        line: "services = file(\"${path.module}/compose.yaml\")",
        without_tags: "Give the merged document, as `docker compose config --no-interpolate` writes it.",
        without_placeholders: "Fill them in first.",
    });

    fn read(value: &Value) -> Result<Given<GivenServices<'_>>, Vec<Unreadable>> {
        given_services::read(value)
    }

    fn join(
        _: &Value,
        settings: &Settings,
        workload: &Workload,
        application: &Application,
        services: Option<&GivenServices<'_>>,
    ) -> Joined {
        let joining = agent_document::joining(settings, workload, application);
        let document = services.map_or_else(Object::new, |services| services.document.clone());
        let joined =
            compose::join(document, &joining).expect("a workload is made of what its platform has words for");
        let at = |collision: &Collision| match services {
            _ if collision.is_in_what_was_asked_for() => {
                (agent_document::asked_place(collision.kind == CollisionKind::TmpfsSize), None)
            }
            Some(services) => (services.place(&collision.path), services.place_in_text(&collision.path)),
            None => (AttributePath::root(SERVICES), None),
        };
        let told = |one: &Collision| say::document_collision(one.summary(), one, &one.path, at(one));
        Joined {
            document: joined.document,
            text: None,
            collisions: joined.collisions.iter().map(told).collect(),
            kept: joined.kept,
            warnings: (!joined.unseen.is_empty())
                .then(|| say::not_seen(&joined.unseen))
                .into_iter()
                .collect(),
        }
    }

    /// The services by their names.
    fn names(document: &Node) -> Node {
        let Node::Object(services) = document.get(SERVICES) else { return Node::default() };
        services.keys().map(|name| Node::from([("name", name.as_str().into())])).collect::<Vec<_>>().into()
    }

    /// The services that were added follow from settings.
    fn place(
        path: &Path,
        _: &Node,
        given: Option<&GivenServices<'_>>,
        workload: &Workload,
    ) -> (AttributePath, Option<Place>) {
        let is_added = |name: &str| workload.containers.iter().any(|container| container.name == name);
        match (path.0.as_slice(), given) {
            ([Step::Key(_), Step::Key(name), ..], _) if is_added(name) => Default::default(),
            (_, Some(given)) => (given.place(path), given.place_in_text(path)),
            (_, None) => Default::default(),
        }
    }
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
            computed("yaml", Type::String, "The document of Compose: the Agent's services, with the application's where they were given. Stable byte for byte for equal meaning. Not marked as sensitive, whatever `services` holds: Terraform takes marks off on the way into a data source."),
            computed("sidecar_yaml", Type::String, "The document with the Agent's services, volumes and secrets alone, for `include` or a second `-f`."),
            computed("wiring", wiring_type(), "What a service of the application needs to reach the Agent, for people who merge by hand."),
        ]);
        attributes.extend(agent_document::common_attributes(
            "What the rules found in the whole document, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`, `container` is the service. An error stops every command that reads this, a destroy included; the services or the `policy` are the way out.",
            "The volume is null where it is a tmpfs.",
            agent_document::SHA256_OF_YAML,
        ));
        Schema {
            version: 0,
            block: Block {
                description: "The Datadog Agent on a read-only root filesystem as services of Docker Compose: an init service that copies the image's configuration into a volume, and the Agent that waits for it. Both have `read_only`. The application's services can be given and are wired to the Agent. Plans offline, without credentials.\n\nThe API key is never part of the document: it is taken from the environment of the machine that runs Compose, or from a file.\n\nA configuration volume outlives the image that filled it. The init service therefore runs with every `docker compose up`, refreshes what the image ships and removes what an earlier image had; what the Agent wrote itself stays.".to_owned(),
                attributes,
                blocks: [Target::Compose.blocks(), vec![
                    agent_document::application_block("What is done to the application's own services.", &APPLICATION),
                    policy_block::policy_block("What is made of findings here, added to the `policy` of the provider."),
                ]].concat(),
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        agent_document::validated::<Services>(&self.settled, config)
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        agent_document::read::<Services, 3>(&self.settled, config, outputs)
    }
}

/// The attributes that it computes itself; none while a part is not known yet.
fn outputs(finished: &Finished<'_>) -> Option<[(&'static str, Value); 3]> {
    let sidecars = words::Compose.document(finished.workload).ok()?;
    Some([
        ("yaml", Value::from(yaml::write(finished.document, &FIRST).ok()?)),
        ("sidecar_yaml", Value::from(yaml::write(&sidecars, &FIRST).ok()?)),
        ("wiring", to_value(&words::wiring(&finished.workload.wiring))),
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
const APPLICATION: [(&str, &str); 4] = [
    (
        "wire",
        "Whether the services are wired to the Agent: sockets, variables, order of start. Defaults to `true`.",
    ),
    (
        "read_only_root_filesystem",
        "Whether each service that does not say otherwise gets `read_only: true`. An image that writes to its own root fails with it: name what it writes in `writable_paths`. Defaults to `false`.",
    ),
    (
        "writable_paths",
        "The absolute paths that a service has to write to, by the service's name. Each becomes a named volume called after service and path, unless something is mounted there. Docker fills it with what the image has at that path.",
    ),
    (
        "tmpfs_size",
        "MiB that each writable path may hold. Given, the paths become tmpfs, in the service's memory, instead of volumes. Needs `writable_paths`.",
    ),
];
