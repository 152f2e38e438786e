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

/// Options of the commands, each of which is in what shells and manual pages know of it.
const OPTIONS: [(&str, &[&str]); 3] =
    [("lint", &["fail-on", "enforce", "fix"]), ("audit", &["region", "policy"]), ("migrate", &["help"])];

#[test]
fn shells_complete_every_option() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (output, stdout, stderr) = run(&["completions", shell], &[]);
        assert!(output.status.success() && stderr.is_empty(), "{stderr}");
        for option in OPTIONS.iter().flat_map(|(_, options)| *options) {
            assert!(stdout.contains(option), "{option} is missing for {shell}");
        }
    }
    let (_, script, _) = run(&["completions", "bash"], &[]);
    let asked = "COMP_WORDS=(terraform-provider-ddrofs lint --fail-); COMP_CWORD=2; \
                 _terraform_provider_ddrofs terraform-provider-ddrofs --fail- lint; echo \"${COMPREPLY[*]}\"";
    let bash =
        std::process::Command::new("bash").args(["-c", &format!("{script}\n{asked}")]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&bash.stdout),
        "--fail-on\n",
        "{}",
        String::from_utf8_lossy(&bash.stderr)
    );

    let (output, _, stderr) = run(&["completions", "bsh"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.contains("'bash'"), "{stderr}");
}

#[test]
fn every_command_has_a_manual_page() {
    for (command, options) in OPTIONS {
        let (output, page, stderr) = run(&["man", command], &[]);
        assert!(output.status.success() && stderr.is_empty(), "{stderr}");
        let title = format!(".TH TERRAFORM-PROVIDER-DDROFS-{} 1", command.to_uppercase());
        assert!(page.contains(&title), "{title} is missing in:\n{page}");
        for option in options {
            let written = option.replace('-', "\\-");
            assert!(page.contains(&format!("\\-\\-{written}")), "{option} is missing in:\n{page}");
        }
    }
    let (_, whole, _) = run(&["man"], &[]);
    assert!(whole.contains(".TH TERRAFORM-PROVIDER-DDROFS 1") && whole.contains("migrate"), "{whole}");
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
