//! Settings that Nomad or Docker refuses, or has no words for.

use super::secret::reference;
use crate::render::{Names, Numbers};
use crate::rofs::problems::{looks_like_key, of_agent};
use crate::rofs::settings::{Seeding, Settings, Text};
use crate::rofs::{SettingProblem, config_files};

/// MiB that Nomad gives a task at least (`MinResources` in api/resources.go, read 2026-11).
const LEAST_MEMORY: i64 = 10;

/// Bytes of a name of a task or a group.
const LONGEST_NAME: usize = 128;

/// Bytes of a name of a service.
const LONGEST_NAME_OF_A_SERVICE: usize = 63;

pub(super) fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    problems.extend(not_a_reference(settings));
    secrets(settings, &mut problems);
    problems.extend(names().problems(settings));
    problems.extend(Numbers { by: "Nomad", least_memory: LEAST_MEMORY }.problems(settings));
    problems.extend(not_a_service(settings));
    without_words(settings, &mut problems);
    paths(settings, &mut problems);
    problems
}

/// A reference to the API key that cannot be one. Its text may be a key, so it is never quoted.
fn not_a_reference(settings: &Settings) -> Option<SettingProblem> {
    let key = settings.api_key.as_ref()?;
    let Text::Known(path) = &key.reference else { return None };
    if looks_like_key(path) || reference(path).is_some() {
        return None;
    }
    Some(of_agent(
        settings,
        "api_key_secret",
        "Not a path of a secret",
        "The value of `api_key_secret` is neither the path of a Nomad variable nor that of a secret in Vault: parts of letters, \
         digits, hyphens, underscores and dots between slashes, and where the item is not called api_key, # and its name behind \
         it. The key itself does not belong there.",
        "Write it as in api_key_secret = \"nomad/jobs/datadog-agent\" or api_key_secret = \"secret/data/datadog#api_key\".",
    ))
}

fn secrets(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (name, path) in &settings.secrets {
        if !matches!(path, Text::Known(path) if reference(path).is_none()) {
            continue;
        }
        problems.push(of_agent(
            settings,
            "secrets",
            "Not a path of a secret",
            format!(
                "What `secrets` says of {name} is neither the path of a Nomad variable nor that of a secret in Vault. The value \
                 itself does not belong there, so it is not shown here."
            ),
            format!("Write it as in secrets = {{ {name} = \"nomad/jobs/datadog-agent#{}\" }}.", name.to_lowercase()),
        ));
    }
}

fn names() -> Names {
    let letters = "letters, digits, hyphens, underscores and dots";
    Names {
        summary: "Not a name of a task",
        of: "a task",
        are: format!("1 to {LONGEST_NAME} {letters}"),
        begin_with: letters.to_owned(),
        is_name,
    }
}

/// Nomad refuses a slash, a zero and, for Docker's sake, what no name of a container may have.
fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// With a check the Agent is a service too, and a service is called as a host is (`ValidateName` in nomad/structs/services.go of
/// hashicorp/nomad, aa026cc, 2026-08, read 2026-11).
fn not_a_service(settings: &Settings) -> Option<SettingProblem> {
    settings.health_check.as_ref()?;
    let name = &settings.container_name;
    let is_one = (1..=LONGEST_NAME_OF_A_SERVICE).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    (!is_one && is_name(name)).then(|| {
        of_agent(
            settings,
            "container_name",
            "Not a name of a service",
            format!(
                "`container_name` is \"{name}\". With `health_check` the Agent is a service of that name, and Nomad accepts 1 to \
                 {LONGEST_NAME_OF_A_SERVICE} letters, digits and hyphens for one, with a hyphen neither first nor last."
            ),
            "Give it such a name, or remove `health_check`.".to_owned(),
        )
    })
}

/// What is said for Nomad and has no place in its jobs.
fn without_words(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let restart = settings.restart_policy.as_ref();
    let log = settings.log_configuration.as_ref();
    for (setting, is_set, instead) in [
        (
            "restart_policy.ignored_exit_codes",
            restart.is_some_and(|policy| !policy.ignored_exit_codes.is_empty()),
            "Nomad starts a task again whatever its exit code was, or never: restart_policy { enabled = false }.",
        ),
        (
            "restart_policy.restart_attempt_period",
            restart.is_some_and(|policy| policy.restart_attempt_period.is_some()),
            "Nomad waits 15 seconds before it starts the Agent again, however long it ran.",
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
        (
            "seeding",
            settings.seeding == Seeding::ImageVolumes,
            "Nothing fills a directory of the allocation from an image, so a task has to copy it.",
        ),
        (
            "wait_until_healthy",
            settings.wait_until_healthy,
            "A task of Nomad waits for others to start or to end, not to be healthy.",
        ),
        (
            "health_check.start_period",
            settings.written.is_anywhere("health_check.start_period"),
            "Nomad and Consul know no time after the start in which failures do not count.",
        ),
        (
            "health_check.retries",
            settings.written.is_anywhere("health_check.retries"),
            "Nomad counts no failures of a check that runs a program: the first one is critical, and the next success ends it.",
        ),
    ] {
        if is_set {
            problems.push(of_agent(
                settings,
                setting,
                "Setting that Nomad has no words for",
                format!("`{setting}` is set. {instead}"),
                format!("Remove `{setting}`."),
            ));
        }
    }
}

/// Docker reads what is mounted where from a text with colons.
fn paths(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (file, _) in config_files(settings).into_iter().filter(|(file, _)| file.path.contains(':')) {
        problems.push(of_agent(
            settings,
            "config_files",
            "Path with a colon",
            format!("The path `{}` has a colon, at which Docker ends it.", file.path.escape_debug()),
            "Give the file a name without one.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::told;
    use crate::rofs::platform::Platform;
    use crate::rofs::settings::{LogConfiguration, RestartPolicy, Secret};

    fn sound() -> Settings {
        Settings { platform: Platform::Nomad, ..Settings::default() }
    }

    fn found(settings: &Settings) -> Vec<&'static str> {
        told(&problems(settings))
    }

    #[test]
    fn a_reference_to_a_secret_is_a_path_and_is_never_shown() {
        let with = |path: &str| Settings { api_key: Some(Secret::stored(path.into())), ..sound() };
        for (path, expected) in [
            ("nomad/jobs/datadog-agent", &[][..]),
            ("secret/data/datadog#key", &[]),
            ("s3cr3t", &["api_key_secret"]),
            ("a/s3cr3t}}", &["api_key_secret"]),
            // The pattern itself says that this is a key.
            ("0123456789abcdef0123456789abcdef", &[]),
        ] {
            assert_eq!(found(&with(path)), expected, "{path}");
        }
        let secrets = [("DD_APP_KEY".to_owned(), Text::from("arn:s3cr3t"))].into();
        assert_eq!(found(&Settings { secrets, ..sound() }), ["secrets"]);
    }

    #[test]
    fn with_a_check_the_agent_is_called_as_a_service_may_be() {
        use crate::rofs::settings::HealthCheck;
        let with =
            |name: &str, health_check| Settings { container_name: name.to_owned(), health_check, ..sound() };
        for (name, is_one) in [
            ("datadog-agent", true),
            ("dd_agent", false),
            ("dd.agent", false),
            ("agent-", false),
            (&"a".repeat(63), true),
            (&"a".repeat(64), false),
        ] {
            assert_eq!(found(&with(name, None)), [""; 0], "{name}");
            let expected: &[&str] = if is_one { &[] } else { &["container_name"] };
            assert_eq!(found(&with(name, Some(HealthCheck::default()))), expected, "{name}");
        }
    }

    #[test]
    fn a_number_of_failures_of_a_check_is_refused_where_it_is_written() {
        let mut settings = sound();
        settings.written.add_here("health_check.retries");
        assert_eq!(found(&settings), ["health_check.retries"]);
    }

    #[test]
    fn what_nomad_cannot_say_is_refused() {
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
            seeding: Seeding::ImageVolumes,
            wait_until_healthy: true,
            config_files: [("conf.d/a:b.yaml".to_owned(), Text::from("x"))].into(),
            container_name: "a/b".to_owned(),
            memory: Some(9),
            ..sound()
        };
        assert_eq!(
            found(&settings),
            [
                "container_name",
                "memory",
                "restart_policy.ignored_exit_codes",
                "restart_policy.restart_attempt_period",
                "log_configuration.secret_options",
                "log_configuration.log_driver",
                "seeding",
                "wait_until_healthy",
                "config_files",
            ]
        );
        assert_eq!(found(&sound()), [""; 0]);
    }
}
