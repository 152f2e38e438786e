//! `agent-socket-unreachable`

use super::prelude::*;
use crate::document::Path;
use crate::rofs::writable_path::SOCKETS;
use crate::task::{Receiver, Sender, SenderForm, Signal, Source, Target, Way};

/// An application that sends to a socket at which its Agent does not listen.
pub(super) static RULE: Rule = Rule {
    name: "agent-socket-unreachable",
    topic: Topic::Sockets,
    summary: "The application does not reach the Agent's socket",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "Where a container sends traces or custom metrics to a Unix socket, by DD_TRACE_AGENT_URL, DD_DOGSTATSD_URL, \
             STATSD_URL or a variable for the path alone, it sees there the file that the Agent of the task makes: the \
             same volume, mounted in both, and the same place in it. Without a variable the Agent makes \
             /var/run/datadog/apm.socket and /var/run/datadog/dsd.socket. In an application /run and /var/run count for the \
             same directory. A URL whose path does not begin with a slash, or that has no scheme, is a warning. A socket \
             that another container may make is not checked. That the application may only read the volume does no harm.",
    matters: "A library that does not find the socket drops what it has to send: traces or metrics are lost, and the \
              application runs on.",
    evidence: Evidence {
        source: "Datadog's pages on the tracing libraries and on DogStatsD over Unix sockets; datadog-agent CHANGELOG 7.57.0.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "DD_TRACE_AGENT_URL", "value": "unix:///var/run/datadog/apm.socket" }]
    }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "DD_TRACE_AGENT_URL", "value": "unix:///var/run/datadog/apm.socket" }],
      "mountPoints": [{ "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog", "readOnly": true }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[2].mountPoints"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let agents = task.agents();
    if agents.known.is_empty() && agents.complete {
        return;
    }
    for container in found.all(task.containers()) {
        match found.known(task.is_agent(container)) {
            Some(false) => {}
            Some(true) | None => continue,
        }
        let senders = found.all(task.senders(container));
        // Of what is mounted wrongly all senders are told at once.
        let mut misled: Vec<(Fault<'_, '_>, Vec<&'static str>)> = Vec::new();
        for sender in senders {
            let fault = match judge(task, container, sender, found) {
                Some(fault) => fault,
                None => continue,
            };
            match misled.iter_mut().find(|(known, _)| known.is_of_mounts() && known.way == fault.way) {
                Some((_, variables)) if fault.is_of_mounts() => variables.push(sender.variable),
                _ => misled.push((fault, vec![sender.variable])),
            }
        }
        for (fault, variables) in misled {
            fault.report(task, container, &variables.join(" and "), found);
        }
    }
}

/// What keeps a container from an Agent.
struct Fault<'t, 'a> {
    agent: &'t Container<'a>,
    sender: Sender<'a>,
    way: Option<Way>,
}

/// What is wrong with where a container sends; nothing where it arrives, and where that is not known yet.
fn judge<'t, 'a>(
    task: &'t TaskDefinition<'a>,
    container: &Container<'a>,
    sender: &Sender<'a>,
    found: &mut Found,
) -> Option<Fault<'t, 'a>> {
    let agents = task.agents();
    let fault = |agent, way| Some(Fault { agent, sender: sender.clone(), way });
    let path = match &sender.target {
        Target::Host(..) => return None,
        Target::NoAbsolutePath | Target::NoScheme => {
            // Only beside an Agent it is the Agent's.
            return match agents.known.first() {
                Some(agent) => fault(agent, None),
                None => {
                    found.undecided();
                    None
                }
            };
        }
        Target::Socket(path) => path,
    };
    let signal = sender.signal?;
    if signal == Signal::Traces && !found.known(container.may_trace())? {
        return None;
    }
    let mut first = None;
    for agent in found.all(agents) {
        let made = match task.receiver(agent, signal) {
            Receiver::Socket(made, _) => made,
            // That it takes nothing is for the rule agent-not-listening.
            Receiver::Off(_) => return None,
            Receiver::Unknown => {
                found.undecided();
                return None;
            }
        };
        match found.known(task.way(container, path, agent, &made))? {
            Way::Arrives => return None,
            way => first = first.or(Some((agent, way))),
        }
    }
    let (agent, way) = first?;
    // Another Agent may be the one that is meant, and so may another program.
    if !task.agents().complete || found.known(task.may_be_made_by_another(container, path)) != Some(false) {
        return None;
    }
    // That each has a directory of its own there is for the rule task-directory-taken-for-shared.
    let seen = task.mounts(container).seen_at(path).flatten();
    let is_mistaken = seen
        .and_then(|mount| task.means_the_same(mount, container))
        .is_some_and(|(other, its)| other.index == agent.index && its.path == SOCKETS);
    if is_mistaken {
        return None;
    }
    // What the Agent cannot make is for the rule writable-path-not-mounted.
    let is_in_memory = way == Way::NotShared { is_tmpfs: true };
    if matches!(way, Way::NotShared { .. })
        && !is_in_memory
        && found.known(agent.read_only_root()) != Some(false)
    {
        return None;
    }
    fault(agent, Some(way))
}

impl<'a> Fault<'_, 'a> {
    fn is_of_mounts(&self) -> bool {
        matches!(self.way, Some(Way::NotMounted | Way::OtherVolume | Way::NotShared { .. }))
    }

    fn report(self, task: &TaskDefinition<'a>, container: &Container<'a>, by: &str, found: &mut Found) {
        let Self { agent, sender, way } = &self;
        let value = container.variable_path(sender.index);
        let path = match &sender.target {
            Target::Socket(path) => path.as_ref(),
            _ => "",
        };
        let mounts = container.path().key("mountPoints");
        let agent_is = agent.called_inside();
        let (place, says) = match way {
            Some(Way::NotMounted) => (
                mounts,
                format!(
                    "sends to a socket by {by} and mounts no volume there that {agent_is} could share. It never sees the socket."
                ),
            ),
            Some(Way::OtherVolume) => (
                task.mount_towards(container, path).map_or(mounts, |mount| mount.key("sourceVolume")),
                format!(
                    "sends to a socket by {by} and mounts another volume there than {agent_is}. The socket is in the \
                     Agent's volume."
                ),
            ),
            Some(Way::NotShared { .. }) => (
                mounts,
                format!(
                    "sends to a socket by {by}, and {agent_is} makes its socket where no other container sees it: there \
                     is no volume at that place."
                ),
            ),
            Some(Way::OtherSocket | Way::Arrives) => (
                value.clone(),
                format!(
                    "sends to a socket by {by} that {agent_is} does not make: it makes another one{}.",
                    self.hint(task)
                ),
            ),
            None if sender.target == Target::NoScheme => (
                value.clone(),
                format!("has a path without a scheme in {by}; a URL of a socket begins with unix:///."),
            ),
            None => (
                value.clone(),
                format!(
                    "has a socket in {by} whose path does not begin with a slash; such a URL begins with unix:///."
                ),
            ),
        };
        let fix = self.way_out(task, container);
        let is_sure = way.is_some() && sender.form == SenderForm::Url;
        let finding = found.in_container(container, place, format!("{says} What it sends is lost."), fix);
        if !is_sure {
            finding.severity = Severity::Warning;
        }
    }

    /// Whether it is the Agent's socket for something else.
    fn hint(&self, task: &TaskDefinition<'a>) -> &'static str {
        let (Target::Socket(path), Some(signal)) = (&self.sender.target, self.sender.signal) else {
            return "";
        };
        let other = if signal == Signal::Traces { Signal::Metrics } else { Signal::Traces };
        match (task.receiver(self.agent, other), other) {
            (Receiver::Socket(made, _), Signal::Traces) if made == *path => ", and this one is for traces",
            (Receiver::Socket(made, _), Signal::Metrics) if made == *path => {
                ", and this one is for DogStatsD"
            }
            _ => "",
        }
    }

    /// The usual place on both sides. The Agent's own names are not repeated, because they are values of variables.
    fn way_out(&self, task: &TaskDefinition<'a>, container: &Container<'a>) -> Fix {
        let Self { agent, sender, way } = self;
        let Some(signal) = sender.signal else { return Fix::default() };
        let mut edits = Vec::new();
        let usual = signal.usual_socket();
        if let Receiver::Socket(made, _) = task.receiver(agent, signal)
            && made != usual
        {
            edits.extend(set_variable(agent, signal.socket_variable(), usual));
        }
        let value = match sender.form {
            SenderForm::Url => format!("unix://{usual}"),
            _ => usual.to_owned(),
        };
        let is_there = matches!(&sender.target, Target::Socket(path) if *path == usual);
        if !is_there {
            edits.push(Edit::at(container.variable_path(sender.index), value).of(container));
        }
        if *way != Some(Way::OtherSocket) || !edits.is_empty() {
            edits.extend(share(task, agent, container));
        }
        Fix::write(edits)
    }
}

fn set_variable(container: &Container<'_>, name: &str, value: &str) -> Option<Edit> {
    let variables = container.get("environment").items();
    let index = variables.iter().position(|variable| variable.get("name").as_str() == Some(name))?;
    Some(Edit::at(container.variable_path(index), value).of(container))
}

/// One volume at the usual place of the sockets, in both containers.
fn share<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, container: &Container<'a>) -> Vec<Edit> {
    const NAME: &str = "dd-sockets";
    let mut edits = Vec::new();
    let own = volume_at(task, agent);
    let volume = own.unwrap_or(NAME);
    if own.is_none() {
        if task.volume(volume) == Some(None) {
            edits.push(Edit::add_to_task(task.document, "volumes", [("name", volume.into())]));
        }
        edits.extend(mount_there(task, agent, volume));
    }
    if volume_at(task, container) != Some(volume) {
        edits.extend(mount_there(task, container, volume));
    }
    edits
}

/// The volume that a container mounts at the usual place itself.
fn volume_at<'a>(task: &TaskDefinition<'a>, container: &Container<'a>) -> Option<&'a str> {
    task.mounts(container).at(SOCKETS).find_map(|mount| match mount.source {
        Source::Volume(volume) if !volume.is_empty() => Some(volume),
        _ => None,
    })
}

/// The volume in place of what is mounted there, or beside everything else.
fn mount_there<'a>(task: &TaskDefinition<'a>, container: &Container<'a>, volume: &str) -> Vec<Edit> {
    let mounts = task.mounts(container);
    let mount = Node::from([("sourceVolume", volume.into()), ("containerPath", SOCKETS.into())]);
    let there = mounts.at(SOCKETS).find(|mount| !mount.is_taken_over(container));
    match there.map(|mount| (mount.source, mount.place())) {
        Some((Source::Tmpfs, place)) => vec![
            Edit::without(place).of(container).called(format!("the tmpfs at {SOCKETS}")),
            Edit::add(container, "mountPoints", mount),
        ],
        Some((_, place)) => vec![replace_volume(place, volume, container)],
        None => vec![Edit::add(container, "mountPoints", mount)],
    }
}

fn replace_volume(mount: Path, volume: &str, container: &Container<'_>) -> Edit {
    Edit::at(mount.key("sourceVolume"), volume).of(container)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    const USUAL: &str = r#""mountPoints": [{"sourceVolume": "s", "containerPath": "/var/run/datadog"}]"#;

    fn task(agent: &str, app: &str, more: &str) -> String {
        format!(
            r#"{{"volumes": [{{"name": "s"}}, {{"name": "t"}}, {{"name": "h", "host": {{"sourcePath": "/srv"}}}}],
                "containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1", {agent}}},
                {{"name": "app", "image": "shop:1", {app}}}{more}]}}"#
        )
    }

    fn sends(variables: &[(&str, &str)], members: &str) -> String {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| format!(r#"{{"name": "{name}", "value": "{value}"}}"#))
            .collect();
        format!(r#""environment": [{}], {members}"#, variables.join(","))
    }

    fn found(document: &str) -> Vec<(Severity, String)> {
        let findings = findings_of(RULE.name, document);
        assert_eq!(mended(RULE.name, document), (findings.len(), vec![]), "{document}");
        findings.iter().map(|finding| (finding.severity, finding.path.to_string())).collect()
    }

    const APM: (&str, &str) = ("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket");
    const DSD: (&str, &str) = ("DD_DOGSTATSD_URL", "unix:///var/run/datadog/dsd.socket");

    #[test]
    fn path_name_mount_and_volume_have_to_be_the_agents() {
        let other = USUAL.replace("\"s\"", "\"t\"");
        let deeper = USUAL.replace("/var/run/datadog", "/var/run/datadog/deep");
        let none = r#""mountPoints": []"#;
        let at = |place: &str| format!("containerDefinitions[1].{place}");
        let value = at("environment[0].value");
        let (mounts, volume) = (at("mountPoints"), at("mountPoints[0].sourceVolume"));
        for (variables, members, expected) in [
            (&[APM, DSD][..], USUAL, vec![]),
            (&[APM, DSD], none, vec![(Severity::Error, mounts.clone())]),
            (&[APM, DSD], &other, vec![(Severity::Error, volume)]),
            (&[APM], &deeper, vec![(Severity::Error, mounts.clone())]),
            (
                &[("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/trace.sock")],
                USUAL,
                vec![(Severity::Error, value.clone())],
            ),
            (
                &[("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/dsd.socket")],
                USUAL,
                vec![(Severity::Error, value.clone())],
            ),
            (
                &[("DD_DOGSTATSD_URL", "unixgram:///var/run/datadog/dsd.sock")],
                USUAL,
                vec![(Severity::Error, value.clone())],
            ),
            (&[("DD_DOGSTATSD_URL", "unixgram:///var/run/datadog/dsd.socket")], USUAL, vec![]),
            (&[("DD_TRACE_AGENT_URL", "unix:///run/datadog/apm.socket")], USUAL, vec![]),
            (
                &[("DD_TRACE_AGENT_URL", "unix:///tmp/apm.socket")],
                USUAL,
                vec![(Severity::Error, mounts.clone())],
            ),
            (
                &[("DD_TRACE_AGENT_URL", "unix://var/run/datadog/apm.socket")],
                USUAL,
                vec![(Severity::Warning, value.clone())],
            ),
            (
                &[("DD_TRACE_AGENT_URL", "/var/run/datadog/apm.socket")],
                USUAL,
                vec![(Severity::Warning, value.clone())],
            ),
            (
                &[("DD_DOGSTATSD_SOCKET", "/var/run/datadog/dsd.sock")],
                USUAL,
                vec![(Severity::Warning, value)],
            ),
            (&[("DD_TRACE_AGENT_URL", "http://127.0.0.1:8126")], none, vec![]),
            (&[("DD_TRACE_AGENT_URL", "${URL}")], none, vec![]),
            (&[("SOCKET", "unix:///var/run/datadog/apm.socket")], none, vec![]),
        ] {
            let document = task(USUAL, &sends(variables, members), "");
            assert_eq!(found(&document), expected, "{variables:?} {members}");
        }
    }

    #[test]
    fn the_agents_own_variables_and_mounts_count() {
        let moved = |path: &str| sends(&[("DD_APM_RECEIVER_SOCKET", path)], USUAL);
        for (agent, app, count) in [
            (moved("/var/run/datadog/t.sock"), sends(&[APM], USUAL), 1),
            (
                moved("/var/run/datadog/t.sock"),
                sends(&[("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/t.sock")], USUAL),
                0,
            ),
            // What the Agent keeps to itself nobody sees.
            (r#""readonlyRootFilesystem": false"#.to_owned(), sends(&[APM], USUAL), 1),
            // It cannot make the socket at all, which another rule says.
            (r#""readonlyRootFilesystem": true"#.to_owned(), sends(&[APM], USUAL), 0),
            (
                r#""readonlyRootFilesystem": true,
                    "linuxParameters": {"tmpfs": [{"containerPath": "/var/run/datadog", "size": 8}]}"#
                    .to_owned(),
                sends(&[APM], USUAL),
                1,
            ),
            (
                r#""image": "example.com/datadog-agent:1", "secrets": [{"name": "DD_API_KEY"}]"#.to_owned(),
                sends(&[APM], USUAL),
                0,
            ),
        ] {
            let document =
                task(&agent, &app, "").replace(r#""image": "datadog/agent:7.81.1", "image""#, r#""image""#);
            assert_eq!(found(&document).len(), count, "{agent} {app}");
        }
    }

    #[test]
    fn a_socket_that_somebody_else_may_make_is_not_checked() {
        let other = USUAL.replace("\"s\"", "\"t\"");
        let app = sends(&[APM], &other);
        for (more, count) in [
            (String::new(), 1),
            (format!(r#", {{"name": "vector", "image": "vector:1", {other}}}"#), 0),
            (format!(r#", {{"name": "web", "image": "web:1", {app}}}"#), 2),
            (format!(r#", {{"name": "init", "image": "i:1", "essential": false, {other}}}"#), 1),
        ] {
            assert_eq!(found(&task(USUAL, &app, &more)).len(), count, "{more}");
        }
        // What lies on the instance may have been there before.
        let host = USUAL.replace("\"s\"", "\"h\"");
        assert_eq!(found(&task(USUAL, &sends(&[APM], &host), "")), []);
    }

    #[test]
    fn without_an_agent_in_the_task_nobody_knows_where_it_is() {
        let document = task(USUAL, &sends(&[APM], r#""mountPoints": []"#), "");
        assert_eq!(found(&document.replace("datadog/agent:7.81.1", "nginx:1.27")), []);
    }
}
