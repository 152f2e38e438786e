//! What `lint` costs: one large document inside the process, and task definitions of every kind through the program.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ddrofs::lint::{self, Status, Streams};

use super::watch::{self, Usage};

#[path = "../../tests/support/documents.rs"]
mod documents;

/// How long the program must have slept before it counts as waiting for its standard input.
const ASLEEP: Duration = Duration::from_millis(20);

/// Looks at a process that sleeps.
const PAUSE: Duration = Duration::from_millis(1);

/// As many files as the goal is about: the published task definitions where they are at hand, and our own, again from the
/// start where there are fewer.
pub(super) fn sixty_files() -> Vec<PathBuf> {
    let files = [documents::published(), documents::own()].concat();
    files.into_iter().cycle().take(60).collect()
}

/// What a pipeline gives: each a list of one path.
pub(super) struct Mixed {
    /// A task definition with an error.
    pub(super) single: [PathBuf; 1],
    /// A folder of 500 files, of which every tenth is such a task definition.
    pub(super) folder: [PathBuf; 1],
    /// A plan with 1,000 of them.
    pub(super) plan: [PathBuf; 1],
}

/// Two containers of one name, which is an error.
const CONTAINERS: &str = r#"[{"name":"app","image":"example.com/app:1.2.3","memory":128},{"name":"app","image":"example.com/log:1.2.3","memory":128}]"#;

impl Mixed {
    /// Writes them below a folder.
    pub(super) fn write(scratch: &Path) -> Result<Self, Box<dyn Error>> {
        let folder = scratch.join("mixed");
        fs::create_dir_all(&folder)?;
        for number in 0..500 {
            let (name, text) = match number % 10 {
                0 => (format!("{number}.json"), CONTAINERS.to_owned()),
                1..=5 => {
                    let package = format!(
                        r#"{{"name":"shop-{number}","version":"1.0.0","scripts":{{"test":"true"}}}}"#
                    );
                    (format!("{number}.json"), package)
                }
                _ => {
                    (format!("{number}.yaml"), format!("on: push\njobs:\n  test-{number}:\n    steps: []\n"))
                }
            };
            fs::write(folder.join(name), text)?;
        }
        let containers = serde_json::to_string(CONTAINERS)?;
        let change = |number: usize| {
            format!(
                r#"{{"address":"aws_ecs_task_definition.web[{number}]","mode":"managed","type":"aws_ecs_task_definition","change":{{"actions":["create"],"after":{{"family":"web-{number}","container_definitions":{containers}}},"after_unknown":{{"arn":true}}}}}}"#
            )
        };
        let changes: Vec<String> = (0..1_000).map(change).collect();
        let plan = scratch.join("plan-of-1000.json");
        let text = format!(
            r#"{{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{}]}}"#,
            changes.join(",")
        );
        fs::write(&plan, text)?;
        Ok(Self { single: [folder.join("0.json")], folder: [folder], plan: [plan] })
    }
}

/// A container with so many keys that ECS does not know.
pub(super) fn unknown_keys(count: usize) -> String {
    let keys: String = (0..count).map(|number| format!(r#","{number:x}":1"#)).collect();
    format!(r#"[{{"name":"app","image":"example.com/app:1.2.3","memory":128{keys}}}]"#)
}

/// From the text to the report, without starting a process.
pub(super) fn time_document(text: &str) -> Result<Duration, Box<dyn Error>> {
    let (mut input, mut report) = (text.as_bytes(), Vec::new());
    let streams =
        Streams { input: &mut input, output: &mut report, errors: &mut io::sink(), terminal: false };
    let start = Instant::now();
    let status = lint::run(&[OsString::from("-")], streams);
    let elapsed = start.elapsed();
    if status == Status::Trouble { Err("lint refuses the large document".into()) } else { Ok(elapsed) }
}

/// From starting the program to its end.
pub(super) fn time_files(program: &Path, files: &[PathBuf]) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let status = command(program, files).stdin(Stdio::null()).status()?;
    let elapsed = start.elapsed();
    // Some of them have errors, which is no trouble.
    if status.code() == Some(1) { Ok(elapsed) } else { Err(format!("lint ended with {status}").into()) }
}

/// What the program has used when every file is read, some times over. It reads standard input last, and while it waits
/// for that it can be looked at.
pub(super) fn watch_files(program: &Path, files: &[PathBuf], times: usize) -> Result<Usage, Box<dyn Error>> {
    let many: Vec<PathBuf> = files.iter().cycle().take(files.len() * times).cloned().collect();
    let mut lint = command(program, &many).arg("-").stdin(Stdio::piped()).spawn()?;
    let mut asleep = Duration::ZERO;
    while asleep < ASLEEP {
        sleep(PAUSE);
        if let Some(status) = lint.try_wait()? {
            return Err(format!("lint ended with {status} before it read its standard input").into());
        }
        asleep = if watch::is_asleep(lint.id()) { asleep + PAUSE } else { Duration::ZERO };
    }
    let usage = watch::usage_of(lint.id()).ok_or("lint cannot be looked at in /proc");
    drop(lint.stdin.take());
    lint.wait()?;
    Ok(usage?)
}

fn command(program: &Path, files: &[PathBuf]) -> Command {
    let mut command = Command::new(program);
    command.env_clear().arg("lint").args(files).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
