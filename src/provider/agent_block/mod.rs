//! What a practitioner says about the Agent: one schema and one decoder for the provider's `agent` block, the
//! resource's `agent` block and the body of the data source.

mod application;
mod asked;
mod decode;
mod schema;
mod target;

#[cfg(test)]
mod existing;
#[cfg(test)]
mod tests;

pub(super) use application::Application;
pub(super) use asked::{Asked, asked, asked_by_body, block_at};
pub(super) use decode::{Layers, decode};
pub(super) use schema::{agent_block, application_block, attributes, blocks};
pub(super) use target::Target;
