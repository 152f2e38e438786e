//! What `--fix` writes and what it leaves: every rule's failing example, every task definition at hand, and every way to write one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use ddrofs::document::{Node, parse, to_json, to_json_pretty, yaml};
use ddrofs::rules::{CATALOGUE, DocumentKind, Mends};
use expect_test::expect;
use serde_json::Value;

use super::text;
use crate::corpus;
use crate::plugin::program;

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).current_dir(folder).arg("lint").args(arguments).output().unwrap()
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = lint(folder, &[&["--format", "json"], arguments].concat());
    assert_eq!(text(&output.stderr), "");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The rules of what was fixed in each file, in their order.
fn fixed(report: &Value) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for document in report["documents"].as_array().unwrap() {
        let name = document["name"].as_str().unwrap().to_owned();
        let rules = document["fixed"].as_array().into_iter().flatten();
        let rules = rules.map(|finding| finding["rule"].as_str().unwrap().to_owned());
        match found.last_mut().filter(|(last, _)| *last == name) {
            Some((_, known)) => known.extend(rules),
            None => found.push((name, rules.collect())),
        }
    }
    found
}

/// Lines of the old text that are not in the new one, in the order of both.
fn gone(old: &str, new: &str) -> usize {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut row = vec![0; new.len() + 1];
    for line in &old {
        let mut before = 0;
        for (at, other) in new.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if line == other { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    old.len() - row[new.len()]
}

/// Texts that stand for a long one or an unknown one are filled in.
fn filled_in(node: &Node) -> Node {
    match node {
        Node::String(text) => match text.strip_prefix('<').and_then(|rest| rest.strip_suffix(" letters>")) {
            Some(count) => "x".repeat(count.parse().unwrap()).into(),
            None => node.clone(),
        },
        Node::Array(items) => items.iter().map(filled_in).collect::<Vec<_>>().into(),
        Node::Object(members) => {
            members.iter().map(|(key, member)| (key.clone(), filled_in(member))).collect()
        }
        other => other.clone(),
    }
}

/// What holds of a folder after `--fix`: what is told as fixed is no finding any more and everything else is as it was, so that a second
/// run changes nothing. Gives the rules that were fixed in each file.
fn mended(folder: &Path, arguments: &[&str]) -> Vec<(String, Vec<String>)> {
    let read = || -> Vec<(String, String)> {
        let names =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names: BTreeSet<String> = names.collect();
        names
            .into_iter()
            .map(|name| (name.clone(), fs::read_to_string(folder.join(&name)).unwrap()))
            .collect()
    };
    let before = read();
    let arguments = [arguments, &["."]].concat();
    let found = report(folder, &arguments);
    let written = report(folder, &[&["--fix"], arguments.as_slice()].concat());
    let after = read();
    assert_eq!(before.len(), after.len(), "no file came and none went");
    let fixed = fixed(&written);
    for ((name, old), (_, new)) in before.iter().zip(&after) {
        let rules = fixed
            .iter()
            .find(|(file, _)| file.strip_prefix("./") == Some(name))
            .map(|(_, rules)| rules.as_slice());
        let rules = rules.unwrap_or_default();
        assert_eq!(rules.is_empty(), old == new, "{name}: {rules:?}");
        let lines = old.lines().count();
        assert!(
            gone(old, new) <= 5 * rules.len() + usize::from(lines == 1),
            "{name}: {rules:?}\n{old}\n{new}"
        );
    }
    // Findings of a rule before and after differ by what was fixed, and by notes.
    let counts = |report: &Value, name: &str, rule: &str| {
        let documents =
            report["documents"].as_array().unwrap().iter().filter(|document| document["name"] == name);
        documents
            .flat_map(|document| document["findings"].as_array().into_iter().flatten())
            .filter(|one| one["rule"] == rule)
            .count()
    };
    for (name, rules) in &fixed {
        for rule in rules {
            let count = rules.iter().filter(|other| *other == rule).count();
            assert!(counts(&written, name, rule) + count <= counts(&found, name, rule), "{name}: {rule}");
        }
    }
    let severities = |report: &Value, severity: &str| report["summary"][severity].as_u64().unwrap();
    for severity in ["errors", "warnings", "unreadable"] {
        assert!(severities(&written, severity) <= severities(&found, severity), "{severity}");
    }
    let again = report(folder, &[&["--fix"], arguments.as_slice()].concat());
    assert_eq!(again["summary"]["fixed"], 0, "{again}");
    assert_eq!(read(), after);
    let told = lint(folder, &[&["--diff"], arguments.as_slice()].concat());
    assert_eq!(text(&told.stdout), "", "nothing is left to show");
    fixed
}

#[test]
fn of_every_rules_failing_example_what_is_certain_is_mended_in_each_form() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut tried = BTreeSet::new();
    for rule in CATALOGUE {
        let document = filled_in(&rule.failing.document());
        let write = |end: &str, content: String| {
            fs::write(root.join(format!("{}.{end}", rule.name)), content).unwrap()
        };
        match rule.failing.kind() {
            DocumentKind::TaskDefinition => {
                write("json", to_json_pretty(&document).unwrap());
                write("compact.json", to_json(&document).unwrap());
                write("yaml", yaml::write(&document, &["family", "name"]).unwrap());
                write(
                    "crlf.yaml",
                    yaml::write(&document, &["family", "name"]).unwrap().replace('\n', "\r\n"),
                );
            }
            DocumentKind::Compose | DocumentKind::Kubernetes => {
                write("yaml", yaml::write(&document, &["apiVersion", "kind", "name"]).unwrap());
                write("json", to_json_pretty(&document).unwrap());
            }
            DocumentKind::Docker | DocumentKind::Nomad => continue,
        }
        tried.insert(rule.name);
    }
    let mut by_rule: Vec<(String, BTreeSet<String>)> = Vec::new();
    for (file, rules) in mended(root, &[]) {
        for rule in rules {
            let of = CATALOGUE.iter().find(|known| known.name == rule);
            let is_certain = of.is_none_or(|rule| matches!(rule.mends, Mends::Certain(_)));
            assert!(is_certain, "{file}: {rule} says that nothing of it is mended");
            let example = file.trim_start_matches("./").split('.').next().unwrap().to_owned();
            let end = file.trim_start_matches("./").split_once('.').unwrap().1.to_owned();
            if example == rule {
                match by_rule.last_mut().filter(|(last, _)| *last == rule) {
                    Some((_, ends)) => drop(ends.insert(end)),
                    None => by_rule.push((rule, BTreeSet::from([end]))),
                }
            }
        }
    }
    by_rule.sort();
    let told: Vec<String> = by_rule
        .iter()
        .map(|(rule, ends)| format!("{rule}: {}", ends.iter().cloned().collect::<Vec<_>>().join(" ")))
        .collect();
    expect![[r#"
        compose-version-obsolete: json yaml
        ecs-fargate-variable-wrong: compact.json crlf.yaml json yaml
        init-container-not-awaited: compact.json crlf.yaml json yaml
        init-container-version-differs: compact.json crlf.yaml json yaml
        no-essential-container: compact.json crlf.yaml json yaml
        variable-in-quotes: json yaml
        windows-read-only-root: compact.json crlf.yaml json yaml
        writable-path-not-mounted: compact.json crlf.yaml json yaml
        wrong-enum-value: compact.json crlf.yaml json yaml"#]]
    .assert_eq(&told.join("\n"));
    let certain =
        CATALOGUE.iter().filter(|rule| matches!(rule.mends, Mends::Certain(_)) && tried.contains(rule.name));
    let is_tried = |name: &&str| {
        by_rule.iter().any(|(rule, _)| rule == name) || CASES.iter().any(|(rule, _, _)| rule == name)
    };
    let missing: Vec<&str> = certain.map(|rule| rule.name).filter(|name| !is_tried(name)).collect();
    // An application's root is its owner's business; what is certain of the Agent's has a test of its own.
    expect!["root-filesystem-writable"].assert_eq(&missing.join("\n"));
}

/// Cases of rules whose failing example is one that is not certain: the task definition before, and what stands in it afterwards.
const CASES: [(&str, &str, &str); 10] = [
    (
        "awslogs-option-invalid",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs_group": "g", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "p"}}}]"#,
        r#""options": {"awslogs-group": "g", "#,
    ),
    (
        "awslogs-option-invalid",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-create-group": "false", "awslogs-group": "g", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "p"}}}]"#,
        r#""options": {"awslogs-group": "g", "#,
    ),
    (
        "datadog-name-misspelt",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "environment": [{"name": "DD_DOGSTATSD_NONLOCAL_TRAFFIC", "value": "true"}]}]"#,
        r#"{"name": "DD_DOGSTATSD_NON_LOCAL_TRAFFIC", "value": "true"}"#,
    ),
    (
        "duplicate-variable",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "environment": [{"name": "A", "value": "b"}, {"name": "A", "value": "b"}]}]"#,
        r#""environment": [{"name": "A", "value": "b"}]}]"#,
    ),
    (
        "duplicate-volume-name",
        r#"{"volumes": [{"name": "v"}, {"name": "v"}], "containerDefinitions": [{"name": "a", "image": "x:1.0", "memory": 128}]}"#,
        r#""volumes": [{"name": "v"}], "containerDefinitions""#,
    ),
    (
        "efs-configuration-invalid",
        r#"{"containerDefinitions": [{"name": "a", "image": "x:1.0", "memory": 128}], "volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-12345678", "authorizationConfig": {"iam": "ENABLED"}}}]}"#,
        r#"{"iam": "ENABLED"}, "transitEncryption": "ENABLED"}"#,
    ),
    (
        "success-on-essential-container",
        r#"{"volumes": [{"name": "c"}], "containerDefinitions": [{"name": "i", "image": "public.ecr.aws/datadog/agent:7.81.1", "memory": 128, "command": ["sh", "-c", "cp -R /etc/datadog-agent/. /config/"], "mountPoints": [{"sourceVolume": "c", "containerPath": "/config"}]}, {"name": "a", "image": "x:1.0", "memory": 128, "dependsOn": [{"containerName": "i", "condition": "SUCCESS"}]}]}"#,
        r#""containerPath": "/config"}], "readonlyRootFilesystem": true, "essential": false}"#,
    ),
    (
        "unknown-key",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "stop_timeout": 30}]"#,
        r#""memory": 128, "stopTimeout": 30}]"#,
    ),
    (
        "user-invalid",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "user": " 1000"}]"#,
        r#""user": "1000"}]"#,
    ),
    (
        "read-otherwise",
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "essential": "True", "cpu": null}]"#,
        r#""essential": true}]"#,
    ),
];

#[test]
fn a_rule_mends_what_is_certain_where_its_example_is_not() {
    for (rule, before, after) in CASES {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), before).unwrap();
        let fixed = mended(folder.path(), &["--notes"]);
        assert!(fixed[0].1.iter().any(|known| known == rule), "{rule}: {fixed:?}");
        let written = fs::read_to_string(folder.path().join("a.json")).unwrap();
        assert!(written.contains(after), "{rule}: {written}");
    }
}

#[test]
fn of_every_task_definition_at_hand_what_is_certain_is_mended_and_nothing_else() {
    for arguments in [&[][..], &["--enforce", "ECS.5"]] {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in corpus::files() {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let fixed = mended(folder.path(), arguments);
        assert!(fixed.iter().any(|(_, rules)| !rules.is_empty()), "{arguments:?}");
    }
}

/// A text before and after `--fix --enforce ECS.5 FILE`.
fn after(name: &str, before: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), before).unwrap();
    let output = lint(folder.path(), &["--fix", "--enforce", "ECS.5", name]);
    (fs::read_to_string(folder.path().join(name)).unwrap(), text(&output.stdout).to_owned())
}

#[test]
fn a_file_stays_as_its_author_writes() {
    for (name, before, expected) in [
        (
            "a.json",
            "[\r\n\t{\r\n\t\t\"name\": \"a\",\r\n\t\t\"image\": \"x:1.0\",\r\n\t\t\"memory\": 128\r\n\t}\r\n]\r\n",
            "[\r\n\t{\r\n\t\t\"name\": \"a\",\r\n\t\t\"image\": \"x:1.0\",\r\n\t\t\"memory\": 128,\r\n\t\t\"readonlyRootFilesystem\": true\r\n\t}\r\n]\r\n",
        ),
        (
            "a.json",
            r#"[{"name":"a","image":"x:1.0","memory":"128"}]"#,
            r#"[{"name":"a","image":"x:1.0","memory":128,"readonlyRootFilesystem":true}]"#,
        ),
        (
            "a.json",
            r#"{"family": "f", "containerDefinitions": [{"name": "a", "image": "x:1.0", "memory": 1, "cpu": null}]} {"containerDefinitions": [{"name": "b", "image": "x:1.0", "ReadonlyRootFileSystem": true}]}"#,
            r#"{"family": "f", "containerDefinitions": [{"name": "a", "image": "x:1.0", "memory": 1, "readonlyRootFilesystem": true}]} {"containerDefinitions": [{"name": "b", "image": "x:1.0", "readonlyRootFilesystem": true}]}"#,
        ),
        (
            "a.yaml",
            "\u{feff}# head\ncontainerDefinitions:\n  - name: a # why\n    image: x:1.0\n    memory: \"128\" # MiB\n\n  - {name: b, image: 'x:1.0'}\n# end\n",
            "\u{feff}# head\ncontainerDefinitions:\n  - name: a # why\n    image: x:1.0\n    memory: 128 # MiB\n    readonlyRootFilesystem: true\n\n  - {name: b, image: 'x:1.0', readonlyRootFilesystem: true}\n# end\n",
        ),
        (
            "a.yaml",
            "---\nfamily: a\ncontainerDefinitions:\n- name: a\n  image: x:1.0\n---\nfamily: b\ncontainerDefinitions:\n- name: b\n  image: x:1.0\n...\n",
            "---\nfamily: a\ncontainerDefinitions:\n- name: a\n  image: x:1.0\n  readonlyRootFilesystem: true\n---\nfamily: b\ncontainerDefinitions:\n- name: b\n  image: x:1.0\n  readonlyRootFilesystem: true\n...\n",
        ),
        (
            "a.yaml",
            "Resources:\n  Web:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Family: !Sub '${AWS::StackName}-web'\n      ContainerDefinitions:\n        - Name: web\n          Image: !Join ['', [!Ref Repository, ':1.0']]\n          Environment:\n            - Name: A\n              Value: !Ref A\n  Other: {Type: 'AWS::S3::Bucket'}\n",
            "Resources:\n  Web:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Family: !Sub '${AWS::StackName}-web'\n      ContainerDefinitions:\n        - Name: web\n          Image: !Join ['', [!Ref Repository, ':1.0']]\n          Environment:\n            - Name: A\n              Value: !Ref A\n          ReadonlyRootFilesystem: true\n  Other: {Type: 'AWS::S3::Bucket'}\n",
        ),
        (
            "a.yaml",
            "# Compose\nversion: '3'\nservices:\n  web: {image: 'x:1.0', read_only: true}\n",
            "# Compose\nservices:\n  web: {image: 'x:1.0', read_only: true}\n",
        ),
    ] {
        let (written, told) = after(name, before);
        assert_eq!(written, expected, "{told}");
        assert!(told.contains(": fixed: ") && told.contains(" fixed"), "{told}");
    }
}

#[test]
fn what_is_not_certain_in_its_place_is_left_and_told() {
    for (name, before, reason) in [
        (
            "a.yaml",
            "x: &c\n  name: a\n  image: x:1.0\ncontainerDefinitions:\n- *c\n",
            "It was not mended: an anchor is there, and a change would reach every place that names it.",
        ),
        (
            "a.yaml",
            "version: '3' # of what we have\nservices:\n  web: {image: 'x:1.0', read_only: true}\n",
            "It was not mended: a comment stands in what would be taken out.",
        ),
        (
            "a.json.tftpl",
            r#"[{"name": "a", "image": "${image}"}]"#,
            "It was not mended: the file is a template, of which only parts are known.",
        ),
        (
            "plan.json",
            r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"aws_ecs_task_definition.a","mode":"managed","type":"aws_ecs_task_definition","change":{"actions":["create"],"after":{"family":"a","container_definitions":"[{\"name\":\"a\",\"image\":\"x:1.0\"}]"},"after_unknown":{}}}]}"#,
            "It was not mended: Terraform writes what a plan or a state shows: mend the configuration.",
        ),
        // On a read-only root nginx needs volumes.
        (
            "a.json",
            r#"[{"name": "a", "image": "nginx:1.27.0", "memory": 128}]"#,
            "It was not mended: image-path-not-writable would be found then.",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), before).unwrap();
        let output = lint(folder.path(), &["--notes", "--fix", "--enforce", "ECS.5", name]);
        assert!(text(&output.stdout).contains(reason), "{before}\n{}", text(&output.stdout));
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), before);
    }
}

#[test]
fn an_application_that_says_something_of_its_root_or_is_let_pass_is_left_alone() {
    for (before, flags) in [
        ("containerDefinitions:\n- name: a\n  image: x:1.0\n", &[][..]),
        (
            "containerDefinitions:\n- name: a\n  image: x:1.0\n  readonlyRootFilesystem: false\n",
            &["--enforce", "ECS.5"],
        ),
        (
            "containerDefinitions:\n- name: a # ddrofs: ignore[read-otherwise]\n  image: x:1.0\n  memory: '1' # ddrofs: ignore[read-otherwise]\n",
            &[],
        ),
        (
            "containerDefinitions:\n- name: a\n  image: x:1.0\n  memory: '1'\n",
            &["--ignore", "read-otherwise"],
        ),
        ("containerDefinitions:\n- name: a\n  image: x:1.0\n  memory: '1'\n", &["--only", "root-user"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), before).unwrap();
        let output = lint(folder.path(), &[&["--fix"], flags, &["a.yaml"]].concat());
        assert_eq!(
            fs::read_to_string(folder.path().join("a.yaml")).unwrap(),
            before,
            "{}",
            text(&output.stdout)
        );
    }
}

#[test]
fn what_is_left_counts_and_what_was_mended_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    let write = || fs::write(&file, "containerDefinitions:\n- name: a\n  image: x:1.0\n").unwrap();
    write();
    assert_eq!(lint(folder.path(), &["--enforce", "ECS.5", "a.yaml"]).status.code(), Some(1));
    assert_eq!(lint(folder.path(), &["--fix", "--enforce", "ECS.5", "a.yaml"]).status.code(), Some(0));
    write();
    let output = lint(
        folder.path(),
        &["--fix", "--enforce", "ECS.5", "--output", "json=report.json", "--quiet", "a.yaml"],
    );
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));
    let report: Value =
        serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(report["summary"]["fixed"], 1, "{report}");
    assert_eq!(report["documents"][0]["verdicts"]["ECS.5"]["verdict"], "PASSED", "{report}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_told_and_counts_as_it_is() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    const BEFORE: &str = "containerDefinitions:\n- name: a\n  image: x:1.0\n  memory: '1'\n";
    fs::write(folder.path().join("a.yaml"), BEFORE).unwrap();
    fs::set_permissions(folder.path().join("a.yaml"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::write(elsewhere.path().join("b.yaml"), BEFORE).unwrap();
    symlink(elsewhere.path().join("b.yaml"), folder.path().join("b.yaml")).unwrap();
    let output = lint(folder.path(), &["--fix", "."]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("./a.yaml was not written: it is read-only.\n"), "{told}");
    assert!(told.contains("./b.yaml was not written: it is a link to "), "{told}");
    assert!(text(&output.stdout).contains("[read-otherwise]"), "{}", text(&output.stdout));
    for file in [folder.path().join("a.yaml"), elsewhere.path().join("b.yaml")] {
        assert_eq!(fs::read_to_string(file).unwrap(), BEFORE);
    }
}

#[test]
fn standard_input_is_not_written_and_a_diff_of_it_is_shown() {
    let task = r#"[{"name": "a", "image": "x:1.0", "memory": "128"}]"#;
    let refused = super::lint(&["--fix", "-"], &[], task);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(2), ""));
    assert!(text(&refused.stderr).contains("Standard input cannot be written"), "{}", text(&refused.stderr));
    let shown = super::lint(&["--diff", "-"], &[], task);
    assert_eq!(shown.status.code(), Some(1));
    assert!(
        text(&shown.stdout).ends_with("-[{\"name\": \"a\", \"image\": \"x:1.0\", \"memory\": \"128\"}]\n\\ No newline at end of file\n+[{\"name\": \"a\", \"image\": \"x:1.0\", \"memory\": 128}]\n\\ No newline at end of file\n"),
        "{}",
        text(&shown.stdout)
    );
}

/// The text that a unified diff of one file makes of another.
fn patched(old: &str, diff: &str) -> String {
    let lines: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut new, mut at) = (String::new(), 0);
    for line in diff.split_inclusive('\n').skip_while(|line| !line.starts_with("@@")) {
        match line.chars().next().unwrap() {
            '@' => {
                let range =
                    line.split([' ', ',']).nth(1).unwrap().trim_start_matches('-').parse::<usize>().unwrap();
                let start = if line.split(' ').nth(1).unwrap().ends_with(",0") { range } else { range - 1 };
                new.extend(lines[at..start].iter().copied());
                at = start;
            }
            '+' => new.push_str(&line[1..]),
            '\\' => {}
            sign => {
                assert_eq!(lines[at], &line[1..], "{diff}");
                if sign == ' ' {
                    new.push_str(lines[at]);
                }
                at += 1;
            }
        }
    }
    new.extend(lines[at..].iter().copied());
    new
}

#[test]
fn a_diff_is_what_would_be_written_and_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let containers: String = (0..9).map(|at| format!("- name: a{at}\n  image: x:1.0\n  memory: '1'\n  cpu: 1\n  user: '1'\n  essential: true\n  privileged: false\n{}", "#\n".repeat(8))).collect();
    let before = format!("family: x\ncontainerDefinitions:\n{containers}");
    let file = folder.path().join("a.yaml");
    fs::write(&file, &before).unwrap();
    let output = lint(folder.path(), &["--diff", "--enforce", "ECS.5", "a.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    // What counts is told beside it.
    assert!(text(&output.stderr).contains("[root-filesystem-writable, ECS.5]"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    assert!(text(&output.stdout).starts_with("--- a/a.yaml\n+++ b/a.yaml\n@@ -"), "{}", text(&output.stdout));
    assert!(text(&output.stdout).matches("\n@@ ").count() >= 9, "{}", text(&output.stdout));
    lint(folder.path(), &["--fix", "--enforce", "ECS.5", "a.yaml"]);
    assert_eq!(patched(&before, text(&output.stdout)), fs::read_to_string(&file).unwrap());
}

#[test]
fn a_diff_shows_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let one_line = r#"[{"name": "a", "image": "x:1.0", "memory": "128", "environment": [{"name": "PASSWORD", "value": "hunter2"}], "command": ["--key", "hunter2"]}]"#;
    fs::write(folder.path().join("a.json"), one_line).unwrap();
    let lines = "containerDefinitions:\n- name: a\n  environment:\n  - name: K\n    value: |\n      hunter2\n  memory: '1'\n  # hunter2\n  image: x:1.0\n";
    fs::write(folder.path().join("b.yaml"), lines).unwrap();
    let output = lint(folder.path(), &["--diff", "."]);
    let told = text(&output.stdout);
    assert!(!told.contains("hunter2") && !text(&output.stderr).contains("hunter2"), "{told}");
    assert!(
        told.contains("\"memory\": 128")
            && told.contains("+  memory: 1\n")
            && told.contains("# … stands for"),
        "{told}"
    );
}

/// The wish of one who lets a pipeline mend: the Agent's own containers, and what is certain in a task around them.
#[test]
fn the_agent_and_its_init_container_become_read_only_where_all_they_write_to_is_mounted() {
    let task = |readonly: &str, command: &str| {
        format!(
            r#"{{
  "family": "shop",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "256",
  "memory": "512",
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "volumes": [{{ "name": "c" }}, {{ "name": "r" }}, {{ "name": "s" }}],
  "containerDefinitions": [
    {{
      "name": "init",
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "essential": false,
      "command": ["sh", "-c", "{command}"],
      "mountPoints": [{{ "sourceVolume": "c", "containerPath": "/config" }}]{readonly}
    }},
    {{
      "name": "agent",
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "environment": [{{ "name": "ECS_FARGATE", "value": "true" }}],
      "secrets": [{{ "name": "DD_API_KEY", "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:k-AbCdEf" }}],
      "dependsOn": [{{ "containerName": "init", "condition": "SUCCESS" }}],
      "mountPoints": [
        {{ "sourceVolume": "c", "containerPath": "/etc/datadog-agent" }},
        {{ "sourceVolume": "r", "containerPath": "/opt/datadog-agent/run" }},
        {{ "sourceVolume": "s", "containerPath": "/var/run/datadog" }}
      ]{readonly}
    }}
  ]
}}
"#
        )
    };
    let written = |before: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), before).unwrap();
        lint(folder.path(), &["--fix", "a.json"]);
        fs::read_to_string(folder.path().join("a.json")).unwrap()
    };
    const COPY: &str = "cp -R /etc/datadog-agent/. /config/";
    let whole = ",\n      \"readonlyRootFilesystem\": true";
    assert_eq!(written(&task("", COPY)), task(whole, COPY));
    // What a container writes elsewhere keeps its root writable, and a mount that is missing the Agent's.
    for before in [
        task("", "cp -R /etc/datadog-agent/. /config/ && ./mine.sh"),
        task("", "mkdir /x && cp -R /etc/datadog-agent/. /config/"),
    ] {
        let containers = parse(&written(&before)).unwrap();
        let roots: Vec<bool> = containers
            .get("containerDefinitions")
            .items()
            .iter()
            .map(|one| one.get("readonlyRootFilesystem").is_null())
            .collect();
        assert_eq!(roots, [true, false], "{before}");
    }
    let before = task("", COPY)
        .replace(",\n        { \"sourceVolume\": \"s\", \"containerPath\": \"/var/run/datadog\" }", "");
    let containers = parse(&written(&before)).unwrap();
    assert!(containers.get("containerDefinitions").items()[1].get("readonlyRootFilesystem").is_null());
}
