//! `number-out-of-range`

use super::prelude::*;

/// A number of the Linux parameters that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "number-out-of-range",
    topic: Topic::Size,
    summary: "A number is outside what ECS accepts",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "The swappiness of a container is 0 to 100, its maxSwap is 0 or more, and so is the size of a tmpfs. What Fargate \
             does not support at all is for the rule unsupported-on-fargate.",
    matters: "ECS documents these limits, and the kernel knows no other values: the task is not registered or does not start.",
    evidence: Evidence {
        source: "LinuxParameters and Tmpfs in the API reference of Amazon ECS and in its API model of botocore 1.44.5.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [{ "linuxParameters": { "maxSwap": 256, "swappiness": 120 } }]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [{ "linuxParameters": { "maxSwap": 256, "swappiness": 60 } }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].linuxParameters.swappiness"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let parameters = container.get("linuxParameters");
        for (key, place) in
            [("maxSwap", "linuxParameters.maxSwap"), ("swappiness", "linuxParameters.swappiness")]
        {
            // On Fargate neither is supported, whatever the number.
            if task.fargate != Some(true)
                && let Some((number, range)) = found.out_of_range(parameters.get(key), place)
            {
                if task.fargate.is_none() {
                    found.undecided();
                    continue;
                }
                let (least, most) = (*range.start(), *range.end());
                let accepts = match most {
                    i64::MAX => format!("{least} or more"),
                    most => format!("{least} to {most}"),
                };
                found.in_container(
                    container,
                    container.path().key("linuxParameters").key(key),
                    format!("has a {key} of {number}. ECS accepts {accepts}."),
                    Edit::set(container, place, number.clamp(least, most)),
                );
            }
        }
        for (index, tmpfs) in found.items(parameters.get("tmpfs")) {
            let size = tmpfs.get("size");
            if size.is_unknown() {
                found.undecided();
            }
            let Some(size) = size.as_i64().filter(|size| *size < 0) else { continue };
            let place = container.path().key("linuxParameters").key("tmpfs").index(index).key("size");
            found.in_container(
                container,
                place.clone(),
                format!("has a tmpfs with a size of {size} MiB. It cannot be mounted."),
                Fix::from(Edit::at(place, 64).of(container)).and("That is an example. The unit is MiB."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::mended;
    use super::*;

    #[test]
    fn each_number_has_its_range_where_it_is_supported() {
        for (platform, parameters, count) in [
            ("EC2", r#"{"swappiness": 101}"#, 1),
            ("EC2", r#"{"swappiness": -1}"#, 1),
            ("EC2", r#"{"swappiness": 0, "maxSwap": 0}"#, 0),
            ("EC2", r#"{"swappiness": 100, "maxSwap": 100000}"#, 0),
            ("EC2", r#"{"maxSwap": -1}"#, 1),
            ("FARGATE", r#"{"swappiness": 101, "maxSwap": -1}"#, 0),
            ("FARGATE", r#"{"tmpfs": [{"containerPath": "/t", "size": -5}]}"#, 1),
            ("FARGATE", r#"{"tmpfs": [{"containerPath": "/t", "size": 0}]}"#, 0),
            ("EC2", r#"{"swappiness": "<unknown>"}"#, 0),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "a", "linuxParameters": {parameters}}}]}}"#
            );
            assert_eq!(mended(RULE.name, &document), (count, vec![]), "{platform} {parameters}");
        }
    }
}
