//! The type of the values that a block's schema describes.

use super::{Block, Nesting};
use crate::value::Type;

impl Block {
    /// The type of this block's values. Optional attributes of object types are for configurations only: a value
    /// always has every attribute.
    pub fn implied_type(&self) -> Type {
        let attributes =
            self.attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty.without_optional()));
        let blocks = self.blocks.iter().map(|nested| {
            let body = nested.block.implied_type();
            let ty = match nested.nesting {
                Nesting::Single => body,
                Nesting::List => Type::list(body),
                Nesting::Set => Type::set(body),
            };
            (nested.name.clone(), ty)
        });
        Type::Object(attributes.chain(blocks).collect())
    }
}
