//! The command line: what its commands share. Arguments are read by clap, which names a wrong one together with what was
//! probably meant. Which options there are is said by each command.

use std::ffi::{OsStr, OsString};

use clap::error::ErrorKind;
use clap::{ArgMatches, Command};

/// The program, as help calls it.
pub const PROGRAM: &str = "terraform-provider-ddrofs";

/// What is said in place of doing anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text, with a line break at its end.
    pub text: String,
    /// Whether it is about a mistake; help and versions are asked for.
    pub is_wrong: bool,
}

impl From<clap::Error> for Said {
    fn from(error: clap::Error) -> Self {
        Said { text: error.render().to_string(), is_wrong: error.use_stderr() }
    }
}

/// Reads the arguments behind the name of a command. Of an option that stands there twice the second one counts.
pub fn read(command: Command, arguments: &[OsString]) -> Result<ArgMatches, Said> {
    let command = command.no_binary_name(true).args_override_self(true);
    Ok(command.try_get_matches_from(with_two_dashes(arguments))?)
}

/// A mistake that only shows when the arguments are seen together.
pub fn wrong(mut command: Command, message: impl std::fmt::Display) -> Said {
    command.error(ErrorKind::ValueValidation, message).into()
}

/// Terraform's commands write long options with one dash, and people who come from there do, too.
fn with_two_dashes(arguments: &[OsString]) -> Vec<OsString> {
    let mut options_end = false;
    let with_two = |argument: &OsString| {
        options_end |= argument == "--";
        match argument.to_str().and_then(|text| text.strip_prefix('-')) {
            Some(name) if !options_end && is_long(name) => OsString::from(format!("--{name}")),
            _ => argument.clone(),
        }
    };
    arguments.iter().map(with_two).collect()
}

/// Whether the name of an option is more than its letter.
fn is_long(name: &str) -> bool {
    name.len() > 1 && name.starts_with(|first: char| first.is_ascii_lowercase())
}

/// Whether what is printed has colors: on a terminal, unless the variable `NO_COLOR` has a value (no-color.org).
pub fn shows_colors(is_terminal: bool, no_color: Option<&OsStr>) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty)
}

#[cfg(test)]
mod tests {
    #[test]
    fn colors_are_for_a_terminal_whose_user_does_not_refuse_them() {
        for (is_terminal, no_color, expected) in [
            (true, None, true),
            (true, Some(""), true),
            (true, Some("0"), false),
            (true, Some("1"), false),
            (false, None, false),
            (false, Some(""), false),
        ] {
            let said = no_color.map(std::ffi::OsStr::new);
            assert_eq!(super::shows_colors(is_terminal, said), expected, "{is_terminal} {no_color:?}");
        }
    }

    use clap::{Arg, ArgAction};

    use super::*;

    fn command() -> Command {
        let flag = Arg::new("loud").long("loud").action(ArgAction::SetTrue);
        let file = Arg::new("file").num_args(0..);
        Command::new("say").args([flag, Arg::new("name").long("name"), file])
    }

    fn asked(arguments: &[&str]) -> Result<ArgMatches, Said> {
        read(command(), &arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn options_have_one_dash_or_two_and_a_value_behind_a_space_or_a_sign() {
        for arguments in [
            ["--loud", "--name=a", "x"],
            ["-loud", "-name=a", "x"],
            ["x", "-name=a", "--loud"],
            ["-name=b", "-loud", "--name=a"],
        ] {
            let read = asked(&arguments).unwrap();
            assert!(read.get_flag("loud"), "{arguments:?}");
            assert_eq!(read.get_one::<String>("name").map(String::as_str), Some("a"), "{arguments:?}");
        }
        let files = asked(&["--name", "a", "--", "-loud", "-"]).unwrap();
        assert_eq!(files.get_many::<String>("file").unwrap().collect::<Vec<_>>(), ["-loud", "-"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_what_was_meant_and_help_is_no_mistake() {
        let said = asked(&["-lout"]).unwrap_err();
        assert!(
            said.is_wrong && said.text.contains("'--lout'") && said.text.contains("'--loud'"),
            "{said:?}"
        );
        let said = wrong(command(), "Name a file.");
        assert!(said.is_wrong && said.text.starts_with("error: Name a file.\n"), "{said:?}");
        let help = asked(&["-help"]).unwrap_err();
        assert!(!help.is_wrong && help.text.contains("--loud"), "{help:?}");
    }
}
