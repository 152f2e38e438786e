//! `api-key-in-plaintext`

use super::prelude::*;
use super::secret_in_plaintext::as_a_secret;
use crate::rofs::ConfigFile;
use crate::task::datadog_key_in_file;

/// A Datadog key among the plain variables.
pub(super) static RULE: Rule = Rule {
    name: "api-key-in-plaintext",
    topic: Topic::Agent,
    summary: "A Datadog key is in plain text",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "No container has a value for DD_API_KEY or DD_APP_KEY among its environment variables, and \
             no log configuration that sends to Datadog through FireLens has apikey among its options. No file that the init \
             container writes to the Agent's configuration has such a key in it. A handle for \
             the Agent's secret backend (ENC[...]) is not a key and passes.",
    matters: "Everybody who can describe the task definition can read its variables, in the console, in Terraform's \
              state and in every old revision. A secret is fetched by ECS when the task starts and appears in none of \
              them.",
    evidence: Evidence {
        source: "API reference of RegisterTaskDefinition: advice against plain variables for credentials; Trivy AWS-0036.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "DD_API_KEY", "value": "0123456789abcdef0123456789abcdef" }]
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
      "secrets": [
        {
          "name": "DD_API_KEY",
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

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for file in container.config_files() {
            check_file(task, container, &file, found);
        }
        for (index, variable) in found.items(container.get("environment")) {
            let Some(name @ ("DD_API_KEY" | "DD_APP_KEY")) = found.text(variable.get("name")) else {
                continue;
            };
            let place = container.path().key("environment").index(index);
            let is_unfilled = || task.shape().is_unfilled(&place.clone().key("value"));
            // What Compose takes from a variable of the machine is not in the file.
            if !task.is_of_ecs() && variable.get("value").is_unknown() {
                found.undecided();
                continue;
            }
            if !may_be_key(variable.get("value")) || is_unfilled() {
                continue;
            }
            found.in_container(
                container,
                place.clone(),
                format!("has {name} as a plain environment variable. {}", everybody(task)),
                as_a_secret(task, container, name, place),
            );
        }
        let Node::Object(options) = container.get("logConfiguration").get("options") else { continue };
        let output = options.iter().find(|(option, _)| option.eq_ignore_ascii_case("name"));
        if !output
            .and_then(|(_, name)| name.as_str())
            .is_some_and(|name| name.eq_ignore_ascii_case("datadog"))
        {
            continue;
        }
        for (option, value) in options {
            if option.eq_ignore_ascii_case("apikey") && may_be_key(value) {
                let log = container.path().key("logConfiguration");
                if task.shape().is_unfilled(&log.clone().key("options").key(option)) {
                    continue;
                }
                let secret =
                    Node::from([("name", option.as_str().into()), ("valueFrom", stand_in::SECRET.into())]);
                let count = container.get("logConfiguration").get("secretOptions").items().len();
                found.in_container(
                    container,
                    log.clone().key("options").key(option),
                    format!(
                        "has its API key as a plain option of its log configuration. {}",
                        everybody(task)
                    ),
                    Fix::write([
                        Edit::without(log.clone().key("options").key(option)).of(container),
                        Edit::at(log.key("secretOptions").index(count), secret).of(container),
                    ])
                    .and("The ARN is an example. Write that of the secret that holds the key."),
                );
            }
        }
    }
}

/// A file that the container writes to the Agent's configuration, from one of its variables.
fn check_file(task: &TaskDefinition<'_>, container: &Container<'_>, file: &ConfigFile, found: &mut Found) {
    let variables = found.items(container.get("environment"));
    let mut contents =
        variables.filter(|(_, variable)| variable.get("name").as_str() == Some(&file.variable));
    let Some((index, variable)) = contents.next() else { return };
    if found.text(variable.get("value")).is_some_and(datadog_key_in_file) {
        found.in_container(
            container,
            container.path().key("environment").index(index),
            format!("writes {} with a Datadog key in it. {}", quoted(&file.path), everybody(task)),
            "Take it out of the file: the Agent has its key from DD_API_KEY among its secrets. A further one can be a handle for \
             the Agent's secret backend, ENC[...].",
        );
    }
}

fn everybody(task: &TaskDefinition<'_>) -> String {
    format!("Everybody who can read the {} can read the key.", task.words().document)
}

/// A value that is not known yet is a key as well: what matters is that it would be here. A placeholder is none, and the rule
/// `placeholder-left` speaks of it.
fn may_be_key(value: &Node) -> bool {
    match value {
        Node::Unknown => true,
        Node::String(text) => !text.is_empty() && !text.starts_with("ENC["),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn count(container: &str) -> usize {
        let document =
            format!(r#"{{"containerDefinitions": [{{"name": "a", "image": "i:1.0", {container}}}]}}"#);
        findings_of("api-key-in-plaintext", &document).len()
    }

    #[test]
    fn a_key_is_found_among_variables_and_log_options() {
        let log =
            |name: &str| format!(r#""logConfiguration": {{"options": {{"Name": "{name}", "apikey": "k"}}}}"#);
        assert_eq!(count(&log("datadog")), 1);
        assert_eq!(count(&log("another-service")), 0);
        assert_eq!(count(r#""environment": [{"name": "DD_APP_KEY", "value": "k"}]"#), 1);
        assert_eq!(count(r#""environment": [{"name": "DD_API_KEY", "value": "<unknown>"}]"#), 1);
    }

    #[test]
    fn a_placeholder_is_found_once_and_by_its_own_rule() {
        let log = |key: &str| {
            format!(r#""logConfiguration": {{"options": {{"Name": "datadog", "apikey": "{key}"}}}}"#)
        };
        let variable = |key: &str| format!(r#""environment": [{{"name": "DD_API_KEY", "value": "{key}"}}]"#);
        for key in ["<YOUR_API_KEY>", "${KEY_OF_DATADOG}", "REPLACE_ME"] {
            for container in [variable(key), log(key)] {
                let document = format!(
                    r#"{{"containerDefinitions": [{{"name": "a", "image": "i:1.0", {container}}}]}}"#
                );
                assert_eq!(count(&container), 0, "{container}");
                assert_eq!(findings_of("placeholder-left", &document).len(), 1, "{container}");
            }
        }
        // Beside one that is not filled in, another one still counts.
        let both = r#""environment": [{"name": "DD_API_KEY", "value": "<YOUR_API_KEY>"}, {"name": "DD_APP_KEY", "value": "k"}]"#;
        assert_eq!(count(both), 1);
        assert_eq!(count(&log("k")), 1);
    }

    #[test]
    fn an_empty_value_and_a_handle_of_the_secret_backend_are_no_keys() {
        assert_eq!(count(r#""environment": [{"name": "DD_API_KEY", "value": ""}]"#), 0);
        assert_eq!(count(r#""environment": [{"name": "DD_API_KEY", "value": "ENC[key]"}]"#), 0);
    }
}
