//! The audit for a terminal: services by the controls that fleets are asked about first, the totals, what to fix first.

use std::fmt::Write;

use crate::printable::printable;

use super::model::{AgentState, Audit, Service, Summary, Unread};

/// The controls that a terminal has room for.
const SHOWN: [&str; 5] = ["ECS.5", "ECS.4", "ECS.8", "ECS.9", "ECS.20"];

/// Characters of a name, at most.
const WIDEST: usize = 48;

/// Lines of "what to fix first", at most.
const MOST: usize = 10;

/// The table with its totals. A verdict is that of what runs; a `*` behind it says that the newest revision has another one.
pub fn table(audit: &Audit) -> String {
    let mut rows = vec![header()];
    rows.extend(audit.services.iter().map(row));
    let mut text =
        if audit.services.is_empty() { "No service was found.\n".to_owned() } else { aligned(&rows) };
    totals(&mut text, &audit.summary);
    first(&mut text, audit);
    unread(&mut text, &audit.unread);
    text
}

fn header() -> Vec<String> {
    let columns = ["CLUSTER", "SERVICE", "REVISION"].into_iter().chain(SHOWN).chain(["AGENT"]);
    columns.map(str::to_owned).collect()
}

fn row(service: &Service) -> Vec<String> {
    let running = service.running.first().map_or("", |arn| number(arn));
    let newest = service.newest.as_deref().filter(|_| service.is_behind);
    let revision = match newest {
        Some(newest) => format!("{running} < {}", number(newest)),
        None => running.to_owned(),
    };
    let mut cells = vec![shown(&service.cluster), shown(&service.name), shown(&revision)];
    for control in SHOWN {
        cells.push(service.controls.get(control).map_or_else(String::new, |verdicts| {
            let differs = verdicts.newest != "UNREAD" && verdicts.newest != verdicts.running;
            format!("{}{}", word(verdicts.running), if differs { "*" } else { "" })
        }));
    }
    let state = agent(service.agent);
    cells.push(match &service.agent_version {
        Some(version) => format!("{state} {version}"),
        None => state.to_owned(),
    });
    cells
}

fn totals(text: &mut String, summary: &Summary) {
    let Summary { clusters, services, families, standalone_tasks, .. } = summary;
    let failing = |control: &str| {
        let counts = summary.controls.get(control);
        counts.and_then(|counts| counts.get("FAILED")).copied().unwrap_or_default()
    };
    let _ = writeln!(
        text,
        "\n{services} services in {clusters} clusters, {families} families, {standalone_tasks} standalone tasks."
    );
    let counts = SHOWN.map(|control| format!("{control} fails on {}", failing(control)));
    let _ = writeln!(text, "Of what runs: {}.", counts.join(", "));
    let blind = summary.agents.get("BLIND").copied().unwrap_or_default();
    let _ = writeln!(
        text,
        "{} services run an older revision, {} of them one that fails a control which the newest passes. {blind} Agents are \
         blind.",
        summary.services_behind, summary.services_green_but_old
    );
}

fn first(text: &mut String, audit: &Audit) {
    if audit.fix_first.is_empty() {
        return;
    }
    text.push_str("\nWhat to fix first\n");
    let rows = audit.fix_first.iter().take(MOST).map(|mending| {
        let control = mending.control.unwrap_or("");
        let newest = match mending.services_mended_by_newest {
            0 => String::new(),
            mended => format!("{mended} by deploying the newest revision"),
        };
        let services = format!("{} services", mending.services);
        [services.as_str(), mending.severity, mending.rule, control, &newest].map(str::to_owned).to_vec()
    });
    text.push_str(&aligned(&rows.collect::<Vec<_>>()));
}

fn unread(text: &mut String, unread: &[Unread]) {
    if unread.is_empty() {
        return;
    }
    text.push_str("\nNot read\n");
    for Unread { region, what, why } in unread {
        let _ = writeln!(text, "{region}: {}: {}", one_line(what), one_line(why));
    }
}

/// Columns as wide as their widest cell.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn number(arn: &str) -> &str {
    arn.rsplit_once(':').map_or(arn, |(_, number)| number)
}

fn word(verdict: &str) -> &str {
    match verdict {
        "PASSED" => "pass",
        "FAILED" => "FAIL",
        "NOT_APPLICABLE" => "n/a",
        "UNDECIDED" => "open",
        _ => "?",
    }
}

pub(super) fn agent(state: AgentState) -> &'static str {
    match state {
        AgentState::None => "none",
        AgentState::Image => "image's own",
        AgentState::OwnMount => "own mount",
        AgentState::Seeded => "seeded",
        AgentState::Unclear => "unclear",
        AgentState::Blind => "BLIND",
        AgentState::Unread => "?",
    }
}

/// A name in one cell.
fn shown(name: &str) -> String {
    let name = one_line(name);
    match name.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}
