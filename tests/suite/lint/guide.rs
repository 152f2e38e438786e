//! The guide "In a pipeline": every command in it runs, and the files for other people's pipelines are what they read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ddrofs::document::{Node, yaml};

use super::text;
use crate::plugin::{PROGRAM, program};

const TASK: &str = r#"{"family": "shop", "containerDefinitions": [{"name": "app", "image": "x:1.0", "memory": 128, "essential": true}]}"#;

/// What the programs print that a command of the guide asks.
const OTHERS: [(&str, &str); 3] =
    [("terraform", r#"{"format_version":"1.2","resource_changes":[]}"#), ("aws", TASK), ("cdk", "")];

fn root(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Lines of code of the guide that run the program, without what a pipeline writes before them.
fn commands(guide: &str) -> Vec<&str> {
    let code = guide
        .split("```")
        .skip(1)
        .step_by(2)
        .filter(|block| block.starts_with("shell") || block.starts_with("yaml"));
    let lines = code.flat_map(str::lines).filter(|line| line.contains("terraform-provider-ddrofs lint"));
    lines.map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: ")).collect()
}

#[test]
fn every_command_of_the_guide_runs() {
    let guide = root("docs/guides/in-a-pipeline.md");
    let commands = commands(&guide);
    assert!(commands.len() >= 10, "{commands:?}");
    for command in commands {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        for made in ["bin", "tasks", "cdk.out"] {
            fs::create_dir(folder.path().join(made)).unwrap();
        }
        fs::write(folder.path().join("tasks/task.json"), TASK).unwrap();
        for (name, prints) in OTHERS {
            fs::write(bin.join(name), format!("#!/bin/sh\ncat <<'END'\n{prints}\nEND\n")).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        std::os::unix::fs::symlink(PROGRAM, bin.join("terraform-provider-ddrofs")).unwrap();
        let mut shell = std::process::Command::new("sh");
        let path = format!("{}:/usr/bin:/bin", bin.display());
        let output = shell
            .env_clear()
            .env("PATH", path)
            .current_dir(folder.path())
            .args(["-c", command])
            .output()
            .unwrap();
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{command}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        assert!(!text(&output.stderr).contains("error"), "{command}: {}", text(&output.stderr));
    }
}

#[test]
fn every_option_that_decides_something_stands_in_the_guide() {
    let guide = root("docs/guides/in-a-pipeline.md");
    for argument in ddrofs::lint::command().get_arguments() {
        let Some(long) = argument.get_long() else { continue };
        let is_of_a_task = argument
            .get_help_heading()
            .is_some_and(|heading| heading.starts_with("What is known about a task"));
        assert!(
            is_of_a_task || ["help", "no-color"].contains(&long) || guide.contains(&format!("--{long}")),
            "--{long}"
        );
    }
}

#[test]
fn the_configuration_of_the_guide_is_one() {
    let guide = root("docs/guides/in-a-pipeline.md");
    let configuration = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ddrofs.toml"), configuration).unwrap();
    fs::write(folder.path().join("task.json"), TASK).unwrap();
    let output =
        program(folder.path()).current_dir(folder.path()).args(["lint", "task.json"]).output().unwrap();
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn the_hook_and_the_action_run_the_program_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("task.json"), TASK).unwrap();
    fs::write(folder.path().join("package.json"), "{}").unwrap();
    let hooks_text = root(".pre-commit-hooks.yaml");
    let hooks = yaml::read(&hooks_text).unwrap_or_else(|problems| panic!("{problems:?}")).node;
    let action_text = root("action.yml");
    let action = yaml::read(&action_text).unwrap_or_else(|problems| panic!("{problems:?}")).node;
    let entry = hooks.items()[0]
        .get("entry")
        .as_str()
        .unwrap()
        .strip_prefix("terraform-provider-ddrofs ")
        .unwrap()
        .to_owned();
    let preset =
        action.get("inputs").get("arguments").get("default").as_str().map(|preset| format!("lint {preset}"));
    for (arguments, files) in [(entry, &["task.json", "package.json"][..]), (preset.unwrap(), &[])] {
        let output = program(folder.path())
            .current_dir(folder.path())
            .args(arguments.split(' '))
            .args(files)
            .output()
            .unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{arguments}");
    }
    assert!(matches!(action.get("runs").get("steps"), Node::Array(_)));
}
