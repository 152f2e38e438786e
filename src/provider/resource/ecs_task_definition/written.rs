//! A task definition, and a change of one, written as the arguments of a configuration: what messages and pages show.

use crate::document::{Node, Object, Step, object};
use crate::rules::{Edit, Form};
use crate::value::AttributePath;

use super::super::super::hcl::{self, Hcl};
use super::arguments::{ARGUMENTS, Argument, Kind, argument_of};

/// A change of the task definition as the arguments of a configuration have it: a phrase that begins with a verb. None for
/// what no argument of the table writes.
pub(in crate::provider) fn phrase(edit: &Edit) -> Option<String> {
    let (Step::Key(key), rest) = edit.path.0.split_first()? else { return None };
    match (&edit.value, rest) {
        (Some(tags), []) if key == "tags" => return Some(format!("write {}", tags_line(tags)?)),
        _ => {}
    }
    let argument = named(ARGUMENTS, key)?;
    match (&edit.value, rest, &argument.kind) {
        (None, [], _) => Some(format!("remove {}", argument.name)),
        (None, ..) => None,
        (Some(value), [], _) => Some(hcl::behind("write", &argument.line(value)?)),
        (Some(value), [Step::Index(_)], Kind::Blocks(inner)) => {
            Some(hcl::behind("add", &block_of(argument.name, inner, value)))
        }
        // The one block of its name is written with the argument: it may not be there yet.
        (Some(value), [Step::Key(key)], Kind::Block(inner)) => {
            Some(hcl::behind("write", &hcl::block(argument.name, &[named(inner, key)?.line(value)?])))
        }
        (Some(value), ..) => {
            let (names, line) = inside(argument, rest, value)?;
            Some(format!("write {line} in {}", names.join(".")))
        }
    }
}

/// Where in a configuration a part of the task definition is written that is not about a container: at the argument of its key, or
/// as far inside the one block of its name as something is written. Elements of a set have no place of their own.
pub(in crate::provider) fn place(steps: &[Step], document: &Node) -> Option<AttributePath> {
    let (Step::Key(key), rest) = steps.split_first()? else { return None };
    let place = AttributePath::root(argument_of(key)?);
    Some(match named(ARGUMENTS, key) {
        Some(argument) => place_inside(place, argument, rest, document.get(key)),
        None => place,
    })
}

fn place_inside(at: AttributePath, argument: &Argument, rest: &[Step], node: &Node) -> AttributePath {
    let Kind::Block(inner) = &argument.kind else { return at };
    if node.is_null() {
        return at;
    }
    let block = at.index(0);
    let [Step::Key(key), rest @ ..] = rest else { return block };
    match named(inner, key) {
        Some(argument) if !node.get(key).is_null() => {
            place_inside(block.attribute(argument.name), argument, rest, node.get(key))
        }
        _ => block,
    }
}

/// An argument in nested blocks, with the names of the blocks around it.
fn inside(argument: &Argument, rest: &[Step], value: &Node) -> Option<(Vec<&'static str>, String)> {
    let (inner, rest) = match (&argument.kind, rest) {
        (Kind::Blocks(inner), [Step::Index(_), rest @ ..]) | (Kind::Block(inner), rest) => (inner, rest),
        _ => return None,
    };
    let (Step::Key(key), further) = rest.split_first()? else { return None };
    let own = named(inner, key)?;
    let (mut names, line) = match further {
        [] => (Vec::new(), own.line(value)?),
        further => inside(own, further, value)?,
    };
    names.insert(0, argument.name);
    Some((names, line))
}

/// A whole task definition as a configuration has it; none where a part of it is in no argument, or of a type that the
/// argument cannot have.
pub(in crate::provider) fn configuration(document: &Node) -> Option<String> {
    const BESIDE_THE_TABLE: [&str; 2] = ["containerDefinitions", "tags"];
    let Node::Object(members) = document else { return None };
    let mut rest = members.clone();
    rest.retain(|key, _| !BESIDE_THE_TABLE.contains(&key.as_str()));
    if !are_arguments(ARGUMENTS, &Node::Object(rest)) {
        return None;
    }
    let [containers, tags] = BESIDE_THE_TABLE.map(|key| document.get(key));
    let mut lines = lines_of(ARGUMENTS, document);
    if !tags.is_null() {
        lines.push(tags_line(tags)?);
    }
    lines.push(String::new());
    lines.push(format!("container_definitions = {}", hcl::pretty(containers)));
    Some(hcl::block("resource \"ddrofs_ecs_task_definition\" \"example\"", &lines))
}

/// Whether the arguments write everything that an object says.
fn are_arguments(arguments: &[Argument], object: &Node) -> bool {
    let Node::Object(members) = object else { return false };
    members.iter().all(|(key, value)| named(arguments, key).is_some_and(|argument| argument.can_be(value)))
}

/// The tags of a document as an argument.
fn tags_line(tags: &Node) -> Option<String> {
    Some(Hcl.member("tags", &Node::Object(pairs("key", tags)?)))
}

/// A list of pairs as a map; none for anything else.
fn pairs(key: &str, list: &Node) -> Option<Object> {
    let Node::Array(items) = list else { return None };
    let pair = |pair: &Node| Some((pair.get(key).as_str()?.to_owned(), pair.get("value").clone()));
    items.iter().map(pair).collect::<Option<Vec<_>>>().map(object)
}

/// The arguments that an object has, as lines of a block.
fn lines_of(arguments: &[Argument], object: &Node) -> Vec<String> {
    let written = arguments.iter().filter(|argument| !object.get(argument.key).is_null());
    written.filter_map(|argument| argument.line(object.get(argument.key))).collect()
}

fn named<'a>(arguments: &'a [Argument], key: &str) -> Option<&'a Argument> {
    arguments.iter().find(|argument| argument.key == key)
}

/// A block with what an object says of it.
fn block_of(name: &str, inner: &[Argument], object: &Node) -> String {
    hcl::block(name, &lines_of(inner, object))
}

impl Argument {
    /// Whether a value of the document can be written as this argument.
    fn can_be(&self, value: &Node) -> bool {
        match (&self.kind, value) {
            (Kind::Text, Node::String(_)) | (Kind::Whole, Node::Number(_)) | (Kind::Flag, Node::Bool(_)) => {
                true
            }
            (Kind::Texts, Node::Array(items)) => items.iter().all(|item| item.as_str().is_some()),
            (Kind::TextMap, Node::Object(members)) => {
                members.values().all(|member| member.as_str().is_some())
            }
            (Kind::NamedValues, Node::Array(items)) => {
                items.iter().all(|item| item.get("name").as_str().is_some())
            }
            (Kind::Inside(member), value) => value.get(member).as_str().is_some(),
            (Kind::Block(inner), value) => are_arguments(inner, value),
            (Kind::Blocks(inner), Node::Array(items)) => items.iter().all(|item| are_arguments(inner, item)),
            _ => false,
        }
    }

    /// The argument with a value of the document, as a configuration has it.
    fn line(&self, value: &Node) -> Option<String> {
        Some(match &self.kind {
            Kind::Text | Kind::Whole | Kind::Flag | Kind::Texts | Kind::TextMap => {
                Hcl.member(self.name, value)
            }
            Kind::Inside(member) => Hcl.member(self.name, value.get(member)),
            Kind::NamedValues => Hcl.member(self.name, &Node::Object(pairs("name", value)?)),
            Kind::Block(inner) => block_of(self.name, inner, value),
            Kind::Blocks(inner) => {
                let blocks = value.items().iter().map(|item| block_of(self.name, inner, item));
                blocks.collect::<Vec<_>>().join("\n")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Path};

    #[test]
    fn a_part_of_the_task_definition_is_at_its_argument_as_far_as_it_is_written() {
        let document = document::parse(
            r#"{"cpu": "256", "runtimePlatform": {"cpuArchitecture": "ARM64"}, "ephemeralStorage": {"sizeInGiB": 5},
                "volumes": [{"name": "a", "host": {"sourcePath": "/x"}}]}"#,
        )
        .unwrap();
        for (path, place) in [
            ("cpu", Some("cpu")),
            ("memory", Some("memory")),
            ("tags", Some("tags")),
            ("containerDefinitions", None),
            ("runtimePlatform", Some("runtime_platform[0]")),
            ("runtimePlatform.cpuArchitecture", Some("runtime_platform[0].cpu_architecture")),
            ("runtimePlatform.operatingSystemFamily", Some("runtime_platform[0]")),
            ("ephemeralStorage.sizeInGiB", Some("ephemeral_storage[0].size_in_gib")),
            ("proxyConfiguration.type", Some("proxy_configuration")),
            ("volumes", Some("volume")),
        ] {
            let path = path.split('.').fold(Path::default(), Path::key);
            let found = super::place(&path.0, &document).map(|place| place.to_string());
            assert_eq!(found.as_deref(), place, "{path}");
        }
        let host = Path::default().key("volumes").index(0).key("host");
        assert_eq!(super::place(&host.0, &document), Some(AttributePath::root("volume")));
    }

    #[test]
    fn a_change_is_written_as_the_arguments_of_a_configuration() {
        let parsed = |text: &str| document::parse(text).unwrap();
        let volume = r#"{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "transitEncryption": "ENABLED"}}"#;
        let step = |path: Path, index| path.index(index);
        let volumes = || Path::default().key("volumes");
        for (edit, phrase) in [
            (Edit::set_in_task("memory", "512"), Some(r#"write memory = "512""#)),
            (
                Edit::set_in_task("runtimePlatform.operatingSystemFamily", "LINUX"),
                Some(r#"write runtime_platform { operating_system_family = "LINUX" }"#),
            ),
            (
                Edit::set_in_task(
                    "runtimePlatform",
                    parsed(r#"{"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}"#),
                ),
                Some(
                    "write\n\n  runtime_platform {\n    cpu_architecture        = \"ARM64\"\n    operating_system_family = \"LINUX\"\n  }",
                ),
            ),
            (
                Edit::set_in_task("requiresCompatibilities", vec!["FARGATE"]),
                Some(r#"write requires_compatibilities = ["FARGATE"]"#),
            ),
            (
                Edit::set_in_task("tags", parsed(r#"[{"key": "team", "value": "shop"}]"#)),
                Some(r#"write tags = { team = "shop" }"#),
            ),
            (Edit::remove_in_task("pidMode"), Some("remove pid_mode")),
            (
                Edit::at(step(volumes(), 0), parsed(r#"{"name": "data"}"#)),
                Some(r#"add volume { name = "data" }"#),
            ),
            (
                Edit::at(step(volumes(), 1), parsed(volume)),
                Some(
                    "add\n\n  volume {\n    name = \"data\"\n    efs_volume_configuration {\n      file_system_id     = \"fs-1\"\n      transit_encryption = \"ENABLED\"\n    }\n  }",
                ),
            ),
            (
                Edit::at(
                    step(volumes(), 0).key("efsVolumeConfiguration").key("transitEncryption"),
                    "ENABLED",
                ),
                Some(r#"write transit_encryption = "ENABLED" in volume.efs_volume_configuration"#),
            ),
            (Edit::at(Path::default().key("inferenceAccelerators"), "x"), None),
            // A tag by itself is in no map that could be written without the others.
            (Edit::at(step(Path::default().key("tags"), 0).key("key"), "team"), None),
            (Edit::at(step(Path::default().key("tags"), 1), parsed(r#"{"key": "team"}"#)), None),
        ] {
            assert_eq!(super::phrase(&edit).as_deref(), phrase, "{edit:?}");
        }
    }
}
