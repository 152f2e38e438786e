//! Why a call failed: from what the SDK hands over to the error that a caller acts on.
//!
//! A kind is decided on the service's error code or on how far the request came. A message decides only where there is no
//! code of its own: in `error_code`, in [`not_connected`] and in [`EcsError::is_being_deleted`].

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ecs::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::operation::RequestId;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

use super::attempt::{LastAttempt, WhenAmbiguous};
use super::error::{Circumstances, EcsError, ErrorKind};
use super::error_code::{
    CodeMeaning, is_about_a_revision, is_about_a_role, is_about_time, is_concurrent_revision,
    is_missing_task_definition, meaning_of_code,
};

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

/// The kind of a call that was sent and not answered.
pub(super) fn no_answer(when_ambiguous: WhenAmbiguous) -> ErrorKind {
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
        // That a cluster or a service is missing says nothing about a task definition.
        CodeMeaning::NotFound if is_about_a_revision(operation) => ErrorKind::Other,
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
