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

const EXAMPLES: Examples = Examples {
    kind: DocumentKind::Kubernetes,
    written: in_a_pod,
    left_out: &[
        ("dependency-cycle", "the lists of containers are an order, and no order has a cycle"),
        ("dependency-target-missing", "nothing is waited for by its name"),
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

/// The wording on Kubernetes, so that a change of it is seen in a review.
#[test]
fn what_the_rules_say_of_kubernetes_is_on_record() {
    expect_test::expect_file!["../../../../tests/golden/rules/messages_kubernetes.txt"]
        .assert_eq(&EXAMPLES.messages());
}
