//! What a run goes by: defaults, what the configuration says, and what the command line says over it.
//!
//! | decides | over it counts |
//! |---|---|
//! | the severity of a rule | `severity` of the configuration, then `--ignore` and `--only` |
//! | `enforce` of either | nothing of these: what is enforced is an error |
//! | a `[[waiver]]` of the configuration | nothing: it lets also pass what is enforced, until its day |
//! | a comment in the file | nothing, but it lets pass only what is not enforced |
//! | `fail_on`, a part of the context | what the command line says |
//! | `paths` | whatever the command line names |
//! | `templates` | nothing: `--template` adds to them |

use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};

use fast_glob::glob_match;
use time::{Date, OffsetDateTime};

use crate::document::Path;
use crate::rules::Judgement;
use crate::rules::policy::Level;
use crate::task::Around;

use super::arguments::Arguments;
use super::configuration::{Configuration, NAME, Problem};
use super::inputs::Source;
use super::threshold::Threshold;

/// What a run goes by.
pub(super) struct Settings {
    configuration: Configuration,
    pub(super) around: Around,
    pub(super) threshold: Threshold,
    only: BTreeSet<&'static str>,
    /// Patterns of the command line, relative to the current folder.
    templates: Vec<String>,
    pub(super) files: Vec<Source>,
    pub(super) mending: Option<Mending>,
    today: Date,
}

/// What becomes of what is certain to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mending {
    /// It is written.
    Write,
    /// A diff shows it.
    Show,
}

/// A judgement as the settings have it.
pub(super) struct Decided {
    pub(super) judgement: Judgement,
    /// Place and rule of each finding that a comment cannot let pass.
    pub(super) enforced: BTreeSet<(Path, &'static str)>,
}

/// Why there are no settings: lines for a person.
pub(super) type Trouble = Vec<String>;

/// Ends of names that only templates have.
const TEMPLATES: [&str; 2] = ["tftpl", "tpl"];

impl Settings {
    /// What the command line says over the configuration that it names, or that is found from this folder upwards.
    pub(super) fn of(arguments: &Arguments, here: &FilePath) -> Result<Self, Trouble> {
        let mut configuration = match &arguments.config {
            _ if arguments.no_config => Configuration::default(),
            Some(path) => read(path, here)?,
            None => match here.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file()) {
                Some(path) => read(&path, here)?,
                None => Configuration::default(),
            },
        };
        let policy = &mut configuration.policy;
        policy.enforce.extend(&arguments.enforce);
        policy.severity.extend(arguments.ignore.iter().map(|rule| (*rule, Level::Off)));
        let mut around = std::mem::take(&mut configuration.around);
        arguments.tell(&mut around);
        let files = match arguments.files.as_slice() {
            [] => paths(&configuration, here),
            files => files.to_vec(),
        };
        Ok(Self {
            around,
            threshold: arguments.fail_on.or(configuration.fail_on).unwrap_or_default(),
            only: arguments.only.clone(),
            mending: arguments.mending,
            templates: arguments.templates.clone(),
            files,
            today: OffsetDateTime::now_utc().date(),
            configuration,
        })
    }

    /// Whether a file is a template: by the end of its name, or because somebody says so.
    pub(super) fn is_template(&self, file: &FilePath) -> bool {
        let extension = file.extension().and_then(|extension| extension.to_str());
        let name = file.to_string_lossy();
        let name = name.strip_prefix("./").unwrap_or(&name);
        let relative = self.configuration.relative(file);
        extension.is_some_and(|extension| TEMPLATES.contains(&extension))
            || self.templates.iter().any(|pattern| fits(pattern, name))
            || self.configuration.templates.iter().any(|pattern| fits(pattern, &relative))
    }

    /// What is made of a judgement of this file. Verdicts stay what they are.
    pub(super) fn decide(&self, mut judgement: Judgement, file: Option<&FilePath>) -> Decided {
        let policy = match file {
            Some(file) => self.configuration.policy_for(file),
            None => self.configuration.policy.clone(),
        };
        let mut policed = policy.apply(&judgement, self.today);
        if !self.only.is_empty() {
            policed.findings.retain(|finding| self.only.contains(finding.rule));
            judgement.undecided.retain(|rule| self.only.contains(rule));
        }
        judgement.findings = policed.findings;
        Decided { judgement, enforced: policed.enforced }
    }
}

/// Whether a pattern fits a path. One without a folder is about the name of the file alone.
fn fits(pattern: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    glob_match(pattern, path) || !pattern.contains('/') && glob_match(pattern, name)
}

fn read(path: &FilePath, here: &FilePath) -> Result<Configuration, Trouble> {
    let name = path.strip_prefix(here).unwrap_or(path).display();
    let text =
        std::fs::read_to_string(path).map_err(|error| vec![format!("{name} cannot be read: {error}")])?;
    let whole = here.join(path);
    let folder = whole.parent().unwrap_or(here);
    Configuration::read(&text, folder).map_err(|problems| {
        let line =
            |Problem { place, text }: Problem| format!("{name}:{}:{}: {text}", place.line, place.column);
        problems.into_iter().map(line).collect()
    })
}

/// What the configuration says is to be checked, as it is called from here.
fn paths(configuration: &Configuration, here: &FilePath) -> Vec<Source> {
    let from_here = |path: &String| {
        let whole: PathBuf = configuration.folder.join(path);
        Source::File(whole.strip_prefix(here).map_or_else(|_| whole.clone(), FilePath::to_owned))
    };
    configuration.paths.iter().map(from_here).collect()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_pattern_without_a_folder_is_about_names() {
        for (pattern, path, expected) in [
            ("*.tmpl", "a/b/c.tmpl", true),
            ("a/*.tmpl", "a/b/c.tmpl", false),
            ("a/**/*.tmpl", "a/b/c.tmpl", true),
            ("*.tmpl", "a/c.json", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }
}
