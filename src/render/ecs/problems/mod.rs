//! Settings that ECS refuses: its limits, its names and its references to secrets.

use std::ops::RangeInclusive;

use crate::rofs::SettingProblem;
use crate::rofs::platform::LaunchType;
use crate::rofs::problems::{looks_like_key, of_agent};
use crate::rofs::settings::{RestartPolicy, Settings, Store, Text};
use crate::rofs::writable_path::all_writable_paths;

/// Least memory in MiB that a container can have (ECS API reference, read 2026-11).
const LEAST_MEMORY: i64 = 6;
/// Longest name of a container or volume.
const LONGEST_NAME: usize = 255;
/// Most exit codes that a restart policy ignores.
const IGNORED_EXIT_CODES: usize = 50;

/// Everything in the settings that ECS refuses, all at once.
pub fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    problems.extend(foreign_reference(settings));
    names(settings, &mut problems);
    numbers(settings, &mut problems);
    if let (Some(memory), Some(reservation)) = (settings.memory, settings.memory_reservation)
        && reservation > memory
    {
        problems.push(of_agent(
            settings,
            "memory_reservation",
            "More memory reserved than allowed",
            format!("{reservation} MiB are reserved, but the limit is {memory} MiB; ECS refuses that."),
            format!("Write memory_reservation = {memory} or less, or raise `memory`."),
        ));
    }
    problems
        .extend(settings.restart_policy.as_ref().and_then(|policy| too_many_exit_codes(settings, policy)));
    problems
}

/// A reference to the API key that is of another service. Its text may be a key, so it is never quoted.
fn foreign_reference(settings: &Settings) -> Option<SettingProblem> {
    let key = settings.api_key.as_ref()?;
    let Text::Known(arn) = &key.reference else { return None };
    let service = match key.store {
        Store::Secrets => "secretsmanager",
        Store::Parameters => "ssm",
    };
    let is_right = arn.split(':').next() == Some("arn") && arn.split(':').nth(2) == Some(service);
    (!is_right && !looks_like_key(arn)).then(|| {
        let setting = settings.platform.words().api_key(Some(key.store));
        of_agent(
            settings,
            setting,
            "Not an ARN of the right service",
            format!("The value of `{setting}` is not an ARN of the service `{service}`, so ECS cannot fetch the key."),
            format!("Write {setting} = \"arn:aws:{service}:<region>:<account>:...\"."),
        )
    })
}

fn names(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (setting, name) in
        [("container_name", &settings.container_name), ("init_container_name", &settings.init_container_name)]
    {
        if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(may_be_in_name) {
            problems.push(SettingProblem {
                setting,
                container: Some(name.clone()),
                summary: "Not a name of a container",
                detail: format!(
                    "`{}` is not a name of a container: 1 to {LONGEST_NAME} letters, digits, hyphens and underscores.",
                    name.escape_debug()
                ),
                fix: format!("Write it as in {setting} = \"datadog\"."),
            });
        }
    }
    let prefix = &settings.volume_prefix;
    let longest = all_writable_paths(prefix).iter().map(|entry| entry.volume.len()).max().unwrap_or_default();
    if longest > LONGEST_NAME || !prefix.bytes().all(may_be_in_name) {
        problems.push(SettingProblem {
            setting: "volume_prefix",
            container: None,
            summary: "Not a beginning of a volume name",
            detail: format!(
                "`{}` cannot begin the name of a volume: at most {LONGEST_NAME} letters, digits, hyphens and \
                 underscores with what follows it.",
                prefix.escape_debug()
            ),
            fix: "Write it as in volume_prefix = \"datadog-\".".to_owned(),
        });
    }
}

fn may_be_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn numbers(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let mut range = |setting, value: Option<i64>, range, unit| {
        problems.extend(value.and_then(|value| out_of_range(settings, setting, value, &range, unit)));
    };
    let any = i64::from(i32::MAX);
    let longest_stop = match settings.platform.launch_type() {
        LaunchType::Fargate => 120,
        _ => any,
    };
    range("cpu", settings.cpu, 0..=196_608, "CPU units");
    range("memory", settings.memory, LEAST_MEMORY..=any, "MiB");
    range("memory_reservation", settings.memory_reservation, LEAST_MEMORY..=any, "MiB");
    range("stop_timeout", settings.stop_timeout, 2..=longest_stop, "seconds");
    if let Some(check) = &settings.health_check {
        range("health_check.interval", Some(check.interval), 5..=300, "seconds");
        range("health_check.timeout", Some(check.timeout), 2..=60, "seconds");
        range("health_check.retries", Some(check.retries), 1..=10, "failures");
        range("health_check.start_period", Some(check.start_period), 0..=300, "seconds");
    }
    let period = settings.restart_policy.as_ref().and_then(|policy| policy.restart_attempt_period);
    range("restart_policy.restart_attempt_period", period, 60..=1800, "seconds");
}

fn out_of_range(
    settings: &Settings,
    setting: &'static str,
    value: i64,
    range: &RangeInclusive<i64>,
    unit: &str,
) -> Option<SettingProblem> {
    let (least, most) = (range.start(), range.end());
    (!range.contains(&value)).then(|| {
        of_agent(
            settings,
            setting,
            "Number out of range",
            format!("`{setting}` is {value}; ECS takes {least} to {most} {unit}."),
            format!("Write {setting} = {}.", value.clamp(*least, *most)),
        )
    })
}

fn too_many_exit_codes(settings: &Settings, policy: &RestartPolicy) -> Option<SettingProblem> {
    (policy.ignored_exit_codes.len() > IGNORED_EXIT_CODES).then(|| {
        of_agent(
            settings,
            "restart_policy.ignored_exit_codes",
            "Too many exit codes",
            format!(
                "{} exit codes are listed; ECS accepts at most {IGNORED_EXIT_CODES}.",
                policy.ignored_exit_codes.len()
            ),
            "List fewer.",
        )
    })
}

#[cfg(test)]
mod tests;
