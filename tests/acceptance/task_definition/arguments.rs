//! Every argument comes back as it was written, and nothing plans a change because of how the service echoes it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::drop_in::state_of_aws;
use super::{WEB, arn, web};
use crate::harness::local_ecs::LocalEcs;
use crate::harness::{Backend, Installation, Tool, Workspace};

/// An EC2 service that uses what Fargate does not have: volumes of every kind, placement, host settings.
const ON_EC2: &str = r#"
resource "ddrofs_ecs_task_definition" "web" {
  family                   = "on-ec2"
  network_mode             = "awsvpc"
  requires_compatibilities = ["EC2"]
  pid_mode                 = "task"
  ipc_mode                 = "none"
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  task_role_arn            = "arn:aws:iam::123456789012:role/task"
  enable_fault_injection   = true

  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.availability-zone in [ap-northeast-1a]"
  }

  proxy_configuration {
    type           = "APPMESH"
    container_name = "proxy"
    properties = {
      AppPorts         = "8080"
      EgressIgnoredIPs = "169.254.170.2,169.254.169.254"
      ProxyEgressPort  = "15001"
      ProxyIngressPort = "15000"
    }
  }

  volume {
    name = "empty"
  }
  volume {
    name      = "of-the-host"
    host_path = "/var/lib/data"
  }
  volume {
    name = "docker"
    docker_volume_configuration {
      scope         = "shared"
      autoprovision = true
      driver        = "local"
      driver_opts   = { type = "nfs" }
      labels        = { owner = "web" }
    }
  }
  volume {
    name = "efs"
    efs_volume_configuration {
      file_system_id          = "fs-0123456789abcdef0"
      transit_encryption      = "ENABLED"
      transit_encryption_port = 2999
      authorization_config {
        access_point_id = "fsap-0123456789abcdef0"
        iam             = "ENABLED"
      }
    }
  }

  container_definitions = jsonencode([
    {
      name                   = "app"
      image                  = "nginx:1.27.0"
      memory                 = 256
      readonlyRootFilesystem = true
      linuxParameters        = { capabilities = { drop = ["ALL"] }, initProcessEnabled = true }
      mountPoints            = [{ sourceVolume = "efs", containerPath = "/data", readOnly = true }]
      ulimits                = [{ name = "nofile", softLimit = 1024, hardLimit = 4096 }]
      dockerLabels           = { team = "web" }
      stopTimeout            = 20
      restartPolicy          = { enabled = true, ignoredExitCodes = [0] }
    },
    {
      name                   = "proxy"
      image                  = "envoy:1.31.0"
      memory                 = 128
      memoryReservation      = 64
      readonlyRootFilesystem = true
      user                   = "1337"
    },
  ])
}
"#;

#[test]
fn a_definition_with_everything_in_it_is_stable_and_destroyed() {
    for (name, place) in [("everything-local", Backend::local()), ("everything-moto", Backend::moto())] {
        let workspace = Workspace::new(name);
        // moto drops this one argument, so there an import cannot see it.
        let only_local = "  enable_fault_injection   = true\n";
        let is_moto = matches!(place, Backend::Moto(_));
        let text = if is_moto { ON_EC2.replace(only_local, "") } else { ON_EC2.to_owned() };
        workspace.main(&place, &text).apply().success();
        workspace.plan().no_changes();
        let (registered, _) = place.definition(&arn("on-ec2", 1)).expect("it was registered");
        let volumes: Vec<_> = registered.volumes().iter().filter_map(|volume| volume.name()).collect();
        assert_eq!(volumes.len(), 4, "{volumes:?}");
        assert_eq!(registered.placement_constraints().len(), 1);
        assert_eq!(registered.proxy_configuration().map(|proxy| proxy.container_name()), Some("proxy"));
        // Imported, everything comes from what the service echoes.
        let importing = Workspace::new(&format!("{name}-imported"));
        importing.main(&place, &text).import(WEB, "on-ec2:1").success();
        importing.plan().no_changes();
        workspace.destroy().success();
        assert_eq!(place.status(&arn("on-ec2", 1)), "INACTIVE");
    }
}

#[test]
fn another_region_is_another_task_definition() {
    let place = Backend::local();
    let workspace = Workspace::new("other-region");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    workspace.main(&place, &web("web", "nginx:1.27.0", "region = \"eu-west-1\""));
    workspace.apply().success().says("forces replacement");
    let moved = json!("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1");
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], moved);
    assert_eq!(place.status(&arn("web", 1)), "INACTIVE");
}

#[test]
fn a_saved_plan_is_applied_as_it_was_shown() {
    let place = Backend::local();
    let workspace = Workspace::new("saved-plan");
    workspace.main(&place, &web("web", "nginx:1.27.0", ""));
    workspace.run(&["plan", "-input=false", "-out=saved.plan"]).success();
    workspace.run(&["apply", "-input=false", "saved.plan"]).success();
    assert_eq!(place.status(&arn("web", 1)), "ACTIVE");
}

#[test]
fn destroying_what_is_gone_already_succeeds() {
    let place = Backend::local();
    let workspace = Workspace::new("gone-already");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    workspace.run(&["plan", "-input=false", "-destroy", "-out=destroy.plan"]).success();
    place.deregister(&arn("web", 1));
    workspace.run(&["apply", "-input=false", "destroy.plan"]).success();
    assert_eq!(workspace.attributes(WEB), None);
}

/// Registering and deregistering share a bucket of 20 that refills at one a second.
#[test]
fn a_fleet_larger_than_the_rate_bucket_is_never_throttled() {
    let place = Backend::local();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    server.limit_rates(true);
    server.set_speed(10.0);
    let mut workspace = Workspace::new("fleet");
    workspace.set("DDROFS_ECS_PACE", "10");
    let text =
        web("${each.key}", "nginx:1.27.0", "for_each = toset([for number in range(60) : \"web-${number}\"])");
    workspace.main(&place, &text).apply().success().says("60 added");
    // An attempt beyond the bucket would have been answered so, and made again.
    assert_eq!(
        by_operation(server),
        counts(&[("DescribeTaskDefinition", 60), ("RegisterTaskDefinition", 60)])
    );
    // A plan of what is unchanged asks once for each, and for nothing else.
    server.forget_requests();
    workspace.plan().no_changes();
    assert_eq!(by_operation(server), counts(&[("DescribeTaskDefinition", 60)]));
    let asked = server.requests_of("DescribeTaskDefinition");
    let asked: BTreeSet<_> = asked.iter().map(|request| request["taskDefinition"].to_string()).collect();
    assert_eq!(asked.len(), 60);
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    expected.iter().map(|(operation, count)| ((*operation).to_owned(), *count)).collect()
}

/// How many attempts of each operation were made.
fn by_operation(server: &LocalEcs) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in server.requests() {
        *counts.entry(request.operation).or_default() += 1;
    }
    counts
}

/// The state of the other provider is taken over: no new revision, nothing deregistered.
#[test]
fn moving_from_the_other_providers_resource_registers_nothing() {
    let place = Backend::local();
    let revision = place.register_foreign("web", "nginx:1.27.0");
    let workspace = Workspace::with("moved", Tool::terraform(), Installation::OverrideBesideAws);
    let containers = json!([{
        "cpu": 0, "environment": [], "essential": true, "image": "nginx:1.27.0", "memory": 128, "mountPoints": [],
        "name": "app", "portMappings": [], "systemControls": [], "volumesFrom": [],
    }]);
    let mut attributes = json!({
        "arn": revision,
        "arn_without_revision": revision.trim_end_matches(":1"),
        "container_definitions": containers.to_string(),
        "family": "web",
        "id": "web",
        "region": "ap-northeast-1",
        "revision": 1,
        "enable_fault_injection": false,
        "skip_destroy": false,
        "tags_all": {},
        "track_latest": false,
    });
    // As that provider leaves what was not set: texts empty, blocks as empty lists, the rest null.
    for text in ["execution_role_arn", "ipc_mode", "network_mode", "pid_mode", "task_role_arn"] {
        attributes[text] = json!("");
    }
    let blocks =
        ["ephemeral_storage", "placement_constraints", "proxy_configuration", "runtime_platform", "volume"];
    for block in blocks {
        attributes[block] = json!([]);
    }
    for unset in ["cpu", "memory", "requires_compatibilities", "tags"] {
        attributes[unset] = json!(null);
    }
    workspace.write("terraform.tfstate", &state_of_aws(&attributes, 1));
    workspace.main(
        &place,
        r#"
moved {
  from = aws_ecs_task_definition.web
  to   = ddrofs_ecs_task_definition.web
}
resource "ddrofs_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.0", memory = 128 }])
}
"#,
    );
    workspace.apply().success().says("0 added").says("0 destroyed");
    let moved = workspace.attributes(WEB).expect("it is in the state");
    assert_eq!(moved["arn"], json!(revision));
    assert_eq!(
        (&moved["verdicts"]["ECS.5"], &moved["verdicts"]["ECS.4"]),
        (&json!("FAILED"), &json!("PASSED"))
    );
    let rules =
        moved["findings"].as_array().expect("findings are a list").iter().map(|finding| &finding["rule"]);
    assert!(rules.clone().any(|rule| rule == "root-filesystem-writable"), "{moved}");
    workspace.plan().no_changes();
    let (newest, _) = place.definition("web").expect("the family is there");
    assert_eq!(newest.revision(), 1);
}

/// What is wrong, warning or error, is said once in a plan, although the provider is asked in several walks.
#[test]
fn a_warning_and_an_error_are_each_told_once_in_a_plan() {
    let place = Backend::local();
    let workspace = Workspace::new("told-once");
    let text = web("web", "nginx:1.27.0", "");
    let told = |arguments: &[&str], words: &str| {
        let outcome = workspace.run(arguments);
        let said = outcome.stdout.lines().filter(|line| line.contains("\"type\":\"diagnostic\""));
        said.filter(|line| line.contains(words)).count()
    };
    let writable = text.replace("    readonlyRootFilesystem = true\n", "");
    workspace.main(&place, &writable);
    assert_eq!(
        told(&["validate", "-json"], "root-filesystem-writable"),
        0,
        "not yet: a policy may change it"
    );
    assert_eq!(told(&["plan", "-input=false", "-json"], "root-filesystem-writable"), 1);
    // The apply walk plans once more, in a process of its own that cannot know what was shown before; cores show both.
    assert_eq!(told(&["apply", "-input=false", "-auto-approve", "-json"], "root-filesystem-writable"), 2);
    assert_eq!(told(&["plan", "-input=false", "-json"], "root-filesystem-writable"), 1);
    workspace.main(&place, &text.replace("essential              = true", "essentials             = true"));
    assert_eq!(told(&["plan", "-input=false", "-json"], "unknown-key"), 1);
}
