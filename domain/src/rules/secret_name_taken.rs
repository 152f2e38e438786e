//! `secret-name-taken`

use super::prelude::*;
use crate::document::Path;
use crate::ordered::ordered;
use std::collections::BTreeMap;

/// A secret with the name of a variable or of another secret.
pub(super) static RULE: Rule = Rule {
    name: "secret-name-taken",
    topic: Topic::Form,
    summary: "A secret has the name of another variable",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Within a container, no secret has the name of another secret or of an environment variable.",
    matters: "ECS rejects the task definition, because both would be one variable of the container.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers quoted in dagster issue 11622 and in aws-ecs-orb issue 210.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/ecs-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "DB_PASSWORD", "value": "unset" }],
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/ecs-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "DB_USER", "value": "shop" }],
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].environment"),
    check,
};

/// ECS's answer where a variable of the container has the name, and where another secret has it.
const VARIABLE_TAKEN: &str = "The secret name must be unique and not shared with any new or existing environment variables \
                              set on the container";
const SECRET_TAKEN: &str = "Duplicate secret names found: ... Each secret name must be unique";

/// Which variable of a container has a name already.
#[derive(Clone, Copy)]
enum Taken {
    /// The one at that position of `environment`.
    Variable(usize),
    /// A secret.
    Secret,
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        if container.get("secrets").is_null() {
            continue;
        }
        let named: Vec<(usize, &str)> = found
            .items(container.get("secrets"))
            .filter_map(|(index, secret)| Some((index, found.text(secret.get("name"))?)))
            .collect();
        // A container has few secrets and many variables, so the names of the secrets are what is looked up.
        let mut taken: BTreeMap<&str, Option<Taken>> = ordered(named.iter().map(|(_, name)| (*name, None)));
        for (index, variable) in found.items(container.get("environment")) {
            if let Some(by) = found.text(variable.get("name")).and_then(|name| taken.get_mut(name)) {
                *by = Some(Taken::Variable(index));
            }
        }
        for (index, name) in named {
            match taken.get_mut(name) {
                Some(Some(by)) => report(container, index, name, *by, found),
                Some(by) => *by = Some(Taken::Secret),
                None => {}
            }
        }
    }
}

fn report(container: &Container<'_>, index: usize, name: &str, by: Taken, found: &mut Found) {
    let (name, place) = (quoted(name), container.path().key("secrets").index(index));
    let remove = |place: Path| Edit::without(place).of(container).called(&name);
    let (other, answer, fix) = match by {
        Taken::Variable(variable) => (
            "an environment variable",
            VARIABLE_TAKEN,
            Fix::from(remove(container.path().key("environment").index(variable)))
                .and("If the value is not confidential, remove the secret instead."),
        ),
        Taken::Secret => (
            "another secret",
            SECRET_TAKEN,
            Fix::from(remove(place.clone()))
                .and("Or remove the other one, if this is the one that is meant."),
        ),
    };
    let says = format!("has a secret {name} and {other} of that name.{}", would_answer(answer));
    found.in_container(container, place.key("name"), says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn of_two_secrets_the_second_goes() {
        let secret = r#"{"name": "X", "valueFrom": "arn"}"#;
        let document =
            format!(r#"{{"containerDefinitions": [{{"name": "a", "secrets": [{secret}, {secret}]}}]}}"#);
        let finding = findings_of("secret-name-taken", &document).remove(0);
        assert!(finding.detail().contains("another secret of that name"), "{}", finding.detail());
        assert_eq!(finding.fix.edits()[0].path.to_string(), "containerDefinitions[0].secrets[1]");
    }
}
