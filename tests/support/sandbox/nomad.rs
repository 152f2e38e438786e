//! The tasks of a group of Nomad's, read into a task, as its driver for Docker starts them. A key that would change what runs and is not
//! read is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::task::{
    Condition, Container, Filled, HealthCheck, Holds, ImageVolumes, Mount, Network, SECRET, Task, Volume,
    Wait,
};

/// Keys of a task that nothing in a sandbox depends on.
const OF_NO_EFFECT: [&str; 2] = ["KillTimeout", "Resources"];

/// The same of what the driver is told.
const OF_NO_EFFECT_IN_CONFIG: [&str; 3] = ["labels", "logging", "memory_hard_limit"];

/// The directory that the tasks of an allocation share, and the one of each task for its own files and for what is secret. A path of
/// a volume begins at the task's directory, which is beside the shared one (Nomad, client/allocdir/alloc_dir.go, read 2026-11).
const SHARED: &str = "alloc";
const OF_A_TASK: [&str; 2] = ["local", "secrets"];

/// A directory that Nomad makes (the same file), and one that Docker makes where it is told of a path that is not there: root's, with
/// the mode that is believed to be the engine's.
const OF_NOMAD: Volume = Volume { mode: 0o777, filled: Filled::Never, holds: Holds::Nothing };
const OF_DOCKER: Volume = Volume { mode: 0o755, ..OF_NOMAD };

impl Task {
    /// Reads the job of `Job`, which has one group. Tasks with the hook `prestart` come before those without one: they have ended, or
    /// run if they are sidecars; `poststart` comes after. Beyond that there is no order. The error is why Nomad refuses the job.
    pub(crate) fn from_nomad(document: &Value) -> Result<Task, String> {
        let job = &document["Job"];
        let [group] = items(&job["TaskGroups"]) else { panic!("a sandbox starts one group") };
        let mut task = Task {
            containers: Vec::new(),
            volumes: [(SHARED.to_owned(), OF_NOMAD)].into(),
            image_volumes: ImageVolumes::Writable,
            network: network(group),
        };
        let readable = |name: &str| {
            let (job, group) = (text(&job["ID"]), text(&group["Name"]));
            let own = format!("nomad/jobs/{job}");
            let paths = ["nomad/jobs".to_owned(), own.clone(), format!("{own}/{group}")];
            paths.into_iter().chain([format!("{own}/{group}/{name}")]).collect::<Vec<_>>()
        };
        let mut hooks = Vec::new();
        for written in items(&group["Tasks"]) {
            let name = text(&written["Name"]);
            let (container, hook) =
                Written { readable: readable(&name), name }.read(written, &mut task.volumes)?;
            task.containers.push(container);
            hooks.push(hook);
        }
        let names: Vec<_> = task.containers.iter().map(|container| container.name.clone()).collect();
        let waits = |wanted: Hook, condition| {
            let of_hook = names.iter().zip(&hooks).filter(move |(_, hook)| **hook == wanted);
            of_hook.map(move |(name, _)| Wait { container: name.clone(), condition })
        };
        let before: Vec<_> = waits(Hook::Before, Condition::Succeeded)
            .chain(waits(Hook::Beside, Condition::Started))
            .collect();
        let main: Vec<_> = waits(Hook::Main, Condition::Started).collect();
        for (container, hook) in task.containers.iter_mut().zip(&hooks) {
            match hook {
                Hook::Before | Hook::Beside => {}
                Hook::Main => container.waits.extend(before.clone()),
                Hook::After => container.waits.extend([before.clone(), main.clone()].concat()),
            }
        }
        Ok(task)
    }
}

/// When a task is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hook {
    /// Before the others, which wait for its end.
    Before,
    /// Before the others, beside which it runs.
    Beside,
    Main,
    After,
}

/// Tasks share a network where the group has one; else Docker gives each container its own.
fn network(group: &Value) -> Network {
    match items(&group["Networks"]) {
        [] => Network::Apart,
        [network] if ["bridge", "host"].contains(&text(&network["Mode"]).as_str()) => Network::Shared,
        other => panic!("a sandbox has no such networks: {other:?}"),
    }
}

/// A task as it is written.
struct Written {
    name: String,
    /// The variables of Nomad that it may read without a policy of its own.
    readable: Vec<String>,
}

impl Written {
    fn read(
        &self,
        written: &Value,
        volumes: &mut BTreeMap<String, Volume>,
    ) -> Result<(Container, Hook), String> {
        let Value::Object(mut rest) = written.clone() else { panic!("no task: {written}") };
        rest.remove("Name");
        assert_eq!(rest.remove("Driver"), Some("docker".into()), "a sandbox has one driver");
        let hook = hook(&rest.remove("Lifecycle").unwrap_or_default())?;
        let mut environment = environment(&rest.remove("Env").unwrap_or_default());
        let vault = rest.remove("Vault");
        if vault.as_ref().is_some_and(|vault| vault["Env"] != false) {
            environment.insert("VAULT_TOKEN".to_owned(), SECRET.to_owned());
        }
        let files =
            self.files(&rest.remove("Templates").unwrap_or_default(), vault.is_some(), &mut environment)?;
        let mut mounts = self.own_directories(volumes);
        for (path, content) in files.iter().flatten() {
            let holds = Holds::File(content.clone());
            volumes.insert(format!("{}/{path}", self.name), Volume { holds, ..OF_DOCKER });
        }
        let Value::Object(mut config) = rest.remove("Config").unwrap_or_default() else {
            panic!("no configuration")
        };
        for volume in items(&config.remove("volumes").unwrap_or_default()) {
            let mount = self.mounted(&text(volume))?;
            volumes.entry(mount.volume.clone()).or_insert(OF_DOCKER);
            mounts.push(mount);
        }
        // Nomad tries for ever to make a file out of what it may not read, and starts nothing before.
        let blocked =
            files.is_none().then(|| Wait { container: self.name.clone(), condition: Condition::Started });
        let restart = rest.remove("RestartPolicy").unwrap_or_default();
        let container = Container {
            name: self.name.clone(),
            image: text(&config.remove("image").unwrap_or_default()),
            entry_point: config.remove("entrypoint").map(|words| texts(&words)),
            command: command(&mut config),
            user: rest.remove("User").map(|user| text(&user)),
            environment,
            mounts,
            tmpfs: Vec::new(),
            waits: blocked.into_iter().collect(),
            health_check: health_check(&rest.remove("Services").unwrap_or_default()),
            read_only_root: config.remove("readonly_rootfs") == Some(Value::Bool(true)),
            capabilities: None,
            // A main task that has failed for good ends the others.
            essential: hook == Hook::Main && restart["Mode"] != "delay",
        };
        rest.retain(|key, _| !OF_NO_EFFECT.contains(&key.as_str()));
        config.retain(|key, _| !OF_NO_EFFECT_IN_CONFIG.contains(&key.as_str()));
        assert!(
            rest.is_empty() && config.is_empty(),
            "a sandbox does not know what to do with {rest:?} {config:?}"
        );
        Ok((container, hook))
    }

    /// What every container of Nomad's has at the paths of the variables NOMAD_ALLOC_DIR, NOMAD_TASK_DIR and NOMAD_SECRETS_DIR.
    fn own_directories(&self, volumes: &mut BTreeMap<String, Volume>) -> Vec<Mount> {
        let mount = |volume: String, path| Mount { volume, path: format!("/{path}"), read_only: false };
        let own = OF_A_TASK.map(|path| {
            let place = format!("{}/{path}", self.name);
            volumes.insert(place.clone(), OF_NOMAD);
            mount(place, path)
        });
        own.into_iter().chain([mount(SHARED.to_owned(), SHARED)]).collect()
    }

    /// The files of the templates by their paths, but for those that are variables. None where one of them cannot be made.
    fn files(
        &self,
        templates: &Value,
        has_vault: bool,
        environment: &mut BTreeMap<String, String>,
    ) -> Result<Option<BTreeMap<String, String>>, String> {
        let mut files = BTreeMap::new();
        for template in items(templates) {
            let Some(path) = template["DestPath"].as_str() else {
                return Err("Must specify a destination for the template".to_owned());
            };
            let Some(content) = template["EmbeddedTmpl"].as_str() else {
                return Err("Must specify a source path or have an embedded template".to_owned());
            };
            let bracket = |key: &str, usual: &str| template[key].as_str().unwrap_or(usual).to_owned();
            let brackets = [bracket("LeftDelim", "{{"), bracket("RightDelim", "}}")];
            let Some(content) = self.rendered(content, &brackets, has_vault) else { return Ok(None) };
            if template["Envvars"] == true {
                environment.extend(content.lines().map(|line| {
                    let (name, value) = line.split_once('=').expect("a variable");
                    (name.to_owned(), value.trim_matches('"').to_owned())
                }));
            } else {
                files.insert(path.to_owned(), content);
            }
        }
        Ok(Some(files))
    }

    /// What becomes of a template. It knows the actions that fetch an item of a secret, and no other.
    fn rendered(&self, template: &str, [left, right]: &[String; 2], has_vault: bool) -> Option<String> {
        let (mut rendered, mut rest) = (String::new(), template);
        while let Some((before, after)) = rest.split_once(left.as_str()) {
            let (action, after) = after.split_once(right.as_str())?;
            let words: Vec<_> = action.split_whitespace().collect();
            let ["with", function, path] = words.as_slice() else { return None };
            let path = path.trim_matches('"');
            let (item, after) = after.split_once(&format!("{left} end {right}"))?;
            let item = item.strip_prefix(left.as_str())?.strip_suffix(right.as_str())?;
            let item = item.trim().strip_suffix(" | toJSON")?;
            let names_an_item = match *function {
                "nomadVar" => self.readable.iter().any(|own| own == path) && item.ends_with(".Value"),
                "secret" => has_vault && item.starts_with(".Data.data.") == path.contains("/data/"),
                _ => false,
            };
            if !names_an_item {
                return None;
            }
            rendered.push_str(&format!("{before}\"{SECRET}\""));
            rest = after;
        }
        Some(rendered + rest)
    }

    /// `SOURCE:PATH` or `SOURCE:PATH:ro`.
    fn mounted(&self, volume: &str) -> Result<Mount, String> {
        let parts: Vec<_> = volume.split(':').collect();
        let (source, path, read_only) = match parts.as_slice() {
            [source, path] => (*source, *path, false),
            [source, path, "ro"] => (*source, *path, true),
            _ => panic!("no mount: {volume}"),
        };
        if source.starts_with('/') {
            return Err("volumes are not enabled; cannot mount host paths".to_owned());
        }
        let volume = match source.strip_prefix("../") {
            Some(inside) => inside.to_owned(),
            None => format!("{}/{source}", self.name),
        };
        assert!(!volume.contains(".."), "a sandbox has one allocation: {source}");
        Ok(Mount { volume, path: path.trim_end_matches('/').to_owned(), read_only })
    }
}

fn hook(lifecycle: &Value) -> Result<Hook, String> {
    if lifecycle.is_null() {
        return Ok(Hook::Main);
    }
    match (lifecycle["Hook"].as_str(), lifecycle["Sidecar"] == true) {
        (Some("prestart"), false) => Ok(Hook::Before),
        (Some("prestart"), true) => Ok(Hook::Beside),
        (Some("poststart"), _) => Ok(Hook::After),
        (Some(hook), _) => Err(format!("invalid hook: {hook}")),
        (None, _) => Err("no lifecycle hook provided".to_owned()),
    }
}

/// The client puts what it knows of its node where `${...}` is.
fn environment(written: &Value) -> BTreeMap<String, String> {
    let read = |(name, value): (&String, &Value)| {
        let value = text(value).replace("${node.unique.name}", "node-1");
        assert!(!value.contains("${"), "a sandbox does not know what belongs into {value}");
        (name.clone(), value)
    };
    written.as_object().into_iter().flatten().map(read).collect()
}

/// The driver puts both behind the entry point.
fn command(config: &mut Map<String, Value>) -> Option<Vec<String>> {
    let words = config.remove("command").map(|word| vec![text(&word)]).unwrap_or_default();
    let words = [words, texts(&config.remove("args").unwrap_or_default())].concat();
    Some(words).filter(|words| !words.is_empty())
}

/// The first check of a service that is a program. Its first failure counts.
fn health_check(services: &Value) -> Option<HealthCheck> {
    let check = items(services).iter().flat_map(|service| items(&service["Checks"])).next()?;
    assert_eq!(check["Type"], "script", "a sandbox does not know how to ask {check}");
    Some(HealthCheck { words: [vec![text(&check["Command"])], texts(&check["Args"])].concat(), retries: 1 })
}

fn texts(list: &Value) -> Vec<String> {
    items(list).iter().map(text).collect()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text belongs where {value} is")).to_owned()
}
