//! The audit as one page in one file: it works offline, nothing that it shows leaves it, and nothing in it is fetched.
//!
//! The template escapes whatever is put in. Behind that stands a policy of the page's own: the one script and the one style are
//! allowed by their hash, and everything else, with every request, is not. A sentence that many services share stands
//! once, and each service points to it; so a page of a thousand services stays small.

mod sentences;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::model::{AgentState, Audit, CONTROLS, Control, Mending, Revision, Service, Summary, Unread};
use super::table;
use crate::ordered::ordered;
use crate::printable::printable;
use crate::rules;
use sentences::{Sentence, Sentences};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Characters of a name that are shown, at most. The JSON has all of them.
const LONGEST: usize = 255;

/// The page. Equal audits give equal bytes.
pub fn page(audit: &Audit) -> String {
    let sentences = Sentences::of(audit);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="referrer" content="no-referrer";
                title { "Fleet audit" }
                style { (PreEscaped(STYLE)) }
                script { (PreEscaped(SCRIPT)) }
            }
            body {
                a.skip href="#services" { "Skip to the services" }
                header {
                    h1 { "Fleet audit" }
                    p.soft { (subject(audit)) }
                    (cards(&audit.summary))
                }
                main {
                    (unread(&audit.unread))
                    (fix_first(audit, &sentences))
                    (green_but_old(audit))
                    (services(audit, &sentences))
                    (standalone_tasks(audit))
                    (unused_families(audit))
                    (details(&sentences))
                }
                footer {
                    p {
                        "Written by terraform-provider-ddrofs " (env!("CARGO_PKG_VERSION"))
                        ". The page holds names and findings; no value of a variable, a secret or a label."
                    }
                }
            }
        }
    };
    markup.into_string()
}

/// What the page may do: run its one script and use its one style.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// Somebody else's text, in a direction of its own and without what steers it.
fn name(text: &str) -> Markup {
    html! { bdi { (shown(text)) } }
}

fn shown(text: &str) -> String {
    let text = printable(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn subject(audit: &Audit) -> Markup {
    let accounts = audit.accounts.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    html! {
        @if !accounts.is_empty() { "Account " (name(&accounts)) " · " }
        (audit.regions.iter().map(|region| shown(region)).collect::<Vec<_>>().join(", "))
        " · Amazon ECS: what runs, beside what Security Hub looks at"
    }
}

fn cards(summary: &Summary) -> Markup {
    let of_control = |control: &str| {
        summary.controls.get(control).and_then(|of| of.get("FAILED")).copied().unwrap_or_default()
    };
    let agents = |state: &str| summary.agents.get(state).copied().unwrap_or_default();
    let with_agent = ["IMAGE", "OWN_MOUNT", "SEEDED", "BLIND"].into_iter().map(agents).sum::<usize>();
    let cards = [
        (summary.services, "services", false),
        (of_control("ECS.5"), "run with a writable root filesystem (ECS.5)", true),
        (summary.services_behind, "run an older revision than the newest", false),
        (summary.services_green_but_old, "green at Security Hub, and an old revision fails", true),
        (with_agent, "have a Datadog Agent", false),
        (agents("BLIND"), "have a blind Agent", true),
        (summary.unread, "could not be read", true),
    ];
    html! {
        ul.cards {
            @for (count, text, is_bad) in cards {
                li.bad[is_bad && count > 0] { b { (count) } (text) }
            }
        }
    }
}

fn unread(unread: &[Unread]) -> Markup {
    html! {
        @if !unread.is_empty() {
            section.told aria-labelledby="unread" {
                h2 #unread { "Not read" }
                p { "What is missing here is missing below too." }
                ul {
                    @for Unread { region, what, why } in unread {
                        li { strong { (name(what)) } " in " (name(region)) ": " (name(why)) }
                    }
                }
            }
        }
    }
}

fn fix_first(audit: &Audit, sentences: &Sentences<'_>) -> Markup {
    let services = audit.summary.services.max(1);
    html! {
        section aria-labelledby="first" {
            h2 #first { "What to fix first" }
            @if audit.fix_first.is_empty() {
                p { "Nothing was found in what the services run." }
            } @else {
                p.soft { "By the number of services that run it; what no deployment suffers from comes last." }
                div.scroll tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { "Finding" } th scope="col" { "Severity" } th scope="col" { "Control" }
                            th.num scope="col" { "Services" } th scope="col" { "Share" }
                            th.num scope="col" { "Mended by the newest revision" }
                        } }
                        tbody {
                            @for mending in &audit.fix_first { (mending_row(mending, services, sentences)) }
                        }
                    }
                }
            }
        }
    }
}

fn mending_row(mending: &Mending, services: usize, sentences: &Sentences<'_>) -> Markup {
    let Mending { rule, summary, severity, control, services: count, services_mended_by_newest } = mending;
    html! {
        tr {
            th scope="row" {
                @if sentences.has_rule(rule) { a href={ "#" (rule) } { (summary) } } @else { (summary) }
                small { (rule) }
            }
            td { (tag(severity)) }
            td { (control.unwrap_or("")) }
            td.num { (count) }
            td {
                svg.share viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={ (count) " of " (services) " services" } {
                    rect width=(count * 100 / services) height="8" {}
                }
            }
            td.num { (services_mended_by_newest) }
        }
    }
}

fn tag(severity: &str) -> Markup {
    html! { span class={ "tag " (severity) } { (severity) } }
}

fn green_but_old(audit: &Audit) -> Markup {
    let old: Vec<(usize, &Service)> =
        audit.services.iter().enumerate().filter(|(_, service)| !service.green_but_old.is_empty()).collect();
    html! {
        @if !old.is_empty() {
            section aria-labelledby="old" {
                h2 #old { "Security Hub is green, but an old revision runs" }
                p.soft {
                    "Security Hub looks at the newest revision of a family. These services run an older one that fails; deploying \
                     the newest mends them."
                }
                div.scroll tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { "Service" } th scope="col" { "Cluster" } th.num scope="col" { "Runs" }
                            th.num scope="col" { "Newest" } th scope="col" { "Fails only in what runs" }
                        } }
                        tbody {
                            @for (number, service) in old {
                                tr {
                                    th scope="row" { a href={ "#s" (number) } { (name(&service.name)) } }
                                    td { (name(&service.cluster)) }
                                    td.num { (revisions(&service.running)) }
                                    td.num { (revisions(service.newest.as_slice())) }
                                    td { (service.green_but_old.join(", ")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Their numbers.
fn revisions(arns: &[String]) -> String {
    let number = |arn: &String| arn.rsplit_once(':').map_or_else(|| shown(arn), |(_, number)| shown(number));
    arns.iter().map(number).collect::<Vec<_>>().join(", ")
}

fn services(audit: &Audit, sentences: &Sentences<'_>) -> Markup {
    html! {
        section aria-labelledby="services" {
            h2 #services tabindex="-1" { "Services" }
            @if audit.services.is_empty() {
                p { "No service was found." }
            } @else {
                p.soft {
                    "Each cell is the verdict of what runs; where the newest revision has another one, it stands below. A service's \
                     name opens its findings."
                }
                (filters(audit))
                p #count role="status" { (plural(audit.services.len(), "service", "services")) }
                #matrix.scroll tabindex="0" role="region" aria-labelledby="services" {
                    table {
                        thead { tr {
                            th scope="col" { "Service" } th scope="col" { "Cluster" } th scope="col" { "Revision" }
                            th scope="col" { "Agent" }
                            @for control in CONTROLS { th scope="col" { (control) } }
                        } }
                        @for (number, service) in audit.services.iter().enumerate() {
                            (matrix_row(audit, number, service, sentences))
                        }
                    }
                }
                p #empty hidden { "No service matches the filter." }
            }
        }
    }
}

fn filters(audit: &Audit) -> Markup {
    let states = [
        ("f", "fails, or the Agent is blind"),
        ("p", "passes"),
        ("n", "does not apply"),
        ("u", "is open or not read"),
        ("o", "differs from the newest revision"),
    ];
    html! {
        form role="search" aria-label="Filter the services" {
            label { "Text" input #text type="search" autocomplete="off" placeholder="name, cluster, version"; }
            label { "Cluster"
                select #cluster {
                    option value="" { "every cluster" }
                    @for (number, cluster) in audit.clusters.iter().enumerate() {
                        option value=(number) { (shown(&cluster.name)) " (" (shown(&cluster.region)) ")" }
                    }
                }
            }
            label { "Control"
                select #control {
                    option value="" { "any control or the Agent" }
                    option value="3" { "Agent" }
                    @for (number, control) in CONTROLS.iter().enumerate() {
                        option value=(number + 4) { (control) }
                    }
                }
            }
            label { "State"
                select #state {
                    option value="" { "every state" }
                    @for (value, text) in states { option value=(value) { (text) } }
                }
            }
            button type="reset" { "Clear" }
        }
    }
}

fn matrix_row(audit: &Audit, number: usize, service: &Service, sentences: &Sentences<'_>) -> Markup {
    let is_its =
        |cluster: &super::Cluster| cluster.region == service.region && cluster.name == service.cluster;
    let cluster = audit.clusters.iter().position(is_its);
    html! {
        tbody id={ "s" (number) } data-c=[cluster] {
            tr {
                th scope="row" { button type="button" aria-expanded="false" { (name(&service.name)) } }
                td { (name(&service.cluster)) }
                td class=[service.is_behind.then_some("o")] {
                    (revisions(&service.running))
                    @if service.is_behind { small { "newest " (revisions(service.newest.as_slice())) } }
                }
                (agent_cell(service))
                @for control in CONTROLS { (control_cell(service.controls.get(control).copied())) }
            }
            tr.x { td colspan=(CONTROLS.len() + 4) { (found(audit, service, sentences)) } }
        }
    }
}

fn agent_cell(service: &Service) -> Markup {
    let class = match service.agent {
        AgentState::Blind => "f",
        AgentState::Seeded => "p",
        AgentState::None => "n",
        AgentState::Image | AgentState::OwnMount => "a",
        AgentState::Unclear | AgentState::Unread => "u",
    };
    html! {
        td class=(class) {
            i { (match service.agent { AgentState::Unread => "not read", state => table::agent(state) }) }
            @if let Some(version) = &service.agent_version { small { (shown(version)) } }
        }
    }
}

fn control_cell(control: Option<Control>) -> Markup {
    let Some(Control { running, newest }) = control else { return html! { td {} } };
    let ((class, text), (_, of_newest)) = (word(running), word(newest));
    html! {
        @if running == newest || newest == super::UNREAD {
            td class=(class) { i { (text) } }
        } @else {
            td class={ (class) " o" } { i { (text) } small { "newest: " (of_newest) } }
        }
    }
}

fn word(verdict: &str) -> (&'static str, &'static str) {
    match verdict {
        "PASSED" => ("p", "pass"),
        "FAILED" => ("f", "fail"),
        "NOT_APPLICABLE" => ("n", "n/a"),
        "UNDECIDED" => ("u", "open"),
        _ => ("u", "not read"),
    }
}

fn found(audit: &Audit, service: &Service, sentences: &Sentences<'_>) -> Markup {
    let arns: std::collections::BTreeSet<&String> = ordered(service.running.iter().chain(&service.newest));
    html! {
        @for arn in arns {
            @let runs = service.running.contains(arn);
            @let role = if runs && service.newest.as_ref() == Some(arn) { "runs, newest" } else if runs { "runs" } else { "newest" };
            p { strong { (name(arn.rsplit('/').next().unwrap_or(arn))) } " " span.soft { "(" (role) ")" } }
            @match audit.revisions.get(arn) {
                None => p { "It could not be read." },
                Some(revision) => (findings(arn, revision, sentences)),
            }
        }
    }
}

fn findings(arn: &str, revision: &Revision, sentences: &Sentences<'_>) -> Markup {
    let told = sentences.of_revision(arn);
    html! {
        @if told.is_empty() {
            p { "Nothing was found." }
        } @else {
            ul {
                @for (number, sentence, containers) in told {
                    li {
                        a href={ "#f" (number) } { (sentence.rule) }
                        @if sentence.severity != "note" { " " (tag(sentence.severity)) }
                        @if !containers.is_empty() { " " (name(&containers.join(", "))) }
                    }
                }
            }
        }
        @for agent in &revision.agents {
            p.soft {
                "Agent " (name(&agent.container)) ": "
                (agent.version.as_deref().map_or_else(|| "version not said".to_owned(), shown))
                ", " (table::agent(agent.state)) ", "
                (match agent.is_read_only { Some(true) => "read-only root", Some(false) => "writable root", None => "root not known" })
            }
        }
    }
}

fn standalone_tasks(audit: &Audit) -> Markup {
    html! {
        @if !audit.standalone_tasks.is_empty() {
            section aria-labelledby="tasks" {
                h2 #tasks { "Tasks that no service started" }
                div.scroll tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { "Task" } th scope="col" { "Cluster" } th scope="col" { "Group" }
                            th scope="col" { "Revision" } th scope="col" { "Fails" }
                        } }
                        tbody {
                            @for task in &audit.standalone_tasks {
                                tr {
                                    th scope="row" { (name(task.arn.rsplit('/').next().unwrap_or(&task.arn))) }
                                    td { (name(&task.cluster)) }
                                    td { (name(&task.group)) }
                                    td { (name(task.revision.rsplit('/').next().unwrap_or(&task.revision))) }
                                    td { (fails(audit.revisions.get(&task.revision))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The controls that a revision fails.
fn fails(revision: Option<&Revision>) -> String {
    let Some(revision) = revision else { return "not read".to_owned() };
    let is_failing =
        |control: &&&str| revision.verdicts.get(**control).is_some_and(|of| of.verdict == "FAILED");
    CONTROLS.iter().filter(is_failing).copied().collect::<Vec<_>>().join(", ")
}

fn unused_families(audit: &Audit) -> Markup {
    let is_unused = |family: &&super::Family| family.services == 0;
    let failing: Vec<(&super::Family, String)> = audit
        .families
        .iter()
        .filter(is_unused)
        .filter_map(|family| {
            let newest = family.newest.as_ref().and_then(|arn| audit.revisions.get(arn))?;
            Some((family, fails(Some(newest)))).filter(|(_, fails)| !fails.is_empty())
        })
        .collect();
    html! {
        @if !failing.is_empty() {
            section aria-labelledby="unused" {
                h2 #unused { "Families that no service runs, and that fail all the same" }
                p.soft { "Security Hub judges a family whether it runs or not. Deregistering the newest revision ends the finding." }
                div.scroll tabindex="0" {
                    table {
                        thead { tr { th scope="col" { "Family" } th.num scope="col" { "Newest" } th scope="col" { "Fails" } } }
                        tbody {
                            @for (family, fails) in failing {
                                tr {
                                    th scope="row" { (name(&family.name)) }
                                    td.num { (revisions(family.newest.as_slice())) }
                                    td { (fails) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn details(sentences: &Sentences<'_>) -> Markup {
    html! {
        @if !sentences.is_empty() {
            section aria-labelledby="details" {
                h2 #details { "Findings and the lines to write" }
                @for (rule, of_rule) in sentences.by_rule() {
                    article id=(rule) {
                        h3 { (of_rule[0].1.summary) " " span.soft { (rule) } }
                        @if let Some(rule) = rules::find(rule) { p { (rule.matters) } }
                        @for (number, sentence) in of_rule { (detail(number, sentence)) }
                    }
                }
            }
        }
    }
}

fn detail(number: usize, sentence: &Sentence) -> Markup {
    html! {
        div id={ "f" (number) } {
            p {
                (tag(sentence.severity)) " "
                @if let Some(control) = sentence.control { (control) " · " }
                (plural(sentence.revisions, "revision", "revisions"))
            }
            p { (name_long(&sentence.detail)) }
            pre { (printable(&sentence.fix)) }
        }
    }
}

/// A sentence of the rules, whose names are somebody else's.
fn name_long(text: &str) -> Markup {
    html! { bdi { (printable(text)) } }
}
