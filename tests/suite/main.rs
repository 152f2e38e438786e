//! Everything that can be checked with cargo alone.

#![expect(clippy::unwrap_used, reason = "these are tests: clippy exempts only the test functions themselves")]

mod plugin;
