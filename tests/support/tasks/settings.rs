//! Settings of an Agent.

use ddrofs::rofs::settings::{ApiKey, Apm, Dogstatsd, Settings, Text};

use super::Choices;

/// Settings as people choose them, mostly the defaults.
pub(crate) fn settings(choices: &mut Choices<'_>) -> Settings {
    let default = Settings::default();
    let text = |choices: &mut Choices<'_>, text: &str| match choices.below(4) {
        0 | 1 => None,
        2 => Some(Text::from(text)),
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
