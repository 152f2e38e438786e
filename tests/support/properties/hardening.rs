//! Hardening: the user loses nothing, nothing is there twice, twice is once, and everything comes out again.

use std::collections::BTreeSet;

use ddrofs::document::{Node, Path, Step};
use ddrofs::ecs::canonical;
use ddrofs::merge::{Change, ChangeKind, Hardened, Hardening, MARK_LABEL, ReadOnlyRoot, harden, strip};
use ddrofs::rules::{Judgement, Subject, Verdict, judge};

use super::shown;

/// What became of a document that was to be hardened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something stands in the way.
    Collides,
    /// There was nothing to do.
    Unchanged,
    /// It is hardened, and a part of the result is not known yet.
    HardenedInPart,
    /// It is hardened.
    Hardened,
}

/// Whatever task definition and whatever is to be done to it.
pub(crate) fn hardening(document: &Node, way: &Hardening<'_>) -> Outcome {
    let once = harden(document.clone(), way);
    if !once.collisions.is_empty() {
        return Outcome::Collides;
    }
    let hardened = &once.document;
    let story = || format!("\n{}\nhardened by {way:?} is\n{}", shown(document), shown(hardened));
    let written = canonical(&without_changed_conditions(document.clone(), &once));
    assert!(is_kept(&written, &canonical(hardened)), "something is lost: {}", story());
    every_change_is_listed(document, &once, &story);
    let before = judged(document);
    let twice = harden(hardened.clone(), way);
    // Of what is not known yet nobody can say whether it was added: hardening again then knows less, and never panics.
    if hardened.is_wholly_known() {
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
    let is_asked = |change: &Change| matches!(change.kind, ChangeKind::LikelyAgentLeftAlone { .. });
    let is_left_alone = once.changes.iter().any(is_asked);
    if way.read_only_root == ReadOnlyRoot::Everywhere && can_all_be_hardened(hardened) && !is_left_alone {
        let verdict = after.verdicts["ECS.5"].verdict;
        let is_open = verdict == Verdict::Undecided && !hardened.is_wholly_known();
        assert!(
            is_open || matches!(verdict, Verdict::Passed | Verdict::NotApplicable),
            "ECS.5 {verdict:?}: {}",
            story()
        );
    }
    match hardened {
        _ if hardened == document => Outcome::Unchanged,
        _ if hardened.is_wholly_known() => Outcome::Hardened,
        _ => Outcome::HardenedInPart,
    }
}

/// In the user's own containers parts are added and nothing else is done, but that a root filesystem which was writable is
/// not any more; and where something was done, a change says so.
fn every_change_is_listed(document: &Node, hardened: &Hardened, story: &dyn Fn() -> String) {
    let containers = hardened.document.get("containerDefinitions").items();
    for (definition, origin) in containers.iter().zip(&hardened.origins) {
        let Some(origin) = *origin else { continue };
        let before = &document.get("containerDefinitions").items()[origin];
        let place = Path::default().key("containerDefinitions").index(origin);
        let told = hardened.changes.iter().filter(|change| change.path.0.starts_with(&place.0));
        let told: Vec<&Change> = told.filter(|change| !change.changes_nothing()).collect();
        assert!(
            before == definition || !told.is_empty() || !definition.is_wholly_known(),
            "container [{origin}] changed without a word: {}",
            story()
        );
        let closed = told.iter().any(|change| change.kind == ChangeKind::ClosedRoot);
        let awaits = told.iter().any(|change| matches!(change.kind, ChangeKind::WaitsForSuccess(_)));
        let is_allowed = |place: &String| {
            (closed && place == ".readonlyRootFilesystem")
                || (awaits && place.starts_with(".dependsOn[") && place.ends_with("].condition"))
        };
        let mut changed = changed_values("", before, definition);
        changed.retain(|place| !is_allowed(place));
        assert_eq!(changed, [""; 0], "container [{origin}]: {}", story());
        for key in told.iter().filter_map(|change| change.path.0.get(place.0.len())) {
            let Step::Key(key) = key else { continue };
            assert!(before.get(key) != definition.get(key), "{key} of container [{origin}]: {}", story());
        }
    }
}

/// The document without the conditions that hardening says it changed: an Agent waits for the success of its init
/// container.
fn without_changed_conditions(mut document: Node, hardened: &Hardened) -> Node {
    for change in &hardened.changes {
        let ChangeKind::WaitsForSuccess(awaited) = &change.kind else { continue };
        let Some(Step::Index(index)) = change.path.0.get(1) else { continue };
        let mut here = &mut document;
        for step in [
            Step::Key("containerDefinitions".to_owned()),
            Step::Index(*index),
            Step::Key("dependsOn".to_owned()),
        ] {
            here = match (here, step) {
                (Node::Object(members), Step::Key(key)) => members.get_mut(&key).expect("it is written"),
                (Node::Array(items), Step::Index(index)) => &mut items[index],
                (here, _) => here,
            };
        }
        let Node::Array(dependencies) = here else { continue };
        for dependency in dependencies {
            if dependency.get("containerName").as_str() == Some(awaited)
                && let Node::Object(members) = dependency
            {
                members.remove("condition");
            }
        }
    }
    document
}

/// Where the second says something else than the first, or it in another place, apart from what is added behind or is not
/// known.
fn changed_values(place: &str, before: &Node, after: &Node) -> Vec<String> {
    match (before, after) {
        (Node::Null, _) | (_, Node::Unknown) => Vec::new(),
        (Node::Object(before), Node::Object(_)) => {
            let members = before.iter().filter(|(key, _)| *key != MARK_LABEL);
            let changed =
                members.map(|(key, value)| changed_values(&format!("{place}.{key}"), value, after.get(key)));
            changed.flatten().collect()
        }
        (Node::Array(before), Node::Array(after)) if before.len() <= after.len() => {
            let items = before.iter().zip(after).enumerate();
            items
                .flat_map(|(at, (before, after))| changed_values(&format!("{place}[{at}]"), before, after))
                .collect()
        }
        _ if before == after => Vec::new(),
        _ => vec![place.to_owned()],
    }
}

fn judged(document: &Node) -> Judgement {
    judge(&Subject::of(document))
}

fn unknown_keys(judgement: &Judgement) -> usize {
    judgement.findings.iter().filter(|finding| finding.rule == "unknown-key").count()
}

/// Whether each container is one, its root is read-only or not, and a mark has its place: what is no container and no
/// answer is for the rules to report, and stays.
fn can_all_be_hardened(document: &Node) -> bool {
    document.get("containerDefinitions").items().iter().all(|item| {
        matches!(item, Node::Object(_))
            && matches!(item.get("readonlyRootFilesystem"), Node::Null | Node::Bool(_) | Node::Unknown)
            && matches!(item.get("dockerLabels"), Node::Null | Node::Object(_) | Node::Unknown)
    })
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
