//! `nomad-variable-of-another-job`

use super::prelude::*;

/// A Nomad variable that the task may not read by itself.
pub(super) static RULE: Rule = Rule {
    name: "nomad-variable-of-another-job",
    topic: Topic::Security,
    summary: "A task reads a Nomad variable of another job",
    severity: Severity::Warning,
    judges: Judges::Nomad,
    platform: Platform::Any,
    control: None,
    checks: "The path of a Nomad variable that a template of a Datadog Agent's task reads is `nomad/jobs`, that of its own job, or that \
             of its own group or task below it, if it is below `nomad/jobs` at all. Any other path needs a policy anyway, and whoever \
             writes one knows.",
    matters: "Where Nomad has access control, a task may read these four paths by its own identity, and no other one without a policy \
              for the job. Nomad tries for ever to fetch what the task may not read, and starts nothing before: the Agent stays \
              pending, and no error is shown.",
    evidence: Evidence {
        source: "Acl/acl.go of hashicorp/nomad (aa026cc, 2026-08): matchingVariablesCapabilitySet; its page on workload identity.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: NomadExample(
        r#"{ "datadog-agent": { "template": [{
  "data": "DD_API_KEY={{ with nomadVar \"nomad/jobs/datadog-agent\" }}{{ .api_key }}{{ end }}",
  "destination": "secrets/datadog.env",
  "env": true
}] } }"#,
    ),
    passing: NomadExample("{}"),
    undecided: Undecided::Passing("job[0].shop.group[0].web.task[0].datadog-agent.template[0].data"),
    check,
};

/// Where the variables of jobs are.
const OF_JOBS: &str = "nomad/jobs";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        for (index, variable) in found.items(agent.get("nomadVariables")) {
            let Some(path) = found.text(variable.get("path")) else { continue };
            let Some(inside) = path.strip_prefix(OF_JOBS).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            // A namespace behind it, or a part that the template fills in.
            if path.contains(['@', '{', '$']) {
                found.undecided();
                continue;
            }
            let (Some(job), Some(group), Some(name)) =
                (found.text(task.document.get("job")), found.text(task.document.get("group")), agent.name)
            else {
                continue;
            };
            let own = [job.to_owned(), format!("{job}/{group}"), format!("{job}/{group}/{name}")];
            if own.iter().any(|own| own == inside) {
                continue;
            }
            let place = agent.path().key("nomadVariables").index(index).key("path");
            let its_own = format!("{OF_JOBS}/{job}");
            found.in_container(
                agent,
                place.clone(),
                format!(
                    "reads the Nomad variable {}, and it is of the job {}. Where Nomad has access control, it may not, unless a policy \
                     of the job lets it, and it never starts.",
                    quoted(path),
                    quoted(job)
                ),
                Fix::from(
                    Edit::at(place, its_own.as_str())
                        .of(agent)
                        .told(format!("write nomadVar \"{its_own}\" in the template of {}", agent.called_inside())),
                )
                .and(
                    "Where the provider writes the task, that is the path in api_key_secret or secrets. If there is such a policy, \
                     turn the rule off: policy { severity = { nomad-variable-of-another-job = \"off\" } }.",
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::rules::{DocumentKind, judge_document};

    #[test]
    fn a_task_reads_what_is_of_its_job_its_group_and_itself_and_nothing_deeper() {
        for (path, is_found) in [
            ("nomad/jobs", false),
            ("nomad/jobs/shop", false),
            ("nomad/jobs/shop/web", false),
            ("nomad/jobs/shop/web/dd", false),
            ("nomad/jobs/shop/web/dd/deeper", true),
            ("nomad/jobs/shop/db", true),
            ("nomad/jobs/shopping", true),
            ("nomad/jobs/other@default", false),
            ("team/datadog", false),
        ] {
            let job = format!(
                r#"{{"Job": {{"ID": "shop", "TaskGroups": [{{"Name": "web", "Tasks": [{{"Name": "dd", "Driver": "docker",
                    "Config": {{"image": "datadog/agent:7.81.1"}},
                    "Templates": [{{"EmbeddedTmpl": "{{{{ with nomadVar \"{path}\" }}}}{{{{ .x }}}}{{{{ end }}}}", "DestPath": "local/x"}}]}}]}}]}}}}"#
            );
            let judgement = judge_document(DocumentKind::Nomad, &parse(&job).unwrap(), None);
            let found = judgement.findings.iter().any(|one| one.rule == super::RULE.name);
            assert_eq!(found, is_found, "{path}");
        }
    }
}
