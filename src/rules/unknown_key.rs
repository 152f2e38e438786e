//! `unknown-key`

use super::prelude::*;
use crate::document::shapes::structures_with;

/// A key that ECS does not know.
pub(super) static RULE: Rule = Rule {
    name: "unknown-key",
    topic: Topic::Form,
    summary: "ECS does not know this key",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Every key of the task definition, at every depth, is one that the ECS API has at that place, spelled as \
             there. Keys that ECS only adds to its answers, such as revision and status, are let through, and so are those \
             that a policy names in allow_keys.",
    matters: "A key that ECS does not know is dropped without a word, and the setting with it: a misspelt \
              readonlyRootFilesystem leaves the root filesystem writable, a memory limit under another name is no limit.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5; terraform-provider-aws issue 43217; \
                 terraform-aws-ecs-datadog issue 88, where a misspelt key left an init container writable.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
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
        let fix = match (structure.nearest(key), structures_with(key).next()) {
            (Some(meant), _) => format!("Did you mean \"{meant}\"?"),
            (None, Some(home)) => format!("Move it: {} is a key of {}.", quoted(key), home.name),
            (None, None) => format!(
                "Take it out, or write the key that the ECS API has for it. If ECS has it and this version of the provider \
                 is too old to know, let it through in a policy block: allow_keys = [{}].",
                quoted(key)
            ),
        };
        found.in_shape(
            flaw,
            format!(
                "ECS has no key {} in {}. It would drop the key and its value without an error.",
                quoted(key),
                structure.name
            ),
            fix,
        );
    }
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
                (at("initProcessEnabled"), "Move it: \"initProcessEnabled\" is a key of LinuxParameters."),
                (at("logConfiguration.secretOptions[0].valuefrom"), "Did you mean \"valueFrom\"?"),
                (at("readOnlyRootFilesystem"), "Did you mean \"readonlyRootFilesystem\"?"),
            ]
        );
    }
}
