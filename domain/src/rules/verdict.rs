//! What Security Hub would say of a task definition, control by control.
//!
//! Reckoned from what the rules noted and not from their findings: one mistake is one finding even where two controls
//! fail because of it, and a policy that lowers or silences a finding changes nothing at Security Hub.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Path, Step};

use super::{CATALOGUE, DocumentKind, Finding, Judgement, TaskDefinition};

/// A control's verdict over a whole task definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing the control looks at is wrong.
    Passed,
    /// Something the control looks at is wrong.
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

    /// Of two rules of one control the greater weight decides: a failure before doubt, doubt before a pass.
    fn weight(self) -> u8 {
        match self {
            Verdict::Failed => 3,
            Verdict::Undecided => 2,
            Verdict::Passed => 1,
            Verdict::NotApplicable => 0,
        }
    }
}

/// A place because of which a control fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The control, such as `ECS.5`.
    pub control: &'static str,
    /// Where in the task definition document.
    pub path: Path,
    /// Name of the container it is about.
    pub container: Option<String>,
}

impl Failure {
    /// The failure that a finding tells of, where it names a control.
    pub(super) fn of(finding: &Finding) -> Option<Self> {
        let Finding { control, path, container, .. } = finding;
        control.map(|control| Self { control, path: path.clone(), container: container.clone() })
    }

    /// What the container is called: its name, or its place where it has none. None for the task as a whole.
    fn container(&self) -> Option<String> {
        self.container.clone().or_else(|| match self.path.0.as_slice() {
            [Step::Key(key), Step::Index(index), ..] if key == "containerDefinitions" => {
                Some(format!("{key}[{index}]"))
            }
            _ => None,
        })
    }
}

/// What a control comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Over the whole task definition.
    pub verdict: Verdict,
    /// The containers that fail, by name, in the order of the document; one without a name by its place, such as
    /// `containerDefinitions[1]`. Empty where the control passes, or fails for something that is no container's.
    pub containers: Vec<String>,
}

/// The outcome of every control that a rule of the catalogue belongs to. A failure is certain whatever else is not
/// known yet.
pub(super) fn verdicts(task: &TaskDefinition<'_>, judgement: &Judgement) -> BTreeMap<&'static str, Outcome> {
    let mut outcomes = BTreeMap::new();
    for rule in CATALOGUE {
        let Some(control) = rule.control.filter(|_| task.kind == DocumentKind::TaskDefinition) else {
            continue;
        };
        let elsewhere = rule.platform.covers(task) == Some(false);
        let verdict = if judgement.failures.iter().any(|failure| failure.control == control) {
            Verdict::Failed
        } else if elsewhere {
            Verdict::NotApplicable
        } else if judgement.undecided.contains(&rule.name) {
            Verdict::Undecided
        } else {
            Verdict::Passed
        };
        let outcome = outcomes.entry(control).or_insert_with(|| Outcome { verdict, containers: Vec::new() });
        if verdict.weight() > outcome.verdict.weight() {
            outcome.verdict = verdict;
        }
    }
    let mut named = BTreeSet::new();
    for failure in &judgement.failures {
        let (Some(outcome), Some(container)) = (outcomes.get_mut(failure.control), failure.container())
        else {
            continue;
        };
        if named.insert((failure.control, container.clone())) {
            outcome.containers.push(container);
        }
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use super::super::{Severity, Subject, judge};
    use super::*;
    use crate::document::Node;
    use crate::rofs::settings::Settings;
    use crate::rules::tests::document;

    fn outcomes(text: &str) -> BTreeMap<&'static str, Outcome> {
        judge(&Subject::of(&document(text))).verdicts
    }

    /// What a control says of a Linux task with these members.
    fn of_task(control: &str, members: &str) -> Outcome {
        let linux = r#""runtimePlatform": {"operatingSystemFamily": "LINUX"}"#;
        outcomes(&format!("{{{linux}{members}}}")).remove(control).unwrap()
    }

    /// What a control says of a task with one container "a" of these members.
    fn of_container(control: &str, family: &str, members: &str) -> Outcome {
        outcomes(&format!(
            r#"{{"runtimePlatform": {{"operatingSystemFamily": {family}}},
                "containerDefinitions": [{{"name": "a"{members}}}]}}"#
        ))
        .remove(control)
        .unwrap()
    }

    const LINUX: &str = r#""LINUX""#;
    const WINDOWS: &str = r#""WINDOWS_SERVER_2022_CORE""#;
    const UNSET: &str = "null";
    const UNKNOWN: &str = r#""<unknown>""#;

    #[test]
    fn the_controls_of_task_definitions_have_a_verdict() {
        let controls: Vec<_> = outcomes("{}").into_keys().collect();
        let wanted =
            ["ECS.15", "ECS.17", "ECS.18", "ECS.20", "ECS.21", "ECS.3", "ECS.4", "ECS.5", "ECS.8", "ECS.9"];
        assert_eq!(controls, wanted);
    }

    #[test]
    fn controls_of_the_task_pass_fail_or_are_undecided() {
        let efs = |encryption: &str| {
            format!(
                r#", "volumes": [{{"name": "v", "efsVolumeConfiguration": {{"fileSystemId": "f"{encryption}}}}}]"#
            )
        };
        let cases: [(&str, [&str; 3]); 7] = [
            ("ECS.3", ["", r#", "pidMode": "host""#, r#", "pidMode": "<unknown>""#]),
            ("ECS.15", [r#", "tags": [{"key": "team"}]"#, "", r#", "tags": "<unknown>""#]),
            (
                "ECS.15",
                [
                    r#", "tags": [{"key": "aws:stack", "value": "x"}, {"key": "team"}]"#,
                    r#", "tags": [{"key": "aws:stack", "value": "x"}]"#,
                    r#", "tags": [{"key": "<unknown>"}]"#,
                ],
            ),
            (
                "ECS.3",
                [
                    r#", "requiresCompatibilities": ["FARGATE"]"#,
                    r#", "requiresCompatibilities": ["FARGATE"], "pidMode": "host""#,
                    r#", "requiresCompatibilities": ["FARGATE"], "pidMode": "<unknown>""#,
                ],
            ),
            ("ECS.17", ["", r#", "networkMode": "host""#, r#", "networkMode": "<unknown>""#]),
            (
                "ECS.18",
                [
                    &efs(r#", "transitEncryption": "ENABLED""#),
                    &efs(""),
                    &efs(r#", "transitEncryption": "<unknown>""#),
                ],
            ),
            ("ECS.18", ["", &efs(r#", "transitEncryption": "ENABLE""#), r#", "volumes": "<unknown>""#]),
        ];
        for (control, members) in cases {
            for (members, verdict) in
                members.into_iter().zip([Verdict::Passed, Verdict::Failed, Verdict::Undecided])
            {
                let outcome = of_task(control, members);
                assert_eq!(outcome, Outcome { verdict, containers: vec![] }, "{control} {members}");
            }
        }
    }

    #[test]
    fn controls_of_containers_pass_fail_or_are_undecided_and_name_who_fails() {
        let environment = |name: &str| format!(r#", "environment": [{{"name": "{name}", "value": "x"}}]"#);
        let cases: [(&str, &str, [&str; 3]); 8] = [
            ("ECS.4", LINUX, ["", r#", "privileged": true"#, r#", "privileged": "<unknown>""#]),
            (
                "ECS.5",
                LINUX,
                [
                    r#", "readonlyRootFilesystem": true"#,
                    r#", "readonlyRootFilesystem": false"#,
                    r#", "readonlyRootFilesystem": "<unknown>""#,
                ],
            ),
            (
                "ECS.8",
                LINUX,
                [&environment("AWS_REGION"), &environment("AWS_ACCESS_KEY_ID"), &environment("<unknown>")],
            ),
            (
                "ECS.9",
                LINUX,
                [
                    r#", "logConfiguration": {"logDriver": "awslogs"}"#,
                    "",
                    r#", "logConfiguration": "<unknown>""#,
                ],
            ),
            (
                "ECS.9",
                LINUX,
                [
                    r#", "logConfiguration": {"logDriver": "splunk"}"#,
                    r#", "logConfiguration": {"logDriver": ""}"#,
                    r#", "logConfiguration": {"logDriver": "<unknown>"}"#,
                ],
            ),
            ("ECS.20", LINUX, [r#", "user": "100""#, r#", "user": "root""#, r#", "user": "<unknown>""#]),
            // Root all the same, and a pass in the control's own words.
            ("ECS.20", UNSET, [r#", "user": "0:0""#, r#", "user": "0""#, r#", "user": "<unknown>""#]),
            (
                "ECS.21",
                WINDOWS,
                [
                    r#", "user": "ContainerUser""#,
                    r#", "user": "ContainerAdministrator""#,
                    r#", "user": "<unknown>""#,
                ],
            ),
        ];
        for (control, family, [passes, fails, is_open]) in cases {
            let none = |verdict| Outcome { verdict, containers: vec![] };
            assert_eq!(of_container(control, family, passes), none(Verdict::Passed), "{control} {passes}");
            let failed = Outcome { verdict: Verdict::Failed, containers: vec!["a".to_owned()] };
            assert_eq!(of_container(control, family, fails), failed, "{control} {fails}");
            assert_eq!(
                of_container(control, family, is_open),
                none(Verdict::Undecided),
                "{control} {is_open}"
            );
        }
    }

    #[test]
    fn a_control_does_not_apply_to_the_other_operating_system() {
        for (control, family, verdict) in [
            ("ECS.5", WINDOWS, Verdict::NotApplicable),
            ("ECS.20", WINDOWS, Verdict::NotApplicable),
            ("ECS.21", LINUX, Verdict::NotApplicable),
            ("ECS.5", UNSET, Verdict::Failed),
            ("ECS.20", UNSET, Verdict::Failed),
            ("ECS.21", UNSET, Verdict::Failed),
            ("ECS.5", UNKNOWN, Verdict::Undecided),
            ("ECS.20", UNKNOWN, Verdict::Undecided),
            ("ECS.21", UNKNOWN, Verdict::Undecided),
            // The controls that look at every platform.
            ("ECS.3", WINDOWS, Verdict::Passed),
            ("ECS.4", WINDOWS, Verdict::Passed),
            ("ECS.8", WINDOWS, Verdict::Passed),
            ("ECS.9", WINDOWS, Verdict::Failed),
            ("ECS.15", WINDOWS, Verdict::Failed),
            ("ECS.17", WINDOWS, Verdict::Passed),
            ("ECS.18", WINDOWS, Verdict::Passed),
        ] {
            assert_eq!(of_container(control, family, "").verdict, verdict, "{control} {family}");
        }
    }

    #[test]
    fn a_missing_user_without_an_operating_system_is_one_finding_and_two_failures() {
        let document = document(r#"{"containerDefinitions": [{"name": "a", "image": "i:1.0"}]}"#);
        let judgement = judge(&Subject::of(&document));
        let about_the_user: Vec<_> =
            judgement.findings.iter().filter(|finding| finding.path.to_string().ends_with("user")).collect();
        assert_eq!(about_the_user.len(), 1, "{about_the_user:#?}");
        let outcomes = judgement.verdicts;
        for control in ["ECS.20", "ECS.21"] {
            let failed = Outcome { verdict: Verdict::Failed, containers: vec!["a".to_owned()] };
            assert_eq!(outcomes[control], failed, "{control}");
        }
    }

    #[test]
    fn each_failing_container_is_named_once_in_the_order_of_the_document() {
        let key = |name: &str| format!(r#"{{"name": "{name}", "value": "x"}}"#);
        let keys = format!("[{}, {}]", key("AWS_ACCESS_KEY_ID"), key("AWS_SECRET_ACCESS_KEY"));
        let outcome = of_task(
            "ECS.8",
            &format!(
                r#", "containerDefinitions": [{{"name": "b", "environment": {keys}}}, {{"name": "c"}},
                    {{"environment": {keys}}}, {{"name": "a", "environment": {keys}}}]"#
            ),
        );
        assert_eq!(outcome.containers, ["b", "containerDefinitions[2]", "a"]);
    }

    #[test]
    fn a_failure_is_certain_beside_what_is_not_known_yet() {
        let containers = r#", "containerDefinitions": ["<unknown>", {"name": "a", "privileged": true}]"#;
        let failed = Outcome { verdict: Verdict::Failed, containers: vec!["a".to_owned()] };
        assert_eq!(of_task("ECS.4", containers), failed);
    }

    #[test]
    fn a_policy_about_findings_changes_no_verdict() {
        let document = document(r#"{"pidMode": "host", "containerDefinitions": [{"name": "a"}]}"#);
        let task = TaskDefinition::read(&Subject::of(&document));
        let judgement = judge(&Subject::of(&document));
        let before = judgement.verdicts.clone();
        let mut raised = judgement.clone();
        raised.findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
        assert_eq!(verdicts(&task, &raised), before);
        let silenced = Judgement { findings: vec![], ..judgement };
        assert_eq!(verdicts(&task, &silenced), before);
        assert_eq!(before["ECS.3"].verdict, Verdict::Failed);
    }

    #[test]
    fn of_containers_alone_what_is_around_them_is_undecided() {
        let document = Node::from([
            ("containerDefinitions", Node::Array(vec![])),
            ("pidMode", Node::Unknown),
            ("networkMode", Node::Unknown),
            ("runtimePlatform", Node::Unknown),
            ("tags", Node::Unknown),
            ("volumes", Node::Unknown),
        ]);
        let subject = Subject::of(&document);
        let outcomes = judge(&subject).verdicts;
        for control in ["ECS.3", "ECS.15", "ECS.17", "ECS.18", "ECS.20", "ECS.21"] {
            assert_eq!(outcomes[control].verdict, Verdict::Undecided, "{control}");
        }
        assert_eq!(outcomes["ECS.4"].verdict, Verdict::Passed);
        // With an Agent it is a Linux task, but it may still leave that open.
        let settings = Settings::default();
        let subject = Subject { agent: Some(&settings), ..Subject::of(&document) };
        let outcomes = judge(&subject).verdicts;
        assert_eq!(outcomes["ECS.20"].verdict, Verdict::Passed);
        assert_eq!(outcomes["ECS.21"].verdict, Verdict::Undecided);
    }
}
