//! The settings that AWS is called with.

use crate::diagnostics::Diagnostic;
use crate::value::AttributePath;

/// The configured settings of the AWS client do not fit together.
pub(in crate::provider) fn aws_configuration(problem: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error("Invalid AWS settings", problem.to_owned()).at(at)
}

/// A role to assume has no ARN.
pub(in crate::provider) fn role_without_arn(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Role to assume has no ARN",
        "role_arn is empty, so no role can be assumed, and without the role the calls would be signed with other \
         credentials, perhaps in another account. Write the ARN of the role, or leave the whole block out. Where a variable \
         decides that:\n\n  dynamic \"assume_role\" {\n    for_each = var.role_arn == \"\" ? [] : [var.role_arn]\n    content \
         {\n      role_arn = assume_role.value\n    }\n  }",
    )
    .at(at)
}

/// A role is to be assumed with a token, and there is none.
pub(in crate::provider) fn web_identity_without_token(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "No token to assume the role with",
        "assume_role_with_web_identity has neither web_identity_token nor web_identity_token_file, so the role cannot be \
         assumed, and without it the calls would be signed with other credentials, perhaps in another account. Set one of \
         the two:\n\n  web_identity_token_file = \"/var/run/secrets/token\"",
    )
    .at(at)
}

/// A role is to be assumed with two tokens.
pub(in crate::provider) fn two_web_identity_tokens(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Two tokens to assume the role with",
        "Both web_identity_token and web_identity_token_file are set, and the role is assumed with one token. Remove the one \
         that is not meant.",
    )
    .at(at)
}

/// A text of the AWS settings cannot be sent. The text itself is not repeated: it may be a key.
pub(in crate::provider) fn control_character(name: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Control character in an AWS setting",
        format!(
            "{name} holds a control character, such as a line break at its end, and no request can carry it. If it is read \
             from a file, take the line break off:\n\n  {name} = trimspace(file(\"...\"))"
        ),
    )
    .at(at)
}

/// Something has to be asked of AWS while the provider's AWS settings are not known yet. `doing` completes "While …".
pub(in crate::provider) fn aws_settings_not_known(unknown: &[String], doing: &str) -> Diagnostic {
    Diagnostic::error(
        "AWS settings are not known yet",
        format!(
            "While {doing}: {}. Nothing was called: what is known of the settings could lead to another account. Create \
             what the values come from first:\n\n  terraform apply -target=ADDRESS",
            known_after_apply(unknown)
        ),
    )
}

/// A data source has to be read while the provider's AWS settings are not known yet.
pub(in crate::provider) fn aws_settings_not_known_to_read(unknown: &[String], doing: &str) -> Diagnostic {
    Diagnostic::error(
        "AWS settings are not known yet",
        format!(
            "While {doing}: {}. Nothing was called: what is known of the settings could lead to another account. Terraform reads a \
             data source while it plans, unless it depends on something that is still to be created. Write into the data source \
             what the values come from:\n\n  depends_on = [ADDRESS]",
            known_after_apply(unknown)
        ),
    )
}

/// A refresh was left out because the provider's AWS settings are not known yet.
pub(in crate::provider) fn not_refreshed(unknown: &[String], doing: &str) -> Diagnostic {
    Diagnostic::warning(
        "Not refreshed: AWS settings are not known yet",
        format!(
            "While {doing}: {}. Nothing was called, because what is known of the settings could lead to another account, and \
             the state was kept as it is. The next plan after the apply refreshes it.",
            known_after_apply(unknown)
        ),
    )
}

fn known_after_apply(unknown: &[String]) -> String {
    let (are, s) = if unknown.len() == 1 { ("is", "") } else { ("are", "s") };
    format!("the argument{s} {} of the provider block {are} known only after apply", unknown.join(", "))
}
