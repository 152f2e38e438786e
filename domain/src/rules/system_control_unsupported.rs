//! `system-control-unsupported`

use super::prelude::*;

/// A kernel parameter that no container can set.
pub(super) static RULE: Rule = Rule {
    name: "system-control-unsupported",
    topic: Topic::Size,
    summary: "A container cannot set a kernel parameter",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "The namespace of every entry in systemControls is one that a container has for itself: a parameter that begins with \
             net. or fs.mqueue., or kernel.msgmax, msgmnb, msgmni, sem, shmall, shmmax, shmmni or shm_rmid_forced. On \
             Fargate, of those that begin with net.core. it is somaxconn alone. In the network mode host there are none that \
             begin with net., and with the ipcMode host none of the others.",
    matters: "The runtime refuses to create a container that sets a parameter of the whole instance, such as vm.max_map_count, \
              and the task does not start.",
    evidence: Evidence {
        source: "SystemControl in the API reference of Amazon ECS; libcontainer/configs/validate of opencontainers/runc (\"is not \
                 in a separate kernel namespace\"); aws/containers-roadmap issues 2368 (net.core on Fargate), 2156 and 2422.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "systemControls": [{ "namespace": "net.core.rmem_max", "value": "7500000" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "systemControls": [{ "namespace": "net.ipv4.tcp_keepalive_time", "value": "290" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].systemControls[0].namespace"),
    check,
};

/// The parameters of System V's communication between processes, which a container has for itself.
const OF_IPC: [&str; 8] = [
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shm_rmid_forced",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, entry) in found.items(container.get("systemControls")) {
            let Some(name) = found.text(entry.get("namespace")) else { continue };
            if name.is_empty() {
                continue;
            }
            let Some(why) = fault(task, name, found) else { continue };
            let place = container.path().key("systemControls").index(index);
            let fix = Fix::from(
                Edit::without(place.clone()).of(container).called(format!("the entry for {}", quoted(name))),
            );
            let way = match task.fargate {
                Some(true) => "On Fargate it keeps the value that AWS has chosen.",
                _ => "Set it on the container instances, if the program needs it.",
            };
            let says = format!(
                "sets the kernel parameter {}, {why}. The container cannot be created.",
                quoted(name)
            );
            found.in_container(container, place.key("namespace"), says, fix.and(way));
        }
    }
}

/// Why a container cannot set a parameter.
fn fault(task: &TaskDefinition<'_>, name: &str, found: &mut Found) -> Option<&'static str> {
    // Runtimes take both separators.
    let name = name.replace('/', ".");
    if name.starts_with("net.") {
        return of_network(task, &name, found);
    }
    if OF_IPC.contains(&name.as_str()) || name.starts_with("fs.mqueue.") {
        let of_host = found.text(task.document.get("ipcMode")) == Some("host");
        return of_host.then_some("which belongs to the instance with the ipcMode host");
    }
    // A container has a domain name of its own too, which ECS does not document.
    (name != "kernel.domainname").then_some("which the whole instance has in common")
}

fn of_network(task: &TaskDefinition<'_>, name: &str, found: &mut Found) -> Option<&'static str> {
    let is_core =
        name.strip_prefix("net.core.").is_some_and(|rest| rest != "somaxconn" && !rest.starts_with("xfrm_"));
    match task.fargate {
        Some(true) => return is_core.then_some("which Fargate does not offer to containers"),
        None if is_core => {
            found.undecided();
            return None;
        }
        _ => {}
    }
    match found.known(task.network())? {
        Network::Host => Some("which belongs to the instance in the network mode host"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::mended;
    use super::*;

    fn count(task: &str, name: &str) -> usize {
        let document = format!(
            r#"{{{task}, "containerDefinitions": [{{"name": "a", "systemControls": [{{"namespace": "{name}", "value": "1"}}]}}]}}"#
        );
        let (count, left) = mended(RULE.name, &document);
        assert_eq!(left, [], "{name}");
        count
    }

    #[test]
    fn parameters_of_the_instance_are_found() {
        let (fargate, ec2) =
            (r#""requiresCompatibilities": ["FARGATE"]"#, r#""requiresCompatibilities": ["EC2"]"#);
        for name in
            ["vm.max_map_count", "fs.file-max", "kernel.pid_max", "kernel.hostname", "net", "vm/swappiness"]
        {
            assert_eq!((count(fargate, name), count(ec2, name)), (1, 1), "{name}");
        }
        for (name, on_fargate) in [
            ("net.core.rmem_max", 1),
            ("net/core/wmem_max", 1),
            ("net.core.somaxconn", 0),
            ("net.ipv4.ip_local_port_range", 0),
            ("kernel.shmmax", 0),
            ("fs.mqueue.msg_max", 0),
            ("kernel.domainname", 0),
        ] {
            assert_eq!((count(fargate, name), count(ec2, name)), (on_fargate, 0), "{name}");
        }
    }

    #[test]
    fn what_the_task_shares_with_the_instance_cannot_be_set() {
        let host = r#""networkMode": "host", "ipcMode": "host""#;
        assert_eq!(count(host, "net.ipv4.tcp_keepalive_time"), 1);
        assert_eq!(count(host, "kernel.shmmax"), 1);
        assert_eq!(count(r#""networkMode": "bridge", "ipcMode": "task""#, "kernel.shmmax"), 0);
        assert_eq!(count(r#""networkMode": "bridge""#, "<NAME>"), 0);
    }
}
