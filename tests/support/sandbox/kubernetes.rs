//! Objects of Kubernetes, read into a task: the pods that they make on one node. A key that would change what runs and is not read
//! is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::task::{
    Condition, Container, Filled, HealthCheck, Holds, ImageVolumes, Mount, Network, SECRET, Task, Volume,
    Wait,
};

/// Keys of a pod's spec that nothing in a sandbox depends on.
const OF_NO_EFFECT_IN_A_POD: [&str; 14] = [
    "affinity",
    "automountServiceAccountToken",
    "dnsPolicy",
    "enableServiceLinks",
    "hostPID",
    "imagePullSecrets",
    "nodeSelector",
    "priorityClassName",
    "restartPolicy",
    "securityContext",
    "serviceAccountName",
    "shareProcessNamespace",
    "terminationGracePeriodSeconds",
    "tolerations",
];

/// The same of a container.
const OF_NO_EFFECT: [&str; 4] = ["imagePullPolicy", "ports", "resources", "terminationMessagePolicy"];

/// Objects that start nothing and hold nothing that a container reads.
const OF_NO_POD: [&str; 6] =
    ["ClusterRole", "ClusterRoleBinding", "Namespace", "Secret", "Service", "ServiceAccount"];

/// What a field of a pod is for who asks by `fieldRef`: the sandbox is one node, which its pods reach at its loopback.
const FIELDS: [(&str, &str); 6] = [
    ("metadata.name", "orders-0"),
    ("metadata.namespace", "default"),
    ("metadata.uid", "5b1f0f8e-0000-4000-8000-000000000001"),
    ("spec.nodeName", "node-1"),
    ("status.hostIP", "127.0.0.1"),
    ("status.podIP", "127.0.0.1"),
];

/// An emptyDir, which everybody may write.
const EMPTY_DIR: Volume = Volume { mode: 0o777, filled: Filled::Never, holds: Holds::Nothing };

/// A directory of the node.
const OF_THE_NODE: Volume = Volume { mode: 0o755, filled: Filled::Never, holds: Holds::Nothing };

impl Task {
    /// Reads pods and what makes pods, and the ConfigMaps that they mount. The init containers of a pod run one after the other, in
    /// their order; its other containers start when all of them are done, in no order. Whether the runtime makes the volumes of
    /// images writable is its own affair, so here it does not. The error is why Kubernetes refuses the objects.
    pub(crate) fn from_kubernetes(objects: &[Value]) -> Result<Task, String> {
        let mut task = Task {
            containers: Vec::new(),
            volumes: BTreeMap::new(),
            image_volumes: ImageVolumes::Ignored,
            network: Network::Shared,
        };
        for object in objects {
            let kind = text(&object["kind"]);
            if kind == "ConfigMap" || OF_NO_POD.contains(&kind.as_str()) {
                continue;
            }
            Pod { name: text(&object["metadata"]["name"]), objects, spec: spec(&kind, object) }
                .add_to(&mut task)?;
        }
        let names: Vec<_> = task.containers.iter().map(|container| &container.name).collect();
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
        assert!(twice.is_none(), "a sandbox tells containers apart by their names: {names:?}");
        Ok(task)
    }
}

/// The spec of the pods that an object makes.
fn spec<'o>(kind: &str, object: &'o Value) -> &'o Value {
    match kind {
        "Pod" => &object["spec"],
        "CronJob" => &object["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        "DaemonSet" | "Deployment" | "Job" | "ReplicaSet" | "StatefulSet" => {
            &object["spec"]["template"]["spec"]
        }
        _ => panic!("a sandbox starts no {kind}"),
    }
}

/// A pod, and the objects around it.
#[derive(Clone)]
struct Pod<'o> {
    name: String,
    objects: &'o [Value],
    spec: &'o Value,
}

impl Pod<'_> {
    fn add_to(&self, task: &mut Task) -> Result<(), String> {
        let Value::Object(mut rest) = self.spec.clone() else { panic!("no pod: {}", self.spec) };
        let volumes = rest.remove("volumes").unwrap_or_default();
        let mut places = BTreeMap::new();
        for volume in items(&volumes) {
            let (place, kind) = self.volume(volume)?;
            // A file of its own for whoever mounts that alone.
            let files = if let Holds::Files(files) = &kind.holds { files.clone() } else { BTreeMap::new() };
            for (name, content) in files {
                let file = Volume { holds: Holds::File(content), ..OF_THE_NODE };
                task.volumes.insert(format!("{place}.{name}"), file);
            }
            places.insert(text(&volume["name"]), (place.clone(), kind.holds.clone()));
            task.volumes.insert(place, kind);
        }
        let mut before: Vec<Wait> = Vec::new();
        for written in items(&rest.remove("initContainers").unwrap_or_default()) {
            let stays = written["restartPolicy"] == "Always";
            let container = Container { waits: before.clone(), ..self.container(written, &places)? };
            let condition = match (stays, written.get("startupProbe").is_some()) {
                (false, _) => Condition::Succeeded,
                (true, false) => Condition::Started,
                (true, true) => Condition::Healthy,
            };
            before.push(Wait { container: container.name.clone(), condition });
            task.containers.push(container);
        }
        for written in items(&rest.remove("containers").unwrap_or_default()) {
            task.containers.push(Container { waits: before.clone(), ..self.container(written, &places)? });
        }
        rest.retain(|key, _| !OF_NO_EFFECT_IN_A_POD.contains(&key.as_str()));
        assert!(rest.is_empty(), "a sandbox does not know what to do with {rest:?}");
        Ok(())
    }

    fn container(
        &self,
        written: &Value,
        places: &BTreeMap<String, (String, Holds)>,
    ) -> Result<Container, String> {
        let Value::Object(mut rest) = written.clone() else { panic!("no container: {written}") };
        let name = text(&rest.remove("name").unwrap_or_default());
        let mut environment = BTreeMap::new();
        for variable in items(&rest.remove("env").unwrap_or_default()) {
            let value = self.value(&name, variable)?;
            environment.insert(text(&variable["name"]), expanded(&value, &environment));
        }
        let words = |rest: &mut Map<String, Value>, key: &str| -> Option<Vec<String>> {
            let words = rest.remove(key)?;
            Some(items(&words).iter().map(|word| expanded(&text(word), &environment)).collect())
        };
        let (entry_point, command) = (words(&mut rest, "command"), words(&mut rest, "args"));
        let mut mounts = Vec::new();
        for mount in items(&rest.remove("volumeMounts").unwrap_or_default()) {
            mounts.push(mounted(&name, mount, places)?);
        }
        // All that asks how a container is asks the same here; the first one is asked.
        let probes = ["startupProbe", "readinessProbe", "livenessProbe"].map(|key| rest.remove(key));
        let health_check = probes.into_iter().flatten().next().map(|probe| health_check(&probe));
        let security = rest.remove("securityContext").unwrap_or_default();
        let user = self.user(&name, &security)?;
        rest.remove("restartPolicy");
        let container = Container {
            image: text(&rest.remove("image").unwrap_or_default()),
            entry_point,
            command,
            user,
            environment,
            mounts,
            tmpfs: Vec::new(),
            waits: Vec::new(),
            health_check,
            read_only_root: security["readOnlyRootFilesystem"] == true,
            capabilities: capabilities(&security["capabilities"]),
            essential: false,
            name,
        };
        rest.retain(|key, _| !OF_NO_EFFECT.contains(&key.as_str()));
        assert!(rest.is_empty(), "a sandbox does not know what to do with {rest:?}");
        Ok(container)
    }

    /// User and group as the container says, or else the pod; the user of every image here is root.
    fn user(&self, name: &str, security: &Value) -> Result<Option<String>, String> {
        let said = |key: &str| {
            [security, &self.spec["securityContext"]]
                .into_iter()
                .find_map(|context| context.get(key).cloned())
        };
        let user = said("runAsUser").and_then(|user| user.as_u64());
        if said("runAsNonRoot") == Some(Value::Bool(true)) && user.unwrap_or(0) == 0 {
            return Err(format!("{name} has runAsNonRoot and its user is root"));
        }
        let group = said("runAsGroup").and_then(|group| group.as_u64());
        Ok(match (user, group) {
            (None, None) => None,
            (Some(user), None) => Some(user.to_string()),
            (user, Some(group)) => Some(format!("{}:{group}", user.unwrap_or(0))),
        })
    }

    fn value(&self, container: &str, variable: &Value) -> Result<String, String> {
        let Some(from) = variable.get("valueFrom") else {
            return Ok(variable.get("value").map(text).unwrap_or_default());
        };
        if from.get("secretKeyRef").is_some() {
            return Ok(SECRET.to_owned());
        }
        if let Some(field) = from.get("fieldRef") {
            let path = text(&field["fieldPath"]);
            let found = FIELDS.iter().find(|(field, _)| *field == path);
            return found.map(|(_, value)| (*value).to_owned()).ok_or(format!("a pod has no field {path}"));
        }
        let key = from.get("configMapKeyRef").unwrap_or_else(|| panic!("{container}: no value: {from}"));
        let content = self.config_map(&text(&key["name"]))?.remove(&text(&key["key"]));
        content.ok_or(format!("a ConfigMap has no key {}", key["key"]))
    }

    /// Where a sandbox keeps a volume, and what is in it. Directories of the node are the same for all pods.
    fn volume(&self, volume: &Value) -> Result<(String, Volume), String> {
        let name = text(&volume["name"]);
        let own = format!("{}.{name}", self.name);
        if volume.get("emptyDir").is_some() {
            // Files in it are the group's, and so are those that come.
            let has_group = self.spec["securityContext"].get("fsGroup").is_some();
            return Ok((own, Volume { mode: if has_group { 0o2777 } else { 0o777 }, ..EMPTY_DIR }));
        }
        if let Some(host_path) = volume.get("hostPath") {
            let path = text(&host_path["path"]);
            let holds = if path.ends_with(".sock") { Holds::Socket } else { Holds::Nothing };
            let place = format!("machine-{}", path.trim_matches('/').replace('/', "-"));
            return Ok((place, Volume { holds, ..OF_THE_NODE }));
        }
        let Some(map) = volume.get("configMap") else { panic!("a sandbox has no such volume: {volume}") };
        let data = self.config_map(&text(&map["name"]))?;
        let files = match map.get("items") {
            None => data,
            Some(chosen) => {
                let file = |item: &Value| {
                    let content = data.get(&text(&item["key"]));
                    let content =
                        content.ok_or(format!("ConfigMap {} has no {}", map["name"], item["key"]))?;
                    Ok((text(&item["path"]), content.clone()))
                };
                items(chosen).iter().map(file).collect::<Result<_, String>>()?
            }
        };
        Ok((own, Volume { holds: Holds::Files(files), ..OF_THE_NODE }))
    }

    fn config_map(&self, name: &str) -> Result<BTreeMap<String, String>, String> {
        let is_it = |object: &&Value| object["kind"] == "ConfigMap" && object["metadata"]["name"] == name;
        let map = self.objects.iter().find(is_it).ok_or(format!("there is no ConfigMap {name}"))?;
        let data = map["data"].as_object().into_iter().flatten();
        Ok(data.map(|(key, content)| (key.clone(), text(content))).collect())
    }
}

/// The kubelet mounts configuration so that nobody writes it, whatever the mount says.
fn mounted(
    container: &str,
    mount: &Value,
    places: &BTreeMap<String, (String, Holds)>,
) -> Result<Mount, String> {
    let name = text(&mount["name"]);
    let (volume, holds) = places.get(&name).ok_or(format!("{container}: there is no volume {name}"))?;
    let known = ["name", "mountPath", "readOnly", "recursiveReadOnly", "subPath"];
    let other = mount.as_object().into_iter().flatten().find(|(key, _)| !known.contains(&key.as_str()));
    assert!(other.is_none(), "a sandbox does not know what to do with {other:?}");
    let volume = match (mount.get("subPath").map(text), holds) {
        (None, _) => volume.clone(),
        (Some(file), Holds::Files(files)) if files.contains_key(&file) => format!("{volume}.{file}"),
        // The kubelet would make a directory of it.
        (Some(path), _) => return Err(format!("{container}: there is no {path} in {name}")),
    };
    Ok(Mount {
        volume,
        path: text(&mount["mountPath"]).trim_end_matches('/').to_owned(),
        read_only: mount["readOnly"] == true || matches!(holds, Holds::Files(_)),
    })
}

/// The numbers of the capabilities that are added where all are dropped (capability.h of Linux).
fn capabilities(written: &Value) -> Option<Vec<u32>> {
    const NUMBERS: [(&str, u32); 6] =
        [("CHOWN", 0), ("DAC_OVERRIDE", 1), ("FOWNER", 3), ("KILL", 5), ("SETGID", 6), ("SETUID", 7)];
    let number = |name: &Value| {
        let found = NUMBERS.iter().find(|(known, _)| *known == text(name));
        found.unwrap_or_else(|| panic!("a sandbox does not know the capability {name}")).1
    };
    let drops_all = items(&written["drop"]).contains(&"ALL".into());
    drops_all.then(|| items(&written["add"]).iter().map(number).collect())
}

/// Kubernetes tries three times unless told otherwise.
fn health_check(probe: &Value) -> HealthCheck {
    let words: Vec<_> = items(&probe["exec"]["command"]).iter().map(text).collect();
    assert!(!words.is_empty(), "a sandbox does not know how to ask {probe}");
    HealthCheck {
        words,
        retries: probe["failureThreshold"].as_u64().unwrap_or(3).try_into().expect("a few tries"),
    }
}

/// A text with what Kubernetes puts into it: `$(NAME)` is a variable that comes before it, if there is one, and `$$` a dollar
/// sign.
fn expanded(written: &str, environment: &BTreeMap<String, String>) -> String {
    let mut read = String::new();
    let mut rest = written;
    while let Some(at) = rest.find('$') {
        read.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let named = after.strip_prefix('(').and_then(|after| after.split_once(')'));
        (read, rest) = match (after.strip_prefix('$'), named) {
            (Some(after), _) => (read + "$", after),
            (None, Some((name, after))) => {
                let value = environment.get(name).cloned();
                (read + &value.unwrap_or_else(|| format!("$({name})")), after)
            }
            (None, None) => (read + "$", after),
        };
    }
    read + rest
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text belongs where {value} is")).to_owned()
}
