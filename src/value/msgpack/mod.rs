//! MessagePack, the form of values on the wire. Both directions follow a type, because the encoding alone does not
//! tell a set from a list or an object from a map. Knows no schema and no message.
//!
//! Numbers travel as integer, as float where a float is exact, otherwise as text. Unknown values are extensions: type 0
//! says nothing more, type 12 carries what is certain already. A dynamic value is a pair of its type as JSON and the
//! value itself.

mod decode;
mod encode;
mod refinement;

#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;

/// The extension of an unknown value of which nothing is certain.
const UNKNOWN: i8 = 0;

/// The extension of an unknown value with a refinement.
const REFINED_UNKNOWN: i8 = 12;
