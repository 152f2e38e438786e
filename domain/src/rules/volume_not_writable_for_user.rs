//! `volume-not-writable-for-user`

use super::config_volume_not_seeded::container_before;
use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::rofs::image_volumes::declares_volume;
use crate::task::{Content, Mount, Source};

/// A volume that belongs to root, for a container that runs as somebody else.
pub(super) static RULE: Rule = Rule {
    name: "volume-not-writable-for-user",
    topic: Topic::Volumes,
    summary: "The container's user cannot write to a volume",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "A container that says that it runs as another user than root, and mounts an empty volume writable, shares it with \
             a container that may make that user its owner, or has a well-known image that declares a VOLUME at that path. \
             What the Agent mounts is for the rules of the Agent.",
    matters: "On Fargate an empty volume belongs to root, with mode 0755, unless the image declares a VOLUME at exactly that path. \
              Another user can read it and not write to it. With a read-only root filesystem such volumes are the only \
              places to write to, so the program fails at its first file.",
    evidence: Evidence {
        source: "Bind mounts in the Amazon ECS developer guide; containers-roadmap issues 863 and 938.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "volumes": [{ "name": "work" }],
  "containerDefinitions": [
    { "name": "app", "user": "1000", "mountPoints": [{ "sourceVolume": "work", "containerPath": "/work" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "data" }],
  "containerDefinitions": [
    {
      "name": "cache",
      "image": "public.ecr.aws/docker/library/redis:8.2.1",
      "user": "999",
      "mountPoints": [{ "sourceVolume": "data", "containerPath": "/data" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].user"),
    check,
};

/// An image with `chown`, for a user that is a number.
const WITH_CHOWN: &str = "public.ecr.aws/docker/library/busybox:1.37.0";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(user) = found.text(container.get("user")) else { continue };
        if runs_as(Some(&user.into())) == RunsAs::Root {
            continue;
        }
        if container.get("image").is_unknown() {
            found.undecided();
            continue;
        }
        let agents = task.agents();
        if !agents.complete {
            // What an Agent writes to has rules of its own.
            found.undecided();
            continue;
        }
        let agents = agents.known;
        if container.has_agent_image() || agents.iter().any(|agent| agent.index == container.index) {
            continue;
        }
        let mounts = task.mounts(container);
        if !mounts.complete {
            found.undecided();
        }
        let mut closed = Vec::new();
        for mount in mounts.known.iter().filter(|mount| !mount.is_taken_over(container)) {
            if is_closed(task, container, user, mount, agents, found) {
                closed.push(mount);
            }
        }
        if let Some(first) = closed.first() {
            let said: Vec<String> = closed.iter().map(|mount| said(mount)).collect();
            let says = format!(
                "runs as user {} and mounts {}, which belongs to root with mode 0755 when the task starts. No container makes \
                 that user its owner, so it cannot write there, unless its image declares a VOLUME at that path.",
                quoted(user),
                said.join(", ")
            );
            found.in_container(container, first.place(), says, way_out(task, container, user, &closed));
        }
    }
}

fn said(mount: &Mount<'_>) -> String {
    match mount.source {
        Source::Volume(volume) => format!("volume {} at {}", quoted(volume), shortened(&mount.path)),
        Source::UnknownVolume | Source::Tmpfs => shortened(&mount.path).into_owned(),
    }
}

/// Whether a user cannot write to what is mounted.
fn is_closed<'a>(
    task: &TaskDefinition<'a>,
    container: &Container<'a>,
    user: &str,
    mount: &Mount<'a>,
    agents: &[Container<'a>],
    found: &mut Found,
) -> bool {
    let volume = match (mount.source, mount.read_only) {
        (Source::Tmpfs, _) | (_, Some(true)) | (Source::Volume(""), _) => return false,
        (Source::UnknownVolume, _) | (_, None) => {
            found.undecided();
            return false;
        }
        (Source::Volume(volume), Some(false)) => volume,
    };
    // The agent of ECS Exec writes there, and runs as root in every container.
    if ["/var/lib/amazon", "/var/log/amazon", "/managed-agents"]
        .iter()
        .any(|of_exec| mount.path.starts_with(of_exec))
    {
        return false;
    }
    let image = container.get("image").as_str().and_then(Image::parse);
    if image.is_some_and(|image| declares_volume(&image, &mount.path))
        || found.known(task.content(volume)) != Some(Content::Nothing)
    {
        return false;
    }
    let is_of = |agent: &Container<'a>| {
        task.mounts(agent).known.iter().any(|mount| mount.source == Source::Volume(volume))
    };
    // Who only connects to the Agent's sockets writes nothing, and what the Agent writes to has rules of its own.
    if agents.iter().any(is_of) {
        return false;
    }
    if !task.knows_all_writers(volume, container) {
        found.undecided();
        return false;
    }
    let writers = task.writers(volume, container).unwrap_or_default();
    let answers: Vec<Option<bool>> =
        writers.iter().map(|writer| may_hand_over(task, writer, volume, user)).collect();
    if answers.contains(&Some(true)) {
        return false;
    }
    if answers.contains(&None) {
        found.undecided();
        return false;
    }
    true
}

/// Whether a container may give the volume to that user: as root, which it may be while it does not say.
fn may_hand_over<'a>(
    task: &TaskDefinition<'a>,
    writer: &Container<'a>,
    volume: &str,
    user: &str,
) -> Option<bool> {
    let own = writer.get("user");
    if own.is_unknown() {
        return None;
    }
    if own.as_str().is_some_and(|own| runs_as(Some(&own.into())) != RunsAs::Root) {
        return Some(false);
    }
    let number = |owner: &str| owner.split(':').next().and_then(|owner| owner.parse::<u32>().ok());
    // A name may be that of any number.
    let is_meant =
        |owner: &str| number(owner).is_none() || number(user).is_none() || number(owner) == number(user);
    task.may_hand_over(writer, volume, is_meant)
}

/// A container that makes the user the owner before this one starts.
fn way_out(task: &TaskDefinition<'_>, container: &Container<'_>, user: &str, closed: &[&Mount<'_>]) -> Fix {
    let mut mounts: Vec<(&str, String)> = Vec::new();
    for mount in closed {
        if let Source::Volume(volume) = mount.source
            && !mounts.iter().any(|(other, _)| *other == volume)
        {
            mounts.push((volume, format!("/volume-{}", mounts.len() + 1)));
        }
    }
    let paths: Vec<&str> = mounts.iter().map(|(_, path)| path.as_str()).collect();
    let is_number = user.split(':').all(|part| part.parse::<u32>().is_ok());
    // A name is known in its own image alone.
    let own = container.get("image").as_str().filter(|_| !is_number);
    let command = format!("chown -R {user} {}", paths.join(" "));
    let before =
        container_before(task, container, "prepare-volumes", own.unwrap_or(WITH_CHOWN), &command, &mounts);
    Fix::write(before).and(
        "Or declare a VOLUME with that owner at the path in the image, or mount a tmpfs there, with uid= among its mount \
         options: each container has its own.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    const NAME: &str = "volume-not-writable-for-user";

    fn task(container: &str, volume: &str, others: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{{"name": "v"{volume}}}], "containerDefinitions": [
                {{"name": "app", {container}}}{others}]}}"#
        )
    }

    fn app(user: &str, image: &str, path: &str) -> String {
        format!(
            r#""user": "{user}", "image": "{image}", "mountPoints": [{{"sourceVolume": "v", "containerPath": "{path}"}}]"#
        )
    }

    fn other(parts: &str) -> String {
        format!(
            r#", {{"name": "other", {parts}, "mountPoints": [{{"sourceVolume": "v", "containerPath": "/v"}}]}}"#
        )
    }

    #[test]
    fn a_volume_of_root_is_found_where_nobody_hands_it_over() {
        let shop = || app("1000", "shop:1", "/work");
        let chown = |command: &str| {
            other(&format!(r#""image": "busybox:1.37", "essential": false, "command": {command}"#))
        };
        for (container, volume, others, count) in [
            (shop(), "", String::new(), 1),
            (app("node", "shop:1", "/work"), "", String::new(), 1),
            (app("1000:0", "shop:1", "/work"), "", String::new(), 1),
            (shop(), r#", "host": {}"#, String::new(), 1),
            (app("999", "redis:8", "/tmp"), "", String::new(), 1),
            (shop(), "", other(r#""image": "side:1", "user": "2000""#), 2),
            (shop(), "", chown(r#"["chown", "-R", "2000", "/v"]"#), 1),
            (shop(), "", chown(r#"["touch-nothing"]"#).replace("touch-nothing", "true"), 1),
            (app("0", "shop:1", "/work"), "", String::new(), 0),
            (shop().replace(r#""user": "1000", "#, ""), "", String::new(), 0),
            (shop().replace(r#""/work""#, r#""/work", "readOnly": true"#), "", String::new(), 0),
            (shop(), r#", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#, String::new(), 0),
            (shop(), r#", "dockerVolumeConfiguration": {"driver": "local"}"#, String::new(), 0),
            (shop(), r#", "configuredAtLaunch": true"#, String::new(), 0),
            (app("999", "redis:8", "/data"), "", String::new(), 0),
            (app("1000", "shop:1", "/var/lib/amazon/ssm"), "", String::new(), 0),
            (
                app("postgres", "public.ecr.aws/docker/library/postgres:17", "/var/lib/postgresql/data"),
                "",
                String::new(),
                0,
            ),
            (shop(), "", other(r#""image": "side:1""#), 0),
            (shop(), "", chown(r#"["chown", "-R", "1000:1000", "/v"]"#), 0),
            (shop(), "", chown(r#"["sh", "-c", "mkdir -p /v/x && chmod -R 0777 /v"]"#), 0),
            (shop(), "", chown(r#"["/own.sh"]"#), 0),
            (app("1000", "shop:1", "/var/run/datadog"), "", other(r#""image": "datadog/agent:7.81.1""#), 0),
            (app("100", "datadog/agent:7.81.1", "/opt/datadog-agent/run"), "", String::new(), 0),
        ] {
            let document = task(&container, volume, &others);
            let findings = findings_of(NAME, &document);
            assert_eq!(findings.len(), count, "{container} {volume} {others}");
            if count == 1 {
                assert_eq!(findings[0].path.to_string(), "containerDefinitions[0].mountPoints[0]");
                assert_eq!(mended(NAME, &document), (1, vec![]), "{container} {others}");
            }
        }
    }

    #[test]
    fn one_finding_names_every_volume_and_the_line_to_write() {
        let container = r#""user": "1000", "image": "shop:1", "mountPoints": [
            {"sourceVolume": "v", "containerPath": "/tmp"}, {"sourceVolume": "v", "containerPath": "/work"}]"#;
        let findings = findings_of(NAME, &task(container, "", ""));
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0].detail().contains(r#"volume "v" at /tmp, volume "v" at /work"#),
            "{}",
            findings[0].detail()
        );
        let fix = findings[0].fix_text();
        assert!(fix.contains("chown -R 1000 /volume-1") && fix.contains(WITH_CHOWN), "{fix}");
    }
}
