//! Every example is what a user copies first: validated, planned, applied and destroyed as it stands, against moto, or against
//! the local endpoint where moto has no deployments of services. Our resource stands in for the task definition of hashicorp/aws.
//!
//! The endpoint and the credentials come from the environment, so that no example has to be changed for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{
    Backend, Outcome, REGION, REQUIRED_PROVIDER, Tool, Workspace, problems_of_compose,
    problems_of_dockerfiles, problems_of_hcl, problems_of_kubernetes, problems_of_scripts,
};
use crate::pages::with_ours;
use crate::rollout::Fleet;

/// The example of the guide about a fleet: `rollout::guide` goes through it, because it is about services that are there.
const GUIDED: &str = "fleet";

/// Folders with a configuration below `examples/`, with the files of each.
fn examples() -> BTreeMap<String, Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = BTreeMap::new();
    collect(&root, &root, &mut found);
    assert!(found.remove(GUIDED).is_some() && found.len() >= 4, "some examples are gone: {:?}", found.keys());
    found
}

/// A block that Terraform knows from 1.12 on, and OpenTofu not yet.
const OF_NEWER_CORES: &str = "import-by-identity.tf";

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<PathBuf>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "tf")
            && !path.ends_with(OF_NEWER_CORES)
        {
            let name = folder.strip_prefix(root).expect("it is below").to_string_lossy().replace('/', "-");
            found.entry(name).or_default().push(path);
        }
    }
}

/// The summaries of the warnings, each once.
pub(crate) fn warnings(output: &str) -> BTreeSet<&str> {
    output.lines().filter_map(|line| Some(line.split_once("Warning: ")?.1.trim())).collect()
}

/// What the provider writes itself is nothing to warn of.
fn assert_quiet(outcome: &Outcome) {
    assert_eq!(warnings(&outcome.output), BTreeSet::new(), "{outcome}");
}

/// Where the configuration of an example says that its task passes ECS.5: the address of what has the verdict.
const PASSING: [(&str, &str); 3] = [
    ("data-sources-ddrofs_agent_sidecar", "data.ddrofs_agent_sidecar.orders"),
    ("fargate", "ddrofs_ecs_task_definition.orders"),
    ("resources-ddrofs_ecs_task_definition", "ddrofs_ecs_task_definition.orders"),
];

/// The example that moves services, which have to be there: as many as give every wave of it somebody.
const MOVING: (&str, usize) = ("resources-ddrofs_ecs_rollout", 40);

/// The examples that read what is there: a service in the cluster `prod` runs the family `payments`.
const READING: [&str; 2] = ["data-sources-ddrofs_ecs_fleet_audit", "data-sources-ddrofs_ecs_task_definition"];

/// A program of others that says what is wrong with the texts that it is given; empty where nothing is.
type Check = fn(&str, &[(String, String)]) -> String;

/// The examples that write a file, with the file and who checks it.
const WRITING: [(&str, &str, Check); 8] = [
    ("compose", "docker-compose.yaml", problems_of_compose),
    ("kubernetes", "shop.yaml", problems_of_kubernetes),
    ("kubernetes-daemonset", "datadog-agent.yaml", problems_of_kubernetes),
    ("nomad", "shop.nomad.hcl", problems_of_hcl),
    ("docker", "datadog.sh", problems_of_scripts),
    ("docker", "of-an-image.sh", problems_of_scripts),
    ("docker", "Dockerfile.config", problems_of_dockerfiles),
    ("docker", "Dockerfile.volumes", problems_of_dockerfiles),
];

#[test]
fn every_example_is_applied_as_it_stands_and_planned_again_without_a_change() {
    let place = Backend::moto();
    let mut passed = BTreeSet::new();
    for (name, files) in examples() {
        let mut workspace = Workspace::new(&format!("example-{name}"));
        let fleet = (name == MOVING.0).then(|| {
            let names: Vec<String> = (1..=MOVING.1).map(|number| format!("service-{number}")).collect();
            Fleet::of(&names.iter().map(String::as_str).collect::<Vec<_>>())
        });
        if READING.contains(&name.as_str()) {
            place.deploy("prod", "payments", true);
        }
        let place = fleet.as_ref().map_or(&place, |fleet| &fleet.place);
        workspace.set("AWS_ENDPOINT_URL", &place.url());
        workspace.set("AWS_REGION", REGION);
        if let Some(fleet) = &fleet {
            workspace.set("TF_VAR_services", &fleet.wanted());
        }
        let mut names_its_source = false;
        for file in &files {
            let text = fs::read_to_string(file).unwrap();
            names_its_source |= text.contains("required_providers");
            workspace.write(&file.file_name().unwrap().to_string_lossy(), &with_ours(&text));
        }
        if !names_its_source {
            workspace.write("versions.tf", REQUIRED_PROVIDER);
        }
        assert_quiet(&workspace.validate().success());
        assert_quiet(&workspace.plan());
        assert_quiet(&workspace.apply().success());
        assert_quiet(&workspace.plan().no_changes());
        for (_, address) in PASSING.iter().filter(|(example, _)| *example == name) {
            let attributes = workspace.attributes(address).expect("it is in the state");
            assert_eq!(attributes["verdicts"]["ECS.5"], "PASSED", "{name}");
            passed.insert(name.clone());
        }
        for (_, file, check) in WRITING.iter().filter(|(example, ..)| *example == name) {
            let text = fs::read_to_string(workspace.folder().join(file)).expect("the apply wrote it");
            assert_eq!(check("examples", &[(format!("{name}-{file}"), text)]), "", "{name} {file}");
            passed.insert(format!("{name} {file}"));
        }
        assert_quiet(&workspace.destroy().success());
    }
    assert_eq!(passed.len(), PASSING.len() + WRITING.len(), "{passed:?}");
}

/// What is written by nobody but the provider: nothing but what has to be said, and every default.
#[test]
fn the_defaults_are_planned_without_a_warning() {
    let place = Backend::local();
    let key =
        "api_key_secret_arn = \"arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf\"";
    let container = r#"{ name = "app", image = "example.com/app:1.2.3" }"#;
    let configuration = format!(
        r#"
data "ddrofs_agent_sidecar" "alone" {{
  {key}
}}

data "ddrofs_agent_sidecar" "beside" {{
  {key}
  container_definitions = [{container}]
  application {{
    read_only_root_filesystem = true
  }}
}}

resource "ddrofs_ecs_task_definition" "beside" {{
  family                   = "defaults"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  container_definitions    = [{container}]
  application {{
    read_only_root_filesystem = true
  }}
  agent {{
    {key}
  }}
}}
"#
    );
    let workspace = Workspace::new("example-defaults");
    workspace.main(&place, &configuration);
    assert_quiet(&workspace.plan().changes());
    assert_quiet(&workspace.apply().success());
    for address in [
        "data.ddrofs_agent_sidecar.alone",
        "data.ddrofs_agent_sidecar.beside",
        "ddrofs_ecs_task_definition.beside",
    ] {
        let attributes = workspace.attributes(address).expect("it is in the state");
        assert_eq!(attributes["verdicts"]["ECS.5"], "PASSED", "{address}");
    }
}

/// The configuration of README.md, but for the other provider's resource at its end, gives what the text below it says.
#[test]
fn the_configuration_in_the_readme_gives_what_it_says() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, rest) = readme.split_once("```terraform\n").expect("README.md has a configuration");
    let (ours, _) =
        rest.split_once("resource \"aws_ecs_task_definition\"").expect("and where its outputs go");
    let outputs = "output \"json\" { value = data.ddrofs_agent_sidecar.orders.json }\n\
                   output \"verdict\" { value = data.ddrofs_agent_sidecar.orders.verdicts[\"ECS.5\"] }\n";
    let mut workspace = Workspace::new("readme");
    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.write("main.tf", &format!("{ours}\n{outputs}"));
    assert_quiet(&workspace.plan());
    assert_quiet(&workspace.apply().success());
    assert_eq!(workspace.output_value("verdict"), "PASSED");
    let json = workspace.output_value("json");
    let containers: serde_json::Value = serde_json::from_str(json.as_str().unwrap()).unwrap();
    let [init, agent, app] = containers.as_array().unwrap().as_slice() else { panic!("three: {containers}") };
    assert_eq!(
        (&init["readonlyRootFilesystem"], &agent["readonlyRootFilesystem"]),
        (&true.into(), &true.into())
    );
    let mounts = app["mountPoints"].as_array().unwrap();
    for path in ["/var/run/datadog", "/tmp"] {
        assert!(mounts.iter().any(|mount| mount["containerPath"] == path), "{path}: {mounts:?}");
    }
    let variables: Vec<&str> = app["environment"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|variable| variable["name"].as_str())
        .collect();
    for name in ["DD_TRACE_AGENT_URL", "DD_DOGSTATSD_URL", "DD_SERVICE", "DD_ENV"] {
        assert!(variables.contains(&name), "{name} is not in {variables:?}");
    }
}

/// The folder of the programs that cargo built.
fn built() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_terraform-provider-ddrofs")).parent().expect("a program is in a folder")
}

/// `make demo`, but for building: what a newcomer sees first.
#[test]
fn the_demo_makes_an_application_read_only_and_ends_well() {
    let endpoint = built().join("examples/local-ecs");
    assert!(endpoint.is_file(), "build it: cargo build --all-features --example local-ecs");
    let demo = Command::new("bash")
        .args([Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo.sh").as_path(), built()])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TERRAFORM", Tool::terraform().path)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&demo.stdout);
    assert!(demo.status.success(), "{output}\n{}", String::from_utf8_lossy(&demo.stderr));
    let (accepted, refused) =
        output.split_once("plan that the rules refuse").expect("the demo has that step");
    assert_eq!(warnings(accepted), BTreeSet::new(), "{output}");
    for read_as_written in [
        "{\n  \"family\": \"orders\",\n",
        "      \"name\": \"orders\",\n      \"image\": \"example.com/orders:1.4.2\",\n      \"essential\": true,\n",
        "{ \"sourceVolume\": \"orders-tmp\", \"containerPath\": \"/tmp\" }",
        "✔ ECS.5 PASSED for the whole task",
    ] {
        assert!(output.contains(read_as_written), "{read_as_written}\n{output}");
    }
    assert!(
        refused.ends_with("✔ one revision registered, one deregistered, nothing left behind\n"),
        "{output}"
    );
}

/// The second configuration and the command of README.md, run as they stand in a folder with the file they name.
#[test]
fn the_readme_hardens_and_checks_any_json() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let configuration = readme.split("```terraform\n").nth(2).expect("README.md has a second configuration");
    let (configuration, _) = configuration.split_once("```").expect("it ends");
    let mut workspace = Workspace::new("readme-functions");
    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.write(
        "task-definition.json",
        r#"{"family": "orders", "containerDefinitions": [
            {"name": "app", "image": "example.com/app:1.2.3", "memory": 512},
            {"name": "app", "image": "example.com/log:1.2.3", "memory": 512}]}"#,
    );
    let command = readme.lines().find(|line| line.starts_with("terraform-provider-ddrofs lint"));
    let mut words = command.expect("README.md has the command").split_whitespace();
    assert_eq!(words.next(), Some("terraform-provider-ddrofs"));
    let lint = Command::new(env!("CARGO_BIN_EXE_terraform-provider-ddrofs"))
        .args(words)
        .current_dir(workspace.folder())
        .output()
        .unwrap();
    assert_eq!(lint.status.code(), Some(1), "two containers of one name");
    let told = String::from_utf8(lint.stdout).unwrap();
    assert!(told.contains("task-definition.json") && told.contains("duplicate-container-name"), "{told}");

    workspace.write(
        "task-definition.json",
        r#"{"family": "orders", "containerDefinitions": [{"name": "app", "image": "example.com/app:1.2.3", "memory": 512}]}"#,
    );
    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{configuration}")).apply().success();
    assert_eq!(workspace.output_value("read_only_root_filesystems"), "PASSED");
    assert!(workspace.output_value("json").as_str().unwrap().contains("\"readonlyRootFilesystem\":true"));
    let changes = workspace.output_value("changes");
    assert!(changes.as_array().unwrap().iter().any(|change| change.as_str().unwrap().starts_with("app: ")));
}
