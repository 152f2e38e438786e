//! The guide to the rules: one section and one anchor a rule, its parts always in the same order.

use crate::document::Node;
use crate::rules::{
    Evidence, Form, Json, Overlay, Platform, READ_OTHERWISE, READ_OTHERWISE_ABOUT, READ_OTHERWISE_SUMMARY,
    Rejection, Rule, Severity, Status,
};

use super::markdown::{Page, code, one_line};

/// The parts of a rule's section, in their order.
pub const PARTS: [&str; 6] =
    ["What it checks", "Why it matters", "Failing example", "Passing example", "Platforms", "References"];

/// The whole page.
pub(super) fn rules_guide(catalogue: &[&Rule]) -> String {
    let mut page = Page::new(
        "Rules",
        "Every rule that task definitions are checked against at plan time, with what it checks, why it matters, \
         and an example that fails and one that passes.",
    );
    page.heading(1, "Rules");
    page.text(
        "Task definitions are checked against these rules at plan time. An **error** stops a registration: ECS would \
         reject the definition, the Agent would not start, or data would be lost. A **warning** is shown and the \
         plan goes on. A **note** is what an auditor would say and no deployment suffers from: it stands in `findings` and in \
         reports, and no plan speaks of it. A rule that needs a value which is not known yet stays undecided and is checked again at \
         apply.",
    );
    page.text(
        "What is registered already can always be refreshed and destroyed. Where the content of a resource is that of its \
         state, an error is shown as a warning, which says that it stops the next registration. Where the content is \
         another one, a destroy needs `-refresh=false`, because Terraform plans the resource before it plans to destroy \
         it. `terraform validate` shows those errors of a resource that ECS itself would answer with. An error of a data \
         source stops every command, a destroy included, until the definitions, its `policy` or, in a check, `fail` \
         say otherwise.",
    );
    page.text(
        "A `policy` block, in the provider, a data source or a resource, decides otherwise: `enforce` makes the findings \
         of a Security Hub control errors, `severity` gives the findings of a rule another severity or leaves them out, \
         and a `waiver` lets a finding pass until a date, for a reason and under a name. What a control's verdict is, no \
         policy changes.",
    );
    page.text(&overview(catalogue));
    page.heading(2, "How to read the examples");
    page.text(
        "Every example is a whole task definition. The rule objects to the failing example, and no rule objects to the \
         passing one. `<100 letters>` stands for a text of that length.",
    );
    for rule in catalogue {
        section(&mut page, rule);
    }
    page.text(&format!("<a id=\"{READ_OTHERWISE}\"></a>\n## {READ_OTHERWISE}"));
    page.text(&format!("{READ_OTHERWISE_SUMMARY}. Severity: note. No rule, and named like one in `findings`, `severity` and waivers."));
    page.text(READ_OTHERWISE_ABOUT);
    page.finish()
}

fn overview(catalogue: &[&Rule]) -> String {
    let mut table = String::from("| Rule | Severity | Control | What is wrong |\n|---|---|---|---|\n");
    for rule in catalogue {
        table.push_str(&format!(
            "| [{name}](#{name}) | {} | {} | {} |\n",
            severity(rule.severity),
            rule.control.unwrap_or(""),
            one_line(rule.summary).replace('|', "\\|"),
            name = rule.name,
        ));
    }
    // An empty cell is written as one space; the Registry accepts both, tidy tools only this.
    table.replace("|  |", "| |")
}

fn section(page: &mut Page, rule: &Rule) {
    let [checks, matters, failing, passing, platforms, references] = PARTS;
    page.text(&format!("<a id=\"{}\"></a>\n## {}", rule.name, rule.name));
    page.text(&format!(
        "{}. Severity: {}.{}{}",
        one_line(rule.summary),
        severity(rule.severity),
        if rule.rejection == Rejection::None { "" } else { " ECS rejects the registration." },
        control(rule)
    ));
    page.text(&format!("**{checks}.** {}", rule.checks.trim()));
    page.text(&format!("**{matters}.** {}", rule.matters.trim()));
    page.text(&format!("**{failing}.**"));
    page.text(&code("json", &document(rule.failing)));
    page.text(&format!("**{passing}.**"));
    page.text(&code("json", &document(rule.passing)));
    page.text(&format!("**{platforms}.** {}", platform(rule.platform)));
    page.text(&format!("**{references}.** {}", reference(&rule.evidence)));
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn control(rule: &Rule) -> String {
    rule.control.map(|control| format!(" Security Hub control: {control}.")).unwrap_or_default()
}

fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::Any => "Every task definition.",
        Platform::Fargate => "Task definitions that require Fargate.",
        Platform::Linux => "Task definitions for Linux.",
        Platform::Windows => "Task definitions for Windows.",
        Platform::WindowsOrUnset => {
            "Task definitions for Windows, and those that name no operating system family."
        }
    }
}

fn reference(evidence: &Evidence) -> String {
    let status = match evidence.status {
        Status::Verified => "verified",
        Status::Believed => "believed, not verified",
    };
    format!("{} ({status}, seen {}).", one_line(evidence.source).trim_end_matches('.'), evidence.seen)
}

/// A whole example as JSON text.
fn document(example: Overlay) -> String {
    let mut text = String::new();
    write(&example.document(), 0, &mut text);
    text
}

/// Writes a value after what the line has already: in one line where it fits, else one member or item a line.
fn write(node: &Node, indent: usize, text: &mut String) {
    const WIDTH: usize = 100;
    let line = Json.value(node);
    let column = text.len() - text.rfind('\n').map_or(0, |end| end + 1);
    let parts: Vec<(String, &Node)> = match node {
        Node::Object(members) if indent == 0 || column + line.len() > WIDTH => {
            members.iter().map(|(key, value)| (format!("{}: ", Json.key(key)), value)).collect()
        }
        Node::Array(items) if column + line.len() > WIDTH => {
            items.iter().map(|item| (String::new(), item)).collect()
        }
        _ => return text.push_str(&line),
    };
    let (open, close) = if matches!(node, Node::Object(_)) { ('{', '}') } else { ('[', ']') };
    text.push(open);
    for (position, (key, value)) in parts.into_iter().enumerate() {
        text.push_str(if position == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(indent + 2));
        text.push_str(&key);
        write(value, indent + 2, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}
