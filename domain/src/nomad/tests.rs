//! What is read of a job, in both of its forms, and how a change of it is written.

use super::*;
use crate::document::hcl::{self, Hcl};
use crate::document::{Change, Node, Origins, Path, Step, parse, to_json};

fn hcl(text: &str) -> Hcl {
    hcl::read(text, is_left_for_the_client).unwrap_or_else(|problem| panic!("{problem:?}: {text}"))
}

/// A job of one task with these lines in it.
fn job_of(task: &str) -> String {
    format!(
        "job \"shop\" {{\n  group \"web\" {{\n    task \"app\" {{\n      driver = \"docker\"\n{task}\n    }}\n  }}\n}}\n"
    )
}

fn one(document: &Node) -> (Node, Origins) {
    let mut workloads = workloads(document);
    assert_eq!(workloads.len(), 1, "{document:?}");
    workloads.remove(0)
}

/// JSON in which a value that is not known yet is a question mark.
fn shown(node: &Node) -> String {
    fn filled(node: &Node) -> Node {
        match node {
            Node::Unknown => "?".into(),
            Node::Array(items) => items.iter().map(filled).collect::<Vec<_>>().into(),
            Node::Object(members) => {
                members.iter().map(|(key, value)| (key.clone(), filled(value))).collect()
            }
            other => other.clone(),
        }
    }
    to_json(&filled(node)).unwrap()
}

/// A member of the container that a task with these lines is read as.
fn member(task: &str, member: &str) -> String {
    let (tree, _) = one(&hcl(&job_of(task)).node);
    shown(tree.get("containerDefinitions").items()[0].get(member))
}

#[test]
fn a_task_is_read_as_the_container_that_the_driver_makes_of_it() {
    let config = |line: &str| format!("      config {{\n        {line}\n      }}");
    for (task, key, read) in [
        (config("image = \"shop:1\""), "image", "\"shop:1\""),
        (config("image = \"shop:${var.tag}\""), "image", "\"?\""),
        (config("image = \"shop:${node.class}\""), "image", "\"?\""),
        (config("command = \"sh\"\n        args = [\"-c\", \"x ${NOMAD_TASK_DIR}\"]"), "command", r#"["sh","-c","x /local"]"#),
        (config("args = [\"x\", upper(\"y\")]"), "command", r#"["x","?"]"#),
        (config("args = local.args"), "command", "\"?\""),
        (config("entrypoint = [\"/init\"]"), "entryPoint", r#"["/init"]"#),
        (config("readonly_rootfs = true"), "readonlyRootFilesystem", "true"),
        (config("readonly_rootfs = \"true\""), "readonlyRootFilesystem", "true"),
        (config("readonly_rootfs = var.it"), "readonlyRootFilesystem", "\"?\""),
        (config("privileged = true"), "privileged", "true"),
        (config("work_dir = \"/srv\""), "workingDirectory", "\"/srv\""),
        (config("labels { a = \"b\" }"), "dockerLabels", r#"{"a":"b"}"#),
        (config("labels = [{ a = \"b\" }, { a = \"c\" }]"), "dockerLabels", r#"{"a":"c"}"#),
        ("      user = \"100:0\"".to_owned(), "user", "\"100:0\""),
        ("      env {\n        A = 1\n        B = \"${NOMAD_ALLOC_DIR}/x\"\n      }".to_owned(), "environment",
            r#"[{"name":"A","value":"1"},{"name":"B","value":"/alloc/x"}]"#),
        ("      env = { A = upper(\"x\") }".to_owned(), "environment", r#"[{"name":"A","value":"?"}]"#),
        ("      env = merge({}, {})".to_owned(), "environment", "\"?\""),
        ("      lifecycle { hook = \"prestart\" }".to_owned(), "essential", "false"),
        ("      lifecycle {\n        hook = \"prestart\"\n        sidecar = true\n      }".to_owned(), "essential", "null"),
        ("      lifecycle { hook = var.hook }".to_owned(), "essential", "\"?\""),
        (
            "      service {\n        check {\n          type = \"script\"\n          command = \"agent\"\n          args = [\"health\"]\n        }\n      }".to_owned(),
            "healthCheck",
            r#"{"command":["CMD","agent","health"]}"#,
        ),
        (
            "      template {\n        env = true\n        data = \"A={{ with secret \\\"kv/x\\\" }}{{ .Data.a }}{{ end }}\\nB=1\"\n      }".to_owned(),
            "secrets",
            r#"[{"name":"A","valueFrom":"kv/x"}]"#,
        ),
        (
            "      env {\n        A = \"0\"\n        B = \"0\"\n        C = \"0\"\n      }\n      template {\n        env = true\n        data = \"A=1\\n{{ if true }}\\nB=1\\n{{ else }}\\nB=2\\n{{ end }}\"\n      }".to_owned(),
            "environment",
            r#"[{"name":"A","value":"1"},{"name":"B","value":"?"},{"name":"C","value":"0"}]"#,
        ),
        ("      template {\n        env = true\n        source = \"local/x.tpl\"\n      }".to_owned(), "environmentFiles", r#"[{"type":"file"}]"#),
        (
            "      template {\n        data = \"{{ with nomadVar \\\"nomad/jobs/shop\\\" }}{{ end }}\"\n      }".to_owned(),
            "nomadVariables",
            r#"[{"path":"nomad/jobs/shop"}]"#,
        ),
    ] {
        assert_eq!(member(&task, key), read, "{task}");
    }
}

/// The mount points that are written, without what every task has.
fn mounts(tree: &Node, at: usize) -> Vec<String> {
    let points = tree.get("containerDefinitions").items()[at].get("mountPoints").items().iter();
    let written = points.filter(|point| point.get("implied").as_bool() != Some(true));
    written
        .map(|point| match point {
            Node::Unknown => "?".to_owned(),
            point => {
                let text = |key: &str| point.get(key).as_str().unwrap_or("?").to_owned();
                let mode = match point.get("readOnly").as_bool() {
                    Some(true) => ":ro",
                    Some(false) => "",
                    None => ":?",
                };
                format!("{}:{}{mode}", text("sourceVolume"), text("containerPath"))
            }
        })
        .collect()
}

#[test]
fn every_form_of_a_mount_is_read() {
    let job = |volumes: &str, task: &str| {
        format!(
            "job \"shop\" {{\n  group \"web\" {{\n{volumes}\n    task \"app\" {{\n      driver = \"docker\"\n{task}\n    }}\n  }}\n}}\n"
        )
    };
    let config = |line: &str| job("", &format!("      config {{\n{line}\n      }}"));
    let declared = |flag: &str| {
        format!("    volume \"data\" {{\n      type = \"host\"\n      source = \"x\"\n{flag}\n    }}")
    };
    let mount = |flag: &str| {
        format!(
            "      volume_mount {{\n        volume = \"data\"\n        destination = \"/d\"\n{flag}\n      }}"
        )
    };
    for (text, read) in [
        (
            config("volumes = [\"../alloc/x:/x\", \"local/y:/y:ro\", \"/srv:/srv:rw\"]"),
            &["../alloc/x:/x", "../app/local/y:/y:ro", "/srv:/srv"][..],
        ),
        (config("volumes = [\"${NOMAD_ALLOC_DIR}/x:/x\", var.more]"), &["?:/x", "?"]),
        (config("volumes = var.all"), &["?"]),
        (config("volume_driver = \"rexray\"\nvolumes = [\"name:/x\"]"), &["name:/x"]),
        (
            config(
                "mount {\n  type = \"bind\"\n  source = \"../alloc/x\"\n  target = \"/x\"\n  readonly = true\n}",
            ),
            &["../alloc/x:/x:ro"],
        ),
        (config("mount {\n  source = \"named\"\n  target = \"/x\"\n}"), &["named:/x"]),
        (config("mounts = [{ type = \"volume\", source = \"named\", target = \"/x\" }]"), &["named:/x"]),
        (config("mount {\n  type = var.type\n  target = \"/x\"\n}"), &["?"]),
        (config("mount {\n  type = \"tmpfs\"\n  target = \"/x\"\n}"), &[]),
        (config("dynamic \"mount\" {\n  for_each = []\n}"), &["?"]),
        (job("", "      config = local.config"), &["?"]),
        (job(&declared(""), &mount("")), &["data:/d"]),
        (job(&declared(""), &mount("read_only = true")), &["data:/d:ro"]),
        (job(&declared("read_only = true"), &mount("")), &["data:/d:ro"]),
        (job(&declared("read_only = var.it"), &mount("")), &["data:/d:?"]),
        (job("", &mount("")), &["data:/d"]),
    ] {
        let (tree, _) = one(&hcl(&text).node);
        assert_eq!(mounts(&tree, 0), read, "{text}");
    }
    let (tree, _) =
        one(&hcl(&config("mount {\n  type = \"tmpfs\"\n  target = \"/x\"\n  readonly = true\n}")).node);
    let memory = tree.get("containerDefinitions").items()[0].get("linuxParameters");
    assert_eq!(shown(memory), r#"{"tmpfs":[{"containerPath":"/x","mountOptions":["ro"]}]}"#);
}

#[test]
fn a_directory_of_the_allocation_is_empty_unless_something_puts_a_file_there() {
    let of = |lines: &str, group: &str| {
        let text = job_of(&format!(
            "      config {{\n        volumes = [\"../alloc/data/x:/x\"]\n      }}\n{lines}"
        ));
        let text = text.replace("    task", &format!("{group}\n    task"));
        let (tree, _) = one(&hcl(&text).node);
        let volumes = tree.get("volumes").items().iter();
        let named = volumes.filter(|volume| volume.get("name").as_str() == Some("../alloc/data/x"));
        named.map(|volume| volume.get("dockerVolumeConfiguration").is_null()).collect::<Vec<_>>()
    };
    let template = |path: &str| {
        format!("      template {{\n        data = \"x\"\n        destination = \"{path}\"\n      }}")
    };
    assert_eq!(of("", ""), [true]);
    assert_eq!(of(&template("../alloc/data/x/file"), ""), [false]);
    assert_eq!(of(&template("${NOMAD_ALLOC_DIR}/data/x/file"), ""), [false]);
    assert_eq!(of(&template("local/file"), ""), [true]);
    assert_eq!(of("      artifact {\n        destination = \"../alloc/data\"\n      }", ""), [false]);
    assert_eq!(of("", "    ephemeral_disk {\n      sticky = true\n    }"), [false]);
}

#[test]
fn tasks_wait_for_those_of_the_stages_before_theirs() {
    let task = |name: &str, hook: &str| {
        let hook = if hook.is_empty() { String::new() } else { format!("lifecycle {{\n{hook}\n}}\n") };
        format!(
            "task \"{name}\" {{\n  driver = \"docker\"\n  {hook}config {{\n    image = \"x:1\"\n  }}\n}}\n"
        )
    };
    let text = format!(
        "job \"shop\" {{\n  group \"web\" {{\n{}{}{}{}{}  }}\n}}\n",
        task("init", "hook = \"prestart\""),
        task("proxy", "hook = \"prestart\"\nsidecar = true"),
        task("app", ""),
        task("after", "hook = \"poststart\""),
        task("last", "hook = \"poststop\""),
    );
    let workloads = workloads(&hcl(&text).node);
    let waits: Vec<Vec<String>> = workloads
        .iter()
        .map(|(tree, _)| {
            let containers = tree.get("containerDefinitions").items().iter();
            let told = containers.map(|container| {
                let waits = container.get("dependsOn").items().iter().map(|wait| {
                    format!(
                        "{} {}",
                        wait.get("containerName").as_str().unwrap(),
                        wait.get("condition").as_str().unwrap()
                    )
                });
                format!(
                    "{}: {}",
                    container.get("name").as_str().unwrap(),
                    waits.collect::<Vec<_>>().join(", ")
                )
            });
            told.collect()
        })
        .collect();
    assert_eq!(
        waits,
        [
            vec![
                "init: ".to_owned(),
                "proxy: ".to_owned(),
                "app: init SUCCESS, proxy START".to_owned(),
                "after: init SUCCESS, proxy START, app START".to_owned(),
            ],
            vec!["last: ".to_owned()],
        ]
    );
}

#[test]
fn what_is_no_job_or_is_not_known_is_told_apart() {
    for (text, count) in [
        ("a = 1\n", 0),
        ("job \"a\" {}\n", 0),
        ("job \"a\" {\n  group \"x\" {}\n  group \"y\" {}\n}\n", 2),
        ("job \"a\" {\n  dynamic \"group\" {\n    for_each = []\n  }\n}\n", 1),
        ("job \"a\" {\n  task \"x\" {}\n}\n", 1),
        (
            "job \"a\" {\n  constraint {\n    attribute = \"${attr.kernel.name}\"\n    value = \"windows\"\n  }\n  group \"x\" {}\n}\n",
            0,
        ),
        (
            "job \"a\" {\n  constraint {\n    attribute = \"${attr.kernel.name}\"\n    operator = \"!=\"\n    value = \"windows\"\n  }\n  group \"x\" {}\n}\n",
            1,
        ),
        ("job \"a\" {}\njob \"b\" {}\n", 0),
    ] {
        assert_eq!(workloads(&hcl(text).node).len(), count, "{text}");
    }
    assert!(matches!(workloads(&Node::Unknown).as_slice(), [(Node::Unknown, _)]));
}

#[test]
fn tasks_of_other_drivers_are_not_known() {
    for driver in ["exec", "podman", "raw_exec"] {
        let text = job_of("").replace("\"docker\"", &format!("\"{driver}\""));
        let (tree, _) = one(&hcl(&text).node);
        assert_eq!(tree.get("containerDefinitions").items(), [Node::Unknown], "{driver}");
    }
}

#[test]
fn tasks_share_a_loopback_where_their_group_has_a_network() {
    for (group, network) in [
        ("", "\"bridge\""),
        ("network {}", "\"bridge\""),
        ("network { mode = \"bridge\" }", "\"awsvpc\""),
        ("network { mode = \"cni/x\" }", "\"awsvpc\""),
        ("network { mode = \"host\" }", "\"bridge\""),
        ("network { mode = var.mode }", "\"?\""),
        ("dynamic \"network\" {\n  for_each = []\n}", "\"?\""),
    ] {
        let text = job_of("").replace("    task", &format!("    {group}\n    task"));
        assert_eq!(shown(one(&hcl(&text).node).0.get("networkMode")), network, "{group}");
    }
    let own = job_of("      config {\n        network_mode = \"host\"\n      }");
    assert_eq!(shown(one(&hcl(&own).node).0.get("networkMode")), "\"?\"");
}

#[test]
fn both_forms_are_read_as_the_same() {
    let text = "job \"shop\" {\n  group \"web\" {\n    network {\n      mode = \"bridge\"\n      port \"http\" {\n        to = 8080\n      }\n    }\n    volume \"data\" {\n      type = \"host\"\n      read_only = true\n    }\n    task \"app\" {\n      driver = \"docker\"\n      user = \"1000\"\n      lifecycle {\n        hook = \"poststart\"\n        sidecar = true\n      }\n      config {\n        image = \"shop:1\"\n        ports = [\"http\"]\n        volumes = [\"local/x:/x\"]\n      }\n      env {\n        A = \"1\"\n      }\n      volume_mount {\n        volume = \"data\"\n        destination = \"/data\"\n      }\n      template {\n        data = \"K={{ with nomadVar \\\"nomad/jobs/shop\\\" }}{{ .k }}{{ end }}\"\n        destination = \"secrets/x.env\"\n        env = true\n      }\n    }\n  }\n}\n";
    let api = r#"{"Job": {"ID": "shop", "TaskGroups": [{"Name": "web",
        "Networks": [{"Mode": "bridge", "DynamicPorts": [{"Label": "http", "To": 8080}]}],
        "Volumes": {"data": {"Type": "host", "ReadOnly": true}},
        "Tasks": [{"Name": "app", "Driver": "docker", "User": "1000", "Lifecycle": {"Hook": "poststart", "Sidecar": true},
            "Config": {"image": "shop:1", "ports": ["http"], "volumes": ["local/x:/x"]}, "Env": {"A": "1"},
            "VolumeMounts": [{"Volume": "data", "Destination": "/data"}],
            "Templates": [{"EmbeddedTmpl": "K={{ with nomadVar \"nomad/jobs/shop\" }}{{ .k }}{{ end }}", "DestPath": "secrets/x.env", "Envvars": true}]}]}]}}"#;
    let (of_hcl, _) = one(&hcl(text).node);
    let (of_api, origins) = one(&parse(api).unwrap());
    assert_eq!(shown(&of_hcl), shown(&of_api));
    let app = Path::default().key("containerDefinitions").index(0);
    for (read, written) in [
        (app.clone(), "Job.TaskGroups[0].Tasks[0]"),
        (app.clone().key("image"), "Job.TaskGroups[0].Tasks[0].Config.image"),
        (app.clone().key("user"), "Job.TaskGroups[0].Tasks[0].User"),
        (app.clone().key("environment").index(0).key("value"), "Job.TaskGroups[0].Tasks[0].Env.A"),
        (app.clone().key("secrets").index(0), "Job.TaskGroups[0].Tasks[0].Templates[0].EmbeddedTmpl"),
        (app.clone().key("mountPoints").index(3), "Job.TaskGroups[0].Tasks[0].Config.volumes[0]"),
        (app.clone().key("mountPoints").index(4), "Job.TaskGroups[0].Tasks[0].VolumeMounts[0]"),
        (app.key("mountPoints").index(0), "Job.TaskGroups[0].Tasks[0].Config.volumes"),
    ] {
        assert_eq!(origins.of(&read).to_string(), written, "{read}");
    }
}

/// The text after what has to be changed so that the tree has this value at that place of the first container.
fn changed(text: &str, place: &[&str], value: Option<Node>) -> Option<String> {
    let given = hcl(text);
    let (tree, origins) = one(&given.node);
    let start = Path::default().key("containerDefinitions").index(0);
    let path = place.iter().fold(start, |path, step| match step.parse() {
        Ok(index) => path.index(index),
        Err(_) => path.key(step),
    });
    let changes: Vec<Change> = rewritten(&given.node, &tree, &origins, &path, value.as_ref())?;
    given.changed(&changes, &LAYOUT)
}

#[test]
fn a_change_is_written_in_the_form_that_is_there() {
    let text = "job \"shop\" {\n  group \"web\" {\n    volume \"data\" {\n      read_only = true\n    }\n    task \"app\" {\n      driver = \"docker\"\n      config {\n        image = \"shop:1\" # own\n        command = \"sh\"\n        volumes = [\"local/x:/x:ro,z\"]\n        mount {\n          type = \"bind\"\n          source = \"../alloc/y\"\n          target = \"/y\"\n          readonly = true\n        }\n      }\n      volume_mount {\n        volume = \"data\"\n        destination = \"/data\"\n      }\n      env {\n        A = \"1\"\n      }\n    }\n  }\n}\n";
    let mount = |path: &str, volume: &str| {
        Node::from([("containerPath", path.into()), ("sourceVolume", volume.into())])
    };
    for (place, value, written) in [
        (&["image"][..], Some("shop:2".into()), "image = \"shop:2\" # own"),
        (&["readonlyRootFilesystem"], Some(true.into()), "readonly_rootfs = true"),
        (&["user"], Some("100".into()), "user = \"100\""),
        (&["command"], Some(vec!["a", "b"].into()), "args = [\"b\"]"),
        (&["environment", "0", "value"], Some("2".into()), "A = \"2\""),
        (&["environment", "0", "name"], Some("B".into()), "B = \"1\""),
        (&["environment", "1"], Some(Node::from([("name", "C".into()), ("value", "3".into())])), "C = \"3\""),
        (&["mountPoints", "3", "readOnly"], Some(false.into()), "\"local/x:/x:z\""),
        (&["mountPoints", "3", "sourceVolume"], Some("dd".into()), "\"../alloc/dd:/x:ro,z\""),
        (&["mountPoints", "3", "containerPath"], Some("/z".into()), "\"local/x:/z:ro,z\""),
        (&["mountPoints", "4", "readOnly"], Some(false.into()), "readonly = false"),
        (&["mountPoints", "4", "sourceVolume"], Some("../alloc/z".into()), "source = \"../alloc/z\""),
        (&["mountPoints", "5", "readOnly"], Some(false.into()), "read_only = false"),
        (&["mountPoints", "6"], Some(mount("/w", "dd-run")), "\"../alloc/dd-run:/w\""),
        (&["mountPoints", "6"], Some(mount("/w", "data")), "destination = \"/w\""),
        (
            &["secrets", "0"],
            Some(Node::from([("name", "DD_API_KEY".into())])),
            "nomadVar \\\"nomad/jobs/shop\\\"",
        ),
    ] {
        let text = changed(text, place, value).unwrap_or_else(|| panic!("{place:?} has no words"));
        assert!(text.contains(written), "{written} is not in {text}");
    }
    // The volume of the group lets nobody write, whatever the mount says.
    let text_after = changed(text, &["mountPoints", "5", "readOnly"], Some(false.into())).unwrap();
    assert_eq!(text_after.matches("read_only = false").count(), 2, "{text_after}");
    assert!(!changed(text, &["mountPoints", "3"], None).unwrap().contains("local/x"));
    assert!(!changed(text, &["environment", "0"], None).unwrap().contains("A = "));
    assert!(!changed(text, &[], None).unwrap().contains("task"));
    // What every task has is nobody's to change.
    assert_eq!(changed(text, &["mountPoints", "0", "readOnly"], Some(true.into())), None);
    assert_eq!(changed(text, &["healthCheck"], None), None);
}

#[test]
fn a_task_that_stands_in_the_job_itself_is_changed_and_gets_no_neighbours() {
    let text = "job \"shop\" {\n  task \"app\" {\n    driver = \"docker\"\n    config {\n      image = \"shop:1\"\n    }\n  }\n}\n";
    let changed = |place: &[&str], value: Node| changed(text, place, Some(value));
    let text_after = changed(&["readonlyRootFilesystem"], true.into()).unwrap();
    assert!(text_after.contains("      image = \"shop:1\"\n      readonly_rootfs = true\n"), "{text_after}");
    let variable = Node::from([("name", "A".into()), ("value", "1".into())]);
    assert!(changed(&["environment", "0"], variable).unwrap().contains("A = \"1\""));

    let given = hcl(text);
    let (tree, origins) = one(&given.node);
    let next = Path::default().key("containerDefinitions").index(1);
    let agent = Node::from([("name", "agent".into()), ("image", "agent:7".into())]);
    assert!(rewritten(&given.node, &tree, &origins, &next, Some(&agent)).is_none());
}

#[test]
fn a_place_is_in_the_task_around_it() {
    use crate::nomad::task_around;
    let api = parse(
        r#"{"Job": {"TaskGroups": [{"Tasks": [{"Name": "a"}, {"Name": "b", "Env": {"task": "x"}}]}]}}"#,
    )
    .unwrap();
    let steps = |keys: &[&str]| {
        let step = |key: &&str| key.parse().map_or_else(|_| Step::Key((*key).to_owned()), Step::Index);
        Path(keys.iter().map(step).collect())
    };
    for (path, task) in [
        (&["Job", "TaskGroups", "0", "Tasks", "1", "Env", "task"][..], Some("b")),
        (&["Job", "TaskGroups", "0", "Tasks", "0"], Some("a")),
        (&["Job", "TaskGroups", "0", "Tasks"], None),
        (&["Job", "TaskGroups", "0"], None),
        (&["job", "0", "shop", "group", "0", "web", "task", "2", "db", "env"], Some("db")),
        (&["job", "0", "shop", "group", "0", "web", "task", "2"], None),
    ] {
        assert_eq!(task_around(&api, &steps(path)), task, "{path:?}");
    }
}

/// What every task asks of every other one would be nine million questions.
#[test]
fn a_group_of_thousands_of_tasks_is_read_soon() {
    let task =
        |at: usize| format!(r#"{{"Name": "t{at}", "Driver": "docker", "Config": {{"image": "a:1"}}}}"#);
    let tasks: Vec<String> = (0..3_000).map(task).collect();
    let job = parse(&format!(
        r#"{{"Job": {{"ID": "a", "TaskGroups": [{{"Name": "g", "Tasks": [{}]}}]}}}}"#,
        tasks.join(",")
    ));
    let started = std::time::Instant::now();
    let read = workloads(&job.unwrap());
    assert_eq!(read[0].0.get("containerDefinitions").items().len(), 3_000);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
