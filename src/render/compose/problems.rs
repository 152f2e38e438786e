//! Settings that Compose or Docker refuses, or has no words for.

use std::ops::RangeInclusive;

use crate::render::Names;
use crate::rofs::problems::{looks_like_key, of_agent};
use crate::rofs::settings::{Settings, Store, Text};
use crate::rofs::{SettingProblem, config_files};

/// MiB that Docker gives a container at least (Docker's page on resource constraints, read 2026-11).
const LEAST_MEMORY: i64 = 6;

/// Bytes of a variable with its name, the equals sign and a zero at the end (execve(2) in the Linux manual pages, MAX_ARG_STRLEN,
/// read 2026-11).
const LONGEST_VARIABLE: usize = 131_072;

pub(super) fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    problems.extend(not_a_reference(settings));
    secrets(settings, &mut problems);
    names(settings, &mut problems);
    numbers(settings, &mut problems);
    without_words(settings, &mut problems);
    problems.extend(too_large(settings));
    problems
}

/// The content of a file in a variable that no program gets. What is not known yet may fit.
fn too_large(settings: &Settings) -> Option<SettingProblem> {
    let length = |content: &Text| match content {
        Text::Known(text) => text.len(),
        Text::Unknown => 0,
    };
    let files = config_files(settings);
    let (file, content) =
        files.iter().find(|(file, content)| file.variable.len() + 2 + length(content) > LONGEST_VARIABLE)?;
    Some(SettingProblem {
        container: Some(settings.init_container_name.clone()),
        ..of_agent(
            settings,
            "config_files",
            "More than a variable holds",
            format!(
                "The content of `{}` is {} bytes. It travels in a variable of the init container, and Linux starts no program \
                 with one of more than {LONGEST_VARIABLE} bytes.",
                file.path.escape_debug(),
                length(content)
            ),
            "Put large files into the image instead, and name it in `image`.",
        )
    })
}

/// A reference to the API key that cannot be one. Its text may be a key, so it is never quoted.
fn not_a_reference(settings: &Settings) -> Option<SettingProblem> {
    let key = settings.api_key.as_ref()?;
    let Text::Known(name) = &key.reference else { return None };
    if looks_like_key(name) {
        return None;
    }
    let setting = settings.platform.words().api_key(Some(key.store));
    match key.store {
        Store::Environment if !is_variable(name) => Some(of_agent(
            settings,
            setting,
            "Not a name of a variable",
            format!(
                "The value of `{setting}` is not the name of a variable of the machine: letters, digits and underscores, and \
                 no digit first. The key itself does not belong there."
            ),
            format!("Write it as in {setting} = \"DD_API_KEY\"."),
        )),
        Store::File if !is_name(name) => Some(of_agent(
            settings,
            setting,
            "Not a name of a secret",
            format!(
                "The value of `{setting}` is not the name of a secret of the document: letters, digits, hyphens, underscores \
                 and dots. The key itself does not belong there."
            ),
            format!("Write it as in {setting} = \"datadog_api_key\"."),
        )),
        _ => None,
    }
}

/// Variables that are fetched from the machine's environment, by a name that none has there.
fn secrets(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (name, reference) in &settings.secrets {
        if !matches!(reference, Text::Known(variable) if !is_variable(variable)) {
            continue;
        }
        problems.push(of_agent(
            settings,
            "secrets",
            "Not a name of a variable",
            format!(
                "What `secrets` says of {name} is not the name of a variable of the machine: letters, digits and underscores, \
                 and no digit first. The value itself does not belong there, so it is not shown here."
            ),
            format!("Write it as in secrets = {{ {name} = \"{name}\" }}."),
        ));
    }
}

fn names(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let letters = "letters, digits, hyphens, underscores and dots";
    let names = Names {
        summary: "Not a name of a service",
        of: "a service",
        are: letters.to_owned(),
        begin_with: letters.to_owned(),
        is_name,
    };
    problems.extend(names.problems(settings));
}

/// Names in a document of Compose (patternProperties of its JSON schema, read 2026-11).
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn is_variable(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| !first.is_ascii_digit())
}

fn numbers(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    const ANY: i64 = i32::MAX as i64;
    let mut check = |setting, value: Option<i64>, range: RangeInclusive<i64>, unit: &str| {
        let Some(value) = value.filter(|value| !range.contains(value)) else { return };
        problems.push(of_agent(
            settings,
            setting,
            "Number out of range",
            format!("`{setting}` is {value}; Docker accepts {} to {} {unit}.", range.start(), range.end()),
            format!("Write {setting} = {}.", value.clamp(*range.start(), *range.end())),
        ));
    };
    check("cpu", settings.cpu, 1..=ANY, "CPU units");
    check("memory", settings.memory, LEAST_MEMORY..=ANY, "MiB");
    check("memory_reservation", settings.memory_reservation, LEAST_MEMORY..=ANY, "MiB");
    check("stop_timeout", settings.stop_timeout, 0..=ANY, "seconds");
    if let Some(health) = &settings.health_check {
        check("health_check.interval", Some(health.interval), 1..=ANY, "seconds");
        check("health_check.timeout", Some(health.timeout), 1..=ANY, "seconds");
        check("health_check.retries", Some(health.retries), 1..=ANY, "failures");
        check("health_check.start_period", Some(health.start_period), 0..=ANY, "seconds");
    }
    if let (Some(memory), Some(reservation)) = (settings.memory, settings.memory_reservation)
        && reservation > memory
    {
        problems.push(of_agent(
            settings,
            "memory_reservation",
            "More memory reserved than allowed",
            format!("{reservation} MiB are reserved, but the limit is {memory} MiB; Docker refuses that."),
            format!("Write memory_reservation = {memory} or less, or raise `memory`."),
        ));
    }
}

/// What is said for Compose and has no place in its documents.
fn without_words(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let restart = settings.restart_policy.as_ref();
    let log = settings.log_configuration.as_ref();
    for (setting, is_set, instead) in [
        (
            "restart_policy.ignored_exit_codes",
            restart.is_some_and(|policy| !policy.ignored_exit_codes.is_empty()),
            "Compose starts a service again whatever its exit code was, or never: restart_policy { enabled = false }.",
        ),
        (
            "restart_policy.restart_attempt_period",
            restart.is_some_and(|policy| policy.restart_attempt_period.is_some()),
            "Docker decides by itself how long it waits before it starts a container again.",
        ),
        (
            "log_configuration.secret_options",
            log.is_some_and(|log| !log.secret_options.is_empty()),
            "Docker's log drivers have no options that are fetched from elsewhere.",
        ),
        (
            "log_configuration.log_driver",
            log.is_some_and(|log| log.log_driver.is("awsfirelens")),
            "That driver belongs to ECS. Docker has json-file, local, journald, syslog, fluentd and others.",
        ),
    ] {
        if is_set {
            problems.push(of_agent(
                settings,
                setting,
                "Setting that Compose has no words for",
                format!("`{setting}` is set. {instead}"),
                format!("Remove `{setting}`."),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rofs::platform::Platform;
    use crate::rofs::settings::{HealthCheck, LogConfiguration, RestartPolicy, Secret};

    fn sound() -> Settings {
        Settings { platform: Platform::Compose, ..Settings::default() }
    }

    fn found(settings: &Settings) -> Vec<&'static str> {
        let problems = problems(settings);
        for problem in &problems {
            let texts = format!("{} {} {}", problem.summary, problem.detail, problem.fix);
            assert!(
                !texts.contains("s3cr3t") && problem.detail.ends_with('.') && !problem.fix.is_empty(),
                "{texts}"
            );
        }
        problems.iter().map(|problem| problem.setting).collect()
    }

    #[test]
    fn a_reference_to_the_key_is_a_name_and_is_never_shown() {
        let with = |store, reference: &str| Settings {
            api_key: Some(Secret { store, reference: reference.into() }),
            ..sound()
        };
        for (store, reference, expected) in [
            (Store::Environment, "DD_API_KEY", &[][..]),
            (Store::Environment, "_x1", &[]),
            (Store::Environment, "1x", &["api_key_environment"]),
            (Store::Environment, "", &["api_key_environment"]),
            (Store::Environment, "${s3cr3t}", &["api_key_environment"]),
            (Store::File, "datadog.api-key_1", &[]),
            (Store::File, "s3cr3t/x", &["api_key_secret"]),
            // The pattern itself says that this is a key.
            (Store::File, "0123456789abcdef0123456789abcdef", &[]),
        ] {
            assert_eq!(found(&with(store, reference)), expected, "{reference}");
        }
        let secrets = [("DD_APP_KEY".to_owned(), Text::from("arn:s3cr3t"))].into();
        assert_eq!(found(&Settings { secrets, ..sound() }), ["secrets"]);
    }

    #[test]
    fn names_and_numbers_are_those_of_docker() {
        assert_eq!(found(&sound()), [""; 0]);
        let odd = Settings {
            container_name: "a b".to_owned(),
            init_container_name: String::new(),
            volume_prefix: "a/".to_owned(),
            cpu: Some(0),
            memory: Some(5),
            memory_reservation: Some(6),
            stop_timeout: Some(-1),
            health_check: Some(HealthCheck {
                interval: 0,
                timeout: 0,
                retries: 0,
                start_period: -1,
                ..HealthCheck::default()
            }),
            ..sound()
        };
        assert_eq!(
            found(&odd),
            [
                "container_name",
                "init_container_name",
                "volume_prefix",
                "cpu",
                "memory",
                "stop_timeout",
                "health_check.interval",
                "health_check.timeout",
                "health_check.retries",
                "health_check.start_period",
                "memory_reservation",
            ]
        );
    }

    #[test]
    fn a_file_that_no_variable_holds_is_told_at_its_setting() {
        let with = |bytes: usize| Settings {
            config_files: [("x.yaml".to_owned(), Text::from("x".repeat(bytes)))].into(),
            ..sound()
        };
        let most = super::LONGEST_VARIABLE - "CONFIG_FILE_X_YAML=".len() - 1;
        assert_eq!(found(&with(most)), [""; 0]);
        assert_eq!(found(&with(most + 1)), ["config_files"]);
        assert_eq!(found(&with(1 << 20)), ["config_files"]);
    }

    #[test]
    fn what_compose_cannot_say_is_refused() {
        let settings = Settings {
            restart_policy: Some(RestartPolicy {
                enabled: true,
                ignored_exit_codes: vec![0],
                restart_attempt_period: Some(60),
            }),
            log_configuration: Some(LogConfiguration {
                log_driver: "awsfirelens".into(),
                options: Default::default(),
                secret_options: [("apikey".to_owned(), "arn:s3cr3t".into())].into(),
            }),
            ..sound()
        };
        assert_eq!(
            found(&settings),
            [
                "restart_policy.ignored_exit_codes",
                "restart_policy.restart_attempt_period",
                "log_configuration.secret_options",
                "log_configuration.log_driver",
            ]
        );
    }
}
