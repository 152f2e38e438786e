//! The order of measurements: everything once a round, so that drift of the machine meets all alike.

use std::error::Error;
use std::time::{Duration, Instant};

use super::configurations::Subject;
use super::figures::{Timings, Watched};
use super::terraform::Workspace;
use super::{handshake, large_task, watch};

/// Starts in each round: one is over in milliseconds.
const STARTS: usize = 4;

/// Renderings in each round.
const RENDERINGS: usize = 20;

/// Times starts, plans and renderings, interleaved.
pub(super) fn measure(workspace: &Workspace, rounds: usize) -> Result<Timings, Box<dyn Error>> {
    let certificate = handshake::client_certificate()?;
    let task = large_task::definition();
    // A first round that nobody counts brings binaries and folders into the page cache.
    round(workspace, &certificate, &task, &mut Timings::default())?;
    let mut timings = Timings::default();
    for _ in 0..rounds {
        round(workspace, &certificate, &task, &mut timings)?;
    }
    Ok(timings)
}

fn round(
    workspace: &Workspace,
    certificate: &str,
    task: &str,
    timings: &mut Timings,
) -> Result<(), Box<dyn Error>> {
    for _ in 0..STARTS {
        timings.starts.push(handshake::time_start(workspace, certificate)?);
    }
    for _ in 0..RENDERINGS {
        timings.renderings.push(time(|| {
            std::hint::black_box(large_task::render_and_judge(std::hint::black_box(task)));
        }));
    }
    timings.builtin_plans.push(plan(workspace, Subject::Builtin)?);
    timings.data_source_plans.push(plan(workspace, Subject::DataSource)?);
    timings.resource_plans.push(plan(workspace, Subject::Resource)?);
    Ok(())
}

fn plan(workspace: &Workspace, subject: Subject) -> Result<Duration, Box<dyn Error>> {
    workspace
        .time_plan(subject)
        .map_err(|error| format!("{}: {error}\n{}", subject.name(), workspace.complaint(subject)).into())
}

/// Watches memory and CPU time of plans that nobody times.
pub(super) fn watch(workspace: &Workspace, rounds: usize) -> Result<Watched, Box<dyn Error>> {
    let mut watched = Watched::default();
    for _ in 0..rounds {
        watched.data_source_plans.push(watch::watch_plan(workspace, Subject::DataSource)?);
        watched.resource_plans.push(watch::watch_plan(workspace, Subject::Resource)?);
    }
    Ok(watched)
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
