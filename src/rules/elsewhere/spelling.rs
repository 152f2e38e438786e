//! How lines to write look in a task definition that is written in YAML, or with CloudFormation's keys.

use super::yaml::Yaml;
use crate::document::Node;
use crate::ecs::shapes;
use crate::rules::fix::{Edit, Form, Json};

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
        let mut letters = key.chars();
        let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
        self.0.key(&format!("{first}{}", letters.as_str()))
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
