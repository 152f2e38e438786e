//! The report as SARIF 2.1.0, the OASIS format of static analysis that code scanning reads.
//!
//! Results are written as they come and the tool behind them, with the rules that occurred: the order of an object's
//! members means nothing. A waived finding is a suppressed result. Undecided rules and conversions are notifications of the
//! invocation, because a result would be shown as a problem.
//!
//! An invocation is one object and the results are one list, and both grow with every document, so one of them has to wait
//! for the end. The notifications wait, because they are the smaller part: some 2 KiB a document, which is what memory
//! grows by. Reading every file twice would avoid it, and standard input cannot be read twice.

use serde_json::{Map, Value, json};

use crate::document::{Path, Place, Step};
use crate::ecs::{Note, digest};
use crate::rules::{
    self, Finding, READ_OTHERWISE, READ_OTHERWISE_ABOUT, READ_OTHERWISE_SUMMARY, Rule, Waived,
};

use super::checked::{Artifact, Judged, Unreadable, page_of, severity};
use super::{Checked, Entry, Report};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The documentation of the tool.
const INFORMATION: &str = "https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs";

/// Under this name a finding is known again in the next run, whatever moved in the file.
const FINGERPRINT: &str = "ruleContainerPath/v1";

/// The report, and what stands behind the results.
#[derive(Default)]
pub(super) struct Sarif {
    results: usize,
    /// The rules that occurred, in the order of their first occurrence.
    rules: Vec<&'static str>,
    /// What is to be notified of, document by document. Kept as small as it goes: it is all that a report remembers.
    remarks: Vec<Remarks>,
    unreadable: bool,
}

impl Report for Sarif {
    fn begin(&mut self) -> String {
        format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",\"results\":["
        )
    }

    fn document(&mut self, checked: &Checked) -> String {
        let results: Vec<Value> = match &checked.outcome {
            Ok(outcome) => {
                self.remember(checked, outcome);
                outcome.entries.iter().map(|entry| self.result(checked, entry)).collect()
            }
            Err(problems) => {
                self.unreadable = true;
                problems.iter().map(|problem| self.problem(checked, problem)).collect()
            }
        };
        results.iter().map(|result| self.separated(result)).collect()
    }

    fn end(&mut self) -> String {
        let driver = json!({
            "name": env!("CARGO_PKG_NAME"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": INFORMATION,
            "rules": self.rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
        });
        let notifications: Vec<String> = self.remarks.iter().flat_map(Remarks::notifications).collect();
        format!(
            "\n],\"tool\":{},\"invocations\":[{{\"executionSuccessful\":{},\"toolExecutionNotifications\":[{}]}}]}}]}}\n",
            json!({ "driver": driver }),
            !self.unreadable,
            notifications.join(","),
        )
    }
}

impl Sarif {
    fn separated(&mut self, result: &Value) -> String {
        let comma = if self.results == 0 { "\n" } else { ",\n" };
        self.results += 1;
        format!("{comma}{result}")
    }

    /// Position of a rule among those of the tool.
    fn index(&mut self, rule: &'static str) -> usize {
        self.rules.iter().position(|known| *known == rule).unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        })
    }

    fn result(&mut self, checked: &Checked, entry: &Entry) -> Value {
        let Entry { finding, place, fix, ignored, .. } = entry;
        let mut logical: Vec<Value> = document_location(checked).into_iter().collect();
        logical.extend(logical_locations(finding));
        let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": self.index(finding.rule),
            "level": severity(finding.severity),
            "message": { "text": format!("{} {fix}", finding.detail()) },
            "locations": [location(&checked.artifact, *place, logical)],
            "partialFingerprints": { FINGERPRINT: fingerprint(checked, finding) },
        });
        if let Some(Waived { owner, reason, until }) = &finding.waiver {
            let justification = format!("{reason} (waived by {owner} until {until})");
            result["suppressions"] =
                json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
        }
        if let Some(line) = ignored {
            let justification = format!("the comment on line {line}");
            result["suppressions"] =
                json!([{ "kind": "inSource", "status": "accepted", "justification": justification }]);
        }
        if finding.accepted {
            let justification = "a sidecar of the provider's has to be so (accept_sidecars)";
            result["suppressions"] =
                json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
        }
        result
    }

    fn problem(&mut self, checked: &Checked, problem: &Unreadable) -> Value {
        let logical = document_location(checked).into_iter().collect();
        json!({
            "ruleId": Unreadable::RULE,
            "ruleIndex": self.index(Unreadable::RULE),
            "level": "error",
            "message": { "text": format!("{} {}", problem.detail, problem.fix) },
            "locations": [location(&checked.artifact, problem.place, logical)],
        })
    }

    fn remember(&mut self, checked: &Checked, outcome: &Judged) {
        let Judged { undecided, notes, .. } = outcome;
        for rule in undecided {
            self.index(rule);
        }
        if !undecided.is_empty() || !notes.is_empty() {
            let (undecided, notes) = (undecided.clone(), notes.clone());
            let document = document_location(checked);
            self.remarks.push(Remarks { artifact: checked.artifact.clone(), document, undecided, notes });
        }
    }
}

/// What is to be said of a document that is no result.
struct Remarks {
    artifact: Artifact,
    document: Option<Value>,
    undecided: Vec<&'static str>,
    notes: Vec<Note>,
}

impl Remarks {
    fn notifications(&self) -> impl Iterator<Item = String> {
        let undecided = self.undecided.iter().map(|rule| {
            json!({
                "level": "note",
                "associatedRule": { "id": rule },
                "descriptor": { "id": "undecided" },
                "message": { "text": format!("{rule} is undecided: the document alone does not tell.") },
                "locations": [location(&self.artifact, None, self.document.iter().cloned().collect())],
            })
        });
        let notes = self.notes.iter().map(|Note { path, text, .. }| {
            let place = json!({ "fullyQualifiedName": path.to_string(), "kind": "property" });
            let place = self.document.iter().cloned().chain([place]).collect();
            json!({
                "level": "note",
                "descriptor": { "id": "read-otherwise" },
                "message": { "text": format!("{path}: {text}.") },
                "locations": [location(&self.artifact, None, place)],
            })
        });
        undecided.chain(notes).map(|notification| notification.to_string())
    }
}

/// What the tool says of a rule.
fn descriptor(name: &str) -> Value {
    if name == READ_OTHERWISE {
        return json!({
            "id": name,
            "shortDescription": { "text": sentence(READ_OTHERWISE_SUMMARY) },
            "fullDescription": { "text": READ_OTHERWISE_ABOUT },
            "help": { "text": READ_OTHERWISE_ABOUT },
            "helpUri": page_of(name),
            "defaultConfiguration": { "level": "note" },
        });
    }
    let Some(rule) = rules::find(name) else {
        return json!({
            "id": name,
            "shortDescription": { "text": sentence(Unreadable::SUMMARY) },
            "fullDescription": { "text": Unreadable::ABOUT },
            "help": { "text": Unreadable::ABOUT },
            "helpUri": INFORMATION,
            "defaultConfiguration": { "level": "error" },
        });
    };
    let Rule { name, summary, checks, matters, control, .. } = *rule;
    let mut properties = Map::new();
    if let Some(control) = control {
        properties.insert("securityHubControl".to_owned(), control.into());
        properties.insert("tags".to_owned(), json!(["security", control]));
    }
    json!({
        "id": name,
        "shortDescription": { "text": sentence(summary) },
        "fullDescription": { "text": checks },
        "help": {
            "text": format!("{checks}\n\n{matters}"),
            "markdown": format!("**What it checks.** {checks}\n\n**Why it matters.** {matters}\n\n[Examples]({})", page_of(name)),
        },
        "helpUri": page_of(name),
        "defaultConfiguration": { "level": severity(rule.severity) },
        "properties": properties,
    })
}

fn sentence(summary: &str) -> String {
    format!("{summary}.")
}

/// Where something is. A document without a file has logical places only.
fn location(artifact: &Artifact, place: Option<Place>, logical: Vec<Value>) -> Value {
    let mut location = Map::new();
    if let Artifact::File(name) = artifact {
        let mut physical = json!({ "artifactLocation": { "uri": uri(name) } });
        if let Some(Place { line, column }) = place {
            physical["region"] = json!({ "startLine": line, "startColumn": column });
        }
        location.insert("physicalLocation".to_owned(), physical);
    }
    if let Artifact::Unfiled(name) = artifact {
        location.insert("message".to_owned(), json!({ "text": name }));
    }
    if !logical.is_empty() {
        location.insert("logicalLocations".to_owned(), logical.into());
    }
    Value::Object(location)
}

/// Which document of the file it is.
fn document_location(checked: &Checked) -> Option<Value> {
    checked.inside.as_ref().map(|name| json!({ "name": name, "kind": "resource" }))
}

/// The container and the place in the document.
fn logical_locations(finding: &Finding) -> Vec<Value> {
    let mut places = Vec::new();
    if let Some(container) = &finding.container {
        places.push(json!({ "name": container, "kind": "object" }));
    }
    if !finding.path.0.is_empty() {
        places.push(json!({ "fullyQualifiedName": finding.path.to_string(), "kind": "property" }));
    }
    places
}

/// The same for the same problem in the same container, wherever that stands: a new container before it must not make an
/// old problem a new one.
pub(super) fn fingerprint(checked: &Checked, finding: &Finding) -> String {
    let steps = match (&finding.container, finding.path.0.as_slice()) {
        (Some(_), [Step::Key(_), Step::Index(_), rest @ ..]) => rest,
        (_, steps) => steps,
    };
    let container = finding.container.as_deref().unwrap_or_default();
    let document = checked.inside.iter().map(|name| format!("\n{name}")).collect::<String>();
    digest(&format!("{}\n{container}\n{}{document}", finding.rule, Path(steps.to_vec())))
}

/// A path as a URI reference (RFC 3986): what is no letter, digit or mark is written in percent.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = match path.starts_with('/') {
        true => "file://".to_owned(),
        // A colon in the first segment would make it a scheme.
        false if path.split('/').next().is_some_and(|first| first.contains(':')) => "./".to_owned(),
        false => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b':'
            | b'@'
            | b'+'
            | b','
            | b'=' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod uris {
    use super::uri;

    #[test]
    fn a_path_becomes_a_uri_reference() {
        for (path, expected) in [
            ("tasks/orders.json", "tasks/orders.json"),
            ("/srv/a b.json", "file:///srv/a%20b.json"),
            ("ä#?.json", "%C3%A4%23%3F.json"),
            ("a:b.json", "./a:b.json"),
            ("..\\x.json", "../x.json"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
