//! Ports that are none.

use super::{SettingProblem, line, of_agent};
use crate::rofs::settings::Settings;

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (setting, port) in [("apm.port", settings.apm.port), ("dogstatsd.port", settings.dogstatsd.port)] {
        if let Some(port) = port.filter(|port| !(1..=65_535).contains(port)) {
            problems.push(of_agent(
                settings,
                setting,
                "Number out of range",
                format!("`{setting}` is {port}; a port is a number from 1 to 65535."),
                format!("Write {}.", line(setting, port.clamp(1, 65_535))),
            ));
        }
    }
}
