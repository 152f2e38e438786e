//! Which Agent an image reference names, and which Agents cannot run this way.
//!
//! Reads the reference only: nothing is looked up in a registry.

use std::fmt;

use super::image_reference::Image;
use super::settings::{Settings, Text};

/// What an image reference says about the Agent inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentImage {
    /// Its version.
    pub version: AgentVersion,
    /// Whether it is a Windows image.
    pub windows: bool,
    /// Whether it has Java for JMX checks (`-jmx`, `-full`).
    pub jmx: bool,
    /// Whether it is a FIPS build (`-fips`).
    pub fips: bool,
    /// Whether the reference is pinned by a digest.
    pub pinned_by_digest: bool,
}

/// The Agent's version as far as a reference says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentVersion {
    /// A release, or a candidate for it.
    Release(Release),
    /// A tag that moves within a major version, or a minor one: `7`, `7.78`.
    Series {
        /// Major version.
        major: u64,
        /// Minor version.
        minor: Option<u64>,
    },
    /// A tag that moves over everything: `latest` or no tag at all.
    Floating,
    /// A digest, a tag that is not the Agent's, or somebody's own repository: somebody has to declare the version.
    Undeclared,
    /// The reference is known only at apply.
    Unknown,
}

/// A release of the Agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// Major version.
    pub major: u64,
    /// Minor version.
    pub minor: u64,
    /// Patch version.
    pub patch: u64,
}

impl Release {
    /// The release of that number.
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Release { major, minor, patch }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Reads an image reference. `declared` is what the user says is inside, and wins over the tag, which counts in Datadog's own
/// repositories alone and in mirrors that keep the path.
pub fn agent_image(reference: &Text, declared: Option<&str>) -> AgentImage {
    let declared = declared.map(parse_tag);
    let image = match reference {
        Text::Unknown => AgentImage::bare(AgentVersion::Unknown),
        Text::Known(reference) => read_reference(reference),
    };
    match declared {
        Some(declared) => AgentImage {
            version: declared.version,
            windows: image.windows || declared.windows,
            jmx: image.jmx || declared.jmx,
            fips: image.fips || declared.fips,
            pinned_by_digest: image.pinned_by_digest,
        },
        None => image,
    }
}

impl AgentImage {
    fn bare(version: AgentVersion) -> Self {
        AgentImage { version, windows: false, jmx: false, fips: false, pinned_by_digest: false }
    }
}

fn read_reference(reference: &str) -> AgentImage {
    let (name, digest) = match reference.split_once('@') {
        Some((name, _)) => (name, true),
        None => (reference, false),
    };
    // A colon before the last slash belongs to the registry's port.
    let tag = match name.rsplit_once(':') {
        Some((_, tag)) if !tag.contains('/') => Some(tag),
        _ => None,
    };
    let mut image = match (tag, digest) {
        (Some(tag), _) => parse_tag(tag),
        (None, true) => AgentImage::bare(AgentVersion::Undeclared),
        (None, false) => AgentImage::bare(AgentVersion::Floating),
    };
    // What somebody's own repository is tagged with is their own version.
    if !Image::parse(reference).is_some_and(|image| image.is_datadog_agent()) {
        image.version = AgentVersion::Undeclared;
    }
    // Beside a digest the tag is a comment; a full version in it is taken for a declaration, `7` says nothing.
    if digest && !matches!(image.version, AgentVersion::Release(_)) {
        image.version = AgentVersion::Undeclared;
    }
    image.pinned_by_digest = digest;
    image
}

/// Reads a tag such as `7.81.1`, `7.78.0-rc.3-jmx`, `7-fips-full`, `7.60.0-servercore-ltsc2022`, `latest`.
fn parse_tag(tag: &str) -> AgentImage {
    let mut words = tag.split('-');
    let first = words.next().unwrap_or_default();
    let mut image = AgentImage::bare(parse_version(first));
    for word in words {
        match word {
            "jmx" | "full" => image.jmx = true,
            "fips" => image.fips = true,
            _ if is_windows(word) => image.windows = true,
            _ => {}
        }
    }
    // `servercore` alone is a Windows image of no stated version.
    image.windows |= is_windows(first);
    image
}

/// Whether a word of a tag names a variant of Windows.
pub(super) fn is_windows(word: &str) -> bool {
    word.starts_with("servercore")
        || word.starts_with("windowsservercore")
        || word.starts_with("nanoserver")
        || word.starts_with("ltsc")
        || word == "windows"
        || word.strip_prefix("win").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn parse_version(text: &str) -> AgentVersion {
    if text == "latest" {
        return AgentVersion::Floating;
    }
    let text = text.strip_prefix('v').unwrap_or(text);
    let numbers: Option<Vec<u64>> = text
        .split('.')
        .map(|number| number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten())
        .collect();
    match numbers.as_deref() {
        Some([major, minor, patch]) => AgentVersion::Release(Release::new(*major, *minor, *patch)),
        Some([major, minor]) => AgentVersion::Series { major: *major, minor: Some(*minor) },
        Some([major]) => AgentVersion::Series { major: *major, minor: None },
        _ => AgentVersion::Undeclared,
    }
}

impl AgentVersion {
    /// Whether every Agent this may be is older than the release.
    pub fn is_before(&self, release: Release) -> bool {
        match *self {
            AgentVersion::Release(found) => found < release,
            AgentVersion::Series { major, minor: Some(minor) } => {
                (major, minor) < (release.major, release.minor)
            }
            AgentVersion::Series { major, minor: None } => major < release.major,
            _ => false,
        }
    }

    /// Whether every Agent this may be belongs to that minor version.
    pub fn is_of(&self, of_major: u64, of_minor: u64) -> bool {
        match *self {
            AgentVersion::Release(found) => (found.major, found.minor) == (of_major, of_minor),
            AgentVersion::Series { major, minor } => (major, minor) == (of_major, Some(of_minor)),
            _ => false,
        }
    }
}

/// The user the Agent runs as, as far as the pattern cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunsAs {
    /// The image's own user, root.
    Root,
    /// `dd-agent`, user 100.
    DatadogAgent,
    /// Anybody else.
    Other,
    /// Known at apply.
    Unknown,
}

/// Reads the `user` of a container: a name or number, perhaps with a group.
pub fn runs_as(user: Option<&Text>) -> RunsAs {
    match user {
        None => RunsAs::Root,
        Some(Text::Unknown) => RunsAs::Unknown,
        Some(Text::Known(user)) => match user.split(':').next().unwrap_or_default() {
            "" | "0" | "root" => RunsAs::Root,
            "100" | "dd-agent" => RunsAs::DatadogAgent,
            _ => RunsAs::Other,
        },
    }
}

/// Something about the image that stands between it and a read-only root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Which of them.
    pub kind: GateKind,
    /// Whether the Agent will not run; otherwise it may, and somebody should know.
    pub refuses: bool,
    /// What is wrong, in a few words.
    pub summary: &'static str,
    /// What happens, and why.
    pub detail: String,
    /// What to write instead.
    pub fix: String,
    /// Where this was seen, and when.
    pub evidence: &'static str,
}

/// The gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateKind {
    /// A Windows image.
    Windows,
    /// Older than the first release without the crashes on a read-only root.
    TooOld,
    /// A release whose files only root and user 100 can copy.
    UnreadableFiles,
    /// A release whose run directory does not belong to the user.
    RunDirectoryOfRoot,
    /// A user that the image's supervisor cannot run as.
    ForeignUser,
    /// A reference that does not say which Agent runs.
    NotPinned,
    /// A reference whose version somebody has to declare.
    NotDeclared,
}

impl GateKind {
    /// Every kind, in order.
    pub const ALL: [GateKind; 7] = [
        GateKind::Windows,
        GateKind::TooOld,
        GateKind::UnreadableFiles,
        GateKind::RunDirectoryOfRoot,
        GateKind::ForeignUser,
        GateKind::NotPinned,
        GateKind::NotDeclared,
    ];
}

/// First release without a crash on a read-only root.
const FLOOR: Release = Release::new(7, 57, 2);
/// First release whose image gives the run directory to user 100.
const RUN_DIRECTORY_OF_AGENT: Release = Release::new(7, 75, 0);

/// The gates that these settings' image and user do not pass, in the order of [`GateKind`].
pub fn gates(settings: &Settings) -> Vec<Gate> {
    gates_of(&settings.image, settings.image_version.as_deref(), settings.user.as_ref())
}

/// The same of an image, the version that is declared for it, and a user.
pub fn gates_of(image: &Text, declared: Option<&str>, user: Option<&Text>) -> Vec<Gate> {
    let image = agent_image(image, declared);
    let user = runs_as(user);
    let mut gates = Vec::new();
    if image.windows {
        gates.push(Gate {
            kind: GateKind::Windows,
            refuses: true,
            summary: "Windows image",
            detail: "The image is a Windows image. A read-only root filesystem does not exist for Windows \
                     containers, so the pattern cannot be applied."
                .to_owned(),
            fix: linux_tag(&image),
            evidence: "ECS developer guide, read 2026-11",
        });
    }
    if image.version.is_before(FLOOR) {
        gates.push(Gate {
            kind: GateKind::TooOld,
            refuses: true,
            summary: "Agent too old for a read-only root",
            detail: format!(
                "Before {FLOOR} the Agent crashes on a read-only root filesystem: 7.57.0 ends the trace Agent when \
                 the socket directory is not writable, and until 7.57.1 the core Agent panics in its log launcher."
            ),
            fix: format!("Use an image of {FLOOR} or newer, such as \"{}\".", super::settings::DEFAULT_IMAGE),
            evidence: "datadog-agent CHANGELOG 7.57.1 and 7.57.2, issue 29320; read 2026-11",
        });
    }
    if image.version.is_of(7, 78) && user == RunsAs::Other {
        gates.push(Gate {
            kind: GateKind::UnreadableFiles,
            refuses: true,
            summary: "User cannot copy the configuration of Agent 7.78",
            detail: "In 7.78 a file below /etc/datadog-agent is readable for root and user 100 alone, so copying the \
                     directory as another user fails and the Agent never starts."
                .to_owned(),
            fix: "Leave `user` out, write user = \"100\", or use 7.79.0 or newer.".to_owned(),
            evidence: "datadog-agent issue 50235, pull requests 46822 and 47637; read 2026-11",
        });
    }
    if image.version.is_before(RUN_DIRECTORY_OF_AGENT) && user == RunsAs::DatadogAgent {
        gates.push(Gate {
            kind: GateKind::RunDirectoryOfRoot,
            refuses: false,
            summary: "Run directory of the image belongs to root",
            detail: format!(
                "Before {RUN_DIRECTORY_OF_AGENT} the image's /opt/datadog-agent/run belongs to root. The init \
                 container hands the volume over to user 100, but anything else that populates it from the image \
                 leaves the Agent without Remote Configuration."
            ),
            fix: format!("Use {RUN_DIRECTORY_OF_AGENT} or newer, or leave `user` out."),
            evidence: "datadog-agent pull request 44357 (2025-12); read 2026-11",
        });
    }
    if user == RunsAs::Other {
        gates.push(Gate {
            kind: GateKind::ForeignUser,
            refuses: true,
            summary: "User the Agent's image cannot run as",
            detail: "The image's supervisor changes the owner of its scripts at start, which fails for every user but \
                     root and dd-agent (100); the container stops."
                .to_owned(),
            fix: "Leave `user` out for root, or write user = \"100\".".to_owned(),
            evidence: "datadog-agent issue 11131; read 2026-11",
        });
    }
    gates.extend(unpinned(image.version));
    gates
}

fn linux_tag(image: &AgentImage) -> String {
    match image.version {
        AgentVersion::Release(release) => format!("Use the Linux image: its tag is \"{release}\"."),
        _ => format!("Use a Linux image, such as \"{}\".", super::settings::DEFAULT_IMAGE),
    }
}

fn unpinned(version: AgentVersion) -> Option<Gate> {
    let evidence = "datadog-agent deploy_mutable_image_tags.yml, read 2026-11";
    match version {
        AgentVersion::Series { .. } | AgentVersion::Floating => Some(Gate {
            kind: GateKind::NotPinned,
            refuses: false,
            summary: "Image tag that moves",
            detail: "The tag names another Agent from one task start to the next, so nobody can say at plan which one \
                     will run and whether it runs on a read-only root."
                .to_owned(),
            fix: format!("Write the full version, such as \"{}\".", super::settings::DEFAULT_IMAGE),
            evidence,
        }),
        AgentVersion::Undeclared => Some(Gate {
            kind: GateKind::NotDeclared,
            refuses: false,
            summary: "Version of the Agent not declared",
            detail: "The image reference does not say which Agent is inside, so it cannot be checked against the \
                     versions that run on a read-only root."
                .to_owned(),
            fix: "Declare it, as in image_version = \"7.81.1\".".to_owned(),
            evidence,
        }),
        AgentVersion::Release(_) | AgentVersion::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(reference: &str) -> AgentImage {
        agent_image(&reference.into(), None)
    }

    fn kinds(image: &str, user: Option<&str>) -> Vec<(GateKind, bool)> {
        let settings = Settings { image: image.into(), user: user.map(Text::from), ..Settings::default() };
        gates(&settings).iter().map(|gate| (gate.kind, gate.refuses)).collect()
    }

    #[test]
    fn reads_versions_from_tags_of_every_kind() {
        let release = |major, minor, patch| AgentVersion::Release(Release::new(major, minor, patch));
        for (reference, version) in [
            ("public.ecr.aws/datadog/agent:7.81.1", release(7, 81, 1)),
            ("datadog/agent:7.81.1-jmx", release(7, 81, 1)),
            ("datadog/agent:7.78.0-rc.3", release(7, 78, 0)),
            ("datadog/agent:7.78.0-fips-full", release(7, 78, 0)),
            ("localhost:5000/datadog/agent:7.60.0", release(7, 60, 0)),
            ("localhost:5000/datadog/agent", AgentVersion::Floating),
            ("datadog/agent:latest", AgentVersion::Floating),
            ("datadog/agent:latest-jmx", AgentVersion::Floating),
            ("datadog/agent:7", AgentVersion::Series { major: 7, minor: None }),
            ("datadog/agent:7-rc", AgentVersion::Series { major: 7, minor: None }),
            ("datadog/agent:7.78", AgentVersion::Series { major: 7, minor: Some(78) }),
            ("datadog/agent:main", AgentVersion::Undeclared),
            ("datadog/agent:7.x", AgentVersion::Undeclared),
            ("datadog/agent:99999999999999999999.1.1", AgentVersion::Undeclared),
            ("datadog/agent@sha256:00ff", AgentVersion::Undeclared),
            ("datadog/agent:7@sha256:00ff", AgentVersion::Undeclared),
            ("datadog/agent:7.81.1@sha256:00ff", release(7, 81, 1)),
            ("", AgentVersion::Undeclared),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-agent:7.50.0", AgentVersion::Undeclared),
            ("ghcr.io/acme/datadog-agent-custom", AgentVersion::Undeclared),
            ("ghcr.io/acme/datadog-agent-custom:1.2", AgentVersion::Undeclared),
        ] {
            assert_eq!(image(reference).version, version, "{reference}");
        }
    }

    #[test]
    fn tells_windows_images_and_flavors_apart() {
        for tag in
            ["7.60.0-servercore", "7-ltsc2022", "7.60.0-servercore-ltsc2019-jmx", "6-win1809", "7-windows"]
        {
            assert!(image(&format!("datadog/agent:{tag}")).windows, "{tag}");
        }
        for tag in ["7.60.0", "7-linux", "7-linux-jmx", "7.60.0-winning"] {
            assert!(!image(&format!("datadog/agent:{tag}")).windows, "{tag}");
        }
        assert!(
            image("datadog/agent:7-full").jmx
                && image("datadog/agent:7-jmx").jmx
                && !image("datadog/agent:7").jmx
        );
        assert!(image("datadog/agent:7.78.0-fips-jmx").fips);
    }

    #[test]
    fn a_declared_version_wins_and_a_digest_is_a_pin() {
        let image = agent_image(&"agent@sha256:00ff".into(), Some("7.57.1"));
        assert_eq!(image.version, AgentVersion::Release(Release::new(7, 57, 1)));
        assert!(image.pinned_by_digest);
        assert_eq!(agent_image(&Text::Unknown, None).version, AgentVersion::Unknown);
    }

    #[test]
    fn the_default_image_passes_every_gate() {
        assert_eq!(gates(&Settings::default()), []);
        assert_eq!(kinds("datadog/agent:7.81.1", Some("100")), []);
    }

    #[test]
    fn the_gates_stand_where_the_releases_changed() {
        use GateKind::*;
        assert_eq!(kinds("datadog/agent:7.57.1", None), [(TooOld, true)]);
        assert_eq!(kinds("datadog/agent:7.57.2", None), []);
        assert_eq!(kinds("datadog/agent:6", None), [(TooOld, true), (NotPinned, false)]);
        assert_eq!(kinds("datadog/agent:7.74.9", Some("dd-agent")), [(RunDirectoryOfRoot, false)]);
        assert_eq!(kinds("datadog/agent:7.75.0", Some("dd-agent")), []);
        assert_eq!(
            kinds("datadog/agent:7.78.3", Some("1000")),
            [(UnreadableFiles, true), (ForeignUser, true)]
        );
        assert_eq!(kinds("datadog/agent:7.78.3", Some("100:0")), []);
        assert_eq!(kinds("datadog/agent:7.79.0", Some("1000")), [(ForeignUser, true)]);
        assert_eq!(kinds("datadog/agent:7.60.0-servercore", None), [(Windows, true)]);
    }

    #[test]
    fn nothing_is_said_about_what_is_not_known_yet() {
        let settings = Settings { image: Text::Unknown, user: Some(Text::Unknown), ..Settings::default() };
        assert_eq!(gates(&settings), []);
    }
}
