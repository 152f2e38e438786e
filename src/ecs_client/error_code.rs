//! What an error code of AWS says, and what only the message beside it does.

/// What an error code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeMeaning {
    /// The named thing does not exist.
    NotFound,
    /// A policy does not allow it.
    AccessDenied,
    /// The credentials have expired.
    Expired,
    /// The access key or the session token is not known.
    UnknownKey,
    /// The signature is not the one that it should be.
    WrongSignature,
    /// The signature is of another time.
    ClockSkew,
    /// There is no whole signature.
    Unsigned,
    /// Not looked at; ask again later.
    Throttled,
    /// A quota is used up.
    LimitExceeded,
    /// Looked at and refused.
    Rejected,
    /// Not one of ours.
    Unknown,
}

/// Sorts an error code: those of the models of ECS (2014-11-13) and STS (2011-06-15), and those that every AWS service can answer with
/// (common errors of the API reference, read 2026-11).
pub(super) fn meaning_of_code(code: &str) -> CodeMeaning {
    match code {
        "ClusterNotFoundException"
        | "ResourceNotFoundException"
        | "ServiceDeploymentNotFoundException"
        | "ServiceNotFoundException"
        | "TargetNotFoundException" => CodeMeaning::NotFound,
        "AccessDenied" | "AccessDeniedException" | "NotAuthorized" | "UnauthorizedOperation" => {
            CodeMeaning::AccessDenied
        }
        "ExpiredToken" | "ExpiredTokenException" => CodeMeaning::Expired,
        "InvalidClientTokenId" | "UnrecognizedClientException" => CodeMeaning::UnknownKey,
        "InvalidSignatureException" | "SignatureDoesNotMatch" => CodeMeaning::WrongSignature,
        "RequestExpired" | "RequestInTheFuture" | "RequestTimeTooSkewed" => CodeMeaning::ClockSkew,
        "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => CodeMeaning::Unsigned,
        "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "SlowDown"
        | "ThrottledException"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException" => CodeMeaning::Throttled,
        "LimitExceededException" => CodeMeaning::LimitExceeded,
        "ClientException"
        | "IDPRejectedClaim"
        | "InvalidIdentityToken"
        | "InvalidParameterException"
        | "MalformedPolicyDocument"
        | "PackedPolicyTooLarge"
        | "PlatformTaskDefinitionIncompatibilityException"
        | "PlatformUnknownException"
        | "ServiceNotActiveException"
        | "SerializationException"
        | "UnknownOperationException"
        | "UnsupportedFeatureException"
        | "ValidationError"
        | "ValidationException" => CodeMeaning::Rejected,
        _ => CodeMeaning::Unknown,
    }
}

/// What ECS says of a task definition that it does not have: where it was to be described, and where it was to be deregistered
/// (Cloud Custodian's ECS resources and GruCloud's ECS provider pass over the second; seen 2026-11).
const NO_TASK_DEFINITION: [&str; 2] =
    ["Unable to describe task definition", "The specified task definition does not exist"];

/// Whether ECS says that a task definition does not exist. It has no code for that: the answer is a `ClientException`
/// with one of these sentences, for a family that was never registered as well as for a deleted revision
/// (terraform-provider-aws #29749, moto #5910 with the answer of the real service; both seen 2026-11).
/// Every other `ClientException` stays an error: taking one for "gone" would make Terraform register a duplicate.
pub(super) fn is_missing_task_definition(operation: &str, code: Option<&str>, message: Option<&str>) -> bool {
    is_about_a_revision(operation)
        && code == Some("ClientException")
        && message.is_some_and(|message| NO_TASK_DEFINITION.contains(&message.trim_end_matches('.')))
}

/// Whether an operation is about one revision that is there already.
pub(super) fn is_about_a_revision(operation: &str) -> bool {
    matches!(operation, "DescribeTaskDefinition" | "DeregisterTaskDefinition")
}

/// Whether ECS refused to register because another revision of the same family was being made at that moment. It has
/// no code for that either (terraform-provider-aws #9777, seen 2026-11); nothing was registered, so asking again is safe.
pub(super) fn is_concurrent_revision(code: Option<&str>, message: Option<&str>) -> bool {
    code == Some("ClientException")
        && message.is_some_and(|message| {
            message.starts_with("Too many concurrent attempts to create a new revision")
        })
}

/// Whether ECS refuses one of the task's roles, which it has no code for: text that is no role's ARN, an ARN of another kind,
/// a wrong account (recorded up to August 2024).
pub(super) fn is_about_a_role(code: &str, message: Option<&str>) -> bool {
    code == "ClientException" && message.is_some_and(|message| message.contains("Role is not valid"))
}

/// Whether a signature is refused for its time: ECS and STS have the codes of a wrong signature for that
/// (fabfuel/ecs-deploy #126, aws/amazon-ecs-agent #1513, hashicorp/terraform-provider-aws #326; seen 2026-11).
pub(super) fn is_about_time(message: &str) -> bool {
    message.starts_with("Signature expired") || message.starts_with("Signature not yet current")
}
