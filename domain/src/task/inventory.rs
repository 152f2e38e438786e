//! The Datadog Agents of a task as an inventory lists them: version, read-only root, and where the configuration comes from.

use super::agent::Recognized;
use super::seeding::Configuration;
use super::volume::Content;
use super::{Container, Subject, TaskDefinition};
use crate::rofs::AgentVersion;
use crate::rofs::agent_version::agent_image;
use crate::rofs::settings::Text;

/// What an inventory tells of a task's Agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The containers that run the Agent, in the order of the document.
    pub agents: Vec<AgentEntry>,
    /// Whether there may be more: a container is likely an Agent, or a value that tells is not known.
    pub may_have_more: bool,
}

/// A container that runs the Agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentEntry {
    /// What the container is called.
    pub container: String,
    /// The version that the image's tag says: `7.81.1`, `7.78` or `7` for a tag that moves, `latest`. None for a digest, and
    /// for somebody's own image.
    pub version: Option<String>,
    /// Whether its root filesystem is read-only; none while not known.
    pub read_only_root: Option<bool>,
    /// Where its configuration comes from.
    pub configuration: Origin,
}

/// Where an Agent's configuration comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The directory of the image.
    Image,
    /// A volume that is empty when the task starts. Whether somebody fills it is for the rules to tell.
    EmptyVolume,
    /// Something of the user's that is mounted there: a file system, a directory of the host.
    OwnMount,
    /// Not known.
    Unclear,
}

impl Inventory {
    /// Of a task definition that says everything itself.
    pub fn of(subject: &Subject<'_>) -> Self {
        let task = TaskDefinition::read(subject);
        let agents = task.agents();
        let is_likely = |container: &Container<'_>| {
            matches!(task.recognized(container), None | Some(Recognized::Likely(_)))
        };
        Self {
            agents: agents.known.iter().map(|agent| AgentEntry::of(&task, agent)).collect(),
            may_have_more: !agents.complete || task.containers().known.iter().any(is_likely),
        }
    }
}

impl AgentEntry {
    fn of<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>) -> Self {
        Self {
            container: agent.called(),
            version: agent.get("image").as_str().and_then(version),
            read_only_root: agent.read_only_root(),
            configuration: match task.configuration(agent) {
                None => Origin::Unclear,
                Some(Configuration::OfTheImage) => Origin::Image,
                Some(Configuration::Tmpfs) => Origin::EmptyVolume,
                Some(Configuration::OfItsOwn) => Origin::OwnMount,
                Some(Configuration::Volume(volume)) => match task.content(volume) {
                    None => Origin::Unclear,
                    Some(Content::Nothing) => Origin::EmptyVolume,
                    Some(_) => Origin::OwnMount,
                },
            },
        }
    }
}

fn version(image: &str) -> Option<String> {
    match agent_image(&Text::from(image), None).version {
        AgentVersion::Release(release) => Some(release.to_string()),
        AgentVersion::Series { major, minor: Some(minor) } => Some(format!("{major}.{minor}")),
        AgentVersion::Series { major, minor: None } => Some(major.to_string()),
        AgentVersion::Floating => Some("latest".to_owned()),
        AgentVersion::Undeclared | AgentVersion::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::node;
    use super::*;

    fn inventory(members: &str) -> Inventory {
        let document = node(&format!("{{\"requiresCompatibilities\": [\"FARGATE\"], {members}}}"));
        Inventory::of(&Subject::of(&document))
    }

    fn agent(image: &str, more: &str) -> String {
        format!(r#"{{"name": "datadog-agent", "image": "{image}"{more}}}"#)
    }

    const IMAGE: &str = "public.ecr.aws/datadog/agent";
    const MOUNT: &str =
        r#", "mountPoints": [{"sourceVolume": "config", "containerPath": "/etc/datadog-agent"}]"#;

    #[test]
    fn an_agent_is_listed_with_its_version_and_its_root() {
        for (tag, version) in [
            (":7.81.1", Some("7.81.1")),
            (":7.78", Some("7.78")),
            (":7", Some("7")),
            (":latest", Some("latest")),
            ("", Some("latest")),
            (&format!("@sha256:{}", "a".repeat(64)), None),
        ] {
            let image = format!("{IMAGE}{tag}");
            let found = inventory(&format!(
                r#""containerDefinitions": [{}]"#,
                agent(&image, r#", "readonlyRootFilesystem": true"#)
            ));
            let [agent] = found.agents.as_slice() else { panic!("{found:?}") };
            assert_eq!((agent.version.as_deref(), agent.read_only_root), (version, Some(true)), "{tag}");
            assert_eq!(agent.configuration, Origin::Image);
            assert!(!found.may_have_more);
        }
    }

    #[test]
    fn where_the_configuration_comes_from_is_told() {
        for (volume, origin) in [
            (r#"{"name": "config"}"#, Origin::EmptyVolume),
            (r#"{"name": "config", "host": {}}"#, Origin::EmptyVolume),
            (r#"{"name": "config", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}"#, Origin::OwnMount),
        ] {
            let found = inventory(&format!(
                r#""containerDefinitions": [{}], "volumes": [{volume}]"#,
                agent(IMAGE, MOUNT)
            ));
            assert_eq!(found.agents[0].configuration, origin, "{volume}");
        }
    }

    #[test]
    fn what_may_be_an_agent_is_told() {
        let likely = r#"{"name": "datadog-agent", "image": "registry.example/monitoring:1",
                         "environment": [{"name": "DD_API_KEY", "value": "x"}]}"#;
        let found = inventory(&format!(r#""containerDefinitions": [{likely}]"#));
        assert_eq!((found.agents.len(), found.may_have_more), (0, true));
        let found = inventory(r#""containerDefinitions": [{"name": "app", "image": "shop:1"}]"#);
        assert_eq!((found.agents.len(), found.may_have_more), (0, false));
    }
}
