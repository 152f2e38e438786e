//! Measures the release binary with the real Terraform and compares with Terraform's own builtin resource.
//!
//! `cargo bench --bench terraform -- [--rounds N]` prints a table and puts it into PERFORMANCE.md. With `--moves` it measures
//! and prints the lines about services that move and nothing else, with `--alone` those about single commands. Ratios are
//! taken between runs of the same round, because a machine's speed drifts over minutes by more than what is measured. Nothing
//! here is a test: timings are for reading, on a machine that does nothing else.

#![expect(clippy::print_stdout, reason = "the table is for whoever typed the command")]

mod applied;
mod audit;
mod configurations;
mod figures;
mod fleet;
mod handshake;
mod lint;
mod moves;
mod paced;
mod report;
mod rounds;
mod terraform;
mod watch;

#[path = "../large_manifest/mod.rs"]
mod large_manifest;
#[path = "../large_services/mod.rs"]
mod large_services;
#[path = "../large_task/mod.rs"]
mod large_task;

use std::error::Error;
use std::path::Path;

use figures::Figures;
use terraform::Workspace;

/// The binary that Terraform starts, built by cargo with the release settings.
const PROVIDER: &str = env!("CARGO_BIN_EXE_terraform-provider-ddrofs");

/// Fewest rounds whose median is worth printing.
const FEWEST_ROUNDS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag| arguments.iter().any(|argument| argument == flag);
    let (moves, alone) = (has("--moves"), has("--alone"));
    let rounds =
        rounds_from(arguments.into_iter().filter(|argument| argument != "--moves" && argument != "--alone"))?;
    let workspace = Workspace::new(Path::new(PROVIDER))?;
    let binary_bytes = std::fs::metadata(PROVIDER)?.len();
    if moves {
        println!("{}", report::lines_of_moves(&moves::measure(&workspace)?, &paced::measure(&workspace)?));
        return Ok(());
    }
    let (timings, watched) = (rounds::measure(&workspace, rounds)?, rounds::watch(&workspace, rounds)?);
    if alone {
        println!("{}", report::lines_of_rounds(binary_bytes, &timings, &watched));
        return Ok(());
    }
    let figures = Figures {
        rounds,
        terraform_version: workspace.version()?,
        binary_bytes,
        timings,
        watched,
        fleet: fleet::measure(&workspace)?,
        moves: moves::measure(&workspace)?,
        paced: paced::measure(&workspace)?,
    };
    let report = report::report(&figures);
    println!("{report}");
    report::write_into(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/PERFORMANCE.md")), &report)?;
    Ok(())
}

fn rounds_from(arguments: impl Iterator<Item = String>) -> Result<usize, Box<dyn Error>> {
    let mut rounds = 12;
    // Cargo adds `--bench` by itself.
    let mut arguments = arguments.filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.next()) {
            ("--rounds", Some(number)) => rounds = number.parse()?,
            _ => {
                return Err(
                    format!("{argument}: the only options are --rounds N, --moves and --alone").into()
                );
            }
        }
    }
    if rounds < FEWEST_ROUNDS {
        return Err(format!("{rounds} rounds are too few for a median: at least {FEWEST_ROUNDS}").into());
    }
    Ok(rounds)
}
