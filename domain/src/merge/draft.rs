//! A task definition while it is hardened: the user's containers with what is known of each, and what is added so far.

use std::collections::BTreeSet;

use super::joiner::Joiner;
use super::log::{Log, Place};
use super::mark::{Found, LABEL, Mark};
use super::volumes::Volumes;
use super::{CollisionKind, Hardening};
use crate::document::{Node, Object};
use crate::rofs::settings::{Settings, Text};
use crate::task::{Container, Recognized, Signs, Subject, TaskDefinition, dependencies, mount_points};

/// A task definition in work.
pub(super) struct Draft<'a> {
    pub(super) hardening: &'a Hardening<'a>,
    /// The user's containers in their order.
    pub(super) items: Vec<Item>,
    /// Sidecars that are put before them.
    pub(super) sidecars: Vec<Sidecar>,
    stripped: BTreeSet<String>,
    pub(super) volumes: Volumes,
    pub(super) log: Log,
    /// The settings of the Agent that was found, with what it says itself.
    pub(super) agent: Option<Settings>,
    /// Whether nobody can say yet how many containers there will be.
    pub(super) undecided: bool,
    /// Everything of the task but its containers and volumes.
    pub(super) around: Node,
}

/// A container that is put before the user's.
pub(super) struct Sidecar {
    pub(super) definition: Node,
    pub(super) mark: Mark,
    /// Whether its mark is not known yet.
    pub(super) undecided: bool,
}

/// A container of the user.
pub(super) struct Item {
    pub(super) definition: Node,
    /// Its position in the document that was given.
    pub(super) origin: usize,
    pub(super) kind: Kind,
    pub(super) mark: Mark,
    /// Whether a part became unknown, so that its mark is not known either.
    pub(super) undecided: bool,
    /// Whether it has to stay as it is, because no mark could be left in it.
    pub(super) frozen: bool,
}

/// What a container is in the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It runs the Datadog Agent.
    Agent,
    /// It has the Agent's image and runs something else, such as the copy of the configuration.
    AgentImage,
    /// It fills the Agent's configuration volume before the Agent starts.
    Init,
    /// It is probably the Agent, because of these signs.
    Likely(Signs),
    /// It is the FireLens log router.
    Router,
    /// Anything else.
    Application,
    /// Whether it is the Agent is not known yet.
    Undecided,
}

impl Item {
    fn new(definition: Node, origin: usize) -> Self {
        let kind = Kind::Application;
        Self { definition, origin, kind, mark: Mark::default(), undecided: false, frozen: false }
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.definition.get("name").as_str()
    }

    pub(super) fn place(&self) -> Place {
        Place::of(self.name(), self.origin)
    }

    /// What joins parts to it; none where it has to stay as it is or is no object, which is for the rules to report.
    pub(super) fn joiner<'i>(&'i mut self, log: &'i mut Log) -> Option<Joiner<'i>> {
        let place = self.place();
        match &mut self.definition {
            Node::Object(members) if !self.frozen => {
                Some(Joiner { members, place, mark: &mut self.mark, undecided: &mut self.undecided, log })
            }
            _ => None,
        }
    }

    /// Whether nobody can say yet if it mounted a volume before that was added, which the volume's mark has to tell: its
    /// mounts are not known, or its mark is not, so that the mount may be an earlier hardening's.
    fn may_have_mounted(&self, volume: &str) -> bool {
        let definition = &self.definition;
        let is_open = self.undecided
            || definition.get("name").is_unknown()
            || matches!(Mark::of(definition), Found::Unknown);
        let mounts = mount_points(definition);
        definition.is_unknown()
            || !mounts.are_complete()
            || mounts.known().any(|mount| match mount.volume {
                Node::String(mounted) => mounted == volume && (is_open || mount.path.is_unknown()),
                other => other.is_unknown(),
            })
    }

    /// The definition with its mark, where marks are left.
    fn finish(self, marks: bool) -> Node {
        let is_marked = marks && (self.undecided || !self.mark.is_empty());
        labelled(self.definition, is_marked.then_some((&self.mark, self.undecided)))
    }
}

impl<'a> Draft<'a> {
    /// Takes a task apart. `origins` are the containers' positions in the document that was given, `stripped` the names of
    /// an earlier hardening's sidecars, which went.
    pub(super) fn new(
        hardening: &'a Hardening<'a>,
        definitions: Vec<Node>,
        origins: &[usize],
        stripped: BTreeSet<String>,
        mut around: Object,
    ) -> Self {
        let volumes = Volumes::new(around.remove("volumes").unwrap_or_default(), definitions.iter());
        let items = definitions.into_iter().zip(origins);
        let mut draft = Self {
            hardening,
            items: items.map(|(definition, origin)| Item::new(definition, *origin)).collect(),
            sidecars: Vec::new(),
            stripped,
            volumes,
            log: Log::default(),
            agent: None,
            undecided: false,
            around: Node::Object(around),
        };
        for (item, kind) in draft.kinds().into_iter().enumerate() {
            draft.items[item].kind = kind;
        }
        if hardening.mark {
            draft.freeze_what_cannot_be_marked();
        }
        draft
    }

    fn kinds(&self) -> Vec<Kind> {
        let task = self.read();
        let kind = |index| task.at(index).map_or(Kind::Application, |container| kind_of(&task, container));
        (0..self.items.len()).map(kind).collect()
    }

    fn freeze_what_cannot_be_marked(&mut self) {
        for item in &mut self.items {
            item.frozen = match (Mark::of(&item.definition), item.definition.get("dockerLabels")) {
                (Found::Foreign, _) => {
                    self.log.collision(&item.place(), "dockerLabels", CollisionKind::ForeignMark);
                    true
                }
                (_, Node::Null | Node::Object(_) | Node::Unknown) => false,
                // Labels of another type are for the rules to report; a mark has no place in them.
                _ => true,
            };
        }
    }

    /// The task as it is now, as everybody reads it: the user's containers at their places in `items`, then the sidecars
    /// that were added so far, and the user's volumes. Who changes the task reads first, decides, and reads anew after.
    pub(super) fn read(&self) -> TaskDefinition<'_> {
        let definitions = self.items.iter().map(|item| &item.definition);
        let sidecars = self.sidecars.iter().map(|sidecar| &sidecar.definition);
        let Hardening { agent, operating_system, .. } = self.hardening;
        let subject =
            Subject { agent: *agent, operating_system: *operating_system, ..Subject::of(&self.around) };
        TaskDefinition::of_parts(&subject, definitions.chain(sidecars), self.volumes.of_the_user())
    }

    /// Whether one of the user's containers runs the Agent, or may.
    pub(super) fn has_an_agent(&self) -> bool {
        self.items.iter().any(|item| matches!(item.kind, Kind::Agent | Kind::Undecided))
    }

    /// Whether one of the user's containers has that name, or waits for one that has it and is not there: unless that one
    /// was a sidecar of ours.
    pub(super) fn is_name_taken(&self, name: &str) -> bool {
        let waits = |item: &Item| {
            dependencies(&item.definition).known().any(|other| other.awaited.as_str() == Some(name))
        };
        self.items
            .iter()
            .any(|item| item.name() == Some(name) || (!self.stripped.contains(name) && waits(item)))
    }

    /// The document as it is now, and for each container the position that it had in the given one.
    pub(super) fn finish(self) -> (Node, Vec<Option<usize>>, Log) {
        let Draft { hardening, mut items, mut sidecars, mut volumes, log, undecided, around, .. } = self;
        let Node::Object(mut around) = around else { unreachable!("a draft is made around an object") };
        let may_be_mounted: BTreeSet<String> = (volumes.added().iter())
            .filter(|volume| items.iter().any(|item| item.may_have_mounted(volume)))
            .cloned()
            .collect();
        let of_items = items.iter_mut().map(|item| (&mut item.mark, &mut item.undecided));
        let of_sidecars = sidecars.iter_mut().map(|sidecar| (&mut sidecar.mark, &mut sidecar.undecided));
        for (mark, undecided) in of_items.chain(of_sidecars) {
            mark.mounted_before = volumes.mounted(&mark.volumes);
            *undecided |= !mark.volumes.is_disjoint(&may_be_mounted);
        }
        let origins: Vec<_> = if undecided {
            Vec::new()
        } else {
            let users = items.iter().map(|item| Some(item.origin));
            sidecars.iter().map(|_| None).chain(users).collect()
        };
        let containers = if undecided {
            volumes.leave_open();
            Node::Unknown
        } else {
            let sidecars = sidecars.into_iter().map(|sidecar| sidecar.finish(hardening.mark));
            Node::Array(sidecars.chain(items.into_iter().map(|item| item.finish(hardening.mark))).collect())
        };
        around.insert("containerDefinitions".to_owned(), containers);
        match volumes.into_node() {
            Node::Null => {}
            volumes => {
                around.insert("volumes".to_owned(), volumes);
            }
        }
        (Node::Object(around), origins, log)
    }
}

impl Sidecar {
    /// The definition with its mark, where marks are left.
    fn finish(self, marks: bool) -> Node {
        labelled(self.definition, marks.then_some((&self.mark, self.undecided)))
    }
}

/// A definition with a mark, and whether that is not known yet. Labels that are not known yet stay so.
fn labelled(mut definition: Node, mark: Option<(&Mark, bool)>) -> Node {
    let (Some((mark, undecided)), Node::Object(members)) = (mark, &mut definition) else { return definition };
    let text = if undecided { Node::Unknown } else { mark.text().into() };
    match members.get_mut("dockerLabels") {
        Some(Node::Object(labels)) => {
            labels.insert(LABEL.to_owned(), text);
        }
        None | Some(Node::Null) => {
            members.insert("dockerLabels".to_owned(), Node::from([(LABEL, text)]));
        }
        Some(_) => {}
    }
    definition
}

/// What a container is in the task. One whose image is not known yet may be the Agent only where something speaks for it:
/// most images of applications are known at apply only.
fn kind_of(task: &TaskDefinition<'_>, container: &Container<'_>) -> Kind {
    let settings = task.agent;
    let firelens = container.get("firelensConfiguration");
    let recognized = task.recognized(container);
    let is_named = container.name.is_some()
        && settings.is_some_and(|settings| settings.existing_container.as_deref() == container.name);
    if !firelens.is_null() && !firelens.is_unknown() && !is_named {
        return Kind::Router;
    }
    let has_the_name = settings.is_some_and(|settings| container.name == Some(&settings.container_name));
    let image_is_open = matches!(settings, Some(Settings { image: Text::Unknown, .. }));
    let image = container.get("image");
    // Who waits for its end knows that it prepares something and ends, whatever it starts.
    let ends = || !is_named && task.ends_before_another_starts(container) == Some(true);
    match recognized {
        Some(Recognized::Agent | Recognized::Likely(_)) if ends() => Kind::AgentImage,
        Some(Recognized::Agent) if container.name.is_some() => Kind::Agent,
        Some(Recognized::Agent) if container.get("name").is_unknown() => Kind::Undecided,
        // None of the user is the Agent, so this is ours, as it was written before, or has its name.
        Some(Recognized::AgentImage)
            if has_the_name && settings.is_some_and(Settings::says_that_none_is_there) =>
        {
            Kind::Agent
        }
        Some(Recognized::Agent | Recognized::AgentImage) => Kind::AgentImage,
        Some(Recognized::Likely(signs)) => Kind::Likely(signs),
        Some(Recognized::Other) if has_the_name && image_is_open && !image.is_null() => Kind::Undecided,
        Some(Recognized::Other) => Kind::Application,
        None if image.is_unknown() && !has_the_name && !container.signs().are_strong() => Kind::Application,
        None => Kind::Undecided,
    }
}
