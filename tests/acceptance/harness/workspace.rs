//! One configuration in a fresh folder, and the commands run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use super::{
    API_KEY, Backend, Installation, Outcome, REGION, SECRET_KEY, Tool, canaries, outcome, run_folder,
};

/// A folder with a configuration, an environment and a core to run.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: PathBuf,
    tool: Tool,
    cli_config: Option<PathBuf>,
    environment: BTreeMap<String, String>,
    runs: AtomicU32,
}

impl Workspace {
    /// An empty workspace for Terraform; the name is the test's and is used once.
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, Tool::terraform(), Installation::Override)
    }

    /// An empty workspace for this tool.
    pub(crate) fn with(name: &str, tool: Tool, installation: Installation) -> Self {
        let folder = run_folder().join(format!("{name}-{}", tool.name));
        fs::create_dir(&folder)
            .unwrap_or_else(|error| panic!("{} is a new folder: {error}", folder.display()));
        let cli_config = installation.write_config(&tool, &folder);
        let environment = [
            ("AWS_ACCESS_KEY_ID", "AKIAACCEPTANCE"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
            ("CHECKPOINT_DISABLE", "1"),
            // Waits for ECS are a thousand times shorter.
            ("DDROFS_ECS_PACE", "1000"),
            ("TF_LOG", "trace"),
            // The provider inherits it, as it would in a shell where the Agent's own tools are used.
            ("DD_API_KEY", API_KEY),
            ("PATH", "/usr/bin:/bin"),
            ("TF_IN_AUTOMATION", "1"),
        ];
        let environment = environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Self { environment: environment.collect(), folder, tool, cli_config, runs: AtomicU32::new(0) }
    }

    /// A workspace without credentials, region or endpoint: with the required provider and this text alone.
    pub(crate) fn offline(name: &str, text: &str) -> Self {
        Self::offline_with(name, Tool::terraform(), text)
    }

    /// The same for this tool.
    pub(crate) fn offline_with(name: &str, tool: Tool, text: &str) -> Self {
        let mut workspace = Self::with(name, tool, Installation::Override);
        workspace.unset("AWS_ACCESS_KEY_ID");
        workspace.unset("AWS_SECRET_ACCESS_KEY");
        workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{text}"));
        workspace
    }

    /// Sets one more variable of the commands' environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a variable out of the commands' environment.
    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Where the configuration is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes or replaces a file of the configuration.
    pub(crate) fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.folder.join(name), text).expect("the test folder is writable");
        self
    }

    /// Writes `main.tf`: the required provider, a block that talks to this place, and the text.
    pub(crate) fn main(&self, backend: &Backend, text: &str) -> &Self {
        self.write("main.tf", &format!("{}\n{text}", backend.provider()))
    }

    pub(crate) fn plan(&self) -> Outcome {
        self.run(&["plan", "-input=false", "-detailed-exitcode"])
    }

    pub(crate) fn apply(&self) -> Outcome {
        self.run(&["apply", "-input=false", "-auto-approve"])
    }

    pub(crate) fn destroy(&self) -> Outcome {
        self.run(&["destroy", "-input=false", "-auto-approve"])
    }

    pub(crate) fn validate(&self) -> Outcome {
        self.run(&["validate"])
    }

    pub(crate) fn import(&self, address: &str, id: &str) -> Outcome {
        self.run(&["import", "-input=false", address, id])
    }

    /// What is planned, as `show -json` of the plan says: by address, the `change` object.
    pub(crate) fn planned(&self) -> BTreeMap<String, Value> {
        self.run(&["plan", "-input=false", "-out=saved.plan"]).success();
        let shown = self.run(&["show", "-json", "saved.plan"]).success();
        let mut plan: Value = serde_json::from_str(&shown.stdout)
            .unwrap_or_else(|error| panic!("show -json is JSON: {error}\n{shown}"));
        let changes = plan["resource_changes"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let named =
            |mut change: Value| Some((change["address"].as_str()?.to_owned(), change["change"].take()));
        changes.into_iter().filter_map(named).collect()
    }

    /// What `providers schema -json` says of this provider, as far as every core says it. Identities are shown since Terraform 1.12
    /// and lists since 1.14; `tests/suite/protocol/` has both.
    pub(crate) fn schema_json(&self) -> Value {
        let shown = self.run(&["providers", "schema", "-json"]).success();
        let mut schemas: Value = serde_json::from_str(&shown.stdout).expect("the schema is JSON");
        let mut ours = schemas["provider_schemas"][format!("{}/ddrofs/ddrofs", self.tool.registry())].take();
        if let Some(members) = ours.as_object_mut() {
            members.retain(|name, _| name != "resource_identity_schemas" && name != "list_resource_schemas");
        }
        ours
    }

    /// Runs the tool with these arguments in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let (command, log) = self.command(arguments);
        self.finish(command, log, arguments)
    }

    /// Runs one line of a page in the folder as somebody types it into bash, with these programs beside those of the system.
    pub(crate) fn shell(&self, programs: &Path, line: &str) -> Outcome {
        let (tool, log) = self.command(&["shell"]);
        let mut command = Command::new("bash");
        command
            .current_dir(&self.folder)
            .env_clear()
            .envs(tool.get_envs().filter_map(|(key, value)| Some((key, value?))))
            .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
            .env("TF_CLI_ARGS", "-no-color")
            .env("TF_INPUT", "0")
            .args(["-euo", "pipefail", "-c", line]);
        let mut outcome = self.finish(command, log, &[]);
        outcome.command = line.to_owned();
        outcome
    }

    /// Runs the tool where no file can grow beyond so many blocks of 512 bytes: writing fails as on a full disk.
    #[cfg(unix)]
    pub(crate) fn run_on_a_full_disk(&self, blocks: u32, arguments: &[&str]) -> Outcome {
        let (tool, log) = self.command(arguments);
        let limit = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let command = self.through("/bin/sh", &["-c", &limit], &tool);
        self.finish(command, log, arguments)
    }

    /// The command that has another program become the tool.
    #[cfg(unix)]
    fn through(&self, program: &str, arguments: &[&str], tool: &Command) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env_clear()
            .envs(tool.get_envs().filter_map(|(key, value)| Some((key, value?))))
            .args(arguments)
            .arg(tool.get_program())
            .args(tool.get_args());
        command
    }

    fn finish(&self, mut command: Command, log: PathBuf, arguments: &[&str]) -> Outcome {
        let finished = command
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{} cannot be run: {error}", self.tool.path.display()));
        let stdout = outcome::without_override_warning(&String::from_utf8_lossy(&finished.stdout));
        let stderr = outcome::without_override_warning(&String::from_utf8_lossy(&finished.stderr));
        let outcome = Outcome {
            command: format!("{} {}", self.tool.name, arguments.join(" ")),
            code: finished.status.code(),
            output: format!("{stdout}\n{stderr}"),
            stdout,
            log,
        };
        self.search_for_leaks(&outcome);
        outcome
    }

    /// Starts the tool and returns at once.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        let (command, log) = self.command(arguments);
        self.start(command, &log)
    }

    /// Starts the tool in a process group of its own, as a shell does, and returns at once. The group has the child's id.
    /// Signals do there what they do at a terminal, although a shell ignores interrupts for what it starts in the background,
    /// `nohup` ignores SIGHUP, and both are inherited. Only Linux has an `env` that can say so.
    #[cfg(unix)]
    pub(crate) fn spawn_group(&self, arguments: &[&str]) -> Child {
        use std::os::unix::process::CommandExt as _;
        let (mut command, log) = self.command(arguments);
        if cfg!(target_os = "linux") {
            command = self.through("/usr/bin/env", &["--default-signal"], &command);
        }
        command.process_group(0);
        self.start(command, &log)
    }

    /// Whether a tool that was started, and not run, has written this text by now.
    pub(crate) fn spawned_said(&self, text: &str) -> bool {
        fs::read_dir(&self.folder)
            .expect("the folder is readable")
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "out"))
            .filter_map(|entry| fs::read_to_string(entry.path()).ok())
            .any(|output| outcome::one_line(&output).contains(text))
    }

    fn start(&self, mut command: Command, log: &Path) -> Child {
        let output = fs::File::create(log.with_extension("out")).expect("the test folder is writable");
        let errors = output.try_clone().expect("a file handle can be copied");
        command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn().expect("the tool was found before")
    }

    fn command(&self, arguments: &[&str]) -> (Command, PathBuf) {
        let number = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        let log = self.folder.join(format!("trace-{number:02}-{}.log", arguments[0]));
        let mut command = Command::new(&self.tool.path);
        command
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.environment)
            .env("HOME", &self.folder)
            .env("TF_LOG_PATH", &log)
            .args(arguments);
        if let Some(configuration) = &self.cli_config {
            command.env("TF_CLI_CONFIG_FILE", configuration);
        }
        if !arguments.contains(&"-json") {
            command.arg("-no-color");
        }
        (command, log)
    }

    fn search_for_leaks(&self, outcome: &Outcome) {
        let log = fs::read_to_string(&outcome.log).unwrap_or_default();
        let leaks = canaries::leaks(&outcome.output, &log, &canaries::state_text(&self.folder));
        assert!(leaks.is_empty(), "secrets showed:\n{}\n{outcome}", leaks.join("\n"));
    }

    /// Whether the provider wrote a line of its own into the log of any command here.
    pub(crate) fn provider_logged(&self) -> bool {
        fs::read_dir(&self.folder)
            .expect("the folder is readable")
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("trace-"))
            .filter_map(|entry| fs::read_to_string(entry.path()).ok())
            .any(|log| canaries::provider_spoke(&log))
    }

    /// The attributes of a resource or data source instance in the state, if it is there.
    pub(crate) fn attributes(&self, address: &str) -> Option<Value> {
        let state: Value =
            serde_json::from_str(&fs::read_to_string(self.folder.join("terraform.tfstate")).ok()?).ok()?;
        let (kind, rest) = match address.strip_prefix("data.") {
            Some(rest) => ("data", rest),
            None => ("managed", address),
        };
        let (type_name, name) = rest.split_once('.')?;
        let resource = state["resources"].as_array()?.iter().find(|resource| {
            resource["mode"] == kind && resource["type"] == type_name && resource["name"] == name
        })?;
        Some(resource["instances"][0]["attributes"].clone()).filter(|attributes| !attributes.is_null())
    }

    /// The value of an output in the state.
    pub(crate) fn output_value(&self, name: &str) -> Value {
        let text = fs::read_to_string(self.folder.join("terraform.tfstate")).expect("there is a state");
        let mut state: Value = serde_json::from_str(&text).expect("the state is JSON");
        state["outputs"][name]["value"].take()
    }
}

/// The required provider and a provider block that talks to this endpoint.
pub(crate) fn provider_block(url: &str) -> String {
    format!(
        r#"{REQUIRED_PROVIDER}
provider "ddrofs" {{
  region = "{REGION}"
  endpoints {{
    ecs = "{url}"
    sts = "{url}"
  }}
}}
"#
    )
}

/// The `terraform` block of every configuration.
pub(crate) const REQUIRED_PROVIDER: &str = r#"terraform {
  required_providers {
    ddrofs = { source = "ddrofs/ddrofs" }
  }
}
"#;
