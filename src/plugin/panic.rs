//! What a panic leaves on stderr: the lines by which Terraform recognizes the crash of a Go plugin and shows it.
//!
//! Terraform keeps up to 100 lines from one that begins with `panic: ` and prints them as the plugin's stack trace,
//! even when nothing is logged (1.11.4, seen in November 2026). Knows nothing of what was going on: turning a panic
//! into a diagnostic is for the layer that handles calls.

use std::any::Any;
use std::backtrace::Backtrace;
use std::io::{self, Write};
use std::panic::{PanicHookInfo, set_hook};
use std::thread;

/// Most lines of a report, below the hundred that Terraform keeps.
const MAX_LINES: usize = 60;

/// Writes the report of every panic from now on, in place of the standard library's.
pub fn install_hook() {
    set_hook(Box::new(|info| {
        let report = report(info, thread::current().name(), &Backtrace::force_capture().to_string());
        // One write, so that log lines do not fall in between; failing to write must not panic again.
        let _ = io::stderr().lock().write_all(report.as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>, thread: Option<&str>, backtrace: &str) -> String {
    let message = message(info.payload());
    let location = info.location().map(ToString::to_string);
    lines(message, thread, location.as_deref(), backtrace)
}

/// What may be shown of a panic: a literal of our own. A text that was put together may quote a practitioner's value,
/// and the place says where to look anyway.
fn message(payload: &dyn Any) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("message withheld, it may quote a value")
}

fn lines(message: &str, thread: Option<&str>, location: Option<&str>, backtrace: &str) -> String {
    let head = [
        // The header must be one line; the rest of a longer message follows below it.
        format!("panic: {message}"),
        String::new(),
        format!(
            "thread {}, at {}, version {}",
            thread.unwrap_or("without a name"),
            location.unwrap_or("an unknown place"),
            env!("CARGO_PKG_VERSION")
        ),
    ];
    let mut report: String = head
        .iter()
        .flat_map(|line| line.split('\n'))
        .chain(own_frames(backtrace))
        .take(MAX_LINES)
        .collect::<Vec<_>>()
        .join("\n");
    report.push('\n');
    report
}

/// The frames of our own crates. Those of the runtime and of the libraries below it are ten times as many and would push
/// out what helps to find the bug.
fn own_frames(backtrace: &str) -> impl Iterator<Item = &str> {
    let mut frames: Vec<Vec<&str>> = Vec::new();
    for line in backtrace.lines() {
        // A frame's place follows on a line of its own, if it is known.
        match frames.last_mut() {
            Some(frame) if line.trim_start().starts_with("at ") => frame.push(line),
            _ => frames.push(vec![line]),
        }
    }
    frames.into_iter().filter(|frame| is_own(frame)).flatten()
}

fn is_own(frame: &[&str]) -> bool {
    let (function, place) = (frame[0], frame.get(1));
    let elsewhere = ["/rustc/", "/registry/src/", "/git/checkouts/", "/out/"];
    !function.contains("plugin::panic::")
        && place.map_or_else(
            || ["ddrofs::", "ddrofs_domain::"].iter().any(|name| function.contains(name)),
            |place| !elsewhere.iter().any(|part| place.contains(part)),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_with_the_header_that_terraform_looks_for() {
        let report = lines(
            "no such row",
            Some("main"),
            Some("domain/domain/src/rofs/mod.rs:1:2"),
            "   9: ddrofs_domain::rofs::row",
        );
        assert!(
            report.starts_with(
                "panic: no such row\n\nthread main, at domain/domain/src/rofs/mod.rs:1:2, version "
            ),
            "{report}"
        );
        assert!(report.ends_with("   9: ddrofs_domain::rofs::row\n"), "{report}");
    }

    #[test]
    fn quotes_a_literal_and_withholds_what_was_put_together() {
        assert_eq!(message(&"no such row"), "no such row");
        assert_eq!(message(&format!("called with {}", "hunter2")), "message withheld, it may quote a value");
    }

    #[test]
    fn shows_the_frames_of_our_crates_alone() {
        let backtrace = "   0: install_hook::{closure#0}
   1: ddrofs::plugin::panic::install_hook
             at ./src/plugin/panic.rs:1:2
   2: core::panicking::panic_fmt
             at /rustc/5980/library/core/src/panicking.rs:80:14
   3: {async_block#0}
             at ./domain/src/rofs/mod.rs:3:4
   4: poll<tonic::Response>
             at /cargo/registry/src/index/tonic-0.14.9/src/lib.rs:5:6
   5: <unknown>
   6: ddrofs::main
   7: ddrofs_domain::rules::judge
";
        assert_eq!(
            own_frames(backtrace).collect::<Vec<_>>(),
            [
                "   3: {async_block#0}",
                "             at ./domain/src/rofs/mod.rs:3:4",
                "   6: ddrofs::main",
                "   7: ddrofs_domain::rules::judge"
            ]
        );
    }

    #[test]
    fn stays_within_the_lines_that_terraform_keeps() {
        let report = lines(&"long\n".repeat(500), None, None, &"1: ddrofs::f\n".repeat(500));
        assert_eq!(report.lines().count(), MAX_LINES);
    }
}
