//! `variable-in-quotes`

use super::prelude::*;

/// A value whose quotes are a part of it.
pub(super) static RULE: Rule = Rule {
    name: "variable-in-quotes",
    topic: Topic::Form,
    summary: "A value has its quotes in it",
    severity: Severity::Warning,
    judges: Judges::Compose,
    platform: Platform::Any,
    control: None,
    checks: "No entry of a list-style environment of a Compose file has quotes around its value alone, as in - DD_SITE=\"datadoghq.eu\". Of a variable \
             that neither the Agent nor Datadog's libraries read it is a note.",
    matters: "An entry of the list is one text of YAML, and what stands behind the equals sign is the value, quotes included. A site or a \
              key in quotes is none, so what is sent reaches nobody.",
    evidence: Evidence {
        source: "Compose-go e70e961, types/mapping.go, which cuts an entry at its first equals sign; Compose sample of Datadog's \
                 documentation.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain("The quotes around a variable of Datadog go. Another program may mean them."),
    failing: ComposeExample(
        r#"{ "services": { "datadog-agent": { "environment": ["DD_API_KEY=${DD_API_KEY}", "DD_ENV=\"prod\""] } } }"#,
    ),
    passing: ComposeExample(
        r#"{ "services": { "datadog-agent": { "environment": ["DD_API_KEY=${DD_API_KEY}", "DD_ENV=prod"] } } }"#,
    ),
    undecided: Undecided::Failing("services.datadog-agent.environment"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, variable) in found.items(container.get("environment")) {
            let Some(name) = found.text(variable.get("name")) else { continue };
            let Some(quote) = variable.get("quote").as_str() else { continue };
            let place = container.variable_path(index);
            let taken_away = format!("take the quotes away from the value of {name}");
            let fix = match variable.get("value").as_str() {
                Some(value) => {
                    let inside = value.trim_start_matches(quote).trim_end_matches(quote);
                    Fix::from(Edit::at(place.clone(), inside).of(container).told(taken_away))
                        .certain_if(name.starts_with("DD_"))
                }
                // A variable of the machine stands between them.
                None => Fix::from(format!("Take the quotes away from the value of {name}.")),
            };
            let finding = found.in_container(
                container,
                place,
                format!(
                    "has quotes around the value of {}. In a list the whole entry is one text, so the quotes belong to the value.",
                    quoted(name)
                ),
                fix.and("Or write the variable as a member of a map, where YAML takes the quotes away."),
            );
            if !name.starts_with("DD_") {
                finding.severity = Severity::Note;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::rules::{DocumentKind, form_of, judge_document};

    /// What is said of an entry of the Agent's environment: rule, severity and what to write.
    fn said(entry: &str) -> Vec<String> {
        let file = format!(
            r#"{{"services": {{"app": {{"image": "shop:1.0", "read_only": true, "environment": [{entry}]}}}}}}"#
        );
        let findings = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None).findings;
        let said = findings.iter().map(|finding| {
            format!(
                "{} {} {}",
                finding.rule,
                finding.severity_word(),
                finding.fix_in(form_of(DocumentKind::Compose)).split('.').next().unwrap()
            )
        });
        said.collect()
    }

    #[test]
    fn quotes_around_a_whole_value_are_found_once_and_the_value_is_not_told() {
        for (entry, expected) in [
            (
                r#""DD_SITE=\"datadoghq.eu\"""#,
                "variable-in-quotes warning Take the quotes away from the value of DD_SITE",
            ),
            (
                r#""DD_ENV='$ENV'""#,
                "variable-in-quotes warning Take the quotes away from the value of DD_ENV",
            ),
            (r#""NAME=\"x\"""#, "variable-in-quotes note Take the quotes away from the value of NAME"),
        ] {
            assert_eq!(said(entry), [expected], "{entry}");
        }
        for fine in
            [r#""DD_ENV=prod""#, r#""DD_ENV=say \"x\"""#, r#""DD_ENV=""#, r#""DD_ENV=\"""#, r#""DD_ENV""#]
        {
            assert_eq!(said(fine), [""; 0], "{fine}");
        }
    }
}
