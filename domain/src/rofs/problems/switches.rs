//! Switches that need another switch.

use super::{SettingProblem, line, of_agent};
use crate::rofs::settings::Settings;

/// Settings that another one cancels. A switch for this task wins over what is set for all, and that is no mistake.
pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
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
        format!("`{setting}` is set, but with {} there is {what} that it could be for.", line(switch, false)),
        format!("Remove `{setting}`, or write {}.", line(switch, true)),
    )
}

fn needs(settings: &Settings, setting: &'static str, switch: &str, listener: &str) -> SettingProblem {
    of_agent(
        settings,
        setting,
        "Setting without its listener",
        format!(
            "`{setting}` is set, but {} switches {listener} off, so nothing would listen.",
            line(switch, false)
        ),
        format!("Remove `{setting}`, or write {}.", line(switch, true)),
    )
}
