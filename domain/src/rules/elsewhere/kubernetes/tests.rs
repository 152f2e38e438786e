//! The examples of the neutral rules, written for Kubernetes.

use super::super::tests::Examples;
use super::*;
use crate::document::Object;
use crate::rules::{DocumentKind, form_of, judge_document};

/// A task definition as a Pod that says the same: who is waited for is an init container.
fn in_a_pod(task: &Node) -> Node {
    let definitions = task.get("containerDefinitions").items();
    let is_awaited = |definition: &Node| {
        let mut waits = definitions.iter().flat_map(|one| one.get("dependsOn").items());
        waits.any(|wait| wait.get("containerName") == definition.get("name"))
    };
    let (init, beside): (Vec<&Node>, Vec<&Node>) = definitions.iter().partition(|one| is_awaited(one));
    let containers = |definitions: Vec<&Node>| -> Node {
        definitions.into_iter().filter_map(kubernetes::container_of).collect::<Vec<_>>().into()
    };
    let volume = |volume: &Node| {
        Node::from([("name", volume.get("name").clone()), ("emptyDir", Node::Object(Object::new()))])
    };
    let volumes: Vec<Node> = task.get("volumes").items().iter().map(volume).collect();
    let spec = [
        ("initContainers", containers(init)),
        ("containers", containers(beside)),
        ("volumes", volumes.into()),
    ];
    Node::from([("apiVersion", "v1".into()), ("kind", "Pod".into()), ("spec", Node::from(spec))])
}

const OPEN_TO_ALL: &str = "every user can write to an emptyDir; a claim of the Pod's is tried below";

const EXAMPLES: Examples = Examples {
    kind: DocumentKind::Kubernetes,
    written: in_a_pod,
    left_out: &[
        ("agent-volume-not-owned", OPEN_TO_ALL),
        ("dependency-cycle", "the lists of containers are an order, and no order has a cycle"),
        ("dependency-target-missing", "nothing is waited for by its name"),
        ("init-container-cannot-write", OPEN_TO_ALL),
        ("placeholder-left", "the example is the role of a task"),
    ],
    // The order of containers is that of their lists.
    without_a_line: &["init-container-not-awaited"],
    places: &["spec.initContainers[", "spec.containers[", "spec.volumes["],
};

#[test]
fn what_a_neutral_rule_finds_in_a_task_it_finds_in_the_same_workload_of_kubernetes() {
    EXAMPLES.failing_ones_fail();
}

#[test]
fn what_a_neutral_rule_lets_pass_in_a_task_no_rule_finds_in_kubernetes() {
    EXAMPLES.passing_ones_pass();
}

#[test]
fn a_line_to_write_mends_a_manifest_of_kubernetes() {
    EXAMPLES.lines_to_write_mend();
}

/// What a Pod claims for itself is root's, and what the kubelet makes for it is everybody's.
#[test]
fn another_user_than_root_can_write_to_an_empty_dir() {
    let claim = r#""ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}}}"#;
    for name in ["agent-volume-not-owned", "init-container-cannot-write"] {
        let rule = crate::rules::find(name).unwrap();
        let empty = (EXAMPLES.written)(&rule.failing.document());
        assert!(!EXAMPLES.found(&empty).contains(&name), "{name}");
        let text = crate::document::to_json(&empty).unwrap();
        let claimed = crate::document::parse(&text.replace(r#""emptyDir":{}"#, claim)).unwrap();
        assert!(EXAMPLES.found(&claimed).contains(&name), "{name}");
    }
}

/// The wording on Kubernetes, so that a change of it is seen in a review.
#[test]
fn what_the_rules_say_of_kubernetes_is_on_record() {
    expect_test::expect_file!["../../../../../tests/golden/rules/messages_kubernetes.txt"]
        .assert_eq(&EXAMPLES.messages());
}

#[test]
fn a_misspelt_key_of_the_api_has_a_way_out() {
    EXAMPLES.a_misspelt_key_has_a_way_out();
}

/// What the rules of these names say of a manifest, and which of them they leave open.
fn told(manifest: &str, rules: &[&str]) -> (Vec<String>, Vec<&'static str>) {
    let document = yaml::read(manifest).unwrap_or_else(|problems| panic!("{manifest}: {problems:?}")).node;
    let judgement = judge_document(DocumentKind::Kubernetes, &document, None);
    let findings = judgement.findings.iter().filter(|finding| rules.contains(&finding.rule));
    let said = findings.map(|finding| finding.fix_in(form_of(DocumentKind::Kubernetes))).collect();
    (said, judgement.undecided.iter().copied().filter(|rule| rules.contains(rule)).collect())
}

/// The other containers of the Pod run as who its `securityContext` names.
#[test]
fn the_user_of_the_agent_is_said_of_its_container_and_not_of_the_pod() {
    let manifest = "apiVersion: v1\nkind: Pod\nspec:\n  securityContext: {runAsUser: 1000}\n  containers:\n  - {name: web, image: web:1}\n  \
                    - {name: datadog-agent, image: datadog/agent:7.81.1}\n";
    let (said, _) = told(manifest, &["agent-user-unsupported"]);
    assert!(
        matches!(said.as_slice(), [said] if said.contains("runAsUser: 100 in spec.containers[1].securityContext")),
        "{said:?}"
    );
}

/// Nobody reads in a manifest what the kubelet fills in.
#[test]
fn what_a_field_or_a_config_map_says_leaves_no_rule_about_texts_open() {
    let texts = ["placeholder-left", "secret-in-plaintext"];
    for source in [
        "fieldRef: {fieldPath: status.hostIP}",
        "configMapKeyRef: {name: a, key: b}",
        "resourceFieldRef: {resource: limits.cpu}",
    ] {
        let manifest = format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: web\n    image: web:1\n    env:\n    \
             - {{name: A, valueFrom: {{{source}}}}}\n"
        );
        assert_eq!(told(&manifest, &texts), (Vec::new(), Vec::new()), "{source}");
    }
}

/// What a patch is put over has the volumes that it does not name.
#[test]
fn a_patch_is_not_asked_for_the_volumes_of_the_whole() {
    let manifest = |selector: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n{selector}  template:\n    spec:\n      containers:\n      - name: web\n        \
             image: web:1\n        volumeMounts: [{{name: files, mountPath: /files}}]\n"
        )
    };
    let rule = ["mount-without-volume"];
    assert_eq!(told(&manifest(""), &rule), (Vec::new(), rule.to_vec()));
    assert_eq!(told(&manifest("  selector: {matchLabels: {app: web}}\n"), &rule).0.len(), 1);
}
