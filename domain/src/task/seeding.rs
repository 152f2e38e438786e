//! How an Agent's configuration directory gets its content.
//!
//! A container that copies the image's directory into the volume is told by its command, which names the directory, copies
//! and ends. Whoever does something else with the volume may run as long as the task, and an Agent that waited for its end
//! would never start.

use super::filling::{Filling, Miss};
use super::{Container, Source, TaskDefinition};
use crate::rofs::ConfigFile;
use crate::rofs::seed::Seed;
use crate::rofs::settings::Seeding;
use crate::rofs::startup::copies_the_configuration;
use crate::rofs::writable_path::{CONFIG, all_writable_paths, volume_of_the_image};

/// What an Agent sees at its configuration directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Configuration<'a> {
    /// The directory of its image.
    OfTheImage,
    /// A tmpfs, which is empty at every start.
    Tmpfs,
    /// What lies above the directory, or a mount that names no volume: whatever is in there is the user's.
    OfItsOwn,
    /// The volume of that name.
    Volume(&'a str),
}

impl<'a> TaskDefinition<'a> {
    /// What an Agent sees at its configuration directory. `None` if not yet known.
    pub(crate) fn configuration(&self, agent: &Container<'a>) -> Option<Configuration<'a>> {
        let seen = self.mounts(agent).seen_at(CONFIG)?;
        Some(match seen.map(|mount| (mount.source, &*mount.path)) {
            None => Configuration::OfTheImage,
            Some((_, path)) if path != CONFIG => Configuration::OfItsOwn,
            Some((Source::UnknownVolume, _)) => return None,
            Some((Source::Tmpfs, _)) => Configuration::Tmpfs,
            Some((Source::Volume(""), _)) => Configuration::OfItsOwn,
            Some((Source::Volume(volume), _)) => Configuration::Volume(volume),
        })
    }

    /// Whether the settings say that an Agent's image fills empty volumes by itself, because it declares them.
    pub(crate) fn is_filled_by_its_image(&self, agent: &Container<'_>) -> bool {
        self.agent.is_some_and(|settings| {
            settings.seeding == Seeding::ImageVolumes && agent.name == Some(settings.name_in_the_task())
        })
    }

    /// Whether the settings call one of the pattern's volumes so.
    pub(crate) fn is_of_the_pattern(&self, volume: &str) -> bool {
        self.is_called_after_the_image(volume)
            || self.agent.is_some_and(|settings| {
                all_writable_paths(&settings.volume_prefix).iter().any(|writable| writable.volume == volume)
            })
    }

    /// Whether the settings call a volume after the image that fills it, so that another image fills another one.
    pub(crate) fn is_called_after_the_image(&self, volume: &str) -> bool {
        self.agent.and_then(volume_of_the_image).is_some_and(|called| called == volume)
    }

    /// Whether an Agent waits for the end of a container that writes to its configuration volume. `None` if not yet known.
    pub(crate) fn is_seeded(&self, agent: &Container<'_>, volume: &str) -> Option<bool> {
        let (ends, mut all_known) = self.awaited_ends(agent);
        for container in ends.keys().filter_map(|name| self.named(name)) {
            match self.writes_to(container, volume, |_| true) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => all_known = false,
            }
        }
        all_known.then_some(false)
    }

    /// The init container of the user's own that fills an Agent's configuration volume, if there is one. `None` if not yet
    /// known.
    pub(crate) fn init_container(
        &self,
        agent: &Container<'_>,
        volume: &str,
    ) -> Option<Option<&Container<'a>>> {
        for container in &self.containers {
            if container.index != agent.index && container.name.is_some() && self.fills(container, volume)? {
                return Some(Some(container));
            }
        }
        Some(None)
    }

    /// Whether a container copies the image's configuration to a volume and ends. `None` if not yet known.
    fn fills(&self, container: &Container<'a>, volume: &str) -> Option<bool> {
        let essential = container.get("essential");
        let may_end = (!essential.is_unknown()).then(|| essential.as_bool() != Some(true));
        let names_it = || {
            let words = container.words()?;
            Some(Seed::read(&words).is_some() || copies_the_configuration(&words.join(" ")))
        };
        let copies = match self.filling(container, volume) {
            Some(Filling::Fills) => Some(true),
            Some(Filling::Misses {
                miss: Miss::Nothing | Miss::StartsTheAgent | Miss::NeverEnds, ..
            }) => Some(false),
            // What is meant to fill the volume and does not is for the rules to tell.
            Some(Filling::Misses { .. } | Filling::Unclear) => names_it(),
            // Of an image that is not known yet the words may tell enough.
            None => names_it(),
        };
        // What lies over the directory hides what is to be copied.
        let writes_beside = self.writes_to(container, volume, |path| path != CONFIG);
        let answers = [may_end, copies, writes_beside];
        // One no is enough, whatever else is not known yet.
        if answers.contains(&Some(false)) {
            Some(false)
        } else {
            answers.iter().all(Option::is_some).then_some(true)
        }
    }

    /// Whether a container can write to a volume at such a path. `None` if not yet known.
    fn writes_to(
        &self,
        container: &Container<'a>,
        volume: &str,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<bool> {
        let mounts = self.mounts(container);
        let mut all_known = mounts.complete;
        for mount in mounts.known.iter().filter(|mount| is_meant(&mount.path)) {
            match (mount.source, mount.read_only) {
                (_, Some(true)) | (Source::Tmpfs, _) => {}
                (Source::Volume(name), Some(false)) if name == volume => return Some(true),
                (Source::Volume(name), _) if name != volume => {}
                _ => all_known = false,
            }
        }
        all_known.then_some(false)
    }
}

impl Container<'_> {
    /// The files that it writes to the Agent's configuration, each from one of its variables.
    pub(crate) fn config_files(&self) -> Vec<ConfigFile> {
        let seed = self.words().and_then(|words| Seed::read(&words));
        seed.map(|seed| seed.files).unwrap_or_default()
    }

    /// Whether its Docker labels declare the check of Fargate by Autodiscovery: the other way to what an empty directory
    /// lacks (datadog-agent issue 15127, read 2026-11). `None` if not yet known.
    pub(crate) fn declares_the_check(&self) -> Option<bool> {
        let labels = self.get("dockerLabels");
        let declared =
            ["com.datadoghq.ad.check_names", "com.datadoghq.ad.checks"].map(|label| labels.get(label));
        if declared.iter().any(|checks| checks.as_str().is_some_and(|checks| checks.contains("ecs_fargate")))
        {
            return Some(true);
        }
        (!labels.is_unknown()).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::super::tests::node;
    use super::*;

    /// Whether a container of these parts fills the volume `conf`.
    fn filled(parts: &str) -> Option<bool> {
        let document = node(&format!(r#"{{"containerDefinitions": [{{"name": "init"{parts}}}]}}"#));
        let task = TaskDefinition::read(&Subject::of(&document));
        task.fills(task.named("init").unwrap(), "conf")
    }

    #[test]
    fn who_fills_the_volume_may_end_and_writes_beside_the_directory() {
        const COPY: &str = r#", "command": ["cp", "-r", "/etc/datadog-agent", "/c"]"#;
        const MOUNT: &str = r#", "mountPoints": [{"sourceVolume": "conf", "containerPath": "/c"}]"#;
        for (parts, answer) in [
            (format!("{COPY}{MOUNT}"), Some(true)),
            (format!(r#"{COPY}{MOUNT}, "essential": false"#), Some(true)),
            (format!(r#"{COPY}{MOUNT}, "essential": true"#), Some(false)),
            (format!(r#"{COPY}{MOUNT}, "essential": "<unknown>""#), None),
            (format!(r#"{COPY}{}"#, MOUNT.replace("/c\"", "/c\", \"readOnly\": true")), Some(false)),
            (format!(r#"{COPY}{}"#, MOUNT.replace("conf", "other")), Some(false)),
            (format!(r#"{COPY}{}"#, MOUNT.replace("/c\"", "/etc/datadog-agent/\"")), Some(false)),
            (format!(r#"{COPY}, "mountPoints": "<unknown>""#), None),
            (format!(r#"{MOUNT}, "command": "<unknown>""#), None),
            (MOUNT.to_owned(), Some(false)),
        ] {
            assert_eq!(filled(&parts), answer, "{parts}");
        }
    }
}
