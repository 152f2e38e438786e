//! Every block of code in the pages and in README is what it says it is: HCL, JSON, YAML and TOML can be read, and a command is one
//! that there is. Configurations are planned by the stories in `tests/acceptance/`, which take them from the same files.

use std::ffi::OsString;

use clap::Command;
use ddrofs::document::{self, hcl, yaml};
use ddrofs::{audit, command_line, lint, manual, migrate};

use super::{assert_none, files_below, root};

/// Programs of others, and why no test runs their commands as they stand.
const OF_OTHERS: [(&str, &str); 4] = [
    ("terraform", "needs the reader's own folder; the stories run plan, apply, import and show"),
    ("tofu", "the same"),
    ("aws", "needs an account"),
    ("cdk", "needs a stack and Node"),
];

#[test]
fn every_block_of_code_is_what_it_says() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let mut files = files_below("docs");
    files.retain(|path| path.ends_with(".md"));
    files.push("README.md".to_owned());
    let (mut blocks, mut problems) = (0, Vec::new());
    for path in files {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        for (line, language, code) in blocks_of(&text) {
            blocks += 1;
            problems.extend(
                problems_of(&language, &code, &makefile)
                    .into_iter()
                    .map(|problem| format!("{path}:{line}: {problem}")),
            );
        }
    }
    assert!(blocks > 400, "{blocks}");
    assert_none(problems);
}

/// The fenced blocks of a page: line of the fence, language, text without the indentation of the fence.
fn blocks_of(page: &str) -> Vec<(usize, String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String, usize, String)> = None;
    for (index, line) in page.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let fence = line.trim().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(language)) => open = Some((index + 1, language.to_owned(), indent, String::new())),
            (Some(_), Some("")) => {
                let (line, language, _, code) = open.take().expect("it is open");
                blocks.push((line, language, code));
            }
            (Some((_, _, indent, code)), _) => {
                code.push_str(line.get(*indent..).unwrap_or_default());
                code.push('\n');
            }
            (None, None) => {}
        }
    }
    if let Some((line, ..)) = open {
        blocks.push((line, "a fence that nobody closed".to_owned(), String::new()));
    }
    blocks
}

fn problems_of(language: &str, code: &str, makefile: &str) -> Vec<String> {
    let problem = match language {
        "terraform" | "hcl" => hcl::read(code, |_| true).err().map(|problem| problem.kind.to_string()),
        "json" => document::parse(code).err().map(|problems| format!("{problems:?}")),
        "yaml" => yaml::read_all(code).err().map(|problems| format!("{problems:?}")),
        "toml" => toml::de::DeTable::parse(code).err().map(|problem| problem.to_string()),
        "text" | "dockerfile" | "mermaid" => None,
        "shell" => {
            return code.lines().filter_map(|line| command_problem(line, makefile)).collect();
        }
        other => Some(format!("no such language: {other:?}")),
    };
    problem.into_iter().collect()
}

/// What is wrong with a line of shell, each command of it by itself.
fn command_problem(line: &str, makefile: &str) -> Option<String> {
    let words = words(line);
    let ends = |word: &String| ["|", "&&", ">"].contains(&word.as_str());
    let mut is_a_file = false;
    for command in words.split_inclusive(ends) {
        let end = command.last().filter(|word| ends(word));
        let command = &command[..command.len() - usize::from(end.is_some())];
        let skipped = std::mem::replace(&mut is_a_file, end.is_some_and(|word| word == ">"));
        let Some((program, arguments)) = command.split_first().filter(|_| !skipped) else { continue };
        let known = match program.as_str() {
            "terraform-provider-ddrofs" => understood(arguments),
            "make" => arguments.first().is_some_and(|target| makefile.contains(&format!("\n{target}:"))),
            other => OF_OTHERS.iter().any(|(name, _)| *name == other),
        };
        if !known {
            return Some(format!("there is no such command: {}", command.join(" ")));
        }
    }
    None
}

/// Whether our program takes these arguments.
fn understood(arguments: &[String]) -> bool {
    let Some((subcommand, arguments)) = arguments.split_first() else { return false };
    let command: Command = match subcommand.as_str() {
        "lint" => lint::command(),
        "audit" => audit::command(),
        "migrate" => migrate::command(),
        "completions" | "man" => {
            let commands = manual::commands(["lint", "audit", "migrate"]);
            let named = commands.into_iter().find(|command| command.get_name() == subcommand);
            named.expect("it has both")
        }
        _ => return false,
    };
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    command_line::read(command, &arguments).is_ok()
}

/// The words of a line, without quotes and comments.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut inside) = (Vec::new(), String::new(), None, false);
    for char in line.chars().chain([' ']) {
        match (quote, char) {
            (Some(open), char) if open == char => quote = None,
            (None, '\'' | '"') => (quote, inside) = (Some(char), true),
            (None, '#') if !inside => break,
            (None, ' ') if inside => {
                words.push(std::mem::take(&mut word));
                inside = false;
            }
            (None, ' ') => {}
            (_, char) => {
                word.push(char);
                inside = true;
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_in_lists_too_and_an_open_one_is_told() {
        let page = "a\n```json\n{}\n```\n- b\n\n  ```shell\n  make x\n  ```\n```text\n";
        let expected =
            [(2, "json", "{}\n"), (7, "shell", "make x\n"), (10, "a fence that nobody closed", "")];
        let found = blocks_of(page);
        let found: Vec<_> =
            found.iter().map(|(line, language, code)| (*line, language.as_str(), code.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_what_it_says_is_reported() {
        let makefile = "all:\ntest: lint\n";
        for (language, code) in [
            ("terraform", "a = 1\nb {\n"),
            ("hcl", "a ="),
            ("json", "{ \"a\": }"),
            ("yaml", "a: [\n"),
            ("toml", "a = \n"),
            ("bash", "true"),
            ("shell", "make tset"),
            ("shell", "terraform-provider-ddrofs lnt ."),
            ("shell", "terraform-provider-ddrofs lint --fail-no warning ."),
            ("shell", "terraform show -json | terraform-provider-ddrofs migrate > x.tf"),
            ("shell", "rm -r target"),
        ] {
            assert_eq!(problems_of(language, code, makefile).len(), 1, "{language} {code}");
        }
        for (language, code) in [
            ("terraform", "a = \"${b.c}\" # d\n"),
            ("json", "{ \"a\": 1 }"),
            ("yaml", "a: b\n---\nc: d\n"),
            ("toml", "a = 1\n"),
            ("shell", "# a\nmake test  # b\n\nterraform-provider-ddrofs lint '*.json' > make\n"),
        ] {
            assert_eq!(problems_of(language, code, makefile), [""; 0], "{language}");
        }
    }
}
