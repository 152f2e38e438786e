//! A job of Nomad that a practitioner gave, as HCL or JSON text or as an HCL value, and the changes that are written into it.

use crate::document::hcl::{self, Hcl};
use crate::document::{Change, Node, Path, Place, Places, json, to_json_pretty};
use crate::nomad::{Form, LAYOUT, is_left_for_the_client};
use crate::value::{AttributePath, Given, Value};

use super::document_value;
use super::given_yaml;
use super::unreadable::Unreadable;

/// The argument.
pub(super) const JOB: &str = "job";

/// A job that was read.
pub(super) struct GivenJob<'v> {
    /// What it says.
    pub(super) document: Node,
    source: Source<'v>,
}

/// As what it was given.
enum Source<'v> {
    Hcl(Box<Hcl>, &'v str),
    Json(Places<'v>),
    Value,
}

/// Reads it; absent and unknown as a whole are told apart.
pub(super) fn read(value: &Value) -> Result<Given<GivenJob<'_>>, Vec<Unreadable>> {
    match value.undynamic() {
        Value::Null => Ok(Given::Absent),
        Value::Unknown(_) => Ok(Given::Unknown),
        Value::String(text) if is_json(text) => {
            let document = json::parse(text)
                .map_err(|problems| problems.into_iter().map(Unreadable::Json).collect::<Vec<_>>())?;
            of_api(document, Source::Json(Places::of(text)))
        }
        Value::String(text) => {
            let hcl =
                hcl::read(text, is_left_for_the_client).map_err(|problem| vec![Unreadable::Hcl(problem)])?;
            let document = hcl.node.clone();
            Ok(Given::Known(GivenJob { document, source: Source::Hcl(Box::new(hcl), text) }))
        }
        value => of_api(given_yaml::of_value(value).map_err(|problem| vec![problem])?, Source::Value),
    }
}

/// Whether a text begins as JSON does, and as no HCL does.
fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

fn of_api<'v>(document: Node, source: Source<'v>) -> Result<Given<GivenJob<'v>>, Vec<Unreadable>> {
    match Form::of(&document) {
        Some(Form::Api) => Ok(Given::Known(GivenJob { document, source })),
        // What may be a job, once it is known.
        None if ["Job", "TaskGroups"].iter().any(|key| document.get(key).is_unknown()) => Ok(Given::Unknown),
        _ => Err(vec![Unreadable::Form]),
    }
}

/// A job with changes.
pub(super) struct Written {
    /// What it says.
    pub(super) document: Node,
    /// Its text, in the form that it was given in; none while a part of it is not known.
    pub(super) text: Option<String>,
}

impl GivenJob<'_> {
    /// The job with these changes; none where its text has no place for one of them.
    pub(super) fn written(&self, changes: &[Change]) -> Option<Written> {
        let mut document = self.document.clone();
        changes.iter().for_each(|change| change.apply(&mut document));
        let text = match &self.source {
            Source::Hcl(hcl, _) => Some(hcl.changed(changes, &LAYOUT)?),
            Source::Json(_) | Source::Value => to_json_pretty(&document).ok(),
        };
        Some(Written { document, text })
    }

    /// Where in the configuration a place of the document was written.
    pub(super) fn place(&self, path: &Path) -> AttributePath {
        document_value::attribute_path(JOB, path, !matches!(self.source, Source::Value))
    }

    /// Where in the text that was given a place of the document was written, or what is around it.
    pub(super) fn place_in_text(&self, path: &Path) -> Option<Place> {
        match &self.source {
            Source::Hcl(hcl, text) => Some(hcl.place(text, path)),
            Source::Json(places) => places.find(path),
            Source::Value => None,
        }
    }
}
