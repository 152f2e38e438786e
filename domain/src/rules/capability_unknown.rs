//! `capability-unknown`

use super::prelude::*;

/// A capability that Linux does not have.
pub(super) static RULE: Rule = Rule {
    name: "capability-unknown",
    topic: Topic::Security,
    summary: "Linux has no capability of this name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "Every entry in capabilities is one of Linux's capabilities, such as NET_RAW, or ALL. Docker accepts them in lower case \
             and with CAP_ in front, too. Which of them Fargate adds is for the rule unsupported-on-fargate.",
    matters: "The API of ECS lists these names and no other, and Docker does not create a container with another one. A capability \
              that was to be dropped under a wrong name is kept.",
    evidence: Evidence {
        source: "KernelCapabilities in the API reference of Amazon ECS; include/uapi/linux/capability.h of Linux, \
                 which ends with CAP_CHECKPOINT_RESTORE; NormalizeLegacyCapabilities in oci/caps of moby/moby, which makes \
                 the letters capital and adds CAP_.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{ "containerDefinitions": [{ "linuxParameters": { "capabilities": { "drop": ["NET_RAWW"] } } }] }"#,
    ),
    passing: Example(
        r#"{ "containerDefinitions": [{ "linuxParameters": { "capabilities": { "drop": ["NET_RAW"] } } }] }"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].linuxParameters.capabilities.drop[0]"),
    check,
};

/// Every capability of Linux (`include/uapi/linux/capability.h`, 0 to 40, read 2026-11), and the word for all of them.
const CAPABILITIES: [&str; 42] = [
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "PERFMON",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let capabilities = container.get("linuxParameters").get("capabilities");
        for list in ["add", "drop"] {
            // Fargate adds one alone, whatever the others are called.
            if list == "add" && task.fargate == Some(true) {
                continue;
            }
            for (index, capability) in found.items(capabilities.get(list)) {
                let Some(name) = capability.as_str().filter(|name| !is_capability(name)) else { continue };
                if list == "add" && task.fargate.is_none() {
                    found.undecided();
                    continue;
                }
                report(container, list, index, name, found);
            }
        }
    }
}

fn is_capability(name: &str) -> bool {
    name.is_empty() || CAPABILITIES.contains(&bare(name).as_str())
}

fn bare(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
}

fn report(container: &Container<'_>, list: &str, index: usize, name: &str, found: &mut Found) {
    let place = container.path().key("linuxParameters").key("capabilities").key(list);
    let listed = container.get("linuxParameters").get("capabilities").get(list).items();
    let fix = match nearest(&bare(name), CAPABILITIES.into_iter()) {
        Some(meant) => {
            let mut listed = listed.to_vec();
            listed[index] = meant.into();
            Fix::from(Edit::at(place.clone(), listed).of(container))
        }
        None => {
            let entry = Edit::without(place.clone().index(index)).of(container);
            Fix::from(entry.called(quoted(name))).and("Or write the name of the capability that is meant.")
        }
    };
    let verb = if list == "add" { "adds" } else { "drops" };
    let says = format!("{verb} the capability {}, which Linux does not have.", quoted(name));
    found.in_container(container, place.index(index), says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::tests::mended;
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(CAPABILITIES.is_sorted());
    }

    #[test]
    fn names_that_linux_does_not_have_are_mended() {
        for (platform, capabilities, count) in [
            ("EC2", r#"{"add": ["NET_ADMN"]}"#, 1),
            ("EC2", r#"{"drop": ["everything", "NETRAW"]}"#, 2),
            ("FARGATE", r#"{"drop": ["NET-RAW"]}"#, 1),
            ("FARGATE", r#"{"add": ["NET_ADMN"]}"#, 0),
            ("EC2", r#"{"add": ["ALL", "cap_net_admin", "SYS_PTRACE"], "drop": ["all", "CAP_CHOWN"]}"#, 0),
            ("EC2", r#"{"add": ["<unknown>"], "drop": "<unknown>"}"#, 0),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "a",
                    "linuxParameters": {{"capabilities": {capabilities}}}}}]}}"#
            );
            assert_eq!(mended(RULE.name, &document), (count, vec![]), "{capabilities}");
        }
    }
}
