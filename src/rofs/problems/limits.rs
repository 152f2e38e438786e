//! Numbers out of range, and switches that need another switch.

use super::{SettingProblem, of_agent};
use crate::rofs::settings::{HealthCheck, LaunchType, RestartPolicy, Settings};

/// Least memory in MiB that a container can have (ECS API reference, read 2026-11).
const LEAST_MEMORY: i64 = 6;

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let mut range = |setting, value: Option<i64>, least, most, unit| {
        problems.extend(value.and_then(|value| out_of_range(settings, setting, value, least, most, unit)));
    };
    let longest_stop = match settings.launch_type {
        LaunchType::Fargate => 120,
        _ => i64::from(i32::MAX),
    };
    range("cpu", settings.cpu, 0, 196_608, "CPU units");
    range("memory", settings.memory, LEAST_MEMORY, i64::from(i32::MAX), "MiB");
    range("memory_reservation", settings.memory_reservation, LEAST_MEMORY, i64::from(i32::MAX), "MiB");
    range("stop_timeout", settings.stop_timeout, 2, longest_stop, "seconds");
    range("apm.port", settings.apm.port, 1, 65_535, "as a port");
    range("dogstatsd.port", settings.dogstatsd.port, 1, 65_535, "as a port");
    if let Some(check) = &settings.health_check {
        range("health_check.interval", Some(check.interval), 5, 300, "seconds");
        range("health_check.timeout", Some(check.timeout), 2, 60, "seconds");
        range("health_check.retries", Some(check.retries), 1, 10, "failures");
        range("health_check.start_period", Some(check.start_period), 0, 300, "seconds");
    }
    let restart = settings.restart_policy.as_ref();
    range(
        "restart_policy.restart_attempt_period",
        restart.and_then(|policy| policy.restart_attempt_period),
        60,
        1800,
        "seconds",
    );
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
    problems.extend(settings.health_check.as_ref().and_then(|check| unusable_command(settings, check)));
    problems.extend(restart.and_then(|policy| too_many_exit_codes(settings, policy)));
    switches(settings, problems);
}

fn out_of_range(
    settings: &Settings,
    setting: &'static str,
    value: i64,
    least: i64,
    most: i64,
    unit: &str,
) -> Option<SettingProblem> {
    (!(least..=most).contains(&value)).then(|| {
        of_agent(
            settings,
            setting,
            "Number out of range",
            format!("`{setting}` is {value}; ECS takes {least} to {most} {unit}."),
            format!("Write {setting} = {}.", value.clamp(least, most)),
        )
    })
}

fn unusable_command(settings: &Settings, check: &HealthCheck) -> Option<SettingProblem> {
    let usable = match check.command.first().map(String::as_str) {
        Some("CMD") => check.command.len() >= 2,
        Some("CMD-SHELL") => check.command.len() == 2,
        _ => false,
    } && check.command.iter().all(|word| !word.is_empty());
    (!usable).then(|| {
        of_agent(
            settings,
            "health_check.command",
            "Not a health check command",
            "A health check's command begins with CMD and the words of a command, or is CMD-SHELL and one line for the \
             shell.",
            "Write command = [\"CMD-SHELL\", \"agent health 2>/dev/null\"], or leave `command` out.",
        )
    })
}

fn too_many_exit_codes(settings: &Settings, policy: &RestartPolicy) -> Option<SettingProblem> {
    (policy.ignored_exit_codes.len() > 50).then(|| {
        of_agent(
            settings,
            "restart_policy.ignored_exit_codes",
            "Too many exit codes",
            format!("{} exit codes are listed; ECS accepts at most 50.", policy.ignored_exit_codes.len()),
            "List fewer.",
        )
    })
}

/// Settings that another one cancels. A switch for this task wins over what is set for all, and that is no mistake.
fn switches(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let (apm, dogstatsd, written) = (&settings.apm, &settings.dogstatsd, &settings.written);
    let cancelled =
        |setting: &str, asked: bool, switch: &str| asked && !written.is_overridden_by(setting, switch);
    for (setting, asked) in [
        ("apm.socket", apm.socket && written.is_anywhere("apm.socket")),
        ("apm.profiling", apm.profiling == Some(true)),
        ("apm.data_streams", apm.data_streams == Some(true)),
        ("apm.trace_inferred_proxy_services", apm.trace_inferred_proxy_services == Some(true)),
        ("apm.port", apm.port.is_some()),
    ] {
        if !apm.enabled && cancelled(setting, asked, "apm.enabled") {
            problems.push(needs(settings, setting, "apm.enabled", "the trace Agent"));
        }
    }
    for (setting, asked) in [
        ("dogstatsd.socket", dogstatsd.socket && written.is_anywhere("dogstatsd.socket")),
        ("dogstatsd.origin_detection", dogstatsd.origin_detection == Some(true)),
        ("dogstatsd.cardinality", dogstatsd.cardinality.is_some()),
        ("dogstatsd.port", dogstatsd.port.is_some()),
    ] {
        if !dogstatsd.enabled && cancelled(setting, asked, "dogstatsd.enabled") {
            problems.push(needs(settings, setting, "dogstatsd.enabled", "DogStatsD"));
        }
    }
    for setting in HEALTH_CHECK {
        let is_off = settings.health_check.is_none();
        if is_off && cancelled(setting, written.is_anywhere(setting), "health_check.enabled") {
            problems.push(of_nothing(settings, setting, "health_check.enabled", "no health check"));
        }
    }
    for setting in RESTART_POLICY {
        let is_off = settings.restart_policy.as_ref().is_some_and(|policy| !policy.enabled);
        if is_off && cancelled(setting, written.is_anywhere(setting), "restart_policy.enabled") {
            problems.push(of_nothing(settings, setting, "restart_policy.enabled", "no restart"));
        }
    }
    if settings.wait_until_healthy && settings.health_check.is_none() {
        problems.push(of_agent(
            settings,
            "wait_until_healthy",
            "Waiting for a health check that is off",
            "The application is to wait until the Agent is healthy, and health_check { enabled = false } leaves the Agent \
             without a health check: there is nothing to wait for.",
            "Write wait_until_healthy = false, or leave health_check.enabled out.",
        ));
    }
}

/// What says how the health check is made.
const HEALTH_CHECK: [&str; 5] = [
    "health_check.command",
    "health_check.interval",
    "health_check.timeout",
    "health_check.retries",
    "health_check.start_period",
];

/// What says how restarts are made.
const RESTART_POLICY: [&str; 2] =
    ["restart_policy.ignored_exit_codes", "restart_policy.restart_attempt_period"];

fn of_nothing(settings: &Settings, setting: &'static str, switch: &str, what: &str) -> SettingProblem {
    of_agent(
        settings,
        setting,
        "Setting of something that is off",
        format!("`{setting}` is set, but with {switch} = false there is {what} that it could be for."),
        format!("Remove `{setting}`, or write {switch} = true."),
    )
}

fn needs(settings: &Settings, setting: &'static str, switch: &str, listener: &str) -> SettingProblem {
    of_agent(
        settings,
        setting,
        "Setting without its listener",
        format!("`{setting}` is set, but {switch} = false switches {listener} off, so nothing would listen."),
        format!("Remove `{setting}`, or write {switch} = true."),
    )
}
