//! How long each step takes that a task definition of 60 KiB goes through, from text to text.

mod large_task;

use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Text to document.
#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let text = large_task::definition();
    bencher.bench(|| large_task::read(black_box(&text)));
}

/// Document to document with the Agent.
#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let (task, settings) = (large_task::read(&large_task::definition()), large_task::settings());
    bencher.with_inputs(|| task.clone()).bench_values(|task| large_task::render(task, &settings));
}

/// Every rule.
#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let settings = large_task::settings();
    let task = large_task::render(large_task::read(&large_task::definition()), &settings);
    bencher.bench(|| large_task::judge(black_box(&task), &settings));
}

/// Document to canonical text.
#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let settings = large_task::settings();
    let task = large_task::render(large_task::read(&large_task::definition()), &settings);
    bencher.bench(|| large_task::write(black_box(&task)));
}

/// The whole way.
#[divan::bench]
fn from_text_to_text(bencher: Bencher<'_, '_>) {
    let (text, settings) = (large_task::definition(), large_task::settings());
    bencher.bench(|| {
        let task = large_task::render(large_task::read(black_box(&text)), &settings);
        (large_task::judge(&task, &settings), large_task::write(&task))
    });
}
