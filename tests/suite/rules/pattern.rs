//! What the provider itself makes must pass its own rules.

use ddrofs::document::{Node, Object};
use ddrofs::render::ecs;
use ddrofs::rofs::assemble;
use ddrofs::rofs::settings::{ApiKey, Settings, Text};
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
        ("containerDefinitions".to_owned(), Node::Array(ecs::container_definitions(&workload))),
        ("volumes".to_owned(), Node::Array(ecs::volumes(&workload))),
    ]))
}

fn settings() -> Settings {
    let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf";
    Settings { api_key: Some(ApiKey::SecretsManager(arn.into())), essential: true, ..Settings::default() }
}

#[test]
fn the_pattern_passes_every_rule() {
    for settings in [
        settings(),
        Settings { flares: false, file_logging: true, ..settings() },
        Settings { user: Some("100".into()), ..settings() },
    ] {
        let document = task(&settings);
        for agent in [None, Some(&settings)] {
            assert_eq!(judge(&Subject { document: &document, agent }), Judgement::default());
        }
    }
}

#[test]
fn sidecars_alone_wait_for_the_application_to_be_essential() {
    let settings = Settings { essential: false, ..settings() };
    let document = task(&settings);
    let judgement = judge(&Subject { document: &document, agent: Some(&settings) });
    assert_eq!(judgement.findings, []);
    assert_eq!(judgement.undecided, ["no-essential-container"]);
}

#[test]
fn a_value_that_is_known_at_apply_only_gives_no_finding() {
    let settings = Settings { image: Text::Unknown, ..settings() };
    let document = task(&settings);
    let judgement = judge(&Subject { document: &document, agent: Some(&settings) });
    assert_eq!(judgement.findings, []);
    assert!(judgement.undecided.contains(&"agent-version-too-old"));
}

#[test]
fn the_container_that_the_settings_name_is_the_agent_whatever_its_image() {
    let image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/monitoring:7";
    let settings = Settings { image: image.into(), image_version: Some("7.57.1".to_owned()), ..settings() };
    let document = task(&settings);
    let rules = |agent| {
        let findings = judge(&Subject { document: &document, agent }).findings;
        findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
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
            containers.push(Node::from([("name", "app".into()), ("image", "example.com/shop:1.4.2".into())]));
        }
    }
    let judgement = judge(&Subject { document: &document, agent: Some(&settings) });
    let rules: Vec<_> = judgement.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["root-filesystem-writable"]);
    for undecided in ["fargate-size-invalid", "fargate-size-missing", "secrets-without-execution-role"] {
        assert!(judgement.undecided.contains(&undecided), "{undecided}: {:?}", judgement.undecided);
    }
}
