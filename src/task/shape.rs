//! One walk over the document along the shape of a task definition, which notes what does not fit.
//!
//! Follows known structures only, so its depth is that of the ECS API however deep the document is.

use crate::document::shapes::{
    Kind, Member, RESPONSE_ONLY, Structure, container_definition, task_definition,
};
use crate::document::{Node, Path, Step};

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
}

/// A place where the document does not fit.
pub(crate) struct Flaw<'a> {
    /// Where.
    pub path: Path,
    /// Name of the container it is in.
    pub container: Option<&'a str>,
    /// What.
    pub problem: Problem<'a>,
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
    /// A piece in angle brackets that somebody has to fill in.
    Placeholder(&'a str),
}

/// Members that ECS requires although its API model does not say so.
///
/// Source: rejections on record in cdk-preflight 1.9.1 and the task definition parameters page (2026-11).
const REQUIRED_BESIDES: [(&str, &str); 3] =
    [("ContainerDefinition", "name"), ("ContainerDefinition", "image"), ("KeyValuePair", "name")];

/// Members in which angle brackets are ordinary text unless they enclose all of it: shells and web pages use them.
const PROGRAM_TEXT: [&str; 3] = ["command", "entryPoint", "dockerLabels"];

impl<'a> Shape<'a> {
    /// Walks a document.
    pub(crate) fn of(document: &'a Node) -> Self {
        let mut walk = Walk::default();
        walk.value(Kind::Structure(task_definition()), document);
        walk.shape
    }
}

#[derive(Default)]
struct Walk<'a> {
    shape: Shape<'a>,
    place: Vec<At<'a>>,
    container: Option<&'a str>,
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
            }
            (Kind::String, Node::String(text)) => self.placeholder(text),
            // The API's integers have 32 bits.
            (Kind::Integer, Node::Number(number))
                if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {}
            (Kind::Boolean, Node::Bool(_)) => {}
            _ => {
                self.flaw(Problem::WrongType(kind, node));
                if let Node::String(text) = node {
                    self.placeholder(text);
                }
            }
        }
    }

    fn structure(&mut self, structure: &'static Structure, node: &'a Node) {
        let Node::Object(members) = node else { return };
        let enclosing = self.container;
        if std::ptr::eq(structure, container_definition()) {
            self.container = node.get("name").as_str();
        }
        // Both sides are in the order of their keys.
        let mut written = members.iter().peekable();
        for member in structure.members {
            while let Some((key, value)) = written.next_if(|(key, _)| key.as_str() < member.key) {
                self.unknown_key(structure, key, value);
            }
            let value =
                written.next_if(|(key, _)| *key == member.key).map_or(&Node::Null, |(_, value)| value);
            self.place.push(At::Key(member.key));
            if !value.is_null() {
                self.value(member.kind, value);
                self.choice(member, value);
            }
            if is_empty(value, member) && is_required(structure, member) {
                self.flaw(Problem::Missing(structure, member.key));
            }
            self.place.pop();
        }
        for (key, value) in written {
            self.unknown_key(structure, key, value);
        }
        self.container = enclosing;
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

    /// In a list of strings the values are those of the items.
    fn choice(&mut self, member: &'static Member, value: &'a Node) {
        if member.values.is_empty() {
            return;
        }
        match value {
            Node::Unknown => self.shape.unknown_choice = true,
            Node::String(text) => self.one_of(member, text),
            Node::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.place.push(At::Index(index));
                    match item {
                        Node::Unknown => self.shape.unknown_choice = true,
                        Node::String(text) => self.one_of(member, text),
                        _ => {}
                    }
                    self.place.pop();
                }
            }
            _ => {}
        }
    }

    fn one_of(&mut self, member: &'static Member, text: &'a str) {
        // An empty text is a missing one, a placeholder is to be filled in first.
        if !text.is_empty() && !member.values.contains(&text) && placeholder_in(text).is_none() {
            self.flaw(Problem::WrongValue(member, text));
        }
    }

    fn placeholder(&mut self, text: &'a str) {
        let Some(found) = placeholder_in(text) else { return };
        let is_all = found.len() == text.trim().len();
        let in_program =
            self.place.iter().any(|step| matches!(step, At::Key(key) if PROGRAM_TEXT.contains(key)));
        if is_all || !in_program {
            self.flaw(Problem::Placeholder(found));
        }
    }

    fn unknown(&mut self, kind: Kind) {
        self.shape.unknown_value = true;
        match kind {
            Kind::Structure(_) | Kind::List(_) | Kind::Map(_) => {
                self.shape.unknown_branch = true;
                self.shape.unknown_choice = true;
                self.shape.unknown_text = true;
            }
            Kind::String => self.shape.unknown_text = true,
            Kind::Integer | Kind::Boolean => {}
        }
    }

    fn flaw(&mut self, problem: Problem<'a>) {
        let steps = self.place.iter().map(|step| match step {
            At::Key(key) => Step::Key((*key).to_owned()),
            At::Index(index) => Step::Index(*index),
        });
        self.shape.flaws.push(Flaw { path: Path(steps.collect()), container: self.container, problem });
    }
}

fn is_required(structure: &Structure, member: &Member) -> bool {
    member.required || REQUIRED_BESIDES.contains(&(structure.name, member.key))
}

/// Whether ECS takes a value for an absent one. Of lists that was seen for the containers alone.
fn is_empty(value: &Node, member: &Member) -> bool {
    match value {
        Node::Null => true,
        Node::String(text) => text.is_empty(),
        Node::Array(items) => items.is_empty() && member.key == "containerDefinitions",
        _ => false,
    }
}

/// The first piece such as `<YOUR_API_KEY>`: a word or a few between angle brackets.
pub(crate) fn placeholder_in(text: &str) -> Option<&str> {
    const LONGEST: usize = 80;
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let close = rest.find(['<', '>'])?;
        let inside = &rest[..close];
        let starts_like_a_word = inside.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let is_words = inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_- ".contains(&byte));
        if rest.as_bytes()[close] == b'>' && close <= LONGEST && starts_like_a_word && is_words {
            let start = text.len() - rest.len() - 1;
            return Some(&text[start..start + close + 2]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_angle_brackets_are_placeholders() {
        for (text, found) in [
            ("<YOUR_API_KEY>", Some("<YOUR_API_KEY>")),
            ("arn:aws:iam::<account id>:role/x", Some("<account id>")),
            ("a < b and <HOST>", Some("<HOST>")),
            ("<unfinished", None),
            ("1 < 2 > 0", None),
            ("<>", None),
            ("</body>", None),
            ("cat <<EOF", None),
            ("", None),
        ] {
            assert_eq!(placeholder_in(text), found, "{text}");
        }
    }
}
