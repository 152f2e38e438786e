//! Where a value comes from that ECS fetches when a task starts: a secret of Secrets Manager or a parameter of Systems
//! Manager, as `valueFrom` names it.

use crate::ecs::Arn;

/// Why nothing can be fetched from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceFlaw {
    /// No ARN, and no name of a parameter either.
    ParameterName,
    /// It begins like an ARN and has too few parts.
    Cut,
    /// An ARN of another service.
    Service,
    /// The second part is no partition of AWS's.
    Partition,
    /// No region, or none of that form.
    Region,
    /// A region of another partition.
    RegionElsewhere,
    /// The account is not 12 digits.
    Account,
    /// The resource does not begin with `secret:` or `parameter/`, or has no name behind it.
    Resource,
    /// Neither the secret alone nor it with JSON key, version stage and version.
    SecretParts,
    /// The parameter in an ARN has a name that none has.
    ParameterPath,
}

/// What is wrong with a source that is not empty. A name alone is that of a parameter in the task's own region.
///
/// Source: amazon-ecs-agent `agent/taskresource/asmsecret` and `agent/asm`, which accept 2 or 5 parts; copilot-cli issue
/// 3446 for names (2026-11).
pub(crate) fn source_flaw(source: &str) -> Option<SourceFlaw> {
    if !source.trim_start().starts_with("arn:") {
        return (!is_parameter_name(source)).then_some(SourceFlaw::ParameterName);
    }
    let Some(arn) = Arn::parse(source) else { return Some(SourceFlaw::Cut) };
    if !arn.is_in_a_partition() {
        Some(SourceFlaw::Partition)
    } else if !matches!(arn.service, "secretsmanager" | "ssm") {
        Some(SourceFlaw::Service)
    } else if !arn.is_in_a_region() {
        Some(SourceFlaw::Region)
    } else if Arn::partition_of_region(arn.region) != arn.partition {
        Some(SourceFlaw::RegionElsewhere)
    } else if !arn.is_in_an_account() {
        Some(SourceFlaw::Account)
    } else if arn.service == "ssm" {
        parameter_flaw(arn.resource)
    } else {
        secret_flaw(arn.resource)
    }
}

fn secret_flaw(resource: &str) -> Option<SourceFlaw> {
    let parts: Vec<&str> = resource.split(':').collect();
    let is_of_secret = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-!".contains(&byte);
    match parts.as_slice() {
        ["secret", name, ..] if name.is_empty() || !name.bytes().all(is_of_secret) => {
            Some(SourceFlaw::Resource)
        }
        ["secret", _] | ["secret", _, _, _, _] => None,
        ["secret", _, ..] => Some(SourceFlaw::SecretParts),
        _ => Some(SourceFlaw::Resource),
    }
}

fn parameter_flaw(resource: &str) -> Option<SourceFlaw> {
    match resource.strip_prefix("parameter/") {
        None | Some("") => Some(SourceFlaw::Resource),
        // A version may follow the name.
        Some(name) => {
            let name = name.split(':').next().unwrap_or_default();
            let is_right = is_parameter_name(name) && !name.starts_with('/') && !name.contains("//");
            (!is_right).then_some(SourceFlaw::ParameterPath)
        }
    }
}

/// Whether Systems Manager has parameters of such a name.
fn is_parameter_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_every_form_are_right() {
        for source in [
            "shop-password",
            "/shop/prod/db.password",
            "arn:aws:ssm:us-east-1:111122223333:parameter/shop",
            "arn:aws:ssm:us-east-1:111122223333:parameter/shop/prod/db_password-1",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:team/shop@1-AbCdEf",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1234-AbCdEf",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf:user::",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf::AWSPREVIOUS:",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf:::9d4cb84b",
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:shop",
            "arn:aws-us-gov:ssm:us-gov-west-1:111122223333:parameter/shop",
        ] {
            assert_eq!(source_flaw(source), None, "{source}");
        }
    }

    #[test]
    fn each_flaw_is_told() {
        const SECRET: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf";
        for (source, flaw) in [
            ("my secret = value", SourceFlaw::ParameterName),
            ("shop password", SourceFlaw::ParameterName),
            ("shop:password", SourceFlaw::ParameterName),
            (" shop", SourceFlaw::ParameterName),
            ("arn:aws:secretsmanager:us-east-1", SourceFlaw::Cut),
            (" arn:aws:ssm:us-east-1:111122223333:parameter/x", SourceFlaw::Cut),
            ("arn:aws:s3:::bucket/key", SourceFlaw::Service),
            ("arn:aws:kms:us-east-1:111122223333:key/abc", SourceFlaw::Service),
            ("arn:aw:ssm:us-east-1:111122223333:parameter/x", SourceFlaw::Partition),
            ("arn:aws:ssm::111122223333:parameter/x", SourceFlaw::Region),
            ("arn:aws:ssm:frankfurt:111122223333:parameter/x", SourceFlaw::Region),
            ("arn:aws:ssm:cn-north-1:111122223333:parameter/x", SourceFlaw::RegionElsewhere),
            ("arn:aws-cn:ssm:us-east-1:111122223333:parameter/x", SourceFlaw::RegionElsewhere),
            ("arn:aws:ssm:us-east-1:1111:parameter/x", SourceFlaw::Account),
            ("arn:aws:ssm:us-east-1:111122223333:/no/parameter/word", SourceFlaw::Resource),
            ("arn:aws:ssm:us-east-1:111122223333:parameter/", SourceFlaw::Resource),
            ("arn:aws:ssm:us-east-1:111122223333:parameter//double", SourceFlaw::ParameterPath),
            ("arn:aws:ssm:us-east-1:111122223333:parameter/a b", SourceFlaw::ParameterPath),
            ("arn:aws:secretsmanager:us-east-1:111122223333:shop", SourceFlaw::Resource),
            ("arn:aws:secretsmanager:us-east-1:111122223333:secret:", SourceFlaw::Resource),
            (&format!("{SECRET}:user"), SourceFlaw::SecretParts),
            (&format!("{SECRET}:user:"), SourceFlaw::SecretParts),
            (&format!("{SECRET}:user::v:x"), SourceFlaw::SecretParts),
        ] {
            assert_eq!(source_flaw(source), Some(flaw), "{source}");
        }
    }
}
