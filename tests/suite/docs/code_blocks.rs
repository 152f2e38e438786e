//! Every block of code in the pages and in README is what it says it is: HCL, JSON, YAML and TOML can be read, and a command is one
//! that there is. Configurations are planned by the stories in `tests/acceptance/`, which take them from the same files.

use std::ffi::OsString;

use ddrofs::document::{self, hcl, yaml};
use ddrofs::{command_line, manual};

use super::{assert_none, page_blocks, root};

/// Programs of others, and why no test runs their commands as they stand.
const OF_OTHERS: [(&str, &str); 5] = [
    ("terraform", "needs the reader's own folder; the stories run plan, apply, import and show"),
    ("tofu", "the same"),
    ("aws", "needs an account"),
    ("cdk", "needs a stack and Node"),
    ("mkdir", "makes a folder for what comes next"),
];

#[test]
fn every_block_of_code_is_what_it_says() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let blocks = page_blocks::all();
    let mut problems = Vec::new();
    for block in &blocks {
        let told = problems_of(&block.language, &block.code, &makefile);
        problems.extend(told.into_iter().map(|problem| format!("{}: {problem}", block.place())));
    }
    assert!(blocks.len() > 400, "{}", blocks.len());
    assert_none(problems);
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

/// Whether our program takes these arguments, which begin with the name of a command.
fn understood(arguments: &[String]) -> bool {
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    command_line::read(manual::command(), &arguments).is_ok()
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
