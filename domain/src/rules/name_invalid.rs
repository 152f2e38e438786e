//! `name-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::{NAME_LENGTH, is_name};
use crate::task::Mention;

/// A family, container or volume with a name that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "name-invalid",
    topic: Topic::Form,
    summary: "ECS does not accept this name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The family and the names of containers and volumes consist of at most 255 ASCII letters, digits, `_` and `-`.",
    matters: "ECS rejects a task definition with any other name.",
    evidence: Evidence {
        source: "Answers of RegisterTaskDefinition on record in cdk-preflight 1.9.1, rule pf-ecs-taskdef-family, in \
                 terraform-provider-aws issue 5950 and in amazon-ecs-cli issue 277; task definition parameters page of \
                 Amazon ECS for the length.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "shop.web" }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "shop-web" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if let Some((says, fix)) = judge("Family", task.document.get("family"), found) {
        let says = format!("The family of the task definition {says}");
        let place = Path::default().key("family");
        let fix = fix.renamed(|name| (Edit::at(place.clone(), name), Vec::new()));
        found.in_task(place, says, fix.in_task(&[]));
    }
    let containers = found.all(task.containers());
    let taken: Vec<&str> = containers.iter().filter_map(|container| container.name).collect();
    for container in containers {
        let name = container.get("name");
        if let Some((says, fix)) = judge("Container.name", name, found) {
            let old = name.as_str().unwrap_or_default();
            let fix = fix.freed_from(&taken).renamed(|new| {
                let renamed = Edit::set(container, "name", new);
                (renamed, task.mentions_of_container(old, new))
            });
            found.in_container(
                container,
                container.path().key("name"),
                format!("has a name that {says}"),
                fix.in_task(containers),
            );
        }
    }
    let volumes = task.document.get("volumes");
    let taken: Vec<&str> = volumes.items().iter().filter_map(|volume| volume.get("name").as_str()).collect();
    for (index, volume) in found.items(volumes) {
        let name = volume.get("name");
        if let Some((says, fix)) = judge("volume.name", name, found) {
            let old = name.as_str().unwrap_or_default();
            let says = format!("The name of volume {} {says}", quoted(old));
            let place = Path::default().key("volumes").index(index).key("name");
            let fix = fix
                .freed_from(&taken)
                .renamed(|new| (Edit::at(place.clone(), new), task.mentions_of_volume(old, new)));
            found.in_task(place, says, fix.in_task(containers));
        }
    }
}

/// What to write instead of a name.
enum Instead {
    Name(String),
    Advice(String),
}

/// A new name with everything that has to have it, or advice.
enum Renamed {
    Everywhere(Edit, Vec<Mention>),
    Advice(String),
}

impl Instead {
    /// The same, or another name like it where it is taken.
    fn freed_from(self, taken: &[&str]) -> Self {
        match self {
            Instead::Name(name) => Instead::Name(free_name(&name, NAME_LENGTH, taken)),
            advice => advice,
        }
    }

    fn renamed(self, edits: impl FnOnce(&str) -> (Edit, Vec<Mention>)) -> Renamed {
        match self {
            Instead::Name(name) => {
                let (edit, mentions) = edits(&name);
                Renamed::Everywhere(edit, mentions)
            }
            Instead::Advice(advice) => Renamed::Advice(advice),
        }
    }
}

impl Renamed {
    /// What refers to the old name gets the new one as well.
    fn in_task(self, containers: &[Container<'_>]) -> Fix {
        match self {
            Renamed::Everywhere(edit, mentions) => {
                let mentions = mentions.into_iter().map(|Mention { path, container, value }| {
                    let edit = Edit::at(path, value);
                    match container.and_then(|position| containers.get(position)) {
                        Some(container) => edit.of(container),
                        None => edit,
                    }
                });
                Fix::write(std::iter::once(edit).chain(mentions))
            }
            Renamed::Advice(advice) => advice.into(),
        }
    }
}

/// What is wrong with a name, and what to write. What is absent or a placeholder is left to other rules.
fn judge(in_answer: &str, name: &Node, found: &mut Found) -> Option<(String, Instead)> {
    let name = found.text(name)?;
    if is_name(name) || name.is_empty() {
        return None;
    }
    if name.len() > NAME_LENGTH && name.is_ascii() {
        let says = format!("has {} characters. ECS accepts up to {NAME_LENGTH}.", name.len());
        return Some((says, Instead::Advice("Write a shorter name.".to_owned())));
    }
    let instead = if name.contains(['{', '}']) {
        Instead::Advice("This looks like a template: fill in what is in braces first.".to_owned())
    } else {
        proposal(name).map_or_else(
            || Instead::Advice(format!("Use up to {NAME_LENGTH} ASCII letters, digits, _ and -.")),
            Instead::Name,
        )
    };
    let says = format!(
        "contains a character other than an ASCII letter, a digit, _ and -.{}",
        would_answer(&format!("{in_answer} contains invalid characters."))
    );
    Some((says, instead))
}

/// The same name with a hyphen for each character that ECS does not accept.
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
            r#"{{"family": "テスト用", "volumes": [{{"name": "my data"}}, {{"name": "{{stage}}"}}, {{"name": "<VOLUME>"}}, {{"name": "${{stage}}"}}, {{}}],
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
                ("family".to_owned(), "Use up to 255 ASCII letters, digits, _ and -."),
                ("volumes[0].name".to_owned(), "Write \"name\": \"my-data\" in volumes[0]."),
                (
                    "volumes[1].name".to_owned(),
                    "This looks like a template: fill in what is in braces first."
                ),
            ]
        );
        assert!(findings[2].detail().ends_with("\"Family contains invalid characters.\"."));
    }

    #[test]
    fn what_refers_to_the_name_gets_the_new_one_as_well() {
        let text = r#"{"family": "f", "volumes": [{"name": "my data"}, {"name": "my-data"}],
            "proxyConfiguration": {"containerName": "a.b", "properties": []},
            "containerDefinitions": [{"name": "a.b", "mountPoints": [{"sourceVolume": "my data", "containerPath": "/d"}]},
                {"name": "c", "dependsOn": [{"containerName": "a.b", "condition": "START"}], "links": ["a.b:db", "a.bc", "a.b"],
                 "volumesFrom": [{"sourceContainer": "a.b"}]}]}"#;
        let mut document = crate::document::parse(text).unwrap();
        let findings = findings_of("name-invalid", text);
        assert_eq!(findings.len(), 2);
        findings.iter().for_each(|finding| finding.fix.apply(&mut document));
        let written = crate::document::to_json(&document).unwrap();
        assert!(!written.contains(r#""a.b""#) && !written.contains(r#""a.b:"#), "{written}");
        assert!(written.contains(r#""links":["a-b:db","a.bc","a-b"]"#), "{written}");
        assert!(
            written.contains(r#""sourceVolume":"my-data-2""#),
            "a name that is taken is not taken again: {written}"
        );
        assert_eq!(findings_of("name-invalid", &written), []);
        assert_eq!(
            findings[0].fix_text(),
            "Write \"name\": \"a-b\", write \"containerName\": \"a-b\" in dependsOn[0] in container \"c\", write \
             \"sourceContainer\": \"a-b\" in volumesFrom[0] in container \"c\", write \"links\": [\"a-b:db\", \"a.bc\", \
             \"a-b\"] in container \"c\", and write \"containerName\": \"a-b\" in proxyConfiguration in the task definition."
        );
    }
}
