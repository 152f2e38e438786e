//! The STS calls a provider makes: who am I, and let me be this role, with keys or with a token.
//!
//! The role's account is carried in the access key that it hands out, so later calls with that key land in the
//! role's account. Query protocol, XML answers.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::wire::Refusal;

const ROLE_KEY: &str = "ASIALOCALROLE";

/// An account that nobody who asks here belongs to, unless a role of it was assumed.
pub(crate) const SOMEBODY_ELSES_ACCOUNT: &str = "210987654321";

/// The access key of a role in [`SOMEBODY_ELSES_ACCOUNT`].
pub(crate) const SOMEBODY_ELSES_KEY: &str = "ASIALOCALROLE210987654321";

/// The account an access key belongs to.
pub(super) fn account_of<'a>(access_key: &'a str, default: &'a str) -> &'a str {
    match access_key.strip_prefix(ROLE_KEY) {
        Some(account) if account.len() == 12 => account,
        _ => default,
    }
}

/// The ARN of whoever signed with this access key.
pub(super) fn caller_arn(access_key: &str, partition: &str, account: &str) -> String {
    if access_key.starts_with(ROLE_KEY) {
        format!("arn:{partition}:sts::{account}:assumed-role/local/session")
    } else {
        format!("arn:{partition}:iam::{account}:user/local")
    }
}

/// The operation that a request asks for.
pub(super) fn operation(form: &BTreeMap<String, String>) -> &str {
    form.get("Action").map_or("", String::as_str)
}

/// Whether an operation is asked for without a signature: the token is the proof.
pub(super) fn is_unsigned(operation: &str) -> bool {
    operation == "AssumeRoleWithWebIdentity"
}

/// Answers one STS request.
pub(super) fn answer(
    form: &BTreeMap<String, String>,
    access_key: &str,
    default_account: &str,
    now: OffsetDateTime,
) -> Result<String, Refusal> {
    let account = account_of(access_key, default_account);
    match operation(form) {
        "GetCallerIdentity" => Ok(document(
            "GetCallerIdentity",
            &format!(
                "<Arn>{}</Arn><UserId>AIDALOCAL</UserId><Account>{account}</Account>",
                caller_arn(access_key, "aws", account)
            ),
        )),
        "AssumeRoleWithWebIdentity" if form.get("WebIdentityToken").is_none_or(String::is_empty) => {
            Err(Refusal::new(400, "ValidationError", "webIdentityToken is missing".to_owned()))
        }
        operation @ ("AssumeRole" | "AssumeRoleWithWebIdentity") => {
            let role = form.get("RoleArn").map_or("", String::as_str);
            let session = form.get("RoleSessionName").map_or("", String::as_str);
            let parts: Vec<&str> = role.split(':').collect();
            let [_, _, "iam", _, role_account, name] = parts[..] else {
                return Err(Refusal::new(400, "ValidationError", format!("{role} is invalid")));
            };
            let Some(name) = name.strip_prefix("role/").filter(|_| role_account.len() == 12) else {
                return Err(Refusal::new(400, "ValidationError", format!("{role} is invalid")));
            };
            let until = (now + time::Duration::hours(1))
                .format(&Rfc3339)
                .expect("a time within this era has an RFC 3339 form");
            Ok(document(
                operation,
                &format!(
                    "<AssumedRoleUser><AssumedRoleId>AROALOCAL:{session}</AssumedRoleId>\
                     <Arn>arn:aws:sts::{role_account}:assumed-role/{name}/{session}</Arn></AssumedRoleUser>\
                     <Credentials><AccessKeyId>{ROLE_KEY}{role_account}</AccessKeyId>\
                     <SecretAccessKey>local</SecretAccessKey><SessionToken>local</SessionToken>\
                     <Expiration>{until}</Expiration></Credentials>"
                ),
            ))
        }
        other => Err(Refusal::new(
            400,
            "InvalidAction",
            format!("Could not find operation {other} for version 2011-06-15"),
        )),
    }
}

/// An STS error in the query protocol's XML.
pub(super) fn error_document(refusal: &Refusal) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{}</Code><Message>{}</Message></Error><RequestId>local</RequestId></ErrorResponse>",
        refusal.kind, refusal.message
    )
}

fn document(operation: &str, result: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result>{result}\
         </{operation}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></{operation}Response>"
    )
}

/// Reads an `application/x-www-form-urlencoded` body.
pub(super) fn form(body: &str) -> BTreeMap<String, String> {
    body.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let hex = std::str::from_utf8(&digits).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                bytes.push(hex.unwrap_or(b'?'));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
