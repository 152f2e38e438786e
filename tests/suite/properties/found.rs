//! What the properties found once: documents in which a rule was too sure while a value was not known yet.

use ddrofs::document::{Node, parse};
use ddrofs::rules::{Subject, judge};

use super::holds;

/// An Agent whose configuration, state and sockets are on volumes of their own, with more members and mounts.
fn agent(more: &str, mounts: &str) -> String {
    format!(
        r#"{{"name": "dd", "image": "datadog/agent:7.81.1", "readonlyRootFilesystem": true {more}, "mountPoints": [
            {{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}},
            {{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}},
            {{"sourceVolume": "s", "containerPath": "/var/run/datadog"}} {mounts}]}}"#
    )
}

/// A container that can write to the Agent's configuration.
fn writer(members: &str) -> String {
    format!(
        r#"{{"name": "w", {members}, "mountPoints": [{{"sourceVolume": "c", "containerPath": "/config"}}]}}"#
    )
}

fn task(members: &str, containers: &[&str]) -> String {
    format!(
        r#"{{{members} "volumes": [{{"name": "c"}}, {{"name": "r"}}, {{"name": "s"}}],
            "containerDefinitions": [{}]}}"#,
        containers.join(",")
    )
}

fn document(text: &str) -> Node {
    fn forget(node: &mut Node) {
        match node {
            Node::String(text) if text == "<unknown>" => *node = Node::Unknown,
            Node::Array(items) => items.iter_mut().for_each(forget),
            Node::Object(members) => members.iter_mut().for_each(|(_, member)| forget(member)),
            _ => {}
        }
    }
    let mut document = parse(text).expect("JSON");
    forget(&mut document);
    document
}

/// The rule is undecided while `unknown` is `"<unknown>"` in the task, and right whatever it turns out to be.
fn is_undecided(rule: &str, task: &str, outcomes: &[&str]) {
    let unknown = document(&task.replace('?', r#""<unknown>""#));
    let judgement = judge(&Subject::of(&unknown));
    assert!(judgement.undecided.contains(&rule), "{rule} in {task}");
    let found: Vec<_> = judgement.findings.iter().filter(|finding| finding.rule == rule).collect();
    assert!(found.is_empty(), "{found:#?} in {task}");
    let mut answers = Vec::new();
    for outcome in outcomes {
        let filled = document(&task.replace('?', outcome));
        holds::unknowns_are_undecided(&unknown, &filled);
        let findings = judge(&Subject::of(&filled)).findings;
        answers.push(findings.iter().any(|finding| finding.rule == rule));
    }
    assert_eq!(answers, [true, false], "{rule} in {task}");
}

#[test]
fn a_mount_that_is_not_known_yet_may_lie_closer_than_one_that_may_only_be_read() {
    let mounts = r#", {"sourceVolume": "s", "containerPath": "/var/run/datadog", "readOnly": true}, ?"#;
    let closer = r#"{"sourceVolume": "s", "containerPath": "/var/run/datadog"}"#;
    let elsewhere = r#"{"sourceVolume": "s", "containerPath": "/elsewhere"}"#;
    is_undecided("writable-path-not-mounted", &task("", &[&agent("", mounts)]), &[elsewhere, closer]);
}

#[test]
fn who_prepares_the_agent_is_not_known_before_image_and_essential_are() {
    for (what, others) in [("essential", r#""image": "shop:1""#), ("image", r#""essential": true"#)] {
        let container = writer(&format!(r#"{others}, "{what}": ?"#));
        let outcomes = match what {
            "essential" => ["true", "false"],
            _ => [r#""shop:1""#, r#""datadog/agent:7.81.1""#],
        };
        is_undecided("agent-volume-shared", &task("", &[&agent("", ""), &container]), &outcomes);
        let reversed = [outcomes[1], outcomes[0]];
        is_undecided("init-container-not-awaited", &task("", &[&agent("", ""), &container]), &reversed);
    }
}

#[test]
fn a_container_that_prepares_an_agent_may_have_a_name_that_is_not_known_yet() {
    let waits = r#", "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}]"#;
    let init = writer(r#""image": "datadog/agent:7.81.1", "command": ["cp"]"#).replace(r#""w""#, "?");
    is_undecided(
        "init-container-not-awaited",
        &task("", &[&agent(waits, ""), &init]),
        &[r#""another""#, r#""init""#],
    );
}

#[test]
fn a_second_agent_may_be_the_one_that_ends_before_the_other_starts() {
    let first = r#"{"name": ?, "image": "datadog/agent:7.81.1"}"#;
    let second = r#"{"name": "b", "image": "datadog/agent:7.81.1",
        "dependsOn": [{"containerName": "a", "condition": "SUCCESS"}]}"#;
    is_undecided("two-agents", &task("", &[first, second]), &[r#""c""#, r#""a""#]);
    // Both names may be unknown, and still be two.
    let unnamed = r#"{"name": ?, "image": "datadog/agent:7.81.1"}"#;
    let nameless = document(&task("", &[unnamed, unnamed]).replace('?', r#""<unknown>""#));
    let named = document(&task("", &[&unnamed.replace('?', r#""a""#), &unnamed.replace('?', r#""b""#)]));
    holds::unknowns_are_undecided(&nameless, &named);
    let first = first.replace('?', r#""a""#);
    let second = r#"{"name": "b", "image": "datadog/agent:7.81.1"}"#;
    let waiting = r#"{"name": "x", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]}"#;
    is_undecided("two-agents", &task("", &[&first, second, "?"]), &[r#"{"name": "x"}"#, waiting]);
}

#[test]
fn a_variable_may_be_a_secret_too() {
    let container = r#"{"name": "a", "environment": [{"name": "TOKEN", "value": "x"}], "secrets": ?}"#;
    let taken = r#"[{"name": "TOKEN", "valueFrom": "arn"}]"#;
    is_undecided("secret-in-plaintext", &task("", &[container]), &["[]", taken]);
}

#[test]
fn a_network_mode_counts_only_outside_fargate() {
    let members = r#""networkMode": "bridge", "requiresCompatibilities": [?],"#;
    let container = r#"{"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 81}]}"#;
    is_undecided("host-port-differs", &task(members, &[container]), &[r#""FARGATE""#, r#""EC2""#]);
}

#[test]
fn a_path_of_an_image_may_be_covered_by_a_mount_not_known_yet() {
    let container = r#"{"name": "a", "image": "nginx:1.27", "readonlyRootFilesystem": true, "mountPoints": [
        {"sourceVolume": "c", "containerPath": "/var", "readOnly": true},
        {"sourceVolume": "r", "containerPath": "/tmp"}, ?]}"#;
    let cache = r#"{"sourceVolume": "s", "containerPath": "/var"}"#;
    let elsewhere = r#"{"sourceVolume": "s", "containerPath": "/elsewhere"}"#;
    is_undecided("image-path-not-writable", &task("", &[container]), &[elsewhere, cache]);
}

#[test]
fn the_router_that_others_wait_for_is_the_last_one() {
    let app = r#"{"name": "a", "logConfiguration": {"logDriver": "awsfirelens"}}"#;
    let router = r#"{"name": "r", "firelensConfiguration": {"type": "fluentbit"},
        "dependsOn": [{"containerName": "a", "condition": "START"}]}"#;
    let another = r#"{"name": "x", "firelensConfiguration": {"type": "fluentbit"}}"#;
    is_undecided("dependency-cycle", &task("", &[app, router, "?"]), &[r#"{"name": "x"}"#, another]);
}
