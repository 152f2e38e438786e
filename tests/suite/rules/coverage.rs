//! The list of what a checker of task definitions has to find, which was gathered before the catalogue was written,
//! against the catalogue: nothing on the list is without a rule.

use std::collections::BTreeMap;
use std::path::Path;

use ddrofs::rules::{Rule, Severity, find};
use serde_json::Value;

/// An entry of the list: its id, the rules that cover it, and what we know better where the list only believes a thing
/// that a rule of ours calls an error.
type Row = (&'static str, &'static [&'static str], Option<&'static str>);

const COVERED_BY: &[Row] = &[
    // The shape of the document and its names.
    ("E101", &["unknown-key"], None),
    ("E102", &["wrong-type"], None),
    ("E103", &["wrong-enum-value"], None),
    ("E104", &["required-key-missing"], None),
    ("E105", &["task-definition-too-large"], None),
    ("E106", &["required-key-missing", "too-many-containers"], None),
    ("E107", &["no-essential-container"], None),
    ("E108", &["tag-invalid"], None),
    ("E201", &["name-invalid"], None),
    ("E202", &["duplicate-container-name"], None),
    ("E203", &["duplicate-volume-name"], None),
    // What containers say of each other and of themselves.
    ("E204", &["mount-without-volume"], None),
    ("E205", &["volumes-from-container-missing"], None),
    ("E206", &["dependency-target-missing"], None),
    (
        "E207",
        &["dependency-cycle"],
        Some("The ECS agent stops such a task: ValidDependencies and AddTask of amazon-ecs-agent."),
    ),
    ("E208", &["success-on-essential-container"], None),
    ("E209", &["health-check-missing"], None),
    ("E210", &["duplicate-port-name", "port-name-invalid"], None),
    ("E211", &["secret-name-taken"], None),
    ("E212", &["duplicate-variable"], None),
    ("E213", &["firelens-router-missing"], None),
    ("E214", &["proxy-configuration-invalid"], None),
    (
        "E215",
        &["duplicate-mount-path"],
        Some("Docker's answer is quoted in nextflow issue 384, and registerMountPoints of moby gives it."),
    ),
    // Sizes and numbers.
    ("E301", &["fargate-size-missing"], None),
    ("E302", &["fargate-size-invalid"], None),
    ("E303", &["fargate-windows-size-invalid"], None),
    ("E304", &["container-memory-above-task"], None),
    (
        "E305",
        &["memory-reservations-above-task"],
        Some(
            "ECS's answer to reservations above the task's memory is quoted in pull request 4766 of \
             cloudnativedaysjp/dreamkast-infra; a sum that counts limits as well is a warning of the same rule.",
        ),
    ),
    ("E306", &["container-cpu-above-task"], None),
    ("E307", &["memory-reservation-above-limit"], None),
    ("E308", &["container-memory-missing"], None),
    ("E309", &["container-memory-too-small"], None),
    ("E310", &["ephemeral-storage-invalid"], None),
    ("E311", &["health-check-invalid", "health-check-never-passes"], None),
    ("E312", &["required-key-missing", "restart-policy-invalid"], None),
    ("E313", &["timeout-out-of-range"], None),
    ("E314", &["ulimit-invalid", "wrong-enum-value"], None),
    ("E315", &["environment-file-invalid", "wrong-enum-value"], None),
    // Where the task runs.
    (
        "E401",
        &[
            "fargate-size-missing",
            "inference-accelerator-retired",
            "timeout-out-of-range",
            "tmpfs-on-fargate",
            "unsupported-in-awsvpc",
            "unsupported-on-fargate",
        ],
        None,
    ),
    ("E402", &["inference-accelerator-retired"], None),
    ("E403", &["unsupported-on-windows", "windows-read-only-root"], None),
    // The network.
    ("E501", &["host-port-differs"], None),
    ("E502", &["port-used-twice"], None),
    ("E503", &["port-under-two-protocols"], None),
    ("E504", &["port-range-invalid", "port-used-twice"], None),
    ("E505", &["ports-without-network"], None),
    ("E506", &["unsupported-in-awsvpc"], None),
    ("E507", &["agent-on-localhost-outside-awsvpc"], None),
    // Logs and roles.
    ("E601", &["awslogs-option-missing"], None),
    ("E602", &["awslogs-stream-prefix-missing"], None),
    ("E603", &["awslogs-option-invalid"], None),
    ("E604", &["secrets-without-execution-role"], None),
    ("E605", &["awslogs-without-execution-role"], None),
    ("E606", &["execution-role-missing"], None),
    ("E607", &["awslogs-creates-group"], None),
    // Volumes.
    ("E701", &["volume-kinds-mixed"], None),
    ("E702", &["efs-configuration-invalid"], None),
    ("E703", &["launch-volume-invalid"], None),
    ("E704", &["s3-files-without-task-role"], None),
    // What Security Hub and others look for.
    ("W101", &["root-filesystem-writable"], None),
    ("W102", &["host-network", "host-process-namespace", "privileged-container"], None),
    ("W103", &["aws-credentials-in-environment"], None),
    ("W104", &["log-configuration-missing"], None),
    ("W105", &["tags-missing"], None),
    ("W106", &["efs-not-encrypted-in-transit"], None),
    ("W107", &["root-user"], None),
    ("W108", &["api-key-in-plaintext", "secret-in-plaintext"], None),
    ("W109", &["roles-are-the-same"], None),
    ("W110", &["floating-image-tag"], None),
    ("W111", &["log-delivery-mode-unset"], None),
    ("W112", &["operating-system-unset"], None),
    // The Agent with a read-only root filesystem.
    ("D101", &["root-filesystem-writable"], None),
    ("D102", &["writable-path-not-mounted"], None),
    ("D103", &["config-volume-not-seeded", "init-container-not-awaited"], None),
    ("D104", &["agent-volume-shared", "two-agents"], None),
    ("D105", &["ecs-exec-paths-not-writable"], None),
    ("D106", &["firelens-init-image-read-only"], None),
    ("D107", &["agent-volume-not-owned"], None),
    ("D108", &["tmpfs-on-fargate"], None),
    (
        "D109",
        &["too-many-containers"],
        Some("Told where an Agent is asked for, whose containers are counted with the others."),
    ),
];

/// The entries whose fact the list only believes, or that are about our own design. Of all others it is verified.
const BELIEVED: [&str; 11] =
    ["D101", "D104", "D109", "E203", "E207", "E212", "E215", "E305", "E503", "E507", "W110"];

/// Id of every entry about a task definition, with whether its fact is verified. What begins with S is about a service's
/// rollout. None where the list is not at hand: it lies beside the repository.
fn entries() -> Option<BTreeMap<String, bool>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/facts/data/validation_rules.json");
    let text = std::fs::read_to_string(file).ok()?;
    let list: Value = serde_json::from_str(&text).expect("the list is JSON");
    let word = |entry: &Value, key: &str| entry[key].as_str().expect("an entry has words").to_owned();
    let entries = list["rules"].as_array().expect("a list").iter();
    let entries = entries.map(|entry| (word(entry, "id"), word(entry, "status") == "VERIFIED"));
    Some(entries.filter(|(id, _)| !id.starts_with('S')).collect())
}

#[test]
fn every_entry_of_the_list_has_its_row() {
    let rows: BTreeMap<String, bool> =
        COVERED_BY.iter().map(|(id, ..)| ((*id).to_owned(), !BELIEVED.contains(id))).collect();
    assert_eq!(rows.len(), COVERED_BY.len(), "an entry has two rows");
    assert_eq!(rows.values().filter(|verified| !**verified).count(), BELIEVED.len());
    if let Some(entries) = entries() {
        assert_eq!(rows, entries);
    }
}

#[test]
fn every_row_has_its_rules() {
    for (id, rules, _) in COVERED_BY {
        assert!(!rules.is_empty(), "{id} is covered by nothing");
        for rule in *rules {
            assert!(find(rule).is_some(), "{id}: there is no rule {rule}");
        }
    }
}

#[test]
fn what_is_only_believed_stops_no_plan_unless_we_know_better() {
    for (id, rules, known_better) in COVERED_BY {
        let believed = BELIEVED.contains(id);
        let stops = |rule: &&Rule| rule.severity == Severity::Error;
        let stopping: Vec<_> =
            rules.iter().filter_map(|rule| find(rule)).filter(stops).map(|rule| rule.name).collect();
        let needs_a_note = believed && !stopping.is_empty();
        assert_eq!(
            known_better.is_some(),
            needs_a_note,
            "{id}, believed: {believed}; {stopping:?} stop a plan and the row says {known_better:?}"
        );
    }
}
