//! What modules write that rely on hashicorp/aws: each input is applied, sends what that provider would send, and leaves
//! nothing to do.
//!
//! The inputs of our own always run. Those collected in `../shared/cases` run where that folder is there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Backend, Workspace};

/// An input: its name, the configuration, and what of the request has to be so, by JSON pointer. Null is absent.
struct Case {
    name: &'static str,
    text: &'static str,
    sent: fn() -> Vec<(&'static str, Value)>,
    /// What the plan says of it; nothing but advice otherwise.
    told: Option<&'static str>,
}

/// Words of a plan that finds something in how a configuration is written.
const WORDS_ABOUT_THE_FORM: [&str; 4] =
    ["were converted", "Rule unknown-key", "Rule required-key-missing", "Rule wrong-type"];

const CASES: &[Case] = &[
    Case {
        name: "tf-cpu-empty.tf",
        text: r#"
          container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256 }])
          cpu                   = ""
          memory                = """#,
        sent: || vec![("/cpu", json!(null)), ("/memory", json!(null))],
        told: None,
    },
    Case {
        name: "tf-roles-empty.tf",
        text: r#"
          container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256 }])
          task_role_arn         = ""
          execution_role_arn    = """#,
        sent: || vec![("/taskRoleArn", json!(null)), ("/executionRoleArn", json!(null))],
        told: None,
    },
    Case {
        name: "modes-empty.tf",
        text: r#"
          container_definitions    = jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256 }])
          ipc_mode                 = ""
          pid_mode                 = ""
          network_mode             = ""
          requires_compatibilities = []
          enable_fault_injection   = false
          runtime_platform {}
          volume {
            name = "v"
            docker_volume_configuration {
              scope         = ""
              driver        = ""
              autoprovision = false
              labels        = {}
              driver_opts   = {}
            }
          }"#,
        sent: || {
            vec![
                ("/ipcMode", json!(null)),
                ("/pidMode", json!(null)),
                ("/networkMode", json!(null)),
                ("/requiresCompatibilities", json!(null)),
                ("/enableFaultInjection", json!(null)),
                ("/runtimePlatform", json!(null)),
                ("/volumes/0", json!({"name": "v", "dockerVolumeConfiguration": {}})),
            ]
        },
        told: None,
    },
    Case {
        name: "tf-empty-environment-element.tf",
        text: r#"
          container_definitions = jsonencode([{
            name        = "app", image = "nginx:1.27.3", memory = 256
            environment = [{}, { name = "A", value = null }, null]
          }])"#,
        sent: || vec![("/containerDefinitions/0/environment", json!([]))],
        told: None,
    },
    Case {
        name: "tf-empty-mount-element.tf",
        text: r#"
          container_definitions = [{ name = "app", image = "nginx:1.27.3", memory = 256, mountPoints = [{}] }]"#,
        sent: || vec![("/containerDefinitions/0/mountPoints", json!([]))],
        told: None,
    },
    Case {
        name: "tf-empty-system-control.tf",
        text: r#"
          container_definitions = jsonencode([{
            name           = "app", image = "nginx:1.27.3", memory = 256
            systemControls = [{}]
          }])"#,
        sent: || vec![("/containerDefinitions/0/systemControls", json!([]))],
        told: None,
    },
    Case {
        name: "empty-elements.tf",
        text: r#"
          container_definitions = jsonencode([{
            name         = "app", image = "nginx:1.27.3", memory = 256
            volumesFrom  = [null]
            portMappings = [{ protocol = "" }, { containerPort = 80, protocol = "" }]
          }])"#,
        sent: || {
            vec![
                ("/containerDefinitions/0/volumesFrom", json!([])),
                ("/containerDefinitions/0/portMappings", json!([{"containerPort": 80}])),
            ]
        },
        told: None,
    },
    Case {
        name: "tf-key-case.tf",
        text: r#"
          container_definitions = jsonencode([{
            name        = "app", image = "nginx:1.27.3", memory = 256
            MountPoints = [], entrypoint = ["/bin/app"], healthcheck = { command = ["CMD", "true"] }
          }])"#,
        sent: || {
            vec![
                ("/containerDefinitions/0/healthCheck/command", json!(["CMD", "true"])),
                ("/containerDefinitions/0/healthcheck", json!(null)),
                ("/containerDefinitions/0/MountPoints", json!(null)),
            ]
        },
        told: None,
    },
    Case {
        name: "tf-duplicate-key-equal.tf",
        text: r#"
          container_definitions = "[{\"name\":\"app\",\"image\":\"nginx:1.27.3\",\"memory\":256,\"memory\":256,\"user\":null,\"user\":null}]""#,
        sent: || {
            vec![
                ("/containerDefinitions/0/memory", json!(256)),
                ("/containerDefinitions/0/user", json!(null)),
            ]
        },
        told: None,
    },
    Case {
        name: "tf-host-path-empty.tf",
        text: r#"
          container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256 }])
          volume {
            name      = "v"
            host_path = ""
          }"#,
        sent: || vec![("/volumes", json!([{"name": "v"}]))],
        told: None,
    },
    Case {
        name: "tf-tag-null.tf",
        text: r#"
          container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256 }])
          tags                  = merge({ a = null, b = "x" }, { c = "" })"#,
        sent: || vec![("/tags", json!([{"key": "b", "value": "x"}, {"key": "c", "value": ""}]))],
        told: None,
    },
    Case {
        name: "tf-efs-access-point-empty.tf",
        text: r#"
          container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256 }])
          volume {
            name = "v"
            efs_volume_configuration {
              file_system_id          = "fs-0123456789abcdef0"
              transit_encryption      = "ENABLED"
              root_directory          = ""
              transit_encryption_port = 0
              authorization_config {
                access_point_id = ""
                iam             = "ENABLED"
              }
            }
          }"#,
        sent: || {
            vec![(
                "/volumes/0/efsVolumeConfiguration",
                json!({
                    "fileSystemId": "fs-0123456789abcdef0",
                    "transitEncryption": "ENABLED",
                    "authorizationConfig": {"iam": "ENABLED"},
                }),
            )]
        },
        told: None,
    },
    Case {
        name: "proxy-property-null.tf",
        text: r#"
          network_mode          = "awsvpc"
          container_definitions = jsonencode([
            { name = "app", image = "nginx:1.27.3", memory = 256 },
            { name = "envoy", image = "envoy:1.31.0", memory = 256, user = "1337" },
          ])
          proxy_configuration {
            container_name = "envoy"
            properties = {
              AppPorts         = "8080"
              EgressIgnoredIPs = "169.254.170.2"
              IgnoredGID       = null
              IgnoredUID       = "1337"
              ProxyEgressPort  = "15001"
              ProxyIngressPort = "15000"
            }
          }"#,
        sent: || {
            vec![("/proxyConfiguration/properties/4", json!({"name": "ProxyIngressPort", "value": "15000"}))]
        },
        told: None,
    },
    Case {
        name: "tf-unknown-key.tf",
        text: r#"
          container_definitions = jsonencode([{
            name        = "app", image = "nginx:1.27.3", memory = 256
            networkMode = "awsvpc"
          }])"#,
        sent: || vec![("/containerDefinitions/0/networkMode", json!(null))],
        told: Some("unknown-key"),
    },
    Case {
        name: "unknown-keys-of-every-severity.tf",
        text: r#"
          container_definitions = jsonencode([{
            name      = "app", image = "nginx:1.27.3", memory = 256
            brandNew  = { of = [1, null] }, annotations = 1
            healthCheck = { command = ["CMD", "true"], cadence = 3 }
          }])
          policy {
            severity   = { unknown-key = "off" }
            allow_keys = ["brandNew"]
          }"#,
        sent: || {
            vec![
                ("/containerDefinitions/0/brandNew/of/0", json!(1)),
                ("/containerDefinitions/0/annotations", json!(null)),
                ("/containerDefinitions/0/healthCheck", json!({"command": ["CMD", "true"]})),
            ]
        },
        told: None,
    },
    Case {
        name: "near-miss-as-warning.tf",
        text: r#"
          container_definitions = jsonencode([{
            name        = "app", image = "nginx:1.27.3", memory = 256
            mount_point = []
          }])
          policy { severity = { unknown-key = "warning" } }"#,
        sent: || vec![("/containerDefinitions/0/mount_point", json!(null))],
        told: Some("Rename \"mount_point\" to \"mountPoints\""),
    },
    Case {
        name: "tf-nulls.tf",
        text: r#"
          container_definitions = jsonencode([{
            name         = "app", image = "nginx:1.27.3", memory = 256
            command      = null
            ulimits      = null
            healthCheck  = null
            portMappings = [{ containerPort = 80, hostPort = null, protocol = null, name = null }]
          }])"#,
        sent: || vec![("/containerDefinitions/0/command", json!(null))],
        told: None,
    },
];

/// Applies a configuration and looks at what was sent, what was said and what the next plan would do.
fn holds(workspace: &str, text: &str, case: &Case) {
    let place = Backend::local();
    let workspace = Workspace::new(workspace);
    workspace.main(&place, text);
    let planned = workspace.plan().changes();
    let planned = match case.told {
        Some(words) => planned.says(words),
        None => WORDS_ABOUT_THE_FORM.iter().fold(planned, |planned, words| planned.does_not_say(words)),
    };
    drop(planned);
    workspace.apply().success();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    let requests = server.requests_of("RegisterTaskDefinition");
    let [request] = requests.as_slice() else { panic!("{}: {} requests", case.name, requests.len()) };
    for (pointer, expected) in (case.sent)() {
        let sent = request.pointer(pointer).unwrap_or(&Value::Null);
        assert_eq!(*sent, expected, "{}: {pointer} in {request:#}", case.name);
    }
    workspace.plan().no_changes();
}

#[test]
fn what_hashicorp_aws_leaves_out_is_not_sent() {
    for case in CASES {
        let text = format!(
            "resource \"ddrofs_ecs_task_definition\" \"t\" {{\n  family = \"case\"{}\n}}\n",
            case.text
        );
        holds(&format!("own-{}", case.name.trim_end_matches(".tf")), &text, case);
    }
}

/// What is not sent was meant: a plan stops for a key that is a near miss, and for one that is written twice.
#[test]
fn what_would_be_lost_is_an_error() {
    let place = Backend::local();
    let workspace = Workspace::new("would-be-lost");
    let stops = |containers: &str, words: &str| {
        let text = format!(
            "resource \"ddrofs_ecs_task_definition\" \"t\" {{\n  family = \"case\"\n  container_definitions = {containers}\n}}\n"
        );
        workspace.main(&place, &text).plan().failure().says(words);
    };
    let near = r#"jsonencode([{ name = "app", image = "nginx:1.27.3", memory = 256, mount_points = [] }])"#;
    stops(near, "Rename \"mount_points\" to \"mountPoints\"");
    let twice = r#"[{ name = "app", image = "nginx:1.27.3", memory = 256, Memory = 512 }]"#;
    stops(twice, "Remove Memory. The key memory is set already.");
    let text = r#""[{\"name\":\"app\",\"image\":\"nginx:1.27.3\",\"memory\":256,\"memory\":512}]""#;
    stops(text, "A key is written twice with different values");
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    assert_eq!(server.requests_of("RegisterTaskDefinition").len(), 0);
}

/// The folder of collected inputs, where it lies beside the repository; `make` says where it does not.
fn collected() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    folder.is_dir().then_some(folder)
}

#[test]
fn collected_configurations_are_applied_as_their_row_says() {
    let Some(folder) = collected() else { return };
    let index = fs::read_to_string(folder.join("index.tsv")).expect("the folder has an index");
    let rows: Vec<&str> = index.lines().filter(|row| row.starts_with("tf-")).collect();
    assert!(!rows.is_empty(), "no row of the index is a configuration");
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let (name, severity) = (columns[0], columns[3]);
        let text = fs::read_to_string(folder.join("inputs").join(name)).expect("the input of a row is there");
        let case = CASES.iter().find(|case| case.name == name);
        let case = case.unwrap_or_else(|| panic!("{name}: what it has to send is not written down here"));
        assert_eq!(severity == "none", case.told.is_none(), "{name}");
        holds(&format!("collected-{}", name.trim_end_matches(".tf")), &text, case);
    }
}

/// A plan stops for what ECS would answer with an error at the apply, and for what no task survives.
#[test]
fn what_ecs_would_refuse_at_the_apply_stops_the_plan() {
    let place = Backend::local();
    let workspace = Workspace::new("refused-at-apply");
    let stops = |more: &str, container: &str, words: &str| {
        let text = format!(
            "resource \"ddrofs_ecs_task_definition\" \"t\" {{\n  family = \"case\"\n  container_definitions = jsonencode([{{
                name = \"app\", image = \"nginx:1.27.3\", memory = 256{container} }}])\n{more}\n}}\n"
        );
        workspace.main(&place, &text).plan().failure().says(words);
    };
    let volume = "  volume { name = \"data\" }";
    let mount = ", mountPoints = [{ sourceVolume = null, containerPath = \"/data\" }]";
    stops(volume, mount, "Rule mount-without-volume");
    let relative = ", mountPoints = [{ sourceVolume = \"data\", containerPath = \"data\" }]";
    stops(volume, relative, "Rule mount-path-invalid");
    let docker = "  volume {\n    name = \"data\"\n    docker_volume_configuration {
      scope         = \"task\"\n      autoprovision = true\n    }\n  }";
    stops(docker, "", "Rule docker-volume-invalid");
    stops("  cpu = \"64\"", "", "Rule task-size-invalid");
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    assert_eq!(server.requests_of("RegisterTaskDefinition").len(), 0);
}
