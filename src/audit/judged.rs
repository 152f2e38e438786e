//! A revision as ECS describes it, judged as every other task definition is.

use std::collections::BTreeMap;

use crate::document::Node;
use crate::ecs;
use crate::ecs_client;
use crate::ordered::ordered;
use crate::rules::{self, Judgement, Severity};
use crate::task::{AgentEntry, Around, Inventory, Origin, Seen};

use super::handed_on::HandedOn;
use super::model::{Agent, AgentState, Finding, Outcome, Revision};

/// Rules whose error proves that the Agent starts without its configuration.
const BLINDING: [&str; 3] =
    ["config-volume-not-seeded", "init-container-copies-nothing", "mount-hides-agent-files"];

/// Judges a revision; why it cannot be judged, in a sentence, where it has no form that is known.
pub fn judge(revision: &ecs_client::Revision) -> Result<Revision, String> {
    let reading = ecs::read(described(revision))
        .map_err(|problem| format!("What ECS describes is not a task definition: {problem}."))?;
    let seen = Seen::of(reading.document.clone(), &Around::default());
    let judgement = rules::judge_reading(&reading, &seen, true);
    let form = HandedOn::of(&seen.document);
    let inventory = Inventory::of(&seen.subject(None));
    let agents: Vec<Agent> = inventory.agents.iter().map(|entry| agent(entry, &judgement)).collect();
    let worst = agents.iter().map(|agent| agent.state).max();
    let containers = seen.document.get("containerDefinitions").items();
    let is_read_only = |container: &Node| container.get("readonlyRootFilesystem").as_bool() == Some(true);
    Ok(Revision {
        family: revision.arn.family().to_owned(),
        revision: revision.arn.revision(),
        status: revision.task_definition.get("status").as_str().unwrap_or("ACTIVE").to_owned(),
        is_read_only: !containers.is_empty() && containers.iter().all(is_read_only),
        verdicts: outcomes(&judgement),
        agent: match worst {
            Some(worst) => worst,
            None if inventory.may_have_more => AgentState::Unclear,
            None => AgentState::None,
        },
        agents,
        findings: judgement.findings.iter().map(|finding| told(finding, &form)).collect(),
        undecided: judgement.undecided,
    })
}

/// The registered document with its tags, as the answer of ECS had it.
fn described(revision: &ecs_client::Revision) -> Node {
    let tag = |(key, value): (&String, &String)| {
        Node::from([("key", Node::from(key.as_str())), ("value", Node::from(value.as_str()))])
    };
    let tags = Node::Array(revision.tags.iter().map(tag).collect());
    Node::from([("taskDefinition", revision.task_definition.clone()), ("tags", tags)])
}

fn outcomes(judgement: &Judgement) -> BTreeMap<&'static str, Outcome> {
    let outcome = |outcome: &rules::Outcome| Outcome {
        verdict: outcome.verdict.as_str(),
        containers: outcome.containers.clone(),
    };
    ordered(judgement.verdicts.iter().map(|(control, of)| (*control, outcome(of))))
}

fn told(finding: &rules::Finding, form: &HandedOn<'_>) -> Finding {
    Finding {
        rule: finding.rule,
        severity: finding.severity_word(),
        control: finding.control,
        container: finding.container.clone(),
        path: finding.path.to_string(),
        summary: finding.summary,
        detail: finding.detail(),
        fix: finding.fix_in(form),
    }
}

fn agent(entry: &AgentEntry, judgement: &Judgement) -> Agent {
    let is_blinding =
        |finding: &rules::Finding| BLINDING.contains(&finding.rule) && finding.severity == Severity::Error;
    let is_undecided = BLINDING.iter().any(|rule| judgement.undecided.contains(rule));
    let state = if judgement.findings.iter().any(is_blinding) {
        AgentState::Blind
    } else {
        match entry.configuration {
            Origin::Image => AgentState::Image,
            Origin::OwnMount => AgentState::OwnMount,
            Origin::EmptyVolume if !is_undecided => AgentState::Seeded,
            Origin::EmptyVolume | Origin::Unclear => AgentState::Unclear,
        }
    };
    Agent {
        container: entry.container.clone(),
        version: entry.version.clone(),
        is_read_only: entry.read_only_root,
        state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_prove_a_blind_agent_exist() {
        for rule in BLINDING {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
    }
}
