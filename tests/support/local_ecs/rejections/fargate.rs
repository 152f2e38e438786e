//! Refusals of definitions that require Fargate.

use serde_json::Value;

use super::super::echo::{objects, text};
use super::super::wire::Refusal;
use super::{Definition, Object, Verdict, filled, flag, number};

/// Task CPU, the step and the range of memory in MiB that go with it (task size table, read November 2026).
const SIZES: &[(u64, &[u64])] = &[
    (256, &[512, 1024, 2048]),
    (512, &[1024, 2048, 3072, 4096]),
    (1024, &[2048, 3072, 4096, 5120, 6144, 7168, 8192]),
    (32768, &[61440, 122_880, 249_856]),
];

/// The larger sizes: CPU, least and most memory, and the step between.
const RANGES: &[(u64, u64, u64, u64)] = &[
    (2048, 4096, 16384, 1024),
    (4096, 8192, 30720, 1024),
    (8192, 16384, 61440, 4096),
    (16384, 32768, 122_880, 8192),
];

pub(super) fn check(definition: &Definition<'_>) -> Verdict {
    let request = definition.request;
    if definition.network_mode != Some("awsvpc") {
        return Err(Refusal::client("Fargate only supports network mode 'awsvpc'."));
    }
    let (Some(cpu), Some(memory)) = (definition.cpu, definition.memory) else {
        let missing = if definition.cpu.is_none() { "cpu" } else { "memory" };
        return Err(Refusal::client(format!(
            "Fargate requires that '{missing}' be defined at the task level."
        )));
    };
    let windows = definition.windows();
    let platform_fits = !windows
        || (matches!(cpu, 1024 | 2048 | 4096) && definition.platform("cpuArchitecture") != Some("ARM64"));
    if !exists(cpu, memory) || !platform_fits {
        return Err(Refusal::client(format!(
            "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS \
             documentation for the valid values."
        )));
    }
    if text(request, "pidMode") == Some("host") {
        return Err(Refusal::client("Tasks using the Fargate launch type do not support pidMode 'host'."));
    }
    for (key, named) in [("ipcMode", "ipcMode"), ("placementConstraints", "constraints")] {
        if filled(request, key) {
            return Err(unsupported(named));
        }
    }
    definition.containers.iter().try_for_each(|container| check_container(container))
}

fn exists(cpu: u64, memory: u64) -> bool {
    SIZES.iter().any(|(size, memories)| *size == cpu && memories.contains(&memory))
        || RANGES.iter().any(|(size, least, most, step)| {
            *size == cpu && (*least..=*most).contains(&memory) && (memory - least).is_multiple_of(*step)
        })
}

fn unsupported(what: &str) -> Refusal {
    Refusal::client(format!("Fargate compatible task definitions do not support {what}"))
}

fn check_container(container: &Object) -> Verdict {
    if flag(container, "privileged") {
        return Err(Refusal::client("Fargate requires that the 'privileged' setting be 'false'."));
    }
    if filled(container, "dockerSecurityOptions") {
        return Err(unsupported("dockerSecurityOptions"));
    }
    if let Some(linux) = container.get("linuxParameters").and_then(Value::as_object) {
        for key in ["devices", "sharedMemorySize", "maxSwap"] {
            if filled(linux, key) {
                return Err(unsupported(key));
            }
        }
        let added = linux.get("capabilities").and_then(|capabilities| capabilities.get("add")?.as_array());
        if let Some(capability) =
            added.into_iter().flatten().filter_map(Value::as_str).find(|name| *name != "SYS_PTRACE")
        {
            return Err(Refusal::client(format!("{capability} is not allowed on Fargate.")));
        }
    }
    if objects(container, "resourceRequirements").any(|needed| text(needed, "type") == Some("GPU")) {
        return Err(Refusal::client(
            "Tasks using the Fargate launch type do not support GPU resource requirements.",
        ));
    }
    if let Some(driver) = container.get("logConfiguration").and_then(|log| log.get("logDriver")?.as_str())
        && !matches!(driver, "awslogs" | "splunk" | "awsfirelens")
    {
        return Err(Refusal::client(format!(
            "{driver} is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]"
        )));
    }
    if number(container, "stopTimeout").is_some_and(|seconds| seconds > 120) {
        return Err(Refusal::client("The stopTimeout of a Fargate container must be at most 120 seconds."));
    }
    Ok(())
}
