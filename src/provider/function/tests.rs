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

/// The same task on Fargate, where an Agent can be added.
fn on_fargate(task: Value) -> Value {
    let Value::Map(mut members) = task else { panic!("an object") };
    members.insert("requiresCompatibilities".to_owned(), vec!["FARGATE"].into());
    Value::Map(members)
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
    assert!(error.text.contains("after[0].cpu, after[0].memory"), "{}", error.text);
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
    let in_hcl = given("lint", task("nginx".into()));
    // What to write is said in the form that was given.
    let fix_of = |findings: &Value, rule: &str| {
        let found = findings.elements().iter().find(|one| one.get("rule").as_str() == Some(rule)).cloned();
        found.unwrap().get("fix").as_str().unwrap().to_owned()
    };
    assert!(fix_of(&findings, "root-user").starts_with("Write \"user\": \"1000\"."));
    assert!(fix_of(&in_hcl, "root-user").starts_with("Write user = \"1000\"."));
    let without_fix = |findings: &Value| -> Vec<Value> {
        let members = findings.elements().iter().map(|one| match one {
            Value::Map(members) => members.iter().filter(|(name, _)| *name != "fix"),
            _ => panic!("an object"),
        });
        members.map(|members| Value::Map(members.map(|(k, v)| (k.clone(), v.clone())).collect())).collect()
    };
    assert_eq!(without_fix(&findings), without_fix(&in_hcl));
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
    assert!(rules(&findings).contains(&"root-filesystem-writable"), "nothing in it says Windows");
    assert!(!rules(&findings).contains(&"fargate-size-missing"), "it may run elsewhere");
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
    assert_eq!(verdicts.get("ECS.5").as_str(), Some("FAILED"));
    assert_eq!(verdicts.get("ECS.17").as_str(), Some("UNDECIDED"));
}

#[test]
fn options_that_are_not_known_yet_leave_open_what_depends_on_them() {
    let roles = |arn: Value| hcl(&[("execution_role_arn", arn)]);
    let list = r#"[{"name": "app", "image": "nginx:1.29.3", "privileged": true}]"#;
    let with = |name: &str, options: Value| call(name, &[list.into(), options]).unwrap();
    assert_eq!(at_least(&with("lint", Value::UNKNOWN)), Some(0));
    assert!(at_least(&with("lint", roles(Value::UNKNOWN))) > Some(0));
    let Value::Map(verdicts) = with("verdicts", Value::UNKNOWN) else { panic!("a map") };
    assert!(verdicts.values().all(is_unknown_not_null));
    let verdicts = with("verdicts", roles(Value::UNKNOWN));
    assert_eq!(verdicts.get("ECS.4").as_str(), Some("FAILED"), "whatever the role is");
    let wrong = call("lint", &[list.into(), hcl(&[("launch_type", "fargate".into())])]).unwrap_err();
    assert!(wrong.argument == Some(1) && wrong.text.contains("write FARGATE"), "{wrong:?}");
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

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:DdApiKey-AbCdEf";

fn agent(members: &[(&str, Value)]) -> Value {
    let mut agent = vec![("api_key_secret_arn", Value::from(SECRET))];
    agent.extend(members.iter().map(|(key, value)| (*key, value.clone())));
    hcl(&[("agent", hcl(&agent))])
}

fn hardened(definitions: impl Into<Value>, options: Value) -> Value {
    call("harden", &[definitions.into(), options]).unwrap_or_else(|error| panic!("{error:?}"))
}

fn part<'v>(result: &'v Value, name: &str) -> &'v Value {
    result.get(name)
}

const APP: &str = r#"[{"name": "app", "image": "example.com/app:1.2.3", "essential": true}]"#;

#[test]
fn harden_keeps_the_form_and_gives_the_rest_beside_it() {
    let result = hardened(APP, agent(&[("service", "orders".into())]));
    let json = part(&result, "json").as_str().unwrap();
    let containers: serde_json::Value = serde_json::from_str(json).unwrap();
    let containers = containers.as_array().expect("a list stays a list");
    assert_eq!(containers.len(), 3);
    assert!(containers.iter().all(|container| container["readonlyRootFilesystem"] == true), "{json}");
    assert!(!part(&result, "volumes").elements().is_empty());
    let changes = part(&result, "changes");
    assert!(
        changes.elements().iter().any(|change| change.as_str().unwrap().starts_with("app: ")),
        "{changes:?}"
    );
    assert_eq!(part(&result, "verdicts").get("ECS.5").as_str(), Some("PASSED"));
    let mut names =
        part(&result, "definitions").elements().iter().map(|one| one.get("name").as_str().unwrap());
    assert_eq!(names.next_back(), Some("app"));

    let whole = hardened(format!(r#"{{"family": "orders", "containerDefinitions": {APP}}}"#), Value::Null);
    let json = part(&whole, "json").as_str().unwrap();
    assert!(
        json.contains("\"family\":\"orders\"") && json.contains("\"readonlyRootFilesystem\":true"),
        "{json}"
    );
}

#[test]
fn hardening_twice_is_hardening_once_and_stripping_takes_it_out() {
    for options in [Value::Null, agent(&[])] {
        for given in [APP.to_owned(), format!(r#"{{"family": "orders", "containerDefinitions": {APP}}}"#)] {
            let once = hardened(given.clone(), options.clone());
            let json = part(&once, "json").clone();
            let twice = hardened(json.clone(), options.clone());
            assert_eq!(part(&twice, "json"), &json);
            let stripped = self::given("strip", json);
            assert_eq!(self::given("normalize", stripped), self::given("normalize", given));
        }
    }
}

#[test]
fn strip_leaves_what_was_never_hardened_and_is_unknown_with_unknown_values() {
    let stripped = given("strip", APP);
    assert_eq!(given("normalize", stripped), given("normalize", APP));
    for unknown in [Value::UNKNOWN, task(Value::UNKNOWN)] {
        assert!(is_unknown_not_null(&given("strip", unknown)));
    }
}

/// The function with the definitions and any number of options.
fn with_options(name: &str, options: &[Value]) -> Result<Value, FunctionError> {
    let arguments: Vec<Value> = [Value::from(APP)].into_iter().chain(options.iter().cloned()).collect();
    call(name, &arguments)
}

#[test]
fn options_may_be_left_out_and_null_or_empty_ones_are_none() {
    for function in all().iter().filter(|function| function.signature().variadic_parameter.is_some()) {
        let name = function.name();
        let without = with_options(name, &[]).unwrap();
        assert_eq!(with_options(name, &[Value::Null]).unwrap(), without, "{name}");
        assert_eq!(with_options(name, &[hcl(&[])]).unwrap(), without, "{name}");
    }
    let json = part(&with_options("harden", &[]).unwrap(), "json").clone();
    assert!(json.as_str().unwrap().contains("\"readonlyRootFilesystem\":true"), "{json:?}");
}

#[test]
fn options_are_one_object_and_a_second_one_is_an_error_at_its_place() {
    for function in all().iter().filter(|function| function.signature().variadic_parameter.is_some()) {
        let name = function.name();
        let error = with_options(name, &[hcl(&[]), hcl(&[])]).unwrap_err();
        assert_eq!(error.argument, Some(2), "{name}");
        assert!(error.text.contains("one object"), "{name}: {}", error.text);
        let error = with_options(name, &[Value::from("FARGATE")]).unwrap_err();
        assert_eq!(error.argument, Some(1), "{name}");
        assert!(error.text.contains("options has to be an object"), "{name}: {}", error.text);
    }
}

#[test]
fn harden_with_an_unknown_image_keeps_everything_else_known() {
    let result = hardened(on_fargate(task(Value::UNKNOWN)), agent(&[]));
    assert!(is_unknown_not_null(part(&result, "json")));
    let app = part(&result, "definitions").get("containerDefinitions").elements().last().unwrap();
    assert!(app.get("image").is_unknown());
    assert_eq!(app.get("name").as_str(), Some("app"));
    assert_eq!(app.get("readonlyRootFilesystem"), &Value::Bool(true));
    assert_eq!(part(&result, "verdicts").get("ECS.5").as_str(), Some("PASSED"));
    assert!(at_least(part(&result, "findings")).is_some());
}

#[test]
fn harden_of_something_wholly_unknown_is_an_object_of_unknown_parts() {
    for (definitions, options) in [
        (Value::UNKNOWN, Value::Null),
        (Value::from(APP), Value::UNKNOWN),
        (Value::from(APP), hcl(&[("agent", Value::UNKNOWN)])),
        (Value::from(APP), agent(&[("container_name", Value::UNKNOWN)])),
        (Value::from(APP), hcl(&[("application", hcl(&[("writable_paths", Value::UNKNOWN)]))])),
    ] {
        let result = call("harden", &[definitions, options.clone()]).unwrap();
        for name in ["json", "volumes", "changes", "findings", "verdicts", "definitions"] {
            assert!(part(&result, name).is_unknown(), "{name}: {options:?}");
        }
    }
}

#[test]
fn harden_leaves_the_roots_only_where_that_is_asked_for() {
    let leave = |flag: Value| hcl(&[("application", hcl(&[("read_only_root_filesystem", flag)]))]);
    for (flag, read_only) in [(Value::Null, true), (true.into(), true), (false.into(), false)] {
        let result = hardened(APP, leave(flag));
        let json = part(&result, "json").as_str().unwrap();
        assert_eq!(json.contains("readonlyRootFilesystem"), read_only, "{json}");
    }
}

#[test]
fn every_wrong_option_is_told_at_its_argument() {
    let wrong = hcl(&[
        ("agent", hcl(&[("api_key_secret_arm", SECRET.into()), ("cpu", "much".into())])),
        ("aplication", Value::Null),
    ]);
    let error = call("harden", &[APP.into(), wrong]).unwrap_err();
    assert_eq!(error.argument, Some(1));
    for told in [
        "Did you mean \"api_key_secret_arn\"?",
        "options.agent.cpu has to be a number",
        "Did you mean \"application\"?",
    ] {
        assert!(error.text.contains(told), "{told} is missing in {}", error.text);
    }
    // What the settings themselves ask for is asked for here as well.
    let error = call("harden", &[APP.into(), hcl(&[("agent", hcl(&[]))])]).unwrap_err();
    assert!(error.argument == Some(1) && error.text.contains("api_key"), "{error:?}");
    let nowhere = hcl(&[("application", hcl(&[("writable_paths", hcl(&[("ap", vec!["/tmp"].into())]))]))]);
    let error = call("harden", &[APP.into(), nowhere]).unwrap_err();
    assert!(error.argument == Some(1) && error.text.contains("ap"), "{error:?}");
}

#[test]
fn what_cannot_be_hardened_is_an_error_that_says_how_to_mend_it() {
    let taken = r#"[{"name": "datadog-agent", "image": "nginx:1.29.3"}]"#;
    let error = call("harden", &[taken.into(), agent(&[])]).unwrap_err();
    assert!(error.argument == Some(0) && error.text.contains("datadog-agent"), "{error:?}");

    let many: Vec<String> = (0..10)
        .map(|index| format!(r#"{{"name": "app-{index}", "image": "example.com/app:1.2.3"}}"#))
        .collect();
    let error = call("harden", &[format!("[{}]", many.join(",")).into(), agent(&[])]).unwrap_err();
    assert!(error.argument == Some(0) && error.text.contains("12 containers"), "{error:?}");

    let large = format!(
        r#"[{{"name": "app", "image": "example.com/app:1.2.3", "command": ["{}"]}}]"#,
        "x".repeat(70_000)
    );
    let error = call("harden", &[large.into(), agent(&[])]).unwrap_err();
    assert!(error.argument == Some(0) && error.text.contains("ECS accepts 65536"), "{error:?}");
}

#[test]
fn a_mistake_in_the_application_of_the_options_is_placed_where_it_stands() {
    let options = hcl(&[("application", hcl(&[("tmpfs_size", 8.into())]))]);
    let error = call("harden", &["[]".into(), options]).unwrap_err();
    assert!(error.text.starts_with("options.application.tmpfs_size: "), "{}", error.text);
}
