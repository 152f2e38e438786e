//! What every story needs: a fresh folder, a clean environment, the built provider, and servers to talk to.
//!
//! Knows nothing of any story. Nothing of the developer's machine reaches a test except the core that was chosen:
//! `TERRAFORM` or `TF_ACC_TERRAFORM_PATH`, else the terraform on `PATH`.
#![allow(
    dead_code,
    unused_imports,
    reason = "two programs compile this folder, the stories and tests/faults/, and each uses its own part of it"
)]

mod backend;
mod canaries;
mod foreign;
mod installation;
mod moto;
mod outcome;
mod tool;
mod workspace;

#[path = "../../support/documents.rs"]
pub(crate) mod documents;
#[path = "../../support/local_ecs/mod.rs"]
pub(crate) mod local_ecs;

pub(crate) use backend::{Backend, REGION};
pub(crate) use canaries::{API_KEY, CONFIGURATION_VALUE, SECRET_KEY};
pub(crate) use foreign::{
    hcl_read_by_others, installed, problems_of_compose, problems_of_dockerfiles, problems_of_hcl,
    problems_of_kubernetes, problems_of_scripts, read_by_others,
};
pub(crate) use installation::Installation;
pub(crate) use moto::Moto;
pub(crate) use outcome::Outcome;
pub(crate) use tool::Tool;
pub(crate) use workspace::{REQUIRED_PROVIDER, Workspace, provider_block};

use std::path::PathBuf;
use std::sync::OnceLock;

/// The folder of this run, emptied when the first test asks for it and kept afterwards: logs stay readable.
pub(crate) fn run_folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
        }
        std::fs::create_dir_all(&folder).expect("target/ is writable");
        folder
    })
}

/// A setting of the person who runs the tests.
#[allow(clippy::disallowed_methods, reason = "which terraform to test with is chosen by the environment")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
