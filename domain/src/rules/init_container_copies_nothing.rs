//! `init-container-copies-nothing`

use super::prelude::*;
use crate::rofs::writable_path::CONFIG;
use crate::task::{Configuration, Content, Ending, Filling, Miss, ScriptFlaw, targets};

/// A container that is there to fill the Agent's configuration volume and does not.
pub(super) static RULE: Rule = Rule {
    name: "init-container-copies-nothing",
    topic: Topic::Agent,
    summary: "The init container does not fill the Agent's configuration volume",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "The entry point and the command of a container that mounts the Agent's configuration volume beside the Agent copy \
             /etc/datadog-agent of an Agent image, with its subdirectories, to where the container mounts the volume. The \
             rule follows cp, rsync and tar, in exec form and in a line for a shell. It also finds a line that no shell reads, a \
             container that runs the Agent because it has no command, and one that never ends. It does not judge a script of \
             your own, a path with a variable, or a program it does not know.",
    matters: "If the copy fails, the Agent that waits for its success never starts. If nothing gets to the root of the volume, \
              the volume hides the configuration and the checks of the image: the Agent starts and collects no ecs.fargate \
              metrics.",
    evidence: Evidence {
        source: "Datadog-agent Dockerfile, which has no entry point and no other configuration than /etc/datadog-agent; \
                 datadog-agent issue 15127; GNU coreutils manual, cp invocation; shell command language in POSIX.",
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
      "command": ["sh", "-c", "cp /etc/datadog-agent /config/ && chown -R 100:0 /config /state /sockets"]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[0].command"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(Configuration::Volume(volume)) = found.known(task.configuration(agent)) else { continue };
        let Some(writers) = found.known(task.writers(volume, agent)) else { continue };
        if !task.knows_all_writers(volume, agent) {
            found.undecided();
        }
        if let Some((writer, miss)) = failing(task, agent, &writers, volume, found) {
            report(task, agent, writer, volume, &miss, true, found);
        } else if let Some((writer, miss)) = idle(task, agent, &writers, volume, found) {
            report(task, agent, writer, volume, &miss, false, found);
        }
    }
}

/// Whether this rule has a finding about what these containers do for an Agent's volume.
pub(super) fn is_found<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writers: &[Container<'a>],
    volume: &str,
    found: &mut Found,
) -> bool {
    failing(task, agent, writers, volume, found).is_some()
        || idle(task, agent, writers, volume, found).is_some()
}

/// The container that fails, and whose success the Agent waits for: it never starts, whoever else writes to the volume.
fn failing<'w, 'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writers: &'w [Container<'a>],
    volume: &str,
    found: &mut Found,
) -> Option<(&'w Container<'a>, Miss)> {
    writers.iter().find_map(|writer| match found.known(task.filling(writer, volume))? {
        Filling::Misses { miss, fails: true } => {
            let name = found.text(writer.get("name"))?;
            let ending = found.known(task.awaits_end(agent, name))?;
            let is_awaited =
                ending == Ending::Success || (ending == Ending::Complete && miss == Miss::NeverEnds);
            is_awaited.then_some((writer, miss))
        }
        _ => None,
    })
}

/// One of the containers that mount the volume, where none of them fills it. Only on Fargate is it empty for certain.
fn idle<'w, 'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writers: &'w [Container<'a>],
    volume: &str,
    found: &mut Found,
) -> Option<(&'w Container<'a>, Miss)> {
    let mut misses = Vec::new();
    for writer in writers {
        match found.known(task.filling(writer, volume))? {
            Filling::Misses { miss, .. } => misses.push((writer, miss)),
            Filling::Fills | Filling::Unclear => return None,
        }
    }
    // Whose volume lies over the directory is told by the rule config-volume-not-seeded.
    let is_beside =
        |(writer, _): &(&Container<'a>, Miss)| targets(task.mounts(writer), volume).next().is_some();
    let meant = misses.iter().position(|(_, miss)| *miss != Miss::Nothing).unwrap_or_default();
    let first = (!misses.is_empty()).then(|| misses.swap_remove(meant)).filter(is_beside)?;
    let is_empty = found.known(task.content(volume))? == Content::Nothing;
    let is_blind = !found.known(agent.declares_the_check())?;
    let is_on_fargate = !task.is_of_ecs() || found.known(task.fargate)?;
    let are_all = task.knows_all_writers(volume, agent);
    (are_all && is_empty && is_blind && is_on_fargate).then_some(first)
}

fn report<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writer: &Container<'a>,
    volume: &str,
    miss: &Miss,
    is_awaited: bool,
    found: &mut Found,
) {
    let name = agent.called_inside();
    let effect = match miss {
        Miss::NeverEnds | Miss::StartsTheAgent if is_awaited => {
            format!("So {name}, which waits for its end, never starts.")
        }
        _ if is_awaited => {
            format!("It ends with an error, so {name}, which waits for its success, never starts.")
        }
        _ => format!(
            "Volume {} stays empty at its root: {name} would start and {}.",
            quoted(volume),
            task.words().blind
        ),
    };
    let place = match miss {
        Miss::NoConfiguration => "image",
        _ if writer.get("command").items().is_empty() && !writer.get("entryPoint").items().is_empty() => {
            "entryPoint"
        }
        _ => "command",
    };
    found.in_container(
        writer,
        writer.path().key(place),
        format!("{}. {effect}", what_is_wrong(task, miss)),
        way_out(task, agent, writer, volume, miss),
    );
}

fn what_is_wrong(task: &TaskDefinition<'_>, miss: &Miss) -> String {
    match miss {
        Miss::Flaw(ScriptFlaw::LineAsProgram) => {
            "has a whole line as the first word of what it runs, and no program is called so".to_owned()
        }
        Miss::Flaw(ScriptFlaw::LineAsFile) => {
            "gives its line to a shell without \"-c\", and the shell looks for a file that is called so".to_owned()
        }
        Miss::Flaw(ScriptFlaw::LineInPieces) => {
            "gives a shell the words of its line one by one, and behind \"-c\" the shell runs the first of them alone".to_owned()
        }
        Miss::Flaw(ScriptFlaw::NoShell) => {
            "has a line for a shell in its list of words, and no shell reads it".to_owned()
        }
        Miss::Flaw(ScriptFlaw::Unfinished) => {
            "has a line that ends in \"&&\", \"||\" or \"|\", where a shell expects a further command".to_owned()
        }
        Miss::Flaw(ScriptFlaw::NoOperands) => "does not say what is to be copied, or where to".to_owned(),
        Miss::StartsTheAgent => "has no command and runs the Agent instead, as the image does by itself".to_owned(),
        Miss::NeverEnds => format!("goes on for as long as {}", task.words().whole),
        Miss::NotRecursive => format!("copies {CONFIG} without its directories: cp leaves them out and fails without \"-R\""),
        Miss::OtherSource(from) => {
            format!("copies {} and not {CONFIG}, where the image has the configuration", quoted(from))
        }
        Miss::NoConfiguration => format!("copies {CONFIG}, which its image does not have"),
        Miss::Elsewhere(to) => format!("copies the configuration to {}, where the volume is not mounted", quoted(to)),
        Miss::Nested(to) => format!(
            "copies the configuration to {}, a directory inside the volume, and not to its root",
            quoted(to)
        ),
        Miss::Nothing => "mounts the Agent's configuration volume and copies nothing to it".to_owned(),
    }
}

/// The command that copies, with what it handed over before; the Agent's image where the image is wrong.
pub(super) fn way_out<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writer: &Container<'a>,
    volume: &str,
    miss: &Miss,
) -> Fix {
    if *miss == Miss::NoConfiguration {
        let image = agent.get("image").as_str().unwrap_or_default();
        return Fix::from(Edit::set(writer, "image", image));
    }
    let Some(target) = targets(task.mounts(writer), volume).next() else {
        return Fix::from(format!("Let it copy {CONFIG} to where it mounts the volume."));
    };
    let mut line = format!("cp -RPpf {CONFIG}/. {}/", target.trim_end_matches('/'));
    let mut owners: Vec<(&str, String)> = Vec::new();
    for (owner, path) in task.script(writer).map_or(&[][..], |script| &script.handed_over) {
        let Some(owner) = owner else { continue };
        match owners.iter_mut().find(|(other, _)| other == owner) {
            Some((_, paths)) => paths.push_str(&format!(" {path}")),
            None => owners.push((owner, path.clone())),
        }
    }
    for (owner, paths) in owners {
        line.push_str(&format!(" && chown -R {owner} {paths}"));
    }
    let command = Edit::set(writer, "command", vec!["sh", "-c", line.as_str()]);
    let has_entry_point = !writer.get("entryPoint").items().is_empty();
    let entry_point = has_entry_point.then(|| Edit::remove(writer, "entryPoint"));
    Fix::write(entry_point.into_iter().chain([command]))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Finding;
    use super::super::tests::{findings_of, mended};
    use super::*;
    use crate::document::to_json;
    use crate::render;
    use crate::rofs::assemble;
    use crate::rofs::settings::{Settings, Text};

    const NAME: &str = "init-container-copies-nothing";

    /// A task on Fargate whose init container mounts the volume at /config.
    fn task(init: &str) -> String {
        of("FARGATE", r#""image": "public.ecr.aws/datadog/agent:7.81.1""#, init, "")
    }

    fn of(launch: &str, image: &str, init: &str, agent: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["{launch}"], "volumes": [{{"name": "c"}}, {{"name": "s"}}], "containerDefinitions": [
                {{"name": "init", "essential": false, {image}, {init}, "mountPoints": [
                    {{"sourceVolume": "c", "containerPath": "/config/"}}, {{"sourceVolume": "s", "containerPath": "/sockets"}}]}},
                {{"name": "dd", "image": "public.ecr.aws/datadog/agent:7.81.1"{agent},
                  "dependsOn": [{{"containerName": "init", "condition": "SUCCESS"}}],
                  "mountPoints": [{{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}}]}}]}}"#
        )
    }

    fn line(line: &str) -> String {
        format!(r#""command": ["sh", "-c", {}]"#, serde_json::Value::from(line))
    }

    fn found(document: &str) -> Vec<Finding> {
        findings_of(NAME, document)
    }

    #[test]
    fn ways_to_fill_the_volume_are_silent() {
        for init in [
            line("cp -r /etc/datadog-agent/. /config/"),
            line("cp -R /etc/datadog-agent/* /config"),
            line("cp -a /etc/datadog-agent/. /config/."),
            line("cp -RPpf /etc/datadog-agent/. /config/ && chown -R 100:0 /config /sockets"),
            line(
                "set -e; mkdir -p /config; cp -rv /etc/datadog-agent/* /etc/datadog-agent/.x /config/; ls -la /config",
            ),
            line("cp -rT /etc/datadog-agent /config"),
            line("cp -rt /config /etc/datadog-agent/*"),
            line("cp --recursive --target-directory=/config /etc/datadog-agent/."),
            line("cp --archive --no-target-directory /etc/datadog-agent /config || exit 1"),
            line("cd /etc/datadog-agent && cp -r . /config/"),
            line("cd /etc && cp -r datadog-agent/. /config"),
            line("tar -C /etc/datadog-agent -cf - . | tar -C /config -xf -"),
            line("tar c -C /etc/datadog-agent . | tar x -C /config"),
            line("(cd /etc/datadog-agent && tar cf - .) | (cd /config && tar xpf -)"),
            line("rsync -a /etc/datadog-agent/ /config/"),
            line("cp -rn /etc/datadog-agent/. /config/; exit 0"),
            line("if [ ! -f /config/x ]; then cp -r '/etc/datadog-agent/.' \"/config/\"; fi"),
            r#""command": ["cp", "-r", "/etc/datadog-agent/.", "/config/"]"#.to_owned(),
            r#""command": ["/bin/cp", "-R", "/etc/datadog-agent/.", "/config"]"#.to_owned(),
            r#""command": ["/bin/bash", "-euo", "pipefail", "-c", "cp -r /etc/datadog-agent/. /config"]"#
                .to_owned(),
            r#""entryPoint": ["/bin/sh", "-c"], "command": ["cp -r /etc/datadog-agent/. /config"]"#
                .to_owned(),
            r#""entryPoint": ["cp"], "command": ["-r", "/etc/datadog-agent/.", "/config"]"#.to_owned(),
            r#""entryPoint": ["sh", "-c", "exec cp -r /etc/datadog-agent/. /config"]"#.to_owned(),
        ] {
            assert_eq!(found(&task(&init)), [], "{init}");
        }
    }

    #[test]
    fn a_directory_that_is_copied_into_the_one_above_the_mount_is_in_its_place() {
        let document = task(&line("cp -r /etc/datadog-agent /opt")).replace("/config/", "/opt/datadog-agent");
        assert_eq!(found(&document), []);
        let nested = document.replace("datadog-agent /opt", "datadog-agent /opt/datadog-agent/");
        assert!(found(&nested)[0].detail().contains("\"/opt/datadog-agent/datadog-agent\""));
    }

    #[test]
    fn what_nobody_can_tell_for_certain_is_silent() {
        for init in [
            line("/seed.sh"),
            line("cp -r $SOURCE/. /config/"),
            line("from=/etc/datadog-agent; cp -r \"$from/.\" /config/"),
            line("for d in /etc/datadog-agent/*; do cp -r $d /config; done"),
            line("aws s3 cp --recursive s3://bucket/conf /config"),
            line("echo 'logs_enabled: true' > /config/datadog.yaml"),
            line("cp -r /etc/datadog-agent/conf.d /config/"),
            line("cp /etc/datadog-agent/datadog-ecs.yaml /config/datadog.yaml"),
            line("find /etc/datadog-agent -type f -exec cp {} /config ;"),
            line("cp -r /sockets/. /config"),
            r#""command": ["/seed"]"#.to_owned(),
            r#""command": ["sh", "/seed.sh"]"#.to_owned(),
            r#""environment": [{"name": "ENTRYPOINT", "value": "init-volume"}]"#.to_owned(),
        ] {
            assert_eq!(found(&task(&init)), [], "{init}");
        }
        for image in [r#""image": "example.com/seed:1""#, r#""image": "ghcr.io/acme/datadog-agent-custom:1""#]
        {
            for init in [line("true"), line("cp -r /seed/. /config/"), r#""command": []"#.to_owned()] {
                assert_eq!(found(&of("FARGATE", image, &init, "")), [], "{image} {init}");
            }
        }
    }

    #[test]
    fn what_does_not_fill_the_volume_is_found_and_mended() {
        for (init, says) in [
            (line("cp /etc/datadog-agent /config/"), "without its directories"),
            (line("cp -p /etc/datadog-agent/* /config/"), "without its directories"),
            (line("cp -R /etc/datadog/. /config/"), "copies \"/etc/datadog\" and not"),
            (line("cp -R /opt/datadog-agent/. /config/"), "copies \"/opt/datadog-agent\" and not"),
            (line("cp -r /etc/datadog-agent/. /conf/"), "to \"/conf\", where the volume is not mounted"),
            (line("cp -r /etc/datadog-agent/. /sockets"), "to \"/sockets\", where"),
            (line("cp -r /etc/datadog-agent /config/"), "to \"/config/datadog-agent\", a directory inside"),
            (line("cp -r /etc/datadog-agent/. /config/agent"), "to \"/config/agent\", a directory inside"),
            (line("tar -C /etc -c datadog-agent | tar -C /config -x"), "a directory inside"),
            (line("rsync -a /etc/datadog-agent /config/"), "a directory inside"),
            (line("true"), "copies nothing"),
            (line("echo ready; sleep 5"), "copies nothing"),
            (line("mkdir -p /config && chown -R 100:0 /config /sockets"), "copies nothing"),
            (line(""), "copies nothing"),
            (line("cp -r /etc/datadog-agent/. /config && sleep infinity"), "goes on for as long as the task"),
            (line("cp -r /etc/datadog-agent/. /config &&"), "ends in \"&&\", \"||\" or \"|\""),
            (line("cp"), "what is to be copied"),
            (line("cp -r /etc/datadog-agent/."), "what is to be copied"),
            (r#""command": ["true"]"#.to_owned(), "copies nothing"),
            (r#""command": ["echo", "done"]"#.to_owned(), "copies nothing"),
            (r#""command": []"#.to_owned(), "runs the Agent instead"),
            (r#""entryPoint": [], "command": null"#.to_owned(), "runs the Agent instead"),
            (r#""command": ["cp -R /etc/datadog-agent/. /config/"]"#.to_owned(), "as the first word"),
            (r#""entryPoint": ["sh -c"], "command": ["cp -R /etc/datadog-agent/. /config/"]"#.to_owned(), "as the first word"),
            (r#""command": ["sh", "cp -R /etc/datadog-agent/. /config/"]"#.to_owned(), "without \"-c\""),
            (r#""command": ["sh", "-c", "cp", "-R", "/etc/datadog-agent/.", "/config/"]"#.to_owned(), "one by one"),
            (
                r#""entryPoint": ["sh", "-c"], "command": ["cp", "-R", "/etc/datadog-agent/.", "/config/"]"#.to_owned(),
                "one by one",
            ),
            (r#""command": ["cp", "-R", "/etc/datadog-agent/*", "/config/"]"#.to_owned(), "no shell reads it"),
            (
                r#""command": ["cp", "-R", "/etc/datadog-agent/.", "/config/", "&&", "chown", "-R", "100", "/config"]"#
                    .to_owned(),
                "no shell reads it",
            ),
        ] {
            let document = task(&init);
            let findings = found(&document);
            assert_eq!(findings.len(), 1, "{init}");
            assert!(findings[0].detail().contains(says), "{init}: {}", findings[0].detail());
            assert_eq!(findings[0].severity, Severity::Error, "{init}");
            assert_eq!(mended(NAME, &document), (1, vec![]), "{init}");
        }
    }

    #[test]
    fn an_image_without_the_configuration_is_found_at_its_place() {
        let copies = line("cp -r /etc/datadog-agent/. /config/");
        for (image, count) in [
            ("busybox:1.37", 1),
            ("public.ecr.aws/docker/library/alpine:3.22", 1),
            ("public.ecr.aws/amazonlinux/amazonlinux:2023", 1),
            ("example.com/busybox:1", 0),
            ("gcr.io/datadoghq/agent:7.81.1", 0),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-agent:1", 0),
        ] {
            let document = of("FARGATE", &format!(r#""image": "{image}""#), &copies, "");
            let findings = found(&document);
            assert_eq!(findings.len(), count, "{image}");
            assert!(findings.iter().all(|finding| finding.path.to_string().ends_with(".image")), "{image}");
            assert_eq!(mended(NAME, &document), (count, vec![]), "{image}");
        }
    }

    #[test]
    fn elsewhere_than_on_fargate_only_what_fails_is_found() {
        let image = r#""image": "datadog/agent:7.81.1""#;
        for (init, agent, count) in [
            (line("cp /etc/datadog-agent /config/"), "", 1),
            (line("cp -r /etc/datadog/. /config/ && chown -R 100 /config"), "", 1),
            (line("cp -r /etc/datadog/. /config/; chown -R 100 /config"), "", 0),
            (line("set -e; cp -r /etc/datadog/. /config/; chown -R 100 /config"), "", 1),
            (line("cp -r /etc/datadog/. /config/ || true"), "", 0),
            (line("true"), "", 0),
        ] {
            assert_eq!(found(&of("EC2", image, &init, agent)).len(), count, "{init}");
        }
        let labels = r#", "dockerLabels": {"com.datadoghq.ad.checks": "{\"ecs_fargate\": {}}"}"#;
        assert_eq!(found(&of("FARGATE", image, &line("true"), labels)), []);
        assert_eq!(found(&of("FARGATE", image, &line("cp /etc/datadog-agent /config"), labels)).len(), 1);
    }

    #[test]
    fn another_container_may_fill_the_volume_but_not_for_one_that_fails() {
        let other = r#"{"name": "seed", "image": "example.com/seed:1", "essential": false, "mountPoints": [
            {"sourceVolume": "c", "containerPath": "/c"}]}, {"name": "dd","#;
        for (init, count) in [(line("true"), 0), (line("cp /etc/datadog-agent /config"), 1)] {
            let document = task(&init).replace(r#"{"name": "dd","#, other);
            assert_eq!(found(&document).len(), count, "{init}");
        }
        let efs = r#"{"name": "c", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}"#;
        assert_eq!(found(&task(&line("true")).replace(r#"{"name": "c"}"#, efs)), []);
    }

    #[test]
    fn the_patterns_own_command_is_read_with_the_files_that_it_writes() {
        let settings = Settings {
            user: Some("100".into()),
            config_files: [("conf.d/tail && /init \" exec.d/x.yaml".to_owned(), Text::Unknown)].into(),
            ..Settings::default()
        };
        let document = |change: &dyn Fn(&str) -> String| {
            let workload = assemble(&settings);
            let definitions = render::ecs::container_definitions(&workload).into_iter().map(known).collect();
            let parts = [
                ("requiresCompatibilities", vec!["FARGATE"].into()),
                ("containerDefinitions", Node::Array(definitions)),
                ("volumes", Node::Array(render::ecs::volumes(&workload).unwrap())),
            ];
            change(&to_json(&Node::from(parts)).unwrap())
        };
        let agents = ["config-volume-not-seeded", "agent-volume-not-owned", "two-agents", NAME];
        let as_it_is = document(&str::to_owned);
        for rule in agents {
            assert_eq!(findings_of(rule, &as_it_is), [], "{rule}");
        }
        let moved = document(&|text| text.replace(r#""/opt/datadog-agent-config""#, r#""/elsewhere""#));
        let findings = found(&moved);
        assert!(findings[0].detail().contains("where the volume is not mounted"), "{}", findings[0].detail());
        // Of a line of somebody's own nobody knows what else it does.
        let changed = document(&|text| {
            text.replace("set -u", "set -eu").replace(r#""/opt/datadog-agent-config""#, r#""/elsewhere""#)
        });
        assert_eq!(found(&changed), []);
    }

    /// A value that is not known yet as the rules' examples write it.
    fn known(node: Node) -> Node {
        match node {
            Node::Unknown => "<unknown>".into(),
            Node::Array(items) => Node::Array(items.into_iter().map(known).collect()),
            Node::Object(members) => {
                Node::Object(members.into_iter().map(|(key, value)| (key, known(value))).collect())
            }
            other => other,
        }
    }
}
