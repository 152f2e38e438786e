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
            "requiresAttributes: left out: ECS sets it and does not accept it in a request",
            "revision: left out: ECS sets it and does not accept it in a request",
            "taskDefinitionArn: left out: ECS sets it and does not accept it in a request",
        ]
    );
}

#[test]
fn what_aws_adds_to_a_description_is_of_its_form_and_a_mistake_in_a_request() {
    let kinds = |text: &str| -> Vec<NoteKind> {
        read(parse(text).unwrap()).unwrap().notes.iter().map(|note| note.kind).collect()
    };
    let described = r#"{"taskDefinition": {"status": "ACTIVE", "containerDefinitions": []},
                        "tags": [{"key": "aws:by", "value": "x"}, {"key": "AWS:by"}, {"key": "team"}]}"#;
    assert_eq!(kinds(described), [NoteKind::Form; 2]);
    assert!(reading(described).0.ends_with(r#""tags":[{"key":"team"}]}"#), "{}", reading(described).0);
    let written = r#"{"status": "ACTIVE", "containerDefinitions": [], "tags": [{"key": "aws:by"}]}"#;
    assert_eq!(kinds(written), [NoteKind::LeftOut]);
    assert!(reading(written).0.contains("aws:by"));
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

/// What a text is written as, with its notes.
fn written(text: &str) -> (String, Vec<Note>) {
    let reading = read_to_write(parse(text).expect("JSON")).expect("a task definition");
    (to_json(&reading.document).expect("known"), reading.notes)
}

fn told(notes: &[Note]) -> Vec<String> {
    notes.iter().map(|note| format!("{}: {}", note.path, note.text)).collect()
}

#[test]
fn keys_that_differ_in_case_are_the_keys_they_mean_for_who_writes() {
    let text = r#"[{"name":"a","healthcheck":{"Command":["CMD","true"]},"EntryPoint":[],"MountPoints":null,
        "dockerLabels":{"Name":"x"},"user":"1","USER":"1","image":"i","Image":"j","mount_points":[]}]"#;
    let (document, notes) = written(text);
    assert_eq!(
        document,
        r#"{"containerDefinitions":[{"Image":"j","dockerLabels":{"Name":"x"},"entryPoint":[],"healthCheck":{"command":["CMD","true"]},"image":"i","mount_points":[],"name":"a","user":"1"}]}"#
    );
    assert_eq!(
        told(&notes),
        [
            "containerDefinitions[0].MountPoints: left out: it is null, which is the same as not written",
            "containerDefinitions[0].entryPoint: written as EntryPoint, which ECS spells entryPoint",
            "containerDefinitions[0].user: written as USER, which ECS spells user",
            "containerDefinitions[0].healthCheck: written as healthcheck, which ECS spells healthCheck",
            "containerDefinitions[0].healthCheck.command: written as Command, which ECS spells command",
        ]
    );
    assert!(notes.iter().all(Note::is_quiet));
    let (judged, _, _) = reading(r#"[{"name":"a","healthcheck":{}}]"#);
    assert_eq!(judged, r#"{"containerDefinitions":[{"healthcheck":{},"name":"a"}]}"#);
}

/// A document that holds this value at every place of that structure and member, and the same without the value.
fn with_member(structure: &str, member: &str, value: &Node) -> (Node, Node) {
    fn fill(structure: &'static Structure, name: &str, member: &str, value: &Node) -> (Node, Node) {
        let (mut with, mut without) = (Object::new(), Object::new());
        if structure.name == name {
            with.insert(member.to_owned(), value.clone());
        }
        for inner in structure.members {
            let Some(shape) = inner.kind.structure().filter(|shape| leads_to(shape, name)) else { continue };
            let (one, other) = fill(shape, name, member, value);
            let wrap = |node: Node| match inner.kind {
                Kind::List(_) => Node::Array(vec![node]),
                _ => node,
            };
            with.insert(inner.key.to_owned(), wrap(one));
            without.insert(inner.key.to_owned(), wrap(other));
        }
        // Something to be there besides.
        for object in [&mut with, &mut without] {
            object.insert("name".to_owned(), "x".into());
        }
        (Node::Object(with), Node::Object(without))
    }
    fn leads_to(structure: &'static Structure, name: &str) -> bool {
        structure.name == name
            || structure.members.iter().filter_map(|m| m.kind.structure()).any(|inner| leads_to(inner, name))
    }
    let (mut with, mut without) = fill(shapes::task_definition(), structure, member, value);
    for node in [&mut with, &mut without] {
        if let Node::Object(members) = node
            && !members.contains_key("containerDefinitions")
        {
            members.insert("containerDefinitions".to_owned(), Node::Array(Vec::new()));
        }
    }
    (with, without)
}

#[test]
fn every_value_that_hashicorp_aws_leaves_out_is_left_out_with_a_note_and_judged_where_it_stands() {
    let empty_choices = shapes::structures().iter().flat_map(|structure| {
        let choices = structure
            .members
            .iter()
            .filter(|m| !m.required && !m.values.is_empty() && matches!(m.kind, Kind::String));
        choices.map(|member| (structure.name, member.key, Node::from("")))
    });
    let rows = lenient::UNSET.iter().flat_map(|row| {
        let is_list = matches!(
            shapes::structures().iter().find(|s| s.name == row.structure).and_then(|s| s.member(row.member)),
            Some(shapes::Member { kind: Kind::List(_), .. })
        );
        let value = match row.value {
            lenient::Zero::Text => Node::from(""),
            lenient::Zero::Number => Node::from(0),
            lenient::Zero::False => Node::from(false),
            lenient::Zero::Empty if is_list => Node::Array(Vec::new()),
            lenient::Zero::Empty => Node::Object(Object::new()),
        };
        assert!(!row.source.is_empty());
        [(row.structure, row.member, value)]
    });
    for (structure, member, value) in rows.chain(empty_choices) {
        let (with, without) = with_member(structure, member, &value);
        assert_ne!(with, without, "{structure}.{member} is nowhere");
        let reading = read_to_write(with.clone()).expect("a task definition");
        assert_eq!(reading.document, without, "{structure}.{member}");
        let [note] = reading.notes.as_slice() else { panic!("{:?}", reading.notes) };
        assert!(note.is_quiet() && note.path.to_string().ends_with(member), "{note:?}");
        assert_eq!(read(with.clone()).expect("a task definition").document, with, "{structure}.{member}");
    }
}

#[test]
fn empty_elements_of_the_eleven_lists_are_left_out_and_of_others_they_stay() {
    for list in lenient::SPARSE {
        let text = format!(r#"[{{"name":"a","{list}":[null,{{}},{{"name":null}}]}}]"#);
        let (document, notes) = written(&text);
        let expected = format!(r#"[{{"name":"a","{list}":[]}}]"#);
        assert_eq!(document, written(&expected).0);
        assert_eq!(notes.len(), 3);
        assert!(notes.iter().all(|note| note.kind == NoteKind::Element));
    }
    for other in [r#""command":[null]"#, r#""linuxParameters":{"devices":[{}],"tmpfs":[null]}"#] {
        let text = format!(r#"{{"containerDefinitions":[{{{other},"name":"a"}},null]}}"#);
        assert_eq!(written(&text).0, text);
    }
    let ports = r#"[{"name":"a","portMappings":[{"protocol":""},{"containerPort":80,"protocol":""}]}]"#;
    assert_eq!(
        written(ports).0,
        r#"{"containerDefinitions":[{"name":"a","portMappings":[{"containerPort":80}]}]}"#
    );
}

#[test]
fn a_pair_without_a_value_is_left_out() {
    let text = r#"{"containerDefinitions":[{"environment":[{"name":"A","value":null},{"name":"B","value":""}]}],
        "proxyConfiguration":{"properties":[{"name":"AppPorts"},{"name":"IgnoredUID","value":"1"}]}}"#;
    let (document, notes) = written(text);
    assert_eq!(
        document,
        r#"{"containerDefinitions":[{"environment":[{"name":"B","value":""}]}],"proxyConfiguration":{"properties":[{"name":"IgnoredUID","value":"1"}]}}"#
    );
    assert_eq!(notes.len(), 2);
}

#[test]
fn places_are_told_as_they_were_written() {
    let text = r#"[{"name":"a","environment":[{},{"name":"A","value":1},null,null,{"name":"B","value":2}]}]"#;
    let (_, notes) = written(text);
    let left_out = LeftOut::of(&notes);
    let at = |index| Path::default().key("containerDefinitions").index(0).key("environment").index(index);
    for (index, as_written) in [(0, 1), (1, 4), (2, 5)] {
        assert_eq!(left_out.as_written(&at(index).key("value")), at(as_written).key("value"));
    }
    let elsewhere = Path::default().key("containerDefinitions").index(0).key("command").index(3);
    assert_eq!(left_out.as_written(&elsewhere), elsewhere);
}

#[test]
fn keys_that_stand_twice_are_noted_at_their_place() {
    let text = r#"[{"name":"a","user":"1","user":"1"}]"#;
    let (node, repeated) = crate::document::parse_noting(text).expect("JSON");
    let reading = read_to_write(node).expect("containers").with_repeated(repeated);
    assert_eq!(
        told(&reading.notes),
        ["containerDefinitions[0].user: written more than once, with one value"]
    );
}

proptest::proptest! {
    #[test]
    fn reading_to_write_keeps_the_meaning_and_is_done_once(seed: u64, unknowns: bool) {
        let (_, mut document) = crate::ecs::sample::made(seed, unknowns);
        if let Node::Object(members) = &mut document
            && members.get("containerDefinitions").is_none_or(Node::is_null)
        {
            members.insert("containerDefinitions".to_owned(), Node::Array(Vec::new()));
        }
        let once = read_to_write(document.clone()).expect("a task definition").document;
        proptest::prop_assert_eq!(crate::ecs::canonical(&once), crate::ecs::canonical(&document));
        let twice = read_to_write(once.clone()).expect("a task definition");
        proptest::prop_assert_eq!((twice.document, twice.notes.len()), (once, 0));
    }
}
