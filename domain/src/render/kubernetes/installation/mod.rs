//! The Agent of a node as somebody else installs it: the settings in the words of Datadog's Helm chart and of its operator.
//!
//! Both run the Agent's processes in containers of their own and copy the configuration themselves, so what the pattern's own
//! objects say of volumes and commands is theirs to say. What they have no words for is told, and never left out silently.

mod helm;
mod operator;

use crate::document::{Node, Object};
use crate::rofs::config_files;
use crate::rofs::settings::{Seeding, Settings, Text};
use crate::rofs::workload::{Role, Workload};

use super::super::Unwritable;
use super::container::container;
use super::says_users;

pub use helm::values;
pub use operator::datadog_agent;

/// What somebody else installs from.
#[derive(Debug, Clone, PartialEq)]
pub struct Installation {
    /// The values, or the resource.
    pub document: Node,
    /// What of the settings has no place in it.
    pub unsaid: Vec<Unsaid>,
}

/// A setting that there are no words for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsaid {
    /// Name of the setting, dotted where it is inside a block.
    pub setting: &'static str,
    /// What is done in its place, in a sentence.
    pub instead: String,
}

/// What an installer calls what both have.
struct Words {
    /// Its name in sentences.
    name: &'static str,
    /// Where it has the value of a variable.
    variables: &'static [(&'static str, &'static [&'static str])],
    /// The same of variables that are on or off.
    flags: &'static [(&'static str, &'static [&'static str])],
    /// The port at which the Agent tells how it is, which the probes ask.
    health_port: &'static [&'static str],
}

/// A document in the making.
struct Draft<'s> {
    settings: &'s Settings,
    words: &'static Words,
    /// The Agent's container, as the pattern renders it.
    agent: Node,
    /// The container that copies, where there is one.
    init: Node,
    document: Node,
    unsaid: Vec<Unsaid>,
}

/// Ports that both have by default (helm-charts 3.240.0 and datadog-operator, datadogagent_default.go, read 2026-11).
const APM_PORT: i64 = 8126;
const DOGSTATSD_PORT: i64 = 8125;

/// Variables that both set themselves, so that the pattern's own have no place beside them.
const OF_THE_INSTALLER: [&str; 11] = [
    "DD_API_KEY",
    "DD_APM_ENABLED",
    "DD_APM_NON_LOCAL_TRAFFIC",
    "DD_APM_RECEIVER_PORT",
    "DD_APM_RECEIVER_SOCKET",
    "DD_AUTH_TOKEN_FILE_PATH",
    "DD_DOGSTATSD_NON_LOCAL_TRAFFIC",
    "DD_DOGSTATSD_PORT",
    "DD_DOGSTATSD_SOCKET",
    "DD_KUBERNETES_KUBELET_HOST",
    "KUBERNETES",
];

impl<'s> Draft<'s> {
    fn new(settings: &'s Settings, workload: &Workload, words: &'static Words) -> Result<Self, Unwritable> {
        let rendered = |role: Role| {
            let found = workload.containers.iter().find(|container| container.role == role);
            found.map_or(Ok(Node::Null), |found| container(found, says_users(workload)))
        };
        Ok(Self {
            settings,
            words,
            agent: rendered(Role::Agent)?,
            init: rendered(Role::Init)?,
            document: Node::Object(Object::new()),
            unsaid: Vec::new(),
        })
    }

    /// Writes a value at a place, and what is around it. A null is not written.
    fn set(&mut self, place: &[&str], value: impl Into<Node>) {
        let value = value.into();
        if !value.is_null() {
            put(&mut self.document, place, value);
        }
    }

    fn unsaid(&mut self, setting: &'static str, instead: impl Into<String>) {
        self.unsaid.push(Unsaid { setting, instead: instead.into() });
    }

    /// The variables that are values of their own, each at its place, and the others as a list of Kubernetes.
    fn variables(&mut self) -> Vec<Node> {
        let place = |places: &[(&str, &'static [&'static str])], name: &str| {
            places.iter().find(|(own, _)| *own == name).map(|(_, place)| *place)
        };
        let mut others = Vec::new();
        for variable in self.agent.get("env").items().to_vec() {
            let (name, value) = (variable.get("name").as_str().unwrap_or_default(), variable.get("value"));
            // A value that is fetched is no text.
            let is_text = !value.is_null();
            let flag = match value.as_str() {
                Some("true") => Node::from(true),
                Some("false") => Node::from(false),
                _ => Node::Null,
            };
            match (place(self.words.variables, name), place(self.words.flags, name)) {
                (Some(place), _) if is_text => self.set(place, value.clone()),
                (_, Some(place)) if !flag.is_null() => self.set(place, flag),
                _ if name == HEALTH_PORT && number(value).is_some() => {
                    self.set(self.words.health_port, number(value).map_or(Node::Null, Node::from));
                }
                _ if OF_THE_INSTALLER.contains(&name) || is_a_default(&variable) => {}
                _ if name == TAGS && is_text => {}
                _ => others.push(variable),
            }
        }
        others
    }

    /// The value of one of the Agent's variables.
    fn value(&self, name: &str) -> Node {
        let all = self.agent.get("env").items();
        let found = all.iter().find(|variable| variable.get("name").as_str() == Some(name));
        found.map_or(Node::Null, |variable| variable.get("value").clone())
    }

    /// The tags, a text for each.
    fn tags(&self) -> Node {
        match self.value(TAGS) {
            Node::String(tags) => tags.split_whitespace().map(Node::from).collect::<Vec<_>>().into(),
            other => other,
        }
    }

    /// The port of traces, where others than the node's own processes may send to it.
    fn apm_port(&self) -> Option<i64> {
        let apm = &self.settings.apm;
        apm.enabled.then_some(apm.port.or((!apm.socket).then_some(APM_PORT))).flatten()
    }

    /// The same of metrics.
    fn dogstatsd_port(&self) -> Option<i64> {
        let dogstatsd = &self.settings.dogstatsd;
        dogstatsd
            .enabled
            .then_some(dogstatsd.port.or((!dogstatsd.socket).then_some(DOGSTATSD_PORT)))
            .flatten()
    }

    /// What neither has words for.
    fn tell_what_nobody_says(&mut self) {
        let (settings, name) = (self.settings, self.words.name);
        for (setting, is_set, instead) in [
            (
                "seeding",
                settings.seeding == Seeding::ImageVolumes,
                format!("{name} copies the configuration in an init container, whatever the image declares."),
            ),
            ("flares", !settings.flares, format!("{name} mounts an empty directory at /tmp, always.")),
            (
                "container_name",
                settings.written.is_anywhere("container_name"),
                format!("{name} has names of its own for the Agent's containers."),
            ),
            (
                "init_container_name",
                settings.written.is_anywhere("init_container_name"),
                format!("{name} has names of its own for the init containers."),
            ),
            (
                "volume_prefix",
                settings.written.is_anywhere("volume_prefix"),
                format!("{name} has names of its own for the volumes."),
            ),
            (
                "health_check",
                settings.health_check.is_none(),
                format!("{name} asks the Agent whether it is healthy, always."),
            ),
            (
                "user",
                settings.user.as_ref().is_some_and(|user| !user.is("0") && !user.is("root")),
                format!(
                    "{name} hands no directory over, and that of the sockets is root's on the node: another user than root cannot \
                     make them."
                ),
            ),
        ] {
            if is_set {
                self.unsaid(setting, instead);
            }
        }
    }

    /// Each further file of the configuration: path, where both have a place for it, and content.
    fn files(&mut self) -> Vec<(FileKind, Node)> {
        let (mut found, mut taken) = (Vec::new(), Vec::new());
        for (file, content) in config_files(self.settings) {
            let content = match content {
                Text::Known(content) => content.as_str().into(),
                Text::Unknown => Node::Unknown,
            };
            match FileKind::of(&file.path).filter(|kind| !taken.contains(kind)) {
                Some(kind) => {
                    taken.push(kind.clone());
                    found.push((kind, content));
                }
                None => {
                    let path = file.path.escape_debug();
                    let name = self.words.name;
                    self.unsaid(
                        "config_files",
                        format!("{name} has no place for `{path}`: it has datadog.yaml, one file for each check of conf.d, and checks.d."),
                    );
                }
            }
        }
        found
    }

    fn done(self) -> Installation {
        let mut unsaid = self.unsaid;
        unsaid.sort_unstable();
        Installation { document: self.document, unsaid }
    }
}

/// A file of the configuration for which there is a place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FileKind {
    /// `datadog.yaml`.
    Main,
    /// The configuration of a check, by the name of its file in `conf.d`.
    Check(String),
    /// A program of a check, by the name of its file in `checks.d`.
    Program(String),
}

impl FileKind {
    /// The Agent reads `conf.d/NAME.yaml` as `conf.d/NAME.d/conf.yaml` (datadog-agent, file provider of autodiscovery, read
    /// 2026-11).
    fn of(path: &str) -> Option<Self> {
        let names: Vec<&str> = path.split('/').collect();
        match names.as_slice() {
            ["datadog.yaml"] => Some(Self::Main),
            ["conf.d", file] if file.ends_with(".yaml") => Some(Self::Check((*file).to_owned())),
            ["conf.d", folder, "conf.yaml"] => Some(Self::Check(format!(
                "{}.yaml",
                folder.strip_suffix(".d").filter(|name| !name.is_empty())?
            ))),
            ["checks.d", file] if file.ends_with(".py") => Some(Self::Program((*file).to_owned())),
            _ => None,
        }
    }
}

/// The variable with the port at which the Agent tells how it is.
const HEALTH_PORT: &str = "DD_HEALTH_PORT";

fn number(text: &Node) -> Option<i64> {
    text.as_str()?.parse().ok()
}

/// The variable with the tags, of which both have a list.
const TAGS: &str = "DD_TAGS";

/// DogStatsD is on unless somebody says otherwise.
fn is_a_default(variable: &Node) -> bool {
    variable.get("name").as_str() == Some("DD_USE_DOGSTATSD")
        && variable.get("value").as_str() == Some("true")
}

fn put(document: &mut Node, place: &[&str], value: Node) {
    let Some((first, rest)) = place.split_first() else {
        *document = value;
        return;
    };
    if !matches!(document, Node::Object(_)) {
        *document = Node::Object(Object::new());
    }
    let Node::Object(members) = document else { return };
    let mut member = members.remove(*first).unwrap_or_default();
    put(&mut member, rest, value);
    members.insert((*first).to_owned(), member);
}
