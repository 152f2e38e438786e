//! What a plugin must see before it serves, and the one line on stdout that tells Terraform where it serves.
//!
//! Knows neither sockets nor TLS, only how they are written down.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::environment::{Environment, MAGIC_COOKIE_VALUE};
use super::listener::Address;

/// Version of go-plugin's own protocol.
const CORE_PROTOCOL_VERSION: u32 = 1;

/// Major version of Terraform's plugin protocol that is served.
pub const PROTOCOL_VERSION: u32 = 5;

/// Whether Terraform, or another program that speaks to its providers, has started the process.
pub fn is_started_by_terraform(environment: &Environment) -> bool {
    environment.magic_cookie.as_deref() == Some(MAGIC_COOKIE_VALUE)
}

/// Whether the client speaks the version that is served. If it does not, the line says what is served all the same:
/// the client's own message names both sides and the cure.
pub fn client_speaks_protocol(environment: &Environment) -> bool {
    environment.protocol_versions.contains(&PROTOCOL_VERSION)
}

/// The line, without its end. `certificate` is the plugin's own, as DER, if it asks for TLS.
pub fn line(address: &Address, certificate: Option<&[u8]>, multiplexing_asked: bool) -> String {
    // go-plugin decodes without padding and refuses it.
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let mut line = format!(
        "{CORE_PROTOCOL_VERSION}|{PROTOCOL_VERSION}|{}|{}|grpc|{certificate}",
        address.network(),
        address.text(),
    );
    if multiplexing_asked {
        // Older clients split off six fields and would take a seventh for a part of the certificate.
        line.push_str("|false");
    }
    line
}

/// Writes a line to stdout, where Terraform waits for it and where nothing else may ever be written.
pub fn announce(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes())?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_has_six_fields_and_an_unpadded_certificate() {
        let address = Address::Unix("/tmp/ddrofs-1/plugin".into());
        assert_eq!(line(&address, Some(b"\xff"), false), "1|5|unix|/tmp/ddrofs-1/plugin|grpc|/w");
        assert_eq!(line(&address, None, false), "1|5|unix|/tmp/ddrofs-1/plugin|grpc|");
    }

    #[test]
    fn line_has_a_seventh_field_only_when_the_client_asks_for_it() {
        let address = Address::Tcp(([127, 0, 0, 1], 10000).into());
        assert_eq!(line(&address, None, true), "1|5|tcp|127.0.0.1:10000|grpc||false");
    }

    #[test]
    fn versions_may_come_in_any_order() {
        let speaking = |versions: &[u32]| {
            client_speaks_protocol(&Environment {
                protocol_versions: versions.into(),
                ..Environment::default()
            })
        };
        assert!(speaking(&[6, 5]));
        assert!(speaking(&[5, 6]));
        assert!(!speaking(&[6]));
        assert!(!speaking(&[]));
    }

    #[test]
    fn only_the_very_cookie_counts() {
        let started = |cookie: Option<&str>| {
            is_started_by_terraform(&Environment {
                magic_cookie: cookie.map(str::to_owned),
                ..Environment::default()
            })
        };
        assert!(started(Some(MAGIC_COOKIE_VALUE)));
        assert!(!started(Some("d602")));
        assert!(!started(None));
    }
}
