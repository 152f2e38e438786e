//! A manifest of Kubernetes that a practitioner gave, as YAML text or as an HCL value: its objects, and where each part of them is
//! written.

use crate::document::{Node, Path, Place, Step};
use crate::render::kubernetes::document_of;
use crate::value::{AttributePath, Given, Value};

use super::document_value;
use super::given_yaml::{self, Documents, GivenYaml, TextPlaces};
use super::unreadable::Unreadable;

/// The argument.
pub(super) const MANIFEST: &str = "manifest";

/// A manifest that was read.
pub(super) struct GivenManifest<'v> {
    /// One object, or an array of several.
    pub(super) document: Node,
    /// Where in the text everything stands, an object after the other; none where it was not given as text.
    places: Vec<TextPlaces<'v>>,
}

/// Reads it; absent and unknown as a whole are told apart.
pub(super) fn read(value: &Value) -> Result<Given<GivenManifest<'_>>, Vec<Unreadable>> {
    let GivenYaml { documents, places } = match given_yaml::read(value, Documents::Several)? {
        Given::Known(given) => given,
        Given::Absent => return Ok(Given::Absent),
        Given::Unknown => return Ok(Given::Unknown),
    };
    let document = document_of(documents);
    // What is not known yet may become one.
    let is_object = |node: &Node| matches!(node, Node::Object(_) | Node::Unknown);
    let is_manifest = match &document {
        Node::Array(items) => !items.is_empty() && items.iter().all(is_object),
        node => is_object(node),
    };
    match is_manifest {
        true => Ok(Given::Known(GivenManifest { document, places })),
        false => Err(vec![Unreadable::Form]),
    }
}

impl GivenManifest<'_> {
    /// Where in the configuration a place of the document was written.
    pub(super) fn place(&self, path: &Path) -> AttributePath {
        document_value::attribute_path(MANIFEST, &self.inside(path), !self.places.is_empty())
    }

    /// Where in the text that was given a place of the document was written, or what is around it.
    pub(super) fn place_in_text(&self, path: &Path) -> Option<Place> {
        let inside = self.inside(path);
        match (self.places.as_slice(), inside.0.split_first()) {
            ([one], _) => one.find(&inside),
            (several, Some((Step::Index(index), inside))) => {
                several.get(*index)?.find(&Path(inside.to_vec()))
            }
            _ => None,
        }
    }

    /// A path of the document in what was given: a single object may have got others beside it.
    fn inside(&self, path: &Path) -> Path {
        match (&self.document, path.0.first()) {
            (Node::Object(_), Some(Step::Index(_))) => Path(path.0[1..].to_vec()),
            _ => path.clone(),
        }
    }
}
