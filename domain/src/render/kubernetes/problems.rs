//! Settings that Kubernetes refuses, or has no words for.

use super::container::ids;
use crate::render::{Names, Numbers};
use crate::rofs::platform::Platform;
use crate::rofs::problems::{looks_like_key, of_agent};
use crate::rofs::settings::{Seeding, Settings, Text};
use crate::rofs::{SettingProblem, config_files};

/// Bytes of a ConfigMap's data at most (Kubernetes' page on ConfigMaps, read 2026-11).
const LARGEST_CONFIG_MAP: usize = 1_048_576;

/// Letters of the name of a container or a volume at most, and of a label's value (Kubernetes' pages on names and on labels, read
/// 2026-11).
const LONGEST_LABEL: usize = 63;

/// Letters of the name of an object at most.
const LONGEST_NAME: usize = 253;

pub(super) fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    problems.extend(api_key(settings));
    secrets(settings, &mut problems);
    names(settings, &mut problems);
    problems.extend(Numbers { by: super::NAME, least_memory: 1 }.problems(settings));
    problems.extend(user(settings));
    labels(settings, &mut problems);
    without_words(settings, &mut problems);
    problems.extend(nothing_to_wait_for(settings));
    problems.extend(no_node(settings));
    problems.extend(too_large(settings));
    problems
}

/// Whether a reference names a Secret and the key of an entry: `datadog-secret/api-key`.
fn is_reference(reference: &str) -> bool {
    reference.split_once('/').is_some_and(|(name, key)| {
        let is_of_a_key = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_key = !key.is_empty() && key.len() <= LONGEST_NAME && key.bytes().all(is_of_a_key);
        is_object_name(name) && is_key && ![name, key].into_iter().any(looks_like_key)
    })
}

/// A reference to the API key that cannot be one. Its text may be a key, so it is never quoted.
fn api_key(settings: &Settings) -> Option<SettingProblem> {
    let key = settings.api_key.as_ref()?;
    let Text::Known(reference) = &key.reference else { return None };
    if looks_like_key(reference) || is_reference(reference) {
        return None;
    }
    Some(of_agent(
        settings,
        "api_key_secret",
        "Not an entry of a Secret",
        "The value of `api_key_secret` does not name a Secret (lower-case letters, digits, hyphens and dots) and the key of an \
         entry (letters, digits, hyphens, underscores and dots). The API key itself does not belong there.",
        "Write it as in api_key_secret = { name = \"datadog-secret\", key = \"api-key\" }.",
    ))
}

fn secrets(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (name, reference) in &settings.secrets {
        if !matches!(reference, Text::Known(reference) if !is_reference(reference)) {
            continue;
        }
        problems.push(of_agent(
            settings,
            "secrets",
            "Not an entry of a Secret",
            format!(
                "What `secrets` says of {name} is not the name of a Secret, a slash and the key of an entry. The value itself does \
                 not belong there, so it is not shown here."
            ),
            format!("Write it as in secrets = {{ {name} = \"datadog-secret/app-key\" }}."),
        ));
    }
}

fn names(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let letters = "lower-case letters, digits and hyphens, no hyphen first";
    let names = Names {
        summary: "Not a name of a container",
        of: "a container",
        are: format!("{letters} or last, at most {LONGEST_LABEL}"),
        begin_with: format!("{letters}, so few that no name is longer than {LONGEST_LABEL}"),
        is_name,
    };
    problems.extend(names.problems(settings));
}

/// Names of containers, volumes and namespaces: labels of DNS.
pub fn is_name(name: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty()
        && name.len() <= LONGEST_LABEL
        && name.bytes().all(is_inside)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Names of objects: domains of DNS.
fn is_object_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME && name.split('.').all(is_name)
}

/// Whether a text may be the value of a label.
pub fn is_label_value(text: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let is_end = |letter: Option<char>| letter.is_none_or(|letter| letter.is_ascii_alphanumeric());
    text.len() <= LONGEST_LABEL
        && text.bytes().all(is_inside)
        && is_end(text.chars().next())
        && is_end(text.chars().next_back())
}

fn user(settings: &Settings) -> Option<SettingProblem> {
    let user = settings.user.as_ref()?;
    let (id, _) = ids(user);
    id.is_null().then(|| {
        of_agent(
            settings,
            "user",
            "Not a number of a user",
            "Kubernetes knows users by their numbers, and `user` is none, nor one of the two that the image has.",
            "Write user = \"100\", the image's `dd-agent`, or leave `user` out for root.",
        )
    })
}

/// Unified service tags are labels of the Pod.
fn labels(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (setting, value) in
        [("service", &settings.service), ("env", &settings.env), ("version", &settings.version)]
    {
        let Some(Text::Known(text)) = value else { continue };
        if is_label_value(text) {
            continue;
        }
        problems.push(of_agent(
            settings,
            setting,
            "Not a value of a label",
            format!(
                "`{}` cannot be the value of the label {}: letters, digits, hyphens, underscores and dots, a letter or digit first \
                 and last, at most 63.",
                text.escape_debug(),
                settings.platform.label_of_tag(setting)
            ),
            format!("Write `{setting}` with those alone."),
        ));
    }
}

/// What is said for Kubernetes and has no place in a Pod.
fn without_words(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (setting, is_set, instead) in [
        (
            "restart_policy",
            settings.restart_policy.is_some(),
            "A Pod has one restartPolicy for all its containers, and a sidecar is always started again.",
        ),
        (
            "log_configuration",
            settings.log_configuration.is_some(),
            "What containers print is kept by the node; the log driver is the cluster's.",
        ),
        (
            "seeding",
            settings.seeding == Seeding::ImageVolumes,
            "An empty volume of a Pod is never filled from the image, so only the init container can do it.",
        ),
    ] {
        if is_set {
            problems.push(of_agent(
                settings,
                setting,
                "Setting that Kubernetes has no words for",
                format!("`{setting}` is set. {instead}"),
                format!("Remove `{setting}`."),
            ));
        }
    }
}

/// Where each Pod has a node of its own there is none to run an Agent on beside it.
fn no_node(settings: &Settings) -> Option<SettingProblem> {
    let Platform::Kubernetes(kind) = settings.platform else { return None };
    (kind.per_node && kind.fargate).then(|| {
        of_agent(
            settings,
            "eks_fargate",
            "No DaemonSet on AWS Fargate",
            "mode is \"daemonset\", and on AWS Fargate each Pod has a node of its own, on which no DaemonSet runs.",
            "Write mode = \"sidecar\", or leave eks_fargate out.",
        )
    })
}

fn nothing_to_wait_for(settings: &Settings) -> Option<SettingProblem> {
    let Platform::Kubernetes(kind) = settings.platform else { return None };
    if settings.wait_until_healthy && kind.per_node {
        return Some(of_agent(
            settings,
            "wait_until_healthy",
            "Waiting that Pods cannot do",
            "mode is \"daemonset\", and containers of one Pod do not wait for those of another.",
            "Remove wait_until_healthy.",
        ));
    }
    (settings.wait_until_healthy && !kind.native_sidecars).then(|| {
        of_agent(
            settings,
            "wait_until_healthy",
            "Waiting that this cluster cannot do",
            "Containers of a Pod start together; only for an init container that goes on running the others wait, and \
             native_sidecar = false says that the cluster has none.",
            "Write wait_until_healthy = false, or leave native_sidecar out.",
        )
    })
}

/// Files that one ConfigMap does not hold. What is not known yet may fit.
fn too_large(settings: &Settings) -> Option<SettingProblem> {
    let length = |content: &Text| match content {
        Text::Known(text) => text.len(),
        Text::Unknown => 0,
    };
    let bytes: usize =
        config_files(settings).iter().map(|(file, content)| file.variable.len() + length(content)).sum();
    (bytes > LARGEST_CONFIG_MAP).then(|| {
        of_agent(
            settings,
            "config_files",
            "More than a ConfigMap holds",
            format!("`config_files` come to {bytes} bytes; a ConfigMap holds {LARGEST_CONFIG_MAP}."),
            "Put large files into the image instead, and name it in `image`.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::told;
    use crate::rofs::platform::KubernetesKind;
    use crate::rofs::settings::{LogConfiguration, RestartPolicy, Secret};

    fn sound() -> Settings {
        Settings { platform: Platform::Kubernetes(KubernetesKind::default()), ..Settings::default() }
    }

    fn found(settings: &Settings) -> Vec<&'static str> {
        told(&problems(settings))
    }

    #[test]
    fn a_reference_to_the_key_names_a_secret_and_an_entry_and_is_never_shown() {
        let with = |reference: &str| Settings { api_key: Some(Secret::stored(reference.into())), ..sound() };
        for (reference, expected) in [
            ("datadog-secret/api-key", &[][..]),
            ("a.b/API_KEY.x", &[]),
            ("s3cr3t", &["api_key_secret"]),
            ("S3CR3T/api-key", &["api_key_secret"]),
            ("name/s3cr3t key", &["api_key_secret"]),
            ("name/", &["api_key_secret"]),
            ("name/0123456789abcdef0123456789abcdef", &["api_key_secret"]),
            // The pattern itself says that this is a key.
            ("0123456789abcdef0123456789abcdef", &[]),
        ] {
            assert_eq!(found(&with(reference)), expected, "{reference}");
        }
        let secrets = [("DD_APP_KEY".to_owned(), Text::from("arn:s3cr3t"))].into();
        assert_eq!(found(&Settings { secrets, ..sound() }), ["secrets"]);
    }

    #[test]
    fn names_numbers_users_and_labels_are_those_of_kubernetes() {
        assert_eq!(found(&sound()), [""; 0]);
        let odd = Settings {
            container_name: "A".to_owned(),
            init_container_name: "a.b".to_owned(),
            volume_prefix: "a_".to_owned(),
            cpu: Some(0),
            memory: Some(0),
            user: Some("nobody".into()),
            service: Some("a b".into()),
            version: Some("1.2.3+build".into()),
            env: Some("-".into()),
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
                "user",
                "service",
                "env",
                "version"
            ]
        );
        assert!(is_label_value("") && is_label_value("a") && is_label_value("1.2_3-x"));
        assert!(!is_label_value(&"x".repeat(64)) && !is_name(&"x".repeat(64)) && is_name(&"x".repeat(63)));
    }

    #[test]
    fn what_kubernetes_cannot_say_is_refused() {
        let settings = Settings {
            restart_policy: Some(RestartPolicy {
                enabled: true,
                ignored_exit_codes: Vec::new(),
                restart_attempt_period: None,
            }),
            log_configuration: Some(LogConfiguration {
                log_driver: "json-file".into(),
                options: Default::default(),
                secret_options: Default::default(),
            }),
            seeding: Seeding::ImageVolumes,
            wait_until_healthy: true,
            platform: Platform::Kubernetes(KubernetesKind {
                native_sidecars: false,
                ..KubernetesKind::default()
            }),
            ..sound()
        };
        assert_eq!(
            found(&settings),
            ["restart_policy", "log_configuration", "seeding", "wait_until_healthy"]
        );
    }

    #[test]
    fn files_that_no_config_map_holds_are_told_at_their_setting() {
        let with = |bytes: usize| Settings {
            config_files: [("x.yaml".to_owned(), Text::from("x".repeat(bytes)))].into(),
            ..sound()
        };
        let most = LARGEST_CONFIG_MAP - "CONFIG_FILE_X_YAML".len();
        assert_eq!(found(&with(most)), [""; 0]);
        assert_eq!(found(&with(most + 1)), ["config_files"]);
    }
}
