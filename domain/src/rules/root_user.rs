//! `root-user`

use super::prelude::*;

/// A container that runs as root.
pub(super) static RULE: Rule = Rule {
    name: "root-user",
    topic: Topic::Security,
    summary: "A container runs as root",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: Some("ECS.20"),
    checks: "Every container of a Linux task says which user it runs as, and that user is not root. The control only \
             recognizes the words root and 0. This rule also reports root with a group, such as 0:0, which the control \
             does not recognize.",
    matters: "Root in a container is root for the kernel as well: a flaw in the kernel or in the runtime leads straight to \
              the host. Security Hub's control ECS.20 also fails if a container does not say its user, whatever its \
              image says. The Datadog Agent's image can run as user 100 instead of root, so the Agent can pass. An init \
              container that runs as root cannot. A FireLens log router had to run as user 0 until October 2025. Since \
              then, it can pass too.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.20 (Config rule \
                 ecs-task-definition-linux-user-non-root); FireLens page of the Amazon ECS developer guide and \
                 containers-roadmap issue 2122; datadog-agent issue 11131.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "user": null }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app", "user": "1000" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        match container.get("user") {
            Node::Unknown => found.undecided(),
            Node::Null => says_no_user(task, container, found),
            Node::String(user) if user.is_empty() => says_no_user(task, container, found),
            Node::String(user) if is_root(user) => says_root(task, container, user, found),
            Node::String(_) => {}
            // What is no text has a finding of its own, and ECS.20 cannot see a user in it.
            _ => found.control_fails(container.path().key("user"), Some(container)),
        }
    }
}

fn says_no_user(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) {
    // This finding stands for that of `windows-administrator-user` as well, which only notes that its control fails.
    let fails = match task.names_operating_system() {
        Some(false) => {
            "Security Hub's controls ECS.20 and, as the task definition names no operating system, ECS.21 fail"
        }
        _ => "Security Hub's control ECS.20 fails",
    };
    let says = format!(
        "does not say which user it runs as. It runs as the user of its image, which is root unless the image says \
         otherwise. {fails} for the whole task definition."
    );
    let finding = found.in_container(container, container.path().key("user"), says, way_out(task, container));
    finding.of_pattern = is_init_of_agent(task, container);
}

fn says_root(task: &TaskDefinition<'_>, container: &Container<'_>, user: &str, found: &mut Found) {
    let (user, path) = (quoted(user), container.path().key("user"));
    if matches!(container.get("user").as_str(), Some("root" | "0")) {
        let says = format!(
            "runs as root: its user is {user}. Security Hub's control ECS.20 fails for the whole task definition."
        );
        let finding = found.in_container(container, path, says, way_out(task, container));
        finding.of_pattern = is_init_of_agent(task, container);
    } else {
        let says = format!(
            "runs as root: its user is {user}. Security Hub's control ECS.20 only looks for \"root\" and \"0\", so it does \
             not fail."
        );
        // The finding stands without the control, which does not fail.
        found.in_container(container, path, says, way_out(task, container)).control = None;
    }
}

/// Whether the user part of `user`, `user:group`, `uid` or `uid:gid` is root. Without one, as in `:0`, it is whatever
/// the image says, which is not known here.
fn is_root(user: &str) -> bool {
    let user = user.split(':').next().unwrap_or_default();
    user == "root" || (!user.is_empty() && user.bytes().all(|byte| byte == b'0'))
}

/// Whether it is the container that fills the Agent's volumes, which cannot run as anybody but root.
fn is_init_of_agent(task: &TaskDefinition<'_>, container: &Container<'_>) -> bool {
    container.has_agent_image() && task.is_agent(container) != Some(true)
}

/// What to do depends on what runs in the container: two kinds cannot run as just anybody.
fn way_out(task: &TaskDefinition<'_>, container: &Container<'_>) -> Fix {
    let user = |user: &str| Fix::from(Edit::set(container, "user", user));
    if !container.get("firelensConfiguration").is_null() {
        return user("1000").and(
            "Or write any other number that no other container of the task has: ECS gives that user the socket through which \
             the logs come. For a log router it has to be a number, and on EC2 the ECS agent has to be 1.96.0 or newer.",
        );
    }
    match task.is_agent(container) {
        Some(true) => user("100").and(
            "That is dd-agent, the only user besides root as which the image can run. The init container has to make that \
             user the owner of the volumes, so it stays root.",
        ),
        _ if is_init_of_agent(task, container) => Fix::from(
            "Keep root for an init container of the Agent's image and accept this finding: ECS mounts volumes that belong to \
             root, so no other user could fill them or make user 100 their owner.",
        ),
        _ => user("1000").and(
            "Or write any other number except 0. The program has to be able to read its files as that user, and has to listen \
             on a port above 1023.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use crate::rules::Finding;

    fn found(container: &str) -> Vec<Finding> {
        findings_of("root-user", &format!(r#"{{"containerDefinitions": [{{"name": "a", {container}}}]}}"#))
    }

    #[test]
    fn every_spelling_of_root_is_found_and_the_control_fails_for_those_it_names() {
        for (user, control) in [
            ("", Some("ECS.20")),
            ("0", Some("ECS.20")),
            ("root", Some("ECS.20")),
            ("0:0", None),
            ("root:staff", None),
            ("00", None),
        ] {
            let findings = found(&format!(r#""user": "{user}""#));
            assert_eq!(findings.len(), 1, "{user}");
            assert_eq!(findings[0].control, control, "{user}");
        }
        for user in ["100", "app", "1000:0", "Root", "rooted", ":0", "<unknown>"] {
            assert_eq!(found(&format!(r#""user": "{user}""#)), [], "{user}");
        }
    }

    #[test]
    fn the_way_out_is_one_that_the_container_can_go() {
        let fix = |container: &str| found(container).remove(0).fix_text();
        assert!(fix(r#""image": "shop:1.0""#).contains(r#""user": "1000""#));
        assert!(fix(r#""image": "datadog/agent:7.81.1""#).contains(r#""user": "100""#));
        let init = fix(r#""image": "datadog/agent:7.81.1", "command": ["sh", "-c", "cp -R /a /b"]"#);
        assert!(init.starts_with("Keep root for an init container"), "{init}");
        let of_pattern = |container: &str| found(container).remove(0).of_pattern;
        assert!(of_pattern(r#""image": "datadog/agent:7.81.1", "command": ["sh", "-c", "cp -R /a /b"]"#));
        assert!(of_pattern(
            r#""image": "datadog/agent:7.81.1", "command": ["sh", "-c", "cp -R /a /b"], "user": "0""#
        ));
        assert!(!of_pattern(r#""image": "datadog/agent:7.81.1""#) && !of_pattern(r#""image": "shop:1.0""#));
        let router = fix(r#""image": "fluent-bit:1.0", "firelensConfiguration": {"type": "fluentbit"}"#);
        assert!(router.contains("For a log router"), "{router}");
    }

    #[test]
    fn without_an_operating_system_the_finding_speaks_for_both_controls() {
        let both = found(r#""image": "shop:1.0""#).remove(0);
        assert!(both.detail().contains("ECS.21"), "{}", both.detail());
        let document = r#"{"runtimePlatform": {"operatingSystemFamily": "LINUX"}, "containerDefinitions": [{"name": "a"}]}"#;
        let linux = findings_of("root-user", document).remove(0);
        assert!(!linux.detail().contains("ECS.21"), "{}", linux.detail());
    }
}
