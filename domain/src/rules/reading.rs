//! What was read differently from how it is written, as findings: no rule judges it, and it stands among what the rules find.

use std::collections::BTreeMap;

use crate::document::{Node, Path, Step};
use crate::ecs::{Form, LeftOut, Note, NoteKind, Reading};
use crate::task::Seen;

use super::finding::{Finding, Severity};
use super::fix::{Edit, Fix};
use super::{Judgement, judge, unknown_key, wrong_type};

/// The name under which it stands among the rules.
pub const READ_OTHERWISE: &str = "read-otherwise";

/// Its summary.
pub const READ_OTHERWISE_SUMMARY: &str = "Something is read differently from how it is written";

/// What it is about, in sentences.
pub const READ_OTHERWISE_ABOUT: &str = "Something is written that means no more than its absence, or a key is spelled in another way than ECS \
     spells it: an empty text where none is wanted, an empty element of a list, a variable without a value, a key twice with \
     one value. Where it is going to be registered it is left out, as hashicorp/aws does, and is a note. A null in JSON text \
     that is only judged is a warning, because whoever sends the text may send the null, and so is a value of another type than \
     ECS accepts, such as a number in quotes, which is converted where we write the JSON ourselves. A null attribute in HCL is how a \
     configuration says that nothing is set, and no word is lost on it. `lint --fix` takes out a key whose value is null and writes a \
     number, true or false in the type that ECS has there.";

/// Places of one cause that are named, at most.
const MOST: usize = 10;

/// What the rules say of a document that is only judged, with what was read differently from how it is written. Paths are those of what
/// is written. `is_text` as in [`of_reading`].
pub fn judge_reading(reading: &Reading, seen: &Seen, is_text: bool) -> Judgement {
    let mut judgement = judge(&seen.subject(None));
    let left_out = LeftOut::of(&reading.notes);
    for finding in &mut judgement.findings {
        finding.path = left_out.as_written(&finding.path);
        let fix = std::mem::take(&mut finding.fix);
        finding.fix = fix.at(|path| left_out.as_written(path));
        if reading.form == Form::Description {
            unknown_key::described(finding);
        }
    }
    judgement.add(of_reading(reading, is_text));
    judgement
}

/// What was read otherwise in a document that is only judged. `is_text`: it is a text, which goes to somebody else as it is;
/// then a null is a warning, and so is each value of another type.
pub fn of_reading(reading: &Reading, is_text: bool) -> Vec<Finding> {
    let containers = reading.document.get("containerDefinitions").items();
    let nulls = if is_text { Severity::Warning } else { Severity::Note };
    let mut findings = of_notes(&reading.notes, containers, nulls);
    let converted = reading.notes.iter().filter(|note| is_text && note.is_found_in_text());
    findings.extend(converted.map(|note| converted_finding(note, &reading.document)));
    findings
}

/// What was read otherwise, one finding for each cause at all its places. `nulls` is the severity of nulls, which alone
/// depend on who sends the text. Paths are those of the notes.
pub fn of_notes(notes: &[Note], containers: &[Node], nulls: Severity) -> Vec<Finding> {
    let mut causes: Vec<Vec<&Note>> = Vec::new();
    let mut known = BTreeMap::new();
    for note in notes.iter().filter(|note| fix(note.kind).is_some()) {
        let cause = *known.entry(&note.text).or_insert(causes.len());
        match causes.get_mut(cause) {
            Some(cause) => cause.push(note),
            None => causes.push(vec![note]),
        }
    }
    let findings = causes.iter().filter_map(|cause| {
        let (first, others) = cause.split_first()?;
        let container = container_of(&first.path, containers);
        let is_of_one = others.iter().all(|note| container_of(&note.path, containers) == container);
        let severity = if first.kind == NoteKind::Null { nulls } else { Severity::Note };
        let container = container.filter(|_| is_of_one);
        let advice = Fix::from(fix(first.kind)?);
        // A key without a value says the same as none, wherever it stands.
        let is_key = |note: &&Note| matches!(note.path.0.last(), Some(Step::Key(_)));
        let fix = match first.kind {
            NoteKind::Null if cause.iter().all(is_key) => {
                advice.made_by(cause.iter().map(|note| Edit::without(note.path.clone())))
            }
            _ => advice,
        };
        Some(finding(first, container, severity, says(first, others), fix))
    });
    findings.collect()
}

/// A value of another type, at its place: whoever gets the text may reject it.
fn converted_finding(note: &Note, document: &Node) -> Finding {
    let container = container_of(&note.path, document.get("containerDefinitions").items());
    let says = format!(
        "{} The text itself goes to somebody who may not: the AWS command line and SDKs reject a value of another type.",
        says(note, &[])
    );
    let fix = wrong_type::as_read(&note.path, document.at(&note.path));
    finding(note, container, Severity::Warning, says, fix)
}

fn finding(note: &Note, container: Option<&str>, severity: Severity, says: String, fix: Fix) -> Finding {
    Finding {
        rule: READ_OTHERWISE,
        severity,
        path: note.path.clone(),
        container: container.map(str::to_owned),
        summary: READ_OTHERWISE_SUMMARY,
        subject: None,
        says,
        fix,
        control: None,
        waiver: None,
        of_pattern: false,
        accepted: false,
    }
}

/// The note as a sentence, and where else it holds.
fn says(first: &Note, others: &[&Note]) -> String {
    let mut letters = first.text.chars();
    let begin: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let sentence = format!("{begin}{}.", letters.as_str());
    if others.is_empty() {
        return sentence;
    }
    let named: Vec<String> = others.iter().take(MOST).map(|note| note.path.to_string()).collect();
    let more = match others.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{sentence} The same holds at {}{more}.", named.join(", "))
}

/// What to do about it; none for what is told elsewhere, or is how its form is meant.
fn fix(kind: NoteKind) -> Option<&'static str> {
    match kind {
        NoteKind::Null => Some("Leave the key out, which says the same."),
        NoteKind::LeftOut => Some("Leave it out, which says the same."),
        NoteKind::Element => Some("Take it out of the list."),
        NoteKind::Spelled => Some("Write the key once, as ECS spells it."),
        NoteKind::Converted
        | NoteKind::Amount
        | NoteKind::Unanswered
        | NoteKind::Foreign
        | NoteKind::Assumed
        | NoteKind::Unchecked
        | NoteKind::Form => None,
    }
}

fn container_of<'n>(path: &Path, containers: &'n [Node]) -> Option<&'n str> {
    match path.0.as_slice() {
        [Step::Key(key), Step::Index(index), ..] if key == "containerDefinitions" => {
            containers.get(*index)?.get("name").as_str()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::ecs::read;

    fn found(text: &str) -> Vec<Finding> {
        let reading = read(parse(text).unwrap()).unwrap();
        of_reading(&reading, true)
    }

    #[test]
    fn one_cause_is_one_finding_with_all_its_places() {
        let nulls: Vec<String> =
            (0..40).map(|number| format!(r#"{{"name": "c{number}", "cpu": null}}"#)).collect();
        let findings =
            found(&format!(r#"{{"taskRoleArn": null, "containerDefinitions": [{}]}}"#, nulls.join(", ")));
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(
            (finding.rule, finding.severity, &finding.container),
            (READ_OTHERWISE, Severity::Warning, &None)
        );
        assert!(finding.detail().contains("containerDefinitions[3].cpu, "), "{}", finding.detail());
        assert!(finding.detail().ends_with(" and 30 more."), "{}", finding.detail());
    }

    #[test]
    fn what_is_in_one_container_alone_names_it() {
        let findings = found(r#"[{"name": "app", "cpu": null, "user": null}, {"name": "other"}]"#);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(finding.container.as_deref(), Some("app"));
        assert_eq!(finding.path.to_string(), "containerDefinitions[0].cpu");
    }

    #[test]
    fn a_form_is_as_it_is_meant_and_an_amount_is_what_ecs_makes_of_it() {
        assert_eq!(found(r#"[{"Name": "app", "Cpu": "256"}]"#), []);
        let amounts = r#"{"cpu": "1 vCPU", "memory": "2 GB", "containerDefinitions": [{"name": "app"}]}"#;
        assert_eq!(found(amounts), []);
    }

    #[test]
    fn a_value_of_another_type_is_a_warning_at_its_place_with_the_value_to_write() {
        for (text, path, fix) in [
            (
                r#"[{"name": "a", "memory": "512"}]"#,
                "containerDefinitions[0].memory",
                "Write \"memory\": 512.",
            ),
            (
                r#"[{"name": "a", "essential": "True"}]"#,
                "containerDefinitions[0].essential",
                "Write \"essential\": true.",
            ),
            (r#"[{"name": "a", "cpu": 256.0}]"#, "containerDefinitions[0].cpu", "Write \"cpu\": 256."),
            (
                r#"[{"name": "a", "portMappings": [{"containerPort": "80"}]}]"#,
                "containerDefinitions[0].portMappings[0].containerPort",
                "Write \"containerPort\": 80 in portMappings[0].",
            ),
            (r#"{"cpu": 256, "containerDefinitions": []}"#, "cpu", "Write \"cpu\": \"256\"."),
            (
                r#"[{"name": "a", "environment": [{"name": "PIN", "value": 4711}]}]"#,
                "containerDefinitions[0].environment[0].value",
                "Put the value in quotes.",
            ),
            (
                r#"[{"name": "a", "command": ["x", 80]}]"#,
                "containerDefinitions[0].command[1]",
                "Put the value in quotes.",
            ),
        ] {
            let findings = found(text);
            let [finding] = findings.as_slice() else { panic!("{text}: {findings:?}") };
            assert_eq!(
                (finding.severity, finding.path.to_string().as_str()),
                (Severity::Warning, path),
                "{text}"
            );
            assert_eq!(finding.fix_text(), fix, "{text}");
            assert!(!format!("{finding:?}").contains("4711"), "{finding:?}");
            let reading = read(parse(text).unwrap()).unwrap();
            assert_eq!(of_reading(&reading, false), [], "{text}: an expression has no such form");
        }
    }

    #[test]
    fn two_values_of_another_type_are_two_findings() {
        let findings =
            found(r#"[{"name": "a", "memory": "512", "cpu": "128"}, {"name": "b", "memory": "64"}]"#);
        let paths: Vec<String> = findings.iter().map(|finding| finding.path.to_string()).collect();
        assert_eq!(paths.len(), 3, "{paths:?}");
    }
}
