//! Where the API key comes from. The setting may hold a key by mistake, so its text is never quoted.

use super::{SettingProblem, of_agent};
use crate::rofs::settings::{ApiKey, Settings, Text};
use crate::rofs::variables::DD_API_KEY;

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let in_secrets = settings.secrets.contains_key(DD_API_KEY);
    let (setting, service, arn) = match &settings.api_key {
        None if in_secrets => return,
        None => {
            problems.push(of_agent(
                settings,
                "api_key_secret_arn",
                "No API key",
                "Nothing says where the Agent gets its API key. Without one the container stops at start \
                 (01-check-apikey.sh exits 1).",
                "Write api_key_secret_arn = \"arn:aws:secretsmanager:...\" or api_key_parameter_arn = \
                 \"arn:aws:ssm:...\", here or in the provider's `agent` block.",
            ));
            return;
        }
        Some(ApiKey::SecretsManager(arn)) => ("api_key_secret_arn", "secretsmanager", arn),
        Some(ApiKey::Parameter(arn)) => ("api_key_parameter_arn", "ssm", arn),
    };
    if in_secrets {
        problems.push(of_agent(
            settings,
            "secrets",
            "API key given twice",
            format!("{DD_API_KEY} is in `secrets` and `{setting}` is set too; a container has one value of a name."),
            format!("Remove {DD_API_KEY} from `secrets`."),
        ));
    }
    let Text::Known(arn) = arn else { return };
    if looks_like_key(arn) {
        problems.push(of_agent(
            settings,
            setting,
            "API key in place of its ARN",
            format!(
                "The value of `{setting}` has the form of an API key (not shown here). The key itself must not be \
                 part of a configuration; take it for leaked and revoke it."
            ),
            "Store a new key in Secrets Manager or Parameter Store and write its ARN.",
        ));
    } else if arn.split(':').next() != Some("arn") || arn.split(':').nth(2) != Some(service) {
        problems.push(of_agent(
            settings,
            setting,
            "Not an ARN of the right service",
            format!("The value of `{setting}` is not an ARN of the service `{service}`, so ECS cannot fetch the key."),
            format!("Write {setting} = \"arn:aws:{service}:<region>:<account>:...\"."),
        ));
    }
}

/// Whether a text has the form of a Datadog API key (32 hexadecimal digits) or application key (40).
pub(super) fn looks_like_key(text: &str) -> bool {
    matches!(text.len(), 32 | 40) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
