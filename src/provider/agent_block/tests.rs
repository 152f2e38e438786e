//! Layers, unknown values, and choices that do not exist.

use super::application::application;
use super::decode::{Decoded, Layers, decode};
use crate::provider::document_value::object;
use crate::rofs::settings::ApiKey;
use crate::value::{AttributePath, Value};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";

fn read(own: &Value, fleet: &Value) -> Decoded {
    decode(Layers { own, fleet, configured: true }, &AttributePath::default())
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
    assert!(matches!(decoded.settings.unwrap().api_key, Some(ApiKey::Parameter(_))));
    assert!(decoded.diagnostics.is_empty());
}

#[test]
fn two_keys_on_one_level_are_one_error_and_none_is_another() {
    let both =
        object([("api_key_secret_arn", Value::from(ARN)), ("api_key_parameter_arn", Value::from(ARN))]);
    assert_eq!(summaries(&read(&both, &Value::Null)), ["Two sources for the Datadog API key"]);
    assert_eq!(summaries(&read(&Value::Null, &Value::Null)), ["No API key"]);
}

#[test]
fn a_missing_key_is_no_finding_while_the_fleets_settings_are_not_known() {
    let layers = Layers { own: &Value::Null, fleet: &Value::Null, configured: false };
    assert!(decode(layers, &AttributePath::default()).diagnostics.is_empty());
    let decoded = read(&Value::Null, &Value::UNKNOWN);
    assert!(decoded.diagnostics.is_empty() && decoded.settings.is_none());
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
    let read = |block| application(&object([("application", Value::List(vec![block]))])).1;
    let diagnostics = read(object([size()]));
    let [error] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    assert_eq!(error.path.to_string(), "application[0].tmpfs_size");
    assert!(error.detail.ends_with("writable_paths = { app = [\"/tmp\"] }"), "{}", error.detail);
    let tmp = Value::List(vec![Value::from("/tmp")]);
    assert!(read(object([size(), paths([("app".to_owned(), tmp)].into())])).is_empty());
    let none_here = object([size(), paths([].into())]);
    assert!(read(none_here).is_empty(), "a module may have paths for some of its tasks only");
}
