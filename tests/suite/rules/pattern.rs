//! What the provider itself makes must pass its own rules.

use ddrofs::document::{Node, Object};
use ddrofs::render::ecs;
use ddrofs::rofs::assemble;
use ddrofs::rofs::settings::{LogConfiguration, Secret, Settings, Text};
use ddrofs::rules::{Judgement, Subject, judge};

/// A task of the pattern's sidecars alone, as the provider renders them.
fn task(settings: &Settings) -> Node {
    let workload = assemble(settings);
    Node::Object(Object::from_iter([
        ("family".to_owned(), "shop".into()),
        ("networkMode".to_owned(), "awsvpc".into()),
        ("requiresCompatibilities".to_owned(), vec!["FARGATE"].into()),
        ("cpu".to_owned(), "512".into()),
        ("memory".to_owned(), "1024".into()),
        ("executionRoleArn".to_owned(), "arn:aws:iam::111122223333:role/ecs-execution".into()),
        ("runtimePlatform".to_owned(), Node::from([("operatingSystemFamily", "LINUX".into())])),
        ("tags".to_owned(), vec![Node::from([("key", "team".into()), ("value", "shop".into())])].into()),
        ("containerDefinitions".to_owned(), Node::Array(ecs::container_definitions(&workload))),
        ("volumes".to_owned(), Node::Array(ecs::volumes(&workload).unwrap())),
    ]))
}

fn settings() -> Settings {
    let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf";
    let options = [
        ("awslogs-group", "/shop"),
        ("awslogs-region", "eu-central-1"),
        ("awslogs-stream-prefix", "datadog"),
        ("mode", "non-blocking"),
    ];
    Settings {
        api_key: Some(Secret::stored(arn.into())),
        essential: true,
        log_configuration: Some(LogConfiguration {
            log_driver: "awslogs".into(),
            options: options.map(|(option, value)| (option.to_owned(), value.into())).into(),
            secret_options: [].into(),
        }),
        ..Settings::default()
    }
}

/// The rules that found something in a task of the pattern, and the containers that run as root, which the image and
/// its volumes need.
fn found(judgement: &Judgement) -> (Vec<&str>, Vec<&str>) {
    let (root, others): (Vec<_>, Vec<_>) =
        judgement.findings.iter().partition(|finding| finding.rule == "root-user");
    let containers = root.into_iter().filter_map(|finding| finding.container.as_deref());
    (others.into_iter().map(|finding| finding.rule).collect(), containers.collect())
}

#[test]
fn the_pattern_passes_every_rule_but_that_about_root() {
    let as_user_100 = Settings { user: Some("100".into()), ..settings() };
    for (settings, root) in [
        (settings(), vec!["datadog-init", "datadog-agent"]),
        (Settings { flares: false, file_logging: true, ..settings() }, vec!["datadog-init", "datadog-agent"]),
        (as_user_100, vec!["datadog-init"]),
    ] {
        let document = task(&settings);
        for agent in [None, Some(&settings)] {
            let judgement = judge(&Subject { agent, ..Subject::of(&document) });
            assert_eq!(found(&judgement), (vec![], root.clone()));
            assert_eq!(judgement.undecided, [""; 0]);
        }
    }
}

#[test]
fn sidecars_alone_wait_for_the_application_to_be_essential() {
    let settings = Settings { essential: false, ..settings() };
    let document = task(&settings);
    let judgement = judge(&Subject { agent: Some(&settings), ..Subject::of(&document) });
    assert_eq!(found(&judgement).0, [""; 0]);
    assert_eq!(judgement.undecided, ["no-essential-container"]);
}

#[test]
fn a_value_that_is_known_at_apply_only_gives_no_finding() {
    let settings = Settings { image: Text::Unknown, ..settings() };
    let document = task(&settings);
    let judgement = judge(&Subject { agent: Some(&settings), ..Subject::of(&document) });
    assert_eq!(found(&judgement).0, [""; 0]);
    assert!(judgement.undecided.contains(&"agent-version-too-old"));
}

#[test]
fn the_container_that_the_settings_name_is_the_agent_whatever_its_image() {
    let image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/monitoring:7";
    let settings = Settings { image: image.into(), image_version: Some("7.57.1".to_owned()), ..settings() };
    let document = task(&settings);
    let rules = |agent| {
        let judgement = judge(&Subject { agent, ..Subject::of(&document) });
        found(&judgement).0.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(rules(Some(&settings)), ["agent-version-too-old"]);
    assert_eq!(rules(None), [""; 0]);
}

#[test]
fn of_containers_alone_what_the_settings_tell_is_known() {
    let settings = settings();
    let mut document = task(&settings);
    if let Node::Object(members) = &mut document {
        for key in ["requiresCompatibilities", "runtimePlatform", "cpu", "memory", "executionRoleArn"] {
            members.insert(key.to_owned(), Node::Unknown);
        }
        if let Some(Node::Array(containers)) = members.get_mut("containerDefinitions") {
            containers.push(Node::from([
                ("name", "app".into()),
                ("image", "example.com/shop:1.4.2".into()),
                ("user", "1000".into()),
                ("logConfiguration", Node::from([("logDriver", "splunk".into())])),
            ]));
        }
    }
    let judgement = judge(&Subject { agent: Some(&settings), ..Subject::of(&document) });
    assert_eq!(found(&judgement).0, ["root-filesystem-writable"]);
    for undecided in ["fargate-size-invalid", "fargate-size-missing", "secrets-without-execution-role"] {
        assert!(judgement.undecided.contains(&undecided), "{undecided}: {:?}", judgement.undecided);
    }
}

#[test]
fn a_site_that_may_be_newer_than_the_list_is_a_warning_where_the_provider_writes_it() {
    for (site, expected) in [
        ("us5.datadoghq.com", &[][..]),
        ("datadog.com", &["datadog-site-unknown"]),
        ("eu2.datadoghq.com", &["datadog-site-unknown"]),
    ] {
        let settings = Settings { site: Some(site.into()), ..settings() };
        let document = task(&settings);
        let judgement = judge(&Subject { agent: Some(&settings), ..Subject::of(&document) });
        assert_eq!(found(&judgement).0, expected, "{site}");
    }
}
