//! Taken over from `aws_ecs_task_definition`, by import or `moved`: no change, no call that changes anything, no revision,
//! whether a configuration writes its defaults out or not.

use serde_json::{Value, json};

use super::{WEB, arn};
use crate::harness::{Backend, Installation, Tool, Workspace};

/// A task of one shape: what only defaults follow from left out, and written out.
struct Shape {
    family: &'static str,
    left_out: &'static str,
    written_out: &'static str,
    /// The same in the state of hashicorp/aws.
    state: fn() -> Value,
}

const CONTAINER: &str = r#"
  container_definitions = jsonencode([
    { name = "app", image = "nginx:1.27.0", memory = 128, user = "1000" },
    { name = "envoy", image = "envoy:1.31.0", memory = 128, user = "1337" },
  ])"#;

const SHAPES: [Shape; 3] = [
    Shape {
        family: "plain",
        left_out: "",
        written_out: r#"
  cpu                      = ""
  memory                   = ""
  execution_role_arn       = ""
  task_role_arn            = ""
  network_mode             = "bridge"
  enable_fault_injection   = false
  requires_compatibilities = []
  skip_destroy             = false
  track_latest             = false
  tags                     = {}"#,
        state: || json!({"network_mode": "", "enable_fault_injection": false}),
    },
    Shape {
        family: "volumes",
        left_out: r#"
  task_role_arn = "arn:aws:iam::123456789012:role/task"
  volume { name = "empty" }
  volume {
    name = "docker"
    docker_volume_configuration {}
  }
  volume {
    name = "efs"
    efs_volume_configuration {
      file_system_id = "fs-0123456789abcdef0"
      authorization_config {}
    }
  }
  volume {
    name = "s3"
    s3files_volume_configuration {
      file_system_arn = "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1"
    }
  }"#,
        written_out: r#"
  task_role_arn = "arn:aws:iam::123456789012:role/task"
  volume {
    name                = "empty"
    host_path           = ""
    configure_at_launch = false
  }
  volume {
    name = "docker"
    docker_volume_configuration {
      scope         = "task"
      driver        = "local"
      autoprovision = false
      driver_opts   = {}
      labels        = {}
    }
  }
  volume {
    name = "efs"
    efs_volume_configuration {
      file_system_id          = "fs-0123456789abcdef0"
      root_directory          = "/"
      transit_encryption      = "DISABLED"
      transit_encryption_port = 0
      authorization_config {
        access_point_id = ""
        iam             = "DISABLED"
      }
    }
  }
  volume {
    name = "s3"
    s3files_volume_configuration {
      file_system_arn         = "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1"
      root_directory          = "/"
      transit_encryption_port = 0
      access_point_arn        = ""
    }
  }"#,
        state: || {
            let volume = |name: &str| {
                json!({
                    "name": name, "host_path": "", "configure_at_launch": false, "docker_volume_configuration": [],
                    "efs_volume_configuration": [], "fsx_windows_file_server_volume_configuration": [],
                    "s3files_volume_configuration": [],
                })
            };
            let [empty, mut docker, mut efs, mut s3] = ["empty", "docker", "efs", "s3"].map(volume);
            docker["docker_volume_configuration"] = json!([{
                "autoprovision": false, "driver": "local", "driver_opts": null, "labels": null, "scope": "task",
            }]);
            efs["efs_volume_configuration"] = json!([{
                "file_system_id": "fs-0123456789abcdef0", "root_directory": "/", "transit_encryption": "",
                "transit_encryption_port": 0, "authorization_config": [{ "access_point_id": "", "iam": "" }],
            }]);
            s3["s3files_volume_configuration"] = json!([{
                "file_system_arn": "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1",
                "root_directory": "/", "transit_encryption_port": 0, "access_point_arn": "",
            }]);
            json!({
                "task_role_arn": "arn:aws:iam::123456789012:role/task", "network_mode": "bridge",
                "volume": [empty, docker, efs, s3],
            })
        },
    },
    Shape {
        family: "proxied",
        left_out: r#"
  network_mode = "awsvpc"
  proxy_configuration {
    container_name = "envoy"
    properties     = { AppPorts = "8080", EgressIgnoredIPs = "169.254.170.2", IgnoredUID = "1337", ProxyEgressPort = "15001", ProxyIngressPort = "15000" }
  }
  runtime_platform { operating_system_family = "LINUX" }
  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.availability-zone in [ap-northeast-1a]"
  }"#,
        written_out: r#"
  network_mode = "awsvpc"
  proxy_configuration {
    type           = "APPMESH"
    container_name = "envoy"
    properties     = { AppPorts = "8080", EgressIgnoredIPs = "169.254.170.2", IgnoredUID = "1337", ProxyEgressPort = "15001", ProxyIngressPort = "15000" }
  }
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = ""
  }
  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.availability-zone in [ap-northeast-1a]"
  }"#,
        state: || {
            json!({
                "network_mode": "awsvpc",
                "proxy_configuration": [{
                    "type": "APPMESH", "container_name": "envoy",
                    "properties": {"AppPorts": "8080", "EgressIgnoredIPs": "169.254.170.2", "IgnoredUID": "1337", "ProxyEgressPort": "15001", "ProxyIngressPort": "15000"},
                }],
                "runtime_platform": [{"operating_system_family": "LINUX", "cpu_architecture": ""}],
                "placement_constraints": [{"type": "memberOf", "expression": "attribute:ecs.availability-zone in [ap-northeast-1a]"}],
            })
        },
    },
];

fn resource(family: &str, arguments: &str) -> String {
    format!(
        "resource \"ddrofs_ecs_task_definition\" \"web\" {{\n  family = \"{family}\"\n{CONTAINER}{arguments}\n}}\n"
    )
}

/// Nothing but the one registration that made what was taken over.
fn registrations(place: &Backend, family: &str) -> usize {
    match place {
        Backend::Local(server) => server.requests_of("RegisterTaskDefinition").len(),
        Backend::Moto(_) => {
            let (newest, _) = place.definition(family).expect("the family is there");
            usize::try_from(newest.revision()).expect("revisions count from one")
        }
    }
}

fn import_every_shape(name: &str, place: fn() -> Backend) {
    for shape in &SHAPES {
        let place = place();
        let family = format!("{name}-{}", shape.family);
        let first = Workspace::new(&format!("{family}-first"));
        first.main(&place, &resource(&family, shape.left_out)).apply().success();
        first.plan().no_changes();
        for (way, arguments) in [("left-out", shape.left_out), ("written-out", shape.written_out)] {
            let workspace = Workspace::new(&format!("{family}-{way}"));
            let id = format!("{}@ap-northeast-1", arn(&family, 1));
            workspace.main(&place, &resource(&family, arguments)).import(WEB, &id).success();
            workspace.plan().no_changes();
        }
        assert_eq!(registrations(&place, &family), 1, "{family}");
    }
}

#[test]
fn an_import_of_every_shape_changes_nothing() {
    import_every_shape("import-shape", Backend::local);
}

#[test]
fn an_import_of_every_shape_from_moto_changes_nothing() {
    import_every_shape("import-shape-moto", Backend::moto);
}

/// A state file of hashicorp/aws with this resource in it.
fn state_of_aws(attributes: &Value, schema_version: u32) -> String {
    json!({
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "f6f1cf2b-0000-4000-8000-000000000000",
        "outputs": {},
        "resources": [{
            "mode": "managed",
            "type": "aws_ecs_task_definition",
            "name": "web",
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "schema_version": schema_version, "attributes": attributes }],
        }],
    })
    .to_string()
}

/// What that provider keeps of a revision: texts empty that were not set, blocks as empty lists.
fn attributes(family: &str, capitals: bool, shape: &Shape, is_old: bool) -> Value {
    let container = |name: &str, image: &str, user: &str| match capitals {
        true => json!({
            "Name": name, "Image": image, "Memory": 128, "User": user, "Cpu": 0, "Essential": true,
            "Environment": [], "MountPoints": [], "PortMappings": null, "HealthCheck": null,
        }),
        false => json!({
            "name": name, "image": image, "memory": 128, "user": user, "cpu": 0, "essential": true,
            "environment": [], "mountPoints": [], "portMappings": [], "systemControls": [], "volumesFrom": [],
        }),
    };
    let containers =
        json!([container("app", "nginx:1.27.0", "1000"), container("envoy", "envoy:1.31.0", "1337")]);
    let mut all = json!({
        "arn": arn(family, 1), "container_definitions": containers.to_string(), "cpu": null, "memory": null,
        "ephemeral_storage": [], "execution_role_arn": "", "family": family, "id": family, "ipc_mode": "",
        "network_mode": "", "pid_mode": "", "placement_constraints": [], "proxy_configuration": [],
        "requires_compatibilities": null, "revision": 1, "runtime_platform": [], "skip_destroy": false,
        "tags": null, "tags_all": {}, "task_role_arn": "", "volume": [],
    });
    if !is_old {
        all["arn_without_revision"] = json!(arn(family, 1).trim_end_matches(":1"));
        all["region"] = json!("ap-northeast-1");
        all["track_latest"] = json!(false);
        all["enable_fault_injection"] = json!(false);
    }
    let shape = (shape.state)();
    for (name, value) in shape.as_object().expect("attributes") {
        all[name] = value.clone();
    }
    all
}

#[test]
fn a_move_of_every_shape_from_every_version_changes_nothing() {
    for (version, capitals, is_old) in [("v6", false, false), ("v5-59", true, false), ("v4", false, true)] {
        for shape in &SHAPES {
            let place = Backend::local();
            let family = format!("moved-{version}-{}", shape.family);
            let first = Workspace::new(&format!("{family}-first"));
            first.main(&place, &resource(&family, shape.left_out)).apply().success();
            for (way, arguments) in [("left-out", shape.left_out), ("written-out", shape.written_out)] {
                let name = format!("{family}-{way}");
                let workspace = Workspace::with(&name, Tool::terraform(), Installation::OverrideBesideAws);
                workspace.write(
                    "terraform.tfstate",
                    &state_of_aws(&attributes(&family, capitals, shape, is_old), 1),
                );
                let moved = "moved {\n  from = aws_ecs_task_definition.web\n  to   = ddrofs_ecs_task_definition.web\n}\n";
                workspace.main(&place, &format!("{moved}{}", resource(&family, arguments)));
                let change = workspace.planned().remove(WEB).expect("it is in the plan");
                assert_eq!(change["actions"], json!(["no-op"]), "{name}: {change:#}");
                workspace.apply().success().says("0 added, 0 changed, 0 destroyed");
                workspace.plan().no_changes();
            }
            assert_eq!(registrations(&place, &family), 1, "{family}");
        }
    }
}

/// What hashicorp/aws has a value for is never null.
#[test]
fn no_default_is_null_and_a_removed_argument_goes_back_to_its_default() {
    let place = Backend::local();
    let workspace = Workspace::new("defaults");
    let outputs = r#"
output "seen" {
  value = {
    network_mode = "mode ${ddrofs_ecs_task_definition.web.network_mode}"
    destroyed    = ddrofs_ecs_task_definition.web.skip_destroy ? "no" : "yes"
    newest       = ddrofs_ecs_task_definition.web.track_latest ? "yes" : "no"
    faults       = ddrofs_ecs_task_definition.web.enable_fault_injection ? "yes" : "no"
    volumes      = { for volume in ddrofs_ecs_task_definition.web.volume : volume.name => [
      volume.configure_at_launch ? "late" : "early",
      "${one(volume.efs_volume_configuration[*].root_directory) != null ? one(volume.efs_volume_configuration[*].root_directory) : "none"}",
      "${one(volume.docker_volume_configuration[*].scope) != null ? one(volume.docker_volume_configuration[*].scope) : "none"}",
    ] }
  }
}
"#;
    let text = |arguments: &str| format!("{}{outputs}", resource("defaults", arguments));
    workspace.main(&place, &text(SHAPES[1].left_out)).apply().success();
    let seen = workspace.output_value("seen");
    assert_eq!(
        seen,
        json!({
            "network_mode": "mode bridge", "destroyed": "yes", "newest": "no", "faults": "no",
            "volumes": {
                "empty": ["early", "none", "none"], "docker": ["early", "none", "task"],
                "efs": ["early", "/", "none"], "s3": ["early", "none", "none"],
            },
        })
    );
    let set = SHAPES[1].left_out.replace("authorization_config {}", "root_directory = \"/data\"");
    let set = format!("{set}\n  cpu = \"256\"\n  skip_destroy = true\n  network_mode = \"host\"");
    workspace.main(&place, &text(&set)).apply().success().says("1 changed");
    let state = workspace.attributes(WEB).unwrap();
    assert_eq!((&state["cpu"], &state["deregister_on_destroy"]), (&json!("256"), &json!(false)));
    workspace.main(&place, &text(SHAPES[1].left_out)).apply().success().says("1 changed");
    assert_eq!(workspace.output_value("seen"), seen);
    let state = workspace.attributes(WEB).unwrap();
    assert_eq!((&state["cpu"], &state["deregister_on_destroy"]), (&json!(null), &json!(true)));
    workspace.plan().no_changes();
}

/// ECS answers so where somebody is deleting the revision; it is out of use already.
#[test]
fn deregistering_what_is_being_deleted_is_done() {
    let place = Backend::local();
    let workspace = Workspace::new("being-deleted");
    workspace.main(&place, &resource("deleted", "")).apply().success();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    server.fail("DeregisterTaskDefinition", crate::harness::local_ecs::Fault::BeingDeleted, 1);
    workspace.destroy().success();
    assert_eq!(server.faults_waiting(), 0);
    assert_eq!(workspace.attributes(WEB), None);
}
