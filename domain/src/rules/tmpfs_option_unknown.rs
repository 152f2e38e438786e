//! `tmpfs-option-unknown`

use super::prelude::*;

/// A mount option that tmpfs does not have.
pub(super) static RULE: Rule = Rule {
    name: "tmpfs-option-unknown",
    topic: Topic::Volumes,
    summary: "A tmpfs has no mount option of this name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "Every entry in the mountOptions of a tmpfs is one that the API of ECS lists, such as noexec, or a setting of tmpfs with \
             its value, such as mode=1777.",
    matters: "A container with another option cannot be created, and the task does not start.",
    evidence: Evidence {
        source: "Tmpfs in the API reference of Amazon ECS, mountOptions; ParseTmpfsOptions in pkg/mount of moby/moby (\"Invalid tmpfs \
                 option\").",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "linuxParameters": { "tmpfs": [{ "containerPath": "/tmp", "size": 64, "mountOptions": ["no-exec"] }] } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "linuxParameters": { "tmpfs": [{ "containerPath": "/tmp", "size": 64, "mountOptions": ["noexec"] }] } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].linuxParameters.tmpfs[0].mountOptions[0]"),
    check,
};

const FLAGS: [&str; 33] = [
    "async",
    "atime",
    "bind",
    "defaults",
    "dev",
    "diratime",
    "dirsync",
    "exec",
    "mand",
    "noatime",
    "nodev",
    "nodiratime",
    "noexec",
    "nomand",
    "norelatime",
    "nostrictatime",
    "nosuid",
    "private",
    "rbind",
    "relatime",
    "remount",
    "ro",
    "rprivate",
    "rshared",
    "rslave",
    "runbindable",
    "rw",
    "shared",
    "slave",
    "strictatime",
    "suid",
    "sync",
    "unbindable",
];

/// Those with a value behind an equals sign.
const SETTINGS: [&str; 7] = ["gid", "mode", "mpol", "nr_blocks", "nr_inodes", "size", "uid"];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, tmpfs) in found.items(container.get("linuxParameters").get("tmpfs")) {
            for (position, option) in found.items(tmpfs.get("mountOptions")) {
                if let Some(written) = option.as_str().filter(|written| !is_option(written)) {
                    report(container, index, position, written, found);
                }
            }
        }
    }
}

/// Several options in one entry reach the mount as they are: they are joined with commas anyway.
fn is_option(written: &str) -> bool {
    written.split(',').all(|option| {
        let name = option.split('=').next().unwrap_or_default();
        option.is_empty() || FLAGS.contains(&option) || SETTINGS.contains(&name)
    })
}

fn report(container: &Container<'_>, index: usize, position: usize, written: &str, found: &mut Found) {
    let place = container.path().key("linuxParameters").key("tmpfs").index(index).key("mountOptions");
    let tmpfs = container.get("linuxParameters").get("tmpfs");
    let mut options =
        tmpfs.items().get(index).map_or(&[][..], |tmpfs| tmpfs.get("mountOptions").items()).to_vec();
    let fix = match nearest(&written.replace('-', ""), FLAGS.into_iter()) {
        Some(meant) => {
            options[position] = meant.into();
            Fix::from(Edit::at(place.clone(), options).of(container))
        }
        None => {
            let option = Edit::without(place.clone().index(position)).of(container);
            Fix::from(option.called(quoted(written))).and("Or write the option that is meant.")
        }
    };
    let says = format!(
        "mounts a tmpfs with the option {}, which tmpfs does not have. The container cannot be created.",
        quoted(written)
    );
    found.in_container(container, place.index(position), says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::tests::mended;
    use super::*;

    #[test]
    fn options_that_tmpfs_does_not_have_are_mended() {
        for (options, count) in [
            (r#"["no-exec", "nosuid"]"#, 1),
            (r#"["compress"]"#, 1),
            (r#"["user=1000"]"#, 1),
            (r#"["noexec,nosuidd"]"#, 1),
            (r#"["rw", "noexec", "mode=1777", "uid=100", "size=64m", "mpol=default"]"#, 0),
            (r#"["rw,noexec,mode=0700"]"#, 0),
            (r#"["<unknown>", ""]"#, 0),
            ("\"<unknown>\"", 0),
        ] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "a", "linuxParameters": {{"tmpfs": [
                    {{"containerPath": "/t", "size": 1, "mountOptions": {options}}}]}}}}]}}"#
            );
            assert_eq!(mended(RULE.name, &document), (count, vec![]), "{options}");
        }
    }
}
