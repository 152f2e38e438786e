//! Task definitions as ECS gets them, made by the pattern and its renderer out of settings.

use ddrofs::document::{Node, json::to_json};
use ddrofs::render::{self, ecs};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::LaunchType;
use ddrofs::rofs::settings::{Apm, Dogstatsd, HealthCheck, Probe, Secret, Seeding, Settings};
use serde_json::Value;

use super::{APPLICATION, CHECK, Variant, WITH_VOLUMES};

/// A main configuration file with the listener of the one in whose place it stands.
const LISTENS: &str = "listeners:\n  - name: ecs\n";

/// Every way to start that the settings give on ECS.
pub(super) fn variants() -> Vec<Variant> {
    let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf";
    let plain = || Settings { api_key: Some(Secret::stored(arn.into())), ..Settings::default() };
    let check = |probe| HealthCheck { probe, ..HealthCheck::default() };
    let program = ["agent", "health"].map(str::to_owned).into();
    let apart = |name, settings| Variant { is_taken_apart: true, ..Variant::of(name, settings) };
    let other = Variant::of;
    vec![
        apart("plain", plain()),
        other("user 100", Settings { user: Some("100".into()), ..plain() }),
        apart(
            "user 100 with every directory",
            Settings { user: Some("100:0".into()), file_logging: true, ..plain() },
        ),
        other("no flares", Settings { flares: false, ..plain() }),
        other("log files", Settings { file_logging: true, ..plain() }),
        other(
            "ports instead of sockets",
            Settings {
                apm: Apm { socket: false, port: Some(8127), ..Apm::default() },
                dogstatsd: Dogstatsd { socket: false, port: Some(8135), ..Dogstatsd::default() },
                ..plain()
            },
        ),
        other(
            "nothing listens",
            Settings {
                apm: Apm { enabled: false, ..Apm::default() },
                dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
                ..plain()
            },
        ),
        other("waits until healthy", Settings { wait_until_healthy: true, ..plain() }),
        other(
            "a health check of one's own",
            Settings { health_check: Some(check(Probe::Program(program))), ..plain() },
        ),
        other("no health check", Settings { health_check: None, ..plain() }),
        other("an Agent that may end", Settings { essential: false, ..plain() }),
        other(
            "files",
            Settings {
                config_files: [
                    (CHECK.0.to_owned(), CHECK.1.into()),
                    ("datadog.yaml".to_owned(), LISTENS.into()),
                ]
                .into(),
                ..plain()
            },
        ),
        other(
            "an image with volumes",
            Settings { seeding: Seeding::ImageVolumes, image: WITH_VOLUMES.into(), ..plain() },
        ),
        other(
            "an image with volumes and user 100",
            Settings {
                seeding: Seeding::ImageVolumes,
                image: WITH_VOLUMES.into(),
                user: Some("100".into()),
                ..plain()
            },
        ),
        other("on EC2", plain().on(LaunchType::Ec2)),
        other("on managed instances", plain().on(LaunchType::ManagedInstances)),
        other(
            "names of one's own",
            Settings { site: Some("datadoghq.eu".into()), volume_prefix: "dd_".to_owned(), ..plain() },
        ),
    ]
}

/// The task definition of an application and the sidecars that it is wired to.
pub(super) fn document(settings: &Settings) -> Value {
    let workload = assemble(settings);
    let value = |node: &Node| -> Value { serde_json::from_str(&to_json(node).unwrap()).unwrap() };
    let mut application = value(&ecs::wiring(&workload.wiring));
    application["name"] = "app".into();
    application["image"] = APPLICATION.into();
    application["readonlyRootFilesystem"] = true.into();
    let mut document = value(&render::of(settings.platform).document(&workload).unwrap());
    document["containerDefinitions"].as_array_mut().expect("containers").push(application);
    document["requiresCompatibilities"] =
        settings.platform.launch_type().map(LaunchType::name).into_iter().collect();
    document
}
