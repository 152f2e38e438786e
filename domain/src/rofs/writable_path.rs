//! The directories the Agent writes, what each is for and what breaks without it.
//!
//! Does not know how a platform mounts anything. Two of the directories that the Agent's image needs, `/var/run/s6` and (for
//! `init.log`) `/var/log/datadog`, are declared `VOLUME` by the image itself and come writable from most container runtimes
//! (datadog-agent Dockerfile, read 2026-11).

use super::image_reference::Image;
use super::settings::{Seeding, Settings, Text};

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

/// Where the image's supervisor keeps the services it runs.
pub const SUPERVISOR: &str = "/var/run/s6";
/// Where the Agent keeps its token, where that has a volume of its own.
pub const TOKEN: &str = "/etc/datadog-agent/auth";
/// The file of the token there.
pub const TOKEN_FILE: &str = "/etc/datadog-agent/auth/token";

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
    /// MiB that are enough for it.
    pub size: i64,
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
    size: i64,
    evidence: &'static str,
    mounted: fn(&Settings) -> bool,
}

/// Adding a directory to the pattern is adding a row here; every platform and page follows.
const TABLE: [Row; 7] = [
    Row {
        path: CONFIG,
        suffix: "config",
        purpose: "Configuration and integration checks: the image's start scripts link datadog.yaml and remove \
                  checks that do not fit the platform, and the Agent writes its authentication token",
        requirement: Requirement::Always,
        without: "the container stops at start, because a start script fails; with an empty volume it runs, and the \
                  platform's own checks send nothing",
        size: 256,
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
        size: 512,
        evidence: "helm-charts pull request 2217, datadog-agent pull request 44357; read 2026-11",
        mounted: |_| true,
    },
    Row {
        path: SOCKETS,
        suffix: "sockets",
        purpose: "Unix sockets for traces (apm.socket) and DogStatsD (dsd.socket), on by default since Agent 7.57",
        requirement: Requirement::Always,
        without: "no traces and no custom metrics over sockets; Agent 7.57.0 stops the trace Agent",
        size: 16,
        evidence: "datadog-agent CHANGELOG 7.57.0 and 7.57.1; read 2026-11",
        mounted: |_| true,
    },
    Row {
        path: TMP,
        suffix: "tmp",
        purpose: "Temporary files of flares and diagnostics",
        requirement: Requirement::While { setting: "flares", lifted_by: "flares = false" },
        without: "the Agent runs, but `agent flare` fails",
        size: 512,
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
        size: 512,
        evidence: "Datadog guide to read-only root filesystems, read 2026-11",
        mounted: |settings| settings.file_logging,
    },
    Row {
        path: SUPERVISOR,
        suffix: "s6",
        purpose: "The services that the image's supervisor runs, copied there at every start; programs in it are executed",
        requirement: Requirement::Always,
        without: "the container stops at start where the runtime ignores what the image declares as volumes",
        size: 64,
        evidence: "s6-overlay 2.2.0.3, S6_READ_ONLY_ROOT; datadog-agent Dockerfile; read 2026-11",
        mounted: |settings| !settings.platform.gives_declared_volumes(),
    },
    Row {
        path: TOKEN,
        suffix: "auth",
        purpose: "The Agent's authentication token and certificate, which its own processes show each other",
        requirement: Requirement::Always,
        without: "the Agent does not start: it cannot write its token",
        size: 16,
        evidence: "helm-charts 3.240.0, volume auth-token; datadog-operator issue 631; read 2026-11",
        mounted: |settings| settings.platform.keeps_the_token_apart(),
    },
];

/// The directories that are mounted under these settings, in the order of the table.
pub fn writable_paths(settings: &Settings) -> Vec<WritablePath> {
    TABLE.iter().filter(|row| (row.mounted)(settings)).map(|row| row.of(settings)).collect()
}

/// The volume that only the image fills, where it is called after the image.
///
/// Where volumes outlive the workload, one that is filled while it is new keeps what an older image had. A name for each image
/// gives each a volume of its own.
pub fn volume_of_the_image(settings: &Settings) -> Option<String> {
    if settings.seeding != Seeding::ImageVolumes || !settings.platform.keeps_volumes() {
        return None;
    }
    let Text::Known(image) = &settings.image else { return None };
    let image = Image::parse(image)?;
    let digest = image.digest.and_then(|digest| digest.split_once(':')).map(|(_, sum)| sum);
    let called = digest.map(|sum| sum.get(..DIGITS).unwrap_or(sum)).or(image.tag)?;
    let configuration = TABLE.iter().find(|row| row.path == CONFIG)?;
    Some(format!("{}-{called}", configuration.under(&settings.volume_prefix).volume))
}

/// Digits of a digest in a name: as many as Docker shows of one.
const DIGITS: usize = 12;

/// Every directory of the table, mounted or not.
pub fn all_writable_paths(volume_prefix: &str) -> Vec<WritablePath> {
    TABLE.iter().map(|row| row.under(volume_prefix)).collect()
}

impl Row {
    fn of(&self, settings: &Settings) -> WritablePath {
        let usual = self.under(&settings.volume_prefix);
        match volume_of_the_image(settings).filter(|_| self.path == CONFIG) {
            Some(volume) => WritablePath { volume, ..usual },
            None => usual,
        }
    }

    fn under(&self, prefix: &str) -> WritablePath {
        WritablePath {
            path: self.path,
            volume: format!("{prefix}{}", self.suffix),
            purpose: self.purpose,
            requirement: self.requirement,
            without: self.without,
            size: self.size,
            evidence: self.evidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::platform::Platform;
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
    fn a_volume_that_outlives_its_image_and_is_filled_by_it_is_called_after_it() {
        let called = |platform, seeding, image: &str| {
            let settings = Settings { platform, seeding, image: image.into(), ..Settings::default() };
            writable_paths(&settings)[0].volume.clone()
        };
        let kept = |image: &str| called(Platform::Compose, Seeding::ImageVolumes, image);
        assert_eq!(kept("acme/datadog-agent:7.81.1-2"), "datadog-config-7.81.1-2");
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(kept(&format!("acme/datadog-agent:7@sha256:{digest}")), "datadog-config-0123456789ab");
        assert_eq!(kept("acme/datadog-agent"), "datadog-config", "nothing tells one image from the next");
        let image = "acme/datadog-agent:7.81.1";
        assert_eq!(
            called(Platform::Compose, Seeding::InitCopy, image),
            "datadog-config",
            "filled at each start"
        );
        assert_eq!(
            called(Platform::default(), Seeding::ImageVolumes, image),
            "datadog-config",
            "new with each task"
        );
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
