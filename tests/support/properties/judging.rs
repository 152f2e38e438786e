//! Judging: the same every time, no value that may be a secret, and of the unknown only that it is unknown.

use std::collections::BTreeSet;

use ddrofs::document::{Node, Path};
use ddrofs::rules::{Judgement, Subject, judge, verdicts};

use super::super::tasks::CONFIDENTIAL;
use super::shown;

/// What a finding is about, apart from its words.
type Place = (&'static str, Path);

fn judged(document: &Node) -> Judgement {
    judge(&Subject { document, agent: None })
}

fn places(judgement: &Judgement) -> BTreeSet<Place> {
    judgement.findings.iter().map(|finding| (finding.rule, finding.path.clone())).collect()
}

/// Whatever document: judged without a panic, twice alike, in the order of the document, with no secret in it.
pub(crate) fn judging(document: &Node) -> Judgement {
    let judgement = judged(document);
    assert_eq!(judged(document), judgement, "judged twice: {}", shown(document));
    assert!(judgement.findings.is_sorted_by_key(|finding| &finding.path), "order of {judgement:#?}");
    let subject = Subject { document, agent: None };
    assert_eq!(verdicts(&subject, &judgement), verdicts(&subject, &judgement));
    for finding in &judgement.findings {
        assert!(!finding.detail.is_empty() && !finding.fix.is_empty(), "{finding:?}");
        let told = [finding.detail.as_str(), &finding.fix, finding.container.as_deref().unwrap_or_default()];
        assert!(
            !told.iter().any(|text| text.contains(CONFIDENTIAL)),
            "{} tells a value: {told:?} in {}",
            finding.rule,
            shown(document)
        );
    }
    judgement
}

/// A finding in a document with unknowns is certain: it is there whatever the unknowns turn out to be. What is found
/// only with the values, its rule had called undecided.
pub(crate) fn unknowns_are_undecided(unknown: &Node, filled: &Node) {
    let (before, after) = (judged(unknown), judged(filled));
    let (certain, found) = (places(&before), places(&after));
    // One mistake is told once: by another rule that it belongs to, or at another of its places.
    let is_told = |place: &&Place| found.iter().any(|(rule, path)| *rule == place.0 || *path == place.1);
    let taken_back: Vec<_> = certain.difference(&found).filter(|place| !is_told(place)).collect();
    assert!(
        taken_back.is_empty(),
        "found in\n{}\nand not when it is\n{}\n{taken_back:?}",
        shown(unknown),
        shown(filled)
    );
    let surprises: Vec<_> =
        found.difference(&certain).filter(|(rule, _)| !before.undecided.contains(rule)).collect();
    assert!(
        surprises.is_empty(),
        "neither found nor undecided in\n{}\nand found when it is\n{}\n{surprises:?}",
        shown(unknown),
        shown(filled)
    );
}
