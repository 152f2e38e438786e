//! Examples of the catalogue's pages: what an example writes, laid over a task definition that no rule objects to.
//!
//! So an example says what its rule is about and nothing else. The pages show the whole.

use crate::document::{Node, NotKnown, Object, Path, Step, hcl, parse, to_json_pretty, yaml};
use crate::nomad::LAYOUT;

use super::fix::Edit;
use crate::task::DocumentKind;

/// The language in which people write a kind of document, and the document in it.
pub fn in_its_language(kind: DocumentKind, document: &Node) -> Result<(&'static str, String), NotKnown> {
    Ok(match kind {
        DocumentKind::TaskDefinition | DocumentKind::Docker => ("json", to_json_pretty(document)?),
        DocumentKind::Compose | DocumentKind::Kubernetes => {
            let first = ["apiVersion", "kind", "metadata", "name", "services", "image"];
            ("yaml", yaml::write(document, &first)?)
        }
        DocumentKind::Nomad => ("hcl", hcl::write(document, &LAYOUT)?),
    })
}

/// A task definition as JSON text, as far as it differs from a sound one: an object is laid over the one that is there,
/// null removes a key, anything else replaces it. `"<unknown>"` stands for a value that is not known yet,
/// `"<100 letters>"` for a text of that length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// Laid over [`SOUND_TASK`]. Each item of `containerDefinitions` is laid over [`SOUND_CONTAINER`]; without any there
    /// is that container alone.
    Example(&'static str),
    /// Laid over the task definition of [`SOUND_AGENT_TASK`]. A container or a volume is laid over the one of its name;
    /// another container is laid over [`SOUND_CONTAINER`] and added, as another volume is.
    AgentExample(&'static str),
    /// A Compose file, laid over [`SOUND_FILE`].
    ComposeExample(&'static str),
    /// A manifest of Kubernetes, laid over [`SOUND_MANIFEST`]: items of lists over those of their name.
    KubernetesExample(&'static str),
    /// The tasks of a job of Nomad by their names, each laid over the one in [`SOUND_TASKS`].
    NomadExample(&'static str),
}

/// A Pod with an Agent that no rule objects to.
const SOUND_MANIFEST: &str = r#"{
  "apiVersion": "v1",
  "kind": "Pod",
  "metadata": { "name": "shop" },
  "spec": {
    "initContainers": [
      {
        "name": "datadog-init",
        "image": "public.ecr.aws/datadog/agent:7.81.1",
        "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/"],
        "securityContext": { "readOnlyRootFilesystem": true },
        "volumeMounts": [{ "name": "datadog-config", "mountPath": "/config" }]
      }
    ],
    "containers": [
      {
        "name": "datadog-agent",
        "image": "public.ecr.aws/datadog/agent:7.81.1",
        "env": [
          {
            "name": "DD_API_KEY",
            "valueFrom": { "secretKeyRef": { "name": "datadog-secret", "key": "api-key" } }
          }
        ],
        "securityContext": { "readOnlyRootFilesystem": true },
        "volumeMounts": [
          { "name": "datadog-config", "mountPath": "/etc/datadog-agent" },
          { "name": "datadog-run", "mountPath": "/opt/datadog-agent/run" },
          { "name": "datadog-sockets", "mountPath": "/var/run/datadog" }
        ]
      }
    ],
    "volumes": [
      { "name": "datadog-config", "emptyDir": {} },
      { "name": "datadog-run", "emptyDir": {} },
      { "name": "datadog-sockets", "emptyDir": {} }
    ]
  }
}"#;

/// A Compose file with an Agent that no rule objects to.
const SOUND_FILE: &str = r#"{
  "services": {
    "datadog-agent": {
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "read_only": true,
      "depends_on": { "datadog-init": { "condition": "service_completed_successfully" } },
      "environment": { "DD_API_KEY": "${DD_API_KEY}" },
      "volumes": [
        "datadog-config:/etc/datadog-agent",
        "datadog-run:/opt/datadog-agent/run",
        "datadog-sockets:/var/run/datadog"
      ]
    },
    "datadog-init": {
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "read_only": true,
      "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/"],
      "volumes": ["datadog-config:/config"]
    }
  },
  "volumes": { "datadog-config": {}, "datadog-run": {}, "datadog-sockets": {} }
}"#;

/// A job of Nomad with an Agent that no rule objects to, without its tasks.
const SOUND_JOB: &str =
    r#"{ "job": [{ "shop": { "type": "service", "group": [{ "web": { "task": [] } }] } }] }"#;

/// The tasks of that job.
const SOUND_TASKS: &str = r#"{
  "datadog-init": {
    "driver": "docker",
    "lifecycle": [{ "hook": "prestart", "sidecar": false }],
    "config": [
      {
        "image": "public.ecr.aws/datadog/agent:7.81.1",
        "readonly_rootfs": true,
        "command": "sh",
        "args": ["-c", "cp -RPpf /etc/datadog-agent/. /config/"],
        "volumes": ["../alloc/datadog-config:/config"]
      }
    ]
  },
  "datadog-agent": {
    "driver": "docker",
    "config": [
      {
        "image": "public.ecr.aws/datadog/agent:7.81.1",
        "readonly_rootfs": true,
        "volumes": [
          "../alloc/datadog-config:/etc/datadog-agent",
          "../alloc/datadog-run:/opt/datadog-agent/run",
          "../alloc/datadog-sockets:/var/run/datadog"
        ]
      }
    ],
    "template": [
      {
        "data": "DD_API_KEY={{ with nomadVar \"nomad/jobs/shop\" }}{{ .api_key }}{{ end }}",
        "destination": "secrets/datadog.env",
        "env": true
      }
    ]
  },
  "web": {
    "driver": "docker",
    "config": [{ "image": "example.com/shop/web:1.4.2", "readonly_rootfs": true }]
  }
}"#;

/// The task definition that an example is laid over, without its containers.
const SOUND_TASK: &str = r#"{
  "family": "shop",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "256",
  "memory": "512",
  "runtimePlatform": { "operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64" },
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task",
  "tags": [{ "key": "team", "value": "shop" }]
}"#;

/// The container that every container of an example is laid over.
const SOUND_CONTAINER: &str = r#"{
  "name": "app",
  "image": "example.com/shop:1.4.2",
  "user": "100",
  "readonlyRootFilesystem": true,
  "logConfiguration": {
    "logDriver": "awslogs",
    "options": {
      "awslogs-group": "/shop",
      "awslogs-region": "eu-central-1",
      "awslogs-stream-prefix": "shop",
      "mode": "non-blocking"
    }
  }
}"#;

/// What a task with an Agent has beside [`SOUND_TASK`]: the Agent, its init container and its volumes.
const SOUND_AGENT_TASK: Overlay = Overlay::Example(
    r#"{
  "volumes": [{ "name": "dd-config" }, { "name": "dd-run" }, { "name": "dd-sockets" }],
  "containerDefinitions": [
    {
      "name": "datadog-init",
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "essential": false,
      "user": "0",
      "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/ && chown -R 100:0 /config /state /sockets"],
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/config" },
        { "sourceVolume": "dd-run", "containerPath": "/state" },
        { "sourceVolume": "dd-sockets", "containerPath": "/sockets" }
      ]
    },
    {
      "name": "datadog-agent",
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "environment": [{ "name": "ECS_FARGATE", "value": "true" }],
      "secrets": [
        {
          "name": "DD_API_KEY",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ],
      "dependsOn": [{ "containerName": "datadog-init", "condition": "SUCCESS" }],
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/etc/datadog-agent" },
        { "sourceVolume": "dd-run", "containerPath": "/opt/datadog-agent/run" },
        { "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" }
      ]
    }
  ]
}"#,
);

/// A task definition in which a value that a rule needs is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// The failing example with the value at this place not known yet.
    Failing(&'static str),
    /// The passing example with the value at this place not known yet.
    Passing(&'static str),
    /// Another one.
    Other(Overlay),
}

impl Undecided {
    /// The whole task definition of a rule with these examples.
    pub fn document(self, failing: Overlay, passing: Overlay) -> Node {
        let (example, place) = match self {
            Undecided::Failing(place) => (failing, place),
            Undecided::Passing(place) => (passing, place),
            Undecided::Other(example) => return example.document(),
        };
        let mut document = example.document();
        Edit::at(path(place), Node::Unknown).apply(&mut document);
        document
    }
}

/// A path as it is written: `containerDefinitions[0].image`.
fn path(text: &str) -> Path {
    let steps = text.split(['.', '[']).map(|step| match step.strip_suffix(']') {
        Some(index) => Step::Index(index.parse().expect("an index is a number")),
        None => Step::Key(step.to_owned()),
    });
    Path(steps.collect())
}

impl Overlay {
    /// What kind of document it is.
    pub fn kind(self) -> DocumentKind {
        match self {
            Overlay::Example(_) | Overlay::AgentExample(_) => DocumentKind::TaskDefinition,
            Overlay::ComposeExample(_) => DocumentKind::Compose,
            Overlay::KubernetesExample(_) => DocumentKind::Kubernetes,
            Overlay::NomadExample(_) => DocumentKind::Nomad,
        }
    }

    /// The whole document.
    pub fn document(self) -> Node {
        match self {
            Overlay::ComposeExample(text) => {
                let mut file = read(SOUND_FILE);
                lay_over(&mut file, read(text));
                file
            }
            Overlay::KubernetesExample(text) => {
                let mut manifest = read(SOUND_MANIFEST);
                lay_over_as_named(&mut manifest, read(text));
                manifest
            }
            Overlay::NomadExample(text) => {
                let mut tasks = read(SOUND_TASKS);
                lay_over(&mut tasks, read(text));
                let Node::Object(tasks) = tasks else { panic!("an example is an object") };
                let labelled = tasks.into_iter().map(|(name, task)| Node::from([(name.as_str(), task)]));
                let mut job = read(SOUND_JOB);
                let place = path("job[0].shop.group[0].web.task");
                Edit::at(place, labelled.collect::<Vec<_>>()).apply(&mut job);
                job
            }
            Overlay::Example(text) => {
                let mut document = read(SOUND_TASK);
                lay_over(&mut document, read(text));
                let Node::Object(members) = &mut document else { panic!("an example is an object") };
                let containers = members
                    .entry("containerDefinitions".to_owned())
                    .or_insert_with(|| Node::Array(vec![Node::Object(Object::new())]));
                if let Node::Array(containers) = containers {
                    for container in containers.iter_mut().filter(|node| matches!(node, Node::Object(_))) {
                        *container = over_the_sound_container(std::mem::take(container));
                    }
                }
                document
            }
            Overlay::AgentExample(text) => {
                let (mut document, mut own) = (SOUND_AGENT_TASK.document(), read(text));
                lay_over_by_name(&mut document, &mut own, "containerDefinitions", over_the_sound_container);
                lay_over_by_name(&mut document, &mut own, "volumes", |volume| volume);
                lay_over(&mut document, own);
                document
            }
        }
    }
}

fn read(text: &str) -> Node {
    parse(text).expect("an example is JSON")
}

fn over_the_sound_container(own: Node) -> Node {
    let mut container = read(SOUND_CONTAINER);
    lay_over(&mut container, own);
    container
}

/// Moves what a list of `own` has into that of `document`: each item over the one of its name, any other to the end.
fn lay_over_by_name(document: &mut Node, own: &mut Node, list: &str, added: impl Fn(Node) -> Node) {
    let (Node::Object(document), Node::Object(own)) = (document, own) else { panic!("examples are objects") };
    let (Some(Node::Array(items)), Some(Node::Array(own))) = (document.get_mut(list), own.remove(list))
    else {
        return;
    };
    for item in own {
        match items.iter_mut().find(|other| other.get("name") == item.get("name")) {
            Some(namesake) => lay_over(namesake, item),
            None => items.push(added(item)),
        }
    }
}

/// Lays an object over another one, and each item of a list over the one of its name or behind them all.
fn lay_over_as_named(base: &mut Node, patch: Node) {
    match (base, patch) {
        (Node::Object(base), Node::Object(patch)) => {
            for (key, value) in patch {
                lay_over_as_named(base.entry(key).or_insert(Node::Null), value);
            }
        }
        (Node::Array(base), Node::Array(patch)) => {
            for item in patch {
                let name = item.get("name");
                match base.iter_mut().find(|other| !name.is_null() && other.get("name") == name) {
                    Some(namesake) => lay_over_as_named(namesake, item),
                    None => base.push(item),
                }
            }
        }
        (base, patch) => *base = patch,
    }
}

fn lay_over(base: &mut Node, patch: Node) {
    match (base, patch) {
        (Node::Object(base), Node::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    base.remove(&key);
                } else {
                    lay_over(base.entry(key).or_insert(Node::Null), value);
                }
            }
        }
        (base, patch) => *base = patch,
    }
}

#[cfg(test)]
mod tests {
    use super::Overlay::{AgentExample, Example};
    use super::*;
    use crate::document::to_json;

    fn names(list: &Node) -> Vec<&str> {
        list.items().iter().filter_map(|item| item.get("name").as_str()).collect()
    }

    #[test]
    fn an_example_is_laid_over_the_sound_task_and_each_container_over_the_sound_container() {
        let text = r#"{
            "cpu": null,
            "containerDefinitions": [{ "logConfiguration": { "options": { "mode": "blocking" } } }]
        }"#;
        let document = Example(text).document();
        assert!(document.get("cpu").is_null());
        assert_eq!(document.get("memory").as_str(), Some("512"));
        let container = &document.get("containerDefinitions").items()[0];
        assert_eq!(container.get("name").as_str(), Some("app"));
        let log = to_json(container.get("logConfiguration")).unwrap();
        assert!(log.contains(r#""mode":"blocking""#) && log.contains(r#""logDriver":"awslogs""#), "{log}");
    }

    #[test]
    fn containers_and_volumes_beside_an_agent_are_laid_over_those_of_their_name() {
        let text = r#"{
            "cpu": null,
            "volumes": [{ "name": "dd-run", "host": {} }, { "name": "uploads" }],
            "containerDefinitions": [{ "name": "datadog-agent", "dependsOn": null }, { "name": "web" }]
        }"#;
        let document = AgentExample(text).document();
        assert!(document.get("cpu").is_null());
        let (containers, volumes) = (document.get("containerDefinitions"), document.get("volumes"));
        assert_eq!(names(containers), ["datadog-init", "datadog-agent", "web"]);
        assert_eq!(names(volumes), ["dd-config", "dd-run", "dd-sockets", "uploads"]);
        assert!(!volumes.items()[1].get("host").is_null());
        let [_, agent, web] = containers.items() else { panic!("there are three containers") };
        assert!(agent.get("dependsOn").is_null() && agent.get("mountPoints").items().len() == 3);
        assert_eq!(web.get("image").as_str(), Some("example.com/shop:1.4.2"));
    }
}
