//! Which core runs a story: Terraform or OpenTofu, whichever is named; and the other one too where a story names both.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::setting;

/// One command line tool that loads the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tool {
    /// `terraform` or `tofu`, whatever the file is called.
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
}

impl Tool {
    /// The core of a run: what `TERRAFORM` or `TF_ACC_TERRAFORM_PATH` names, else the terraform of `PATH`.
    pub(crate) fn terraform() -> Self {
        static CHOSEN: OnceLock<Tool> = OnceLock::new();
        let find = || {
            let named = setting("TERRAFORM").or_else(|| setting("TF_ACC_TERRAFORM_PATH"));
            let named = named.unwrap_or_else(|| "terraform".to_owned());
            let path = if named.contains('/') { Some(PathBuf::from(&named)) } else { on_path(&named) };
            let path = path.filter(|path| path.is_file()).unwrap_or_else(|| {
                panic!(
                    "the acceptance tests need a core and there is no {named}: install Terraform \
                     (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install/) \
                     and set TERRAFORM to its name or path where that is not terraform"
                )
            });
            Self::at(std::path::absolute(path).expect("a path that is a file"))
        };
        CHOSEN.get_or_init(find).clone()
    }

    /// The tofu of `TF_ACC_TOFU_PATH`, if that is set.
    pub(crate) fn tofu() -> Option<Self> {
        let path = PathBuf::from(setting("TF_ACC_TOFU_PATH")?);
        assert!(path.is_file(), "TF_ACC_TOFU_PATH names {}, which is not a file", path.display());
        Some(Self::at(path))
    }

    /// Every tool a story that runs on both has to pass with.
    pub(crate) fn all() -> Vec<Self> {
        let chosen = Self::terraform();
        let other = Self::tofu().filter(|other| other.name != chosen.name);
        [Some(chosen), other].into_iter().flatten().collect()
    }

    /// The host in addresses of this tool's default registry.
    pub(crate) fn registry(&self) -> &'static str {
        if self.is_opentofu() { "registry.opentofu.org" } else { "registry.terraform.io" }
    }

    /// Whether it is OpenTofu, for a story that the two tell differently.
    pub(crate) fn is_opentofu(&self) -> bool {
        self.name == "tofu"
    }

    fn at(path: PathBuf) -> Self {
        Self { name: if says_opentofu(&path) { "tofu" } else { "terraform" }, path }
    }
}

/// What a core says it is: a file's name is anybody's choice.
fn says_opentofu(path: &Path) -> bool {
    let output = Command::new(path).arg("version").env_clear().env("CHECKPOINT_DISABLE", "1").output();
    let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", path.display()));
    String::from_utf8_lossy(&output.stdout).starts_with("OpenTofu")
}

fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&setting("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
