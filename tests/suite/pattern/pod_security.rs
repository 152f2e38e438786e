//! What an admission with Pod Security's profile "restricted" refuses of each way to run the Agent, with the reason why it is so:
//! `tests/golden/kubernetes/pod_security_restricted.txt`. `UPDATE_EXPECT=1` rewrites it.

use std::path::Path;

use ddrofs::document::{Node, to_json};
use ddrofs::render;
use ddrofs::render::kubernetes::{Placing, daemon_set};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::{Apm, Dogstatsd, Secret, Settings};
use serde_json::Value;

#[path = "../../support/pod_security.rs"]
mod profile;

use profile::{Violation, violations};

/// The check, the end of whose it is, the beginning of the field, and why the Agent does not meet it. The first that fits counts.
const REASONS: &[(&str, &str, &str, &str)] = &[
    (
        "capabilities",
        " datadog-init",
        "capabilities.add has ",
        "it copies as root, and hands volumes over where the Agent is another user",
    ),
    (
        "capabilities",
        " datadog-agent",
        "capabilities.add has ",
        "the image's supervisor starts programs of other users while the Agent is root; user = \"100\" needs none",
    ),
    (
        "runAsNonRoot",
        " datadog-init",
        "",
        "it is root to hand volumes over: an empty volume is root's, and the image's supervisor wants its directory to be its own",
    ),
    ("runAsUser", " datadog-init", "", "as above, said aloud because the Agent is another user"),
    ("runAsNonRoot", " datadog-agent", "", "the image's own user is root; user = \"100\" is not"),
    (
        "hostNamespaces",
        "DaemonSet/datadog-agent",
        "hostPID",
        "whose metrics and traces come over a socket, the kernel tells by the number of the process on the node",
    ),
    (
        "hostPathVolumes",
        "DaemonSet/datadog-agent",
        "volume datadog-sockets",
        "the Pods of the node reach the sockets there, and no other kind of volume is shared by Pods of one node",
    ),
    (
        "hostPathVolumes",
        "DaemonSet/datadog-agent",
        "volume datadog-",
        "what the Agent measures of the node and of its containers is there; it only reads",
    ),
    (
        "hostPorts",
        "DaemonSet/datadog-agent datadog-agent",
        "",
        "asked for with apm.port, dogstatsd.port or socket = false: the Pods of the node reach the Agent at the node's address",
    ),
];

fn of(kind: KubernetesKind) -> Settings {
    Settings {
        platform: Platform::Kubernetes(kind),
        api_key: Some(Secret::stored("datadog-secret/api-key".into())),
        ..Settings::default()
    }
}

/// Every way to run the Agent that differs for the profile.
fn variants() -> Vec<(&'static str, Settings)> {
    let base = KubernetesKind::default();
    let sidecar = || of(base);
    let node = || of(KubernetesKind { per_node: true, ..base });
    let user_100 = |settings| Settings { user: Some("100".into()), ..settings };
    vec![
        ("sidecar", sidecar()),
        ("sidecar of user 100", user_100(sidecar())),
        ("sidecar on EKS Fargate", of(KubernetesKind { fargate: true, ..base })),
        (
            "sidecar of a cluster without native sidecars",
            of(KubernetesKind { native_sidecars: false, ..base }),
        ),
        ("DaemonSet", node()),
        ("DaemonSet of user 100", user_100(node())),
        (
            "DaemonSet with ports",
            Settings {
                apm: Apm { socket: false, ..Apm::default() },
                dogstatsd: Dogstatsd { socket: false, ..Dogstatsd::default() },
                ..node()
            },
        ),
    ]
}

fn objects(settings: &Settings) -> Vec<Value> {
    let workload = assemble(settings);
    let is_per_node =
        matches!(settings.platform, Platform::Kubernetes(KubernetesKind { per_node: true, .. }));
    let placing = Placing {
        name: &settings.container_name,
        namespace: "datadog",
        tolerations: Node::Null,
        stop_timeout: settings.stop_timeout,
    };
    let objects = match is_per_node {
        true => daemon_set(&workload, &placing).unwrap(),
        false => match render::of(settings.platform).document(&workload).unwrap() {
            Node::Array(objects) => objects,
            object => vec![object],
        },
    };
    objects.iter().map(|object| serde_json::from_str(&to_json(object).unwrap()).unwrap()).collect()
}

/// The place in the table of the reason for it.
fn reason(violation: &Violation) -> Option<usize> {
    REASONS.iter().position(|(check, of, field, _)| {
        violation.check == *check && violation.of.ends_with(of) && violation.field.starts_with(field)
    })
}

#[test]
fn every_violation_of_the_restricted_profile_has_its_reason() {
    let (mut text, mut used) = (String::new(), vec![false; REASONS.len()]);
    for (name, settings) in variants() {
        assert_eq!(ddrofs::rofs::problems(&settings), [], "{name}");
        assert_eq!(render::of(settings.platform).problems(&settings), [], "{name}");
        text.push_str(&format!("{name}\n"));
        let mut last = None;
        for violation in violations(&objects(&settings)) {
            let row = reason(&violation).unwrap_or_else(|| panic!("{name}: nobody said why: {violation:?}"));
            used[row] = true;
            text.push_str(&format!("  {} {}: {}\n", violation.of, violation.check, violation.field));
            if last != Some(row) {
                text.push_str(&format!("    because {}\n", REASONS[row].3));
            }
            last = Some(row);
        }
    }
    let idle: Vec<_> = used.iter().zip(REASONS).filter(|(used, _)| !**used).map(|(_, row)| row).collect();
    assert!(idle.is_empty(), "reasons for nothing: {idle:#?}");
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/kubernetes/pod_security_restricted.txt");
    expect_test::expect_file![file].assert_eq(&text);
}
