//! `name-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::document::shapes::limits::{NAME_LENGTH, is_name};

/// A family, container or volume under a name that ECS does not take.
pub(super) static RULE: Rule = Rule {
    name: "name-invalid",
    topic: Topic::Form,
    summary: "ECS does not take this name",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "The family and the names of containers and volumes are made of letters, digits, `_` and `-`, and have at \
             most 255 of them.",
    matters: "ECS rejects a task definition with another name.",
    evidence: Evidence {
        source: "Answers of RegisterTaskDefinition on record in cdk-preflight 1.9.1, rule pf-ecs-taskdef-family, in \
                 terraform-provider-aws issue 5950 and in amazon-ecs-cli issue 277; task definition parameters page of \
                 Amazon ECS for the length.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "shop.web" }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "shop-web" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if let Some((detail, fix)) = judge("The family", "Family", "family", task.document.get("family"), found) {
        found.in_task(Path::default().key("family"), detail, fix);
    }
    for container in found.all(task.containers()) {
        let name = container.get("name");
        if let Some((detail, fix)) = judge("The container name", "Container.name", "name", name, found) {
            found.inside_container(container, container.path().key("name"), detail, fix);
        }
    }
    let volumes = task.document.get("volumes");
    for (index, volume) in found.items(volumes) {
        let name = volume.get("name");
        if let Some((detail, fix)) = judge("The volume name", "volume.name", "name", name, found) {
            found.in_task(Path::default().key("volumes").index(index).key("name"), detail, fix);
        }
    }
}

/// What is wrong with a name, and the line to write. What is absent or a placeholder is for other rules.
fn judge(what: &str, in_answer: &str, key: &str, name: &Node, found: &mut Found) -> Option<(String, String)> {
    let name = found.text(name)?;
    if is_name(name) || name.is_empty() || placeholder_in(name).is_some() {
        return None;
    }
    if name.len() > NAME_LENGTH && name.is_ascii() {
        let detail =
            format!("{what} {} has {} characters. ECS takes {NAME_LENGTH}.", quoted(name), name.len());
        return Some((detail, "Write a shorter name.".to_owned()));
    }
    let fix = if name.contains(['{', '}']) {
        "This looks like a template: fill in what stands in braces before.".to_owned()
    } else {
        proposal(name).map_or_else(
            || format!("Write up to {NAME_LENGTH} letters, digits, _ and -."),
            |proposal| format!("Write \"{key}\": \"{proposal}\"."),
        )
    };
    let detail = format!(
        "{what} {} has a character that is no letter of A to Z, no digit, no _ and no -.{}",
        quoted(name),
        would_answer(&format!("{in_answer} contains invalid characters."))
    );
    Some((detail, fix))
}

/// The same name with a hyphen for each character that ECS does not take.
fn proposal(name: &str) -> Option<String> {
    let hyphenated: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    (is_name(&hyphenated) && hyphenated.contains(|c| c != '-')).then_some(hyphenated)
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn every_kind_of_name_is_judged_and_a_better_one_proposed() {
        let long = "x".repeat(256);
        let document = format!(
            r#"{{"family": "テスト用", "volumes": [{{"name": "my data"}}, {{"name": "${{stage}}"}}, {{"name": "<VOLUME>"}}, {{}}],
                "containerDefinitions": [{{"name": "a/b"}}, {{"name": "{long}"}}, {{"name": "a_B-9"}}]}}"#
        );
        let findings = findings_of("name-invalid", &document);
        let told: Vec<_> =
            findings.iter().map(|finding| (finding.path.to_string(), finding.fix_text())).collect();
        let told: Vec<_> = told.iter().map(|(path, fix)| (path.clone(), fix.as_str())).collect();
        assert_eq!(
            told,
            [
                ("containerDefinitions[0].name".to_owned(), "Write \"name\": \"a-b\"."),
                ("containerDefinitions[1].name".to_owned(), "Write a shorter name."),
                ("family".to_owned(), "Write up to 255 letters, digits, _ and -."),
                ("volumes[0].name".to_owned(), "Write \"name\": \"my-data\"."),
                (
                    "volumes[1].name".to_owned(),
                    "This looks like a template: fill in what stands in braces before."
                ),
            ]
        );
        assert!(findings[2].detail().ends_with("\"Family contains invalid characters.\"."));
    }
}
