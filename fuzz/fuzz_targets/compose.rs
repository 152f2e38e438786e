//! Text of a Compose file, or of something like one: read, judged, mended and judged again.

#![no_main]

use ddrofs::compose::with_tags;
use ddrofs::document::yaml;
use ddrofs::rules::{DocumentKind, form_of, judge_document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(yaml) = std::str::from_utf8(data).ok().and_then(|text| yaml::read(text).ok()) else { return };
    let mut file = with_tags(yaml.node, &yaml.remarks);
    let judgement = judge_document(DocumentKind::Compose, &file, None);
    assert_eq!(judge_document(DocumentKind::Compose, &file, None), judgement);
    for finding in judgement.findings {
        assert!(yaml.places.find(&finding.path).is_some(), "{finding:?}");
        assert!(
            !finding.detail().is_empty() && !finding.fix_in(form_of(DocumentKind::Compose)).is_empty(),
            "{finding:?}"
        );
        finding.fix.apply(&mut file);
    }
    judge_document(DocumentKind::Compose, &file, None);
});
