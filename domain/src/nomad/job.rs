//! A job of somebody's: its groups, their tasks, and the place of each part, in either form.

use super::words::in_api;
use crate::document::{Node, Path, Step};

/// In which form a job is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HCL, or the tree that is read from it.
    Hcl,
    /// The JSON of the HTTP API.
    Api,
}

/// A part of a job: a block of HCL or an object of the API.
#[derive(Debug, Clone)]
pub struct Part<'n> {
    form: Form,
    context: &'static str,
    /// What it is called.
    pub name: String,
    /// What it says.
    pub node: &'n Node,
    /// Where it is written.
    pub place: Path,
}

/// Why there is no job to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoJob {
    /// It is something else.
    Something,
    /// It is several.
    Several,
}

impl Form {
    /// In which form a document has a job; none where it has none.
    pub fn of(document: &Node) -> Option<Self> {
        match (document.get("job"), document.get("Job"), document.get("TaskGroups")) {
            (Node::Array(_), Node::Null, Node::Null) => Some(Form::Hcl),
            (Node::Null, Node::Object(_), Node::Null) | (Node::Null, Node::Null, Node::Array(_)) => {
                Some(Form::Api)
            }
            _ => None,
        }
    }
}

/// The one job of a document.
pub fn job(document: &Node) -> Result<Part<'_>, NoJob> {
    let form = Form::of(document).ok_or(NoJob::Something)?;
    let place = Path::default();
    match form {
        Form::Hcl => match document.get("job").items() {
            [one] => labelled(form, "job", one, &place.key("job").index(0)).ok_or(NoJob::Something),
            _ => Err(NoJob::Several),
        },
        Form::Api => {
            let wrapped = document.get("Job");
            let (node, place) =
                if wrapped.is_null() { (document, place) } else { (wrapped, place.key("Job")) };
            let name = node.get("ID").as_str().or(node.get("Name").as_str()).unwrap_or_default().to_owned();
            Ok(Part { form, context: "job", name, node, place })
        }
    }
}

/// The name of the task that a place is in.
pub fn task_around<'n>(document: &'n Node, place: &'n Path) -> Option<&'n str> {
    let is_list = |step: &Step| matches!(step, Step::Key(key) if key == "task" || key == "Tasks");
    let at = place.0.iter().position(is_list)?;
    match &place.0[at + 1..] {
        [Step::Index(_), Step::Key(name), ..] if place.0[at] == Step::Key("task".to_owned()) => Some(name),
        [Step::Index(_), ..] => document.at(&Path(place.0[..at + 2].to_vec())).get("Name").as_str(),
        _ => None,
    }
}

fn labelled<'n>(form: Form, context: &'static str, node: &'n Node, place: &Path) -> Option<Part<'n>> {
    match (form, node) {
        (Form::Hcl, Node::Object(members)) => {
            let (name, inside) = members.iter().next().filter(|_| members.len() == 1)?;
            Some(Part { form, context, name: name.clone(), node: inside, place: place.clone().key(name) })
        }
        (Form::Api, Node::Object(_)) => {
            let name = node.get("Name").as_str().unwrap_or_default().to_owned();
            Some(Part { form, context, name, node, place: place.clone() })
        }
        _ => None,
    }
}

impl<'n> Part<'n> {
    /// In which form it is written.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The key by which it has what HCL calls so.
    pub fn key(&self, hcl: &str) -> String {
        match self.form {
            Form::Hcl => hcl.to_owned(),
            Form::Api => in_api(self.context, hcl).map_or_else(|| hcl.to_owned(), |(key, _)| key.to_owned()),
        }
    }

    /// What stands under a key, by its name in HCL.
    pub fn get(&self, hcl: &str) -> &'n Node {
        self.node.get(&self.key(hcl))
    }

    /// The place of a key, by its name in HCL.
    pub fn place_of(&self, hcl: &str) -> Path {
        self.place.clone().key(&self.key(hcl))
    }

    /// The one block of a name with its place, whether it is there or not.
    pub fn block(&self, hcl: &str) -> (&'n Node, Path) {
        let (node, place) = (self.get(hcl), self.place_of(hcl));
        match (node, self.form) {
            (Node::Array(blocks), _) => (blocks.first().unwrap_or(&Node::Null), place.index(0)),
            (Node::Null, Form::Hcl) => (node, place.index(0)),
            _ => (node, place),
        }
    }

    /// The blocks of a name that have one, such as the groups of a job; and whether that is all of them.
    pub fn parts(&self, hcl: &'static str) -> (Vec<Part<'n>>, bool) {
        let (node, place) = (self.get(hcl), self.place_of(hcl));
        let read =
            |(index, item): (usize, &'n Node)| labelled(self.form, hcl, item, &place.clone().index(index));
        let parts: Vec<Part<'n>> = node.items().iter().enumerate().filter_map(read).collect();
        let is_all = (node.is_null() || parts.len() == node.items().len() && matches!(node, Node::Array(_)))
            // Blocks that an expression makes.
            && self.node.get("dynamic").is_null();
        (parts, is_all)
    }

    /// The part of a name that a place is in, without a look at the others.
    pub(super) fn part_around(&self, hcl: &'static str, place: &Path) -> Option<Part<'n>> {
        let list = self.place_of(hcl);
        match place.0.strip_prefix(list.0.as_slice())? {
            [Step::Index(index), ..] => {
                labelled(self.form, hcl, self.get(hcl).items().get(*index)?, &list.index(*index))
                    .filter(|part| place.0.starts_with(&part.place.0))
            }
            _ => None,
        }
    }

    /// The one block of a name, whether it is there or not.
    pub(super) fn one(&self, hcl: &'static str) -> Part<'n> {
        let (node, place) = self.block(hcl);
        Part { form: self.form, context: hcl, name: String::new(), node, place }
    }

    /// The blocks of a name that have no label; and whether that is all of them.
    pub(super) fn each(&self, hcl: &'static str) -> (Vec<Part<'n>>, bool) {
        let (node, place) = (self.get(hcl), self.place_of(hcl));
        let part = |(index, node)| {
            let place = place.clone().index(index);
            Part { form: self.form, context: hcl, name: String::new(), node, place }
        };
        let is_all = matches!(node, Node::Null | Node::Array(_)) && self.node.get("dynamic").is_null();
        (node.items().iter().enumerate().map(part).collect(), is_all)
    }

    /// The place of one more of them.
    pub fn place_of_next(&self, hcl: &str, behind: usize) -> Path {
        let there = self.get(hcl).items().len();
        self.place_of(hcl).index(there + behind)
    }

    /// The group of a task that stands in none: it says nothing, and is called after the task.
    pub(super) fn around(&self) -> Part<'n> {
        Part { context: "group", node: &Node::Null, ..self.clone() }
    }

    /// The place of the item of the list that it is in, with its label.
    pub(super) fn item(&self) -> Path {
        match self.form {
            Form::Hcl => self.place.parent(),
            Form::Api => self.place.clone(),
        }
    }

    /// Whether a key is written at all, by its name in HCL.
    pub fn has(&self, hcl: &str) -> bool {
        !self.get(hcl).is_null()
    }
}
