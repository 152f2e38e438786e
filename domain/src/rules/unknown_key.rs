//! `unknown-key`

use super::finding::Finding;
use super::prelude::*;
use crate::document::{Path, Step};
use crate::ecs::shapes::{
    Kind, Structure, container_definition, structure_at, structures_with, task_definition,
};

/// A key that ECS does not know.
pub(super) static RULE: Rule = Rule {
    name: "unknown-key",
    topic: Topic::Form,
    summary: "ECS does not know this key",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every key of the task definition, at every depth, is one that the ECS API has at that place, in the same \
             spelling. Keys that ECS only adds to its answers, such as revision and status, are allowed, and so are \
             those that a policy names in allow_keys.",
    matters: "A key that ECS does not know is dropped silently, and the setting with it: a misspelt \
              readonlyRootFilesystem leaves the root filesystem writable, and a misspelt memory limit limits nothing.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5; terraform-provider-aws issue 43217; \
                 terraform-aws-ecs-datadog issue 88, where a misspelt key left an init container writable.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "A key that is one of ECS in everything but case and signs between words gets the spelling of ECS, where that is free.",
    ),
    failing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "portMapping": [{ "containerPort": 8080 }] }] }"#,
    ),
    passing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "portMappings": [{ "containerPort": 8080 }] }] }"#,
    ),
    undecided: Undecided::Passing("containerDefinitions[0].portMappings"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let shape = task.shape();
    if shape.unknown_branch {
        found.undecided();
    }
    for flaw in &shape.flaws {
        let Problem::UnknownKey(structure, key) = flaw.problem else { continue };
        found.in_shape(
            flaw,
            format!(
                "ECS has no key {} in {}. It would drop the key and its value without an error.",
                quoted(key),
                called(structure)
            ),
            way_out(task.document, &flaw.path, structure, key),
        );
    }
}

/// How a sentence calls a structure.
pub(super) fn called(structure: &Structure) -> &'static str {
    if std::ptr::eq(structure, task_definition()) {
        "the task definition"
    } else if std::ptr::eq(structure, container_definition()) {
        "a container definition"
    } else {
        structure.name
    }
}

/// In what ECS describes, a key that is like none is one that ECS has by now.
pub(super) fn described(finding: &mut Finding) {
    let [place @ .., Step::Key(key)] = finding.path.0.as_slice() else { return };
    let is_like_none = structure_at(place).is_some_and(|structure| structure.nearest(key).is_none());
    if finding.rule == RULE.name && is_like_none {
        finding.severity = Severity::Note;
        finding.says = format!(
            "ECS describes the key {}, which this version of the provider does not know: no rule looks at it.",
            quoted(key)
        );
        finding.fix = Fix::from(format!(
            "Nothing has to change here. Where the provider is to register such a task definition, add {} to allow_keys in a \
             policy block.",
            quoted(key)
        ));
    }
}

/// The key under its right name, or where it belongs. Its value may be a secret, so it is moved and not repeated.
fn way_out(document: &Node, path: &Path, structure: &Structure, key: &str) -> Fix {
    let around = path.parent();
    let meant = structure.nearest(key);
    let target = meant.map(|meant| around.clone().key(meant)).or_else(|| home(&around, structure, key));
    match (target, structures_with(key).next()) {
        (Some(target), _) if document.at(&target).is_null() => {
            let is_alike = meant.is_some_and(|meant| are_alike(key, meant));
            Fix::from(Edit::moved(path.clone(), target)).certain_if(is_alike)
        }
        (Some(target), _) => Fix::from(Edit::without(path.clone())).and(already(&target)),
        (None, Some(home)) => Fix::from(format!("Move it: {} is a key of {}.", quoted(key), called(home))),
        (None, None) => Fix::from(Edit::without(path.clone())).and(format!(
            "Or write the key that the ECS API has for it. If ECS has this one and this version of the provider is too old to \
             know it, add {} to allow_keys in a policy block.",
            quoted(key)
        )),
    }
}

fn already(target: &Path) -> String {
    let Some(Step::Key(key)) = target.0.last() else { return String::new() };
    format!("The key {key} is set already.")
}

/// Where a misplaced key belongs: in a structure right below the one that it is in, or in one around it.
fn home(around: &Path, structure: &Structure, key: &str) -> Option<Path> {
    let below = structure.members.iter().find(|member| match member.kind {
        Kind::Structure(below) => below.member(key).is_some(),
        _ => false,
    });
    if let Some(below) = below {
        return Some(around.clone().key(below.key).key(key));
    }
    let mut outer = around.clone();
    while outer.0.pop().is_some() {
        if structure_at(&outer.0).is_some_and(|structure| structure.member(key).is_some()) {
            return Some(outer.key(key));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn what_ecs_adds_to_its_answers_is_let_through_at_its_place_only() {
        let document =
            r#"{"revision": 4, "status": "ACTIVE", "containerDefinitions": [{"name": "a", "revision": 4}]}"#;
        let findings = findings_of("unknown-key", document);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.to_string(), "containerDefinitions[0].revision");
    }

    #[test]
    fn a_misspelt_key_is_found_at_every_depth_and_a_misplaced_one_is_sent_home() {
        let document = r#"{"containerDefinitions": [{"name": "a", "readOnlyRootFilesystem": true,
            "initProcessEnabled": true, "logConfiguration": {"secretOptions": [{"name": "x", "valuefrom": "y"}]}}]}"#;
        let findings = findings_of("unknown-key", document);
        let told: Vec<_> =
            findings.iter().map(|finding| (finding.path.to_string(), finding.fix_text())).collect();
        let told: Vec<_> = told.iter().map(|(path, fix)| (path.clone(), fix.as_str())).collect();
        let at = |rest: &str| format!("containerDefinitions[0].{rest}");
        assert_eq!(
            told,
            [
                (at("initProcessEnabled"), "Move \"initProcessEnabled\" to linuxParameters."),
                (
                    at("logConfiguration.secretOptions[0].valuefrom"),
                    "Rename \"valuefrom\" to \"valueFrom\" in logConfiguration.secretOptions[0].",
                ),
                (
                    at("readOnlyRootFilesystem"),
                    "Rename \"readOnlyRootFilesystem\" to \"readonlyRootFilesystem\"."
                ),
            ]
        );
    }

    #[test]
    fn a_key_goes_home_unless_it_is_there_already() {
        for (container, fix) in [
            (r#""networkMode": "awsvpc""#, "Move \"networkMode\" to the task definition."),
            (
                r#""portMappings": [{"essential": true}]"#,
                "Move \"essential\" from portMappings[0] to the container.",
            ),
            (r#""sizeInGiB": 21"#, "Move it: \"sizeInGiB\" is a key of EphemeralStorage."),
            (r#""imgae": "x:1", "image": "x:2""#, "Remove \"imgae\". The key image is set already."),
            (r#""nonsense": "hunter2""#, "Remove \"nonsense\". Or write the key"),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", {container}}}]}}"#);
            let text = findings_of("unknown-key", &document).remove(0).fix_text();
            assert!(text.starts_with(fix) && !text.contains("hunter2"), "{text}");
        }
    }
}
