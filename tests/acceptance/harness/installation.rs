//! How a core finds the built provider: an override that skips `init`, or a mirror that does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::{Tool, run_folder};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-ddrofs");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the provider comes from in one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Installation {
    /// `dev_overrides`: no `init`, one warning per command.
    Override,
    /// `dev_overrides`, with our own binary standing in for `hashicorp/aws`: where the state names that provider, a
    /// core wants its schema before it moves anything, whatever is in it.
    OverrideBesideAws,
    /// A filesystem mirror, laid out as a real one: needs `init` and writes a lock file.
    Mirror,
    /// What `make install` puts where a core looks by itself.
    MakeInstall,
}

impl Installation {
    /// Writes the CLI configuration for this way into the folder, which is the user's own at once, and gives its path; none
    /// where there is nothing to configure.
    pub(super) fn write_config(self, tool: &Tool, folder: &Path) -> Option<PathBuf> {
        let text = match self {
            Self::Override => overrides(&[("ddrofs/ddrofs", override_folder())]),
            Self::OverrideBesideAws => {
                let stand_in = folder.join("stand-in");
                place_binary(&stand_in.join("terraform-provider-aws"));
                overrides(&[("ddrofs/ddrofs", override_folder()), ("hashicorp/aws", &stand_in)])
            }
            Self::Mirror => format!(
                "provider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
                mirror(tool, folder)
            ),
            Self::MakeInstall => {
                make_install(folder);
                return None;
            }
        };
        let path = folder.join("cli-config.tfrc");
        fs::write(&path, format!("disable_checkpoint = true\n{text}")).expect("the test folder is writable");
        Some(path)
    }
}

fn overrides(folders: &[(&str, &Path)]) -> String {
    let lines: String =
        folders.iter().map(|(source, folder)| format!("    {source:?} = {folder:?}\n")).collect();
    format!("provider_installation {{\n  dev_overrides {{\n{lines}  }}\n  direct {{}}\n}}\n")
}

/// A folder with the binary alone: an override takes any file whose name begins with the provider's.
fn override_folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = run_folder().join("provider");
        place_binary(&folder.join("terraform-provider-ddrofs"));
        folder
    })
}

/// `<mirror>/<registry>/ddrofs/ddrofs/<version>/<os>_<arch>/terraform-provider-ddrofs_v<version>`.
fn mirror(tool: &Tool, folder: &Path) -> PathBuf {
    let mirror = folder.join("mirror");
    let place = mirror.join(tool.registry()).join("ddrofs/ddrofs").join(VERSION).join(platform());
    place_binary(&place.join(format!("terraform-provider-ddrofs_v{VERSION}")));
    mirror
}

fn make_install(home: &Path) {
    let output = Command::new("make")
        .args(["install", &format!("PROVIDER={BINARY}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .output()
        .expect("make runs these tests");
    assert!(output.status.success(), "make install: {}", String::from_utf8_lossy(&output.stderr));
}

fn platform() -> String {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{os}_{arch}")
}

fn place_binary(path: &Path) {
    let folder = path.parent().expect("a file has a folder");
    fs::create_dir_all(folder).expect("the run folder is writable");
    // A link is enough and debug binaries are large; across file systems only a copy works.
    if fs::hard_link(BINARY, path).is_err() {
        fs::copy(BINARY, path).expect("the built provider can be copied");
    }
}
