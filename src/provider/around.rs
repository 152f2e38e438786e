//! What a configuration tells of a task beyond its definitions: the same arguments in the functions' options and in the check.

use crate::document::Node;
use crate::schema::{Attribute, Mode};
use crate::task::Around;
use crate::value::{AttributePath, Type, Value};

/// The arguments.
pub(super) fn attributes() -> Vec<Attribute> {
    [
        (
            "operating_system_family",
            "Operating system of the task, where the definitions do not name it: `LINUX`, or one that begins with \
             `WINDOWS_SERVER_`.",
        ),
        (
            "launch_type",
            "Where the task runs, where the definitions name no compatibilities: `FARGATE`, `EC2`, `EXTERNAL` or \
             `MANAGED_INSTANCES`.",
        ),
        (
            "execution_role_arn",
            "ARN of the execution role, where the definitions name none. An empty text says that there is none.",
        ),
        (
            "task_role_arn",
            "ARN of the task role, where the definitions name none. An empty text says that there is none.",
        ),
    ]
    .map(|(name, about)| Attribute::new(name, Type::String, Mode::Optional, about))
    .into()
}

/// What is told, and what is wrong with it at its place below `at`.
pub(super) fn read(config: &Value, at: &AttributePath) -> (Around, Vec<(AttributePath, String)>) {
    let mut around = Around::default();
    let mut problems = Vec::new();
    for name in Around::NAMES {
        let node = match config.get(name).undynamic() {
            Value::Unknown(_) => Node::Unknown,
            Value::String(text) => Node::from(text.as_str()),
            _ => continue,
        };
        if let Err(problem) = around.tell(name, node) {
            problems.push((at.clone().attribute(name), problem.to_string()));
        }
    }
    (around, problems)
}
