//! Settings of an Agent, and what else is to be done to a task definition.

use std::collections::BTreeMap;

use ddrofs::merge::{Hardening, ReadOnlyRoot};
use ddrofs::rofs::settings::{ApiKey, Apm, Dogstatsd, Settings, Text};

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
        api_key: Some(ApiKey::SecretsManager(
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-AbCdEf".into(),
        )),
        service: text(choices, "shop"),
        env: text(choices, "prod"),
        version: text(choices, "1.4.2"),
        flares: !choices.one_in(4),
        file_logging: choices.one_in(4),
        wait_until_healthy: choices.one_in(3),
        user: choices.one_in(4).then(|| "100".into()),
        apm: Apm { enabled: !choices.one_in(4), port: port(choices, 8126), ..Apm::default() },
        dogstatsd: Dogstatsd {
            enabled: !choices.one_in(4),
            port: port(choices, 8125),
            ..Dogstatsd::default()
        },
        ..default
    }
}

/// What is to be done, with that Agent or without one.
pub(crate) fn way<'a>(choices: &mut Choices<'_>, settings: &'a Settings) -> Hardening<'a> {
    let mut writable_paths = BTreeMap::new();
    for name in ["app", "web", "datadog-agent"] {
        if choices.one_in(4) {
            let paths = ["/tmp", "/var/cache/nginx", "/var/run/datadog", "/data/"];
            let first = choices.below(paths.len());
            let paths = paths[first..].iter().map(|path| (*path).to_owned());
            writable_paths.insert(name.to_owned(), paths.collect());
        }
    }
    let roots = [ReadOnlyRoot::Everywhere, ReadOnlyRoot::WhereUnsaid, ReadOnlyRoot::Leave];
    Hardening {
        agent: (!choices.one_in(3)).then_some(settings),
        wire: !choices.one_in(4),
        read_only_root: choices.pick(&roots),
        writable_paths,
        tmpfs_size: choices.one_in(3).then_some(32),
        mark: !choices.one_in(3),
    }
}
