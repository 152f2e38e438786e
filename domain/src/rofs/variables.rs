//! The Agent's variables that the pattern sets, and who may change each.
//!
//! Does not know the values; see `assemble`.

use super::platform;

/// The API key; only ever a secret.
pub const DD_API_KEY: &str = "DD_API_KEY";
/// The program that the Agent asks for secrets.
pub const DD_SECRET_BACKEND_COMMAND: &str = "DD_SECRET_BACKEND_COMMAND";
/// What the Agent asks for secrets in place of a program, from 7.70.
pub const DD_SECRET_BACKEND_TYPE: &str = "DD_SECRET_BACKEND_TYPE";
/// The file in which the Agent keeps its token.
pub const DD_AUTH_TOKEN_FILE_PATH: &str = "DD_AUTH_TOKEN_FILE_PATH";
/// Keeps every process of the Agent from logging to files.
pub const DD_DISABLE_FILE_LOGGING: &str = "DD_DISABLE_FILE_LOGGING";
/// Read by the image's entry point, which then runs another program than the Agent.
pub const ENTRYPOINT: &str = "ENTRYPOINT";
/// Where an application sends traces.
pub const DD_TRACE_AGENT_URL: &str = "DD_TRACE_AGENT_URL";
/// Where an application sends custom metrics.
pub const DD_DOGSTATSD_URL: &str = "DD_DOGSTATSD_URL";
/// The address at which an application finds the Agent, where it has no URL.
pub const DD_AGENT_HOST: &str = "DD_AGENT_HOST";
/// The port of traces there.
pub const DD_TRACE_AGENT_PORT: &str = "DD_TRACE_AGENT_PORT";

/// The setting that decides a variable, but for the API key's. Such a variable cannot be set in `environment` or `secrets`, because
/// mounts, ports or the application's wiring follow from the setting too.
pub fn owning_setting(variable: &str) -> Option<&'static str> {
    if let Some(marker) = platform::marker(variable) {
        return Some(marker.setting);
    }
    Some(match variable {
        DD_DISABLE_FILE_LOGGING => "file_logging",
        "DD_APM_ENABLED" => "apm.enabled",
        "DD_APM_RECEIVER_SOCKET" => "apm.socket",
        "DD_APM_RECEIVER_PORT" => "apm.port",
        "DD_USE_DOGSTATSD" => "dogstatsd.enabled",
        "DD_DOGSTATSD_SOCKET" => "dogstatsd.socket",
        DD_DOGSTATSD_PORT => "dogstatsd.port",
        _ => return None,
    })
}

/// The setting that a variable is another way to write. Of a variable in `environment` or `secrets` and such a setting the
/// nearer one counts; on one level only one of them can be written.
pub fn named_setting(variable: &str) -> Option<&'static str> {
    Some(match variable {
        "DD_SITE" => "site",
        "DD_SERVICE" => "service",
        "DD_ENV" => "env",
        "DD_VERSION" => "version",
        "DD_TAGS" => "tags",
        "DD_CLUSTER_NAME" => "cluster_name",
        "DD_LOG_LEVEL" => "log_level",
        "DD_CHECKS_TAG_CARDINALITY" => "checks_cardinality",
        "DD_DOGSTATSD_TAG_CARDINALITY" => "dogstatsd.cardinality",
        "DD_DOGSTATSD_ORIGIN_DETECTION" | "DD_DOGSTATSD_ORIGIN_DETECTION_CLIENT" => {
            "dogstatsd.origin_detection"
        }
        _ => return None,
    })
}

/// Variables that name a file or directory the Agent writes: they must stay inside a writable path.
pub const WRITTEN_PATHS: [&str; 8] = [
    "DD_RUN_PATH",
    "DD_LOGS_CONFIG_RUN_PATH",
    DD_AUTH_TOKEN_FILE_PATH,
    "DD_IPC_CERT_FILE_PATH",
    "DD_LOG_FILE",
    "DD_APM_LOG_FILE",
    "DD_PROCESS_CONFIG_LOG_FILE",
    "DD_SECURITY_AGENT_LOG_FILE",
];

/// The socket on which the Agent takes traces.
pub const DD_APM_RECEIVER_SOCKET: &str = "DD_APM_RECEIVER_SOCKET";
/// The socket on which the Agent takes custom metrics.
pub const DD_DOGSTATSD_SOCKET: &str = "DD_DOGSTATSD_SOCKET";
/// The port on which the Agent takes traces.
pub const DD_APM_RECEIVER_PORT: &str = "DD_APM_RECEIVER_PORT";
/// The port on which the Agent takes custom metrics, and to which libraries send them.
pub const DD_DOGSTATSD_PORT: &str = "DD_DOGSTATSD_PORT";
/// Whether the Agent takes traces from other addresses than its own.
pub const DD_APM_NON_LOCAL_TRAFFIC: &str = "DD_APM_NON_LOCAL_TRAFFIC";
/// Whether the Agent takes custom metrics from other addresses than its own.
pub const DD_DOGSTATSD_NON_LOCAL_TRAFFIC: &str = "DD_DOGSTATSD_NON_LOCAL_TRAFFIC";
/// Whether the Agent takes traces.
pub const DD_APM_ENABLED: &str = "DD_APM_ENABLED";
/// Whether the Agent takes custom metrics.
pub const DD_USE_DOGSTATSD: &str = "DD_USE_DOGSTATSD";
/// The site that the Agent sends to.
pub const DD_SITE: &str = "DD_SITE";
/// The name of the machine, which the Agent finds out by itself unless it is set.
pub const DD_HOSTNAME: &str = "DD_HOSTNAME";
