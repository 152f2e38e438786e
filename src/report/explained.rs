//! The catalogue for a person at a terminal: all rules in a table, and the page of one.

use std::fmt::Write as _;

use crate::rules::{CATALOGUE, Mends, Rule, Status, in_its_language};

use super::checked::{page_of, severity};

/// Writing to a string works always.
const INFALLIBLE: &str = "a String takes any text";

/// Columns of a line of sentences.
const WIDTH: usize = 100;

/// Every rule in a line: name, severity, control, whether `--fix` mends of it what is certain, and what is wrong.
pub fn list_of_rules() -> String {
    let longest = CATALOGUE.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let line = |rule: &&Rule| {
        let control = rule.control.unwrap_or("-");
        let mends = if matches!(rule.mends, Mends::Certain(_)) { "fix" } else { "-" };
        format!(
            "{:longest$}  {:7}  {control:6}  {mends:3}  {}\n",
            rule.name,
            severity(rule.severity),
            rule.summary
        )
    };
    CATALOGUE.iter().map(line).collect()
}

/// The page of a rule.
pub fn explanation(rule: &Rule) -> String {
    let mut text = format!("{}: {}\n\n", rule.name, rule.summary);
    let control = rule.control.map(|control| format!(", Security Hub control {control}")).unwrap_or_default();
    let verified = match rule.evidence.status {
        Status::Verified => "verified",
        Status::Believed => "believed, not verified",
    };
    let parts = [
        ("Severity", format!("{}{control}", severity(rule.severity))),
        ("What it checks", rule.checks.to_owned()),
        ("Why it matters", rule.matters.to_owned()),
        ("What lint --fix mends", rule.mends.sentences().to_owned()),
        ("References", format!("{} ({verified}, seen {})", rule.evidence.source, rule.evidence.seen)),
    ];
    for (title, sentences) in &parts {
        writeln!(text, "{title}").expect(INFALLIBLE);
        wrap(&mut text, sentences);
    }
    for (title, example) in [("Failing example", &rule.failing), ("Passing example", &rule.passing)] {
        writeln!(text, "{title}").expect(INFALLIBLE);
        let (_, example) = in_its_language(example.kind(), &example.document()).unwrap_or_default();
        example.lines().for_each(|line| writeln!(text, "  {line}").expect(INFALLIBLE));
        text.push('\n');
    }
    writeln!(text, "{}", page_of(rule.name)).expect(INFALLIBLE);
    text
}

/// Adds sentences, indented and in lines of a width, and an empty line.
fn wrap(text: &mut String, sentences: &str) {
    let mut line = String::from(" ");
    for word in sentences.split_whitespace() {
        if line.len() + word.len() >= WIDTH && line.len() > 1 {
            writeln!(text, "{line}").expect(INFALLIBLE);
            line = String::from(" ");
        }
        line.push(' ');
        line.push_str(word);
    }
    writeln!(text, "{line}\n").expect(INFALLIBLE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_listed_and_has_its_page() {
        let list = list_of_rules();
        assert_eq!(list.lines().count(), CATALOGUE.len());
        for rule in CATALOGUE {
            let page = explanation(rule);
            assert!(list.contains(rule.name), "{}", rule.name);
            for part in [
                "What it checks",
                "Why it matters",
                "What lint --fix mends\n  ",
                "Failing example\n  ",
                "Passing example\n  ",
                "#",
            ] {
                assert!(page.contains(part), "{}: {part}", rule.name);
            }
        }
    }
}
