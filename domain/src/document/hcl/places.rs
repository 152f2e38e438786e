//! Where in an HCL text a place of what it says stands.

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::Body;

use super::Hcl;
use crate::document::{Path, Place, Step};

impl Hcl {
    /// Where a place stands in the text that this was read from, or what is around it: an attribute, a block, an item of a list.
    pub fn place(&self, text: &str, path: &Path) -> Place {
        let before =
            super::without_mark(text).get(..in_body(&self.body, &path.0).unwrap_or(0)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// The byte where it begins; none where nothing on the way to it stands in the body.
fn in_body(body: &Body, steps: &[Step]) -> Option<usize> {
    let (Step::Key(key), rest) = steps.split_first()? else { return None };
    if let Some(attribute) = body.get_attribute(key) {
        return in_expression(&attribute.value, rest).or_else(|| begin(&attribute.key));
    }
    let (index, inside) = match rest {
        [Step::Index(index), inside @ ..] => (*index, inside),
        _ => (0, &[][..]),
    };
    let block = body.get_blocks(key).nth(index)?;
    let labels = block.labels.len().min(inside.len());
    in_body(&block.body, &inside[labels..]).or_else(|| begin(&block.ident))
}

fn in_expression(expression: &Expression, steps: &[Step]) -> Option<usize> {
    let (step, rest) = steps.split_first()?;
    match (expression, step) {
        (Expression::Parenthesis(inner), _) => in_expression(inner.inner(), steps),
        (Expression::Array(items), Step::Index(index)) => {
            let item = items.get(*index)?;
            in_expression(item, rest).or_else(|| begin(item))
        }
        (Expression::Object(members), Step::Key(key)) => {
            let (name, value) = members.iter().find(|(name, _)| match name {
                ObjectKey::Ident(name) => name.as_str() == key,
                ObjectKey::Expression(name) => name.as_str() == Some(key),
            })?;
            in_expression(value.expr(), rest).or_else(|| begin(name))
        }
        _ => None,
    }
}

fn begin(part: &impl Span) -> Option<usize> {
    part.span().map(|span| span.start)
}

#[cfg(test)]
mod tests {
    use crate::document::{Path, hcl};

    #[test]
    fn a_place_is_where_its_key_or_its_item_begins_and_else_what_is_around_it() {
        let text = "# ä\njob \"a\" {\n  b = [1, { c = \"x\", \"d.e\" = (\n    [2]) }]\n  config { ö = 1 }\n  config {\n    f = g(1)\n  }\n}\n";
        let read = hcl::read(text, |_| true).unwrap();
        let place = |steps: &[&str]| {
            let path = steps.iter().fold(Path::default(), |path, step| match step.parse() {
                Ok(index) => path.index(index),
                Err(_) => path.key(step),
            });
            let place = read.place(text, &path);
            format!("{}:{}", place.line, place.column)
        };
        for (steps, expected) in [
            (&[][..], "1:1"),
            (&["nothing"], "1:1"),
            (&["job"], "2:1"),
            (&["job", "0", "a"], "2:1"),
            (&["job", "0", "a", "b"], "3:3"),
            (&["job", "0", "a", "b", "0"], "3:8"),
            (&["job", "0", "a", "b", "1"], "3:11"),
            (&["job", "0", "a", "b", "1", "c"], "3:13"),
            (&["job", "0", "a", "b", "1", "d.e", "0"], "4:6"),
            (&["job", "0", "a", "b", "7"], "3:3"),
            (&["job", "0", "a", "config", "0", "ö"], "5:12"),
            (&["job", "0", "a", "config", "1", "f", "x"], "7:5"),
            (&["job", "0", "a", "config", "1", "z"], "6:3"),
            (&["job", "0", "a", "config", "2"], "2:1"),
            (&["job", "0", "a", "env", "0", "X"], "2:1"),
        ] {
            assert_eq!(place(steps), expected, "{steps:?}");
        }
    }
}
