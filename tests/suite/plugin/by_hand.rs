//! What a person sees who runs the program.

use std::process::Output;

use super::launched::program;

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Output, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path()).args(arguments).envs(variables.iter().copied()).output().unwrap();
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    (output, stdout, stderr)
}

#[test]
fn without_terraforms_cookie_it_says_what_it_is_and_how_to_install_it() {
    for cookie in [&[][..], &[("TF_PLUGIN_MAGIC_COOKIE", "wrong")]] {
        let (output, stdout, stderr) = run(&[], cookie);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(stdout, "");
        for part in ["required_providers", "source = \"ddrofs/ddrofs\"", "dev_overrides", "/docs"] {
            assert!(stderr.contains(part), "{part} is missing in:\n{stderr}");
        }
        let folder = std::path::Path::new(super::launched::PROGRAM).parent().unwrap().display().to_string();
        assert!(stderr.contains(&format!("= {folder:?}")), "{stderr}");
    }
}

#[test]
fn prints_its_version() {
    let (output, stdout, _) = run(&["--version"], &[]);
    assert!(output.status.success());
    assert_eq!(stdout, format!("terraform-provider-ddrofs {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn prints_help_of_itself_and_of_every_command() {
    for (arguments, told) in [
        (&["--help"][..], &["--version", "--help", "--debug", "lint", "audit"][..]),
        (&["help"], &["--debug", "lint", "audit"]),
        (&["help", "lint"], &["ddrofs lint", "--format", "Examples:", "Exit status:"]),
        (&["audit", "-help"], &["ddrofs audit", "--fail-on", "Examples:", "Exit status:"]),
    ] {
        let (output, stdout, stderr) = run(arguments, &[]);
        assert!(output.status.success() && stderr.is_empty(), "{stderr}");
        for told in told {
            assert!(stdout.contains(told), "{told} is missing in:\n{stdout}");
        }
    }
}

#[test]
fn an_unknown_argument_is_named_beside_what_was_meant() {
    for (argument, told) in [("--serve", "'--serve'"), ("lnt", "'lint'"), ("--debg", "'--debug'")] {
        let (output, stdout, stderr) = run(&[argument], &[]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stdout, "");
        assert!(stderr.contains(told) && stderr.contains("--help"), "{stderr}");
    }
}
