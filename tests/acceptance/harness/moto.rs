//! The second opinion: one moto server for all tests of a run, started by the first test that asks.
//!
//! It is never reset while tests run, so every test uses names of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::foreign::installed;

/// The shared moto server.
#[derive(Debug)]
pub(crate) struct Moto {
    port: u16,
    /// Holds the server's stdin open: it ends when this process does.
    _process: Child,
}

impl Moto {
    /// The server, started if it was not.
    pub(crate) fn shared() -> &'static Self {
        static SERVER: OnceLock<Moto> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// The endpoint for `endpoints { ecs = ... sts = ... }`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(installed("python"))
            .arg(root.join("tests/tools/moto_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the virtual environment's python runs");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("stdout is piped"))
            .read_line(&mut line)
            .expect("the server's output can be read");
        let port = line.trim().parse().unwrap_or_else(|_| {
            panic!(
                "moto did not say its port; run `make moto` again, or tests/tools/moto_server.py to see why"
            )
        });
        Self { port, _process: process }
    }
}
