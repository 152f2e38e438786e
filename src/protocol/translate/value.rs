//! Values from and to the wire, and what is said when one does not fit.

use crate::diagnostics::Diagnostic;
use crate::protocol::wire;
use crate::value::json::{self, Surplus};
use crate::value::{CodecError, Type, Value, msgpack};

/// Reads a value; a missing one is null. `what` is Terraform's word for it, such as "prior state".
pub(in crate::protocol) fn from_wire(
    value: Option<&wire::DynamicValue>,
    ty: &Type,
    what: &str,
) -> Result<Value, Diagnostic> {
    decode(value, ty).map_err(|error| {
        Diagnostic::error(
            "Value does not fit the schema",
            format!(
                "The {what} that came from Terraform could not be read with the schema of this version of the provider: \
                 {error}. This happens when the provider was replaced while the command ran, otherwise it is a bug in the \
                 provider: please report it to the provider's developers.",
            ),
        )
        .at(error.path())
    })
}

/// Reads a value; a missing one is null.
pub(in crate::protocol) fn decode(
    value: Option<&wire::DynamicValue>,
    ty: &Type,
) -> Result<Value, CodecError> {
    match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => json::decode(&value.json, ty, Surplus::Refused),
        _ => Ok(Value::Null),
    }
}

/// Writes a value. `what` is Terraform's word for it, such as "planned state".
pub(in crate::protocol) fn to_wire(
    value: &Value,
    ty: &Type,
    what: &str,
) -> Result<Option<wire::DynamicValue>, Diagnostic> {
    encode(value, ty).map(Some).map_err(|error| unfit(what, &error))
}

/// Writes a value.
pub(in crate::protocol) fn encode(value: &Value, ty: &Type) -> Result<wire::DynamicValue, CodecError> {
    Ok(wire::DynamicValue { msgpack: msgpack::encode(value, ty)?.into(), json: Default::default() })
}

/// The error about an answer of the provider that breaks its own schema.
pub(in crate::protocol) fn unfit(what: &str, error: &CodecError) -> Diagnostic {
    Diagnostic::error(
        "Provider answered with a value that breaks its own rules",
        format!(
            "The {what} does not fit: {error}. This is a bug in the provider, not in your configuration: please report it to \
             the provider's developers.",
        ),
    )
    .at(error.path())
}
