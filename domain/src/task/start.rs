//! How a container with the Agent's image starts: through the image's own scripts, or past them.

use super::Container;
use crate::rofs::startup::{
    Startup, prepares_the_configuration, runs_the_start_scripts, starts_the_trace_agent, startup,
};

impl Container<'_> {
    /// Whether it starts by `entrypoint.sh`, as the Agent's image does by itself. `None` if not yet known.
    pub(crate) fn runs_the_images_start_script(&self) -> Option<bool> {
        let words = self.words()?;
        Some(words.is_empty() || words.iter().any(|word| word.contains("entrypoint.sh")))
    }

    /// Whether it starts the Agent past the start scripts of the image. `None` if not yet known.
    pub(crate) fn bypasses_the_start_scripts(&self) -> Option<bool> {
        let words = self.words()?;
        let is_the_agent = matches!(startup(&words), Startup::AgentForCertain | Startup::AgentByName);
        Some(is_the_agent && !runs_the_start_scripts(&words))
    }

    /// Whether it starts the trace Agent alone. `None` if not yet known.
    pub(crate) fn is_a_trace_agent(&self) -> Option<bool> {
        Some(self.has_agent_image() && starts_the_trace_agent(&self.words()?))
    }

    /// Whether it runs the scripts with which the Agent's image prepares its configuration. `None` if not yet known.
    pub(crate) fn prepares_the_configuration(&self) -> Option<bool> {
        Some(self.has_agent_image() && prepares_the_configuration(&self.words()?))
    }
}
