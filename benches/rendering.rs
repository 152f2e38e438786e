//! How long reading, rendering and judging a task definition of 60 KiB takes.

mod large_task;

fn main() {
    divan::main();
}

/// The whole way from text to text.
#[divan::bench]
fn render_and_judge_60_kib(bencher: divan::Bencher<'_, '_>) {
    let text = large_task::definition();
    bencher.bench(|| large_task::render_and_judge(divan::black_box(&text)));
}
