//! `agent-volume-not-owned`

use super::config_volume_not_seeded::{init_container, mount_point};
use super::init_container_copies_nothing;
use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::rofs::writable_path::{CONFIG, RUN, SOCKETS};
use crate::task::{Configuration, Ending, Source, Variable, normalized};

/// Directories that belong to root, under an Agent that runs as another user.
pub(super) static RULE: Rule = Rule {
    name: "agent-volume-not-owned",
    topic: Topic::Agent,
    summary: "The Agent's user cannot write to its volumes",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Fargate,
    control: None,
    checks: "Where a Datadog Agent container runs as user 100, another container hands over each empty volume that the Agent \
             mounts at /etc/datadog-agent, /opt/datadog-agent/run (or where DD_RUN_PATH points) or /var/run/datadog. A \
             container that is not essential, or has the Agent's image, and mounts the volume writable is assumed to do so, \
             unless its command says all that it does and does not.",
    matters: "On Fargate an empty volume belongs to root, with mode 0755, unless the image declares a VOLUME at exactly that \
              path, which the Agent's image does for none of the three. User 100 cannot write there: the container stops when it \
              starts, or runs without Remote Configuration and without sockets.",
    evidence: Evidence {
        source: "Bind mounts in the Amazon ECS developer guide; datadog-agent Dockerfile and pull request 44357.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-init",
      "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/ && chown -R 100:0 /config /sockets"],
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/config" },
        { "sourceVolume": "dd-sockets", "containerPath": "/sockets" }
      ]
    },
    { "name": "datadog-agent", "user": "100" }
  ]
}"#,
    ),
    passing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "user": "100" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[1].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(user) = found.text(agent.get("user")) else { continue };
        if agent.get("image").is_unknown() {
            found.undecided();
        }
        // Another image may declare the volumes.
        if runs_as(Some(&user.into())) != RunsAs::DatadogAgent || !agent.has_agent_image() {
            continue;
        }
        if task.is_filled_by_its_image(agent) || is_told_of_its_filling(task, agent, found) {
            continue;
        }
        let run = match agent.variable("DD_RUN_PATH") {
            Variable::Absent | Variable::Known("") => Some(RUN.into()),
            Variable::Known(path) => Some(normalized(path)),
            Variable::Unknown => None,
        };
        if run.is_none() {
            found.undecided();
        }
        let mut volumes: Vec<&str> = Vec::new();
        for path in [Some(CONFIG), run.as_deref(), Some(SOCKETS)].into_iter().flatten() {
            volumes.extend(not_owned(task, agent, path, found));
        }
        if !volumes.is_empty() {
            let names: Vec<String> = volumes.iter().copied().map(quoted).collect();
            let says = format!(
                "runs as user {} and mounts {}, which belongs to root {}. No {} changes its owner, so the Agent cannot write to it.",
                quoted(user),
                names.join(", "),
                task.words().at_first,
                task.words().container
            );
            found.in_container(agent, agent.path().key("user"), says, hand_over(task, agent, &volumes));
        }
    }
}

/// Whether a container that prepares the Agent does not do so, or may not: that has a finding of its own, and with its line to
/// write the volumes have another owner.
fn is_told_of_its_filling<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, found: &mut Found) -> bool {
    let volume = match found.known(task.configuration(agent)) {
        None => return true,
        Some(Configuration::Volume(volume)) => volume,
        Some(_) => return false,
    };
    let Some(writers) = found.known(task.writers(volume, agent)) else { return true };
    if writers.iter().any(|writer| found.known(task.filling(writer, volume)).is_none()) {
        return true;
    }
    init_container_copies_nothing::is_found(task, agent, &writers, volume, found)
}

/// A container that hands the volumes over before the Agent starts.
fn hand_over<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, volumes: &[&str]) -> Fix {
    let mounts: Vec<(&str, String)> = volumes
        .iter()
        .enumerate()
        .map(|(index, volume)| (*volume, format!("/volume-{}", index + 1)))
        .collect();
    let paths: Vec<&str> = mounts.iter().map(|(_, path)| path.as_str()).collect();
    let command = format!("chown -R 100:0 {}", paths.join(" "));
    match init_container_that_can(task, agent, &mounts) {
        Some((init, words)) => by_the_init_container(init, words, &command, &mounts),
        None => Fix::write(init_container(task, agent, &command, &mounts)),
    }
}

/// The container that prepares the Agent already, where it can do this as well, with the words of its command: as root, by
/// a line for a shell.
fn init_container_that_can<'t, 'a>(
    task: &'t TaskDefinition<'a>,
    agent: &Container<'a>,
    mounts: &[(&str, String)],
) -> Option<(&'t Container<'a>, Vec<&'a str>)> {
    task.containers().known.iter().find_map(|container| {
        let name =
            container.name.filter(|_| container.has_agent_image() && container.index != agent.index)?;
        let is_awaited = task.awaits_end(agent, name) == Some(Ending::Success);
        let user = container.get("user");
        let is_root =
            user.is_null() || user.as_str().is_some_and(|user| runs_as(Some(&user.into())) == RunsAs::Root);
        let is_free = |path: &str| task.mounts(container).seen_at(path).is_some_and(|mount| mount.is_none());
        let command = container.get("command");
        let words: Vec<&str> = command.items().iter().filter_map(Node::as_str).collect();
        let shell = match words.as_slice() {
            [shell, flag, _] if flag.starts_with('-') && flag.ends_with('c') => Some(*shell),
            [_] => match container.get("entryPoint").items() {
                [shell, flag] if flag.as_str().is_some_and(|flag| flag.ends_with('c')) => shell.as_str(),
                _ => None,
            },
            _ => None,
        };
        let has_shell = shell.is_some_and(|shell| shell.ends_with("sh"));
        let can = is_awaited && is_root && has_shell && command.items().len() == words.len();
        (can && mounts.iter().all(|(_, path)| is_free(path))).then_some((container, words))
    })
}

/// One more command at the end of its line. What stands there is not repeated.
fn by_the_init_container(
    init: &Container<'_>,
    mut words: Vec<&str>,
    command: &str,
    mounts: &[(&str, String)],
) -> Fix {
    let line = words.pop().unwrap_or_default().trim_end().trim_end_matches(';');
    let line = format!("{line} && {command}");
    let command: Vec<Node> = words.into_iter().map(Node::from).chain([line.into()]).collect();
    let told = format!(
        "add \"&& chown -R 100:0 {}\" to the end of the command of {}",
        mounts.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>().join(" "),
        init.called_inside()
    );
    let mount_points = mounts.iter().map(|(volume, path)| mount_point(volume, path));
    let mount_points = Edit::add_each(init, "mountPoints", mount_points);
    Fix::write(mount_points.chain([Edit::set(init, "command", command).told(told)]))
}

/// The volume at a path that belongs to root, as far as the task definition says.
fn not_owned<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    path: &str,
    found: &mut Found,
) -> Option<&'a str> {
    let mounts = task.mounts(agent);
    // What is not known yet may be mounted at the same path.
    if !mounts.complete {
        found.undecided();
        return None;
    }
    let mount = mounts.at(path).next()?;
    let volume = match mount.source {
        Source::Volume(volume) => volume,
        Source::UnknownVolume => {
            found.undecided();
            return None;
        }
        // Its owner is set by its options.
        Source::Tmpfs => return None,
    };
    // That a volume may only be read is for the rule writable-path-not-mounted.
    if mount.read_only != Some(false) || found.known(task.is_of_root(volume)) != Some(true) {
        return None;
    }
    let writers = task.writers(volume, agent).unwrap_or_default();
    let is_the_agents = |owner: &str| runs_as(Some(&owner.into())) == RunsAs::DatadogAgent;
    let hands_over = |writer: &Container<'a>| match writer.may_prepare_the_agent() {
        Some(true) => task.may_hand_over(writer, volume, is_the_agents),
        other => other,
    };
    if writers.iter().any(|writer| hands_over(writer) == Some(true)) {
        return None;
    }
    if !task.knows_all_writers(volume, agent) || writers.iter().any(|writer| hands_over(writer).is_none()) {
        found.undecided();
        return None;
    }
    // A configuration that nobody fills is for the rule config-volume-not-seeded.
    (path != CONFIG || !writers.is_empty()).then_some(volume)
}

#[cfg(test)]
mod tests {
    use super::super::prelude::*;
    use super::super::tests::{findings_of, mended};
    use super::RULE;

    /// How often the way out adds a container, for an Agent that waits for this one.
    fn added_containers(init: &str) -> usize {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{{"name": "r"}}], "containerDefinitions": [
                {{"name": "dd", "image": "datadog/agent:7.81.1", "user": "100", "mountPoints": [
                {{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}}],
                "dependsOn": [{{"containerName": "init", "condition": "SUCCESS"}}]}},
                {{"name": "init", "image": "datadog/agent:7.81.1", {init}}}]}}"#
        );
        assert_eq!(mended(RULE.name, &document), (1, vec![]), "{document}");
        let fix = findings_of(RULE.name, &document).remove(0).fix;
        let adds = |edit: &&super::Edit| edit.path.to_string().starts_with("containerDefinitions[2]");
        fix.edits().iter().filter(adds).count()
    }

    #[test]
    fn an_init_container_that_is_there_does_it_as_well() {
        let command = r#""command": ["sh", "-c", "echo hunter2 && cp -r /etc/datadog-agent/. /config/"]"#;
        for (init, added) in [
            (command.to_owned(), 0),
            (r#""entryPoint": ["/bin/bash", "-ec"], "command": ["true;"]"#.to_owned(), 0),
            (format!(r#"{command}, "user": "0:0""#), 0),
            (format!(r#"{command}, "user": "100""#), 1),
            (r#""command": ["cp", "-r", "/etc/datadog-agent/.", "/config/"]"#.to_owned(), 1),
            (
                format!(
                    r#"{command}, "mountPoints": [{{"sourceVolume": "x", "containerPath": "/volume-1"}}]"#
                ),
                1,
            ),
        ] {
            assert_eq!(added_containers(&init), added, "{init}");
        }
    }

    #[test]
    fn what_the_init_container_runs_is_not_repeated() {
        let document = r#"{"requiresCompatibilities": ["FARGATE"], "volumes": [{"name": "r"}], "containerDefinitions": [
            {"name": "dd", "image": "datadog/agent:7.81.1", "user": "100", "mountPoints": [
                {"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}],
                "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}]},
            {"name": "init", "image": "datadog/agent:7.81.1", "command": ["sh", "-c", "echo hunter2"]}]}"#;
        let text = findings_of(RULE.name, document).remove(0).fix_text();
        assert!(text.contains("\"&& chown -R 100:0 /volume-1\" to the end of the command"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    fn count(user: &str, writer: &str, volume: &str) -> usize {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{{"name": "r"{volume}}}], "containerDefinitions": [
                {{"name": "dd", "image": "datadog/agent:7.81.1", "user": "{user}", "mountPoints": [
                {{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}}]}},
                {{"name": "w", "image": "w:1"{writer}, "mountPoints": [{{"sourceVolume": "r", "containerPath": "/r"}}]}}]}}"#
        );
        findings_of("agent-volume-not-owned", &document).len()
    }

    #[test]
    fn a_command_that_says_all_and_hands_nothing_over_is_seen() {
        for (command, path, count) in [
            ("cp -r /etc/datadog-agent/. /config/ && chown -R 100:0 /config /r", "/opt/datadog-agent/run", 0),
            ("cp -r /etc/datadog-agent/. /config/ && chmod -R 0777 /r", "/opt/datadog-agent/run", 0),
            ("/prepare.sh", "/opt/datadog-agent/run", 0),
            ("cp -r /etc/datadog-agent/. /config/ && chown -R 100:0 /config", "/opt/datadog-agent/run", 1),
            ("cp -r /etc/datadog-agent/. /config/ && chown -R 1000 /r", "/opt/datadog-agent/run", 1),
            ("cp -r /etc/datadog-agent/. /config/", "/var/run/datadog", 1),
            ("cp -r /etc/datadog-agent/. /r/", "/etc/datadog-agent", 1),
            ("cp -RPpf /etc/datadog-agent/. /r/", "/etc/datadog-agent", 0),
            ("cp -a /etc/datadog-agent/. /r/", "/etc/datadog-agent", 0),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{{"name": "r"}}, {{"name": "c"}}], "containerDefinitions": [
                    {{"name": "dd", "image": "datadog/agent:7.81.1", "user": "100", "mountPoints": [
                        {{"sourceVolume": "r", "containerPath": "{path}"}}]}},
                    {{"name": "w", "image": "datadog/agent:7.81.1", "essential": false, "command": ["sh", "-c", "{command}"],
                      "mountPoints": [{{"sourceVolume": "r", "containerPath": "/r"}}, {{"sourceVolume": "c", "containerPath": "/config"}}]}}]}}"#
            );
            assert_eq!(findings_of("agent-volume-not-owned", &document).len(), count, "{command} {path}");
        }
    }

    #[test]
    fn root_needs_nothing_and_user_100_a_container_that_hands_over() {
        for (user, writer, volume, expected) in [
            ("100", "", "", 1),
            ("dd-agent:root", "", "", 1),
            ("0", "", "", 0),
            ("100", r#", "essential": false"#, "", 0),
            ("100", r#", "essential": "<unknown>""#, "", 0),
            ("100", r#", "volumesFrom": "<unknown>""#, "", 0),
            ("100", "", r#", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#, 0),
        ] {
            assert_eq!(count(user, writer, volume), expected, "{user} {writer} {volume}");
        }
    }

    #[test]
    fn a_helper_beside_the_one_that_fills_the_volume_changes_nothing() {
        let helper = r#"{"name": "helper", "image": "public.ecr.aws/docker/library/busybox:1.37.0", "essential": false,
            "command": ["true"], "mountPoints": [{"sourceVolume": "dd-config", "containerPath": "/config"}]}"#;
        let example = |init: &str| {
            format!(
                r#"{{"containerDefinitions": [{{"name": "datadog-agent", "user": "100"}}, {helper},
                    {{"name": "datadog-init", "command": {init}}}]}}"#
            )
        };
        for (init, expected) in [
            (r#"["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/"]"#, 1),
            // It fails, which is told by the rule about copies.
            (r#"["cp", "/etc/datadog-agent/.", "/config/"]"#, 0),
        ] {
            let document = AgentExample(Box::leak(example(init).into_boxed_str())).document();
            let found = findings_of(RULE.name, &crate::document::to_json(&document).unwrap());
            assert_eq!(found.len(), expected, "{init}: {found:?}");
        }
    }
}
