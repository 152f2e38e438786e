//! Every gate between an Agent's image and a read-only root is told to somebody: by a rule, or by a note.

use ddrofs::document::{Node, parse};
use ddrofs::rofs::agent_version::GateKind;
use ddrofs::rofs::gates;
use ddrofs::rofs::settings::{Settings, Text};
use ddrofs::rules::{Subject, TaskDefinition, judge};

/// Who tells of a gate.
enum Told {
    /// A finding of this rule, in which this is said.
    ByRule(&'static str, &'static str),
    /// A note in which this is said.
    ByNote(&'static str),
}

/// An image and a user that do not pass the gate, and who tells. A new kind of gate does not compile without its line.
fn told(kind: GateKind) -> (&'static str, Option<&'static str>, Told) {
    use Told::{ByNote, ByRule};
    const USER: &str = "agent-user-unsupported";
    match kind {
        GateKind::Windows => ("7.81.1-servercore", None, ByRule("agent-image-for-windows", "Windows image")),
        GateKind::TooOld => ("7.57.1", None, ByRule("agent-version-too-old", "7.57.2")),
        GateKind::UnreadableFiles => ("7.78.1", Some("1000"), ByRule(USER, "In 7.78 a file")),
        GateKind::RunDirectoryOfRoot => ("7.70.0", Some("100"), ByRule(USER, "belongs to root")),
        GateKind::ForeignUser => ("7.81.1", Some("1000"), ByRule(USER, "as root or as user 100")),
        GateKind::NotPinned => ("7.81", None, ByRule("floating-image-tag", "which moves")),
        GateKind::NotDeclared => ("", None, ByNote("the version is not checked")),
    }
}

#[test]
fn every_kind_of_gate_reaches_somebody() {
    for kind in GateKind::ALL {
        let (tag, user, told) = told(kind);
        let image = match tag {
            "" => "example.com/datadog-agent:4".to_owned(),
            tag => format!("public.ecr.aws/datadog/agent:{tag}"),
        };
        let settings =
            Settings { image: image.as_str().into(), user: user.map(Text::from), ..Settings::default() };
        assert!(gates(&settings).iter().any(|gate| gate.kind == kind), "{kind:?} is open for {image}");

        // With a writable root nobody can write to the run directory of an older image; every other gate is about the
        // read-only one.
        let is_read_only = kind != GateKind::RunDirectoryOfRoot;
        let user = user.map_or(String::new(), |user| format!(r#""user": "{user}","#));
        let document = task(&format!(
            r#"{{"name": "datadog-agent", "image": "{image}", {user} "readonlyRootFilesystem": {is_read_only}}}"#
        ));
        let subject = Subject::of(&document);
        let heard: Vec<String> = match told {
            Told::ByRule(rule, says) => {
                let findings = judge(&subject).findings.into_iter();
                findings
                    .filter(|found| found.rule == rule && found.detail().contains(says))
                    .map(|f| f.detail())
                    .collect()
            }
            Told::ByNote(says) => {
                let notes = TaskDefinition::read(&subject).notes().into_iter().map(|note| note.text);
                notes.filter(|text| text.contains(says)).collect()
            }
        };
        assert_eq!(heard.len(), 1, "{kind:?} reaches nobody");
    }
}

fn task(container: &str) -> Node {
    let text =
        format!(r#"{{"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{container}]}}"#);
    parse(&text).expect("JSON")
}
