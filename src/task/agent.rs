//! Which containers run the Datadog Agent. By image and command, as `rofs` tells them.

use super::{Container, Image, Partial, TaskDefinition};
use crate::document::Node;
use crate::rofs::image_reference::starts_the_agent;
use crate::rofs::settings::Settings;
use crate::rofs::{Gate, gates};

impl<'a> TaskDefinition<'a> {
    /// The containers that run the Agent: those of its image unless another command is given, such as an init
    /// container's, and the one that the settings name. There may be more where an image or a command is not known yet.
    pub(crate) fn agents(&self) -> Partial<'_, Container<'a>> {
        let (known, complete) = self.agents.get_or_init(|| self.find_agents());
        Partial { known, complete: *complete }
    }

    fn find_agents(&self) -> (Vec<Container<'a>>, bool) {
        let mut agents = Vec::new();
        let mut all_known = self.containers_are_known;
        for container in &self.containers {
            match self.is_agent(container) {
                Some(true) => agents.push(*container),
                Some(false) => {}
                None => all_known = false,
            }
        }
        (agents, all_known)
    }

    /// Whether the container runs the Agent; none while not known.
    pub(crate) fn is_agent(&self, container: &Container<'_>) -> Option<bool> {
        let named = self.agent.map(|settings| settings.container_name.as_str());
        match container.get("image") {
            _ if named.is_some() && container.name == named => Some(true),
            Node::Unknown => None,
            _ if container.has_agent_image() => container.starts_the_agent(),
            _ => Some(false),
        }
    }

    /// What stands between an Agent container's image and a read-only root filesystem.
    pub(crate) fn gates(&self, agent: &Container<'a>, image: &str) -> Vec<Gate> {
        let asked_for = self.agent.filter(|settings| agent.name == Some(settings.container_name.as_str()));
        let image_version = asked_for.and_then(|settings| settings.image_version.clone());
        gates(&Settings { image: image.into(), image_version, ..Settings::default() })
    }
}

impl Container<'_> {
    /// Whether its image is one of the Agent's.
    pub(crate) fn has_agent_image(&self) -> bool {
        let image = self.get("image").as_str().and_then(Image::parse);
        image.is_some_and(|image| image.is_datadog_agent())
    }

    /// Whether it may be there to prepare the Agent's volumes: it ends before the task does, or has the Agent's image.
    /// None while not known.
    pub(crate) fn may_prepare_the_agent(&self) -> Option<bool> {
        match self.essential() {
            Some(false) => Some(true),
            _ if self.has_agent_image() => Some(true),
            Some(true) if !self.get("image").is_unknown() => Some(false),
            _ => None,
        }
    }

    /// Whether a container of the Agent's image starts the Agent; none while its command is not known yet.
    fn starts_the_agent(&self) -> Option<bool> {
        self.words().map(starts_the_agent)
    }

    /// What it runs instead of what its image would: entry point and command, in words. `None` if not yet known.
    pub(super) fn words(&self) -> Option<Vec<&str>> {
        let parts = [self.get("entryPoint"), self.get("command")];
        let is_known = parts.iter().all(|part| part.is_wholly_known());
        is_known.then(|| parts.into_iter().flat_map(Node::items).filter_map(Node::as_str).collect())
    }
}
