//! Services that a practitioner gave, as YAML text or as an HCL value: the document they are in, and where each part of it is
//! written.

use crate::document::{Object, Path, Place};
use crate::merge::compose;
use crate::value::{AttributePath, Given, Value};

use super::document_value;
use super::given_yaml::{self, Documents, GivenYaml, TextPlaces};
use super::unreadable::Unreadable;

/// The argument.
pub(super) const SERVICES: &str = "services";

/// Services that were read.
pub(super) struct GivenServices<'v> {
    /// The document they are in.
    pub(super) document: Object,
    /// Where in the text everything stands, if they were given as text.
    text: Option<TextPlaces<'v>>,
    /// Whether they were given without the document around them.
    is_bare: bool,
}

/// Reads them; absent and unknown as a whole are told apart.
pub(super) fn read(value: &Value) -> Result<Given<GivenServices<'_>>, Vec<Unreadable>> {
    let GivenYaml { mut documents, mut places } = match given_yaml::read(value, Documents::One)? {
        Given::Known(given) => given,
        Given::Absent => return Ok(Given::Absent),
        Given::Unknown => return Ok(Given::Unknown),
    };
    let (node, text) = (documents.pop().unwrap_or_default(), places.pop());
    let is_bare = node.get(SERVICES).is_null();
    match compose::document_of(node) {
        Some(document) => {
            let is_bare = is_bare && document.contains_key(SERVICES);
            Ok(Given::Known(GivenServices { document, text, is_bare }))
        }
        None => Err(vec![Unreadable::Form]),
    }
}

impl GivenServices<'_> {
    /// Where in the configuration a place of the document was written.
    pub(super) fn place(&self, path: &Path) -> AttributePath {
        document_value::attribute_path(SERVICES, &self.inside(path), self.text.is_some())
    }

    /// Where in the text that was given a place of the document was written, or what is around it.
    pub(super) fn place_in_text(&self, path: &Path) -> Option<Place> {
        self.text.as_ref()?.find(&self.inside(path))
    }

    /// A path of the document in what was given.
    fn inside(&self, path: &Path) -> Path {
        if self.is_bare { Path(path.0.get(1..).unwrap_or_default().to_vec()) } else { path.clone() }
    }
}
