//! What ECS allows in number, size, range and spelling. The API model holds almost none of this.
//!
//! Sources: the service quotas page and the task definition parameters page of the Amazon ECS developer guide, and
//! rejections that were reproduced on AWS (cdk-preflight 1.9.1), all as of 2026-11. None of the quotas is adjustable.

use std::ops::RangeInclusive;

/// Bytes of JSON in one task definition, at most (64 KiB).
pub const TASK_DEFINITION_BYTES: usize = 65_536;
/// Containers in one task definition, at most.
pub const CONTAINERS: usize = 10;
/// Tags of one task definition, at most.
pub const TAGS: usize = 50;
/// Placement constraints of one task definition, at most.
pub const PLACEMENT_CONSTRAINTS: usize = 10;
/// Volumes with `configuredAtLaunch` in one task definition, at most.
pub const CONFIGURED_AT_LAUNCH_VOLUMES: usize = 1;
/// Environment files of one container, at most.
pub const ENVIRONMENT_FILES: usize = 10;
/// Exit codes in `restartPolicy.ignoredExitCodes`, at most.
pub const IGNORED_EXIT_CODES: usize = 50;
/// Port ranges of one container, at most.
pub const PORT_RANGES: usize = 100;
/// Credential specs of one container, at most.
pub const CREDENTIAL_SPECS: usize = 1;
/// Characters in an image reference, at most.
pub const IMAGE_LENGTH: usize = 255;
/// Characters in a family, a container name or a volume name, at most.
pub const NAME_LENGTH: usize = 255;
/// Characters in the name of a port mapping, at most.
pub const PORT_NAME_LENGTH: usize = 64;
/// Characters in a tag's key, at most; one at least.
pub const TAG_KEY_LENGTH: usize = 128;
/// Characters in a tag's value, at most.
pub const TAG_VALUE_LENGTH: usize = 256;

/// A number's range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Where it stands: keys below the container or, with a leading `/`, below the task definition.
    pub path: &'static str,
    /// What ECS accepts.
    pub range: RangeInclusive<i64>,
    /// Whether the range holds on Fargate only.
    pub fargate_only: bool,
    /// Whether it was verified; otherwise it is believed and worth a warning at most.
    pub verified: bool,
}

/// The ranges that are the same wherever the number stands.
pub static RANGES: [Range; 10] = [
    Range { path: "/ephemeralStorage.sizeInGiB", range: 21..=200, fargate_only: true, verified: true },
    Range { path: "healthCheck.interval", range: 5..=300, fargate_only: false, verified: true },
    Range { path: "healthCheck.retries", range: 1..=10, fargate_only: false, verified: true },
    Range { path: "healthCheck.startPeriod", range: 0..=300, fargate_only: false, verified: true },
    Range { path: "healthCheck.timeout", range: 2..=60, fargate_only: false, verified: true },
    Range { path: "linuxParameters.maxSwap", range: 0..=i64::MAX, fargate_only: false, verified: true },
    Range { path: "linuxParameters.swappiness", range: 0..=100, fargate_only: false, verified: true },
    Range {
        path: "restartPolicy.restartAttemptPeriod",
        range: 60..=1800,
        fargate_only: false,
        verified: true,
    },
    // Both ends of both timeouts: "valid values for Fargate" in the API model of botocore 1.44.5.
    Range { path: "startTimeout", range: 2..=120, fargate_only: true, verified: true },
    Range { path: "stopTimeout", range: 2..=120, fargate_only: true, verified: true },
];

/// The range of the number at that path, see [`Range::path`].
pub fn range(path: &str) -> Option<&'static Range> {
    RANGES.iter().find(|range| range.path == path)
}

/// CPU units of a task outside Fargate.
pub const TASK_CPU: RangeInclusive<i64> = 128..=196_608;
/// Network ports: TCP and UDP have 16 bits for one. ECS rejects 0 (aws-cli issue 7288).
pub const PORT: RangeInclusive<i64> = 1..=65_535;
/// MiB of a container's memory, at least (Docker 20.10 and newer).
pub const CONTAINER_MEMORY_MIN: i64 = 6;
/// Highest `nofile` limit on Fargate.
pub const FARGATE_NOFILE_MAX: i64 = 1_048_576;

/// Whether ECS accepts this as a family, a container name or a volume name: 1 to 255 ASCII letters, digits, `_` and `-`.
pub fn is_name(text: &str) -> bool {
    (1..=NAME_LENGTH).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether ECS accepts this as the name of a port mapping: 1 to 64 small ASCII letters, digits, `_` and `-`, no `-` first.
pub fn is_port_name(text: &str) -> bool {
    (1..=PORT_NAME_LENGTH).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}

/// Whether a tag may have this key: 1 to 128 letters, numbers, separators and `_.:/=+-@`, not in AWS's own name space.
pub fn is_tag_key(text: &str) -> bool {
    let reserved = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    !text.is_empty() && !reserved && is_tag_text(text, TAG_KEY_LENGTH)
}

/// Whether a tag may have this value: up to 256 letters, numbers, separators and `_.:/=+-@`.
pub fn is_tag_value(text: &str) -> bool {
    is_tag_text(text, TAG_VALUE_LENGTH)
}

/// The standard library knows letters and numbers of all scripts; of Unicode's separators it knows those that are white
/// space, and the controls among the white space (a tab, a line feed) are no separators.
fn is_tag_text(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_underscores_and_hyphens() {
        assert!(is_name("datadog-agent_7") && is_name(&"a".repeat(255)));
        for bad in ["", "a b", "a.b", "ä", &"a".repeat(256)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn port_names_are_small_and_start_with_no_hyphen() {
        assert!(is_port_name("8126-tcp") && is_port_name("_x"));
        for bad in ["", "-x", "Http", &"a".repeat(65)] {
            assert!(!is_port_name(bad), "{bad}");
        }
    }

    #[test]
    fn tags_take_letters_of_any_script_but_not_the_reserved_prefix() {
        assert!(is_tag_key("Kostenstelle für 1@a") && is_tag_value("") && is_tag_value("a=b"));
        for bad in ["", "aws:x", "AWS:x", "a*b", "tab\there", &"a".repeat(129)] {
            assert!(!is_tag_key(bad), "{bad}");
        }
        assert!(!is_tag_value(&"a".repeat(257)));
    }

    #[test]
    fn ranges_are_found_by_path() {
        assert_eq!(range("healthCheck.interval").expect("a range").range, 5..=300);
        assert!(range("/ephemeralStorage.sizeInGiB").expect("a range").fargate_only);
        assert!(range("cpu").is_none());
    }
}
