//! `config-volume-not-seeded`

use super::prelude::*;
use crate::ecs::shapes::limits::NAME_LENGTH;
use crate::rofs::settings::DEFAULT_IMAGE;
use crate::rofs::writable_path::CONFIG;
use crate::task::{Content, Mount, Source};

/// An empty volume where the Agent's configuration should be.
pub(super) static RULE: Rule = Rule {
    name: "config-volume-not-seeded",
    topic: Topic::Agent,
    summary: "The Agent's configuration volume stays empty",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Fargate,
    control: None,
    checks: "An empty volume that a Datadog Agent container mounts at /etc/datadog-agent is also mounted, \
             writable, by another container that fills it. A tmpfs does not work there, because no other \
             container can fill it. A container of the Agent's image that fills the volume mounts it at another path, so \
             that the volume does not hide what is copied; if it does not, and may fill the volume from somewhere else, that is a \
             warning. An Agent that gets the \
             ecs_fargate check through its Docker labels passes.",
    matters: "The volume hides the configuration and the integration checks that the image has in this \
              directory. The Agent starts, reports that it is healthy and collects no ecs.fargate metric: the \
              data is lost without an error. A new volume on Fargate is always empty.",
    evidence: Evidence {
        source: "Datadog-agent issue 15127 and its comments; bind mounts in the Amazon ECS developer guide.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-init",
      "command": ["sh", "-c", "chown -R 100:0 /state /sockets"],
      "mountPoints": [
        { "sourceVolume": "dd-run", "containerPath": "/state" },
        { "sourceVolume": "dd-sockets", "containerPath": "/sockets" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Passing("volumes"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in mounts.at(CONFIG) {
            let says = match mount.source {
                Source::UnknownVolume => {
                    found.undecided();
                    continue;
                }
                Source::Tmpfs => format!("has a tmpfs at {CONFIG}, which is empty at every start."),
                Source::Volume(volume) => {
                    if found.known(task.content(volume)) != Some(Content::Nothing) {
                        continue;
                    }
                    let Some(writers) = found.known(task.writers(volume, agent)) else { continue };
                    if !writers.is_empty() {
                        judge_staging(task, agent, &writers, volume, found);
                        continue;
                    }
                    format!(
                        "mounts volume {} at {CONFIG}. The volume is empty {}, and no other container writes to it.",
                        quoted(volume),
                        task.words().at_first
                    )
                }
            };
            if found.known(agent.declares_the_check()) == Some(false) {
                found.in_container(
                    agent,
                    mount.place().key("containerPath"),
                    format!("{says} The Agent would start and {}.", task.words().blind),
                    way_out(task, agent, mount),
                );
            }
        }
    }
}

/// A container that copies the configuration into a volume. A tmpfs, which nobody else can fill, gives way to a volume.
fn way_out(task: &TaskDefinition<'_>, agent: &Container<'_>, mount: &Mount<'_>) -> Fix {
    if let Source::Volume(volume) = mount.source {
        return Fix::write(seeding(task, agent, volume));
    }
    let volume = free_name("dd-config", NAME_LENGTH, &names(task.document.get("volumes")));
    let moved = [
        Edit::without(mount.place()).of(agent).called(format!("the tmpfs at {CONFIG}")),
        Edit::add_to_task(task.document, "volumes", [("name", volume.as_str().into())]),
        Edit::add(agent, "mountPoints", mount_point(&volume, CONFIG)),
    ];
    Fix::write(moved.into_iter().chain(seeding(task, agent, &volume)))
}

/// A container that copies the image's configuration into a volume before the Agent starts.
pub(super) fn seeding(task: &TaskDefinition<'_>, agent: &Container<'_>, volume: &str) -> [Edit; 2] {
    let command = format!("cp -RPpf {CONFIG}/. /config/");
    init_container(task, agent, &command, &[(volume, "/config".to_owned())])
}

/// A container of the Agent's image that runs a command as root before the Agent starts.
pub(super) fn init_container(
    task: &TaskDefinition<'_>,
    agent: &Container<'_>,
    command: &str,
    mounts: &[(&str, String)],
) -> [Edit; 2] {
    let image = agent.get("image").as_str().unwrap_or(DEFAULT_IMAGE);
    container_before(task, agent, "datadog-prepare", image, command, mounts)
}

/// A container that runs a command as root before another one starts.
pub(super) fn container_before(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    name: &str,
    image: &str,
    command: &str,
    mounts: &[(&str, String)],
) -> [Edit; 2] {
    let name = free_name(name, NAME_LENGTH, &names(task.document.get("containerDefinitions")));
    let mounts: Vec<Node> = mounts.iter().map(|(volume, path)| mount_point(volume, path)).collect();
    let before = Node::from([
        ("name", name.as_str().into()),
        ("image", image.into()),
        ("essential", false.into()),
        ("user", "0".into()),
        ("readonlyRootFilesystem", true.into()),
        ("command", vec!["sh", "-c", command].into()),
        ("mountPoints", mounts.into()),
    ]);
    let wait = Node::from([("containerName", name.as_str().into()), ("condition", "SUCCESS".into())]);
    [
        Edit::add_to_task(task.document, "containerDefinitions", before),
        Edit::add(container, "dependsOn", wait),
    ]
}

/// A mount point as it is written.
pub(super) fn mount_point(volume: &str, path: &str) -> Node {
    Node::from([("sourceVolume", volume.into()), ("containerPath", path.into())])
}

/// The names in a list that are known. What is not known yet takes none: every name might be among it.
fn names(list: &Node) -> Vec<&str> {
    list.items().iter().filter_map(|item| item.get("name").as_str()).collect()
}

/// Whoever is to copy the image's directory into the volume must see both, so the volume cannot lie over the directory.
/// That all of them have it there is a warning only where one of them may fill it from somewhere else.
fn judge_staging<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writers: &[Container<'a>],
    volume: &str,
    found: &mut Found,
) {
    let lies_over = |writer: &Container<'a>| {
        let mut at_config = task.mounts(writer).at(CONFIG);
        writer.has_agent_image() && at_config.any(|mount| mount.source == Source::Volume(volume))
    };
    let Some(first) = writers.first().filter(|_| writers.iter().all(lies_over)) else { return };
    if !task.knows_all_writers(volume, agent) {
        found.undecided();
        return;
    }
    if found.known(agent.declares_the_check()) != Some(false) {
        return;
    }
    let place =
        task.mounts(first).at(CONFIG).find(|mount| mount.source == Source::Volume(volume)).map(Mount::place);
    let way_out = match place {
        Some(place) => Fix::from(Edit::at(place.key("containerPath"), "/config").of(first))
            .and(format!("Let the command of the container copy {CONFIG} to that path.")),
        None => Fix::default(),
    };
    let says = format!(
        "mounts volume {} at {CONFIG}, as {} does. The volume is empty {} and hides what the image has there, so there is \
         nothing to copy into it.",
        quoted(volume),
        agent.called_inside(),
        task.words().at_first
    );
    let is_certain = found.known(task.fargate).is_some_and(|fargate| fargate || !task.is_of_ecs())
        && writers.iter().all(|writer| task.copies_nothing_else_than_the_configuration(writer) == Some(true));
    let finding = found.in_container(first, first.path().key("mountPoints"), says, way_out);
    if !is_certain {
        finding.severity = Severity::Warning;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::Severity;

    fn task(agent: &str, volume: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{volume}], "containerDefinitions": [
                {{"name": "dd", "image": "datadog/agent:7.81.1", {agent}}}]}}"#
        )
    }

    const MOUNT: &str = r#""mountPoints": [{"sourceVolume": "c", "containerPath": "/etc/datadog-agent/"}]"#;

    #[test]
    fn an_empty_volume_and_a_tmpfs_are_found() {
        let tmpfs = r#""linuxParameters": {"tmpfs": [{"containerPath": "/etc/datadog-agent", "size": 64}]}"#;
        for (agent, volume) in
            [(MOUNT, r#"{"name": "c"}"#), (MOUNT, r#"{"name": "c", "host": {}}"#), (tmpfs, "")]
        {
            assert_eq!(
                findings_of("config-volume-not-seeded", &task(agent, volume)).len(),
                1,
                "{agent} {volume}"
            );
        }
    }

    #[test]
    fn who_is_to_fill_the_volume_mounts_it_at_another_path() {
        for (image, command, path, severity) in [
            ("datadog/agent:7.81.1", "cp -r /etc/datadog-agent/. /config", "/config", None),
            ("datadog/agent:7.81.1", "/seed.sh", "/etc/datadog-agent", Some(Severity::Warning)),
            (
                "datadog/agent:7.81.1",
                "cp -r /opt/seed/. /etc/datadog-agent",
                "/etc/datadog-agent",
                Some(Severity::Warning),
            ),
            (
                "datadog/agent:7.81.1",
                "cp -r /etc/datadog-agent/. /config",
                "/etc/datadog-agent",
                Some(Severity::Error),
            ),
            ("datadog/agent:7.81.1", "true", "/etc/datadog-agent", Some(Severity::Error)),
            ("example.com/seed:1", "/seed.sh", "/etc/datadog-agent", None),
        ] {
            let agent = format!(
                r#"{MOUNT}}}, {{"name": "init", "image": "{image}", "essential": false, "command": ["sh", "-c", "{command}"],
                    "mountPoints": [{{"sourceVolume": "c", "containerPath": "{path}"}}]"#
            );
            let findings = findings_of("config-volume-not-seeded", &task(&agent, r#"{"name": "c"}"#));
            let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
            assert_eq!(severities, Vec::from_iter(severity), "{image} {command} {path}");
        }
    }

    #[test]
    fn a_volume_is_filled_by_a_container_whose_name_is_free_and_a_tmpfs_gives_way_to_one() {
        let tmpfs = r#""linuxParameters": {"tmpfs": [{"containerPath": "/etc/datadog-agent", "size": 64}]}"#;
        let named = format!(r#"{MOUNT}}}, {{"image": "i:1", "name": "datadog-prepare" "#);
        let staged = format!(
            r#"{MOUNT}}}, {{"name": "init", "image": "datadog/agent:7.81.1", "command": ["cp"], "essential": false, {MOUNT}"#
        );
        for (agent, volume) in [
            (MOUNT, r#"{"name": "c"}"#),
            (named.as_str(), r#"{"name": "c"}"#),
            (staged.as_str(), r#"{"name": "c"}"#),
            (tmpfs, r#"{"name": "dd-config", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}"#),
        ] {
            let document = task(agent, volume);
            assert_eq!(mended("config-volume-not-seeded", &document), (1, vec![]), "{document}");
        }
        let fix = findings_of("config-volume-not-seeded", &task(tmpfs, r#"{"name": "dd-config"}"#))
            .remove(0)
            .fix_text();
        assert!(
            fix.starts_with("Remove the tmpfs at /etc/datadog-agent from linuxParameters.tmpfs, add {"),
            "{fix}"
        );
        assert!(fix.contains(r#""sourceVolume": "dd-config-2""#), "{fix}");
    }

    #[test]
    fn a_name_is_found_while_the_volumes_are_not_known_yet() {
        let tmpfs = r#""linuxParameters": {"tmpfs": [{"containerPath": "/etc/datadog-agent", "size": 64}]}"#;
        for volumes in [r#""<unknown>""#, r#"["<unknown>"]"#, r#"[{"name": "<unknown>"}]"#] {
            let document = task(tmpfs, "").replace(r#""volumes": []"#, &format!(r#""volumes": {volumes}"#));
            let fix = findings_of("config-volume-not-seeded", &document).remove(0).fix_text();
            assert!(fix.contains(r#"add { "name": "dd-config" } to volumes"#), "{fix}");
        }
    }

    #[test]
    fn a_volume_with_content_of_its_own_is_not_found() {
        let volume = r#"{"name": "c", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}"#;
        assert_eq!(findings_of("config-volume-not-seeded", &task(MOUNT, volume)), []);
    }

    #[test]
    fn labels_that_declare_the_check_are_enough() {
        let agent =
            format!(r#"{MOUNT}, "dockerLabels": {{"com.datadoghq.ad.checks": "{{\"ecs_fargate\": {{}}}}"}}"#);
        assert_eq!(findings_of("config-volume-not-seeded", &task(&agent, r#"{"name": "c"}"#)), []);
    }
}
