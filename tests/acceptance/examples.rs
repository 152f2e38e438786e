//! Every example is what a user copies first: validated, planned, applied and destroyed as it stands, against moto.
//!
//! The endpoint and the credentials come from the environment, so that no example has to be changed for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Backend, REGION, REQUIRED_PROVIDER, Tool, Workspace};

/// Folders with a configuration below `examples/`, with the files of each.
fn examples() -> BTreeMap<String, Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = BTreeMap::new();
    collect(&root, &root, &mut found);
    assert!(found.len() >= 4, "some examples are gone: {:?}", found.keys());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<PathBuf>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            let name = folder.strip_prefix(root).expect("it is below").to_string_lossy().replace('/', "-");
            found.entry(name).or_default().push(path);
        }
    }
}

/// The summaries of the warnings, each once.
fn warnings(output: &str) -> BTreeSet<&str> {
    output.lines().filter_map(|line| Some(line.split_once("Warning: ")?.1.trim())).collect()
}

/// The Agent of an example runs as root, which it does unless a user is named, and so does its init container. Functions
/// have no warnings, and the check is told to give none.
fn warnings_of(example: &str) -> BTreeSet<&'static str> {
    match example {
        "provider" | "data-sources-ddrofs_task_definition_check" => BTreeSet::new(),
        // It asks for a tmpfs, and what that costs is said.
        "data-sources-ddrofs_agent_sidecar" => BTreeSet::from([
            "A container runs as root",
            "A tmpfs takes its space from the memory of the task",
        ]),
        function if function.starts_with("functions-") => BTreeSet::new(),
        _ => BTreeSet::from(["A container runs as root"]),
    }
}

#[test]
fn every_example_is_applied_as_it_stands_and_planned_again_without_a_change() {
    let place = Backend::moto();
    for (name, files) in examples() {
        let mut workspace = Workspace::new(&format!("example-{name}"));
        workspace.set("AWS_ENDPOINT_URL", &place.url());
        workspace.set("AWS_REGION", REGION);
        let mut names_its_source = false;
        for file in &files {
            let text = fs::read_to_string(file).unwrap();
            names_its_source |= text.contains("required_providers");
            workspace.write(&file.file_name().unwrap().to_string_lossy(), &text);
        }
        if !names_its_source {
            workspace.write("versions.tf", REQUIRED_PROVIDER);
        }
        workspace.validate().success();
        let applied = workspace.apply().success();
        assert_eq!(warnings(&applied.output), warnings_of(&name), "{applied}");
        workspace.plan().no_changes();
        workspace.destroy().success();
    }
}

/// The configuration of README.md, but for the other provider's resource at its end, gives what the text below it says.
#[test]
fn the_configuration_in_the_readme_gives_what_it_says() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, rest) = readme.split_once("```terraform\n").expect("README.md has a configuration");
    let (ours, _) =
        rest.split_once("resource \"aws_ecs_task_definition\"").expect("and where its outputs go");
    let outputs = "output \"json\" { value = data.ddrofs_agent_sidecar.orders.json }\n";
    let mut workspace = Workspace::new("readme");
    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{ours}\n{outputs}")).apply().success();
    let json = workspace.output_value("json");
    let containers: serde_json::Value = serde_json::from_str(json.as_str().unwrap()).unwrap();
    let [init, agent, app] = containers.as_array().unwrap().as_slice() else { panic!("three: {containers}") };
    assert_eq!(
        (&init["readonlyRootFilesystem"], &agent["readonlyRootFilesystem"]),
        (&true.into(), &true.into())
    );
    assert_eq!(app["mountPoints"][0]["containerPath"], "/var/run/datadog");
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
    assert_eq!(warnings(accepted), BTreeSet::from(["A container runs as root"]), "{output}");
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
    let sarif: serde_json::Value = serde_json::from_slice(&lint.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");

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
