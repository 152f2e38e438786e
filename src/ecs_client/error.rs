//! What can go wrong, in the few kinds that a caller acts on.

use super::action;
use super::patience::Ended;
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
    /// How many attempts were sent.
    pub sent: u32,
    /// What ended the call, where it is not what the service answered.
    pub ended: Option<Ended>,
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
    /// The caller was asked to stop before anything was sent.
    Stopped,
    /// The caller's time was over before anything was sent.
    OutOfTime,
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
            sent: 0,
            ended: None,
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
