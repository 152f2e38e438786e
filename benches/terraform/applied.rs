//! What an apply costs, what it leaves in the state, and what a plan of it costs when nothing changed.
//!
//! Terraform writes its whole state after every resource, so an apply costs with the square of the count times the bytes that
//! a resource keeps. Against the local ECS endpoint, in a process of its own.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::configurations::{NOWHERE, Subject};
use super::terraform::{Cost, Workspace};

/// Task definitions in an apply: a thousand would take minutes.
pub(super) const COUNT: u32 = 300;

/// One apply and the plan after it.
pub(super) struct Applied {
    pub(super) apply: Cost,
    /// Of the plan after it, which finds no changes.
    pub(super) plan: Cost,
    /// The state file, divided by the number of resources.
    pub(super) state_bytes: f64,
}

/// Applies in a folder of its own.
pub(super) fn measure(workspace: &Workspace, subject: Subject) -> Result<Applied, Box<dyn Error>> {
    let folder = tempfile::tempdir_in(workspace.scratch())?;
    let endpoint = Endpoint::start(workspace.provider())?;
    let configuration = subject.configuration_of(COUNT).replace(NOWHERE, &endpoint.url);
    std::fs::write(folder.path().join("main.tf"), configuration)?;
    let run = |arguments: &[&str]| workspace.time_in(folder.path(), subject, arguments);
    let apply = run(&["apply", "-auto-approve", "-input=false", "-no-color"])?;
    let plan = run(&["plan", "-detailed-exitcode", "-input=false", "-no-color"])?;
    let state_bytes = std::fs::metadata(folder.path().join("terraform.tfstate"))?.len() as f64;
    Ok(Applied { apply, plan, state_bytes: state_bytes / f64::from(COUNT) })
}

/// The local ECS endpoint, which ends with this value.
struct Endpoint {
    process: Child,
    url: String,
}

impl Endpoint {
    fn start(provider: &Path) -> Result<Self, Box<dyn Error>> {
        let program = provider.parent().ok_or("the binary is in no folder")?.join("examples/local-ecs");
        let missing = |error| format!("{}: {error}. Run: make bench", program.display());
        let mut process = Command::new(&program).stdout(Stdio::piped()).spawn().map_err(missing)?;
        let mut url = String::new();
        let output = process.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        // It may have ended by itself, and its end changes no figure.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
