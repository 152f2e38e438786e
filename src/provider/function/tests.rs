use super::*;
use crate::diagnostics::FunctionError;

fn call(name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
    let functions = all();
    let function = functions.iter().find(|function| function.name() == name).unwrap();
    let result = function.call(arguments.to_vec());
    if let Ok(value) = &result {
        // Whatever it gives has to fit the type that it promised.
        let bytes = crate::value::msgpack::encode(value, &function.signature().result).unwrap();
        crate::value::msgpack::decode(&bytes, &function.signature().result).unwrap();
    }
    result
}

fn given(name: &str, argument: impl Into<Value>) -> Value {
    call(name, &[argument.into()]).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn hcl(members: &[(&str, Value)]) -> Value {
    Value::Map(members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

/// One container of a whole task definition, with this image.
fn task(image: Value) -> Value {
    hcl(&[
        ("family", "orders".into()),
        ("requiresCompatibilities", vec!["EC2"].into()),
        ("memory", "512".into()),
        ("containerDefinitions", Value::List(vec![hcl(&[("name", "app".into()), ("image", image)])])),
    ])
}

fn rules(findings: &Value) -> Vec<&str> {
    findings.elements().iter().filter_map(|finding| finding.get("rule").as_str()).collect()
}

fn at_least(value: &Value) -> Option<i64> {
    match value {
        Value::Unknown(Some(refinement)) if refinement.not_null => refinement.length_min,
        _ => panic!("not an unknown list: {value:?}"),
    }
}

fn is_unknown_not_null(value: &Value) -> bool {
    matches!(value, Value::Unknown(Some(refinement)) if refinement.not_null)
}

#[test]
fn the_functions_stand_in_the_order_of_their_names() {
    let functions = all();
    let names: Vec<&str> = functions.iter().map(|function| function.name()).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn null_is_an_error_with_the_line_to_write_at_its_argument() {
    for function in all() {
        let count = function.signature().parameters.len();
        for position in 0..count {
            let mut arguments = vec![Value::from("[]"); count];
            if function.signature().parameters[position].name == "options" {
                continue;
            }
            arguments[position] = Value::Null;
            let error = function.call(arguments).unwrap_err();
            assert_eq!(error.argument, i64::try_from(position).ok(), "{}", function.name());
            assert!(error.text.contains("is null") && error.text.contains("image = "), "{}", error.text);
        }
    }
}

#[test]
fn every_problem_of_the_syntax_is_told_at_once_and_no_value_with_it() {
    for name in ["lint", "normalize", "verdicts"] {
        let text = r#"[{"name": "a", "name": "hunter2", "memory": 1e300, "memory": 1}]"#;
        let error = call(name, &[text.into()]).unwrap_err();
        assert_eq!(error.argument, Some(0));
        for told in [
            "\"name\" is written more than once",
            "\"memory\" is written more than once",
            "held exactly",
            "jsonencode",
        ] {
            assert!(error.text.contains(told), "{told} is missing in {}", error.text);
        }
        assert!(!error.text.contains("hunter2"), "{}", error.text);
    }
}

#[test]
fn every_number_that_json_cannot_carry_is_told_at_once() {
    let number: Value = Value::Number("0.1000000000000000000000001".parse().unwrap());
    let containers =
        Value::List(vec![hcl(&[("image", "a".into()), ("cpu", number.clone()), ("memory", number)])]);
    let error = call("diff", &["[]".into(), containers]).unwrap_err();
    assert_eq!(error.argument, Some(1));
    assert!(error.text.contains("after[0].cpu, at after[0].memory"), "{}", error.text);
}

#[test]
fn what_is_no_task_definition_is_an_error() {
    for (text, told) in [
        ("7", "neither a list"),
        ("{}", "no containerDefinitions"),
        (r#"{"name": "a", "image": "b"}"#, "one container definition"),
        (r#"{"taskDefinition": "orders:7"}"#, "names one"),
    ] {
        let error = call("lint", &[text.into()]).unwrap_err();
        assert!(error.text.contains(told) && error.argument == Some(0), "{text}: {error:?}");
    }
}

#[test]
fn lint_finds_the_same_in_text_and_in_hcl() {
    let text = r#"{"family": "orders", "requiresCompatibilities": ["EC2"], "memory": "512",
                   "containerDefinitions": [{"name": "app", "image": "nginx"}]}"#;
    let findings = given("lint", text);
    assert_eq!(findings, given("lint", task("nginx".into())));
    assert!(rules(&findings).contains(&"floating-image-tag"), "{findings:?}");
    let floating = findings
        .elements()
        .iter()
        .find(|one| one.get("rule").as_str() == Some("floating-image-tag"))
        .unwrap();
    assert_eq!(floating.get("container").as_str(), Some("app"));
    assert_eq!(floating.get("path").as_str(), Some("containerDefinitions[0].image"));
}

#[test]
fn lint_of_containers_alone_is_known_though_the_task_around_them_is_not() {
    let findings = given("lint", r#"[{"name": "app", "image": "nginx"}]"#);
    assert!(rules(&findings).contains(&"floating-image-tag"), "{findings:?}");
    assert!(!rules(&findings).contains(&"root-filesystem-writable"), "the task could be for Windows");
}

#[test]
fn lint_with_an_unknown_value_says_how_many_findings_are_certain() {
    let known = rules(&given("lint", task("nginx:1.29.3".into()))).len();
    assert!(known > 0);
    assert_eq!(at_least(&given("lint", task(Value::UNKNOWN))), i64::try_from(known).ok());
    assert_eq!(at_least(&given("lint", Value::UNKNOWN)), Some(0));
    let inside = hcl(&[("taskDefinition", Value::UNKNOWN)]);
    assert_eq!(at_least(&given("lint", inside)), Some(0));
}

#[test]
fn a_verdict_is_unknown_only_where_it_may_still_change() {
    let container = |read_only: Value| {
        let app =
            hcl(&[("name", "app".into()), ("image", Value::UNKNOWN), ("readonlyRootFilesystem", read_only)]);
        hcl(&[("family", "orders".into()), ("containerDefinitions", Value::List(vec![app]))])
    };
    assert_eq!(given("verdicts", container(false.into())).get("ECS.5").as_str(), Some("FAILED"));
    assert_eq!(given("verdicts", container(true.into())).get("ECS.5").as_str(), Some("PASSED"));
    assert!(is_unknown_not_null(given("verdicts", container(Value::UNKNOWN)).get("ECS.5")));
}

#[test]
fn undecided_is_said_only_where_the_definitions_themselves_do_not_tell() {
    let verdicts = given("verdicts", r#"[{"name": "app", "image": "nginx:1.29.3"}]"#);
    assert_eq!(verdicts.get("ECS.5").as_str(), Some("UNDECIDED"));
}

#[test]
fn the_verdicts_of_something_unknown_are_unknown_one_by_one() {
    let Value::Map(unknown) = given("verdicts", Value::UNKNOWN) else { panic!("a map") };
    let Value::Map(known) = given("verdicts", task("nginx".into())) else { panic!("a map") };
    assert!(unknown.keys().eq(known.keys()));
    assert!(unknown.values().all(is_unknown_not_null));
}

#[test]
fn normalize_gives_one_text_for_one_meaning_and_is_at_rest_afterwards() {
    let one = given(
        "normalize",
        r#"[{"image": "b", "name": "a", "essential": "true", "cpu": "256", "environment": []}]"#,
    );
    let other = given("normalize", r#"[{"name": "a", "cpu": 256, "image": "b"}]"#);
    assert_eq!(one, other);
    assert!(one.as_str().unwrap().starts_with('['), "{one:?}");
    assert_eq!(given("normalize", one.clone()), one);
}

#[test]
fn normalize_keeps_a_list_a_list_and_an_object_an_object() {
    let object = given("normalize", r#"{"containerDefinitions": [{"name": "a", "image": "b"}]}"#);
    assert!(object.as_str().unwrap().starts_with("{\"containerDefinitions\":["), "{object:?}");
    assert!(!object.as_str().unwrap().contains("family"));
    let described = given(
        "normalize",
        r#"{"taskDefinition": {"family": "a", "revision": 7, "containerDefinitions": []}, "tags": []}"#,
    );
    assert!(described.as_str().unwrap().contains("\"family\":\"a\""), "{described:?}");
    assert!(!described.as_str().unwrap().contains("revision"));
    let cloud_formation = given("normalize", r#"[{"Name": "a", "Image": "b"}]"#);
    assert_eq!(cloud_formation, given("normalize", r#"[{"name": "a", "image": "b"}]"#));
}

#[test]
fn normalize_is_unknown_while_anything_inside_is() {
    for unknown in [Value::UNKNOWN, task(Value::UNKNOWN)] {
        assert!(is_unknown_not_null(&given("normalize", unknown)));
    }
}

fn sentences(before: impl Into<Value>, after: impl Into<Value>) -> Vec<String> {
    let value = call("diff", &[before.into(), after.into()]).unwrap();
    value.elements().iter().map(|sentence| sentence.as_str().unwrap().to_owned()).collect()
}

#[test]
fn diff_speaks_sentences_and_shows_no_value_that_could_be_a_secret() {
    let before = r#"[{"name": "app", "image": "b", "memory": 512, "environment": [{"name": "TOKEN", "value": "old"}]}]"#;
    let after = r#"[{"name": "app", "image": "b", "memory": "1024", "environment": [{"name": "TOKEN", "value": "new"}]}]"#;
    assert_eq!(sentences(before, after), ["app: environment TOKEN changed", "app: memory 512 → 1024"]);
    assert_eq!(sentences(before, before), [""; 0]);
}

#[test]
fn diff_with_a_list_on_one_side_compares_the_containers_alone() {
    let list = r#"[{"name": "app", "image": "a:1"}]"#;
    let whole = r#"{"family": "orders", "cpu": "256", "networkMode": "awsvpc",
                    "containerDefinitions": [{"name": "app", "image": "a:2"}]}"#;
    assert_eq!(sentences(list, whole), ["app: image a:1 → a:2"]);
    assert_eq!(sentences(whole, list), ["app: image a:2 → a:1"]);
}

#[test]
fn diff_is_unknown_while_anything_on_either_side_is() {
    for (before, after) in [
        (Value::UNKNOWN, task("a".into())),
        (task("a".into()), task(Value::UNKNOWN)),
        (task(Value::UNKNOWN), Value::UNKNOWN),
    ] {
        assert_eq!(at_least(&call("diff", &[before, after]).unwrap()), Some(0));
    }
}
