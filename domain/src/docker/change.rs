//! A change of the workload in the arguments that it was read from.

use super::written_key;
use crate::document::{Change, Node, Origins, Path, Step};

/// What to change in a document so that the tree that is read from it has this value at that place; none takes it out. `None` where
/// the arguments have no words for it.
pub fn rewritten(
    document: &Node,
    tree: &Node,
    origins: &Origins,
    path: &Path,
    value: Option<&Node>,
) -> Option<Vec<Change>> {
    let [Step::Key(list), Step::Index(index), rest @ ..] = path.0.as_slice() else { return None };
    let here = Path(path.0[..2].to_vec());
    match (list.as_str(), rest) {
        ("volumes", []) if value.is_some() => {
            let volumes = Path::default().key("volumes");
            let named = Node::from([("name", value?.get("name").clone())]);
            Some(vec![Change::Set(volumes.index(document.get("volumes").items().len()), named)])
        }
        ("containerDefinitions", [Step::Key(member), _]) if member == "dependsOn" => {
            let awaited = awaited(tree.get(list).items().get(..*index)?, value?)?;
            let written = origins.exactly(&Path::default().key(list).index(awaited))?;
            Some(vec![Change::Set(written.key("attach"), true.into())])
        }
        ("containerDefinitions", [Step::Key(member), inside @ ..]) => {
            let read = tree.get(list).items().get(*index)?;
            let written = origins.exactly(&here)?;
            let given = document.get("containers").items().get(*index)?;
            Container { given, read, written: &written }.rewritten(member, inside, value)
        }
        (_, []) if value.is_none() => Some(vec![Change::Remove(origins.exactly(&here)?)]),
        _ => None,
    }
}

/// The position of the container before it whose end a container is to wait for. No other wait has a word in Docker, and none has
/// one for a container that stands behind.
fn awaited(before: &[Node], wait: &Node) -> Option<usize> {
    let is_for_the_end = ["SUCCESS", "COMPLETE"].map(Some).contains(&wait.get("condition").as_str());
    let name = wait.get("containerName").as_str().filter(|_| is_for_the_end)?;
    before.iter().position(|one| one.get("name").as_str() == Some(name))
}

/// A container as it is given, as it was read, and its place.
struct Container<'a> {
    given: &'a Node,
    read: &'a Node,
    written: &'a Path,
}

impl Container<'_> {
    fn rewritten(&self, member: &str, inside: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let changed = match (member, inside) {
            // Docker has no container that ends the others.
            ("essential", []) => return Some(Vec::new()),
            ("environment", [Step::Index(index), inside @ ..]) => self.variable(*index, inside, value)?,
            ("secrets", [Step::Index(index), Step::Key(field)]) if field == "name" => {
                let secrets = self.written.clone().key("secrets");
                let own = self.read.get(member).items().get(*index)?.get("name").as_str()?;
                Change::Move(secrets.clone().key(own), secrets.key(value?.as_str()?))
            }
            ("secrets", [Step::Index(_)]) => {
                let name = value?.get("name").as_str()?;
                Change::Set(self.written.clone().key("secrets").key(name), name.into())
            }
            ("mountPoints", [Step::Index(index), inside @ ..]) => self.mount(*index, inside, value)?,
            ("linuxParameters", [Step::Key(memory), Step::Index(index)]) if value.is_none() => {
                let memory = self.read.get(member).get(memory).items().get(*index)?;
                let path = memory.get("containerPath").as_str()?;
                Change::Remove(self.written.clone().key("tmpfs").key(path))
            }
            (
                "command"
                | "entryPoint"
                | "image"
                | "privileged"
                | "readonlyRootFilesystem"
                | "restart"
                | "user",
                [],
            ) => Change::to(self.written.clone().key(written_key(member)?), value.cloned()),
            _ => return None,
        };
        Some(vec![changed])
    }

    /// Where an item of a list stands, and what is there; one behind the last is new.
    fn item(&self, key: &str, index: usize) -> (Path, Option<&Node>) {
        (self.written.clone().key(key).index(index), self.given.get(key).items().get(index))
    }

    fn variable(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Change> {
        let (place, _) = self.item("env", index);
        let Some(read) = self.read.get("environment").items().get(index) else {
            let (name, value) = (value?.get("name").as_str()?, value?.get("value").as_str()?);
            return Some(Change::Set(place, format!("{name}={value}").into()));
        };
        let (name, own) = (read.get("name").as_str(), read.get("value").as_str());
        let entry = match (inside, value) {
            ([], None) => return Some(Change::Remove(place)),
            ([Step::Key(field)], Some(value)) if field == "name" => format!("{}={}", value.as_str()?, own?),
            ([Step::Key(field)], Some(value)) if field == "value" => format!("{}={}", name?, value.as_str()?),
            _ => return None,
        };
        Some(Change::Set(place, entry.into()))
    }

    fn mount(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Change> {
        let (place, given) = self.item("volumes", index);
        match (given, inside) {
            (None, []) => {
                let mount = value?;
                let path = mount.get("containerPath").clone();
                let read_only = mount.get("readOnly").as_bool() == Some(true);
                Some(Change::Set(
                    place,
                    Node::from([
                        (source_key(mount.get("sourceVolume")), mount.get("sourceVolume").clone()),
                        ("container_path", path),
                        ("read_only", read_only.into()),
                    ]),
                ))
            }
            (Some(_), []) if value.is_none() => Some(Change::Remove(place)),
            (Some(_), [Step::Key(field)]) => {
                let key = match field.as_str() {
                    "containerPath" => "container_path",
                    "readOnly" => "read_only",
                    "sourceVolume" => source_key(value?),
                    _ => return None,
                };
                Some(Change::to(place.key(key), value.cloned()))
            }
            _ => None,
        }
    }
}

/// What is of the machine has a path; a volume has a name.
fn source_key(source: &Node) -> &'static str {
    if source.as_str().is_some_and(|source| source.starts_with('/')) { "host_path" } else { "volume_name" }
}
