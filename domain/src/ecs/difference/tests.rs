use proptest::prelude::*;

use super::*;
use crate::document::parse;
use crate::ecs::sample::made;

fn sentences(before: &str, after: &str) -> Vec<String> {
    let document = |text| parse(text).expect("JSON");
    differences(&document(before), &document(after)).iter().map(ToString::to_string).collect()
}

fn in_container(before: &str, after: &str) -> Vec<String> {
    let task = |members: &str| format!(r#"{{"containerDefinitions":[{{"name":"app",{members}}}]}}"#);
    sentences(&task(before), &task(after))
}

#[test]
fn documents_of_one_meaning_do_not_differ() {
    assert!(
        sentences(
            r#"{"cpu":"1 vCPU","containerDefinitions":[{"name":"b"},{"name":"a","essential":true}]}"#,
            r#"{"cpu":1024,"containerDefinitions":[{"name":"a"},{"name":"b","environment":[]}],"revision":7}"#
        )
        .is_empty()
    );
}

#[test]
fn values_that_cannot_be_a_secret_are_shown() {
    assert_eq!(
        in_container(
            r#""image":"a:1","memory":512,"readonlyRootFilesystem":false,"healthCheck":{"command":["a"]}"#,
            r#""image":"a:2","memory":1024,"readonlyRootFilesystem":true,"healthCheck":{"command":["a"],"interval":10}"#
        ),
        [
            "app: healthCheck interval not set → 10",
            "app: image a:1 → a:2",
            "app: memory 512 → 1024",
            "app: readonlyRootFilesystem not set → true",
        ]
    );
    assert_eq!(
        sentences(r#"{"cpu":"256","networkMode":"host"}"#, r#"{"cpu":".5 vCPU","networkMode":"awsvpc"}"#),
        ["cpu 256 → 512", "networkMode host → awsvpc"]
    );
}

#[test]
fn items_are_matched_by_name() {
    assert_eq!(
        in_container(
            r#""mountPoints":[{"sourceVolume":"a","containerPath":"/a"},{"sourceVolume":"b","containerPath":"/b"}],
               "portMappings":[{"containerPort":80}],"dependsOn":[{"containerName":"i","condition":"START"}],
               "linuxParameters":{"capabilities":{"drop":["ALL"]}}"#,
            r#""mountPoints":[{"sourceVolume":"t","containerPath":"/tmp"},{"sourceVolume":"b","containerPath":"/b","readOnly":true}],
               "portMappings":[{"containerPort":80},{"containerPort":8125,"protocol":"udp"}],
               "dependsOn":[{"containerName":"i","condition":"SUCCESS"}],
               "linuxParameters":{"capabilities":{"drop":["ALL"],"add":["SYS_PTRACE"]}}"#
        ),
        [
            "app: dependency on i condition START → SUCCESS",
            "app: + linuxParameters capabilities add SYS_PTRACE",
            "app: - mount /a",
            "app: mount /b readOnly not set → true",
            "app: + mount /tmp",
            "app: + port 8125/udp",
        ]
    );
    assert_eq!(
        sentences(
            r#"{"containerDefinitions":[{"name":"a"},{"name":"b"}],"volumes":[{"name":"v"}],"requiresCompatibilities":["EC2"]}"#,
            r#"{"containerDefinitions":[{"name":"c"},{"name":"b"}],"volumes":[{"name":"v","host":{"sourcePath":"/v"}},{"name":"w"}]}"#
        ),
        ["- container a", "+ container c", "- requiresCompatibilities EC2", "+ volume v host", "+ volume w"]
    );
}

#[test]
fn values_that_may_be_a_secret_are_never_shown() {
    let side = |secret: &str| {
        format!(
            r#""environment":[{{"name":"LOG_LEVEL","value":"{secret}"}},{{"name":"{secret}-name","value":"x"}}],
            "secrets":[{{"name":"KEY","valueFrom":"{secret}"}}],"command":["{secret}"],"dockerLabels":{{"l":"{secret}"}},
            "logConfiguration":{{"logDriver":"awsfirelens","options":{{"apikey":"{secret}"}},
            "secretOptions":[{{"name":"o","valueFrom":"{secret}"}}]}},"healthCheck":{{"command":["{secret}"]}},
            "repositoryCredentials":{{"credentialsParameter":"{secret}"}},"cpu":"{secret}","custom":"{secret}",
            "environmentFiles":{{"{secret}":1}},"memory":["{secret}"]"#
        )
    };
    let shown = in_container(&side("hunter2"), &side("hunter3"));
    assert_eq!(
        shown,
        [
            "app: command changed",
            "app: cpu changed",
            "app: custom changed",
            "app: dockerLabels l changed",
            "app: environment LOG_LEVEL changed",
            "app: - environment hunter2-name",
            "app: + environment hunter3-name",
            "app: environmentFiles changed",
            "app: healthCheck command changed",
            "app: logConfiguration options apikey changed",
            "app: log secret o changed",
            "app: memory changed",
            "app: repositoryCredentials credentialsParameter changed",
            "app: secret KEY changed",
        ]
    );
}

#[test]
fn another_order_is_a_difference_where_the_order_counts() {
    assert_eq!(
        in_container(
            r#""environmentFiles":[{"value":"a","type":"s3"},{"value":"b","type":"s3"}]"#,
            r#""environmentFiles":[{"value":"b","type":"s3"},{"value":"a","type":"s3"}]"#
        ),
        ["app: environmentFiles changed"]
    );
    assert_eq!(
        in_container(
            r#""environment":[{"name":"A","value":"1"},{"name":"A","value":"2"}]"#,
            r#""environment":[{"name":"A","value":"2"},{"name":"A","value":"1"}]"#
        ),
        ["app: environment A changed", "app: environment A changed"]
    );
}

#[test]
fn a_value_that_is_not_known_yet_is_named_as_that() {
    let before =
        parse(r#"{"containerDefinitions":[{"name":"app","image":"a:1","links":["x"]}]}"#).expect("JSON");
    let mut after = before.clone();
    let Node::Object(members) = &mut after else { panic!("an object") };
    members.insert(
        "containerDefinitions".to_owned(),
        Node::Array(vec![Node::from([
            ("name", "app".into()),
            ("image", Node::Unknown),
            ("links", Node::Unknown),
        ])]),
    );
    let shown: Vec<_> = differences(&before, &after).iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["app: image a:1 → (known after apply)", "app: links changed"]);
    let whole = differences(&before, &Node::Unknown);
    assert_eq!(whole[0].to_string(), "task definition changed");
}

#[test]
fn a_place_is_told_by_names() {
    let document = |text| parse(text).expect("JSON");
    let found = differences(
        &document(
            r#"{"containerDefinitions":[{"name":"b"},{"name":"app","environment":[{"name":"A","value":"1"}]}]}"#,
        ),
        &document(
            r#"{"containerDefinitions":[{"name":"app","environment":[{"name":"A","value":"2"}]},{"name":"b"}]}"#,
        ),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path.to_string(), "containerDefinitions.app.environment.A");
    assert_eq!(found[0].container.as_deref(), Some("app"));
}

#[test]
fn a_name_stays_on_one_line() {
    assert_eq!(
        in_container(r#""cpu":1"#, r#""cpu":1,"dockerLabels":{"a\nb":"c"},"workingDirectory":"/a\nb""#),
        ["app: + dockerLabels a\u{fffd}b", "app: + workingDirectory"]
    );
}

proptest! {
    #[test]
    fn every_change_of_a_value_is_reported_and_another_order_is_not(seed: u64) {
        let (mut maker, document) = made(seed, false);
        let before = canonical(&document);
        let mut after = before.clone();
        maker.shuffle(shapes::task_definition(), &mut after);
        prop_assert_eq!(differences(&before, &after), []);
        prop_assume!(maker.change(&mut after));
        prop_assert!(!differences(&before, &after).is_empty());
        prop_assert!(!differences(&after, &before).is_empty());
    }

    #[test]
    fn two_documents_differ_as_much_in_one_direction_as_in_the_other(one: u64, other: u64) {
        let (one, other) = (made(one, true).1, made(other, true).1);
        prop_assert_eq!(differences(&one, &other).len(), differences(&other, &one).len());
        prop_assert_eq!(differences(&one, &one), []);
    }
}
