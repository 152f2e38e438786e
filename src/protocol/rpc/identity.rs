//! The identity of a resource's objects, from and to the wire.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::{Identity, Resource};
use crate::protocol::translate::value;
use crate::protocol::wire::resource_identity_schema::IdentityAttribute;
use crate::protocol::wire::{ResourceIdentityData, ResourceIdentitySchema};
use crate::value::{ObjectType, Type, Value, json};

/// The type of the identities of a resource; none where its objects have none.
pub(super) fn type_of(resource: &dyn Resource) -> Option<Type> {
    resource.identity().map(|identity| of(&identity))
}

fn of(identity: &Identity) -> Type {
    let attributes = identity.attributes.iter().map(|attribute| (attribute.name.to_owned(), Type::String));
    Type::Object(attributes.collect::<ObjectType>())
}

/// The schema of the identities of a resource; none where its objects have none.
pub(super) fn schema_of(resource: &dyn Resource) -> Option<ResourceIdentitySchema> {
    let identity = resource.identity()?;
    let identity_attributes = identity.attributes.iter().map(|attribute| IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: json::encode_type(&Type::String).into_bytes(),
        required_for_import: attribute.is_required_for_import,
        optional_for_import: !attribute.is_required_for_import,
        description: attribute.description.to_owned(),
    });
    Some(ResourceIdentitySchema { version: 0, identity_attributes: identity_attributes.collect() })
}

/// The identity of the object of a state; none while a part of it is not known.
pub(super) fn of_state(
    resource: &dyn Resource,
    state: &Value,
    found: &mut Diagnostics,
) -> Option<ResourceIdentityData> {
    if state.is_null() {
        return None;
    }
    data(resource, &resource.identity_of(state), found)
}

/// An identity for the wire.
pub(super) fn data(
    resource: &dyn Resource,
    identity: &Value,
    found: &mut Diagnostics,
) -> Option<ResourceIdentityData> {
    let ty = type_of(resource)?;
    if identity.is_null() || !identity.is_wholly_known() {
        return None;
    }
    match value::encode(identity, &ty) {
        Ok(identity) => Some(ResourceIdentityData { identity_data: Some(identity) }),
        Err(error) => {
            found.push(value::unfit("identity", &error));
            None
        }
    }
}

/// The identity that a request brings; null where it brings none.
pub(super) fn from_wire(
    resource: &dyn Resource,
    data: Option<&ResourceIdentityData>,
) -> Result<Value, Diagnostic> {
    match (type_of(resource), data) {
        (Some(ty), Some(data)) => value::from_wire(data.identity_data.as_ref(), &ty, "identity"),
        _ => Ok(Value::Null),
    }
}
