//! The examples of the neutral rules, written for Kubernetes.

use super::super::tests::Examples;
use super::*;
use crate::document::Object;
use crate::rules::DocumentKind;

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
