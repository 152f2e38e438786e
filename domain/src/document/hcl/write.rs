//! A document as HCL text.

use hcl_edit::expr::{Array, Expression, Object as Members, ObjectKey, ObjectValue, ObjectValueTerminator};
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body, Structure};
use hcl_edit::template::{Element, StringTemplate};
use hcl_edit::{Decorate, Decorated, Ident, Number};

use crate::document::json::{NotKnown, wholly_known};
use crate::document::{Node, Object};

/// Characters of a list that stands on one line, at most.
const SHORT: usize = 80;

/// What the text alone does not say about a document.
#[derive(Debug)]
pub struct Layout {
    /// The keys whose lists of objects are blocks, each with the number of its labels.
    pub blocks: &'static [(&'static str, usize)],
    /// Keys that come first where they stand, so that a person finds what they look for; the others follow by name.
    pub first: &'static [&'static str],
}

impl Layout {
    /// How many labels a block of that name has; none where it is no block.
    pub(super) fn labels(&self, key: &str) -> Option<usize> {
        self.blocks.iter().find(|(block, _)| *block == key).map(|(_, labels)| *labels)
    }

    fn rank(&self, key: &str) -> usize {
        self.first.iter().position(|first| *first == key).unwrap_or(self.first.len())
    }
}

/// A document as HCL text, indented by two spaces: equal documents give equal bytes. A text is written so that it is read as it
/// is.
pub fn write(node: &Node, layout: &Layout) -> Result<String, NotKnown> {
    wholly_known(node)?;
    match node {
        Node::Object(members) => Ok(body(members, layout, 0).to_string()),
        other => Ok(value(other, 0).to_string()),
    }
}

/// A value as it stands behind an equals sign; what is not known is null.
pub fn expression(node: &Node) -> String {
    value(node, 0).to_string()
}

/// The structures of a body: attributes, and then blocks.
pub(super) fn body(members: &Object, layout: &Layout, depth: usize) -> Body {
    let mut keys: Vec<&String> = members.keys().collect();
    keys.sort_unstable_by_key(|key| (layout.rank(key), *key));
    let (mut attributes, mut blocks) = (Vec::new(), Vec::new());
    for key in keys {
        let node = members.get(key.as_str()).unwrap_or(&Node::Null);
        match blocks_of(key, node, layout, depth) {
            Some(several) => blocks.extend(several),
            None => attributes.push(attribute(key, node, depth)),
        }
    }
    align(&mut attributes);
    let mut structures: Vec<Structure> = attributes.into_iter().map(Structure::Attribute).collect();
    for mut block in blocks {
        if !structures.is_empty() {
            block.decor_mut().set_prefix(format!("\n{}", indent(depth)));
        }
        structures.push(Structure::Block(block));
    }
    structures.into_iter().collect()
}

/// The blocks of a member; none where it is an attribute.
pub(super) fn blocks_of(key: &str, node: &Node, layout: &Layout, depth: usize) -> Option<Vec<Block>> {
    let labels = layout.labels(key)?;
    let Node::Array(items) = node else { return None };
    let blocks: Option<Vec<Block>> =
        items.iter().map(|item| block(key, item, labels, layout, depth)).collect();
    // What a block cannot say, an attribute can.
    blocks.filter(|blocks| !blocks.is_empty())
}

/// One block. None where a key in it is no identifier, or labels are missing.
pub(super) fn block(key: &str, item: &Node, labels: usize, layout: &Layout, depth: usize) -> Option<Block> {
    let mut block = Block::new(Ident::new(key));
    let mut inside = item;
    for _ in 0..labels {
        let Node::Object(labelled) = inside else { return None };
        let (label, next) = labelled.iter().next().filter(|_| labelled.len() == 1)?;
        block.labels.push(BlockLabel::from(label.as_str()));
        inside = next;
    }
    let Node::Object(members) = inside else { return None };
    if members.keys().any(|key| Ident::try_new(key.as_str()).is_err()) {
        return None;
    }
    block.body = body(members, layout, depth + 1);
    close(&mut block, depth);
    Some(block)
}

/// The indentation of a block and of the brace that ends it.
pub(super) fn close(block: &mut Block, depth: usize) {
    if block.body.is_empty() {
        block.body.set_prefer_oneline(true);
    } else {
        block.body.decor_mut().set_suffix(indent(depth));
    }
    block.decor_mut().set_prefix(indent(depth));
}

pub(super) fn attribute(key: &str, node: &Node, depth: usize) -> Attribute {
    let key = Ident::new_sanitized(key);
    let mut attribute = Attribute::new(Decorated::new(key), value(node, depth));
    attribute.decor_mut().set_prefix(indent(depth));
    attribute
}

/// Equals signs of neighbours that take one line each stand below each other.
fn align(attributes: &mut [Attribute]) {
    let is_short = |attribute: &Attribute| !attribute.value.to_string().contains('\n');
    let mut start = 0;
    while start < attributes.len() {
        let run = attributes[start..].iter().take_while(|one| is_short(one)).count().max(1);
        let attributes = &mut attributes[start..start + run];
        let widest = attributes.iter().map(|one| one.key.as_str().chars().count()).max().unwrap_or(0);
        for attribute in attributes {
            let spaces = widest + 1 - attribute.key.as_str().chars().count();
            attribute.key.decor_mut().set_suffix(" ".repeat(spaces));
        }
        start += run;
    }
}

pub(super) fn value(node: &Node, depth: usize) -> Expression {
    match node {
        Node::Null | Node::Unknown => Expression::null(),
        Node::Bool(flag) => (*flag).into(),
        Node::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => Number::from(whole).into(),
            (_, Some(whole), _) => Number::from(whole).into(),
            (_, _, Some(number)) => Number::from_f64(number).map_or_else(Expression::null, Expression::from),
            (None, None, None) => Expression::null(),
        },
        Node::String(content) => text(content),
        Node::Array(items) => list(items, depth),
        Node::Object(members) => object(members, depth),
    }
}

/// A text in parts of which none has two of the signs that begin a template: the library takes care of the first in each.
fn text(text: &str) -> Expression {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = second_sign(rest) {
        let (part, behind) = rest.split_at(at);
        parts.push(Element::from(part));
        rest = behind;
    }
    if parts.is_empty() {
        return text.into();
    }
    parts.push(Element::from(rest));
    StringTemplate::from(parts).into()
}

/// Where the second sign of a text begins that has two.
fn second_sign(text: &str) -> Option<usize> {
    text.char_indices()
        .filter(|(at, _)| text[*at..].starts_with("${") || text[*at..].starts_with("%{"))
        .nth(1)
        .map(|(at, _)| at)
}

fn list(items: &[Node], depth: usize) -> Expression {
    let line: Expression =
        Array::from(items.iter().map(|item| value(item, depth)).collect::<Vec<_>>()).into();
    let text = line.to_string();
    if items.len() < 2 || (text.len() <= SHORT && !text.contains('\n')) {
        return line;
    }
    let mut lines = Array::new();
    for item in items {
        let mut item = value(item, depth + 1);
        item.decor_mut().set_prefix(format!("\n{}", indent(depth + 1)));
        lines.push(item);
    }
    lines.set_trailing_comma(true);
    lines.set_trailing(format!("\n{}", indent(depth)));
    lines.into()
}

fn object(members: &Object, depth: usize) -> Expression {
    let mut object = Members::new();
    let is_line = members.len() == 1;
    for (at, (name, node)) in members.iter().enumerate() {
        let mut key = Decorated::new(Ident::new_unchecked(name.as_str()));
        let prefix = match (is_line, at) {
            (true, _) => " ".to_owned(),
            (false, 0) => format!("\n{}", indent(depth + 1)),
            (false, _) => indent(depth + 1),
        };
        key.decor_mut().set_prefix(prefix);
        key.decor_mut().set_suffix(" ");
        let key = match Ident::try_new(name.as_str()) {
            Ok(_) => ObjectKey::Ident(key),
            Err(_) => {
                let mut text = Expression::from(name.as_str());
                *text.decor_mut() = key.decor().clone();
                ObjectKey::Expression(text)
            }
        };
        let mut inside = ObjectValue::new(value(node, depth + 1));
        inside.set_terminator(match is_line {
            true => ObjectValueTerminator::None,
            false => ObjectValueTerminator::Newline,
        });
        object.insert(key, inside);
    }
    if !members.is_empty() {
        object.set_trailing(if is_line { " ".to_owned() } else { indent(depth) });
    }
    object.into()
}

pub(super) fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}
