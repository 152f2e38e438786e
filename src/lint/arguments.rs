//! The command line of `lint`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::document::Node;
use crate::report::Format;
use crate::task::{Around, AroundProblem};

/// What the subcommand is, for a person.
pub const HELP: &str = "\
Usage: terraform-provider-ddrofs lint [OPTION]... FILE...

Checks ECS task definitions against every rule of the provider, without Terraform and without an account.
A FILE is JSON in any form: a list of container definitions, a task definition, the output of
`aws ecs describe-task-definition`, or CloudFormation's spelling. - reads standard input.

Container definitions alone are judged as those of a Linux task unless something in them says Windows. The rest of
their task is not known; rules that need it are named as undecided.

  --format FORMAT  human   sentences with place, reason and the line to write (default); notes are counted
                   sarif   SARIF 2.1.0, for code scanning
                   junit   JUnit XML, for the test report of a CI system: an error is a failed test,
                           a warning and an undecided rule a skipped one, a note one that passed
                   json    findings, notes, undecided rules and Security Hub verdicts of each document
  --notes          list the notes too: what an auditor would say and no deployment suffers from
  --no-color       no colors, not even on a terminal

What is known of a task and does not stand in its definitions; what stands there counts:

  --operating-system-family FAMILY  LINUX, or one that begins with WINDOWS_SERVER_
  --launch-type TYPE                FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES
  --execution-role-arn ARN          ARN of the execution role; --no-execution-role: there is none
  --task-role-arn ARN               ARN of the task role; --no-task-role: there is none

  --help           print this text

Exit status: 0 when no document has an error, 1 when one has, 2 when the command is wrong or a document
cannot be read. Warnings and notes do not change it.
";

/// What is asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    /// The help text.
    Help,
    /// A report.
    Lint(Arguments),
}

/// The files, what is known of their tasks, and how to report.
#[derive(Debug, PartialEq)]
pub(super) struct Arguments {
    pub(super) format: Format,
    pub(super) around: Around,
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
    #[error("--{0} needs a value.")]
    NoValue(String),
    #[error("--{0}: {1}.")]
    NotAround(String, AroundProblem),
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
    let mut notes = false;
    let mut around = Around::default();
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
            ("--notes" | "-notes", None) => notes = true,
            ("--format" | "-format", Some(name)) => format = Some(name.to_owned()),
            ("--format" | "-format", None) => {
                let name = rest.next().ok_or(Misuse::NoFormat)?;
                format = Some(name.to_string_lossy().into_owned());
            }
            (name, value) => {
                let (flag, name) =
                    part_of_around(name).ok_or_else(|| Misuse::UnknownOption(option.to_owned()))?;
                let value = match (flag.starts_with("no-"), value) {
                    (true, None) => String::new(),
                    (true, Some(_)) => return Err(Misuse::UnknownOption(option.to_owned())),
                    (false, Some(value)) => value.to_owned(),
                    (false, None) => {
                        let value = rest.next().ok_or_else(|| Misuse::NoValue(flag.to_owned()))?;
                        value.to_string_lossy().into_owned()
                    }
                };
                let told = around.tell(name, Node::from(value.as_str()));
                told.map_err(|problem| Misuse::NotAround(flag.to_owned(), problem))?;
            }
        }
    }
    if files.is_empty() {
        return Err(Misuse::NoFiles);
    }
    if files.iter().filter(|file| **file == Source::StandardInput).count() > 1 {
        return Err(Misuse::StandardInputTwice);
    }
    let format = match format.as_deref() {
        None | Some("human") => Format::Human { color, notes },
        Some("sarif") => Format::Sarif,
        Some("junit") => Format::Junit,
        Some("json") => Format::Json,
        Some(other) => return Err(Misuse::UnknownFormat(other.to_owned())),
    };
    Ok(Asked::Lint(Arguments { format, around, files }))
}

/// The flag of that name and the part of what is around a task that it tells.
fn part_of_around(option: &str) -> Option<(&str, &'static str)> {
    let flag = option.strip_prefix("--").or_else(|| option.strip_prefix('-'))?;
    let part = match flag {
        "no-execution-role" => "execution_role_arn",
        "no-task-role" => "task_role_arn",
        flag => Around::NAMES.into_iter().find(|name| name.replace('_', "-") == flag)?,
    };
    Some((flag, part))
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
            around: Around::default(),
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
        assert_eq!(parsed(&["a"]), lint(Format::Human { color: true, notes: false }, &["a"]));
        assert_eq!(parsed(&["a", "--notes"]), lint(Format::Human { color: true, notes: true }, &["a"]));
        assert_eq!(parsed(&["-", "--no-color"]), lint(Format::Human { color: false, notes: false }, &["-"]));
        assert_eq!(parsed(&["a", "--help", "--nonsense"]), Ok(Asked::Help));
    }

    #[test]
    fn behind_two_dashes_everything_is_a_file() {
        let files = ["--format", "-"].map(|name| Source::File(name.into())).into();
        let expected = Ok(Asked::Lint(Arguments {
            format: Format::Human { color: true, notes: false },
            around: Around::default(),
            files,
        }));
        assert_eq!(parsed(&["--", "--format", "-"]), expected);
    }

    #[test]
    fn what_is_known_of_the_task_is_told_by_flags() {
        let told = |arguments: &[&str]| match parsed(arguments) {
            Ok(Asked::Lint(Arguments { around, .. })) => around,
            other => panic!("{other:?}"),
        };
        let mut expected = Around::default();
        for (name, value) in [("launch_type", "EC2"), ("execution_role_arn", "r"), ("task_role_arn", "")] {
            expected.tell(name, Node::from(value)).unwrap();
        }
        assert_eq!(told(&["--launch-type", "EC2", "a", "--execution-role-arn=r", "-no-task-role"]), expected);
        assert_eq!(parsed(&["a", "--launch-type"]), Err(Misuse::NoValue("launch-type".to_owned())));
        let misuse = parsed(&["a", "--launch-type", "fargate"]).unwrap_err();
        assert_eq!(misuse.to_string(), "--launch-type: there is no launch type \"fargate\"; write FARGATE.");
        let unknown = Err(Misuse::UnknownOption("--no-task-role=x".to_owned()));
        assert_eq!(parsed(&["a", "--no-task-role=x"]), unknown);
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
