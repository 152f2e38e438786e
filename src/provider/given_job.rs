//! A job of Nomad that a practitioner gave, as HCL or JSON text or as an HCL value, and the changes that are written into it.

use crate::document::hcl::{self, Hcl, HclProblem};
use crate::document::json::{self, MAX_BYTES};
use crate::document::{Change, JsonProblem, Node, Path, to_json_pretty};
use crate::nomad::{Form, LAYOUT, is_left_for_the_client};
use crate::value::{AttributePath, Given, Value};

use super::document_value::{self, Inexact};

/// The argument.
pub(super) const JOB: &str = "job";

/// A job that was read.
pub(super) struct GivenJob {
    /// What it says.
    pub(super) document: Node,
    /// The text of HCL that it was given as.
    hcl: Option<Hcl>,
    is_text: bool,
}

/// Why a value is no job.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The text is not HCL that could be read.
    Hcl(HclProblem),
    /// The text begins as JSON and is none that could be read.
    Json(JsonProblem),
    /// As text the value has so many bytes.
    TooLarge(usize),
    /// A document cannot carry the numbers at these places.
    Inexact(Vec<Path>),
    /// It is something else than a job.
    Form,
}

/// Reads it; absent and unknown as a whole are told apart.
pub(super) fn read(value: &Value) -> Result<Given<GivenJob>, Vec<Unreadable>> {
    match value.undynamic() {
        Value::Null => Ok(Given::Absent),
        Value::Unknown(_) => Ok(Given::Unknown),
        Value::String(text) if text.trim_start().starts_with('{') => {
            let document = json::parse(text)
                .map_err(|problems| problems.into_iter().map(Unreadable::Json).collect::<Vec<_>>())?;
            of_api(document, true)
        }
        Value::String(text) => {
            let hcl =
                hcl::read(text, is_left_for_the_client).map_err(|problem| vec![Unreadable::Hcl(problem)])?;
            Ok(Given::Known(GivenJob { document: hcl.node.clone(), hcl: Some(hcl), is_text: true }))
        }
        value => of_api(of_value(value).map_err(|problem| vec![problem])?, false),
    }
}

fn of_api(document: Node, is_text: bool) -> Result<Given<GivenJob>, Vec<Unreadable>> {
    match Form::of(&document) {
        Some(Form::Api) => Ok(Given::Known(GivenJob { document, hcl: None, is_text })),
        _ => Err(vec![Unreadable::Form]),
    }
}

fn of_value(value: &Value) -> Result<Node, Unreadable> {
    let bytes = document_value::size(value);
    if bytes > MAX_BYTES {
        return Err(Unreadable::TooLarge(bytes));
    }
    document_value::to_node(value).map_err(|Inexact(places)| Unreadable::Inexact(places))
}

/// A job with changes, in the form that it was given in.
pub(super) struct Written {
    /// The text of HCL.
    pub(super) hcl: Option<String>,
    /// The text of JSON.
    pub(super) json: Option<String>,
}

impl GivenJob {
    /// The text with these changes; none where it has no place for one of them.
    pub(super) fn written(&self, changes: &[Change]) -> Option<Written> {
        if let Some(hcl) = &self.hcl {
            return Some(Written { hcl: Some(hcl.changed(changes, &LAYOUT)?), json: None });
        }
        let mut document = self.document.clone();
        changes.iter().for_each(|change| change.apply(&mut document));
        Some(Written { hcl: None, json: Some(to_json_pretty(&document).ok()?) })
    }

    /// Where in the configuration a place of the document was written.
    pub(super) fn place(&self, path: &Path) -> AttributePath {
        document_value::attribute_path(JOB, path, self.is_text)
    }
}
