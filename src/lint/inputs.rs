//! Which files are looked at: those that are named, those below a folder and those that a pattern fits, each of them once.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use fast_glob::glob_match;
use walkdir::{DirEntry, WalkDir};

/// A file to look at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) source: Source,
    /// Whether somebody named it, and did not only name a folder that it is in or a pattern that fits it.
    pub(super) is_by_hand: bool,
    /// The folder that somebody named, or the one of the file.
    pub(super) folder: PathBuf,
}

/// Where a document is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    StandardInput,
    File(PathBuf),
}

/// What there is to say on the way.
pub(super) enum Met {
    /// A file to look at.
    Input(Input),
    /// Nothing can be looked at there.
    Trouble(PathBuf, String),
    /// A link leads back to a folder around it: what is there is looked at once.
    Loop(PathBuf),
}

/// Folders that hold what somebody else wrote, or what programs keep there.
const OTHERS: [&str; 8] =
    [".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", ".tox", ".venv", "node_modules"];

/// Ends of names of files that may hold a document.
const EXTENSIONS: [&str; 4] = ["json", "yaml", "yml", "template"];

/// Meets every file that these arguments stand for, in their order and then in the order of names. Of a folder those that
/// `is_wanted` wants are met beside those whose names end as documents' names do.
pub(super) fn each(arguments: &[Source], is_wanted: &dyn Fn(&Path) -> bool, meet: &mut dyn FnMut(Met)) {
    let mut walk = Walk { known: BTreeSet::new(), meet };
    for argument in arguments {
        match argument {
            Source::StandardInput => walk.input(argument.clone(), true, Path::new(".")),
            Source::File(path) if path.is_dir() => {
                walk.below(path, &|path| path.extension().is_some_and(is_read) || is_wanted(path));
            }
            Source::File(path) if !path.exists() && is_pattern(path) => walk.fitting(path),
            Source::File(path) => walk.input(argument.clone(), true, folder_of(path)),
        }
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn is_read(extension: &OsStr) -> bool {
    EXTENSIONS.iter().any(|known| extension == *known)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

struct Walk<'m> {
    /// The files that were met, as far as their names tell.
    known: BTreeSet<PathBuf>,
    meet: &'m mut dyn FnMut(Met),
}

impl Walk<'_> {
    fn input(&mut self, source: Source, is_by_hand: bool, folder: &Path) {
        let is_new = match &source {
            Source::StandardInput => true,
            // Without `.` in it.
            Source::File(path) => self.known.insert(path.components().collect()),
        };
        if is_new {
            (self.meet)(Met::Input(Input { source, is_by_hand, folder: folder.to_owned() }));
        }
    }

    /// The files below a folder that are wanted.
    fn below(&mut self, folder: &Path, is_wanted: &dyn Fn(&Path) -> bool) {
        let is_ours = |entry: &DirEntry| {
            let is_others = OTHERS.iter().any(|name| entry.file_name() == *name);
            entry.depth() == 0 || !is_others
        };
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(is_ours) {
            match entry {
                Ok(entry) if entry.file_type().is_file() && is_wanted(entry.path()) => {
                    self.input(Source::File(entry.into_path()), false, folder);
                }
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    match error.loop_ancestor().is_some() {
                        true => (self.meet)(Met::Loop(path)),
                        // A link to nothing, among others.
                        false => {
                            let reason =
                                error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                            (self.meet)(Met::Trouble(path, reason));
                        }
                    }
                }
            }
        }
    }

    /// The files that a pattern fits.
    fn fitting(&mut self, pattern: &Path) {
        let is_plain = |part: &std::path::Component<'_>| !is_pattern(Path::new(part.as_os_str()));
        let folder: PathBuf = pattern.components().take_while(is_plain).collect();
        let is_here = folder.as_os_str().is_empty();
        let start = if is_here { Path::new(".") } else { &folder };
        let pattern_text = pattern.to_string_lossy();
        let mut count = 0;
        let mut fitting = Vec::new();
        if start.is_dir() {
            let fits = |path: &Path| {
                let path = if is_here { path.strip_prefix(".").unwrap_or(path) } else { path };
                glob_match(pattern_text.as_bytes(), path.to_string_lossy().as_bytes())
            };
            let mut other = |met| match met {
                Met::Input(Input { source: Source::File(path), .. }) => {
                    count += 1;
                    fitting.push(Met::Input(Input {
                        source: Source::File(match is_here {
                            true => path.strip_prefix(".").map_or(path.clone(), Path::to_path_buf),
                            false => path,
                        }),
                        is_by_hand: false,
                        folder: start.to_owned(),
                    }));
                }
                other => fitting.push(other),
            };
            Walk { known: BTreeSet::new(), meet: &mut other }.below(start, &fits);
        }
        if count == 0 {
            (self.meet)(Met::Trouble(pattern.to_owned(), "no file fits this pattern".to_owned()));
        }
        for met in fitting {
            match met {
                Met::Input(input) => self.input(input.source, false, start),
                other => (self.meet)(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// What is met, relative to the folder.
    fn met(folder: &Path, arguments: &[&str]) -> Vec<String> {
        let arguments: Vec<Source> = arguments.iter().map(|name| Source::File(folder.join(name))).collect();
        let mut told = Vec::new();
        let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
        each(&arguments, &|path| path.ends_with("e.txt"), &mut |met| {
            told.push(match met {
                Met::Input(Input { source: Source::File(path), is_by_hand, .. }) => {
                    format!("{}{}", name(&path), if is_by_hand { " by hand" } else { "" })
                }
                Met::Input(_) => "standard input".to_owned(),
                Met::Trouble(path, _) => format!("trouble: {}", name(&path)),
                Met::Loop(path) => format!("loop: {}", name(&path)),
            });
        });
        told
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "b.json",
            "a.yaml",
            "deep/er/c.yml",
            "deep/d.template",
            "deep/e.txt",
            ".git/f.json",
            ".aws/g.json",
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_is_looked_through_in_the_order_of_names_and_what_is_named_is_looked_at_whatever_it_is() {
        let folder = folder();
        assert_eq!(
            met(folder.path(), &["."]),
            [".aws/g.json", "a.yaml", "b.json", "deep/d.template", "deep/e.txt", "deep/er/c.yml"]
        );
        assert_eq!(
            met(folder.path(), &["deep/e.txt", "b.json", "deep", "b.json", "gone.json"]),
            ["deep/e.txt by hand", "b.json by hand", "deep/d.template", "deep/er/c.yml", "gone.json by hand"]
        );
    }

    #[test]
    fn a_pattern_finds_files_of_any_name_and_one_that_fits_nothing_is_told() {
        let folder = folder();
        assert_eq!(met(folder.path(), &["deep/*"]), ["deep/d.template", "deep/e.txt"]);
        assert_eq!(met(folder.path(), &["**/*.{yml,yaml}"]), ["a.yaml", "deep/er/c.yml"]);
        assert_eq!(met(folder.path(), &["none/*.json"]), ["trouble: none/*.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_and_a_link_to_nothing_end_no_walk() {
        let folder = folder();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("deep/er/up")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("a-gone.json")).unwrap();
        assert_eq!(
            met(folder.path(), &["."]),
            [
                ".aws/g.json",
                "trouble: a-gone.json",
                "a.yaml",
                "b.json",
                "deep/d.template",
                "deep/e.txt",
                "deep/er/c.yml",
                "loop: deep/er/up"
            ]
        );
    }
}
