//! The request rates of ECS: token buckets per account and region, as the service's throttling page states them
//! (read November 2026).
//!
//! Off until a test or the control URL turns them on: most tests want answers, not waiting.

use std::collections::BTreeMap;
use std::time::Instant;

struct Bucket {
    name: &'static str,
    operations: &'static [&'static str],
    burst: f64,
    refill_per_second: f64,
}

const BUCKETS: &[Bucket] = &[
    Bucket {
        name: "task definition modify",
        operations: &["RegisterTaskDefinition", "DeregisterTaskDefinition"],
        burst: 20.0,
        refill_per_second: 1.0,
    },
    Bucket {
        name: "task definition read",
        operations: &["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"],
        burst: 50.0,
        refill_per_second: 20.0,
    },
    Bucket {
        name: "task definition delete",
        operations: &["DeleteTaskDefinitions"],
        burst: 5.0,
        refill_per_second: 1.0,
    },
    Bucket {
        name: "tag modify",
        operations: &["TagResource", "UntagResource"],
        burst: 20.0,
        refill_per_second: 10.0,
    },
    Bucket { name: "tag read", operations: &["ListTagsForResource"], burst: 50.0, refill_per_second: 20.0 },
];

#[derive(Debug)]
struct Level {
    tokens: f64,
    at: Instant,
}

/// The levels of all buckets of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Rates {
    enabled: bool,
    levels: BTreeMap<(String, &'static str), Level>,
}

impl Rates {
    pub(super) fn enable(&mut self, enabled: bool) {
        self.enabled = enabled;
        self.levels.clear();
    }

    /// Takes one token for the operation; false when the bucket is empty.
    pub(super) fn admit(&mut self, place: &str, operation: &str, now: Instant) -> bool {
        if !self.enabled {
            return true;
        }
        let Some(bucket) = BUCKETS.iter().find(|bucket| bucket.operations.contains(&operation)) else {
            return true;
        };
        let level = self
            .levels
            .entry((place.to_owned(), bucket.name))
            .or_insert(Level { tokens: bucket.burst, at: now });
        let waited = now.saturating_duration_since(level.at).as_secs_f64();
        level.tokens = (level.tokens + waited * bucket.refill_per_second).min(bucket.burst);
        level.at = now;
        if level.tokens < 1.0 {
            return false;
        }
        level.tokens -= 1.0;
        true
    }
}
