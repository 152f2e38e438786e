//! What is found in a text: where it stands, and what can be changed of it in place.

use ddrofs::document::{Change, Path, in_place};
use ddrofs::found::{Found, Language};

/// Places lie in the text, comments begin with their sign, and each document that can be changed is found again, as many as before.
pub(crate) fn found(text: &str) {
    let Ok(found) = Found::read(text, Language::Either) else { return };
    for (path, range) in found.scalars() {
        assert!(text.get(range.clone()).is_some(), "{path} at {range:?} of {text:?}");
    }
    for range in found.comments() {
        assert!(
            text.get(range.clone()).is_some_and(|comment| comment.starts_with('#')),
            "{range:?} of {text:?}"
        );
    }
    let lines = text.split('\n').count();
    for document in &found.documents {
        let place = found.places(document, &[&Path::default()])[0];
        assert!(place.is_some_and(|place| place.line <= lines), "{place:?} of {text:?}");
        let (start, part, language) = found.part(document).expect("a document has a part");
        assert_eq!(text.get(start..start + part.len()), Some(part));
        let change = Change::Set(document.written(&Path::default().key("added")), true.into());
        let Ok(splices) = in_place::changed(part, language, &[change]) else { continue };
        let mut changed = part.to_owned();
        splices.iter().for_each(|splice| splice.apply(&mut changed));
        let changed = [&text[..start], &changed, &text[start + part.len()..]].concat();
        let again = Found::read(&changed, Language::Either).map(|found| found.documents.len());
        assert_eq!(again.ok(), Some(found.documents.len()), "{text:?}\n{changed:?}");
    }
}
