//! Judging: the same every time, no value that may be a secret, and of the unknown only that it is unknown.

use std::collections::BTreeMap;

use ddrofs::document::Node;
use ddrofs::rules::{Judgement, Subject, judge};

use super::super::tasks::CONFIDENTIAL;
use super::shown;

/// Rules that tell of one mistake: the one that knows most about it does.
const ONE_MISTAKE: [&[&str]; 4] = [
    &["container-memory-above-task", "memory-reservations-above-task"],
    &["awslogs-without-execution-role", "execution-role-missing", "secrets-without-execution-role"],
    &[
        "unsupported-on-fargate",
        "unsupported-on-windows",
        "unsupported-in-awsvpc",
        "privileged-container",
        "tmpfs-on-fargate",
    ],
    // A key that is not known yet may turn out to be one that nobody filled in.
    &["placeholder-left", "api-key-in-plaintext"],
];

/// The rule, or the first of those that tell of the same mistake.
fn first_of(rule: &'static str) -> &'static str {
    ONE_MISTAKE.iter().find(|rules| rules.contains(&rule)).map_or(rule, |rules| rules[0])
}

fn judged(document: &Node) -> Judgement {
    judge(&Subject::of(document))
}

/// How many findings each rule has. Of one mistake with several places, which one is named may hang on an unknown.
fn counts(judgement: &Judgement) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in &judgement.findings {
        *counts.entry(first_of(finding.rule)).or_default() += 1;
    }
    counts
}

/// Whatever document: judged without a panic, twice alike, in the order of the document, with no secret in it.
pub(crate) fn judging(document: &Node) -> Judgement {
    let judgement = judged(document);
    assert_eq!(judged(document), judgement, "judged twice: {}", shown(document));
    assert!(judgement.findings.is_sorted_by_key(|finding| &finding.path), "order of {judgement:#?}");
    for finding in &judgement.findings {
        assert!(!finding.detail().is_empty() && !finding.fix_text().is_empty(), "{finding:?}");
        let (detail, fix) = (finding.detail(), finding.fix_text());
        let told = [detail.as_str(), &fix, finding.container.as_deref().unwrap_or_default()];
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
    let (certain, found) = (counts(&before), counts(&after));
    // Which of two containers of one name others mean, nobody can say.
    if found.contains_key("duplicate-container-name") {
        return;
    }
    for rule in certain.keys() {
        assert!(
            found.contains_key(rule),
            "{rule} is certain in\n{}\nand not when it is\n{}",
            shown(unknown),
            shown(filled)
        );
    }
    let open: Vec<_> = before.undecided.iter().map(|rule| first_of(rule)).collect();
    for (rule, count) in &found {
        assert!(
            certain.get(rule).unwrap_or(&0) >= count || open.contains(rule),
            "{rule} is neither found nor undecided in\n{}\nand found when it is\n{}",
            shown(unknown),
            shown(filled)
        );
    }
}
