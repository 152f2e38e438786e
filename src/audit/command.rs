//! The subcommand `audit`: reads an account, prints the table, writes the files that are asked for.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::pin::Pin;

use clap::{Arg, ArgAction, Command};

use crate::command_line::{self, PROGRAM, Said};
use crate::ecs_client::{AssumeRole, Configuration, EcsClients, Endpoints, Patience};
use crate::printable::printable;
use crate::rules::Severity;

use super::read::{Progress, Wanted, read};
use super::{Audit, assemble, page, table};

/// The command, as it is called.
pub const NAME: &str = "audit";

const ABOUT: &str = "Reads what an account runs on Amazon ECS and judges it";

const LONG_ABOUT: &str = "\
Reads what an account runs on Amazon ECS and judges it: every service and family with its newest revision, which \
Security Hub looks at, and with the revisions that run. It only reads, and it leaves nothing in the account.

Names, places and the rules' sentences are printed and written; values of variables, secrets and labels are not.";

const EXAMPLES: &str = "\
Examples:
  terraform-provider-ddrofs audit --region eu-west-1 --output html=audit.html
  terraform-provider-ddrofs audit --cluster prod --exclude 'test-*' --fail-on warning
  terraform-provider-ddrofs audit --policy > policy.json

Exit status:
  0  there is no such finding as --fail-on asks about
  1  there is one
  2  the command is wrong, a file cannot be written or something cannot be read; what could be read is printed all the same";

/// The policy that the audit needs. ECS offers no narrower resource for most of these actions (service authorization
/// reference for Amazon ECS, read 2026-11).
const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadWhatRuns",
      "Effect": "Allow",
      "Action": [
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:ListClusters",
        "ecs:ListServices",
        "ecs:ListTaskDefinitionFamilies",
        "ecs:ListTasks"
      ],
      "Resource": "*"
    }
  ]
}
"#;

/// How a run ended. The number is the program's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything was read, and no finding is as bad as asked about.
    Clean = 0,
    /// Such findings.
    Findings = 1,
    /// The command was written wrongly, a file could not be written, or something could not be read.
    Trouble = 2,
}

/// Where a run writes to.
pub struct Streams<'a> {
    /// Where the table goes.
    pub output: &'a mut (dyn Write + Send),
    /// Where it says what is wrong and how far it is.
    pub errors: &'a mut (dyn Write + Send),
    /// Whether a person watches the errors.
    pub watched: bool,
}

/// What is asked for.
#[derive(Debug, PartialEq)]
enum Asked {
    Policy,
    Audit(Box<Arguments>),
}

#[derive(Debug, Default, PartialEq)]
struct Arguments {
    wanted: Wanted,
    profile: Option<String>,
    role_arn: Option<String>,
    ecs: Option<String>,
    sts: Option<String>,
    outputs: Vec<(Format, PathBuf)>,
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FailOn(Option<Severity>);

impl Default for FailOn {
    fn default() -> Self {
        Self(Some(Severity::Error))
    }
}

/// Runs the subcommand with the arguments behind its name. A current-thread runtime has to be entered.
pub fn run<'a>(
    arguments: &'a [OsString],
    streams: Streams<'a>,
) -> Pin<Box<dyn Future<Output = Status> + 'a>> {
    // Whoever polls an `async fn` compiles it, and all that it waits for: the program would hold the client of ECS twice.
    Box::pin(carry_out(arguments, streams))
}

async fn carry_out(arguments: &[OsString], streams: Streams<'_>) -> Status {
    let Streams { output, errors, watched } = streams;
    match parse(arguments) {
        Ok(Asked::Policy) => written(output.write_all(POLICY.as_bytes()), errors, Status::Clean),
        Ok(Asked::Audit(asked)) => audit(&asked, output, errors, watched).await,
        Err(said) if said.is_wrong => {
            // Without stderr there is nobody to tell.
            let _ = errors.write_all(said.text.as_bytes());
            Status::Trouble
        }
        Err(said) => written(output.write_all(said.text.as_bytes()), errors, Status::Clean),
    }
}

async fn audit(
    asked: &Arguments,
    output: &mut (dyn Write + Send),
    errors: &mut (dyn Write + Send),
    watched: bool,
) -> Status {
    let clients = EcsClients::new(configuration(asked));
    let mut bar = |progress: Progress<'_>| {
        if watched {
            let _ = errors.write_all(line(&progress).as_bytes());
        }
    };
    let answers = read(&clients, &asked.wanted, &Patience::default(), &mut bar).await;
    if watched {
        let _ = errors.write_all(b"\r\x1b[K");
    }
    let audit = match answers {
        Ok(answers) => assemble(answers),
        Err(error) => {
            let _ = writeln!(errors, "The account cannot be read. {}", printable(&error.to_string()));
            return Status::Trouble;
        }
    };
    let mut status = status_of(&audit, asked.fail_on);
    for (format, path) in &asked.outputs {
        if let Err(error) = rendered(*format, &audit).and_then(|text| std::fs::write(path, text)) {
            let _ = writeln!(errors, "{} cannot be written: {error}", path.display());
            status = Status::Trouble;
        }
    }
    written(output.write_all(table(&audit).as_bytes()).and_then(|()| output.flush()), errors, status)
}

fn configuration(asked: &Arguments) -> Configuration {
    let role = |role_arn: &String| AssumeRole { role_arn: role_arn.clone(), ..AssumeRole::default() };
    Configuration {
        region: asked.wanted.regions.first().cloned(),
        profile: asked.profile.clone(),
        assume_role: asked.role_arn.iter().map(role).collect(),
        endpoints: Endpoints { ecs: asked.ecs.clone(), sts: asked.sts.clone() },
        ..Configuration::default()
    }
}

fn rendered(format: Format, audit: &Audit) -> io::Result<String> {
    match format {
        Format::Json => audit.to_json().map_err(io::Error::other),
        Format::Html => Ok(page(audit)),
    }
}

fn status_of(audit: &Audit, fail_on: FailOn) -> Status {
    if !audit.unread.is_empty() {
        return Status::Trouble;
    }
    match fail_on.0 {
        Some(least) if audit.count_from(least) > 0 => Status::Findings,
        _ => Status::Clean,
    }
}

/// A line that takes the place of the one before.
fn line(progress: &Progress<'_>) -> String {
    const WIDTH: usize = 24;
    let Progress { region, reading, done, of } = *progress;
    let full = (done * WIDTH).checked_div(of).unwrap_or(WIDTH).min(WIDTH);
    let (full, empty) = ("#".repeat(full), ".".repeat(WIDTH - full));
    format!("\r\x1b[K{region} [{full}{empty}] {done} of {of} {reading}")
}

/// The command with all its options.
pub fn command() -> Command {
    let severities = ["error", "warning", "note", "never"];
    let text = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let texts = |name, value| text(name, value).action(ArgAction::Append);
    Command::new(NAME)
        .bin_name(format!("{PROGRAM} audit"))
        .about(ABOUT)
        .long_about(LONG_ABOUT)
        .after_help(EXAMPLES)
        .arg(
            texts("region", "REGION")
                .help("Read this region; may stand several times [default: as every AWS tool finds it]"),
        )
        .arg(
            texts("cluster", "NAME")
                .help("Read this cluster, by name or ARN; may stand several times [default: all]"),
        )
        .arg(
            texts("include", "PATTERN").help(
                "Only services and families of such names; * stands for anything; may stand several times",
            ),
        )
        .arg(
            texts("exclude", "PATTERN")
                .help("No services and families of such names; may stand several times"),
        )
        .arg(text("profile", "NAME").help("Profile of the shared configuration files"))
        .arg(text("role-arn", "ARN").help("Assume this role"))
        .arg(text("endpoint-url", "URL").help("Where ECS is, for an emulator"))
        .arg(text("sts-endpoint-url", "URL").help("Where STS is"))
        .arg(
            texts("output", "FORMAT=FILE")
                .value_parser(output)
                .help("Write json or html to a file; may stand several times"),
        )
        .arg(
            text("fail-on", "SEVERITY")
                .value_parser(severities)
                .default_value("error")
                .help("Which findings end with status 1: those of this severity and worse"),
        )
        .arg(
            Arg::new("policy")
                .long("policy")
                .action(ArgAction::SetTrue)
                .help("Print the IAM policy that the audit needs, and read nothing"),
        )
}

fn parse(arguments: &[OsString]) -> Result<Asked, Said> {
    let read = command_line::read(command(), arguments)?;
    if read.get_flag("policy") {
        return Ok(Asked::Policy);
    }
    let one = |name: &str| read.get_one::<String>(name).cloned();
    let all = |name: &str| read.get_many::<String>(name).into_iter().flatten().cloned().collect();
    let wanted = Wanted {
        regions: all("region"),
        clusters: all("cluster"),
        include: all("include"),
        exclude: all("exclude"),
    };
    Ok(Asked::Audit(Box::new(Arguments {
        wanted,
        profile: one("profile"),
        role_arn: one("role-arn"),
        ecs: one("endpoint-url"),
        sts: one("sts-endpoint-url"),
        outputs: read.get_many("output").into_iter().flatten().cloned().collect(),
        fail_on: fail_on(read.get_one::<String>("fail-on").map(String::as_str)),
    })))
}

fn output(value: &str) -> Result<(Format, PathBuf), &'static str> {
    match value.split_once('=') {
        Some(("json", file)) if !file.is_empty() => Ok((Format::Json, file.into())),
        Some(("html", file)) if !file.is_empty() => Ok((Format::Html, file.into())),
        _ => Err("write json=FILE or html=FILE"),
    }
}

fn fail_on(written: Option<&str>) -> FailOn {
    FailOn(match written {
        Some("warning") => Some(Severity::Warning),
        Some("note") => Some(Severity::Note),
        Some("never") => None,
        _ => Some(Severity::Error),
    })
}

/// The status, unless the table could not be written. Who closes the pipe early has read enough.
fn written(result: io::Result<()>, errors: &mut dyn Write, status: Status) -> Status {
    match result {
        Ok(()) => status,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => status,
        Err(error) => {
            let _ = writeln!(errors, "The table cannot be written: {error}");
            Status::Trouble
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Result<Asked, Said> {
        parse(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_command_is_put_together_soundly() {
        command().debug_assert();
    }

    #[test]
    fn arguments_are_read_in_either_form() {
        let arguments =
            ["--region", "eu-west-1", "--region=us-east-1", "--output", "json=a", "--output=html=b=c"];
        let Ok(Asked::Audit(read)) = asked(&arguments) else { panic!("{:?}", asked(&arguments)) };
        assert_eq!(read.wanted.regions, ["eu-west-1", "us-east-1"]);
        assert_eq!(read.outputs, [(Format::Json, "a".into()), (Format::Html, "b=c".into())]);
        assert_eq!(read.fail_on, FailOn(Some(Severity::Error)));
        let never = asked(&["--fail-on", "never"]);
        assert!(matches!(never, Ok(Asked::Audit(read)) if read.fail_on == FailOn(None)));
    }

    #[test]
    fn what_is_written_wrongly_is_told() {
        for (arguments, told) in [
            (&["--colour", "x"][..], "'--colour'"),
            (&["--output", "pdf=a"], "'--output <FORMAT=FILE>': write json=FILE or html=FILE"),
            (&["--output", "json="], "write json=FILE or html=FILE"),
            (&["--fail-on", "bad"], "[possible values: error, warning, note, never]"),
            (&["--region"], "'--region <REGION>'"),
        ] {
            let said = asked(arguments).unwrap_err();
            assert!(said.is_wrong && said.text.contains(told), "{told} is missing in: {}", said.text);
        }
        assert!(!asked(&["--help"]).unwrap_err().is_wrong);
    }
}
