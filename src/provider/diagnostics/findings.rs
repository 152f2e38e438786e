//! What the rules found.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::report::RULES_PAGE;
use crate::rules::{Finding, Severity};
use crate::value::{AttributePath, PathStep};

use super::MOST;

/// How the logs of a container that the provider writes are set.
pub(in crate::provider) const LOGS_OF_SIDECARS: &str = "The provider writes this container. Set its logs in the block log_configuration, here or in the provider's agent \
     block.";

/// How root filesystems are made read-only without touching the definitions.
pub(in crate::provider) const READ_ONLY_FOR_ALL: &str = "Or let the provider do it for every container that does not say otherwise:\n\n  \
     application {\n    read_only_root_filesystem = true\n  }\n\nIts argument writable_paths names what a container writes to.";

/// How paths are made writable without touching the definitions.
pub(in crate::provider) const PATHS_BY_NAME: &str =
    "Or name the paths in writable_paths of the application block, which adds volumes and mount points.";

/// A diagnostic for each finding that is no note, with what is shown of it and where that is; of a rule with very many for the first ones,
/// and one that says how many more there are.
pub(in crate::provider) fn findings<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    shown: impl Fn(&Finding) -> (Finding, AttributePath),
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut counts: BTreeMap<&str, (usize, Vec<&Finding>)> = BTreeMap::new();
    for one in findings.filter(|finding| finding.severity <= Severity::Warning) {
        let (count, more) = counts.entry(one.rule).or_default();
        *count += 1;
        if *count > MOST {
            more.push(one);
        } else {
            let (finding, at) = shown(one);
            diagnostics.push(self::finding(&finding, at));
        }
    }
    diagnostics.extend(counts.into_values().filter_map(|(_, more)| more_findings(&more)));
    diagnostics
}

/// Further findings of one rule: an error as soon as one of them is.
fn more_findings(more: &[&Finding]) -> Option<Diagnostic> {
    let first = more.first()?;
    let is_error = more.iter().any(|one| one.waiver.is_none() && one.severity == Severity::Error);
    let detail = format!(
        "There are {} more findings of this rule, which are not shown one by one. The attribute findings, the reports of \
         ddrofs_task_definition_check and the subcommand lint have all of them.\n\nRule {rule}: {RULES_PAGE}#{rule}",
        more.len(),
        rule = first.rule,
    );
    let summary = format!("{}, and more", first.summary);
    Some(if is_error { Diagnostic::error(summary, detail) } else { Diagnostic::warning(summary, detail) })
}

/// What a rule found. The page explains the rest. A place deeper than the configuration's own is spelled out, because
/// Terraform cannot point into JSON text.
pub(in crate::provider) fn finding(finding: &Finding, at: AttributePath) -> Diagnostic {
    let control = finding.control.map(|control| format!(", Security Hub {control}")).unwrap_or_default();
    let holds_document = |step: &PathStep| matches!(step, PathStep::Attribute(name) if name == "container_definitions" || name == "definitions");
    let points_inside = at.0.len() > 1 && at.0.first().is_some_and(holds_document);
    let place = match finding.path.0.len() {
        2.. if !points_inside => format!("\n\nPlace: {}", finding.path),
        _ => String::new(),
    };
    let detail = format!(
        "{}\n\n{}\n\nRule {rule}{control}: {RULES_PAGE}#{rule}{place}",
        finding.detail(),
        finding.fix_text(),
        rule = finding.rule,
    );
    match (&finding.waiver, finding.severity) {
        (Some(_), _) => Diagnostic::warning(format!("Waived: {}", finding.summary), detail),
        (None, Severity::Error) => Diagnostic::error(finding.summary, detail),
        (None, Severity::Warning | Severity::Note) => Diagnostic::warning(finding.summary, detail),
    }
    .at(at)
}
