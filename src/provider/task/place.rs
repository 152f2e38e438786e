//! Where the parts of a task stand in the configuration it was made from: the user's containers as they were written, the
//! sidecars at the Agent's settings, and the rest at its arguments.

use crate::document::{Node, Path, Step};
use crate::ecs::LeftOut;
use crate::merge::{Collision, CollisionKind};
use crate::rofs::workload::Role;
use crate::rules::{Finding, READ_OTHERWISE};
use crate::value::AttributePath;

use super::super::{agent_block, document_value, resource, sidecar_arguments};
use super::{CONTAINER_DEFINITIONS, Task};

/// Where in the configuration a collision is.
pub(super) fn collision_place(
    collision: &Collision,
    is_text: bool,
    left_out: &LeftOut,
    agent_at: &AttributePath,
) -> AttributePath {
    if collision.is_in_what_was_asked_for() {
        let of_the_agent = match collision.kind {
            CollisionKind::LaunchType { .. } => Some("launch_type"),
            CollisionKind::NoSuchAgent { .. } => Some("existing_container"),
            _ => None,
        };
        if let Some(attribute) = of_the_agent {
            return agent_at.clone().attribute(attribute);
        }
        let is_the_size = matches!(collision.kind, CollisionKind::TmpfsSize { .. });
        let attribute = if is_the_size { "tmpfs_size" } else { "writable_paths" };
        return agent_block::block_at("application").attribute(attribute);
    }
    match left_out.as_written(&collision.path).0.as_slice() {
        [Step::Key(key), rest @ ..] if key == "containerDefinitions" => {
            document_value::attribute_path(CONTAINER_DEFINITIONS, &Path(rest.to_vec()), is_text)
        }
        [Step::Key(key), ..] => {
            AttributePath::root(resource::argument_of(key).unwrap_or(CONTAINER_DEFINITIONS))
        }
        _ => AttributePath::root(CONTAINER_DEFINITIONS),
    }
}

impl Task {
    /// The path of a finding as the user counts. What was read otherwise has it so already.
    pub(super) fn path_of(&self, finding: &Finding) -> Path {
        match finding.rule == READ_OTHERWISE {
            true => finding.path.clone(),
            false => self.users_path(&finding.path),
        }
    }

    /// The path as the user counts. The sidecars before their containers are not theirs, and have their name in place of
    /// an index, which would be that of another container in what the user wrote.
    fn users_path(&self, path: &Path) -> Path {
        match self.users_container(path) {
            Some((index, rest)) => {
                let mut steps = vec![Step::Key("containerDefinitions".to_owned()), Step::Index(index)];
                steps.extend_from_slice(rest);
                self.left_out.as_written(&Path(steps))
            }
            None => match self.sidecar(path) {
                Some((sidecar, inside)) => {
                    let name = sidecar.get("name").as_str().unwrap_or_default();
                    let mut steps = vec![Step::Key(format!("containerDefinitions[\"{name}\"]"))];
                    steps.extend_from_slice(inside);
                    Path(steps)
                }
                None => path.clone(),
            },
        }
    }

    /// The container that was added and the rest of the path, where it points into one of them.
    pub(super) fn sidecar<'p>(&self, path: &'p Path) -> Option<(&Node, &'p [Step])> {
        match path.0.as_slice() {
            [Step::Key(key), Step::Index(index), inside @ ..]
                if key == "containerDefinitions" && self.users_container(path).is_none() =>
            {
                Some((self.container_definitions().items().get(*index)?, inside))
            }
            _ => None,
        }
    }

    /// The index among the user's own containers and the rest of the path, where it points into one of them.
    pub(super) fn users_container<'p>(&self, path: &'p Path) -> Option<(usize, &'p [Step])> {
        match path.0.as_slice() {
            [Step::Key(key), Step::Index(index), rest @ ..] if key == "containerDefinitions" => {
                let origin = self.origins.get(*index).copied().unwrap_or(Some(*index));
                origin.map(|own| (own, rest))
            }
            _ => None,
        }
    }

    /// Whether a place of the document is in a container that was added.
    pub(super) fn is_of_sidecar(&self, path: &Path) -> bool {
        self.sidecar(path).is_some()
    }

    /// Where in the configuration a finding is. The place of what was read otherwise is that of what was written.
    pub(super) fn place_of(&self, finding: &Finding) -> AttributePath {
        match finding.path.0.as_slice() {
            [Step::Key(key), rest @ ..]
                if finding.rule == READ_OTHERWISE && key == "containerDefinitions" =>
            {
                document_value::attribute_path(CONTAINER_DEFINITIONS, &Path(rest.to_vec()), self.is_text)
            }
            _ => self.place(&finding.path),
        }
    }

    /// Where in the configuration a place of the document was written.
    pub(super) fn place(&self, path: &Path) -> AttributePath {
        if self.users_container(path).is_some() {
            let inside = Path(self.users_path(path).0.split_off(1));
            return document_value::attribute_path(CONTAINER_DEFINITIONS, &inside, self.is_text);
        }
        if let Some((sidecar, inside)) = self.sidecar(path) {
            return self.sidecars_place(sidecar, inside);
        }
        match path.0.as_slice() {
            [] => AttributePath::default(),
            steps => resource::place(steps, &self.document)
                .unwrap_or_else(|| AttributePath::root(CONTAINER_DEFINITIONS)),
        }
    }

    /// Where a part of a sidecar of ours was written: in the Agent's settings, or in the Agent that was there already and gave
    /// its image to the init container.
    fn sidecars_place(&self, sidecar: &Node, inside: &[Step]) -> AttributePath {
        if let Some(index) = self.image_given_by(sidecar, inside) {
            let image = Path::default().key("containerDefinitions").index(index).key("image");
            return self.place(&image);
        }
        sidecar_arguments::place(&self.agent_at, self.role_of(sidecar), inside)
    }

    /// The index in the document of the user's own container that gave its image to a sidecar, where the image is asked for.
    pub(super) fn image_given_by(&self, sidecar: &Node, inside: &[Step]) -> Option<usize> {
        let is_the_image = matches!(inside, [Step::Key(key)] if key == "image");
        self.users_container_of_image(sidecar.get("image")).filter(|_| is_the_image)
    }

    /// What a sidecar of ours is there for.
    pub(super) fn role_of(&self, sidecar: &Node) -> Role {
        let mut containers = self.workload.iter().flat_map(|workload| &workload.containers);
        let name = sidecar.get("name").as_str();
        containers.find(|one| Some(one.name.as_str()) == name).map_or(Role::Agent, |one| one.role)
    }

    /// The index in the document of the user's own container with this image.
    fn users_container_of_image(&self, image: &Node) -> Option<usize> {
        let containers = self.container_definitions().items().iter().zip(&self.origins);
        image.as_str()?;
        containers
            .enumerate()
            .find(|(_, (one, origin))| origin.is_some() && one.get("image") == image)
            .map(|(index, _)| index)
    }
}
