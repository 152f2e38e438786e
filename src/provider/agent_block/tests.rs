//! Layers, unknown values, and choices that do not exist.

use super::application::{Application, application, unwired};
use super::decode::{Decoded, Layers, decode};
use super::schema::blocks;
use super::target::Target;
use crate::provider::document_value::object;
use crate::rofs::platform::Platform;
use crate::rofs::settings::{Store, Text};
use crate::schema::{Attribute, NestedBlock};
use crate::value::{AttributePath, Type, Value};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";

fn read(own: &Value, fleet: &Value) -> Decoded {
    decode(Layers { own, fleet, configured: true }, &AttributePath::default(), Target::Ecs)
}

fn texts(entries: &[(&str, &str)]) -> Value {
    Value::Map(entries.iter().map(|(key, text)| ((*key).to_owned(), Value::from(*text))).collect())
}

fn summaries(decoded: &Decoded) -> Vec<&str> {
    decoded.diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
}

#[test]
fn the_nearer_layer_wins_field_by_field_and_key_by_key() {
    let apm = |name: &str, value: Value| Value::List(vec![object([(name, value)])]);
    let fleet = object([
        ("api_key_secret_arn", Value::from(ARN)),
        ("env", Value::from("prod")),
        ("site", Value::from("datadoghq.eu")),
        ("tags", texts(&[("team", "platform"), ("cost", "1")])),
        ("apm", apm("port", Value::from(8126))),
    ]);
    let own = object([
        ("env", Value::from("staging")),
        ("tags", texts(&[("team", "orders")])),
        ("apm", apm("profiling", Value::from(true))),
    ]);
    let decoded = read(&own, &fleet);
    assert_eq!(summaries(&decoded), Vec::<&str>::new());
    let settings = decoded.settings.unwrap();
    assert_eq!(settings.env, Some("staging".into()));
    assert_eq!(settings.site, Some("datadoghq.eu".into()));
    assert_eq!(settings.tags, [("cost".to_owned(), "1".into()), ("team".to_owned(), "orders".into())].into());
    assert_eq!((settings.apm.port, settings.apm.profiling), (Some(8126), Some(true)));
}

#[test]
fn a_key_named_nearer_replaces_the_fleets_of_the_other_kind() {
    let fleet = object([("api_key_secret_arn", Value::from(ARN))]);
    let own =
        object([("api_key_parameter_arn", Value::from("arn:aws:ssm:eu-west-1:123456789012:parameter/dd"))]);
    let decoded = read(&own, &fleet);
    assert_eq!(decoded.settings.unwrap().api_key.unwrap().store, Store::Parameters);
    assert!(decoded.diagnostics.is_empty());
}

#[test]
fn two_keys_on_one_level_are_one_error_and_none_is_another() {
    let both =
        object([("api_key_secret_arn", Value::from(ARN)), ("api_key_parameter_arn", Value::from(ARN))]);
    assert_eq!(summaries(&read(&both, &Value::Null)), ["Two sources for the Datadog API key"]);
    assert!(read(&both, &Value::Null).no_key.is_none(), "two of them are not none");
    let none = read(&Value::Null, &Value::Null);
    assert_eq!(none.no_key.unwrap().summary, "No API key");
    assert!(none.diagnostics.is_empty(), "an Agent that is there may have one");
}

#[test]
fn a_missing_key_is_no_finding_while_the_fleets_settings_are_not_known() {
    let layers = Layers { own: &Value::Null, fleet: &Value::Null, configured: false };
    let decoded = decode(layers, &AttributePath::default(), Target::Ecs);
    assert!(decoded.diagnostics.is_empty() && decoded.no_key.is_none());
    let decoded = read(&Value::Null, &Value::UNKNOWN);
    assert!(decoded.diagnostics.is_empty() && decoded.settings.is_none());
}

fn block(name: &str, attributes: &[(&'static str, Value)]) -> (String, Value) {
    let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    (name.to_owned(), Value::List(vec![Value::Map(attributes.collect())]))
}

/// Settings with a key, and what is wrong with them over those of the fleet.
fn problems_of(own: &[&(String, Value)], fleet: &[&(String, Value)]) -> Vec<String> {
    let key = ("api_key_secret_arn".to_owned(), Value::from(ARN));
    let own = Value::Map(own.iter().map(|one| (*one).clone()).chain([key]).collect());
    let decoded = read(&own, &Value::Map(fleet.iter().map(|one| (*one).clone()).collect()));
    decoded.diagnostics.iter().map(|one| one.path.to_string()).collect()
}

#[test]
fn a_setting_that_another_one_cancels_is_an_error_on_one_level_and_overridden_on_two() {
    let off = Value::from(false);
    for (name, switch, setting, value) in [
        ("health_check", "enabled", "interval", Value::from(10)),
        ("health_check", "enabled", "timeout", Value::from(5)),
        ("health_check", "enabled", "retries", Value::from(3)),
        ("health_check", "enabled", "start_period", Value::from(10)),
        ("health_check", "enabled", "command", vec!["CMD", "x"].into()),
        ("restart_policy", "enabled", "ignored_exit_codes", Value::List(vec![Value::from(1)])),
        ("restart_policy", "enabled", "restart_attempt_period", Value::from(60)),
        ("apm", "enabled", "socket", Value::from(true)),
        ("apm", "enabled", "port", Value::from(8126)),
        ("apm", "enabled", "profiling", Value::from(true)),
        ("apm", "enabled", "data_streams", Value::from(true)),
        ("apm", "enabled", "trace_inferred_proxy_services", Value::from(true)),
        ("dogstatsd", "enabled", "socket", Value::from(true)),
        ("dogstatsd", "enabled", "port", Value::from(8125)),
        ("dogstatsd", "enabled", "origin_detection", Value::from(true)),
        ("dogstatsd", "enabled", "cardinality", Value::from("low")),
    ] {
        let place = format!("{name}[0].{setting}");
        let both = block(name, &[(switch, off.clone()), (setting, value.clone())]);
        assert_eq!(problems_of(&[&both], &[]), [place.as_str()]);
        assert_eq!(problems_of(&[], &[&both]), [place.as_str()]);
        let (switched, set) = (block(name, &[(switch, off.clone())]), block(name, &[(setting, value)]));
        assert_eq!(problems_of(&[&switched], &[&set]), [""; 0], "{place} of the fleet is overridden");
        assert_eq!(
            problems_of(&[&set], &[&switched]),
            [place.as_str()],
            "{place} asks for what the fleet has off"
        );
    }
    let waits = ("wait_until_healthy".to_owned(), Value::from(true));
    let unchecked = block("health_check", &[("enabled", off)]);
    assert_eq!(problems_of(&[&waits, &unchecked], &[]), ["wait_until_healthy"]);
    assert_eq!(problems_of(&[&unchecked], &[&waits]), ["wait_until_healthy"]);
    assert_eq!(problems_of(&[&unchecked], &[]), [""; 0]);
}

#[test]
fn of_a_variable_and_its_setting_the_nearer_counts_and_two_on_one_level_are_an_error() {
    let env = ("env".to_owned(), Value::from("staging"));
    for list in ["environment", "secrets"] {
        let variable = (list.to_owned(), texts(&[("DD_ENV", "arn:aws:ssm:eu-west-1:1:parameter/prod")]));
        assert_eq!(problems_of(&[&env, &variable], &[]), [list]);
        assert_eq!(problems_of(&[&variable], &[&env]), [""; 0]);
        assert_eq!(problems_of(&[&env], &[&variable]), [""; 0]);
        let key = ("api_key_secret_arn".to_owned(), Value::from(ARN));
        let settings =
            read(&Value::Map([env.clone(), key].into()), &Value::Map([variable].into())).settings.unwrap();
        let workload = crate::rofs::assemble(&settings);
        let agent = workload.containers.last().unwrap();
        assert_eq!(agent.environment.get("DD_ENV"), Some(&"staging".into()), "{list}");
        assert!(!agent.secrets.contains_key("DD_ENV"));
    }
    let same = ("environment".to_owned(), texts(&[("DD_ENV", "staging")]));
    assert_eq!(problems_of(&[&env, &same], &[]), [""; 0]);
}

#[test]
fn the_mark_of_hardening_is_no_label_to_set() {
    let labels = ("docker_labels".to_owned(), texts(&[(crate::merge::MARK_LABEL, "mine")]));
    assert_eq!(problems_of(&[&labels], &[]), ["docker_labels"]);
    assert_eq!(problems_of(&[], &[&labels]), ["docker_labels"]);
}

#[test]
fn what_reaches_the_application_by_wiring_only_needs_wiring() {
    let wired = |wire: bool| Application { wire, ..Application::default() };
    let told = |own: &Value, fleet: &Value, application: Option<Application>| -> Vec<String> {
        let settings = read(own, fleet).settings.unwrap();
        let diagnostics = unwired(&settings, application.as_ref(), &AttributePath::root("agent").index(0));
        diagnostics.iter().map(|one| one.path.to_string()).collect()
    };
    let on = Value::from(true);
    let apm = block(
        "apm",
        &[
            ("profiling", on.clone()),
            ("data_streams", on.clone()),
            ("trace_inferred_proxy_services", on.clone()),
        ],
    );
    let asked = Value::Map([apm, ("wait_until_healthy".to_owned(), on)].into());
    let places = [
        "agent[0].wait_until_healthy",
        "agent[0].apm[0].profiling",
        "agent[0].apm[0].data_streams",
        "agent[0].apm[0].trace_inferred_proxy_services",
    ];
    assert_eq!(told(&asked, &Value::Null, Some(wired(false))), places);
    assert_eq!(told(&asked, &Value::Null, Some(wired(true))), [""; 0]);
    assert_eq!(told(&asked, &Value::Null, None), [""; 0], "whether it is wired is not known yet");
    assert_eq!(
        told(&Value::Null, &asked, Some(wired(false))),
        [""; 0],
        "the fleet's is for those that are wired"
    );
}

#[test]
fn what_only_passes_through_may_be_unknown_and_what_decides_the_shape_leaves_it_open() {
    let with = |name: &str| {
        let own = object([("api_key_secret_arn", Value::from(ARN)), (name, Value::UNKNOWN)]);
        read(&own, &Value::Null).settings.is_some()
    };
    for name in ["image", "service", "env", "version", "site", "user", "log_level"] {
        assert!(with(name), "{name}");
    }
    for name in ["flares", "file_logging", "volume_prefix", "container_name", "memory", "tags", "apm"] {
        assert!(!with(name), "{name}");
    }
}

#[test]
fn a_choice_that_does_not_exist_names_those_that_do() {
    let own = object([("api_key_secret_arn", Value::from(ARN)), ("launch_type", Value::from("LAMBDA"))]);
    let decoded = read(&own, &Value::Null);
    let diagnostic = decoded.diagnostics.iter().next().unwrap();
    assert!(diagnostic.detail.ends_with("Write one of them."), "{}", diagnostic.detail);
    assert_eq!(diagnostic.path, AttributePath::root("launch_type"));
}

#[test]
fn a_choice_that_is_misspelt_is_corrected_and_not_turned_into_another() {
    for (given, meant) in [("ec2", "EC2"), ("MANAGED_INSTANCE", "MANAGED_INSTANCES"), ("fargate", "FARGATE")]
    {
        let own = object([("api_key_secret_arn", Value::from(ARN)), ("launch_type", Value::from(given))]);
        let decoded = read(&own, &Value::Null);
        let detail = &decoded.diagnostics.iter().next().unwrap().detail;
        assert!(detail.ends_with(&format!("Write:\n\n  launch_type = \"{meant}\"")), "{detail}");
    }
}

#[test]
fn a_size_of_tmpfs_without_a_path_is_an_error_where_it_is_written() {
    let size = || ("tmpfs_size", Value::from(64));
    let paths = |paths| ("writable_paths", Value::Map(paths));
    let at = AttributePath::root("application").index(0);
    let read = |block| application(&object([("application", Value::List(vec![block]))]), &at).1;
    let diagnostics = read(object([size()]));
    let [error] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    assert_eq!(error.path.to_string(), "application[0].tmpfs_size");
    assert!(error.detail.ends_with("writable_paths = { app = [\"/tmp\"] }"), "{}", error.detail);
    let tmp = Value::List(vec![Value::from("/tmp")]);
    assert!(read(object([size(), paths([("app".to_owned(), tmp)].into())])).is_empty());
    let none_here = object([size(), paths([].into())]);
    assert!(read(none_here).is_empty(), "a module may have paths for some of its tasks only");
}

/// The same on Compose.
fn read_for_compose(own: &Value, fleet: &Value) -> Decoded {
    decode(Layers { own, fleet, configured: true }, &AttributePath::default(), Target::Compose)
}

#[test]
fn what_another_platform_alone_has_is_left_out_of_the_fleets_settings_and_an_error_nearer() {
    let log = object([("log_driver", Value::from("awslogs"))]);
    let settings = object([
        ("api_key_secret_arn", Value::from(ARN)),
        ("repository_credentials_arn", Value::from(ARN)),
        ("essential", Value::from(false)),
        ("launch_type", Value::from("EC2")),
        ("existing_container", Value::from("dd")),
        ("secrets", texts(&[("DD_APP_KEY", ARN)])),
        ("log_configuration", Value::List(vec![log])),
        ("env", Value::from("prod")),
    ]);
    let decoded = read_for_compose(&Value::Null, &settings);
    assert_eq!(summaries(&decoded), [""; 0]);
    let fleet = decoded.settings.unwrap();
    assert_eq!(fleet.platform, Platform::Compose);
    let key = fleet.api_key.unwrap();
    assert_eq!((key.store, key.reference), (Store::Environment, "DD_API_KEY".into()));
    assert_eq!((fleet.env, fleet.secrets.len(), fleet.log_configuration), (Some("prod".into()), 0, None));

    let decoded = read_for_compose(&settings, &Value::Null);
    let foreign = decoded.diagnostics.iter().filter(|one| one.summary == "Setting of another platform");
    let named: Vec<String> = foreign.map(|one| one.path.to_string()).collect();
    assert_eq!(
        named,
        [
            "api_key_secret_arn",
            "repository_credentials_arn",
            "essential",
            "launch_type",
            "existing_container"
        ]
    );
    let others: Vec<&str> =
        summaries(&decoded).into_iter().filter(|one| !one.contains("another platform")).collect();
    assert_eq!(others, ["Not a name of a variable"]);

    let own = object([("api_key_environment", Value::from("KEY")), ("api_key_secret", Value::from("key"))]);
    let on_ecs = read(&object([("api_key_secret_arn", Value::from(ARN))]), &own);
    assert_eq!(summaries(&on_ecs), [""; 0]);
    assert_eq!(summaries(&read(&own, &Value::Null)), ["Setting of another platform"; 2]);
    assert_eq!(summaries(&read_for_compose(&own, &Value::Null)), ["Two sources for the Datadog API key"]);
}

#[test]
fn a_machine_has_the_key_where_the_agent_looks_for_it() {
    let none = read_for_compose(&Value::Null, &Value::Null);
    assert!(none.no_key.is_none() && none.diagnostics.is_empty());
    let own = object([("api_key_secret", Value::from("datadog_api_key"))]);
    let fleet = object([("api_key_environment", Value::from("OTHER"))]);
    let key = read_for_compose(&own, &fleet).settings.unwrap().api_key.unwrap();
    assert_eq!((key.store, key.reference), (Store::File, "datadog_api_key".into()));
    let named = object([("secrets", texts(&[("DD_API_KEY", "MY_KEY")]))]);
    let decoded = read_for_compose(&named, &Value::Null);
    assert!(decoded.diagnostics.is_empty() && decoded.settings.unwrap().api_key.is_none());
    let key = object([("api_key_environment", Value::from("0123456789abcdef0123456789abcdef"))]);
    let decoded = read_for_compose(&key, &Value::Null);
    assert_eq!(summaries(&decoded), ["API key in place of its name"]);
    assert!(decoded.diagnostics.iter().all(|one| !one.detail.contains("0123456789abcdef")));
    let none = object([("existing_container", Value::from(""))]);
    assert!(read_for_compose(&none, &Value::Null).diagnostics.is_empty());
}

#[test]
fn files_are_merged_by_path_and_their_contents_may_be_unknown() {
    let files = |entries: Vec<(&str, Value)>| {
        let entries = entries.into_iter().map(|(path, content)| (path.to_owned(), content));
        object([("config_files", Value::Map(entries.collect())), ("api_key_secret_arn", Value::from(ARN))])
    };
    let fleet = files(vec![("a.yaml", Value::from("fleet's")), ("b.yaml", Value::from("fleet's"))]);
    let own =
        files(vec![("b.yaml", Value::from("mine")), ("c.yaml", Value::UNKNOWN), ("d.yaml", Value::Null)]);
    let settings = read(&own, &fleet).settings.unwrap();
    let told: Vec<_> =
        settings.config_files.iter().map(|(path, content)| (path.as_str(), content.clone())).collect();
    assert_eq!(told, [("a.yaml", "fleet's".into()), ("b.yaml", "mine".into()), ("c.yaml", Text::Unknown)]);
    let volumes = ("seeding".to_owned(), Value::from("image_volumes"));
    let file = ("config_files".to_owned(), texts(&[("a.yaml", "a")]));
    assert_eq!(problems_of(&[&volumes, &file], &[]), ["config_files"]);
    assert_eq!(problems_of(&[&file], &[&volumes]), ["config_files"], "it asks for what the fleet has not");
    assert_eq!(problems_of(&[&volumes], &[&file]), [""; 0], "the fleet's files are in this task's image");
    let open = object([("config_files", Value::UNKNOWN), ("api_key_secret_arn", Value::from(ARN))]);
    assert!(read(&open, &Value::Null).settings.is_none());
    let bad = files(vec![("../x", Value::from("a")), ("y/", Value::from("a"))]);
    let places: Vec<String> =
        read(&bad, &Value::Null).diagnostics.iter().map(|one| one.path.to_string()).collect();
    assert_eq!(places, [r#"config_files["../x"]"#, r#"config_files["y/"]"#]);
}

#[test]
fn the_fleets_secret_is_that_of_the_platform_whose_form_it_has() {
    for (text, takers) in [
        ("nomad/jobs/datadog-agent", &[Target::Nomad][..]),
        ("secret/data/datadog#key", &[Target::Nomad]),
        ("datadog_api_key", &[Target::Compose]),
    ] {
        let fleet = object([("api_key_secret", Value::from(text))]);
        let takes = |target: &Target| !target.fleet(&fleet).get("api_key_secret").is_null();
        let found: Vec<Target> = Target::ALL.into_iter().filter(|target| takes(target)).collect();
        assert_eq!(found, takers, "{text}");
        for target in Target::ALL {
            let own = target.fleet(&fleet);
            let layers = Layers { own: &own, fleet: &Value::Null, configured: false };
            let decoded = decode(layers, &AttributePath::default(), target);
            assert!(decoded.diagnostics.is_empty(), "{text} on {target:?}: {:?}", decoded.diagnostics);
        }
    }
}

#[test]
fn what_is_wrong_with_a_number_of_a_block_is_told_at_the_attribute() {
    let half = || Value::Number("1.5".parse().unwrap());
    let at = AttributePath::root("agent").index(0);
    let mut tried = 0;
    for NestedBlock { name: block, block: body, .. } in blocks() {
        for Attribute { name, ty, .. } in body.attributes {
            let (values, element) = match ty {
                Type::Number => (vec![half(), Value::from(-1)], ""),
                Type::List(of) if *of == Type::Number => (vec![Value::List(vec![half()])], "[0]"),
                _ => continue,
            };
            for value in values {
                let own = object([
                    ("api_key_secret_arn", Value::from(ARN)),
                    (block.as_str(), Value::List(vec![object([(name.as_str(), value)])])),
                ]);
                let layers = Layers { own: &own, fleet: &Value::Null, configured: true };
                let decoded = decode(layers, &at, Target::Ecs);
                let places: Vec<String> =
                    decoded.diagnostics.iter().map(|diagnostic| diagnostic.path.to_string()).collect();
                assert_eq!(places, [format!("agent[0].{block}[0].{name}{element}")], "{own:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 10, "{tried}");
}
