//! Hardening: the user loses nothing, nothing is there twice, twice is once, and everything comes out again.

use std::collections::BTreeSet;

use ddrofs::document::{Node, canonical};
use ddrofs::merge::{Hardening, ReadOnlyRoot, harden, strip};
use ddrofs::rules::{Judgement, Subject, Verdict, judge, verdicts};

use super::shown;

/// What ECS refuses because nobody can say which of two is meant, or what a name means at all. Such a document loses
/// nothing either, but hardening settles by its additions what was open before.
const AMBIGUOUS: [&str; 4] =
    ["duplicate-container-name", "duplicate-mount-path", "mount-without-volume", "wrong-type"];

/// Whatever task definition and whatever is to be done to it.
pub(crate) fn hardening(document: &Node, way: &Hardening<'_>) {
    let once = harden(document.clone(), way);
    if !once.collisions.is_empty() {
        return;
    }
    let hardened = &once.document;
    let story = || format!("\n{}\nhardened by {way:?} is\n{}", shown(document), shown(hardened));
    assert!(is_kept(&canonical(document), &canonical(hardened)), "something is lost: {}", story());
    let before = judged(document);
    if before.findings.iter().any(|finding| AMBIGUOUS.contains(&finding.rule)) {
        return;
    }
    // Of what is not known yet nobody can say whether it was added.
    if hardened.is_wholly_known() {
        let twice = harden(hardened.clone(), way);
        assert_eq!(twice.collisions, [], "hardened again: {}", story());
        assert_eq!(shown(&twice.document), shown(hardened), "hardened again: {}", story());
        if way.mark {
            let stripped = strip(hardened.clone()).document;
            assert_eq!(shown(&canonical(&stripped)), shown(&canonical(document)), "stripped: {}", story());
        }
    }
    let (single, after) = (doubled(document), doubled(hardened));
    assert!(after.is_subset(&single), "{:?} twice: {}", after.difference(&single), story());
    let after = judged(hardened);
    assert!(unknown_keys(&after) <= unknown_keys(&before), "a key that ECS does not know: {}", story());
    if way.read_only_root == ReadOnlyRoot::Everywhere && has_only_containers(hardened) {
        let verdict = verdicts(&Subject { document: hardened, agent: None }, &after)["ECS.5"].verdict;
        let is_open = verdict == Verdict::Undecided && !hardened.is_wholly_known();
        assert!(
            is_open || matches!(verdict, Verdict::Passed | Verdict::NotApplicable),
            "ECS.5 {verdict:?}: {}",
            story()
        );
    }
}

fn judged(document: &Node) -> Judgement {
    judge(&Subject { document, agent: None })
}

fn unknown_keys(judgement: &Judgement) -> usize {
    judgement.findings.iter().filter(|finding| finding.rule == "unknown-key").count()
}

fn has_only_containers(document: &Node) -> bool {
    document.get("containerDefinitions").items().iter().all(|item| matches!(item, Node::Object(_)))
}

/// Whether everything is still there: objects may have more members, lists more items, and what nobody can say before an
/// apply is unknown.
fn is_kept(before: &Node, after: &Node) -> bool {
    match (before, after) {
        (_, Node::Unknown) => true,
        (Node::Object(before), Node::Object(_)) => {
            before.iter().all(|(key, value)| is_kept(value, after.get(key)))
        }
        (Node::Array(before), Node::Array(after)) => {
            let mut left: Vec<&Node> = after.iter().collect();
            before.iter().all(|item| {
                let same = left.iter().position(|other| item == *other);
                let place = same.or_else(|| left.iter().position(|other| is_kept(item, other)));
                place.map(|place| left.remove(place)).is_some()
            })
        }
        (before, after) => before == after,
    }
}

/// Every name that is there more than once in its list, with its place.
fn doubled(document: &Node) -> BTreeSet<String> {
    let mut doubled = BTreeSet::new();
    let mut look = |place: String, lists: &[(&Node, &str)]| {
        let mut seen = BTreeSet::new();
        for (list, key) in lists {
            for name in list.items().iter().filter_map(|item| item.get(key).as_str()) {
                if !seen.insert(name) {
                    doubled.insert(format!("{place} {name}"));
                }
            }
        }
    };
    look("container".to_owned(), &[(document.get("containerDefinitions"), "name")]);
    look("volume".to_owned(), &[(document.get("volumes"), "name")]);
    for container in document.get("containerDefinitions").items() {
        let name = container.get("name").as_str().unwrap_or_default();
        let environment = [(container.get("environment"), "name"), (container.get("secrets"), "name")];
        look(format!("variable of {name}"), &environment);
        let tmpfs = container.get("linuxParameters").get("tmpfs");
        let mounts = [(container.get("mountPoints"), "containerPath"), (tmpfs, "containerPath")];
        look(format!("mount of {name}"), &mounts);
        look(format!("dependency of {name}"), &[(container.get("dependsOn"), "containerName")]);
    }
    doubled
}
