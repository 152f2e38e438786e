//! What is left behind when things go wrong: real applies of 20 task definitions, and of a rollout of 20 services, disturbed
//! at the endpoint or killed, then applied once more, and compared with what the endpoint holds. Prints a table.
//!
//! `cargo test --test faults` runs one cell per fault and six kills, and a few of each for the rollout; after `--`, `--all` runs every cell. `--only TEXT` runs
//! the cells whose name contains the text, `--moments N` kills at so many moments of each kind, `--rounds N` repeats every
//! fault at other requests, `--speed N` sets the clock of the endpoint and of the provider, `--jobs N` runs so many cells
//! at a time, and `--check` fails where anything is doubled, left behind, lost or wrong.

mod cell;
mod endings;
mod fleet;
mod kills;
mod operations;
mod table;
mod troubles;
mod verdict;

#[path = "../acceptance/harness/mod.rs"]
mod harness;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cell::Cell;
use kills::Kill;
use operations::Operation;
use table::Row;
use troubles::Trouble;

/// At how many moments of a rollout it is killed.
const MOMENTS_OF_A_MOVE: u32 = 60;

struct Options {
    all: bool,
    only: Option<String>,
    moments: u32,
    rounds: u32,
    speed: f64,
    jobs: usize,
    check: bool,
}

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            say(&format!("faults: {problem}"));
            return ExitCode::from(2);
        }
    };
    let rows = run(&cells(&options), &options);
    let mut output = std::io::stdout().lock();
    // Whoever closed the output does not want to read it.
    let _ = output.write_all(table::text(&rows).as_bytes());
    if options.check && rows.iter().any(|row| !row.found.is_clean()) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options =
            Self { all: false, only: None, moments: 7, rounds: 1, speed: 20.0, jobs: 2, check: false };
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let number = arguments.next().and_then(|text| text.parse::<u32>().ok());
                number.filter(|number| *number > 0).ok_or(format!("{argument} needs a number from 1"))
            };
            match argument.as_str() {
                "--all" => options.all = true,
                "--check" => options.check = true,
                "--moments" => options.moments = number()?,
                "--rounds" => options.rounds = number()?,
                "--speed" => options.speed = number()?.into(),
                "--jobs" => options.jobs = usize::try_from(number()?).map_err(|error| error.to_string())?,
                "--only" => options.only = Some(arguments.next().ok_or("--only needs a text")?),
                other => {
                    return Err(format!(
                        "unknown argument {other}; the head of tests/faults/main.rs lists them"
                    ));
                }
            }
        }
        Ok(options)
    }
}

/// The cells of a run. Without `--all` each trouble has one, and six kinds of killing are tried in mid-apply.
fn cells(options: &Options) -> Vec<Cell> {
    let mut cells = Vec::new();
    for operation in Operation::ALL {
        for trouble in Trouble::ALL.into_iter().filter(|trouble| trouble.concerns(operation)) {
            cells.extend((0..options.rounds).map(|round| Cell::Disturbed { operation, trouble, round }));
        }
    }
    cells.retain(|cell| options.all || cell.is_of_every_day());
    let (kills, moments) = if options.all { (&Kill::ALL[..], options.moments) } else { (&Kill::SIX[..], 1) };
    for kill in kills {
        cells.extend((0..moments).map(|moment| Cell::Killed { kill: *kill, moment, of: moments }));
    }
    cells.extend(moves_killed(options));
    cells.push(Cell::DiskFull);
    cells.retain(|cell| options.only.as_ref().is_none_or(|only| cell.name().contains(only.as_str())));
    cells
}

/// A rollout is killed at 60 moments, by six kinds of killing in turn, and otherwise at two.
fn moves_killed(options: &Options) -> Vec<Cell> {
    let of = if options.all { MOMENTS_OF_A_MOVE } else { 2 };
    let kills = Kill::SIX.iter().cycle();
    (0..of).zip(kills).map(|(moment, kill)| Cell::MoveKilled { kill: *kill, moment, of }).collect()
}

/// Runs the cells side by side and gives their rows in order.
fn run(cells: &[Cell], options: &Options) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                while let Some((number, cell)) = {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    cells.get(number).map(|cell| (number, cell))
                } {
                    let row = cell.run(options.speed);
                    say(&format!("{}/{} {}", number + 1, cells.len(), row.in_a_line()));
                    rows.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, row));
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    rows.sort_by_key(|(number, _)| *number);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Progress, for whoever waits.
fn say(text: &str) {
    // Without stderr there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
