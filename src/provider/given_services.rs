//! Services that a practitioner gave, as YAML text or as an HCL value: the document they are in, and where each part of it is
//! written.

use crate::document::json::MAX_BYTES;
use crate::document::yaml::{self, RemarkKind, YamlProblem};
use crate::document::{Node, Object, Path, Place, Places};
use crate::merge::compose;
use crate::value::{AttributePath, Given, Value};

use super::document_value::{self, Inexact};

/// The argument.
pub(super) const SERVICES: &str = "services";

/// Services that were read.
pub(super) struct GivenServices<'v> {
    /// The document they are in.
    pub(super) document: Object,
    /// Where in the text everything stands, if they were given as text.
    text: Option<Places<'v>>,
    /// Whether they were given without the document around them.
    is_bare: bool,
}

/// Why a value is no services.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The text is not YAML that could be read.
    Yaml(YamlProblem),
    /// A tag says what no value of ours can hold.
    Tag(String, Option<Place>),
    /// As text the value has so many bytes.
    TooLarge(usize),
    /// A document cannot carry the numbers at these places.
    Inexact(Vec<Path>),
    /// It is something else than a mapping.
    Form,
}

/// Reads them; absent and unknown as a whole are told apart.
pub(super) fn read(value: &Value) -> Result<Given<GivenServices<'_>>, Vec<Unreadable>> {
    let (node, text) = match value.undynamic() {
        Value::Null => return Ok(Given::Absent),
        Value::Unknown(_) => return Ok(Given::Unknown),
        Value::String(text) => of_text(text).map(|(node, places)| (node, Some(places)))?,
        value => (of_value(value).map_err(|problem| vec![problem])?, None),
    };
    let is_bare = node.get(SERVICES).is_null();
    match compose::document_of(node) {
        Some(document) => {
            let is_bare = is_bare && document.contains_key(SERVICES);
            Ok(Given::Known(GivenServices { document, text, is_bare }))
        }
        None => Err(vec![Unreadable::Form]),
    }
}

fn of_text(text: &str) -> Result<(Node, Places<'_>), Vec<Unreadable>> {
    let read = yaml::read(text)
        .map_err(|problems| problems.into_iter().map(Unreadable::Yaml).collect::<Vec<_>>())?;
    let tags: Vec<Unreadable> = read
        .remarks
        .iter()
        .filter_map(|remark| match &remark.kind {
            RemarkKind::Tag(tag) => Some(Unreadable::Tag(tag.clone(), read.places.find(&remark.path))),
            // It is a text, and written as one.
            RemarkKind::Date => None,
        })
        .collect();
    if tags.is_empty() { Ok((read.node, read.places)) } else { Err(tags) }
}

fn of_value(value: &Value) -> Result<Node, Unreadable> {
    let bytes = document_value::size(value);
    if bytes > MAX_BYTES {
        return Err(Unreadable::TooLarge(bytes));
    }
    document_value::to_node(value).map_err(|Inexact(places)| Unreadable::Inexact(places))
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
