//! The command that fills the configuration volume and writes further files to it, and the proof that it did.
//!
//! Knows nothing of containers: it is a text for `sh`.

use super::config_file::{ConfigFile, written_files};
use super::platform::Platform;
use super::settings::Settings;
use super::shell::quoted;
use super::writable_path::CONFIG;

/// Where the init container sees the configuration volume. Outside `/opt/datadog-agent`, which holds the Agent's
/// binaries, and not at its later place, which must show the image's own directory while it is copied.
pub const STAGING: &str = "/opt/datadog-agent-config";

/// Numeric owner of the Agent's files when the Agent does not run as root: user `dd-agent`, group root
/// (datadog-agent Dockerfile, read 2026-11).
pub const AGENT_OWNER: &str = "100:0";

/// In the volume, the list of what the last copy put there, where volumes are kept.
const COPIED: &str = ".datadog-init";

/// Something that has to be in the volume before the Agent may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentinel {
    /// Paths below the configuration directory, any one of which is enough. The first is the stock image's.
    pub any_of: &'static [&'static str],
    /// What the Agent lacks without it.
    pub without: &'static str,
}

/// What the init container does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// Where the workload runs.
    pub platform: Platform,
    /// The files that it writes over the copy.
    pub files: Vec<ConfigFile>,
    /// Further directories that are given to the Agent's own user together with the copy; empty for an Agent that runs as
    /// root.
    pub hand_over: Vec<String>,
}

/// How the line begins, whatever else it does.
const BEGINNING: &str = "set -u\nfrom=/etc/datadog-agent\n";

impl Seed {
    /// What is done under these settings, with further directories to hand over.
    pub fn of(settings: &Settings, hand_over: &[&str]) -> Self {
        Self {
            platform: settings.platform,
            files: written_files(settings).into_iter().map(|(file, _)| file).collect(),
            hand_over: hand_over.iter().map(|path| (*path).to_owned()).collect(),
        }
    }

    /// The command in exec form that copies the image's configuration directory into the volume at [`STAGING`].
    ///
    /// It copies the directory as a whole, so that dot files come along; forces, so that a second run over an older
    /// copy refreshes it; where volumes are kept, removes before that what an earlier run put there and this one does not, and
    /// nothing that the Agent has written since; keeps modes, times and, as root, owners. Then it writes the files, each from its variable, in the
    /// place of what is there (a link is replaced and never followed), and reads each again. Then it looks for the
    /// [sentinels](Platform::sentinels) in the volume. It ends with status 1 and a message that says what failed, and names
    /// every sentinel that is missing.
    pub fn command(&self) -> Vec<String> {
        vec!["sh".to_owned(), "-c".to_owned(), self.script()]
    }

    fn script(&self) -> String {
        let mut script = format!(
            "set -u\n\
             from={CONFIG}\n\
             to={STAGING}\n\
             fail() {{ echo \"datadog-init: $1\" >&2; exit 1; }}\n\
             [ -n \"$(ls -A \"$from\" 2>/dev/null)\" ] || fail \"nothing to copy: $from of the image is empty or missing\"\n\
             [ -d \"$to\" ] || fail \"no volume is mounted at $to\"\n"
        );
        if self.platform.keeps_volumes() {
            self.remove_leftovers(&mut script);
        }
        script.push_str(
            "cp -RPpf \"$from/.\" \"$to/\" || fail \"copying $from to the volume at $to failed\"\n",
        );
        self.write_files(&mut script);
        script.push_str(
            "missing=\n\
             [ -n \"$(ls -A \"$to/conf.d\" 2>/dev/null)\" ] || missing=\"$missing conf.d (no integration checks);\"\n",
        );
        for sentinel in self.platform.sentinels() {
            let found: Vec<_> = sentinel.any_of.iter().map(|path| format!("[ -e \"$to/{path}\" ]")).collect();
            script.push_str(&format!(
                "{} || missing=\"$missing {} ({});\"\n",
                found.join(" || "),
                sentinel.any_of[0],
                sentinel.without
            ));
        }
        script
            .push_str("[ -z \"$missing\" ] || fail \"not in the copy of $from:$missing check the image\"\n");
        if !self.hand_over.is_empty() {
            script.push_str(&format!(
                "{HANDS_OVER}{} || fail \"giving the volumes to user {AGENT_OWNER} failed\"\n",
                self.hand_over.join(" ")
            ));
        }
        script.push_str("echo \"datadog-init: $from copied to the volume\"");
        script
    }

    /// An image that is upgraded over a volume that was kept has fewer files than the one before, and the Agent would go on
    /// running the checks that are gone; a file that is no longer wanted would stay. What the Agent writes there itself, such as
    /// its token, is on no list and stays: it may be running.
    fn remove_leftovers(&self, script: &mut String) {
        script.push_str(&format!(
            "copied=\"$to/{COPIED}\"\n\
             find \"$from\" ! -type d -printf '%P\\n' >\"$copied.new\" || fail \"listing $from failed\"\n"
        ));
        if !self.files.is_empty() {
            let paths: Vec<String> = self.files.iter().map(|file| quoted(&file.path)).collect();
            script.push_str(&format!(
                "printf '%s\\n' {} >>\"$copied.new\" || fail \"listing config_files failed\"\n",
                paths.join(" ")
            ));
        }
        script.push_str(
            "if [ -f \"$copied\" ]; then\n\
             grep -vxFf \"$copied.new\" \"$copied\" | xargs -d '\\n' -I % rm -f -- \"$to/%\" || fail \"removing what an earlier \
             image had failed\"\n\
             fi\n\
             mv -f \"$copied.new\" \"$copied\" || fail \"writing $copied failed\"\n",
        );
    }

    /// A content is never part of the line, so there is nothing in it to quote, and it may not be known yet. `printf` writes
    /// it as it is; what was written is compared with a full stop at the end, which keeps the shell from dropping line ends.
    fn write_files(&self, script: &mut String) {
        if self.files.is_empty() {
            return;
        }
        script.push_str(
            "umask 022\n\
             put() {\n\
             mkdir -p \"$(dirname \"$to/$1\")\" && rm -f \"$to/$1\" && printf '%s' \"$2\" >\"$to/$1\" &&\n\
             [ \"$(cat \"$to/$1\"; echo .)\" = \"$2.\" ] || fail \"writing $1 of config_files to the volume failed\"\n\
             }\n",
        );
        for ConfigFile { path, variable } in &self.files {
            script.push_str(&format!("{PUTS}{} \"${variable}\"\n", quoted(path)));
        }
    }

    /// What a command does that was made here; none for any other.
    pub(crate) fn read(words: &[&str]) -> Option<Self> {
        let ["sh", "-c", line] = words else { return None };
        if !line.starts_with(BEGINNING) {
            return None;
        }
        let mut files = Vec::new();
        let mut hand_over = Vec::new();
        for command in line.lines() {
            if let Some(file) = command.strip_prefix(PUTS) {
                let (path, variable) = file.strip_suffix('"')?.rsplit_once(" \"$")?;
                files.push(ConfigFile { path: unquoted(path)?, variable: variable.to_owned() });
            } else if let Some(handed) = command.strip_prefix(HANDS_OVER) {
                let (paths, _) = handed.split_once(" || ")?;
                hand_over = paths.split(' ').map(str::to_owned).collect();
            }
        }
        // Whoever changed a word of it wrote a line of their own.
        let seeds = Platform::EACH.map(|platform| Self {
            platform,
            files: files.clone(),
            hand_over: hand_over.clone(),
        });
        seeds.into_iter().find(|seed| seed.script() == *line)
    }
}

/// How the command that writes a file begins.
const PUTS: &str = "put ";

/// How the command that hands volumes over begins, of which the first is the copy.
const HANDS_OVER: &str = "chown -Rh 100:0 \"$to\" ";

fn unquoted(word: &str) -> Option<String> {
    let inside = word.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inside.replace(r"'\''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, variable: &str) -> ConfigFile {
        ConfigFile { path: path.to_owned(), variable: variable.to_owned() }
    }

    #[test]
    fn a_command_is_read_as_it_was_made_and_no_other_is() {
        assert!(HANDS_OVER.contains(AGENT_OWNER) && BEGINNING.contains(CONFIG));
        let files = vec![file("checks.d/it's \"$x\" \\ && /init.py", "CONFIG_FILE_A"), file("a \"$b", "B")];
        for platform in Platform::EACH {
            for files in [&[][..], &files] {
                for hand_over in [&[][..], &["/run", "/tmp"]] {
                    let hand_over = hand_over.iter().map(|path| (*path).to_owned()).collect();
                    let seed = Seed { platform, files: files.to_vec(), hand_over };
                    let command = seed.command();
                    let words: Vec<&str> = command.iter().map(String::as_str).collect();
                    let read = Seed::read(&words).expect("it was made here");
                    // Platforms that need the same have the same command.
                    assert_eq!((read.files, read.hand_over), (seed.files, seed.hand_over));
                    let changed = words[2].replace("cp -RPpf", "cp -RPp");
                    assert_eq!(Seed::read(&["sh", "-c", &changed]), None);
                    assert_eq!(Seed::read(&["bash", "-c", words[2]]), None);
                }
            }
        }
        for line in [
            "",
            BEGINNING,
            "set -u\nfrom=/etc/datadog-agent\nput x",
            "set -u\nfrom=/etc/datadog-agent\nput 'x' \"$\"",
        ] {
            assert_eq!(Seed::read(&["sh", "-c", line]), None, "{line}");
        }
    }
}
