use super::*;
use crate::document::{Path, to_json};

/// Kind, name and text of each document.
fn found(text: &str) -> Vec<String> {
    let found = Found::read(text, Language::Either).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let documents = found.documents.iter().map(|document| {
        let name = document.name.as_deref().unwrap_or("-");
        format!("{:?} {name} {}", document.kind, to_json(&marked(&document.node)).unwrap())
    });
    documents.collect()
}

fn marked(node: &Node) -> Node {
    match node {
        Node::Unknown => "?".into(),
        Node::Array(items) => items.iter().map(marked).collect::<Vec<_>>().into(),
        Node::Object(members) => members.iter().map(|(key, member)| (key.clone(), marked(member))).collect(),
        other => other.clone(),
    }
}

#[test]
fn documents_are_told_by_what_they_say() {
    for (text, expected) in [
        (r#"[{"name":"a","image":"b","memory":1}]"#, "TaskDefinition -"),
        (r#"[{"Name":"a","Image":"b","Essential":true}]"#, "TaskDefinition -"),
        (r#"{"containerDefinitions":[]}"#, "TaskDefinition -"),
        (r#"{"taskDefinition":{"containerDefinitions":[]},"tags":[]}"#, "TaskDefinition -"),
        (
            r#"{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":[]}}"#,
            "TaskDefinition -",
        ),
        ("family: a\ncontainerDefinitions:\n- name: b\n", "TaskDefinition -"),
        ("services:\n  app:\n    image: x\n", "Compose -"),
        (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {}}}\n",
            "Kubernetes Deployment/web",
        ),
    ] {
        let documents = found(text);
        assert!(documents.len() == 1 && documents[0].starts_with(expected), "{text}: {documents:?}");
    }
}

#[test]
fn what_is_something_else_is_no_document() {
    for text in [
        r#"{"name":"shop","version":"1.0.0","scripts":{"test":"x"}}"#,
        r#"[{"name":"chair","image":"chair.png","price":3}]"#,
        r#"[{"name":"chair","image":"chair.png"}]"#,
        r#"{"taskDefinition":"orders:7"}"#,
        r#"{"services":{"a":{"port":1}}}"#,
        r#"{"services":["a"]}"#,
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
        r#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"A":{"Type":"AWS::S3::Bucket"}}}"#,
        r#"{"version":4,"serial":1,"lineage":"x","terraform_version":"1.11.4","resources":[]}"#,
        "[]",
        "- a\n- b\n",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn every_task_definition_of_a_template_is_found_and_calls_have_one_form() {
    let text = "\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
  Web:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub '${AWS::StackName}-web'
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: web
          Image: !Join ['', [!Ref Repository, ':1.0']]
          Cpu: !vendor 1
  'Fn::ForEach::Each':
    - One
    - [a, b]
    - 'Task${One}':
        Type: AWS::ECS::TaskDefinition
        Properties: !Transform {Name: x}
";
    assert_eq!(
        found(text),
        [
            "TaskDefinition Task${One} \"?\"",
            "TaskDefinition Web {\"ContainerDefinitions\":[{\"Cpu\":\"?\",\"Image\":{\"Fn::Join\":[\"\",[{\"Ref\":\"Repository\"},\
             \":1.0\"]]},\"Name\":\"web\"}],\"ExecutionRoleArn\":{\"Fn::GetAtt\":\"Role.Arn\"},\
             \"Family\":{\"Fn::Sub\":\"${AWS::StackName}-web\"}}",
        ]
    );
}

/// The place of the first container's image in every document, and its column.
fn images(text: &str) -> Vec<(usize, usize)> {
    let found = Found::read(text, Language::Either).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let image = Path::default().key("containerDefinitions").index(0).key("image");
    let place = |document| found.places(document, &[&image])[0].expect("the image is written");
    found.documents.iter().map(place).map(|place| (place.line, place.column)).collect()
}

#[test]
fn places_are_those_of_the_whole_text_through_whatever_is_around_a_document() {
    for (text, expected) in [
        ("[{\"name\":\"a\",\"memory\":1,\n\"image\":\"b\"}]", &[(2, 1)][..]),
        ("{\"taskDefinition\":{\"containerDefinitions\":[\n{\"image\":1}]}}", &[(2, 2)]),
        (
            "{\"containerDefinitions\":[{\"image\":1}]} {\"containerDefinitions\":[{\"image\":1}]}\n\n{\"containerDefinitions\":[\n{\"image\":1}]}",
            &[(1, 27), (1, 66), (4, 2)],
        ),
        (
            "family: a\ncontainerDefinitions:\n- image: x\n---\nfamily: b\ncontainerDefinitions:\n- image: y\n",
            &[(3, 3), (7, 3)],
        ),
        (
            "Resources:\n  A:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n      - Image: !Ref X\n",
            &[(6, 9)],
        ),
        (
            "{\"Resources\":{\"A\":{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{\n\"ContainerDefinitions\":[{\"Image\":1}]}}}}",
            &[(2, 26)],
        ),
    ] {
        assert_eq!(images(text), expected, "{text}");
    }
}

#[test]
fn several_documents_have_names() {
    let two = r#"{"family":"a","containerDefinitions":[]}{"containerDefinitions":[]}"#;
    let names: Vec<_> = Found::read(two, Language::Json)
        .unwrap()
        .documents
        .into_iter()
        .map(|one| one.name.unwrap())
        .collect();
    assert_eq!(names, ["a", "document 2"]);
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    let told = |text: &str| -> Vec<(usize, usize)> {
        let problems = Found::read(text, Language::Either).err().expect("something is wrong");
        problems
            .iter()
            .map(|problem| problem.place.map_or((0, 0), |place| (place.line, place.column)))
            .collect()
    };
    assert_eq!(told("{\"a\": 1} {\"b\": 1,\n \"b\": 2} {\"c\": x}"), [(1, 11), (2, 16)]);
    assert_eq!(told("a: 1\n---\nb: 1\nb: 2\n"), [(4, 1)]);
    assert_eq!(told("{\"a\": 1} x"), [(1, 10)]);
    assert_eq!(told(""), [(0, 0)]);
}

#[test]
fn a_text_that_holds_a_document_mentions_it() {
    for text in [
        "containerDefinitions: []",
        "Type: AWS::ECS::TaskDefinition",
        "services: {a: {image: x}}",
        "apiVersion: v1\nkind: Pod",
    ] {
        assert!(mentions(text, false), "{text}");
    }
    assert!(!mentions(r#"{"name": "shop", "dependencies": {}}"#, false));
    assert!(mentions(r#"{"containerDefinitions": [}"#, true) && !mentions("services: {a: {image: x}", true));
}

/// Addresses of what a plan or a state holds, each with the task definition it writes.
fn shown(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut each = |resource: terraform::Resource| {
        let reading = terraform::document(&resource.values).unwrap();
        found.push(format!("{} {}", resource.address, to_json(&marked(&reading.document)).unwrap()));
    };
    terraform::read(text.as_bytes(), &mut each).unwrap();
    found
}

#[test]
fn a_plan_gives_what_will_be_with_what_is_known_after_the_apply_unknown() {
    let plan = r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[{"type":"aws_ecs_task_definition"}]}},
      "resource_changes":[
        {"address":"aws_s3_bucket.x","mode":"managed","type":"aws_s3_bucket","change":{"after":{"bucket":"b"}}},
        {"address":"data.aws_ecs_task_definition.x","mode":"data","type":"aws_ecs_task_definition","change":{"after":{"family":"no"}}},
        {"address":"aws_ecs_task_definition.old","mode":"managed","type":"aws_ecs_task_definition","change":{"actions":["delete"],"after":null}},
        {"address":"module.a[\"x\"].aws_ecs_task_definition.web[0]","mode":"managed","type":"aws_ecs_task_definition","change":{"actions":["create"],
          "after":{"family":"web","cpu":"256","container_definitions":"[{\"name\":\"a\",\"image\":\"b\"}]","ipc_mode":"","tags":null,
            "requires_compatibilities":["FARGATE"],"placement_constraints":[],"runtime_platform":[{"cpu_architecture":null,"operating_system_family":"LINUX"}],
            "volume":[{"name":"v","host_path":"","configure_at_launch":null,"efs_volume_configuration":[{"file_system_id":"fs-1","authorization_config":[]}]},{"name":"h","host_path":"/x"}],
            "ephemeral_storage":[{"size_in_gib":30}],"proxy_configuration":[{"container_name":"p","properties":{"k":"v"}}]},
          "after_unknown":{"arn":true,"execution_role_arn":true,"volume":[{"efs_volume_configuration":[{}]},{}],"tags_all":true}}},
        {"address":"ddrofs_ecs_task_definition.api","mode":"managed","type":"ddrofs_ecs_task_definition","change":{"after":
          {"family":"api","container_definitions":[{"name":"a"}],"tags_all":{"team":"shop"}},"after_unknown":{"container_definitions":[{"image":true}]}}}
      ],"configuration":{"x":[1,2,{"y":null}]}}"#;
    assert_eq!(
        shown(plan),
        [
            "module.a[\"x\"].aws_ecs_task_definition.web[0] {\"containerDefinitions\":[{\"image\":\"b\",\"name\":\"a\"}],\"cpu\":\"256\",\
             \"ephemeralStorage\":{\"sizeInGiB\":30},\"executionRoleArn\":\"?\",\"family\":\"web\",\
             \"proxyConfiguration\":{\"containerName\":\"p\",\"properties\":[{\"name\":\"k\",\"value\":\"v\"}]},\
             \"requiresCompatibilities\":[\"FARGATE\"],\"runtimePlatform\":{\"operatingSystemFamily\":\"LINUX\"},\"tags\":\"?\",\
             \"volumes\":[{\"efsVolumeConfiguration\":{\"fileSystemId\":\"fs-1\"},\"name\":\"v\"},{\"host\":{\"sourcePath\":\"/x\"},\"name\":\"h\"}]}",
            "ddrofs_ecs_task_definition.api {\"containerDefinitions\":[{\"image\":\"?\",\"name\":\"a\"}],\"family\":\"api\",\
             \"tags\":[{\"key\":\"team\",\"value\":\"shop\"}]}",
        ]
    );
}

#[test]
fn a_state_gives_what_every_module_holds() {
    let state = r#"{"format_version":"1.0","values":{"outputs":{},"root_module":{
      "resources":[{"address":"aws_ecs_task_definition.a","mode":"managed","type":"aws_ecs_task_definition","values":{"family":"a","container_definitions":"[]"}}],
      "child_modules":[{"address":"module.m","child_modules":[{"resources":[
        {"address":"module.m.module.n.aws_ecs_task_definition.b[\"k\"]","mode":"managed","type":"aws_ecs_task_definition","values":{"family":"b","container_definitions":"[]"}}]}]}]}}}"#;
    let found = shown(state);
    assert!(
        found.len() == 2 && found[1].starts_with("module.m.module.n.aws_ecs_task_definition.b[\"k\"] "),
        "{found:?}"
    );
}

#[test]
fn what_is_no_plan_is_told_from_one() {
    let read = |text: &str| terraform::read(text.as_bytes(), &mut |_| {});
    assert_eq!(read(r#"{"format_version":"1.2"}"#).unwrap(), terraform::Shown::PlanOrState);
    assert_eq!(read(r#"{"a":1}"#).unwrap(), terraform::Shown::Nothing);
    assert!(read(r#"{"format_version":"2.0"}"#).unwrap_err().to_string().contains("format version 2.0"));
    assert!(read(r#"{"format_version":"1.0","resource_changes":[{"#).is_err());
    assert!(terraform::begins("{ \"format_version\":\"1.2\"") && !terraform::begins("{\"a\":1}"));
}
