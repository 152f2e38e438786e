//! A task definition at the size limit of ECS, and everything the provider does with one.

use ddrofs::document::{self, Node};
use ddrofs::ecs;
use ddrofs::merge::{self, Hardening, ReadOnlyRoot};
use ddrofs::rofs::settings::{Secret, Settings};
use ddrofs::rules::{self, Subject};

/// ECS refuses a task definition of more than 64 KiB; this is as close as people come.
const SIZE: usize = 60 * 1_024;

/// Containers of the task, as many as ECS allows beside the two sidecars.
const CONTAINERS: usize = 8;

/// JSON text of a task definition of at least [`SIZE`] bytes: container definitions with variables, mounts, ports,
/// secrets and logs, as services that have grown for years have them.
pub(crate) fn definition() -> String {
    let mut variables = 1;
    loop {
        let text = definition_with(variables);
        if text.len() >= SIZE {
            return text;
        }
        variables += 1;
    }
}

fn definition_with(variables: usize) -> String {
    let containers: Vec<_> = (0..CONTAINERS).map(|index| container(index, variables)).collect();
    format!(
        r#"{{"family":"large","cpu":"1024","memory":"4096","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"executionRoleArn":"arn:aws:iam::123456789012:role/execution","containerDefinitions":[{}],"volumes":[{{"name":"scratch"}}]}}"#,
        containers.join(",")
    )
}

fn container(index: usize, variables: usize) -> String {
    let environment: Vec<_> = (0..variables)
        .map(|variable| {
            format!(r#"{{"name":"SETTING_{index}_{variable}","value":"https://service-{variable}.example.com/v1"}}"#)
        })
        .collect();
    format!(
        r#"{{"name":"app-{index}","image":"example.com/app-{index}:1.4.2","essential":true,"readonlyRootFilesystem":true,"environment":[{}],"secrets":[{{"name":"TOKEN","valueFrom":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:token-AbCdEf"}}],"mountPoints":[{{"sourceVolume":"scratch","containerPath":"/scratch"}}],"portMappings":[{{"containerPort":{},"protocol":"tcp"}}],"logConfiguration":{{"logDriver":"awslogs","options":{{"awslogs-group":"/ecs/large","awslogs-region":"eu-central-1","awslogs-stream-prefix":"app-{index}"}}}}}}"#,
        environment.join(","),
        8_080 + index
    )
}

/// The Agent that is put beside the containers.
pub(crate) fn settings() -> Settings {
    let secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:DdApiKey-AbCdEf";
    Settings { api_key: Some(Secret::stored(secret.into())), ..Settings::default() }
}

/// The text as a document in the shape of `RegisterTaskDefinition`.
pub(crate) fn read(text: &str) -> Node {
    let parsed = document::parse(text).expect("the definition is JSON");
    ecs::read(parsed).expect("the definition is one of a task").document
}

/// The task with the Agent and its volumes, every container wired to it.
pub(crate) fn render(task: Node, settings: &Settings) -> Node {
    let hardening = Hardening {
        agent: Some(settings),
        read_only_root: ReadOnlyRoot::Leave,
        mark: false,
        ..Hardening::default()
    };
    let hardened = merge::harden(task, &hardening);
    assert!(hardened.collisions.is_empty(), "nothing is in the Agent's way");
    hardened.document
}

/// Number of findings of all rules.
pub(crate) fn judge(task: &Node, settings: &Settings) -> usize {
    rules::judge(&Subject { agent: Some(settings), ..Subject::of(task) }).findings.len()
}

/// The task as canonical JSON text.
pub(crate) fn write(task: &Node) -> String {
    document::to_json(&ecs::canonical(task)).expect("nothing in the definition is unknown")
}
