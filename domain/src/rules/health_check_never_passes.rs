//! `health-check-never-passes`

use super::prelude::*;

/// A health check whose command does not run, or can only fail.
pub(super) static RULE: Rule = Rule {
    name: "health-check-never-passes",
    topic: Topic::Order,
    summary: "A health check never passes",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "The command of a health check begins with CMD or CMD-SHELL and has something to run behind it. Behind CMD \
             stand a program and its arguments, each a word of its own, and no operators of a shell. Behind CMD-SHELL \
             stands one line that a shell runs.",
    matters: "ECS registers such a check, but it never passes: a command that begins with another word is not run at all, \
              a whole line behind CMD is looked for as the name of a program, and of several words behind CMD-SHELL the \
              shell runs the first one alone. Containers that wait for HEALTHY never start, and a service replaces its \
              tasks over and over. Where the command may still succeed it is a warning. So is one that is only the path \
              of a program, as in AWS's examples for its collector: it is not run, and the health stays unknown.",
    evidence: Evidence {
        source: "HealthCheck in the API reference of Amazon ECS (CMD or CMD-SHELL first); daemon/health.go of moby/moby; \
                 aws-cdk issues 2461 and 34389.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "healthCheck": { "command": ["CMD", "curl -f http://localhost:8080/ || exit 1"] } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "healthCheck": { "command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"] } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].healthCheck.command[1]"),
    check,
};

/// What is wrong with a command.
struct Fault {
    /// The rest of a sentence about the command.
    what: &'static str,
    severity: Severity,
    /// The command that was meant.
    meant: Vec<String>,
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let command = container.get("healthCheck").get("command");
        if !command.is_wholly_known() {
            found.undecided();
            continue;
        }
        let Node::Array(words) = command else { continue };
        // Words of another type are for the rule about types.
        let Some(words) = words.iter().map(Node::as_str).collect::<Option<Vec<_>>>() else { continue };
        let Some(Fault { what, severity, meant }) = fault(&words) else { continue };
        found
            .in_container(
                container,
                container.path().key("healthCheck").key("command"),
                format!("has a health check whose command {what}."),
                Fix::from(Edit::set(container, "healthCheck.command", meant)).and(
                    "CMD-SHELL is followed by one line that a shell runs, CMD by a program and its arguments.",
                ),
            )
            .severity = severity;
    }
}

fn fault(words: &[&str]) -> Option<Fault> {
    let (first, rest) = words.split_first().unwrap_or((&"", &[]));
    match (*first, rest) {
        ("CMD" | "CMD-SHELL", rest) if rest.iter().all(|word| word.trim().is_empty()) => Some(Fault {
            what: "has nothing to run",
            severity: Severity::Error,
            meant: shell_line("curl -f http://localhost:8080/"),
        }),
        ("CMD" | "CMD-SHELL", [kind, rest @ ..]) if is_kind(kind) && !rest.is_empty() => Some(Fault {
            what: "names its kind twice, so that the second word is taken for the program",
            severity: Severity::Error,
            meant: [&[kind.to_ascii_uppercase()], owned(rest).as_slice()].concat(),
        }),
        ("CMD", [line]) => line_as_program(line),
        ("CMD", [program, arguments @ ..]) => shell_words(program, arguments),
        ("CMD-SHELL", [line]) => failing_line(line),
        ("CMD-SHELL", rest) => several_lines(rest),
        _ => not_run(words),
    }
}

/// A command that begins with neither of the two words: Docker knows no such kind of check and runs nothing.
fn not_run(words: &[&str]) -> Option<Fault> {
    let fault = |what, severity, meant| Some(Fault { what, severity, meant });
    const NOT_RUN: &str = "begins with a word that is neither CMD nor CMD-SHELL, so that it is not run";
    match words {
        [] => fault(
            "is empty, so that nothing is run",
            Severity::Error,
            shell_line("curl -f http://localhost:8080/"),
        ),
        // Docker's word for no check, which ECS does not document.
        ["NONE"] => fault(NOT_RUN, Severity::Warning, shell_line("curl -f http://localhost:8080/")),
        [kind, rest @ ..] if is_kind(kind) && !rest.is_empty() => {
            fault(NOT_RUN, Severity::Error, [&[kind.to_ascii_uppercase()], owned(rest).as_slice()].concat())
        }
        [path] if path.starts_with('/') && !path.contains(char::is_whitespace) => {
            fault(NOT_RUN, Severity::Warning, owned(&["CMD", path]))
        }
        [line] => {
            let line = line.strip_prefix("CMD-SHELL ").or(line.strip_prefix("CMD ")).unwrap_or(line);
            fault(NOT_RUN, Severity::Error, owned(&["CMD-SHELL", line]))
        }
        words if words.iter().any(|word| is_operator(word)) => {
            fault(NOT_RUN, Severity::Error, owned(&["CMD-SHELL", &words.join(" ")]))
        }
        words => fault(NOT_RUN, Severity::Error, [owned(&["CMD"]), owned(words)].concat()),
    }
}

/// One word behind CMD that is a whole line: there is no program of that name. A path may have blanks.
fn line_as_program(line: &str) -> Option<Fault> {
    let (program, arguments) = line.trim().split_once(char::is_whitespace)?;
    let are_arguments = arguments.trim_start().starts_with('-')
        || arguments.split_whitespace().any(|word| is_operator(word) || word.contains("://"));
    (are_arguments || !program.contains('/')).then(|| Fault {
        what: "is CMD with a whole command line as one item. No program has that name, so the check always fails",
        severity: Severity::Error,
        meant: owned(&["CMD-SHELL", line.trim()]),
    })
}

/// Operators of a shell behind CMD, where no shell reads them. Programs that are given code have operators in it.
fn shell_words(program: &str, arguments: &[&str]) -> Option<Fault> {
    if program.is_empty() {
        return Some(Fault {
            what: "names an empty program, so that the check always fails",
            severity: Severity::Error,
            meant: [owned(&["CMD"]), owned(arguments)].concat(),
        });
    }
    let takes_code = arguments.iter().any(|word| {
        let flag = word.strip_prefix('-').unwrap_or_default();
        !flag.starts_with('-') && flag.ends_with(['c', 'e', 'r']) || *word == "--eval"
    });
    let is_read_by_a_shell = |word: &&str| is_operator(word) || !takes_code && word.contains(" || ");
    arguments.iter().any(is_read_by_a_shell).then(|| Fault {
        what: "is CMD with an operator of a shell such as ||. No shell reads it, so that it is an argument of the program",
        severity: Severity::Warning,
        meant: owned(&["CMD-SHELL", &[&[program], arguments].concat().join(" ")]),
    })
}

/// Several words behind CMD-SHELL: the shell runs the first one and takes the others for its positional parameters.
fn several_lines(rest: &[&str]) -> Option<Fault> {
    // A line that names them means them.
    if rest[0].contains('$') {
        return None;
    }
    // Programs that do nothing but fail without an argument.
    let needs_arguments = ["curl", "nc", "wget"].contains(&rest[0].rsplit('/').next().unwrap_or_default());
    Some(Fault {
        what: "is CMD-SHELL with several words. The shell runs the first one without the others",
        severity: if needs_arguments { Severity::Error } else { Severity::Warning },
        meant: owned(&["CMD-SHELL", &rest.join(" ")]),
    })
}

/// A line that ends with a failure whatever happens, or that begins with the word before it.
fn failing_line(line: &str) -> Option<Fault> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("CMD-SHELL ").or(line.strip_prefix("CMD ")) {
        return Some(Fault {
            what: "names its kind twice, so that the shell looks for a program of that name",
            severity: Severity::Error,
            meant: owned(&["CMD-SHELL", rest.trim_start()]),
        });
    }
    let fails = line == "false"
        || line
            .strip_prefix("exit ")
            .is_some_and(|code| code.trim().parse::<u8>().is_ok_and(|code| code != 0));
    fails.then(|| Fault {
        what: "does nothing but fail",
        severity: Severity::Error,
        meant: shell_line("curl -f http://localhost:8080/"),
    })
}

fn is_kind(word: &str) -> bool {
    ["CMD", "CMD-SHELL"].iter().any(|kind| word.eq_ignore_ascii_case(kind))
}

fn is_operator(word: &str) -> bool {
    ["||", "&&", "|", ";"].contains(&word)
}

fn shell_line(program: &str) -> Vec<String> {
    owned(&["CMD-SHELL", &format!("{program} || exit 1")])
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn found(command: &str) -> Vec<super::super::Finding> {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "a", "healthCheck": {{"command": {command}}}}}]}}"#
        );
        findings_of(RULE.name, &document)
    }

    const EXAMPLE: &str = r#"["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"]"#;

    #[test]
    fn each_way_to_get_a_command_wrong_is_mended_as_it_was_meant() {
        use Severity::{Error, Warning};
        for (command, severity, written) in [
            ("[]", Error, EXAMPLE),
            (r#"["CMD"]"#, Error, EXAMPLE),
            (r#"["CMD-SHELL", " "]"#, Error, EXAMPLE),
            (
                r#"["curl", "-f", "http://localhost/"]"#,
                Error,
                r#"["CMD", "curl", "-f", "http://localhost/"]"#,
            ),
            (r#"["curl", "x", "||", "exit", "1"]"#, Error, r#"["CMD-SHELL", "curl x || exit 1"]"#),
            (r#"["CMD-SHELL true"]"#, Error, r#"["CMD-SHELL", "true"]"#),
            (r#"["cmd-shell", "x"]"#, Error, r#"["CMD-SHELL", "x"]"#),
            (r#"["/healthcheck"]"#, Warning, r#"["CMD", "/healthcheck"]"#),
            (r#"["NONE"]"#, Warning, EXAMPLE),
            (
                r#"["CMD", "curl -f http://localhost/"]"#,
                Error,
                r#"["CMD-SHELL", "curl -f http://localhost/"]"#,
            ),
            (r#"["CMD", "/bin/nc -z localhost 80"]"#, Error, r#"["CMD-SHELL", "/bin/nc -z localhost 80"]"#),
            (r#"["CMD", "", "x"]"#, Error, r#"["CMD", "x"]"#),
            (r#"["CMD", "CMD-SHELL", "x || exit 1"]"#, Error, r#"["CMD-SHELL", "x || exit 1"]"#),
            (r#"["CMD-SHELL", "CMD curl x"]"#, Error, r#"["CMD-SHELL", "curl x"]"#),
            (
                r#"["CMD", "pg_isready", "||", "exit", "1"]"#,
                Warning,
                r#"["CMD-SHELL", "pg_isready || exit 1"]"#,
            ),
            (
                r#"["CMD", "curl", "-f", "http://x || exit 1"]"#,
                Warning,
                r#"["CMD-SHELL", "curl -f http://x || exit 1"]"#,
            ),
            (r#"["CMD-SHELL", "curl", "-f", "http://x"]"#, Error, r#"["CMD-SHELL", "curl -f http://x"]"#),
            (r#"["CMD-SHELL", "/check.sh", "web"]"#, Warning, r#"["CMD-SHELL", "/check.sh web"]"#),
            (r#"["CMD-SHELL", "exit 1"]"#, Error, EXAMPLE),
        ] {
            let found = found(command);
            assert_eq!(found.len(), 1, "{command}");
            assert_eq!(found[0].severity, severity, "{command}");
            let line = format!("Write \"command\": {written} in healthCheck.");
            assert!(found[0].fix_text().starts_with(&line), "{command}: {}", found[0].fix_text());
        }
    }

    #[test]
    fn a_check_that_may_pass_is_left_alone() {
        for command in [
            EXAMPLE,
            r#"["CMD", "curl", "-f", "http://localhost/"]"#,
            r#"["CMD", "/healthcheck"]"#,
            r#"["CMD", "/opt/my app/check"]"#,
            r#"["CMD", "sh", "-c", "curl -f http://localhost/ || exit 1"]"#,
            r#"["CMD", "node", "-e", "x || process.exit(1)"]"#,
            r#"["CMD", "/bin/bash", "-ec", "a || b"]"#,
            r#"["CMD-SHELL", "echo $0", "web"]"#,
            r#"["CMD-SHELL", "exit 0"]"#,
            r#"["CMD-SHELL", "agent health"]"#,
            r#"["CMD", 5]"#,
            "\"CMD\"",
        ] {
            assert_eq!(found(command), [], "{command}");
        }
    }

    #[test]
    fn windows_looks_for_programs_in_another_way() {
        let document = r#"{"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
            "containerDefinitions": [{"name": "a", "healthCheck": {"command": ["CMD", "curl -f x"]}}]}"#;
        assert_eq!(findings_of(RULE.name, document), []);
    }
}
