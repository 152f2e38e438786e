//! `terraform-provider-ddrofs completions` and `man`: the command line for shells and for the reader of manual pages. Both are made
//! from what the commands themselves say, so that neither can fall behind.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};
use clap_complete::Shell;

use crate::command_line::{self, PROGRAM, Said};

/// The two commands. The second one has a page for each command of `others`.
pub fn commands(others: [&'static str; 3]) -> [Command; 2] {
    let shell = Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(value_parser!(Shell))
        .help("The shell that reads it");
    let completions = Command::new("completions")
        .bin_name(format!("{PROGRAM} completions"))
        .about("Prints what completes the program's arguments in a shell")
        .after_help(
            "Examples:\n  source <(terraform-provider-ddrofs completions bash)\n  \
             terraform-provider-ddrofs completions fish > ~/.config/fish/completions/terraform-provider-ddrofs.fish",
        )
        .arg(shell);
    let page = Arg::new("command")
        .value_name("COMMAND")
        .value_parser(PossibleValuesParser::new(others))
        .help("The command that the page is about [default: the program]");
    let man = Command::new("man")
        .bin_name(format!("{PROGRAM} man"))
        .about("Prints a manual page")
        .after_help(
            "Examples:\n  terraform-provider-ddrofs man lint > ~/.local/share/man/man1/terraform-provider-ddrofs-lint.1",
        )
        .arg(page);
    [completions, man]
}

/// Carries out one of them, which `arguments` begin with. `whole` is the whole command line.
pub fn run(whole: Command, arguments: &[OsString]) -> Said {
    match text(whole, arguments) {
        Ok(text) => Said { text, is_wrong: false },
        Err(said) => said,
    }
}

fn text(mut whole: Command, arguments: &[OsString]) -> Result<String, Said> {
    let read = command_line::read(whole.clone(), arguments)?;
    let mut text = Vec::new();
    match read.subcommand() {
        Some(("completions", read)) => {
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
