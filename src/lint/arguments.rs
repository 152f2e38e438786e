//! The command line of `lint`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::command_line::{self, PROGRAM, Said};
use crate::document::Node;
use crate::ordered::ordered;
use crate::report::Format;
use crate::rules::Severity;
use crate::rules::policy::{control_named, rule_named};
use crate::task::Around;

use super::inputs::Source;
use super::settings::Mending;
use super::threshold::Threshold;

/// The command, as it is called.
pub const NAME: &str = "lint";

const ABOUT: &str =
    "Checks task definitions against every rule of the provider, without Terraform and without an account";

const LONG_ABOUT: &str = "\
Checks ECS task definitions against every rule of the provider, without Terraform and without an account. Compose files \
and manifests of Kubernetes are judged by the rules about the Datadog Agent.

What a file is, its content tells: a list of container definitions, a task definition, the output of \
`aws ecs describe-task-definition`, a CloudFormation template with its AWS::ECS::TaskDefinition resources, what CDK \
writes to cdk.out, what `terraform show -json` prints of a plan or a state, a Compose file, a manifest. JSON and YAML, \
one document in a file or several.

Of a folder every such file below it is read, and all others are passed over in silence. A file that is named and is \
something else is an error.

Container definitions alone are judged as those of a Linux task unless something in them says Windows. The rest of \
their task is not known; rules that need it are named as undecided, and so are those that need a value which only \
CloudFormation, Terraform or Compose can tell.";

const EXAMPLES: &str = "\
Examples:
  terraform-provider-ddrofs lint .
  terraform-provider-ddrofs lint task-definition.json 'stacks/**/*.yaml' cdk.out
  terraform show -json tfplan | terraform-provider-ddrofs lint -
  terraform-provider-ddrofs lint --format sarif tasks > findings.sarif
  aws ecs describe-task-definition --task-definition orders | terraform-provider-ddrofs lint -
  terraform-provider-ddrofs lint --launch-type FARGATE --no-task-role container-definitions.json
  terraform-provider-ddrofs lint --enforce ECS.5 --fail-on warning tasks
  terraform-provider-ddrofs lint --format github --output junit=report.xml tasks
  terraform-provider-ddrofs lint --explain root-filesystem-writable
  terraform-provider-ddrofs lint --diff tasks

Exit status:
  0  nothing that --fail-on asks about, which is errors by default
  1  a finding of that severity or worse, which --fix did not mend; with --diff also what it would write
  2  the command is wrong, or something cannot be read or written; the rest was judged all the same";

/// The command with all its options.
pub fn command() -> Command {
    Command::new(NAME)
        .bin_name(format!("{PROGRAM} lint"))
        .about(ABOUT)
        .long_about(LONG_ABOUT)
        .after_help(EXAMPLES)
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .num_args(0..)
                .help("File, folder or pattern such as 'tasks/**/*.json'; - is standard input"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(formats())
                .default_value("human")
                .help("How the report is written"),
        )
        .arg(
            Arg::new("output")
                .long("output")
                .value_name("FORMAT=FILE")
                .action(ArgAction::Append)
                .value_parser(output)
                .help("Write another report to a file; may stand several times"),
        )
        .arg(
            Arg::new("explain")
                .long("explain")
                .value_name("RULE")
                .value_parser(|text: &str| rule_named(text).map_err(|problem| problem.to_string()))
                .help("Print the page of a rule, with examples, and check nothing"),
        )
        .arg(flag("list-rules").help("Print every rule in a line, and check nothing"))
        .arg(
            flag("notes")
                .help("List the notes too: what an auditor would say and no deployment suffers from"),
        )
        .arg(
            flag("quiet")
                .conflicts_with("notes")
                .help("Print only what ends the run with status 1 or 2, and nothing where nothing does"),
        )
        .arg(flag("no-color").help("No colors, not even on a terminal"))
        .args(mending())
        .args(decisions())
        .args(around())
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("human").help("Sentences with place, reason and the line to write; notes are counted"),
        PossibleValue::new("sarif").help("SARIF 2.1.0, for code scanning"),
        PossibleValue::new("junit").help(
            "JUnit XML, for the test report of a CI system: an error is a failed test, a warning and an undecided rule a skipped \
             one, a note one that passed",
        ),
        PossibleValue::new("github").help("Annotations of GitHub Actions, errors and warnings"),
        PossibleValue::new("gitlab").help("GitLab's code quality report"),
        PossibleValue::new("checkstyle").help("Checkstyle's XML, which many programs read"),
        PossibleValue::new("json").help("Findings, notes, undecided rules and Security Hub verdicts of each document"),
    ])
}

/// A format and a file.
fn output(value: &str) -> Result<(String, PathBuf), String> {
    let words = ["human", "sarif", "junit", "github", "gitlab", "checkstyle", "json"];
    match value.split_once('=') {
        Some((format, file)) if words.contains(&format) && !file.is_empty() => {
            Ok((format.to_owned(), file.into()))
        }
        _ => Err(format!("write FORMAT=FILE, with one of the formats {}", words.join(", "))),
    }
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

const DECISIONS: &str = "What is made of findings; a ddrofs.toml says the same for every run";

/// The options that mend.
fn mending() -> [Arg; 2] {
    [
        flag("fix").conflicts_with("diff").help(
            "Write into the files what is certain, as --explain says of each rule; all else stays as it is",
        ),
        flag("diff")
            .conflicts_with("format")
            .help("Print a diff of what --fix would write, and write nothing; status 1 where there is one"),
    ]
}

/// The options that decide about findings, and where more of that is written.
fn decisions() -> [Arg; 8] {
    let list = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).action(ArgAction::Append).value_delimiter(',')
    };
    let rule = |text: &str| rule_named(text).map_err(|problem| problem.to_string());
    let control = |text: &str| control_named(text).map_err(|problem| problem.to_string());
    [
        list("enforce", "CONTROL").value_parser(control).help("Make an error of each finding of a Security Hub control, such as ECS.5"),
        list("ignore", "RULE").value_parser(rule).help("Leave out the findings of a rule; not those of an enforced control"),
        list("only", "RULE").value_parser(rule).help("Tell of the findings of these rules alone"),
        Arg::new("fail-on")
            .long("fail-on")
            .value_name("SEVERITY")
            .value_parser(PossibleValuesParser::new(Threshold::WORDS))
            .help("Which findings end with status 1: those of this severity and worse [default: error]"),
        list("template", "PATTERN")
            .value_delimiter(None)
            .help("Files that are templates, as .tftpl and .tpl are: what is to be filled in is not known, and no finding"),
        Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .conflicts_with("no-config")
            .help("The configuration [default: ddrofs.toml of this folder or the nearest one around it that has one]"),
        flag("no-config").help("Read no configuration"),
        flag("pass-over").help("Pass over files in silence that are something else, even where they are named"),
    ]
    .map(|option| option.help_heading(DECISIONS))
}

const HEADING: &str =
    "What is known about a task and is not in its definitions; what they say themselves counts";

/// The options that tell what is around a task.
fn around() -> [Arg; 6] {
    let told = |long: &'static str, name: &'static str, value: &'static str| {
        let parse =
            move |text: &str| Around::default().tell(name, Node::from(text)).map(|()| text.to_owned());
        Arg::new(name).long(long).value_name(value).value_parser(parse).help_heading(HEADING)
    };
    let denied =
        |name: &'static str, role: &'static str| flag(name).help_heading(HEADING).conflicts_with(role);
    [
        told("operating-system-family", "operating_system_family", "FAMILY")
            .help("LINUX, or one that begins with WINDOWS_SERVER_"),
        told("launch-type", "launch_type", "TYPE").help("FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES"),
        told("execution-role-arn", "execution_role_arn", "ARN").help("ARN of the execution role"),
        denied("no-execution-role", "execution_role_arn").help("There is no execution role"),
        told("task-role-arn", "task_role_arn", "ARN").help("ARN of the task role"),
        denied("no-task-role", "task_role_arn").help("There is no task role"),
    ]
}

/// What the command line says.
#[derive(Debug, PartialEq, Default)]
pub(super) struct Arguments {
    pub(super) files: Vec<Source>,
    pub(super) format: String,
    /// Further reports: format and file.
    pub(super) outputs: Vec<(String, PathBuf)>,
    /// The rule to tell about.
    pub(super) explain: Option<&'static str>,
    pub(super) list_rules: bool,
    pub(super) notes: bool,
    pub(super) quiet: bool,
    pub(super) no_color: bool,
    pub(super) enforce: BTreeSet<&'static str>,
    pub(super) ignore: BTreeSet<&'static str>,
    pub(super) only: BTreeSet<&'static str>,
    pub(super) fail_on: Option<Threshold>,
    pub(super) templates: Vec<String>,
    pub(super) config: Option<PathBuf>,
    pub(super) no_config: bool,
    pub(super) pass_over: bool,
    pub(super) mending: Option<Mending>,
    /// What is known of the tasks, part by part.
    around: Vec<(&'static str, String)>,
}

impl Arguments {
    /// Tells what is known of the tasks, over what was told before.
    pub(super) fn tell(&self, around: &mut Around) {
        for (name, value) in &self.around {
            around.tell(name, Node::from(value.as_str())).expect("it was told when it was parsed");
        }
    }

    /// How a report of this format is written.
    pub(super) fn format(&self, word: &str, terminal: bool, threshold: Threshold) -> Format {
        match word {
            "sarif" => Format::Sarif,
            "junit" => Format::Junit,
            "github" => Format::Github,
            "gitlab" => Format::Gitlab,
            "checkstyle" => Format::Checkstyle,
            "json" => Format::Json,
            _ => Format::Human {
                color: terminal && !self.no_color,
                notes: self.notes,
                // Beside a diff nothing but what counts.
                quiet: (self.quiet || self.mending == Some(Mending::Show))
                    .then(|| threshold.0.unwrap_or(Severity::Error)),
            },
        }
    }
}

/// Reads the arguments behind `lint`.
pub(super) fn parse(arguments: &[OsString]) -> Result<Arguments, Said> {
    let read = command_line::read(command(), arguments)?;
    let files: Vec<Source> =
        read.get_many::<PathBuf>("file").into_iter().flatten().map(|file| source(file)).collect();
    if files.iter().filter(|file| **file == Source::StandardInput).count() > 1 {
        return Err(wrong("Standard input can be read once only: write - once."));
    }
    let mending = match (read.get_flag("fix"), read.get_flag("diff")) {
        (true, _) => Some(Mending::Write),
        (_, true) => Some(Mending::Show),
        _ => None,
    };
    if mending == Some(Mending::Write) && files.contains(&Source::StandardInput) {
        return Err(wrong("Standard input cannot be written: --diff shows what would be."));
    }
    let names = |option: &str| ordered(read.get_many::<&'static str>(option).into_iter().flatten().copied());
    let word = |option: &str| read.get_one::<String>(option).map(String::as_str);
    Ok(Arguments {
        files,
        format: word("format").unwrap_or_default().to_owned(),
        outputs: read.get_many("output").into_iter().flatten().cloned().collect(),
        explain: read.get_one::<&'static str>("explain").copied(),
        list_rules: read.get_flag("list-rules"),
        notes: read.get_flag("notes"),
        quiet: read.get_flag("quiet"),
        no_color: read.get_flag("no-color"),
        enforce: names("enforce"),
        ignore: names("ignore"),
        only: names("only"),
        fail_on: word("fail-on").and_then(|word| Threshold::parse(word).ok()),
        templates: read.get_many("template").into_iter().flatten().cloned().collect(),
        config: read.get_one("config").cloned(),
        no_config: read.get_flag("no-config"),
        pass_over: read.get_flag("pass-over"),
        mending,
        around: known_around(&read),
    })
}

/// A mistake that only shows later.
pub(super) fn wrong(message: &str) -> Said {
    command_line::wrong(command(), message)
}

fn source(file: &Path) -> Source {
    if file.as_os_str() == "-" { Source::StandardInput } else { Source::File(file.to_owned()) }
}

fn known_around(read: &ArgMatches) -> Vec<(&'static str, String)> {
    let told =
        Around::NAMES.into_iter().filter_map(|name| Some((name, read.get_one::<String>(name)?.clone())));
    let denied = [("no-execution-role", "execution_role_arn"), ("no-task-role", "task_role_arn")];
    let denied =
        denied.into_iter().filter(|(flag, _)| read.get_flag(flag)).map(|(_, name)| (name, String::new()));
    told.chain(denied).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Arguments, Said> {
        parse(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    fn wrong(arguments: &[&str]) -> String {
        let said = parsed(arguments).unwrap_err();
        assert!(said.is_wrong, "{said:?}");
        said.text
    }

    fn lint(format: &str, files: &[&str]) -> Arguments {
        let files = files.iter().map(|file| source(Path::new(file))).collect();
        Arguments { format: format.to_owned(), files, ..Arguments::default() }
    }

    #[test]
    fn the_command_is_put_together_soundly() {
        command().debug_assert();
    }

    #[test]
    fn options_may_stand_anywhere_and_be_written_either_way() {
        for arguments in [
            &["--format", "sarif", "a", "b"][..],
            &["a", "--format=sarif", "b"],
            &["a", "b", "-format", "sarif"],
            &["--format", "json", "a", "--format", "sarif", "b"],
        ] {
            assert_eq!(parsed(arguments), Ok(lint("sarif", &["a", "b"])), "{arguments:?}");
        }
        assert_eq!(parsed(&["-"]), Ok(lint("human", &["-"])));
        assert_eq!(parsed(&["--", "--format", "x"]), Ok(lint("human", &["--format", "x"])));
        let read = parsed(&[
            "--enforce",
            "ECS.5,ECS.9",
            "--enforce=ECS.20",
            "--only",
            "root-user",
            "--fail-on",
            "note",
        ])
        .unwrap();
        assert_eq!(
            (read.enforce.len(), read.only.len(), read.fail_on),
            (3, 1, Some(Threshold(Some(Severity::Note))))
        );
    }

    #[test]
    fn colors_are_for_a_terminal_and_quiet_shows_what_counts() {
        let format = |arguments: &[&str], terminal| {
            let read = parsed(arguments).unwrap();
            read.format("human", terminal, read.fail_on.unwrap_or_default())
        };
        let human = |color, notes, quiet| Format::Human { color, notes, quiet };
        assert_eq!(format(&["a"], true), human(true, false, None));
        assert_eq!(format(&["a"], false), human(false, false, None));
        assert_eq!(format(&["a", "--no-color", "--notes"], true), human(false, true, None));
        assert_eq!(
            format(&["a", "--quiet", "--fail-on=warning"], true),
            human(true, false, Some(Severity::Warning))
        );
    }

    #[test]
    fn what_is_known_of_the_task_is_told_by_flags() {
        let told = |arguments: &[&str]| {
            let mut around = Around::default();
            parsed(arguments).unwrap().tell(&mut around);
            around
        };
        let mut expected = Around::default();
        for (name, value) in [("launch_type", "EC2"), ("execution_role_arn", "r"), ("task_role_arn", "")] {
            expected.tell(name, Node::from(value)).unwrap();
        }
        assert_eq!(told(&["--launch-type", "EC2", "a", "--execution-role-arn=r", "-no-task-role"]), expected);
        let misuse = wrong(&["a", "--launch-type", "fargate"]);
        assert!(misuse.contains("there is no launch type \"fargate\"; write FARGATE"), "{misuse}");
        for arguments in [
            &["a", "--launch-type"][..],
            &["a", "--no-task-role=x"],
            &["a", "--no-task-role", "--task-role-arn", "r"],
        ] {
            wrong(arguments);
        }
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        for (arguments, told) in [
            (&["--format"][..], "--format <FORMAT>"),
            (&["a", "--format", "xml"], "[possible values: human, sarif, junit, github"),
            (&["a", "--fromat", "sarif"], "exists: '--format'"),
            (&["-", "a", "-"], "write - once"),
            (&["a", "--ignore", "root-usr"], "Did you mean \"root-user\"?"),
            (&["a", "--enforce", "ECS.500"], "There are rules for ECS."),
            (&["a", "--fail-on", "bad"], "[possible values: error, warning, note, never]"),
            (&["a", "--quiet", "--notes"], "cannot be used with"),
            (&["a", "--output", "pdf=x"], "one of the formats human, sarif"),
            (&["a", "--output", "json="], "write FORMAT=FILE"),
            (&["a", "--config", "x", "--no-config"], "cannot be used with"),
        ] {
            let text = wrong(arguments);
            assert!(text.contains(told), "{told} is missing in: {text}");
        }
    }
}
