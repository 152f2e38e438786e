//! What starts and what does not.

use serde_json::Value;

use super::ecs::document;
use super::sandbox::{Task, has_users, means};
use super::{Runtime, Variant, missing, run};
use crate::scenarios::{self, IMAGE_WITH_VOLUMES, image_with_volumes};
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Seeding, Settings};

const ARTICLE: &str = include_str!("../../cases/article/task_definition.json");

/// The published task definition without all that it does for a read-only root, which is what the article begins with.
fn plain_read_only_agent() -> Value {
    let mut document: Value = serde_json::from_str(ARTICLE).unwrap();
    let containers = document["containerDefinitions"].as_array_mut().unwrap();
    containers.retain(|container| container["name"] == "datadog-agent");
    for key in ["mountPoints", "dependsOn"] {
        containers[0].as_object_mut().unwrap().remove(key).unwrap();
    }
    document["volumes"].take();
    document
}

#[test]
fn a_read_only_agent_without_volumes_ends_with_123() {
    let Some(means) = means() else { return };
    let seen = run(&Task::from_ecs(&plain_read_only_agent()), means);
    let agent = seen.of("datadog-agent");
    assert_eq!(agent.ended, Some(123), "{}", seen.told());
    // What the article shows of the log.
    for line in [
        "[s6-init] making user provided files available at /var/run/s6/etc...exited 0.",
        "[cont-init.d] 50-ecs-managed.sh: exited 0.",
        "ln: failed to create symbolic link '/etc/datadog-agent/datadog.yaml': Read-only file system",
        "rm: cannot remove '/etc/datadog-agent/conf.d/cpu.d/conf.yaml.default': Read-only file system",
        "[cont-init.d] 50-ecs.sh: exited 123.",
    ] {
        assert!(agent.log.contains(line), "`{line}` is not in:\n{}", seen.told());
    }
    assert!(!agent.log.contains("ecs_fargate.d"), "a check with an ad identifier stays:\n{}", seen.told());
}

#[test]
fn without_a_read_only_root_the_same_agent_starts() {
    let Some(means) = means() else { return };
    let mut document = plain_read_only_agent();
    document["containerDefinitions"][0]["readonlyRootFilesystem"] = false.into();
    let seen = run(&Task::from_ecs(&document), means);
    let facts = seen.facts();
    let wanted =
        ["datadog-agent is up", "check ecs_fargate is scheduled", "the root of datadog-agent is writable"];
    assert_eq!(missing(&facts, &wanted), [""; 0], "{}", seen.told());
}

#[test]
fn the_task_definition_of_the_article_starts() {
    let Some(means) = means() else { return };
    let seen = run(&Task::from_ecs(&serde_json::from_str(ARTICLE).unwrap()), means);
    let wanted = [
        "datadog-init ends with 0",
        "datadog-init ends before datadog-agent starts",
        "datadog-agent is up",
        "the root of datadog-agent is read-only",
        // What the pattern does otherwise.
        "the root of datadog-init is writable",
        "check ecs_fargate is scheduled",
    ];
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
}

/// Starts a platform's workloads as they are.
pub(super) fn every_variant_starts(runtime: &Runtime) {
    let Some(means) = means() else { return };
    let mut problems = Vec::new();
    for variant in runtime.variants() {
        let Variant { name, settings, .. } = &variant;
        if settings.user.is_some() && !has_users(means) {
            continue;
        }
        assert_eq!(ddrofs::rofs::problems(settings), [], "{name}");
        let seen = run(&(runtime.task)(&variant, &(runtime.document)(settings)).unwrap(), means);
        let wanted: Vec<_> = wanted(settings).into_iter().chain((runtime.facts)(settings)).collect();
        let wanted: Vec<_> = wanted.into_iter().map(|fact| runtime.fact(fact)).collect();
        let mut missing = missing(&seen.facts(), &wanted);
        // Of an older image, where a volume was kept.
        missing.extend(seen.facts().take("check retired is scheduled").map(|fact| format!("no {fact}")));
        if !missing.is_empty() {
            problems.push(format!("{name}: {missing:?}\n{}", seen.told()));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// What a start with these settings shows on every platform.
fn wanted(settings: &Settings) -> Vec<&'static str> {
    let mut wanted = vec![
        "datadog-agent is up",
        "app is up",
        "the root of datadog-agent is read-only",
        "the root of app is read-only",
        "has an API key",
        "Remote Configuration is on",
        "offsets of logs are kept",
        if settings.user.is_some() { "runs as user 100" } else { "runs as user 0" },
    ];
    let (apm, dogstatsd) = (&settings.apm, &settings.dogstatsd);
    let copies = settings.seeding == Seeding::InitCopy;
    let more: [(bool, &[&str]); 10] = [
        (
            copies,
            &[
                "datadog-init ends with 0",
                "datadog-init ends before datadog-agent starts",
                "the root of datadog-init is read-only",
            ],
        ),
        (!copies || !settings.config_files.is_empty(), &["check http_check is scheduled"]),
        (settings.flares, &["a flare is made"]),
        (settings.health_check.is_some(), &["datadog-agent is healthy"]),
        (
            settings.file_logging,
            &["there is /var/log/datadog/agent.log", "there is /var/log/datadog/trace-agent.log"],
        ),
        (apm.enabled && apm.socket, &["traces reach unix:///var/run/datadog/apm.socket"]),
        (apm.enabled && !apm.socket, &["traces reach http://{agent}:8127"]),
        (dogstatsd.enabled && dogstatsd.socket, &["metrics reach unix:///var/run/datadog/dsd.socket"]),
        (dogstatsd.enabled && !dogstatsd.socket, &["metrics reach udp://{agent}:8135"]),
        (settings.wait_until_healthy, &["datadog-agent starts before app"]),
    ];
    wanted.extend(more.into_iter().filter(|(is_on, _)| *is_on).flat_map(|(_, facts)| facts));
    wanted
}

#[test]
fn an_image_that_declares_no_volumes_leaves_the_agent_blind_without_an_init_container() {
    let Some(means) = means() else { return };
    let settings = image_with_volumes(scenarios::minimal(Platform::default()));
    let check = "check ecs_fargate is scheduled";
    let seen = run(&Task::from_ecs(&document(&settings)), means);
    assert_eq!(missing(&seen.facts(), &["datadog-agent is up", check]), [""; 0], "{}", seen.told());
    let stock =
        document(&Settings { image: IMAGE_WITH_VOLUMES.replace("/shop", "").as_str().into(), ..settings });
    let seen = run(&Task::from_ecs(&stock), means);
    assert_eq!(missing(&seen.facts(), &["datadog-agent is up", check]), [check], "{}", seen.told());
}
