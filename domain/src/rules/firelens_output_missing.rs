//! `firelens-output-missing`

use super::prelude::*;
use crate::document::Object;

/// Options for a FireLens router that do not say which output they are for.
pub(super) static RULE: Rule = Rule {
    name: "firelens-output-missing",
    topic: Topic::Logging,
    summary: "The options for the log router name no output",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "If a container that logs with awsfirelens gives options or secretOptions for an output, they include the key that \
             names the output: Name for a router of the type fluentbit, @type for one of the type fluentd, in exactly this \
             spelling. Without any options, or with include-pattern, exclude-pattern and log-driver-buffer-limit alone, the \
             outputs come from the configuration of the router, and no key is needed.",
    matters: "From these options ECS writes the output section of the router's configuration. It cannot write one without the \
              name of the output, and the task does not start.",
    evidence: Evidence {
        source: "AddOutputSection in agent/taskresource/firelens/firelensconfig_unix.go and collectFirelensLogOptions in \
                 agent/api/task/task.go of amazon-ecs-agent (\"missing output key Name which is required for firelens \
                 configuration of type fluentbit\"); aws-samples/amazon-ecs-firelens-examples issue 12.",
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
      "logConfiguration": { "logDriver": "awsfirelens", "options": null, "secretOptions": [
        { "name": "apikey", "valueFrom": "arn:aws:ssm:eu-central-1:111122223333:parameter/dd-api-key" }
      ] }
    },
    { "name": "log-router", "firelensConfiguration": { "type": "fluentbit" } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    { "name": "log-router", "firelensConfiguration": { "type": "fluentbit" } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].firelensConfiguration.type"),
    check,
};

/// A type of router, the key that names its output, and an output that writes to the router's own log.
struct Type {
    name: &'static str,
    key: &'static str,
    example: &'static str,
}

const TYPES: [Type; 2] = [
    Type { name: "fluentbit", key: "Name", example: "stdout" },
    Type { name: "fluentd", key: "@type", example: "stdout" },
];

/// Options that are not for the output.
const OF_NO_OUTPUT: [&str; 3] = ["exclude-pattern", "include-pattern", "log-driver-buffer-limit"];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let log = container.get("logConfiguration");
        if found.text(log.get("logDriver")) != Some(Container::FIRELENS) {
            continue;
        }
        let (options, secrets) = (log.get("options"), log.get("secretOptions"));
        if options.is_unknown() || secrets.is_unknown() {
            found.undecided();
            continue;
        }
        let none = Object::new();
        let options = if let Node::Object(options) = options { options } else { &none };
        let is_for_output = |key: &str| !OF_NO_OUTPUT.contains(&key);
        let has_options =
            secrets.items().iter().any(|secret| secret.get("name").as_str().is_some_and(is_for_output))
                || options.iter().any(|(key, value)| is_for_output(key) && !value.is_null());
        if !has_options {
            if secrets.items().iter().any(|secret| secret.is_unknown() || secret.get("name").is_unknown()) {
                found.undecided();
            }
            continue;
        }
        match router_type(task) {
            Some(Some(router)) => of_type(container, options, secrets, router, found),
            Some(None) => {}
            None => found.undecided(),
        }
    }
}

/// The type of the task's router, where it has one with a type that there is. `None` if not yet known.
fn router_type(task: &TaskDefinition<'_>) -> Option<Option<&'static Type>> {
    let containers = task.containers();
    let configured = |container: &Container<'_>| container.get("firelensConfiguration").is_unknown();
    if !containers.complete || containers.known.iter().any(configured) {
        return None;
    }
    let Some(router) = task.log_router() else { return Some(None) };
    let written = router.get("firelensConfiguration").get("type");
    (!written.is_unknown()).then(|| TYPES.iter().find(|known| written.as_str() == Some(known.name)))
}

fn of_type(
    container: &Container<'_>,
    options: &Object,
    secrets: &Node,
    router: &'static Type,
    found: &mut Found,
) {
    let is_there = options.get(router.key).is_some_and(|value| !value.is_null());
    let is_secret = |secret: &Node| secret.get("name").as_str() == Some(router.key);
    if is_there || secrets.items().iter().any(is_secret) {
        return;
    }
    // The key in another case, or the one of the other type.
    let meant = options.iter().find(|(key, value)| {
        value.as_str().is_some() && TYPES.iter().any(|known| key.eq_ignore_ascii_case(known.key))
    });
    let place = container.path().key("logConfiguration").key("options");
    let instead = meant.map_or(String::new(), |(key, _)| format!(" It has {} instead.", quoted(key)));
    let says = format!(
        "has options for the log router, but none is called {}, which names the output for a router of the type {}.{instead} \
         The task does not start.",
        quoted(router.key),
        router.name
    );
    let fix = match meant {
        Some((key, _)) => {
            Fix::from(Edit::moved(place.clone().key(key), place.clone().key(router.key)).of(container))
        }
        None => Fix::from(Edit::at(place.clone().key(router.key), router.example).of(container))
            .and("That is an example: write the output that the options are for."),
    };
    found.in_container(container, place, says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn text(router: &str, log: &str) -> String {
        format!(
            r#"{{"containerDefinitions": [{{"name": "app", "logConfiguration": {{"logDriver": "awsfirelens", {log}}}}},
                {{"name": "router", "firelensConfiguration": {{"type": "{router}"}}}}]}}"#
        )
    }

    #[test]
    fn a_key_that_is_missing_in_another_case_or_of_the_other_type_is_mended() {
        for (router, log, written) in [
            ("fluentbit", r#""options": {"dd_service": "x"}"#, "Write \"Name\": \"stdout\""),
            ("fluentbit", r#""options": {"name": "datadog", "x": "y"}"#, "Rename \"name\" to \"Name\""),
            ("fluentbit", r#""options": {"NAME": "datadog"}"#, "Rename \"NAME\" to \"Name\""),
            ("fluentbit", r#""options": {"@type": "s3"}"#, "Rename \"@type\" to \"Name\""),
            ("fluentd", r#""options": {"Name": "s3"}"#, "Rename \"Name\" to \"@type\""),
            ("fluentd", r#""options": {"region": "x"}"#, "Write \"@type\": \"stdout\""),
            ("fluentbit", r#""secretOptions": [{"name": "apikey"}]"#, "Write \"Name\": \"stdout\""),
        ] {
            let document = text(router, log);
            let found = findings_of(RULE.name, &document);
            assert_eq!(found.len(), 1, "{log}");
            assert_eq!(found[0].path.to_string(), "containerDefinitions[0].logConfiguration.options");
            assert!(found[0].fix_text().starts_with(written), "{log}: {}", found[0].fix_text());
            assert_eq!(mended(RULE.name, &document), (1, vec![]), "{log}");
        }
    }

    #[test]
    fn options_that_are_for_no_output_need_no_key() {
        for (router, log) in [
            ("fluentbit", r#""options": {}"#),
            ("fluentbit", r#""options": null"#),
            ("fluentbit", r#""options": {"Name": "datadog", "apikey": "x"}"#),
            ("fluentbit", r#""options": {"Name": "<unknown>", "apikey": "x"}"#),
            ("fluentd", r#""options": {"@type": "s3", "x": "y"}"#),
            ("fluentbit", r#""options": {"include-pattern": "x", "log-driver-buffer-limit": "1"}"#),
            ("fluentbit", r#""options": "<unknown>""#),
            ("another", r#""options": {"x": "y"}"#),
        ] {
            assert_eq!(findings_of(RULE.name, &text(router, log)), [], "{log}");
        }
        let other_driver = text("fluentbit", r#""options": {"x": "y"}"#).replace("awsfirelens", "splunk");
        assert_eq!(findings_of(RULE.name, &other_driver), []);
        let no_router = text("fluentbit", r#""options": {"x": "y"}"#).replace("firelensConfiguration", "x");
        assert_eq!(findings_of(RULE.name, &no_router), [], "that is for the rule firelens-router-missing");
    }
}
