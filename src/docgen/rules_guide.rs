//! The guide to the rules: a table of all of them, and a page a topic with one section and one anchor a rule, its parts always
//! in the same order.

use crate::document::{Node, Object};
use crate::rules::{
    DocumentKind, Evidence, Form, Json, Judges, Mends, Platform, READ_OTHERWISE, READ_OTHERWISE_ABOUT,
    READ_OTHERWISE_SUMMARY, Rejection, Rule, Severity, Status, Topic, in_its_language,
};

use super::RULES_GUIDE;
use super::markdown::{Page, code, one_line};

/// The parts of a rule's section, in their order.
pub const PARTS: [&str; 6] =
    ["What it checks", "Why it matters", "Failing example", "Passing example", "Platforms", "References"];

/// The part of a rule of which a program may write something.
const MENDS: &str = "What lint --fix mends";

/// The page with the table of all rules, and one page a topic that has any; by path below the repository.
pub(super) fn rules_guide(
    catalogue: &[&Rule],
    configuration: &dyn Fn(&Node) -> Option<String>,
) -> Vec<(String, String)> {
    let mut pages = vec![(RULES_GUIDE.to_owned(), overview(catalogue))];
    for topic in Topic::ALL {
        let mut rules = of_topic(catalogue, topic).peekable();
        if rules.peek().is_some() {
            pages.push((format!("docs/guides/{}", file(topic)), topic_page(topic, rules, configuration)));
        }
    }
    pages
}

fn of_topic<'a>(catalogue: &'a [&Rule], topic: Topic) -> impl Iterator<Item = &'a Rule> {
    catalogue.iter().copied().filter(move |rule| rule.topic == topic)
}

/// The file of a topic's page, as the pages beside it link to it.
fn file(topic: Topic) -> String {
    format!("rules-{}.md", topic.slug())
}

fn overview(catalogue: &[&Rule]) -> String {
    let mut page = Page::new(
        "Rules",
        "Every rule that task definitions are checked against at plan time: what is wrong, how much it counts, and where its \
         examples are.",
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
        "Most rules are about what a task definition says to ECS. Those about the Agent and what ties an application to it judge \
         the documents of other platforms as well, and some judge nothing else: each says so under **Platforms**. Security Hub looks at task definitions, so no \
         control fails because of any other document.",
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
    page.text("Behind each name: what the rule checks, why it matters, and an example that fails and one that passes.");
    page.text(&table(catalogue));
    page.heading(2, MENDS);
    page.text(
        "The subcommand `lint` writes into files what is certain: the only value that there can be, of which nothing that runs can \
         break. Of these rules it is, and each says what; of the others it is not.",
    );
    page.text(&mended(catalogue));
    page.text(&format!("<a id=\"{READ_OTHERWISE}\"></a>\n## {READ_OTHERWISE}"));
    page.text(&format!("{READ_OTHERWISE_SUMMARY}. Severity: note. No rule, and named like one in `findings`, `severity` and waivers."));
    page.text(READ_OTHERWISE_ABOUT);
    page.finish()
}

fn topic_page<'a>(
    topic: Topic,
    rules: impl Iterator<Item = &'a Rule>,
    configuration: &dyn Fn(&Node) -> Option<String>,
) -> String {
    let title = topic.title();
    let about = format!(
        "{title}: what each rule checks, why it matters, and an example that fails and one that passes."
    );
    let mut page = Page::within("Rules", &format!("Rules: {title}"), &about);
    page.heading(1, &format!("Rules: {title}"));
    page.text("Every rule, and what severities mean, is in the [table of all rules](rules.md).");
    page.text(
        "A failing example is a whole task definition, a whole Compose file or a whole job of Nomad, that nothing is wrong with but this. The passing example says what is \
         different in one that no rule objects to. `<100 letters>` stands for a text of that length.",
    );
    rules.for_each(|rule| section(&mut page, rule, configuration));
    page.finish()
}

fn table(catalogue: &[&Rule]) -> String {
    let mut table = String::from("| Rule | Severity | Control | What is wrong |\n|---|---|---|---|\n");
    for topic in Topic::ALL {
        let mut rules = of_topic(catalogue, topic).peekable();
        if rules.peek().is_some() {
            table.push_str(&format!("| **[{}]({})** |  |  |  |\n", topic.title(), file(topic)));
        }
        for rule in rules {
            table.push_str(&format!(
                "| [{name}]({}#{name}) | {} | {} | {} |\n",
                file(topic),
                severity(rule.severity),
                rule.control.unwrap_or(""),
                one_line(rule.summary).replace('|', "\\|"),
                name = rule.name,
            ));
        }
    }
    // An empty cell is written as one space; the Registry accepts both, tidy tools only this.
    table.replace("|  |", "| |").replace("|  |", "| |")
}

/// Which rules have something that is certain, and why the others have not.
fn mended(catalogue: &[&Rule]) -> String {
    let mut table = String::from("| What is written | Rules |\n|---|---|\n");
    let mut row = |what: &str, is_of_it: &dyn Fn(Mends) -> bool| {
        let rules = catalogue.iter().filter(|rule| is_of_it(rule.mends));
        let link = |rule: &&Rule| format!("[{name}]({}#{name})", file(rule.topic), name = rule.name);
        let rules: Vec<String> = rules.map(link).collect();
        if !rules.is_empty() {
            table.push_str(&format!("| {what} | {} |\n", rules.join(", ")));
        }
    };
    row("What is certain, as the rule says.", &|mends| matches!(mends, Mends::Certain(_)));
    for kind in [Mends::Yours, Mends::Choice, Mends::Risk] {
        row(kind.sentences(), &|mends| mends == kind);
    }
    table
}

fn section(page: &mut Page, rule: &Rule, configuration: &dyn Fn(&Node) -> Option<String>) {
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
    let kind = rule.failing.kind();
    page.text(&example(kind, &rule.failing.document()));
    let is_a_task = kind == DocumentKind::TaskDefinition;
    if let Some(configuration) = configuration(&rule.failing.document()).filter(|_| is_a_task) {
        page.text("The same in a configuration:");
        page.text(&code("terraform", &configuration));
    }
    let (changed, removed) = difference(&rule.failing.document(), &rule.passing.document());
    let without = match removed.as_slice() {
        [] => String::new(),
        keys => {
            format!(" without {}", keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "))
        }
    };
    match changed {
        Node::Null => page.text(&format!("**{passing}.** The same{without}.")),
        changed => {
            page.text(&format!(
                "**{passing}.** The same{without}{} with:",
                if without.is_empty() { "" } else { " and" }
            ));
            page.text(&example(kind, &changed));
        }
    }
    page.text(&format!("**{platforms}.** {}", platforms_of(rule)));
    if let Mends::Certain(sentences) = rule.mends {
        page.text(&format!("**{MENDS}.** {}", one_line(sentences)));
    }
    page.text(&format!("**{references}.** {}", reference(&rule.evidence)));
}

/// What the second of two documents has different from the first, in the place where it has it, and the keys that it lacks. An
/// item of a list has its name beside what differs.
fn difference(failing: &Node, passing: &Node) -> (Node, Vec<String>) {
    let (Node::Object(before), Node::Object(after)) = (failing, passing) else {
        return (passing.clone(), Vec::new());
    };
    let mut removed: Vec<String> =
        before.keys().filter(|key| after.get(key.as_str()).is_none()).cloned().collect();
    let mut changed = Object::new();
    for (key, value) in after.iter().filter(|(key, value)| failing.get(key) != *value) {
        let (value, further) = match (failing.get(key), value) {
            (Node::Array(before), Node::Array(after)) if are_alike(before, after) => of_items(before, after),
            (Node::Object(_), Node::Object(_)) => difference(failing.get(key), value),
            _ => (value.clone(), Vec::new()),
        };
        removed.extend(further.into_iter().map(|lost| format!("{key}.{lost}")));
        if !value.is_null() {
            changed.insert(key.clone(), value);
        }
    }
    (if changed.is_empty() { Node::Null } else { Node::Object(changed) }, removed)
}

/// Whether two lists have items of the same names.
fn are_alike(before: &[Node], after: &[Node]) -> bool {
    let has_a_name = |item: &Node| item.get("name").as_str().is_some();
    before.len() == after.len()
        && before
            .iter()
            .zip(after)
            .all(|(one, other)| has_a_name(one) && one.get("name") == other.get("name"))
}

fn of_items(before: &[Node], after: &[Node]) -> (Node, Vec<String>) {
    let (mut items, mut removed) = (Vec::new(), Vec::new());
    for (before, after) in before.iter().zip(after).filter(|(before, after)| before != after) {
        let (changed, lost) = difference(before, after);
        removed.extend(lost);
        if let Node::Object(mut members) = changed {
            members.insert("name".to_owned(), after.get("name").clone());
            items.push(Node::Object(members));
        }
    }
    (if items.is_empty() { Node::Null } else { Node::Array(items) }, removed)
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

/// An example in the language of its kind of document.
fn example(kind: DocumentKind, document: &Node) -> String {
    match kind {
        // On one line what fits there: a whole task definition is long.
        DocumentKind::TaskDefinition | DocumentKind::Docker => code("json", &written(document)),
        kind => {
            let (language, text) = in_its_language(kind, document).expect("examples are known");
            code(language, &text)
        }
    }
}

/// On what a rule judges.
fn platforms_of(rule: &Rule) -> String {
    match rule.judges {
        Judges::Workload => format!(
            "{}, Compose files, manifests of Kubernetes and jobs of Nomad.",
            platform(rule.platform).trim_end_matches('.')
        ),
        Judges::TaskDefinition => platform(rule.platform).to_owned(),
        Judges::Compose => "Compose files.".to_owned(),
        Judges::Engine => "Compose files and containers of Docker alone.".to_owned(),
        Judges::Kubernetes => "Manifests of Kubernetes.".to_owned(),
        Judges::Nomad => "Jobs of Nomad.".to_owned(),
    }
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
fn written(document: &Node) -> String {
    let mut text = String::new();
    write(document, 0, &mut text);
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
