//! What is true of a workload is found in it on every platform: each neutral rule's examples, written for Compose.

use time::macros::date;

use super::*;
use crate::document::parse;
use crate::rules::policy::{Level, Policy, Waiver};
use crate::rules::tests::fill_in;
use crate::rules::{CATALOGUE, DocumentKind, Judges, Overlay, Rule, form_of, judge_document};

/// A task definition as a Compose file that says the same. ECS's empty volumes are ones that the engine does not fill.
fn in_compose(task: &Node) -> Node {
    let volumes = task.get("volumes").items();
    let name = |volume: &Node| volume.get("name").as_str().unwrap_or_default().to_owned();
    let services = task.get("containerDefinitions").items().iter().filter_map(compose::service_of);
    let unfilled = services.map(|(name, service)| (name, with_empty_volumes(service)));
    Node::from([
        ("services", unfilled.collect()),
        ("volumes", volumes.iter().map(|volume| (name(volume), Node::Null)).collect()),
    ])
}

fn with_empty_volumes(service: Node) -> Node {
    let Node::Object(mut members) = service else { return service };
    if let Some(Node::Array(mounts)) = members.get_mut("volumes") {
        for mount in mounts {
            let short = mount.as_str().unwrap_or_default();
            let joined = if short.ends_with(":ro") { "," } else { ":" };
            *mount = format!("{short}{joined}nocopy").into();
        }
    }
    Node::Object(members)
}

fn example(example: Overlay) -> Node {
    let mut document = example.document();
    fill_in(&mut document);
    in_compose(&document)
}

fn neutral() -> impl Iterator<Item = &'static &'static Rule> {
    CATALOGUE.iter().filter(|rule| rule.judges == Judges::Workload)
}

fn found(file: &Node) -> Vec<&'static str> {
    judge_document(DocumentKind::Compose, file, None).findings.iter().map(|finding| finding.rule).collect()
}

/// Neutral rules whose failing example Compose has no words for, with the reason.
const NOT_IN_COMPOSE: [(&str, &str); 2] = [
    ("duplicate-variable", "a map has no key twice; its list is tried below"),
    ("placeholder-left", "the example is the role of a task"),
];

#[test]
fn what_a_neutral_rule_finds_in_a_task_it_finds_in_the_same_workload_of_compose() {
    for rule in neutral().filter(|rule| NOT_IN_COMPOSE.iter().all(|(name, _)| *name != rule.name)) {
        let file = example(rule.failing);
        let judgement = judge_document(DocumentKind::Compose, &file, None);
        let names: Vec<_> = judgement.findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(names, [rule.name], "{file:#?} {:#?}", judgement.findings);
        let finding = &judgement.findings[0];
        assert_eq!((finding.control, judgement.failures.len(), judgement.verdicts.len()), (None, 0, 0));
        let place = finding.path.to_string();
        assert!(place.starts_with("services.") || place.starts_with("volumes."), "{}: {place}", rule.name);
    }
}

#[test]
fn what_a_neutral_rule_lets_pass_in_a_task_no_rule_finds_in_compose() {
    for rule in neutral() {
        assert_eq!(found(&example(rule.passing)), [""; 0], "{}", rule.name);
    }
}

#[test]
fn a_line_to_write_mends_a_compose_file() {
    for rule in neutral() {
        let mut file = example(rule.failing);
        for _ in 0..judge_document(DocumentKind::Compose, &file, None).findings.len() {
            let Some(finding) =
                judge_document(DocumentKind::Compose, &file, None).findings.into_iter().next()
            else {
                break;
            };
            assert!(
                !finding.fix.edits().is_empty(),
                "{}: {}",
                rule.name,
                finding.fix_in(form_of(DocumentKind::Compose))
            );
            finding.fix.apply(&mut file);
        }
        let left: Vec<_> = found(&file).into_iter().filter(|name| *name == rule.name).collect();
        assert_eq!(left, [""; 0], "{}: {file:#?}", rule.name);
    }
}

/// The wording on Compose, so that a change of it is seen in a review.
#[test]
fn what_the_rules_say_of_compose_is_on_record() {
    let mut said = String::new();
    for rule in CATALOGUE.iter().filter(|rule| rule.judges.covers(DocumentKind::Compose)) {
        let file = match rule.failing.kind() {
            DocumentKind::TaskDefinition => example(rule.failing),
            _ => rule.failing.document(),
        };
        said.push_str(&told(&file));
    }
    expect_test::expect_file!["../../../../tests/golden/rules/messages_compose.txt"].assert_eq(&said);
    // What runs is a container there as well; what the file has is a service.
    const WHAT_RUNS: [&str; 4] = [
        "the container stops",
        "outlives its containers",
        "of its own container alone",
        "finds no containers",
    ];
    let of_the_file = WHAT_RUNS.iter().fold(said, |said, runs| said.replace(runs, ""));
    // The name of a rule is the same on every platform.
    let lines = of_the_file.lines().filter_map(|line| match line.starts_with(' ') {
        true => Some(line),
        false => line.splitn(3, ": ").nth(2),
    });
    let lines: Vec<_> = lines.filter(|line| line.to_lowercase().contains("container")).collect();
    assert_eq!(lines, [""; 0], "a service is called so");
}

/// What is found in a file, as the golden file has it.
pub(super) fn told(file: &Node) -> String {
    let mut said = String::new();
    for finding in judge_document(DocumentKind::Compose, file, None).findings {
        said.push_str(&format!(
            "{}: {}: {}\n  at {}\n  {}\n  {}\n\n",
            finding.rule,
            finding.severity_word(),
            finding.summary,
            finding.path,
            finding.detail(),
            finding.fix_in(form_of(DocumentKind::Compose)),
        ));
    }
    said
}

#[test]
fn a_variable_twice_in_a_list_is_found_and_its_value_is_not_told() {
    let file = parse(
        r#"{"services": {"app": {"image": "shop:1.0", "read_only": true,
            "environment": ["DD_LOG_ENABLED=hush", "A=hush", "A=more"]}}}"#,
    )
    .unwrap();
    let told = told(&file);
    assert!(told.contains("duplicate-variable") && !told.contains("hush"), "{told}");
    assert!(told.contains("Rename the variable of environment[0] to DD_LOGS_ENABLED."), "{told}");
}

#[test]
fn a_policy_speaks_of_services_and_of_composes_own_rules() {
    let file = parse(
        r#"{"version": "3", "services": {"app": {"image": "shop:1.0"}, "web": {"image": "shop:1.0"}}}"#,
    )
    .unwrap();
    let waiver = Waiver {
        rule: "root-filesystem-writable".into(),
        container: Some("app".into()),
        reason: "it writes everywhere".into(),
        owner: "shop".into(),
        expires: Some(date!(2027 - 01 - 01)),
    };
    let severity = [("compose-version-obsolete", Level::Error)].into();
    let policy = Policy { waivers: vec![waiver], severity, ..Policy::default() };
    let policed = policy.apply(&judge_document(DocumentKind::Compose, &file, None), date!(2026 - 11 - 29));
    let said: Vec<String> = policed
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.severity_word(), finding.rule, finding.path))
        .collect();
    assert_eq!(
        said,
        [
            "waived root-filesystem-writable services.app.read_only",
            "note root-filesystem-writable services.web.read_only",
            "error compose-version-obsolete version",
        ]
    );
}

#[test]
fn a_text_of_yaml_is_quoted_where_it_would_be_something_else() {
    let yaml = form_of(DocumentKind::Compose);
    for (text, written) in [
        ("datadog/agent:7.81.1", "datadog/agent:7.81.1"),
        ("dd-config:/etc/datadog-agent:ro", "dd-config:/etc/datadog-agent:ro"),
        ("DD_SITE=datadoghq.eu", "DD_SITE=datadoghq.eu"),
        ("true", "\"true\""),
        ("No", "\"No\""),
        ("100", "\"100\""),
        ("0:0", "\"0:0\""),
        ("a: b", "\"a: b\""),
        ("ends:", "\"ends:\""),
        ("", "\"\""),
        ("a #b", "\"a #b\""),
        ("${X}", "\"${X}\""),
    ] {
        assert_eq!(yaml.scalar(&text.into()), written, "{text}");
    }
    assert_eq!(yaml.value(&vec!["sh", "-c", "a && b"].into()), r#"[sh, "-c", "a && b"]"#);
}
