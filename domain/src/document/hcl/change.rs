//! A change written into an HCL text, which otherwise stays as it is.

use hcl_edit::Decorated;
use hcl_edit::Ident;
use hcl_edit::expr::{Expression, ObjectKey, ObjectValue};
use hcl_edit::structure::{Attribute, Block, Body, Structure};

use super::Hcl;
use super::write::{Layout, attribute, block, blocks_of, close, value};
use crate::document::{Change, Node, Object, Step};

impl Hcl {
    /// The text with these changes, in this order. None where the text has no place for one of them.
    pub fn changed(&self, changes: &[Change], layout: &Layout) -> Option<String> {
        let mut body = self.body.clone();
        for change in changes {
            let mut writer = Writer { layout };
            match change {
                Change::Set(path, node) => writer.set(&mut body, &path.0, node, 0)?,
                Change::Remove(path) => remove(&mut body, &path.0)?,
                Change::Move(from, to) => rename(&mut body, &from.0, to.0.last()?)?,
            }
        }
        Some(self.lines.around(body.to_string()))
    }
}

struct Writer<'l> {
    layout: &'l Layout,
}

impl Writer<'_> {
    fn set(&mut self, body: &mut Body, steps: &[Step], node: &Node, depth: usize) -> Option<()> {
        let (Step::Key(key), rest) = steps.split_first()? else { return None };
        if body.has_attribute(key) {
            let mut attribute = body.get_attribute_mut(key)?;
            return set_inside(attribute.value_mut(), rest, node, depth);
        }
        if Ident::try_new(key.as_str()).is_err() {
            // No attribute and no block can be called so.
            return None;
        }
        match rest {
            [] => match blocks_of(key, node, self.layout, depth) {
                Some(blocks) => {
                    body.remove_blocks(key);
                    blocks.into_iter().for_each(|block| body.push(block));
                }
                None => add(body, attribute(key, node, depth)),
            },
            [Step::Index(index), inside @ ..] => {
                let there = body.get_blocks(key).count();
                if *index < there {
                    let block = body.get_blocks_mut(key).nth(*index)?;
                    let inside = behind_labels(block, inside)?;
                    // Braces that were on one line hold several lines from now on.
                    return self.set(&mut block.body, inside, node, depth + 1).map(|()| spread(block, depth));
                }
                let mut item = node.clone();
                for step in inside.iter().rev() {
                    let Step::Key(key) = step else { return None };
                    item = Node::Object(Object::from_iter([(key.clone(), item)]));
                }
                let labels = self.layout.labels(key)?;
                let mut added = block(key, &item, labels, self.layout, depth)?;
                after_a_line(body, &mut added);
                body.push(added);
            }
            [Step::Key(_), ..] => {
                // A member of something that is not there yet.
                let mut item = node.clone();
                for step in rest.iter().rev() {
                    let Step::Key(key) = step else { return None };
                    item = Node::Object(Object::from_iter([(key.clone(), item)]));
                }
                add(body, attribute(key, &item, depth));
            }
        }
        Some(())
    }
}

/// A blank line before a block that follows something.
fn after_a_line(body: &Body, block: &mut Block) {
    use hcl_edit::Decorate;
    if body.is_empty() {
        return;
    }
    let prefix = block.decor().prefix().map(|prefix| prefix.to_string()).unwrap_or_default();
    block.decor_mut().set_prefix(format!("\n{prefix}"));
}

/// Behind the last attribute, so that blocks stay at the end.
fn add(body: &mut Body, attribute: Attribute) {
    let last = body.iter().rposition_of_attribute();
    body.insert(last.map_or(0, |last| last + 1), attribute);
}

trait LastAttribute {
    fn rposition_of_attribute(self) -> Option<usize>;
}

impl<'a, I: Iterator<Item = &'a Structure>> LastAttribute for I {
    fn rposition_of_attribute(self) -> Option<usize> {
        self.enumerate().filter(|(_, one)| one.is_attribute()).map(|(at, _)| at).last()
    }
}

fn spread(block: &mut Block, depth: usize) {
    use hcl_edit::Decorate;
    if !block.body.prefer_oneline() {
        return;
    }
    block.body.set_prefer_oneline(false);
    let decor = block.decor().clone();
    let inner = super::write::indent(depth + 1);
    for mut structure in &mut block.body {
        structure.decor_mut().set_prefix(inner.clone());
        structure.decor_mut().set_suffix("");
    }
    close(block, depth);
    *block.decor_mut() = decor;
}

/// The rest of a way behind the labels of a block, where they are those of the way.
fn behind_labels<'s>(block: &Block, steps: &'s [Step]) -> Option<&'s [Step]> {
    let (labels, rest) = steps.split_at_checked(block.labels.len())?;
    let is_this = |(step, label): (&Step, &str)| matches!(step, Step::Key(key) if key == label);
    let labelled = block.labels.iter().map(|label| label.as_str());
    labels.iter().zip(labelled).all(is_this).then_some(rest)
}

fn set_inside(expression: &mut Expression, steps: &[Step], node: &Node, depth: usize) -> Option<()> {
    use hcl_edit::Decorate;
    let Some((step, rest)) = steps.split_first() else {
        let mut written = value(node, depth);
        *written.decor_mut() = expression.decor().clone();
        *expression = written;
        return Some(());
    };
    match (expression, step) {
        (Expression::Parenthesis(inner), _) => set_inside(inner.inner_mut(), steps, node, depth),
        (Expression::Array(items), Step::Index(index)) => match items.get_mut(*index) {
            Some(item) => set_inside(item, rest, node, depth),
            None if rest.is_empty() => {
                let mut added = value(node, depth + 1);
                // As the one before it stands, a comment of its own left out.
                let prefix = items.get(items.len().wrapping_sub(1)).and_then(|last| {
                    let prefix = last.decor().prefix()?.to_string();
                    (items.len() > 1 || prefix.contains('\n')).then_some(prefix)
                });
                match prefix {
                    Some(prefix) => added.decor_mut().set_prefix(without_comments(&prefix)),
                    None if items.is_empty() => {}
                    None => added.decor_mut().set_prefix(" "),
                }
                items.push(added);
                Some(())
            }
            None => None,
        },
        (Expression::Object(members), Step::Key(key)) => {
            let found = members.iter_mut().find_map(|(name, value)| {
                let is_it = match name.get() {
                    ObjectKey::Ident(ident) => ident.as_str() == key,
                    ObjectKey::Expression(name) => name.as_str() == Some(key),
                };
                is_it.then_some(value)
            });
            match found {
                Some(value) => set_inside(value.expr_mut(), rest, node, depth),
                None if rest.is_empty() => {
                    let mut written = ObjectValue::new(value(node, depth + 1));
                    written.set_terminator(hcl_edit::expr::ObjectValueTerminator::Newline);
                    let mut name = Expression::from(key.as_str());
                    name.decor_mut().set_prefix(super::write::indent(depth + 1));
                    end_the_last(members);
                    members.insert(ObjectKey::Expression(name), written);
                    Some(())
                }
                None => None,
            }
        }
        _ => None,
    }
}

/// What is added to an object stands on a line of its own.
fn end_the_last(members: &mut hcl_edit::expr::Object) {
    let last = members.iter_mut().last();
    if let Some((_, value)) = last
        && value.terminator() != hcl_edit::expr::ObjectValueTerminator::Newline
    {
        value.set_terminator(hcl_edit::expr::ObjectValueTerminator::Newline);
    }
}

fn without_comments(prefix: &str) -> String {
    let is_plain = prefix.trim().is_empty();
    match (is_plain, prefix.rfind('\n')) {
        (true, _) => prefix.to_owned(),
        (false, Some(line)) => prefix[line..].to_owned(),
        (false, None) => " ".to_owned(),
    }
}

fn remove(body: &mut Body, steps: &[Step]) -> Option<()> {
    let (Step::Key(key), rest) = steps.split_first()? else { return None };
    if body.has_attribute(key) {
        if rest.is_empty() {
            body.remove_attribute(key);
            return Some(());
        }
        let mut attribute = body.get_attribute_mut(key)?;
        return remove_inside(attribute.value_mut(), rest);
    }
    let (Step::Index(index), inside) = rest.split_first()? else { return None };
    let block = body.get_blocks_mut(key).nth(*index)?;
    // The item of the list is the block, with its labels.
    if !inside.is_empty() {
        let inside = behind_labels(block, inside)?;
        if !inside.is_empty() {
            return remove(&mut block.body, inside);
        }
    }
    let is_it = |structure: &Structure| structure.as_block().is_some_and(|block| block.has_ident(key));
    let at = body.iter().enumerate().filter(|(_, one)| is_it(one)).nth(*index).map(|(at, _)| at)?;
    body.remove(at);
    Some(())
}

fn remove_inside(expression: &mut Expression, steps: &[Step]) -> Option<()> {
    let (step, rest) = steps.split_first()?;
    match (expression, step) {
        (Expression::Parenthesis(inner), _) => remove_inside(inner.inner_mut(), steps),
        (Expression::Array(items), Step::Index(index)) if *index < items.len() => match rest {
            [] => {
                items.remove(*index);
                Some(())
            }
            rest => remove_inside(items.get_mut(*index)?, rest),
        },
        (Expression::Object(members), Step::Key(key)) => {
            let keys = [
                ObjectKey::from(Ident::new_unchecked(key.as_str())),
                ObjectKey::from(Expression::from(key.as_str())),
            ];
            let key = keys.iter().find(|key| members.contains_key(key))?;
            match rest {
                [] => members.remove(key).map(|_| ()),
                rest => remove_inside(members.get_mut(key)?.expr_mut(), rest),
            }
        }
        _ => None,
    }
}

/// Gives an attribute another name.
fn rename(body: &mut Body, steps: &[Step], name: &Step) -> Option<()> {
    let (Step::Key(key), rest) = steps.split_first()? else { return None };
    let Step::Key(name) = name else { return None };
    if let [Step::Index(index), inside @ ..] = rest {
        let block = body.get_blocks_mut(key).nth(*index)?;
        let inside = behind_labels(block, inside)?;
        return rename(&mut block.body, inside, &Step::Key(name.clone()));
    }
    let at = body.iter().position(|one| one.as_attribute().is_some_and(|one| one.has_key(key)))?;
    let mut attribute = body.get_attribute(key)?.clone();
    let mut ident = Decorated::new(Ident::try_new(name.as_str()).ok()?);
    *hcl_edit::Decorate::decor_mut(&mut ident) = hcl_edit::Decorate::decor(&attribute.key).clone();
    if !rest.is_empty() || body.has_attribute(name) {
        return None;
    }
    attribute.key = ident;
    body.remove(at);
    body.insert(at, attribute);
    Some(())
}
