//! An Agent in the forms that people write: what the rules find before, and what hardening makes of it.

use ddrofs::document::{Node, parse};
use ddrofs::merge::{Hardening, harden};
use ddrofs::rules::{Severity, Subject, judge};

/// What the rules find wrong with an Agent on a read-only root that has none of the volumes, in the order of the document.
const WITHOUT_VOLUMES: [&str; 3] = ["writable-path-not-mounted"; 3];

/// A task with an Agent of this image and command, and an application, both on a read-only root.
fn task(image: &str, command: &str) -> Node {
    let text = format!(
        r#"{{"family": "shop", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "512", "memory": "1024", "executionRoleArn": "arn:aws:iam::111122223333:role/shop",
            "containerDefinitions": [{{"name": "datadog-agent", "image": "{image}", "readonlyRootFilesystem": true,
                "command": {command}, "environment": [{{"name": "ECS_FARGATE", "value": "true"}}],
                "secrets": [{{"name": "DD_API_KEY", "valueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/dd"}}]}},
            {{"name": "app", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true}}]}}"#
    );
    parse(&text).expect("JSON")
}

/// Names of the rules that find an error.
pub(crate) fn errors(document: &Node) -> Vec<&'static str> {
    let findings = judge(&Subject::of(document)).findings;
    findings.iter().filter(|found| found.severity == Severity::Error).map(|found| found.rule).collect()
}

/// A hardened document and the names of its containers.
pub(crate) fn hardened(document: &Node) -> (Node, Vec<String>) {
    let hardened = harden(document.clone(), &Hardening::default());
    assert_eq!(hardened.collisions, []);
    let containers = hardened.document.get("containerDefinitions").items().iter();
    let names =
        containers.filter_map(|container| container.get("name").as_str()).map(str::to_owned).collect();
    (hardened.document, names)
}

/// The rules find an Agent without its volumes, and hardening gives it the pattern.
pub(crate) fn is_an_agent(document: &Node, about: &str) {
    assert_eq!(errors(document), WITHOUT_VOLUMES, "{about}");
    let (document, names) = hardened(document);
    assert_eq!(names, ["datadog-init", "datadog-agent", "app"], "{about}");
    assert_eq!(errors(&document), [""; 0], "{about}");
}

/// No rule of the Agent speaks of it, and hardening adds nothing to it.
pub(crate) fn is_none(document: &Node, about: &str) {
    assert_eq!(errors(document), [""; 0], "{about}");
    let (document, names) = hardened(document);
    assert_eq!(names, ["datadog-agent", "app"], "{about}");
    assert!(document.get("containerDefinitions").items()[0].get("mountPoints").items().is_empty(), "{about}");
}

#[test]
fn an_agent_is_one_for_the_rules_and_for_hardening_in_every_form() {
    const STOCK: &str = "public.ecr.aws/datadog/agent:7.81.1";
    for (image, command) in [
        (STOCK, "null"),
        (STOCK, r#"["bash", "-c", "echo x > /etc/datadog-agent/conf.d/x.d/conf.yaml && /init"]"#),
        (STOCK, r#"["sh", "-c", "exec /init"]"#),
        (STOCK, r#"["/opt/datadog-agent/bin/agent/agent", "run"]"#),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-agent:7.50.0", "null"),
        ("ghcr.io/acme/datadog-agent-custom:1.2", "null"),
        ("example.com/observability:1.0.0", "null"),
    ] {
        is_an_agent(&task(image, command), &format!("{image} {command}"));
    }
    for image in [
        "gcr.io/datadoghq/dogstatsd:7.60.0",
        "datadog/cluster-agent:7.60.0",
        "acme/datadog-cluster-agent:7.60.0",
    ] {
        is_none(&task(image, "null"), image);
    }
}
