//! `log-buffer-invalid`

use super::prelude::*;
use crate::document::Path;

/// A buffer of a log driver that Docker does not accept.
pub(super) static RULE: Rule = Rule {
    name: "log-buffer-invalid",
    topic: Topic::Logging,
    summary: "A log driver has a buffer that it does not accept",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The option max-buffer-size of a log driver other than awsfirelens does not stand beside the mode blocking, and its \
             value is a size such as 25m. Without a mode, ECS's default is non-blocking, so that nothing is found.",
    matters: "A buffer is for the mode non-blocking alone. With another mode, or with a value that is not a size, the container \
              cannot be created.",
    evidence: Evidence {
        source: "ValidateLogOpts in daemon/logger/factory.go of moby/moby (\"max-buffer-size option is only supported with \
                 'mode=non-blocking'\"), the same in amazon-contributing's shim-loggers-for-containerd; RAMInBytes of \
                 docker/go-units.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "logConfiguration": { "options": { "mode": "blocking", "max-buffer-size": "25m" } } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "logConfiguration": { "options": { "mode": "non-blocking", "max-buffer-size": "25m" } } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration.options.mode"),
    check,
};

const SIZE: &str = "max-buffer-size";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let log = container.get("logConfiguration");
        let (driver, options) = (log.get("logDriver"), log.get("options"));
        // What the options of awsfirelens mean, the output in the router decides.
        if driver.as_str() == Some(Container::FIRELENS) {
            continue;
        }
        let size = options.get(SIZE);
        if size.is_null() {
            continue;
        }
        if driver.is_unknown() || size.is_unknown() || options.get("mode").is_unknown() {
            found.undecided();
            continue;
        }
        let place = container.path().key("logConfiguration").key("options").key(SIZE);
        if options.get("mode").as_str() == Some("blocking") {
            beside_blocking(container, place, found);
        } else if size.as_str().is_some_and(|text| !is_size(text)) {
            let says = format!(
                "has a {SIZE} that is not a size, which is a number with k, m or g behind it. Its container cannot be created."
            );
            found.in_container(container, place.clone(), says, Edit::at(place, "25m").of(container));
        }
    }
}

fn beside_blocking(container: &Container<'_>, place: Path, found: &mut Found) {
    let says = "logs in the mode blocking and has a max-buffer-size, which only the mode non-blocking accepts. Its container \
                cannot be created.";
    let fix = Fix::from(Edit::without(place.clone()).of(container)).and(
        "Or write the mode non-blocking: the program then never waits for its logs, and lines are lost when the buffer is full.",
    );
    found.in_container(container, place, says, fix);
}

/// Whether docker/go-units reads it as a size: `25m`, `1.5 GiB`, `4096`.
fn is_size(text: &str) -> bool {
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let number = &text[..text.len() - unit.len()];
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_ascii_lowercase();
    let unit = unit.strip_suffix('b').unwrap_or(&unit);
    let unit = unit.strip_suffix('i').unwrap_or(unit);
    let is_number = number.starts_with(|letter: char| letter.is_ascii_digit())
        && number.ends_with(|letter: char| letter.is_ascii_digit());
    is_number && ["", "k", "m", "g", "t", "p"].contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn text(driver: &str, options: &str) -> String {
        format!(
            r#"{{"containerDefinitions": [{{"name": "a",
                "logConfiguration": {{"logDriver": "{driver}", "options": {options}}}}}]}}"#
        )
    }

    #[test]
    fn a_buffer_beside_blocking_and_a_size_that_is_none_are_mended() {
        for (driver, options) in [
            ("awslogs", r#"{"mode": "blocking", "max-buffer-size": "25m"}"#),
            ("json-file", r#"{"mode": "blocking", "max-buffer-size": "4m"}"#),
            ("splunk", r#"{"mode": "non-blocking", "max-buffer-size": "big"}"#),
            ("awslogs", r#"{"max-buffer-size": "25 megabytes"}"#),
            ("awslogs", r#"{"max-buffer-size": ""}"#),
        ] {
            assert_eq!(mended(RULE.name, &text(driver, options)), (1, vec![]), "{options}");
        }
    }

    #[test]
    fn a_buffer_is_fine_where_nothing_is_blocked() {
        for size in ["25m", "25MB", "1.5 GiB", "4096", "1k", "512 b"] {
            let options = format!(r#"{{"mode": "non-blocking", "max-buffer-size": "{size}"}}"#);
            assert_eq!(findings_of(RULE.name, &text("awslogs", &options)), [], "{size}");
        }
        for (driver, options) in [
            ("awslogs", r#"{"max-buffer-size": "25m"}"#),
            ("awslogs", r#"{"mode": "blocking"}"#),
            ("awslogs", r#"{"mode": "<unknown>", "max-buffer-size": "25m"}"#),
            ("awsfirelens", r#"{"mode": "blocking", "max-buffer-size": "25m"}"#),
            ("awslogs", "\"<unknown>\""),
        ] {
            assert_eq!(findings_of(RULE.name, &text(driver, options)), [], "{options}");
        }
    }
}
