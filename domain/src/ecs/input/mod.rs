//! Reading a task definition in whatever form it comes, into the shape of `RegisterTaskDefinition`.
//!
//! Every change is noted with its place. What the table of shapes does not know stays where it is, so that a rule can
//! name it; what is not known yet stays unknown. Whether the result is any good is not judged here.
//!
//! Who judges a document looks at it as it is written ([`read`]). Who writes or registers it reads as hashicorp/aws does
//! ([`read_to_write`]), because modules rely on what that provider leaves out.

pub mod lenient;

use std::collections::BTreeMap;

use super::coerce::{Coercion, coerce};
use super::intrinsic::intrinsic;
use super::shapes::{self, Kind, RESPONSE_ONLY, Structure};
use crate::document::json::{self, JsonProblem};
use crate::document::{Node, Object};
use crate::document::{Path, Step, Trail};

/// The form a document came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A list of container definitions.
    ContainerList,
    /// An object with nothing but `containerDefinitions`.
    Containers,
    /// The input of `RegisterTaskDefinition`.
    TaskDefinition,
    /// The output of `DescribeTaskDefinition` or its `taskDefinition`.
    Description,
    /// CloudFormation's spelling, as a list of containers, as properties or as a whole resource.
    CloudFormation,
    /// The whole document is known only at apply.
    Unknown,
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The document in the shape of `RegisterTaskDefinition`.
    pub document: Node,
    /// The form it came in.
    pub form: Form,
    /// Whether it is a bare list of container definitions, and so has no place for the rest of a task.
    pub is_list: bool,
    /// What was changed, in the order of the document.
    pub notes: Vec<Note>,
}

impl Reading {
    /// With a note for each of these places of the text, where a key stands twice with one value.
    pub fn with_repeated(mut self, places: Vec<Path>) -> Self {
        self.notes.extend(places.into_iter().map(|mut place| {
            match place.0.first() {
                Some(Step::Index(_)) => place.0.insert(0, Step::Key("containerDefinitions".to_owned())),
                Some(Step::Key(key)) if ["taskDefinition", "Properties"].contains(&key.as_str()) => {
                    place.0.remove(0);
                }
                _ => {}
            }
            Note::new(NoteKind::Spelled, place, "written more than once, with one value")
        }));
        self
    }
}

/// Something that was read differently from how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind of change it was.
    pub kind: NoteKind,
    /// Where in [`Reading::document`]; for what was left out, where it would be.
    pub path: Path,
    /// What was done. Never holds a value.
    pub text: String,
}

/// What was done to a document while it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// A value of another type than ECS accepts was read as the one it means.
    Converted,
    /// An amount of the task's CPU or memory was read as the number that ECS makes of it, too.
    Amount,
    /// Nothing was done: CloudFormation is called for the value, and nobody answers.
    Unanswered,
    /// A key was spelled as ECS spells it, or stood there twice with one value.
    Spelled,
    /// A key was spelled as ECS spells it, in a document of a form that spells keys otherwise.
    Form,
    /// A null was left out.
    Null,
    /// Something else that says no more than its absence was left out.
    LeftOut,
    /// An element was left out of a list; the path has its index as it was written.
    Element,
    /// Something that is no part of the task definition was left out.
    Foreign,
    /// Something that the document does not say was taken to be so.
    Assumed,
    /// Nothing was done: what is written there does not say enough to be checked.
    Unchecked,
}

impl Note {
    fn new(kind: NoteKind, path: Path, text: impl Into<String>) -> Self {
        Self { kind, path, text: text.into() }
    }

    fn left_out_null(path: Path) -> Self {
        Self::new(NoteKind::Null, path, "left out: it is null, which is the same as not written")
    }

    /// Whether a plan has nothing to say of it: it is how people write, and changes no meaning.
    pub fn is_quiet(&self) -> bool {
        match self.kind {
            NoteKind::Converted | NoteKind::Amount | NoteKind::Foreign | NoteKind::Assumed => false,
            NoteKind::Spelled
            | NoteKind::Form
            | NoteKind::Null
            | NoteKind::LeftOut
            | NoteKind::Element
            | NoteKind::Unanswered
            | NoteKind::Unchecked => true,
        }
    }

    /// Whether it stands among the findings of a text that goes to somebody else as it is.
    pub fn is_found_in_text(&self) -> bool {
        self.kind == NoteKind::Converted
    }
}

/// The elements that were left out of lists while a document was read.
#[derive(Debug, Clone, Default)]
pub struct LeftOut(
    /// For each list, and each of its elements that was left out, in order: how many were kept before it.
    BTreeMap<Path, Vec<usize>>,
);

impl LeftOut {
    /// Those that the notes of a reading tell of.
    pub fn of(notes: &[Note]) -> Self {
        let mut lists: BTreeMap<Path, Vec<usize>> = BTreeMap::new();
        for note in notes.iter().filter(|note| note.kind == NoteKind::Element) {
            if let [list @ .., Step::Index(index)] = note.path.0.as_slice() {
                let before = lists.entry(Path(list.to_vec())).or_default();
                before.push(*index - before.len());
            }
        }
        Self(lists)
    }

    /// The path of a place of the document as it was written.
    pub fn as_written(&self, path: &Path) -> Path {
        let mut written = path.clone();
        if self.0.is_empty() {
            return written;
        }
        for (depth, step) in written.0.iter_mut().enumerate() {
            if let (Step::Index(index), Some(left_out)) = (step, self.0.get(&Path(path.0[..depth].to_vec())))
            {
                *index += left_out.partition_point(|kept_before| kept_before <= index);
            }
        }
        written
    }
}

/// Why a document is no task definition in any form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InputProblem {
    /// An object without container definitions that is a container definition itself.
    #[error("this is one container definition; write it in a list: [ {{ ... }} ]")]
    OneContainer,
    /// An object without container definitions.
    #[error(
        "no containerDefinitions in it; write a list of container definitions or an object with \"containerDefinitions\""
    )]
    NoContainers,
    /// `taskDefinition` is there and holds no object: the input of a service or of RunTask.
    #[error("its taskDefinition names one instead of holding it; write the task definition itself")]
    NotTheDefinition,
    /// Neither an object nor a list.
    #[error("neither a list of container definitions nor an object with \"containerDefinitions\"")]
    NeitherListNorObject,
}

/// Why a text is no task definition in any form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextProblem {
    /// What is wrong with it as JSON: everything that was found, in the order of the text.
    Json(Vec<JsonProblem>),
    /// It is JSON of something else.
    Form(InputProblem),
}

/// Reads a text as `read` reads a document: [`read`](self::read) to judge it, [`read_to_write`] to write it. A key that stands
/// in one object more than once with one value is noted.
pub fn read_text(
    text: &str,
    read: fn(Node) -> Result<Reading, InputProblem>,
) -> Result<Reading, TextProblem> {
    let (node, repeated) = json::parse_noting(text).map_err(TextProblem::Json)?;
    read(node).map(|reading| reading.with_repeated(repeated)).map_err(TextProblem::Form)
}

/// What a document is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Judge,
    JudgeValue,
    Write,
}

/// Reads a document of any form, to judge it: what counts is how it is written.
pub fn read(node: Node) -> Result<Reading, InputProblem> {
    read_for(node, Purpose::Judge)
}

/// Reads a value of a configuration of any form, to judge it: as [`read`], but an element of a list that says nothing is
/// what an expression makes of an optional value, and is left out.
pub fn read_value(node: Node) -> Result<Reading, InputProblem> {
    read_for(node, Purpose::JudgeValue)
}

/// Reads a document of any form, to write or to register it: as hashicorp/aws reads.
pub fn read_to_write(node: Node) -> Result<Reading, InputProblem> {
    read_for(node, Purpose::Write)
}

/// Leaves out of a task definition without its containers what hashicorp/aws would not send.
pub fn leave_out_unset(around: Object) -> (Object, Vec<Note>) {
    let mut notes = Vec::new();
    let mut node = Node::Object(around);
    lenient::leave_out(shapes::task_definition(), &mut node, &Trail::Root, &mut notes);
    match node {
        Node::Object(around) => (around, notes),
        _ => unreachable!("an object stays one"),
    }
}

fn read_for(node: Node, purpose: Purpose) -> Result<Reading, InputProblem> {
    let mut reader = Reader { cloud_formation: false, purpose, notes: Vec::new() };
    let is_list = matches!(node, Node::Array(_));
    let (mut document, form) = reader.unwrap(node)?;
    reader.cloud_formation = form == Form::CloudFormation;
    let form = if reader.drop_response_only(&mut document, form) { Form::Description } else { form };
    let structure = shapes::task_definition();
    match purpose {
        Purpose::Judge => {}
        Purpose::JudgeValue => {
            lenient::leave_out_elements(structure, &mut document, &Trail::Root, &mut reader.notes);
        }
        Purpose::Write => lenient::leave_out(structure, &mut document, &Trail::Root, &mut reader.notes),
    }
    reader.structure(shapes::task_definition(), &mut document, &Trail::Root);
    Ok(Reading { document, form, is_list, notes: reader.notes })
}

struct Reader {
    cloud_formation: bool,
    purpose: Purpose,
    notes: Vec<Note>,
}

impl Reader {
    fn note(&mut self, kind: NoteKind, path: Path, text: impl Into<String>) {
        self.notes.push(Note::new(kind, path, text));
    }

    /// Recognizes the form and takes the wrapping off.
    fn unwrap(&mut self, node: Node) -> Result<(Node, Form), InputProblem> {
        match node {
            Node::Unknown => Ok((Node::Unknown, Form::Unknown)),
            Node::Array(items) => {
                let form = if items.iter().any(is_cloud_formation_container) {
                    Form::CloudFormation
                } else {
                    Form::ContainerList
                };
                Ok((Node::from([("containerDefinitions", Node::Array(items))]), form))
            }
            Node::Object(members) => self.unwrap_object(members),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => {
                Err(InputProblem::NeitherListNorObject)
            }
        }
    }

    fn unwrap_object(&mut self, mut members: Object) -> Result<(Node, Form), InputProblem> {
        if has(&members, "containerDefinitions") {
            let form = if members.len() == 1 { Form::Containers } else { Form::TaskDefinition };
            return Ok((Node::Object(members), form));
        }
        if has(&members, "ContainerDefinitions") {
            return Ok((Node::Object(members), Form::CloudFormation));
        }
        if let Some(definition) = members.remove("taskDefinition") {
            return self.unwrap_description(definition, members);
        }
        if members
            .get("Properties")
            .is_some_and(|properties| !properties.get("ContainerDefinitions").is_null())
        {
            let properties = members.remove("Properties").expect("it was just looked at");
            for key in members.keys() {
                self.note(
                    NoteKind::Foreign,
                    Path::default().key(key),
                    "left out: it is the resource's, not the task definition's",
                );
            }
            return Ok((properties, Form::CloudFormation));
        }
        let is_container = ["image", "Image"].iter().any(|key| members.contains_key(*key));
        Err(if is_container { InputProblem::OneContainer } else { InputProblem::NoContainers })
    }

    /// The output of `DescribeTaskDefinition`: the definition, and its tags beside it.
    fn unwrap_description(&mut self, definition: Node, beside: Object) -> Result<(Node, Form), InputProblem> {
        let mut definition = match definition {
            Node::Object(members) => members,
            Node::Unknown => return Ok((Node::Unknown, Form::Unknown)),
            _ => return Err(InputProblem::NotTheDefinition),
        };
        if !has(&definition, "containerDefinitions") {
            return Err(InputProblem::NoContainers);
        }
        for (key, value) in beside {
            if key == "tags" && definition.get("tags").is_none_or(Node::is_null) {
                definition.insert(key, self.own_tags(value));
            } else {
                self.note(
                    NoteKind::Foreign,
                    Path::default().key(&key),
                    "left out: it stands beside the task definition, not in it",
                );
            }
        }
        Ok((Node::Object(definition), Form::Description))
    }

    /// The tags of a description without those that AWS itself sets: they are nobody's mistake.
    fn own_tags(&mut self, mut tags: Node) -> Node {
        let is_of_aws = |tag: &Node| {
            let key = tag.get("key").as_str().unwrap_or_default();
            key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
        };
        if let Node::Array(items) = &mut tags {
            let before = items.len();
            items.retain(|tag| !is_of_aws(tag));
            if items.len() < before {
                let text = "left out: AWS sets tags that begin with aws:";
                self.note(NoteKind::Form, Path::default().key("tags"), text);
            }
        }
        tags
    }

    /// Leaves out what ECS sets and does not accept in a request. Tells whether there was any. In the output of
    /// `DescribeTaskDefinition` it is meant to be there.
    fn drop_response_only(&mut self, document: &mut Node, form: Form) -> bool {
        let Node::Object(members) = document else { return false };
        let before = self.notes.len();
        let kind = if form == Form::Description { NoteKind::Form } else { NoteKind::LeftOut };
        for key in RESPONSE_ONLY {
            if members.remove(*key).is_some() {
                let text = "left out: ECS sets it and does not accept it in a request";
                self.note(kind, Path::default().key(key), text);
            }
        }
        self.notes.len() > before
    }

    fn structure(&mut self, structure: &'static Structure, node: &mut Node, trail: &Trail<'_>) {
        let Node::Object(members) = node else { return };
        if self.cloud_formation {
            self.rename(structure, members, trail);
        }
        members.retain(|key, value| {
            let absent = value.is_null() && structure.member(key).is_some();
            if absent {
                self.notes.push(Note::left_out_null(Trail::Key(trail, key).path()));
            }
            !absent
        });
        for (key, value) in members {
            if let Some(member) = structure.member(key) {
                self.value(key, &member.kind, value, &Trail::Key(trail, key));
            }
        }
    }

    fn value(&mut self, key: &str, kind: &'static Kind, node: &mut Node, trail: &Trail<'_>) {
        if intrinsic(node).is_some() {
            return self.call(kind, node, trail);
        }
        match (kind, &mut *node) {
            (Kind::Structure(structure), _) => self.structure(structure, node, trail),
            (Kind::List(item), Node::Array(items)) => {
                for (index, value) in items.iter_mut().enumerate() {
                    self.value(key, item, value, &Trail::Index(trail, index));
                }
            }
            (Kind::Map(item), Node::Object(members)) => {
                for (name, value) in members {
                    // A map's keys are the author's: `cpu` among them is no amount of CPU.
                    self.value("", item, value, &Trail::Key(trail, name));
                }
            }
            _ => {
                if let Some((meant, coercion)) = coerce(key, kind, node) {
                    *node = meant;
                    self.note(self.kind_of(coercion, kind), trail.path(), coercion.text());
                }
            }
        }
    }

    /// A call that CloudFormation answers. What is written or registered here never gets to it; a label may be called `Ref`.
    fn call(&mut self, kind: &Kind, node: &Node, trail: &Trail<'_>) {
        let is_label = matches!(kind, Kind::Map(_)) && intrinsic(node) == Some("Ref");
        if self.purpose == Purpose::Write && !is_label {
            self.note(NoteKind::Unanswered, trail.path(), "a call that only CloudFormation answers");
        }
    }

    /// What a conversion is to whoever judges: CloudFormation converts values itself.
    fn kind_of(&self, coercion: Coercion, kind: &Kind) -> NoteKind {
        let is_amount = matches!(coercion, Coercion::CpuUnits | Coercion::MemoryMebibytes);
        match self.purpose {
            Purpose::Judge if self.cloud_formation => NoteKind::Form,
            _ if is_amount && matches!(kind, Kind::String) => NoteKind::Amount,
            _ => NoteKind::Converted,
        }
    }

    /// Spells CloudFormation's keys as the API does. A key the table does not know stays as it is.
    fn rename(&mut self, structure: &'static Structure, members: &mut Object, trail: &Trail<'_>) {
        let renamed: Vec<(String, &'static str)> = members
            .keys()
            .filter_map(|key| Some((key.clone(), api_key(structure, key)?)))
            .filter(|(key, api)| key != api && !members.contains_key(*api))
            .collect();
        for (key, api) in renamed {
            if let (Some(value), false) = (members.remove(&key), members.contains_key(api)) {
                members.insert(api.to_owned(), value);
                self.note(
                    NoteKind::Form,
                    Trail::Key(trail, api).path(),
                    format!("written as {key}, CloudFormation's spelling"),
                );
            }
        }
    }
}

/// Whether there is such a member. Null is the same as none.
fn has(members: &Object, key: &str) -> bool {
    members.get(key).is_some_and(|value| !value.is_null())
}

/// The API's key for CloudFormation's. They differ in case only, with one exception.
fn api_key(structure: &'static Structure, key: &str) -> Option<&'static str> {
    let key = if key == "ProxyConfigurationProperties" { "properties" } else { key };
    structure.members.iter().map(|member| member.key).find(|api| api.eq_ignore_ascii_case(key))
}

/// Whether this is a container definition in CloudFormation's spelling.
fn is_cloud_formation_container(node: &Node) -> bool {
    match node {
        Node::Object(members) => {
            !members.contains_key("name") && (members.contains_key("Name") || members.contains_key("Image"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
