//! `placeholder-left`

use super::prelude::*;

/// A piece of a copied example that nobody filled in.
pub(super) static RULE: Rule = Rule {
    name: "placeholder-left",
    topic: Topic::Form,
    summary: "A placeholder was not filled in",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: None,
    checks: "No value contains words in angle brackets, such as `<YOUR_API_KEY>`, which documentation leaves for the \
             reader to fill in. In commands, entry points and labels, only a value that is nothing but a placeholder \
             counts, because shells and web pages use angle brackets too.",
    matters: "ECS accepts most of these values as they are, and the container fails later: its image cannot be pulled, or \
              Datadog rejects its API key.",
    evidence: Evidence {
        source: "Examples of Datadog's and AWS's documentation, which carry such placeholders.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: Example(
        r#"{ "taskRoleArn": "<YOUR_TASK_ROLE_ARN>", "containerDefinitions": [{ "name": "app" }] }"#,
    ),
    passing: Example(
        r#"{
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop",
  "containerDefinitions": [
    {
      "name": "app",
      "command": ["sh", "-c", "echo '<html>It runs.</html>' > /tmp/index.html && serve"]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("taskRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let shape = task.shape();
    if shape.unknown_text {
        found.undecided();
    }
    for flaw in &shape.flaws {
        let Problem::Placeholder(placeholder) = flaw.problem else { continue };
        found.in_shape(
            flaw,
            format!(
                "The value contains {placeholder}, which looks like a placeholder from an example that was not filled in."
            ),
            format!("Replace {placeholder} with your own value."),
        );
    }
}
