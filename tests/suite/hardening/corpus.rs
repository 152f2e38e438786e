//! Our own task definitions and those that people published, hardened in every way: nothing is lost, nothing doubled, and everything
//! comes out again.

use std::collections::{BTreeMap, BTreeSet};

use ddrofs::document::{Node, to_json};
use ddrofs::ecs::canonical;
use ddrofs::merge::{Collision, CollisionKind, Hardened, Hardening, harden, strip};
use ddrofs::rofs::settings::{Secret, Settings};
use ddrofs::rules::{Subject, Verdict, judge};

use crate::corpus;

fn settings() -> Settings {
    Settings {
        api_key: Some(Secret::stored("arn:aws:secretsmanager:eu-west-1:1:secret:key".into())),
        service: Some("shop".into()),
        wait_until_healthy: true,
        ..Settings::default()
    }
}

/// The ways of hardening that are tried on every document.
fn ways<'a>(settings: &'a Settings, document: &Node) -> [Hardening<'a>; 5] {
    let names = items(document, "containerDefinitions", "name");
    let paths = ["/tmp", "/var/cache/app"].map(str::to_owned).to_vec();
    let writable_paths: BTreeMap<_, _> =
        names.into_iter().map(|name| (name.to_owned(), paths.clone())).collect();
    let plain = Hardening::default();
    let agent = Hardening { agent: Some(settings), ..plain.clone() };
    let writable = Hardening { writable_paths, ..agent.clone() };
    let tmpfs = Hardening { tmpfs_size: Some(32), ..writable.clone() };
    let unmarked = Hardening { mark: false, ..writable.clone() };
    [plain, agent, writable, tmpfs, unmarked]
}

fn items<'a>(node: &'a Node, list: &str, key: &str) -> Vec<&'a str> {
    node.get(list).items().iter().filter_map(|item| item.get(key).as_str()).collect()
}

/// Every task definition with the name of its file, but for those of Windows.
fn linux() -> impl Iterator<Item = (String, Node)> {
    corpus::documents().filter(|(_, document)| !is_windows(document))
}

fn is_windows(document: &Node) -> bool {
    let family = document.get("runtimePlatform").get("operatingSystemFamily").as_str();
    family.is_some_and(|family| family.starts_with("WINDOWS"))
}

/// Hardens every document in every way and hands it over with the result.
fn every_hardening(mut check: impl FnMut(&str, &Node, &Hardening<'_>, Hardened)) {
    let settings = settings();
    for (name, document) in linux() {
        for (index, way) in ways(&settings, &document).iter().enumerate() {
            let hardened = harden(document.clone(), way);
            let name = format!("{name}, way {index}");
            if way.agent.is_some() && runs_elsewhere(&document) && !hardened.collisions.is_empty() {
                assert!(
                    hardened.collisions.iter().all(is_the_launch_type),
                    "{name}: {:?}",
                    hardened.collisions
                );
                continue;
            }
            assert_eq!(hardened.collisions, [], "{name}");
            check(&name, &document, way, hardened);
        }
    }
}

/// Whether a task names where it runs, and Fargate is not among it: no Agent is added there.
fn runs_elsewhere(document: &Node) -> bool {
    let named = document.get("requiresCompatibilities").items();
    !named.is_empty() && named.iter().all(|name| name.as_str() != Some("FARGATE"))
}

fn is_the_launch_type(collision: &Collision) -> bool {
    matches!(collision.kind, CollisionKind::LaunchType { is_setting: false, .. })
}

#[test]
fn ecs_5_passes_for_every_linux_task() {
    every_hardening(|name, _, _, hardened| {
        let subject = Subject::of(&hardened.document);
        let verdict = judge(&subject).verdicts["ECS.5"].verdict;
        assert_eq!(verdict, Verdict::Passed, "{name}");
    });
}

#[test]
fn a_windows_task_is_left_as_it_is_and_an_agent_asked_for_is_a_collision() {
    let settings = settings();
    let windows: Vec<_> = corpus::documents().filter(|(_, document)| is_windows(document)).collect();
    assert!(!windows.is_empty(), "no task definition is for Windows");
    for (name, document) in windows {
        for way in ways(&settings, &document) {
            let hardened = harden(document.clone(), &way);
            let asked_for = way.agent.is_some() || !way.writable_paths.is_empty();
            assert_eq!(!hardened.collisions.is_empty(), asked_for, "{name}: {:?}", hardened.collisions);
            assert_eq!(canonical(&hardened.document), canonical(&document), "{name}");
        }
    }
}

#[test]
fn no_setting_of_the_users_is_lost() {
    every_hardening(|name, document, _, hardened| {
        let lost = lost("", &canonical(document), &canonical(&hardened.document));
        assert_eq!(lost, [""; 0], "{name}");
    });
}

/// Everything that the first document says and the second does not say likewise.
fn lost(place: &str, before: &Node, after: &Node) -> Vec<String> {
    match (before, after) {
        (Node::Object(before), Node::Object(_)) => {
            let members = before.iter();
            members.flat_map(|(key, value)| lost(&format!("{place}.{key}"), value, after.get(key))).collect()
        }
        (Node::Array(before), Node::Array(after)) => {
            let mut left: Vec<&Node> = after.iter().collect();
            let mut all = Vec::new();
            for (index, item) in before.iter().enumerate() {
                let place = format!("{place}[{index}]");
                match left.iter().position(|other| lost(&place, item, other).is_empty()) {
                    Some(position) => drop(left.remove(position)),
                    None => all.push(place),
                }
            }
            all
        }
        _ if before == after => Vec::new(),
        _ => vec![place.to_owned()],
    }
}

#[test]
fn no_name_is_there_twice_that_was_not() {
    every_hardening(|name, document, _, hardened| {
        assert_eq!(doubled(&hardened.document), doubled(document), "{name}");
    });
}

/// Every name that is there more than once in its list.
fn doubled(document: &Node) -> Vec<String> {
    let mut doubled = Vec::new();
    let mut look = |place: &str, names: Vec<&str>| {
        let mut seen = BTreeSet::new();
        doubled.extend(
            names.into_iter().filter(|name| !seen.insert(*name)).map(|name| format!("{place} {name}")),
        );
    };
    look("container", items(document, "containerDefinitions", "name"));
    look("volume", items(document, "volumes", "name"));
    for container in document.get("containerDefinitions").items() {
        let name = container.get("name").as_str().unwrap_or_default();
        let variables = [items(container, "environment", "name"), items(container, "secrets", "name")];
        look(&format!("{name} variable"), variables.concat());
        let tmpfs = items(container.get("linuxParameters"), "tmpfs", "containerPath");
        look(&format!("{name} mount"), [items(container, "mountPoints", "containerPath"), tmpfs].concat());
        look(&format!("{name} dependency"), items(container, "dependsOn", "containerName"));
    }
    doubled
}

#[test]
fn every_mount_has_its_volume_and_no_key_is_new_to_ecs() {
    every_hardening(|name, document, _, hardened| {
        let found = |document: &Node, rules: &[&str]| {
            let judgement = judge(&Subject::of(document));
            let found = judgement.findings.into_iter().filter(|finding| rules.contains(&finding.rule));
            found.map(|finding| format!("{} {}", finding.rule, finding.detail())).collect::<Vec<_>>()
        };
        let rules = [
            "unknown-key",
            "wrong-type",
            "wrong-enum-value",
            "required-key-missing",
            "mount-without-volume",
            "dependency-target-missing",
            "success-on-essential-container",
            "writable-path-not-mounted",
            "config-volume-not-seeded",
            "init-container-not-awaited",
        ];
        // Its author lets the Agent only read the directory in which the Agent has to create its sockets. That is the
        // author's to change, and the rule says so.
        if name.starts_with("142-") {
            let read_only = &found(&hardened.document, &rules)[0];
            assert!(read_only.contains("a volume at /var/run/datadog that it can only read"), "{read_only}");
            return;
        }
        let (before, after) = (found(document, &rules), found(&hardened.document, &rules));
        assert!(after.len() <= before.len(), "{name}: {after:#?}");
    });
}

#[test]
fn hardening_twice_is_hardening_once() {
    every_hardening(|name, _, way, hardened| {
        let twice = harden(hardened.document.clone(), way);
        assert_eq!(to_json(&twice.document).unwrap(), to_json(&hardened.document).unwrap(), "{name}");
        assert_eq!(twice.collisions, [], "{name}");
    });
}

#[test]
fn hardening_in_another_way_is_as_if_it_had_been_the_first() {
    let settings = settings();
    for (name, document) in linux() {
        let [plain, agent, writable, tmpfs, _] = ways(&settings, &document);
        for (one, other) in [(&plain, &writable), (&writable, &plain), (&agent, &tmpfs), (&tmpfs, &writable)]
        {
            let changed = harden(harden(document.clone(), one).document, other);
            let straight = harden(document.clone(), other);
            assert_eq!(canonical(&changed.document), canonical(&straight.document), "{name}");
        }
    }
}

#[test]
fn what_is_marked_comes_out_again() {
    every_hardening(|name, document, way, hardened| {
        if way.mark {
            let has_marks = hardened.document != *document;
            let stripped = strip(hardened.document);
            assert_eq!((stripped.marks > 0, stripped.unreadable.is_empty()), (has_marks, true), "{name}");
            assert_eq!(canonical(&stripped.document), canonical(document), "{name}");
        }
    });
}

#[test]
fn every_difference_is_listed() {
    every_hardening(|name, document, _, hardened| {
        let written = hardened.changes.iter().filter(|change| !change.changes_nothing()).count();
        assert_eq!(written > 0, *document != hardened.document, "{name}");
        for (definition, origin) in
            hardened.document.get("containerDefinitions").items().iter().zip(&hardened.origins)
        {
            let before =
                origin.map_or(&Node::Null, |origin| &document.get("containerDefinitions").items()[origin]);
            let container = definition.get("name").as_str();
            let told = hardened.changes.iter().any(|change| change.container.as_deref() == container);
            assert!(told || before == definition, "{name}: {container:?} changed without a word");
        }
    });
}
