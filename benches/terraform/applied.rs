//! What an apply costs, what it leaves in the state, and what a plan of it costs when nothing changed.
//!
//! Terraform writes its whole state after every resource, so an apply costs with the square of the count times the bytes that
//! a resource keeps. Against the local ECS endpoint, in a process of its own.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::configurations::{NOWHERE, REGION, Subject};
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
    let endpoint = Endpoint::start(workspace.provider(), &[])?;
    let configuration = subject.configuration_of(COUNT).replace(NOWHERE, &endpoint.url);
    std::fs::write(folder.path().join("main.tf"), configuration)?;
    let run = |arguments: &[&str]| workspace.time_in(folder.path(), subject, arguments);
    let apply = run(&["apply", "-auto-approve", "-input=false", "-no-color"])?;
    let plan = run(&["plan", "-detailed-exitcode", "-input=false", "-no-color"])?;
    let state_bytes = std::fs::metadata(folder.path().join("terraform.tfstate"))?.len() as f64;
    Ok(Applied { apply, plan, state_bytes: state_bytes / f64::from(COUNT) })
}

/// The local ECS endpoint, which ends with this value.
pub(super) struct Endpoint {
    process: Child,
    pub(super) url: String,
}

impl Endpoint {
    /// Starts it with these arguments.
    pub(super) fn start(provider: &Path, arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let program = provider.parent().ok_or("the binary is in no folder")?.join("examples/local-ecs");
        let missing = |error| format!("{}: {error}. Run: make bench", program.display());
        let mut process =
            Command::new(&program).args(arguments).stdout(Stdio::piped()).spawn().map_err(missing)?;
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

impl Endpoint {
    /// Asks its control URL for something, and gives what it answers.
    pub(super) fn control(&self, method: &str, path: &str, body: &str) -> Result<String, Box<dyn Error>> {
        self.ask(method, &format!("_control/{path}"), "", body)
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Result<String, Box<dyn Error>> {
        let address = self.url.strip_prefix("http://").ok_or("no plain address")?;
        let mut connection = TcpStream::connect(address)?;
        write!(
            connection,
            "{method} /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        match (answer.starts_with("HTTP/1.1 200"), answer.split_once("\r\n\r\n")) {
            (true, Some((_, body))) => Ok(body.to_owned()),
            _ => Err(format!("{method} {path}: {answer}").into()),
        }
    }

    /// How many attempts of an operation came.
    pub(super) fn requests_of(&self, operation: &str) -> Result<u64, Box<dyn Error>> {
        let answer = self.control("GET", "requests", "")?;
        Ok(answer.matches(&format!("\"operation\":\"{operation}\"")).count() as u64)
    }

    /// How many attempts were refused.
    pub(super) fn throttled(&self) -> Result<u64, Box<dyn Error>> {
        Ok(self.control("GET", "requests", "")?.matches("\"status\":400").count() as u64)
    }

    /// Does what somebody without Terraform would do, and gives the answer.
    pub(super) fn act(&self, operation: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
        let headers = format!(
            "x-amz-target: AmazonEC2ContainerServiceV20141113.{operation}\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIAOUTSIDE/20261129/{REGION}/ecs/aws4_request, SignedHeaders=host, Signature={}\r\n",
            "0".repeat(64)
        );
        let answer = self.ask("POST", "", &headers, &body.to_string())?;
        Ok(serde_json::from_str(&answer)?)
    }
}
