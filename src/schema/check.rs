//! Whether a schema is one that every core accepts. A core that meets a wrong one refuses the whole provider, and a type
//! that it cannot read ends the core itself, so a provider's unit test asks here.

use std::collections::BTreeSet;

use super::{Attribute, Block, Mode, NestedBlock, Nesting, Schema};
use crate::value::{ObjectType, Type};

/// Names that Terraform keeps for itself at the top of a resource or data source.
const META_ARGUMENTS: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// Names that Terraform keeps for itself in a provider block.
const PROVIDER_META_ARGUMENTS: [&str; 2] = ["alias", "version"];

impl Schema {
    /// What is wrong with the schema of a resource or data source; empty when nothing is.
    pub fn problems(&self) -> Vec<String> {
        self.problems_beside(&META_ARGUMENTS)
    }

    /// What is wrong with the schema of a provider block; empty when nothing is.
    pub fn provider_problems(&self) -> Vec<String> {
        let mut problems = self.problems_beside(&PROVIDER_META_ARGUMENTS);
        for attribute in &self.block.attributes {
            if matches!(attribute.mode, Mode::Computed | Mode::OptionalComputed) {
                problems.push(format!("{}: nothing computes a provider block", attribute.name));
            }
        }
        problems
    }

    fn problems_beside(&self, reserved: &[&str]) -> Vec<String> {
        let mut problems = Vec::new();
        if self.version < 0 {
            problems.push(format!("the version {} is negative", self.version));
        }
        let names = self.block.attributes.iter().map(|attribute| &attribute.name);
        let names = names.chain(self.block.blocks.iter().map(|nested| &nested.name));
        for name in names.filter(|name| reserved.contains(&name.as_str())) {
            problems.push(format!("{name}: Terraform keeps this name for itself"));
        }
        self.block.problems("", Inside::Body, &mut problems);
        problems
    }
}

/// What a block is in, as far as it matters to what may be in the block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Body,
    List,
    Set,
}

impl Block {
    fn problems(&self, place: &str, inside: Inside, problems: &mut Vec<String>) {
        let mut names = BTreeSet::new();
        for attribute in &self.attributes {
            let place = format!("{place}{}", attribute.name);
            if !names.insert(&attribute.name) {
                problems.push(format!("{place}: the name is there twice"));
            }
            attribute.problems(&place, inside, problems);
        }
        for nested in &self.blocks {
            let place = format!("{place}{}", nested.name);
            if !names.insert(&nested.name) {
                problems.push(format!("{place}: the name is there twice"));
            }
            nested.problems(&place, inside, problems);
        }
    }
}

impl Attribute {
    fn problems(&self, place: &str, inside: Inside, problems: &mut Vec<String>) {
        if !is_name(&self.name) {
            problems
                .push(format!("{place}: a name has small letters, digits and underscores, first a letter"));
        }
        if self.ty.has_dynamic() {
            match inside {
                Inside::Body => {}
                Inside::Set => problems.push(format!("{place}: no part of a set of blocks may be dynamic")),
                // A core then holds the blocks as a tuple of unknown type, which this layer does not follow.
                Inside::List => {
                    problems.push(format!("{place}: no part of a list of blocks may be dynamic here"))
                }
            }
        }
        type_problems(&self.ty, place, problems);
    }
}

impl NestedBlock {
    fn problems(&self, place: &str, inside: Inside, problems: &mut Vec<String>) {
        if !is_name(&self.name) {
            problems
                .push(format!("{place}: a name has small letters, digits and underscores, first a letter"));
        }
        let (min, max) = (self.min_items, self.max_items);
        if min < 0 || max < 0 {
            problems.push(format!("{place}: min_items and max_items are not negative"));
        }
        match self.nesting {
            Nesting::Single if (min, max) != (0, 0) && (min, max) != (1, 1) => {
                problems
                    .push(format!("{place}: a single block has min_items and max_items both 0 or both 1"));
            }
            Nesting::List | Nesting::Set if max != 0 && min > max => {
                problems.push(format!("{place}: min_items is more than max_items"));
            }
            _ => {}
        }
        let inside = match (inside, self.nesting) {
            (Inside::Set, _) | (_, Nesting::Set) => Inside::Set,
            (Inside::List, _) | (_, Nesting::List) => Inside::List,
            (Inside::Body, Nesting::Single) => Inside::Body,
        };
        self.block.problems(&format!("{place}."), inside, problems);
    }
}

/// What is wrong with a type that is no part of a schema, such as a parameter's.
pub(crate) fn type_problems_at(place: &str, ty: &Type) -> Vec<String> {
    let mut problems = Vec::new();
    type_problems(ty, place, &mut problems);
    problems
}

fn type_problems(ty: &Type, place: &str, problems: &mut Vec<String>) {
    match ty {
        Type::Set(element) if element.has_dynamic() => {
            problems.push(format!("{place}: no part of a set's element may be dynamic"));
        }
        Type::List(element) | Type::Map(element) if element.has_dynamic() => {
            problems.push(format!(
                "{place}: no part of an element may be dynamic, because all elements have one type"
            ));
        }
        Type::List(element) | Type::Set(element) | Type::Map(element) => {
            type_problems(element, place, problems)
        }
        Type::Tuple(elements) => elements.iter().for_each(|element| type_problems(element, place, problems)),
        Type::Object(ObjectType { attributes, optional }) => {
            for name in optional.iter().filter(|name| !attributes.contains_key(*name)) {
                problems.push(format!("{place}: the optional attribute {name:?} is not in the object"));
            }
            // Names inside an object type are values' keys and not identifiers: cores take any.
            for ty in attributes.values() {
                type_problems(ty, place, problems);
            }
        }
        Type::Bool | Type::Number | Type::String | Type::Dynamic => {}
    }
}

/// Whether a core takes this as the name of an attribute, a block or a function's parameter, and practitioners expect it.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(attributes: Vec<Attribute>, blocks: Vec<NestedBlock>) -> Schema {
        Schema { version: 0, block: Block { attributes, blocks, ..Block::default() } }
    }

    fn attribute(name: &str, ty: Type) -> Attribute {
        Attribute::new(name, ty, Mode::Optional, "")
    }

    fn body(ty: Type) -> Block {
        Block { attributes: vec![attribute("any", ty)], ..Block::default() }
    }

    #[test]
    fn an_ordinary_schema_has_no_problems() {
        let single =
            NestedBlock { nesting: Nesting::Single, ..NestedBlock::list("single", body(Type::Dynamic)) };
        let blocks = vec![NestedBlock::at_most_one("agent", body(Type::String)), single];
        assert_eq!(schema(vec![attribute("a_1", Type::Dynamic)], blocks).problems(), Vec::<String>::new());
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let single = |min_items, max_items| NestedBlock {
            nesting: Nesting::Single,
            min_items,
            max_items,
            ..NestedBlock::list("single", Block::default())
        };
        let optional =
            Type::Object(ObjectType { optional: ["b".to_owned()].into(), ..ObjectType::default() });
        for (wrong, told) in [
            (schema(vec![attribute("Name", Type::Bool)], vec![]), "Name: a name has"),
            (schema(vec![attribute("count", Type::Bool)], vec![]), "count: Terraform keeps"),
            (
                schema(vec![attribute("a", Type::Bool), attribute("a", Type::Bool)], vec![]),
                "a: the name is there twice",
            ),
            (schema(vec![attribute("a", Type::set(Type::Dynamic))], vec![]), "a: no part of a set's element"),
            (schema(vec![attribute("a", Type::list(Type::Dynamic))], vec![]), "a: no part of an element"),
            (schema(vec![attribute("a", optional)], vec![]), "a: the optional attribute \"b\""),
            (
                schema(vec![], vec![NestedBlock::set("s", body(Type::Dynamic))]),
                "s.any: no part of a set of blocks",
            ),
            (
                schema(vec![], vec![NestedBlock::list("l", body(Type::Dynamic))]),
                "l.any: no part of a list of blocks",
            ),
            (schema(vec![], vec![single(0, 1)]), "single: a single block has"),
            (
                schema(
                    vec![],
                    vec![NestedBlock { min_items: 2, ..NestedBlock::at_most_one("l", Block::default()) }],
                ),
                "l: min_items is more",
            ),
            (Schema { version: -1, ..schema(vec![], vec![]) }, "the version -1"),
        ] {
            let problems = wrong.problems();
            assert!(problems.iter().any(|problem| problem.starts_with(told)), "{told}: {problems:?}");
            assert_eq!(problems.len(), 1, "{problems:?}");
        }
    }

    #[test]
    fn a_provider_block_computes_nothing() {
        let computed = Attribute::new("region", Type::String, Mode::Computed, "");
        assert_eq!(
            schema(vec![computed], vec![]).provider_problems(),
            ["region: nothing computes a provider block"]
        );
    }
}
