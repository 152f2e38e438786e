//! Files that somebody wants in the Agent's configuration directory beside those of its image.
//!
//! Knows their paths and in which variable of the init container each content travels, and never looks into a content.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::{Settings, Text};

/// A file below the configuration directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Where it goes, from the configuration directory on.
    pub path: String,
    /// The variable of the init container that has the content.
    pub variable: String,
}

/// How the names of those variables begin.
const VARIABLE: &str = "CONFIG_FILE_";

/// Files that the Agent itself writes at every start (datadog-agent, api/security and pkg/api, read 2026-11).
pub(crate) const WRITTEN_BY_THE_AGENT: [&str; 2] = ["auth_token", "ipc_cert.pem"];

/// Directories of the image's configuration (datadog-agent Dockerfile and helm chart, read 2026-11).
const DIRECTORIES: [&str; 5] =
    ["checks.d", "compliance.d", "conf.d", "private-action-runner", "runtime-security.d"];

/// Longest name of a file or directory in bytes, on every file system of Linux.
pub(crate) const LONGEST_NAME: usize = 255;

/// Why a text is no path of a file below the configuration directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathFlaw {
    /// Nothing.
    Empty,
    /// It begins at the root.
    Absolute,
    /// It leads upwards.
    Climbs,
    /// It has a character that no name should have.
    Control,
    /// A name in it is longer than any file system accepts.
    LongName,
    /// It names a directory.
    Directory,
    /// It is a file that the Agent writes itself.
    OfTheAgent,
}

/// The one spelling of a path from the configuration directory on.
pub(crate) fn normalized(path: &str) -> Result<String, PathFlaw> {
    if path.is_empty() {
        return Err(PathFlaw::Empty);
    }
    if path.chars().any(char::is_control) {
        return Err(PathFlaw::Control);
    }
    if path.starts_with('/') {
        return Err(PathFlaw::Absolute);
    }
    let names: Vec<&str> = path.split('/').filter(|name| !matches!(*name, "" | ".")).collect();
    if names.contains(&"..") {
        return Err(PathFlaw::Climbs);
    }
    if names.iter().any(|name| name.len() > LONGEST_NAME) {
        return Err(PathFlaw::LongName);
    }
    let is_of_an_integration = matches!(names.as_slice(), ["conf.d", name] if name.ends_with(".d"));
    let path_of_a_file = names.join("/");
    if path.ends_with('/')
        || path.ends_with("/.")
        || names.is_empty()
        || is_of_an_integration
        || DIRECTORIES.contains(&path_of_a_file.as_str())
    {
        return Err(PathFlaw::Directory);
    }
    match WRITTEN_BY_THE_AGENT.contains(&path_of_a_file.as_str()) {
        true => Err(PathFlaw::OfTheAgent),
        false => Ok(path_of_a_file),
    }
}

/// The files that are written under these settings, in the order of their paths, with their contents. What is no path of a
/// file is a problem of the settings and left out.
pub fn config_files(settings: &Settings) -> Vec<(ConfigFile, &Text)> {
    let mut contents: BTreeMap<String, &Text> = BTreeMap::new();
    for (path, content) in &settings.config_files {
        if let Ok(path) = normalized(path) {
            contents.entry(path).or_insert(content);
        }
    }
    let mut taken = BTreeSet::new();
    let files = contents.into_iter().map(|(path, content)| {
        let variable = free_variable(&path, &taken);
        taken.insert(variable.clone());
        (ConfigFile { path, variable }, content)
    });
    files.collect()
}

/// The files that the init container writes: none where the platform mounts them.
pub(crate) fn written_files(settings: &Settings) -> Vec<(ConfigFile, &Text)> {
    if settings.platform.mounts_files() { Vec::new() } else { config_files(settings) }
}

/// A variable that is called after the path, so that a change of one file is no change of another one's name.
fn free_variable(path: &str, taken: &BTreeSet<String>) -> String {
    let of_name =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    let plain: String = VARIABLE.chars().chain(path.chars().map(of_name)).collect();
    let numbered = (2..).map(|number| format!("{plain}_{number}"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).expect("numbers do not run out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling_and_names_a_file_below_the_directory() {
        for (path, read) in [
            ("datadog.yaml", Ok("datadog.yaml")),
            ("./conf.d//redisdb.d/./conf.yaml", Ok("conf.d/redisdb.d/conf.yaml")),
            ("conf.d/redisdb.yaml", Ok("conf.d/redisdb.yaml")),
            ("checks.d/my check's.py", Ok("checks.d/my check's.py")),
            ("conf.d/x.d/auth_token", Ok("conf.d/x.d/auth_token")),
            ("", Err(PathFlaw::Empty)),
            ("/etc/datadog-agent/datadog.yaml", Err(PathFlaw::Absolute)),
            ("//x", Err(PathFlaw::Absolute)),
            ("../x", Err(PathFlaw::Climbs)),
            ("conf.d/../../x", Err(PathFlaw::Climbs)),
            ("conf.d/..", Err(PathFlaw::Climbs)),
            ("conf.d/a\nb", Err(PathFlaw::Control)),
            ("conf.d/\0", Err(PathFlaw::Control)),
            ("conf.d/\u{85}", Err(PathFlaw::Control)),
            (".", Err(PathFlaw::Directory)),
            ("./", Err(PathFlaw::Directory)),
            ("conf.d", Err(PathFlaw::Directory)),
            ("./conf.d", Err(PathFlaw::Directory)),
            ("x/", Err(PathFlaw::Directory)),
            ("x/.", Err(PathFlaw::Directory)),
            ("conf.d/redisdb.d", Err(PathFlaw::Directory)),
            ("auth_token", Err(PathFlaw::OfTheAgent)),
            ("./ipc_cert.pem", Err(PathFlaw::OfTheAgent)),
        ] {
            assert_eq!(normalized(path).as_deref().map_err(|flaw| *flaw), read, "{path:?}");
        }
        assert_eq!(normalized(&format!("conf.d/{}", "x".repeat(256))), Err(PathFlaw::LongName));
        assert!(normalized(&format!("conf.d/{}", "x".repeat(255))).is_ok());
    }

    #[test]
    fn each_file_has_a_variable_of_its_own_that_is_called_after_its_path() {
        let paths = [
            "conf.d/a-b.yaml",
            "conf.d/a_b.yaml",
            "conf.d/a_b.yaml_2",
            "./conf.d/a_b.yaml",
            "../x",
            "checks.d/é.py",
        ];
        let settings = Settings {
            config_files: paths.iter().map(|path| ((*path).to_owned(), Text::from(*path))).collect(),
            ..Settings::default()
        };
        let files = config_files(&settings);
        let told: Vec<_> =
            files.iter().map(|(file, _)| (file.path.as_str(), file.variable.as_str())).collect();
        assert_eq!(
            told,
            [
                ("checks.d/é.py", "CONFIG_FILE_CHECKS_D___PY"),
                ("conf.d/a-b.yaml", "CONFIG_FILE_CONF_D_A_B_YAML"),
                ("conf.d/a_b.yaml", "CONFIG_FILE_CONF_D_A_B_YAML_2"),
                ("conf.d/a_b.yaml_2", "CONFIG_FILE_CONF_D_A_B_YAML_2_2"),
            ]
        );
    }
}
