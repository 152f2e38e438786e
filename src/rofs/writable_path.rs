//! The directories the Agent writes, what each is for and what breaks without it.
//!
//! Does not know how a platform mounts anything. Two more directories that the Agent's image needs,
//! `/var/run/s6` and (for `init.log`) `/var/log/datadog`, are declared `VOLUME` by the image itself and come
//! writable from the container runtime (datadog-agent Dockerfile, read 2026-11).

use super::settings::Settings;

/// Where the Agent keeps its configuration.
pub const CONFIG: &str = "/etc/datadog-agent";
/// Where the Agent keeps its state.
pub const RUN: &str = "/opt/datadog-agent/run";
/// Where the Agent creates its sockets.
pub const SOCKETS: &str = "/var/run/datadog";
/// Where flares and diagnostics put their work.
pub const TMP: &str = "/tmp";
/// Where the Agent's own log files go.
pub const LOGS: &str = "/var/log/datadog";

/// Socket of the trace Agent, the image's default.
pub const APM_SOCKET: &str = "/var/run/datadog/apm.socket";
/// Socket of DogStatsD, the image's default.
pub const DOGSTATSD_SOCKET: &str = "/var/run/datadog/dsd.socket";

/// A directory that the Agent writes, and the volume that makes it writable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritablePath {
    /// Absolute path in the Agent container.
    pub path: &'static str,
    /// Name of the volume, the prefix included.
    pub volume: String,
    /// What the Agent writes there.
    pub purpose: &'static str,
    /// Whether it is always needed, and if not, what lifts the need.
    pub requirement: Requirement,
    /// What breaks without it.
    pub without: &'static str,
    /// Where this was seen, and when.
    pub evidence: &'static str,
}

/// Whether a directory has to be writable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Always.
    Always,
    /// Only while a feature is on.
    While {
        /// The setting that decides.
        setting: &'static str,
        /// What makes the volume unnecessary.
        lifted_by: &'static str,
    },
}

struct Row {
    path: &'static str,
    suffix: &'static str,
    purpose: &'static str,
    requirement: Requirement,
    without: &'static str,
    evidence: &'static str,
    mounted: fn(&Settings) -> bool,
}

/// Adding a directory to the pattern is adding a row here; every platform and page follows.
const TABLE: [Row; 5] = [
    Row {
        path: CONFIG,
        suffix: "config",
        purpose: "Configuration and integration checks: the image's start scripts link datadog.yaml and remove \
                  checks that do not fit the platform, and the Agent writes its authentication token",
        requirement: Requirement::Always,
        without: "the container stops at start, because a start script fails; with an empty volume it runs, and the \
                  platform's own checks send nothing",
        evidence: "datadog-agent 50-ecs.sh and issue 15127; failing start log of an ECS task, 2026-01",
        mounted: |_| true,
    },
    Row {
        path: RUN,
        suffix: "run",
        purpose: "Runtime state: Remote Configuration database, log offsets, check state, sockets of workload \
                  protection",
        requirement: Requirement::Always,
        without: "Remote Configuration is off and log offsets are lost, mostly without an error",
        evidence: "helm-charts pull request 2217, datadog-agent pull request 44357; read 2026-11",
        mounted: |_| true,
    },
    Row {
        path: SOCKETS,
        suffix: "sockets",
        purpose: "Unix sockets for traces (apm.socket) and DogStatsD (dsd.socket), on by default since Agent 7.57",
        requirement: Requirement::Always,
        without: "no traces and no custom metrics over sockets; Agent 7.57.0 stops the trace Agent",
        evidence: "datadog-agent CHANGELOG 7.57.0 and 7.57.1; read 2026-11",
        mounted: |_| true,
    },
    Row {
        path: TMP,
        suffix: "tmp",
        purpose: "Temporary files of flares and diagnostics",
        requirement: Requirement::While { setting: "flares", lifted_by: "flares = false" },
        without: "the Agent runs, but `agent flare` fails",
        evidence: "Datadog guide to read-only root filesystems, read 2026-11",
        mounted: |settings| settings.flares,
    },
    Row {
        path: LOGS,
        suffix: "logs",
        purpose: "Log files of the Agent's own processes",
        requirement: Requirement::While {
            setting: "file_logging",
            lifted_by: "file_logging = false, which sets DD_DISABLE_FILE_LOGGING=true",
        },
        without: "an error on standard error for each line that cannot be written; the Agent's output on the \
                  console is complete either way",
        evidence: "Datadog guide to read-only root filesystems, read 2026-11",
        mounted: |settings| settings.file_logging,
    },
];

/// The directories that are mounted under these settings, in the order of the table.
pub fn writable_paths(settings: &Settings) -> Vec<WritablePath> {
    TABLE.iter().filter(|row| (row.mounted)(settings)).map(|row| row.under(&settings.volume_prefix)).collect()
}

/// Every directory of the table, mounted or not.
pub fn all_writable_paths(volume_prefix: &str) -> Vec<WritablePath> {
    TABLE.iter().map(|row| row.under(volume_prefix)).collect()
}

impl Row {
    fn under(&self, prefix: &str) -> WritablePath {
        WritablePath {
            path: self.path,
            volume: format!("{prefix}{}", self.suffix),
            purpose: self.purpose,
            requirement: self.requirement,
            without: self.without,
            evidence: self.evidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mounted(settings: &Settings) -> Vec<&'static str> {
        writable_paths(settings).iter().map(|writable| writable.path).collect()
    }

    #[test]
    fn three_directories_are_writable_whatever_is_switched_off() {
        let settings = Settings { flares: false, file_logging: false, ..Settings::default() };
        assert_eq!(mounted(&settings), [CONFIG, RUN, SOCKETS]);
    }

    #[test]
    fn flares_need_tmp_and_file_logging_needs_the_log_directory() {
        let settings = Settings { flares: true, file_logging: true, ..Settings::default() };
        assert_eq!(mounted(&settings), [CONFIG, RUN, SOCKETS, TMP, LOGS]);
    }

    #[test]
    fn volumes_carry_the_prefix_and_no_two_are_equal() {
        let mut names: Vec<_> =
            all_writable_paths("dd_").into_iter().map(|writable| writable.volume).collect();
        assert!(names.iter().all(|name| name.starts_with("dd_")));
        names.sort();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }
}
