//! The command line of `lint`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::report::Format;

/// What the subcommand is, for a person.
pub const HELP: &str = "\
Usage: terraform-provider-ddrofs lint [--format FORMAT] [--no-color] FILE...

Checks ECS task definitions against every rule of the provider, without Terraform and without an account.
A FILE is JSON in any form: a list of container definitions, a task definition, the output of
`aws ecs describe-task-definition`, or CloudFormation's spelling. - reads standard input.

Of a list of container definitions the task around it is not known; rules that need it are named as undecided.

  --format FORMAT  human   sentences with place, reason and the line to write (default)
                   sarif   SARIF 2.1.0, for code scanning
                   junit   JUnit XML, for the test report of a CI system: an error is a failed test,
                           a warning and an undecided rule a skipped one
                   json    findings, notes, undecided rules and Security Hub verdicts of each document
  --no-color       no colors, not even on a terminal
  --help           print this text

Exit status: 0 when no document has an error, 1 when one has, 2 when the command is wrong or a document
cannot be read. Warnings do not change it.
";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The help text.
    Help,
    /// A report.
    Lint(Arguments),
}

/// The files, and how to report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) format: Format,
    pub(super) files: Vec<Source>,
}

/// Where a document is read from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    StandardInput,
    File(PathBuf),
}

/// Why the command cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Misuse {
    #[error("There is no option {0}.")]
    UnknownOption(String),
    #[error("--format needs one of human, sarif, junit, json.")]
    NoFormat,
    #[error("There is no format {0:?}. Write human, sarif, junit or json.")]
    UnknownFormat(String),
    #[error("Name at least one file, or - for standard input.")]
    NoFiles,
    #[error("Standard input can be read once only: write - once.")]
    StandardInputTwice,
}

/// Reads the arguments behind `lint`. Options may stand anywhere; behind `--` everything is a file.
pub(super) fn parse(arguments: &[OsString], terminal: bool) -> Result<Asked, Misuse> {
    let mut format = None;
    let mut color = terminal;
    let mut files = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let Some(option) = option(argument) else {
            files.push(source(argument));
            continue;
        };
        match option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value))) {
            ("--", None) => files.extend(rest.by_ref().map(|file| Source::File(file.into()))),
            ("--help" | "-help" | "-h", None) => return Ok(Asked::Help),
            ("--no-color" | "-no-color", None) => color = false,
            ("--format" | "-format", Some(name)) => format = Some(name.to_owned()),
            ("--format" | "-format", None) => {
                let name = rest.next().ok_or(Misuse::NoFormat)?;
                format = Some(name.to_string_lossy().into_owned());
            }
            _ => return Err(Misuse::UnknownOption(option.to_owned())),
        }
    }
    if files.is_empty() {
        return Err(Misuse::NoFiles);
    }
    if files.iter().filter(|file| **file == Source::StandardInput).count() > 1 {
        return Err(Misuse::StandardInputTwice);
    }
    let format = match format.as_deref() {
        None | Some("human") => Format::Human { color },
        Some("sarif") => Format::Sarif,
        Some("junit") => Format::Junit,
        Some("json") => Format::Json,
        Some(other) => return Err(Misuse::UnknownFormat(other.to_owned())),
    };
    Ok(Asked::Lint(Arguments { format, files }))
}

/// The argument where it is an option. A lone dash is standard input.
fn option(argument: &OsStr) -> Option<&str> {
    argument.to_str().filter(|text| text.starts_with('-') && *text != "-")
}

fn source(argument: &OsStr) -> Source {
    if argument == "-" { Source::StandardInput } else { Source::File(argument.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Asked, Misuse> {
        parse(&arguments.iter().map(OsString::from).collect::<Vec<_>>(), true)
    }

    fn lint(format: Format, files: &[&str]) -> Result<Asked, Misuse> {
        Ok(Asked::Lint(Arguments {
            format,
            files: files.iter().map(|file| source(OsStr::new(file))).collect(),
        }))
    }

    #[test]
    fn options_may_stand_anywhere_and_be_written_either_way() {
        for arguments in [
            ["--format", "sarif", "a", "b"],
            ["a", "--format=sarif", "b", "--no-color"],
            ["a", "b", "-format", "sarif"],
        ] {
            assert_eq!(parsed(&arguments), lint(Format::Sarif, &["a", "b"]), "{arguments:?}");
        }
        assert_eq!(parsed(&["a"]), lint(Format::Human { color: true }, &["a"]));
        assert_eq!(parsed(&["-", "--no-color"]), lint(Format::Human { color: false }, &["-"]));
        assert_eq!(parsed(&["a", "--help", "--nonsense"]), Ok(Asked::Help));
    }

    #[test]
    fn behind_two_dashes_everything_is_a_file() {
        let files = ["--format", "-"].map(|name| Source::File(name.into())).into();
        let expected = Ok(Asked::Lint(Arguments { format: Format::Human { color: true }, files }));
        assert_eq!(parsed(&["--", "--format", "-"]), expected);
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        assert_eq!(parsed(&[]), Err(Misuse::NoFiles));
        assert_eq!(parsed(&["--format"]), Err(Misuse::NoFormat));
        assert_eq!(parsed(&["a", "--format", "xml"]), Err(Misuse::UnknownFormat("xml".to_owned())));
        assert_eq!(parsed(&["a", "--fix"]), Err(Misuse::UnknownOption("--fix".to_owned())));
        assert_eq!(parsed(&["-", "a", "-"]), Err(Misuse::StandardInputTwice));
    }
}
