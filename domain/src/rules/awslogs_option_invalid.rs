//! `awslogs-option-invalid`

use super::prelude::*;
use super::rule::would_answer;
use crate::document::Path;
use crate::ecs::Arn;

/// An option that awslogs does not accept on ECS.
pub(super) static RULE: Rule = Rule {
    name: "awslogs-option-invalid",
    topic: Topic::Logging,
    summary: "The awslogs driver does not accept this option",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A log configuration for awslogs has only options that ECS passes on to the driver. Its awslogs-create-group \
             is \"true\" or absent. Its awslogs-region has the form of a region, and its awslogs-group consists of what the \
             name of a log group may have. Its mode is blocking or non-blocking, and it does not have both \
             awslogs-datetime-format and awslogs-multiline-pattern: these two are warnings, because ECS's answer to them \
             is not on record. An option that Docker's own driver knows is a warning for the same reason.",
    matters: "ECS rejects a log configuration with an option it does not know, such as one of another log driver. Of two \
              rules for where a message begins, only awslogs-datetime-format is applied. Where the driver finds no log group, \
              because there is no such region or the group cannot exist, the container does not start.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers in amazon-ecs-firelens-examples issue 83 (an option of another driver) \
                 and tflint-ruleset-aws issue 348 (awslogs-create-group); RegisterJobDefinition's same answer in \
                 cdk-preflight 1.9.1, rule pf-batch-jd-log-awslogs-unknown-option; Amazon ECS developer guide, page on \
                 awslogs; cfn-lint rule E3046. A region that there is not: pulumi-awsx issue 1279 (Fargate), amazon-ecs-agent \
                 pull request 4143. Names of log groups: CreateLogGroup in the API reference of CloudWatch Logs.",
        seen: "2026-09",
        status: Status::Verified,
    },
    // There is an answer for each kind, so the details quote it.
    rejection: Rejection::Expected,
    mends: Mends::Certain(
        "An option that is one of the driver's in everything but case and signs between words gets the driver's spelling, and an \
             awslogs-create-group that is not true goes, because without it no group is created either.",
    ),
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "options": { "log_key": "log" } } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": { "options": { "awslogs-multiline-pattern": "^INFO" } }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration.options"),
    check,
};

/// The options in the Amazon ECS developer guide (2026-11).
const OPTIONS: [&str; 8] = [
    "awslogs-create-group",
    "awslogs-datetime-format",
    "awslogs-group",
    "awslogs-multiline-pattern",
    "awslogs-region",
    "awslogs-stream-prefix",
    "max-buffer-size",
    "mode",
];

/// Further options of Docker's driver (its manual, 2026-11), which ECS may have come to accept.
const OPTIONS_OF_DOCKER: [&str; 9] = [
    "awslogs-create-stream",
    "awslogs-credentials-endpoint",
    "awslogs-force-flush-interval-seconds",
    "awslogs-format",
    "awslogs-max-buffered-events",
    "awslogs-stream",
    "env",
    "labels",
    "tag",
];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        match found.known(container.awslogs()) {
            Some(Some(Node::Unknown)) => found.undecided(),
            Some(Some(Node::Object(options))) => {
                for (option, value) in options.iter().filter(|(_, value)| !value.is_null()) {
                    option_by_itself(container, option, value, found);
                }
                if options.get("awslogs-datetime-format").is_some_and(|format| !format.is_null())
                    && options.get("awslogs-multiline-pattern").is_some_and(|pattern| !pattern.is_null())
                {
                    two_patterns(container, found);
                }
            }
            _ => {}
        }
    }
}

fn option_by_itself(container: &Container<'_>, option: &str, value: &Node, found: &mut Found) {
    match option {
        "awslogs-create-group" => {
            // Task definitions that AWS publishes have "True", so that is accepted as well.
            if found.text(value).is_some_and(|text| !text.eq_ignore_ascii_case("true")) {
                let answer = "Log driver awslogs option 'awslogs-create-group' should only be set to 'true', else omit \
                              option";
                found.in_container(
                    container,
                    place(container, option),
                    format!("has an awslogs-create-group that is not \"true\".{}", would_answer(answer)),
                    Fix::from(Edit::without(place(container, option)).of(container))
                        .certain()
                        .and("Without the option no log group is created either."),
                );
            }
        }
        "mode" => {
            if found.text(value).is_some_and(|mode| !matches!(mode, "blocking" | "non-blocking")) {
                found
                    .in_container(
                        container,
                        place(container, option),
                        "has a log delivery mode that is neither blocking nor non-blocking.",
                        Fix::from(Edit::at(place(container, option), "non-blocking").of(container))
                            .and("The other mode that there is is blocking."),
                    )
                    .severity = Severity::Warning;
            }
        }
        "awslogs-region" | "awslogs-group" => names_no_log_group(container, option, value, found),
        _ if OPTIONS.contains(&option) => {}
        _ => unknown_option(container, option, found),
    }
}

fn unknown_option(container: &Container<'_>, option: &str, found: &mut Found) {
    let is_of_docker = OPTIONS_OF_DOCKER.contains(&option);
    let says = match is_of_docker {
        true => format!("has the option {option}, which ECS does not document for awslogs."),
        false => format!(
            "has the option {}, which awslogs does not accept on ECS.{}",
            quoted(option),
            would_answer(&format!(
                "Log driver awslogs disallows options: {}",
                quoted(option).trim_matches('"')
            ))
        ),
    };
    let options = container.get("logConfiguration").get("options");
    let near =
        nearest(option, OPTIONS.into_iter()).filter(|near| !is_of_docker && options.get(near).is_null());
    let fix = match near {
        Some(near) => Fix::from(Edit::moved(place(container, option), place(container, near)).of(container))
            .certain_if(are_alike(option, near))
            .and("Or remove the option."),
        None => Fix::from(Edit::without(place(container, option)).of(container))
            .and(format!("The driver's options on ECS are {}.", OPTIONS.join(", "))),
    };
    let finding = found.in_container(container, place(container, option), says, fix);
    if is_of_docker {
        finding.severity = Severity::Warning;
    }
}

/// A region or a log group that there cannot be. An empty one is told by `awslogs-option-missing`.
fn names_no_log_group(container: &Container<'_>, option: &str, value: &Node, found: &mut Found) {
    let Some(name) = found.text(value).filter(|name| !name.is_empty()) else { return };
    // What an option says is not repeated: an option may hold anything.
    let (says, fix, advice) = match option {
        "awslogs-region" if !Arn::is_region(name) => (
            "has an awslogs-region that is not the name of a region, so the driver finds no CloudWatch Logs there.",
            "eu-central-1".to_owned(),
            "Or write the region of your log group.",
        ),
        "awslogs-group" if !is_log_group(name) => (
            "has an awslogs-group that no log group can be called: names have up to 512 letters, digits and . - _ / #.",
            name.chars()
                .take(LOG_GROUP_LENGTH)
                .map(|letter| if is_letter_of_log_group(letter) { letter } else { '-' })
                .collect(),
            "",
        ),
        _ => return,
    };
    found.in_container(
        container,
        place(container, option),
        format!("{says} The container would not start."),
        Fix::from(Edit::at(place(container, option), fix).of(container)).and(advice),
    );
}

/// The longest name of a log group, in characters.
const LOG_GROUP_LENGTH: usize = 512;

fn is_log_group(name: &str) -> bool {
    name.chars().count() <= LOG_GROUP_LENGTH && name.chars().all(is_letter_of_log_group)
}

fn is_letter_of_log_group(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '/' | '#')
}

fn two_patterns(container: &Container<'_>, found: &mut Found) {
    found
        .in_container(
            container,
            place(container, "awslogs-multiline-pattern"),
            "has awslogs-datetime-format and awslogs-multiline-pattern. The developer guide says that they cannot \
             be used together, and only the first would be applied.",
            Fix::from(Edit::without(place(container, "awslogs-multiline-pattern")).of(container)).and(
                "If that pattern is what tells where a message begins, keep it and remove awslogs-datetime-format.",
            ),
        )
        .severity = Severity::Warning;
}

fn place(container: &Container<'_>, option: &str) -> Path {
    container.path().key("logConfiguration").key("options").key(option)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    #[test]
    fn each_option_weighs_as_much_as_is_known_of_it() {
        for (options, severities) in [
            (r#""awslogs-endpoint": "https://logs.example.com""#, vec![Severity::Error]),
            (r#""awslogs-create-group": "false""#, vec![Severity::Error]),
            (r#""awslogs-create-group": "true", "mode": "blocking""#, vec![]),
            (r#""awslogs-create-group": "True""#, vec![]),
            (r#""awslogs-region": "us-east1""#, vec![Severity::Error]),
            (r#""awslogs-region": "undefined""#, vec![Severity::Error]),
            (r#""awslogs-region": "eu-west-1a""#, vec![Severity::Error]),
            (r#""awslogs-region": "us-gov-west-1", "awslogs-group": "/ecs/shop_1.a-b#c""#, vec![]),
            (r#""awslogs-region": "", "awslogs-group": "<unknown>""#, vec![]),
            (r#""awslogs-group": "/ecs/my shop""#, vec![Severity::Error]),
            (r#""awslogs-group": "/ecs/shop:*""#, vec![Severity::Error]),
            (r#""tag": "x""#, vec![Severity::Warning]),
            (r#""mode": "fast""#, vec![Severity::Warning]),
            (r#""log_key": null"#, vec![]),
            (
                r#""awslogs-datetime-format": "%Y", "awslogs-multiline-pattern": "^I""#,
                vec![Severity::Warning],
            ),
        ] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "a",
                    "logConfiguration": {{"logDriver": "awslogs", "options": {{{options}}}}}}}]}}"#
            );
            let found: Vec<_> = findings_of("awslogs-option-invalid", &document)
                .iter()
                .map(|finding| finding.severity)
                .collect();
            assert_eq!(found, severities, "{options}");
            assert_eq!(mended("awslogs-option-invalid", &document), (severities.len(), vec![]), "{options}");
        }
    }

    #[test]
    fn a_misspelled_option_is_told_from_an_option_of_another_driver() {
        let fix = |option: &str| {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "a",
                    "logConfiguration": {{"logDriver": "awslogs", "options": {{"{option}": "x"}}}}}}]}}"#
            );
            findings_of("awslogs-option-invalid", &document).remove(0).fix_text()
        };
        assert_eq!(
            fix("awslogs-groups"),
            "Rename \"awslogs-groups\" to \"awslogs-group\" in logConfiguration.options. Or remove the option."
        );
        let of_another = fix("splunk-token");
        assert!(
            of_another.contains("The driver's options on ECS are awslogs-create-group, "),
            "{of_another}"
        );
    }
}
