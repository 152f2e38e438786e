//! One walk over the document along the shape of a task definition, which notes what does not fit.
//!
//! Follows known structures only, so its depth is that of the ECS API however deep the document is.

use crate::document::{Node, Path, Step};
use crate::ecs::shapes::{Kind, Member, RESPONSE_ONLY, Structure, container_definition, task_definition};
use crate::ecs::{intrinsic, is_no_value};

use super::unfilled::{self, Place, Unfilled};

/// What the walk noted.
#[derive(Default)]
pub(crate) struct Shape<'a> {
    /// What does not fit, in the order of the walk.
    pub flaws: Vec<Flaw<'a>>,
    /// Whether an object, a list or a map is not known yet: there may be flaws inside.
    pub unknown_branch: bool,
    /// Whether any value is not known yet: it may be of another type.
    pub unknown_value: bool,
    /// Whether a value that has to be one of a few is not known yet.
    pub unknown_choice: bool,
    /// Whether a text is not known yet.
    pub unknown_text: bool,
    /// What stands for a value and is none, and what a judge is to see in its place: something to fill in, or a call that
    /// only CloudFormation can answer.
    stand_ins: Vec<(Path, Node)>,
}

/// A place where the document does not fit.
pub(crate) struct Flaw<'a> {
    /// Where.
    pub path: Path,
    /// Name of the container it is in.
    pub container: Option<&'a str>,
    /// What.
    pub problem: Problem<'a>,
    /// Whether it is in no part that a task definition has.
    pub is_around: bool,
}

/// What does not fit.
pub(crate) enum Problem<'a> {
    /// A key that the structure does not have.
    UnknownKey(&'static Structure, &'a str),
    /// A value of another type.
    WrongType(Kind, &'a Node),
    /// A text that is none of the values the member takes.
    WrongValue(&'static Member, &'a str),
    /// A member that has to be there is absent or empty.
    Missing(&'static Structure, &'static str),
    /// Something that nobody filled in.
    Unfilled(Unfilled<'a>),
}

/// Members that ECS requires although its API model does not say so.
///
/// Source: rejections on record in cdk-preflight 1.9.1 and the task definition parameters page (2026-11).
const REQUIRED_BESIDES: [(&str, &str); 3] =
    [("ContainerDefinition", "name"), ("ContainerDefinition", "image"), ("KeyValuePair", "name")];

/// The member of a tree with texts of the document that are in no container.
const AROUND: &str = "around";

impl<'a> Shape<'a> {
    /// Walks a document.
    pub(crate) fn of(document: &'a Node) -> Self {
        let mut walk = Walk::default();
        let whole = Kind::Structure(task_definition());
        if unfilled::is_skeleton(document) {
            walk.skeleton(whole);
        } else {
            walk.value(whole, document);
            walk.around(document.get(AROUND).items());
        }
        walk.shape
    }

    /// Whether nobody filled in what stands at that place.
    pub(crate) fn is_unfilled(&self, place: &Path) -> bool {
        self.flaws.iter().any(|flaw| matches!(flaw.problem, Problem::Unfilled(_)) && flaw.path == *place)
    }

    /// The document as a judge has to see it; none where it is the document itself.
    pub(crate) fn seen(&self, document: &Node) -> Option<Node> {
        if self.stand_ins.is_empty() {
            return None;
        }
        let mut seen = document.clone();
        for (path, node) in &self.stand_ins {
            put(&mut seen, &path.0, node.clone());
        }
        Some(seen)
    }
}

/// Puts a node at a place that is there.
fn put(document: &mut Node, path: &[Step], node: Node) {
    let Some((step, rest)) = path.split_first() else {
        *document = node;
        return;
    };
    let inner = match (document, step) {
        (Node::Object(members), Step::Key(key)) => members.get_mut(key),
        (Node::Array(items), Step::Index(index)) => items.get_mut(*index),
        // Something around it stands for a value itself.
        _ => None,
    };
    if let Some(inner) = inner {
        put(inner, rest, node);
    }
}

#[derive(Default)]
struct Walk<'a> {
    shape: Shape<'a>,
    place: Vec<At<'a>>,
    container: Option<&'a Node>,
    /// The structure and the member that hold what is looked at, and the structure's value.
    member: Option<(&'static Structure, &'static Member)>,
    object: Option<&'a Node>,
}

/// A borrowed step: a path is built only where a flaw is.
#[derive(Clone, Copy)]
enum At<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Walk<'a> {
    fn value(&mut self, kind: Kind, node: &'a Node) {
        match (kind, node) {
            (_, Node::Unknown) => self.unknown(kind),
            (_, Node::Object(_)) if intrinsic(node).is_some() => self.stands_in(kind, node),
            (Kind::Structure(structure), Node::Object(_)) => self.structure(structure, node),
            (Kind::List(item), Node::Array(items)) => {
                for (index, node) in items.iter().enumerate() {
                    self.place.push(At::Index(index));
                    self.value(*item, node);
                    self.place.pop();
                }
            }
            (Kind::Map(item), Node::Object(members)) => {
                for (key, node) in members.iter().filter(|(_, node)| !node.is_null()) {
                    self.place.push(At::Key(key));
                    self.value(*item, node);
                    self.place.pop();
                }
                self.keys(kind, members.keys());
            }
            (Kind::String, Node::String(text)) => {
                if !self.unfilled(kind, text) {
                    self.choice(text);
                }
            }
            // The API's integers have 32 bits.
            (Kind::Integer, Node::Number(number))
                if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {}
            (Kind::Boolean, Node::Bool(_)) => {}
            (_, Node::String(text)) if self.unfilled(kind, text) => {}
            _ => self.flaw(Problem::WrongType(kind, node)),
        }
    }

    fn structure(&mut self, structure: &'static Structure, node: &'a Node) {
        let Node::Object(members) = node else { return };
        let (container, member, object) = (self.container, self.member, self.object.replace(node));
        if std::ptr::eq(structure, container_definition()) {
            self.container = Some(node);
        }
        // Both sides are in the order of their keys.
        let mut written = members.iter().peekable();
        let mut unknown = Vec::new();
        for member in structure.members {
            while let Some(key) = written.next_if(|(key, _)| key.as_str() < member.key) {
                unknown.push(key);
            }
            let value =
                written.next_if(|(key, _)| *key == member.key).map_or(&Node::Null, |(_, value)| value);
            self.member = Some((structure, member));
            self.place.push(At::Key(member.key));
            if !value.is_null() {
                self.value(member.kind, value);
            }
            if is_empty(value, member) && is_required(structure, member) {
                self.flaw(Problem::Missing(structure, member.key));
            }
            self.place.pop();
        }
        unknown.extend(written);
        (self.member, self.object) = (member, object);
        let keys = unknown.iter().map(|(key, _)| *key);
        if !self.keys(Kind::Structure(structure), keys) {
            unknown.iter().for_each(|(key, value)| self.unknown_key(structure, key, value));
        }
        self.container = container;
    }

    fn unknown_key(&mut self, structure: &'static Structure, key: &'a str, value: &Node) {
        // What ECS adds to its answers has no effect when it is sent back.
        let is_from_an_answer = self.place.is_empty() && RESPONSE_ONLY.contains(&key);
        if !value.is_null() && !is_from_an_answer {
            self.place.push(At::Key(key));
            self.flaw(Problem::UnknownKey(structure, key));
            self.place.pop();
        }
    }

    /// Whether a template writes some of these keys: then nobody knows which members the object has.
    fn keys(&mut self, kind: Kind, keys: impl Iterator<Item = &'a String>) -> bool {
        let before = self.shape.flaws.len();
        for key in keys {
            if let Some(unfilled) = Unfilled::of_name(key) {
                self.place.push(At::Key(key));
                self.flaw(Problem::Unfilled(unfilled));
                self.place.pop();
            }
        }
        let is_a_template = self.shape.flaws.len() > before;
        if is_a_template {
            self.see_unfilled(kind);
        }
        is_a_template
    }

    /// In a list of strings the values are those of the items. An empty text is a missing one.
    fn choice(&mut self, text: &'a str) {
        let Some((_, member)) = self.member.filter(|(_, member)| !member.values.is_empty()) else { return };
        if !text.is_empty() && !member.values.contains(&text) {
            self.flaw(Problem::WrongValue(member, text));
        }
    }

    /// Whether something in a text is to be filled in.
    fn unfilled(&mut self, kind: Kind, text: &'a str) -> bool {
        if !unfilled::may_be_unfilled(text, self.member) {
            return false;
        }
        let in_map = self.member.is_some_and(|(_, member)| matches!(member.kind, Kind::Map(_)));
        let place = Place {
            member: self.member,
            object: self.object.unwrap_or(&Node::Null),
            container: self.container,
            map_key: match self.place.last() {
                Some(At::Key(key)) if in_map => Some(key),
                _ => None,
            },
            in_environment: self.place.iter().any(|step| matches!(step, At::Key("environment"))),
        };
        let Some(unfilled) = Unfilled::of_text(text, kind, &place) else { return false };
        self.flaw(Problem::Unfilled(unfilled));
        self.see_unfilled(kind);
        true
    }

    /// Texts of which none can stay as it is where it has a sign of a template.
    fn around(&mut self, texts: &'a [Node]) {
        self.place.push(At::Key(AROUND));
        for (index, text) in texts.iter().enumerate() {
            self.shape.unknown_text |= text.is_unknown();
            if let Some(unfilled) = text.as_str().and_then(Unfilled::of_name) {
                self.place.push(At::Index(index));
                self.flaw(Problem::Unfilled(unfilled));
                self.place.pop();
            }
        }
        self.place.pop();
    }

    /// A call that only CloudFormation can answer, or its way to write nothing.
    fn stands_in(&mut self, kind: Kind, node: &Node) {
        self.see(kind, if is_no_value(node) { Node::Null } else { Node::Unknown });
    }

    fn skeleton(&mut self, kind: Kind) {
        self.place.push(At::Key("family"));
        self.flaw(Problem::Unfilled(Unfilled::Skeleton));
        self.place.pop();
        self.see_unfilled(kind);
    }

    /// Something that is not filled in is not known. What there is to fill in is known all the same.
    fn see_unfilled(&mut self, kind: Kind) {
        let unknown_text = self.shape.unknown_text;
        self.see(kind, Node::Unknown);
        self.shape.unknown_text = unknown_text;
    }

    /// Notes what a judge is to see here.
    fn see(&mut self, kind: Kind, node: Node) {
        if node.is_unknown() {
            self.unknown(kind);
        }
        self.shape.stand_ins.push((self.path(), node));
    }

    fn unknown(&mut self, kind: Kind) {
        self.shape.unknown_value = true;
        match kind {
            Kind::Structure(_) | Kind::List(_) | Kind::Map(_) => {
                self.shape.unknown_branch = true;
                self.shape.unknown_choice = true;
                self.shape.unknown_text = true;
            }
            Kind::String => {
                let is_filled_in =
                    self.object.is_some_and(|object| object.get("filledIn").as_bool() == Some(true));
                self.shape.unknown_text |= !is_filled_in;
                self.shape.unknown_choice |= self.member.is_some_and(|(_, member)| !member.values.is_empty());
            }
            Kind::Integer | Kind::Boolean => {}
        }
    }

    fn path(&self) -> Path {
        let steps = self.place.iter().map(|step| match step {
            At::Key(key) => Step::Key((*key).to_owned()),
            At::Index(index) => Step::Index(*index),
        });
        Path(steps.collect())
    }

    fn flaw(&mut self, problem: Problem<'a>) {
        let container = self.container.and_then(|container| container.get("name").as_str());
        let is_around = matches!(self.place.first(), Some(At::Key(AROUND)));
        self.shape.flaws.push(Flaw { path: self.path(), container, problem, is_around });
    }
}

fn is_required(structure: &Structure, member: &Member) -> bool {
    member.required || REQUIRED_BESIDES.contains(&(structure.name, member.key))
}

/// Whether ECS reads a value as an absent one. Of lists that was seen for the containers alone.
fn is_empty(value: &Node, member: &Member) -> bool {
    match value {
        Node::Null => true,
        Node::String(text) => text.is_empty(),
        Node::Array(items) => items.is_empty() && member.key == "containerDefinitions",
        _ => false,
    }
}
