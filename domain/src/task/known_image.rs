//! Which well-known image a container runs as it comes, and whether it writes there what that image writes.

use super::{Container, Mount, Variable};
use crate::rofs::image_reference::Image;
use crate::rofs::known_images::{KnownImage, Write, known_image};

impl Container<'_> {
    /// The well-known image that it runs as it comes; none for any other image, and for an entry point or a command of one's
    /// own that may do something else.
    pub(crate) fn known_image(&self) -> Option<&'static KnownImage> {
        let image = self.get("image").as_str().and_then(Image::parse)?;
        let known = known_image(&image)?;
        let is_as_it_comes = self.get("entryPoint").items().is_empty()
            && known.runs_with(self.get("command").items().first().and_then(|word| word.as_str()));
        is_as_it_comes.then_some(known)
    }

    /// Whether its variables, its secrets or its command name this; none while not known.
    fn names(&self, needle: &str) -> Option<bool> {
        match self.variable(needle) {
            Variable::Known(value) if !value.is_empty() => return Some(true),
            Variable::Known(_) | Variable::Absent => {}
            Variable::Unknown => return None,
        }
        let (secrets, command) = (self.get("secrets"), self.get("command"));
        let in_secrets = secrets.items().iter().any(|secret| secret.get("name").as_str() == Some(needle));
        let in_command =
            command.items().iter().any(|word| word.as_str().is_some_and(|word| word.contains(needle)));
        let all_known = command.is_wholly_known()
            && !secrets.is_unknown()
            && !secrets.items().iter().any(|secret| secret.get("name").is_unknown());
        if in_secrets || in_command { Some(true) } else { all_known.then_some(false) }
    }
}

impl KnownImage {
    /// Whether something mounted may bring a configuration of one's own.
    pub(crate) fn may_be_configured_by(&self, mount: &Mount<'_>) -> bool {
        self.configuration.iter().any(|path| mount.path == *path || mount.is_above(path))
    }
}

impl Write {
    /// Whether a container with the image writes there; none while not known.
    pub(crate) fn applies_to(&self, container: &Container<'_>) -> Option<bool> {
        let wanted = self.only_with.map_or(Some(true), |needle| container.names(needle));
        if wanted == Some(false) {
            return Some(false);
        }
        let mut applies = wanted;
        for needle in self.moved_by {
            match container.names(needle) {
                Some(true) => return Some(false),
                Some(false) => {}
                None => applies = None,
            }
        }
        applies
    }
}
