use super::*;
use crate::document::{parse, to_json};

/// What a text is read as, with its form and its notes.
fn reading(text: &str) -> (String, Form, Vec<String>) {
    let reading = read(parse(text).expect("JSON")).expect("a task definition");
    let notes = reading.notes.iter().map(|note| format!("{}: {}", note.path, note.text)).collect();
    (to_json(&reading.document).expect("known"), reading.form, notes)
}

fn problem(text: &str) -> InputProblem {
    read(parse(text).expect("JSON")).expect_err("a problem")
}

#[test]
fn a_bare_list_becomes_container_definitions() {
    let (document, form, notes) = reading(r#"[{"name":"app","image":"nginx"}]"#);
    assert_eq!(document, r#"{"containerDefinitions":[{"image":"nginx","name":"app"}]}"#);
    assert_eq!((form, notes.len()), (Form::ContainerList, 0));
}

#[test]
fn a_document_in_the_right_shape_is_left_as_it_is() {
    for (text, expected) in [
        (r#"{"containerDefinitions":[{"command":[],"essential":true,"name":"a"}]}"#, Form::Containers),
        (r#"{"containerDefinitions":[],"cpu":"256","family":"f","memory":"512"}"#, Form::TaskDefinition),
    ] {
        let (document, form, notes) = reading(text);
        assert_eq!((document.as_str(), form, notes.len()), (text, expected, 0));
    }
}

#[test]
fn a_description_loses_what_ecs_sets_and_keeps_its_tags() {
    let (document, form, notes) = reading(
        r#"{"taskDefinition":{"taskDefinitionArn":"arn","revision":3,"family":"f","containerDefinitions":[],
            "requiresAttributes":[]},"tags":[{"key":"a","value":"b"}],"ResponseMetadata":{}}"#,
    );
    assert_eq!(document, r#"{"containerDefinitions":[],"family":"f","tags":[{"key":"a","value":"b"}]}"#);
    assert_eq!(form, Form::Description);
    assert_eq!(
        notes,
        [
            "ResponseMetadata: left out: it stands beside the task definition, not in it",
            "requiresAttributes: left out: ECS sets it and does not take it back",
            "revision: left out: ECS sets it and does not take it back",
            "taskDefinitionArn: left out: ECS sets it and does not take it back",
        ]
    );
}

#[test]
fn a_description_without_its_wrapper_is_recognized() {
    let (document, form, _) = reading(r#"{"containerDefinitions":[],"family":"f","status":"ACTIVE"}"#);
    assert_eq!((document.as_str(), form), (r#"{"containerDefinitions":[],"family":"f"}"#, Form::Description));
}

#[test]
fn cloud_formation_is_spelt_as_the_api_spells() {
    let (document, form, notes) = reading(
        r#"{"Type":"AWS::ECS::TaskDefinition","Properties":{"Family":"f","Cpu":256,"ContainerDefinitions":[
            {"Name":"a","ReadonlyRootFilesystem":"true","DockerLabels":{"Name":"Cpu"},"Bogus":1,
             "PortMappings":[{"ContainerPort":"80"}]}],
            "ProxyConfiguration":{"ContainerName":"e","ProxyConfigurationProperties":[{"Name":"n","Value":"v"}]},
            "Volumes":[{"Name":"v","EFSVolumeConfiguration":{"FilesystemId":"fs","AuthorizationConfig":{"IAM":"ENABLED"}}}]}}"#,
    );
    assert_eq!(
        document,
        r#"{"containerDefinitions":[{"Bogus":1,"dockerLabels":{"Name":"Cpu"},"name":"a","portMappings":[{"containerPort":80}],"readonlyRootFilesystem":true}],"cpu":"256","family":"f","proxyConfiguration":{"containerName":"e","properties":[{"name":"n","value":"v"}]},"volumes":[{"efsVolumeConfiguration":{"authorizationConfig":{"iam":"ENABLED"},"fileSystemId":"fs"},"name":"v"}]}"#
    );
    assert_eq!(form, Form::CloudFormation);
    for expected in [
        "Type: left out: it is the resource's, not the task definition's",
        "containerDefinitions[0].name: written as Name, CloudFormation's spelling",
        "containerDefinitions[0].portMappings[0].containerPort: a number written as text was read as the number",
        "proxyConfiguration.properties: written as ProxyConfigurationProperties, CloudFormation's spelling",
    ] {
        assert!(notes.iter().any(|note| note == expected), "{expected} in {notes:#?}");
    }
}

#[test]
fn a_bare_list_in_cloud_formation_spelling_is_recognized() {
    let (document, form, _) = reading(r#"[{"Name":"a","Image":"b"}]"#);
    assert_eq!(
        (document.as_str(), form),
        (r#"{"containerDefinitions":[{"image":"b","name":"a"}]}"#, Form::CloudFormation)
    );
}

#[test]
fn two_spellings_of_one_key_both_stay_for_a_rule_to_name() {
    let (document, _, _) = reading(r#"{"ContainerDefinitions":[{"Name":"a","name":"b"}]}"#);
    assert_eq!(document, r#"{"containerDefinitions":[{"Name":"a","name":"b"}]}"#);
}

#[test]
fn every_conversion_is_noted_with_its_place() {
    let (document, _, notes) = reading(
        r#"{"family":"f","cpu":".25 vCPU","memory":1024,"containerDefinitions":[{"name":"a","memory":"1 GB","cpu":10.0,
            "essential":"false","environment":[{"name":"PORT","value":8126},{"name":"ON","value":true}],
            "dockerLabels":{"cpu":"1 vCPU","n":1},"user":null,"links":[null]}]}"#,
    );
    assert_eq!(
        document,
        r#"{"containerDefinitions":[{"cpu":10,"dockerLabels":{"cpu":"1 vCPU","n":"1"},"environment":[{"name":"PORT","value":"8126"},{"name":"ON","value":"true"}],"essential":false,"links":[null],"memory":1024,"name":"a"}],"cpu":"256","family":"f","memory":"1024"}"#
    );
    let places: Vec<_> = notes.iter().map(|note| note.split(": ").next().expect("a path")).collect();
    assert_eq!(
        places,
        [
            "containerDefinitions[0].user",
            "containerDefinitions[0].cpu",
            "containerDefinitions[0].dockerLabels.n",
            "containerDefinitions[0].environment[0].value",
            "containerDefinitions[0].environment[1].value",
            "containerDefinitions[0].essential",
            "containerDefinitions[0].memory",
            "cpu",
            "memory",
        ]
    );
    assert!(notes.iter().all(|note| !note.contains("8126")));
}

#[test]
fn what_the_table_does_not_know_stays() {
    let text = r#"{"containerDefinitions":[{"enviroment":null,"image":{"Ref":"X"},"name":7.5}],"containerdefinitions":1}"#;
    let (document, _, _) = reading(text);
    assert_eq!(document, text.replace("7.5", r#""7.5""#));
}

#[test]
fn what_is_not_known_yet_stays_unknown() {
    let whole = read(Node::Unknown).expect("undecided");
    assert_eq!((whole.document, whole.form), (Node::Unknown, Form::Unknown));
    let container =
        Node::from([("name", "a".into()), ("memory", Node::Unknown), ("environment", Node::Unknown)]);
    let reading = read(Node::Array(vec![container.clone(), Node::Unknown])).expect("containers");
    assert_eq!(reading.document.get("containerDefinitions").items(), [container, Node::Unknown]);
    let description = read(Node::from([("taskDefinition", Node::Unknown)])).expect("undecided");
    assert_eq!(description.form, Form::Unknown);
}

#[test]
fn what_is_no_task_definition_is_told_apart() {
    assert_eq!(problem(r#"{"name":"a","image":"b"}"#), InputProblem::OneContainer);
    assert_eq!(problem(r#"{"family":"f"}"#), InputProblem::NoContainers);
    assert_eq!(problem(r#"{"taskDefinition":"family:3","cluster":"c"}"#), InputProblem::NotTheDefinition);
    assert_eq!(problem(r#"{"taskDefinition":{"family":"f"}}"#), InputProblem::NoContainers);
    assert_eq!(problem(r#"{"containerDefinitions":null,"image":"b"}"#), InputProblem::OneContainer);
    for text in [
        r#"{"containerDefinitions":null}"#,
        r#"{"ContainerDefinitions":null}"#,
        r#"{"taskDefinition":{"containerDefinitions":null}}"#,
    ] {
        assert_eq!(problem(text), InputProblem::NoContainers, "{text}");
    }
    for text in ["null", "true", "7", r#""containerDefinitions""#] {
        assert_eq!(problem(text), InputProblem::NeitherListNorObject, "{text}");
    }
}

#[test]
fn reading_twice_changes_nothing_more() {
    let once = read(parse(r#"[{"Name":"a","Cpu":"1 vCPU","Essential":"TRUE","User":null}]"#).expect("JSON"));
    let once = once.expect("containers").document;
    let twice = read(once.clone()).expect("containers");
    assert_eq!((twice.document, twice.notes.len()), (once, 0));
}
