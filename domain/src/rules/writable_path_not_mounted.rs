//! `writable-path-not-mounted`

use super::config_volume_not_seeded::{mount_point, seeding};
use super::prelude::*;
use crate::rofs::writable_path::{CONFIG, RUN, SOCKETS};
use crate::task::{Given, Mount, Mounts, Receiver, Signal, Variable, normalized};

/// A directory the Agent writes to, on a root filesystem it cannot write to.
pub(super) static RULE: Rule = Rule {
    name: "writable-path-not-mounted",
    topic: Topic::Agent,
    summary: "The Agent cannot write to a directory it needs",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "A Datadog Agent container with a read-only root filesystem has a writable volume at each \
             directory the Agent needs. These are /etc/datadog-agent, /opt/datadog-agent/run (or where DD_RUN_PATH \
             points) and /var/run/datadog. The last one is not needed where both socket variables name another \
             path or none; where they name another path, its directory is needed. A volume there that can only be read is \
             found with a writable root filesystem as well. Where DD_AUTH_TOKEN_FILE_PATH names a file for the authentication token, the directory of \
             that file is needed too. A volume at /run does not count: in the Agent's \
             image /var/run is a directory of its own, not a link to /run.",
    matters: "Without its configuration directory the Agent's container stops while it starts (50-ecs.sh \
              exits with 123). Without the run directory Remote Configuration is off and log positions are \
              lost, usually without an error. Without the socket directory no trace and no metric arrives \
              over a socket. Without its authentication token the Agent does not serve its own processes.",
    evidence: Evidence {
        source: "Datadog guide to read-only root filesystems; datadog-agent Dockerfile, start scripts and \
                 issue 15127; helm-charts pull request 2217; datadog-operator issue 631.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "An empty volume of the task's own is mounted where the Agent keeps its state or its sockets, and a volume that is its own to \
             write is no longer read-only. The configuration has to be copied first, which is more than a line.",
    ),
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/etc/datadog-agent" },
        { "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Passing("containerDefinitions[1].mountPoints"),
    check,
};

/// The variable that says where the authentication token is, in its configuration directory unless set.
const TOKEN: &str = "DD_AUTH_TOKEN_FILE_PATH";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let is_read_only = found.known(agent.read_only_root());
        if is_read_only.is_none() {
            continue;
        }
        let mounts = task.mounts(agent);
        let run = match agent.variable("DD_RUN_PATH") {
            Variable::Absent | Variable::Known("") => Some(RUN.into()),
            Variable::Known(path) => Some(normalized(path)),
            Variable::Unknown => None,
        };
        if run.is_none() {
            found.undecided();
        }
        let sockets = needs_sockets(agent, found).then_some(SOCKETS);
        for path in [Some(CONFIG), run.as_deref(), sockets].into_iter().flatten() {
            judge_path(task, agent, mounts, path, found);
        }
        for signal in Signal::ALL {
            judge_socket(task, agent, signal, found);
        }
        if is_read_only == Some(true) {
            judge_token(agent, mounts, run.as_deref(), found);
        }
    }
}

/// Whether the Agent puts a socket where its image has them: unless both variables name another place or none.
fn needs_sockets(agent: &Container<'_>, found: &mut Found) -> bool {
    ["DD_APM_RECEIVER_SOCKET", "DD_DOGSTATSD_SOCKET"].iter().any(|name| match agent.variable(name) {
        Variable::Absent => true,
        Variable::Known(path) => path.starts_with(SOCKETS),
        Variable::Unknown => {
            found.undecided();
            false
        }
    })
}

/// A socket may be put elsewhere, where the Agent has to write as well.
fn judge_socket<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, signal: Signal, found: &mut Found) {
    let mounts = task.mounts(agent);
    let Receiver::Socket(path, true) = task.receiver(agent, signal) else { return };
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    // What is reported for one of the Agent's own directories is not reported again.
    let is_below =
        |own: &str| directory.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if [CONFIG, RUN, SOCKETS].into_iter().any(is_below) {
        return;
    }
    let Some(seen) = found.known(mounts.seen_at(directory)) else { return };
    let name = signal.socket_variable();
    let says = match seen.map(|mount| mount.read_only) {
        None if agent.read_only_root() == Some(true) => "has a read-only root filesystem and no volume",
        Some(Some(true)) => "has a volume that it can only read",
        Some(None) => return found.undecided(),
        None | Some(Some(false)) => return,
    };
    let says = format!(
        "{says} at the directory that {name} names. Without write access there, no {} arrive over a socket.",
        signal.name()
    );
    let way_out = move_socket(task, agent, signal);
    found.in_container(agent, agent.path().key("mountPoints"), says, way_out);
}

/// The socket is put where the Agent can write, with a volume there if there is none.
fn move_socket<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, signal: Signal) -> Fix {
    let Given::Text(_, index) = agent.given(signal.socket_variable()) else { return Fix::default() };
    let write = Edit::at(agent.variable_path(index), signal.usual_socket()).of(agent);
    let volume = match task.mounts(agent).writable(SOCKETS) {
        Some(false) if agent.read_only_root() == Some(true) => mount_volume(task, agent, SOCKETS),
        _ => Fix::default(),
    };
    Fix::write(volume.edits().iter().cloned().chain([write]))
        .and("Or mount a volume at the directory of the socket, here and in the containers that send to it.")
}

/// The authentication token may be put elsewhere, where the Agent has to write as well.
fn judge_token(agent: &Container<'_>, mounts: &Mounts<'_>, run: Option<&str>, found: &mut Found) {
    let path = match agent.variable(TOKEN) {
        Variable::Known(path) if !path.is_empty() => normalized(path),
        Variable::Known(_) | Variable::Absent => return,
        Variable::Unknown => {
            found.undecided();
            return;
        }
    };
    let directory = path.rsplit_once('/').map_or("/", |(directory, _)| directory);
    // What is reported for one of the Agent's own directories is not reported again.
    if mounts.writable(directory) == Some(false) && Some(directory) != run && directory != SOCKETS {
        found.in_container(
            agent,
            agent.path().key("mountPoints"),
            format!(
                "has a read-only root filesystem and cannot write to the directory that {TOKEN} names. Without its \
                 authentication token the Agent does not serve its own processes."
            ),
            move_token(agent, mounts),
        );
    } else if mounts.writable(directory).is_none() {
        found.undecided();
    }
}

fn judge_path(
    task: &TaskDefinition<'_>,
    agent: &Container<'_>,
    mounts: &Mounts<'_>,
    path: &str,
    found: &mut Found,
) {
    // A mount above them that hides the image's files is for the rule mount-hides-agent-files.
    let Some(mount) = found.known(mounts.seen_at(path)) else { return };
    let is_read_only = agent.read_only_root() == Some(true);
    let Some(mount) = mount else {
        return if is_read_only {
            not_mounted(task, agent, mounts, path, found)
        };
    };
    match mount.read_only {
        Some(false) => {}
        None => found.undecided(),
        // With the token elsewhere, a configuration that is complete needs no writing.
        Some(true) if path == CONFIG && !matches!(agent.variable(TOKEN), Variable::Absent) => {}
        Some(true) => {
            let finding = found.in_container(
                agent,
                mount.place().key("readOnly"),
                format!(
                    "has {}a volume at {} that it can only read. Without write access there, {}.",
                    if is_read_only { "a read-only root filesystem and " } else { "" },
                    shown(path),
                    consequence(path)
                ),
                let_write(agent, mount),
            );
            // With a writable root the Agent runs, and what is sent to its ports arrives.
            if !is_read_only && path == SOCKETS {
                finding.severity = Severity::Warning;
            }
        }
    }
}

fn not_mounted(
    task: &TaskDefinition<'_>,
    agent: &Container<'_>,
    mounts: &Mounts<'_>,
    path: &str,
    found: &mut Found,
) {
    let alias = path.strip_prefix("/var").filter(|_| path == SOCKETS);
    let alias = alias
        .and_then(|alias| mounts.known.iter().find(|mount| mount.path == alias || mount.is_above(alias)));
    let hint = alias.map_or(String::new(), |mount| {
        format!(
            " The mount at {} does not help: in this image /var/run is a directory of its own.",
            mount.path
        )
    });
    let says = format!(
        "has a read-only root filesystem and no volume at {}. Without write access there, {}.{hint}",
        shown(path),
        consequence(path)
    );
    found.in_container(agent, agent.path().key("mountPoints"), says, mount_volume(task, agent, path));
}

/// A volume at a directory: the one of the usual name, where it is there, or a new one.
fn mount_volume(task: &TaskDefinition<'_>, agent: &Container<'_>, path: &str) -> Fix {
    let name = match path {
        CONFIG => "dd-config",
        RUN => "dd-run",
        SOCKETS => "dd-sockets",
        // Values of variables are not repeated.
        _ => {
            return format!("Add a volume to the {} and mount it at {}.", task.words().document, shown(path))
                .into();
        }
    };
    let mut edits = Vec::new();
    let is_new = task.volume(name) == Some(None);
    if is_new {
        edits.push(Edit::add_to_task(task.document, "volumes", [("name", name.into())]));
        // An Agent needs what its image has there, which the empty volume hides.
        if path == CONFIG {
            edits.extend(seeding(task, agent, name));
        }
    }
    edits.push(Edit::add(agent, "mountPoints", mount_point(name, path)));
    Fix::write(edits).certain_if(path != CONFIG && (is_new || is_of_the_task(task, name)))
}

/// Whether a volume is one of the task's own with nothing in it to begin with.
fn is_of_the_task(task: &TaskDefinition<'_>, name: &str) -> bool {
    let of_that_name = |volume: &&Node| volume.get("name").as_str() == Some(name);
    task.document.get("volumes").items().iter().find(of_that_name).is_some_and(
        |volume| matches!(volume, Node::Object(members) if members.iter().all(|(key, value)| key == "name" || value.is_null())),
    )
}

fn let_write(agent: &Container<'_>, mount: &Mount<'_>) -> Fix {
    if mount.is_taken_over(agent) {
        return "Take that volume over writable, or mount another one there.".into();
    }
    Fix::from(Edit::without(mount.place().key("readOnly")).of(agent)).certain()
}

/// The token is put where the Agent can write, if there is such a place.
fn move_token(agent: &Container<'_>, mounts: &Mounts<'_>) -> Fix {
    let variables = agent.get("environment").items();
    let index = variables.iter().position(|variable| variable.get("name").as_str() == Some(TOKEN));
    match index.filter(|_| mounts.writable(RUN) == Some(true)) {
        Some(index) => {
            let value = agent.path().key("environment").index(index).key("value");
            Fix::from(Edit::at(value, format!("{RUN}/auth_token")).of(agent))
                .and("Or mount a volume at the directory of the token.")
        }
        None => format!("Put the token below {RUN}, or mount a volume at its directory.").into(),
    }
}

/// Values of variables are not repeated, so a path that comes from one is called by the variable.
fn shown(path: &str) -> &str {
    if is_of_the_image(path) { path } else { "the directory that DD_RUN_PATH names" }
}

fn is_of_the_image(path: &str) -> bool {
    [CONFIG, RUN, SOCKETS].contains(&path)
}

fn consequence(path: &str) -> &'static str {
    match path {
        CONFIG => "the start scripts fail and the container stops",
        SOCKETS => "no trace and no metric arrives over a socket",
        _ => "Remote Configuration is off and log positions are lost, usually without an error",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    fn agent(mounts: &str, more: &str) -> String {
        format!(
            r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1",
                "readonlyRootFilesystem": true, "mountPoints": [{mounts}]{more}}}]}}"#
        )
    }

    fn at(path: &str) -> String {
        format!(r#"{{"sourceVolume": "v", "containerPath": "{path}"}}"#)
    }

    #[test]
    fn each_of_the_three_directories_is_needed() {
        let findings = findings_of("writable-path-not-mounted", &agent("", ""));
        let text = findings.iter().map(super::super::Finding::detail).collect::<String>();
        assert_eq!(findings.len(), 3);
        for path in ["/etc/datadog-agent", "/opt/datadog-agent/run", "/var/run/datadog"] {
            assert!(text.contains(path), "{path}");
        }
    }

    #[test]
    fn each_line_to_write_mends_what_it_is_said_of() {
        let all = [at("/etc/datadog-agent"), at("/opt/datadog-agent/run"), at("/var/run/datadog")].join(",");
        let read = r#"{"sourceVolume": "v", "containerPath": "/opt/datadog-agent/run", "readOnly": true}"#;
        let read = [at("/etc/datadog-agent"), at("/var/run/datadog"), read.to_owned()].join(",");
        let token = r#", "environment": [{"name": "DD_AUTH_TOKEN_FILE_PATH", "value": "/secrets/token"}]"#;
        for (mounts, more, count) in [("", "", 3), (read.as_str(), "", 1), (all.as_str(), token, 1)] {
            let document = agent(mounts, more);
            assert_eq!(mended("writable-path-not-mounted", &document), (count, vec![]), "{document}");
        }
        let configuration = findings_of("writable-path-not-mounted", &agent("", "")).remove(0).fix_text();
        assert!(configuration.contains("cp -RPpf /etc/datadog-agent/. /config/"), "{configuration}");
    }

    #[test]
    fn a_directory_that_a_variable_names_is_mounted_by_hand() {
        let moved = r#", "environment": [{"name": "DD_RUN_PATH", "value": "/state"}]"#;
        let mounts = [at("/etc/datadog-agent"), at("/var/run/datadog")].join(",");
        let finding = findings_of("writable-path-not-mounted", &agent(&mounts, moved)).remove(0);
        assert_eq!(
            finding.fix_text(),
            "Add a volume to the task definition and mount it at the directory that DD_RUN_PATH names."
        );
    }

    #[test]
    fn a_socket_elsewhere_needs_a_volume_there() {
        let all = [at("/etc/datadog-agent"), at("/opt/datadog-agent/run"), at("/var/run/datadog")].join(",");
        let moved = |path: &str| {
            format!(r#", "environment": [{{"name": "DD_APM_RECEIVER_SOCKET", "value": "{path}"}}]"#)
        };
        let tmp = format!("{all}, {}", at("/tmp"));
        let read = format!(r#"{all}, {{"sourceVolume": "v", "containerPath": "/srv", "readOnly": true}}"#);
        for (mounts, more, count) in [
            (&all, moved("/srv/apm.socket"), 1),
            (&all, moved("/var/run/datadog/deeper/apm.socket"), 0),
            (&all, moved(""), 0),
            (&tmp, moved("/tmp/apm.socket"), 0),
            (&read, moved("/srv/apm.socket"), 1),
        ] {
            let document = agent(mounts, &more);
            assert_eq!(mended("writable-path-not-mounted", &document), (count, vec![]), "{document}");
            let told = format!("{:?}", findings_of("writable-path-not-mounted", &document));
            assert!(!told.contains("/srv/apm"), "the value of a variable is repeated");
        }
    }

    #[test]
    fn a_volume_that_is_only_read_is_found_with_a_writable_root_as_well() {
        let read = r#"{"sourceVolume": "v", "containerPath": "/var/run/datadog", "readOnly": true}"#;
        for (mounts, count) in [(read, 1), ("", 0), (&at("/var/run/datadog"), 0)] {
            let document = agent(mounts, "").replace(r#""readonlyRootFilesystem": true"#, r#""cpu": 1"#);
            assert_eq!(mended("writable-path-not-mounted", &document), (count, vec![]), "{document}");
            let findings = findings_of("writable-path-not-mounted", &document);
            assert!(findings.iter().all(|finding| finding.severity == super::Severity::Warning));
        }
    }

    #[test]
    fn run_is_no_other_name_for_var_run() {
        let mounts = [at("/etc/datadog-agent/"), at("/opt/datadog-agent/run"), at("/run")].join(",");
        let findings = findings_of("writable-path-not-mounted", &agent(&mounts, ""));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].detail().contains("The mount at /run does not help"), "{}", findings[0].detail());
    }

    #[test]
    fn a_mount_that_is_only_read_is_found_where_it_stands() {
        let read = r#"{"sourceVolume": "v", "containerPath": "/opt/datadog-agent/run", "readOnly": true}"#;
        let mounts = [at("/etc/datadog-agent"), at("/var/run/datadog"), read.to_owned()].join(",");
        let findings = findings_of("writable-path-not-mounted", &agent(&mounts, ""));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.to_string(), "containerDefinitions[0].mountPoints[2].readOnly");
    }

    #[test]
    fn the_run_directory_is_where_the_variable_points() {
        let mounts = [at("/etc/datadog-agent"), at("/var/run/datadog"), at("/state")].join(",");
        let moved = r#", "environment": [{"name": "DD_RUN_PATH", "value": "/state"}]"#;
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, moved)), []);
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, "")).len(), 1);
        let elsewhere = findings_of("writable-path-not-mounted", &agent(&at("/etc/datadog-agent"), moved));
        assert_eq!(elsewhere.len(), 2);
        assert!(!format!("{elsewhere:?}").contains("/state"), "the value of a variable is repeated");
    }

    #[test]
    fn tmpfs_and_volumes_of_another_container_count() {
        let tmpfs =
            r#", "linuxParameters": {"tmpfs": [{"containerPath": "/opt/datadog-agent/run", "size": 64}]}"#;
        let mounts = [at("/etc/datadog-agent"), at("/var/run/datadog")].join(",");
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, tmpfs)), []);
        let document = r#"{"containerDefinitions": [
            {"name": "store", "image": "s:1", "mountPoints": [
                {"sourceVolume": "c", "containerPath": "/etc/datadog-agent"},
                {"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"},
                {"sourceVolume": "s", "containerPath": "/var/run/datadog"}]},
            {"name": "dd", "image": "datadog/agent:7.81.1", "readonlyRootFilesystem": true,
                "volumesFrom": [{"sourceContainer": "store"}]}]}"#;
        assert_eq!(findings_of("writable-path-not-mounted", document), []);
    }

    #[test]
    fn a_writable_root_and_an_init_container_need_no_volumes() {
        for container in [
            r#"{"name": "dd", "image": "datadog/agent:7.81.1"}"#,
            r#"{"name": "i", "image": "datadog/agent:7.81.1", "readonlyRootFilesystem": true, "command": ["sh", "-c", "cp"]}"#,
        ] {
            let document = format!(r#"{{"containerDefinitions": [{container}]}}"#);
            assert_eq!(findings_of("writable-path-not-mounted", &document), []);
        }
    }

    #[test]
    fn the_deepest_mount_is_the_one_that_counts() {
        let read = r#"{"sourceVolume": "v", "containerPath": "/var/run/datadog", "readOnly": true}"#;
        let mounts =
            [at("/etc/datadog-agent"), at("/opt/datadog-agent/run"), at("/var"), read.to_owned()].join(",");
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, "")).len(), 1);
        let mounts = [at("/etc/datadog-agent"), at("/opt/datadog-agent/run"), at("/var/run")].join(",");
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, "")), []);
    }

    #[test]
    fn volumes_of_another_container_may_be_read_only_or_not_known_yet() {
        let task = |taken: &str| {
            let mounts =
                ["/etc/datadog-agent", "/opt/datadog-agent/run", "/var/run/datadog"].map(at).join(",");
            format!(
                r#"{{"containerDefinitions": [{{"name": "store", "image": "s:1", "mountPoints": [{mounts}]}},
                    {{"name": "dd", "image": "datadog/agent:7.81.1", "readonlyRootFilesystem": true,
                    "volumesFrom": {taken}}}]}}"#
            )
        };
        let count = |taken: &str| findings_of("writable-path-not-mounted", &task(taken)).len();
        assert_eq!(count(r#"[{"sourceContainer": "store"}]"#), 0);
        assert_eq!(count(r#"[{"sourceContainer": "store", "readOnly": true}]"#), 3);
        assert_eq!(count(r#"[{"sourceContainer": "another"}]"#), 3);
        assert_eq!(count(r#"["<unknown>"]"#), 0);
    }

    #[test]
    fn an_agent_that_is_started_by_name_is_one_too() {
        for (command, count) in [
            (r#"["agent", "run"]"#, 3),
            (r#"["sh", "-c", "prepare && exec /bin/entrypoint.sh"]"#, 3),
            (r#"[]"#, 3),
            (r#"["sh", "-c", "cp -r /etc/datadog-agent/. /config"]"#, 0),
            (r#"["<unknown>"]"#, 0),
        ] {
            let document = agent("", &format!(r#", "command": {command}"#));
            assert_eq!(findings_of("writable-path-not-mounted", &document).len(), count, "{command}");
        }
    }

    #[test]
    fn a_configuration_that_needs_no_token_may_be_sealed() {
        let read = r#"{"sourceVolume": "v", "containerPath": "/etc/datadog-agent", "readOnly": true}"#;
        let mounts = [read.to_owned(), at("/opt/datadog-agent/run"), at("/var/run/datadog")].join(",");
        let token = r#", "environment": [{"name": "DD_AUTH_TOKEN_FILE_PATH", "value": "/opt/datadog-agent/run/token"}]"#;
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, token)), []);
        assert_eq!(findings_of("writable-path-not-mounted", &agent(&mounts, "")).len(), 1);
    }

    #[test]
    fn the_token_is_written_where_its_variable_says() {
        let all = [at("/etc/datadog-agent"), at("/opt/datadog-agent/run"), at("/var/run/datadog")];
        let sealed = r#"{"sourceVolume": "v", "containerPath": "/etc/datadog-agent", "readOnly": true}"#;
        let sealed = [sealed.to_owned(), at("/opt/datadog-agent/run"), at("/var/run/datadog")];
        for (mounts, path, count) in [
            (&all, "/opt/datadog-agent/run/token", 0),
            (&all, "/etc/datadog-agent/auth/token", 0),
            (&all, "/secrets/token", 1),
            (&sealed, "/etc/datadog-agent/auth_token", 1),
            (&sealed, "/opt/datadog-agent/run/token", 0),
        ] {
            let token =
                format!(r#", "environment": [{{"name": "DD_AUTH_TOKEN_FILE_PATH", "value": "{path}"}}]"#);
            let findings = findings_of("writable-path-not-mounted", &agent(&mounts.join(","), &token));
            assert_eq!(findings.len(), count, "{path}");
            assert!(!format!("{findings:?}").contains("/secrets"), "the value of a variable is repeated");
        }
    }

    #[test]
    fn sockets_that_are_off_or_elsewhere_need_no_directory() {
        let mounts = [at("/etc/datadog-agent"), at("/opt/datadog-agent/run"), at("/shared")].join(",");
        let sockets = |apm: &str, dogstatsd: &str| {
            format!(
                r#", "environment": [{{"name": "DD_APM_RECEIVER_SOCKET", "value": "{apm}"}},
                    {{"name": "DD_DOGSTATSD_SOCKET", "value": "{dogstatsd}"}}]"#
            )
        };
        for (apm, dogstatsd, count) in [
            ("", "", 0),
            ("/shared/apm.socket", "", 0),
            ("", "/var/run/datadog/dsd.socket", 1),
            ("<unknown>", "", 0),
        ] {
            let document = agent(&mounts, &sockets(apm, dogstatsd));
            let count_found = findings_of("writable-path-not-mounted", &document).len();
            assert_eq!(count_found, count, "{apm} {dogstatsd}");
        }
    }
}
