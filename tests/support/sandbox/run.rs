//! Runs a task on this machine and tells what was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::image::Image;
use super::machine::{Means, Users};
use super::task::{Condition, Container, Filled, Holds, ImageVolumes, Mount, Network, SECRET, Task, Volume};

/// Seconds after which a run is ended with everything in it. A run takes less than one; the machine may be busy with others.
const LIMIT: &str = "120";

/// Images by their references, and what is asked once everything has settled.
#[derive(Debug, Default)]
pub(crate) struct Sandbox<'i> {
    pub(crate) images: Vec<(&'i str, &'i Image)>,
    /// Container and the words of a command that runs in it, if it runs.
    pub(crate) asked: Vec<(String, Vec<String>)>,
}

/// What a run has shown.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) containers: BTreeMap<String, SeenContainer>,
    /// `start NAME` and `end NAME` in their order, and `stop` where the end of an essential container stopped the task.
    pub(crate) events: Vec<String>,
    /// Of each command that was asked: status and output, if its container ran.
    pub(crate) answers: Vec<Option<(i32, String)>>,
}

/// What a run has shown of a container.
#[derive(Debug, Clone, Default)]
pub(crate) struct SeenContainer {
    pub(crate) started: bool,
    /// The status that it ended with.
    pub(crate) ended: Option<i32>,
    /// Whether the platform could write into its root.
    pub(crate) root_is_writable: bool,
    pub(crate) is_healthy: bool,
    /// Output and errors.
    pub(crate) log: String,
}

impl Sandbox<'_> {
    /// Asks a container for this, once everything has settled.
    pub(crate) fn ask(&mut self, container: &str, words: &[&str]) {
        self.asked.push((container.to_owned(), words.iter().map(|word| (*word).to_owned()).collect()));
    }

    /// Starts the containers as the task says until each has ended, is up or cannot start, asks, and ends everything.
    pub(crate) fn run(&self, task: &Task, means: &Means) -> Seen {
        let folder = tempfile::tempdir().unwrap();
        let work = folder.path();
        self.write(task, work);
        let (program, first) = means.words.split_first().expect("a program");
        let output = Command::new(program)
            .args(first)
            .args(["timeout", "-s", "KILL", LIMIT, "sh"])
            .arg(work.join("runtime.sh"))
            .arg(work)
            .arg(if means.users == Users::Many { "many" } else { "one" })
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let seen = Seen::read(task, self.asked.len(), &work.join("seen"));
        assert!(output.status.success(), "{}: {errors}\n{}", output.status, seen.told());
        seen
    }

    fn write(&self, task: &Task, work: &Path) {
        for (name, content) in [
            ("runtime.sh", include_str!("runtime.sh")),
            ("enter.pl", include_str!("enter.pl")),
            ("loopback.pl", include_str!("loopback.pl")),
            ("listen.pl", include_str!("agent/listen.pl")),
        ] {
            fs::write(work.join(name), content).unwrap();
        }
        for folder in ["seen", "machine", "asked", "layout/volumes"] {
            fs::create_dir_all(work.join(folder)).unwrap();
        }
        let of_sockets = task.volumes.iter().filter(|(_, volume)| volume.holds == Holds::Socket);
        let sockets: String = of_sockets.map(|(name, _)| format!("{name}\n")).collect();
        fs::write(work.join("sockets"), sockets).unwrap();
        let mut owners: String = task
            .volumes
            .iter()
            .map(|(name, volume)| self.write_volume(task, name, volume, &work.join("layout/volumes")))
            .collect();
        owners.extend(task.containers.iter().map(|container| self.write_container(task, container, work)));
        fs::write(work.join("owners"), owners).unwrap();
        let order = task.containers.iter().rev().map(|container| container.name.as_str()).collect::<Vec<_>>();
        fs::write(work.join("order"), order.join(" ") + "\n").unwrap();
        let mut list = String::new();
        for (index, (name, words)) in self.asked.iter().enumerate() {
            let container =
                task.container(name).unwrap_or_else(|| panic!("there is no container {name} to ask"));
            fs::write(work.join("asked").join(index.to_string()), self.command(container, words)).unwrap();
            list.push_str(&format!("{index} {name}\n"));
        }
        fs::write(work.join("asked/list"), list).unwrap();
    }

    fn image(&self, reference: &str) -> &Image {
        let found = self.images.iter().find(|(name, _)| *name == reference);
        found.map(|(_, image)| *image).unwrap_or_else(|| panic!("there is no image {reference}"))
    }

    /// Writes a volume as it is before anything starts. Gives the owner of what an image filled it with.
    fn write_volume(&self, task: &Task, name: &str, volume: &Volume, folder: &Path) -> String {
        let place = folder.join(name);
        let (image, path) = match &volume.holds {
            Holds::Socket => return String::new(),
            Holds::File(content) => {
                fs::create_dir_all(place.parent().expect("a file is in a folder")).unwrap();
                fs::write(place, content).unwrap();
                return String::new();
            }
            Holds::Secret => {
                fs::write(place, SECRET).unwrap();
                return String::new();
            }
            // Root's, as the Agent was that wrote there.
            Holds::Older { image, path } => {
                self.image(image).write_below(path, &place);
                return String::new();
            }
            Holds::Files(files) => {
                fs::create_dir(&place).unwrap();
                for (name, content) in files {
                    let file = place.join(name);
                    fs::create_dir_all(file.parent().expect("a file is in a folder")).unwrap();
                    fs::write(file, content).unwrap();
                }
                return String::new();
            }
            Holds::Nothing => {
                fs::create_dir_all(&place).unwrap();
                fs::set_permissions(&place, fs::Permissions::from_mode(volume.mode)).unwrap();
                let Some(found) = self.fills(task, name, volume) else { return String::new() };
                found
            }
        };
        image.write_below(path, &place);
        owners(image, |owned| (owned == path).then(|| name.to_owned()))
    }

    /// The first image that has something where this volume of Docker's is mounted, and the path.
    fn fills<'t>(&self, task: &'t Task, name: &str, volume: &Volume) -> Option<(&Image, &'t str)> {
        let mounts = task
            .containers
            .iter()
            .flat_map(|container| container.mounts.iter().map(|mount| (self.image(&container.image), mount)));
        let mut mounts =
            mounts.filter(|(image, mount)| mount.volume == name && image.has_folder(&mount.path));
        mounts
            .next()
            .filter(|_| volume.filled == Filled::Everywhere)
            .map(|(image, mount)| (image, mount.path.as_str()))
    }

    /// Writes what `runtime.sh` reads of a container, its whole root among it. Gives the owners of the image's own volumes.
    fn write_container(&self, task: &Task, container: &Container, work: &Path) -> String {
        let folder = work.join("containers").join(&container.name);
        let (image, root) = (self.image(&container.image), folder.join("files"));
        image.write(&root);
        if let Some(hosts) = hosts(task, &container.name) {
            fs::create_dir_all(root.join("etc")).unwrap();
            fs::write(root.join("etc/hosts"), hosts).unwrap();
        }
        let volumes = image_volumes(task, container, image);
        for (path, volume) in &volumes {
            image.write_below(path, &work.join("layout/volumes").join(volume));
        }
        let binds = [programs(&root), binds(task, container, &volumes)].concat();
        for bind in &binds {
            bind.make_place(&root);
        }

        let write = |name: &str, content: String| fs::write(folder.join(name), content).unwrap();
        let (user, group) = Image::ids(container.user.as_deref());
        let capabilities = container.capabilities.as_ref().map_or("all".to_owned(), |kept| {
            let kept: Vec<_> = kept.iter().map(u32::to_string).collect();
            if kept.is_empty() { "none".to_owned() } else { kept.join(",") }
        });
        write("user", format!("{user} {group} {capabilities}\n"));
        write("owners", owners(image, |path| Some(path.trim_start_matches('/').to_owned())));
        write("filled", filled(task, container, image));
        write("fstab", binds.iter().map(|bind| bind.line(work, &container.name)).collect());
        write("nested", nested(&binds));
        write(
            "waits",
            container.waits.iter().map(|wait| wait_line(wait.condition, &wait.container)).collect(),
        );
        write("start", self.command(container, &words(container, image)));
        if let Some(check) = &container.health_check {
            write("health", self.command(container, &check.words));
            write("retries", format!("{}\n", check.retries));
        }
        for (name, is_so) in [("read-only", container.read_only_root), ("essential", container.essential)] {
            if is_so {
                write(name, String::new());
            }
        }
        fs::create_dir_all(work.join("layout/roots").join(&container.name)).unwrap();
        owners(image, |path| volumes.get(path).cloned())
    }

    /// A command with the variables of its container, as `enter.pl` reads it.
    fn command(&self, container: &Container, words: &[String]) -> String {
        let mut environment = self.image(&container.image).environment.clone();
        environment.extend(container.environment.clone());
        let variables = environment.iter().map(|(name, value)| format!("{name}={value}"));
        variables.chain([String::new()]).chain(words.iter().cloned()).map(|text| text + "\0").collect()
    }
}

/// Something of this machine or of the task at a place of a container's root.
#[derive(Debug, Clone)]
struct Bind {
    what: What,
    /// Absolute, in the container.
    at: String,
    is_read_only: bool,
}

#[derive(Debug, Clone)]
enum What {
    /// A path of this machine.
    OfTheMachine(&'static str),
    Volume(String),
    /// One that is no directory.
    File(String),
    /// A file system in memory, with Docker's options for it.
    Tmpfs(&'static str),
}

impl Bind {
    fn make_place(&self, root: &Path) {
        let place = root.join(self.at.trim_start_matches('/'));
        if matches!(self.what, What::OfTheMachine(NULL) | What::File(_)) {
            fs::create_dir_all(place.parent().expect("a file is in a folder")).unwrap();
            fs::write(place, "").unwrap();
        } else {
            fs::create_dir_all(place).unwrap();
        }
    }

    /// A line of a file that mount reads. What a user namespace inherits may have nosuid and nodev, which it cannot take off.
    fn line(&self, work: &Path, container: &str) -> String {
        let machine = work.join("machine");
        let place = machine.join("roots").join(container).join(self.at.trim_start_matches('/'));
        let (from, options) = match &self.what {
            What::OfTheMachine(NULL) => (PathBuf::from(NULL), "bind"),
            What::OfTheMachine(path) => (PathBuf::from(path), "rbind,ro,nosuid,nodev"),
            What::Tmpfs(options) => return format!("tmpfs {} tmpfs {options} 0 0\n", place.display()),
            What::Volume(name) | What::File(name) => {
                (machine.join("volumes").join(name), if self.is_read_only { "bind,ro" } else { "bind" })
            }
        };
        format!("{} {} none {options} 0 0\n", from.display(), place.display())
    }
}

const NULL: &str = "/dev/null";

/// The programs are this machine's, read-only: no image has any, and only images have files in /bin.
fn programs(root: &Path) -> Vec<Bind> {
    let of_machine =
        |path, at: &str| Bind { what: What::OfTheMachine(path), at: at.to_owned(), is_read_only: true };
    let mut binds = vec![of_machine(NULL, NULL)];
    let mut shells = "/usr/bin";
    for path in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr", "/nix"] {
        match (fs::read_link(path), path) {
            (Ok(_), "/bin") => {}
            (Ok(target), _) => symlink(target, root.join(path.trim_start_matches('/'))).unwrap(),
            (Err(_), "/bin") => {
                shells = "/machine/bin";
                binds.push(of_machine(path, shells));
            }
            (Err(_), _) if Path::new(path).is_dir() => binds.push(of_machine(path, path)),
            (Err(_), _) => {}
        }
    }
    fs::create_dir_all(root.join("bin")).unwrap();
    for name in ["sh", "bash", "busybox"].iter().filter(|name| Path::new("/bin").join(name).exists()) {
        symlink(Path::new(shells).join(name), root.join("bin").join(name)).unwrap();
    }
    binds
}

/// The volumes of its own that a container has for what its image declares, by path.
fn image_volumes(task: &Task, container: &Container, image: &Image) -> BTreeMap<String, String> {
    let is_mounted = |path: &str| container.mounts.iter().any(|mount| mount.path == path);
    let declared = image.volumes.iter().enumerate().filter(|(_, path)| !is_mounted(path));
    let declared = declared.filter(|_| task.image_volumes == ImageVolumes::Writable);
    declared.map(|(index, path)| (path.clone(), format!(".{}-{index}", container.name))).collect()
}

/// Volumes at their places, the outer ones before those that are inside them.
fn binds(task: &Task, container: &Container, image_volumes: &BTreeMap<String, String>) -> Vec<Bind> {
    let of_image = image_volumes.iter().map(|(path, volume)| (path, volume, false));
    let of_task = container.mounts.iter().map(|mount| {
        assert!(task.volumes.contains_key(&mount.volume), "there is no volume {}", mount.volume);
        (&mount.path, &mount.volume, mount.read_only)
    });
    let what = |volume: &String| match task.volumes.get(volume).map(|volume| &volume.holds) {
        Some(Holds::File(_) | Holds::Socket | Holds::Secret) => What::File(volume.clone()),
        _ => What::Volume(volume.clone()),
    };
    let tmpfs = container.tmpfs.iter().map(|tmpfs| {
        let (path, options) = tmpfs.split_once(':').unwrap_or((tmpfs, ""));
        let options =
            if options == "exec" { "mode=1777,nosuid,nodev" } else { "mode=1777,nosuid,nodev,noexec" };
        Bind { what: What::Tmpfs(options), at: path.to_owned(), is_read_only: false }
    });
    let mut binds: Vec<_> = of_image
        .chain(of_task)
        .map(|(at, volume, is_read_only)| Bind { what: what(volume), at: at.clone(), is_read_only })
        .chain(tmpfs)
        .collect();
    binds.sort_by(|one, other| one.at.cmp(&other.at));
    binds
}

/// Lines `KIND VOLUME PATH` of the places that a runtime makes inside a volume, because something is mounted there.
fn nested(binds: &[Bind]) -> String {
    let line = |bind: &Bind| {
        let around =
            binds.iter().rev().find_map(|outer| match (&outer.what, bind.at.strip_prefix(&outer.at)) {
                (What::Volume(volume), Some(inside)) if !outer.is_read_only => {
                    Some((volume, inside.strip_prefix('/')?))
                }
                _ => None,
            });
        let (volume, path) = around?;
        let kind = if matches!(bind.what, What::File(_)) { "file" } else { "folder" };
        Some(format!("{kind} {volume} {path}\n"))
    };
    binds.iter().filter_map(line).collect()
}

/// The volumes that get what the image has where they are mounted, when their container starts.
fn filled(task: &Task, container: &Container, image: &Image) -> String {
    let is_filled = |mount: &&Mount| match task.volumes[&mount.volume].filled {
        Filled::Never | Filled::Everywhere => false,
        Filled::AtImageVolumes => image.volumes.contains(&mount.path),
    };
    let filled = container.mounts.iter().filter(is_filled);
    filled.map(|mount| format!("{} {}\n", mount.volume, mount.path)).collect()
}

/// Lines `OWNER PATH...`, one for each owner, of the places that the paths have below another folder.
fn owners(image: &Image, place: impl Fn(&str) -> Option<String>) -> String {
    let mut lines = BTreeMap::<_, String>::new();
    for (path, owner) in &image.owners {
        if let Some(place) = place(path) {
            *lines.entry(owner).or_default() += &format!(" {place}");
        }
    }
    lines.iter().map(|(owner, places)| format!("{owner}{places}\n")).collect()
}

/// An address that leads nowhere (RFC 5737).
const NOWHERE: &str = "192.0.2.1";

/// The address of each container that this one knows by its name. There is one loopback in a sandbox, so who has a loopback of its own
/// looks for it where nobody is.
fn hosts(task: &Task, container: &str) -> Option<String> {
    if task.network == Network::Apart {
        return Some(format!("{NOWHERE} 127.0.0.1\n"));
    }
    let is_known = |name: &str| match &task.network {
        Network::Shared | Network::Apart => false,
        Network::ByName => true,
        Network::Joined(names) => names.iter().any(|own| own == name),
    };
    let line = |(index, other): (usize, &Container)| format!("127.0.1.{} {}\n", index + 1, other.name);
    let named = task.containers.iter().enumerate().filter(|(_, other)| is_known(&other.name));
    is_known(container).then(|| named.map(line).collect())
}

/// An entry point in the document leaves nothing of the image's command.
fn words(container: &Container, image: &Image) -> Vec<String> {
    let command = match (&container.entry_point, &container.command) {
        (_, Some(command)) => command.clone(),
        (Some(_), None) => Vec::new(),
        (None, None) => image.command.clone(),
    };
    [container.entry_point.clone().unwrap_or_else(|| image.entry_point.clone()), command].concat()
}

fn wait_line(condition: Condition, container: &str) -> String {
    let condition = match condition {
        Condition::Started => "started",
        Condition::Healthy => "healthy",
        Condition::Completed => "completed",
        Condition::Succeeded => "succeeded",
    };
    format!("{condition} {container}\n")
}

impl Task {
    pub(crate) fn container(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|container| container.name == name)
    }
}

impl Seen {
    fn read(task: &Task, asked: usize, folder: &Path) -> Seen {
        let text = |name: String| -> Option<String> {
            let path: PathBuf = folder.join(name);
            path.exists().then(|| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
        };
        let number = |name: String| text(name).map(|text| text.trim().parse::<i32>().expect("a status"));
        let of = |container: &Container| {
            let name = &container.name;
            let seen = SeenContainer {
                started: text(format!("{name}.log")).is_some(),
                ended: number(format!("{name}.code")),
                root_is_writable: text(format!("{name}.root")).is_some_and(|root| root.trim() == "writable"),
                is_healthy: text(format!("{name}.health")).is_some(),
                log: text(format!("{name}.log")).unwrap_or_default(),
            };
            (name.clone(), seen)
        };
        let answer = |index: usize| {
            let status = number(format!("{index}.answer.code"))?;
            Some((status, text(format!("{index}.answer"))?))
        };
        Seen {
            containers: task.containers.iter().map(of).collect(),
            events: text("events".to_owned()).unwrap_or_default().lines().map(str::to_owned).collect(),
            answers: (0..asked).map(answer).collect(),
        }
    }

    pub(crate) fn of(&self, container: &str) -> &SeenContainer {
        &self.containers[container]
    }

    /// Everything that can be told apart, as sentences: what two runs do not have in common is what a difference between their tasks
    /// leads to.
    pub(crate) fn facts(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for (name, container) in &self.containers {
            facts.insert(match (container.started, container.ended) {
                (false, _) => format!("{name} does not start"),
                (true, None) => format!("{name} is up"),
                (true, Some(status)) => format!("{name} ends with {status}"),
            });
            if container.started {
                let root = if container.root_is_writable { "writable" } else { "read-only" };
                facts.insert(format!("the root of {name} is {root}"));
            }
            if container.is_healthy {
                facts.insert(format!("{name} is healthy"));
            }
            facts.extend(stated(&container.log));
        }
        for (at, event) in self.events.iter().enumerate() {
            if let Some(name) = event.strip_prefix("start ") {
                let ended = self.events[..at].iter().filter_map(|event| event.strip_prefix("end "));
                facts.extend(ended.map(|ended| format!("{ended} ends before {name} starts")));
                let started = self.events[..at].iter().filter_map(|event| event.strip_prefix("start "));
                facts.extend(started.map(|started| format!("{started} starts before {name}")));
            } else if event == "stop" {
                facts.insert("the task stops".to_owned());
            }
        }
        facts.extend(self.answers.iter().flatten().flat_map(|(_, output)| stated(output)));
        facts
    }

    /// The whole run for whoever looks into it.
    pub(crate) fn told(&self) -> String {
        let mut told = format!("events: {}\n", self.events.join(", "));
        for (name, container) in &self.containers {
            let _always = writeln!(told, "--- {name}: ended {:?}\n{}", container.ended, container.log);
        }
        for (index, answer) in self.answers.iter().enumerate() {
            if let Some((status, output)) = answer {
                let _always = writeln!(told, "--- asked {index}: {status}\n{output}");
            }
        }
        told
    }
}

/// What our stand-ins say of themselves.
fn stated(output: &str) -> impl Iterator<Item = String> {
    output.lines().filter_map(|line| line.strip_prefix("seen: ")).map(str::to_owned)
}
