//! What was read otherwise than it is written, as findings: no rule judges it, and it stands among what the rules find.

use std::collections::BTreeMap;

use crate::document::{Node, Note, NoteKind, Path, Step};

use super::finding::{Finding, Severity};

/// The name under which it stands among the rules.
pub const READ_OTHERWISE: &str = "read-otherwise";

/// Its summary.
pub const READ_OTHERWISE_SUMMARY: &str = "Something is read otherwise than it is written";

/// What it is about, in sentences.
pub const READ_OTHERWISE_ABOUT: &str = "Something is written that means no more than its absence, or a key is spelled in another way than ECS \
     spells it: an empty text where none is wanted, an empty element of a list, a variable without a value, a key twice with \
     one value. Where it is going to be registered it is left out, as hashicorp/aws does, and is a note. A null in JSON text \
     that is only judged is a warning, because whoever sends the text may send the null. A null attribute in HCL is how a \
     configuration says that nothing is set, and no word is lost on it.";

/// Places of one cause that are named, at most.
const MOST: usize = 10;

/// What was read otherwise, one finding for each cause at all its places. `nulls` is the severity of nulls, which alone
/// depend on who sends the text. Paths are those of the notes.
pub fn of_reading(notes: &[Note], containers: &[Node], nulls: Severity) -> Vec<Finding> {
    let mut causes: Vec<Vec<&Note>> = Vec::new();
    let mut known = BTreeMap::new();
    for note in notes.iter().filter(|note| fix(note.kind).is_some()) {
        let cause = *known.entry(&note.text).or_insert(causes.len());
        match causes.get_mut(cause) {
            Some(cause) => cause.push(note),
            None => causes.push(vec![note]),
        }
    }
    let findings = causes.iter().filter_map(|cause| finding(cause, containers, nulls));
    findings.collect()
}

fn finding(cause: &[&Note], containers: &[Node], nulls: Severity) -> Option<Finding> {
    let (first, others) = cause.split_first()?;
    let container = container_of(&first.path, containers);
    let is_of_one = others.iter().all(|note| container_of(&note.path, containers) == container);
    Some(Finding {
        rule: READ_OTHERWISE,
        severity: if first.kind == NoteKind::Null { nulls } else { Severity::Note },
        path: first.path.clone(),
        container: container.filter(|_| is_of_one).map(str::to_owned),
        summary: READ_OTHERWISE_SUMMARY,
        subject: None,
        says: says(first, others),
        fix: fix(first.kind)?.into(),
        control: None,
        waiver: None,
        of_pattern: false,
        accepted: false,
    })
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
    use crate::document::{parse, read};

    fn found(text: &str) -> Vec<Finding> {
        let reading = read(parse(text).unwrap()).unwrap();
        of_reading(&reading.notes, reading.document.get("containerDefinitions").items(), Severity::Warning)
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
    fn a_form_is_as_it_is_meant_and_a_conversion_is_told_elsewhere() {
        assert_eq!(found(r#"[{"Name": "app", "Cpu": "256"}]"#), []);
        assert_eq!(found(r#"[{"name": "app", "cpu": "256"}]"#), []);
    }
}
