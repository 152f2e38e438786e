//! Where the API key comes from. The setting may hold a key by mistake, so its text is never quoted.

use super::{SettingProblem, of_agent};
use crate::rofs::settings::{Secret, Settings, Store, Text};
use crate::rofs::variables::{DD_API_KEY, DD_SECRET_BACKEND_COMMAND, DD_SECRET_BACKEND_TYPE};

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let words = settings.platform.words();
    let in_secrets = settings.secrets.contains_key(DD_API_KEY);
    let Some(Secret { store, reference }) = &settings.api_key else {
        if !in_secrets {
            problems.push(of_agent(
                settings,
                words.api_key(None),
                "No API key",
                "Nothing says where the Agent gets its API key. Without one the container stops at start \
                 (01-check-apikey.sh exits 1).",
                words.api_key_lines,
            ));
        }
        return;
    };
    let setting = words.api_key(Some(*store));
    if in_secrets {
        problems.push(of_agent(
            settings,
            "secrets",
            "API key given twice",
            format!("{DD_API_KEY} is in `secrets` and `{setting}` is set too; a container has one value of a name."),
            format!("Remove {DD_API_KEY} from `secrets`."),
        ));
    }
    if *store == Store::File {
        for variable in [DD_SECRET_BACKEND_COMMAND, DD_SECRET_BACKEND_TYPE] {
            if settings.environment.contains_key(variable) {
                problems.push(of_agent(
                    settings,
                    "environment",
                    "Two ways to read secrets",
                    format!(
                        "With `{setting}` the Agent reads its API key from a file through the image's own program, and \
                         {variable} in `environment` names another way; it has one."
                    ),
                    format!("Remove {variable} from `environment`, or remove `{setting}`."),
                ));
            }
        }
    }
    if matches!(reference, Text::Known(text) if looks_like_key(text)) {
        problems.push(of_agent(
            settings,
            setting,
            words.key_in_place,
            format!(
                "The value of `{setting}` has the form of an API key (not shown here). The key itself must not be \
                 part of a configuration; take it for leaked and revoke it."
            ),
            words.key_is_stored,
        ));
    }
}

/// Whether a text has the form of a Datadog API key (32 hexadecimal digits) or application key (40).
pub(crate) fn looks_like_key(text: &str) -> bool {
    matches!(text.len(), 32 | 40) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
