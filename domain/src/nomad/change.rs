//! A change of the workload in the words of the job that it was read from.

use super::container::IN_THE_CONFIGURATION;
use super::directory::UP;
use super::job::{Form, Part, job};
use super::mount::split;
use super::template::with_another_path;
use super::words::named;

use crate::document::{Change, Node, Origins, Path, Step, object};

/// What to change in a job so that the tree that is read from it has this value at that place; none takes it out. `None` where the
/// job has no words for it.
pub fn rewritten(
    document: &Node,
    tree: &Node,
    origins: &Origins,
    path: &Path,
    value: Option<&Node>,
) -> Option<Vec<Change>> {
    let [Step::Key(list), Step::Index(index), rest @ ..] = path.0.as_slice() else { return None };
    let here = Path(path.0[..2].to_vec());
    let items = tree.get(list).items();
    match (list.as_str(), rest, value) {
        // The directories of an allocation need no declaration.
        ("volumes", [], Some(_)) => Some(Vec::new()),
        ("containerDefinitions", [], Some(added)) => {
            let first = origins.exactly(&Path::default().key(list).index(0))?;
            let (group, _) = group_around(document, &first)?;
            let group = Group { document, tree, group };
            Some(vec![group.added(added, index - items.len())?])
        }
        ("containerDefinitions", _, _) => {
            let written = origins.exactly(&here)?;
            let (group, task) = group_around(document, &written)?;
            let group = Group { document, tree, group };
            let task = Some(&task).filter(|task| task.place == written)?;
            if rest.is_empty() {
                return Some(vec![Change::Remove(task.item())]);
            }
            Task { group: &group, origins, read: items.get(*index)?, here: &here, task }
                .rewritten(rest, value)
        }
        _ => None,
    }
}

/// The group that a task is in and the task, by the place of the task. One that stands in the job itself is alone in a group.
fn group_around<'n>(document: &'n Node, task: &Path) -> Option<(Part<'n>, Part<'n>)> {
    let job = job(document).ok()?;
    if let Some(group) = job.part_around("group", task) {
        let task = group.part_around("task", task)?;
        return Some((group, task));
    }
    let alone = job.part_around("task", task)?;
    Some((alone.around(), alone))
}

struct Group<'a> {
    document: &'a Node,
    tree: &'a Node,
    group: Part<'a>,
}

impl Group<'_> {
    /// One more task, behind others that are new as well. Beside one that stands in the job itself there is no place for it.
    fn added(&self, container: &Node, behind: usize) -> Option<Change> {
        if self.group.node.is_null() {
            return None;
        }
        let labelled = task_of(container, self.job(), &|name| self.declares(name))?;
        let task = match self.group.form() {
            Form::Hcl => labelled,
            Form::Api => named("task", &labelled)?,
        };
        Some(Change::Set(self.group.place_of_next("task", behind), task))
    }

    fn job(&self) -> &str {
        self.tree.get("job").as_str().unwrap_or("JOB")
    }

    /// Whether the group declares a volume of that name.
    fn declares(&self, name: &str) -> bool {
        self.declaration(name).is_some()
    }

    /// Where a volume of that name is declared.
    fn declaration(&self, name: &str) -> Option<Path> {
        let declared = super::mount::declared(&self.group);
        declared.volumes.into_iter().find(|(declared, ..)| declared == name).map(|(_, _, place)| place)
    }
}

/// A task of the job and the container definition that was read from it.
struct Task<'a> {
    group: &'a Group<'a>,
    origins: &'a Origins,
    read: &'a Node,
    here: &'a Path,
    task: &'a Part<'a>,
}

impl Task<'_> {
    fn rewritten(&self, rest: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let (Step::Key(member), inside) = rest.split_first()? else { return None };
        let change = match (member.as_str(), inside, value) {
            // A task ends when it ends, whatever another one waits for.
            ("essential", [], _) => return Some(Vec::new()),
            ("command", [], _) => return Some(self.command(value)),
            ("user", [], _) => Change::to(self.task.place_of("user"), value.cloned()),
            (member, [], _) => {
                let (_, key) = IN_THE_CONFIGURATION.into_iter().find(|(read, _)| *read == member)?;
                Change::to(self.config().1.key(key), value.cloned())
            }
            ("environment", [Step::Index(index), inside @ ..], _) => self.variable(*index, inside, value)?,
            ("secrets", [Step::Index(index)], Some(secret)) => {
                self.secret(secret, index.checked_sub(self.read.get("secrets").items().len())?)?
            }
            ("mountPoints", [Step::Index(index), inside @ ..], _) => {
                return self.mount(*index, inside, value);
            }
            ("dependsOn", [Step::Index(index), inside @ ..], Some(value)) => {
                return self.wait(*index, inside, value);
            }
            ("linuxParameters", [Step::Key(_), Step::Index(_)], None) => Change::Remove(self.origin(rest)?),
            ("nomadVariables", [Step::Index(index), Step::Key(_)], Some(other)) => {
                self.path_of_a_variable(*index, other.as_str()?)?
            }
            _ => return None,
        };
        Some(vec![change])
    }

    fn config(&self) -> (&Node, Path) {
        self.task.block("config")
    }

    /// The place that a part of the container was read from.
    fn origin(&self, rest: &[Step]) -> Option<Path> {
        self.origins.exactly(&Path(self.here.0.iter().chain(rest).cloned().collect()))
    }

    /// A program, and its arguments behind it.
    fn command(&self, words: Option<&Node>) -> Vec<Change> {
        let (config, place) = self.config();
        let set = |key: &str, value: Option<Node>| {
            let is_other = *config.get(key) != value.clone().unwrap_or_default();
            is_other.then(|| Change::to(place.clone().key(key), value))
        };
        let (first, rest) = match words.map(Node::items) {
            Some([first, rest @ ..]) => {
                (Some(first.clone()), (!rest.is_empty()).then(|| rest.to_vec().into()))
            }
            _ => (None, None),
        };
        set("command", first).into_iter().chain(set("args", rest)).collect()
    }

    fn variable(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Change> {
        let list = self.read.get("environment").items();
        let (env, place) = self.task.block("env");
        if !matches!(env, Node::Null | Node::Object(_)) {
            return None;
        }
        if index >= list.len() {
            let added = value?;
            return Some(Change::Set(place.key(added.get("name").as_str()?), added.get("value").clone()));
        }
        // A line of a template is its author's to write.
        let written = self
            .origin(&[Step::Key("environment".to_owned()), Step::Index(index)])
            .filter(|written| written.0.starts_with(&place.0))?;
        match (inside, value) {
            ([], None) => Some(Change::Remove(written)),
            ([Step::Key(field)], Some(value)) if field == "value" => {
                Some(Change::Set(written, value.clone()))
            }
            ([Step::Key(field)], Some(name)) if field == "name" => {
                let renamed = written.parent().key(name.as_str()?);
                Some(Change::Move(written, renamed))
            }
            _ => None,
        }
    }

    /// One more variable that is fetched, by a template of its own.
    fn secret(&self, secret: &Node, behind: usize) -> Option<Change> {
        let name = secret.get("name").as_str()?;
        let (templates, _) = self.task.each("template");
        let is_taken =
            |path: &str| templates.iter().any(|template| template.get("destination").as_str() == Some(path));
        let usual = "secrets/datadog.env";
        let destination = match behind == 0 && name.starts_with("DD_") && !is_taken(usual) {
            true => usual.to_owned(),
            false => format!("secrets/{}.env", name.to_lowercase()),
        };
        let template = fetching(&[name], self.group.job(), &destination);
        let template = match self.task.form() {
            Form::Hcl => template,
            Form::Api => super::words::to_api("template", &template),
        };
        Some(Change::Set(self.task.place_of_next("template", behind), template))
    }

    fn mount(&self, index: usize, inside: &[Step], value: Option<&Node>) -> Option<Vec<Change>> {
        let list = self.read.get("mountPoints").items();
        let (config, at) = self.config();
        if index >= list.len() {
            let (added, behind) = (value?, index - list.len());
            let source = added.get("sourceVolume").as_str()?;
            if self.group.declares(source) {
                let mount = volume_mount(added);
                let mount = match self.task.form() {
                    Form::Hcl => mount,
                    Form::Api => super::words::to_api("volume_mount", &mount),
                };
                return Some(vec![Change::Set(self.task.place_of_next("volume_mount", behind), mount)]);
            }
            let volumes = config.get("volumes");
            return matches!(volumes, Node::Null | Node::Array(_)).then(|| {
                let place = at.key("volumes").index(volumes.items().len() + behind);
                short(added).map(|mount| vec![Change::Set(place, mount.into())])
            })?;
        }
        let place = self.origin(&[Step::Key("mountPoints".to_owned()), Step::Index(index)])?;
        let field = match inside {
            [] => return value.is_none().then(|| vec![Change::Remove(place)]),
            [Step::Key(field)] => field.as_str(),
            _ => return None,
        };
        let written = self.group.document.at(&place);
        if let Some(text) = written.as_str() {
            return Some(vec![Change::Set(place, changed(text, field, value)?.into())]);
        }
        if place.0.starts_with(&at.0) {
            let key = match field {
                "containerPath" => "target",
                "readOnly" => "readonly",
                "sourceVolume" => "source",
                _ => return None,
            };
            return Some(vec![Change::to(place.key(key), value.cloned())]);
        }
        self.mount_of_the_group(index, place, field, value)
    }

    /// A `volume_mount`: what the group lets nobody write to, the mount cannot either.
    fn mount_of_the_group(
        &self,
        index: usize,
        place: Path,
        field: &str,
        value: Option<&Node>,
    ) -> Option<Vec<Change>> {
        let keys = match self.task.form() {
            Form::Hcl => ["destination", "read_only", "volume"],
            Form::Api => ["Destination", "ReadOnly", "Volume"],
        };
        let position = ["containerPath", "readOnly", "sourceVolume"].iter().position(|key| *key == field)?;
        let source = self.read.get("mountPoints").items().get(index)?.get("sourceVolume").as_str();
        if field == "sourceVolume" && !self.group.declares(value?.as_str()?) {
            return None;
        }
        let written = place.key(keys[position]);
        let mut changes = Vec::new();
        if value.is_some() || !self.group.document.at(&written).is_null() {
            changes.push(Change::to(written, value.cloned()));
        }
        let may_write = field == "readOnly" && value.and_then(Node::as_bool) != Some(true);
        if let (true, Some(declared)) = (may_write, source.and_then(|name| self.group.declaration(name))) {
            let flag = declared.key(keys[1]);
            if !self.group.document.at(&flag).is_null() {
                changes.push(Change::Set(flag, false.into()));
            }
        }
        Some(changes)
    }

    /// A task waits for those that are started before it: the place of the other one in the life of the allocation is what changes.
    fn wait(&self, index: usize, inside: &[Step], value: &Node) -> Option<Vec<Change>> {
        let list = self.read.get("dependsOn").items();
        let (name, condition) = match (list.get(index), inside) {
            (None, []) => (value.get("containerName").as_str()?, value.get("condition").as_str()?),
            (Some(wait), [Step::Key(field)]) if field == "condition" => {
                (wait.get("containerName").as_str()?, value.as_str()?)
            }
            _ => return None,
        };
        // Tasks with the same hook are started at the same time.
        let is_first = self.task.one("lifecycle").get("hook").as_str() == Some("prestart");
        let (tasks, _) = self.group.group.parts("task");
        let Some(other) = tasks.iter().find(|task| task.name == name) else {
            // One that is added is started first.
            return (!is_first).then(Vec::new);
        };
        if is_first {
            return None;
        }
        let is_beside = condition == "START";
        let lifecycle = Node::from([("hook", "prestart".into()), ("sidecar", is_beside.into())]);
        let lifecycle = match other.form() {
            Form::Hcl => vec![lifecycle].into(),
            Form::Api => super::words::to_api("lifecycle", &lifecycle),
        };
        Some(vec![Change::Set(other.place_of("lifecycle"), lifecycle)])
    }

    fn path_of_a_variable(&self, index: usize, other: &str) -> Option<Change> {
        let place = self.origin(&[Step::Key("nomadVariables".to_owned()), Step::Index(index)])?;
        let path = self.read.get("nomadVariables").items().get(index)?.get("path").as_str()?;
        let data = self.group.document.at(&place).as_str()?;
        Some(Change::Set(place, with_another_path(data, path, other).into()))
    }
}

/// A short form of a mount with another part.
fn changed(text: &str, field: &str, value: Option<&Node>) -> Option<String> {
    let parts = split(text);
    let (source, target) = (*parts.first()?, *parts.get(1)?);
    let mut options: Vec<&str> =
        parts.get(2).copied().unwrap_or_default().split(',').filter(|option| !option.is_empty()).collect();
    let (mut source, mut target) = (source.to_owned(), target.to_owned());
    match field {
        "containerPath" => target = value?.as_str()?.to_owned(),
        "sourceVolume" => source = directory_of(value?.as_str()?),
        "readOnly" => {
            options.retain(|option| *option != "ro" && *option != "rw");
            if value.and_then(Node::as_bool) == Some(true) {
                options.insert(0, "ro");
            }
        }
        _ => return None,
    }
    let options = if options.is_empty() { String::new() } else { format!(":{}", options.join(",")) };
    Some(format!("{source}:{target}{options}"))
}

/// The directory that stands for a volume: one that all tasks of the group share, where it is nothing else.
fn directory_of(volume: &str) -> String {
    match volume.starts_with(UP) || volume.starts_with('/') {
        true => volume.to_owned(),
        false => format!("{UP}alloc/{volume}"),
    }
}

fn short(mount: &Node) -> Option<String> {
    let (volume, path) = (mount.get("sourceVolume").as_str()?, mount.get("containerPath").as_str()?);
    let read_only = if mount.get("readOnly").as_bool() == Some(true) { ":ro" } else { "" };
    Some(format!("{}:{path}{read_only}", directory_of(volume)))
}

fn volume_mount(mount: &Node) -> Node {
    let members = [
        ("destination", mount.get("containerPath").clone()),
        ("read_only", mount.get("readOnly").clone()),
        ("volume", mount.get("sourceVolume").clone()),
    ];
    let set = members.into_iter().filter(|(_, value)| !value.is_null());
    set.map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A template that fetches variables from the Nomad variable of a job.
fn fetching(names: &[&str], job: &str, destination: &str) -> Node {
    let line = |name: &&str| {
        let item = if *name == "DD_API_KEY" { "api_key".to_owned() } else { name.to_lowercase() };
        format!(
            "{name}={{{{ with nomadVar \"nomad/jobs/{job}\" }}}}{{{{ .{item}.Value | toJSON }}}}{{{{ end }}}}\n"
        )
    };
    Node::from([
        ("data", names.iter().map(line).collect::<String>().into()),
        ("destination", destination.into()),
        ("env", true.into()),
    ])
}

/// A container definition as a task with its label, in the words of HCL, in a job of that name. `declares`: whether the group has a
/// volume of that name; any other is a directory that tasks share. `None` where the container has no name.
pub fn task_of(container: &Node, job: &str, declares: &dyn Fn(&str) -> bool) -> Option<Node> {
    let name = container.get("name").as_str()?;
    let items = |key: &str| container.get(key).items().iter();
    let list = |items: Vec<Node>| if items.is_empty() { Node::Null } else { items.into() };
    let is_declared = |mount: &&Node| mount.get("sourceVolume").as_str().is_some_and(declares);
    let (command, args) = match container.get("command").items() {
        [] => (Node::Null, Node::Null),
        [first, rest @ ..] => (first.clone(), list(rest.to_vec())),
    };
    let shorts = items("mountPoints").filter(|mount| !is_declared(mount)).filter_map(short).map(Node::from);
    let labels = container.get("dockerLabels");
    let config = members([
        ("args", args),
        ("command", command),
        ("entrypoint", container.get("entryPoint").clone()),
        ("image", container.get("image").clone()),
        ("labels", if labels.is_null() { Node::Null } else { vec![labels.clone()].into() }),
        ("privileged", container.get("privileged").clone()),
        ("readonly_rootfs", container.get("readonlyRootFilesystem").clone()),
        ("volumes", list(shorts.collect())),
    ]);
    let variables = items("environment").filter_map(|variable| {
        Some((variable.get("name").as_str()?.to_owned(), variable.get("value").clone()))
    });
    let env = object(variables);
    let secrets: Vec<&str> = items("secrets").filter_map(|secret| secret.get("name").as_str()).collect();
    let is_before = container.get("essential").as_bool() == Some(false);
    let lifecycle = Node::from([("hook", "prestart".into()), ("sidecar", false.into())]);
    let one = |node: Node| Node::from(vec![node]);
    let task = members([
        ("config", one(config)),
        ("driver", "docker".into()),
        ("env", if env.is_empty() { Node::Null } else { one(Node::Object(env)) }),
        ("lifecycle", if is_before { one(lifecycle) } else { Node::Null }),
        (
            "template",
            match secrets.is_empty() {
                true => Node::Null,
                false => one(fetching(&secrets, job, "secrets/datadog.env")),
            },
        ),
        ("user", container.get("user").clone()),
        ("volume_mount", list(items("mountPoints").filter(is_declared).map(volume_mount).collect())),
    ]);
    Some(Node::from([(name, task)]))
}

fn members<const N: usize>(members: [(&str, Node); N]) -> Node {
    let set = members.into_iter().filter(|(_, value)| !value.is_null());
    set.map(|(key, value)| (key.to_owned(), value)).collect()
}
