//! `ulimit-invalid`

use super::prelude::*;
use crate::ecs::shapes::limits::FARGATE_NOFILE_MAX;

/// A resource limit that contradicts itself or another one, or that Fargate does not have.
pub(super) static RULE: Rule = Rule {
    name: "ulimit-invalid",
    topic: Topic::Size,
    summary: "A resource limit is not possible",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The softLimit of a ulimit is not above its hardLimit, where -1 stands for unlimited, and a container has \
             each ulimit once. On Fargate, nofile is at most 1048576.",
    matters: "ECS rejects a task definition in which a soft limit is above the hard one. An unlimited soft limit under \
              a hard one is a warning, because it is Docker that rejects it. So is a name that comes twice, which \
              container runtimes must reject. Fargate gives no container more open files than its documentation says.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-ulimit-soft-over-hard. \
                 Unlimited: docker/go-units, ulimit.go. Names: OCI runtime specification, rlimits of a process. Fargate: nofile in the task \
                 definition parameters of the Amazon ECS developer guide; setrlimit(2) refuses more than fs.nr_open.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
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
            if !check_limits(container, index, limit, found) {
                check_nofile(task, container, index, limit, found);
            }
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

/// Whether a finding says that the two limits contradict each other.
fn check_limits(container: &Container<'_>, index: usize, limit: &Node, found: &mut Found) -> bool {
    let (soft, hard) = (limit.get("softLimit"), limit.get("hardLimit"));
    if soft.is_unknown() || hard.is_unknown() {
        found.undecided();
    }
    let (Some(soft), Some(hard)) = (soft.as_i64(), hard.as_i64()) else { return false };
    if hard == UNLIMITED || (soft != UNLIMITED && soft <= hard) {
        return false;
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
        return true;
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
    true
}

/// Open files on Fargate: a soft limit is not above the hard one here.
fn check_nofile(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    index: usize,
    limit: &Node,
    found: &mut Found,
) {
    let is_above = |number: i64| number == UNLIMITED || number > FARGATE_NOFILE_MAX;
    let hard = limit.get("hardLimit").as_i64().filter(|hard| is_above(*hard));
    let (Some(hard), Some("nofile")) = (hard, limit.get("name").as_str()) else { return };
    match task.fargate {
        Some(false) => return,
        None => return found.undecided(),
        Some(true) => {}
    }
    let place = container.path().key("ulimits").index(index);
    let soft = limit.get("softLimit").as_i64().is_some_and(is_above);
    let edits = [("hardLimit", true), ("softLimit", soft)].into_iter().filter(|(_, is_wrong)| *is_wrong);
    let hard = if hard == UNLIMITED { "unlimited (-1)".to_owned() } else { hard.to_string() };
    found.in_container(
        container,
        place.clone().key("hardLimit"),
        format!(
            "has ulimit \"nofile\" with the hard limit {hard}. Fargate allows at most {FARGATE_NOFILE_MAX}."
        ),
        Fix::write(edits.map(|(key, _)| Edit::at(place.clone().key(key), FARGATE_NOFILE_MAX).of(container))),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
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

    #[test]
    fn fargate_has_a_highest_number_of_open_files() {
        for (platform, name, soft, hard, count) in [
            ("FARGATE", "nofile", 1024, 1_048_577, 1),
            ("FARGATE", "nofile", -1, -1, 1),
            ("FARGATE", "nofile", 65_535, 1_048_576, 0),
            ("FARGATE", "core", -1, -1, 0),
            ("EC2", "nofile", -1, -1, 0),
            ("EC2", "nofile", 2_000_000, 2_000_000, 0),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "a",
                    "ulimits": [{{"name": "{name}", "softLimit": {soft}, "hardLimit": {hard}}}]}}]}}"#
            );
            assert_eq!(mended(RULE.name, &document), (count, vec![]), "{platform} {name} {hard}");
        }
    }
}
