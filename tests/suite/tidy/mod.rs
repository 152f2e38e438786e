//! Rules of this repository as tests. Each check is a function from texts to problems, with a test beside it that shows
//! what it catches.

mod arrows;
mod changelog;
mod dependencies;
mod limits;
mod names;
mod neutral;
mod prose;
mod reading;
mod source;
mod style;
mod workflows;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A text file of the repository.
struct TextFile {
    /// Path below the root, with forward slashes.
    path: String,
    text: String,
}

impl TextFile {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Every path that is tracked, or would be with the next `git add`. What git ignores is nobody's business here.
fn tracked_paths() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git runs: the repository rules look at what it tracks");
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let mut paths: Vec<_> = listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    paths.retain(|path| root().join(path).is_file());
    paths.sort();
    paths.dedup();
    paths
}

/// Every tracked file that is text.
fn text_files() -> Vec<TextFile> {
    let read = |path: String| {
        let bytes = std::fs::read(root().join(&path)).unwrap();
        String::from_utf8(bytes).ok().map(|text| TextFile { path, text })
    };
    tracked_paths().into_iter().filter_map(read).collect()
}

fn rust_files() -> Vec<TextFile> {
    text_files().into_iter().filter(TextFile::is_rust).collect()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with every problem at once.
fn assert_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
