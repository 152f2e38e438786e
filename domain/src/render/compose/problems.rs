//! Settings that Compose or Docker refuses, or has no words for.

use crate::render::engine::Engine;
use crate::rofs::SettingProblem;
use crate::rofs::settings::Settings;

const COMPOSE: Engine = Engine {
    name: super::NAME,
    container: "service",
    no_words: "Setting that Compose has no words for",
    is_name,
    not_a_file: |name| {
        (!is_name(name)).then_some((
            "Not a name of a secret",
            "the name of a secret of the document: letters, digits, hyphens, underscores and dots",
            "datadog_api_key",
        ))
    },
};

pub(super) fn problems(settings: &Settings) -> Vec<SettingProblem> {
    COMPOSE.problems(settings)
}

/// Names in a document of Compose (patternProperties of its JSON schema, read 2026-11).
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::told;
    use crate::rofs::platform::Platform;
    use crate::rofs::settings::{HealthCheck, LogConfiguration, RestartPolicy, Secret, Store, Text};

    fn sound() -> Settings {
        Settings { platform: Platform::Compose, ..Settings::default() }
    }

    fn found(settings: &Settings) -> Vec<&'static str> {
        told(&problems(settings))
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
        let most = crate::render::engine::LONGEST_VARIABLE - "CONFIG_FILE_X_YAML=".len() - 1;
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
