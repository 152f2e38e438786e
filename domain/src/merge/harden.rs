//! The way from a task definition and what is to be done to it, to the task definition with that done.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::joiner::{Lookup, look_up};
use super::log::{Log, Place};
use super::{Change, ChangeKind, Collision, CollisionKind, Stripped, strip};
use super::{added_dependencies, agent, read_only_root, volumes, wiring, writable_paths};
use crate::document::{Node, Object, Path};
use crate::rofs::settings::Settings;
use crate::rofs::variables::DD_API_KEY;
use crate::rofs::workload::{Role, Workload};
use crate::task::{self, OperatingSystem};

/// What is to be done to a task definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Hardening<'a> {
    /// The Agent that is wanted. With none, none is added, and one that is there gets what its read-only root needs.
    pub agent: Option<&'a Settings>,
    /// Whether the application is wired to the Agent.
    pub wire: bool,
    /// Whose root filesystem becomes read-only.
    pub read_only_root: ReadOnlyRoot,
    /// The absolute paths that a container has to write to, by its name.
    pub writable_paths: BTreeMap<String, Vec<String>>,
    /// MiB of the tmpfs that each writable path becomes; with none it becomes an empty volume.
    pub tmpfs_size: Option<i64>,
    /// Whether marks are left by which [`strip`](super::strip()) takes everything out again.
    pub mark: bool,
    /// What the containers are taken to be made for, where the task definition cannot name it.
    pub operating_system: Option<OperatingSystem>,
}

/// Whose root filesystem becomes read-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadOnlyRoot {
    /// Nobody's but the Agent's that was asked for.
    Leave,
    /// That of each container that does not say otherwise.
    WhereUnsaid,
    /// Everybody's. A container that says otherwise is listed.
    Everywhere,
}

impl Default for Hardening<'_> {
    /// No Agent, everybody's root filesystem, marks left.
    fn default() -> Self {
        Hardening {
            agent: None,
            wire: true,
            read_only_root: ReadOnlyRoot::Everywhere,
            writable_paths: BTreeMap::new(),
            tmpfs_size: None,
            mark: true,
            operating_system: None,
        }
    }
}

/// The result of [`harden`].
#[derive(Debug, Clone, PartialEq)]
pub struct Hardened {
    /// The task definition: sidecars that were added in start order, then the user's containers in their order.
    pub document: Node,
    /// What stands in the way. While there is any, `document` lacks what collided and must not be used.
    pub collisions: Vec<Collision>,
    /// What was added, changed or kept.
    pub changes: Vec<Change>,
    /// For each container of the result its position in the given document; none for a sidecar that was added. Empty
    /// while it is not known how many containers there are.
    pub origins: Vec<Option<usize>>,
    /// The pattern as it stands in this task, where an Agent was asked for: with the names of an Agent and of volumes
    /// that were there already.
    pub workload: Option<Workload>,
    /// The settings of that Agent, with what one that was there says itself.
    pub agent: Option<Settings>,
    /// The volumes that were added, for who registers them elsewhere.
    pub added_volumes: Vec<Node>,
}

/// Hardens a task definition in the shape of `RegisterTaskDefinition` (see [`read`](crate::ecs::read)).
///
/// Where marks are left, those of an earlier time are taken out first, so that hardening twice is hardening once whatever
/// was asked for before. Where none are left, a marked document is one like any other: what was hardened before must not
/// be undone by who asks for nothing. Paths in the result are paths into the given document.
pub fn harden(document: Node, hardening: &Hardening<'_>) -> Hardened {
    let says_windows = says_windows(&document, hardening);
    let (document, origins, sidecars) = if hardening.mark {
        let Stripped { document, origins, sidecars, .. } = strip(document);
        (document, origins, sidecars)
    } else {
        let positions = 0..document.get("containerDefinitions").items().len();
        (document, positions.collect(), BTreeSet::new())
    };
    let mut members = match document {
        Node::Object(members) => members,
        // Not known, or no task definition, which is for the reader of the document to say.
        other => return Hardened::untouched(other),
    };
    let definitions = match members.remove("containerDefinitions") {
        Some(Node::Array(definitions)) => definitions,
        None => return Hardened::untouched(Node::Object(members)),
        Some(other) => return without_containers(members, other, hardening),
    };
    let mut draft = Draft::new(hardening, definitions, &origins, sidecars, members);
    let is_linux = draft.read().windows.map(|windows| !windows);
    let workload = match is_linux {
        Some(false) => {
            leave_windows_alone(&mut draft.log, hardening, says_windows);
            None
        }
        _ => work(&mut draft, is_linux),
    };
    let added_volumes = draft.volumes.added().iter().map(|name| volumes::volume(name)).collect();
    let agent = draft.agent.take().or_else(|| workload.as_ref().and(hardening.agent).cloned());
    let (document, origins, Log { changes, collisions }) = draft.finish();
    Hardened { document, collisions, changes, origins, workload, agent, added_volumes }
}

fn work(draft: &mut Draft<'_>, is_linux: Option<bool>) -> Option<Workload> {
    let hardening = draft.hardening;
    let workload = agent::place(draft);
    if is_linux.is_none() && hardening.agent.is_none() && draft.has_an_agent() {
        // An Agent is brought up to the pattern on Linux only.
        draft.undecided |= hardening.read_only_root != ReadOnlyRoot::Leave;
    }
    if let Some(workload) = workload.as_ref().filter(|_| hardening.wire && !draft.undecided) {
        wiring::wire(draft, &workload.wiring);
    }
    read_only_root::apply(draft, is_linux);
    writable_paths::apply(draft);
    added_dependencies::refuse_circles(draft);
    workload
}

/// Where the document says that it is for Windows, in case it does.
fn says_windows(document: &Node, hardening: &Hardening<'_>) -> Path {
    let in_containers = match hardening.operating_system {
        Some(_) => task::says_windows(document.get("containerDefinitions").items()),
        None => None,
    };
    in_containers.unwrap_or_else(|| Path::default().key("runtimePlatform").key("operatingSystemFamily"))
}

fn leave_windows_alone(log: &mut Log, hardening: &Hardening<'_>, says_windows: Path) {
    if hardening.agent.is_some() {
        log.collision(&Place { container: None, path: says_windows }, "", CollisionKind::Windows);
    } else if hardening.read_only_root != ReadOnlyRoot::Leave || !hardening.writable_paths.is_empty() {
        log.change(&Place::nowhere(), "", ChangeKind::WindowsLeftAlone);
    }
}

/// The containers are not known yet, or no list, which is for the rules to report.
fn without_containers(mut members: Object, containers: Node, hardening: &Hardening<'_>) -> Hardened {
    let needs_volumes = hardening.agent.is_some() || !hardening.writable_paths.is_empty();
    if containers.is_unknown() && needs_volumes {
        members.insert("volumes".to_owned(), Node::Unknown);
    }
    members.insert("containerDefinitions".to_owned(), containers);
    Hardened {
        workload: hardening.agent.map(crate::rofs::assemble),
        agent: hardening.agent.cloned(),
        ..Hardened::untouched(Node::Object(members))
    }
}

impl Hardened {
    /// Whether the Agent has no API key, from wherever it could come. Not as long as nobody can tell.
    pub fn lacks_an_api_key(&self) -> bool {
        let agents = self.workload.iter().flat_map(|workload| &workload.containers);
        let names: Vec<&str> = agents
            .filter(|container| container.role == Role::Agent)
            .map(|container| container.name.as_str())
            .collect();
        let containers = self.document.get("containerDefinitions").items().iter();
        let mut agents =
            containers.filter(|one| one.get("name").as_str().is_some_and(|name| names.contains(&name)));
        agents.any(|agent| {
            let is_absent =
                |list: &str| matches!(look_up(Some(agent.get(list)), "name", DD_API_KEY), Lookup::Absent);
            let files = agent.get("environmentFiles");
            is_absent("environment")
                && is_absent("secrets")
                && files.is_wholly_known()
                && files.items().is_empty()
        })
    }

    fn untouched(document: Node) -> Self {
        Hardened {
            document,
            collisions: Vec::new(),
            changes: Vec::new(),
            origins: Vec::new(),
            workload: None,
            agent: None,
            added_volumes: Vec::new(),
        }
    }
}
