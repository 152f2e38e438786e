//! The whole command line, and what is made of it: `completions` for shells, and pages for the reader of manuals (`man`). Every
//! command says itself what its arguments are, so that neither can fall behind.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};
use clap_complete::Shell;

use crate::command_line::{self, PROGRAM, Said};
use crate::{audit, lint, migrate};

const COMPLETIONS: &str = "completions";
const MAN: &str = "man";

const ABOUT: &str = "\
A Terraform and OpenTofu provider that runs the Datadog Agent on a read-only root filesystem and proves it at plan time.
Without an argument the program is a plugin: Terraform starts it.";

const EXAMPLES: &str = "\
Examples:
  terraform-provider-ddrofs lint task-definition.json
  terraform-provider-ddrofs audit --region eu-west-1
  terraform-provider-ddrofs help lint

TF_LOG_PROVIDER=DEBUG before a terraform command shows what the provider does.";

/// The whole command line: every command that there is, with its arguments.
pub fn command() -> Command {
    let debug = Arg::new("debug").long("debug").required(true).action(ArgAction::SetTrue).help(
        "Serve until Ctrl-C, and print the variable that makes Terraform use this very process; for running the provider under a \
         debugger",
    );
    Command::new(PROGRAM)
        .bin_name(PROGRAM)
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(EXAMPLES)
        .arg(debug)
        .subcommand_negates_reqs(true)
        .subcommands([lint::command(), audit::command(), migrate::command()])
        .subcommands([completions(), man()])
}

fn completions() -> Command {
    let shell = Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(value_parser!(Shell))
        .help("The shell that reads it");
    Command::new(COMPLETIONS)
        .bin_name(format!("{PROGRAM} {COMPLETIONS}"))
        .about("Prints what completes the program's arguments in a shell")
        .after_help(
            "Examples:\n  source <(terraform-provider-ddrofs completions bash)\n  \
             terraform-provider-ddrofs completions fish > ~/.config/fish/completions/terraform-provider-ddrofs.fish",
        )
        .arg(shell)
}

fn man() -> Command {
    let page = Arg::new("command")
        .value_name("COMMAND")
        .value_parser(PossibleValuesParser::new([lint::NAME, audit::NAME, migrate::NAME]))
        .help("The command that the page is about [default: the program]");
    Command::new(MAN)
        .bin_name(format!("{PROGRAM} {MAN}"))
        .about("Prints a manual page")
        .after_help(
            "Examples:\n  terraform-provider-ddrofs man lint > ~/.local/share/man/man1/terraform-provider-ddrofs-lint.1",
        )
        .arg(page)
}

/// Whether the arguments begin with the name of a command that [`run`] carries out.
pub fn is_asked(arguments: &[OsString]) -> bool {
    arguments.first().is_some_and(|first| first == COMPLETIONS || first == MAN)
}

/// Carries out `completions` or `man`, which `arguments` begin with.
pub fn run(arguments: &[OsString]) -> Said {
    match text(command(), arguments) {
        Ok(text) => Said { text, is_wrong: false },
        Err(said) => said,
    }
}

fn text(mut whole: Command, arguments: &[OsString]) -> Result<String, Said> {
    let read = command_line::read(whole.clone(), arguments)?;
    let mut text = Vec::new();
    match read.subcommand() {
        Some((COMPLETIONS, read)) => {
            let shell = *read.get_one::<Shell>("shell").expect("clap requires it");
            match shell {
                Shell::Bash => return Ok(for_bash(whole)),
                shell => clap_complete::generate(shell, &mut whole, PROGRAM, &mut text),
            }
        }
        Some((_, read)) => {
            let wanted = read.get_one::<String>("command");
            let command = wanted.and_then(|name| whole.find_subcommand(name)).unwrap_or(&whole).clone();
            let name = wanted.map_or_else(|| PROGRAM.to_owned(), |name| format!("{PROGRAM}-{name}"));
            let page = clap_mangen::Man::new(command).title(name.to_uppercase());
            page.render(&mut text).expect("writing to memory works");
        }
        None => {}
    }
    Ok(written(text))
}

fn written(text: Vec<u8>) -> String {
    String::from_utf8(text).expect("texts are made from texts")
}

/// For a program with a hyphen in its name the script says the names of its commands in two ways, so that it completes no option of
/// any of them (clap_complete 4.6.12, seen 2026-11-30). So it is made for a name without one.
fn for_bash(whole: Command) -> String {
    let plain = PROGRAM.replace('-', "_");
    let mut whole = whole.mut_subcommands(|command| {
        let name = format!("{plain} {}", command.get_name());
        command.bin_name(name)
    });
    let mut text = Vec::new();
    clap_complete::generate(Shell::Bash, &mut whole, &plain, &mut text);
    written(text).replace(&format!(" {plain}\n"), &format!(" {PROGRAM}\n"))
}
