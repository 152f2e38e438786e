//! What Terraform tells a plugin through environment variables, read once at the start.
//!
//! The only place of the transport that reads the environment. Knows the variables' spelling, not what follows from
//! them.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::log::Level;

/// Name of the variable that shows that Terraform is the one who starts the plugin.
pub const MAGIC_COOKIE_KEY: &str = "TF_PLUGIN_MAGIC_COOKIE";

/// Value of that variable, the same for every provider since Terraform 0.10.
pub const MAGIC_COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// What go-plugin's client says to a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// Value of the magic cookie, if there is one.
    pub magic_cookie: Option<String>,
    /// Major protocol versions that the client speaks, in no particular order.
    pub protocol_versions: Vec<u32>,
    /// The client's certificate as PEM; its presence asks for TLS.
    pub client_certificate: Option<String>,
    /// Ports to choose from where the plugin listens on TCP.
    pub ports: Option<RangeInclusive<u16>>,
    /// Folder for the socket.
    pub socket_folder: PathBuf,
    /// Group, by name or number, that may connect as well.
    pub socket_group: Option<String>,
    /// Whether the client understands the seventh field of the handshake line.
    pub multiplexing_asked: bool,
    /// How much to log; nothing if Terraform does not log.
    pub log_level: Option<Level>,
}

impl Environment {
    /// Reads the process's environment for the provider of that name.
    #[expect(clippy::disallowed_methods, reason = "this is the handshake's reading of the environment")]
    pub fn of_process(name: &str) -> Self {
        let mut environment = Self::read(name, |key| std::env::var_os(key));
        if environment.socket_folder.as_os_str().is_empty() {
            environment.socket_folder = std::env::temp_dir();
        }
        environment
    }

    /// Reads an environment that `variable` looks up.
    pub fn read(name: &str, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        // An empty variable counts as absent, as it does for go-plugin.
        let raw = |key: &str| variable(key).filter(|value| !value.is_empty());
        let text = |key: &str| raw(key).and_then(|value| value.into_string().ok());
        let port = |key: &str| text(key).and_then(|value| value.trim().parse().ok());
        let own_level = format!("TF_LOG_PROVIDER_{}", name.to_uppercase().replace('-', "_"));
        Self {
            magic_cookie: text(MAGIC_COOKIE_KEY),
            protocol_versions: text("PLUGIN_PROTOCOL_VERSIONS")
                .map(|list| list.split(',').filter_map(|version| version.trim().parse().ok()).collect())
                .unwrap_or_default(),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            ports: port("PLUGIN_MIN_PORT").zip(port("PLUGIN_MAX_PORT")).map(|(min, max)| min..=max),
            socket_folder: raw("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from).unwrap_or_default(),
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            multiplexing_asked: raw("PLUGIN_MULTIPLEX_GRPC").is_some(),
            log_level: [own_level.as_str(), "TF_LOG_PROVIDER", "TF_LOG"]
                .into_iter()
                .find_map(text)
                .and_then(|level| Level::parse(&level)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(variables: &[(&str, &str)]) -> Environment {
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        Environment::read("ddrofs", |key| variables.get(key).map(OsString::from))
    }

    #[test]
    fn reads_what_terraform_sets() {
        let environment = read(&[
            ("TF_PLUGIN_MAGIC_COOKIE", MAGIC_COOKIE_VALUE),
            ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
            ("PLUGIN_CLIENT_CERT", "PEM"),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
        ]);
        assert_eq!(environment.magic_cookie.as_deref(), Some(MAGIC_COOKIE_VALUE));
        assert_eq!(environment.protocol_versions, [6, 5]);
        assert_eq!(environment.client_certificate.as_deref(), Some("PEM"));
        assert_eq!(environment.ports, Some(10000..=25000));
        assert!(!environment.multiplexing_asked);
        assert_eq!(environment.log_level, None);
    }

    #[test]
    fn takes_an_empty_variable_for_an_absent_one() {
        let empty = read(&[
            ("PLUGIN_CLIENT_CERT", ""),
            ("PLUGIN_MULTIPLEX_GRPC", ""),
            ("TF_LOG_PROVIDER", ""),
            ("PLUGIN_PROTOCOL_VERSIONS", ""),
        ]);
        assert_eq!(empty, Environment::default());
    }

    #[test]
    fn the_most_specific_log_level_wins() {
        let levels = [("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "WARN"), ("TF_LOG_PROVIDER_DDROFS", "debug")];
        assert_eq!(read(&levels[..1]).log_level, Some(Level::Trace));
        assert_eq!(read(&levels[..2]).log_level, Some(Level::Warn));
        assert_eq!(read(&levels).log_level, Some(Level::Debug));
        assert_eq!(read(&[levels[0], ("TF_LOG_PROVIDER_DDROFS", "off")]).log_level, None);
    }

    #[test]
    fn ignores_versions_that_are_no_numbers() {
        assert_eq!(read(&[("PLUGIN_PROTOCOL_VERSIONS", "5, six,,6")]).protocol_versions, [5, 6]);
    }
}
