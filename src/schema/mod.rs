//! Schemas: what a block may contain, with types, descriptions and sensitivity.
//!
//! Protocol 5 knows no nested attributes, so structure is either a nested block or an attribute of object type.

mod check;
mod complete;
mod held_blocks;
mod implied_type;

pub(crate) use check::{is_name, type_problems_at};

use crate::value::Type;

/// The schema of a provider, resource or data source.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Version of the state that this schema describes.
    pub version: i64,
    /// The body.
    pub block: Block,
}

/// Attributes and nested blocks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// What the block is for, as Markdown.
    pub description: String,
    /// The attributes, in the order of the documentation.
    pub attributes: Vec<Attribute>,
    /// The nested blocks, in the order of the documentation.
    pub blocks: Vec<NestedBlock>,
}

/// One attribute of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Name in snake case.
    pub name: String,
    /// Type constraint.
    pub ty: Type,
    /// What it is, as Markdown: shape, unit, default.
    pub description: String,
    /// Who gives the value.
    pub mode: Mode,
    /// Whether its value is hidden wherever Terraform shows values.
    pub sensitive: bool,
    /// Why it should no longer be used.
    pub deprecation: Option<String>,
}

/// Who gives an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The configuration must.
    Required,
    /// The configuration may.
    Optional,
    /// The configuration may, otherwise the provider does.
    OptionalComputed,
    /// The provider does.
    Computed,
}

/// A block inside a block.
#[derive(Debug, Clone, PartialEq)]
pub struct NestedBlock {
    /// Name in snake case.
    pub name: String,
    /// How many there may be, and how they are held.
    pub nesting: Nesting,
    /// The body.
    pub block: Block,
    /// Fewest blocks of this name; 0 for none required.
    pub min_items: i64,
    /// Most blocks of this name; 0 for no limit.
    pub max_items: i64,
}

/// How nested blocks are held in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// At most one: an object or null.
    Single,
    /// A list of objects, empty when there is none.
    List,
    /// A set of objects, empty when there is none.
    Set,
}

impl Attribute {
    /// An attribute with a description.
    pub fn new(name: &str, ty: Type, mode: Mode, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            ty,
            description: description.to_owned(),
            mode,
            sensitive: false,
            deprecation: None,
        }
    }

    /// The same attribute, hidden wherever Terraform shows values.
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
}

impl NestedBlock {
    /// A block of which there may be any number.
    pub fn list(name: &str, block: Block) -> Self {
        Self { name: name.to_owned(), nesting: Nesting::List, block, min_items: 0, max_items: 0 }
    }

    /// A set of blocks of which there may be any number.
    pub fn set(name: &str, block: Block) -> Self {
        Self { nesting: Nesting::Set, ..Self::list(name, block) }
    }

    /// A block of which there may be one; held as a list, as practitioners of the AWS provider expect.
    pub fn at_most_one(name: &str, block: Block) -> Self {
        Self { max_items: 1, ..Self::list(name, block) }
    }
}
