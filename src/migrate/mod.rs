//! `terraform-provider-ddrofs migrate`: for each `aws_ecs_task_definition` in a configuration or a state, the blocks that let
//! `ddrofs_ecs_task_definition` take its place without a new revision.
//!
//! Reads and writes nothing but what it is given: the blocks go to stdout, and what is left to do to stderr.

mod configuration;
mod state;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Arg, Command, value_parser};

use crate::command_line::{self, PROGRAM};
use crate::document::Node;

/// The resource whose place is taken.
const THERE: &str = "aws_ecs_task_definition";

/// The resource that takes it.
const HERE: &str = "ddrofs_ecs_task_definition";

/// The command, as it is called.
pub const NAME: &str = "migrate";

const ABOUT: &str =
    "Writes the blocks that let ddrofs_ecs_task_definition take the place of aws_ecs_task_definition";

const LONG_ABOUT: &str = "\
Writes the blocks that let ddrofs_ecs_task_definition take the place of aws_ecs_task_definition, without a new revision.

Of a configuration: each resource as it stands, with its comments and expressions, under its new type, and a `moved` \
block. Of a state, or of what `terraform show -json` prints of it: a resource with what is registered, an `import` block and a \
`removed` block, for configurations that cannot be edited, such as a module of somebody else.

The blocks are written to stdout, and what is left to do to stderr. No file is changed.";

const EXAMPLES: &str = "\
Examples:
  terraform-provider-ddrofs migrate main.tf
  terraform-provider-ddrofs migrate . > ddrofs.tf
  terraform show -json | terraform-provider-ddrofs migrate - > ddrofs.tf

Exit status:
  0  blocks were written
  1  there is no aws_ecs_task_definition
  2  the command is wrong, or something cannot be read";

/// How a run ended. The number is the program's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Blocks were written.
    Written = 0,
    /// There is nothing to take the place of.
    Nothing = 1,
    /// The command was written wrongly, or something cannot be read or written.
    Trouble = 2,
}

/// Where a run reads from and writes to.
pub struct Streams<'a> {
    /// What `-` reads.
    pub input: &'a mut dyn Read,
    /// Where the blocks go.
    pub output: &'a mut dyn Write,
    /// Where it says what is left to do, and what is wrong.
    pub errors: &'a mut dyn Write,
}

/// The blocks of a text, and what is left to do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Migrated {
    /// HCL, one block after the other.
    blocks: Vec<String>,
    /// Sentences for a person.
    remarks: Vec<String>,
    /// What could not be written, in sentences.
    problems: Vec<String>,
}

/// The command with all its options.
pub fn command() -> Command {
    Command::new(NAME)
        .bin_name(format!("{PROGRAM} migrate"))
        .about(ABOUT)
        .long_about(LONG_ABOUT)
        .after_help(EXAMPLES)
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .num_args(1..)
                .required(true)
                .help("A .tf file, a folder with some, a state or the output of terraform show -json; - is standard input"),
        )
}

/// Runs the subcommand with the arguments behind its name. `configuration` writes a task definition as a configuration of the
/// resource, where its arguments can say all of it.
pub fn run(
    arguments: &[OsString],
    configuration: &dyn Fn(&Node) -> Option<String>,
    streams: Streams<'_>,
) -> Status {
    let Streams { input, output, errors } = streams;
    let files: Vec<PathBuf> = match command_line::read(command(), arguments) {
        Ok(read) => read.get_many("file").into_iter().flatten().cloned().collect(),
        Err(said) => {
            let stream = if said.is_wrong { errors } else { output };
            // Without a stream there is nobody to tell.
            let _ = stream.write_all(said.text.as_bytes());
            return if said.is_wrong { Status::Trouble } else { Status::Written };
        }
    };
    let mut status = Status::Nothing;
    let mut all = Migrated::default();
    for file in &files {
        match texts(file, input) {
            Ok(texts) => {
                for (name, text) in texts {
                    all.add(&name, migrated(&text, configuration));
                }
            }
            Err(error) => all.problems.push(format!("{} cannot be read: {error}", file.display())),
        }
    }
    let mut say = |text: &str| {
        let _ = writeln!(errors, "{text}");
    };
    if !all.blocks.is_empty() {
        status = Status::Written;
        if let Err(error) = output.write_all(all.blocks.join("\n").as_bytes()) {
            say(&format!("The blocks cannot be written: {error}"));
            return Status::Trouble;
        }
    } else if all.problems.is_empty() {
        say(&format!("There is no {THERE} in what was read."));
    }
    all.remarks.iter().for_each(|remark| say(remark));
    all.problems.iter().for_each(|problem| say(problem));
    if all.problems.is_empty() { status } else { Status::Trouble }
}

impl Migrated {
    fn add(&mut self, file: &str, other: Migrated) {
        let named = |text: String| format!("{file}: {text}");
        self.blocks.extend(other.blocks);
        self.remarks.extend(other.remarks.into_iter().map(named));
        self.problems.extend(other.problems.into_iter().map(named));
    }
}

/// What a text holds, told by how it begins: JSON is a state, everything else a configuration.
fn migrated(text: &str, configuration: &dyn Fn(&Node) -> Option<String>) -> Migrated {
    match text.trim_start().starts_with('{') {
        true => state::migrated(text, configuration),
        false => configuration::migrated(text),
    }
}

/// The texts of a file, or of each `.tf` file of a folder, by name.
fn texts(file: &Path, input: &mut dyn Read) -> io::Result<Vec<(String, String)>> {
    if file == Path::new("-") {
        return Ok(vec![("standard input".to_owned(), bounded(input)?)]);
    }
    let mut paths = vec![file.to_owned()];
    if file.is_dir() {
        let entries: Vec<_> = std::fs::read_dir(file)?.collect::<Result<_, _>>()?;
        paths = entries.into_iter().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "tf"));
        paths.sort();
    }
    paths
        .into_iter()
        .map(|path| Ok((path.display().to_string(), bounded(&mut std::fs::File::open(&path)?)?)))
        .collect()
}

/// A state has at most what a backend of Terraform takes; what is longer is no text of this kind.
fn bounded(stream: &mut dyn Read) -> io::Result<String> {
    const MOST: u64 = 256 << 20;
    let mut text = String::new();
    stream.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}
