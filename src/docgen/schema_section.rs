//! The "Schema" section of a page: required, optional and read-only, nested schemas below with an anchor each.
//!
//! Headings, groups, type names and anchors are those that practitioners know from other providers' pages.

use crate::schema::{Attribute, Block, Mode, NestedBlock, Nesting};
use crate::value::{ObjectType, Type};

use super::markdown::one_line;
use super::members::{Members, object_inside};

/// The section with everything below it.
pub(super) fn schema_section(block: &Block, members: &Members) -> String {
    let mut out = String::from("## Schema\n");
    let mut nested = Vec::new();
    for group in [Group::Required, Group::Optional, Group::ReadOnly] {
        let lines = group.lines(block, "", &mut nested);
        if !lines.is_empty() {
            out.push_str(&format!("\n### {}\n\n{}\n", group.title(), lines.join("\n")));
        }
    }
    for schema in nested {
        schema.write(&mut out, members);
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Required,
    Optional,
    ReadOnly,
}

impl Group {
    fn title(self) -> &'static str {
        match self {
            Group::Required => "Required",
            Group::Optional => "Optional",
            Group::ReadOnly => "Read-Only",
        }
    }

    fn of_attribute(attribute: &Attribute) -> Self {
        match attribute.mode {
            Mode::Required => Group::Required,
            Mode::Optional | Mode::OptionalComputed => Group::Optional,
            Mode::Computed => Group::ReadOnly,
        }
    }

    fn of_block(block: &NestedBlock) -> Self {
        if block.min_items > 0 { Group::Required } else { Group::Optional }
    }

    /// The lines of this group; what they refer to below is added to `nested`.
    fn lines<'a>(self, block: &'a Block, place: &str, nested: &mut Vec<NestedSchema<'a>>) -> Vec<String> {
        let attributes = block.attributes.iter().filter(|attribute| Group::of_attribute(attribute) == self);
        let mut lines: Vec<_> =
            attributes.map(|attribute| attribute_line(attribute, self, place, nested)).collect();
        for block in block.blocks.iter().filter(|block| Group::of_block(block) == self) {
            let place = join(place, &block.name);
            let reference = reference("nestedblock", &place);
            let description = spaced(&block.block.description);
            lines.push(format!("- `{}` ({}){description} {reference}", block.name, nesting(block)));
            nested.push(NestedSchema { place, body: Body::Block(&block.block) });
        }
        lines
    }
}

/// Something that is described further below on the page.
struct NestedSchema<'a> {
    place: String,
    body: Body<'a>,
}

enum Body<'a> {
    Block(&'a Block),
    Object { ty: &'a ObjectType, group: Group },
}

impl NestedSchema<'_> {
    /// Writes itself, then what it refers to, so that a nested schema stands right below its parent.
    fn write(self, out: &mut String, members: &Members) {
        let anchor = match self.body {
            Body::Block(_) => anchor("nestedblock", &self.place),
            Body::Object { .. } => anchor("nestedatt", &self.place),
        };
        out.push_str(&format!("\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{}`\n", self.place));
        let mut nested = Vec::new();
        for group in [Group::Required, Group::Optional, Group::ReadOnly] {
            let lines = match self.body {
                Body::Block(block) => group.lines(block, &self.place, &mut nested),
                Body::Object { ty, group: own } => {
                    object_lines(ty, own, group, &self.place, members, &mut nested)
                }
            };
            if !lines.is_empty() {
                out.push_str(&format!("\n{}:\n\n{}\n", group.title(), lines.join("\n")));
            }
        }
        for schema in nested {
            schema.write(out, members);
        }
    }
}

fn attribute_line<'a>(
    attribute: &'a Attribute,
    group: Group,
    place: &str,
    nested: &mut Vec<NestedSchema<'a>>,
) -> String {
    let mut facts = type_name(&attribute.ty);
    if attribute.sensitive {
        facts.push_str(", Sensitive");
    }
    if attribute.deprecation.is_some() {
        facts.push_str(", Deprecated");
    }
    let mut line = format!("- `{}` ({facts}){}", attribute.name, spaced(&attribute.description));
    if let Some(reason) = &attribute.deprecation {
        line.push_str(&format!(" **Deprecated:** {}", one_line(reason)));
    }
    if let Some(ty) = object_inside(&attribute.ty) {
        let place = join(place, &attribute.name);
        line.push_str(&format!(" {}", reference("nestedatt", &place)));
        nested.push(NestedSchema { place, body: Body::Object { ty, group } });
    }
    line
}

/// Members of an object type. Those of a computed attribute are all read-only.
fn object_lines<'a>(
    ty: &'a ObjectType,
    own: Group,
    group: Group,
    place: &str,
    members: &Members,
    nested: &mut Vec<NestedSchema<'a>>,
) -> Vec<String> {
    let belongs = |name: &str| match own {
        Group::ReadOnly => group == Group::ReadOnly,
        _ if ty.optional.contains(name) => group == Group::Optional,
        _ => group == Group::Required,
    };
    let mut lines = Vec::new();
    for (name, member) in ty.attributes.iter().filter(|(name, _)| belongs(name)) {
        let place = join(place, name);
        let description = spaced(members.description(&place).unwrap_or_default());
        let mut line = format!("- `{name}` ({}){description}", type_name(member));
        if let Some(ty) = object_inside(member) {
            line.push_str(&format!(" {}", reference("nestedatt", &place)));
            nested.push(NestedSchema { place, body: Body::Object { ty, group: own } });
        }
        lines.push(line);
    }
    lines
}

/// A type's name as the Registry's readers know it.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(_) => "Object".to_owned(),
    }
}

fn nesting(block: &NestedBlock) -> String {
    let mut text = match block.nesting {
        Nesting::Single => "Block".to_owned(),
        Nesting::List => "Block List".to_owned(),
        Nesting::Set => "Block Set".to_owned(),
    };
    if block.min_items > 0 {
        text.push_str(&format!(", Min: {}", block.min_items));
    }
    if block.max_items > 0 {
        text.push_str(&format!(", Max: {}", block.max_items));
    }
    text
}

fn spaced(description: &str) -> String {
    let description = one_line(description);
    if description.is_empty() { description } else { format!(" {description}") }
}

pub(super) fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

fn anchor(kind: &str, place: &str) -> String {
    format!("{kind}--{}", place.replace('.', "--"))
}

fn reference(kind: &str, place: &str) -> String {
    format!("(see [below for nested schema](#{}))", anchor(kind, place))
}
