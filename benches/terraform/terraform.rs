//! The real Terraform, started in folders of its own with nothing of the developer's settings.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::configurations::Subject;
use super::watch::cpu_of_children;

/// What a command costs.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    /// From its start to its end.
    pub(super) wall: Duration,
    /// CPU time of it and of the processes that it started.
    pub(super) cpu: Duration,
}

/// A folder per configuration, and Terraform's settings that lead to the binary under measurement.
pub(super) struct Workspace {
    folder: TempDir,
    terraform: PathBuf,
    provider: PathBuf,
}

impl Workspace {
    /// Writes everything that Terraform needs to plan.
    pub(super) fn new(provider: &Path) -> Result<Self, Box<dyn Error>> {
        let workspace =
            Self { folder: tempfile::tempdir()?, terraform: find_terraform(), provider: provider.to_owned() };
        let binaries = provider.parent().ok_or("the binary is in no folder")?;
        let idle = binaries.join("examples/idle-provider");
        if !idle.is_file() {
            return Err(format!("{} is missing. Run: make bench", idle.display()).into());
        }
        let idle_folder = workspace.idle_folder();
        std::fs::create_dir(&idle_folder)?;
        std::fs::copy(idle, idle_folder.join("terraform-provider-ddrofs"))?;
        for (is_idle, folder) in [(false, binaries), (true, &idle_folder)] {
            std::fs::write(
                workspace.settings(is_idle),
                format!(
                    "provider_installation {{\n  dev_overrides {{ \"ddrofs/ddrofs\" = \"{}\" }}\n  direct {{}}\n}}\n",
                    folder.display()
                ),
            )?;
        }
        for subject in Subject::ALL {
            let folder = workspace.folder.path().join(subject.name());
            std::fs::create_dir(&folder)?;
            std::fs::write(folder.join("main.tf"), subject.configuration())?;
        }
        Ok(workspace)
    }

    /// The binary under measurement.
    pub(super) fn provider(&self) -> &Path {
        &self.provider
    }

    /// The binary that Terraform starts for this subject.
    pub(super) fn provider_of(&self, subject: Subject) -> PathBuf {
        if subject.is_idle() {
            self.idle_folder().join("terraform-provider-ddrofs")
        } else {
            self.provider.clone()
        }
    }

    /// Terraform looks for the provider by its name, so the idle one gets a folder in which it has that name.
    fn idle_folder(&self) -> PathBuf {
        self.folder.path().join("idle")
    }

    /// A folder for sockets and other short-lived files.
    pub(super) fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// First line of `terraform version`.
    pub(super) fn version(&self) -> Result<String, Box<dyn Error>> {
        let output = self.command(self.folder.path(), false, &["version"]).output().map_err(|error| {
            format!(
                "{}: {error}. Install Terraform from https://developer.hashicorp.com/terraform/install",
                self.terraform.display()
            )
        })?;
        let text = String::from_utf8(output.stdout)?;
        Ok(text.lines().next().unwrap_or("Terraform").to_owned())
    }

    /// What a plan costs.
    pub(super) fn time_plan(&self, subject: Subject) -> Result<Cost, Box<dyn Error>> {
        let (start, before) = (Instant::now(), cpu_of_children()?);
        let plan = self.start_plan(subject)?;
        finish(plan)?;
        Ok(Cost { wall: start.elapsed(), cpu: cpu_of_children()? - before })
    }

    /// What a command costs in another folder, with the provider of this subject.
    pub(super) fn time_in(
        &self,
        folder: &Path,
        subject: Subject,
        arguments: &[&str],
    ) -> Result<Cost, Box<dyn Error>> {
        let (start, before) = (Instant::now(), cpu_of_children()?);
        let mut command = self.command(folder, subject.is_idle(), arguments);
        let complaints = folder.join("stderr.txt");
        command.stdout(Stdio::null()).stderr(std::fs::File::create(&complaints)?);
        if !command.status()?.success() {
            let said = std::fs::read_to_string(complaints)?;
            return Err(format!("terraform {}: {said}", arguments.join(" ")).into());
        }
        Ok(Cost { wall: start.elapsed(), cpu: cpu_of_children()? - before })
    }

    /// Starts a plan that somebody watches.
    pub(super) fn start_plan(&self, subject: Subject) -> Result<Child, Box<dyn Error>> {
        let folder = self.folder.path().join(subject.name());
        let plan = self
            .command(&folder, subject.is_idle(), &["plan", "-no-color", "-input=false"])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("stderr.txt"))?)
            .spawn()?;
        Ok(plan)
    }

    /// Starts a command in another folder that somebody watches, with the clock of ECS going this fast.
    pub(super) fn start_in(
        &self,
        folder: &Path,
        arguments: &[&str],
        speed: f64,
    ) -> Result<Child, Box<dyn Error>> {
        let mut command = self.command(folder, false, arguments);
        command.env("DDROFS_ECS_PACE", speed.to_string());
        let complaints = std::fs::File::create(folder.join("stderr.txt"))?;
        Ok(command.stdout(Stdio::null()).stderr(complaints).spawn()?)
    }

    /// What the last plan of this subject complained about.
    pub(super) fn complaint(&self, subject: Subject) -> String {
        let path = self.folder.path().join(subject.name()).join("stderr.txt");
        std::fs::read_to_string(path).unwrap_or_default().chars().take(2_000).collect()
    }

    fn settings(&self, is_idle: bool) -> PathBuf {
        self.folder.path().join(if is_idle { "idle.rc" } else { "terraform.rc" })
    }

    fn command(&self, folder: &Path, is_idle: bool, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.terraform);
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("TF_CLI_CONFIG_FILE", self.settings(is_idle))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TMPDIR", self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

/// Waits for a plan and refuses one that failed: its time would say nothing.
pub(super) fn finish(mut plan: Child) -> Result<(), Box<dyn Error>> {
    let status = plan.wait()?;
    if status.success() { Ok(()) } else { Err(format!("terraform plan ended with {status}").into()) }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the measurement uses the same Terraform as the acceptance tests"
)]
fn find_terraform() -> PathBuf {
    if let Some(path) = std::env::var_os("TF_ACC_TERRAFORM_PATH") {
        return path.into();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .map(|folder| folder.join("terraform"))
        .find(|path| path.is_file())
        .unwrap_or_else(|| "terraform".into())
}
