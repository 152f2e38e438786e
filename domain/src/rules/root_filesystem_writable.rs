//! `root-filesystem-writable`

use super::prelude::*;

/// A container that can write to its own root filesystem.
pub(super) static RULE: Rule = Rule {
    name: "root-filesystem-writable",
    topic: Topic::ReadOnlyRoot,
    summary: "A container has a writable root filesystem",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: Some("ECS.5"),
    checks: "Every container of the task says \"readonlyRootFilesystem\": true: application, Agent, init containers and \
             log routers alike. A container that does not say so has a writable root filesystem. In a Compose file (read_only: true) it \
             is a note for every service but those with the Agent's image.",
    matters: "An attacker who breaks into a container with a writable root can change its programs and leave tools behind. Security \
              Hub's control ECS.5 fails for the task definition as soon as one of its containers, essential or not, has \
              a writable root. Windows containers have no such setting and are exempt.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.5 (Config rule ecs-containers-readonly-access).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "The Agent's root becomes read-only, because its writable paths are known, and so does that of a container of its image that \
             does nothing but copy to volumes. An application may write anywhere: its root becomes read-only only where ECS.5 is \
             enforced and the container says nothing of its root.",
    ),
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "readonlyRootFilesystem": null }] }"#),
    passing: Example(
        r#"{
  "volumes": [{ "name": "data" }],
  "containerDefinitions": [
    {
      "name": "cache",
      "image": "public.ecr.aws/docker/library/redis:8.2.1",
      "user": "999",
      "readonlyRootFilesystem": true,
      "mountPoints": [{ "sourceVolume": "data", "containerPath": "/data" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].readonlyRootFilesystem"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        match container.read_only_root() {
            None => found.undecided(),
            Some(true) => {}
            Some(false) => {
                let said = match container.get("readonlyRootFilesystem") {
                    Node::Null => {
                        format!(
                            "does not set {}, so its root filesystem is writable",
                            task.words().read_only_root
                        )
                    }
                    _ => "has a writable root filesystem".to_owned(),
                };
                let consequence = match task.is_of_ecs() {
                    true => "Security Hub's control ECS.5 fails for the whole task definition.",
                    false => "Whoever breaks into it can change its programs and leave tools behind.",
                };
                let fix = Fix::from(Edit::set(container, "readonlyRootFilesystem", true)).and(format!(
                    "Mount a volume at each path that the {} writes to.",
                    task.words().container
                ));
                let is_open = container.get("readonlyRootFilesystem").is_null();
                let fix = match writes_to_volumes_alone(task, container) {
                    true => fix.certain(),
                    false if is_open && task.is_of_ecs() => fix.certain_where_enforced(),
                    false => fix,
                };
                let finding = found.in_container(
                    container,
                    container.path().key("readonlyRootFilesystem"),
                    format!("{said}. {consequence}"),
                    fix,
                );
                // No control looks at an application of a Compose file: whether its root is hardened is its owner's business.
                if !task.is_of_ecs() && !container.has_agent_image() {
                    finding.severity = Severity::Note;
                }
            }
        }
    }
}

/// Whether a container is known to write nowhere but to its volumes: the Agent, whose paths other rules look after, and what
/// copies its configuration and does nothing else.
fn writes_to_volumes_alone<'a>(task: &TaskDefinition<'a>, container: &Container<'a>) -> bool {
    let image = container.get("image").as_str().and_then(Image::parse);
    let is_datadogs = image.is_some_and(|image| image.is_datadog_agent());
    is_datadogs
        && match task.is_agent(container) {
            Some(true) => container.runs_the_images_start_script() == Some(true),
            Some(false) => task.copies_to_volumes_alone(container) == Some(true),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::document::parse;
    use crate::rules::{DocumentKind, judge_document};

    /// What Datadog's chart and its admission controller leave out: the Agent is hardened, and what copies for it is not.
    #[test]
    fn an_init_container_of_the_agents_image_is_as_loud_as_the_agent() {
        let hardened = r#""securityContext": {"readOnlyRootFilesystem": true}"#;
        let container = |name: &str, image: &str, context: &str| {
            format!(r#"{{"name": "{name}", "image": "{image}", {context}}}"#)
        };
        let agent = "public.ecr.aws/datadog/agent:7.81.1";
        let manifest = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "shop"}}, "spec": {{
                "initContainers": [{}, {}], "containers": [{}]}}}}"#,
            container(
                "init-copy-agent-config",
                agent,
                r#""command": ["sh", "-c", "cp -R /etc/datadog-agent/* /agent-config/"]"#
            ),
            container("migrate", "example.com/shop/migrate:1.4.2", r#""securityContext": {}"#),
            container("datadog-agent-injected", agent, hardened),
        );
        let findings = judge_document(DocumentKind::Kubernetes, &parse(&manifest).unwrap(), None).findings;
        let of_rule = findings.iter().filter(|finding| finding.rule == RULE.name);
        let told: Vec<String> =
            of_rule.map(|finding| format!("{} {}", finding.severity_word(), finding.path)).collect();
        assert_eq!(
            told,
            [
                "warning spec.initContainers[0].securityContext.readOnlyRootFilesystem",
                "note spec.initContainers[1].securityContext.readOnlyRootFilesystem",
            ]
        );
    }
}
