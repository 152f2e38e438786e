//! Settings that ECS refuses: its limits, its names and its references to secrets.

use std::ops::RangeInclusive;

use super::{service_of, text};
use crate::document::json_length;
use crate::ecs::Arn;
use crate::ecs::shapes::limits::{
    CONTAINER_MEMORY_MIN, IGNORED_EXIT_CODES, NAME_LENGTH, TASK_CPU, TASK_DEFINITION_BYTES, is_name, range,
};
use crate::render::{Names, reserved_above_the_limit};
use crate::rofs::platform::LaunchType;
use crate::rofs::problems::{line, looks_like_key, of_agent};
use crate::rofs::settings::{RestartPolicy, Settings, Text};
use crate::rofs::{SettingProblem, config_files};

/// Everything in the settings that ECS refuses, all at once.
pub(super) fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    problems.extend(foreign_reference(settings));
    names(settings, &mut problems);
    numbers(settings, &mut problems);
    problems.extend(reserved_above_the_limit(settings, "ECS"));
    problems.extend(too_large(settings));
    problems
        .extend(settings.restart_policy.as_ref().and_then(|policy| too_many_exit_codes(settings, policy)));
    problems
}

/// A reference to the API key that is of another service. Its text may be a key, so it is never quoted.
fn foreign_reference(settings: &Settings) -> Option<SettingProblem> {
    let key = settings.api_key.as_ref()?;
    let Text::Known(arn) = &key.reference else { return None };
    let service = service_of(key.store)?;
    let is_right = Arn::parse(arn).is_some_and(|arn| arn.service == service);
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

/// Files that alone are more than a task definition holds. What is not known yet counts nothing.
fn too_large(settings: &Settings) -> Option<SettingProblem> {
    let files = config_files(settings);
    let bytes: usize = files.iter().map(|(_, content)| json_length(&text(content)).bytes).sum();
    (bytes > TASK_DEFINITION_BYTES).then(|| SettingProblem {
        container: Some(settings.init_container_name.clone()),
        ..of_agent(
            settings,
            "config_files",
            "More than a task definition holds",
            format!(
                "The contents of `config_files` alone are {bytes} bytes of JSON. They are part of the task definition, and ECS \
                 accepts {TASK_DEFINITION_BYTES} bytes of that."
            ),
            "Put large files into the image instead, and name it in `image`.",
        )
    })
}

fn names(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let letters = format!("{NAME_LENGTH} letters, digits, hyphens and underscores");
    let begin_with = format!("at most {letters} with what follows it");
    let names = Names {
        summary: "Not a name of a container",
        of: "a container",
        are: format!("1 to {letters}"),
        begin_with,
        is_name,
    };
    problems.extend(names.problems(settings));
}

fn numbers(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let any = i64::from(i32::MAX);
    let mut check = |setting, value: Option<i64>, range, unit| {
        problems.extend(value.and_then(|value| out_of_range(settings, setting, value, &range, unit)));
    };
    let known = |path| range(path).map_or(0..=any, |known| known.range.clone());
    check("cpu", settings.cpu, 0..=*TASK_CPU.end(), "CPU units");
    check("memory", settings.memory, CONTAINER_MEMORY_MIN..=any, "MiB");
    check("memory_reservation", settings.memory_reservation, CONTAINER_MEMORY_MIN..=any, "MiB");
    let stop = known("stopTimeout");
    let longest_stop = match settings.platform.launch_type() {
        Some(LaunchType::Fargate) => *stop.end(),
        _ => any,
    };
    check("stop_timeout", settings.stop_timeout, *stop.start()..=longest_stop, "seconds");
    if let Some(health) = &settings.health_check {
        check("health_check.interval", Some(health.interval), known("healthCheck.interval"), "seconds");
        check("health_check.timeout", Some(health.timeout), known("healthCheck.timeout"), "seconds");
        check("health_check.retries", Some(health.retries), known("healthCheck.retries"), "failures");
        let start_period = known("healthCheck.startPeriod");
        check("health_check.start_period", Some(health.start_period), start_period, "seconds");
    }
    let period = settings.restart_policy.as_ref().and_then(|policy| policy.restart_attempt_period);
    let known = known("restartPolicy.restartAttemptPeriod");
    check("restart_policy.restart_attempt_period", period, known, "seconds");
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
            format!("`{setting}` is {value}; ECS accepts {least} to {most} {unit}."),
            format!("Write {}.", line(setting, value.clamp(*least, *most))),
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
