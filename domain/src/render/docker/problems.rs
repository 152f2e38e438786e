//! Settings that Docker refuses, or has no words for.

use crate::render::engine::{Engine, is_variable};
use crate::rofs::SettingProblem;
use crate::rofs::problems::of_agent;
use crate::rofs::settings::Settings;

const DOCKER: Engine = Engine {
    name: super::NAME,
    container: "container",
    no_words: "Setting that Docker has no words for",
    is_name,
    not_a_file: |path| {
        let is_path = path.starts_with('/') && !path.ends_with('/') && !path.contains([':', '\0']);
        (!is_path).then_some((
            "Not a path of a file",
            "the path of a file of the machine: it begins with a slash, ends with the file's name and has no colon in it",
            "/etc/datadog/api_key",
        ))
    },
};

pub(super) fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = DOCKER.problems(settings);
    let names = settings.secrets.keys().filter(|name| !is_variable(name));
    problems.extend(names.map(|name| {
        of_agent(
            settings,
            "secrets",
            "Not a name that a shell can hand over",
            format!(
                "`{}` in `secrets` is handed over by a shell, which has no variable of that name: letters, digits and underscores, \
                 and no digit first.",
                name.escape_debug()
            ),
            "Write another name, or read the value from a file in the container.",
        )
    }));
    problems
}

/// Names of containers, volumes and networks (Docker's error of `docker create`, RestrictedNameChars of moby's `daemon/names`, read
/// 2026-11).
fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    name.len() > 1
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::told;
    use crate::rofs::platform::Platform;
    use crate::rofs::settings::{RestartPolicy, Secret, Store, Text};

    fn sound() -> Settings {
        Settings { platform: Platform::Docker, ..Settings::default() }
    }

    fn found(settings: &Settings) -> Vec<&'static str> {
        let problems = problems(settings);
        assert!(!format!("{problems:?}").contains("Compose"), "{problems:?}");
        told(&problems)
    }

    #[test]
    fn a_key_is_in_a_variable_or_in_a_file_by_its_path() {
        let with = |store, reference: &str| Settings {
            api_key: Some(Secret { store, reference: reference.into() }),
            ..sound()
        };
        for (store, reference, expected) in [
            (Store::Environment, "DD_API_KEY", &[][..]),
            (Store::Environment, "s3cr3t-x", &["api_key_environment"]),
            (Store::File, "/etc/datadog/api key", &[]),
            (Store::File, "s3cr3t", &["api_key_file"]),
            (Store::File, "/s3cr3t/", &["api_key_file"]),
            (Store::File, "/s3cr3t:ro", &["api_key_file"]),
        ] {
            assert_eq!(found(&with(store, reference)), expected, "{reference}");
        }
    }

    #[test]
    fn names_are_those_of_docker_and_what_it_has_no_words_for_is_refused() {
        assert_eq!(found(&sound()), [""; 0]);
        let odd = Settings {
            container_name: "_agent".to_owned(),
            init_container_name: "a".to_owned(),
            volume_prefix: "-".to_owned(),
            memory: Some(1),
            secrets: [("A-B".to_owned(), Text::from("X"))].into(),
            environment: [("A".to_owned(), Text::from("s3cr3t\0"))].into(),
            restart_policy: Some(RestartPolicy {
                enabled: true,
                ignored_exit_codes: vec![0],
                restart_attempt_period: None,
            }),
            ..sound()
        };
        assert_eq!(
            found(&odd),
            [
                "container_name",
                "init_container_name",
                "volume_prefix",
                "memory",
                "restart_policy.ignored_exit_codes",
                "environment",
                "secrets",
            ]
        );
    }
}
