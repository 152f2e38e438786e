//! A thousand task definitions at the request rates of ECS: an apply, and a plan of them when nothing changed.
//!
//! The local ECS endpoint has ECS's own buckets, and refuses what is beyond them. Registering takes a quarter of an hour at one a
//! second, so the clock of the endpoint and of the provider goes faster for the apply. The plan has ECS's own clock, because what
//! Terraform does itself is compared with it.

use std::error::Error;
use std::time::Instant;

use super::applied::Endpoint;
use super::configurations::{INSTANCES, MODULE, NOWHERE, fleet};
use super::terraform::Workspace;
use super::watch::{Usage, watch};

/// How fast the clock goes while the thousand are registered.
const SPEED: &str = "20";

/// The bucket of reads: what it holds, and what comes back a second (request throttling page of the Amazon ECS API reference,
/// read 2026-11).
const READS: (f64, f64) = (50.0, 20.0);

/// What the fleet costs.
pub(super) struct Fleet {
    /// Of the provider process that registered.
    pub(super) apply: Usage,
    /// Attempts of the apply beyond one registration and one look before it for each: those that were refused for the rate.
    pub(super) beyond: u64,
    /// Reads of the plan, for each task definition.
    pub(super) reads: f64,
    /// The time of the plan, times what the bucket of reads takes at least.
    pub(super) plan: f64,
}

/// Applies and plans once: it takes minutes.
pub(super) fn measure(workspace: &Workspace) -> Result<Fleet, Box<dyn Error>> {
    let folder = tempfile::tempdir_in(workspace.scratch())?;
    let endpoint = Endpoint::start(workspace.provider(), &["--rates", "--speed", SPEED])?;
    let (configuration, module) = fleet();
    std::fs::create_dir(folder.path().join(MODULE))?;
    std::fs::write(folder.path().join(MODULE).join("main.tf"), module)?;
    std::fs::write(folder.path().join("main.tf"), configuration.replace(NOWHERE, &endpoint.url))?;
    super::terraform::finish(workspace.start_in(folder.path(), &["get", "-no-color"], 1.0)?)?;
    let apply = ["apply", "-auto-approve", "-input=false", "-no-color"];
    let apply = workspace.start_in(folder.path(), &apply, SPEED.parse()?)?;
    let apply = watch(apply, workspace.provider())?;
    let attempts =
        endpoint.requests_of("RegisterTaskDefinition")? + endpoint.requests_of("DescribeTaskDefinition")?;
    endpoint.control("POST", "clock", r#"{"speed": 1}"#)?;
    endpoint.control("POST", "rates", r#"{"on": true}"#)?;
    endpoint.control("DELETE", "requests", "")?;
    let begun = Instant::now();
    let plan = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
    super::terraform::finish(workspace.start_in(folder.path(), &plan, 1.0)?)?;
    let plan = begun.elapsed().as_secs_f64();
    let reads = endpoint.requests_of("DescribeTaskDefinition")?;
    let (burst, per_second) = READS;
    Ok(Fleet {
        apply,
        beyond: attempts.saturating_sub(2 * u64::from(INSTANCES)),
        reads: reads as f64 / f64::from(INSTANCES),
        plan: plan / ((f64::from(INSTANCES) - burst) / per_second),
    })
}
