//! A service as a container definition.

use std::collections::BTreeSet;

use super::interpolation::{boolean, is_open, known, scalar, text};
use super::mount::{self, Mount, Mounted};
use super::{port, words};
use crate::document::{Node, Object, Origins, Path, Step};

/// Where the members of a container definition are written, or would be.
const WRITTEN: [(&str, &str); 18] = [
    ("command", "command"),
    ("dependsOn", "depends_on"),
    ("dockerLabels", "labels"),
    ("entryPoint", "entrypoint"),
    ("environment", "environment"),
    ("environmentFiles", "env_file"),
    ("groups", "group_add"),
    ("healthCheck", "healthcheck"),
    ("image", "image"),
    ("linuxParameters", "tmpfs"),
    ("mountPoints", "volumes"),
    ("networkMode", "network_mode"),
    ("portMappings", "ports"),
    ("privileged", "privileged"),
    ("profiles", "profiles"),
    ("readonlyRootFilesystem", "read_only"),
    ("restart", "restart"),
    ("user", "user"),
];

/// The key of a service that says what a member of a container definition says.
pub(super) fn written_key(member: &str) -> Option<&'static str> {
    WRITTEN.into_iter().find(|(read, _)| *read == member).map(|(_, written)| written)
}

/// What is read, with where it was written.
pub(super) struct Reader {
    pub(super) origins: Origins,
    /// What all services mount.
    pub(super) mounted: Vec<Mounted>,
}

/// The services for whose success another one waits.
pub(super) fn awaited_to_succeed(services: &Object) -> BTreeSet<&str> {
    let mut awaited = BTreeSet::new();
    for service in services.values() {
        let Node::Object(waits) = service.get("depends_on") else { continue };
        let ends = |wait: &Node| wait.get("condition").as_str() == Some("service_completed_successfully");
        awaited.extend(waits.iter().filter(|(_, wait)| ends(wait)).map(|(name, _)| name.as_str()));
    }
    awaited
}

/// The places of one service.
struct Places<'p> {
    read: Path,
    written: &'p Path,
}

impl Places<'_> {
    fn of(&self, read: &str, written: &str) -> (Path, Path) {
        (self.read.clone().key(read), self.written.clone().key(written))
    }
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { origins: Origins::new(written_key), mounted: Vec::new() }
    }

    /// A service as a container definition. `ends`: whether another one waits for its success.
    pub(super) fn container(
        &mut self,
        name: &str,
        service: &Node,
        index: usize,
        written: &Path,
        ends: bool,
    ) -> Node {
        // What it extends may say anything that it does not say itself.
        if service.is_unknown() || !service.get("extends").is_null() {
            return Node::Unknown;
        }
        let read = Path::default().key("containerDefinitions").index(index);
        let places = Places { read, written };
        let (mount_points, linux_parameters) = self.mounts(name, service, &places);
        self.items(service, ("environment", "environment"), &places);
        let members = [
            ("command", self.command(service, "command", "command", &places)),
            ("dependsOn", self.dependencies(service, &places)),
            ("dockerLabels", labels(service.get("labels"))),
            ("entryPoint", self.command(service, "entrypoint", "entryPoint", &places)),
            ("environment", environment(service.get("environment"))),
            ("environmentFiles", files(service.get("env_file"))),
            ("essential", if ends { false.into() } else { Node::Null }),
            ("groups", self.list(service, ("group_add", "groups"), &places, scalar)),
            ("healthCheck", self.health_check(service, &places)),
            ("image", image(service)),
            ("linuxParameters", linux_parameters),
            ("mountPoints", mount_points),
            ("name", name.into()),
            ("networkMode", scalar(service.get("network_mode"))),
            ("portMappings", self.ports(service, &places)),
            ("privileged", boolean(service.get("privileged"))),
            ("profiles", service.get("profiles").clone()),
            ("readonlyRootFilesystem", boolean(service.get("read_only"))),
            ("restart", self.restart(service, &places)),
            ("user", scalar(service.get("user"))),
            ("volumesFrom", self.volumes_from(service, &places)),
        ];
        let set = members.into_iter().filter(|(_, value)| !value.is_null());
        set.map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Notes where the items of a list are written: those of a list or the members of a mapping.
    fn items(&mut self, service: &Node, (written, read): (&str, &str), places: &Places<'_>) {
        let node = service.get(written);
        let (read, written) = places.of(read, written);
        self.origins.add_all(read, written, node);
    }

    /// Reads the items of a list, each with its place.
    fn list(
        &mut self,
        service: &Node,
        (written, read): (&str, &str),
        places: &Places<'_>,
        item: impl Fn(&Node) -> Node,
    ) -> Node {
        match service.get(written) {
            Node::Unknown => Node::Unknown,
            Node::Array(items) => {
                self.items(service, (written, read), places);
                items.iter().map(item).collect::<Vec<_>>().into()
            }
            _ => Node::Null,
        }
    }

    fn command(&mut self, service: &Node, written: &str, read: &str, places: &Places<'_>) -> Node {
        match service.get(written) {
            // Empty it takes away what the image starts, so that nobody knows what is left.
            Node::Array(items) if items.is_empty() => Node::Unknown,
            Node::Array(_) => self.list(service, (written, read), places, scalar),
            Node::String(_) | Node::Unknown => {
                let line = text(service.get(written)).unwrap_or_default();
                match words::split(&line) {
                    Some(words) if !words.is_empty() => {
                        words.iter().map(|word| known(word)).collect::<Vec<_>>().into()
                    }
                    _ => Node::Unknown,
                }
            }
            _ => Node::Null,
        }
    }

    fn dependencies(&mut self, service: &Node, places: &Places<'_>) -> Node {
        let (read, written) = places.of("dependsOn", "depends_on");
        let wait =
            |name: Node, condition: Node| Node::from([("condition", condition), ("containerName", name)]);
        match service.get("depends_on") {
            Node::Unknown => Node::Unknown,
            Node::Object(waits) => {
                let mut dependencies = Vec::new();
                for (name, value) in waits {
                    let read = read.clone().index(dependencies.len());
                    let written = written.clone().key(name);
                    self.origins.add(read.clone().key("condition"), written.clone().key("condition"));
                    self.origins.add(read, written);
                    dependencies.push(wait(name.as_str().into(), condition(value.get("condition"))));
                }
                dependencies.into()
            }
            Node::Array(_) => self.list(service, ("depends_on", "dependsOn"), places, |name| {
                wait(scalar(name), "START".into())
            }),
            _ => Node::Null,
        }
    }

    /// Mount points, and what belongs below `linuxParameters`.
    fn mounts(&mut self, name: &str, service: &Node, places: &Places<'_>) -> (Node, Node) {
        let mounts = Mounts::of(name, service.get("volumes"), service.get("tmpfs"));
        let linux_parameters = mounts.linux_parameters();
        let (read, written) = places.of("mountPoints", "volumes");
        self.origins.add_items(read, written, mounts.point_steps);
        let read = places.read.clone().key("linuxParameters").key("tmpfs");
        for (index, (key, position)) in mounts.memory_places.into_iter().enumerate() {
            let written = places.written.clone().key(key);
            let written = match position {
                Some(position) => written.index(position),
                None => written,
            };
            self.origins.add(read.clone().index(index), written);
        }
        self.mounted.extend(mounts.mounted);
        (list(mounts.points), linux_parameters)
    }

    fn ports(&mut self, service: &Node, places: &Places<'_>) -> Node {
        self.list(service, ("ports", "portMappings"), places, port::read)
    }

    fn volumes_from(&mut self, service: &Node, places: &Places<'_>) -> Node {
        self.list(service, ("volumes_from", "volumesFrom"), places, |entry| {
            let entry = text(entry).unwrap_or_default();
            let (name, mode) = entry.split_once(':').unwrap_or((&entry, ""));
            // A container of another project.
            let name = if name == "container" { Node::Unknown } else { known(name) };
            Node::from([("readOnly", (mode == "ro").into()), ("sourceContainer", name)])
        })
    }

    fn health_check(&mut self, service: &Node, places: &Places<'_>) -> Node {
        let check = service.get("healthcheck");
        let (read, written) = places.of("healthCheck", "healthcheck");
        self.origins.add(read.key("command"), written.key("test"));
        let command = match check.get("test") {
            _ if check.is_null() => return Node::Null,
            Node::Array(words) => words.iter().map(scalar).collect::<Vec<_>>().into(),
            Node::Null => return Node::Null,
            line => Node::from(vec!["CMD-SHELL".into(), scalar(line)]),
        };
        Node::from([("command", command)])
    }

    /// When it is started again: by `restart`, or else by what `deploy` says.
    fn restart(&mut self, service: &Node, places: &Places<'_>) -> Node {
        let policy = service.get("deploy").get("restart_policy");
        match service.get("restart") {
            Node::Null if policy.is_null() => Node::Null,
            Node::Null => {
                let written = places.written.clone().key("deploy").key("restart_policy").key("condition");
                self.origins.add(places.read.clone().key("restart"), written);
                match policy.get("condition") {
                    Node::Null => "always".into(),
                    condition => match scalar(condition).as_str() {
                        Some("none") => "no".into(),
                        Some("on-failure") => "on-failure".into(),
                        Some(_) => "always".into(),
                        None => Node::Unknown,
                    },
                }
            }
            // YAML 1.1 reads a bare no as false.
            Node::Bool(false) => "no".into(),
            value => scalar(value),
        }
    }
}

/// What a service mounts.
#[derive(Default)]
pub(super) struct Mounts {
    pub(super) points: Vec<Node>,
    /// Where in `volumes` the points are written.
    point_steps: Vec<Step>,
    /// Entries of `linuxParameters.tmpfs`.
    memory: Vec<Node>,
    /// The key where each of them is written, and its position there.
    memory_places: Vec<(&'static str, Option<usize>)>,
    mounted: Vec<Mounted>,
}

impl Mounts {
    /// What stands in `volumes` and `tmpfs` of the service of that name.
    pub(super) fn of(name: &str, volumes: &Node, tmpfs: &Node) -> Self {
        let mut mounts = Self::default();
        // Compose refuses anything but a list here, so nobody can say what another thing would mount.
        let volumes = match volumes {
            Node::Array(_) | Node::Null => entries(volumes),
            _ => &[Node::Unknown],
        };
        for (index, entry) in volumes.iter().enumerate() {
            mounts.add(name, mount::read(entry), ("volumes", Some(index)));
        }
        let is_list = matches!(tmpfs, Node::Array(_));
        for (index, entry) in entries(tmpfs).iter().enumerate() {
            mounts.add(name, mount::read_tmpfs(entry), ("tmpfs", is_list.then_some(index)));
        }
        mounts
    }

    fn add(&mut self, name: &str, mount: Option<Mount>, place: (&'static str, Option<usize>)) {
        match mount {
            Some(Mount::Tmpfs(target, options)) => {
                self.memory_places.push(place);
                self.memory.push(Node::from([("containerPath", target), ("mountOptions", options)]));
            }
            Some(Mount::Volume(mount)) => {
                let mounted = Mounted::of(name, &mount);
                let volume = mounted.as_ref().map_or(Node::Unknown, |it| it.volume.as_str().into());
                let point = [
                    ("containerPath", mount.target),
                    ("readOnly", mount.read_only),
                    ("sourceVolume", volume),
                ];
                self.mounted.extend(mounted);
                self.point(point.into(), place);
            }
            None => self.point(Node::Unknown, place),
        }
    }

    /// One more mount point. Those that are not written in `volumes` come last.
    fn point(&mut self, point: Node, place: (&str, Option<usize>)) {
        self.points.push(point);
        if let ("volumes", Some(index)) = place {
            self.point_steps.push(Step::Index(index));
        }
    }

    /// What belongs below `linuxParameters`.
    pub(super) fn linux_parameters(&self) -> Node {
        match list(self.memory.clone()) {
            Node::Null => Node::Null,
            memory => Node::from([("tmpfs", memory)]),
        }
    }
}

/// The items of a list, where one that stands alone is a list of one.
fn entries(node: &Node) -> &[Node] {
    match node {
        Node::Array(items) => items,
        Node::Null => &[],
        other => std::slice::from_ref(other),
    }
}

/// A list, or nothing where it is empty.
fn list(items: Vec<Node>) -> Node {
    if items.is_empty() { Node::Null } else { items.into() }
}

/// Variables, which are written as a mapping or as a list.
pub(super) fn environment(environment: &Node) -> Node {
    match environment {
        Node::Unknown => Node::Unknown,
        Node::Object(members) => {
            let variables =
                members.iter().map(|(name, value)| variable(name.as_str().into(), from_the_machine(value)));
            variables.collect::<Vec<_>>().into()
        }
        Node::Array(items) => items.iter().map(listed_variable).collect::<Vec<_>>().into(),
        _ => Node::Null,
    }
}

/// A variable of a list: `NAME=value`, or the name alone, whose value the machine has.
fn listed_variable(entry: &Node) -> Node {
    let Some(entry) = text(entry) else { return Node::Unknown };
    let Some((name, value)) = entry.split_once('=') else { return variable(known(&entry), Node::Unknown) };
    let mut read = variable(known(name), known(value));
    let quote = ["\"", "'"]
        .into_iter()
        .find(|quote| value.len() > quote.len() && value.starts_with(quote) && value.ends_with(quote));
    if let (Node::Object(members), Some(quote)) = (&mut read, quote) {
        members.insert("quote".to_owned(), quote.into());
    }
    read
}

fn variable(name: Node, value: Node) -> Node {
    Node::from([("name", name), ("value", value)])
}

/// A value of a map: null means that the machine's variable of that name is handed on.
fn from_the_machine(value: &Node) -> Node {
    match scalar(value) {
        Node::Null => Node::Unknown,
        value => value,
    }
}

fn condition(written: &Node) -> Node {
    match scalar(written).as_str() {
        Some("service_completed_successfully") => "SUCCESS".into(),
        Some("service_healthy") => "HEALTHY".into(),
        Some(_) => "START".into(),
        None if written.is_null() => "START".into(),
        None => Node::Unknown,
    }
}

/// What is built has an image of its own, which nobody knows by its name.
fn image(service: &Node) -> Node {
    let built = !service.get("build").is_null() || !service.get("provider").is_null();
    if built { Node::Unknown } else { scalar(service.get("image")) }
}

pub(super) fn labels(labels: &Node) -> Node {
    match labels {
        Node::Object(members) => members.iter().map(|(key, value)| (key.clone(), scalar(value))).collect(),
        Node::Array(items) => {
            let mut members = Vec::new();
            for item in items {
                let Some(item) = text(item) else { return Node::Unknown };
                let (key, value) = item.split_once('=').unwrap_or((&item, ""));
                if is_open(key) {
                    return Node::Unknown;
                }
                members.push((key.to_owned(), known(value)));
            }
            members.into_iter().collect()
        }
        Node::Unknown => Node::Unknown,
        _ => Node::Null,
    }
}

/// Whatever is in the files: that they are there is all that counts.
fn files(files: &Node) -> Node {
    let file = || Node::from([("type", "file".into())]);
    match files {
        Node::Null => Node::Null,
        Node::Unknown => Node::Unknown,
        Node::Array(items) => items.iter().map(|_| file()).collect::<Vec<_>>().into(),
        _ => vec![file()].into(),
    }
}
