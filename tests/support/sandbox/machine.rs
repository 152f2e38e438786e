//! What this machine can run a sandbox with.

use std::io::Write;
use std::process::Command;
use std::sync::{Once, OnceLock};

/// The words before the runtime that put it into private namespaces.
#[derive(Debug, Clone)]
pub(crate) struct Means {
    pub(crate) words: Vec<String>,
    pub(crate) users: Users,
}

/// Whose processes and files there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Users {
    /// Everybody's.
    Many,
    /// Root's only, which is who runs the tests: a user namespace without subordinate ids has no other.
    RootOnly,
}

const NAMESPACES: [&str; 6] = ["--mount", "--pid", "--net", "--fork", "--kill-child", "--"];

/// As root, with subordinate ids, with one id, and with bubblewrap, which some systems allow what they forbid others.
const WAYS: [(Users, &[&str]); 3] = [
    (Users::Many, &["unshare"]),
    (Users::Many, &["unshare", "--user", "--map-root-user", "--map-auto"]),
    (Users::RootOnly, &["unshare", "--user", "--map-root-user"]),
];
const BUBBLEWRAP: [&str; 14] = [
    "bwrap",
    "--unshare-user",
    "--unshare-pid",
    "--unshare-net",
    "--die-with-parent",
    "--uid",
    "0",
    "--gid",
    "0",
    "--cap-add",
    "ALL",
    "--dev-bind",
    "/",
    "/",
];

/// How a sandbox runs here, or none: then one line on standard error says so, once, whatever the test.
pub(crate) fn means() -> Option<&'static Means> {
    static MEANS: OnceLock<Option<Means>> = OnceLock::new();
    let means = MEANS.get_or_init(|| {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let unshared =
            WAYS.map(|(users, way)| Means { words: [owned(way), owned(&NAMESPACES)].concat(), users });
        let wrapped = Means { words: owned(&BUBBLEWRAP), users: Users::RootOnly };
        let found = unshared.into_iter().chain([wrapped]).find(Means::work);
        if found.is_some() {
            need_tools();
        } else if cfg!(target_os = "linux") {
            need("unshare", "util-linux", is_there("unshare"));
        }
        found
    });
    if means.is_none() {
        say("sandbox: no start-up was run: neither unshare nor bwrap may mount a file system here");
    }
    means.as_ref()
}

/// Whether tasks with several users can be run; if not, one line says so.
pub(crate) fn has_users(means: &Means) -> bool {
    if means.users == Users::RootOnly {
        say(
            "sandbox: tasks whose Agent is user 100 were not run: they need root, or uidmap and a line in /etc/subuid",
        );
    }
    means.users == Users::Many
}

/// Past the test harness, which keeps what passing tests print. Once a line.
fn say(line: &str) {
    static SAID: [Once; 2] = [Once::new(), Once::new()];
    let once = &SAID[usize::from(line.contains("user 100"))];
    once.call_once(|| {
        let _closed = writeln!(std::io::stderr(), "{line}");
    });
}

impl Means {
    /// Whether a file system can be mounted in this way.
    fn work(&self) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).args(["mount", "-t", "tmpfs", "sandbox"]).arg(folder.path());
        command.output().is_ok_and(|output| output.status.success())
    }
}

/// The programs that a run needs, with the package that has each.
const TOOLS: [(&str, &str); 11] = [
    ("chown", "coreutils"),
    ("cp", "coreutils"),
    ("find", "findutils"),
    ("grep", "grep"),
    ("mktemp", "coreutils"),
    ("mount", "mount"),
    ("perl", "perl"),
    ("sed", "sed"),
    ("sh", "dash"),
    ("timeout", "coreutils"),
    ("xargs", "findutils"),
];

/// Fails with the command that installs what is missing.
fn need_tools() {
    for (tool, package) in TOOLS {
        need(tool, package, is_there(tool));
    }
}

fn need(tool: &str, package: &str, is_there: bool) {
    assert!(is_there, "{tool} is missing, and a sandbox runs it. Install it: apt-get install {package}");
}

fn is_there(tool: &str) -> bool {
    let look = Command::new("sh").args(["-c", "command -v \"$1\"", "sh", tool]).output();
    look.is_ok_and(|output| output.status.success())
}
