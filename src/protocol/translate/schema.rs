//! Schemas and signatures to the wire.

use crate::framework::{Parameter, Signature};
use crate::protocol::wire;
use crate::schema::{Attribute, Block, Mode, NestedBlock, Nesting, Schema};
use crate::value::{Type, json};

const MARKDOWN: i32 = wire::StringKind::Markdown as i32;

/// The schema of a provider, resource or data source.
pub(in crate::protocol) fn to_wire(schema: &Schema) -> wire::Schema {
    wire::Schema { version: schema.version, block: Some(block(&schema.block, schema.version)) }
}

fn block(native: &Block, version: i64) -> wire::schema::Block {
    wire::schema::Block {
        version,
        attributes: native.attributes.iter().map(attribute).collect(),
        block_types: native.blocks.iter().map(nested_block).collect(),
        description: native.description.clone(),
        description_kind: MARKDOWN,
        ..Default::default()
    }
}

fn attribute(native: &Attribute) -> wire::schema::Attribute {
    let (required, optional, computed) = match native.mode {
        Mode::Required => (true, false, false),
        Mode::Optional => (false, true, false),
        Mode::OptionalComputed => (false, true, true),
        Mode::Computed => (false, false, true),
    };
    wire::schema::Attribute {
        name: native.name.clone(),
        r#type: ty(&native.ty),
        description: native.description.clone(),
        required,
        optional,
        computed,
        sensitive: native.sensitive,
        description_kind: MARKDOWN,
        deprecated: native.deprecation.is_some(),
        write_only: false,
        deprecation_message: native.deprecation.clone().unwrap_or_default(),
    }
}

fn nested_block(native: &NestedBlock) -> wire::schema::NestedBlock {
    use wire::schema::nested_block::NestingMode;
    wire::schema::NestedBlock {
        type_name: native.name.clone(),
        block: Some(block(&native.block, 0)),
        nesting: match native.nesting {
            Nesting::Single => NestingMode::Single,
            Nesting::List => NestingMode::List,
            Nesting::Set => NestingMode::Set,
        }
        .into(),
        min_items: native.min_items,
        max_items: native.max_items,
    }
}

/// A function's signature.
pub(in crate::protocol) fn function_to_wire(signature: &Signature) -> wire::Function {
    wire::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic_parameter.as_ref().map(parameter),
        r#return: Some(wire::function::Return { r#type: ty(&signature.result.without_optional()) }),
        summary: signature.summary.clone(),
        description: signature.description.clone(),
        description_kind: MARKDOWN,
        deprecation_message: String::new(),
    }
}

fn parameter(native: &Parameter) -> wire::function::Parameter {
    wire::function::Parameter {
        name: native.name.clone(),
        r#type: ty(&native.ty),
        allow_null_value: native.allow_null,
        allow_unknown_values: native.allow_unknown,
        description: native.description.clone(),
        description_kind: MARKDOWN,
    }
}

fn ty(native: &Type) -> Vec<u8> {
    json::encode_type(native).into_bytes()
}
