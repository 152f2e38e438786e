//! `dependency-target-missing`

use super::prelude::*;

/// A `dependsOn` that names no other container of the task.
pub(super) static RULE: Rule = Rule {
    name: "dependency-target-missing",
    topic: Topic::Order,
    summary: "A container waits for one that does not exist",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "Every containerName in dependsOn names another container of the same task definition.",
    matters: "ECS rejects a task definition whose dependencies point at nothing or at the waiting container itself.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-dependson-container-missing.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "dependsOn": [{ "containerName": "migrat", "condition": "SUCCESS" }] },
    { "name": "migrate", "command": ["migrate"], "essential": false }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "dependsOn": [{ "containerName": "migrate", "condition": "SUCCESS" }] },
    { "name": "migrate", "command": ["migrate"], "essential": false }
  ]
}"#,
    ),
    undecided: Undecided::Other(Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "dependsOn": [{ "containerName": "<unknown>", "condition": "START" }] }
  ]
}"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for dependency in found.entries(container.dependencies()) {
            let Some(target) = found.text(dependency.awaited) else { continue };
            let itself = container.name == Some(target);
            if !itself && !found.is_missing(task.container(target)) {
                continue;
            }
            let says = if itself {
                format!("waits for itself. {} rejects such a {}.", task.words().reader, task.words().document)
            } else {
                let answer = match task.is_of_ecs() {
                    true => would_answer("Cannot depend on container + '...' because it does not exist"),
                    false => String::new(),
                };
                format!("waits for {}, which does not exist.{answer}", quoted(target))
            };
            let entry = container.path().key("dependsOn").index(dependency.index);
            let place = entry.clone().key("containerName");
            let fix = match nearest(target, task.names_besides(container).into_iter()) {
                Some(name) if !itself => Fix::from(Edit::at(place.clone(), name).of(container)).and(format!(
                    "If it waits for another {}, write the name of that one.",
                    task.words().container
                )),
                _ => Fix::from(Edit::without(entry).of(container)).and(format!(
                    "Or name another {} of this {} there.",
                    task.words().container,
                    task.words().document
                )),
            };
            found.in_container(container, place, says, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_container_that_waits_for_itself_is_found() {
        let document = r#"{"containerDefinitions": [
            {"name": "a", "dependsOn": [{"containerName": "a", "condition": "START"}]}]}"#;
        let findings = findings_of("dependency-target-missing", document);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].detail().contains("waits for itself"));
        assert!(findings[0].fix_text().starts_with("Remove dependsOn[0]."), "{}", findings[0].fix_text());
    }

    #[test]
    fn a_slip_in_a_name_is_recognized() {
        let document = r#"{"containerDefinitions": [{"name": "migrations"},
            {"name": "a", "dependsOn": [{"containerName": "migration", "condition": "START"}]}]}"#;
        let findings = findings_of("dependency-target-missing", document);
        let line = "Write \"containerName\": \"migrations\" in dependsOn[0].";
        assert!(findings[0].fix_text().starts_with(line), "{}", findings[0].fix_text());
    }
}
