//! Signature version 4, worked out a second time from the request as it arrived.
//!
//! Only what an awsJson request needs: POST, path `/`, no query.

use sha2::{Digest, Sha256};

use super::endpoint::Request;

/// The signature that the request's `authorization` header carries.
pub(super) fn claimed_by(request: &Request) -> String {
    field(request, "Signature=")
}

/// The signature that the request should carry, given the secret key.
pub(super) fn of(request: &Request, secret_key: &str) -> String {
    let scope = field(request, "Credential=").split_once('/').unwrap().1.to_owned();
    let signed_headers = field(request, "SignedHeaders=");
    let headers: String = signed_headers
        .split(';')
        .map(|name| {
            format!("{name}:{}\n", request.header(name).split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect();
    let canonical =
        format!("POST\n/\n\n{headers}\n{signed_headers}\n{}", hex(&Sha256::digest(&request.body)));
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        request.header("x-amz-date"),
        hex(&Sha256::digest(canonical))
    );
    let key = scope.split('/').fold(format!("AWS4{secret_key}").into_bytes(), |key, part| hmac(&key, part));
    hex(&hmac(&key, &to_sign))
}

fn field(request: &Request, name: &str) -> String {
    let authorization = request.header("authorization");
    authorization.split_once(name).unwrap().1.split(", ").next().unwrap().to_owned()
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
