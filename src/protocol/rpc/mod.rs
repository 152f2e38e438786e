//! One file per RPC, each a short straight line: find, translate in, call, translate out.

pub(super) mod apply_resource_change;
pub(super) mod call_function;
pub(super) mod close_ephemeral_resource;
pub(super) mod configure;
pub(super) mod get_functions;
pub(super) mod get_metadata;
pub(super) mod get_resource_identity_schemas;
pub(super) mod get_schema;
mod identity;
pub(super) mod import_resource_state;
pub(super) mod list_resource;
pub(super) mod move_resource_state;
pub(super) mod open_ephemeral_resource;
pub(super) mod plan_resource_change;
pub(super) mod prepare_provider_config;
pub(super) mod read_data_source;
pub(super) mod read_resource;
pub(super) mod renew_ephemeral_resource;
pub(super) mod stop;
pub(super) mod upgrade_resource_identity;
pub(super) mod upgrade_resource_state;
pub(super) mod validate_data_source_config;
pub(super) mod validate_ephemeral_resource_config;
pub(super) mod validate_list_resource_config;
pub(super) mod validate_resource_type_config;

mod guard;

use super::wire::ServerCapabilities;

/// What this layer can do beyond the first version of the protocol: destructions are planned as well, every process
/// knows its schemas by itself, and state may be moved between resource types.
fn capabilities() -> ServerCapabilities {
    ServerCapabilities { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true }
}
