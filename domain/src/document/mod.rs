//! Documents: a JSON tree whose leaves may be not known yet, paths into it, where they stand in a text, and that text as JSON,
//! YAML or HCL.
//!
//! Knows no platform.

pub mod container_path;
pub mod hcl;
pub mod in_place;
pub mod json;
mod length;
mod node;
mod path;
mod places;
mod rewrite;
pub mod yaml;

pub use json::{JsonProblem, JsonProblemKind, NotKnown, parse, parse_noting, to_json, to_json_pretty};
pub use length::{Length, json_length};
pub use node::{Node, Object, object};
pub use path::{Path, Step, Trail};
pub use places::{Kind, Place, Places};
pub use rewrite::{Change, Origins};
