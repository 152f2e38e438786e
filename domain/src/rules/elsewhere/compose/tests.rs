//! The examples of the neutral rules, written for Compose.

use time::macros::date;

use super::super::tests::Examples;
use super::*;
use crate::document::parse;
use crate::rules::policy::{Level, Policy, Waiver};
use crate::rules::{DocumentKind, form_of, judge_document};

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

const EXAMPLES: Examples = Examples {
    kind: DocumentKind::Compose,
    written: in_compose,
    left_out: &[
        ("duplicate-variable", "a map has no key twice; its list is tried below"),
        ("placeholder-left", "the example is the role of a task"),
    ],
    without_a_line: &[],
    places: &["services.", "volumes."],
};

#[test]
fn what_a_neutral_rule_finds_in_a_task_it_finds_in_the_same_workload_of_compose() {
    EXAMPLES.failing_ones_fail();
}

#[test]
fn what_a_neutral_rule_lets_pass_in_a_task_no_rule_finds_in_compose() {
    EXAMPLES.passing_ones_pass();
}

#[test]
fn a_line_to_write_mends_a_compose_file() {
    EXAMPLES.lines_to_write_mend();
}

/// The wording on Compose, so that a change of it is seen in a review.
#[test]
fn what_the_rules_say_of_compose_is_on_record() {
    let said = EXAMPLES.messages();
    expect_test::expect_file!["../../../../../tests/golden/rules/messages_compose.txt"].assert_eq(&said);
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

#[test]
fn a_variable_twice_in_a_list_is_found_and_its_value_is_not_told() {
    let file = parse(
        r#"{"services": {"app": {"image": "shop:1.0", "read_only": true,
            "environment": ["DD_LOG_ENABLED=hush", "A=hush", "A=more"]}}}"#,
    )
    .unwrap();
    let told = EXAMPLES.told(&file);
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

#[test]
fn a_misspelt_key_of_the_api_has_a_way_out() {
    EXAMPLES.a_misspelt_key_has_a_way_out();
}
