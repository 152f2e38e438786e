//! Paths that a container has to write to although its root is read-only.

use super::collision::CollisionKind;
use super::pod::Container;
use crate::document::Node;
use crate::document::container_path::normalized;
use crate::ecs;
use crate::merge::writable_paths::problem_with;
use crate::render::kubernetes::{self as words, empty_directory};
use crate::rofs::workload::Mount;
use crate::task::volume_name;

/// Letters of a volume's name at most.
const LONGEST: usize = 63;

/// Mounts an empty directory at each path where nothing is mounted; the volumes to declare.
pub(super) fn make_writable(
    container: &mut Container<'_, '_>,
    paths: &[String],
    size: Option<i64>,
) -> Vec<Node> {
    let mut volumes = Vec::new();
    if !paths.is_empty() && size.is_some_and(|size| size < 1) {
        container.refuse(CollisionKind::TmpfsSize);
        return volumes;
    }
    for path in paths {
        if let Some(why) = problem_with(path) {
            container.refuse(CollisionKind::NotAWritablePath { path: path.clone(), why });
            continue;
        }
        let path = normalized(path).into_owned();
        let volume = name_of(container.name, &path);
        match container.mounted_at(&path) {
            Some(there) if there.read_only => container.refuse(CollisionKind::MountedReadOnly { path }),
            // Ours, as it was written before.
            Some(there) if there.is(&volume) => volumes.push(empty_directory(&volume, size, size.is_some())),
            Some(_) => {}
            None => {
                volumes.push(empty_directory(&volume, size, size.is_some()));
                let mount = Mount { volume, path, read_only: false, file: None };
                container.push("volumeMounts", words::volume_mount(&mount));
            }
        }
    }
    volumes
}

/// A name of a volume after container and path, in the letters that Kubernetes accepts. Where that is not the whole of both, a
/// hash tells it from others.
fn name_of(container: &str, path: &str) -> String {
    let plain = volume_name(container, path);
    let accepted: String =
        plain.to_lowercase().chars().map(|letter| if letter == '_' { '-' } else { letter }).collect();
    let accepted = accepted.trim_matches('-');
    let is_told_apart = format!("{container}{}", path.replace('/', "-")) == accepted;
    if is_told_apart && accepted.len() <= LONGEST {
        return accepted.to_owned();
    }
    let hash = &ecs::digest(&format!("{container}\n{path}"))[..8];
    let kept: String = accepted.chars().take(LONGEST - hash.len() - 1).collect();
    format!("{}-{hash}", kept.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_called_after_container_and_path_and_no_two_are_equal() {
        assert_eq!(name_of("web", "/var/cache/nginx"), "web-var-cache-nginx");
        let long = name_of("web", &format!("/{}", "x".repeat(300)));
        assert_eq!(long.len(), LONGEST);
        assert_ne!(name_of("web", "/a_b"), name_of("web", "/a-b"));
        assert_ne!(name_of("web", "/a.b"), name_of("web", "/A.b"));
        assert!(name_of("web", "/a.b").starts_with("web-a-b-"));
    }
}
