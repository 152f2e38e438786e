use super::*;
use crate::document::{Change, parse, to_json, yaml};

fn file(text: &str) -> Node {
    parse(text).unwrap()
}

/// The first container of a file with this service, as JSON with `?` for what is not known.
fn container(service: &str) -> String {
    let (tree, _) = workload(&file(&format!(r#"{{"services": {{"app": {service}}}}}"#)));
    shown(&tree.get("containerDefinitions").items()[0])
}

fn shown(node: &Node) -> String {
    to_json(&marked(node)).unwrap()
}

fn marked(node: &Node) -> Node {
    match node {
        Node::Unknown => "?".into(),
        Node::Array(items) => items.iter().map(marked).collect::<Vec<_>>().into(),
        Node::Object(members) => members.iter().map(|(key, member)| (key.clone(), marked(member))).collect(),
        other => other.clone(),
    }
}

#[test]
fn both_forms_of_a_member_are_read() {
    for (service, expected) in [
        (
            r#"{"environment": {"A": "b=c", "N": 1, "OFF": false}}"#,
            r#""environment":[{"name":"A","value":"b=c"},{"name":"N","value":"1"},{"name":"OFF","value":"false"}]"#,
        ),
        (
            r#"{"environment": ["A=b=c", "N=1"]}"#,
            r#""environment":[{"name":"A","value":"b=c"},{"name":"N","value":"1"}]"#,
        ),
        (r#"{"environment": ["A=\"b\""]}"#, r#""environment":[{"name":"A","quote":"\"","value":"\"b\""}]"#),
        (
            r#"{"environment": ["A=\"${B}\"", "C", "$D=e"]}"#,
            r#""environment":[{"name":"A","quote":"\"","value":"?"},{"name":"C","value":"?"},{"name":"?","value":"e"}]"#,
        ),
        (
            r#"{"environment": {"A": null, "B": "$$x", "C": "${X:-d}"}}"#,
            r#""environment":[{"name":"A","value":"?"},{"name":"B","value":"$x"},{"name":"C","value":"?"}]"#,
        ),
        (r#"{"command": "sh -c 'a && b'"}"#, r#""command":["sh","-c","a && b"]"#),
        (
            r#"{"command": ["sh", "-c", "a $$B"], "entrypoint": "/x y"}"#,
            r#""command":["sh","-c","a $B"],"entryPoint":["/x","y"]"#,
        ),
        (r#"{"command": "a ${B} c"}"#, r#""command":["a","?","c"]"#),
        (r#"{"command": "a && b"}"#, r#""command":"?""#),
        (r#"{"command": []}"#, r#""command":"?""#),
        (r#"{"depends_on": ["db"]}"#, r#""dependsOn":[{"condition":"START","containerName":"db"}]"#),
        (
            r#"{"depends_on": {"a": {"condition": "service_completed_successfully"}, "b": {"condition": "service_healthy"}, "c": {}}}"#,
            r#""dependsOn":[{"condition":"SUCCESS","containerName":"a"},{"condition":"HEALTHY","containerName":"b"},{"condition":"START","containerName":"c"}]"#,
        ),
        (r#"{"user": 100, "read_only": "true"}"#, r#""readonlyRootFilesystem":true,"user":"100""#),
        (
            r#"{"user": "${UID}:0", "read_only": "${RO}", "privileged": true}"#,
            r#""privileged":true,"readonlyRootFilesystem":"?","user":"?""#,
        ),
        (
            r#"{"healthcheck": {"test": "agent health"}}"#,
            r#""healthCheck":{"command":["CMD-SHELL","agent health"]}"#,
        ),
        (
            r#"{"healthcheck": {"test": ["CMD", "agent", "health"]}}"#,
            r#""healthCheck":{"command":["CMD","agent","health"]}"#,
        ),
        (r#"{"healthcheck": {"disable": true}}"#, r#""name":"app""#),
        (
            r#"{"tmpfs": "/run"}"#,
            r#""linuxParameters":{"tmpfs":[{"containerPath":"/run","mountOptions":[]}]}"#,
        ),
        (
            r#"{"tmpfs": ["/run:exec"], "volumes": [{"type": "tmpfs", "target": "/x"}]}"#,
            r#""linuxParameters":{"tmpfs":[{"containerPath":"/x","mountOptions":[]},{"containerPath":"/run","mountOptions":["exec"]}]}"#,
        ),
        (
            r#"{"volumes": ["data:/srv:ro", "./x:/x", "/anonymous"]}"#,
            r#""mountPoints":[{"containerPath":"/srv","readOnly":true,"sourceVolume":"data"},{"containerPath":"/x","readOnly":false,"sourceVolume":"./x"},{"containerPath":"/anonymous","readOnly":false,"sourceVolume":"app:/anonymous"}]"#,
        ),
        (r#"{"volumes": "$ALL"}"#, r#""mountPoints":["#),
        (r#"{"image": "a:1", "build": "."}"#, r#""image":"?""#),
        (r#"{"build": "."}"#, r#""image":"?""#),
        (r#"{"env_file": ".env"}"#, r#""environmentFiles":[{"type":"file"}]"#),
        (r#"{"labels": ["a=b", "c"]}"#, r#""dockerLabels":{"a":"b","c":""}"#),
        (r#"{"labels": {"a": "b", "d": "$X"}}"#, r#""dockerLabels":{"a":"b","d":"?"}"#),
        (r#"{"restart": false}"#, r#""restart":"no""#),
        (r#"{"deploy": {"restart_policy": {"condition": "any"}}}"#, r#""restart":"always""#),
        (
            r#"{"deploy": {"restart_policy": {"condition": "none"}}, "restart": "always"}"#,
            r#""restart":"always""#,
        ),
        (
            r#"{"volumes_from": ["other:ro", "container:x"]}"#,
            r#""volumesFrom":[{"readOnly":true,"sourceContainer":"other"},{"readOnly":false,"sourceContainer":"?"}]"#,
        ),
        (r#"{"extends": {"service": "base"}, "image": "a:1"}"#, "\"?\""),
    ] {
        let read = container(service);
        assert!(read.contains(expected), "{service}: {read}");
    }
    assert_eq!(container(r#"{"x-note": {"image": "b"}, "unheard_of": 1}"#), r#"{"name":"app"}"#);
}

#[test]
fn volumes_are_named_those_of_the_machine_or_of_one_container() {
    let (tree, origins) = workload(&file(
        r#"{"services": {"app": {"volumes": ["data:/srv", "./x:/x", "/cache", "raw:/raw:nocopy"]},
                         "web": {"volumes": ["./x:/y"]}},
            "volumes": {"data": null, "raw": {}, "theirs": {"external": true}}}"#,
    ));
    assert_eq!(
        shown(tree.get("volumes")),
        r#"[{"dockerVolumeConfiguration":{"scope":"shared"},"name":"data"},{"name":"raw"},"#.to_owned()
            + r#"{"dockerVolumeConfiguration":{"external":true,"scope":"shared"},"name":"theirs"},"#
            + r#"{"host":{"sourcePath":"./x"},"name":"./x"},{"dockerVolumeConfiguration":{"scope":"task"},"name":"app:/cache"}]"#
    );
    assert_eq!(origins.of(&at("volumes[1].name")).to_string(), "volumes.raw");
}

#[test]
fn what_another_file_or_a_step_before_the_start_may_bring_is_not_known() {
    for text in [
        r#"{"services": {"app": {}}, "include": ["other.yaml"]}"#,
        r#"{"services": {"app": {"pre_start": [{"command": "x"}]}}}"#,
    ] {
        let (tree, _) = workload(&file(text));
        assert_eq!(tree.get("containerDefinitions").items().last(), Some(&Node::Unknown), "{text}");
    }
    let (tree, _) = workload(&Node::Unknown);
    assert!(tree.get("containerDefinitions").is_unknown() && tree.get("volumes").is_unknown());
    let (tree, _) = workload(&file(r#"{"services": 7}"#));
    assert_eq!(tree.get("containerDefinitions").items(), []);
}

#[test]
fn what_is_merged_with_another_file_is_not_known() {
    let text =
        "services:\n  app:\n    image: !reset null\n    environment: !override {A: b}\n    user: !!str 7\n";
    let yaml = yaml::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let file = with_tags(yaml.node, &yaml.remarks);
    let (tree, _) = workload(&file);
    let read = shown(&tree.get("containerDefinitions").items()[0]);
    assert_eq!(read, r#"{"environment":"?","image":"?","name":"app","user":"7"}"#);
}

/// A path as it is written.
fn at(text: &str) -> Path {
    let steps = text.split(['.', '[']).map(|step| match step.strip_suffix(']') {
        Some(index) => Step::Index(index.parse().unwrap()),
        None => Step::Key(step.to_owned()),
    });
    Path(steps.collect())
}

const EITHER: &str = r#"{
  "services": {
    "agent": {
      "image": "datadog/agent:7",
      "environment": {"DD_SITE": "x", "DD_TAGS": "a"},
      "depends_on": {"init": {"condition": "service_started"}},
      "tmpfs": "/run",
      "volumes": [{"type": "volume", "source": "data", "target": "/etc/datadog-agent"}, {"type": "tmpfs", "target": "/tmp"}]
    },
    "init": {
      "environment": ["DD_SITE=x", "B"],
      "depends_on": ["agent", "other"],
      "volumes": ["data:/config:ro", "/cache", "./${X:-y}:/x:ro,z"],
      "command": ["a", "b"]
    },
    "other": {}
  },
  "volumes": {"data": {}}
}"#;

#[test]
fn every_place_leads_back_to_the_file() {
    let (_, origins) = workload(&file(EITHER));
    for (read, written) in [
        ("containerDefinitions[0]", "services.agent"),
        ("containerDefinitions[0].image", "services.agent.image"),
        ("containerDefinitions[0].readonlyRootFilesystem", "services.agent.read_only"),
        ("containerDefinitions[0].environment[1].value", "services.agent.environment.DD_TAGS"),
        ("containerDefinitions[0].environment[7]", "services.agent.environment"),
        ("containerDefinitions[0].dependsOn[0].condition", "services.agent.depends_on.init.condition"),
        ("containerDefinitions[0].mountPoints[0].containerPath", "services.agent.volumes[0]"),
        ("containerDefinitions[0].linuxParameters.tmpfs[0]", "services.agent.volumes[1]"),
        ("containerDefinitions[0].linuxParameters.tmpfs[1]", "services.agent.tmpfs"),
        ("containerDefinitions[1].environment[0].value", "services.init.environment[0]"),
        ("containerDefinitions[1].dependsOn[1].containerName", "services.init.depends_on[1]"),
        ("containerDefinitions[1].command[1]", "services.init.command[1]"),
        ("containerDefinitions[1].restart", "services.init.restart"),
        ("volumes[0]", "volumes.data"),
        ("networkMode", ""),
    ] {
        assert_eq!(origins.of(&at(read)).to_string(), written, "{read}");
    }
}

#[test]
fn a_change_of_the_tree_is_one_of_the_file() {
    let file = file(EITHER);
    let (tree, origins) = workload(&file);
    let change = |path: &str, value: &str| {
        let value = parse(value).unwrap();
        let value = (!value.is_null()).then_some(&value);
        let changes = rewritten(&file, &tree, &origins, &at(path), value);
        changes.map(|changes| {
            let told = changes.iter().map(|change| match change {
                Change::Set(path, value) => format!("{path} = {}", to_json(value).unwrap()),
                Change::Remove(path) => format!("- {path}"),
                Change::Move(from, to) => format!("{from} -> {to}"),
            });
            told.collect::<Vec<_>>().join("; ")
        })
    };
    for (path, value, expected) in [
        ("containerDefinitions[0].readonlyRootFilesystem", "true", "services.agent.read_only = true"),
        ("containerDefinitions[0].user", "null", "- services.agent.user"),
        (
            "containerDefinitions[1].command",
            r#"["sh", "-c", "a $B"]"#,
            r#"services.init.command = ["sh","-c","a $$B"]"#,
        ),
        ("containerDefinitions[1].essential", "false", ""),
        (
            "containerDefinitions[0].environment[0].value",
            r#""y$""#,
            r#"services.agent.environment.DD_SITE = "y$$""#,
        ),
        (
            "containerDefinitions[1].environment[0].value",
            r#""y""#,
            r#"services.init.environment[0] = "DD_SITE=y""#,
        ),
        (
            "containerDefinitions[0].environment[0].name",
            r#""E""#,
            "services.agent.environment.DD_SITE -> services.agent.environment.E",
        ),
        ("containerDefinitions[1].environment[0].name", r#""E""#, r#"services.init.environment[0] = "E=x""#),
        ("containerDefinitions[0].environment[0]", "null", "- services.agent.environment.DD_SITE"),
        ("containerDefinitions[1].environment[1]", "null", "- services.init.environment[1]"),
        (
            "containerDefinitions[0].environment[2]",
            r#"{"name": "E", "value": "f"}"#,
            r#"services.agent.environment.E = "f""#,
        ),
        (
            "containerDefinitions[1].environment[3]",
            r#"{"name": "E", "value": "f"}"#,
            r#"services.init.environment[3] = "E=f""#,
        ),
        (
            "containerDefinitions[0].secrets[0]",
            r#"{"name": "K", "valueFrom": "arn"}"#,
            r#"services.agent.environment.K = "${K}""#,
        ),
        (
            "containerDefinitions[1].secrets[0]",
            r#"{"name": "DD_SITE", "valueFrom": "arn"}"#,
            r#"services.init.environment[0] = "DD_SITE=${DD_SITE}""#,
        ),
        (
            "containerDefinitions[0].mountPoints[1]",
            r#"{"sourceVolume": "s", "containerPath": "/s", "readOnly": true}"#,
            r#"services.agent.volumes[2] = "s:/s:ro""#,
        ),
        (
            "containerDefinitions[0].mountPoints[0].readOnly",
            "true",
            "services.agent.volumes[0].read_only = true",
        ),
        (
            "containerDefinitions[0].mountPoints[0].containerPath",
            r#""/c""#,
            r#"services.agent.volumes[0].target = "/c""#,
        ),
        (
            "containerDefinitions[1].mountPoints[0].readOnly",
            "null",
            r#"services.init.volumes[0] = "data:/config""#,
        ),
        (
            "containerDefinitions[1].mountPoints[0].sourceVolume",
            r#""s""#,
            r#"services.init.volumes[0] = "s:/config:ro""#,
        ),
        (
            "containerDefinitions[1].mountPoints[1].readOnly",
            "true",
            r#"services.init.volumes[1] = "/cache:ro""#,
        ),
        (
            "containerDefinitions[1].mountPoints[2].containerPath",
            r#""/y""#,
            r#"services.init.volumes[2] = "./${X:-y}:/y:ro,z""#,
        ),
        ("containerDefinitions[1].mountPoints[0]", "null", "- services.init.volumes[0]"),
        ("containerDefinitions[0].linuxParameters.tmpfs[0]", "null", "- services.agent.volumes[1]"),
        ("containerDefinitions[0].linuxParameters.tmpfs[1]", "null", "- services.agent.tmpfs"),
        (
            "containerDefinitions[0].dependsOn[0].condition",
            r#""SUCCESS""#,
            r#"services.agent.depends_on.init.condition = "service_completed_successfully""#,
        ),
        (
            "containerDefinitions[0].dependsOn[1]",
            r#"{"containerName": "other", "condition": "SUCCESS"}"#,
            r#"services.agent.depends_on.other = {"condition":"service_completed_successfully"}"#,
        ),
        (
            "containerDefinitions[0].dependsOn[0].containerName",
            r#""other""#,
            "services.agent.depends_on.init -> services.agent.depends_on.other",
        ),
        (
            "containerDefinitions[1].dependsOn[0].condition",
            r#""SUCCESS""#,
            r#"services.init.depends_on = {"agent":{"condition":"service_completed_successfully"},"other":{"condition":"service_started"}}"#,
        ),
        (
            "containerDefinitions[1].dependsOn[2]",
            r#"{"containerName": "x", "condition": "SUCCESS"}"#,
            r#"services.init.depends_on = {"agent":{"condition":"service_started"},"other":{"condition":"service_started"},"x":{"condition":"service_completed_successfully"}}"#,
        ),
        ("containerDefinitions[1].dependsOn[0]", "null", "- services.init.depends_on[0]"),
        ("containerDefinitions[2]", "null", "- services.other"),
        ("volumes[1]", r#"{"name": "new"}"#, "volumes.new = {}"),
        (
            "containerDefinitions[3]",
            r#"{"name": "prepare", "image": "i", "user": "0", "essential": false, "readonlyRootFilesystem": true, "command": ["sh", "-c", "x"], "mountPoints": [{"sourceVolume": "data", "containerPath": "/config"}]}"#,
            r#"services.prepare = {"command":["sh","-c","x"],"image":"i","read_only":true,"user":"0","volumes":["data:/config"]}"#,
        ),
    ] {
        assert_eq!(change(path, value).as_deref(), Some(expected), "{path}");
    }
    for unheard_of in ["networkMode", "containerDefinitions[0].cpu", "containerDefinitions[9].user"] {
        assert_eq!(change(unheard_of, "1"), None, "{unheard_of}");
    }
}

#[test]
fn volumes_that_are_no_list_are_not_known() {
    for volumes in [r#""dd-sockets:/var/run/datadog:ro""#, r#"{"dd-sockets": "/var/run/datadog"}"#] {
        let read = container(&format!(r#"{{"volumes": {volumes}}}"#));
        assert!(read.contains(r#""mountPoints":["?"]"#), "{read}");
    }
    assert!(!container(r#"{"volumes": []}"#).contains("mountPoints"));
}
