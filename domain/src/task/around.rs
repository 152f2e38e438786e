//! The task around container definitions that were given alone: what of it nobody can see, what whoever asks knows of it,
//! and what the containers themselves say of where they run.
//!
//! One rule for all who judge: such containers are those of a Linux task unless something in them says Windows, and only
//! what depends on the part of the task that nobody can see is undecided.

use super::Subject;
use crate::document::{Node, Object, Path};
use crate::ecs::shapes::{self, nearest};
use crate::rofs::image_reference::Image;
use crate::rofs::platform::LaunchType;
use crate::rofs::settings::Settings;

/// The part of a task definition that containers can be given alone with: `volumes` is what hardening adds.
const SEEN: [&str; 2] = ["containerDefinitions", "volumes"];

/// The system that a task's containers are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatingSystem {
    /// Linux, as ECS takes it where nothing else is said.
    Linux,
    /// Any Windows Server.
    Windows,
}

/// What whoever asks knows of a task and its definitions do not say. Each part is `None` where it is not told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Around {
    operating_system_family: Option<Node>,
    launch_type: Option<Node>,
    execution_role_arn: Option<Node>,
    task_role_arn: Option<Node>,
}

/// Why a part of [`Around`] means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AroundProblem {
    /// Neither Linux nor a Windows Server.
    #[error(
        "there is no operating system family \"{0}\"; write LINUX, or one that begins with WINDOWS_SERVER_"
    )]
    OperatingSystemFamily(String),
    /// ECS launches nothing there.
    #[error(
        "there is no launch type \"{given}\"{}",
        match meant {
            Some(meant) => format!("; write {meant}"),
            None => format!("; write one of {}", launch_types().join(", ")),
        }
    )]
    LaunchType {
        /// What was written.
        given: String,
        /// What was probably meant.
        meant: Option<&'static str>,
    },
}

impl Around {
    /// Names of the parts, as arguments and options have them.
    pub const NAMES: [&'static str; 4] =
        ["execution_role_arn", "launch_type", "operating_system_family", "task_role_arn"];

    /// Tells a part by its name: a text, or what is not known yet. An empty role is none, and is then known to be missing;
    /// an empty text of any other part, like null, tells nothing.
    ///
    /// # Panics
    ///
    /// For a name that is not in [`NAMES`](Self::NAMES).
    pub fn tell(&mut self, name: &str, value: Node) -> Result<(), AroundProblem> {
        let is_empty = value.as_str() == Some("");
        let role = |value: Node| if is_empty { Node::Null } else { value };
        if value.is_null() {
            return Ok(());
        }
        match name {
            "execution_role_arn" => self.execution_role_arn = Some(role(value)),
            "task_role_arn" => self.task_role_arn = Some(role(value)),
            _ if is_empty => {}
            "operating_system_family" => self.operating_system_family = Some(family(value)?),
            "launch_type" => self.launch_type = Some(launch_type(value)?),
            _ => unreachable!("a part of what is around a task has one of its names"),
        }
        Ok(())
    }

    /// Around a task of which only this is known.
    pub fn launched_on(launch_type: LaunchType) -> Self {
        Self { launch_type: Some(Node::from(launch_type.name())), ..Self::default() }
    }

    /// Whether nothing of it is not known yet.
    pub fn is_wholly_known(&self) -> bool {
        let Self { operating_system_family, launch_type, execution_role_arn, task_role_arn } = self;
        let parts = [operating_system_family, launch_type, execution_role_arn, task_role_arn];
        !parts.into_iter().flatten().any(Node::is_unknown)
    }

    /// The keys of a task definition that [`fill_in`](Self::fill_in) may add or add to.
    const KEYS: [&'static str; 5] =
        ["executionRoleArn", "networkMode", "requiresCompatibilities", "runtimePlatform", "taskRoleArn"];

    /// Puts what is told into a task definition where that says nothing itself.
    fn fill_in(&self, task: &mut Object) {
        let alone = task.keys().all(|key| SEEN.contains(&key.as_str()) || Self::KEYS.contains(&key.as_str()));
        let mut fill = |key: &str, node: &Node| {
            if task.get(key).is_none_or(Node::is_null) {
                task.insert(key.to_owned(), node.clone());
            }
        };
        if let Some(role) = &self.execution_role_arn {
            fill("executionRoleArn", role);
        }
        if let Some(role) = &self.task_role_arn {
            fill("taskRoleArn", role);
        }
        if let Some(launch_type) = &self.launch_type {
            let known = !launch_type.is_unknown();
            let list = if known { Node::Array(vec![launch_type.clone()]) } else { Node::Unknown };
            fill("requiresCompatibilities", &list);
            // Fargate has no other network mode. A whole task definition without one is another matter.
            if alone && launch_type.as_str() == Some(LaunchType::Fargate.name()) {
                fill("networkMode", &Node::from("awsvpc"));
            }
        }
        if let Some(family) = &self.operating_system_family {
            let architecture = if alone { Node::Unknown } else { Node::Null };
            fill("runtimePlatform", &Node::from([("cpuArchitecture", architecture)]));
            if let Some(Node::Object(platform)) = task.get_mut("runtimePlatform")
                && platform.get("operatingSystemFamily").is_none_or(Node::is_null)
            {
                platform.insert("operatingSystemFamily".to_owned(), family.clone());
            }
        }
    }

    /// The task definition with what is told, where that says nothing itself.
    pub fn filled_in(&self, task: Node) -> Node {
        match task {
            Node::Object(mut members) => {
                self.fill_in(&mut members);
                Node::Object(members)
            }
            other => other,
        }
    }

    /// Takes out of a task definition what was filled into this one.
    pub fn take_out(task: &mut Node, given: &Node) {
        let Node::Object(members) = task else { return };
        for key in Self::KEYS {
            match given.get(key) {
                Node::Null => members.remove(key),
                node => members.insert(key.to_owned(), node.clone()),
            };
        }
    }
}

fn family(value: Node) -> Result<Node, AroundProblem> {
    match value.as_str() {
        Some(family) if family != "LINUX" && !family.starts_with("WINDOWS_SERVER_") => {
            Err(AroundProblem::OperatingSystemFamily(family.to_owned()))
        }
        _ => Ok(value),
    }
}

fn launch_types() -> [&'static str; 4] {
    LaunchType::NAMED.map(|(name, _)| name)
}

fn launch_type(value: Node) -> Result<Node, AroundProblem> {
    match value.as_str() {
        Some(given) if LaunchType::named(given).is_none() => {
            let meant = nearest(given, launch_types().into_iter());
            Err(AroundProblem::LaunchType { given: given.to_owned(), meant })
        }
        _ => Ok(value),
    }
}

/// A task definition as a judge has to see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// In the shape of `RegisterTaskDefinition`; what nobody can see is not known.
    pub document: Node,
    /// What its containers are taken to be made for, where it cannot name that itself.
    pub operating_system: Option<OperatingSystem>,
}

impl Seen {
    /// What a judge has to see of a document in the shape of `RegisterTaskDefinition`.
    pub fn of(document: Node, around: &Around) -> Self {
        let alone = are_containers_alone(&document);
        let Node::Object(mut members) = document else { return Self { document, operating_system: None } };
        let mut operating_system = None;
        if alone {
            let definitions = members.get("containerDefinitions").map(Node::items).unwrap_or_default();
            operating_system = around.operating_system_family.is_none().then(|| system_of(definitions));
            if around.launch_type.is_none() && says_fargate(definitions) {
                Around::launched_on(LaunchType::Fargate).fill_in(&mut members);
            }
        }
        around.fill_in(&mut members);
        Self { document: with_unseen(Node::Object(members), alone), operating_system }
    }

    /// To be judged, with the Agent that was asked for.
    pub fn subject<'a>(&'a self, agent: Option<&'a Settings>) -> Subject<'a> {
        Subject { agent, operating_system: self.operating_system, ..Subject::of(&self.document) }
    }
}

/// Whether only containers were given, perhaps with volumes, so that nothing is known of the task around them.
pub fn are_containers_alone(document: &Node) -> bool {
    match document {
        Node::Object(members) => members.keys().all(|key| SEEN.contains(&key.as_str())),
        _ => false,
    }
}

/// The document with everything that is not in it as not known, where it is containers alone.
pub fn with_unseen(document: Node, alone: bool) -> Node {
    let Node::Object(mut members) = document else { return document };
    if alone {
        for member in shapes::task_definition().members {
            members.entry(member.key.to_owned()).or_insert(Node::Unknown);
        }
    }
    Node::Object(members)
}

/// What containers without their task are taken to be made for.
pub fn system_of(definitions: &[Node]) -> OperatingSystem {
    if says_windows(definitions).is_some() { OperatingSystem::Windows } else { OperatingSystem::Linux }
}

/// Where the first of these containers says that it is made for Windows: by its image, its user, a path with a drive or a
/// program that only Windows has.
pub fn says_windows(definitions: &[Node]) -> Option<Path> {
    definitions.iter().enumerate().find_map(|(index, definition)| {
        let container = Path::default().key("containerDefinitions").index(index);
        if definition.get("image").as_str().and_then(Image::parse).is_some_and(|image| image.is_for_windows())
        {
            return Some(container.key("image"));
        }
        if definition.get("user").as_str().is_some_and(is_windows_user) {
            return Some(container.key("user"));
        }
        if definition.get("workingDirectory").as_str().is_some_and(has_drive) {
            return Some(container.key("workingDirectory"));
        }
        let mounts = definition.get("mountPoints").items();
        let mount =
            mounts.iter().position(|mount| mount.get("containerPath").as_str().is_some_and(has_drive));
        if let Some(position) = mount {
            return Some(container.key("mountPoints").index(position).key("containerPath"));
        }
        let started_by = |key: &&str| is_windows_program(definition.get(key).items());
        ["entryPoint", "command"].into_iter().find(started_by).map(|key| container.key(key))
    })
}

/// The users that every Windows container has (Microsoft's documentation of container security, read 2026-11).
fn is_windows_user(user: &str) -> bool {
    ["ContainerAdministrator", "ContainerUser"].iter().any(|name| user.eq_ignore_ascii_case(name))
}

/// Whether a path begins with a drive: `C:\\logs`, `c:/logs`, `C:`.
fn has_drive(path: &str) -> bool {
    match path.as_bytes() {
        [letter, b':', rest @ ..] => letter.is_ascii_alphabetic() && matches!(rest, [] | [b'\\' | b'/', ..]),
        _ => false,
    }
}

fn is_windows_program(words: &[Node]) -> bool {
    let Some(program) = words.first().and_then(Node::as_str) else { return false };
    let program = program.to_ascii_lowercase();
    let takes_switch = || words.get(1).and_then(Node::as_str).is_some_and(|word| word.starts_with('/'));
    has_drive(&program)
        || program.ends_with(".exe")
        || program == "powershell"
        || (program == "cmd" && takes_switch())
}

/// Whether one of these containers is told to run on Fargate, as an Agent beside the application is.
fn says_fargate(definitions: &[Node]) -> bool {
    let variables = definitions.iter().flat_map(|definition| definition.get("environment").items());
    variables.into_iter().any(|variable| {
        variable.get("name").as_str() == Some("ECS_FARGATE") && variable.get("value").as_str() == Some("true")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::ecs::read;

    fn seen_with(text: &str, around: &Around) -> Seen {
        Seen::of(read(parse(text).unwrap()).unwrap().document, around)
    }

    fn seen(text: &str) -> Seen {
        seen_with(text, &Around::default())
    }

    fn around(parts: &[(&str, &str)]) -> Around {
        let mut around = Around::default();
        parts.iter().for_each(|(name, value)| around.tell(name, Node::from(*value)).unwrap());
        around
    }

    #[test]
    fn of_containers_alone_nothing_else_is_known() {
        for text in [
            r#"[{"name": "a"}]"#,
            r#"{"containerDefinitions": [{"name": "a"}]}"#,
            r#"[{"Name": "a", "Image": "b"}]"#,
        ] {
            let Seen { document, operating_system } = seen(text);
            for member in shapes::task_definition().members {
                let is_seen = member.key == "containerDefinitions";
                assert_eq!(document.get(member.key).is_unknown(), !is_seen, "{text}: {}", member.key);
            }
            assert_eq!(document.get("containerDefinitions").items()[0].get("name").as_str(), Some("a"));
            assert_eq!(operating_system, Some(OperatingSystem::Linux), "{text}");
        }
    }

    #[test]
    fn the_volumes_that_hardening_adds_make_no_task_definition() {
        let Seen { document, operating_system } =
            seen(r#"{"containerDefinitions": [], "volumes": [{"name": "v"}]}"#);
        assert_eq!(document.get("volumes").items().len(), 1);
        assert!(document.get("tags").is_unknown() && document.get("inferenceAccelerators").is_unknown());
        assert_eq!(operating_system, Some(OperatingSystem::Linux));
    }

    #[test]
    fn what_a_task_definition_leaves_out_is_known_to_be_absent() {
        let Seen { document, operating_system } = seen(r#"{"family": "a", "containerDefinitions": []}"#);
        assert_eq!(document.get("cpu"), &Node::Null);
        assert_eq!(operating_system, None, "ECS itself takes it for Linux");
    }

    #[test]
    fn what_is_told_is_known_and_what_the_definitions_say_themselves_stays() {
        let told = around(&[
            ("operating_system_family", "WINDOWS_SERVER_2022_CORE"),
            ("launch_type", "FARGATE"),
            ("execution_role_arn", "arn:aws:iam::123456789012:role/run"),
            ("task_role_arn", ""),
        ]);
        let Seen { document, operating_system } = seen_with("[]", &told);
        let platform = document.get("runtimePlatform");
        assert_eq!(platform.get("operatingSystemFamily").as_str(), Some("WINDOWS_SERVER_2022_CORE"));
        assert!(platform.get("cpuArchitecture").is_unknown());
        assert_eq!(document.get("requiresCompatibilities").items(), [Node::from("FARGATE")]);
        assert_eq!(document.get("networkMode").as_str(), Some("awsvpc"));
        assert!(document.get("executionRoleArn").as_str().unwrap().ends_with("role/run"));
        assert_eq!((document.get("taskRoleArn"), operating_system), (&Node::Null, None));

        let whole = r#"{"family": "a", "requiresCompatibilities": ["EC2"], "runtimePlatform": {"cpuArchitecture": "ARM64"},
                        "taskRoleArn": "r", "containerDefinitions": []}"#;
        let Seen { document, operating_system } = seen_with(whole, &told);
        assert_eq!(document.get("requiresCompatibilities").items(), [Node::from("EC2")]);
        assert_eq!(document.get("taskRoleArn").as_str(), Some("r"));
        assert!(document.get("executionRoleArn").as_str().is_some());
        assert_eq!((document.get("networkMode"), operating_system), (&Node::Null, None));
        let platform = document.get("runtimePlatform");
        assert_eq!(platform.get("cpuArchitecture").as_str(), Some("ARM64"));
        assert!(platform.get("operatingSystemFamily").as_str().is_some());
    }

    #[test]
    fn what_is_told_and_not_known_yet_is_no_guess() {
        let mut told = Around::default();
        for name in Around::NAMES {
            told.tell(name, Node::Unknown).unwrap();
        }
        let Seen { document, operating_system } = seen_with(
            r#"[{"name": "a", "image": "mcr.microsoft.com/windows/servercore:ltsc2022",
                 "environment": [{"name": "ECS_FARGATE", "value": "true"}]}]"#,
            &told,
        );
        assert!(!told.is_wholly_known());
        assert!(document.get("runtimePlatform").get("operatingSystemFamily").is_unknown());
        assert!(document.get("requiresCompatibilities").is_unknown());
        assert_eq!(operating_system, None);
    }

    #[test]
    fn an_agent_that_is_told_so_is_on_fargate() {
        let list =
            |value: &str| format!(r#"[{{"environment": [{{"name": "ECS_FARGATE", "value": "{value}"}}]}}]"#);
        let fargate = seen(&list("true")).document;
        assert_eq!(fargate.get("requiresCompatibilities").items(), [Node::from("FARGATE")]);
        assert!(seen(&list("false")).document.get("requiresCompatibilities").is_unknown());
        let on_ec2 = seen_with(&list("true"), &around(&[("launch_type", "EC2")])).document;
        assert_eq!(on_ec2.get("requiresCompatibilities").items(), [Node::from("EC2")]);
        assert!(on_ec2.get("networkMode").is_unknown());
    }

    #[test]
    fn windows_is_told_by_image_user_path_or_program() {
        for (container, place) in [
            (r#""image": "mcr.microsoft.com/windows/servercore/iis""#, "image"),
            (r#""image": "mcr.microsoft.com/dotnet/framework/aspnet:4.8""#, "image"),
            (r#""image": "python:3.12-windowsservercore-ltsc2022""#, "image"),
            (r#""image": "public.ecr.aws/datadog/agent:7.81.1-servercore""#, "image"),
            (r#""image": "golang:nanoserver""#, "image"),
            (r#""user": "containeradministrator""#, "user"),
            (r#""workingDirectory": "c:/app""#, "workingDirectory"),
            (
                r#""mountPoints": [{"containerPath": "/a"}, {"containerPath": "C:\\logs"}]"#,
                "mountPoints[1].containerPath",
            ),
            (r#""entryPoint": ["powershell", "-Command"]"#, "entryPoint"),
            (r#""command": ["C:\\ServiceMonitor.exe", "w3svc"]"#, "command"),
            (r#""command": ["cmd", "/S", "/C", "dir"]"#, "command"),
        ] {
            let list = format!(r#"[{{"name": "first"}}, {{"name": "app", {container}}}]"#);
            let document = seen(&list).document;
            let told = says_windows(document.get("containerDefinitions").items());
            assert_eq!(told.map(|path| path.to_string()), Some(format!("containerDefinitions[1].{place}")));
            assert_eq!(seen(&list).operating_system, Some(OperatingSystem::Windows), "{container}");
        }
    }

    #[test]
    fn nothing_else_says_windows() {
        for container in [
            r#""image": "example.com/windows-metrics:1.0""#,
            r#""image": "nginx:1.29.3", "user": "root", "workingDirectory": "/c:/app""#,
            r#""image": "?", "command": ["cmd", "serve"]"#,
            r#""image": "mono:6", "command": ["mono", "app.exe"]"#,
            r#""image": "a:winter", "entryPoint": []"#,
        ] {
            assert_eq!(
                seen(&format!("[{{{container}}}]")).operating_system,
                Some(OperatingSystem::Linux),
                "{container}"
            );
        }
    }

    #[test]
    fn what_ecs_does_not_have_is_refused_with_what_was_meant() {
        let told = |name: &str, value: &str| {
            Around::default().tell(name, Node::from(value)).map_err(|problem| problem.to_string())
        };
        for (name, value, says) in [
            ("launch_type", "FARGAT", "write FARGATE"),
            ("launch_type", "lambda", "FARGATE, EC2, EXTERNAL, MANAGED_INSTANCES"),
            ("operating_system_family", "linux", "LINUX"),
        ] {
            let problem = told(name, value).unwrap_err();
            assert!(problem.contains(says) && problem.contains(value), "{problem}");
        }
        for (name, value) in [("operating_system_family", ""), ("launch_type", "EXTERNAL")] {
            assert_eq!(told(name, value), Ok(()));
        }
    }
}
