//! Somebody who goes through a page with an empty folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::examples::warnings;
use crate::harness::{Backend, Outcome, REGION, REQUIRED_PROVIDER, Tool, Workspace};
use crate::page_blocks::{self, Block};
use crate::rollout::{Fleet, fifty_services};

use super::configuration::{Configuration, example_around, with_ours};
use super::{STAND_INS, UNPLANNED};

/// The page whose JSON is the file that other pages call by its name.
const WITH_THE_FILE: &str = "docs/guides/coming-from-json-or-cdk.md";

/// How many revisions of `orders` there are, because pages name the last one.
const REVISIONS: usize = 17;

/// Something for which the provider is needed: a core does not read the block of a provider that nothing needs.
const USED: &str = r#"
data "ddrofs_task_definition_check" "used" {
  definitions = "[]"
  fail        = false
}
"#;

/// The file into which pages have `migrate` write.
const WRITTEN: &str = "ddrofs.tf";

/// A configuration whose plan a page lints.
const REGISTERING: &str = r#"
terraform {
  required_providers {
    ddrofs = { source = "ddrofs/ddrofs" }
  }
}

resource "ddrofs_ecs_task_definition" "planned" {
  family                = "planned"
  container_definitions = [{ name = "app", image = "example.com/orders:1.4.2", memory = 512, readonlyRootFilesystem = true }]
}
"#;

/// What `cdk synth` leaves in `cdk.out`.
const TEMPLATE: &str = r#"{"Resources": {"Orders": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "orders",
  "ContainerDefinitions": [{"Name": "app", "Image": "example.com/orders:1.4.2", "Memory": 512}]}}}}"#;

/// How many services a rollout moves: every wave has somebody.
const SERVICES: usize = 40;

pub(super) struct Reader {
    workspace: Workspace,
    /// A folder with the programs that are called by their names: ours and the core.
    programs: PathBuf,
    configuration: Configuration,
    /// The whole text of the page, in one line.
    page: String,
    /// What of it is hashicorp/aws's, as it is written.
    of_aws: String,
    _place: Backend,
}

impl Reader {
    /// With an empty folder, and an account in which there is what the page is about.
    pub(super) fn of(blocks: &[Block]) -> Self {
        let page = &blocks[0].page;
        let (place, services) = account(page);
        let name = page.replace(['/', '.'], "-");
        let mut workspace = Workspace::new(&format!("page-{name}"));
        workspace.set("AWS_ENDPOINT_URL", &place.url());
        workspace.set("AWS_REGION", REGION);
        workspace.set("REPOSITORY", env!("CARGO_MANIFEST_DIR"));
        workspace.set("TF_VAR_services", &services);
        let programs = programs(&workspace);
        let configuration = Configuration::default();
        let text =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("it was read before");
        let page = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let reader = Self { workspace, programs, configuration, page, of_aws: String::new(), _place: place };
        let task = task_definition();
        reader.put("task-definition.json", &task);
        reader.put("tasks/orders.json", &task);
        reader.put("cdk.out/Orders.template.json", TEMPLATE);
        reader.put("programs/described.json", &format!("{{\"taskDefinition\": {task}, \"tags\": []}}"));
        reader.put("programs/of-aws.tfstate", &state_of_aws());
        reader
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.workspace.folder().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is writable");
        fs::write(path, text).expect("the folder is writable");
    }

    /// Plans what the page has shown so far, and hears no warning.
    pub(super) fn plan(&mut self, block: &Block) -> Result<(), String> {
        let begins = block.code.lines().next();
        let row = UNPLANNED.iter().find(|row| row.page == block.page && Some(row.begins) == begins);
        if let Some(row) = row {
            let before = self.configuration.clone();
            self.configuration.add(&block.code);
            self.write_configuration();
            let outcome = self.workspace.plan();
            let planned = match row.some_can && !outcome.output.contains(row.says) {
                true => self.judge(block, &outcome),
                false => {
                    outcome.failure().says(row.says);
                    Ok(())
                }
            };
            self.configuration = before;
            self.write_configuration();
            return planned;
        }
        match example_around(&block.code) {
            Some(example) => self.copy(&example),
            None => {
                if block.code.contains("resource \"aws_") {
                    self.of_aws.push_str(&block.code);
                }
                self.configuration.add(&with_ours(&block.code));
                self.write_configuration();
            }
        }
        self.is_planned(block)
    }

    /// Whether what is there is planned, without a warning that the page does not speak of.
    fn is_planned(&self, block: &Block) -> Result<(), String> {
        self.judge(block, &self.workspace.plan())
    }

    fn judge(&self, block: &Block, outcome: &Outcome) -> Result<(), String> {
        let mut unexpected = warnings(&outcome.output);
        unexpected.retain(|warning| !self.page.contains(warning));
        match matches!(outcome.status(), Some(0 | 2)) && unexpected.is_empty() {
            true => Ok(()),
            false => Err(told(block, outcome)),
        }
    }

    fn write_configuration(&self) {
        let text = self.configuration.text();
        let source = if text.contains("required_providers") { "" } else { REQUIRED_PROVIDER };
        let used = if text.contains("provider \"ddrofs\"") { USED } else { "" };
        self.workspace.write("main.tf", &format!("{source}\n{text}\n{used}"));
    }

    fn copy(&self, example: &Path) {
        for entry in fs::read_dir(example).expect("it is there").map(|entry| entry.expect("it is readable")) {
            let name = entry.file_name().into_string().expect("we named it");
            let kinds = [".tf", ".json"];
            if kinds.iter().any(|kind| name.ends_with(kind)) {
                self.put(&name, &fs::read_to_string(entry.path()).expect("it is text"));
            }
        }
    }

    /// Types the commands of a block, line by line.
    pub(super) fn type_in(&mut self, block: &Block) -> Result<(), String> {
        for line in block.code.replace("\\\n", " ").lines().filter(|line| !line.trim().is_empty()) {
            self.prepare(line);
            let outcome = self.workspace.shell(&self.programs, &as_typed(line));
            let found = ["lint", "audit"]
                .iter()
                .any(|judge| line.contains(&format!("terraform-provider-ddrofs {judge}")));
            let is_well = outcome.status() == Some(0) || (found && outcome.status() == Some(1));
            if !is_well {
                return Err(told(block, &outcome));
            }
            if line.ends_with(&format!("> {WRITTEN}")) {
                self.plan_what_was_written(block)?;
            }
        }
        Ok(())
    }

    /// Brings about what a command is given for.
    fn prepare(&self, line: &str) {
        if line.contains(" migrate main.tf ") {
            self.workspace.write("main.tf", &self.of_aws);
        }
        if line.starts_with("terraform state rm aws_") {
            self.workspace.write("terraform.tfstate", &state_of_aws());
        }
        if line.contains(" tfplan") {
            self.workspace.write("main.tf", REGISTERING);
            self.workspace.run(&["plan", "-out=tfplan"]).success();
        }
        if line.starts_with("terraform import ") {
            // Each line is a way to do the same.
            drop(fs::remove_file(self.workspace.folder().join("terraform.tfstate")));
        }
    }

    /// What `migrate` wrote takes the place of what was there.
    fn plan_what_was_written(&self, block: &Block) -> Result<(), String> {
        self.workspace.write("main.tf", REQUIRED_PROVIDER);
        let planned = self.is_planned(block);
        fs::remove_file(self.workspace.folder().join(WRITTEN)).expect("it was written");
        self.write_configuration();
        planned
    }

    /// Saves a file that a page shows.
    pub(super) fn write(&mut self, block: &Block) {
        match block.language.as_str() {
            "toml" => self.put("ddrofs.toml", &block.code),
            "json" => self.put("task-definition.json", &block.code),
            language => self.put(&format!("tasks/of-the-page-{}.{language}", block.line), &block.code),
        }
    }
}

/// The file of that name which pages are about.
fn task_definition() -> String {
    let is_it = |block: &Block| block.page == WITH_THE_FILE && block.language == "json";
    page_blocks::all().into_iter().find(is_it).expect("the page shows it").code
}

/// What there is before anybody reads the page, and which services a rollout of it is to move, as JSON.
fn account(page: &str) -> (Backend, String) {
    if page == "docs/guides/fleet-rollout.md" {
        return (fifty_services().place, String::new());
    }
    if page == "docs/resources/ecs_rollout.md" {
        let names: Vec<String> = (1..=SERVICES).map(|number| format!("service-{number}")).collect();
        let fleet = Fleet::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let services = fleet.wanted();
        return (fleet.place, services);
    }
    let place = Backend::local();
    let task: Value = serde_json::from_str(&task_definition()).expect("it is JSON");
    for _ in 0..REVISIONS {
        place.server().act(REGION, "RegisterTaskDefinition", &task).expect("it is accepted");
    }
    place.deploy("prod", "payments", true);
    (place, String::new())
}

/// The state of hashicorp/aws with the newest revision of `orders`.
fn state_of_aws() -> String {
    let task: Value = serde_json::from_str(&task_definition()).expect("it is JSON");
    let arn = format!("arn:aws:ecs:{REGION}:123456789012:task-definition/orders");
    let attributes = json!({
        "arn": format!("{arn}:{REVISIONS}"), "arn_without_revision": arn, "id": "orders", "family": "orders",
        "revision": REVISIONS, "cpu": task["cpu"], "memory": task["memory"], "network_mode": task["networkMode"],
        "requires_compatibilities": task["requiresCompatibilities"], "execution_role_arn": task["executionRoleArn"],
        "container_definitions": task["containerDefinitions"].to_string(),
        "runtime_platform": [{ "operating_system_family": "LINUX", "cpu_architecture": "X86_64" }],
    });
    let resource = json!({
        "mode": "managed", "type": "aws_ecs_task_definition", "name": "orders",
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": [{ "schema_version": 1, "attributes": attributes }],
    });
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "f6f1cf2b-0000-4000-8000-000000000001",
        "outputs": {}, "resources": [resource],
    })
    .to_string()
}

/// Where it went wrong, and what was said there.
fn told(block: &Block, outcome: &Outcome) -> String {
    let said = outcome.to_string();
    let begins = ["Error: ", "Warning: "].iter().filter_map(|sign| said.find(sign)).min();
    let (command, rest) = (said.lines().next().unwrap_or_default(), &said[begins.unwrap_or_default()..]);
    format!("{}\n{command}\n{rest}", block.place())
}

/// What bash reads in place of a line of a page.
fn as_typed(line: &str) -> String {
    match STAND_INS.iter().find(|(begins, _)| line.starts_with(begins)) {
        Some((begins, does)) => {
            let program = begins.split(' ').next().unwrap_or_default();
            format!("{program}() {{ {does}; }}\n{line}")
        }
        None => line.to_owned(),
    }
}

/// A folder with the programs that pages call. What they call `terraform` is the core of this run.
fn programs(workspace: &Workspace) -> PathBuf {
    let folder = workspace.folder().join("programs");
    fs::create_dir(&folder).expect("the folder is writable");
    let program = env!("CARGO_BIN_EXE_terraform-provider-ddrofs");
    symlink(program, folder.join("terraform-provider-ddrofs")).expect("the folder is writable");
    symlink(&Tool::terraform().path, folder.join("terraform")).expect("the folder is writable");
    for tool in Tool::all().iter().filter(|tool| tool.name != "terraform") {
        symlink(&tool.path, folder.join(tool.name)).expect("the folder is writable");
    }
    folder
}
