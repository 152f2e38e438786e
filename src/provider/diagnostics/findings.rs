//! What the rules found.

use crate::diagnostics::Diagnostic;
use crate::document::Place;
use crate::report::{grouped, page_of};
use crate::rules::{DocumentKind, Finding, Severity};
use crate::value::{AttributePath, PathStep};

use super::super::given_job::JOB;
use super::super::given_manifest::MANIFEST;
use super::super::given_services::SERVICES;
use super::MOST;

/// How the logs of a container that the provider writes are set.
pub(in crate::provider) const LOGS_OF_SIDECARS: &str = "The provider writes this container. Set its logs in the block log_configuration, here or in the provider's agent \
     block.";

/// How the root of the init container is accepted.
pub(in crate::provider) const ACCEPT_SIDECARS: &str = "Nothing can be written for it, but that it is accepted:\n\n  policy {\n    accept_sidecars = [\"ECS.20\"]\n  }";

/// How root filesystems are made read-only without touching the definitions.
pub(in crate::provider) const READ_ONLY_FOR_ALL: &str = "Or let the provider do it for every container that does not say otherwise:\n\n  \
     application {\n    read_only_root_filesystem = true\n  }\n\nIts argument writable_paths names what a container writes to.";

/// How paths are made writable without touching the definitions.
pub(in crate::provider) const PATHS_BY_NAME: &str =
    "Or name the paths in writable_paths of the application block, which adds volumes and mount points.";

/// How paths that were asked for become writable for a user other than root.
pub(in crate::provider) const TMPFS_FOR_ANY_USER: &str = "Or let writable_paths become tmpfs, which any user can write to, of a size in MiB that is enough for each path:\n\n  \
     application {\n    tmpfs_size = 64\n  }";

/// A finding as it is told.
pub(in crate::provider) struct Shown {
    finding: Finding,
    /// Where in the configuration it is.
    at: AttributePath,
    /// Where in the text that was given, line and column.
    place: Option<Place>,
    kind: DocumentKind,
}

impl Shown {
    /// A finding in a document of that kind, of which a text was given where it has a place.
    pub(in crate::provider) fn of(
        kind: DocumentKind,
        finding: Finding,
        at: AttributePath,
        place: Option<Place>,
    ) -> Self {
        Self { finding, at, place, kind }
    }

    /// Its path in the document, and the place in the text.
    fn path(&self) -> String {
        let place = self.place.map(|Place { line, column }| format!(", line {line}, column {column}"));
        format!("{}{}", self.finding.path, place.unwrap_or_default())
    }

    /// A place in the configuration, or in the document where Terraform cannot point into it, and the container it is of.
    fn named(&self) -> String {
        let Shown { finding, at, kind, .. } = self;
        let is_document = at.0.len() == 1 && at.0.first().is_some_and(holds_document);
        let place = match finding.path.0.is_empty() {
            false if at.0.is_empty() || is_document => self.path(),
            _ => at.to_string(),
        };
        match &finding.container {
            Some(container) => format!("{place} ({} {container})", kind.words().container),
            None => place,
        }
    }
}

impl From<(Finding, AttributePath)> for Shown {
    fn from((finding, at): (Finding, AttributePath)) -> Self {
        Self::of(DocumentKind::TaskDefinition, finding, at, None)
    }
}

/// A diagnostic for each rule that found something worth one, with all its places: Terraform shows only the first of several
/// warnings with one summary. `shown` says what is shown of a finding and where in the configuration that is; the first of a
/// rule gives the place. Errors, warnings and waived findings of a rule are diagnostics of their own.
pub(in crate::provider) fn findings<'f, S: Into<Shown>>(
    findings: impl Iterator<Item = &'f Finding>,
    shown: impl Fn(&Finding) -> S,
) -> Vec<Diagnostic> {
    let worth_one = findings.filter(|finding| finding.severity <= Severity::Warning);
    let groups = grouped(worth_one, |finding| (finding.rule, finding.severity_word()));
    let told = groups.iter().filter_map(|group| {
        let shown: Vec<_> = group.iter().take(MOST).map(|finding| shown(finding).into()).collect();
        of_a_rule(&shown, group.len() - shown.len())
    });
    told.collect()
}

/// What a rule found, at one place or several, and how many more there are. The page explains the rest.
fn of_a_rule(shown: &[Shown], more: usize) -> Option<Diagnostic> {
    let Shown { finding: first, at, .. } = shown.first()?;
    let rule = first.rule;
    let control = first.control.map(|control| format!(", Security Hub {control}")).unwrap_or_default();
    let more = match more {
        0 => String::new(),
        more => format!(
            "There are {more} more findings of this rule, which are not shown one by one. The attribute findings, the reports \
             of ddrofs_task_definition_check and the subcommand lint have all of them.\n\n"
        ),
    };
    let (paragraphs, place) = match shown {
        [only @ Shown { finding, at, .. }] => {
            let is_deeper = !points_inside(at) && finding.path.0.len() > 1;
            let place = if is_deeper { format!("\n\nPlace: {}", only.path()) } else { String::new() };
            (format!("{}\n\n{}\n\n", finding.detail(), finding.fix_text()), place)
        }
        several => {
            let alike = grouped(several, |shown| shown.finding.said());
            (alike.iter().map(|group| paragraph(group)).collect(), String::new())
        }
    };
    let detail = format!("{paragraphs}{more}Rule {rule}{control}: {}{place}", page_of(rule));
    let diagnostic = match (&first.waiver, first.severity) {
        (Some(_), _) => Diagnostic::warning(format!("Waived: {}", first.summary), detail),
        (None, Severity::Error) => Diagnostic::error(first.summary, detail),
        (None, Severity::Warning | Severity::Note) => Diagnostic::warning(first.summary, detail),
    };
    Some(diagnostic.at(at.clone()))
}

/// What is said once, and where it holds.
fn paragraph(group: &[&Shown]) -> String {
    let Some(Shown { finding: first, .. }) = group.first() else { return String::new() };
    let mut places: Vec<String> = group.iter().map(|shown| format!("  - {}\n", shown.named())).collect();
    // Several findings may be in one text, whose inside has no places of its own.
    places.dedup();
    let places = places.concat();
    format!("{}\n\n{}\n\n{places}\n", first.detail(), first.fix_text())
}

/// Whether the place is inside definitions that are written in HCL, so that Terraform shows it.
fn points_inside(at: &AttributePath) -> bool {
    at.0.len() > 1 && at.0.first().is_some_and(holds_document)
}

fn holds_document(step: &PathStep) -> bool {
    let names = ["container_definitions", "definitions", SERVICES, MANIFEST, JOB];
    matches!(step, PathStep::Attribute(name) if names.contains(&name.as_str()))
}
