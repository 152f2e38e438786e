//! Names that Datadog's programs read: variables of the Agent and of the libraries, and Docker labels. Of a name that is not
//! among them nobody says that it is wrong; only a slip of the pen away from one of them it is.
//!
//! Sources: Datadog's pages on the Docker Agent, ECS Fargate, container discovery, Autodiscovery with Docker labels, unified
//! service tagging and the configuration of the tracing libraries; `pkg/config/setup` of datadog-agent (read 2026-11).

/// Variables, in the order of the alphabet.
pub const VARIABLES: [&str; 169] = [
    "DD_AC_EXCLUDE",
    "DD_AC_INCLUDE",
    "DD_AGENT_HOST",
    "DD_AGENT_PORT",
    "DD_API_KEY",
    "DD_APM_DD_URL",
    "DD_APM_ENABLED",
    "DD_APM_ENV",
    "DD_APM_FILTER_TAGS_REJECT",
    "DD_APM_FILTER_TAGS_REQUIRE",
    "DD_APM_IGNORE_RESOURCES",
    "DD_APM_INSTRUMENTATION_ENABLED",
    "DD_APM_LOG_FILE",
    "DD_APM_MAX_TPS",
    "DD_APM_NON_LOCAL_TRAFFIC",
    "DD_APM_RECEIVER_PORT",
    "DD_APM_RECEIVER_SOCKET",
    "DD_APM_REPLACE_TAGS",
    "DD_APM_TRACING_ENABLED",
    "DD_APP_KEY",
    "DD_APPSEC_ENABLED",
    "DD_APPSEC_RULES",
    "DD_APPSEC_SCA_ENABLED",
    "DD_AUTH_TOKEN_FILE_PATH",
    "DD_AUTOCONFIG_FROM_ENVIRONMENT",
    "DD_BIND_HOST",
    "DD_CHECKS_TAG_CARDINALITY",
    "DD_CLOUD_PROVIDER_METADATA",
    "DD_CLUSTER_AGENT_ENABLED",
    "DD_CLUSTER_NAME",
    "DD_CMD_PORT",
    "DD_COLLECT_EC2_TAGS",
    "DD_COMPLIANCE_CONFIG_ENABLED",
    "DD_CONFD_PATH",
    "DD_CONTAINER_COLLECT_ALL",
    "DD_CONTAINER_ENV_AS_TAGS",
    "DD_CONTAINER_EXCLUDE",
    "DD_CONTAINER_EXCLUDE_LOGS",
    "DD_CONTAINER_EXCLUDE_METRICS",
    "DD_CONTAINER_IMAGE_ENABLED",
    "DD_CONTAINER_INCLUDE",
    "DD_CONTAINER_INCLUDE_LOGS",
    "DD_CONTAINER_INCLUDE_METRICS",
    "DD_CONTAINER_LABELS_AS_TAGS",
    "DD_CRI_SOCKET_PATH",
    "DD_DATA_STREAMS_ENABLED",
    "DD_DBM_PROPAGATION_MODE",
    "DD_DD_URL",
    "DD_DISABLE_FILE_LOGGING",
    "DD_DOCKER_ENV_AS_TAGS",
    "DD_DOCKER_LABELS_AS_TAGS",
    "DD_DOGSTATSD_HOST",
    "DD_DOGSTATSD_MAPPER_PROFILES",
    "DD_DOGSTATSD_NON_LOCAL_TRAFFIC",
    "DD_DOGSTATSD_ORIGIN_DETECTION",
    "DD_DOGSTATSD_ORIGIN_DETECTION_CLIENT",
    "DD_DOGSTATSD_PATH",
    "DD_DOGSTATSD_PORT",
    "DD_DOGSTATSD_SOCKET",
    "DD_DOGSTATSD_STATS_ENABLE",
    "DD_DOGSTATSD_TAG_CARDINALITY",
    "DD_DOGSTATSD_TAGS",
    "DD_DOGSTATSD_URL",
    "DD_DYNAMIC_INSTRUMENTATION_ENABLED",
    "DD_ECS_COLLECT_RESOURCE_TAGS_EC2",
    "DD_ECS_DEPLOYMENT_MODE",
    "DD_ECS_METADATA_TIMEOUT",
    "DD_ECS_TASK_COLLECTION_ENABLED",
    "DD_ENABLE_METADATA_COLLECTION",
    "DD_ENV",
    "DD_EXCLUDE_PAUSE_CONTAINER",
    "DD_EXTRA_CONFIG_PROVIDERS",
    "DD_EXTRA_LISTENERS",
    "DD_EXTRA_TAGS",
    "DD_FORWARDER_TIMEOUT",
    "DD_GIT_COMMIT_SHA",
    "DD_GIT_REPOSITORY_URL",
    "DD_HEALTH_PORT",
    "DD_HOST_ALIASES",
    "DD_HOSTNAME",
    "DD_HOSTNAME_FILE",
    "DD_HOSTNAME_FQDN",
    "DD_IAST_ENABLED",
    "DD_INSIDE_CI",
    "DD_INSTALL_INFO_INSTALLER_VERSION",
    "DD_INSTALL_INFO_TOOL",
    "DD_INSTALL_INFO_TOOL_VERSION",
    "DD_INSTRUMENTATION_TELEMETRY_ENABLED",
    "DD_IPC_CERT_FILE_PATH",
    "DD_JMXFETCH_ENABLED",
    "DD_LLMOBS_AGENTLESS_ENABLED",
    "DD_LLMOBS_ENABLED",
    "DD_LLMOBS_ML_APP",
    "DD_LOG_FILE",
    "DD_LOG_FORMAT_JSON",
    "DD_LOG_LEVEL",
    "DD_LOG_PAYLOADS",
    "DD_LOG_TO_CONSOLE",
    "DD_LOGS_CONFIG_AUTO_MULTI_LINE_DETECTION",
    "DD_LOGS_CONFIG_CONTAINER_COLLECT_ALL",
    "DD_LOGS_CONFIG_DD_URL",
    "DD_LOGS_CONFIG_FORCE_USE_HTTP",
    "DD_LOGS_CONFIG_LOGS_DD_URL",
    "DD_LOGS_CONFIG_PROCESSING_RULES",
    "DD_LOGS_CONFIG_RUN_PATH",
    "DD_LOGS_CONFIG_USE_HTTP",
    "DD_LOGS_ENABLED",
    "DD_LOGS_INJECTION",
    "DD_ORCHESTRATOR_EXPLORER_ENABLED",
    "DD_OTLP_CONFIG_LOGS_ENABLED",
    "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_GRPC_ENDPOINT",
    "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT",
    "DD_PROCESS_AGENT_ENABLED",
    "DD_PROCESS_CONFIG_CONTAINER_COLLECTION_ENABLED",
    "DD_PROCESS_CONFIG_LOG_FILE",
    "DD_PROCESS_CONFIG_PROCESS_COLLECTION_ENABLED",
    "DD_PROFILING_ENABLED",
    "DD_PROMETHEUS_SCRAPE_ENABLED",
    "DD_PROXY_HTTP",
    "DD_PROXY_HTTPS",
    "DD_PROXY_NO_PROXY",
    "DD_REMOTE_CONFIG_ENABLED",
    "DD_REMOTE_CONFIGURATION_ENABLED",
    "DD_RUM_ENABLED",
    "DD_RUN_PATH",
    "DD_RUNTIME_METRICS_ENABLED",
    "DD_RUNTIME_SECURITY_CONFIG_EBPFLESS_ENABLED",
    "DD_RUNTIME_SECURITY_CONFIG_ENABLED",
    "DD_SBOM_CONTAINER_IMAGE_ENABLED",
    "DD_SBOM_ENABLED",
    "DD_SECRET_BACKEND_ARGUMENTS",
    "DD_SECRET_BACKEND_COMMAND",
    "DD_SECRET_BACKEND_TYPE",
    "DD_SECURITY_AGENT_LOG_FILE",
    "DD_SERVICE",
    "DD_SERVICE_MAPPING",
    "DD_SERVICE_NAME",
    "DD_SITE",
    "DD_SKIP_SSL_VALIDATION",
    "DD_SYSTEM_PROBE_ENABLED",
    "DD_SYSTEM_PROBE_NETWORK_ENABLED",
    "DD_TAGS",
    "DD_TRACE_AGENT_HOSTNAME",
    "DD_TRACE_AGENT_PORT",
    "DD_TRACE_AGENT_TIMEOUT_SECONDS",
    "DD_TRACE_AGENT_UNIX_DOMAIN_SOCKET",
    "DD_TRACE_AGENT_URL",
    "DD_TRACE_ANALYTICS_ENABLED",
    "DD_TRACE_CLIENT_IP_ENABLED",
    "DD_TRACE_CLI_ENABLED",
    "DD_TRACE_DEBUG",
    "DD_TRACE_ENABLED",
    "DD_TRACE_GLOBAL_TAGS",
    "DD_TRACE_HEADER_TAGS",
    "DD_TRACE_LOG_DIRECTORY",
    "DD_TRACE_LOG_LEVEL",
    "DD_TRACE_OTEL_ENABLED",
    "DD_TRACE_PROPAGATION_STYLE",
    "DD_TRACE_RATE_LIMIT",
    "DD_TRACE_REMOVE_INTEGRATION_SERVICE_NAMES_ENABLED",
    "DD_TRACE_SAMPLE_RATE",
    "DD_TRACE_SAMPLING_RULES",
    "DD_TRACE_STARTUP_LOGS",
    "DD_URL",
    "DD_USE_DOGSTATSD",
    "DD_USE_PROXY_FOR_CLOUD_METADATA",
    "DD_VERSION",
    "ECS_FARGATE",
    "ECS_MANAGED_INSTANCES",
];

/// Docker labels, in the order of the alphabet.
pub const LABELS: [&str; 10] = [
    "com.datadoghq.ad.check_names",
    "com.datadoghq.ad.checks",
    "com.datadoghq.ad.init_configs",
    "com.datadoghq.ad.instances",
    "com.datadoghq.ad.logs",
    "com.datadoghq.ad.tags",
    "com.datadoghq.sd.check_names",
    "com.datadoghq.tags.env",
    "com.datadoghq.tags.service",
    "com.datadoghq.tags.version",
];

/// The labels of Kubernetes for unified service tagging, which mean nothing to Docker, and those that do.
pub const LABELS_OF_KUBERNETES: [(&str, &str); 3] = [
    ("tags.datadoghq.com/env", "com.datadoghq.tags.env"),
    ("tags.datadoghq.com/service", "com.datadoghq.tags.service"),
    ("tags.datadoghq.com/version", "com.datadoghq.tags.version"),
];

/// The longest name that is compared.
const LONGEST: usize = 80;

/// The variable that was meant by one that nobody knows.
pub fn meant_variable(name: &str) -> Option<&'static str> {
    let is_of_datadog = starts_like(name, "DD") || starts_like(name, "ECS_") || starts_like(name, "ECSF");
    if !is_of_datadog || name.len() > LONGEST || VARIABLES.contains(&name) {
        return None;
    }
    meant(name, &VARIABLES)
}

/// The label that was meant by one that nobody knows.
pub fn meant_label(label: &str) -> Option<&'static str> {
    if label.len() > LONGEST || LABELS.contains(&label) {
        return None;
    }
    if let Some((_, meant)) = LABELS_OF_KUBERNETES.into_iter().find(|(written, _)| *written == label) {
        return Some(meant);
    }
    // The part that says whose label it is may be the one that is misspelt.
    let is_of_datadog = label.to_ascii_lowercase().contains("datad");
    let label = label.replacen("com.datadog.", "com.datadoghq.", 1);
    let with_its_domain = || LABELS.into_iter().find(|known| *known == label);
    is_of_datadog.then(|| with_its_domain().or_else(|| meant(&label, &LABELS))).flatten()
}

fn starts_like(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// The first name that the written one is a slip away from: the same but for case and separators, or word by word.
fn meant(written: &str, names: &[&'static str]) -> Option<&'static str> {
    let alike = names.iter().find(|name| letters(written).eq(letters(name)));
    alike.or_else(|| names.iter().find(|name| differs_by_a_slip(written, name))).copied()
}

/// A name without separators, in small letters.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether a name has the words of another one, of which one is misspelt. Two misspelt words are another name.
fn differs_by_a_slip(written: &str, name: &str) -> bool {
    let (mut written, mut name) = (words(written), words(name));
    let mut is_slip_found = false;
    loop {
        match (written.next(), name.next()) {
            (None, None) => return is_slip_found,
            (Some(written), Some(word)) if written.eq_ignore_ascii_case(word) => {}
            (Some(written), Some(word)) if !is_slip_found && is_slip(written, word) => is_slip_found = true,
            _ => return false,
        }
    }
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_alphanumeric())
}

/// Whether a word is a slip away from another one: the shorter, the closer, because short words are easily other words.
fn is_slip(written: &str, word: &str) -> bool {
    let shorter = written.len().min(word.len());
    if shorter <= 2 || written.len().abs_diff(word.len()) > 2 {
        return false;
    }
    let (written, word) = (written.to_ascii_lowercase(), word.to_ascii_lowercase());
    let distance = strsim::damerau_levenshtein(&written, &word);
    match shorter {
        // Letters in the wrong order, one too many or too few; another letter makes another word.
        ..=4 => distance == 1 && (written.len() != word.len() || has_the_letters_of(&written, &word)),
        5..=7 => distance == 1,
        _ => distance <= 2,
    }
}

fn has_the_letters_of(one: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_name_nothing_twice_and_no_name_is_a_slip_of_another() {
        let variables: std::collections::BTreeSet<_> = VARIABLES.iter().collect();
        let labels: std::collections::BTreeSet<_> = LABELS.iter().collect();
        assert_eq!((variables.len(), labels.len()), (VARIABLES.len(), LABELS.len()));
        for name in VARIABLES {
            assert_eq!(meant_variable(name), None, "{name}");
        }
        for label in LABELS {
            assert_eq!(meant_label(label), None, "{label}");
        }
    }

    #[test]
    fn slips_of_the_pen_are_understood() {
        for (written, name) in [
            ("DD_APIKEY", "DD_API_KEY"),
            ("dd_api_key", "DD_API_KEY"),
            ("DD_API_KYE", "DD_API_KEY"),
            ("DD-SITE", "DD_SITE"),
            ("DD_TAG", "DD_TAGS"),
            ("DD_EVN", "DD_ENV"),
            ("DD_SERVCE", "DD_SERVICE"),
            ("DD_VERSIOM", "DD_VERSION"),
            ("DD_LOG_ENABLED", "DD_LOGS_ENABLED"),
            ("DD_APM_ENABLE", "DD_APM_ENABLED"),
            ("DD_TRACE_AGENT_ULR", "DD_TRACE_AGENT_URL"),
            ("DD_TRACE_AGENTURL", "DD_TRACE_AGENT_URL"),
            ("DD_DOGSTASD_SOCKET", "DD_DOGSTATSD_SOCKET"),
            ("DD_DOGSTATSD_SOKET", "DD_DOGSTATSD_SOCKET"),
            ("DD_LOGS_CONFIG_CONTAINERS_COLLECT_ALL", "DD_LOGS_CONFIG_CONTAINER_COLLECT_ALL"),
            ("ECS_FARGTE", "ECS_FARGATE"),
            ("ecs_fargate", "ECS_FARGATE"),
        ] {
            assert_eq!(meant_variable(written), Some(name), "{written}");
        }
        for (written, label) in [
            ("com.datadoghq.ad.log", "com.datadoghq.ad.logs"),
            ("com.datadog.ad.logs", "com.datadoghq.ad.logs"),
            ("com.datadoghq.ad.check-names", "com.datadoghq.ad.check_names"),
            ("com.datadoghq.ad.instance", "com.datadoghq.ad.instances"),
            ("com.datadoghq.tag.service", "com.datadoghq.tags.service"),
            ("com.datadoghq.tags.Env", "com.datadoghq.tags.env"),
            ("com.datadoghq.tags.evn", "com.datadoghq.tags.env"),
            ("tags.datadoghq.com/service", "com.datadoghq.tags.service"),
        ] {
            assert_eq!(meant_label(written), Some(label), "{written}");
        }
    }

    #[test]
    fn other_names_are_nobodys_business() {
        for name in [
            "DD_SIZE",
            "DD_TEAM",
            "DD_URI",
            "DD_ENVIRONMENT",
            "DD_TRACE_PG_ENABLED",
            "DD_TRACE_KAFKA_ENABLED",
            "DD_ASM_ENABLED",
            "DD_CI_ENABLED",
            "DD_API_SECURITY_ENABLED",
            "DD_TRACE_OBFUSCATION_QUERY_STRING_REGEXP",
            "DATADOG_ENV",
            "ADD_ENV",
            "ECS_CLUSTER",
            "ECS_CONTAINER_METADATA_URI",
            "SERVICE",
            "",
            "é",
            &"DD_".repeat(100),
        ] {
            assert_eq!(meant_variable(name), None, "{name}");
        }
        for label in [
            "com.datadoghq.ad.metrics_exclude",
            "com.datadoghq.tags.team",
            "com.example.logs",
            "ad.datadoghq.com/app.logs",
            "team",
            "",
        ] {
            assert_eq!(meant_label(label), None, "{label}");
        }
    }
}
