//! Text of a manifest of Kubernetes, or of something like one: read, judged, mended and judged again, and given an Agent twice.

#![no_main]

use ddrofs::document::yaml;
use ddrofs::merge::Joining;
use ddrofs::merge::kubernetes::join;
use ddrofs::render::kubernetes::document_of;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::{Secret, Settings};
use ddrofs::rules::{DocumentKind, form_of, judge_document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(read) = std::str::from_utf8(data).ok().and_then(|text| yaml::read_all(text).ok()) else {
        return;
    };
    let manifest = document_of(read.into_iter().map(|document| document.yaml.node).collect());
    let settings = Settings {
        platform: Platform::Kubernetes(KubernetesKind::default()),
        api_key: Some(Secret::stored("datadog-secret/api-key".into())),
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
    let joined = join(manifest.clone(), &joining, &[]).expect("Kubernetes has words for all of it");
    if joined.collisions.is_empty() {
        let twice = join(joined.document.clone(), &joining, &[]).expect("Kubernetes has words for all of it");
        assert_eq!((twice.document, twice.collisions), (joined.document, Vec::new()));
    }
    let mut mended = manifest;
    let judgement = judge_document(DocumentKind::Kubernetes, &mended, None);
    assert_eq!(judge_document(DocumentKind::Kubernetes, &mended, None), judgement);
    for finding in judgement.findings {
        assert!(
            !finding.detail().is_empty() && !finding.fix_in(form_of(DocumentKind::Kubernetes)).is_empty(),
            "{finding:?}"
        );
        finding.fix.apply(&mut mended);
    }
    judge_document(DocumentKind::Kubernetes, &mended, None);
});
