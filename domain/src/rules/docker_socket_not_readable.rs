//! `docker-socket-not-readable`

use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::rofs::platform::DOCKER_SOCKET;
use crate::task::{DocumentKind, Source};

/// An Agent that may not talk to the Docker engine.
pub(super) static RULE: Rule = Rule {
    name: "docker-socket-not-readable",
    topic: Topic::Agent,
    summary: "The Agent's user may not use the Docker socket",
    severity: Severity::Warning,
    judges: Judges::Engine,
    platform: Platform::Any,
    control: None,
    checks: "A Datadog Agent that runs as user 100 and mounts the Docker socket, as a service of a Compose file or as a container of \
             Docker alone, is in another group than its image's own, by group_add or by a group behind the user.",
    matters: "On Linux the socket belongs to root and the group docker, and nobody else may use it. User 100 of the Agent's image is in \
              neither: the Agent starts, and finds no container of the machine.",
    evidence: Evidence {
        source: "Docker's documentation, post-installation steps for Linux; CIS Docker benchmark 3.15 and 3.16; datadog-agent Dockerfile, \
                 user dd-agent.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: ComposeExample(
        r#"{
  "services": {
    "datadog-agent": {
      "user": "100",
      "volumes": [
        "datadog-config:/etc/datadog-agent",
        "datadog-run:/opt/datadog-agent/run",
        "datadog-sockets:/var/run/datadog",
        "/var/run/docker.sock:/var/run/docker.sock:ro"
      ]
    }
  }
}"#,
    ),
    passing: ComposeExample(
        r#"{
  "services": {
    "datadog-agent": {
      "user": "100",
      "group_add": ["${DOCKER_GROUP}"],
      "volumes": [
        "datadog-config:/etc/datadog-agent",
        "datadog-run:/opt/datadog-agent/run",
        "datadog-sockets:/var/run/datadog",
        "/var/run/docker.sock:/var/run/docker.sock:ro"
      ]
    }
  }
}"#,
    ),
    undecided: Undecided::Failing("services.datadog-agent.user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(user) = found.text(agent.get("user")) else { continue };
        if runs_as(Some(&user.into())) != RunsAs::DatadogAgent || is_in_another_group(user, agent, found) {
            continue;
        }
        let Some(Some(socket)) = found.known(task.mounts(agent).seen_at(DOCKER_SOCKET)) else { continue };
        // A socket from elsewhere may have another owner.
        if socket.path != DOCKER_SOCKET
            || !matches!(socket.source, Source::Volume(DOCKER_SOCKET | "/run/docker.sock"))
        {
            continue;
        }
        found.in_container(
            agent,
            agent.path().key("user"),
            format!(
                "runs as user {} and mounts the Docker socket, which belongs to root and the group docker of the machine. The Agent may not \
                 use it, and finds no containers.",
                quoted(user)
            ),
            Fix::from(Edit::remove(agent, "user")).and(way_in(task, user)),
        );
    }
}

/// How the Agent gets the socket's group. Containers of Docker alone are made of settings, which have no other groups.
fn way_in(task: &TaskDefinition<'_>, user: &str) -> String {
    const PRINTS: &str = "whose number `stat -c %g /var/run/docker.sock` prints";
    match task.kind {
        DocumentKind::Docker => {
            let user = user.split(':').next().unwrap_or_default();
            format!("Or write the socket's group behind the user, {PRINTS}: user = \"{user}:999\".")
        }
        _ => format!("Or add the socket's group to the service, {PRINTS}: group_add: [\"999\"]."),
    }
}

/// Whether the Agent's user is in a group beside that of its image; nobody knows the number of the right one.
fn is_in_another_group(user: &str, agent: &Container<'_>, found: &mut Found) -> bool {
    let group = user.split_once(':').map_or("", |(_, group)| group);
    match agent.get("groups") {
        Node::Unknown => {
            found.undecided();
            true
        }
        groups => !["", "0", "root"].contains(&group) || !groups.items().is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::document::parse;
    use crate::rules::{DocumentKind, judge_document};

    #[test]
    fn the_same_holds_for_a_container_of_docker_alone() {
        for (agent, is_found) in [
            (r#""user": "100:0""#, true),
            (r#""user": "100:999""#, false),
            (r#""user": "100", "group_add": ["999"]"#, false),
            (r#""user": "0""#, false),
        ] {
            let document = format!(
                r#"{{"containers": [{{"name": "dd", "image": "datadog/agent:7.81.1", {agent},
                    "volumes": [{{"host_path": "/var/run/docker.sock", "container_path": "/var/run/docker.sock", "read_only": true}}]}}]}}"#
            );
            let findings = judge_document(DocumentKind::Docker, &parse(&document).unwrap(), None).findings;
            let found = findings.iter().find(|finding| finding.rule == RULE.name);
            assert_eq!(found.is_some(), is_found, "{agent}");
            if let Some(finding) = found {
                assert_eq!(finding.path.to_string(), "containers[0].user");
                assert!(finding.fix_text().contains(r#"user = "100:999""#), "{}", finding.fix_text());
            }
        }
    }

    #[test]
    fn user_100_needs_the_group_of_the_socket() {
        for (agent, is_found, is_undecided) in [
            (r#""user": "100", "volumes": ["/var/run/docker.sock:/var/run/docker.sock:ro"]"#, true, false),
            (r#""user": "dd-agent:0", "volumes": ["/run/docker.sock:/var/run/docker.sock"]"#, true, false),
            (
                r#""user": 100, "volumes": ["/var/run/docker.sock:/var/run/docker.sock"], "group_add": []"#,
                true,
                false,
            ),
            (
                r#""user": "100", "volumes": ["/var/run/docker.sock:/var/run/docker.sock"], "group_add": [999]"#,
                false,
                false,
            ),
            (r#""user": "100:999", "volumes": ["/var/run/docker.sock:/var/run/docker.sock"]"#, false, false),
            (r#""user": "100", "volumes": ["./docker.sock:/var/run/docker.sock"]"#, false, false),
            (r#""user": "100", "volumes": ["/var/run:/var/run"]"#, false, false),
            (r#""user": "100""#, false, false),
            (r#""volumes": ["/var/run/docker.sock:/var/run/docker.sock"]"#, false, false),
            (r#""user": "$USER", "volumes": ["/var/run/docker.sock:/var/run/docker.sock"]"#, false, true),
            (
                r#""user": "100", "volumes": ["/var/run/docker.sock:/var/run/docker.sock", "x:$TO"]"#,
                false,
                true,
            ),
        ] {
            let file = format!(r#"{{"services": {{"dd": {{"image": "datadog/agent:7.81.1", {agent}}}}}}}"#);
            let judgement = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None);
            let found = judgement.findings.iter().any(|finding| finding.rule == RULE.name);
            let undecided = judgement.undecided.contains(&RULE.name);
            assert_eq!((found, undecided), (is_found, is_undecided), "{agent}");
        }
    }
}
