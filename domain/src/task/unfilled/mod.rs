//! What nobody filled in yet: pieces of templates and of examples, and a whole skeleton.
//!
//! Such a value is as good as one that is not known yet: what it will be, nobody can say. So whoever judges a document sees
//! it as unknown, and hears of it once.

mod forms;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use forms::Form;

use forms::{Text, Written};

use super::Container;
use crate::document::Node;
use crate::ecs::shapes::limits::is_name;
use crate::ecs::shapes::{Kind, Member, Structure};

/// Something that nobody filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfilled<'a> {
    /// The whole document: what `aws ecs register-task-definition --generate-cli-skeleton` prints.
    Skeleton,
    /// A piece of a text or of a key.
    Piece {
        /// How it is written.
        form: Form,
        /// The piece; none where a value is not to be told.
        told: Option<&'a str>,
        /// Whether ECS rejects the value as it stands, or the task cannot start with it.
        is_rejected: bool,
    },
}

/// Where a text stands.
pub(super) struct Place<'a> {
    /// The member that holds it, in itself or in its list or map, and the structure that has the member.
    pub(super) member: Option<(&'static Structure, &'static Member)>,
    /// The structure's value.
    pub(super) object: &'a Node,
    /// The definition of the container that it is in.
    pub(super) container: Option<&'a Node>,
    /// The key of a map that has it.
    pub(super) map_key: Option<&'a str>,
    /// Whether it is in the environment of a container.
    pub(super) in_environment: bool,
}

/// Texts that no sign of a template can be part of, whatever it stands for.
const STRICT: [&str; 9] = [
    "containerName",
    "cpu",
    "family",
    "fileSystemId",
    "image",
    "memory",
    "sourceContainer",
    "sourceVolume",
    "valueFrom",
];

/// Words at whose end the name of a variable, an option or a label says that its text has signs of its own.
const OF_PATTERNS: [&str; 12] = [
    "expression",
    "filter",
    "format",
    "layout",
    "pattern",
    "query",
    "regex",
    "regexp",
    "replacement",
    "rule",
    "template",
    "templates",
];

/// Whether something in a text may be to fill in. Nearly every text of a document is done with here, before anybody looks
/// where it stands. Names of variables are words in capitals, and no word is a placeholder there.
pub(super) fn may_be_unfilled(text: &str, member: Option<(&'static Structure, &'static Member)>) -> bool {
    if member.is_some_and(|(structure, member)| is_name_of_variable(structure, member)) {
        return forms::may_have_one_in_a_name(text);
    }
    forms::may_have_one(text)
}

fn is_name_of_variable(structure: &Structure, member: &Member) -> bool {
    member.key == "name" && matches!(structure.name, "KeyValuePair" | "Secret")
}

impl<'a> Unfilled<'a> {
    /// The first piece of a text that nobody filled in. `kind` is what is asked for at its place.
    pub(super) fn of_text(text: &'a str, kind: Kind, place: &Place<'a>) -> Option<Self> {
        let key = place.key();
        let is_looked_up =
            |name: &str| place.container.is_some_and(|container| may_have_variable(container, name));
        let text_kind = place.kind_of(kind, key, text);
        let (form, piece) =
            forms::first(text, &Written { kind: text_kind, key, is_looked_up: &is_looked_up })?;
        Some(Unfilled::Piece {
            form,
            told: (!place.may_hold_a_secret()).then_some(piece),
            is_rejected: place.rejects(kind, text),
        })
    }

    /// The first piece of a key or of a name that nobody filled in: a template that writes it.
    pub(super) fn of_name(name: &'a str) -> Option<Self> {
        const MAY_BE_ANYTHING: Written<'static> =
            Written { kind: Text::Plain, key: "", is_looked_up: &|_| false };
        let (form, piece) = forms::first(name, &MAY_BE_ANYTHING)?;
        let is_of_a_template = !matches!(form, Form::Word | Form::Shell);
        is_of_a_template.then_some(Unfilled::Piece { form, told: Some(piece), is_rejected: true })
    }
}

impl Place<'_> {
    /// The name of the variable, or the key of the option or the label.
    fn key(&self) -> &str {
        match (self.map_key, self.in_environment) {
            (Some(key), _) => key,
            (None, true) => self.object.get("name").as_str().unwrap_or_default(),
            (None, false) => "",
        }
    }

    /// Whether a text there may be a secret, and so is not repeated. Options of `awslogs` name groups and regions.
    fn may_hold_a_secret(&self) -> bool {
        let is_option = self.member.is_some_and(|(structure, member)| {
            matches!(member.key, "options" | "driverOpts" | "properties") || structure.name == "KeyValuePair"
        });
        is_option && !self.map_key.is_some_and(|key| key.starts_with("awslogs-"))
    }

    fn kind_of(&self, kind: Kind, key: &str, text: &str) -> Text {
        let Some((structure, member)) = self.member else { return Text::Strict };
        let names_something =
            member.key == "name" && matches!(structure.name, "ContainerDefinition" | "Volume");
        match member.key {
            "command" | "entryPoint" => Text::Program,
            _ if !matches!(kind, Kind::String) || !member.values.is_empty() || names_something => {
                Text::Strict
            }
            member if member.ends_with("Arn") || STRICT.contains(&member) => Text::Strict,
            "credentialsParameter" => Text::Strict,
            _ if is_name_of_variable(structure, member) => Text::Name,
            _ if is_of_a_pattern(key) => Text::Pattern,
            "value" if self.in_environment && text.contains('\n') => Text::File,
            "value" if self.in_environment => Text::Variable,
            "dockerLabels" | "labels" => Text::Label,
            "options" if self.is_read_by_a_router() => Text::Router,
            _ => Text::Plain,
        }
    }

    /// Whether these are options of a log configuration that goes through FireLens, or may be ones.
    fn is_read_by_a_router(&self) -> bool {
        match self.object.get("logDriver") {
            Node::Unknown => true,
            driver => driver.as_str() == Some(Container::FIRELENS),
        }
    }

    /// Whether ECS rejects a text there that is not filled in, or Docker cannot start with it: a value of another type, of a
    /// few values or of certain characters (answers on record, see `placeholder-left`; 2026-11).
    fn rejects(&self, kind: Kind, text: &str) -> bool {
        let Some((structure, member)) = self.member else { return true };
        let is_parameter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-/".contains(&byte);
        match (structure.name, member.key) {
            _ if !matches!(kind, Kind::String) || !member.values.is_empty() => true,
            ("RegisterTaskDefinitionRequest", "family") => !is_name(text),
            ("ContainerDefinition" | "Volume", "name") => !is_name(text),
            ("RegisterTaskDefinitionRequest", "cpu" | "memory" | "executionRoleArn" | "taskRoleArn") => true,
            ("ContainerDefinition", "image") => true,
            ("Secret", "valueFrom") => !text.starts_with("arn:") && !text.bytes().all(is_parameter),
            _ => false,
        }
    }
}

/// Whether the container has a variable of that name, or may have one: it can look that up when it starts.
fn may_have_variable(container: &Node, name: &str) -> bool {
    let has_a_file = !container.get("environmentFiles").items().is_empty();
    has_a_file
        || ["environment", "secrets", "environmentFiles"].iter().any(|list| {
            let list = container.get(list);
            let is_it = |item: &Node| {
                let its = item.get("name");
                its.is_unknown() || its.as_str() == Some(name)
            };
            list.is_unknown() || list.items().iter().any(is_it)
        })
}

/// Whether a name says that its text is a pattern: `LOG_PATTERN`, `awslogs-datetime-format`, `logRegex`.
fn is_of_a_pattern(name: &str) -> bool {
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        let ends_with = |end: &str| {
            word.len()
                .checked_sub(end.len())
                .and_then(|start| word.get(start..))
                .is_some_and(|last| last.eq_ignore_ascii_case(end))
        };
        OF_PATTERNS.iter().any(|end| ends_with(end))
    })
}

/// Whether a task definition is a skeleton as the AWS command line prints it: empty texts, or in place of each value the
/// name of its member (`aws ecs register-task-definition --generate-cli-skeleton input` and `output`, 2026-11).
pub(super) fn is_skeleton(document: &Node) -> bool {
    let containers = document.get("containerDefinitions").items();
    let is_of = |family: &str, name: &str, image: &str| {
        document.get("family").as_str() == Some(family)
            && !containers.is_empty()
            && containers.iter().all(|container| {
                container.get("name").as_str() == Some(name) && container.get("image").as_str() == Some(image)
            })
    };
    is_of("", "", "") || is_of("family", "name", "image")
}
