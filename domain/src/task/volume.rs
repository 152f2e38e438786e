//! The volumes of a task.

use super::TaskDefinition;
use crate::document::Node;

/// What is in a volume when the task starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing: ECS makes an empty directory for the task.
    Nothing,
    /// What was there before, or what something else than ECS puts there.
    OfItsOwn,
    /// Nobody can say: the task has no volume of that name.
    Undeclared,
}

/// The member of a volume that says that every user can write to it.
const OPEN_TO_ALL: &str = "openToAll";

impl<'a> TaskDefinition<'a> {
    /// What is in a volume when the task starts. `None` if not yet known.
    pub(crate) fn content(&self, volume: &str) -> Option<Content> {
        match self.volume(volume)? {
            Some(volume) => {
                Some(if is_empty_directory(volume)? { Content::Nothing } else { Content::OfItsOwn })
            }
            None => Some(Content::Undeclared),
        }
    }

    /// Whether a volume is an empty directory of root's, to which no other user can write. `None` if not yet known.
    pub(crate) fn is_of_root(&self, volume: &str) -> Option<bool> {
        match self.volume(volume)? {
            Some(volume) if volume.get(OPEN_TO_ALL).as_bool() == Some(true) => Some(false),
            Some(volume) => is_empty_directory(volume),
            None => Some(false),
        }
    }

    /// Whether a volume outlives what runs and belongs to it: a named volume of a Compose file. `None` if not yet known.
    pub(crate) fn is_kept(&self, volume: &str) -> Option<bool> {
        let Some(volume) = self.volume(volume)? else { return Some(false) };
        let configuration = volume.get("dockerVolumeConfiguration");
        match configuration.get("external") {
            Node::Unknown => None,
            external => Some(
                configuration.get("scope").as_str() == Some("shared") && external.as_bool() != Some(true),
            ),
        }
    }

    /// The volume of that name. `None` if none has it and a name is not known yet.
    pub(crate) fn volume(&self, name: &str) -> Option<Option<&'a Node>> {
        let volumes = self.volumes;
        let named = volumes.items().iter().find(|volume| volume.get("name").as_str() == Some(name));
        let may_be_there =
            volumes.is_unknown() || volumes.items().iter().any(|volume| volume.get("name").is_unknown());
        (named.is_some() || !may_be_there).then_some(named)
    }
}

/// Whether a volume is an empty directory that ECS makes: it has a name and says nothing else but who may write. `None` if not yet
/// known.
pub(crate) fn is_empty_directory(volume: &Node) -> Option<bool> {
    let Node::Object(members) = volume else { return Some(false) };
    let mut is_empty = Some(true);
    for (key, value) in members.iter().filter(|(key, _)| !["name", OPEN_TO_ALL].contains(&key.as_str())) {
        // Docker's volumes are filled from the image where they are mounted first, whatever is said of them.
        let says_something = match key.as_str() {
            "dockerVolumeConfiguration" if !value.is_unknown() => Some(!value.is_null()),
            _ => says_something(value),
        };
        match says_something {
            Some(true) => return Some(false),
            Some(false) => {}
            None => is_empty = None,
        }
    }
    is_empty
}

/// Whether a value says anything: ECS writes empty values into what it describes. `None` if not yet known.
fn says_something(value: &Node) -> Option<bool> {
    match value {
        Node::Unknown => None,
        Node::Null | Node::Bool(false) => Some(false),
        Node::String(text) => Some(!text.is_empty()),
        Node::Number(number) => Some(number.as_i64() != Some(0)),
        Node::Array(items) => Some(!items.is_empty()),
        Node::Object(members) => {
            let mut answer = Some(false);
            for member in members.values() {
                match says_something(member) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => answer = None,
                }
            }
            answer
        }
        Node::Bool(true) => Some(true),
    }
}

/// The name of the volume for a path: the container's, and the path with dashes, in the characters that ECS accepts.
pub(crate) fn volume_name(container: &str, path: &str) -> String {
    let allowed = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
    container.chars().chain(path.chars()).map(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::node;
    use super::*;

    #[test]
    fn a_volume_that_says_nothing_but_its_name_is_an_empty_directory() {
        let answer = |rest: &str| is_empty_directory(&node(&format!(r#"{{"name": "v"{rest}}}"#)));
        for rest in [
            "",
            r#", "host": {}"#,
            r#", "host": {"sourcePath": ""}"#,
            r#", "host": null, "efsVolumeConfiguration": null"#,
            r#", "configuredAtLaunch": false"#,
            r#", "efsVolumeConfiguration": {"transitEncryptionPort": 0}"#,
        ] {
            assert_eq!(answer(rest), Some(true), "{rest}");
        }
        for rest in [
            r#", "host": {"sourcePath": "/srv"}"#,
            r#", "configuredAtLaunch": true"#,
            r#", "dockerVolumeConfiguration": {}"#,
            r#", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#,
            r#", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "rootDirectory": "<unknown>"}"#,
        ] {
            assert_eq!(answer(rest), Some(false), "{rest}");
        }
        for rest in [r#", "host": "<unknown>""#, r#", "host": {"sourcePath": "<unknown>"}"#] {
            assert_eq!(answer(rest), None, "{rest}");
        }
        assert_eq!(is_empty_directory(&node("7")), Some(false));
    }

    #[test]
    fn a_volume_is_called_after_container_and_path() {
        assert_eq!(volume_name("app", "/var/cache/nginx"), "app-var-cache-nginx");
        assert_eq!(volume_name("app", "/srv/ä b/.x"), "app-srv---b--x");
    }
}
