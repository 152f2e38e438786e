//! Calls to AWS that failed: what happened, whether anything was changed, and what a person can do about it.

use crate::diagnostics::Diagnostic;
use crate::ecs_client::{EcsError, ErrorKind, Signer};

/// What is said of a failure: a summary, what happened, and what to do.
type Told = (String, String, String);

/// A call to AWS failed. `doing` completes "While …".
pub(in crate::provider) fn aws(error: &EcsError, doing: &str) -> Diagnostic {
    aws_and(error, doing, "")
}

/// The same, with a sentence about what was done before or comes next.
pub(in crate::provider) fn aws_and(error: &EcsError, doing: &str, more: &str) -> Diagnostic {
    let more = if more.is_empty() { String::new() } else { format!("\n\n{more}") };
    diagnostic(error, doing, &more)
}

/// A registration failed.
pub(in crate::provider) fn aws_registration(error: &EcsError, family: &str, region: &str) -> Diagnostic {
    let look = match error.kind {
        ErrorKind::Ambiguous => format!(
            "\n\n  aws ecs list-task-definitions --family-prefix {family} --sort DESC --max-items 1 --region {region}\n\nIf the \
             newest revision is the one that was to be registered, import it or deregister it."
        ),
        _ => String::new(),
    };
    diagnostic(error, &format!("registering a revision of {family}"), &look)
}

fn diagnostic(error: &EcsError, doing: &str, more: &str) -> Diagnostic {
    let (summary, what, advice) = told(error);
    let original = match is_ours(error) {
        true => String::new(),
        false => format!("\n\nOriginal error: {error}"),
    };
    let apart = if what.contains('\n') { "\n\n" } else { " " };
    let fate = fate(error);
    Diagnostic::error(summary, format!("While {doing}: {what}{apart}{fate}\n\n{advice}{more}{original}"))
}

/// Whether the whole message is in the text already, because nobody else wrote it.
fn is_ours(error: &EcsError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Configuration
            | ErrorKind::MissingProfile
            | ErrorKind::NoRegion
            | ErrorKind::Stopped
            | ErrorKind::OutOfTime
    )
}

/// The service that an operation belongs to.
fn service(error: &EcsError) -> &'static str {
    match error.operation {
        "AssumeRole" | "AssumeRoleWithWebIdentity" | "GetCallerIdentity" => "STS",
        "Configure" => "AWS",
        _ => "ECS",
    }
}

/// What became of the thing that was asked for.
pub(super) fn fate(error: &EcsError) -> &'static str {
    match (error.operation, error.kind) {
        ("UpdateService", ErrorKind::Ambiguous) => "Whether a deployment was started is not known.",
        (_, ErrorKind::Ambiguous) => "Whether a revision was registered is not known.",
        ("RegisterTaskDefinition", _) => "Nothing was registered.",
        (read, _) if read.starts_with("Describe") || read.starts_with("List") => {
            "Nothing was registered or changed."
        }
        (_, ErrorKind::NoAnswer | ErrorKind::ServerError) if service(error) == "ECS" => {
            "Whether it was done is not known, and doing it once more does no harm."
        }
        _ if service(error) == "ECS" => "This call changed nothing.",
        _ => "Nothing was sent to ECS, and nothing was registered or changed.",
    }
}

fn told(error: &EcsError) -> Told {
    match error.kind {
        ErrorKind::AccessDenied => denied(error),
        ErrorKind::ExpiredCredentials => expired(error),
        ErrorKind::UnknownKey
        | ErrorKind::WrongSignature
        | ErrorKind::ClockSkew
        | ErrorKind::Unsigned
        | ErrorKind::SignInNeeded
        | ErrorKind::MissingProfile
        | ErrorKind::NoCredentials
        | ErrorKind::NoRegion
        | ErrorKind::Configuration => settings(error),
        ErrorKind::UnknownHost
        | ErrorKind::Unreachable
        | ErrorKind::UntrustedCertificate
        | ErrorKind::ProxyRefused => not_reached(error),
        ErrorKind::NoAnswer | ErrorKind::ServerError | ErrorKind::Ambiguous => broken_off(error),
        ErrorKind::NotFromAws => not_from_aws(error),
        ErrorKind::Stopped | ErrorKind::OutOfTime => not_sent(error),
        ErrorKind::NotFound
        | ErrorKind::Throttled
        | ErrorKind::ConcurrentRevision
        | ErrorKind::Rejected
        | ErrorKind::RoleNotValid
        | ErrorKind::LimitExceeded
        | ErrorKind::Other => refused(error),
    }
}

/// The call was still waiting for its turn.
fn not_sent(error: &EcsError) -> Told {
    let (summary, what, advice) = match error.kind {
        ErrorKind::Stopped => {
            ("Stopped", "Terraform asked the provider to stop.", "Run the command again to go on.")
        }
        _ => (
            "No time left for a call to ECS",
            "ECS allows only so many calls a second for an account and region, and the turn of this one would have come after \
             its time was over.",
            "Run the command again: what was done stays done.",
        ),
    };
    (summary.to_owned(), what.to_owned(), advice.to_owned())
}

/// The service looked at the call and said no.
fn refused(error: &EcsError) -> Told {
    let service = service(error);
    let text =
        |summary: &str, what: &str, advice: &str| (summary.to_owned(), what.to_owned(), advice.to_owned());
    match error.kind {
        ErrorKind::NotFound => text(
            "Not found in ECS",
            "ECS does not have it.",
            "It may have been deleted outside Terraform. A new plan shows what is there.",
        ),
        ErrorKind::Throttled => (
            format!("{service} is throttling"),
            "the account's request rate for this operation is used up, and stayed so for as long as the call was repeated."
                .to_owned(),
            "Run the command again, with a lower -parallelism if many task definitions are registered at once.".to_owned(),
        ),
        ErrorKind::ConcurrentRevision => text(
            "Family is being registered by somebody else",
            "another revision of the same family was being registered at that moment, each time the call was repeated.",
            "Two resources of one family do that to each other, and so does a pipeline. Give each resource a family of its own, \
             or run the command again.",
        ),
        ErrorKind::RoleNotValid => text(
            "ECS does not accept a role of the task",
            "ECS says that a role is not valid, and does not say which of the two.",
            "execution_role_arn and task_role_arn need the ARN of an IAM role in the account that registers. The ARN of a user, \
             a policy or an instance profile is not accepted. Write:\n\n  execution_role_arn = \
             \"arn:aws:iam::123456789012:role/NAME\"",
        ),
        ErrorKind::Rejected if service == "ECS" => text(
            "ECS rejected the request",
            "ECS does not accept what it was sent.",
            "ECS reports the first problem only. Change what the original error names and apply again.",
        ),
        ErrorKind::Rejected => (
            format!("{service} rejected the request"),
            format!("{service} does not accept what it was sent."),
            "Correct what the original error names in the provider block, in assume_role or assume_role_with_web_identity."
                .to_owned(),
        ),
        ErrorKind::LimitExceeded => text(
            "ECS quota exceeded",
            "a quota of the account is used up, and waiting does not help.",
            "See the quotas of Amazon ECS in the Service Quotas console.",
        ),
        _ => (
            format!("{service} answered with an error"),
            match (&error.code, error.status) {
                (Some(code), _) => format!("{service} answered with the error {code}."),
                (None, Some(status)) => format!("{service} answered with HTTP status {status} and without an error code."),
                (None, None) => "the call failed before it was sent.".to_owned(),
            },
            error.status.and_then(advice_on_status).unwrap_or("The original error says more.").to_owned(),
        ),
    }
}

/// A policy does not allow the call.
fn denied(error: &EcsError) -> Told {
    let role = error.circumstances.role_arn.as_deref();
    let (action, resource) = error.denied_action().unwrap_or(("", None));
    let resource = resource.filter(|resource| *resource != "*");
    match error.operation {
        "AssumeRole" => {
            let action = if action.is_empty() { "sts:AssumeRole" } else { action };
            let arn = resource.or(role);
            (
                "Not allowed to assume the role".to_owned(),
                format!("STS denies {action} on {}.", arn.unwrap_or("the role that the profile leads to")),
                format!(
                    "Two policies have to allow it. One belongs to {}:\n\n{}\n\nThe other is the trust policy of the role: it has \
                     to name that identity as its principal, and its conditions, such as an external id, have to be met.",
                    signer(error),
                    statement(action, arn.unwrap_or("ARN of the role")),
                ),
            )
        }
        "AssumeRoleWithWebIdentity" => (
            "Not allowed to assume the role".to_owned(),
            format!(
                "STS denies sts:AssumeRoleWithWebIdentity on {}.",
                resource.or(role).unwrap_or("the role that the environment or the profile leads to")
            ),
            "The trust policy of the role has to allow sts:AssumeRoleWithWebIdentity to the provider that issued the token, and \
             its conditions have to fit the token's subject and audience."
                .to_owned(),
        ),
        // It needs no permission, and a policy of the identity cannot take it away (API reference of STS, read 2026-11).
        "GetCallerIdentity" => (
            "Not allowed to ask which account this is".to_owned(),
            "STS denies sts:GetCallerIdentity, which allowed_account_ids and forbidden_account_ids need.".to_owned(),
            "Every identity has that permission, so something on the way takes it away, such as the policy of a VPC endpoint for \
             STS: allow sts:GetCallerIdentity there."
                .to_owned(),
        ),
        _ => (
            "Access to ECS denied".to_owned(),
            match action {
                "" => format!("a policy does not allow {} what this needs.", signer(error)),
                action => format!("a policy does not allow {} the action {action}.", signer(error)),
            },
            match action {
                "" => format!("It needs {}. Allow each, and look for a policy that denies one.", actions(error)),
                _ if error.message.contains("explicit deny") => format!(
                    "A policy denies {action} explicitly, so a policy that allows it does not help. The original error says which \
                     kind of policy: change that one."
                ),
                action => format!("Allow it:\n\n{}", statement(action, resource.unwrap_or("*"))),
            },
        ),
    }
}

/// The actions that an operation needs, as the end of a sentence.
fn actions(error: &EcsError) -> String {
    match error.required_actions() {
        [] => format!("the action that the operation {} is called after", error.operation),
        ["ecs:RegisterTaskDefinition", ..] => {
            "ecs:RegisterTaskDefinition, iam:PassRole on the roles of the task and, for tags, ecs:TagResource"
                .to_owned()
        }
        actions => actions.join(" and "),
    }
}

/// A statement of a policy.
fn statement(action: &str, resource: &str) -> String {
    format!(
        "  {{\n    \"Effect\": \"Allow\",\n    \"Action\": \"{action}\",\n    \"Resource\": \"{resource}\"\n  }}"
    )
}

/// Credentials that were good.
fn expired(error: &EcsError) -> Told {
    if error.operation == "AssumeRoleWithWebIdentity" {
        return (
            "Web identity token has expired".to_owned(),
            "the token that the role is to be assumed with has expired.".to_owned(),
            "Get a new one; a pipeline gets it with a new job. A file that web_identity_token_file names is read anew every time."
                .to_owned(),
        );
    }
    let advice = match &error.circumstances.signer {
        Some(Signer::ProviderBlock) => {
            "Get new ones and write all three: access_key, secret_key and token. Without them the provider takes what the \
             environment or a profile has."
                .to_owned()
        }
        Some(Signer::Environment) => {
            "Get new ones and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset all three if a profile \
             is meant: the environment comes before AWS_PROFILE."
                .to_owned()
        }
        Some(Signer::Profile { name }) => format!(
            "If the profile signs in with IAM Identity Center (SSO), sign in again:\n\n  aws sso login --profile {}\n\nOtherwise \
             run what wrote its keys, and then this command.",
            shell(name)
        ),
        Some(Signer::Role { .. }) => "Run the command again: the role is assumed anew.".to_owned(),
        Some(Signer::Service) | None => {
            "Run the command again: new ones are fetched. If it stays so, look at the service that hands them out.".to_owned()
        }
    };
    (
        "AWS credentials have expired".to_owned(),
        format!("{} no longer accepts {}: the session has expired.", service(error), credentials(error)),
        advice,
    )
}

/// Credentials, signatures and settings.
fn settings(error: &EcsError) -> Told {
    let service = service(error);
    let (summary, what, advice) = match error.kind {
        ErrorKind::UnknownKey => (
            "AWS does not know these credentials",
            format!(
                "{service} does not know {}: the access key, or the session token that belongs to it.",
                credentials(error)
            ),
            "The key may be deleted or inactive, come without the session token that belongs to it, or be of another partition \
             (such as AWS China). In a region that is not enabled for the account no key is known either. Renew the credentials \
             or choose others, such as:\n\n  profile = \"NAME\""
                .to_owned(),
        ),
        ErrorKind::WrongSignature => (
            "AWS does not accept the signature",
            format!(
                "{service} knows the access key of {}, but the signature was not made with the secret key that belongs to it.",
                credentials(error)
            ),
            "Write access key and secret key anew, as a pair, and look for a character that is missing or too many. If they are \
             right, something on the way changes the request, such as a proxy."
                .to_owned(),
        ),
        ErrorKind::ClockSkew => (
            "The clock of this machine is wrong",
            format!("{service} does not accept the signature, because its time is too far from the time at AWS."),
            "Set the clock of this machine, or of the host of this virtual machine or container, and let it be kept right. On \
             Linux:\n\n  timedatectl set-ntp true"
                .to_owned(),
        ),
        ErrorKind::Unsigned => (
            "The signature did not arrive",
            format!("{service} got the request without its signature, or with a part of it."),
            format!("Something on the way to {} takes headers out or changes them.{}", host(error), proxy_to_check(error)),
        ),
        ErrorKind::SignInNeeded => {
            let name = error.circumstances.profile.as_deref().unwrap_or("default");
            (
                "Sign in to AWS again",
                format!(
                    "the profile \"{name}\" signs in with IAM Identity Center (SSO), and the sign-in has ended or was never made."
                ),
                format!("Sign in, and run the command again:\n\n  aws sso login --profile {}", shell(name)),
            )
        }
        ErrorKind::MissingProfile => {
            let name = error.circumstances.profile.as_deref().unwrap_or("default");
            (
                "AWS profile not found",
                format!("{}.", error.message),
                format!(
                    "Correct the name, name the file that has it in shared_config_files or shared_credentials_files, or make \
                     it:\n\n  aws configure sso --profile {0}\n\nor, with keys:\n\n  aws configure --profile {0}",
                    shell(name)
                ),
            )
        }
        ErrorKind::NoCredentials => (
            "No AWS credentials",
            "no source has credentials.".to_owned(),
            "Set profile, or access_key and secret_key, in the provider block, or AWS_PROFILE or AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY in the environment:\n\n  profile = \"NAME\""
                .to_owned(),
        ),
        ErrorKind::NoRegion => (
            "No AWS region",
            format!("{}.", error.message),
            "Set region in the provider block or on the resource, or AWS_REGION in the environment:\n\n  region = \
             \"eu-west-1\""
                .to_owned(),
        ),
        _ => (
            "Invalid AWS settings",
            format!("{}.", error.message),
            "Correct that setting in the provider block, the environment or the profile.".to_owned(),
        ),
    };
    (summary.to_owned(), what, advice)
}

/// Nothing was sent, because no connection stood.
fn not_reached(error: &EcsError) -> Told {
    let (service, host) = (service(error), host(error));
    let (summary, what, advice) = match (error.kind, error.status) {
        (ErrorKind::UnknownHost, _) => (
            format!("Host of {service} not found"),
            format!("there is no host {host}, or this machine cannot look names up.{}", origin_of_host(error)),
            format!(
                "If the name is wrong, correct that setting; the name of a region looks like eu-west-1. Otherwise check the network and \
                 the name service of this machine.{}",
                proxy_to_check(error)
            ),
        ),
        (ErrorKind::UntrustedCertificate, _) => (
            format!("Certificate of {service} not accepted"),
            format!("the certificate of {host} is not accepted here.{}", origin_of_host(error)),
            "A proxy or firewall that looks into TLS, and an endpoint of one's own, have their own certificate authority. Name a \
             file that holds it:\n\n  custom_ca_bundle = \"/etc/ssl/certs/company.pem\""
                .to_owned(),
        ),
        (ErrorKind::ProxyRefused, Some(407)) => (
            "Proxy asks for a password".to_owned(),
            format!(
                "{} answered with HTTP status 407: it wants to know who asks. The call did not get through to {host}.",
                proxy(error)
            ),
            "Write name and password into the proxy's address, with %40 for an @ in them. In HTTPS_PROXY of the environment they \
             stay out of the configuration:\n\n  export HTTPS_PROXY=http://NAME:PASSWORD@proxy:3128"
                .to_owned(),
        ),
        (ErrorKind::ProxyRefused, _) => (
            "Proxy refused the connection".to_owned(),
            format!("{} did not let the call through to {host}.", proxy(error)),
            format!(
                "Have the host allowed by those who run the proxy, or reach it without one:\n\n  no_proxy = \"{}\"",
                host.split(':').next().unwrap_or_default()
            ),
        ),
        _ => (
            format!("{service} cannot be reached"),
            format!("no connection to {host} could be made.{}", origin_of_host(error)),
            format!(
                "Check the address, and whether the network and a firewall let this machine through to it.{}",
                proxy_to_check(error)
            ),
        ),
    };
    (summary, what, advice)
}

/// The request went out, and what came back does not say that it was carried out.
fn broken_off(error: &EcsError) -> Told {
    let (service, host) = (service(error), host(error));
    let once_more = match error.kind {
        ErrorKind::Ambiguous => {
            "It was not sent again, because that could register twice. Look at the newest revision of the family before you apply again:"
        }
        _ => "Run the command again.",
    };
    match error.status {
        Some(status @ 500..) => (
            format!("{service} answered with a server error"),
            format!("{host} answered with HTTP status {status}, which is an error on its side."),
            match error.code {
                Some(_) => once_more.to_owned(),
                None => format!(
                    "The answer has no error code of AWS in it, so a gateway or proxy in front of {service} may have given \
                     it.{} {once_more}",
                    proxy_to_check(error)
                ),
            },
        ),
        Some(status) => (
            format!("Answer of {service} cannot be read"),
            format!("{host} answered with HTTP status {status}, and with nothing that {service} says."),
            format!(
                "Something else may have answered, such as the sign-in page of a network.{} {once_more}",
                proxy_to_check(error)
            ),
        ),
        None => (
            format!("{service} did not answer"),
            format!("the request was sent to {host}, and no whole answer came back."),
            once_more.to_owned(),
        ),
    }
}

/// Something answered that is not AWS.
fn not_from_aws(error: &EcsError) -> Told {
    let (service, host) = (service(error), host(error));
    let status = error.status.unwrap_or_default();
    let summary = match status {
        300..=399 => format!("Redirected on the way to {service}"),
        401 | 403 => format!("Refused on the way to {service}"),
        413 => "Request is too large for what is in between".to_owned(),
        429 => "Too many requests for what is in between".to_owned(),
        _ => format!("Something other than {service} answered"),
    };
    let what = format!(
        "the answer of {host} has HTTP status {status} and no error code of AWS in it, so it is not {service} that answered: a \
         proxy, a firewall or another server did.{}",
        origin_of_host(error)
    );
    let advice = advice_on_status(status).unwrap_or("Correct the address if it is wrong.");
    (summary, what, format!("{advice}{}", proxy_to_check(error)))
}

/// What to do about an HTTP status that no error code explains.
fn advice_on_status(status: u16) -> Option<&'static str> {
    Some(match status {
        300..=399 => {
            "A redirect is not followed, because a signature is for one host only. Write the address that it leads to, mostly \
             https:// in place of http://, or sign in to the network that you are in."
        }
        401 | 403 => "Have the host allowed by those who run the proxy or firewall.",
        413 => {
            "Make the task definition smaller, or have the limit raised by those who set it. ECS itself accepts 64 KiB."
        }
        429 => {
            "Wait, and run the command again with a lower -parallelism, or have the limit raised by those who set it."
        }
        _ => return None,
    })
}

/// Whose credentials they are, for a person who looks for them.
fn credentials(error: &EcsError) -> String {
    match &error.circumstances.signer {
        Some(Signer::ProviderBlock) => "the credentials in the provider block (access_key)".to_owned(),
        Some(Signer::Environment) => "the credentials in the environment (AWS_ACCESS_KEY_ID)".to_owned(),
        Some(Signer::Profile { name }) => format!("the credentials of the profile \"{name}\""),
        Some(Signer::Service) => "the credentials that this machine or container is given".to_owned(),
        Some(Signer::Role { arn }) => format!("the credentials of the role {arn}"),
        None => "the credentials in use".to_owned(),
    }
}

/// The identity behind the credentials.
fn signer(error: &EcsError) -> String {
    match &error.circumstances.signer {
        Some(Signer::Role { arn }) => format!("the role {arn}"),
        Some(Signer::Service) => "the role of this machine or container".to_owned(),
        _ => format!("the identity behind {}", credentials(error)),
    }
}

fn host(error: &EcsError) -> String {
    let unknown = match service(error) {
        "AWS" => "the service that hands out credentials".to_owned(),
        service => service.to_owned(),
    };
    error.circumstances.host.clone().unwrap_or(unknown)
}

/// A sentence about the setting that the host comes from.
fn origin_of_host(error: &EcsError) -> String {
    let setting = error.circumstances.host_setting.as_ref();
    setting.map(|setting| format!(" The address comes from {setting}.")).unwrap_or_default()
}

fn proxy(error: &EcsError) -> String {
    match error.circumstances.proxy_setting {
        Some(setting) => format!("the proxy of {setting}"),
        None => "a proxy".to_owned(),
    }
}

/// A sentence about the proxy, where there is one.
fn proxy_to_check(error: &EcsError) -> String {
    let setting = error.circumstances.proxy_setting;
    setting.map(|setting| format!(" The call goes through the proxy of {setting}.")).unwrap_or_default()
}

/// A name as it is written in a shell.
fn shell(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./@+".contains(c);
    if name.chars().all(is_plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}
