//! The way between a tree that was read from a document and the document: where each part is written, and what a change of it is
//! called there.

use std::collections::BTreeMap;

use super::{Node, Object, Path, Step};

/// The way from a place of the tree that was read to the place of the document that it was read from.
#[derive(Debug, Clone)]
pub struct Origins {
    written: BTreeMap<Path, Path>,
    /// The lists whose items were added together.
    lists: BTreeMap<Path, Items>,
    /// The document's key for a member of an item of a list, such as a container's.
    key: fn(&str) -> Option<&'static str>,
}

/// Where the items of a list are written: each one step further than the whole.
#[derive(Debug, Clone)]
struct Items {
    whole: Path,
    steps: Vec<Step>,
}

/// A change of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// What stands there afterwards. One behind the last item of a list adds it.
    Set(Path, Node),
    /// Nothing stands there any more.
    Remove(Path),
    /// What stands there stands under another key.
    Move(Path, Path),
}

impl Origins {
    /// None yet. `key` says which key of the document a member has whose own place was not added.
    pub fn new(key: fn(&str) -> Option<&'static str>) -> Self {
        Self { written: BTreeMap::new(), lists: BTreeMap::new(), key }
    }

    /// Notes where a place of the tree was read.
    pub fn add(&mut self, read: Path, written: Path) {
        self.written.insert(read, written);
    }

    /// Notes where the items of a list of the tree were read, in their order: each at one of these steps of `written`. A document
    /// is mostly lists and mappings that become lists, and this costs a fraction of adding every item.
    pub fn add_items(&mut self, read: Path, written: Path, steps: Vec<Step>) {
        self.lists.insert(read, Items { whole: written, steps });
    }

    /// Notes where the items of a list of the tree were read: those of a list or the members of a mapping at `written`, where
    /// `node` stands. Of anything else nothing is noted.
    pub fn add_all(&mut self, read: Path, written: Path, node: &Node) {
        match node {
            Node::Array(items) => self.add_items(read, written, (0..items.len()).map(Step::Index).collect()),
            Node::Object(members) => {
                self.add_items(read, written, members.keys().cloned().map(Step::Key).collect());
            }
            _ => {}
        }
    }

    /// Where a place is written, or would be: what is in nothing of the document itself leads to what is around it.
    pub fn of(&self, path: &Path) -> Path {
        for end in (0..=path.0.len()).rev() {
            if let Some(written) = self.at(&path.0[..end]) {
                return match path.0.get(end) {
                    // Most members of a container have one key of the document.
                    Some(Step::Key(member)) if end == 2 => match (self.key)(member) {
                        Some(key) => written.key(key),
                        None => written,
                    },
                    _ => written,
                };
            }
        }
        Path::default()
    }

    /// Where exactly that place is written.
    pub fn exactly(&self, path: &Path) -> Option<Path> {
        self.at(&path.0)
    }

    fn at(&self, steps: &[Step]) -> Option<Path> {
        if let Some(written) = self.written.get(steps) {
            return Some(written.clone());
        }
        let (Step::Index(index), list) = steps.split_last()? else { return None };
        let Items { whole, steps } = self.lists.get(list)?;
        let mut written = whole.clone();
        written.0.push(steps.get(*index)?.clone());
        Some(written)
    }
}

impl Change {
    /// Makes the change in a tree. What is missing on the way is made; what has no place for it stays as it is.
    pub fn apply(&self, document: &mut Node) {
        match self {
            Change::Set(path, value) => {
                if let Some(place) = entered(document, &path.0) {
                    *place = value.clone();
                }
            }
            Change::Remove(path) => drop(taken(document, &path.0)),
            Change::Move(from, to) => {
                if let Some(value) = taken(document, &from.0) {
                    Change::Set(to.clone(), value).apply(document);
                }
            }
        }
    }

    /// This value at the place, or none.
    pub fn to(place: Path, value: Option<Node>) -> Self {
        match value {
            Some(value) => Change::Set(place, value),
            None => Change::Remove(place),
        }
    }
}

/// The place that steps lead to, made where it is missing; one behind the last item of a list is a new one.
fn entered<'n>(node: &'n mut Node, steps: &[Step]) -> Option<&'n mut Node> {
    let Some((step, rest)) = steps.split_first() else { return Some(node) };
    if node.is_null() {
        *node = match step {
            Step::Key(_) => Node::Object(Object::new()),
            Step::Index(_) => Node::Array(Vec::new()),
        };
    }
    match (node, step) {
        (Node::Object(members), Step::Key(key)) => {
            entered(members.entry(key.clone()).or_insert(Node::Null), rest)
        }
        (Node::Array(items), Step::Index(index)) => {
            if *index == items.len() {
                items.push(Node::Null);
            }
            entered(items.get_mut(*index)?, rest)
        }
        _ => None,
    }
}

/// What stood at the place that steps lead to.
fn taken(node: &mut Node, steps: &[Step]) -> Option<Node> {
    match (node, steps) {
        (Node::Object(members), [Step::Key(key)]) => members.remove(key),
        (Node::Array(items), [Step::Index(index)]) if *index < items.len() => Some(items.remove(*index)),
        (Node::Object(members), [Step::Key(key), rest @ ..]) => taken(members.get_mut(key)?, rest),
        (Node::Array(items), [Step::Index(index), rest @ ..]) => taken(items.get_mut(*index)?, rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn items_lead_to_where_each_is_written_and_what_is_inside_to_what_is_around_it() {
        let at = |keys: &[&str]| keys.iter().fold(Path::default(), |path, key| path.key(key));
        let containers = at(&["containerDefinitions"]);
        let services = parse(r#"{"web": {}, "a": {}}"#).unwrap();
        let mut origins = Origins::new(|member| (member == "user").then_some("run_as"));
        origins.add_all(containers.clone(), at(&["services"]), &services);
        let web = containers.clone().index(1);
        origins.add_items(
            web.clone().key("mountPoints"),
            at(&["services", "web", "volumes"]),
            vec![Step::Index(0), Step::Index(2)],
        );
        origins.add(web.clone().key("restart"), at(&["services", "web", "deploy"]));
        // What cannot be a list is none.
        origins.add_all(at(&["volumes"]), at(&["volumes"]), &"data".into());
        for (read, exactly, around) in [
            (web.clone(), "services.web", "services.web"),
            (containers.clone().index(0), "services.a", "services.a"),
            (containers.clone().index(2), "", ""),
            (web.clone().key("user"), "", "services.web.run_as"),
            (web.clone().key("restart"), "services.web.deploy", "services.web.deploy"),
            (web.clone().key("mountPoints").index(1), "services.web.volumes[2]", "services.web.volumes[2]"),
            (web.clone().key("mountPoints").index(1).key("path"), "", "services.web.volumes[2]"),
            (web.key("mountPoints").index(2), "", "services.web"),
            (at(&["volumes"]).index(0), "", ""),
        ] {
            let found = origins.exactly(&read).unwrap_or_default();
            assert_eq!(
                (found.to_string(), origins.of(&read).to_string()),
                (exactly.into(), around.into()),
                "{read}"
            );
        }
    }

    #[test]
    fn a_change_is_made_where_there_is_a_place_for_it() {
        let at = |keys: &[&str]| {
            keys.iter().fold(Path::default(), |path, key| match key.parse() {
                Ok(index) => path.index(index),
                Err(_) => path.key(key),
            })
        };
        for (change, expected) in [
            (Change::Set(at(&["a", "0"]), 7_i64.into()), r#"{"a": [7, 2], "b": {}}"#),
            (Change::Set(at(&["a", "2"]), 7_i64.into()), r#"{"a": [1, 2, 7], "b": {}}"#),
            (
                Change::Set(at(&["b", "c", "0", "d"]), 7_i64.into()),
                r#"{"a": [1, 2], "b": {"c": [{"d": 7}]}}"#,
            ),
            (Change::Set(at(&["a", "5"]), 7_i64.into()), r#"{"a": [1, 2], "b": {}}"#),
            (Change::Set(at(&["a", "b"]), 7_i64.into()), r#"{"a": [1, 2], "b": {}}"#),
            (Change::Remove(at(&["a", "0"])), r#"{"a": [2], "b": {}}"#),
            (Change::Remove(at(&["x", "0"])), r#"{"a": [1, 2], "b": {}}"#),
            (Change::Move(at(&["a", "1"]), at(&["b", "c"])), r#"{"a": [1], "b": {"c": 2}}"#),
        ] {
            let mut document = parse(r#"{"a": [1, 2], "b": {}}"#).unwrap();
            change.apply(&mut document);
            assert_eq!(document, parse(expected).unwrap(), "{change:?}");
        }
    }
}
