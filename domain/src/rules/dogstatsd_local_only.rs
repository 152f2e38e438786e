//! `dogstatsd-local-only`

use super::prelude::*;
use crate::task::{Given, Signal, Target};

/// An Agent that takes metrics from its own container alone.
pub(super) static RULE: Rule = Rule {
    name: "dogstatsd-local-only",
    topic: Topic::Sockets,
    summary: "The Agent does not receive metrics of other services",
    severity: Severity::Warning,
    judges: Judges::Compose,
    platform: Platform::Any,
    control: None,
    checks: "Where a service of a Compose file sends metrics to the Agent's service, by DD_DOGSTATSD_URL, DD_DOGSTATSD_HOST, STATSD_URL or STATSD_HOST, the Agent \
             has DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true. An Agent with DD_BIND_HOST, and one of another image than Datadog's, is not judged.",
    matters: "Unless told otherwise DogStatsD receives metrics from its own container alone, and UDP tells no sender of it: they are lost. Of \
              traces the image accepts those of other containers by itself.",
    evidence: Evidence {
        source: "Datadog-agent config_template.yaml, dogstatsd_non_local_traffic, and Dockerfiles/agent/datadog-docker.yaml (0488803f).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: ComposeExample(
        r#"{
  "services": {
    "app": { "image": "example.com/shop:1.4.2", "read_only": true, "environment": { "DD_DOGSTATSD_URL": "udp://datadog-agent:8125" } }
  }
}"#,
    ),
    passing: ComposeExample(
        r#"{
  "services": {
    "datadog-agent": { "environment": { "DD_DOGSTATSD_NON_LOCAL_TRAFFIC": "true" } },
    "app": { "image": "example.com/shop:1.4.2", "read_only": true, "environment": { "DD_DOGSTATSD_URL": "udp://datadog-agent:8125" } }
  }
}"#,
    ),
    undecided: Undecided::Passing("services.datadog-agent.environment.DD_DOGSTATSD_NON_LOCAL_TRAFFIC"),
    check,
};

/// The Agent's variable that lets it take what other containers send.
const FROM_OTHERS: &str = "DD_DOGSTATSD_NON_LOCAL_TRAFFIC";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let agents = task.agents();
    for container in found.all(task.containers()) {
        for sender in found.all(task.senders(container)) {
            let (Some(Signal::Metrics), Target::Host(host, _)) = (sender.signal, &sender.target) else {
                continue;
            };
            let Some(agent) = agents.known.iter().find(|agent| agent.name == Some(*host)) else {
                if !agents.complete {
                    found.undecided();
                }
                continue;
            };
            if agent.index == container.index || !hears_only_itself(agent, found) {
                continue;
            }
            let variable = Node::from([("name", FROM_OTHERS.into()), ("value", "true".into())]);
            let fix = match agent.given(FROM_OTHERS) {
                Given::Text(_, index) => Edit::at(agent.variable_path(index), "true").of(agent),
                _ => Edit::add(agent, "environment", variable),
            };
            found.in_container(
                container,
                container.variable_path(sender.index),
                format!(
                    "sends metrics by {} to {}, which receives those of its own container alone without {FROM_OTHERS}. What is sent \
                     there is lost.",
                    sender.variable,
                    agent.called_inside()
                ),
                fix,
            );
            return;
        }
    }
}

fn hears_only_itself(agent: &Container<'_>, found: &mut Found) -> bool {
    if !agent.has_datadogs_image() || agent.given("DD_BIND_HOST") != Given::Absent {
        return false;
    }
    match agent.given(FROM_OTHERS) {
        Given::Absent => true,
        Given::Text(value, _) => !value.eq_ignore_ascii_case("true") && value != "1",
        Given::Secret | Given::PerhapsByFile | Given::Unknown => {
            found.undecided();
            false
        }
    }
}
