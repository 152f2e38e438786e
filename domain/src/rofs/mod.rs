//! THE PATTERN: what the Datadog Agent needs to run on a read-only root filesystem, on any platform.
//!
//! The Agent's image survives a read-only root but for a few directories ([`writable_path`]). One of them,
//! `/etc/datadog-agent`, must be writable *and* already hold what the image ships there: an empty volume in its
//! place lets the Agent start, report healthy and collect nothing. So an init container of the same image copies
//! the directory into the volume, proves that the copy is complete and ends ([`seed`]); the Agent starts only
//! after it succeeded. An image that declares the directories as volumes needs none ([`dockerfile()`]). [`assemble()`] puts this together from [`settings`], [`problems()`] says which settings
//! contradict each other, and [`agent_version`] which images cannot run this way.
//!
//! Knows no Terraform, no AWS, no serialization, no I/O.

pub mod agent_version;
mod assemble;
pub mod config_file;
mod diagram;
mod dockerfile;
mod evidence;
pub mod image_grammar;
pub mod image_reference;
pub(crate) mod image_volumes;
pub mod known_images;
pub mod known_names;
pub mod platform;
pub(crate) mod problems;
pub mod seed;
pub mod settings;
pub mod shell;
pub mod sites;
pub mod startup;
pub mod variables;
pub mod workload;
pub mod writable_path;
mod written;

pub use agent_version::{AgentVersion, Gate, gates, gates_of};
pub use assemble::assemble;
pub use config_file::{ConfigFile, config_files};
pub use diagram::diagram;
pub use dockerfile::{config_dockerfile, dockerfile};
pub use evidence::{Evidence, Status};
pub use problems::{SettingProblem, problems};
pub use writable_path::{WritablePath, writable_paths};
pub use written::Written;
