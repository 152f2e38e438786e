//! `secret-in-plaintext`

use super::aws_credentials_in_environment;
use super::prelude::*;
use crate::document::Path;
use crate::rofs::ConfigFile;
use crate::task::{secret_in, secret_in_command, secret_in_file};

/// A plain variable that has the name of a secret.
pub(super) static RULE: Rule = Rule {
    name: "secret-in-plaintext",
    topic: Topic::Security,
    summary: "A secret seems to be in plain text",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "No environment variable of a container has the name of a secret, such as one that ends in PASSWORD, PASS, SECRET, \
             TOKEN or API_KEY, together with a value of its own. Whatever its name, no value and no command has what looks like \
             a secret: a URL or a connection string with a password, a JSON Web Token, an AWS access key, a private key, a \
             token of a well-known service, or an option such as --password with a value. Of files that the init container writes \
             to the Agent's configuration, the content is read, with passwords and tokens in YAML, JSON and Python. A value that only says where the \
             secret is, such as an ARN, the path of a file or the name of another variable, passes, and so does a name with \
             the word PUBLIC.",
    matters: "Anyone who may describe the task definition can read its variables: in the console, in Terraform's \
              state and in every old revision. A secret appears in none of them, because ECS fetches it when the task \
              starts.",
    evidence: Evidence {
        source: "API reference of RegisterTaskDefinition: advice against plain variables for credentials; Trivy AWS-0036; \
                 Prowler check ecs_task_definitions_no_environment_secrets.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "DB_PASSWORD", "value": "correct-horse" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-db-AbCdEf"
        }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].environment[0].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let files = container.config_files();
        for (index, variable) in found.items(container.get("environment")) {
            if variable.get("filledIn").as_bool() == Some(true) {
                continue;
            }
            let Some(name) = found.text(variable.get("name")) else { continue };
            if let Some(file) = files.iter().find(|file| file.variable == name) {
                check_file(task, container, index, file, found);
                continue;
            }
            if is_left_to_others(name) {
                continue;
            }
            // A value that is not known yet may be the ARN of the secret as well as the secret.
            let Some(value) = found.text(variable.get("value")) else { continue };
            let Some(says) = in_variable(task, name, value) else { continue };
            if is_secret_too(container, name, found) {
                continue;
            }
            let place = container.path().key("environment").index(index);
            found.in_container(container, place.clone(), says, as_a_secret(task, container, name, place));
        }
        check_commands(task, container, found);
    }
}

/// What is written to a file travels in a variable. Its name says nothing, and the content is a file's.
fn check_file(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    index: usize,
    file: &ConfigFile,
    found: &mut Found,
) {
    let content = container.get("environment").items()[index].get("value");
    let Some(secret) = found.text(content).and_then(|text| secret_in_file(&file.path, text)) else { return };
    found.in_container(
        container,
        container.path().key("environment").index(index),
        format!(
            "writes {} with {} in it. Anyone who may read the {} can read the content.",
            quoted(&file.path),
            secret.called(),
            task.words().document
        ),
        FROM_A_SECRET,
    );
}

/// How a file of the Agent's configuration gets a secret.
const FROM_A_SECRET: &str = "Take it out of the file and give it to the Agent as one of its secrets: the configuration of a \
                             check with ad_identifiers reads the variable as %%env_NAME%%, and the Agent's own settings have \
                             variables of their own. A handle for the Agent's secret backend, ENC[...], can stay in the file.";

/// What a variable gives away: by its name, or by what its value looks like. Never the value.
fn in_variable(task: &TaskDefinition<'_>, name: &str, value: &str) -> Option<String> {
    if is_a_secrets(name) && may_be_secret(value) {
        return Some(format!(
            "gets {} as a plain variable. If that is a secret, anyone who may read the {} can read it.",
            quoted(name),
            task.words().document
        ));
    }
    let secret = secret_in(value)?;
    Some(format!(
        "gets {} as a plain variable, and its value has {}. Anyone who may read the {} can read it.",
        quoted(name),
        secret.called(),
        task.words().document
    ))
}

fn check_commands(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) {
    let places: [(_, &[&str]); 3] = [
        (container.get("entryPoint"), &["entryPoint"]),
        (container.get("command"), &["command"]),
        (container.get("healthCheck").get("command"), &["healthCheck", "command"]),
    ];
    for (list, keys) in places {
        let words = found.items(list).filter_map(|(index, word)| Some((index, word.as_str()?)));
        let Some((index, secret)) = secret_in_command(words) else { continue };
        let path = keys.iter().fold(container.path(), |path, key| path.key(key));
        found.in_container(
            container,
            path.index(index),
            format!(
                "has {} in a command. Anyone who may read the {} can read it, and anyone in the container who lists its \
                 processes.",
                secret.called(),
                task.words().document
            ),
            "Give it to the container as one of its secrets, and let the command read that variable.",
        );
    }
}

/// The variable as a secret. ECS rejects a secret without an execution role, so that comes with it.
pub(super) fn as_a_secret(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    name: &str,
    variable: Path,
) -> Fix {
    let secret = Node::from([("name", name.into()), ("valueFrom", stand_in::SECRET.into())]);
    let mut edits = vec![
        Edit::without(variable).of(container).called(quoted(name)),
        Edit::add(container, "secrets", secret),
    ];
    if !task.is_of_ecs() {
        let words = task.words();
        return Fix::write(edits)
            .and(format!("{} then takes the value from {}.", words.reader, words.secrets_come_from));
    }
    let mut example = "The ARN is an example. Write that";
    if task.has_execution_role() == Some(false) {
        edits.push(Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE));
        example = "The ARNs are examples. Write that of the role, and that";
    }
    Fix::write(edits).and(format!(
        "{example} of the Secrets Manager secret or SSM parameter that holds the value. The execution role has to be allowed \
         to read it."
    ))
}

/// Whether the container has a secret of that name, which `secret-name-taken` reports, or may have one.
fn is_secret_too(container: &Container<'_>, name: &str, found: &mut Found) -> bool {
    let secrets = container.get("secrets");
    let is_known = secrets.items().iter().any(|secret| secret.get("name").as_str() == Some(name));
    let may_be = secrets.is_unknown() || secrets.items().iter().any(|secret| secret.get("name").is_unknown());
    if !is_known && may_be {
        found.undecided();
    }
    is_known || may_be
}

/// Whether another rule speaks of a variable of that name, whatever its value.
fn is_left_to_others(name: &str) -> bool {
    aws_credentials_in_environment::is_looked_for(name) || matches!(name, "DD_API_KEY" | "DD_APP_KEY")
}

/// Whether a name is that of a secret.
fn is_a_secrets(name: &str) -> bool {
    const ENDS: [&str; 6] = ["password", "passwd", "passphrase", "secret", "token", "apikey"];
    const WHOLE: [&str; 4] = ["pass", "pwd", "credential", "credentials"];
    const KEYS: [&str; 9] =
        ["access", "api", "auth", "encryption", "license", "master", "private", "secret", "signing"];

    let mut words = name.rsplit(|letter: char| !letter.is_ascii_alphanumeric());
    let last = words.next().unwrap_or_default();
    let before = words.next();
    let is = |word: &str, list: &[&str]| list.iter().any(|listed| word.eq_ignore_ascii_case(listed));
    let by_its_name = ENDS.iter().any(|end| ends_with(last, end))
        || (is(last, &WHOLE) && before.is_some())
        || (is(last, &["key"]) && before.is_some_and(|before| is(before, &KEYS)))
        || name.eq_ignore_ascii_case("SECRET_KEY_BASE");
    by_its_name && !name.split('_').any(|word| word.eq_ignore_ascii_case("public"))
}

fn ends_with(word: &str, end: &str) -> bool {
    word.len() >= end.len() && word.as_bytes()[word.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

/// Whether a value may be the secret itself: not nothing, no switch, and not the place where the secret is.
fn may_be_secret(value: &str) -> bool {
    const PLACES: [&str; 7] = ["arn:", "ENC[", "/", "file:", "vault:", "secretsmanager:", "ssm:"];
    let is_switch = ["true", "false"].iter().any(|switch| value.eq_ignore_ascii_case(switch));
    !value.is_empty() && !is_switch && !PLACES.iter().any(|place| value.starts_with(place))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::super::{Finding, Subject, judge};
    use crate::document::Node;
    use crate::render;
    use crate::rofs::assemble;
    use crate::rofs::settings::{Settings, Text};

    fn count(name: &str, value: &str) -> usize {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "a", "environment": [{{"name": "{name}", "value": "{value}"}}]}}]}}"#
        );
        findings_of("secret-in-plaintext", &document).len()
    }

    #[test]
    fn secrets_are_told_by_the_end_of_their_names() {
        for name in [
            "DB_PASSWORD",
            "PGPASSWORD",
            "dbPassword",
            "MYSQL_PWD",
            "MYSQL_PASS",
            "db-pass",
            "SPLUNK_ACCESS_TOKEN",
            "STRIPE_API_KEY",
            "stripe-api-key",
            "AWS_SESSION_TOKEN",
            "JWT_SECRET",
            "NRIA_LICENSE_KEY",
            "SECRET_KEY_BASE",
        ] {
            assert_eq!(count(name, "x"), 1, "{name}");
        }
    }

    #[test]
    fn names_of_other_things_pass() {
        for name in [
            "S3_KEY_PREFIX",
            "DB_PASSWORD_FILE",
            "PASSWORD_MIN_LENGTH",
            "PASS",
            "BYPASS",
            "PASS_THROUGH",
            "DB_SECRET_ARN",
            "MAX_TOKENS",
            "PWD",
            "OLDPWD",
            "SORT_KEY",
            "PARTITION_KEY",
            "CREDENTIALS",
            "NEXT_PUBLIC_MAP_TOKEN",
            "AUTH_URL",
            "é",
        ] {
            assert_eq!(count(name, "x"), 0, "{name}");
        }
    }

    #[test]
    fn a_value_that_is_no_secret_passes() {
        for value in ["", "true", "False", "/run/secrets/db", "arn:aws:ssm:x", "ENC[db]", "<unknown>"] {
            assert_eq!(count("DB_PASSWORD", value), 0, "{value}");
        }
    }

    #[test]
    fn a_secret_is_told_by_its_value_whatever_its_name() {
        for value in [
            "postgres://shop:hunter2@db/shop",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
            "AKIAIOSFODNN7EXAMPLE",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert_eq!(count("host", value), 1, "{value}");
        }
        for value in
            ["postgres://db/shop", "postgres://shop:$DB_PASSWORD@db/shop", "<unknown>", "db.example.com"]
        {
            assert_eq!(count("host", value), 0, "{value}");
        }
        assert_eq!(
            count("DATABASE_PASSWORD", "postgres://shop:hunter2@db/shop"),
            1,
            "name and value are one mistake"
        );
    }

    #[test]
    fn a_secret_in_a_command_is_found_at_its_word_and_not_repeated() {
        for (member, path) in [
            (r#""command": ["serve", "--password=hunter2"]"#, "command[1]"),
            (r#""entryPoint": ["sh", "-c", "serve --token hunter2"]"#, "entryPoint[2]"),
            (
                r#""healthCheck": {"command": ["CMD-SHELL", "curl http://u:hunter2@localhost/"]}"#,
                "healthCheck.command[1]",
            ),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", {member}}}]}}"#);
            let findings = findings_of("secret-in-plaintext", &document);
            let [finding] = findings.as_slice() else { panic!("{member}: {findings:?}") };
            assert_eq!(finding.path.to_string(), format!("containerDefinitions[0].{path}"));
            assert!(!format!("{finding:?}").contains("hunter2"), "{finding:?}");
        }
        let silent = r#"{"containerDefinitions": [{"name": "a", "command": ["serve", "--password", "$PASSWORD", "--port=80"]}]}"#;
        assert_eq!(findings_of("secret-in-plaintext", silent), []);
    }

    #[test]
    fn what_another_rule_tells_of_is_not_told_twice() {
        for name in ["DD_API_KEY", "DD_APP_KEY", "AWS_SECRET_ACCESS_KEY"] {
            assert_eq!(count(name, "x"), 0, "{name}");
        }
    }

    #[test]
    fn the_role_that_a_secret_needs_comes_with_it() {
        for (role, count) in
            [("", 3), (r#""executionRoleArn": "arn:x","#, 2), (r#""executionRoleArn": "<unknown>","#, 2)]
        {
            let document = format!(
                r#"{{{role} "containerDefinitions": [{{"name": "a", "environment": [{{"name": "DB_PASSWORD", "value": "hunter2"}}]}}]}}"#
            );
            let finding = findings_of("secret-in-plaintext", &document).remove(0);
            assert_eq!(finding.fix.edits().len(), count, "{role}");
            assert!(!format!("{finding:?}").contains("hunter2"), "{finding:?}");
        }
    }

    /// What is found in a task whose init container writes these files.
    fn of_files(rule: &str, files: &[(&str, Text)]) -> Vec<Finding> {
        let config_files =
            files.iter().map(|(path, content)| ((*path).to_owned(), content.clone())).collect();
        let settings = Settings { config_files, ..Settings::default() };
        let definitions = render::ecs::container_definitions(&assemble(&settings));
        let document = Node::from([("containerDefinitions", Node::Array(definitions))]);
        let findings = judge(&Subject::of(&document)).findings.into_iter();
        findings.filter(|finding| finding.rule == rule).collect()
    }

    #[test]
    fn a_secret_in_a_file_of_the_configuration_is_found_and_named_by_its_path() {
        let key = "0123456789abcdef0123456789abcdef";
        let found = of_files(
            "secret-in-plaintext",
            &[
                ("checks.d/token", "instances: []".into()),
                ("conf.d/a.yaml", "instances:\n  - password: hunter2\n".into()),
                ("conf.d/b.yaml", "instances:\n  - password: ENC[db]\n".into()),
                ("conf.d/c.yaml", Text::Unknown),
                ("datadog.yaml", format!("api_key: {key}").into()),
            ],
        );
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        let says = finding.detail();
        assert!(
            says.contains(r#"Container "datadog-init" writes "conf.d/a.yaml" with a password"#),
            "{says}"
        );
        assert!(!says.contains("hunter2") && !finding.fix_text().contains("hunter2"));
        assert_eq!(finding.path.to_string(), "containerDefinitions[0].environment[1]");
        let found = of_files(
            "api-key-in-plaintext",
            &[
                ("conf.d/a.yaml", format!("checksum: {key}").into()),
                ("datadog.yaml", format!("api_key: {key}\n").into()),
                ("extra.yaml", "api_key: ENC[key]".into()),
                ("unknown.yaml", Text::Unknown),
            ],
        );
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert!(
            finding.detail().contains(r#"writes "datadog.yaml" with a Datadog key"#),
            "{}",
            finding.detail()
        );
        assert!(!finding.detail().contains(key));
    }
}
