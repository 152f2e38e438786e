//! Names of containers.

use super::{SettingProblem, of_agent};
use crate::rofs::settings::Settings;

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    if settings.container_name == settings.init_container_name {
        problems.push(of_agent(
            settings,
            "init_container_name",
            "Both containers have one name",
            format!(
                "The Agent and its init container are both called {}; a name stands for one container.",
                settings.container_name
            ),
            "Name them differently, or leave both names out.",
        ));
    }
}
