//! `terraform-provider-ddrofs lint`: the rules for a pipeline without Terraform. Reads files, prints a report, and tells
//! by its status whether something is wrong.
//!
//! Reads one document after the other and keeps none. It needs no runtime, no network and no account.

mod arguments;
mod document;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};

use crate::report::Checked;
use crate::rules::Severity;

pub use arguments::HELP;
use arguments::{Arguments, Asked};

/// How a run ended. The number is the program's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Every document was read, and none has an error.
    Clean = 0,
    /// A document has an error.
    Errors = 1,
    /// The command was written wrongly, or a document cannot be read.
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
    match arguments::parse(arguments, terminal) {
        Ok(Asked::Help) => written(output.write_all(HELP.as_bytes()), errors, Status::Clean),
        Ok(Asked::Lint(asked)) => {
            let mut status = Status::Clean;
            let written_so_far = lint(&asked, input, output, &mut status);
            written(written_so_far, errors, status)
        }
        Err(problem) => {
            // Without stderr there is nobody to tell.
            let _ = write!(errors, "{problem}\n\n{HELP}");
            Status::Trouble
        }
    }
}

/// Writes the report document by document; `status` is that of the documents read so far.
fn lint(
    asked: &Arguments,
    input: &mut dyn Read,
    output: &mut dyn Write,
    status: &mut Status,
) -> io::Result<()> {
    let mut report = asked.format.report();
    output.write_all(report.begin().as_bytes())?;
    for file in &asked.files {
        let checked = document::check(file, &asked.around, input);
        *status = (*status).max(status_of(&checked));
        output.write_all(report.document(&checked).as_bytes())?;
    }
    output.write_all(report.end().as_bytes())?;
    output.flush()
}

fn status_of(checked: &Checked) -> Status {
    match &checked.outcome {
        Err(_) => Status::Trouble,
        Ok(_) if checked.count(Severity::Error) > 0 => Status::Errors,
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
