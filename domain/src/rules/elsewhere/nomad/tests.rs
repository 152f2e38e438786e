//! The examples of the neutral rules, written for Nomad.

use super::super::tests::Examples;
use super::*;
use crate::rules::DocumentKind;

/// A task definition as a job that says the same: who is waited for is started first, and what volumes the task has are directories
/// of the allocation. Tasks that share a loopback share the network of their group.
fn in_a_job(task: &Node) -> Node {
    let definitions = task.get("containerDefinitions").items();
    let is_awaited = |definition: &Node| {
        let mut waits = definitions.iter().flat_map(|one| one.get("dependsOn").items());
        waits.any(|wait| wait.get("containerName") == definition.get("name"))
    };
    let is_declared = |name: &str| {
        let volumes = task.get("volumes").items();
        !volumes.iter().any(|volume| volume.get("name").as_str() == Some(name))
    };
    let tasks = definitions.iter().filter_map(|definition| {
        let Node::Object(mut members) = definition.clone() else { return None };
        members.insert("essential".to_owned(), (!is_awaited(definition)).into());
        nomad::task_of(&Node::Object(members), "shop", &is_declared)
    });
    let network = Node::from([("mode", "bridge".into())]);
    let group = Node::from([("task", tasks.collect::<Vec<_>>().into()), ("network", vec![network].into())]);
    let job = Node::from([("group", vec![Node::from([("web", group)])].into())]);
    Node::from([("job", vec![Node::from([("shop", job)])].into())])
}

const EXAMPLES: Examples = Examples {
    kind: DocumentKind::Nomad,
    written: in_a_job,
    left_out: &[
        ("dependency-cycle", "the life of an allocation is an order, and no order has a cycle"),
        ("dependency-target-missing", "nothing is waited for by its name"),
        ("duplicate-variable", "a block has no key twice"),
        ("placeholder-left", "the example is the role of a task"),
    ],
    // What kind of volume is meant, only its author knows.
    without_a_line: &["mount-without-volume"],
    places: &["job[0].shop.group[0].web.task["],
};

#[test]
fn what_a_neutral_rule_finds_in_a_task_it_finds_in_the_same_workload_of_nomad() {
    EXAMPLES.failing_ones_fail();
}

#[test]
fn what_a_neutral_rule_lets_pass_in_a_task_no_rule_finds_in_nomad() {
    EXAMPLES.passing_ones_pass();
}

#[test]
fn a_line_to_write_mends_a_job_of_nomad() {
    EXAMPLES.lines_to_write_mend();
}

/// The wording on Nomad, so that a change of it is seen in a review.
#[test]
fn what_the_rules_say_of_nomad_is_on_record() {
    let said = EXAMPLES.messages();
    expect_test::expect_file!["../../../../../tests/golden/rules/messages_nomad.txt"].assert_eq(&said);
}

#[test]
fn a_misspelt_key_of_the_api_has_a_way_out() {
    EXAMPLES.a_misspelt_key_has_a_way_out();
}

#[test]
fn a_line_of_a_template_is_its_authors_to_take_out() {
    let task = |inside: &str| {
        format!(
            "job \"shop\" {{\n  group \"web\" {{\n    task \"db\" {{\n      driver = \"docker\"\n{inside}    }}\n  }}\n}}\n"
        )
    };
    let in_a_template = task(
        "      template {\n        env = true\n        destination = \"local/x.env\"\n        data = \"DB_PASSWORD=hunter2-and-3\"\n      }\n",
    );
    let in_env = task("      env {\n        DB_PASSWORD = \"hunter2-and-3\"\n      }\n");
    for (text, says, not) in [
        (in_a_template, "Take its line out of the template as well.", "Remove "),
        (in_env, "Remove \"DB_PASSWORD\" from", "out of the template"),
    ] {
        let document = hcl::read(&text, nomad::is_left_for_the_client).unwrap().node;
        let judgement = super::super::judge_document(DocumentKind::Nomad, &document, None);
        let found = judgement.findings.iter().find(|one| one.rule == "secret-in-plaintext").unwrap();
        let fix = found.fix_text();
        assert!(fix.contains(says) && !fix.contains(not) && !fix.contains("hunter2"), "{fix}");
    }
}
