//! Keeps folder, list and pages in step, and runs every example.

use std::collections::BTreeSet;

use super::*;
use crate::document::{Node, parse};

/// Files of the folder that are no rules.
const MACHINERY: [&str; 8] = ["example", "finding", "fix", "mod", "reading", "rule", "tests", "verdict"];

/// Reads the JSON text of an example or a test, in which `"<unknown>"` stands for a value that is not known yet and
/// `"<100 letters>"` for a text of that length.
pub(super) fn document(text: &str) -> Node {
    let mut document = parse(text).expect("an example is JSON");
    fill_in(&mut document);
    document
}

pub(super) fn fill_in(node: &mut Node) {
    match node {
        Node::String(text) if text == "<unknown>" => *node = Node::Unknown,
        Node::String(text) => {
            let letters = text.strip_prefix('<').and_then(|rest| rest.strip_suffix(" letters>"));
            if let Some(count) = letters {
                *text = "x".repeat(count.parse().expect("a number of letters"));
            }
        }
        Node::Array(items) => items.iter_mut().for_each(fill_in),
        Node::Object(members) => members.iter_mut().for_each(|(_, member)| fill_in(member)),
        _ => {}
    }
}

fn judge_example(example: Overlay) -> Judgement {
    let mut document = example.document();
    fill_in(&mut document);
    judge_mendable(&document, example.kind())
}

/// Whether a rule is undecided in the example of another one for its own reason: what is not filled in is not known yet, and
/// neither is the API key of a Compose file, which comes from a variable of the machine.
fn is_elsewhere(undecided: &str, rule: &Rule) -> bool {
    let is_of_the_key =
        ["agent-api-key-missing", "api-key-in-plaintext", "placeholder-left"].contains(&undecided);
    undecided != rule.name
        && (rule.name == "placeholder-left" || rule.failing.kind() == DocumentKind::Compose && is_of_the_key)
}

/// What is found in an example, but that the container which prepares the Agent runs as root: it has to, and nobody can mend
/// it.
fn judge_mendable(document: &Node, kind: DocumentKind) -> Judgement {
    let mut judgement = judge_document(kind, document, None);
    let of_pattern: Vec<Finding> = judgement.findings.extract_if(.., |finding| finding.of_pattern).collect();
    for finding in of_pattern {
        judgement.failures.retain(|failure| failure.path != finding.path);
    }
    judgement
}

/// What one rule finds in a document.
pub(super) fn findings_of(rule: &str, document: &str) -> Vec<Finding> {
    let document = self::document(document);
    let subject = Subject::of(&document);
    judge(&subject).findings.into_iter().filter(|finding| finding.rule == rule).collect()
}

/// How much a rule finds in a document, and what it still finds when that many changes are made that it says to make.
pub(super) fn mended(rule: &str, document: &str) -> (usize, Vec<Finding>) {
    let mut document = self::document(document);
    let found = |document: &Node| -> Vec<Finding> {
        let findings = judge(&Subject::of(document)).findings;
        findings.into_iter().filter(|finding| finding.rule == rule).collect()
    };
    let count = found(&document).len();
    for _ in 0..count {
        if let Some(finding) = found(&document).first() {
            finding.fix.apply(&mut document);
        }
    }
    (count, found(&document))
}

/// Names of the rules that found something.
fn rules_of(judgement: &Judgement) -> Vec<&str> {
    judgement.findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn the_list_is_sorted_and_names_nothing_twice() {
    let names: Vec<&str> = CATALOGUE.iter().map(|rule| rule.name).collect();
    let sorted: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_file_of_the_folder_is_a_rule_of_that_name_in_the_list() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules")).unwrap();
    let files: BTreeSet<String> = folder
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| !MACHINERY.contains(&name.as_str()))
        .map(|name| name.replace('_', "-"))
        .collect();
    let listed: BTreeSet<String> = CATALOGUE.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(files, listed);
    for rule in CATALOGUE {
        assert!(std::ptr::eq(find(rule.name).unwrap(), *rule), "{}", rule.name);
    }
}

#[test]
fn failing_examples_give_exactly_one_finding_of_their_own() {
    for rule in CATALOGUE {
        let judgement = judge_example(rule.failing);
        assert_eq!(rules_of(&judgement), [rule.name], "{:#?}", judgement.findings);
        let undecided: Vec<_> = judgement.undecided.iter().filter(|name| !is_elsewhere(name, rule)).collect();
        assert_eq!(undecided, [&""; 0], "{}", rule.name);
    }
}

#[test]
fn passing_examples_give_no_finding_of_any_rule() {
    for rule in CATALOGUE {
        let Judgement { findings, failures, mut undecided, .. } = judge_example(rule.passing);
        undecided.retain(|name| !is_elsewhere(name, rule));
        assert_eq!((findings, failures, undecided), Default::default(), "{}", rule.name);
    }
}

#[test]
fn undecided_examples_give_no_finding_and_leave_their_rule_undecided() {
    for rule in CATALOGUE {
        let mut document = rule.undecided.document(rule.failing, rule.passing);
        fill_in(&mut document);
        assert!(!document.is_wholly_known(), "{}", rule.name);
        let judgement = judge_mendable(&document, rule.failing.kind());
        assert_eq!(rules_of(&judgement), [""; 0], "{}", rule.name);
        assert!(judgement.undecided.contains(&rule.name), "{}: {:?}", rule.name, judgement.undecided);
    }
}

#[test]
fn a_document_that_is_not_known_at_all_leaves_every_rule_undecided() {
    let judgement = judge(&Subject::of(&Node::Unknown));
    assert_eq!(judgement.findings, []);
    let judges_it = |rule: &&&Rule| rule.judges.covers(DocumentKind::TaskDefinition);
    let names: Vec<_> = CATALOGUE.iter().filter(judges_it).map(|rule| rule.name).collect();
    assert_eq!(judgement.undecided, names);
}

#[test]
fn pages_are_made_of_sentences() {
    for rule in CATALOGUE {
        for text in [rule.checks, rule.matters, rule.evidence.source] {
            assert_sentences(text, rule.name);
        }
        assert!(rule.summary.starts_with(char::is_uppercase), "{}", rule.name);
        assert!(!rule.summary.ends_with('.'), "{}", rule.name);
    }
}

#[test]
fn findings_are_made_of_sentences_and_name_their_place() {
    for rule in CATALOGUE {
        for finding in judge_example(rule.failing).findings {
            assert_sentences(&finding.detail(), rule.name);
            assert_sentences(&finding.fix_text(), rule.name);
            assert_eq!(finding.summary, rule.summary);
            assert_eq!(finding.control, rule.control);
            assert!(finding.severity >= rule.severity, "{}", rule.name);
            assert!(!finding.path.0.is_empty(), "{}", rule.name);
            let in_a_container =
                ["containerDefinitions[", "services.", "spec.initContainers[", "spec.containers[", "job["]
                    .iter()
                    .any(|start| finding.path.to_string().starts_with(start));
            assert_eq!(finding.container.is_some(), in_a_container, "{}", rule.name);
        }
    }
}

#[test]
fn what_is_only_believed_is_a_warning_at_most_and_evidence_has_a_date() {
    for rule in CATALOGUE {
        if rule.evidence.status == Status::Believed {
            assert!(rule.severity >= Severity::Warning, "{}", rule.name);
        }
        let date: Vec<&str> = rule.evidence.seen.split('-').collect();
        assert!(matches!(date.len(), 2 | 3), "{}: {}", rule.name, rule.evidence.seen);
        assert!(date[0].len() == 4 && date[1..].iter().all(|part| part.len() == 2), "{}", rule.name);
        assert!(date.concat().bytes().all(|byte| byte.is_ascii_digit()), "{}", rule.name);
    }
}

/// What an auditor would say and no deployment suffers from. A finding of another rule may be a note as well: a moving tag
/// of an application is one, that of the Agent is not.
#[test]
fn notes_are_what_no_deployment_suffers_from() {
    let notes: Vec<&str> =
        CATALOGUE.iter().filter(|rule| rule.severity == Severity::Note).map(|rule| rule.name).collect();
    assert_eq!(
        notes,
        [
            "compose-version-obsolete",
            "efs-not-encrypted-in-transit",
            "host-network",
            "host-process-namespace",
            "log-configuration-missing",
            "log-delivery-mode-unset",
            "operating-system-unset",
            "roles-are-the-same",
            "root-user",
            "tags-missing",
            "tmpfs-on-fargate",
            "windows-administrator-user",
        ]
    );
    let loud = ["ECS.4", "ECS.5", "ECS.8"];
    for rule in CATALOGUE.iter().filter(|rule| rule.control.is_some()) {
        let is_loud = rule.control.is_some_and(|control| loud.contains(&control));
        assert_eq!(rule.severity == Severity::Warning, is_loud, "{}", rule.name);
    }
    for (image, severity) in [("shop", Severity::Note), ("public.ecr.aws/datadog/agent:7", Severity::Warning)]
    {
        let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}"}}]}}"#);
        assert_eq!(findings_of("floating-image-tag", &document)[0].severity, severity, "{image}");
    }
}

/// Errors of ours: ECS registers the definition, or nobody saw it reject one, and the task or the Agent suffers. The
/// validate walk leaves them to the plan.
const REGISTERED_BY_ECS: &[&str] = &[
    "agent-api-key-missing",
    "agent-holds-up-the-group",
    "agent-image-for-windows",
    "agent-not-listening",
    "agent-socket-unreachable",
    "agent-start-bypassed",
    "agent-user-unsupported",
    "agent-version-too-old",
    "capability-unknown",
    "config-volume-not-seeded",
    "container-name-as-agent-host",
    "datadog-site-unknown",
    "dependency-cycle",
    "duplicate-mount-path",
    "entrypoint-variable-set",
    "file-mounted-as-directory",
    "firelens-buffer-not-writable",
    "firelens-output-missing",
    "health-check-never-passes",
    "image-invalid",
    "init-container-cannot-write",
    "init-container-copies-nothing",
    "init-container-not-awaited",
    "link-target-missing",
    "log-buffer-invalid",
    "mount-hides-agent-files",
    "mount-path-invalid",
    "root-user-forbidden",
    "secret-source-invalid",
    "system-control-unsupported",
    "task-directory-taken-for-shared",
    "tmpfs-option-unknown",
    "tmpfs-without-exec",
    "two-firelens-routers",
    "unknown-key",
    "user-invalid",
    "windows-read-only-root",
    "writable-path-not-mounted",
];

#[test]
fn every_error_is_one_that_ecs_rejects_or_one_of_ours() {
    let errors = CATALOGUE.iter().filter(|rule| rule.severity == Severity::Error);
    let ours: Vec<&str> =
        errors.filter(|rule| rule.rejection == Rejection::None).map(|rule| rule.name).collect();
    assert_eq!(ours, REGISTERED_BY_ECS);
}

#[test]
fn what_ecs_rejects_is_an_error_that_was_seen_and_an_answer_on_record_is_quoted() {
    for rule in CATALOGUE.iter().filter(|rule| rule.rejection != Rejection::None) {
        assert_eq!(
            (rule.severity, rule.evidence.status),
            (Severity::Error, Status::Verified),
            "{}",
            rule.name
        );
        let judgement = judge_example(rule.failing);
        assert_eq!(judgement.rejections().findings, judgement.findings, "{}", rule.name);
        if let Rejection::Answered(answer) = rule.rejection {
            assert!(judgement.findings[0].detail().contains(answer), "{}", rule.name);
        }
    }
}

#[test]
fn what_ecs_registers_is_no_rejection() {
    for rule in CATALOGUE.iter().filter(|rule| rule.rejection == Rejection::None) {
        assert_eq!(judge_example(rule.failing).rejections().findings, [], "{}", rule.name);
    }
}

#[test]
fn findings_come_in_the_order_of_the_document() {
    let judgement = judge_example(Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "cpu": null,
  "memory": null,
  "containerDefinitions": [
    {
      "name": "b",
      "image": "x:1.0",
      "mountPoints": [{ "sourceVolume": "v", "containerPath": "/v" }]
    },
    {
      "name": "a",
      "image": "x:1.0",
      "mountPoints": [{ "sourceVolume": "v", "containerPath": "/v" }]
    }
  ]
}"#,
    ));
    let paths: Vec<_> = judgement.findings.iter().map(|finding| finding.path.clone()).collect();
    assert!(paths.is_sorted(), "{paths:?}");
    assert!(paths.len() >= 4);
}

fn assert_sentences(text: &str, rule: &str) {
    assert!(text.starts_with(char::is_uppercase), "{rule}: {text}");
    assert!(text.ends_with(['.', '?']), "{rule}: {text}");
    assert!(!text.contains("  "), "{rule}: {text}");
}

/// The wording of every rule, so that a change of it is seen in a review: what is found in its failing example.
#[test]
fn what_the_rules_say_is_on_record() {
    let mut said = String::new();
    // What they say of documents of other platforms has a record of its own.
    for rule in CATALOGUE.iter().filter(|rule| rule.failing.kind() == DocumentKind::TaskDefinition) {
        for finding in judge_example(rule.failing).findings {
            let Finding { rule, path, summary, .. } = &finding;
            said.push_str(&format!(
                "{rule}: {}: {summary}\n  at {path}\n  {}\n  {}\n\n",
                finding.severity_word(),
                finding.detail(),
                finding.fix_text(),
            ));
        }
    }
    expect_test::expect_file!["../../../tests/golden/rules/messages.txt"].assert_eq(&said);
}

#[test]
fn what_is_to_be_written_mends_the_finding() {
    let mut advice = Vec::new();
    for rule in CATALOGUE {
        let mut document = rule.failing.document();
        fill_in(&mut document);
        let before = judge_mendable(&document, rule.failing.kind());
        let fix = before.findings[0].fix.clone();
        if fix.edits().is_empty() {
            advice.push(rule.name);
            continue;
        }
        fix.apply(&mut document);
        let after = judge_document(rule.failing.kind(), &document, None);
        let is_left = |finding: &&Finding| finding.rule == rule.name || finding.severity == Severity::Error;
        let left: Vec<&Finding> = after.findings.iter().filter(is_left).collect();
        assert_eq!(left, [&before.findings[0]; 0], "{}: {}", rule.name, before.findings[0].fix_text());
    }
    // Those that no line mends: what is right there only a person knows.
    expect_test::expect![[r#"
        placeholder-left
        task-definition-too-large
        too-many-containers"#]]
    .assert_eq(&advice.join("\n"));
}
