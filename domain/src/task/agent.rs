//! Which containers run the Datadog Agent: by image, by what runs, and by what else speaks for it.

use super::{Container, Image, Partial, TaskDefinition, Variable};
use crate::document::Node;
use crate::ecs::{Note, NoteKind};
use crate::rofs::agent_version::{GateKind, agent_image};
use crate::rofs::image_reference::AgentRepository;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::startup::{Startup, startup};
use crate::rofs::{AgentVersion, Gate, gates_of};

/// What a container is, as far as the Agent is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recognized {
    /// It runs the Agent.
    Agent,
    /// It has an image of the Agent's and runs something else, such as the copy of the configuration.
    AgentImage,
    /// Much speaks for the Agent, and nothing proves it.
    Likely(Signs),
    /// Anything else.
    Other,
}

/// What speaks for the Agent besides its image and what runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signs {
    /// The image is called after the Agent.
    image: bool,
    /// `DD_API_KEY` and `ECS_FARGATE` are set, which only the Agent needs both of.
    variables: bool,
    /// `DD_API_KEY` is set, which some applications need as well.
    key: bool,
    /// The container is called after the Agent, or asks it for its health.
    name: bool,
}

impl Signs {
    /// The signs in words that follow "because".
    pub(crate) fn in_words(self) -> String {
        let signs = [
            (self.image, "its image is called after it"),
            (self.variables, "it has DD_API_KEY and ECS_FARGATE"),
            (self.key && !self.variables, "it has DD_API_KEY"),
            (self.name, "its name or its health check says so"),
        ];
        let said: Vec<&str> =
            signs.into_iter().filter_map(|(is_there, words)| is_there.then_some(words)).collect();
        said.join(" and ")
    }

    /// Whether anything in the environment or in the name speaks for the Agent.
    fn any_beside_the_image(self) -> bool {
        self.variables || self.key || self.name
    }

    /// Whether so much speaks for the Agent that it is worth while to ask.
    pub(crate) fn are_strong(self) -> bool {
        self.variables || (self.name && self.key)
    }
}

impl<'a> TaskDefinition<'a> {
    /// The containers that run the Agent: those that are recognized, and the one that the settings name. There may be more
    /// where an image or a command is not known yet.
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
        // Whose end another one waits for prepares that one, whatever it starts.
        // While another one may be an Agent too, that one is none for certain.
        if agents.len() > 1 || !all_known {
            agents.retain(|agent| match self.ends_before_another_starts(agent) {
                Some(ends) => !ends,
                None => {
                    all_known = false;
                    false
                }
            });
        }
        (agents, all_known)
    }

    /// Whether the container runs the Agent: the one that was put there by the settings does. `None` if not yet known.
    pub(crate) fn is_agent(&self, container: &Container<'_>) -> Option<bool> {
        let named = self.agent.map(Settings::name_in_the_task);
        if named.is_some() && container.name == named {
            return Some(true);
        }
        self.recognized(container).map(|recognized| recognized == Recognized::Agent)
    }

    /// What the container is, as far as the Agent is concerned. `None` if not yet known.
    ///
    /// Where a container is the Agent for certain, no other one is likely to be.
    pub(crate) fn recognized(&self, container: &Container<'_>) -> Option<Recognized> {
        let all = self.recognized.get_or_init(|| {
            let mut all: Vec<_> = self.containers.iter().map(|container| self.recognize(container)).collect();
            if all.contains(&Some(Recognized::Agent)) {
                for one in &mut all {
                    if let Some(Recognized::Likely(signs)) = one {
                        *one = Some(if signs.image { Recognized::AgentImage } else { Recognized::Other });
                    }
                }
            }
            all
        });
        all[self.position(container.index).expect("containers are those of this task")]
    }

    fn recognize(&self, container: &Container<'a>) -> Option<Recognized> {
        if let Some(existing) = self.agent.and_then(|settings| settings.existing_container.as_deref()) {
            return self.said_to_be(container, existing);
        }
        let found = self.by_image_start_and_signs(container)?;
        match container.get("firelensConfiguration") {
            // A log router is not the Agent, unless its image is: nobody routes logs with that.
            _ if found == Recognized::Other || container.has_agent_image() => Some(found),
            Node::Null => Some(found),
            Node::Unknown => None,
            _ => Some(Recognized::Other),
        }
    }

    fn by_image_start_and_signs(&self, container: &Container<'a>) -> Option<Recognized> {
        let repository = match container.get("image") {
            Node::Unknown => return None,
            Node::String(image) => self.repository(image),
            _ => return Some(Recognized::Other),
        };
        if repository == AgentRepository::OtherProgram {
            return Some(Recognized::Other);
        }
        let has_image = matches!(repository, AgentRepository::Datadog | AgentRepository::Own);
        let signs = |unknown| Signs { image: has_image, ..container.signs_with(unknown) };
        let (least, most) = (signs(false), signs(true));
        let Some(startup) = container.startup() else {
            return (!has_image && !most.are_strong()).then_some(Recognized::Other);
        };
        // No sign speaks against the Agent: it is one for certain with the fewest, or cannot be one with all of them.
        let found = by_start(repository, startup, least);
        let may_be = by_start(repository, startup, most) == Recognized::Agent;
        (may_be == (found == Recognized::Agent)).then_some(found)
    }

    /// What a container is where somebody said which one is the Agent, or, with an empty name, that none is.
    fn said_to_be(&self, container: &Container<'_>, existing: &str) -> Option<Recognized> {
        match container.get("name") {
            _ if existing.is_empty() => {}
            Node::String(name) if name == existing => return Some(Recognized::Agent),
            Node::Unknown => return None,
            _ => {}
        }
        let repository = container.get("image").as_str().map(|image| self.repository(image));
        Some(match repository {
            Some(AgentRepository::Datadog | AgentRepository::Own) => Recognized::AgentImage,
            _ => Recognized::Other,
        })
    }

    /// Whose image it is. The one that was asked for is the Agent's, whatever it is called.
    pub(super) fn repository(&self, image: &str) -> AgentRepository {
        let found = Image::parse(image).map_or(AgentRepository::Nobodys, |image| image.agent_repository());
        let asked_for = self.agent.is_some_and(|settings| settings.image.is(image));
        match found {
            AgentRepository::Nobodys | AgentRepository::Own if asked_for => AgentRepository::Datadog,
            found => found,
        }
    }

    /// What stands between an Agent container's image and a read-only root filesystem.
    pub(crate) fn gates(&self, agent: &Container<'a>) -> Vec<Gate> {
        let image = agent.get("image").as_str();
        let user = match agent.get("user") {
            Node::Unknown => Some(Text::Unknown),
            user => user.as_str().map(Text::from),
        };
        let declared = image.and_then(|image| self.declared_version(agent, image));
        gates_of(&image.map_or(Text::Unknown, Text::from), declared, user.as_ref())
    }

    /// The version that the settings declare for an Agent's image: they speak of the image that they name, and of one that
    /// does not say its version itself.
    fn declared_version(&self, agent: &Container<'_>, image: &str) -> Option<&'a str> {
        let settings = self.agent?;
        let is_for_it = agent.name == Some(settings.name_in_the_task()) || self.agents().known.len() == 1;
        let is_its_image = settings.image.is(image);
        let says_nothing = agent_image(&image.into(), None).version == AgentVersion::Undeclared;
        settings.image_version.as_deref().filter(|_| is_for_it && (is_its_image || says_nothing))
    }

    /// What was read differently from what someone may think: an Agent whose image does not say its version.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for agent in self.agents().known {
            let Some(image) = agent.get("image").as_str() else { continue };
            let is_own =
                Image::parse(image).is_some_and(|image| image.agent_repository() != AgentRepository::Datadog);
            let gates = self.gates(agent);
            if is_own && gates.iter().any(|gate| gate.kind == GateKind::NotDeclared) {
                notes.push(Note {
                    kind: NoteKind::Unchecked,
                    path: agent.path().key("image"),
                    text: "it runs the Datadog Agent from a repository of its own, whose tags say nothing of the Agent's \
                           version, so the version is not checked; image_version in the Agent's settings declares it"
                        .to_owned(),
                });
            }
        }
        notes
    }
}

/// What a container is by its image, by what it starts and by its signs.
fn by_start(repository: AgentRepository, startup: Startup, signs: Signs) -> Recognized {
    let has_image = signs.image;
    match (repository, startup) {
        (_, Startup::AgentForCertain)
        | (AgentRepository::Datadog, Startup::OfTheImage | Startup::AgentByName)
        | (AgentRepository::Own, Startup::AgentByName) => Recognized::Agent,
        (AgentRepository::Own, Startup::OfTheImage) if signs.any_beside_the_image() => Recognized::Agent,
        (AgentRepository::Own, Startup::OfTheImage) => Recognized::Likely(signs),
        (_, Startup::OfTheImage | Startup::AgentByName) if signs.variables && signs.name => Recognized::Agent,
        (_, Startup::AgentByName) if signs.variables => Recognized::Agent,
        (_, Startup::PartOfTheAgent) if has_image => Recognized::AgentImage,
        (_, Startup::OfTheImage | Startup::AgentByName) if signs.are_strong() => Recognized::Likely(signs),
        (_, Startup::Other) if (has_image && signs.key) || (signs.variables && signs.name) => {
            Recognized::Likely(signs)
        }
        _ if has_image => Recognized::AgentImage,
        _ => Recognized::Other,
    }
}

impl Container<'_> {
    /// Whether its image is one of the Agent's: Datadog's own, or one that is called after it.
    pub(crate) fn has_agent_image(&self) -> bool {
        let image = self.get("image").as_str().and_then(Image::parse);
        image.is_some_and(|image| {
            matches!(image.agent_repository(), AgentRepository::Datadog | AgentRepository::Own)
        })
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

    /// What speaks for the Agent besides the image, as far as it is known.
    pub(crate) fn signs(&self) -> Signs {
        self.signs_with(false)
    }

    /// What speaks for the Agent besides the image, where what is not known yet counts as it says: as a sign or as none.
    fn signs_with(&self, unknown: bool) -> Signs {
        let is_set = |name: &str| match self.variable(name) {
            Variable::Known(value) => !value.is_empty(),
            Variable::Unknown => unknown || names(self.get("environment"), name),
            Variable::Absent => false,
        };
        let secrets = self.get("secrets");
        let is_secret = |name: &str| names(secrets, name) || (unknown && may_name_more(secrets));
        let key = is_set("DD_API_KEY") || is_secret("DD_API_KEY");
        let checks_health = || {
            let command = self.get("healthCheck").get("command");
            let mut words = command.items().iter().filter_map(Node::as_str);
            words.any(|word| word.contains("agent health") || word == "/probe.sh")
                || (unknown && !command.is_wholly_known())
        };
        let is_called_so =
            self.name.map_or(unknown && self.get("name").is_unknown(), is_called_after_the_agent);
        Signs {
            image: false,
            variables: key && is_set("ECS_FARGATE"),
            key,
            name: is_called_so || checks_health(),
        }
    }

    /// What it starts. `None` if not yet known.
    fn startup(&self) -> Option<Startup> {
        match (startup(&self.words()?), self.variable("ENTRYPOINT")) {
            // The image's own script runs another one of that name: datadog-agent Dockerfiles/agent/entrypoint.sh.
            (Startup::OfTheImage | Startup::AgentByName, Variable::Known(script))
                if script.starts_with("init") =>
            {
                Some(Startup::PartOfTheAgent)
            }
            (startup, _) => Some(startup),
        }
    }

    /// What it runs instead of what its image would: entry point and command, in words. `None` if not yet known.
    pub(super) fn words(&self) -> Option<Vec<&str>> {
        let parts = [self.get("entryPoint"), self.get("command")];
        let is_known = parts.iter().all(|part| part.is_wholly_known());
        is_known.then(|| parts.into_iter().flat_map(Node::items).filter_map(Node::as_str).collect())
    }
}

/// Whether an item of a list of variables or secrets has that name.
fn names(list: &Node, name: &str) -> bool {
    list.items().iter().any(|variable| variable.get("name").as_str() == Some(name))
}

/// Whether a list of variables or secrets may have names that are not known yet.
fn may_name_more(list: &Node) -> bool {
    list.is_unknown() || list.items().iter().any(|variable| variable.get("name").is_unknown())
}

/// Whether a container's name says that it is the Agent, and not one of those beside it.
fn is_called_after_the_agent(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(['-', '_']).collect();
    matches!(name.as_str(), "datadog" | "dd" | "datadogagent" | "ddagent")
        || (words.ends_with(&["datadog", "agent"]) || words.ends_with(&["dd", "agent"]))
        || words.ends_with(&["datadog", "agent", "sidecar"])
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::super::tests::node;
    use super::*;

    fn recognized(containers: &str) -> Vec<Option<&'static str>> {
        let document = node(&format!(r#"{{"containerDefinitions": [{containers}]}}"#));
        let task = TaskDefinition::read(&Subject::of(&document));
        let name = |recognized| match recognized {
            Recognized::Agent => "agent",
            Recognized::AgentImage => "image",
            Recognized::Likely(_) => "likely",
            Recognized::Other => "other",
        };
        task.containers.iter().map(|container| task.recognized(container).map(name)).collect()
    }

    #[test]
    fn image_start_and_signs_together_tell_what_a_container_is() {
        const FARGATE: &str = r#""environment": [{"name": "DD_API_KEY", "value": "x"}, {"name": "ECS_FARGATE", "value": "true"}]"#;
        const KEY: &str = r#""secrets": [{"name": "DD_API_KEY", "valueFrom": "arn"}]"#;
        const NAMELESS: &str = r#""environment": [{"name": "<unknown>", "value": "true"}]"#;
        const STOCK: &str = r#""image": "public.ecr.aws/datadog/agent:7.81.1""#;
        const OWN: &str = r#""image": "ghcr.io/acme/datadog-agent-custom""#;
        const APP: &str = r#""image": "shop:1""#;
        let command = |words: &str| format!(r#""command": {words}"#);
        for (name, parts, expected) in [
            ("x", vec![STOCK.to_owned()], Some("agent")),
            ("x", vec![STOCK.to_owned(), command(r#"["sh", "-c", "x && /init"]"#)], Some("agent")),
            ("x", vec![STOCK.to_owned(), command(r#"["trace-agent"]"#)], Some("image")),
            (
                "x",
                vec![
                    STOCK.to_owned(),
                    command(r#"["sh", "-c", "cp -r /etc/datadog-agent/. /c"]"#),
                    KEY.to_owned(),
                ],
                Some("image"),
            ),
            ("x", vec![STOCK.to_owned(), command(r#"["/start.sh"]"#)], Some("image")),
            ("x", vec![STOCK.to_owned(), command(r#"["/start.sh"]"#), KEY.to_owned()], Some("likely")),
            ("x", vec![STOCK.to_owned(), command("\"<unknown>\"")], None),
            ("x", vec![OWN.to_owned()], Some("likely")),
            ("x", vec![OWN.to_owned(), KEY.to_owned()], Some("agent")),
            ("datadog-agent", vec![OWN.to_owned()], Some("agent")),
            (
                "x",
                vec![
                    OWN.to_owned(),
                    r#""healthCheck": {"command": ["CMD-SHELL", "agent health"]}"#.to_owned(),
                ],
                Some("agent"),
            ),
            ("x", vec![OWN.to_owned(), command(r#"["agent", "run"]"#)], Some("agent")),
            ("x", vec![APP.to_owned(), FARGATE.to_owned()], Some("likely")),
            ("x", vec![APP.to_owned(), FARGATE.to_owned(), command(r#"["npm", "start"]"#)], Some("other")),
            ("x", vec![APP.to_owned(), FARGATE.to_owned(), command(r#"["/init"]"#)], Some("agent")),
            ("dd", vec![APP.to_owned(), FARGATE.to_owned()], Some("agent")),
            ("dd", vec![APP.to_owned(), KEY.to_owned()], Some("likely")),
            ("dd", vec![APP.to_owned()], Some("other")),
            ("x", vec![APP.to_owned(), KEY.to_owned()], Some("other")),
            ("x", vec![APP.to_owned(), command(r#"["/init"]"#)], Some("other")),
            (
                "x",
                vec![APP.to_owned(), command(r#"["/opt/datadog-agent/bin/agent/agent", "run"]"#)],
                Some("agent"),
            ),
            ("x", vec![APP.to_owned(), command("\"<unknown>\"")], Some("other")),
            ("x", vec![r#""image": "<unknown>""#.to_owned()], None),
            // What speaks for the Agent, or would, is not known yet.
            ("x", vec![OWN.to_owned(), NAMELESS.to_owned()], None),
            ("x", vec![OWN.to_owned(), r#""secrets": "<unknown>""#.to_owned()], None),
            ("x", vec![OWN.to_owned(), r#""healthCheck": "<unknown>""#.to_owned()], None),
            ("datadog-agent", vec![OWN.to_owned(), NAMELESS.to_owned()], Some("agent")),
            ("dd", vec![APP.to_owned(), NAMELESS.to_owned(), KEY.to_owned()], None),
            ("x", vec![APP.to_owned(), r#""environment": "<unknown>""#.to_owned()], Some("other")),
            ("<unknown>", vec![OWN.to_owned()], None),
            (
                "datadog-agent",
                vec![r#""image": "datadog/dogstatsd:7""#.to_owned(), FARGATE.to_owned()],
                Some("other"),
            ),
            (
                "datadog-agent",
                vec![r#""firelensConfiguration": {"type": "fluentbit"}"#.to_owned(), FARGATE.to_owned()],
                Some("other"),
            ),
        ] {
            let container = format!(r#"{{"name": "{name}", {}}}"#, parts.join(", "));
            assert_eq!(recognized(&container), [expected], "{container}");
        }
    }

    #[test]
    fn names_of_the_agent_are_told_from_those_beside_it() {
        for name in [
            "datadog",
            "dd",
            "datadog-agent",
            "dd-agent",
            "Datadog_Agent",
            "orders-datadog-agent",
            "datadog-agent-sidecar",
        ] {
            assert!(is_called_after_the_agent(name), "{name}");
        }
        for name in [
            "datadog-init",
            "datadog-cluster-agent",
            "datadog-agent-init",
            "agent",
            "log-router",
            "add-agents",
            "app",
        ] {
            assert!(!is_called_after_the_agent(name), "{name}");
        }
    }

    #[test]
    fn the_version_in_a_repository_of_its_own_is_not_declared_and_a_note_says_so() {
        let document = |image: &str| {
            node(&format!(r#"{{"containerDefinitions": [{{"name": "datadog-agent", "image": "{image}"}}]}}"#))
        };
        let own = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-agent:7.50.0";
        let declares = Settings { image_version: Some("7.50.0".to_owned()), ..Settings::default() };
        for (image, agent, notes, too_old) in [
            (own, None, 1, false),
            (own, Some(&declares), 0, true),
            // What is declared is of another image.
            ("datadog/agent:7.81.1", Some(&declares), 0, false),
            ("datadog/agent:7.50.0", None, 0, true),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/mirror/datadog/agent:7.50.0", None, 0, true),
            ("datadog/agent:7.81.1", None, 0, false),
        ] {
            let document = document(image);
            let task = TaskDefinition::read(&Subject { agent, ..Subject::of(&document) });
            assert_eq!(task.notes().len(), notes, "{image}");
            let gates = task.gates(task.named("datadog-agent").unwrap());
            assert_eq!(gates.iter().any(|gate| gate.refuses), too_old, "{image}");
        }
        let document = document(own);
        let task = TaskDefinition::read(&Subject::of(&document));
        let note = task.notes().remove(0);
        assert_eq!(note.path.to_string(), "containerDefinitions[0].image");
        assert!(note.text.contains("image_version") && !note.text.contains("1111"), "{}", note.text);
    }
}
