//! What a practitioner says about the Agent: one schema and one decoder for the provider's `agent` block, the
//! resource's `agent` block and the body of the data source.

mod decode;
mod schema;

#[cfg(test)]
mod tests;

pub(super) use decode::{Layers, decode, wires};
pub(super) use schema::{agent_block, application_block, attributes, blocks};
