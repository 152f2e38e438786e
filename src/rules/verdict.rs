//! What Security Hub would say of a task definition, control by control.

use std::collections::BTreeMap;

use super::{CATALOGUE, Judgement, Subject, TaskDefinition};

/// A control's verdict over a whole task definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing the control looks at is wrong.
    Passed,
    /// A rule that belongs to the control found something.
    Failed,
    /// The control does not look at task definitions of this platform.
    NotApplicable,
    /// A value that the control looks at is not known yet.
    Undecided,
}

impl Verdict {
    /// The word that the `verdicts` attribute shows.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Passed => "PASSED",
            Verdict::Failed => "FAILED",
            Verdict::NotApplicable => "NOT_APPLICABLE",
            Verdict::Undecided => "UNDECIDED",
        }
    }
}

/// The verdict of every control that a rule of the catalogue belongs to. A failure is certain whatever else is not
/// known yet.
pub fn verdicts(subject: &Subject<'_>, judgement: &Judgement) -> BTreeMap<&'static str, Verdict> {
    let task = TaskDefinition::read(subject);
    let mut verdicts = BTreeMap::new();
    for rule in CATALOGUE {
        let Some(control) = rule.control else { continue };
        let elsewhere = rule.platform.covers(&task) == Some(false);
        let verdict = if judgement.findings.iter().any(|finding| finding.control == Some(control)) {
            Verdict::Failed
        } else if elsewhere {
            Verdict::NotApplicable
        } else if judgement.undecided.contains(&rule.name) {
            Verdict::Undecided
        } else {
            Verdict::Passed
        };
        let worst = verdicts.entry(control).or_insert(verdict);
        *worst = worse(*worst, verdict);
    }
    verdicts
}

/// Of two rules of one control the verdict that decides: a failure before doubt, doubt before a pass.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    let weight = |verdict| match verdict {
        Verdict::Failed => 3,
        Verdict::Undecided => 2,
        Verdict::Passed => 1,
        Verdict::NotApplicable => 0,
    };
    if weight(other) > weight(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::super::judge;
    use super::*;
    use crate::document::Node;

    fn ecs_5(container: Node, family: &str) -> Verdict {
        let document = Node::from([
            ("containerDefinitions", Node::Array(vec![container])),
            ("runtimePlatform", Node::from([("operatingSystemFamily", Node::from(family))])),
        ]);
        let subject = Subject { document: &document, agent: None };
        verdicts(&subject, &judge(&subject))["ECS.5"]
    }

    fn container(read_only: Node) -> Node {
        Node::from([
            ("name", Node::from("app")),
            ("image", Node::from("nginx:1.29.3")),
            ("readonlyRootFilesystem", read_only),
        ])
    }

    #[test]
    fn a_control_passes_fails_is_undecided_or_does_not_apply() {
        assert_eq!(ecs_5(container(Node::from(true)), "LINUX"), Verdict::Passed);
        assert_eq!(ecs_5(container(Node::from(false)), "LINUX"), Verdict::Failed);
        assert_eq!(ecs_5(container(Node::Null), "LINUX"), Verdict::Failed);
        assert_eq!(ecs_5(container(Node::Unknown), "LINUX"), Verdict::Undecided);
        assert_eq!(ecs_5(container(Node::Null), "WINDOWS_SERVER_2022_CORE"), Verdict::NotApplicable);
    }
}
