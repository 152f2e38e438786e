//! Task definitions made up from the table of shapes, for tests that have to hold for all of them.

use super::canonical::orderings;
use super::shapes::{self, Kind, Member, Structure};
use crate::document::{Node, Object};

/// Makes task definitions from the table of shapes. Free text is never the same twice, so that no two items share a name.
pub(crate) struct Maker {
    state: u64,
    texts: u64,
    unknowns: bool,
}

impl Maker {
    /// A number below `end` (the multiplier is Knuth's, the high bits are the good ones).
    fn below(&mut self, end: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.state >> 33) % end as u64).expect("below end")
    }

    fn structure(&mut self, structure: &'static Structure, position: usize) -> Node {
        let mut members = Object::new();
        for member in structure.members {
            // What orders lists is always there, the rest now and then.
            if orders_lists(member) || self.below(3) == 0 {
                let value = self.value(member, &member.kind, position);
                members.insert(member.key.to_owned(), value);
            }
        }
        Node::Object(members)
    }

    fn value(&mut self, member: &'static Member, kind: &'static Kind, position: usize) -> Node {
        let orders = orders_lists(member);
        match self.below(12) {
            0 if !orders => return Node::Null,
            1 if !orders && self.unknowns => return Node::Unknown,
            _ => {}
        }
        match kind {
            Kind::Boolean => [Node::from(true), Node::from(false), Node::from("true")][self.below(3)].clone(),
            Kind::Integer if orders => Node::from(1000 + i64::try_from(position).expect("small")),
            Kind::Integer => [0, 3, 5, 30, 300, 1000, 1001].map(Node::from)[self.below(7)].clone(),
            Kind::String if !orders && self.below(6) == 0 => "".into(),
            Kind::String if !member.values.is_empty() => member.values[position % member.values.len()].into(),
            Kind::String if member.key == "cpu" => "1 vCPU".into(),
            Kind::String => {
                self.texts += 1;
                format!("text-{}", self.texts).into()
            }
            Kind::Structure(structure) => self.structure(structure, position),
            Kind::List(item) => {
                let length = self.below(4);
                let start = self.below(2);
                let fixed = matches!(item, Kind::Structure(_));
                Node::Array(
                    (start..start + length)
                        .map(|at| self.value(member, item, at))
                        .filter(|value| fixed || !value.is_null())
                        .collect(),
                )
            }
            Kind::Map(item) => {
                let length = self.below(3);
                Node::Object(
                    (0..length).map(|at| (format!("key-{at}"), self.value(member, item, at))).collect(),
                )
            }
        }
    }

    /// The same document with everything shuffled whose order means nothing.
    pub(super) fn shuffle(&mut self, structure: &'static Structure, node: &mut Node) {
        let Node::Object(members) = node else { return };
        for (key, value) in members {
            let Some(member) = structure.member(key) else { continue };
            if let (Kind::Structure(inner), _) = (&member.kind, &value) {
                self.shuffle(inner, value);
            }
            if let (Kind::List(Kind::Structure(inner)), Node::Array(items)) = (&member.kind, &mut *value) {
                items.iter_mut().for_each(|item| self.shuffle(inner, item));
            }
            let orderless = orderings().any(|(name, list, _)| name == structure.name && list == key);
            if let (true, Node::Array(items)) = (orderless, value) {
                for last in (1..items.len()).rev() {
                    items.swap(last, self.below(last + 1));
                }
            }
        }
    }

    /// Changes one leaf of a canonical document to another value; tells whether there was one.
    pub(super) fn change(&mut self, node: &mut Node) -> bool {
        match node {
            Node::Null | Node::Unknown => false,
            Node::Bool(flag) => {
                *flag = !*flag;
                true
            }
            Node::Number(number) => {
                *node = Node::from(number.as_i64().expect("a whole number") + 7919);
                true
            }
            Node::String(text) => {
                text.push_str("-changed");
                true
            }
            Node::Array(items) if items.is_empty() => false,
            Node::Array(items) => {
                let position = self.below(items.len());
                self.change(&mut items[position])
            }
            Node::Object(members) if members.is_empty() => false,
            Node::Object(members) => {
                let position = self.below(members.len());
                self.change(members.iter_mut().nth(position).expect("below the length").1)
            }
        }
    }
}

/// Whether lists are ordered by this member in the first place.
fn orders_lists(member: &Member) -> bool {
    orderings().any(|(_, _, by)| by.first().is_some_and(|key| *key == member.key))
}

/// A task definition made from that seed, and what goes on making.
pub(crate) fn made(seed: u64, unknowns: bool) -> (Maker, Node) {
    let mut maker = Maker { state: seed, texts: 0, unknowns };
    let document = maker.structure(shapes::task_definition(), 0);
    (maker, document)
}
