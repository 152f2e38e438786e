//! What can go wrong, in the few kinds that a caller acts on.
//!
//! A kind is decided on the service's error code or on how far the request came, never on a message; the places
//! where ECS itself has no code of its own are [`is_missing_task_definition`], [`is_concurrent_revision`] and
//! [`EcsError::is_being_deleted`].

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ecs::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::operation::RequestId;

use super::action;
use super::raw_json::Exchange;
use super::retry::WhenAmbiguous;

/// Why a call to AWS failed. The message is the service's or our own; it never holds a request's body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message}{}", Origin(.code.as_deref(), .request_id.as_deref()))]
pub struct EcsError {
    /// What a caller can act on.
    pub kind: ErrorKind,
    /// The operation's name at AWS, such as `RegisterTaskDefinition`.
    pub operation: &'static str,
    /// The service's error code, where the service answered.
    pub code: Option<String>,
    /// The service's message, or our own where it did not answer.
    pub message: String,
    /// The id under which AWS knows the request.
    pub request_id: Option<String>,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The thing that was asked about does not exist.
    NotFound,
    /// The credentials are good but a policy does not allow the call; see [`EcsError::required_actions`].
    AccessDenied,
    /// The service was too busy to look at the call, after all repeats; nothing was done.
    Throttled,
    /// The service looked at the call and refused its content; nothing was done.
    Rejected,
    /// A quota is used up; waiting does not help.
    LimitExceeded,
    /// The service could not be reached, or broke off an answer to a call that changes nothing when repeated.
    Unreachable,
    /// The call was sent, and whether the service carried it out is not known.
    Ambiguous,
    /// No source has credentials, or AWS does not accept the ones found (expired, unknown key, bad signature).
    NoCredentials,
    /// Nobody said which region.
    NoRegion,
    /// A setting of the client cannot be used: a file that cannot be read, an account that is not allowed.
    Configuration,
    /// Anything else.
    Other,
}

/// Code and request id at the end of a message, as far as they are known.
struct Origin<'a>(Option<&'a str>, Option<&'a str>);

impl std::fmt::Display for Origin<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0, self.1) {
            (None, None) => Ok(()),
            (Some(code), None) => write!(formatter, " ({code})"),
            (None, Some(id)) => write!(formatter, " (request id {id})"),
            (Some(code), Some(id)) => write!(formatter, " ({code}, request id {id})"),
        }
    }
}

impl EcsError {
    /// Makes an error that no service answered with.
    pub(super) fn local(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        EcsError { kind, operation, code: None, message: message.into(), request_id: None }
    }

    /// The IAM actions that a principal needs for the operation that was denied; empty for any other failure.
    pub fn required_actions(&self) -> &'static [&'static str] {
        match self.kind {
            ErrorKind::AccessDenied => action::required_actions(self.operation),
            _ => &[],
        }
    }

    /// Whether a revision cannot be deregistered because it is being deleted, and is out of use already: ECS answers with
    /// a `ClientException` that says "in the process of being deleted" (hashicorp/aws takes it for done, 2026-11).
    pub fn is_being_deleted(&self) -> bool {
        self.code.as_deref() == Some("ClientException")
            && self.message.contains("in the process of being deleted")
    }

    /// Sorts a failed call to ECS.
    pub(super) fn from_sdk<E>(
        operation: &'static str,
        when_ambiguous: WhenAmbiguous,
        exchange: &Exchange,
        error: &SdkError<E>,
    ) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let request_id = error.request_id().map(str::to_owned);
        let unknown_fate = match when_ambiguous {
            WhenAmbiguous::Repeat => ErrorKind::Unreachable,
            WhenAmbiguous::GiveUp => ErrorKind::Ambiguous,
        };
        match error {
            SdkError::ServiceError(context) => {
                let (code, message) = (context.err().code(), context.err().message());
                let status = context.raw().status().as_u16();
                let kind = kind_of_answer(operation, status, code, message, when_ambiguous);
                EcsError {
                    kind,
                    operation,
                    code: code.map(str::to_owned),
                    message: message.map_or_else(
                        || format!("the service answered with HTTP status {status}"),
                        str::to_owned,
                    ),
                    request_id,
                }
            }
            SdkError::DispatchFailure(failure)
                if failure.as_connector_error().is_some_and(is_connect_failure) =>
            {
                EcsError::local(ErrorKind::Unreachable, operation, chain(error))
            }
            other => {
                if let Some(failure) = credentials_failure(other) {
                    return failure.named_after(operation);
                }
                let kind = if exchange.was_handed_to_transport() { unknown_fate } else { ErrorKind::Other };
                EcsError { request_id, ..EcsError::local(kind, operation, chain(other)) }
            }
        }
    }

    /// Gives the failure of a credential source the name of the call that needed it, unless it has one of its own.
    pub(super) fn named_after(self, operation: &'static str) -> Self {
        if self.operation.is_empty() { EcsError { operation, ..self } } else { self }
    }
}

/// Sorts an answer with an error status.
fn kind_of_answer(
    operation: &'static str,
    status: u16,
    code: Option<&str>,
    message: Option<&str>,
    when_ambiguous: WhenAmbiguous,
) -> ErrorKind {
    if is_missing_task_definition(operation, code, message) {
        return ErrorKind::NotFound;
    }
    if is_concurrent_revision(code, message) {
        return ErrorKind::Throttled;
    }
    match code.map_or(CodeMeaning::Unknown, meaning_of_code) {
        CodeMeaning::NotFound => ErrorKind::NotFound,
        CodeMeaning::AccessDenied => ErrorKind::AccessDenied,
        CodeMeaning::BadCredentials => ErrorKind::NoCredentials,
        CodeMeaning::Throttled => ErrorKind::Throttled,
        CodeMeaning::LimitExceeded => ErrorKind::LimitExceeded,
        CodeMeaning::Rejected => ErrorKind::Rejected,
        CodeMeaning::Unknown => match status {
            429 => ErrorKind::Throttled,
            500.. if when_ambiguous == WhenAmbiguous::GiveUp => ErrorKind::Ambiguous,
            _ => ErrorKind::Other,
        },
    }
}

/// What an error code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeMeaning {
    /// The named thing does not exist.
    NotFound,
    /// A policy does not allow it.
    AccessDenied,
    /// The credentials themselves are not accepted.
    BadCredentials,
    /// Not looked at; ask again later.
    Throttled,
    /// A quota is used up.
    LimitExceeded,
    /// Looked at and refused.
    Rejected,
    /// Not one of ours.
    Unknown,
}

/// Sorts an error code: those of the ECS model (2014-11-13), and those that every AWS service can answer with
/// (common errors of the API reference, read 2026-11).
pub(super) fn meaning_of_code(code: &str) -> CodeMeaning {
    match code {
        "ClusterNotFoundException"
        | "ResourceNotFoundException"
        | "ServiceNotFoundException"
        | "TargetNotFoundException" => CodeMeaning::NotFound,
        "AccessDenied"
        | "AccessDeniedException"
        | "NotAuthorized"
        | "OptInRequired"
        | "UnauthorizedOperation" => CodeMeaning::AccessDenied,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "RequestExpired"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException" => CodeMeaning::BadCredentials,
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
        | "InvalidParameterException"
        | "PlatformTaskDefinitionIncompatibilityException"
        | "PlatformUnknownException"
        | "SerializationException"
        | "UnknownOperationException"
        | "UnsupportedFeatureException"
        | "ValidationException" => CodeMeaning::Rejected,
        _ => CodeMeaning::Unknown,
    }
}

/// Whether ECS says that a task definition does not exist. It has no code for that: the answer is a `ClientException`
/// with this one sentence, for a family that was never registered as well as for a deleted revision
/// (terraform-provider-aws #29749, moto #5910 with the answer of the real service; both seen 2026-11).
/// Every other `ClientException` stays an error: taking one for "gone" would make Terraform register a duplicate.
fn is_missing_task_definition(operation: &str, code: Option<&str>, message: Option<&str>) -> bool {
    matches!(operation, "DescribeTaskDefinition" | "DeregisterTaskDefinition")
        && code == Some("ClientException")
        && message
            .is_some_and(|message| message.trim_end_matches('.') == "Unable to describe task definition")
}

/// Whether ECS refused to register because another revision of the same family was being made at that moment. It has
/// no code for that either (terraform-provider-aws #9777, seen 2026-11); nothing was registered, so asking again is safe.
pub(super) fn is_concurrent_revision(code: Option<&str>, message: Option<&str>) -> bool {
    code == Some("ClientException")
        && message.is_some_and(|message| {
            message.starts_with("Too many concurrent attempts to create a new revision")
        })
}

/// Whether the transport failed before a connection stood, so that the service cannot have seen the request.
pub(super) fn is_connect_failure(error: &ConnectorError) -> bool {
    // The SDK sets no timeout on reading here, so a transport timeout is one of connecting.
    error.is_timeout()
        || find::<hyper_util::client::legacy::Error>(error)
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// Looks for an error of one type among an error and its sources.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

/// The failure of a credential source somewhere below an error. Its operation is empty when it has no own one.
pub(super) fn credentials_failure(error: &(dyn Error + 'static)) -> Option<EcsError> {
    if let Some(own) = find::<EcsError>(error) {
        return Some(own.clone());
    }
    find::<CredentialsError>(error)
        .map(|failure| EcsError::local(ErrorKind::NoCredentials, "", chain(failure)))
}

/// An error with its sources in one line. Of the SDK's errors none prints a body or a key.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for error in std::iter::successors(Some(error), |&error| error.source()) {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
