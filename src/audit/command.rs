//! The subcommand `audit`: reads an account, prints the table, writes the files that are asked for.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::pin::Pin;

use crate::ecs_client::{AssumeRole, Configuration, EcsClients, Endpoints, Patience};
use crate::printable::printable;
use crate::rules::Severity;

use super::read::{Progress, Wanted, read};
use super::{Audit, assemble, page, table};

/// What the subcommand is, for a person.
pub const HELP: &str = "\
Usage: terraform-provider-ddrofs audit [OPTION]...

Reads what an account runs on Amazon ECS and judges it: every service and family with its newest revision, which
Security Hub looks at, and with the revisions that run. It only reads, and it leaves nothing in the account.

  --region REGION        read this region; may stand several times (default: as every AWS tool finds it)
  --cluster NAME         read this cluster, by name or ARN; may stand several times (default: all)
  --include PATTERN      only services and families of such names; * stands for anything; several times
  --exclude PATTERN      no services and families of such names; several times
  --profile NAME         profile of the shared configuration files
  --role-arn ARN         assume this role
  --endpoint-url URL     where ECS is, for an emulator
  --sts-endpoint-url URL where STS is

  --output FORMAT=FILE   write json or html to a file; may stand several times
  --fail-on SEVERITY     error (default), warning, note or never: which findings end with status 1
  --policy               print the IAM policy that the audit needs, and read nothing
  --help                 print this text

Names, places and the rules' sentences are printed and written; values of variables, secrets and labels are not.

Exit status: 0 when there is no such finding, 1 when there is one, 2 when the command is wrong, a file cannot be
written or something cannot be read. What could be read is printed all the same.
";

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
    Help,
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

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Misuse {
    #[error("There is no argument {0}.")]
    Unknown(String),
    #[error("{0} needs a value.")]
    NoValue(String),
    #[error("--output {0:?}: write json=FILE or html=FILE.")]
    NotAnOutput(String),
    #[error("--fail-on {0:?}: write error, warning, note or never.")]
    NotASeverity(String),
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
        Ok(Asked::Help) => written(output.write_all(HELP.as_bytes()), errors, Status::Clean),
        Ok(Asked::Policy) => written(output.write_all(POLICY.as_bytes()), errors, Status::Clean),
        Ok(Asked::Audit(asked)) => audit(&asked, output, errors, watched).await,
        Err(problem) => {
            // Without stderr there is nobody to tell.
            let _ = write!(errors, "{problem}\n\n{HELP}");
            Status::Trouble
        }
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

fn parse(arguments: &[OsString]) -> Result<Asked, Misuse> {
    let mut asked = Arguments::default();
    let mut rest = arguments.iter().map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = rest.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        match name.as_str() {
            "--help" | "-help" | "-h" => return Ok(Asked::Help),
            "--policy" => return Ok(Asked::Policy),
            _ => {}
        }
        if !OPTIONS.contains(&name.as_str()) {
            return Err(Misuse::Unknown(name));
        }
        let value = value.or_else(|| rest.next()).ok_or_else(|| Misuse::NoValue(name.clone()))?;
        match name.as_str() {
            "--region" => asked.wanted.regions.push(value),
            "--cluster" => asked.wanted.clusters.push(value),
            "--include" => asked.wanted.include.push(value),
            "--exclude" => asked.wanted.exclude.push(value),
            "--profile" => asked.profile = Some(value),
            "--role-arn" => asked.role_arn = Some(value),
            "--endpoint-url" => asked.ecs = Some(value),
            "--sts-endpoint-url" => asked.sts = Some(value),
            "--output" => asked.outputs.push(output(&value)?),
            _ => asked.fail_on = fail_on(&value)?,
        }
    }
    Ok(Asked::Audit(Box::new(asked)))
}

/// The options that have a value.
const OPTIONS: [&str; 10] = [
    "--region",
    "--cluster",
    "--include",
    "--exclude",
    "--profile",
    "--role-arn",
    "--endpoint-url",
    "--sts-endpoint-url",
    "--output",
    "--fail-on",
];

fn output(value: &str) -> Result<(Format, PathBuf), Misuse> {
    match value.split_once('=') {
        Some(("json", file)) if !file.is_empty() => Ok((Format::Json, file.into())),
        Some(("html", file)) if !file.is_empty() => Ok((Format::Html, file.into())),
        _ => Err(Misuse::NotAnOutput(value.to_owned())),
    }
}

fn fail_on(value: &str) -> Result<FailOn, Misuse> {
    Ok(FailOn(match value {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "note" => Some(Severity::Note),
        "never" => None,
        other => return Err(Misuse::NotASeverity(other.to_owned())),
    }))
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

    fn asked(arguments: &[&str]) -> Result<Asked, Misuse> {
        parse(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
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
        let problems =
            [["--colour", "x"], ["--output", "pdf=a"], ["--output", "json="], ["--fail-on", "bad"]];
        let told = problems.map(|arguments| asked(&arguments).unwrap_err().to_string());
        assert_eq!(
            told,
            [
                "There is no argument --colour.",
                "--output \"pdf=a\": write json=FILE or html=FILE.",
                "--output \"json=\": write json=FILE or html=FILE.",
                "--fail-on \"bad\": write error, warning, note or never.",
            ]
        );
        assert_eq!(asked(&["--region"]).unwrap_err().to_string(), "--region needs a value.");
    }

    #[test]
    fn every_option_stands_in_the_help() {
        for option in OPTIONS.iter().chain(&["--policy", "--help"]) {
            assert!(HELP.contains(option), "{option}");
        }
    }
}
