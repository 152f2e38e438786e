//! PLATFORMS: a workload in each platform's own words.
//!
//! A platform is a folder with a [`Renderer`]: a pure function from the workload to the platform's document. It knows how
//! the platform spells a thing and adds no policy: what is not in the workload is not in the document. What a platform
//! cannot say is refused, never left out.

pub mod compose;
pub mod ecs;

use crate::document::Node;
use crate::rofs::SettingProblem;
use crate::rofs::platform::Platform;
use crate::rofs::settings::Settings;
use crate::rofs::workload::{VolumeKind, Workload};

/// What a platform's folder does.
pub trait Renderer {
    /// The platform's document with the sidecars and what they need beside them.
    fn document(&self, workload: &Workload) -> Result<Node, Unwritable>;

    /// What the platform refuses of the settings, all at once: its limits, its names and its references to secrets.
    fn problems(&self, settings: &Settings) -> Vec<SettingProblem>;
}

/// The renderer of a platform.
pub fn of(platform: Platform) -> &'static dyn Renderer {
    match platform {
        Platform::Ecs(_) => &ecs::Ecs,
        Platform::Compose => &compose::Compose,
    }
}

/// Something of a workload that a platform has no words for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A volume of a kind that the platform has not.
    #[error("volume {name} is {}, which {platform} cannot say", .kind.described())]
    Volume {
        /// What the platform is called.
        platform: &'static str,
        /// The volume.
        name: String,
        /// What it is.
        kind: VolumeKind,
    },
    /// A secret that is a file.
    #[error("container {container} gets a secret as a file, which {platform} cannot say")]
    SecretFile {
        /// What the platform is called.
        platform: &'static str,
        /// The container.
        container: String,
    },
    /// A view of the machine's processes for one container alone.
    #[error(
        "container {container} sees the processes of the machine, which {platform} says for all containers or none"
    )]
    Processes {
        /// What the platform is called.
        platform: &'static str,
        /// The container.
        container: String,
    },
}
