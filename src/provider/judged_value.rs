//! What the rules say, as values for attributes and results of functions.

use crate::document::Path;
use crate::ecs::Reading;
use crate::rules::{self, Finding, Form, Json, Judgement, Verdict};
use crate::task::{Around, Seen};
use crate::value::Value;

use super::document_value::object;
use super::hcl::Hcl;

/// What the rules say of definitions that are only judged, with what was read otherwise. Paths are those of what is written.
pub(super) fn judge(reading: &Reading, around: &Around, is_text: bool) -> Judgement {
    rules::judge_reading(reading, &Seen::of(reading.document.clone(), around), is_text)
}

/// Findings as a list of objects, with the lines to write in the form that the definitions have.
pub(super) fn findings(findings: &[Finding], is_text: bool) -> Value {
    let form: &dyn Form = if is_text { &Json } else { &Hcl };
    Value::List(findings.iter().map(|one| finding(one, &one.path, one.fix_in(form))).collect())
}

/// A finding, as an object of the type of `findings`, with this path and with what to change in these words.
pub(super) fn finding(finding: &Finding, path: &Path, fix: String) -> Value {
    let texts = [
        ("detail", Value::from(finding.detail())),
        ("fix", Value::from(fix)),
        ("control", finding.control.map(Value::from).unwrap_or_default()),
    ];
    object(in_short(finding, path).into_iter().chain(texts))
}

/// The same as a resource keeps it, of the type of its `findings`, with this path.
pub(super) fn short_finding(finding: &Finding, path: &Path) -> Value {
    object(in_short(finding, path))
}

fn in_short(finding: &Finding, path: &Path) -> [(&'static str, Value); 5] {
    [
        ("rule", Value::from(finding.rule)),
        ("severity", Value::from(finding.severity_word())),
        ("path", Value::from(path.to_string())),
        ("container", finding.container.clone().map(Value::from).unwrap_or_default()),
        ("summary", Value::from(finding.summary)),
    ]
}

/// A verdict's word.
pub(super) fn verdict(verdict: Verdict) -> Value {
    Value::from(verdict.as_str())
}
