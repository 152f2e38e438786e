use std::collections::BTreeMap;
use std::ffi::OsString;

use serde_json::{Value as Json, json};

use super::*;
use crate::document::json::MAX_BYTES;
use crate::lint::{Status, Streams};
use crate::schema::{Block, Mode};
use crate::value::Type;

#[test]
fn the_schemas_are_ones_that_terraform_accepts() {
    assert_eq!(crate::framework::problems(&ddrofs()), Vec::<String>::new());
}

/// What an entry point says: verdicts by control, and findings by rule and path.
#[derive(Debug, PartialEq)]
struct Said {
    verdicts: BTreeMap<String, String>,
    findings: Vec<(String, String, String)>,
}

impl Said {
    fn of(verdicts: &Value, findings: &Value) -> Self {
        let Value::Map(verdicts) = verdicts.undynamic() else { panic!("verdicts are a map: {verdicts:?}") };
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("a text: {value:?}")).to_owned();
        let finding = |one: &Value| (text(one.get("rule")), text(one.get("path")), text(one.get("severity")));
        Self {
            verdicts: verdicts.iter().map(|(control, verdict)| (control.clone(), text(verdict))).collect(),
            findings: findings.elements().iter().map(finding).collect(),
        }
    }
}

/// What is told of the task around the definitions.
type Told = &'static [(&'static str, &'static str)];

fn value(told: Told) -> Value {
    Value::Map(told.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))).collect())
}

/// The result of a function for a text, with its options.
fn function(name: &str, text: &str, options: Value) -> Value {
    let provider = ddrofs();
    let function = provider.functions().iter().find(|function| function.name() == name).unwrap();
    function.call(vec![Value::from(text), options]).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn functions(text: &str, told: Told) -> Said {
    Said::of(&function("verdicts", text, value(told)), &function("lint", text, value(told)))
}

/// What hardening says of its result, and the result.
fn hardened(text: &str, told: Told, more: &[(&str, Value)]) -> (Said, String) {
    let Value::Map(mut options) = value(told) else { unreachable!("an object") };
    options.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let result = function("harden", text, Value::Map(options));
    let json = result.get("json").as_str().expect("everything is known").to_owned();
    (Said::of(result.get("verdicts"), result.get("findings")), json)
}

fn subcommand(text: &str, told: Told) -> Said {
    let mut arguments: Vec<OsString> = ["--format", "json", "-"].map(OsString::from).into();
    for (name, told) in told {
        let flag = match (*name, *told) {
            ("task_role_arn", "") => "--no-task-role".to_owned(),
            ("execution_role_arn", "") => "--no-execution-role".to_owned(),
            (name, told) => format!("--{}={told}", name.replace('_', "-")),
        };
        arguments.push(flag.into());
    }
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let input = &mut text.as_bytes();
    let streams = Streams { input, output: &mut output, errors: &mut errors, terminal: false };
    let status = crate::lint::run(&arguments, streams);
    assert_ne!(
        status,
        Status::Trouble,
        "{}{}",
        String::from_utf8_lossy(&errors),
        String::from_utf8_lossy(&output)
    );
    let report: Json = serde_json::from_slice(&output).unwrap();
    let document = &report["documents"][0];
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let verdicts = document["verdicts"].as_object().unwrap().iter();
    let findings = document["findings"].as_array().unwrap().iter();
    Said {
        verdicts: verdicts.map(|(control, outcome)| (control.clone(), text(&outcome["verdict"]))).collect(),
        findings: findings
            .map(|one| (text(&one["rule"]), text(&one["path"]), text(&one["severity"])))
            .collect(),
    }
}

/// What a data source gives for a configuration.
async fn read(type_name: &str, attributes: &[(&str, Value)]) -> Value {
    let provider = ddrofs();
    let no_block = provider.schema().block.complete(BTreeMap::new());
    assert!(provider.configure(&Context::default(), no_block, "1.11.4").await.is_empty());
    let source = provider.data_sources().iter().find(|source| source.type_name() == type_name).unwrap();
    let given = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let config = source.schema().block.complete(given.collect());
    let (state, diagnostics) = source.read(&Context::default(), config).await;
    state.unwrap_or_else(|| panic!("{type_name}: {diagnostics:#?}"))
}

async fn check(text: &str, told: Told) -> Said {
    let mut attributes = vec![("definitions", Value::from(text)), ("fail", Value::from(false))];
    attributes.extend(told.iter().map(|(name, told)| (*name, Value::from(*told))));
    let state = read("ddrofs_task_definition_check", &attributes).await;
    Said::of(state.get("verdicts"), state.get("findings"))
}

const APP: &str = r#"{"name": "app", "image": "example.com/app:1.2.3", "memory": 128"#;

/// Definitions of every kind, as JSON text.
fn documents() -> Vec<String> {
    let container = |members: &str| format!("[{APP}{members}}}]");
    vec![
        container(""),
        container(r#", "readonlyRootFilesystem": true, "user": "1000""#),
        container(r#", "privileged": true, "user": "root""#),
        container(r#", "logConfiguration": {"logDriver": "awslogs", "options": {}}"#),
        container(
            r#", "secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/a"}]"#,
        ),
        container(
            r#", "environment": [{"name": "AWS_ACCESS_KEY_ID", "value": "x"}], "mountPoints": [{"sourceVolume": "v", "containerPath": "/v"}]"#,
        ),
        container(r#", "workingDirectory": "C:\\app""#),
        container(
            r#", "workingDirectory": "C:\\app", "readonlyRootFilesystem": true, "user": "ContainerAdministrator""#,
        ),
        r#"[{"name": "agent", "image": "public.ecr.aws/datadog/agent:7.81.1", "readonlyRootFilesystem": true,
             "environment": [{"name": "ECS_FARGATE", "value": "true"}]}]"#
            .to_owned(),
        format!(r#"{{"containerDefinitions": [{APP}}}]}}"#),
        format!(r#"{{"containerDefinitions": [{APP}}}], "volumes": [{{"name": "v", "host": {{}}}}]}}"#),
        r#"[{"Name": "app", "Image": "example.com/app:1.2.3", "ReadonlyRootFilesystem": true}]"#.to_owned(),
        format!(
            r#"{{"family": "orders", "requiresCompatibilities": ["EC2"], "containerDefinitions": [{APP}}}]}}"#
        ),
        format!(
            r#"{{"family": "orders", "runtimePlatform": {{"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}, "containerDefinitions": [{APP}}}]}}"#
        ),
    ]
}

const EVERYTHING_TOLD: [Told; 6] = [
    &[],
    &[("operating_system_family", "LINUX")],
    &[("operating_system_family", "WINDOWS_SERVER_2022_CORE")],
    &[("launch_type", "FARGATE"), ("execution_role_arn", "")],
    &[("launch_type", "EC2"), ("task_role_arn", "arn:aws:iam::123456789012:role/task")],
    &[("execution_role_arn", "arn:aws:iam::123456789012:role/run"), ("task_role_arn", "")],
];

#[tokio::test]
async fn every_entry_point_says_the_same_of_the_same_definitions() {
    let leave_roots = [("application", application(false))];
    for text in documents() {
        for told in EVERYTHING_TOLD {
            let said = functions(&text, told);
            assert_eq!(subcommand(&text, told), said, "the subcommand: {told:?} {text}");
            assert_eq!(check(&text, told).await, said, "the check: {told:?} {text}");
            for more in [&leave_roots[..], &[]] {
                let (of_hardening, json) = hardened(&text, told, more);
                assert_eq!(of_hardening, functions(&json, told), "harden: {told:?} {json}");
            }
            let (untouched, _) = hardened(&text, told, &leave_roots);
            assert_eq!(untouched.verdicts, said.verdicts, "harden: {told:?} {text}");
        }
    }
}

fn application(read_only_root_filesystem: bool) -> Value {
    Value::Map([("read_only_root_filesystem".to_owned(), read_only_root_filesystem.into())].into())
}

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:DdApiKey-AbCdEf";

#[tokio::test]
async fn an_agent_that_is_added_is_judged_as_whoever_gets_the_result_judges_it() {
    let text = format!("[{APP}}}]");
    let agent = Value::Map([("api_key_secret_arn".to_owned(), SECRET.into())].into());
    let (said, json) = hardened(&text, &[], &[("agent", agent), ("application", application(false))]);
    assert_eq!(said.verdicts, functions(&json, &[]).verdicts);

    let configuration =
        [("api_key_secret_arn", SECRET.into()), ("container_definitions", Value::from(text.as_str()))];
    let sidecar = read("ddrofs_agent_sidecar", &configuration).await;
    let json = sidecar.get("json").as_str().unwrap();
    let of_sidecar = Said::of(sidecar.get("verdicts"), sidecar.get("findings"));
    assert_eq!(of_sidecar.verdicts, functions(json, &[]).verdicts);
    assert_eq!(of_sidecar.verdicts, said.verdicts, "the function and the data source add the same");
    assert_eq!(of_sidecar.verdicts, check(json, &[]).await.verdicts);
    assert_eq!(of_sidecar.verdicts["ECS.17"], "PASSED", "Fargate has one network mode");
}

#[test]
fn containers_alone_are_undecided_only_where_the_rest_of_the_task_counts() {
    let undecided = |text: &str, told: Told| {
        let said = functions(text, told).verdicts.into_iter();
        said.filter(|(_, verdict)| verdict == "UNDECIDED").map(|(control, _)| control).collect::<Vec<_>>()
    };
    let text = format!("[{APP}}}]");
    assert_eq!(undecided(&text, &[]), ["ECS.15", "ECS.17", "ECS.18", "ECS.21", "ECS.3"]);
    let fargate: Told = &[("launch_type", "FARGATE"), ("operating_system_family", "LINUX")];
    assert_eq!(undecided(&text, fargate), ["ECS.15", "ECS.18", "ECS.3"]);
    let of = |text: &str, told: Told| functions(text, told).verdicts["ECS.5"].clone();
    assert_eq!(of(&text, &[]), "FAILED");
    assert_eq!(of(&text, &[("operating_system_family", "WINDOWS_SERVER_2022_CORE")]), "NOT_APPLICABLE");
    assert_eq!(
        of(r#"[{"name": "app", "image": "mcr.microsoft.com/windows/nanoserver"}]"#, &[]),
        "NOT_APPLICABLE"
    );
    let found = |told: Told| {
        let secret =
            r#", "secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/a"}]"#;
        let findings = functions(&format!("[{APP}{secret}}}]"), told).findings;
        findings.into_iter().any(|(rule, _, _)| rule == "secrets-without-execution-role")
    };
    assert!(!found(&[]), "nobody knows the role");
    assert!(found(&[("execution_role_arn", "")]));
    assert!(!found(&[("execution_role_arn", "arn:aws:iam::123456789012:role/run")]));
}

#[tokio::test]
async fn containers_for_windows_are_left_alone_and_get_no_agent() {
    let text = r#"[{"name": "app", "image": "mcr.microsoft.com/windows/servercore:ltsc2022"}]"#;
    let (_, json) = hardened(text, &[], &[]);
    assert_eq!(serde_json::from_str::<Json>(&json).unwrap(), serde_json::from_str::<Json>(text).unwrap());
    let (_, json) = hardened(text, &[("operating_system_family", "LINUX")], &[]);
    assert_eq!(serde_json::from_str::<Json>(&json).unwrap()[0]["readonlyRootFilesystem"], json!(true));
    let (_, json) =
        hardened(&format!("[{APP}}}]"), &[("operating_system_family", "WINDOWS_SERVER_2019_FULL")], &[]);
    assert!(!json.contains("readonlyRootFilesystem") && !json.contains("runtimePlatform"), "{json}");

    let provider = ddrofs();
    let agent = Value::Map([("api_key_secret_arn".to_owned(), SECRET.into())].into());
    let options = Value::Map([("agent".to_owned(), agent)].into());
    let harden = provider.functions().iter().find(|function| function.name() == "harden").unwrap();
    let error = harden.call(vec![text.into(), options]).unwrap_err();
    assert!(error.text.contains("for Windows (containerDefinitions[0].image)"), "{error:?}");
    let sidecar =
        provider.data_sources().iter().find(|one| one.type_name() == "ddrofs_agent_sidecar").unwrap();
    let given = [("api_key_secret_arn", SECRET.into()), ("container_definitions", Value::from(text))];
    let config = sidecar.schema().block.complete(given.map(|(name, value)| (name.to_owned(), value)).into());
    let problems = sidecar.validate_config(&config).await;
    assert!(
        problems.iter().any(|one| one.detail.contains("for Windows (containerDefinitions[0].image)")),
        "{problems:#?}"
    );
}

#[test]
fn what_is_told_is_known_by_its_name_everywhere() {
    let provider = ddrofs();
    let check =
        provider.data_sources().iter().find(|one| one.type_name() == "ddrofs_task_definition_check").unwrap();
    let attributes = check.schema().block.attributes;
    let help = crate::lint::command().render_long_help().to_string();
    for name in crate::task::Around::NAMES {
        let attribute = attributes.iter().find(|attribute| attribute.name == name);
        assert_eq!(attribute.map(|attribute| &attribute.ty), Some(&Type::String), "{name}");
        assert!(help.contains(&format!("--{}", name.replace('_', "-"))), "{name}");
        for function in ["harden", "lint", "verdicts"] {
            let wrong = Value::Map([(name.to_owned(), Value::List(Vec::new()))].into());
            let function = provider.functions().iter().find(|one| one.name() == function).unwrap();
            let error = function.call(vec!["[]".into(), wrong]).unwrap_err();
            assert!(error.text.contains(&format!("options.{name} has to be text")), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_plan_shows_a_rule_once_with_a_hundred_places_and_says_how_many_more_there_are() {
    let keys: String = (0..250).map(|number| format!(r#", "nobody-knows-{number}": 1"#)).collect();
    let text = format!("[{APP}{keys}}}]");
    let provider = ddrofs();
    let no_block = provider.schema().block.complete(BTreeMap::new());
    assert!(provider.configure(&Context::default(), no_block, "1.11.4").await.is_empty());
    for (type_name, name) in
        [("ddrofs_agent_sidecar", "container_definitions"), ("ddrofs_task_definition_check", "definitions")]
    {
        let source = provider.data_sources().iter().find(|source| source.type_name() == type_name).unwrap();
        let given = [(name, text.as_str()), ("api_key_secret_arn", SECRET)];
        let is_argument = |name: &str| source.schema().block.attributes.iter().any(|one| one.name == name);
        let given = given.into_iter().filter(|(name, _)| is_argument(name));
        let config = given.map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
        let (state, diagnostics) =
            source.read(&Context::default(), source.schema().block.complete(config)).await;
        let shown: Vec<_> = diagnostics.iter().filter(|one| one.detail.contains("nobody-knows-")).collect();
        let [shown] = shown.as_slice() else { panic!("{type_name}: {diagnostics:#?}") };
        assert_eq!(
            shown.detail.matches("  - containerDefinitions[0].nobody-knows-").count(),
            100,
            "{type_name}"
        );
        assert!(shown.detail.contains("There are 150 more findings of this rule"), "{type_name}: {shown:?}");
        if let Some(state) = state {
            let findings = state.get("findings").elements().iter();
            let all = findings.filter(|one| one.get("rule").as_str() == Some("unknown-key"));
            assert_eq!(all.count(), 250, "{type_name}");
        }
    }
}

/// The data sources that definitions are written in, with the name of that argument.
fn given_definitions(provider: &impl Provider) -> Vec<(&dyn DataSource, Block, &'static str)> {
    let sources = provider.data_sources().iter().filter_map(|source| {
        let block = source.schema().block;
        let is_written =
            |name: &str| block.attributes.iter().any(|one| one.name == name && one.mode != Mode::Computed);
        let name = ["definitions", "container_definitions"].into_iter().find(|name| is_written(name))?;
        Some((source.as_ref(), block, name))
    });
    sources.collect()
}

#[tokio::test]
async fn definitions_in_hcl_have_the_size_limit_of_json_text() {
    let container = Value::Map([("name".to_owned(), Value::from("x".repeat(MAX_BYTES)))].into());
    let large = Value::List(vec![container]);
    let limit = format!("at most {MAX_BYTES} are read");
    let provider = ddrofs();
    for function in provider.functions() {
        let count = function.signature().parameters.len();
        let error = function.call(vec![large.clone(); count]).unwrap_err();
        assert!(error.text.contains(&limit), "{}: {error:?}", function.name());
    }
    for (source, block, name) in given_definitions(&provider) {
        let config = block.complete([(name.to_owned(), large.clone())].into());
        let problems = source.validate_config(&config).await;
        let told = problems.iter().find(|one| one.detail.contains(&limit));
        assert!(
            told.is_some_and(|one| one.path.to_string() == name),
            "{}: {problems:#?}",
            source.type_name()
        );
    }
}

#[tokio::test]
async fn every_door_says_the_same_of_definitions_that_cannot_be_read() {
    let number = || Value::Number("0.1000000000000000000000001".parse().unwrap());
    let inexact =
        Value::List(vec![Value::Map([("cpu".to_owned(), number()), ("memory".to_owned(), number())].into())]);
    let provider = ddrofs();
    for (given, told) in [
        (inexact, vec!["[0].cpu", "[0].memory"]),
        (
            Value::from(r#"[{"name": "a", "name": "b", "cpu": 1, "cpu": 2}]"#),
            vec!["\"name\" is", "\"cpu\" is"],
        ),
        (Value::from("7"), vec!["neither a list", "image = "]),
        (Value::from(r#"{"image": "a"}"#), vec!["one container definition", "image = "]),
    ] {
        let mut texts = Vec::new();
        for function in provider.functions() {
            let count = function.signature().parameters.len();
            texts.push(function.call(vec![given.clone(); count]).unwrap_err().text);
        }
        for (source, block, name) in given_definitions(&provider) {
            let config = block.complete([(name.to_owned(), given.clone())].into());
            texts.push(source.validate_config(&config).await.iter().map(|one| one.detail.as_str()).collect());
        }
        let resource = &provider.resources()[0];
        let config =
            resource.schema().block.complete([("container_definitions".to_owned(), given.clone())].into());
        texts.push(resource.validate_config(&config).await.iter().map(|one| one.detail.as_str()).collect());
        for text in &texts {
            assert!(told.iter().all(|told| text.contains(told)), "{told:?} in {text}");
        }
        assert_eq!(texts.len(), 9);
    }
}

/// A data source's answer about these settings.
async fn sidecar_of(given: &[(&str, Value)]) -> (Option<Value>, crate::diagnostics::Diagnostics) {
    let provider = ddrofs();
    let no_block = provider.schema().block.complete(BTreeMap::new());
    assert!(provider.configure(&Context::default(), no_block, "1.11.4").await.is_empty());
    let source =
        provider.data_sources().iter().find(|one| one.type_name() == "ddrofs_agent_sidecar").unwrap();
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    source.read(&Context::default(), source.schema().block.complete(given.collect())).await
}

#[tokio::test]
async fn a_place_is_never_that_of_two_containers() {
    let (state, diagnostics) = sidecar_of(&[
        ("api_key_secret_arn", SECRET.into()),
        ("container_definitions", format!(r#"[{APP}}}, {{"name": "web", "image": "x"}}]"#).into()),
    ])
    .await;
    let state = state.unwrap_or_else(|| panic!("{diagnostics:#?}"));
    let mut containers = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for finding in state.get("findings").elements() {
        let (path, container) = (finding.get("path"), finding.get("container").as_str().unwrap_or_default());
        let place = path.as_str().unwrap().split('.').next().unwrap().to_owned();
        if place.starts_with("containerDefinitions[") {
            assert_eq!(containers.entry(place.clone()).or_insert(container.to_owned()), container, "{place}");
            seen.insert((container.to_owned(), place));
        }
    }
    let place =
        |container: &str| seen.iter().find(|(of, _)| of == container).map(|(_, place)| place.as_str());
    assert_eq!(place("app"), Some("containerDefinitions[0]"), "{seen:?}");
    assert_eq!(place("web"), Some("containerDefinitions[1]"), "{seen:?}");
    assert_eq!(place("datadog-init"), Some("containerDefinitions[\"datadog-init\"]"), "{seen:?}");
}

#[tokio::test]
async fn a_finding_about_the_image_of_an_agent_that_is_there_is_placed_at_its_container() {
    let image = "public.ecr.aws/datadog/agent";
    let containers = |tag: &str| {
        let agent = format!(r#"{{"name": "datadog-agent", "image": "{image}:{tag}", "essential": true}}"#);
        Value::from(format!("[{APP}}}, {agent}]"))
    };
    let (_, diagnostics) = sidecar_of(&[
        ("api_key_secret_arn", SECRET.into()),
        ("image", format!("{image}:7.75.0").into()),
        ("container_definitions", containers("latest")),
    ])
    .await;
    let of_the_tag: Vec<_> = diagnostics.iter().filter(|one| one.detail.contains("\"latest\"")).collect();
    assert!(!of_the_tag.is_empty(), "{diagnostics:#?}");
    for one in of_the_tag {
        assert_eq!(one.path.to_string(), "container_definitions", "{one:?}");
        assert!(one.detail.contains("(container datadog-init)"), "{one:?}");
        assert!(!one.detail.contains("  - image (container"), "the setting says another one: {one:?}");
    }
    let (_, diagnostics) =
        sidecar_of(&[("api_key_secret_arn", SECRET.into()), ("image", format!("{image}:latest").into())])
            .await;
    let of_ours: Vec<_> = diagnostics.iter().filter(|one| one.detail.contains("\"latest\"")).collect();
    assert!(
        !of_ours.is_empty() && of_ours.iter().all(|one| one.path.to_string() == "image"),
        "{diagnostics:#?}"
    );
}
