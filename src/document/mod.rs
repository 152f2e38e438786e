//! ECS documents: a JSON tree whose leaves may be not known yet, with paths into it.
//!
//! Knows neither Terraform nor AWS nor the rules.

mod node;
mod path;
pub mod shapes;

pub use node::{Node, Object};
pub use path::{Path, Step};
