//! The table that is printed and kept in PERFORMANCE.md.

use std::error::Error;
use std::path::Path;

use super::applied::Applied;
use super::configurations::INSTANCES;
use super::figures::{Figures, Spread, Timings, Watched, cpus, milliseconds, ratios, walls};
use super::fleet::Fleet;
use super::moves::Moves;
use super::paced::Paced;
use super::watch::{TICKS_PER_SECOND, Usage};

const BEGIN: &str = "<!-- make bench writes from here -->";
const END: &str = "<!-- to here -->";

/// The table and, above it, where it was measured.
pub(super) fn report(figures: &Figures) -> String {
    let (timings, watched) = (&figures.timings, &figures.watched);
    let mut rows = rows_of_rounds(figures.binary_bytes, timings, watched);
    rows.extend(rows_of_fleet(&figures.fleet));
    rows.extend(rows_of_moves(&figures.moves, &figures.paced));
    let mut text = format!(
        "{}, {}, {} rounds.\n\n| measurement | goal, at most | median | least to most | met |\n|---|---|---|---|---|\n",
        machine(),
        figures.terraform_version,
        figures.rounds
    );
    rows.iter().for_each(|row| text.push_str(&row.line()));
    let times = [
        ("plan of 1,000 `terraform_data`", milliseconds(&walls(&timings.builtin_plans))),
        ("plan of 1,000 data source instances", milliseconds(&walls(&timings.data_source_plans))),
        ("of it CPU of the provider", cpu_milliseconds(&watched.data_source_plans)),
        (
            "of it CPU of the idle provider, for the same calls",
            cpu_milliseconds(&watched.idle_data_source_plans),
        ),
        ("plan of 1,000 resource instances", milliseconds(&walls(&timings.resource_plans))),
        ("of it CPU of the provider", cpu_milliseconds(&watched.resource_plans)),
        (
            "manifests of 60 KiB with many Deployments, from text to text",
            milliseconds(&timings.many_manifests),
        ),
        ("task definition of 60 KiB, with reading its text", milliseconds(&timings.texts)),
    ];
    let of_applies = |of: fn(&Applied) -> f64| {
        let ours = Spread::of(timings.applies.iter().map(|(ours, _)| of(ours)));
        let idle = Spread::of(timings.applies.iter().map(|(_, idle)| of(idle)));
        (ours, idle)
    };
    let applied = [
        ("apply of 300 resources, CPU s", of_applies(|one| one.apply.cpu.as_secs_f64())),
        ("plan of 300 unchanged resources, CPU s", of_applies(|one| one.plan.cpu.as_secs_f64())),
        ("state of a resource, KiB", of_applies(|one| one.state_bytes / 1_024.0)),
    ];
    let floors = [
        (
            "data source, the idle provider times `terraform_data`",
            &timings.idle_data_source_plans,
            &timings.builtin_plans,
        ),
        (
            "data source, ours times the idle provider",
            &timings.data_source_plans,
            &timings.idle_data_source_plans,
        ),
        (
            "resource, the idle provider times `terraform_data`",
            &timings.idle_resource_plans,
            &timings.builtin_plans,
        ),
        ("resource, ours times the idle provider", &timings.resource_plans, &timings.idle_resource_plans),
    ];
    text.push_str(
        "\nThe same plans with a provider of the same schemas that does nothing:\n\n| ratio | median | least to most |\n|---|---|---|\n",
    );
    for (what, times, floor) in floors {
        text.push_str(&spread_line(what, ratios(&walls(times), &walls(floor))));
    }
    text.push_str(
        "\nAn apply against a local ECS endpoint, CPU of the whole command, and what it leaves:\n\n| what | ours | the idle provider |\n|---|---|---|\n",
    );
    for (what, (ours, idle)) in applied {
        text.push_str(&format!("| {what} | {} | {} |\n", figure(ours.median), figure(idle.median)));
    }
    text.push_str(&lines_of_unpaced(&figures.paced));
    text.push_str(
        "\nTimes behind and beside them:\n\n| what | median, ms | least to most |\n|---|---|---|\n",
    );
    for (what, spread) in times {
        text.push_str(&spread_line(what, spread));
    }
    text
}

/// The lines about single commands and processes, alone.
pub(super) fn lines_of_rounds(binary_bytes: u64, timings: &Timings, watched: &Watched) -> String {
    rows_of_rounds(binary_bytes, timings, watched).iter().map(Row::line).collect()
}

fn rows_of_rounds(binary_bytes: u64, timings: &Timings, watched: &Watched) -> Vec<Row> {
    let binary = Spread::of([binary_bytes as f64 / f64::from(1 << 20)]);
    vec![
        Row { what: "start to handshake line, ms", goal: 5.0, found: milliseconds(&timings.starts) },
        Row {
            what: "peak resident memory, plan of 1,000 data source instances, MiB",
            goal: 16.0,
            found: mebibytes(&watched.data_source_plans),
        },
        Row {
            what: "peak resident memory, plan of 1,000 resource instances, MiB",
            goal: 16.0,
            found: mebibytes(&watched.resource_plans),
        },
        Row { what: "release binary, stripped, MiB", goal: 15.0, found: binary },
        Row {
            what: "plan of 1,000 data source instances, times `terraform_data`",
            goal: 1.0,
            found: ratios(&walls(&timings.data_source_plans), &walls(&timings.builtin_plans)),
        },
        Row {
            what: "plan of 1,000 resource instances, times `terraform_data`",
            goal: 1.35,
            found: ratios(&walls(&timings.resource_plans), &walls(&timings.builtin_plans)),
        },
        Row {
            what: "rendering and all rules, task definition of 60 KiB, ms",
            goal: 1.0,
            found: milliseconds(&timings.renderings),
        },
        Row {
            what: "Compose file of 60 KiB, from text to text, ms",
            goal: 3.0,
            found: milliseconds(&timings.compose_files),
        },
        Row {
            what: "manifest of 60 KiB with one Deployment, from text to text, ms",
            goal: 3.0,
            found: milliseconds(&timings.manifests),
        },
        Row {
            what: "`lint` of a task definition of 60 KiB, inside the process, ms",
            goal: 1.0,
            found: milliseconds(&timings.lints),
        },
        Row {
            what: "`lint` of 80,000 unknown keys, times that of 40,000",
            goal: 2.3,
            found: ratios(&timings.more_crowded_lints, &timings.crowded_lints),
        },
        Row {
            what: "`lint` of 60 task definitions, with its start, ms",
            goal: 100.0,
            found: milliseconds(&timings.file_lints),
        },
        Row {
            what: "`lint` of one task definition, with its start, ms",
            goal: 5.0,
            found: milliseconds(&timings.single_lints),
        },
        Row {
            what: "`lint` of a folder of 500 files, of which 50 are task definitions, ms",
            goal: 150.0,
            found: milliseconds(&timings.folder_lints),
        },
        Row {
            what: "`lint` of a plan of 1,000 task definitions, ms",
            goal: 500.0,
            found: milliseconds(&timings.plan_lints),
        },
        Row {
            what: "peak resident memory, `lint` of each of them 20 times, times that of once",
            goal: 1.1,
            found: growth(watched),
        },
        Row {
            what: "page of the audit, 1,000 services, ms",
            goal: 300.0,
            found: milliseconds(&timings.pages.iter().map(|(time, _)| *time).collect::<Vec<_>>()),
        },
        Row {
            what: "page of the audit, 1,000 services, MiB",
            goal: 1.5,
            found: Spread::of(timings.pages.iter().map(|(_, bytes)| *bytes as f64 / f64::from(1 << 20))),
        },
        Row {
            what: "peak resident memory, audit of 1,000 services, MiB",
            goal: 48.0,
            found: mebibytes(&watched.audits),
        },
        Row { what: "own CPU per `ReadDataSource`, µs", goal: 200.0, found: cpu_of_a_read(watched) },
        Row {
            what: "CPU of a plan of 1,000 new resources, times the idle provider's",
            goal: 1.1,
            found: ratios(&cpus(&timings.resource_plans), &cpus(&timings.idle_resource_plans)),
        },
        Row {
            what: "CPU of a plan of 1,000 data sources, times the idle provider's",
            goal: 1.15,
            found: ratios(&cpus(&timings.data_source_plans), &cpus(&timings.idle_data_source_plans)),
        },
        Row {
            what: "state of a resource, KiB",
            goal: 6.0,
            found: Spread::of(timings.applies.iter().map(|(ours, _)| ours.state_bytes / 1_024.0)),
        },
    ]
}

fn rows_of_fleet(fleet: &Fleet) -> Vec<Row> {
    vec![
        Row {
            what: "peak resident memory, apply of 1,000 at the rates of ECS, MiB",
            goal: 48.0,
            found: mebibytes(&[fleet.apply]),
        },
        Row {
            what: "CPU of the provider, apply of 1,000 at the rates of ECS, s",
            goal: 10.0,
            found: Spread::of([cpu_seconds(&fleet.apply)]),
        },
        Row {
            what: "attempts beyond the bucket, apply of 1,000 at the rates of ECS",
            goal: 0.0,
            found: Spread::of([fleet.beyond as f64]),
        },
        Row { what: "reads of each, plan of 1,000 unchanged", goal: 1.0, found: Spread::of([fleet.reads]) },
        Row {
            what: "plan of 1,000 unchanged, times what the bucket of reads takes at least",
            goal: 1.1,
            found: Spread::of([fleet.plan]),
        },
    ]
}

/// The lines about services that move, alone.
pub(super) fn lines_of_moves(moves: &Moves, paced: &Paced) -> String {
    let lines: String = rows_of_moves(moves, paced).iter().map(Row::line).collect();
    format!("{lines}{}", lines_of_unpaced(paced))
}

fn rows_of_moves(moves: &Moves, paced: &Paced) -> Vec<Row> {
    vec![
        Row {
            what: "peak resident memory, 1,000 services moved at the rates of ECS, MiB",
            goal: 48.0,
            found: mebibytes(&moves.applies),
        },
        Row {
            what: "CPU of the provider, 1,000 services moved at the rates of ECS, s",
            goal: 10.0,
            found: Spread::of(moves.applies.iter().map(cpu_seconds)),
        },
        Row {
            what: "attempts beyond the bucket, 1,000 services moved at the rates of ECS",
            goal: 0.0,
            found: Spread::of([moves.throttled as f64]),
        },
        Row {
            what: "services elsewhere than a wave of 500 that failed should have left them",
            goal: 0.0,
            found: Spread::of([moves.misplaced as f64]),
        },
        Row {
            what: "300 registrations, times what the bucket takes at least",
            goal: 1.03,
            found: Spread::of([paced.registrations]),
        },
        Row {
            what: "300 calls of UpdateService, times what the bucket takes at least",
            goal: 1.03,
            found: Spread::of([paced.updates]),
        },
        Row {
            what: "the apply of both, from start to end, times what both buckets take",
            goal: 1.03,
            found: Spread::of([paced.apply]),
        },
    ]
}

/// What calling without a pace comes to.
fn lines_of_unpaced(paced: &Paced) -> String {
    let mut text = "\nThe same 600 calls all at once, with the SDK's standard retries, until all of them are done:\n\n| what | paced | unpaced |\n|---|---|---|\n".to_owned();
    let unpaced = &paced.unpaced;
    let (refused, failed) = ((paced.refused as f64, unpaced.refused as f64), (0.0, unpaced.failed as f64));
    for (what, (ours, theirs)) in [
        ("time, times what both buckets take", (paced.apply, unpaced.time)),
        ("attempts that ECS refused", refused),
        ("calls that failed for good and were made again", failed),
    ] {
        text.push_str(&format!("| {what} | {} | {} |\n", figure(ours), figure(theirs)));
    }
    text
}

fn spread_line(what: &str, spread: Spread) -> String {
    let [median, least, most] = [spread.median, spread.least, spread.most].map(figure);
    format!("| {what} | {median} | {least} to {most} |\n")
}

/// Replaces the text between the two marks.
pub(super) fn write_into(path: &Path, report: &str) -> Result<(), Box<dyn Error>> {
    let page = std::fs::read_to_string(path)?;
    let (before, rest) = page.split_once(BEGIN).ok_or_else(|| format!("{}: no {BEGIN}", path.display()))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{}: no {END}", path.display()))?;
    std::fs::write(path, format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", report.trim()))?;
    Ok(())
}

struct Row {
    what: &'static str,
    goal: f64,
    found: Spread,
}

impl Row {
    fn line(&self) -> String {
        let Self { what, goal, found } = self;
        let met = if found.median <= *goal { "yes" } else { "**no**" };
        format!(
            "| {what} | {goal} | {} | {} to {} | {met} |\n",
            figure(found.median),
            figure(found.least),
            figure(found.most)
        )
    }
}

/// Three significant digits are more than any of these measurements is good for.
fn figure(number: f64) -> String {
    match number {
        number if number >= 100.0 => format!("{number:.0}"),
        number if number >= 10.0 => format!("{number:.1}"),
        number => format!("{number:.2}"),
    }
}

fn mebibytes(usages: &[Usage]) -> Spread {
    Spread::of(usages.iter().map(|usage| usage.peak_kib as f64 / 1_024.0))
}

/// The whole process divided by its reads: start, handshake and validation calls are in it.
/// Microseconds of one read: what the process used beyond the idle one, which answers the same calls, and the idle
/// one's share of a call. Its other calls are validations, one an instance.
fn cpu_of_a_read(watched: &Watched) -> Spread {
    let instances = f64::from(INSTANCES);
    Spread::of(watched.data_source_plans.iter().zip(&watched.idle_data_source_plans).map(|(ours, idle)| {
        let (ours, idle) = (cpu_seconds(ours), cpu_seconds(idle));
        ((ours - idle) + idle / 2.0) * 1_000_000.0 / instances
    }))
}

/// How much more memory is resident when the same files are read many times over.
fn growth(watched: &Watched) -> Spread {
    let pairs = watched.repeated_lints.iter().zip(&watched.lints);
    Spread::of(pairs.map(|(many, once)| many.peak_kib as f64 / once.peak_kib as f64))
}

fn cpu_milliseconds(usages: &[Usage]) -> Spread {
    Spread::of(usages.iter().map(|usage| cpu_seconds(usage) * 1_000.0))
}

fn cpu_seconds(usage: &Usage) -> f64 {
    usage.cpu_ticks as f64 / TICKS_PER_SECOND
}

/// Processor, number of cores and operating system.
fn machine() -> String {
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |path: &str, name: &str, separator: char| {
        let line = text(path).lines().find(|line| line.starts_with(name)).map(str::to_owned)?;
        Some(line.split_once(separator)?.1.trim().trim_matches('"').to_owned())
    };
    let processor =
        field("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let system =
        field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{processor}, {cores} cores, {system}")
}
