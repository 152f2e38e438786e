//! What plain Docker and Docker Compose have in common: settings that Docker's engine refuses, or has no words for.

use super::{Names, Numbers};
use crate::document::Node;
use crate::rofs::problems::{looks_like_key, of_agent};
use crate::rofs::settings::{Settings, Store, Text};
use crate::rofs::{SettingProblem, config_files};

/// MiB that Docker gives a container at least (Docker's page on resource constraints, read 2026-11).
const LEAST_MEMORY: i64 = 6;

/// Bytes of a variable with its name, the equals sign and a zero at the end (execve(2) in the Linux manual pages, MAX_ARG_STRLEN,
/// read 2026-11).
pub(super) const LONGEST_VARIABLE: usize = 131_072;

/// CPU units of one CPU.
const UNITS_OF_A_CPU: f64 = 1024.0;

/// How many CPUs some units are.
pub(super) fn cpus(units: i64) -> Node {
    #[expect(clippy::cast_precision_loss, reason = "no machine has that many CPUs")]
    let cpus = units as f64 / UNITS_OF_A_CPU;
    cpus.to_string().into()
}

/// A time.
pub(super) fn seconds(seconds: i64) -> Node {
    format!("{seconds}s").into()
}

/// What tells the two apart in sentences and names.
pub(super) struct Engine {
    /// What it is called.
    pub(super) name: &'static str,
    /// What it calls a container.
    pub(super) container: &'static str,
    /// What is said of a setting without words there.
    pub(super) no_words: &'static str,
    pub(super) is_name: fn(&str) -> bool,
    /// What is wrong with the reference to a key that is in a file: a summary, a sentence with the setting in it, and a value to
    /// write.
    pub(super) not_a_file: fn(&str) -> Option<(&'static str, &'static str, &'static str)>,
}

impl Engine {
    /// What is wrong with settings, all at once.
    pub(super) fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        let mut problems = Vec::new();
        problems.extend(self.not_a_reference(settings));
        secrets(settings, &mut problems);
        self.names(settings, &mut problems);
        problems.extend(Numbers { by: "Docker", least_memory: LEAST_MEMORY }.problems(settings));
        self.without_words(settings, &mut problems);
        problems.extend(too_large(settings));
        no_texts(settings, &mut problems);
        problems
    }

    /// A reference to the API key that cannot be one. Its text may be a key, so it is never quoted.
    fn not_a_reference(&self, settings: &Settings) -> Option<SettingProblem> {
        let key = settings.api_key.as_ref()?;
        let Text::Known(name) = &key.reference else { return None };
        if looks_like_key(name) {
            return None;
        }
        let setting = settings.platform.words().api_key(Some(key.store));
        let (summary, what, example) = match key.store {
            Store::Environment if !is_variable(name) => (
                "Not a name of a variable",
                "the name of a variable of the machine: letters, digits and underscores, and no digit first",
                "DD_API_KEY",
            ),
            Store::File => (self.not_a_file)(name)?,
            _ => return None,
        };
        Some(of_agent(
            settings,
            setting,
            summary,
            format!("The value of `{setting}` is not {what}. The key itself does not belong there."),
            format!("Write it as in {setting} = \"{example}\"."),
        ))
    }

    fn names(&self, settings: &Settings, problems: &mut Vec<SettingProblem>) {
        let letters = "letters, digits, hyphens, underscores and dots";
        let (summary, of) = match self.container {
            "service" => ("Not a name of a service", "a service"),
            _ => ("Not a name of a container", "a container"),
        };
        let names = Names {
            summary,
            of,
            are: letters.to_owned(),
            begin_with: letters.to_owned(),
            is_name: self.is_name,
        };
        problems.extend(names.problems(settings));
    }

    /// What is said and has no words here.
    fn without_words(&self, settings: &Settings, problems: &mut Vec<SettingProblem>) {
        let restart = settings.restart_policy.as_ref();
        let log = settings.log_configuration.as_ref();
        for (setting, is_set, instead) in [
            (
                "restart_policy.ignored_exit_codes",
                restart.is_some_and(|policy| !policy.ignored_exit_codes.is_empty()),
                format!(
                    "{} starts a {} again whatever its exit code was, or never: restart_policy {{ enabled = false }}.",
                    self.name, self.container
                ),
            ),
            (
                "restart_policy.restart_attempt_period",
                restart.is_some_and(|policy| policy.restart_attempt_period.is_some()),
                "Docker decides by itself how long it waits before it starts a container again.".to_owned(),
            ),
            (
                "log_configuration.secret_options",
                log.is_some_and(|log| !log.secret_options.is_empty()),
                "Docker's log drivers have no options that are fetched from elsewhere.".to_owned(),
            ),
            (
                "log_configuration.log_driver",
                log.is_some_and(|log| log.log_driver.is("awsfirelens")),
                "That driver belongs to ECS. Docker has json-file, local, journald, syslog, fluentd and others.".to_owned(),
            ),
        ] {
            if is_set {
                problems.push(of_agent(
                    settings,
                    setting,
                    self.no_words,
                    format!("`{setting}` is set. {instead}"),
                    format!("Remove `{setting}`."),
                ));
            }
        }
    }
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

/// Whether a shell takes it for the name of a variable.
pub(super) fn is_variable(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| !first.is_ascii_digit())
}

/// Texts with a zero in them, which no program is given.
fn no_texts(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let log = settings.log_configuration.as_ref();
    for (setting, texts) in [
        ("environment", Some(&settings.environment)),
        ("docker_labels", Some(&settings.docker_labels)),
        ("tags", Some(&settings.tags)),
        ("log_configuration.options", log.map(|log| &log.options)),
    ] {
        for (key, text) in texts.into_iter().flatten() {
            if !matches!(text, Text::Known(text) if text.contains('\0')) {
                continue;
            }
            problems.push(of_agent(
                settings,
                setting,
                "A text that ends early",
                format!(
                    "What `{setting}` says of {} has a zero byte in it, with which every text ends on Linux.",
                    key.escape_debug()
                ),
                "Remove it.",
            ));
        }
    }
}
