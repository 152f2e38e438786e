//! Refusals about the containers themselves: names, sizes, order of start, secrets, logs, health, limits.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::echo::{objects, text};
use super::super::wire::Refusal;
use super::{Definition, Object, Verdict, essential, number};

pub(super) fn check(definition: &Definition<'_>) -> Verdict {
    if definition.containers.is_empty() {
        return Err(Refusal::client("Container list cannot be empty."));
    }
    if definition.containers.len() > 10 {
        return Err(Refusal::client("A task definition cannot have more than 10 containers."));
    }
    let mut names = BTreeSet::new();
    for container in &definition.containers {
        for key in ["name", "image"] {
            if text(container, key).is_none_or(str::is_empty) {
                return Err(Refusal::client(format!("Container.{key} should not be null or blank.")));
            }
        }
        if !names.insert(text(container, "name")) {
            return Err(Refusal::client("Container names must be unique within a task definition."));
        }
    }
    if !definition.containers.iter().any(|container| essential(container)) {
        return Err(Refusal::client("Task definition doesn't have any essential container."));
    }
    for container in &definition.containers {
        memory(definition, container)?;
        dependencies(definition, container)?;
        secrets(definition, container)?;
        logs(definition, container)?;
        ranges(container)?;
        files(container)?;
    }
    let reserved: i64 = definition.containers.iter().filter_map(|container| number(container, "cpu")).sum();
    if definition.cpu.is_some_and(|cpu| i64::try_from(cpu).is_ok_and(|cpu| reserved > cpu)) {
        return Err(Refusal::client(
            "The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value.",
        ));
    }
    Ok(())
}

fn name(container: &Object) -> &str {
    text(container, "name").unwrap_or_default()
}

fn memory(definition: &Definition<'_>, container: &Object) -> Verdict {
    let name = name(container);
    let limit = number(container, "memory");
    let reservation = number(container, "memoryReservation");
    if limit.is_none() && reservation.is_none() && definition.memory.is_none() {
        return Err(Refusal::client(format!(
            "Invalid setting for container '{name}'. At least one of 'memory' or 'memoryReservation' must be \
             specified."
        )));
    }
    if let (Some(limit), Some(reservation)) = (limit, reservation)
        && reservation > limit
    {
        return Err(Refusal::client(format!(
            "Invalid setting for container '{name}'. 'memory' must be greater than or equal to \
             'memoryReservation'."
        )));
    }
    if let (Some(limit), Some(task)) = (limit, definition.memory)
        && u64::try_from(limit).is_ok_and(|limit| limit > task)
    {
        return Err(Refusal::client(format!(
            "The 'memory' setting for container '{name}' is greater than for the task."
        )));
    }
    Ok(())
}

fn dependencies(definition: &Definition<'_>, container: &Object) -> Verdict {
    for dependency in objects(container, "dependsOn") {
        let target = text(dependency, "containerName").unwrap_or_default();
        let Some(awaited) = definition.container(target) else {
            return Err(Refusal::client(format!(
                "Cannot depend on container {target} because it does not exist."
            )));
        };
        match text(dependency, "condition") {
            Some("COMPLETE" | "SUCCESS") if essential(awaited) => {
                return Err(Refusal::client(
                    "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.",
                ));
            }
            Some("HEALTHY") if !awaited.contains_key("healthCheck") => {
                return Err(Refusal::client(
                    "A dependency container with HEALTHY condition must have health check configured.",
                ));
            }
            _ => {}
        }
        if reaches(definition, target, name(container), 0) {
            return Err(Refusal::client("The container dependencies contain a cycle."));
        }
    }
    Ok(())
}

fn reaches(definition: &Definition<'_>, from: &str, to: &str, depth: usize) -> bool {
    // Ten containers at most, so a longer chain has already gone round.
    from == to
        || depth < 10
            && definition.container(from).is_some_and(|container| {
                objects(container, "dependsOn")
                    .filter_map(|dependency| text(dependency, "containerName"))
                    .any(|next| reaches(definition, next, to, depth + 1))
            })
}

fn secrets(definition: &Definition<'_>, container: &Object) -> Verdict {
    let mut taken: BTreeSet<&str> =
        objects(container, "environment").filter_map(|entry| text(entry, "name")).collect();
    for secret in objects(container, "secrets").filter_map(|entry| text(entry, "name")) {
        if !taken.insert(secret) {
            return Err(Refusal::client(format!(
                "The secret name must be unique and not shared with any new or existing environment variables set \
                 on the container, such as '{secret}'."
            )));
        }
        if definition.request.get("executionRoleArn").is_none() {
            return Err(Refusal::client(
                "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
            ));
        }
    }
    Ok(())
}

fn logs(definition: &Definition<'_>, container: &Object) -> Verdict {
    let Some(log) = container.get("logConfiguration").and_then(Value::as_object) else {
        return Ok(());
    };
    let option = |key: &str| log.get("options").and_then(|options| options.get(key)).is_some();
    match text(log, "logDriver") {
        Some("awslogs") if !option("awslogs-group") => {
            Err(Refusal::client("Log driver awslogs requires options: awslogs-group"))
        }
        Some("awslogs") if definition.fargate && !option("awslogs-stream-prefix") => Err(Refusal::client(
            "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver \
             awslogs.",
        )),
        Some("awslogs") if definition.fargate && definition.request.get("executionRoleArn").is_none() => {
            Err(Refusal::client(
                "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
            ))
        }
        Some("awsfirelens")
            if !definition.containers.iter().any(|other| other.contains_key("firelensConfiguration")) =>
        {
            Err(Refusal::client(
                "When awsfirelens log driver is specified in log configuration, a firelens configuration object must \
                 be specified.",
            ))
        }
        _ => Ok(()),
    }
}

fn ranges(container: &Object) -> Verdict {
    let name = name(container);
    if let Some(check) = container.get("healthCheck").and_then(Value::as_object) {
        for (key, least, most) in
            [("interval", 5, 300), ("timeout", 2, 60), ("retries", 1, 10), ("startPeriod", 0, 300)]
        {
            if number(check, key).is_some_and(|value| !(least..=most).contains(&value)) {
                return Err(Refusal::client(format!(
                    "The health check {key} of container '{name}' must be between {least} and {most}."
                )));
            }
        }
    }
    if let Some(policy) = container.get("restartPolicy").and_then(Value::as_object)
        && number(policy, "restartAttemptPeriod").is_some_and(|value| !(60..=1800).contains(&value))
    {
        return Err(Refusal::client(format!(
            "the 'restartAttemptPeriod' setting for container '{name}' must be between 60 and 1800"
        )));
    }
    for ulimit in objects(container, "ulimits") {
        if number(ulimit, "softLimit") > number(ulimit, "hardLimit") {
            return Err(Refusal::client(format!(
                "Soft limit exceeds hard limit for ulimit {}",
                text(ulimit, "name").unwrap_or_default()
            )));
        }
    }
    Ok(())
}

fn files(container: &Object) -> Verdict {
    let files: Vec<&Object> = objects(container, "environmentFiles").collect();
    if files.len() > 10 {
        return Err(Refusal::client(
            "The maximum number of environment files was exceeded. Specify ten or less and try again.",
        ));
    }
    if files.iter().any(|file| text(file, "value").is_none_or(|value| !value.starts_with("arn:"))) {
        return Err(Refusal::client("Invalid arn syntax."));
    }
    Ok(())
}
