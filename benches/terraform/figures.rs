//! What was measured, and medians of it.

use std::time::Duration;

use super::applied::Applied;
use super::fleet::Fleet;
use super::moves::Moves;
use super::paced::Paced;
use super::terraform::Cost;
use super::watch::Usage;

/// Everything that goes into the report.
pub(super) struct Figures {
    pub(super) rounds: usize,
    pub(super) terraform_version: String,
    pub(super) binary_bytes: u64,
    pub(super) timings: Timings,
    pub(super) watched: Watched,
    pub(super) fleet: Fleet,
    pub(super) moves: Moves,
    pub(super) paced: Paced,
}

/// Times, one entry a round for plans.
#[derive(Default)]
pub(super) struct Timings {
    pub(super) starts: Vec<Duration>,
    /// From a document to the Agent beside it, all rules, and canonical text.
    pub(super) renderings: Vec<Duration>,
    /// The same, and reading the document from text before.
    pub(super) texts: Vec<Duration>,
    /// A Compose file from text to text, with the Agent beside its services and each of them wired.
    pub(super) compose_files: Vec<Duration>,
    /// A manifest with one Deployment likewise.
    pub(super) manifests: Vec<Duration>,
    /// Manifests of many Deployments, each of which gets an Agent.
    pub(super) many_manifests: Vec<Duration>,
    /// From text to the report of `lint`.
    pub(super) lints: Vec<Duration>,
    /// `lint` of a container with 40,000 keys that ECS does not know, each a finding.
    pub(super) crowded_lints: Vec<Duration>,
    /// The same with 80,000.
    pub(super) more_crowded_lints: Vec<Duration>,
    /// The page of the audit, and its bytes.
    pub(super) pages: Vec<(Duration, usize)>,
    /// `lint` of 60 task definitions, with starting the program.
    pub(super) file_lints: Vec<Duration>,
    /// The program on one file.
    pub(super) single_lints: Vec<Duration>,
    /// The program on a folder of files of every kind.
    pub(super) folder_lints: Vec<Duration>,
    /// The program on a plan.
    pub(super) plan_lints: Vec<Duration>,
    pub(super) builtin_plans: Vec<Cost>,
    pub(super) data_source_plans: Vec<Cost>,
    pub(super) resource_plans: Vec<Cost>,
    /// With a provider of the same schemas that does nothing.
    pub(super) idle_data_source_plans: Vec<Cost>,
    pub(super) idle_resource_plans: Vec<Cost>,
    /// Of the real resource and of the idle one.
    pub(super) applies: Vec<(Applied, Applied)>,
}

/// Usage of the provider's working process, one entry a plan.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) data_source_plans: Vec<Usage>,
    pub(super) resource_plans: Vec<Usage>,
    pub(super) idle_data_source_plans: Vec<Usage>,
    /// `lint` of 60 task definitions.
    pub(super) lints: Vec<Usage>,
    /// The same, each given [`TIMES`](super::rounds::TIMES) times.
    pub(super) repeated_lints: Vec<Usage>,
    /// `audit` of a thousand services.
    pub(super) audits: Vec<Usage>,
}

/// Median, least and most of some numbers.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Spread {
    /// The spread of at least one number.
    pub(super) fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        numbers.sort_by(f64::total_cmp);
        let last = numbers.len() - 1;
        let median = (numbers[last / 2] + numbers[numbers.len() / 2]) / 2.0;
        Self { median, least: numbers[0], most: numbers[last] }
    }
}

/// Milliseconds.
pub(super) fn milliseconds(times: &[Duration]) -> Spread {
    Spread::of(times.iter().map(|time| time.as_secs_f64() * 1_000.0))
}

/// How long commands took.
pub(super) fn walls(costs: &[Cost]) -> Vec<Duration> {
    costs.iter().map(|cost| cost.wall).collect()
}

/// How much CPU time commands took.
pub(super) fn cpus(costs: &[Cost]) -> Vec<Duration> {
    costs.iter().map(|cost| cost.cpu).collect()
}

/// Each time divided by the one of the same round.
pub(super) fn ratios(times: &[Duration], floor: &[Duration]) -> Spread {
    Spread::of(times.iter().zip(floor).map(|(time, floor)| time.as_secs_f64() / floor.as_secs_f64()))
}
