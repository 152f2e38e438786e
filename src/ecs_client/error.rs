//! What can go wrong, in the few kinds that a caller acts on.
//!
//! A kind is decided on the service's error code or on how far the request came. A message decides only where there is no
//! code of its own: [`is_missing_task_definition`], [`is_concurrent_revision`], [`is_about_a_role`], [`is_about_time`],
//! [`not_connected`] and [`EcsError::is_being_deleted`].

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ecs::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::operation::RequestId;

use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

use super::action;
use super::attempt::LastAttempt;
use super::retry::WhenAmbiguous;
use super::signable::Signer;

/// Why a call to AWS failed. The message is the service's or our own; it never holds a request's body, nor anything that is
/// secret in its headers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message}{}", Origin(self))]
pub struct EcsError {
    /// What a caller can act on.
    pub kind: ErrorKind,
    /// The operation's name at AWS, such as `RegisterTaskDefinition`; `Configure` before there is one.
    pub operation: &'static str,
    /// HTTP status, where anything answered.
    pub status: Option<u16>,
    /// The service's error code, where the service answered.
    pub code: Option<String>,
    /// The service's message, or our own where it did not answer.
    pub message: String,
    /// The id under which AWS knows the request.
    pub request_id: Option<String>,
    /// Who was asked, and as whom, as far as that is known.
    pub circumstances: Box<Circumstances>,
}

/// What a person looks at when a call fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The host that was asked, with its port where the address names one.
    pub host: Option<String>,
    /// The setting that the host comes from, and what it says.
    pub host_setting: Option<String>,
    /// The setting that names a proxy, where there is one for such an address.
    pub proxy_setting: Option<&'static str>,
    /// Whose credentials signed.
    pub signer: Option<Signer>,
    /// ARN of the role that was to be assumed.
    pub role_arn: Option<String>,
    /// The profile that is missing, or whose sign-in has ended.
    pub profile: Option<String>,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The thing that was asked about does not exist.
    NotFound,
    /// The credentials are good but a policy does not allow the call; see [`EcsError::denied_action`].
    AccessDenied,
    /// The service was too busy to look at the call, after all repeats; nothing was done.
    Throttled,
    /// Somebody else was registering in the same family, after all repeats; nothing was done.
    ConcurrentRevision,
    /// The service looked at the call and refused its content; nothing was done.
    Rejected,
    /// The same, and what it refused is one of the task's roles.
    RoleNotValid,
    /// A quota is used up; waiting does not help.
    LimitExceeded,
    /// No host of that name is known; nothing was sent.
    UnknownHost,
    /// No connection stood; nothing was sent.
    Unreachable,
    /// The host's certificate is not one that is trusted; nothing was sent.
    UntrustedCertificate,
    /// The proxy did not let the call through; nothing was done.
    ProxyRefused,
    /// A call that may be repeated was sent, and no whole answer came.
    NoAnswer,
    /// The service failed to carry out a call that may be repeated (HTTP status 500 and above).
    ServerError,
    /// A call that must not be repeated was sent, and whether the service carried it out is not known: no whole answer
    /// came, or one that does not say, which then has a status.
    Ambiguous,
    /// Something answered, in a way that no service of AWS does: a proxy, a firewall, another server. Nothing was done.
    NotFromAws,
    /// The credentials were good and are no longer.
    ExpiredCredentials,
    /// AWS does not know the access key, or the session token does not belong to it.
    UnknownKey,
    /// AWS knows the access key, and the signature was not made with its secret key.
    WrongSignature,
    /// The signature carries a time that is too far from AWS's own.
    ClockSkew,
    /// The signature did not arrive, or not whole.
    Unsigned,
    /// The profile signs in with IAM Identity Center, and that sign-in has ended or was never made.
    SignInNeeded,
    /// A profile that is asked for by name is in no file.
    MissingProfile,
    /// No source has credentials.
    NoCredentials,
    /// Nobody said which region.
    NoRegion,
    /// A setting of the client cannot be used: a file that cannot be read, an account that is not allowed.
    Configuration,
    /// Anything else.
    Other,
}

/// Code, HTTP status and request id at the end of a message, as far as they are known.
struct Origin<'a>(&'a EcsError);

impl std::fmt::Display for Origin<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let EcsError { code, status, request_id, .. } = self.0;
        let status = status.map(|status| format!("HTTP status {status}"));
        let id = request_id.as_ref().map(|id| format!("request id {id}"));
        let known: Vec<String> = [code.clone(), status, id].into_iter().flatten().collect();
        if known.is_empty() { Ok(()) } else { write!(formatter, " ({})", known.join(", ")) }
    }
}

impl EcsError {
    /// Makes an error that no service answered with.
    pub(super) fn local(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        EcsError {
            kind,
            operation,
            status: None,
            code: None,
            message: message.into(),
            request_id: None,
            circumstances: Box::default(),
        }
    }

    /// The same error, about a profile.
    pub(super) fn of_profile(mut self, name: String) -> Self {
        self.circumstances.profile = Some(name);
        self
    }

    /// The same error, about a role that was to be assumed.
    pub(super) fn of_role(mut self, arn: Option<String>) -> Self {
        self.circumstances.role_arn = arn;
        self
    }

    /// The IAM actions that a principal needs for the operation that was denied; empty for any other failure.
    pub fn required_actions(&self) -> &'static [&'static str] {
        match self.kind {
            ErrorKind::AccessDenied => action::required_actions(self.operation),
            _ => &[],
        }
    }

    /// The IAM action that was denied and, where the answer names one, the resource that it was denied on.
    pub fn denied_action(&self) -> Option<(&str, Option<&str>)> {
        (self.kind == ErrorKind::AccessDenied).then(|| action::denied(&self.message)).flatten()
    }

    /// Whether a revision cannot be deregistered because it is being deleted, and is out of use already: ECS answers with
    /// a `ClientException` that says "in the process of being deleted" (hashicorp/aws takes it for done, 2026-11).
    pub fn is_being_deleted(&self) -> bool {
        self.code.as_deref() == Some("ClientException")
            && self.message.contains("in the process of being deleted")
    }

    /// Gives the failure of a credential source the name of the call that needed it, unless it has one of its own.
    pub(super) fn named_after(self, operation: &'static str) -> Self {
        if self.operation.is_empty() { EcsError { operation, ..self } } else { self }
    }
}

/// A call, as far as the error of its failure tells about it.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) operation: &'static str,
    pub(super) when_ambiguous: WhenAmbiguous,
    pub(super) attempt: &'a LastAttempt,
    /// Everything but the host.
    pub(super) circumstances: Circumstances,
}

impl Call<'_> {
    /// Sorts a failed call.
    pub(super) fn failure<E>(self, error: &SdkError<E>) -> EcsError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if let Some(answered) = answered(self.operation, self.when_ambiguous, error) {
            return self.with_circumstances(answered);
        }
        if let SdkError::DispatchFailure(failure) = error
            && failure.as_connector_error().is_some_and(is_connect_failure)
        {
            let failed = not_connected(self.operation, error);
            return self.with_circumstances(failed);
        }
        if let Some(failure) = credentials_failure(error) {
            // Of another call, which this one needed first; it has circumstances of its own.
            return failure.named_after(self.operation);
        }
        let kind = match self.attempt.was_handed_to_transport() {
            true => no_answer(self.when_ambiguous),
            false => ErrorKind::Other,
        };
        let failed = EcsError::local(kind, self.operation, chain(error));
        self.with_circumstances(failed)
    }

    /// The error of an answer that says success and cannot be read.
    pub(super) fn not_json(self, status: u16, position: Option<(usize, usize)>) -> EcsError {
        // Only the place is told: the text around it may hold values of the user's document.
        let place = position.map(|(line, column)| format!(" (line {line}, column {column})"));
        let message = format!("the answer is not JSON{}", place.unwrap_or_default());
        let failed = EcsError::local(no_answer(self.when_ambiguous), self.operation, message);
        self.with_circumstances(EcsError { status: Some(status), ..failed })
    }

    fn with_circumstances(self, failed: EcsError) -> EcsError {
        let host = self.attempt.host();
        EcsError { circumstances: Box::new(Circumstances { host, ..self.circumstances }), ..failed }
    }
}

fn no_answer(when_ambiguous: WhenAmbiguous) -> ErrorKind {
    match when_ambiguous {
        WhenAmbiguous::Repeat => ErrorKind::NoAnswer,
        WhenAmbiguous::GiveUp => ErrorKind::Ambiguous,
    }
}

/// The error of a call that was answered; none for any other.
pub(super) fn answered<E>(
    operation: &'static str,
    when_ambiguous: WhenAmbiguous,
    error: &SdkError<E>,
) -> Option<EcsError>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let (status, answer) = match error {
        SdkError::ServiceError(context) => (context.raw().status(), Some(context.err())),
        SdkError::ResponseError(context) => (context.raw().status(), None),
        _ => return None,
    };
    let (status, request_id) = (status.as_u16(), error.request_id().map(str::to_owned));
    let code = answer.and_then(ProvideErrorMetadata::code);
    let message = answer.and_then(ProvideErrorMetadata::message);
    // Of what is not an error of AWS nothing is repeated: whoever wrote it may have put the request into it.
    let (kind, message) = match code {
        Some(code) => (
            kind_of_code(operation, when_ambiguous, status, code, message),
            message.map_or_else(|| "the answer has no message".to_owned(), without_request),
        ),
        None => (
            kind_of_status(when_ambiguous, status, request_id.is_some()),
            match status {
                200..300 => "the answer broke off or cannot be read".to_owned(),
                _ => "the answer has no error code of AWS in it".to_owned(),
            },
        ),
    };
    let code = code.map(str::to_owned);
    Some(EcsError { status: Some(status), code, request_id, ..EcsError::local(kind, operation, message) })
}

/// Parts of a message with which AWS repeats the request that it was sent: the session token stands among the headers
/// (seen in reports of InvalidSignatureException, such as amzn/selling-partner-api-docs #1456; 2026-11).
const REPEATS_THE_REQUEST: [&str; 3] =
    ["The Canonical String for this request", "The String-to-Sign", "Authorization="];

/// A message up to where it repeats the request.
fn without_request(message: &str) -> String {
    let end = REPEATS_THE_REQUEST.iter().filter_map(|part| message.find(part)).min();
    message[..end.unwrap_or(message.len())].trim_end().to_owned()
}

/// What stood in the way of a connection. The HTTP client gives its proxy errors no type of their own, and of a proxy's
/// refusal it tells the status only where that is 407 (hyper-util 0.1.21, 2026-11).
fn not_connected<E>(operation: &'static str, error: &SdkError<E>) -> EcsError
where
    E: Error + Send + Sync + 'static,
{
    let told = chain(error);
    let (kind, status) = match () {
        () if told.contains("tunnel error: proxy authorization required") => {
            (ErrorKind::ProxyRefused, Some(407))
        }
        () if told.contains("tunnel error: unsuccessful") => (ErrorKind::ProxyRefused, None),
        () if told.contains("invalid peer certificate") => (ErrorKind::UntrustedCertificate, None),
        () if told.contains("dns error") => (ErrorKind::UnknownHost, None),
        () => (ErrorKind::Unreachable, None),
    };
    EcsError { status, ..EcsError::local(kind, operation, told) }
}

/// Sorts an answer that has an error code.
fn kind_of_code(
    operation: &'static str,
    when_ambiguous: WhenAmbiguous,
    status: u16,
    code: &str,
    message: Option<&str>,
) -> ErrorKind {
    if is_missing_task_definition(operation, Some(code), message) {
        return ErrorKind::NotFound;
    }
    if is_concurrent_revision(Some(code), message) {
        return ErrorKind::ConcurrentRevision;
    }
    match meaning_of_code(code) {
        CodeMeaning::NotFound => ErrorKind::NotFound,
        CodeMeaning::AccessDenied => ErrorKind::AccessDenied,
        CodeMeaning::Expired => ErrorKind::ExpiredCredentials,
        CodeMeaning::UnknownKey => ErrorKind::UnknownKey,
        CodeMeaning::WrongSignature if message.is_some_and(is_about_time) => ErrorKind::ClockSkew,
        CodeMeaning::WrongSignature => ErrorKind::WrongSignature,
        CodeMeaning::ClockSkew => ErrorKind::ClockSkew,
        CodeMeaning::Unsigned => ErrorKind::Unsigned,
        CodeMeaning::Throttled => ErrorKind::Throttled,
        CodeMeaning::LimitExceeded => ErrorKind::LimitExceeded,
        CodeMeaning::Rejected if is_about_a_role(code, message) => ErrorKind::RoleNotValid,
        CodeMeaning::Rejected => ErrorKind::Rejected,
        CodeMeaning::Unknown => match status {
            429 => ErrorKind::Throttled,
            500.. => server_error(when_ambiguous),
            _ => ErrorKind::Other,
        },
    }
}

/// Sorts an answer without an error code. Every answer of AWS has the id of the request.
fn kind_of_status(when_ambiguous: WhenAmbiguous, status: u16, has_request_id: bool) -> ErrorKind {
    match status {
        407 => ErrorKind::ProxyRefused,
        500.. => server_error(when_ambiguous),
        200..300 => no_answer(when_ambiguous),
        _ if has_request_id => ErrorKind::Other,
        _ => ErrorKind::NotFromAws,
    }
}

fn server_error(when_ambiguous: WhenAmbiguous) -> ErrorKind {
    match when_ambiguous {
        WhenAmbiguous::Repeat => ErrorKind::ServerError,
        WhenAmbiguous::GiveUp => ErrorKind::Ambiguous,
    }
}

/// Whether a signature is refused for its time: ECS and STS have the codes of a wrong signature for that
/// (fabfuel/ecs-deploy #126, aws/amazon-ecs-agent #1513, hashicorp/terraform-provider-aws #326; seen 2026-11).
fn is_about_time(message: &str) -> bool {
    message.starts_with("Signature expired") || message.starts_with("Signature not yet current")
}

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
        | "SerializationException"
        | "UnknownOperationException"
        | "UnsupportedFeatureException"
        | "ValidationError"
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

/// Whether ECS refuses one of the task's roles, which it has no code for: text that is no role's ARN, an ARN of another kind,
/// a wrong account (recorded up to August 2024).
fn is_about_a_role(code: &str, message: Option<&str>) -> bool {
    code == "ClientException" && message.is_some_and(|message| message.contains("Role is not valid"))
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
    let failure = find::<CredentialsError>(error)?;
    let asked = WhenAmbiguous::Repeat;
    // A profile and the environment lead to roles as well, and the SDK assumes those itself.
    let of_role = find(failure).and_then(|error| answered::<AssumeRoleError>("AssumeRole", asked, error));
    let of_web = || {
        let error = find(failure)?;
        answered::<AssumeRoleWithWebIdentityError>("AssumeRoleWithWebIdentity", asked, error)
    };
    Some(of_role.or_else(of_web).unwrap_or_else(|| {
        let kind = match find::<ConnectorError>(failure) {
            Some(_) => ErrorKind::Unreachable,
            None => ErrorKind::NoCredentials,
        };
        EcsError::local(kind, "", chain(failure))
    }))
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
