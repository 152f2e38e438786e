//! HCL text to and from a document, as far as it is data.
//!
//! An attribute is a member. The blocks of one name are a list, in their order, and what stands behind a label is a member of that
//! name: `task "web" { driver = "docker" }` is `{"task": [{"web": {"driver": "docker"}}]}`. What has to be computed, by a
//! function or with a variable, is not known. The text itself is kept, so that [`Hcl::changed`] writes a change into it and leaves
//! all else as its author wrote it, comments included. Problems never show a part of the text, which may be a secret.

mod change;
mod places;
mod write;

#[cfg(test)]
mod tests;

use hcl_edit::Number;
use hcl_edit::expr::{Expression, ObjectKey, Traversal, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Element, Template};

use super::node::{Node, Object};
use super::places::Place;

pub use write::{Layout, expression as write_expression, write};

/// An HCL text that was read.
#[derive(Debug, Clone)]
pub struct Hcl {
    /// What it says.
    pub node: Node,
    body: Body,
    /// What is around its lines and is no part of what it says.
    lines: Lines,
}

/// What the parser does not keep of a text.
#[derive(Debug, Clone, Copy, Default)]
struct Lines {
    /// Whether it begins with a byte order mark.
    has_mark: bool,
    /// Whether each of its lines ends as on Windows.
    end_with_a_return: bool,
}

/// Something wrong with an HCL text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HclProblem {
    /// Where in the text; none where the whole is at fault.
    pub place: Option<Place>,
    /// What is wrong.
    pub kind: HclProblemKind,
}

/// Bytes of text that are read, at most: a job of Nomad has some thousands.
pub const MAX_BYTES: usize = 1 << 20;

/// What can be wrong with an HCL text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HclProblemKind {
    /// It is longer than [`MAX_BYTES`].
    #[error("the text is {0} bytes long; at most {MAX_BYTES} are read")]
    TooLong(usize),
    /// It is not HCL.
    #[error("not valid HCL: {0}")]
    Syntax(String),
}

/// Reads HCL text. `is_left` says of the first name of a reference whether it is part of the value, because somebody else puts
/// something in its place later, such as that of `${node.unique.name}`.
pub fn read(text: &str, is_left: fn(&str) -> bool) -> Result<Hcl, HclProblem> {
    if text.len() > MAX_BYTES {
        return Err(HclProblem { place: None, kind: HclProblemKind::TooLong(text.len()) });
    }
    let lines = Lines::of(text);
    let body = hcl_edit::parser::parse_body(without_mark(text)).map_err(|error| {
        let at = error.location();
        HclProblem {
            place: Some(Place { line: at.line(), column: at.column() }),
            kind: HclProblemKind::Syntax(error.message().to_owned()),
        }
    })?;
    Ok(Hcl { node: Reader { is_left }.body(&body), body, lines })
}

const MARK: char = '\u{feff}';

/// The text behind the mark that some editors put before it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

impl Lines {
    fn of(text: &str) -> Self {
        let returns = text.matches("\r\n").count();
        Self {
            has_mark: text.starts_with(MARK),
            end_with_a_return: returns > 0 && returns == text.matches('\n').count(),
        }
    }

    /// The text with them, as it was read.
    fn around(self, text: String) -> String {
        let text = match self.end_with_a_return {
            true => text.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => text,
        };
        if self.has_mark { format!("{MARK}{text}") } else { text }
    }
}

struct Reader {
    is_left: fn(&str) -> bool,
}

impl Reader {
    fn body(&self, body: &Body) -> Node {
        let mut members = Object::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    members.insert(attribute.key.as_str().to_owned(), self.value(&attribute.value));
                }
                Structure::Block(block) => {
                    let inside = block.labels.iter().rev().fold(self.body(&block.body), |inside, label| {
                        Node::Object(Object::from_iter([(label.as_str().to_owned(), inside)]))
                    });
                    match members.entry(block.ident.as_str().to_owned()).or_insert(Node::Array(Vec::new())) {
                        Node::Array(blocks) => blocks.push(inside),
                        // An attribute of the same name; whoever reads it says no to both.
                        other => *other = Node::Unknown,
                    }
                }
            }
        }
        Node::Object(members)
    }

    fn value(&self, expression: &Expression) -> Node {
        match expression {
            Expression::Null(_) => Node::Null,
            Expression::Bool(flag) => Node::Bool(*flag.value()),
            Expression::Number(number) => number_of(number.value()),
            Expression::UnaryOp(operation) => match (operation.operator.value(), &operation.expr) {
                (UnaryOperator::Neg, Expression::Number(number)) => number_of(&-*number.value()),
                _ => Node::Unknown,
            },
            Expression::String(text) => text.as_str().into(),
            Expression::Array(items) => Node::Array(items.iter().map(|item| self.value(item)).collect()),
            Expression::Object(members) => {
                let mut read = Object::new();
                for (key, value) in members {
                    let Some(key) = self.key(key) else { return Node::Unknown };
                    read.insert(key, self.value(value.expr()));
                }
                Node::Object(read)
            }
            Expression::StringTemplate(template) => self.text(template),
            Expression::HeredocTemplate(heredoc) => self.text(&heredoc.template),
            Expression::Parenthesis(inner) => self.value(inner.inner()),
            Expression::Variable(name) if (self.is_left)(name.as_str()) => {
                reference(name.as_str(), &[]).into()
            }
            Expression::Traversal(traversal) => self.reference(traversal).map_or(Node::Unknown, Node::from),
            _ => Node::Unknown,
        }
    }

    fn key(&self, key: &ObjectKey) -> Option<String> {
        match key {
            ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
            ObjectKey::Expression(expression) => self.value(expression).as_str().map(str::to_owned),
        }
    }

    fn text(&self, template: &Template) -> Node {
        let mut text = String::new();
        for element in template {
            match element {
                Element::Literal(literal) => text.push_str(literal),
                Element::Interpolation(interpolation) => match self.value(&interpolation.expr) {
                    Node::String(inside) => text.push_str(&inside),
                    _ => return Node::Unknown,
                },
                Element::Directive(_) => return Node::Unknown,
            }
        }
        text.into()
    }

    /// A reference that is left for later, as it is left.
    fn reference(&self, traversal: &Traversal) -> Option<String> {
        let first = traversal.expr.as_variable().filter(|name| (self.is_left)(name.as_str()))?;
        let rest: Option<Vec<String>> = traversal
            .operators
            .iter()
            .map(|operator| match operator.value() {
                TraversalOperator::GetAttr(name) => Some(format!(".{}", name.as_str())),
                TraversalOperator::Index(index) => Some(format!("[{}]", index.to_string().trim())),
                _ => None,
            })
            .collect();
        Some(reference(first.as_str(), &rest?))
    }
}

fn number_of(number: &Number) -> Node {
    let whole = number.as_i64().map(serde_json::Number::from);
    let whole = whole.or_else(|| number.as_u64().map(serde_json::Number::from));
    let number = whole.or_else(|| number.as_f64().and_then(serde_json::Number::from_f64));
    number.map_or(Node::Unknown, Node::Number)
}

fn reference(first: &str, rest: &[String]) -> String {
    format!("${{{first}{}}}", rest.concat())
}
