//! `compose-version-obsolete`

use super::prelude::*;

/// A key that says nothing any more.
pub(super) static RULE: Rule = Rule {
    name: "compose-version-obsolete",
    topic: Topic::Form,
    summary: "The version of a Compose file says nothing",
    severity: Severity::Note,
    judges: Judges::Compose,
    platform: Platform::Any,
    control: None,
    checks: "A Compose file has no version.",
    matters: "Compose reads every file by its newest schema. It prints a warning about the key at each command and ignores it.",
    evidence: Evidence {
        source: "Compose specification, 04-version-and-name.md.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain("The version goes, because Compose does not read it."),
    failing: ComposeExample(r#"{ "version": "3.8" }"#),
    passing: ComposeExample(r#"{}"#),
    undecided: Undecided::Failing("version"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    match task.document.get("version") {
        Node::Null => {}
        Node::Unknown => found.undecided(),
        _ => {
            found.in_task(
                Path::default().key("version"),
                "The file has a version, which Compose ignores and warns of at each command.",
                Fix::from(Edit::remove_in_task("version")).certain(),
            );
        }
    }
}
