//! Text of a job of Nomad, or of something like one: read, judged, mended and judged again, given an Agent, read again and given one
//! again.

#![no_main]

use ddrofs::document::hcl;
use ddrofs::merge::Joining;
use ddrofs::merge::nomad::join;
use ddrofs::nomad::{LAYOUT, is_left_for_the_client};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Secret, Settings};
use ddrofs::rules::{DocumentKind, form_of, judge_document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let read = |text: &str| hcl::read(text, is_left_for_the_client).ok();
    let Some(given) = std::str::from_utf8(data).ok().and_then(read) else { return };
    let judgement = judge_document(DocumentKind::Nomad, &given.node, None);
    assert_eq!(judge_document(DocumentKind::Nomad, &given.node, None), judgement);
    let mut mended = given.node.clone();
    for finding in &judgement.findings {
        assert!(
            !finding.detail().is_empty() && !finding.fix_in(form_of(DocumentKind::Nomad)).is_empty(),
            "{finding:?}"
        );
        let _ = given.place(std::str::from_utf8(data).unwrap_or_default(), &finding.path);
        finding.fix.apply(&mut mended);
    }
    judge_document(DocumentKind::Nomad, &mended, None);
    let settings = Settings {
        platform: Platform::Nomad,
        api_key: Some(Secret::stored("nomad/jobs/shop".into())),
        ..Settings::default()
    };
    let workload = assemble(&settings);
    let joining = Joining {
        settings: &settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let joined = join(&given.node, &joining, None).expect("Nomad has words for all of it");
    if !joined.collisions.is_empty() {
        return;
    }
    let Some(text) = given.changed(&joined.changes, &LAYOUT) else { return };
    let again = read(&text).expect("what is written can be read");
    let twice = join(&again.node, &joining, None).expect("Nomad has words for all of it");
    assert_eq!((twice.changes, twice.collisions), (Vec::new(), Vec::new()), "{text}");
});
