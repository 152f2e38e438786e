//! Reading and the canonical form.

use ddrofs::document::{Node, parse, to_json, to_json_pretty};
use ddrofs::ecs::{Reading, canonical, differences, read, sha256};

use super::shown;

/// Whatever text there is: it is read or refused, and what was read is written and read back the same.
pub(crate) fn text(text: &str) -> Option<Node> {
    let document = parse(text).ok()?;
    let written = to_json(&document).expect("text holds nothing unknown");
    for again in [&written, &to_json_pretty(&document).expect("text holds nothing unknown")] {
        assert_eq!(parse(again).as_ref(), Ok(&document), "read back from {again}");
    }
    Some(document)
}

/// Whatever was written: it is read or refused, and what was read is read again as it stands.
pub(crate) fn reading(written: &Node) -> Option<Reading> {
    let reading = read(written.clone()).ok()?;
    let again = read(reading.document.clone())
        .unwrap_or_else(|problem| panic!("{problem} the second time: {}", shown(written)));
    assert_eq!(shown(&again.document), shown(&reading.document), "read twice: {}", shown(written));
    assert_eq!(again.notes, [], "noted the second time: {}", shown(written));
    if reading.notes.is_empty() && written.get("containerDefinitions") != &Node::Null {
        assert_eq!(shown(&reading.document), shown(written), "changed without a note");
    }
    Some(reading)
}

/// The canonical form is one, and it means what the document means.
pub(crate) fn canonical_form(document: &Node) {
    let once = canonical(document);
    assert_eq!(shown(&canonical(&once)), shown(&once), "canonical form of {}", shown(document));
    assert_eq!(differences(document, &once), [], "meaning of the canonical form of {}", shown(document));
    assert_eq!(sha256(document), sha256(&once), "hash of {}", shown(document));
    assert_eq!(sha256(document).is_some(), once.is_wholly_known(), "hash of {}", shown(document));
}
