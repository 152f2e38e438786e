//! Docker in documents: containers and volumes with the argument names of the resources `docker_container` and `docker_volume` of the
//! provider kreuzwerker/docker (its documentation, read 2026-11).
//!
//! [`workload`] reads them into the tree that `task` reads, whose members have ECS's names. [`rewritten`] says a change of the tree in
//! those arguments.

mod change;

#[cfg(test)]
mod tests;

pub use change::rewritten;

use std::collections::BTreeMap;

use crate::document::{Node, Object, Origins, Path};

/// Which argument says what a member of a container definition says.
const WRITTEN: [(&str, &str); 15] = [
    ("command", "command"),
    ("dockerLabels", "labels"),
    ("entryPoint", "entrypoint"),
    ("environment", "env"),
    ("groups", "group_add"),
    ("healthCheck", "healthcheck"),
    ("image", "image"),
    ("linuxParameters", "tmpfs"),
    ("mountPoints", "volumes"),
    ("portMappings", "ports"),
    ("privileged", "privileged"),
    ("readonlyRootFilesystem", "read_only"),
    ("restart", "restart"),
    ("secrets", "secrets"),
    ("user", "user"),
];

fn written_key(member: &str) -> Option<&'static str> {
    WRITTEN.into_iter().find(|(read, _)| *read == member).map(|(_, written)| written)
}

/// What the containers of a document say, in the shape of a task definition, and where each part of it is written.
///
/// A container with `attach` runs to its end before those behind it start, so they wait for its success. `secrets` is from the name of
/// a variable to the name of the machine's variable that holds its value.
pub fn workload(document: &Node) -> (Node, Origins) {
    let mut reader =
        Reader { origins: Origins::new(written_key), mounted: BTreeMap::new(), ended: Vec::new() };
    let list = |node: &Node, items: Vec<Node>| if node.is_unknown() { Node::Unknown } else { items.into() };
    let given = document.get("containers");
    let containers = given.items().iter().enumerate();
    let containers = containers.map(|(index, container)| reader.container(index, container)).collect();
    let declared = document.get("volumes");
    let volumes = reader.volumes(declared);
    let tree =
        Node::from([("containerDefinitions", list(given, containers)), ("volumes", list(declared, volumes))]);
    (tree, reader.origins)
}

struct Reader {
    origins: Origins,
    /// What of the machine is mounted, with its place.
    mounted: BTreeMap<String, Path>,
    /// The containers that end before the next one starts.
    ended: Vec<Node>,
}

impl Reader {
    fn container(&mut self, index: usize, container: &Node) -> Node {
        let read = Path::default().key("containerDefinitions").index(index);
        let written = Path::default().key("containers").index(index);
        self.origins.add(read.clone(), written.clone());
        if container.is_unknown() {
            self.ended.push(Node::Unknown);
            return Node::Unknown;
        }
        let ends = container.get("attach");
        let waits: Vec<Node> = self.ended.iter().map(wait).collect();
        match ends {
            Node::Unknown => self.ended.push(Node::Unknown),
            _ if ends.as_bool() == Some(true) => self.ended.push(container.get("name").clone()),
            _ => {}
        }
        let members = [
            ("command", container.get("command").clone()),
            ("dependsOn", if waits.is_empty() { Node::Null } else { waits.into() }),
            ("dockerLabels", labels(container.get("labels"))),
            ("entryPoint", container.get("entrypoint").clone()),
            ("environment", self.list(container, "env", (&read, "environment"), &written, variable)),
            (
                "essential",
                match ends {
                    Node::Bool(true) => false.into(),
                    Node::Unknown => Node::Unknown,
                    _ => Node::Null,
                },
            ),
            ("groups", container.get("group_add").clone()),
            ("healthCheck", health_check(container.get("healthcheck"))),
            ("image", container.get("image").clone()),
            ("linuxParameters", tmpfs(container.get("tmpfs"))),
            ("mountPoints", self.mounts(container, &read, &written)),
            ("name", container.get("name").clone()),
            ("portMappings", self.list(container, "ports", (&read, "portMappings"), &written, port)),
            ("privileged", container.get("privileged").clone()),
            ("readonlyRootFilesystem", container.get("read_only").clone()),
            ("restart", container.get("restart").clone()),
            ("secrets", self.secrets(container, &read, &written)),
            ("user", container.get("user").clone()),
        ];
        let set = members.into_iter().filter(|(_, value)| !value.is_null());
        set.map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Reads the items of a list, each with its place.
    fn list(
        &mut self,
        container: &Node,
        key: &str,
        (read, member): (&Path, &str),
        written: &Path,
        item: impl Fn(&Node) -> Node,
    ) -> Node {
        let given = container.get(key);
        self.origins.add_all(read.clone().key(member), written.clone().key(key), given);
        match given {
            Node::Array(items) => items.iter().map(item).collect::<Vec<_>>().into(),
            Node::Unknown => Node::Unknown,
            _ => Node::Null,
        }
    }

    fn mounts(&mut self, container: &Node, read: &Path, written: &Path) -> Node {
        for (index, volume) in container.get("volumes").items().iter().enumerate() {
            if let Some(path) = volume.get("host_path").as_str() {
                let place = written.clone().key("volumes").index(index);
                self.mounted.entry(path.to_owned()).or_insert(place);
            }
        }
        self.list(container, "volumes", (read, "mountPoints"), written, mount_point)
    }

    fn secrets(&mut self, container: &Node, read: &Path, written: &Path) -> Node {
        let given = container.get("secrets");
        self.origins.add_all(read.clone().key("secrets"), written.clone().key("secrets"), given);
        let secret = |(name, variable): (&String, &Node)| {
            Node::from([("name", name.as_str().into()), ("valueFrom", variable.clone())])
        };
        match given {
            Node::Object(secrets) => secrets.iter().map(secret).collect::<Vec<_>>().into(),
            Node::Unknown => Node::Unknown,
            _ => Node::Null,
        }
    }

    /// The named volumes, which Docker fills from the image while they are new and keeps, and then what of the machine is mounted.
    fn volumes(&mut self, declared: &Node) -> Vec<Node> {
        let mut volumes = Vec::new();
        for (index, volume) in declared.items().iter().enumerate() {
            let place = Path::default().key("volumes").index(index);
            self.origins.add(place.clone(), place);
            volumes.push(match volume {
                Node::Unknown => Node::Unknown,
                volume => Node::from([
                    ("name", volume.get("name").clone()),
                    ("dockerVolumeConfiguration", Node::from([("scope", "shared".into())])),
                ]),
            });
        }
        for (path, place) in std::mem::take(&mut self.mounted) {
            self.origins.add(Path::default().key("volumes").index(volumes.len()), place);
            let host = Node::from([("sourcePath", path.as_str().into())]);
            volumes.push(Node::from([("name", path.as_str().into()), ("host", host)]));
        }
        volumes
    }
}

fn wait(name: &Node) -> Node {
    Node::from([("containerName", name.clone()), ("condition", "SUCCESS".into())])
}

/// `NAME=value`.
fn variable(entry: &Node) -> Node {
    let Some(entry) = entry.as_str() else { return Node::Unknown };
    let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
    Node::from([("name", name.into()), ("value", value.into())])
}

fn labels(labels: &Node) -> Node {
    let Node::Array(items) = labels else {
        return if labels.is_unknown() { Node::Unknown } else { Node::Null };
    };
    let mut members = Object::new();
    for item in items {
        let Some(label) = item.get("label").as_str() else { return Node::Unknown };
        members.insert(label.to_owned(), item.get("value").clone());
    }
    Node::Object(members)
}

/// By the name of the volume, or by the path of the machine, which then stands for a volume.
fn mount_point(volume: &Node) -> Node {
    if volume.is_unknown() {
        return Node::Unknown;
    }
    let source = match volume.get("host_path") {
        Node::Null => volume.get("volume_name"),
        path => path,
    };
    let read_only = match volume.get("read_only") {
        Node::Null => &Node::Bool(false),
        read_only => read_only,
    };
    Node::from([
        ("containerPath", volume.get("container_path").clone()),
        ("readOnly", read_only.clone()),
        ("sourceVolume", source.clone()),
    ])
}

fn port(port: &Node) -> Node {
    if port.is_unknown() {
        return Node::Unknown;
    }
    Node::from([
        ("containerPort", port.get("internal").clone()),
        ("hostPort", port.get("external").clone()),
        ("protocol", port.get("protocol").clone()),
    ])
}

/// `NONE` takes the image's own away, which is no check.
fn health_check(check: &Node) -> Node {
    if check.is_unknown() {
        return Node::Unknown;
    }
    let Some(check) = check.items().first() else { return Node::Null };
    match check.get("test") {
        test if test.items().first().and_then(Node::as_str) == Some("NONE") => Node::Null,
        test => Node::from([("command", test.clone())]),
    }
}

/// Memory by its paths, with options between commas.
fn tmpfs(tmpfs: &Node) -> Node {
    let mounts = match tmpfs {
        Node::Object(mounts) => mounts,
        Node::Unknown => return Node::from([("tmpfs", Node::Unknown)]),
        _ => return Node::Null,
    };
    let options = |options: &Node| match options.as_str() {
        Some("") => Node::Array(Vec::new()),
        Some(options) => options.split(',').map(str::trim).collect::<Vec<_>>().into(),
        None if options.is_null() => Node::Array(Vec::new()),
        None => Node::Unknown,
    };
    let mounts = mounts.iter().map(|(path, given)| {
        Node::from([("containerPath", path.as_str().into()), ("mountOptions", options(given))])
    });
    Node::from([("tmpfs", mounts.collect::<Vec<_>>().into())])
}
