//! That a sandbox tells platforms apart: what they do with volumes decides what an Agent needs.

use std::collections::BTreeMap;

use super::sandbox::{
    Container, Filled, Holds, ImageVolumes, Mount, Network, Task, Volume, has_users, means,
};
use super::{missing, run};

/// An Agent as Kubernetes or Docker would start it, with volumes of one kind at some paths.
fn task(volume: Volume, image_volumes: ImageVolumes, user: Option<&str>, paths: &[&str]) -> Task {
    let name = |path: &&str| path.trim_matches('/').replace('/', "-");
    let variables = [("DD_API_KEY", "0123456789abcdef0123456789abcdef"), ("DD_APM_ENABLED", "true")];
    let agent = Container {
        name: "datadog-agent".to_owned(),
        image: "example.com/agent:7".to_owned(),
        entry_point: None,
        command: None,
        user: user.map(str::to_owned),
        environment: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        mounts: paths
            .iter()
            .map(|path| Mount { volume: name(path), path: (*path).to_owned(), read_only: false })
            .collect(),
        tmpfs: Vec::new(),
        waits: Vec::new(),
        health_check: None,
        read_only_root: true,
        capabilities: None,
        essential: true,
    };
    let volumes: BTreeMap<_, _> = paths.iter().map(|path| (name(path), volume.clone())).collect();
    Task { containers: vec![agent], volumes, image_volumes, network: Network::Shared }
}

const EMPTY_DIR: Volume = Volume { mode: 0o777, filled: Filled::Never, holds: Holds::Nothing };
const NAMED: Volume = Volume { mode: 0o755, filled: Filled::Everywhere, holds: Holds::Nothing };
const RUNTIME: [&str; 2] = ["/opt/datadog-agent/run", "/var/run/datadog"];

#[test]
fn a_runtime_that_ignores_the_volumes_of_images_needs_one_for_the_supervisor() {
    let Some(means) = means() else { return };
    let seen = run(&task(EMPTY_DIR, ImageVolumes::Ignored, None, &["/etc/datadog-agent"]), means);
    assert_eq!(seen.of("datadog-agent").ended, Some(1), "{}", seen.told());
    assert!(seen.of("datadog-agent").log.contains("/var/run/s6 is not writable"), "{}", seen.told());
    let seen =
        run(&task(EMPTY_DIR, ImageVolumes::Ignored, None, &["/etc/datadog-agent", "/var/run/s6"]), means);
    assert_eq!(missing(&seen.facts(), &["datadog-agent is up"]), [""; 0], "{}", seen.told());
}

#[test]
fn an_empty_directory_that_everybody_may_write_serves_an_agent_that_is_not_root() {
    let Some(means) = means().filter(|means| has_users(means)) else { return };
    let paths = [&["/etc/datadog-agent", "/var/run/s6"], &RUNTIME[..]].concat();
    let wanted = [
        "datadog-agent is up",
        "runs as user 100",
        "Remote Configuration is on",
        "listens on stream:/var/run/datadog/apm.socket",
    ];
    let seen = run(&task(EMPTY_DIR, ImageVolumes::Ignored, Some("dd-agent"), &paths), means);
    assert_eq!(missing(&seen.facts(), &wanted), [""; 0], "{}", seen.told());
    let of_root = Volume { mode: 0o755, ..EMPTY_DIR };
    let seen = run(&task(of_root, ImageVolumes::Writable, Some("dd-agent"), &RUNTIME), means);
    assert_eq!(missing(&seen.facts(), &wanted), wanted, "{}", seen.told());
}

#[test]
fn a_named_volume_of_dockers_begins_as_the_image_has_the_directory() {
    let Some(means) = means() else { return };
    let paths = [&["/etc/datadog-agent"], &RUNTIME[..]].concat();
    let check = "check cpu is scheduled";
    let seen = run(&task(NAMED, ImageVolumes::Writable, None, &paths), means);
    assert_eq!(missing(&seen.facts(), &["datadog-agent is up", check]), [""; 0], "{}", seen.told());
    let empty = Volume { filled: Filled::AtImageVolumes, ..NAMED };
    let seen = run(&task(empty, ImageVolumes::Writable, None, &paths), means);
    assert_eq!(missing(&seen.facts(), &["datadog-agent is up", check]), [check], "{}", seen.told());
}
