//! Which core runs a story: Terraform always, OpenTofu where one is named.

use std::path::PathBuf;

use super::setting;

/// One command line tool that loads the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tool {
    /// `terraform` or `tofu`.
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
}

impl Tool {
    /// The terraform of `TF_ACC_TERRAFORM_PATH`, else of `PATH`.
    pub(crate) fn terraform() -> Self {
        let path = setting("TF_ACC_TERRAFORM_PATH").map(PathBuf::from).or_else(|| on_path("terraform"));
        let path = path.filter(|path| path.is_file()).unwrap_or_else(|| {
            panic!(
                "the acceptance tests need a terraform: install it (https://developer.hashicorp.com/terraform/install) \
                 so that it is on PATH, or set TF_ACC_TERRAFORM_PATH to its path"
            )
        });
        Self { name: "terraform", path }
    }

    /// The tofu of `TF_ACC_TOFU_PATH`, if that is set.
    pub(crate) fn tofu() -> Option<Self> {
        let path = PathBuf::from(setting("TF_ACC_TOFU_PATH")?);
        assert!(path.is_file(), "TF_ACC_TOFU_PATH names {}, which is not a file", path.display());
        Some(Self { name: "tofu", path })
    }

    /// Every tool a story that runs on both has to pass with.
    pub(crate) fn all() -> Vec<Self> {
        [Some(Self::terraform()), Self::tofu()].into_iter().flatten().collect()
    }

    /// The host in addresses of this tool's default registry.
    pub(crate) fn registry(&self) -> &'static str {
        if self.name == "tofu" { "registry.opentofu.org" } else { "registry.terraform.io" }
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&setting("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
