//! Scripts for Docker's command line, really run by `sh`, with a docker that starts nothing and records what it is told.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A machine with such a docker.
pub(crate) struct Machine {
    folder: PathBuf,
}

impl Machine {
    /// One with nothing on it, in a folder of its own of this name.
    pub(crate) fn new(name: &str) -> Machine {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docker").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder of an earlier run can go");
        }
        let programs = folder.join("bin");
        fs::create_dir_all(&programs).expect("the test folder is writable");
        fs::create_dir_all(folder.join("state")).expect("the test folder is writable");
        for (program, text) in [("docker", include_str!("docker.sh")), ("sleep", "#!/bin/sh\n")] {
            let path = programs.join(program);
            fs::write(&path, text).expect("the test folder is writable");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        Machine { folder }
    }

    /// A file of the docker's state.
    pub(crate) fn state(&self, path: &str) -> PathBuf {
        self.folder.join("state").join(path)
    }

    /// Runs a script, with these variables, and without a key that happens to be around.
    pub(crate) fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let file = self.folder.join("script.sh");
        fs::write(&file, script).expect("the test folder is writable");
        let mut command = Command::new("sh");
        command.args(["-c", "PATH=\"$0:$PATH\" exec sh \"$1\""]).args([self.folder.join("bin"), file]);
        command.env("DOCKER_STATE", self.folder.join("state"));
        for secret in ["DD_API_KEY", "DD_APP_KEY", "MY_APP_KEY"] {
            command.env_remove(secret);
        }
        command.envs(variables.iter().copied()).output().expect("sh runs")
    }

    /// What the docker was told since the last time that this was asked.
    pub(crate) fn calls(&self) -> Vec<Vec<String>> {
        let folder = self.state("calls");
        let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        let calls = files.iter().map(|file| {
            let text = fs::read_to_string(file).expect("arguments are text");
            text.split_terminator('\0').map(str::to_owned).collect()
        });
        let calls = calls.collect();
        fs::remove_dir_all(folder).expect("it is ours");
        calls
    }

    /// All that there is on the machine, by the paths of its files.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, String> {
        let mut files = BTreeMap::new();
        collect(&self.folder.join("state"), &mut files);
        files.retain(|path, _| !path.components().any(|part| part.as_os_str() == "calls"));
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => collect(&path, files),
            false => {
                let text = fs::read_to_string(&path).expect("a text");
                files.insert(path, text);
            }
        }
    }
}

/// What the calls change or start, in a few words each: a command, and what it is about.
pub(crate) fn deeds(calls: &[Vec<String>]) -> Vec<String> {
    let is_deed = |call: &&Vec<String>| !call.iter().any(|word| word == "inspect" || word == "version");
    let about = |call: &Vec<String>| match call.iter().position(|word| word == "--name") {
        Some(at) => format!("run {}", call[at + 1]),
        None => call.join(" "),
    };
    calls.iter().filter(is_deed).map(about).collect()
}
