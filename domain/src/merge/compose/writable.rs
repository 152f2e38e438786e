//! Paths that a service has to write to although its root is read-only.

use super::collision::CollisionKind;
use super::service::Draft;
use crate::document::container_path::normalized;
use crate::document::{Node, Object};
use crate::merge::writable_paths::problem_with;
use crate::task::volume_name;

/// Mounts something writable at each path where nothing is mounted: a volume that is called after service and path, which
/// Docker fills with what the image has there, or a tmpfs.
pub(super) fn make_writable(
    draft: &mut Draft<'_>,
    paths: &[String],
    tmpfs_size: Option<i64>,
    document: &mut Object,
) {
    if !paths.is_empty() && tmpfs_size.is_some_and(|size| size < 1) {
        draft.refuse(CollisionKind::TmpfsSize);
        return;
    }
    for path in paths {
        if let Some(why) = problem_with(path) {
            draft.refuse(CollisionKind::NotAWritablePath { path: path.clone(), why });
            continue;
        }
        let path = normalized(path).into_owned();
        if let Some(there) = draft.mounted_at(&path) {
            if there.read_only {
                draft.refuse(CollisionKind::MountedReadOnly { path });
            }
            continue;
        }
        match tmpfs_size {
            Some(size) => draft.push("tmpfs", format!("{path}:size={size}m").into()),
            None => {
                let name = volume_name(draft.name, &path);
                draft.push("volumes", format!("{name}:{path}").into());
                if !declare(document, &name) {
                    draft.refuse(CollisionKind::WritableVolumeName { path, name });
                }
            }
        }
    }
}

/// Declares an empty volume; false where there is one of that name.
fn declare(document: &mut Object, name: &str) -> bool {
    if document.get("volumes").is_none_or(Node::is_null) {
        document.insert("volumes".to_owned(), Node::Object(Object::new()));
    }
    match document.get_mut("volumes") {
        Some(Node::Object(volumes)) if !volumes.contains_key(name) => {
            volumes.insert(name.to_owned(), Node::Object(Object::new()));
            true
        }
        Some(Node::Object(_)) => false,
        // What it is instead is told where the Agent's volumes are declared.
        _ => true,
    }
}
