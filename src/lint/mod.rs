//! `terraform-provider-ddrofs lint`: the rules for a pipeline without Terraform. Looks for files, reads them, prints a report,
//! and tells by its status whether something is wrong.
//!
//! Reads one file after the other and keeps none. It needs no runtime, no network and no account.

mod arguments;
mod comments;
mod configuration;
mod diff;
mod document;
mod draft;
mod inputs;
mod mend;
mod settings;
mod threshold;
mod write;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use crate::command_line::Said;
use crate::report::{Artifact, Checked, Entry, Format, Report, Unreadable, explanation, list_of_rules};
use crate::rules;

use arguments::Arguments;
pub use arguments::{NAME, command};
use document::Told;
use inputs::Met;
use settings::{Mending, Settings};

/// How a run ended. The number is the program's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything was read, and nothing was found that counts.
    Clean = 0,
    /// There is a finding of a severity that counts: an error, where nobody says otherwise.
    Findings = 1,
    /// The command was written wrongly, or something cannot be read.
    Trouble = 2,
}

/// Where a run reads from and writes to.
pub struct Streams<'a> {
    /// What `-` reads.
    pub input: &'a mut dyn Read,
    /// Where the report goes.
    pub output: &'a mut dyn Write,
    /// Where it says what is wrong with the command.
    pub errors: &'a mut dyn Write,
    /// Whether the report goes to a terminal.
    pub terminal: bool,
}

/// Runs the subcommand with the arguments behind its name.
pub fn run(arguments: &[OsString], streams: Streams<'_>) -> Status {
    let Streams { input, output, errors, terminal } = streams;
    let told = match arguments::parse(arguments) {
        Ok(asked) if asked.list_rules => Said { text: list_of_rules(), is_wrong: false },
        Ok(Arguments { explain: Some(rule), .. }) => Said { text: explained(rule), is_wrong: false },
        Ok(asked) => match settings(&asked) {
            Ok(settings) => return carry_out(&asked, &settings, Streams { input, output, errors, terminal }),
            Err(said) => said,
        },
        Err(said) => said,
    };
    if told.is_wrong {
        // Without stderr there is nobody to tell.
        let _ = errors.write_all(told.text.as_bytes());
        return Status::Trouble;
    }
    written(output.write_all(told.text.as_bytes()), errors, Status::Clean)
}

/// The page of a rule, or of what is named like one.
fn explained(rule: &str) -> String {
    match rules::find(rule) {
        Some(rule) => explanation(rule),
        None => format!("{rule}: {}\n\n{}\n", rules::READ_OTHERWISE_SUMMARY, rules::READ_OTHERWISE_ABOUT),
    }
}

/// Checks what is to be checked, and writes every report.
fn carry_out(asked: &Arguments, settings: &Settings, streams: Streams<'_>) -> Status {
    let Streams { input, output, errors, terminal } = streams;
    let mut files = Vec::new();
    for (_, path) in &asked.outputs {
        match File::create(path) {
            Ok(file) => files.push(BufWriter::new(file)),
            Err(error) => {
                let _ = writeln!(errors, "{} cannot be written: {error}", path.display());
                return Status::Trouble;
            }
        }
    }
    let format = |word: &str, terminal| asked.format(word, terminal, settings.threshold);
    // Where a diff is printed, what counts is told where errors go.
    let (main, difference): (&mut dyn Write, Option<&mut dyn Write>) = match settings.mending {
        Some(Mending::Show) => (&mut *errors, Some(output)),
        _ => (output, None),
    };
    let terminal = terminal && difference.is_none();
    let mut outlets = vec![Outlet::new(format(&asked.format, terminal), main)];
    for ((word, _), file) in asked.outputs.iter().zip(&mut files) {
        outlets.push(Outlet::new(format(word, false), file));
    }
    let mut aside = Aside { difference, result: Ok(()), not_written: Vec::new() };
    let mut status = lint(settings, asked.pass_over, &mut outlets, &mut aside, input);
    let Aside { result, not_written, .. } = aside;
    let mut results = outlets.into_iter().map(|outlet| outlet.result);
    let main = results.next().unwrap_or(Ok(()));
    let results: Vec<io::Result<()>> = results.collect();
    not_written.iter().for_each(|line| drop(writeln!(errors, "{line}")));
    status = written(main.and(result), errors, status);
    for ((_, path), result) in asked.outputs.iter().zip(results) {
        if let Err(error) = result {
            let _ = writeln!(errors, "{} cannot be written: {error}", path.display());
            status = Status::Trouble;
        }
    }
    status
}

/// What is told beside the reports.
struct Aside<'o> {
    /// Where a diff goes.
    difference: Option<&'o mut dyn Write>,
    result: io::Result<()>,
    /// Files that were not written, in a line each.
    not_written: Vec<String>,
}

/// A report and where it goes.
struct Outlet<'o> {
    report: Box<dyn Report>,
    out: &'o mut dyn Write,
    result: io::Result<()>,
}

impl<'o> Outlet<'o> {
    fn new(format: Format, out: &'o mut dyn Write) -> Self {
        Self { report: format.report(), out, result: Ok(()) }
    }

    /// Writes what the report says, unless something could not be written before.
    fn say(&mut self, says: impl FnOnce(&mut dyn Report) -> String) {
        if self.result.is_ok() {
            self.result = self.out.write_all(says(&mut *self.report).as_bytes());
        }
    }

    fn end(&mut self) {
        self.say(|report| report.end());
        if self.result.is_ok() {
            self.result = self.out.flush();
        }
    }
}

/// What the run goes by.
fn settings(asked: &Arguments) -> Result<Settings, Said> {
    let here = std::env::current_dir().unwrap_or_default();
    let settings = Settings::of(asked, &here)
        .map_err(|lines| Said { text: format!("{}\n", lines.join("\n")), is_wrong: true })?;
    match settings.files.is_empty() {
        true => Err(arguments::wrong(
            "Name what to check: a file, a folder, a pattern, or - for standard input; or set paths in ddrofs.toml.",
        )),
        false => Ok(settings),
    }
}

/// Checks file by file, and writes the reports meanwhile.
fn lint(
    settings: &Settings,
    pass_over: bool,
    outlets: &mut [Outlet<'_>],
    aside: &mut Aside<'_>,
    input: &mut dyn Read,
) -> Status {
    let mut status = Status::Clean;
    outlets.iter_mut().for_each(|outlet| outlet.say(|report| report.begin()));
    inputs::each(&settings.files, &|path| settings.is_template(path), &mut |met| {
        let mut tell = |told: Told| {
            match &told {
                Told::Checked(checked) => status = status.max(status_of(checked, settings)),
                Told::PassedOver { .. } => {}
                Told::Difference(text) => {
                    status = status.max(Status::Findings);
                    if let (Some(out), Ok(())) = (&mut aside.difference, &aside.result) {
                        aside.result = out.write_all(text.as_bytes());
                    }
                }
                Told::NotWritten { name, why } => {
                    status = Status::Trouble;
                    aside.not_written.push(format!("{name} was not written: {why}."));
                }
            }
            for outlet in outlets.iter_mut() {
                outlet.say(|report| match &told {
                    Told::Checked(checked) => report.document(checked),
                    Told::PassedOver { name, why } => report.passed_over(name, why),
                    Told::Difference(_) | Told::NotWritten { .. } => String::new(),
                });
            }
        };
        match met {
            Met::Input(mut found) => {
                found.is_by_hand &= !pass_over;
                document::check(&found, settings, input, &mut tell);
            }
            Met::Trouble(path, reason) => tell(Told::Checked(no_file(&path, &reason))),
            Met::Loop(path) => {
                let why = "this link leads back to a folder around it";
                tell(Told::PassedOver { name: path.to_string_lossy().into_owned(), why });
            }
        }
    });
    outlets.iter_mut().for_each(Outlet::end);
    status
}

fn no_file(path: &Path, reason: &str) -> Checked {
    let problem = Unreadable {
        detail: format!("It cannot be read: {reason}."),
        fix: "Name a file or a folder that exists and may be read.".to_owned(),
        place: None,
    };
    Checked::unreadable(Artifact::File(path.to_string_lossy().into_owned()), vec![problem])
}

fn status_of(checked: &Checked, settings: &Settings) -> Status {
    let counts = |entry: &Entry| !entry.is_let_pass() && settings.threshold.counts(entry.finding.severity);
    match &checked.outcome {
        Err(_) => Status::Trouble,
        Ok(judged) if judged.entries.iter().any(counts) => Status::Findings,
        Ok(_) => Status::Clean,
    }
}

/// The status, unless the report could not be written. Who closes the pipe early has read enough.
fn written(result: io::Result<()>, errors: &mut dyn Write, status: Status) -> Status {
    match result {
        Ok(()) => status,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => status,
        Err(error) => {
            let _ = writeln!(errors, "The report cannot be written: {error}");
            Status::Trouble
        }
    }
}

#[cfg(test)]
mod tests;
