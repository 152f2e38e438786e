//! How lines to write look in a task definition that is written in YAML, or with CloudFormation's keys.

use super::yaml::Yaml;
use crate::document::{Change, Node, Path, Step};
use crate::ecs::shapes::{self, Kind};
use crate::rules::fix::{Edit, Fix, Form, Json};

/// How a task definition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spelling {
    /// Whether it is YAML; otherwise it is JSON.
    pub yaml: bool,
    /// Whether it has CloudFormation's keys.
    pub cloud_formation: bool,
}

impl Spelling {
    /// How a line to write looks there.
    pub fn form(self) -> &'static dyn Form {
        match (self.yaml, self.cloud_formation) {
            (false, false) => &Json,
            (true, false) => &YAML,
            (false, true) => &Capitalized(&Json),
            (true, true) => &Capitalized(&YAML),
        }
    }
}

impl Spelling {
    /// The changes of a fix with keys as they are written there.
    pub fn changes(self, fix: &Fix) -> Vec<Change> {
        let changes = fix.changes();
        if !self.cloud_formation {
            return changes;
        }
        let spelled = |change| match change {
            Change::Set(path, value) => {
                let (path, kind) = capitalized_path(&path);
                Change::Set(path, capitalized_value(value, kind))
            }
            Change::Remove(path) => Change::Remove(capitalized_path(&path).0),
            Change::Move(from, to) => Change::Move(capitalized_path(&from).0, capitalized_path(&to).0),
        };
        changes.into_iter().map(spelled).collect()
    }
}

/// A path with capital letters where ECS has a key, and what stands there. Names that somebody gave stay as they are.
fn capitalized_path(path: &Path) -> (Path, Option<Kind>) {
    let mut kind = Some(Kind::Structure(shapes::task_definition()));
    let mut capital = Vec::new();
    for step in &path.0 {
        let (step, inside) = match (step, kind) {
            (Step::Key(key), Some(Kind::Structure(structure))) => {
                (Step::Key(capitalized(key)), structure.member(key).map(|member| member.kind))
            }
            (step, Some(Kind::List(item) | Kind::Map(item))) => (step.clone(), Some(*item)),
            (step, _) => (step.clone(), None),
        };
        capital.push(step);
        kind = inside;
    }
    (Path(capital), kind)
}

fn capitalized_value(value: Node, kind: Option<Kind>) -> Node {
    match (value, kind) {
        (Node::Array(items), Some(Kind::List(item))) => {
            items.into_iter().map(|value| capitalized_value(value, Some(*item))).collect::<Vec<_>>().into()
        }
        (Node::Object(members), Some(Kind::Structure(structure))) => {
            let member = |(key, value): (String, Node)| {
                let kind = structure.member(&key).map(|member| member.kind);
                (capitalized(&key), capitalized_value(value, kind))
            };
            members.into_iter().map(member).collect()
        }
        (value, _) => value,
    }
}

fn capitalized(key: &str) -> String {
    let mut letters = key.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    first + letters.as_str()
}

const YAML: Yaml = Yaml { whole: in_lines };

/// What takes several lines there; nothing, because a flow mapping says it in one.
fn in_lines(_: &Edit) -> Option<String> {
    None
}

/// Keys of ECS as CloudFormation writes them: with a capital.
struct Capitalized<F: Form + 'static>(&'static F);

impl<F: Form> Form for Capitalized<F> {
    fn scalar(&self, value: &Node) -> String {
        self.0.scalar(value)
    }

    fn key(&self, key: &str) -> String {
        // Names that somebody gave, such as options of a driver, stay as they are.
        if shapes::structures_with(key).next().is_none() {
            return self.0.key(key);
        }
        self.0.key(&capitalized(key))
    }

    fn separator(&self) -> &'static str {
        self.0.separator()
    }

    fn bullet(&self) -> &'static str {
        self.0.bullet()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Path;
    use crate::rules::Fix;

    #[test]
    fn changes_have_keys_as_they_are_written_and_names_stay() {
        let path = Path::default().key("containerDefinitions").index(0);
        let mount = Node::from([("sourceVolume", "a".into()), ("containerPath", "/a".into())]);
        let fix = Fix::write([
            Edit::at(path.clone().key("mountPoints"), vec![mount]),
            Edit::at(path.clone().key("dockerLabels").key("image"), "x"),
        ]);
        let told = |cloud_formation| format!("{:?}", Spelling { yaml: true, cloud_formation }.changes(&fix));
        let (plain, capital) = (told(false), told(true));
        assert!(plain.contains("\"sourceVolume\"") && plain.contains("\"mountPoints\""), "{plain}");
        for part in ["ContainerDefinitions", "MountPoints", "SourceVolume", "DockerLabels"] {
            assert!(capital.contains(&format!("\"{part}\"")), "{part}: {capital}");
        }
        assert!(capital.contains("\"image\"") && !capital.contains("\"Image\""), "{capital}");
    }

    #[test]
    fn a_line_to_write_is_written_as_the_document_is() {
        let path = Path::default().key("containerDefinitions").index(0).key("logConfiguration");
        let options = Node::from([("awslogs-group", Node::from("shop"))]);
        let log = Node::from([("logDriver", "awslogs".into()), ("options", options)]);
        let fix = Fix::write([Edit::at(path.clone(), log)]);
        let told = |yaml, cloud_formation| fix.text(Spelling { yaml, cloud_formation }.form(), &path);
        assert_eq!(
            told(false, false),
            r#"Write "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "shop" } }."#
        );
        assert_eq!(
            told(false, true),
            r#"Write "LogConfiguration": { "LogDriver": "awslogs", "Options": { "awslogs-group": "shop" } }."#
        );
        assert_eq!(
            told(true, false),
            "Write logConfiguration: { logDriver: awslogs, options: { awslogs-group: shop } }."
        );
        assert_eq!(
            told(true, true),
            "Write LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: shop } }."
        );
    }
}
