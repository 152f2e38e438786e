//! What refers to a container or a volume by its name, inside a task definition.

use super::{Container, TaskDefinition};
use crate::document::{Node, Path};

/// A place that has the name, and what stands there once it is another.
pub(crate) struct Mention {
    /// Where.
    pub(crate) path: Path,
    /// Position of the container that it is in, among the containers that can be read; none for the task's own.
    pub(crate) container: Option<usize>,
    /// What is to stand there.
    pub(crate) value: Node,
}

impl TaskDefinition<'_> {
    /// Every place that refers to a container of this name, with the new one in it.
    pub(crate) fn mentions_of_container(&self, name: &str, new: &str) -> Vec<Mention> {
        let mut mentions = Vec::new();
        for (position, container) in self.containers.iter().enumerate() {
            let mut mention = |path, value| mentions.push(Mention { path, container: Some(position), value });
            let path = container.path();
            for dependency in
                container.dependencies().known().filter(|one| one.awaited.as_str() == Some(name))
            {
                mention(
                    path.clone().key("dependsOn").index(dependency.index).key("containerName"),
                    new.into(),
                );
            }
            for source in container.volumes_from().known().filter(|one| one.container.as_str() == Some(name))
            {
                mention(
                    path.clone().key("volumesFrom").index(source.index).key("sourceContainer"),
                    new.into(),
                );
            }
            if let Some(links) = relinked(container, name, new) {
                mention(path.clone().key("links"), links);
            }
        }
        let proxy = self.document.get("proxyConfiguration").get("containerName");
        if proxy.as_str() == Some(name) {
            let path = Path::default().key("proxyConfiguration").key("containerName");
            mentions.push(Mention { path, container: None, value: new.into() });
        }
        mentions
    }

    /// Every place that mounts the volume of this name, with the new one in it.
    pub(crate) fn mentions_of_volume(&self, name: &str, new: &str) -> Vec<Mention> {
        let mut mentions = Vec::new();
        for (position, container) in self.containers.iter().enumerate() {
            for mount in container.mount_points().known().filter(|one| one.volume.as_str() == Some(name)) {
                let path = container.path().key("mountPoints").index(mount.index).key("sourceVolume");
                mentions.push(Mention { path, container: Some(position), value: new.into() });
            }
        }
        mentions
    }
}

/// The links of a container, which are names with or without an alias, where one of them has the name.
fn relinked(container: &Container<'_>, name: &str, new: &str) -> Option<Node> {
    let links = container.get("links").items();
    let relinked = |link: &Node| match link.as_str()?.strip_prefix(name)? {
        alias if alias.is_empty() || alias.starts_with(':') => Some(format!("{new}{alias}").into()),
        _ => None,
    };
    let changed: Vec<Node> =
        links.iter().map(|link| relinked(link).unwrap_or_else(|| link.clone())).collect();
    (changed != links).then_some(Node::Array(changed))
}
