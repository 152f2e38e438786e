//! ECS documents: a JSON tree whose leaves may be not known yet, with paths into it.
//!
//! Knows neither Terraform nor AWS nor the rules.

mod arn;
pub mod canonical;
mod coerce;
pub mod container_path;
pub mod difference;
pub mod input;
mod intrinsic;
pub mod json;
mod keeping;
mod length;
mod node;
mod path;
mod places;
#[cfg(test)]
pub(crate) mod sample;
pub mod shapes;
pub mod units;

pub use arn::Arn;
pub use canonical::{canonical, canonicalize, digest, sha256, sha256_of};
pub use difference::{Difference, DifferenceKind, differences};
pub use input::{
    Form, InputProblem, LeftOut, Note, NoteKind, Reading, TextProblem, leave_out_unset, read, read_text,
    read_to_write, read_value,
};
pub use intrinsic::{intrinsic, is_no_value};
pub use json::{JsonProblem, JsonProblemKind, NotKnown, parse, parse_noting, to_json, to_json_pretty};
pub use keeping::ContainerKeys;
pub use length::{Length, json_length};
pub use node::{Node, Object};
pub use path::{Path, Step, Trail};
pub use places::{Place, Places};
