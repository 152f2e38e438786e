//! A change of the workload in the words of the manifest that it was read from.

use super::expansion::literal;
use crate::document::{Change, Node, Object, Origins, Path, Step, object};

/// The Secret that is meant where a variable is to come from one.
const SECRET: &str = "datadog-secret";

/// What to change in a manifest so that the tree that is read from it has this value at that place; none takes it out. `None`
/// where the manifest has no words for it, as for the order in which containers start.
pub fn rewritten(
    manifest: &Node,
    tree: &Node,
    origins: &Origins,
    path: &Path,
    value: Option<&Node>,
) -> Option<Vec<Change>> {
    let [Step::Key(list), Step::Index(index), rest @ ..] = path.0.as_slice() else { return None };
    let items = tree.get(list).items();
    let here = Path(path.0[..2].to_vec());
    if let (Some(item), false) = (items.get(*index), rest.is_empty() && value.is_some()) {
        let written = origins.exactly(&here)?;
        return match (list.as_str(), rest) {
            (_, []) => Some(vec![Change::Remove(written)]),
            ("containerDefinitions", _) => {
                Container { manifest, origins, read: item, here: &here, written: &written }
                    .rewritten(rest, value)
            }
            _ => None,
        };
    }
    // One more is put beside those that are there.
    let spec = spec_of(origins)?;
    let added = value?;
    Some(match list.as_str() {
        "volumes" => {
            let end = manifest.at(&spec.clone().key("volumes")).items().len();
            let volume =
                Node::from([("name", added.get("name").clone()), ("emptyDir", Node::Object(Object::new()))]);
            vec![Change::Set(spec.key("volumes").index(end + index - items.len()), volume)]
        }
        "containerDefinitions" => {
            let end = manifest.at(&spec.clone().key("initContainers")).items().len();
            vec![Change::Set(spec.key("initContainers").index(end), container_of(added)?)]
        }
        _ => return None,
    })
}

/// Where the specification of the Pod is.
fn spec_of(origins: &Origins) -> Option<Path> {
    let first = origins.exactly(&Path::default().key("containerDefinitions").index(0))?;
    Some(Path(first.0[..first.0.len() - 2].to_vec()))
}

/// A container of the manifest and the container definition that was read from it.
struct Container<'a> {
    manifest: &'a Node,
    origins: &'a Origins,
    read: &'a Node,
    here: &'a Path,
    written: &'a Path,
}

impl Container<'_> {
    fn rewritten(&self, rest: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let (Step::Key(member), inside) = rest.split_first()? else { return None };
        let at = |key: &str| self.written.clone().key(key);
        let context = |key: &str| at("securityContext").key(key);
        let change = match (member.as_str(), inside, value) {
            ("readonlyRootFilesystem", [], _) => {
                Change::to(context("readOnlyRootFilesystem"), value.cloned())
            }
            ("privileged", [], _) => Change::to(context("privileged"), value.cloned()),
            ("runAsNonRoot", [], _) => Change::to(context("runAsNonRoot"), value.cloned()),
            // What the Pod says is said of the other containers as well.
            ("user", [], Some(user)) => Change::Set(context("runAsUser"), number(user)?),
            ("user", [], None) => Change::Remove(self.origins.of(&self.here.clone().key("user"))),
            ("image", [], _) => Change::to(at("image"), value.cloned()),
            ("command", [], _) => Change::to(at("args"), value.map(texts)),
            ("entryPoint", [], _) => Change::to(at("command"), value.map(texts)),
            ("healthCheck", [Step::Key(command)], Some(words)) if command == "command" => {
                let words = match words.items() {
                    [first, rest @ ..] if first.as_str() == Some("CMD") => rest.to_vec(),
                    [_, line] => vec!["sh".into(), "-c".into(), line.clone()],
                    _ => return None,
                };
                Change::Set(at("livenessProbe").key("exec").key("command"), words.into())
            }
            ("environment", [Step::Index(index), inside @ ..], _) => self.variable(*index, inside, value)?,
            ("secrets", [Step::Index(index), Step::Key(field)], Some(name)) if field == "name" => {
                Change::Set(self.origin("secrets", *index)?.key("name"), name.clone())
            }
            ("secrets", [Step::Index(index)], Some(secret)) => {
                let name = secret.get("name").as_str()?;
                let key = match name {
                    "DD_API_KEY" => "api-key".to_owned(),
                    name => name.to_lowercase().replace('_', "-"),
                };
                let entry = Node::from([("name", SECRET.into()), ("key", key.into())]);
                let from = Node::from([("secretKeyRef", entry)]);
                let behind = index - self.read.get("secrets").items().len();
                Change::Set(
                    self.place_of(name, behind),
                    Node::from([("name", name.into()), ("valueFrom", from)]),
                )
            }
            ("mountPoints", [Step::Index(index), inside @ ..], _) => self.mount(*index, inside, value)?,
            _ => return None,
        };
        Some(vec![change])
    }

    fn origin(&self, list: &str, index: usize) -> Option<Path> {
        self.origins.exactly(&self.here.clone().key(list).index(index))
    }

    /// Where a variable stands, or would: `behind` others that are new as well.
    fn place_of(&self, name: &str, behind: usize) -> Path {
        let list = self.written.clone().key("env");
        let items = self.manifest.at(&list).items();
        let there = items.iter().position(|variable| variable.get("name").as_str() == Some(name));
        list.index(there.unwrap_or(items.len() + behind))
    }

    fn variable(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Change> {
        let list = self.read.get("environment").items();
        if index >= list.len() {
            let added = value?;
            let name = added.get("name").as_str()?;
            let variable = Node::from([("name", name.into()), ("value", text(added.get("value")))]);
            return Some(Change::Set(self.place_of(name, index - list.len()), variable));
        }
        let place = self.origin("environment", index)?;
        match (inside, value) {
            ([], None) => Some(Change::Remove(place)),
            ([Step::Key(field)], Some(value)) if field == "value" => {
                Some(Change::Set(place.key("value"), text(value)))
            }
            ([Step::Key(field)], Some(value)) if field == "name" => {
                Some(Change::Set(place.key("name"), value.clone()))
            }
            _ => None,
        }
    }

    fn mount(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Change> {
        let list = self.read.get("mountPoints").items();
        if index >= list.len() {
            let place = self.written.clone().key("volumeMounts");
            let end = self.manifest.at(&place).items().len() + index - list.len();
            return Some(Change::Set(place.index(end), volume_mount(value?)));
        }
        let place = self.origin("mountPoints", index)?;
        let field = match inside {
            [] => return value.is_none().then_some(Change::Remove(place)),
            [Step::Key(field)] => field.as_str(),
            _ => return None,
        };
        let key = MOUNT.into_iter().find(|(read, _)| *read == field)?.1;
        Some(Change::to(place.key(key), value.cloned()))
    }
}

/// The members of a mount.
const MOUNT: [(&str, &str); 4] = [
    ("containerPath", "mountPath"),
    ("readOnly", "readOnly"),
    ("sourceVolume", "name"),
    ("subPath", "subPath"),
];

fn volume_mount(mount: &Node) -> Node {
    let members = MOUNT.into_iter().map(|(read, written)| (written.to_owned(), mount.get(read).clone()));
    members.filter(|(_, value)| !value.is_null() && value.as_bool() != Some(false)).collect()
}

fn text(value: &Node) -> Node {
    match value {
        Node::String(text) => literal(text).into(),
        value => value.clone(),
    }
}

fn texts(words: &Node) -> Node {
    words.items().iter().map(text).collect::<Vec<_>>().into()
}

/// The number of a user, of whom Kubernetes has no name.
fn number(user: &Node) -> Option<Node> {
    let user = user.as_str()?;
    let user = user.split(':').next().unwrap_or_default();
    let number: i64 = match user {
        "root" => 0,
        "dd-agent" => 100,
        user => user.parse().ok()?,
    };
    Some(number.into())
}

/// A container definition as a container. `None` where it has no name.
pub fn container_of(container: &Node) -> Option<Node> {
    let name = container.get("name").as_str()?;
    let list = |items: Vec<Node>| if items.is_empty() { Node::Null } else { items.into() };
    let words = |key: &str| match container.get(key) {
        Node::Null => Node::Null,
        words => texts(words),
    };
    let items = |key: &str| container.get(key).items().iter();
    let plain = items("environment").map(|variable| {
        Node::from([("name", variable.get("name").clone()), ("value", text(variable.get("value")))])
    });
    let secret = items("secrets").map(|secret| {
        let entry = Node::from([("name", SECRET.into()), ("key", "api-key".into())]);
        let from = Node::from([("secretKeyRef", entry)]);
        Node::from([("name", secret.get("name").clone()), ("valueFrom", from)])
    });
    let context = [
        ("readOnlyRootFilesystem", container.get("readonlyRootFilesystem").clone()),
        ("privileged", container.get("privileged").clone()),
        ("runAsUser", number(container.get("user")).unwrap_or_default()),
    ];
    let context = context.into_iter().filter(|(_, value)| !value.is_null());
    let context = object(context.map(|(key, value)| (key.to_owned(), value)));
    let probe = match container.get("healthCheck").get("command").items() {
        [] => Node::Null,
        [first, rest @ ..] if first.as_str() == Some("CMD") => exec(rest.to_vec()),
        [_, line @ ..] => exec([&["sh".into(), "-c".into()], line].concat()),
    };
    let members = [
        ("name", name.into()),
        ("image", container.get("image").clone()),
        ("command", words("entryPoint")),
        ("args", words("command")),
        ("env", list(plain.chain(secret).collect())),
        ("securityContext", if context.is_empty() { Node::Null } else { Node::Object(context) }),
        ("volumeMounts", list(items("mountPoints").map(volume_mount).collect())),
        ("livenessProbe", probe),
    ];
    let set = members.into_iter().filter(|(_, value)| !value.is_null());
    Some(set.map(|(key, value)| (key.to_owned(), value)).collect())
}

fn exec(words: Vec<Node>) -> Node {
    Node::from([("exec", Node::from([("command", words.into())]))])
}
