//! The command that fills the configuration volume, and the proof that it did.
//!
//! Knows nothing of containers: it is a text for `sh`.

use super::platform::Platform;
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

/// The command in exec form that copies the image's configuration directory into the volume at [`STAGING`].
///
/// It copies the directory as a whole, so that dot files come along; forces, so that a second run over an older
/// copy refreshes it; where volumes are kept, removes before that what an earlier copy put there and this image has not, and
/// nothing that the Agent has written since; keeps modes, times and, as root, owners; then looks for the [sentinels](Platform::sentinels) in the copy and
/// ends with status 1 and a message that names every one that is missing. `hand_over` lists further directories
/// that are given to the Agent's own user together with the copy; empty for an Agent that runs as root.
pub fn command(platform: Platform, hand_over: &[&str]) -> Vec<String> {
    vec!["sh".to_owned(), "-c".to_owned(), script(platform, hand_over)]
}

fn script(platform: Platform, hand_over: &[&str]) -> String {
    let mut script = format!(
        "set -u\n\
         from={CONFIG}\n\
         to={STAGING}\n\
         fail() {{ echo \"datadog-init: $1\" >&2; exit 1; }}\n\
         [ -n \"$(ls -A \"$from\" 2>/dev/null)\" ] || fail \"nothing to copy: $from of the image is empty or missing\"\n\
         [ -d \"$to\" ] || fail \"no volume is mounted at $to\"\n\
         {}\
         cp -RPpf \"$from/.\" \"$to/\" || fail \"copying $from to the volume at $to failed\"\n\
         missing=\n\
         [ -n \"$(ls -A \"$to/conf.d\" 2>/dev/null)\" ] || missing=\"$missing conf.d (no integration checks);\"\n",
        if platform.keeps_volumes() { without_leftovers() } else { String::new() },
    );
    for sentinel in platform.sentinels() {
        let found: Vec<_> = sentinel.any_of.iter().map(|path| format!("[ -e \"$to/{path}\" ]")).collect();
        script.push_str(&format!(
            "{} || missing=\"$missing {} ({});\"\n",
            found.join(" || "),
            sentinel.any_of[0],
            sentinel.without
        ));
    }
    script.push_str("[ -z \"$missing\" ] || fail \"not in the copy of $from:$missing check the image\"\n");
    if !hand_over.is_empty() {
        script.push_str(&format!(
            "chown -Rh {AGENT_OWNER} \"$to\" {} || fail \"giving the volumes to user {AGENT_OWNER} failed\"\n",
            hand_over.join(" ")
        ));
    }
    script.push_str("echo \"datadog-init: $from copied to the volume\"");
    script
}

/// An image that is upgraded over a volume that was kept has fewer files than the one before, and the Agent would go on
/// running the checks that are gone. What the Agent writes there itself, such as its token, is on no list and stays: it may
/// be running.
fn without_leftovers() -> String {
    format!(
        "copied=\"$to/{COPIED}\"\n\
         find \"$from\" ! -type d -printf '%P\\n' >\"$copied.new\" || fail \"listing $from failed\"\n\
         if [ -f \"$copied\" ]; then\n\
         grep -vxFf \"$copied.new\" \"$copied\" | xargs -d '\\n' -I % rm -f -- \"$to/%\" || fail \"removing what an earlier \
         image had failed\"\n\
         fi\n\
         mv -f \"$copied.new\" \"$copied\" || fail \"writing $copied failed\"\n"
    )
}
