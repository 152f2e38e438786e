//! `init-container-not-awaited`

use super::prelude::*;
use crate::rofs::writable_path::CONFIG;
use crate::task::{Ending, Source};

/// An Agent that may start before its configuration is there.
pub(super) static RULE: Rule = Rule {
    name: "init-container-not-awaited",
    topic: Topic::Agent,
    summary: "The Agent does not wait for its init container",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "A Datadog Agent container whose configuration volume is filled by an init container waits for \
             the SUCCESS of that container, directly or through another one.",
    matters: "Containers start together unless one waits for the other. An Agent that starts first reads an \
              empty or half-copied directory and collects nothing, without an error. With COMPLETE instead \
              of SUCCESS it starts even when the copy has failed.",
    evidence: Evidence {
        source: "Container dependencies in the Amazon ECS developer guide; datadog-agent issue 15127.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "The Agent waits for the success of the container that fills its volume, and that one is not essential, as the pattern has it.",
    ),
    failing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "dependsOn": null }] }"#),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[1].dependsOn"),
    check,
};

fn check<'a>(task: &TaskDefinition<'a>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in mounts.at(CONFIG) {
            let Source::Volume(volume) = mount.source else {
                // Nobody else can fill a tmpfs: that is for the rule config-volume-not-seeded.
                if mount.source == Source::UnknownVolume {
                    found.undecided();
                }
                continue;
            };
            let Some(writers) = found.known(task.writers(volume, agent)) else { continue };
            // An Agent that has the volume at the same place fills it as little as this one.
            let lies_over = |writer: &Container<'a>| {
                task.mounts(writer).at(CONFIG).any(|other| other.source == mount.source)
            };
            let is_another_agent =
                |writer: &Container<'a>| if lies_over(writer) { task.is_agent(writer) } else { Some(false) };
            let is_open = |writer: &Container<'a>| {
                writer.may_prepare_the_agent().is_none() || is_another_agent(writer).is_none()
            };
            if writers.iter().any(is_open) {
                found.undecided();
                continue;
            }
            let init = writers.iter().find(|writer| {
                writer.may_prepare_the_agent() == Some(true) && is_another_agent(writer) == Some(false)
            });
            if let Some(init) = init {
                if init.get("name").is_unknown() {
                    found.undecided();
                } else if init.name.is_some() {
                    judge_order(task, agent, init, found);
                }
            }
        }
    }
}

fn judge_order(task: &TaskDefinition<'_>, agent: &Container<'_>, init: &Container<'_>, found: &mut Found) {
    let name = init.name.unwrap_or_default();
    let says = match task.awaits_end(agent, name) {
        Some(Ending::Success) => return,
        None => return found.undecided(),
        Some(Ending::Complete) => format!(
            "waits until {} has ended, whether or not it could fill the configuration volume.",
            quoted(name)
        ),
        Some(Ending::NotAwaited) => format!(
            "does not wait for {}, which fills its configuration volume: the Agent may read an empty or half-copied directory.",
            init.called_inside()
        ),
    };
    let is_weak = task.awaits_end(agent, name) == Some(Ending::Complete);
    let finding = found.in_container(
        agent,
        agent.path().key("dependsOn"),
        says,
        Fix::write(success_of(agent, init, name)).certain(),
    );
    if is_weak {
        finding.severity = Severity::Warning;
    }
}

/// Lets the Agent wait for the success of its init container, which for that must not be essential.
fn success_of(agent: &Container<'_>, init: &Container<'_>, name: &str) -> Vec<Edit> {
    let written = agent.dependencies().known().find(|wait| wait.awaited.as_str() == Some(name));
    let wait = match written {
        Some(wait) => {
            let place = agent.path().key("dependsOn").index(wait.index);
            Edit::at(place.key("condition"), "SUCCESS").of(agent)
        }
        None => {
            Edit::add(agent, "dependsOn", [("containerName", name.into()), ("condition", "SUCCESS".into())])
        }
    };
    let ends = (init.essential() == Some(true)).then(|| Edit::set(init, "essential", false));
    std::iter::once(wait).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn task(depends_on: &str, more: &str) -> String {
        format!(
            r#"{{"volumes": [{{"name": "c"}}], "containerDefinitions": [
                {{"name": "init", "image": "datadog/agent:7.81.1", "essential": false, "command": ["cp"],
                  "mountPoints": [{{"sourceVolume": "c", "containerPath": "/config"}}]}},
                {{"name": "dd", "image": "datadog/agent:7.81.1", "dependsOn": [{depends_on}],
                  "mountPoints": [{{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}}]}}{more}]}}"#
        )
    }

    fn on(name: &str, condition: &str) -> String {
        format!(r#"{{"containerName": "{name}", "condition": "{condition}"}}"#)
    }

    #[test]
    fn only_success_is_enough() {
        for (condition, severity) in [
            ("SUCCESS", None),
            ("COMPLETE", Some(Severity::Warning)),
            ("START", Some(Severity::Error)),
            ("HEALTHY", Some(Severity::Error)),
        ] {
            let findings = findings_of("init-container-not-awaited", &task(&on("init", condition), ""));
            assert_eq!(findings.first().map(|finding| finding.severity), severity, "{condition}");
        }
    }

    #[test]
    fn the_wait_that_is_written_becomes_one_for_success_and_the_init_container_one_that_ends() {
        for (wait, fix) in [
            (on("init", "COMPLETE"), r#"Write "condition": "SUCCESS" in dependsOn[0]."#),
            (on("init", "START"), r#"Write "condition": "SUCCESS" in dependsOn[0]."#),
            (String::new(), r#"Add { "condition": "SUCCESS", "containerName": "init" } to dependsOn."#),
        ] {
            let document = task(&wait, "");
            assert_eq!(findings_of("init-container-not-awaited", &document)[0].fix_text(), fix);
            assert_eq!(mended("init-container-not-awaited", &document), (1, vec![]), "{wait}");
        }
        let essential = task("", "").replace(r#""essential": false, "#, "");
        let fix = findings_of("init-container-not-awaited", &essential).remove(0).fix_text();
        assert!(fix.ends_with(r#", and write "essential": false in container "init"."#), "{fix}");
    }

    #[test]
    fn waiting_through_another_container_is_waiting() {
        let other =
            format!(r#", {{"name": "gate", "image": "g:1", "dependsOn": [{}]}}"#, on("init", "SUCCESS"));
        assert_eq!(findings_of("init-container-not-awaited", &task(&on("gate", "START"), &other)), []);
    }

    #[test]
    fn a_circle_of_dependencies_ends() {
        let other = format!(r#", {{"name": "gate", "image": "g:1", "dependsOn": [{}]}}"#, on("dd", "START"));
        assert_eq!(findings_of("init-container-not-awaited", &task(&on("gate", "START"), &other)).len(), 1);
    }
}
