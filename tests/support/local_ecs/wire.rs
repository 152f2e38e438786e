//! The envelope: who signed a request and for which region, what was asked, and how ECS words a refusal.
//!
//! Knows nothing of task definitions. Signatures are checked for form and scope only: the endpoint has no secret
//! keys to compute them with.

use serde_json::{Value, json};

use super::faults::Fault;

/// A request as it was received, kept for assertions.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    /// The operation's name without the target prefix.
    pub(crate) operation: String,
    /// When it came, in seconds of the endpoint's time since its start.
    pub(crate) at: f64,
    /// The account it works in.
    pub(crate) account: String,
    /// The region of the credential scope.
    pub(crate) region: String,
    /// The access key id it was signed with.
    pub(crate) access_key: String,
    /// The body, parsed.
    pub(crate) body: Value,
    /// What was done to it on purpose.
    pub(crate) fault: Option<Fault>,
    /// Whether it had its effect, whatever the answer says.
    pub(crate) carried_out: bool,
    /// The HTTP status it was answered with; none as long as there is no answer, or where it was cut or lost.
    pub(crate) status: Option<u16>,
}

/// An error answer: HTTP status, type and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) message: String,
    /// Seconds for a `Retry-After` header.
    pub(super) retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), retry_after: None }
    }

    /// Two registrations of one family at a time.
    pub(super) fn concurrent_revision() -> Self {
        Self::client("Too many concurrent attempts to create a new revision of the specified family.")
    }

    /// `ClientException`, the answer of ECS to almost every mistake.
    pub(super) fn client(message: impl Into<String>) -> Self {
        Self::new(400, "ClientException", message)
    }

    /// `InvalidParameterException`.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParameterException", message)
    }

    /// What the body of this shape cannot be read as.
    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new(400, "SerializationException", message)
    }

    pub(super) fn body(&self) -> Value {
        json!({"__type": self.kind, "message": self.message})
    }
}

/// Who sent a request, as its `Authorization` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) access_key: String,
    pub(super) region: String,
}

impl Signed {
    /// Reads `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, SignedHeaders=..., Signature=...`.
    pub(super) fn read(authorization: Option<&str>, service: &str) -> Result<Self, Refusal> {
        let missing =
            || Refusal::new(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        let incomplete = |what: &str| {
            Refusal::new(
                403,
                "IncompleteSignatureException",
                format!("Authorization header requires '{what}' parameter."),
            )
        };
        let rest =
            authorization.ok_or_else(missing)?.strip_prefix("AWS4-HMAC-SHA256 ").ok_or_else(missing)?;
        let parameter = |name: &'static str| {
            rest.split(',')
                .filter_map(|part| part.trim().split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| incomplete(name))
        };
        let signature = parameter("Signature")?;
        if signature.len() != 64 || !signature.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(incomplete("Signature"));
        }
        let signed_headers = parameter("SignedHeaders")?;
        if !signed_headers.split(';').any(|header| header == "host") {
            return Err(incomplete("SignedHeaders"));
        }
        let scope: Vec<&str> = parameter("Credential")?.split('/').collect();
        let [access_key, _date, region, scoped_service, "aws4_request"] = scope[..] else {
            return Err(incomplete("Credential"));
        };
        if scoped_service != service {
            return Err(Refusal::new(
                403,
                "InvalidSignatureException",
                format!("Credential should be scoped to correct service: '{service}'."),
            ));
        }
        Ok(Self { access_key: access_key.to_owned(), region: region.to_owned() })
    }
}
