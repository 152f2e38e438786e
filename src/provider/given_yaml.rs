//! Documents of other platforms that a practitioner gave, as YAML text or as an HCL value: the one place in which they are read.

use crate::document::json::MAX_BYTES;
use crate::document::yaml::{self, Document, Remark, RemarkKind, Yaml, YamlProblem};
use crate::document::{Node, Path, Place, Places};
use crate::kubernetes;
use crate::value::{Given, Value};

use super::document_value::{self, Inexact};
use super::unreadable::Unreadable;

/// Documents that were read.
pub(super) struct GivenYaml<'v> {
    /// What they say, in their order.
    pub(super) documents: Vec<Node>,
    /// Where each of them stands in the text; none where they were not given as text.
    pub(super) places: Vec<TextPlaces<'v>>,
}

/// Where in a text the parts of one of its documents stand.
pub(super) enum TextPlaces<'v> {
    Whole(Places<'v>),
    Part(Document<'v>),
}

impl TextPlaces<'_> {
    /// Where a place of the document stands, or what is around it.
    pub(super) fn find(&self, path: &Path) -> Option<Place> {
        match self {
            TextPlaces::Whole(places) => places.find(path),
            TextPlaces::Part(document) => document.yaml.places.find(path).map(|place| document.place(place)),
        }
    }
}

/// How many documents a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Documents {
    One,
    /// Those of Kubernetes, read as it does.
    Several,
}

/// Reads them; absent and unknown as a whole are told apart.
pub(super) fn read(value: &Value, documents: Documents) -> Result<Given<GivenYaml<'_>>, Vec<Unreadable>> {
    let given = match value.undynamic() {
        Value::Null => return Ok(Given::Absent),
        Value::Unknown(_) => return Ok(Given::Unknown),
        Value::String(text) => of_text(text, documents)?,
        value => {
            let documents = vec![of_value(value).map_err(|problem| vec![problem])?];
            GivenYaml { documents, places: Vec::new() }
        }
    };
    Ok(Given::Known(given))
}

fn of_text(text: &str, documents: Documents) -> Result<GivenYaml<'_>, Vec<Unreadable>> {
    // A placeholder of a template is a mapping in a mapping to YAML, or nothing at all.
    let has_placeholders = text.contains("{{") && text.contains("}}");
    let unreadable = |problems: Vec<YamlProblem>| -> Vec<Unreadable> {
        let kind = if has_placeholders { Unreadable::Template } else { Unreadable::Yaml };
        problems.into_iter().map(kind).collect()
    };
    if documents == Documents::One {
        let read = yaml::read(text).map_err(unreadable)?;
        let tags = tags(&read, |place| place);
        let places = vec![TextPlaces::Whole(read.places)];
        return if tags.is_empty() {
            Ok(GivenYaml { documents: vec![read.node], places })
        } else {
            Err(tags)
        };
    }
    let read = yaml::read_all(text).map_err(unreadable)?;
    let tags: Vec<Unreadable> =
        read.iter().flat_map(|document| tags(&document.yaml, |place| document.place(place))).collect();
    if !tags.is_empty() {
        return Err(tags);
    }
    let mut read = read;
    let documents = read.iter_mut().map(|document| {
        kubernetes::with_switches(std::mem::take(&mut document.yaml.node), &document.yaml.remarks)
    });
    let documents = documents.collect();
    Ok(GivenYaml { documents, places: read.into_iter().map(TextPlaces::Part).collect() })
}

/// The tags that would be lost.
fn tags(read: &Yaml<'_>, place: impl Fn(Place) -> Place) -> Vec<Unreadable> {
    let tag = |remark: &Remark| match &remark.kind {
        RemarkKind::Tag(tag) => {
            Some(Unreadable::Tag(tag.clone(), read.places.find(&remark.path).map(&place)))
        }
        // They are texts, and written as such, or read as what they are to Kubernetes.
        RemarkKind::Date | RemarkKind::Switch(_) => None,
    };
    read.remarks.iter().filter_map(tag).collect()
}

/// Reads a document that is written as a value.
pub(super) fn of_value(value: &Value) -> Result<Node, Unreadable> {
    let bytes = document_value::size(value);
    if bytes > MAX_BYTES {
        return Err(Unreadable::TooLarge(bytes));
    }
    document_value::to_node(value).map_err(|Inexact(places)| Unreadable::Inexact(places))
}
