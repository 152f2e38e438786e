//! PLATFORMS: a workload in each platform's own words.
//!
//! A platform is a folder with a [`Renderer`]: a pure function from the workload to the platform's document. It knows how
//! the platform spells a thing and adds no policy: what is not in the workload is not in the document. What a platform
//! cannot say is refused, never left out.

pub mod compose;
pub mod docker;
pub mod ecs;
mod engine;
pub mod kubernetes;
pub mod nomad;

use crate::document::Node;
use crate::rofs::SettingProblem;
use crate::rofs::platform::Platform;
use crate::rofs::problems::{line, of_agent};
use crate::rofs::settings::Settings;
use crate::rofs::workload::{VolumeKind, Workload};
use crate::rofs::writable_path::all_writable_paths;

/// What a platform's folder does.
pub trait Renderer {
    /// The platform's document with the sidecars and what they need beside them.
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable>;

    /// What the platform refuses of the settings, all at once: its limits, its names and its references to secrets.
    fn problems(&self, settings: &Settings) -> Vec<SettingProblem>;
}

/// The renderer of a platform.
pub fn of(platform: Platform) -> &'static dyn Renderer {
    match platform {
        Platform::Ecs(_) => &ecs::Ecs,
        Platform::Compose => &compose::Compose,
        Platform::Docker => &docker::Docker,
        Platform::Nomad => &nomad::Nomad,
        Platform::Kubernetes(_) => &kubernetes::Kubernetes,
    }
}

/// The numbers that a platform accepts.
struct Numbers {
    /// Who refuses others.
    by: &'static str,
    /// MiB of memory at least.
    least_memory: i64,
}

impl Numbers {
    /// What is wrong with the sizes and times in the settings.
    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        const ANY: i64 = i32::MAX as i64;
        let mut problems = Vec::new();
        let mut check = |setting, value: Option<i64>, least: i64, unit: &str| {
            let Some(value) = value.filter(|value| !(least..=ANY).contains(value)) else { return };
            problems.push(of_agent(
                settings,
                setting,
                "Number out of range",
                format!("`{setting}` is {value}; {} accepts {least} to {ANY} {unit}.", self.by),
                format!("Write {}.", line(setting, value.clamp(least, ANY))),
            ));
        };
        check("cpu", settings.cpu, 1, "CPU units");
        check("memory", settings.memory, self.least_memory, "MiB");
        check("memory_reservation", settings.memory_reservation, self.least_memory, "MiB");
        check("stop_timeout", settings.stop_timeout, 0, "seconds");
        if let Some(health) = &settings.health_check {
            check("health_check.interval", Some(health.interval), 1, "seconds");
            check("health_check.timeout", Some(health.timeout), 1, "seconds");
            check("health_check.retries", Some(health.retries), 1, "failures");
            check("health_check.start_period", Some(health.start_period), 0, "seconds");
        }
        problems.extend(reserved_above_the_limit(settings, self.by));
        problems
    }
}

/// More memory reserved than the limit allows, which `by` refuses.
fn reserved_above_the_limit(settings: &Settings, by: &str) -> Option<SettingProblem> {
    let (memory, reservation) = (settings.memory?, settings.memory_reservation?);
    (reservation > memory).then(|| {
        of_agent(
            settings,
            "memory_reservation",
            "More memory reserved than allowed",
            format!("{reservation} MiB are reserved, but the limit is {memory} MiB; {by} refuses that."),
            format!("Write memory_reservation = {memory} or less, or raise `memory`."),
        )
    })
}

/// The names that a platform accepts, and how sentences speak of them.
struct Names {
    /// What is said of a name that is none, in a few words.
    summary: &'static str,
    /// What carries one: `a container`.
    of: &'static str,
    /// What one is made of.
    are: String,
    /// What the beginning of a volume's name is made of.
    begin_with: String,
    is_name: fn(&str) -> bool,
}

impl Names {
    /// What is wrong with the names in the settings.
    fn problems(&self, settings: &Settings) -> Vec<SettingProblem> {
        let named = [
            ("container_name", &settings.container_name),
            ("init_container_name", &settings.init_container_name),
        ];
        let bad = named.into_iter().filter(|(_, name)| !(self.is_name)(name));
        let mut problems: Vec<_> = bad.map(|(setting, name)| self.not_a_name(setting, name)).collect();
        let prefix = &settings.volume_prefix;
        if !all_writable_paths(prefix).iter().all(|entry| (self.is_name)(&entry.volume)) {
            problems.push(SettingProblem {
                setting: "volume_prefix",
                key: None,
                container: None,
                summary: "Not a beginning of a volume name",
                detail: format!(
                    "`{}` cannot begin the name of a volume: {}.",
                    prefix.escape_debug(),
                    self.begin_with
                ),
                fix: "Write it as in volume_prefix = \"datadog-\".".to_owned(),
            });
        }
        problems
    }

    fn not_a_name(&self, setting: &'static str, name: &str) -> SettingProblem {
        SettingProblem {
            setting,
            key: None,
            container: Some(name.to_owned()),
            summary: self.summary,
            detail: format!("`{}` is not a name of {}: {}.", name.escape_debug(), self.of, self.are),
            fix: format!("Write it as in {setting} = \"datadog\"."),
        }
    }
}

/// Something of a workload that a platform has no words for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A volume of a kind that the platform has not.
    #[error("volume {name} is {}, which {platform} cannot say", .kind.described())]
    Volume {
        /// What the platform is called.
        platform: &'static str,
        /// The volume.
        name: String,
        /// What it is.
        kind: VolumeKind,
    },
    /// A secret that is a file.
    #[error("container {container} gets a secret as a file, which {platform} cannot say")]
    SecretFile {
        /// What the platform is called.
        platform: &'static str,
        /// The container.
        container: String,
    },
    /// A variable whose value only another platform fills in.
    #[error("container {container} gets {variable} from the platform, which {platform} cannot say")]
    FilledIn {
        /// What the platform is called.
        platform: &'static str,
        /// The container.
        container: String,
        /// The variable.
        variable: String,
    },
    /// A view of the machine's processes for one container alone.
    #[error(
        "container {container} sees the processes of the machine, which {platform} says for all containers or none"
    )]
    Processes {
        /// What the platform is called.
        platform: &'static str,
        /// The container.
        container: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings that there are problems with. Every problem says what is wrong and what to write, and none a secret.
    pub(super) fn told(problems: &[SettingProblem]) -> Vec<&'static str> {
        for problem in problems {
            let texts = format!("{} {} {}", problem.summary, problem.detail, problem.fix);
            assert!(!texts.contains("s3cr3t"), "{texts}");
            assert!(problem.detail.ends_with('.') && !problem.fix.is_empty(), "{texts}");
        }
        problems.iter().map(|problem| problem.setting).collect()
    }
}
