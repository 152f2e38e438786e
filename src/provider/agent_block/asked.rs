//! What a configuration asks for: the Agent, with the provider's `agent` block behind its own, and what is to be done to
//! the application beside it. The one place in which both are decoded, for everything that has them.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::rofs::settings::Settings;
use crate::value::{AttributePath, Value};

use super::super::task::Agent;
use super::application::{Application, application, unwired};
use super::decode::{Layers, decode};
use super::target::Target;

/// What was asked for.
pub(in crate::provider) struct Asked {
    agent: AskedAgent,
    /// Where the Agent's settings stand; empty for the whole body.
    pub(in crate::provider) agent_at: AttributePath,
    /// What is to be done to the user's containers; none while that is not known yet.
    pub(in crate::provider) application: Option<Application>,
    /// What to say where the Agent has no API key: wrong unless one is there that has a key.
    pub(in crate::provider) no_key: Option<Diagnostic>,
    /// What is wrong with any of it.
    pub(in crate::provider) diagnostics: Diagnostics,
}

enum AskedAgent {
    None,
    Unknown,
    Settings(Box<Settings>),
}

/// Reads the `agent` and the `application` block. `fleet` is the provider's `agent` block, none where the provider is not
/// configured, and `at` the place of a block by its name.
pub(in crate::provider) fn asked(
    config: &Value,
    fleet: Option<&Value>,
    at: fn(&str) -> AttributePath,
) -> Asked {
    let mut asked = match config.get("agent") {
        own if own.is_unknown() => Asked::without_settings(AskedAgent::Unknown),
        own if own.elements().is_empty() => Asked::without_settings(AskedAgent::None),
        _ => Asked::with_settings(config.block("agent"), fleet, at("agent"), Target::Ecs),
    };
    asked.read_application(config, &at("application"));
    if let AskedAgent::Settings(settings) = &asked.agent {
        asked.diagnostics.extend(unwired(settings, asked.application.as_ref(), &asked.agent_at));
    }
    asked
}

/// The same where the Agent's settings are the body itself, which always asks for one. What such a body gives for wiring is
/// for people who wire by hand, too.
pub(in crate::provider) fn asked_by_body(config: &Value, fleet: Option<&Value>, target: Target) -> Asked {
    let mut asked = Asked::with_settings(config, fleet, AttributePath::default(), target);
    asked.read_application(config, &block_at("application"));
    asked
}

/// The place of a block in a configuration.
pub(in crate::provider) fn block_at(name: &str) -> AttributePath {
    AttributePath::root(name).index(0)
}

impl Asked {
    fn without_settings(agent: AskedAgent) -> Self {
        Self {
            agent,
            agent_at: block_at("agent"),
            application: None,
            no_key: None,
            diagnostics: Diagnostics::default(),
        }
    }

    fn with_settings(own: &Value, fleet: Option<&Value>, at: AttributePath, target: Target) -> Self {
        let layers = Layers { own, fleet: fleet.unwrap_or(&Value::Null), configured: fleet.is_some() };
        let decoded = decode(layers, &at, target);
        let settings = decoded.settings.map(Box::new);
        Self {
            agent: settings.map_or(AskedAgent::Unknown, AskedAgent::Settings),
            agent_at: at,
            application: None,
            no_key: decoded.no_key,
            diagnostics: decoded.diagnostics,
        }
    }

    fn read_application(&mut self, config: &Value, at: &AttributePath) {
        let (application, diagnostics) = application(config, at);
        self.application = application;
        self.diagnostics.extend(diagnostics);
    }

    /// The Agent.
    pub(in crate::provider) fn agent(&self) -> Agent<'_> {
        match &self.agent {
            AskedAgent::None => Agent::None,
            AskedAgent::Unknown => Agent::Unknown,
            AskedAgent::Settings(settings) => Agent::Settings(settings),
        }
    }

    /// The Agent's settings, where one is asked for, and the application; none while anything that decides the shape of
    /// the result is not known yet.
    pub(in crate::provider) fn known(&self) -> Option<(Option<&Settings>, &Application)> {
        let agent = match &self.agent {
            AskedAgent::None => None,
            AskedAgent::Unknown => return None,
            AskedAgent::Settings(settings) => Some(settings.as_ref()),
        };
        Some((agent, self.application.as_ref()?))
    }
}
