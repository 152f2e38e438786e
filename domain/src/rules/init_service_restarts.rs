//! `init-service-restarts`

use super::prelude::*;

/// A service that is awaited to its end and never comes to it.
pub(super) static RULE: Rule = Rule {
    name: "init-service-restarts",
    topic: Topic::Order,
    summary: "A service that has to end is started again",
    severity: Severity::Warning,
    judges: Judges::Engine,
    platform: Platform::Any,
    control: None,
    checks: "A service for whose success another one waits (service_completed_successfully), or a container of Docker alone that runs to \
             its end before the next one starts (attach), is not started again when it has succeeded: its restart, or the restart_policy \
             of its deploy, is no or on-failure.",
    matters: "With always and unless-stopped the engine starts the container again whenever it ends, with success as well. It runs for ever, \
              and whoever waits for its success may wait as long: an Agent behind its init service never starts.",
    evidence: Evidence {
        source: "Compose specification, 05-services.md, restart and depends_on.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: ComposeExample(r#"{ "services": { "datadog-init": { "restart": "unless-stopped" } } }"#),
    passing: ComposeExample(r#"{ "services": { "datadog-init": { "restart": "on-failure" } } }"#),
    undecided: Undecided::Failing("services.datadog-init.restart"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(restart) = found.text(container.get("restart")) else { continue };
        if !matches!(restart, "always" | "unless-stopped") {
            continue;
        }
        if found.known(task.ends_before_another_starts(container)) != Some(true) {
            continue;
        }
        found.in_container(
            container,
            container.path().key("restart"),
            format!(
                "has the restart policy {}, and another {} waits for its success. It is started again whenever it ends, so that the \
                 other one may never start.",
                quoted(restart),
                found.container()
            ),
            Edit::set(container, "restart", "no"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::rules::{DocumentKind, form_of, judge_document};

    #[test]
    fn the_policy_of_a_deployment_counts_where_there_is_no_other() {
        let said = |init: &str| {
            let file = format!(
                r#"{{"services": {{"app": {{"image": "shop:1.0", "read_only": true,
                        "depends_on": {{"init": {{"condition": "service_completed_successfully"}}}}}},
                    "init": {{"image": "shop:1.0", "read_only": true{init}}}}}}}"#
            );
            let findings = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None).findings;
            findings
                .iter()
                .map(|finding| finding.fix_in(form_of(DocumentKind::Compose)))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(said(r#", "restart": "always""#), r#"Write restart: "no"."#);
        let deployed = r#", "deploy": {"restart_policy": {"condition": "any"}}"#;
        assert_eq!(said(deployed), "Write condition: none in deploy.restart_policy.");
        for fine in ["", r#", "restart": "no""#, r#", "restart": false"#, r#", "restart": "on-failure:3""#] {
            assert_eq!(said(fine), "", "{fine}");
        }
        // What it says itself counts before what it is deployed with.
        assert_eq!(said(&format!(r#"{deployed}, "restart": "no""#)), "");
    }
}
