//! `datadog-site-unknown`

use super::prelude::*;
use crate::rofs::sites::{SITES, Site, site};
use crate::rofs::variables::DD_SITE;
use crate::task::{Given, is_template};

/// A site that Datadog does not have.
pub(super) static RULE: Rule = Rule {
    name: "datadog-site-unknown",
    topic: Topic::Agent,
    summary: "DD_SITE is none of Datadog's sites",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "The value of DD_SITE is the bare domain of one of Datadog's sites: datadoghq.com, us3.datadoghq.com, \
             us5.datadoghq.com, datadoghq.eu, ap1.datadoghq.com, ap2.datadoghq.com or ddog-gov.com. A URL, the host of a \
             web page such as app.datadoghq.com, and the name of a site are errors in the container of an Agent. \
             Another domain may be newer than this list, so it is a warning, and so is everything in other containers.",
    matters: "The Agent makes the addresses that it sends to by putting names before this domain. With anything else they \
              belong to nobody, and everything that it collects is lost.",
    evidence: Evidence {
        source: "Getting Started with Datadog Sites in Datadog's documentation; datadog-agent issue 30819.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_SITE", "value": "https://app.datadoghq.eu" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_SITE", "value": "datadoghq.eu" }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].environment[1].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        match container.given(DD_SITE) {
            // An empty one counts for none, and the Agent takes its default.
            Given::Text(value, _) if value.is_empty() || is_template(value) => {}
            // Of quotes that belong to the value the rule variable-in-quotes tells.
            Given::Text(_, index) if has_quotes(container, index) => {}
            Given::Text(value, index) => judge(task, container, value, index, found),
            Given::Unknown => found.undecided(),
            Given::Absent | Given::Secret | Given::PerhapsByFile => {}
        }
    }
}

fn has_quotes(container: &Container<'_>, index: usize) -> bool {
    let variable = container.get("environment").items().get(index);
    variable.is_some_and(|variable| !variable.get("quote").is_null())
}

fn judge(task: &TaskDefinition<'_>, container: &Container<'_>, value: &str, index: usize, found: &mut Found) {
    let (says, meant, is_certain) = match site(value) {
        Site::Known => return,
        Site::Around(meant) => (
            "is not the plain domain of a Datadog site: it has something around it, or is the name of a site",
            Some(meant),
            true,
        ),
        Site::NoDomain => ("is not a domain", None, true),
        Site::NearlyKnown(meant) => ("is none of Datadog's sites", Some(meant), false),
        Site::Unknown => ("is none of Datadog's sites that this version knows", None, false),
    };
    let asks = meant.map_or(String::new(), |meant| format!(" Did you mean {meant}?"));
    let finding = found.in_container(
        container,
        container.variable_path(index),
        format!("has a DD_SITE that {says}. What is sent there reaches nobody.{asks}"),
        way_out(container, index, meant),
    );
    if !is_certain || task.is_agent(container) != Some(true) {
        finding.severity = Severity::Warning;
    }
}

fn way_out(container: &Container<'_>, index: usize, meant: Option<&'static str>) -> Fix {
    let write = Edit::at(container.variable_path(index), meant.unwrap_or(SITES[0])).of(container);
    match meant {
        Some(_) => write.into(),
        None => {
            Fix::from(write).and(format!("Or write the one that your account is on: {}.", SITES.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn severities(image: &str, value: &str) -> Vec<Severity> {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}",
                "environment": [{{"name": "DD_SITE", "value": {}}}]}}]}}"#,
            serde_json::json!(value)
        );
        let findings = findings_of(RULE.name, &document);
        assert_eq!(mended(RULE.name, &document), (findings.len(), vec![]), "{value}");
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn what_can_be_no_site_is_an_error_and_a_domain_that_nobody_knows_a_warning() {
        const AGENT: &str = "datadog/agent:7.81.1";
        for (image, value, expected) in [
            (AGENT, "datadoghq.eu", &[][..]),
            (AGENT, "", &[]),
            (AGENT, "<YOUR_SITE>", &[]),
            (AGENT, "${DD_SITE}", &[]),
            (AGENT, "uk1.datadoghq.com", &[]),
            (AGENT, "https://app.datadoghq.com", &[Severity::Error]),
            (AGENT, "app.datadoghq.eu", &[Severity::Error]),
            (AGENT, "\"datadoghq.com\"", &[Severity::Error]),
            (AGENT, "EU", &[Severity::Error]),
            (AGENT, "my site", &[Severity::Error]),
            (AGENT, "datadog.com", &[Severity::Warning]),
            (AGENT, "eu2.datadoghq.com", &[Severity::Warning]),
            ("shop:1", "https://app.datadoghq.com", &[Severity::Warning]),
            ("shop:1", "us5.datadoghq.com", &[]),
        ] {
            assert_eq!(severities(image, value), expected, "{image} {value}");
        }
    }
}
