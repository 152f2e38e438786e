//! `ulimit-invalid`

use super::prelude::*;

/// A resource limit that contradicts itself or another one.
pub(super) static RULE: Rule = Rule {
    name: "ulimit-invalid",
    topic: Topic::Size,
    summary: "A resource limit contradicts itself",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "The softLimit of a ulimit is not above its hardLimit, where -1 stands for unlimited, and a container has \
             each ulimit once.",
    matters: "ECS rejects a task definition in which a soft limit is above the hard one. An unlimited soft limit under \
              a hard one is a warning, because it is Docker that rejects it. So is a name that comes twice, which \
              container runtimes must reject.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-ulimit-soft-over-hard. \
                 Unlimited: docker/go-units, ulimit.go. Names: OCI runtime specification, rlimits of a process.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "ulimits": [{ "name": "nofile", "softLimit": 65536, "hardLimit": 1024 }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "ulimits": [{ "name": "nofile", "softLimit": 1024, "hardLimit": 65536 }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].ulimits[0].softLimit"),
    check,
};

const UNLIMITED: i64 = -1;

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let limits = container.get("ulimits");
        for (index, limit) in found.items(limits) {
            check_limits(container, index, limit, found);
            if limit.get("name").is_unknown() {
                found.undecided();
            }
        }
        let names = limits.items().iter().enumerate();
        let names = names.filter_map(|(index, limit)| Some((index, limit.get("name").as_str()?)));
        for Repetition { again, what: name, .. } in repetitions(names) {
            let finding = found.in_container(
                container,
                container.path().key("ulimits").index(again).key("name"),
                format!("has more than one ulimit {}. Container runtimes must reject that.", quoted(name)),
                Fix::from(
                    Edit::without(container.path().key("ulimits").index(again))
                        .of(container)
                        .called(format!("the repeated {}", quoted(name))),
                )
                .and("Or remove the first one, if this is the one that is meant."),
            );
            finding.severity = Severity::Warning;
        }
    }
}

fn check_limits(container: &Container<'_>, index: usize, limit: &Node, found: &mut Found) {
    let (soft, hard) = (limit.get("softLimit"), limit.get("hardLimit"));
    if soft.is_unknown() || hard.is_unknown() {
        found.undecided();
    }
    let (Some(soft), Some(hard)) = (soft.as_i64(), hard.as_i64()) else { return };
    if hard == UNLIMITED || (soft != UNLIMITED && soft <= hard) {
        return;
    }
    let name = limit.get("name").as_str();
    let called = name.map_or("a ulimit".to_owned(), |name| format!("ulimit {}", quoted(name)));
    let path = container.path().key("ulimits").index(index).key("softLimit");
    let lower = Edit::at(path.clone(), hard).of(container);
    if soft == UNLIMITED {
        let finding = found.in_container(
            container,
            path,
            format!("has {called} with an unlimited soft limit (-1) and the hard limit {hard}. Docker rejects that."),
            Fix::from(lower).and("Or write -1 as the hard limit too."),
        );
        finding.severity = Severity::Warning;
        return;
    }
    let answer = name
        .map(|name| would_answer(&format!("Soft limit exceeds hard limit for ulimit {}", shortened(name))));
    found.in_container(
        container,
        path,
        format!(
            "has {called} with the soft limit {soft} above the hard limit {hard}.{}",
            answer.unwrap_or_default()
        ),
        Fix::from(lower).and(format!("Or raise the hard limit to {soft}.")),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn severities(limits: &str) -> Vec<Severity> {
        let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "ulimits": [{limits}]}}]}}"#);
        findings_of(RULE.name, &document).into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn minus_one_is_unlimited() {
        for (soft, hard, expected) in [
            (-1, -1, vec![]),
            (5, -1, vec![]),
            (5, 5, vec![]),
            (-1, 5, vec![Severity::Warning]),
            (6, 5, vec![Severity::Error]),
        ] {
            let limit = format!(r#"{{"name": "core", "softLimit": {soft}, "hardLimit": {hard}}}"#);
            assert_eq!(severities(&limit), expected, "{soft} {hard}");
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_a_warning() {
        let limit = r#"{"name": "core", "softLimit": 1, "hardLimit": 1}"#;
        assert_eq!(severities(&format!("{limit}, {limit}")), [Severity::Warning]);
    }
}
