//! The request rates of ECS: token buckets per account and region, as the service's throttling page states them
//! (read November 2026).
//!
//! Off until a test or the control URL turns them on: most tests want answers, not waiting. What was sent can be held
//! against them afterwards all the same.

use std::collections::BTreeMap;

#[derive(Debug)]
struct Bucket {
    name: &'static str,
    operations: &'static [&'static str],
    burst: f64,
    refill_per_second: f64,
}

/// Name, operations, burst and refill per second. StopServiceDeployment and others are not on the page.
const fn bucket(
    name: &'static str,
    operations: &'static [&'static str],
    burst: f64,
    refill_per_second: f64,
) -> Bucket {
    Bucket { name, operations, burst, refill_per_second }
}

const BUCKETS: &[Bucket] = &[
    bucket("task definition modify", &["RegisterTaskDefinition", "DeregisterTaskDefinition"], 20.0, 1.0),
    bucket(
        "task definition read",
        &["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"],
        50.0,
        20.0,
    ),
    bucket("task definition delete", &["DeleteTaskDefinitions"], 5.0, 1.0),
    bucket("tag modify", &["TagResource", "UntagResource"], 20.0, 10.0),
    bucket("tag read", &["ListTagsForResource"], 50.0, 20.0),
    bucket("service modify", &["CreateService", "UpdateService", "DeleteService"], 50.0, 5.0),
    bucket("service read", &["DescribeServices", "ListServices"], 100.0, 20.0),
    bucket("service deployment", &["ListServiceDeployments", "DescribeServiceDeployments"], 50.0, 20.0),
    bucket("service revision", &["DescribeServiceRevisions"], 50.0, 20.0),
    bucket("cluster read", &["DescribeClusters", "ListClusters"], 50.0, 20.0),
    bucket(
        "cluster resource read",
        &[
            "DescribeContainerInstances",
            "DescribeTasks",
            "ListAttributes",
            "ListContainerInstances",
            "ListTasks",
        ],
        100.0,
        20.0,
    ),
    bucket("list by namespace", &["ListServicesByNamespace"], 10.0, 1.0),
];

#[derive(Debug)]
struct Level {
    tokens: f64,
    at: f64,
}

/// The levels of all buckets of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Rates {
    enabled: bool,
    levels: Levels,
}

#[derive(Debug, Default)]
struct Levels(BTreeMap<(String, &'static str), Level>);

impl Rates {
    pub(super) fn enable(&mut self, enabled: bool) {
        *self = Self { enabled, levels: Levels::default() };
    }

    /// Takes one token for the operation; false when the bucket is empty.
    pub(super) fn admit(&mut self, place: &str, operation: &str, now: f64) -> bool {
        !self.enabled || self.levels.take(place, operation, now, 0.0)
    }
}

impl Levels {
    /// Takes one token, if there is one, out of a bucket that holds `slack` more than the service's. What was refused
    /// takes none.
    fn take(&mut self, place: &str, operation: &str, now: f64, slack: f64) -> bool {
        let Some(bucket) = BUCKETS.iter().find(|bucket| bucket.operations.contains(&operation)) else {
            return true;
        };
        let full = bucket.burst + slack;
        let level = self.0.entry((place.to_owned(), bucket.name)).or_insert(Level { tokens: full, at: now });
        let waited = (now - level.at).max(0.0);
        level.tokens = (level.tokens + waited * bucket.refill_per_second).min(full);
        level.at = now;
        let admitted = level.tokens >= 1.0;
        if admitted {
            level.tokens -= 1.0;
        }
        admitted
    }
}

/// Which of these requests, each with its place, operation and time, went beyond buckets that were full at first and
/// held `slack` tokens more than the service's.
pub(super) fn beyond<'a>(requests: impl Iterator<Item = (String, &'a str, f64)>, slack: f64) -> Vec<usize> {
    let mut levels = Levels::default();
    let admitted = requests.map(|(place, operation, at)| levels.take(&place, operation, at, slack));
    admitted.enumerate().filter(|(_, admitted)| !admitted).map(|(index, _)| index).collect()
}
