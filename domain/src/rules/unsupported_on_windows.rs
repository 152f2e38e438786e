//! `unsupported-on-windows`

use super::prelude::*;
use super::{unsupported_in_awsvpc, unsupported_on_fargate};
use crate::document::Path;
use crate::task::is_set;

/// A setting that Windows containers do not support.
pub(super) static RULE: Rule = Rule {
    name: "unsupported-on-windows",
    topic: Topic::Form,
    summary: "Windows containers do not support a setting",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Windows,
    control: None,
    checks: "A task definition for Windows has no pidMode, ipcMode or proxyConfiguration. No container of it is \
             privileged or has linuxParameters, disableNetworking, dnsServers, dnsSearchDomains, extraHosts, links, \
             ulimits, systemControls or a memoryReservation. On Fargate, none has environmentFiles or maps port 3150.",
    matters: "Nobody can rely on the setting having an effect. The documentation says that it is not supported. What ECS \
              answers is not on record, so this is a warning. The rule does not cover user: the documentation calls it \
              unsupported as well, but Security Hub's control ECS.21 fails without it.",
    evidence: Evidence {
        source: "API model of Amazon ECS in botocore 1.44.5; task definition parameters and considerations for Windows in \
                 the Amazon ECS developer guide.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [
    { "readonlyRootFilesystem": null, "linuxParameters": { "initProcessEnabled": true } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [{ "readonlyRootFilesystem": null }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].linuxParameters"),
    check,
};

const OF_THE_TASK: [&str; 3] = ["ipcMode", "pidMode", "proxyConfiguration"];

const OF_A_CONTAINER: [&str; 10] = [
    "disableNetworking",
    "dnsSearchDomains",
    "dnsServers",
    "extraHosts",
    "linuxParameters",
    "links",
    "memoryReservation",
    "privileged",
    "systemControls",
    "ulimits",
];

/// The port that Fargate keeps for itself on Windows.
const RESERVED_PORT: i64 = 3150;

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for key in OF_THE_TASK {
        if is_at_fault(task, task.document, key, found) {
            found.in_task(
                Path::default().key(key),
                format!("The task is for Windows and has {key}, which Windows containers do not support."),
                Fix::from(Edit::remove_in_task(key)).and("Or run the task on Linux."),
            );
        }
    }
    for container in found.all(task.containers()) {
        for key in OF_A_CONTAINER {
            if is_at_fault(task, container.node, key, found) && !unsupported_in_awsvpc::speaks_of(key, task) {
                report(task, container, key, found);
            }
        }
        match task.fargate {
            Some(true) => check_on_fargate(task, container, found),
            Some(false) => {}
            None => found.undecided(),
        }
    }
}

fn is_at_fault(task: &TaskDefinition<'_>, owner: &Node, key: &str, found: &mut Found) -> bool {
    let is_set = is_set(owner.get(key));
    if is_set.is_none() {
        found.undecided();
    }
    is_set == Some(true) && !unsupported_on_fargate::speaks_of(key, owner, task)
}

fn check_on_fargate(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) {
    match is_set(container.get("environmentFiles")) {
        Some(false) => {}
        Some(true) => report(task, container, "environmentFiles", found),
        None => found.undecided(),
    }
    for (index, mapping) in found.items(container.get("portMappings")) {
        let port = mapping.get("containerPort");
        if port.is_unknown() {
            found.undecided();
        }
        if port.as_i64() == Some(RESERVED_PORT) {
            let place = container.path().key("portMappings").index(index).key("containerPort");
            let edit =
                task.free_port_above(RESERVED_PORT).map(|port| Edit::at(place.clone(), port).of(container));
            found.in_container(
                container,
                place,
                format!("maps port {RESERVED_PORT}, which Fargate reserves on Windows."),
                Fix::write(edit).and("The program has to listen on another port as well."),
            );
        }
    }
}

fn report(task: &TaskDefinition<'_>, container: &Container<'_>, key: &str, found: &mut Found) {
    let is_only_memory = key == "memoryReservation"
        && container.get("memory").is_null()
        && task.document.get("memory").is_null();
    let memory = is_only_memory.then(|| Edit::set(container, "memory", container.get(key).clone()));
    found.in_container(
        container,
        container.path().key(key),
        format!("is in a task for Windows and has {key}, which Windows containers do not support."),
        Fix::write([Edit::remove(container, key)].into_iter().chain(memory))
            .and("Or run the container on Linux."),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn paths(rule: &str, task: &str, container: &str) -> Vec<String> {
        let document = format!(
            r#"{{"runtimePlatform": {{"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}, {task},
                "containerDefinitions": [{{"name": "a", {container}}}]}}"#
        );
        findings_of(rule, &document).iter().map(|finding| finding.path.to_string()).collect()
    }

    #[test]
    fn every_setting_is_found_on_instances() {
        let task = r#""requiresCompatibilities": ["EC2"], "pidMode": "task", "ipcMode": "task",
            "proxyConfiguration": {"containerName": "a"}"#;
        let container = r#""privileged": true, "linuxParameters": {"maxSwap": 1}, "disableNetworking": true,
            "dnsServers": ["x"], "dnsSearchDomains": ["x"], "extraHosts": [{}], "links": ["b"], "ulimits": [{}],
            "systemControls": [{}], "memoryReservation": 128, "environmentFiles": [{}],
            "portMappings": [{"containerPort": 3150}]"#;
        assert_eq!(paths(RULE.name, task, container).len(), OF_THE_TASK.len() + OF_A_CONTAINER.len());
    }

    #[test]
    fn one_mistake_is_told_by_one_rule() {
        let task = r#""requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "pidMode": "host", "ipcMode": "task""#;
        let container = r#""privileged": true, "dnsServers": ["x"], "linuxParameters": {"maxSwap": 1}, "ulimits": [{}],
            "portMappings": [{"containerPort": 3150}]"#;
        let expected =
            ["containerDefinitions[0].portMappings[0].containerPort", "containerDefinitions[0].ulimits"];
        assert_eq!(paths(RULE.name, task, container), expected);
        assert_eq!(paths("unsupported-in-awsvpc", task, container), ["containerDefinitions[0].dnsServers"]);
        assert_eq!(paths("unsupported-on-fargate", task, container).len(), 4);
    }

    #[test]
    fn what_only_windows_refuses_is_found_on_fargate_too() {
        let task = r#""requiresCompatibilities": ["FARGATE"], "pidMode": "task""#;
        let container = r#""linuxParameters": {"tmpfs": [{"containerPath": "/x", "size": 1}]}"#;
        assert_eq!(paths(RULE.name, task, container), ["containerDefinitions[0].linuxParameters", "pidMode"]);
        assert_eq!(paths("tmpfs-on-fargate", task, container), [""; 0]);
    }
}
