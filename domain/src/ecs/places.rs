//! Where a place of a task definition stands in the JSON text it was read from, through whatever [`read`](super::read) takes
//! off around it.

use crate::document::{self, Node, Path, Place, Step};

/// The keys that may hold a task definition, in the order in which they are looked for.
const WRAPPINGS: [&str; 2] = ["taskDefinition", "Properties"];

/// The key of a task definition that nothing around one has.
const CONTAINERS: &str = "containerDefinitions";

/// The same as CloudFormation spells it.
const CONTAINERS_OF_CLOUDFORMATION: &str = "ContainerDefinitions";

/// What is wrapped around the task definition in a document, and is taken off by [`read`](super::read).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrapping {
    key: Option<&'static str>,
    is_list: bool,
}

impl Wrapping {
    /// What is around the task definition in a document as it was written.
    pub fn of(document: &Node) -> Self {
        let has = |key: &str| !document.get(key).is_null();
        let is_bare = has(CONTAINERS) || has(CONTAINERS_OF_CLOUDFORMATION);
        let key = WRAPPINGS.into_iter().find(|key| !is_bare && has(key));
        Self { key, is_list: matches!(document, Node::Array(_)) }
    }

    /// Where a place of the task definition is in the document.
    pub fn written(&self, path: &Path) -> Path {
        let inside = if self.is_list { in_list(&path.0) } else { &path.0 };
        let around = self.key.map(|key| Step::Key(key.to_owned()));
        Path(around.into_iter().chain(inside.iter().cloned()).collect())
    }
}

/// The places of a text that holds a task definition. Of a key in CloudFormation's spelling, which differs from the API's in
/// case only, they know as well.
pub struct Places<'t> {
    text: document::Places<'t>,
    /// What is wrapped around the task definition.
    wrapping: Path,
    /// Whether the text is a list of container definitions and nothing else.
    is_list: bool,
}

impl<'t> Places<'t> {
    /// Reads where these places of the task definition stand. Of others [`find`](Self::find) then knows what is around them
    /// at most.
    pub fn around<'p>(text: &'t str, paths: impl Iterator<Item = &'p Path>) -> Self {
        let is_list = text.trim_ascii_start().starts_with('[');
        let ways = paths.map(|path| if is_list { in_list(&path.0) } else { &path.0 });
        let text = document::Places::around(text, &WRAPPINGS, ways);
        let wrapping = wrapping(&text);
        Self { text, wrapping, is_list }
    }

    /// Where a place of the task definition was written: the key of a member, the beginning of an item. What is not written is
    /// looked for at the innermost thing around it.
    pub fn find(&self, path: &Path) -> Option<Place> {
        let steps = if self.is_list { in_list(&path.0) } else { &path.0 };
        self.text.find(&Path([&self.wrapping.0, steps].concat()))
    }
}

/// The key that holds the task definition, if one does.
fn wrapping(text: &document::Places<'_>) -> Path {
    let written = |key: &&str| text.kind(&Path::default().key(key)).is_some();
    if [CONTAINERS, CONTAINERS_OF_CLOUDFORMATION].iter().any(written) {
        return Path::default();
    }
    WRAPPINGS.iter().find(|key| written(key)).map(|key| Path::default().key(key)).unwrap_or_default()
}

/// A bare list is the container definitions themselves.
fn in_list(steps: &[Step]) -> &[Step] {
    match steps {
        [Step::Key(key), rest @ ..] if key == CONTAINERS => rest,
        steps => steps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::ecs::read;

    /// Where the image of the first container stands, among the places that were asked for and among all of them.
    fn image(text: &str) -> (usize, usize) {
        read(parse(text).unwrap()).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        let at = Path::default().key("containerDefinitions").index(0).key("image");
        let place = Places::around(text, [&at].into_iter()).find(&at).expect("valid JSON");
        (place.line, place.column)
    }

    #[test]
    fn every_wrapping_is_seen_through() {
        for text in [
            "[\n{\"image\": 1}]",
            " [\n{\"image\": 1}]",
            "{\"containerDefinitions\": [\n{\"image\": 1}]}",
            "{\"containerDefinitions\": [\n{\"image\": 1}], \"Properties\": {}}",
            "{\"containerDefinitions\": [\n{\"image\": 1}], \"properties\": {}}",
            "{\"taskDefinition\": {\"containerDefinitions\": [\n{\"image\": 1}]}, \"tags\": []}",
            "{\"Type\": \"x\", \"Properties\": {\"ContainerDefinitions\": [\n{\"Image\": 1}]}}",
        ] {
            assert_eq!(image(text), (2, 2), "{text}");
        }
    }

    #[test]
    fn a_key_that_is_spelled_otherwise_wraps_nothing() {
        let at = Path::default().key("cpu");
        let places = Places::around("{\"properties\": {\n\"cpu\": 1}}", [&at].into_iter());
        assert_eq!(places.find(&at), Some(Place { line: 1, column: 1 }));
    }

    #[test]
    fn text_that_is_no_json_has_no_places() {
        let at = Path::default().key("cpu");
        assert_eq!(Places::around("{", [&at].into_iter()).find(&at), None);
    }
}
