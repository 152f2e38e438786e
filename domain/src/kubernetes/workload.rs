//! A Pod in the shape of a task definition.

use std::collections::BTreeMap;

use super::expansion::{expanded, read_text};
use super::{Pod, around, is_part, pods};
use crate::document::{Node, Origins, Path};
use crate::ordered::ordered;

/// Where the members of a container definition are written, or would be.
const WRITTEN: [(&str, &str); 11] = [
    ("command", "args"),
    ("entryPoint", "command"),
    ("environment", "env"),
    ("environmentFiles", "envFrom"),
    ("healthCheck", "livenessProbe"),
    ("image", "image"),
    ("mountPoints", "volumeMounts"),
    ("portMappings", "ports"),
    ("privileged", "securityContext"),
    ("readonlyRootFilesystem", "securityContext"),
    ("user", "securityContext"),
];

/// The key of a container that says what a member of a container definition says.
fn written_key(member: &str) -> Option<&'static str> {
    WRITTEN.into_iter().find(|(read, _)| *read == member).map(|(_, written)| written)
}

/// Init containers for whose end others wait one by one; more of them nobody has, and nobody can say.
const MOST_WAITS: usize = 64;

/// Sources of volumes whose files containers only read.
const ONLY_READ: [&str; 5] = ["configMap", "secret", "projected", "downwardAPI", "image"];

/// Those of them whose entries are files of a directory.
const CONFIGURATION: [&str; 4] = ["configMap", "secret", "projected", "downwardAPI"];

/// What each Pod of a document says, in the shape of a task definition, and where each part of it is written. Pods for Windows are
/// left out: nothing that is asked of a workload is true of them.
///
/// Beside the members that a task definition has, the whole has `around`, the texts in no container that Kubernetes cannot take as they
/// are or that are not known yet; a container has `goesOn` where it is an init container that goes on running, and `runAsNonRoot`; a variable has `filledIn`
/// where something else than the manifest says its value; a mount of
/// configuration has `holds`, the kind of its volume, and one of a part of a volume has `subPath` and `partOf`; a volume has `openToAll`
/// where every user can write to it.
pub fn workloads(document: &Node) -> Vec<(Node, Origins)> {
    let pods = pods(document).into_iter().filter(|pod| !pod.is_for_windows(document));
    pods.map(|pod| Reader::of(document, &pod).workload()).collect()
}

struct Reader<'d> {
    spec: &'d Node,
    at: Path,
    /// What the Pod is in.
    object: &'d Node,
    at_object: Path,
    /// The volumes that a StatefulSet makes for each of its Pods.
    claims: &'d Node,
    at_claims: Path,
    origins: Origins,
    containers: Vec<Node>,
    /// The init containers so far, with how far each has got when the next container starts.
    awaited: Vec<Node>,
}

impl<'d> Reader<'d> {
    fn of(document: &'d Node, pod: &Pod) -> Self {
        let at_claims = pod.object.clone().key("spec").key("volumeClaimTemplates");
        Self {
            spec: document.at(&pod.spec()),
            at: pod.spec(),
            object: document.at(&pod.object),
            at_object: pod.object.clone(),
            claims: document.at(&at_claims),
            at_claims,
            origins: Origins::new(written_key),
            containers: Vec::new(),
            awaited: Vec::new(),
        }
    }

    fn workload(mut self) -> (Node, Origins) {
        for key in ["initContainers", "containers"] {
            match self.spec.get(key) {
                Node::Unknown => self.containers.push(Node::Unknown),
                list => {
                    for (index, container) in list.items().iter().enumerate() {
                        self.container(container, key, index);
                    }
                }
            }
        }
        let volumes = self.volumes();
        let mut texts = Vec::new();
        for (place, text) in around::texts_in_braces(self.object, self.at_object.clone()) {
            self.origins.add(Path::default().key("around").index(texts.len()), place);
            texts.push(text);
        }
        let list = |items: Vec<Node>| if self.spec.is_unknown() { Node::Unknown } else { items.into() };
        let members = [
            ("around", list_of(texts)),
            ("containerDefinitions", list(self.containers)),
            ("volumes", list(volumes)),
        ];
        let set = members.into_iter().filter(|(_, value)| !value.is_null());
        (set.map(|(key, value)| (key.to_owned(), value)).collect(), self.origins)
    }

    fn container(&mut self, container: &Node, key: &str, index: usize) {
        let read = Path::default().key("containerDefinitions").index(self.containers.len());
        let written = self.at.clone().key(key).index(index);
        self.origins.add(read.clone(), written.clone());
        if container.is_unknown() {
            self.containers.push(Node::Unknown);
            return;
        }
        let is_init = key == "initContainers";
        let goes_on = match container.get("restartPolicy") {
            Node::Unknown => Node::Unknown,
            policy => (policy.as_str() == Some("Always")).into(),
        };
        let ends = is_init && goes_on.as_bool() == Some(false);
        let (own, whole) = (container.get("securityContext"), self.spec.get("securityContext"));
        let at_context = written.clone().key("securityContext");
        for (member, key) in
            [("readonlyRootFilesystem", "readOnlyRootFilesystem"), ("privileged", "privileged")]
        {
            self.origins.add(read.clone().key(member), at_context.clone().key(key));
        }
        let is_of_the_pod = own.get("runAsUser").is_null() && !whole.get("runAsUser").is_null();
        let around = if is_of_the_pod { self.at.clone().key("securityContext") } else { at_context };
        self.origins.add(read.clone().key("user"), around.key("runAsUser"));
        let said = |key: &str| if own.get(key).is_null() { whole.get(key) } else { own.get(key) };
        let variables = variables_of(container);
        let (environment, secrets) = self.environment(container, &variables, &read, &written);
        let words = |key: &str| words(container.get(key), &variables);
        let members = [
            ("command", words("args")),
            ("dependsOn", self.waits()),
            ("entryPoint", words("command")),
            ("environment", environment),
            ("environmentFiles", files(container.get("envFrom"))),
            ("essential", if ends { false.into() } else { Node::Null }),
            ("goesOn", if is_init { goes_on.clone() } else { Node::Null }),
            ("healthCheck", health_check(container.get("livenessProbe"))),
            ("image", container.get("image").clone()),
            ("mountPoints", self.mounts(container, &read, &written)),
            ("name", container.get("name").clone()),
            ("portMappings", ports(container.get("ports"))),
            ("privileged", own.get("privileged").clone()),
            ("readonlyRootFilesystem", own.get("readOnlyRootFilesystem").clone()),
            ("runAsNonRoot", said("runAsNonRoot").clone()),
            ("secrets", secrets),
            ("user", user(said("runAsUser"), said("runAsGroup"))),
            ("workingDirectory", container.get("workingDir").clone()),
        ];
        let set = members.into_iter().filter(|(_, value)| !value.is_null());
        self.containers.push(set.map(|(key, value)| (key.to_owned(), value)).collect());
        if is_init {
            self.awaited.push(wait(container, &goes_on));
        }
    }

    /// Containers of a Pod start when the init containers before them have ended, or have started where they go on running.
    fn waits(&self) -> Node {
        match self.awaited.len() {
            0 => Node::Null,
            1..=MOST_WAITS => self.awaited.clone().into(),
            _ => Node::Unknown,
        }
    }

    /// Variables with values, and those that come from a Secret.
    fn environment(
        &mut self,
        container: &Node,
        variables: &BTreeMap<&str, Node>,
        read: &Path,
        written: &Path,
    ) -> (Node, Node) {
        let list = container.get("env");
        if list.is_unknown() {
            return (Node::Unknown, Node::Unknown);
        }
        let (mut plain, mut secret) = (Vec::new(), Vec::new());
        for (index, variable) in list.items().iter().enumerate() {
            let source = variable.get("valueFrom");
            let is_secret = !source.get("secretKeyRef").is_null() && !source.is_unknown();
            let (key, items) = if is_secret { ("secrets", &mut secret) } else { ("environment", &mut plain) };
            self.origins
                .add(read.clone().key(key).index(items.len()), written.clone().key("env").index(index));
            let name = ("name", variable.get("name").clone());
            items.push(if variable.is_unknown() {
                Node::Unknown
            } else if is_secret {
                Node::from([name, ("valueFrom", reference(source.get("secretKeyRef")))])
            } else if source.is_null() {
                let value = match variable.get("value") {
                    Node::String(text) => expanded(text, variables),
                    Node::Null => "".into(),
                    value => value.clone(),
                };
                Node::from([name, ("value", value)])
            } else {
                // What a field, a resource or a ConfigMap says is in no manifest.
                let is_filled_in = !source.is_unknown();
                Node::from([name, ("value", Node::Unknown), ("filledIn", is_filled_in.into())])
            });
        }
        (list_of(plain), list_of(secret))
    }

    fn mounts(&mut self, container: &Node, read: &Path, written: &Path) -> Node {
        let list = container.get("volumeMounts");
        if list.is_unknown() {
            return Node::Unknown;
        }
        let (read, written) = (read.clone().key("mountPoints"), written.clone().key("volumeMounts"));
        let mut points = Vec::new();
        for (index, mount) in list.items().iter().enumerate() {
            self.origins.add(read.clone().index(index), written.clone().index(index));
            if mount.is_unknown() {
                points.push(Node::Unknown);
                continue;
            }
            let name = mount.get("name");
            let source = name.as_str().map_or(&Node::Null, |name| self.source_of(name));
            let holds = |kinds: &[&'static str]| kinds.iter().copied().find(|key| !source.get(key).is_null());
            let is_only_read = holds(&ONLY_READ).is_some();
            let read_only = match mount.get("readOnly") {
                Node::Unknown => Node::Unknown,
                flag => (is_only_read || flag.as_bool() == Some(true)).into(),
            };
            let parts = [mount.get("subPath"), mount.get("subPathExpr")];
            let part = parts.into_iter().find(|part| !part.is_null() && part.as_str() != Some(""));
            let mut members = vec![
                ("containerPath", mount.get("mountPath").clone()),
                ("readOnly", read_only),
                // A part of a volume that is written to is another place than its root.
                ("sourceVolume", if part.is_some() && !is_only_read { Node::Unknown } else { name.clone() }),
            ];
            if let Some(kind) = holds(&CONFIGURATION) {
                members.push(("holds", kind.into()));
            }
            if let Some(part) = part {
                members.extend([("subPath", part.clone()), ("partOf", name.clone())]);
            }
            points.push(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        }
        list_of(points)
    }

    fn source_of(&self, name: &str) -> &'d Node {
        let volumes = self.spec.get("volumes").items();
        volumes.iter().find(|volume| volume.get("name").as_str() == Some(name)).unwrap_or(&Node::Null)
    }

    fn volumes(&mut self) -> Vec<Node> {
        let list = self.spec.get("volumes");
        if list.is_unknown() {
            return vec![Node::Unknown];
        }
        let at = |index: usize| Path::default().key("volumes").index(index);
        let mut volumes = Vec::new();
        for (index, volume) in list.items().iter().enumerate() {
            self.origins.add(at(volumes.len()), self.at.clone().key("volumes").index(index));
            volumes.push(read_volume(volume));
        }
        for (index, claim) in self.claims.items().iter().enumerate() {
            self.origins.add(at(volumes.len()), self.at_claims.clone().index(index));
            volumes.push(of_its_own(claim.get("metadata").get("name")));
        }
        if is_part(self.object) {
            // What it is put over may have more of them.
            volumes.push(Node::Unknown);
        }
        volumes
    }
}

fn list_of(items: Vec<Node>) -> Node {
    if items.is_empty() { Node::Null } else { items.into() }
}

/// How far an init container has got when the next one starts.
fn wait(container: &Node, goes_on: &Node) -> Node {
    let condition = match goes_on.as_bool() {
        Some(false) => "SUCCESS".into(),
        Some(true) if container.get("startupProbe").is_null() => "START".into(),
        Some(true) => "HEALTHY".into(),
        None => Node::Unknown,
    };
    Node::from([("condition", condition), ("containerName", container.get("name").clone())])
}

/// The variables of a container with what references to them become: not known where they have no value of their own.
fn variables_of(container: &Node) -> BTreeMap<&str, Node> {
    let variables = container.get("env").items().iter();
    let named = variables.filter_map(|variable| {
        let value = match variable.get("value") {
            Node::String(text) if variable.get("valueFrom").is_null() && !text.contains('$') => {
                text.as_str().into()
            }
            _ => Node::Unknown,
        };
        Some((variable.get("name").as_str()?, value))
    });
    ordered(named)
}

fn words(list: &Node, variables: &BTreeMap<&str, Node>) -> Node {
    match list {
        Node::Unknown => Node::Unknown,
        Node::Array(words) => words
            .iter()
            .map(|word| match word {
                Node::String(text) => expanded(text, variables),
                word => word.clone(),
            })
            .collect::<Vec<_>>()
            .into(),
        _ => Node::Null,
    }
}

/// Whatever is in them: that they are there is all that counts.
fn files(list: &Node) -> Node {
    match list {
        Node::Unknown => Node::Unknown,
        Node::Array(items) if !items.is_empty() => {
            items.iter().map(|_| Node::from([("type", "file".into())])).collect::<Vec<_>>().into()
        }
        _ => Node::Null,
    }
}

/// The entry of a Secret: `datadog-secret/api-key`.
fn reference(secret: &Node) -> Node {
    match (secret.get("name"), secret.get("key")) {
        (Node::String(name), Node::String(key)) => format!("{name}/{key}").into(),
        _ => Node::Unknown,
    }
}

fn health_check(probe: &Node) -> Node {
    match probe.get("exec").get("command") {
        Node::Unknown => Node::Unknown,
        Node::Array(words) => {
            let command = std::iter::once("CMD".into()).chain(words.iter().cloned());
            Node::from([("command", command.collect::<Vec<Node>>().into())])
        }
        _ => Node::Null,
    }
}

fn ports(list: &Node) -> Node {
    match list {
        Node::Unknown => Node::Unknown,
        Node::Array(items) => {
            let ports = items.iter().map(|port| match port {
                Node::Unknown => Node::Unknown,
                port => Node::from([
                    ("containerPort", port.get("containerPort").clone()),
                    ("protocol", port.get("protocol").as_str().unwrap_or("TCP").to_lowercase().into()),
                ]),
            });
            list_of(ports.collect())
        }
        _ => Node::Null,
    }
}

fn user(user: &Node, group: &Node) -> Node {
    match (read_text(user), read_text(group)) {
        _ if user.is_unknown() => Node::Unknown,
        (Some(user), Some(group)) => format!("{user}:{group}").into(),
        (Some(user), None) => user.into(),
        (None, _) => Node::Null,
    }
}

fn read_volume(volume: &Node) -> Node {
    let Node::Object(members) = volume else {
        return if volume.is_unknown() { Node::Unknown } else { Node::from([("name", Node::Null)]) };
    };
    let name = volume.get("name");
    let mut sources = members.iter().filter(|(key, value)| *key != "name" && !value.is_null());
    match sources.next().map(|(key, value)| (key.as_str(), value)) {
        // Without a source it is one as well. The kubelet opens it to all (pkg/volume/emptydir, defaultPerm, 0379063, read 2026-11).
        None | Some(("emptyDir", _)) => Node::from([("name", name.clone()), ("openToAll", true.into())]),
        // A claim that is made for the Pod is an empty directory of root's.
        Some(("ephemeral", _)) => Node::from([("name", name.clone())]),
        Some(("hostPath", source)) => Node::from([
            ("name", name.clone()),
            ("host", Node::from([("sourcePath", source.get("path").clone())])),
        ]),
        Some(_) => of_its_own(name),
    }
}

/// A volume in which is what something else puts there.
fn of_its_own(name: &Node) -> Node {
    let configuration = Node::from([("external", true.into()), ("scope", "shared".into())]);
    Node::from([("name", name.clone()), ("dockerVolumeConfiguration", configuration)])
}
