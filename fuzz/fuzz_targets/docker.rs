//! Text of containers of Docker, or of something like them: read, judged, mended, judged again, and written as a script.

#![no_main]

use ddrofs::document::parse;
use ddrofs::render::docker::{commands, options};
use ddrofs::rules::{DocumentKind, form_of, judge_document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(mut document) = std::str::from_utf8(data).ok().and_then(|text| parse(text).ok()) else { return };
    let judgement = judge_document(DocumentKind::Docker, &document, None);
    assert_eq!(judge_document(DocumentKind::Docker, &document, None), judgement);
    for finding in judgement.findings {
        assert!(
            !finding.detail().is_empty() && !finding.fix_in(form_of(DocumentKind::Docker)).is_empty(),
            "{finding:?}"
        );
        finding.fix.apply(&mut document);
    }
    judge_document(DocumentKind::Docker, &document, None);
    for container in document.get("containers").items() {
        options(container);
    }
    commands(&document, "x");
});
