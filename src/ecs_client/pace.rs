//! At which pace ECS may be called: one token bucket for each group of operations that share one at ECS.
//!
//! A bucket counts attempts, not calls, and hands its tokens out in the order in which they are asked for. After an answer
//! that the account is throttled it slows down, because somebody else draws on the same bucket, and recovers with every
//! answer that is none.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Operations that share a bucket, for each account and region.
struct Group {
    name: &'static str,
    operations: &'static [&'static str],
    /// How many calls a full bucket holds.
    burst: f64,
    /// How many calls come back a second.
    per_second: f64,
}

/// The groups of the operations that are called (request throttling page of the Amazon ECS API reference, read 2026-11).
const GROUPS: [Group; 11] = [
    Group {
        name: "task definition modify",
        operations: &["RegisterTaskDefinition", "DeregisterTaskDefinition"],
        burst: 20.0,
        per_second: 1.0,
    },
    Group {
        name: "task definition read",
        operations: &["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"],
        burst: 50.0,
        per_second: 20.0,
    },
    Group {
        name: "task definition delete",
        operations: &["DeleteTaskDefinitions"],
        burst: 5.0,
        per_second: 1.0,
    },
    Group {
        name: "tag modify",
        operations: &["TagResource", "UntagResource"],
        burst: 20.0,
        per_second: 10.0,
    },
    Group { name: "tag read", operations: &["ListTagsForResource"], burst: 50.0, per_second: 20.0 },
    Group { name: "service modify", operations: &["UpdateService"], burst: 50.0, per_second: 5.0 },
    Group {
        name: "service read",
        operations: &["DescribeServices", "ListServices"],
        burst: 100.0,
        per_second: 20.0,
    },
    Group {
        name: "service deployment",
        operations: &["ListServiceDeployments", "DescribeServiceDeployments"],
        burst: 50.0,
        per_second: 20.0,
    },
    Group {
        name: "service revision",
        operations: &["DescribeServiceRevisions"],
        burst: 50.0,
        per_second: 20.0,
    },
    Group { name: "cluster read", operations: &["ListClusters"], burst: 50.0, per_second: 20.0 },
    Group {
        name: "cluster resource read",
        operations: &["DescribeTasks", "ListTasks"],
        burst: 100.0,
        per_second: 20.0,
    },
];

/// Of ECS's rate what is drawn at most: an attempt that is late on its way and one that is quick would arrive too close to
/// each other at exactly that rate.
const OF_THE_RATE: f64 = 0.985;

/// What stays in a full bucket: an attempt that is late on its way draws its token at ECS later than it was taken here, and the
/// one behind it must not be too early for that.
const KEPT_BACK: f64 = 1.0;

/// The slowest pace, as a share of the rate: what is left where others throttle the account all the time.
const LEAST_SHARE: f64 = 0.25;

/// By how much of the rate an answer speeds up a bucket that was slowed down.
const RECOVERY: f64 = 0.1;

/// Answers about the same shortage come together; only the first of them slows down.
const ONE_SHORTAGE: Duration = Duration::from_secs(1);

/// The buckets of one account and region.
#[derive(Debug)]
pub(super) struct Pace {
    /// How fast the clock goes. 1 is ECS's own.
    speed: f64,
    /// Whether a group is paced before its first throttling answer.
    from_the_start: bool,
    buckets: Mutex<BTreeMap<&'static str, Bucket>>,
}

impl Pace {
    /// Full buckets. What is not ECS, such as an emulator, has its own rates, and is paced when it throttles.
    pub(super) fn new(speed: f64, from_the_start: bool) -> Self {
        Self { speed, from_the_start, buckets: Mutex::default() }
    }

    /// How much shorter or longer a wait is on this clock.
    pub(super) fn on_this_clock(&self, wait: Duration) -> Duration {
        wait.div_f64(self.speed)
    }

    /// Takes a token for an attempt, and says how long the attempt has to wait for it.
    pub(super) fn take(&self, operation: &str, now: Instant) -> Duration {
        let Some(group) = group(operation) else { return Duration::ZERO };
        let mut buckets = self.buckets();
        match buckets.get_mut(group.name) {
            Some(bucket) => bucket.take(group, now, self.speed),
            None if self.from_the_start => {
                buckets.entry(group.name).or_insert(Bucket::full(group, now)).take(group, now, self.speed)
            }
            None => Duration::ZERO,
        }
    }

    /// ECS answered that the account is throttled: the bucket is empty there.
    pub(super) fn throttled(&self, operation: &str, now: Instant) {
        if let Some(group) = group(operation) {
            let mut buckets = self.buckets();
            let bucket = buckets.entry(group.name).or_insert_with(|| Bucket::full(group, now));
            bucket.throttled(group, now, self.speed);
        }
    }

    /// ECS looked at an attempt.
    pub(super) fn admitted(&self, operation: &str) {
        if let Some(group) = group(operation)
            && let Some(bucket) = self.buckets().get_mut(group.name)
        {
            bucket.share = (bucket.share + RECOVERY).min(1.0);
        }
    }

    fn buckets(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, Bucket>> {
        // Plain assignments cannot leave a bucket half-written.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn group(operation: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.operations.contains(&operation))
}

#[derive(Debug)]
struct Bucket {
    /// Below zero are attempts that wait for their token.
    tokens: f64,
    at: Instant,
    /// Of the rate what is drawn.
    share: f64,
    slowed_at: Option<Instant>,
}

impl Bucket {
    fn full(group: &Group, now: Instant) -> Self {
        Self { tokens: group.burst - KEPT_BACK, at: now, share: 1.0, slowed_at: None }
    }

    fn per_second(&self, group: &Group, speed: f64) -> f64 {
        group.per_second * OF_THE_RATE * self.share * speed
    }

    fn refill(&mut self, group: &Group, now: Instant, speed: f64) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second(group, speed)).min(group.burst - KEPT_BACK);
        self.at = now;
    }

    fn take(&mut self, group: &Group, now: Instant, speed: f64) -> Duration {
        self.refill(group, now, speed);
        self.tokens -= 1.0;
        Duration::from_secs_f64((-self.tokens).max(0.0) / self.per_second(group, speed))
    }

    fn throttled(&mut self, group: &Group, now: Instant, speed: f64) {
        self.refill(group, now, speed);
        self.tokens = self.tokens.min(0.0);
        let is_known =
            self.slowed_at.is_some_and(|at| now.saturating_duration_since(at) < ONE_SHORTAGE.div_f64(speed));
        if !is_known {
            self.share = (self.share / 2.0).max(LEAST_SHARE);
            self.slowed_at = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTER: &str = "RegisterTaskDefinition";

    /// When each of `count` attempts that are asked for at once may be sent, in seconds.
    fn waits(pace: &Pace, operation: &str, count: usize, now: Instant) -> Vec<f64> {
        (0..count).map(|_| pace.take(operation, now).as_secs_f64()).collect()
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate_whoever_asks() {
        let (pace, now) = (Pace::new(1.0, true), Instant::now());
        let registered = waits(&pace, REGISTER, 21, now);
        assert!(registered[..19].iter().all(|wait| *wait == 0.0), "{registered:?}");
        for (wait, least) in registered[19..].iter().zip([1.0, 2.0]) {
            assert!((least..least * 1.02).contains(wait), "{registered:?}");
        }
        let deregistered = pace.take("DeregisterTaskDefinition", now).as_secs_f64();
        assert!((3.0..3.06).contains(&deregistered), "they share a bucket: {deregistered}");
        assert_eq!(pace.take("DescribeTaskDefinition", now), Duration::ZERO, "reads have their own");
        assert_eq!(pace.take("AssumeRole", now), Duration::ZERO);
    }

    #[test]
    fn never_more_than_burst_and_refill_are_let_through_in_any_time() {
        let (pace, start) = (Pace::new(1.0, true), Instant::now());
        let sent: Vec<Duration> = (0..200)
            .map(|number| {
                let asked = Duration::from_millis(300 * number);
                asked + pace.take(REGISTER, start + asked)
            })
            .collect();
        for (number, at) in sent.iter().enumerate() {
            let admitted = 20.0 + at.as_secs_f64();
            assert!(number as f64 + 1.0 <= admitted, "attempt {number} at {at:?}");
        }
    }

    #[test]
    fn a_faster_clock_shortens_every_wait() {
        let (pace, now) = (Pace::new(50.0, true), Instant::now());
        let last = waits(&pace, REGISTER, 69, now)[68];
        assert!((1.0..1.02).contains(&last), "{last}");
        assert_eq!(pace.on_this_clock(Duration::from_secs(10)), Duration::from_millis(200));
    }

    #[test]
    fn what_is_not_ecs_is_paced_after_it_throttled() {
        let (pace, now) = (Pace::new(1.0, false), Instant::now());
        assert!(waits(&pace, REGISTER, 500, now).iter().all(|wait| *wait == 0.0));
        pace.throttled(REGISTER, now);
        let wait = pace.take(REGISTER, now).as_secs_f64();
        assert!((2.0..2.1).contains(&wait), "half the rate of an empty bucket: {wait}");
    }

    #[test]
    fn a_shortage_slows_down_once_and_answers_speed_up_again() {
        let (pace, mut now) = (Pace::new(1.0, true), Instant::now());
        let next = |pace: &Pace, now: &mut Instant| {
            let wait = pace.take(REGISTER, *now);
            *now += wait;
            wait.as_secs_f64()
        };
        for _ in 0..5 {
            pace.throttled(REGISTER, now);
        }
        let slow = next(&pace, &mut now);
        assert!((2.0..2.1).contains(&slow), "{slow}");
        for _ in 0..9 {
            now += Duration::from_secs(2);
            pace.throttled(REGISTER, now);
        }
        let slowest = next(&pace, &mut now);
        assert!((4.0..4.1).contains(&slowest), "{slowest}");
        (0..20).for_each(|_| pace.admitted(REGISTER));
        let queue = waits(&pace, REGISTER, 30, now);
        let recovered = queue[29] - queue[28];
        assert!((1.0..1.1).contains(&recovered), "{recovered}");
    }
}
