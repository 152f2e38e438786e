//! A change of the workload in the words of the Compose file that it was read from.

use super::interpolation::escaped;
use super::mount::parts;
use super::service::written_key;
use crate::document::{Change, Node, Object, Origins, Path, Step};

/// What to change in a file so that the tree that is read from it has this value at that place; none takes it out. `None` where
/// the file has no words for it.
pub fn rewritten(
    file: &Node,
    tree: &Node,
    origins: &Origins,
    path: &Path,
    value: Option<&Node>,
) -> Option<Vec<Change>> {
    let (first, index, rest) = match path.0.as_slice() {
        [Step::Key(key)] if key == "version" => {
            return Some(vec![Change::to(path.clone(), value.cloned())]);
        }
        [Step::Key(list), Step::Index(index), rest @ ..] => (list.as_str(), *index, rest),
        _ => return None,
    };
    let here = Path(path.0[..2].to_vec());
    let is_there = index < tree.get(first).items().len();
    match (first, rest, value) {
        ("volumes", [], Some(volume)) => {
            let name = volume.get("name").as_str()?;
            let empty = Node::Object(Object::new());
            Some(vec![Change::Set(Path::default().key("volumes").key(name), empty)])
        }
        ("containerDefinitions", [], Some(container)) => {
            let (name, service) = service_of(container)?;
            Some(vec![Change::Set(Path::default().key("services").key(&name), service)])
        }
        (_, [], None) => Some(vec![Change::Remove(origins.exactly(&here)?)]),
        ("containerDefinitions", _, _) if is_there => {
            let written = origins.exactly(&here)?;
            let container = &tree.get(first).items()[index];
            Service { file, origins, container, read: &here, written: &written }.rewritten(rest, value)
        }
        _ => None,
    }
}

/// A service of the file and the container definition that was read from it.
struct Service<'a> {
    file: &'a Node,
    origins: &'a Origins,
    container: &'a Node,
    read: &'a Path,
    written: &'a Path,
}

impl Service<'_> {
    fn rewritten(&self, rest: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let (member, inside) = match rest.split_first()? {
            (Step::Key(member), inside) => (member.as_str(), inside),
            _ => return None,
        };
        match (member, inside, value) {
            // A service ends when it ends, whatever another one waits for.
            ("essential", [], _) => Some(Vec::new()),
            ("restart", [], Some(value)) => {
                let place = self.origins.of(&self.read.clone().key(member));
                let is_deployed = place.0.last() == Some(&Step::Key("condition".to_owned()));
                let value =
                    if is_deployed && value.as_str() == Some("no") { "none".into() } else { value.clone() };
                Some(vec![Change::Set(place, value)])
            }
            ("environment", [Step::Index(index), inside @ ..], _) => self.variable(*index, inside, value),
            ("secrets", [Step::Index(_)], Some(secret)) => {
                let name = secret.get("name").as_str()?;
                Some(vec![self.new_variable(name, &format!("${{{name}}}"), 0)])
            }
            ("mountPoints", [Step::Index(index), inside @ ..], _) => self.mount(*index, inside, value),
            ("dependsOn", [Step::Index(index), inside @ ..], _) => self.dependency(*index, inside, value),
            ("linuxParameters", [Step::Key(tmpfs), Step::Index(_)], None) if tmpfs == "tmpfs" => {
                Some(vec![Change::Remove(self.origin(rest)?)])
            }
            ("healthCheck", [Step::Key(command)], _) if command == "command" => {
                let test = self.written.clone().key("healthcheck").key("test");
                Some(vec![Change::to(test, value.map(texts))])
            }
            (_, [], _) => {
                let place = self.written.clone().key(written_key(member)?);
                Some(vec![Change::to(place, value.map(texts))])
            }
            _ => None,
        }
    }

    /// The place that a part of the container was read from.
    fn origin(&self, rest: &[Step]) -> Option<Path> {
        self.origins.exactly(&Path(self.read.0.iter().chain(rest).cloned().collect()))
    }

    fn at(&self, key: &str) -> (&Node, Path) {
        let place = self.written.clone().key(key);
        (self.file.at(&place), place)
    }

    fn variable(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let list = self.container.get("environment").items();
        let Some(variable) = list.get(index) else {
            let added = value?;
            let name = added.get("name").as_str()?;
            let value = escaped(added.get("value").as_str()?);
            return Some(vec![self.new_variable(name, &value, index - list.len())]);
        };
        let place = self.origin(&[Step::Key("environment".to_owned()), Step::Index(index)])?;
        let name = variable.get("name").as_str()?;
        let entry = match place.0.last()? {
            Step::Index(_) => self.file.at(&place).as_str(),
            Step::Key(_) => None,
        };
        let field = match inside {
            [] => return value.is_none().then(|| vec![Change::Remove(place)]),
            [Step::Key(field)] => field.as_str(),
            _ => return None,
        };
        let text = value?.as_str()?;
        Some(vec![match (field, entry) {
            ("value", None) => Change::Set(place, escaped(text).into()),
            ("value", Some(_)) => Change::Set(place, format!("{name}={}", escaped(text)).into()),
            ("name", None) => Change::Move(place.clone(), place.parent().key(text)),
            ("name", Some(entry)) => {
                let behind = entry.split_once('=').map_or(String::new(), |(_, value)| format!("={value}"));
                Change::Set(place, format!("{text}{behind}").into())
            }
            _ => return None,
        }])
    }

    /// One more variable, in the form that the service has; `behind` others that are new as well.
    fn new_variable(&self, name: &str, value: &str, behind: usize) -> Change {
        match self.at("environment") {
            (Node::Array(items), place) => {
                let is_same =
                    |item: &Node| item.as_str().is_some_and(|item| item.split('=').next() == Some(name));
                let index = items.iter().position(is_same).unwrap_or(items.len() + behind);
                Change::Set(place.index(index), format!("{name}={value}").into())
            }
            (_, place) => Change::Set(place.key(name), value.into()),
        }
    }

    fn mount(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let list = self.container.get("mountPoints").items();
        if index >= list.len() {
            let (volumes, place) = self.at("volumes");
            let end = volumes.items().len() + (index - list.len());
            return Some(vec![Change::Set(place.index(end), short_mount(value?)?.into())]);
        }
        let place = self.origin(&[Step::Key("mountPoints".to_owned()), Step::Index(index)])?;
        let field = match inside {
            [] => return value.is_none().then(|| vec![Change::Remove(place)]),
            [Step::Key(field)] => field.as_str(),
            _ => return None,
        };
        match self.file.at(&place) {
            Node::String(short) => {
                let (mut source, mut target, mut options) = match parts(short).as_slice() {
                    [target] => (None, (*target).to_owned(), Vec::new()),
                    [source, target] => (Some((*source).to_owned()), (*target).to_owned(), Vec::new()),
                    [source, target, options] => {
                        let options = options.split(',').map(str::to_owned).collect();
                        (Some((*source).to_owned()), (*target).to_owned(), options)
                    }
                    _ => return None,
                };
                match field {
                    "containerPath" => target = value?.as_str()?.to_owned(),
                    "sourceVolume" => source = Some(value?.as_str()?.to_owned()),
                    "readOnly" => {
                        options.retain(|option| option != "ro" && option != "rw");
                        if value.and_then(Node::as_bool) == Some(true) {
                            options.insert(0, "ro".to_owned());
                        }
                    }
                    _ => return None,
                }
                let options = (!options.is_empty()).then(|| options.join(","));
                let parts: Vec<String> = source.into_iter().chain([target]).chain(options).collect();
                Some(vec![Change::Set(place, parts.join(":").into())])
            }
            Node::Object(_) => {
                let key = match field {
                    "containerPath" => "target",
                    "sourceVolume" => "source",
                    "readOnly" => "read_only",
                    _ => return None,
                };
                Some(vec![Change::to(place.key(key), value.cloned())])
            }
            _ => None,
        }
    }

    fn dependency(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let list = self.container.get("dependsOn").items();
        let (waits, place) = self.at("depends_on");
        // Only the long form has conditions.
        let long = |changed: &dyn Fn(&str, Node) -> (String, Node)| {
            let waits = list.iter().filter_map(|wait| {
                Some(changed(wait.get("containerName").as_str()?, condition(wait.get("condition"))?))
            });
            waits.collect::<Vec<_>>()
        };
        let is_short = matches!(waits, Node::Array(_));
        let Some(wait) = list.get(index) else {
            let added = value?;
            let (name, condition) =
                (added.get("containerName").as_str()?, condition(added.get("condition"))?);
            return Some(vec![match is_short {
                true => {
                    let mut all = long(&|name, condition| (name.to_owned(), condition));
                    all.push((name.to_owned(), condition));
                    Change::Set(place, all.into_iter().collect())
                }
                false => Change::Set(place.key(name), condition),
            }]);
        };
        let written = self.origin(&[Step::Key("dependsOn".to_owned()), Step::Index(index)])?;
        let name = wait.get("containerName").as_str()?;
        let field = match inside {
            [] => return value.is_none().then(|| vec![Change::Remove(written)]),
            [Step::Key(field)] => field.as_str(),
            _ => return None,
        };
        Some(vec![match (field, is_short) {
            ("condition", true) => {
                let stronger = condition(value?)?;
                let all = long(&|own, condition| {
                    (own.to_owned(), if own == name { stronger.clone() } else { condition })
                });
                Change::Set(place, all.into_iter().collect())
            }
            ("condition", false) => {
                Change::Set(written.key("condition"), condition(value?)?.get("condition").clone())
            }
            ("containerName", true) => Change::Set(written, value?.clone()),
            ("containerName", false) => Change::Move(written, place.key(value?.as_str()?)),
            _ => return None,
        }])
    }
}

/// A container as a service: its name and what stands under it. `None` where it has no name.
pub fn service_of(container: &Node) -> Option<(String, Node)> {
    let name = container.get("name").as_str()?.to_owned();
    let member = |written: &str, value: Node| (!value.is_null()).then(|| (written.to_owned(), value));
    let plain = |read: &str, written: &str| member(written, texts(container.get(read)));
    let list = |items: Vec<Node>| if items.is_empty() { Node::Null } else { items.into() };
    let volumes = container.get("mountPoints").items().iter().filter_map(short_mount).map(Node::from);
    let tmpfs = container.get("linuxParameters").get("tmpfs").items().iter().filter_map(short_tmpfs);
    let waits = container.get("dependsOn").items().iter().filter_map(|wait| {
        Some((wait.get("containerName").as_str()?.to_owned(), condition(wait.get("condition"))?))
    });
    let members = [
        plain("image", "image"),
        plain("user", "user"),
        plain("readonlyRootFilesystem", "read_only"),
        plain("entryPoint", "entrypoint"),
        plain("command", "command"),
        member("environment", environment(container)),
        member("volumes", list(volumes.collect())),
        member("tmpfs", list(tmpfs.map(Node::from).collect())),
        member("depends_on", object(waits.collect())),
        member("labels", texts(container.get("dockerLabels"))),
        member(
            "healthcheck",
            match container.get("healthCheck").get("command") {
                Node::Null => Node::Null,
                command => Node::from([("test", texts(command))]),
            },
        ),
    ];
    Some((name, members.into_iter().flatten().collect()))
}

fn object(members: Vec<(String, Node)>) -> Node {
    if members.is_empty() { Node::Null } else { members.into_iter().collect() }
}

/// Variables with their values, and secrets as variables of the machine.
fn environment(container: &Node) -> Node {
    let items = |list: &str| container.get(list).items().iter();
    let named = |item: &Node| item.get("name").as_str().map(str::to_owned);
    let plain = items("environment").filter_map(|item| Some((named(item)?, texts(item.get("value")))));
    let secret = items("secrets").filter_map(named).map(|name| {
        let value = format!("${{{name}}}").into();
        (name, value)
    });
    object(plain.chain(secret).collect())
}

/// A value with every text in it as Compose has to find it.
fn texts(value: &Node) -> Node {
    match value {
        Node::String(text) => escaped(text).into(),
        Node::Array(items) => items.iter().map(texts).collect::<Vec<_>>().into(),
        Node::Object(members) => members.iter().map(|(key, member)| (key.clone(), texts(member))).collect(),
        other => other.clone(),
    }
}

fn short_mount(mount: &Node) -> Option<String> {
    let (volume, path) = (mount.get("sourceVolume").as_str()?, mount.get("containerPath").as_str()?);
    let read_only = if mount.get("readOnly").as_bool() == Some(true) { ":ro" } else { "" };
    Some(format!("{volume}:{path}{read_only}"))
}

fn short_tmpfs(tmpfs: &Node) -> Option<String> {
    let path = tmpfs.get("containerPath").as_str()?;
    let options: Vec<&str> = tmpfs.get("mountOptions").items().iter().filter_map(Node::as_str).collect();
    Some(if options.is_empty() { path.to_owned() } else { format!("{path}:{}", options.join(",")) })
}

fn condition(read: &Node) -> Option<Node> {
    let written = match read.as_str()? {
        "SUCCESS" | "COMPLETE" => "service_completed_successfully",
        "HEALTHY" => "service_healthy",
        _ => "service_started",
    };
    Some(Node::from([("condition", written.into())]))
}
