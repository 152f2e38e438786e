//! `config-volume-not-seeded`

use super::prelude::*;
use crate::ecs::shapes::limits::NAME_LENGTH;
use crate::rofs::image_reference::Image;
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
             warning. So is an empty volume that nobody fills for an image of your own, which may declare the path as a VOLUME: \
             with seeding = \"image_volumes\" it passes, and for Datadog's own image that is an error. An Agent that gets the \
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
    mends: Mends::Choice,
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
                // Nobody may see the volumes here, and the pattern's is empty wherever it is declared.
                Source::Volume(volume)
                    if task.content(volume).is_none()
                        && task.is_filled_by_its_image(agent)
                        && task.is_of_the_pattern(volume) =>
                {
                    judge_image(task, agent, mount, found);
                    continue;
                }
                Source::Volume(volume) => {
                    if found.known(task.content(volume)) != Some(Content::Nothing) {
                        continue;
                    }
                    // That it is another directory than the one that is filled is for the rule task-directory-taken-for-shared.
                    if task.means_the_same(mount, agent).is_some() {
                        continue;
                    }
                    let Some(writers) = found.known(task.writers(volume, agent)) else { continue };
                    if !writers.is_empty() {
                        judge_staging(task, agent, &writers, volume, found);
                        continue;
                    }
                    if task.is_filled_by_its_image(agent) {
                        judge_image(task, agent, mount, found);
                        continue;
                    }
                    format!(
                        "mounts volume {} at {CONFIG}. The volume is empty {}, and no other {} writes to it.",
                        quoted(volume),
                        task.words().at_first,
                        task.words().container
                    )
                }
            };
            if found.known(agent.declares_the_check()) != Some(false) {
                continue;
            }
            let may_declare = matches!(mount.source, Source::Volume(_)) && !is_as_published(agent);
            let unless = match may_declare {
                true => " unless its image declares that path as a VOLUME",
                false => "",
            };
            let finding = found.in_container(
                agent,
                mount.place().key("containerPath"),
                format!("{says} The Agent would start and {}{unless}.", task.words().blind),
                way_out(task, agent, mount),
            );
            if may_declare {
                finding.severity = Severity::Warning;
            }
        }
    }
}

/// Whether the Agent's image is one of Datadog's own, which declare no volume at this path.
fn is_as_published(agent: &Container<'_>) -> bool {
    agent.get("image").as_str().and_then(Image::parse).is_some_and(|image| image.is_as_published())
}

/// An Agent whose image is said to fill the volume. An image that is not known yet may do so.
fn judge_image(task: &TaskDefinition<'_>, agent: &Container<'_>, mount: &Mount<'_>, found: &mut Found) {
    if found.text(agent.get("image")).is_none() || !is_as_published(agent) {
        return;
    }
    found.in_container(
        agent,
        mount.place().key("containerPath"),
        format!(
            "is to fill the volume at {CONFIG} from its image, and Datadog's image does not declare that path as a VOLUME. The \
             volume stays empty: the Agent would start and {}.",
            task.words().blind
        ),
        "Build an image on it that declares the Agent's directories, and write that image. Or let an init container copy the \
         configuration: seeding = \"init_copy\".",
    );
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
    use super::super::tests::{document, findings_of, mended};
    use super::super::{Subject, judge};
    use super::Severity;
    use crate::rofs::settings::{Seeding, Settings};

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
    fn an_image_may_fill_the_volume_where_the_settings_say_so_and_it_is_not_datadogs() {
        let of = |image: &str, settings: Option<&Settings>| {
            let document = document(&task(MOUNT, r#"{"name": "c"}"#).replace("datadog/agent:7.81.1", image));
            let subject = Subject { agent: settings, ..Subject::of(&document) };
            let findings = judge(&subject).findings.into_iter();
            let of_the_rule = findings.filter(|finding| finding.rule == "config-volume-not-seeded");
            of_the_rule.map(|finding| finding.severity).collect::<Vec<_>>()
        };
        let (own, public) = ("ghcr.io/acme/datadog-agent:1", "public.ecr.aws/datadog/agent:7.81.1");
        let mirror = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog/agent:7.81.1";
        let settings = |seeding, name: &str, image: &str| Settings {
            seeding,
            container_name: name.to_owned(),
            image: image.into(),
            ..Settings::default()
        };
        for (image, says, found) in [
            (own, Some((Seeding::ImageVolumes, "dd")), None),
            (mirror, Some((Seeding::ImageVolumes, "dd")), None),
            (public, Some((Seeding::ImageVolumes, "dd")), Some(Severity::Error)),
            (own, Some((Seeding::ImageVolumes, "other")), Some(Severity::Warning)),
            (own, Some((Seeding::InitCopy, "dd")), Some(Severity::Warning)),
            (own, None, Some(Severity::Warning)),
            (mirror, None, Some(Severity::Warning)),
            (public, None, Some(Severity::Error)),
        ] {
            let settings = says.map(|(seeding, name)| settings(seeding, name, image));
            assert_eq!(of(image, settings.as_ref()), Vec::from_iter(found), "{image} {says:?}");
        }
        // The data source sees no volumes: that of the pattern is empty, and any other may have a content.
        let asked_for = settings(Seeding::ImageVolumes, "dd", public);
        for (volume, count) in [("datadog-config", 1), ("c", 0)] {
            let text = task(&MOUNT.replace(r#": "c""#, &format!(r#": "{volume}""#)), "");
            let document = document(&text.replace(r#""volumes": []"#, r#""volumes": "<unknown>""#));
            let subject = Subject { agent: Some(&asked_for), ..Subject::of(&document) };
            let findings = judge(&subject).findings.into_iter();
            assert_eq!(
                findings.filter(|finding| finding.rule == "config-volume-not-seeded").count(),
                count,
                "{volume}"
            );
        }
        let asked_for = settings(Seeding::ImageVolumes, "dd", own);
        assert_eq!(of("<unknown>", Some(&asked_for)), [], "an image that is not known yet may declare it");
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
