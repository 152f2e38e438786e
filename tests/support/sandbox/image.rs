//! Images of our own, for tests: a small root that behaves as the Agent's image does where it starts, and an application's.
//!
//! What the Agent's image has was read in datadog-agent's Dockerfiles and start scripts (2026-11); the words are ours. Scripts whose
//! variable nothing here sets (mesos, Cloud Run, the OpenTelemetry Agent) are left out.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A root, and what an image says beside it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Image {
    /// By absolute path.
    pub(crate) files: BTreeMap<String, File>,
    /// Directories, with their modes.
    pub(crate) folders: BTreeMap<String, u32>,
    /// Whose a directory is with all that is in it, where it is not root's.
    pub(crate) owners: BTreeMap<String, &'static str>,
    /// The paths that it declares as volumes.
    pub(crate) volumes: Vec<String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) entry_point: Vec<String>,
    pub(crate) command: Vec<String>,
}

/// A file of an image.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) mode: u32,
    pub(crate) content: String,
}

const PROGRAMS: [(&str, &str); 21] = [
    ("/bin/entrypoint.sh", include_str!("agent/entrypoint.sh")),
    ("/readsecret_multiple_providers.sh", include_str!("agent/read-secret.sh")),
    ("/opt/entrypoints/_default", include_str!("agent/default.sh")),
    ("/opt/entrypoints/agent", include_str!("agent/agent-alone.sh")),
    ("/init", include_str!("agent/init.sh")),
    ("/etc/services.d/agent/run", include_str!("agent/agent-service.sh")),
    ("/etc/services.d/trace/run", include_str!("agent/trace-service.sh")),
    ("/opt/datadog-agent/bin/agent/agent", include_str!("agent/agent.sh")),
    ("/opt/datadog-agent/bin/agent/trace-agent", include_str!("agent/trace-agent.sh")),
    ("/opt/datadog-agent/embedded/listen.pl", include_str!("agent/listen.pl")),
    ("/etc/cont-init.d/01-check-apikey.sh", include_str!("agent/cont-init.d/01-check-apikey.sh")),
    ("/etc/cont-init.d/50-ci.sh", include_str!("agent/cont-init.d/50-ci.sh")),
    ("/etc/cont-init.d/50-ecs-managed.sh", include_str!("agent/cont-init.d/50-ecs-managed.sh")),
    ("/etc/cont-init.d/50-ecs.sh", include_str!("agent/cont-init.d/50-ecs.sh")),
    ("/etc/cont-init.d/50-eks.sh", include_str!("agent/cont-init.d/50-eks.sh")),
    ("/etc/cont-init.d/50-kubernetes.sh", include_str!("agent/cont-init.d/50-kubernetes.sh")),
    ("/etc/cont-init.d/51-docker.sh", include_str!("agent/cont-init.d/51-docker.sh")),
    ("/etc/cont-init.d/59-defaults.sh", include_str!("agent/cont-init.d/59-defaults.sh")),
    ("/etc/cont-init.d/60-network-check.sh", include_str!("agent/cont-init.d/60-network-check.sh")),
    ("/etc/cont-init.d/60-sysprobe-check.sh", include_str!("agent/cont-init.d/60-sysprobe-check.sh")),
    ("/etc/cont-init.d/89-copy-customfiles.sh", include_str!("agent/cont-init.d/89-copy-customfiles.sh")),
];

/// Checks that every host has. The start scripts for ECS remove them, because they would measure another's machine.
const CHECKS_OF_A_HOST: [&str; 10] =
    ["cpu", "disk", "file_handle", "io", "load", "memory", "network", "ntp", "telemetry", "uptime"];

/// The image's variables, but for those of programs that are not here.
const ENVIRONMENT: [(&str, &str); 6] = [
    ("DOCKER_DD_AGENT", "true"),
    (
        "PATH",
        "/opt/datadog-agent/bin/agent:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/machine/bin",
    ),
    ("S6_BEHAVIOUR_IF_STAGE2_FAILS", "2"),
    ("S6_KEEP_ENV", "1"),
    ("S6_LOGGING", "0"),
    ("S6_READ_ONLY_ROOT", "1"),
];

/// Directories of the image that are dd-agent's and group root's.
const OF_THE_AGENT: [&str; 6] = [
    "/etc/datadog-agent",
    "/etc/s6",
    "/opt/datadog-agent/run",
    "/var/log/datadog",
    "/var/run/datadog",
    "/var/run/s6",
];

impl Image {
    /// The Agent's image, as the version that the pattern was written for has it.
    pub(crate) fn agent() -> Image {
        let mut image = Image {
            volumes: ["/var/run/s6", "/var/log/datadog"].map(str::to_owned).into(),
            environment: ENVIRONMENT.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            command: vec!["/bin/entrypoint.sh".to_owned()],
            ..Image::default()
        };
        for (path, content) in PROGRAMS {
            image.add(path, 0o755, content);
        }
        for path in OF_THE_AGENT {
            image.folders.insert(path.to_owned(), 0o775);
            image.owners.insert(path.to_owned(), "100:0");
        }
        for path in ["/checks.d", "/conf.d", "/etc/datadog-agent/checks.d"] {
            image.folders.insert(path.to_owned(), 0o755);
        }
        image.folders.insert("/tmp".to_owned(), 0o1777);
        image.add_configuration();
        image
    }

    /// What the Agent's image has in `/etc/datadog-agent`.
    fn add_configuration(&mut self) {
        let ecs = "listeners:\n  - name: ecs\nconfig_providers:\n  - name: ecs\n    polling: true\napm_config:\n  \
                   enabled: false\n";
        for (name, mode, content) in [
            ("datadog-ecs.yaml", 0o644, ecs),
            ("datadog-docker.yaml", 0o644, "listeners:\n  - name: docker\n"),
            ("datadog-kubernetes.yaml", 0o644, "listeners:\n  - name: kubelet\n"),
            ("datadog-k8s-docker.yaml", 0o644, "listeners:\n  - name: docker\n  - name: kubelet\n"),
            ("datadog-ci.yaml", 0o644, "apm_config:\n  enabled: true\n"),
            ("install_info", 0o644, "install_method:\n  tool: docker\n"),
            ("system-probe.yaml.example", 0o640, "system_probe_config:\n"),
            ("private-action-runner/script-config.yaml", 0o440, "runPredefinedScript:\n"),
            (".made-with", 0o644, "a file that a glob does not find\n"),
            (
                "conf.d/ecs_fargate.d/conf.yaml.default",
                0o644,
                "ad_identifiers:\n  - _ecs_fargate\ninstances:\n  - {}\n",
            ),
            (
                "conf.d/docker.d/conf.yaml.default",
                0o644,
                "ad_identifiers:\n  - _docker\ninstances:\n  - {}\n",
            ),
            (
                "conf.d/kubelet.d/conf.yaml.example",
                0o644,
                "ad_identifiers:\n  - _kubelet\ninstances:\n  - {}\n",
            ),
            ("conf.d/eks_fargate.d/conf.yaml.example", 0o644, "instances:\n  - {}\n"),
            ("conf.d/oom_kill.d/conf.yaml.example", 0o644, "instances:\n  - {}\n"),
            ("conf.d/tcp_queue_length.d/conf.yaml.example", 0o644, "instances:\n  - {}\n"),
            ("conf.d/redisdb.d/auto_conf.yaml", 0o644, "ad_identifiers:\n  - redis\ninstances:\n  - {}\n"),
        ] {
            self.add(&format!("/etc/datadog-agent/{name}"), mode, content);
        }
        for check in CHECKS_OF_A_HOST {
            self.add(
                &format!("/etc/datadog-agent/conf.d/{check}.d/conf.yaml.default"),
                0o644,
                "instances:\n  - {}\n",
            );
        }
    }

    /// An older image of the Agent: it has a check that is gone by now, and lacks one that is new. What was left
    /// behind is there as well: the list of what was copied, and the token that its Agent wrote.
    pub(crate) fn older_agent() -> Image {
        let mut image = Image::agent();
        image.files.remove("/etc/datadog-agent/conf.d/telemetry.d/conf.yaml.default");
        image.add("/etc/datadog-agent/conf.d/retired.d/conf.yaml.default", 0o644, "instances:\n  - {}\n");
        let copied = image.files.keys().filter_map(|path| path.strip_prefix("/etc/datadog-agent/"));
        let copied: String = copied.map(|path| format!("{path}\n")).collect();
        image.add("/etc/datadog-agent/.datadog-init", 0o644, &copied);
        image.add("/etc/datadog-agent/auth_token", 0o600, "made\n");
        image
    }

    /// An application that sends where its variables say.
    pub(crate) fn application() -> Image {
        let mut image = Image {
            environment: ENVIRONMENT.iter().filter(|(name, _)| *name == "PATH").map(owned).collect(),
            command: ["perl", "/application.pl"].map(str::to_owned).into(),
            ..Image::default()
        };
        image.add("/application.pl", 0o644, include_str!("application.pl"));
        image
    }

    pub(crate) fn add(&mut self, path: &str, mode: u32, content: &str) {
        self.files.insert(path.to_owned(), File { mode, content: content.to_owned() });
    }

    /// The image that the lines of a Dockerfile make of it, with the files beside that Dockerfile. What is copied to a path
    /// after it was declared a volume is lost (datadog-agent issue 2716, read 2026-11).
    pub(crate) fn built(mut self, dockerfile: &str, files: &[(&str, &str)]) -> Image {
        for line in dockerfile.lines() {
            let (instruction, rest) = line.split_once(' ').expect("an instruction with its arguments");
            let words: Vec<String> =
                serde_json::from_str(rest).unwrap_or_else(|_| rest.split(' ').map(str::to_owned).collect());
            match (instruction, words.as_slice()) {
                ("FROM", [_]) => {}
                ("COPY", [from, to]) => {
                    let (_, content) =
                        files.iter().find(|(path, _)| path == from).expect("the file is there");
                    let is_in = |volume: &String| {
                        to.strip_prefix(volume.as_str()).is_some_and(|rest| rest.starts_with('/'))
                    };
                    if !self.volumes.iter().any(is_in) {
                        self.add(to, 0o644, content);
                    }
                }
                ("VOLUME", volumes) => self.volumes.extend_from_slice(volumes),
                _ => panic!("no image here is built by: {line}"),
            }
        }
        self
    }

    /// User and group in numbers: what a container says, or else root.
    pub(crate) fn ids(user: Option<&str>) -> (u32, u32) {
        let number = |name: &str| match name {
            "root" => 0,
            "dd-agent" => 100,
            other => other.parse().unwrap_or_else(|_| panic!("the images of a sandbox have no user {other}")),
        };
        let (user, group) = user.map_or(("0", None), |user| {
            user.split_once(':').map_or((user, None), |(user, group)| (user, Some(group)))
        });
        // The group of dd-agent is root's, and so is that of a user whom the image does not know.
        (number(user), group.map_or(0, number))
    }

    /// Whether it has a directory there.
    pub(crate) fn has_folder(&self, path: &str) -> bool {
        let below = |name: &String| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        self.folders.contains_key(path) || self.files.keys().any(below) || self.folders.keys().any(below)
    }

    /// Writes the root below a folder.
    pub(crate) fn write(&self, folder: &Path) {
        self.write_below("", folder);
    }

    /// Writes what is at a path, below a folder.
    pub(crate) fn write_below(&self, path: &str, folder: &Path) {
        let place = |name: &str| {
            let rest = name.strip_prefix(path).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
            Some(folder.join(rest.trim_start_matches('/')))
        };
        fs::create_dir_all(folder).unwrap();
        for place in self.folders.keys().filter_map(|path| place(path)) {
            fs::create_dir_all(place).unwrap();
        }
        for (path, file) in &self.files {
            let Some(place) = place(path) else { continue };
            fs::create_dir_all(place.parent().expect("a file is in a folder")).unwrap();
            fs::write(&place, &file.content).unwrap();
            fs::set_permissions(&place, fs::Permissions::from_mode(file.mode)).unwrap();
        }
        for (path, mode) in &self.folders {
            if let Some(place) = place(path) {
                fs::set_permissions(place, fs::Permissions::from_mode(*mode)).unwrap();
            }
        }
    }
}

fn owned((name, value): &(&str, &str)) -> (String, String) {
    ((*name).to_owned(), (*value).to_owned())
}
