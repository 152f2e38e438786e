//! Why a value that a practitioner gave is no document.

use crate::document::hcl::HclProblem;
use crate::document::yaml::YamlProblem;
use crate::document::{JsonProblem, Path, Place};

/// Why a value is no document of another platform than ECS.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The text is not YAML that could be read.
    Yaml(YamlProblem),
    /// The text is no YAML, and has the marks of a template.
    Template(YamlProblem),
    /// A tag says what no value of ours can hold.
    Tag(String, Option<Place>),
    /// The text is not HCL that could be read.
    Hcl(HclProblem),
    /// The text begins as JSON and is none that could be read.
    Json(JsonProblem),
    /// As text the value has so many bytes.
    TooLarge(usize),
    /// A document cannot carry the numbers at these places.
    Inexact(Vec<Path>),
    /// It is something else than what is asked for.
    Form,
}
