use super::*;
use crate::document::{Change, parse, to_json};

const DOCUMENT: &str = r#"{
  "containers": [
    { "name": "init", "image": "a:1", "attach": true, "must_run": false, "read_only": true, "command": ["sh", "-c", "cp"],
      "volumes": [{ "volume_name": "config", "container_path": "/staging", "read_only": false }] },
    { "name": "agent", "image": "a:1", "read_only": true, "restart": "unless-stopped", "user": "100",
      "env": ["A=1", "B=x=y", "C"], "secrets": { "DD_API_KEY": "KEY" },
      "labels": [{ "label": "owner", "value": "platform" }], "tmpfs": { "/tmp": "exec,size=1m" },
      "ports": [{ "internal": 8126, "external": 8126, "ip": "127.0.0.1", "protocol": "tcp" }],
      "healthcheck": [{ "test": ["CMD", "agent", "health"] }],
      "volumes": [
        { "volume_name": "config", "container_path": "/etc/datadog-agent", "read_only": false },
        { "host_path": "/proc/", "container_path": "/host/proc/", "read_only": true }
      ] }
  ],
  "volumes": [{ "name": "config" }]
}"#;

fn document() -> Node {
    parse(DOCUMENT).unwrap()
}

#[test]
fn containers_are_read_in_the_shape_of_a_task_definition() {
    let (tree, _) = workload(&document());
    let containers = tree.get("containerDefinitions");
    let [init, agent] = containers.items() else { panic!("{tree:?}") };
    for (container, member, expected) in [
        (init, "essential", "false"),
        (init, "readonlyRootFilesystem", "true"),
        (init, "dependsOn", "null"),
        (agent, "essential", "null"),
        (agent, "dependsOn", r#"[{"condition":"SUCCESS","containerName":"init"}]"#),
        (
            agent,
            "environment",
            r#"[{"name":"A","value":"1"},{"name":"B","value":"x=y"},{"name":"C","value":""}]"#,
        ),
        (agent, "secrets", r#"[{"name":"DD_API_KEY","valueFrom":"KEY"}]"#),
        (agent, "dockerLabels", r#"{"owner":"platform"}"#),
        (
            agent,
            "linuxParameters",
            r#"{"tmpfs":[{"containerPath":"/tmp","mountOptions":["exec","size=1m"]}]}"#,
        ),
        (agent, "portMappings", r#"[{"containerPort":8126,"hostPort":8126,"protocol":"tcp"}]"#),
        (agent, "healthCheck", r#"{"command":["CMD","agent","health"]}"#),
        (
            agent,
            "mountPoints",
            r#"[{"containerPath":"/etc/datadog-agent","readOnly":false,"sourceVolume":"config"},{"containerPath":"/host/proc/","readOnly":true,"sourceVolume":"/proc/"}]"#,
        ),
        (agent, "user", r#""100""#),
        (agent, "restart", r#""unless-stopped""#),
    ] {
        assert_eq!(to_json(container.get(member)).unwrap(), expected, "{member}");
    }
    assert_eq!(
        to_json(tree.get("volumes")).unwrap(),
        r#"[{"dockerVolumeConfiguration":{"scope":"shared"},"name":"config"},{"host":{"sourcePath":"/proc/"},"name":"/proc/"}]"#
    );
}

#[test]
fn every_place_leads_back_to_the_argument() {
    let (_, origins) = workload(&document());
    let agent = || Path::default().key("containerDefinitions").index(1);
    for (read, written) in [
        (agent(), "containers[1]"),
        (agent().key("environment").index(1), "containers[1].env[1]"),
        (agent().key("environment").index(1).key("name"), "containers[1].env[1]"),
        (agent().key("readonlyRootFilesystem"), "containers[1].read_only"),
        (agent().key("mountPoints").index(0), "containers[1].volumes[0]"),
        (agent().key("secrets").index(0), "containers[1].secrets.DD_API_KEY"),
        (agent().key("dependsOn").index(0), "containers[1]"),
        (Path::default().key("volumes").index(0), "volumes[0]"),
        (Path::default().key("volumes").index(1), "containers[1].volumes[1]"),
    ] {
        assert_eq!(origins.of(&read).to_string(), written);
    }
}

#[test]
fn a_change_is_said_in_arguments() {
    let (document, agent) = (document(), || Path::default().key("containerDefinitions").index(1));
    let (tree, origins) = workload(&document);
    let said =
        |path: &Path, value: Option<Node>| match rewritten(&document, &tree, &origins, path, value.as_ref())
            .as_deref()
        {
            None => "no words".to_owned(),
            Some([Change::Set(place, value)]) => format!("{place} = {}", to_json(value).unwrap()),
            Some([Change::Remove(place)]) => format!("without {place}"),
            Some([Change::Move(from, to)]) => format!("{from} to {to}"),
            Some(other) => format!("{other:?}"),
        };
    let secret = Node::from([("name", "DD_APP_KEY".into()), ("valueFrom", "x".into())]);
    let variable = Node::from([("name", "D".into()), ("value", "4".into())]);
    let mount = Node::from([("sourceVolume", "run".into()), ("containerPath", "/run".into())]);
    let environment = |index: usize| agent().key("environment").index(index);
    let wait = |name: &str, condition: &str| {
        Node::from([("containerName", name.into()), ("condition", condition.into())])
    };
    for (path, value, expected) in [
        (agent().key("user"), None, "without containers[1].user"),
        (agent().key("readonlyRootFilesystem"), Some(true.into()), "containers[1].read_only = true"),
        (environment(0), None, "without containers[1].env[0]"),
        (environment(0).key("name"), Some("X".into()), r#"containers[1].env[0] = "X=1""#),
        (environment(1).key("value"), Some("2".into()), r#"containers[1].env[1] = "B=2""#),
        (environment(3), Some(variable), r#"containers[1].env[3] = "D=4""#),
        (agent().key("secrets").index(1), Some(secret), r#"containers[1].secrets.DD_APP_KEY = "DD_APP_KEY""#),
        (
            agent().key("secrets").index(0).key("name"),
            Some("DD_APP_KEY".into()),
            "containers[1].secrets.DD_API_KEY to containers[1].secrets.DD_APP_KEY",
        ),
        (agent().key("mountPoints").index(1), None, "without containers[1].volumes[1]"),
        (
            agent().key("mountPoints").index(0).key("readOnly"),
            Some(true.into()),
            "containers[1].volumes[0].read_only = true",
        ),
        (
            agent().key("mountPoints").index(2),
            Some(mount),
            r#"containers[1].volumes[2] = {"container_path":"/run","read_only":false,"volume_name":"run"}"#,
        ),
        (
            Path::default().key("volumes").index(2),
            Some(Node::from([("name", "run".into()), ("host", Node::Null)])),
            r#"volumes[1] = {"name":"run"}"#,
        ),
        (agent().key("dependsOn").index(0), None, "no words"),
        (agent().key("dependsOn").index(1), Some(wait("init", "SUCCESS")), "containers[0].attach = true"),
        (agent().key("dependsOn").index(1), Some(wait("init", "HEALTHY")), "no words"),
        (agent().key("dependsOn").index(1), Some(wait("agent", "SUCCESS")), "no words"),
        (agent().key("essential"), Some(false.into()), "[]"),
    ] {
        assert_eq!(said(&path, value), expected, "{path}");
    }
}

#[test]
fn what_is_not_known_stays_so() {
    let document = Node::from([
        (
            "containers",
            vec![
                Node::Unknown,
                Node::from([
                    ("name", "agent".into()),
                    ("env", Node::Unknown),
                    ("volumes", vec![Node::Unknown].into()),
                    ("healthcheck", Node::Unknown),
                    ("tmpfs", Node::from([("/tmp", Node::Unknown)])),
                    ("labels", vec![Node::from([("label", Node::Unknown)])].into()),
                ]),
            ]
            .into(),
        ),
        ("volumes", Node::Unknown),
    ]);
    let (tree, _) = workload(&document);
    let [first, agent] = tree.get("containerDefinitions").items() else { panic!("{tree:?}") };
    assert!(first.is_unknown() && tree.get("volumes").is_unknown());
    for member in ["environment", "healthCheck", "dockerLabels"] {
        assert!(agent.get(member).is_unknown(), "{member}");
    }
    for member in ["mountPoints", "dependsOn"] {
        let [item] = agent.get(member).items() else { panic!("{agent:?}") };
        assert!(!item.is_wholly_known(), "{member}");
    }
    let tmpfs = &agent.get("linuxParameters").get("tmpfs").items()[0];
    assert!(tmpfs.get("mountOptions").is_unknown());
    let open = Node::from([("containers", Node::Unknown)]);
    assert!(workload(&open).0.get("containerDefinitions").is_unknown());
}
