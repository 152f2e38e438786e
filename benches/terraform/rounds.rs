//! The order of measurements: everything once a round, so that drift of the machine meets all alike.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use super::configurations::Subject;
use super::figures::{Timings, Watched};
use super::terraform::{Cost, Workspace};
use super::{applied, audit, handshake, large_manifest, large_services, large_task, lint, watch};

/// Starts in each round: one is over in milliseconds.
const STARTS: usize = 4;

/// Renderings in each round.
const RENDERINGS: usize = 20;

/// Runs of `lint` over very many findings in each round.
const CROWDED_LINTS: usize = 2;

/// Pages of the audit in each round.
const PAGES: usize = 4;

/// Runs of `lint` over 60 task definitions in each round.
const FILE_LINTS: usize = 4;

/// Applies, which take longer than everything else together.
const APPLIES: usize = 3;

/// How often a run of `lint` whose memory is compared reads each of the task definitions.
pub(super) const TIMES: usize = 20;

/// Times starts, plans and renderings, interleaved.
pub(super) fn measure(workspace: &Workspace, rounds: usize) -> Result<Timings, Box<dyn Error>> {
    let certificate = handshake::client_certificate()?;
    let text = large_task::definition();
    // A first round that nobody counts brings binaries and folders into the page cache.
    round(workspace, &certificate, &text, &mut Timings::default())?;
    let mut timings = Timings::default();
    for _ in 0..rounds {
        round(workspace, &certificate, &text, &mut timings)?;
    }
    for _ in 0..APPLIES {
        let ours = applied::measure(workspace, Subject::Resource)?;
        timings.applies.push((ours, applied::measure(workspace, Subject::IdleResource)?));
    }
    Ok(timings)
}

fn round(
    workspace: &Workspace,
    certificate: &str,
    text: &str,
    timings: &mut Timings,
) -> Result<(), Box<dyn Error>> {
    for _ in 0..STARTS {
        timings.starts.push(handshake::time_start(workspace, certificate)?);
    }
    let settings = large_task::settings();
    for _ in 0..RENDERINGS {
        let start = Instant::now();
        let task = large_task::read(black_box(text));
        let reading = start.elapsed();
        let task = large_task::render(task, &settings);
        black_box((large_task::judge(&task, &settings), large_task::write(&task)));
        timings.texts.push(start.elapsed());
        timings.renderings.push(start.elapsed() - reading);
    }
    time_joins(timings);
    for _ in 0..RENDERINGS {
        timings.lints.push(lint::time_document(black_box(text))?);
    }
    let (crowded, more_crowded) = (lint::unknown_keys(40_000), lint::unknown_keys(80_000));
    for _ in 0..CROWDED_LINTS {
        timings.crowded_lints.push(lint::time_document(black_box(&crowded))?);
        timings.more_crowded_lints.push(lint::time_document(black_box(&more_crowded))?);
    }
    let audit = audit::of_a_thousand();
    for _ in 0..PAGES {
        timings.pages.push(audit::time_page(black_box(&audit)));
    }
    let files = lint::sixty_files();
    for _ in 0..FILE_LINTS {
        timings.file_lints.push(lint::time_files(workspace.provider(), &files)?);
    }
    let mixed = lint::Mixed::write(workspace.scratch())?;
    for _ in 0..FILE_LINTS {
        timings.single_lints.push(lint::time_files(workspace.provider(), &mixed.single)?);
        timings.folder_lints.push(lint::time_files(workspace.provider(), &mixed.folder)?);
        timings.plan_lints.push(lint::time_files(workspace.provider(), &mixed.plan)?);
    }
    timings.builtin_plans.push(plan(workspace, Subject::Builtin)?);
    timings.data_source_plans.push(plan(workspace, Subject::DataSource)?);
    timings.resource_plans.push(plan(workspace, Subject::Resource)?);
    timings.idle_data_source_plans.push(plan(workspace, Subject::IdleDataSource)?);
    timings.idle_resource_plans.push(plan(workspace, Subject::IdleResource)?);
    Ok(())
}

/// Times what the data sources for Compose and Kubernetes do with files of 60 KiB, from text to text.
fn time_joins(timings: &mut Timings) {
    let (services, compose) = (large_services::text(), large_services::settings());
    let (one, many) = (large_manifest::one_deployment(), large_manifest::many_deployments());
    let kubernetes = large_manifest::settings();
    for _ in 0..RENDERINGS {
        let start = Instant::now();
        black_box(large_services::joined(black_box(&services), &compose));
        timings.compose_files.push(start.elapsed());
        for (text, times) in [(&one, &mut timings.manifests), (&many, &mut timings.many_manifests)] {
            let start = Instant::now();
            black_box(large_manifest::joined(black_box(text), &kubernetes));
            times.push(start.elapsed());
        }
    }
}

fn plan(workspace: &Workspace, subject: Subject) -> Result<Cost, Box<dyn Error>> {
    workspace
        .time_plan(subject)
        .map_err(|error| format!("{}: {error}\n{}", subject.name(), workspace.complaint(subject)).into())
}

/// Watches memory and CPU time of plans that nobody times.
pub(super) fn watch(workspace: &Workspace, rounds: usize) -> Result<Watched, Box<dyn Error>> {
    let mut watched = Watched::default();
    let files = lint::sixty_files();
    for _ in 0..rounds {
        watched.lints.push(lint::watch_files(workspace.provider(), &files, 1)?);
        watched.repeated_lints.push(lint::watch_files(workspace.provider(), &files, TIMES)?);
        watched.audits.push(audit::watch_program(workspace.provider(), workspace.scratch())?);
        watched.data_source_plans.push(watch::watch_plan(workspace, Subject::DataSource)?);
        watched.resource_plans.push(watch::watch_plan(workspace, Subject::Resource)?);
        watched.idle_data_source_plans.push(watch::watch_plan(workspace, Subject::IdleDataSource)?);
    }
    Ok(watched)
}
