//! What `lint` reads: a folder with files of every kind, and each kind that it finds there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::text;
use crate::plugin::program;

const TASK: &str = r#"[{"name": "app", "image": "example.com/app:1.2.3", "memory": 128, "essential": true,
  "readonlyRootFilesystem": false}]"#;

/// A template that says the same.
const TEMPLATE: &str = "\
Resources:
  Role:
    Type: AWS::IAM::Role
  Web:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub '${AWS::StackName}-web'
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: app
          Image: !Ref Image
          Memory: 128
          ReadonlyRootFilesystem: false
";

fn plan(count: usize) -> String {
    let containers = serde_json::to_string(TASK).unwrap();
    let change = |index: usize| {
        format!(
            r#"{{"address":"module.shop.aws_ecs_task_definition.web[\"{index}\"]","mode":"managed","type":"aws_ecs_task_definition",
              "change":{{"actions":["create"],"after":{{"family":"web","container_definitions":{containers}}},"after_unknown":{{"arn":true}}}}}}"#
        )
    };
    let changes: Vec<String> = (0..count).map(change).collect();
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{}]}}"#,
        changes.join(",")
    )
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command: Command = program(folder);
    command.current_dir(folder).arg("lint").args(arguments).output().unwrap()
}

/// File, document and line of every finding of the rule, and those that could not be read.
fn findings(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found = Vec::new();
    for document in report["documents"].as_array().unwrap() {
        let (name, inside) =
            (document["name"].as_str().unwrap(), document["document"].as_str().unwrap_or("-"));
        for finding in document["findings"].as_array().into_iter().flatten() {
            if finding["rule"] == "root-filesystem-writable" {
                found.push(format!("{name} {inside} {}", finding["line"]));
            }
        }
        for problem in document["problems"].as_array().into_iter().flatten() {
            found.push(format!("{name} {inside} unreadable {}", problem["line"]));
        }
    }
    found
}

#[test]
fn in_a_folder_of_every_kind_of_file_the_right_ones_are_found_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "a/containers.json", TASK);
    write(
        root,
        "a/described.json",
        format!(
            r#"{{"taskDefinition": {{"containerDefinitions":
{TASK}}}}}"#
        ),
    );
    write(
        root,
        "b/task.yaml",
        "family: a\ncontainerDefinitions:\n- name: app\n  image: x:1.0\n  readonlyRootFilesystem: false\n",
    );
    write(root, "b/template.yaml", TEMPLATE);
    write(
        root,
        "c/cdk.out/stack.template.json",
        r#"{"Resources": {"Web": {"Type": "AWS::ECS::TaskDefinition", "Properties": {
      "ContainerDefinitions": [{"Name": "app", "Image": {"Fn::Join": ["", ["a", "b"]]},
        "ReadonlyRootFilesystem": false}]}}}}"#,
    );
    write(root, "c/plan.json", plan(2));
    write(
        root,
        "d/lines.json",
        format!(
            "{{\"family\": \"a\", \"containerDefinitions\": {TASK}}}\n{{\"family\": \"b\", \"containerDefinitions\": {TASK}}}\n"
        ),
    );
    write(root, "d/compose.yaml", "services:\n  app:\n    image: x:1.0\n    read_only: true\n");
    write(
        root,
        "d/pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: x, securityContext: {readOnlyRootFilesystem: true}}]}\n",
    );
    write(root, "e/broken.json", "{\"containerDefinitions\": [}");
    write(root, "e/bomb.yaml", format!("containerDefinitions: &a [x, x]\n{}", bomb()));
    write(root, "e/wide.json", wide("{\"containerDefinitions\": []}"));
    // Nothing of this is ours.
    write(root, "f/package.json", r#"{"name": "shop", "scripts": {"test": "essential"}}"#);
    write(root, "f/broken.json", "{\"name\": ");
    write(root, "f/binary.json", [0, 1, 2, 255]);
    write(root, "f/long.json", format!("[{}1]", "1,".repeat(1 << 20)));
    write(root, "f/wide.json", wide("{\"a\": 1}"));
    write(
        root,
        "f/chart/templates/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\n{{- if .Values.x }}\nspec: {{ x }}\n",
    );
    write(root, "f/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
    write(root, "f/bucket.yaml", "Resources: {Bucket: {Type: 'AWS::S3::Bucket'}}\n");
    write(root, "f/notes.txt", TASK);
    write(root, "node_modules/x/task.json", TASK);
    for number in 0..480 {
        write(root, &format!("g/{number}.json"), format!(r#"{{"number": {number}, "image": "x"}}"#));
    }

    let output = lint(root, &["--format", "json", "."]);
    let expected = [
        "./a/containers.json - 2",
        "./a/described.json - 3",
        "./b/task.yaml - 5",
        "./b/template.yaml Web 13",
        "./c/cdk.out/stack.template.json Web 3",
        "./c/plan.json module.shop.aws_ecs_task_definition.web[\"0\"] null",
        "./c/plan.json module.shop.aws_ecs_task_definition.web[\"1\"] null",
        "./d/lines.json a 2",
        "./d/lines.json b 4",
        "./e/bomb.yaml - unreadable 1",
        "./e/broken.json - unreadable 1",
        "./e/wide.json - unreadable null",
    ];
    assert_eq!(findings(&output), expected);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let judged = report["documents"].as_array().unwrap();
    let names: Vec<&str> = judged.iter().map(|document| document["name"].as_str().unwrap()).collect();
    assert!(["./d/compose.yaml", "./d/pod.yaml"].iter().all(|name| names.contains(name)), "{names:?}");
    assert_eq!(names.len(), expected.len() + 2);
    assert_eq!(output.status.code(), Some(2));
}

/// Aliases of which each stands for nine of the one before.
fn bomb() -> String {
    let level = |number: usize| {
        let nine = vec![format!("*{}", char::from(b'a' + number as u8 - 1)); 9].join(", ");
        format!("{0}: &{0} [{nine}]\n", char::from(b'a' + number as u8))
    };
    (1..9).map(level).collect()
}

/// A text as UTF-16.
fn wide(text: &str) -> Vec<u8> {
    [0xfe_u8, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}

#[test]
fn a_file_that_is_named_is_told_about_whatever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "bucket.yaml", "Resources: {Bucket: {Type: 'AWS::S3::Bucket'}}\n");
    write(root, "plan.json", plan(0));
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\n";
    write(root, "rights.yaml", format!("{role}---\n{role}"));
    write(root, "package.json", r#"{"name": "shop"}"#);
    write(root, "state.json", r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x"}"#);
    for (name, status, told) in [
        ("bucket.yaml", 0, "note: passed over: no task definition is among the resources"),
        ("plan.json", 0, "note: passed over: no task definition is in this plan"),
        ("rights.yaml", 0, "note: passed over: there is no Pod in it"),
        ("package.json", 2, "It is not a task definition: no containerDefinitions in it"),
        ("state.json", 2, "terraform show -json"),
        ("*.xml", 2, "no file fits this pattern"),
    ] {
        let output = lint(root, &[name]);
        assert_eq!(output.status.code(), Some(status), "{name}: {}", text(&output.stdout));
        assert_eq!(
            text(&output.stdout).matches(told).count(),
            1,
            "{told} is not once in: {}",
            text(&output.stdout)
        );
    }
}

#[test]
fn what_stands_beside_a_pod_needs_no_word_and_a_file_of_comments_in_a_folder_neither() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'a:1'}]}\n";
    write(root, "shop.yaml", format!("{pod}---\napiVersion: v1\nkind: Service\nmetadata: {{name: a}}\n"));
    write(root, "later.yaml", "# apiVersion: v1\n# kind: Secret\n---\n\n");
    let named = lint(root, &["shop.yaml"]);
    assert!(!text(&named.stdout).contains("passed over"), "{}", text(&named.stdout));
    let all = lint(root, &["."]);
    assert_eq!(all.status.code(), Some(0), "{}", text(&all.stdout));
    assert!(!text(&all.stdout).contains("later.yaml"), "{}", text(&all.stdout));
}

/// The installation of Argo CD has two MiB, most of it definitions of custom resources.
#[test]
fn what_a_chart_becomes_is_read_although_it_is_long() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'a:1'}]}\n";
    let long = "x".repeat(2 << 20);
    write(root, "chart.yaml", format!("{pod}---\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: {long}\n"));
    let output = lint(root, &["chart.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("1 document checked"), "{}", text(&output.stdout));
}

#[test]
fn a_long_plan_is_read_as_a_stream_and_told_where_it_breaks_off() {
    let folder = tempfile::tempdir().unwrap();
    let whole = plan(3_000);
    assert!(whole.len() > 1 << 20);
    write(folder.path(), "plan.json", &whole);
    write(folder.path(), "cut.json", &whole[..whole.len() - 100]);
    let output = lint(folder.path(), &["--format", "json", "plan.json"]);
    assert_eq!(findings(&output).len(), 3_000);
    let output = lint(folder.path(), &["--format", "json", "cut.json"]);
    let found = findings(&output);
    assert!(
        found.len() >= 2_999 && found.last().unwrap().starts_with("cut.json - unreadable "),
        "{:?}",
        found.last()
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn lines_to_write_are_written_as_the_document_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "template.yaml", TEMPLATE);
    let output = lint(folder.path(), &["template.yaml"]);
    let told = text(&output.stdout);
    assert!(told.contains("template.yaml:13:11: warning: "), "{told}");
    assert!(
        told.contains("(container \"app\") of Web") && told.contains("Write ReadonlyRootFilesystem: true."),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_and_a_link_in_a_circle_stop_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "sound/task.json", TASK);
    std::os::unix::fs::symlink(root, root.join("sound/up")).unwrap();
    std::os::unix::fs::symlink("nowhere.json", root.join("gone.json")).unwrap();
    let output = lint(root, &["."]);
    let told = text(&output.stdout);
    assert!(
        told.contains("./gone.json: error: ") && told.contains("./sound/up: note: passed over"),
        "{told}"
    );
    assert!(told.contains("2 documents checked") && output.status.code() == Some(2), "{told}");
}

#[test]
fn a_job_of_nomad_is_called_one_and_sent_where_it_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let hcl = "# x\njob \"shop\" {\n  group \"web\" {\n    task \"app\" {\n      driver = \"docker\"\n    }\n  }\n}\n";
    write(folder.path(), "shop.nomad.hcl", hcl);
    write(
        folder.path(),
        "api.json",
        r#"{"Job": {"ID": "shop", "TaskGroups": [{"Name": "web", "Tasks": []}]}}"#,
    );
    for file in ["shop.nomad.hcl", "api.json"] {
        let output = lint(folder.path(), &[file]);
        let told = text(&output.stdout);
        assert!(told.contains("It is a job of Nomad") && told.contains("ddrofs_agent_nomad"), "{told}");
        assert_eq!(output.status.code(), Some(2), "{told}");
    }
    assert_eq!(lint(folder.path(), &["."]).status.code(), Some(0));
    write(folder.path(), "job.yaml", "job: \"x\"\nother: [\n");
    let output = lint(folder.path(), &["job.yaml"]);
    assert!(text(&output.stdout).contains("It was read as YAML"), "{}", text(&output.stdout));
}
