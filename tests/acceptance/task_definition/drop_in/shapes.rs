//! Tasks of every shape that `aws_ecs_task_definition` can have, as a configuration and as the state of hashicorp/aws.

use serde_json::{Value, json};

/// A task of one shape: what only defaults follow from left out, and written out where there is such a thing.
pub(in crate::task_definition) struct Shape {
    pub(in crate::task_definition) family: &'static str,
    /// The volume that a container mounts.
    pub(super) mounted: Option<&'static str>,
    pub(in crate::task_definition) left_out: &'static str,
    pub(super) written_out: Option<&'static str>,
    /// The same in the state of hashicorp/aws.
    pub(super) state: fn() -> Value,
    /// Whether no version of hashicorp/aws before 6 had all of its arguments.
    pub(in crate::task_definition) is_new: bool,
    /// Whether moto answers with what was sent. It drops the newest arguments, and gives Windows the network mode of Linux.
    pub(super) is_known_to_moto: bool,
}

pub(in crate::task_definition) const SHAPES: [Shape; 8] = [
    Shape {
        family: "plain",
        mounted: None,
        left_out: "",
        written_out: Some(
            r#"
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
        ),
        state: || json!({"network_mode": "", "enable_fault_injection": false}),
        is_new: false,
        is_known_to_moto: true,
    },
    Shape {
        family: "volumes",
        mounted: None,
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
        written_out: Some(
            r#"
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
        ),
        state: || {
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
        is_new: false,
        is_known_to_moto: true,
    },
    Shape {
        family: "proxied",
        mounted: None,
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
        written_out: Some(
            r#"
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
        ),
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
        is_new: false,
        is_known_to_moto: true,
    },
    Shape {
        family: "fargate",
        mounted: None,
        left_out: r#"
  region                   = "ap-northeast-1"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  pid_mode                 = "task"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  task_role_arn            = "arn:aws:iam::123456789012:role/task"
  tags                     = { team = "web" }
  ephemeral_storage {
    size_in_gib = 40
  }
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }"#,
        written_out: None,
        state: || {
            json!({
                "cpu": "512", "memory": "1024", "network_mode": "awsvpc", "pid_mode": "task",
                "requires_compatibilities": ["FARGATE"],
                "execution_role_arn": "arn:aws:iam::123456789012:role/execution",
                "task_role_arn": "arn:aws:iam::123456789012:role/task",
                "tags": {"team": "web"}, "tags_all": {"team": "web"},
                "ephemeral_storage": [{"size_in_gib": 40}],
                "runtime_platform": [{"operating_system_family": "LINUX", "cpu_architecture": "ARM64"}],
            })
        },
        is_new: false,
        is_known_to_moto: true,
    },
    Shape {
        family: "instances",
        mounted: Some("late"),
        left_out: r#"
  network_mode             = "host"
  ipc_mode                 = "host"
  pid_mode                 = "host"
  requires_compatibilities = ["EC2"]
  task_role_arn            = "arn:aws:iam::123456789012:role/task"
  volume {
    name                = "late"
    configure_at_launch = true
  }
  volume {
    name      = "host"
    host_path = "/var/lib/data"
  }
  volume {
    name = "docker"
    docker_volume_configuration {
      scope         = "shared"
      driver        = "rexray/ebs"
      autoprovision = true
      driver_opts   = { volumetype = "gp2", size = "5" }
      labels        = { owner = "web" }
    }
  }
  volume {
    name = "efs-directory"
    efs_volume_configuration {
      file_system_id          = "fs-0123456789abcdef0"
      root_directory          = "/data"
      transit_encryption      = "ENABLED"
      transit_encryption_port = 2999
    }
  }
  volume {
    name = "efs-access-point"
    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = "fsap-0123456789abcdef0"
        iam             = "ENABLED"
      }
    }
  }
  volume {
    name = "s3"
    s3files_volume_configuration {
      file_system_arn         = "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1"
      root_directory          = "/data"
      transit_encryption_port = 2999
      access_point_arn        = "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1/access-point/fsap-1"
    }
  }"#,
        written_out: None,
        state: || {
            let [mut late, mut host, mut docker, mut directory, mut point, mut s3] =
                ["late", "host", "docker", "efs-directory", "efs-access-point", "s3"].map(volume);
            late["configure_at_launch"] = json!(true);
            host["host_path"] = json!("/var/lib/data");
            docker["docker_volume_configuration"] = json!([{
                "autoprovision": true, "driver": "rexray/ebs", "driver_opts": {"volumetype": "gp2", "size": "5"},
                "labels": {"owner": "web"}, "scope": "shared",
            }]);
            directory["efs_volume_configuration"] = json!([{
                "file_system_id": "fs-0123456789abcdef0", "root_directory": "/data", "transit_encryption": "ENABLED",
                "transit_encryption_port": 2999, "authorization_config": [],
            }]);
            point["efs_volume_configuration"] = json!([{
                "file_system_id": "fs-0123456789abcdef0", "root_directory": "/", "transit_encryption": "ENABLED",
                "transit_encryption_port": 0,
                "authorization_config": [{"access_point_id": "fsap-0123456789abcdef0", "iam": "ENABLED"}],
            }]);
            s3["s3files_volume_configuration"] = json!([{
                "file_system_arn": "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1",
                "root_directory": "/data", "transit_encryption_port": 2999,
                "access_point_arn": "arn:aws:s3files:ap-northeast-1:123456789012:file-system/fs-1/access-point/fsap-1",
            }]);
            json!({
                "network_mode": "host", "ipc_mode": "host", "pid_mode": "host", "requires_compatibilities": ["EC2"],
                "task_role_arn": "arn:aws:iam::123456789012:role/task",
                "volume": [late, host, docker, directory, point, s3],
            })
        },
        is_new: false,
        is_known_to_moto: true,
    },
    Shape {
        family: "windows",
        mounted: None,
        left_out: r#"
  network_mode             = "awsvpc"
  requires_compatibilities = ["EC2"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
    cpu_architecture        = "X86_64"
  }
  volume {
    name = "fsx"
    fsx_windows_file_server_volume_configuration {
      file_system_id = "fs-0123456789abcdef0"
      root_directory = "\\data"
      authorization_config {
        credentials_parameter = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:fsx-AbCdEf"
        domain                = "example.com"
      }
    }
  }"#,
        written_out: None,
        state: || {
            let mut fsx = volume("fsx");
            fsx["fsx_windows_file_server_volume_configuration"] = json!([{
                "file_system_id": "fs-0123456789abcdef0", "root_directory": "\\data",
                "authorization_config": [{
                    "credentials_parameter": "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:fsx-AbCdEf",
                    "domain": "example.com",
                }],
            }]);
            json!({
                "network_mode": "awsvpc", "requires_compatibilities": ["EC2"],
                "execution_role_arn": "arn:aws:iam::123456789012:role/execution",
                "runtime_platform": [{
                    "operating_system_family": "WINDOWS_SERVER_2022_CORE", "cpu_architecture": "X86_64",
                }],
                "volume": [fsx],
            })
        },
        is_new: false,
        is_known_to_moto: true,
    },
    Shape {
        family: "windows-without-a-network-mode",
        mounted: None,
        left_out: r#"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }"#,
        written_out: Some(
            r#"
  network_mode = ""
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
    cpu_architecture        = ""
  }"#,
        ),
        state: || {
            json!({
                "network_mode": "",
                "runtime_platform": [{
                    "operating_system_family": "WINDOWS_SERVER_2022_CORE", "cpu_architecture": "",
                }],
            })
        },
        is_new: false,
        is_known_to_moto: false,
    },
    Shape {
        family: "isolated",
        mounted: None,
        left_out: r#"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["MANAGED_INSTANCES"]
  enable_fault_injection   = true
  trusted_execution_configuration {
    isolation_mode     = "CONFIDENTIAL_SANDBOX"
    attestation_policy = "eyJwY3JzIjp7fX0="
  }"#,
        written_out: None,
        state: || {
            json!({
                "cpu": "512", "memory": "1024", "network_mode": "awsvpc",
                "requires_compatibilities": ["MANAGED_INSTANCES"], "enable_fault_injection": true,
                "trusted_execution_configuration": [{
                    "isolation_mode": "CONFIDENTIAL_SANDBOX", "attestation_policy": "eyJwY3JzIjp7fX0=",
                }],
            })
        },
        is_new: true,
        is_known_to_moto: false,
    },
];

/// A volume in the state of hashicorp/aws of which nothing is set.
fn volume(name: &str) -> Value {
    json!({
        "name": name, "host_path": "", "configure_at_launch": false, "docker_volume_configuration": [],
        "efs_volume_configuration": [], "fsx_windows_file_server_volume_configuration": [],
        "s3files_volume_configuration": [],
    })
}

pub(super) fn resource(family: &str, mounted: Option<&str>, arguments: &str) -> String {
    let mounts = mounted.map_or_else(String::new, |volume| {
        format!(", mountPoints = [{{ sourceVolume = \"{volume}\", containerPath = \"/data\" }}]")
    });
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "web" {{
  family = "{family}"
  container_definitions = jsonencode([
    {{ name = "app", image = "nginx:1.27.0", memory = 128, user = "1000"{mounts} }},
    {{ name = "envoy", image = "envoy:1.31.0", memory = 128, user = "1337" }},
  ])
{arguments}
}}
"#
    )
}

impl Shape {
    pub(in crate::task_definition) fn resource(&self, family: &str, arguments: &str) -> String {
        resource(family, self.mounted, arguments)
    }

    /// The ways to write it.
    pub(in crate::task_definition) fn ways(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let written_out = self.written_out.map(|arguments| ("written-out", arguments));
        [("left-out", self.left_out)].into_iter().chain(written_out)
    }
}
