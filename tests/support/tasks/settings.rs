//! Settings of an Agent, and what else is to be done to a task definition.

use std::collections::BTreeMap;

use ddrofs::document::Node;
use ddrofs::merge::{Hardening, ReadOnlyRoot};
use ddrofs::rofs::settings::{Apm, Dogstatsd, Secret, Seeding, Settings, Text};

use super::Choices;

/// Settings as people choose them, mostly the defaults.
pub(crate) fn settings(choices: &mut Choices<'_>) -> Settings {
    let default = Settings::default();
    let text = |choices: &mut Choices<'_>, text: &str| match choices.below(16) {
        0..8 => None,
        8..15 => Some(Text::from(text)),
        _ => Some(Text::Unknown),
    };
    let port = |choices: &mut Choices<'_>, port: i64| choices.one_in(3).then_some(port);
    Settings {
        api_key: Some(Secret::stored(
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-AbCdEf".into(),
        )),
        service: text(choices, "shop"),
        env: text(choices, "prod"),
        version: text(choices, "1.4.2"),
        flares: !choices.one_in(4),
        file_logging: choices.one_in(4),
        wait_until_healthy: choices.one_in(3),
        user: choices.one_in(4).then(|| "100".into()),
        seeding: if choices.one_in(8) { Seeding::ImageVolumes } else { Seeding::InitCopy },
        config_files: config_files(choices),
        apm: Apm { enabled: !choices.one_in(4), port: port(choices, 8126), ..Apm::default() },
        dogstatsd: Dogstatsd {
            enabled: !choices.one_in(4),
            port: port(choices, 8125),
            ..Dogstatsd::default()
        },
        ..default
    }
}

/// Files of the configuration, mostly none, and sometimes at paths that are none.
fn config_files(choices: &mut Choices<'_>) -> BTreeMap<String, Text> {
    let mut files = BTreeMap::new();
    if !choices.one_in(3) {
        return files;
    }
    for path in [
        "conf.d/redisdb.d/conf.yaml",
        "checks.d/queue.py",
        "datadog.yaml",
        "./datadog.yaml",
        "conf.d/it's; /init && \"$x\"",
        "../x",
        "conf.d",
    ] {
        if choices.one_in(6) {
            let contents = ["instances: [{}]\n", "password: s3cr3t-of-mine\n", "\0", ""];
            let known = Text::from(choices.pick(&contents));
            files.insert(path.to_owned(), if choices.one_in(16) { Text::Unknown } else { known });
        }
    }
    files
}

/// What is to be done to a document, with that Agent or without one. Writable paths are mostly for who is there.
pub(crate) fn way<'a>(choices: &mut Choices<'_>, settings: &'a Settings, document: &Node) -> Hardening<'a> {
    let mut writable_paths = BTreeMap::new();
    let containers = document.get("containerDefinitions").items();
    for name in ["app", "web", "worker", "log_router", "datadog-agent"] {
        let is_there = containers.iter().any(|container| container.get("name").as_str() == Some(name));
        if choices.one_in(if is_there { 3 } else { 200 }) {
            let paths = ["/tmp", "/var/cache/nginx", "/data/"];
            let first = choices.below(paths.len());
            let mut paths: Vec<_> = paths[first..].iter().map(|path| (*path).to_owned()).collect();
            if choices.one_in(32) {
                paths.push("/var/run/datadog".to_owned());
            }
            writable_paths.insert(name.to_owned(), paths);
        }
    }
    let roots = [
        ReadOnlyRoot::Everywhere,
        ReadOnlyRoot::WhereUnsaid,
        ReadOnlyRoot::Everywhere,
        ReadOnlyRoot::WhereUnsaid,
        ReadOnlyRoot::Leave,
    ];
    Hardening {
        agent: (!choices.one_in(4)).then_some(settings),
        wire: !choices.one_in(4),
        read_only_root: choices.pick(&roots),
        writable_paths,
        tmpfs_size: choices.one_in(3).then_some(32),
        mark: !choices.one_in(3),
        operating_system: None,
    }
}
