//! Taken over from `aws_ecs_task_definition`, by import or `moved`: no change, no call that changes anything, no revision,
//! whether a configuration writes its defaults out or not.

mod shapes;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{WEB, arn};
use crate::harness::{Backend, Installation, Tool, Workspace};

use shapes::resource;
pub(super) use shapes::{SHAPES, Shape};

/// What ECS does not hold, so that an import cannot know it.
const OF_A_CONFIGURATION: [&str; 13] = [
    "adopt",
    "agent",
    "application",
    "delete_revisions",
    "deregister_on_destroy",
    "ignore_container_changes",
    "keep_json",
    "keep_revisions",
    "on_foreign_revision",
    "policy",
    "skip_destroy",
    "timeouts",
    "track_latest",
];

/// What stands in the text around a shape.
const IN_EVERY_SHAPE: [&str; 2] = ["container_definitions", "family"];

/// What has no other value than its default.
const WITH_ONE_VALUE: &str = "proxy_configuration.type";

/// The arguments and blocks that a text sets, as dotted paths. Words, signs and braces stand apart in it.
fn set_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut inside: Vec<&str> = Vec::new();
    let mut before = "";
    for word in text.split_whitespace() {
        // The braces of a map have no name.
        let is_of_a_map = before == "=" || inside.contains(&"");
        if !is_of_a_map && ["=", "{", "{}"].contains(&word) {
            found.insert([inside.as_slice(), &[before]].concat().join("."));
        }
        match word {
            "{" => inside.push(if is_of_a_map { "" } else { before }),
            "}" => drop(inside.pop()),
            _ => {}
        }
        before = word;
    }
    found
}

/// What a configuration can set in a block of the schema, as dotted paths.
fn settable(block: &Value, inside: &str, found: &mut BTreeSet<String>) {
    for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
        if attribute["required"] == true || attribute["optional"] == true {
            found.insert(format!("{inside}{name}"));
        }
    }
    for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
        found.insert(format!("{inside}{name}"));
        settable(&nested["block"], &format!("{inside}{name}."), found);
    }
}

/// Whatever can be set is set in a shape, to something else than its default, or stands in a list here with the reason.
#[test]
fn every_argument_is_in_a_shape() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../golden/provider_schema.json")).expect("it is JSON");
    let mut open = BTreeSet::new();
    settable(&schema["resource_schemas"]["ddrofs_ecs_task_definition"]["block"], "", &mut open);
    let set: BTreeSet<String> = SHAPES.iter().flat_map(|shape| set_in(shape.left_out)).collect();
    let unknown: Vec<_> = set.difference(&open).collect();
    assert!(unknown.is_empty(), "{unknown:?} are no arguments");
    open.retain(|path| !set.contains(path));
    let block = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    open.retain(|path| !OF_A_CONFIGURATION.contains(&block(path).as_str()));
    open.retain(|path| !IN_EVERY_SHAPE.contains(&path.as_str()) && path != WITH_ONE_VALUE);
    assert!(open.is_empty(), "{open:?} are in no shape");
}

/// Nothing but the one registration that made what was taken over.
pub(super) fn registrations(place: &Backend, family: &str) -> usize {
    match place {
        Backend::Local(server) => server.requests_of("RegisterTaskDefinition").len(),
        Backend::Moto(_) => {
            let (newest, _) = place.definition(family).expect("the family is there");
            usize::try_from(newest.revision()).expect("revisions count from one")
        }
    }
}

/// The verdicts in the state: there is one for every control.
fn verdicts(workspace: &Workspace) -> Value {
    let verdicts = workspace.attributes(WEB).expect("it is in the state")["verdicts"].take();
    assert!(verdicts.as_object().is_some_and(|verdicts| verdicts.contains_key("ECS.5")), "{verdicts}");
    verdicts
}

fn import_every_shape<'a>(name: &str, shapes: impl Iterator<Item = &'a Shape>, place: fn() -> Backend) {
    for shape in shapes {
        let place = place();
        let family = format!("{name}-{}", shape.family);
        let first = Workspace::new(&format!("{family}-first"));
        first.main(&place, &shape.resource(&family, shape.left_out)).apply().success();
        first.plan().no_changes();
        let judged = verdicts(&first);
        for (way, arguments) in shape.ways() {
            let workspace = Workspace::new(&format!("{family}-{way}"));
            let id = format!("{}@ap-northeast-1", arn(&family, 1));
            workspace.main(&place, &shape.resource(&family, arguments)).import(WEB, &id).success();
            workspace.plan().no_changes();
            assert_eq!(verdicts(&workspace), judged, "{family}");
        }
        assert_eq!(registrations(&place, &family), 1, "{family}");
    }
}

#[test]
fn an_import_of_every_shape_changes_nothing() {
    import_every_shape("import-shape", SHAPES.iter(), Backend::local);
}

#[test]
fn an_import_of_every_shape_from_moto_changes_nothing() {
    import_every_shape(
        "import-shape-moto",
        SHAPES.iter().filter(|shape| shape.is_known_to_moto),
        Backend::moto,
    );
}

/// What an import reads as a default and a configuration writes as empty: a plan keeps what was read, but a core compares
/// the blocks of a set, and the number of blocks, with the configuration alone. There the state follows, without a revision.
#[test]
fn an_empty_text_in_the_place_of_a_default_registers_nothing() {
    let place = Backend::local();
    let registered = format!("{}{}", SHAPES[1].left_out, SHAPES[2].left_out)
        .replace("runtime_platform { operating_system_family = \"LINUX\" }", "");
    Workspace::new("empty-first").main(&place, &resource("empty", None, &registered)).apply().success();

    let workspace = Workspace::new("empty");
    let kept = registered.replace("proxy_configuration {", "proxy_configuration {\n    type = \"\"");
    let kept = kept.replace("AppPorts =", "IgnoredGID = null, AppPorts =");
    workspace.main(&place, &resource("empty", None, &kept)).import(WEB, "empty").success();
    workspace.plan().no_changes();

    let followed = kept
        .replace(
            "docker_volume_configuration {}",
            "docker_volume_configuration {\n      driver = \"\"\n    }",
        )
        .replace("file_system_id =", "root_directory = \"\"\n      file_system_id =")
        .replace("file_system_arn =", "root_directory = \"\"\n      file_system_arn =");
    let followed = format!("{followed}\n  runtime_platform {{}}");
    workspace.main(&place, &resource("empty", None, &followed)).apply().success().says("1 changed");
    workspace.plan().no_changes();
    assert_eq!(registrations(&place, "empty"), 1);
}

/// A state file of hashicorp/aws with this resource in it.
pub(super) fn state_of_aws(attributes: &Value, schema_version: u32) -> String {
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
pub(super) fn attributes(family: &str, capitals: bool, shape: &Shape, is_old: bool) -> Value {
    let container = |name: &str, image: &str, user: &str, mounted: Option<&str>| match capitals {
        true => json!({
            "Name": name, "Image": image, "Memory": 128, "User": user, "Cpu": 0, "Essential": true,
            "Environment": [], "PortMappings": null, "HealthCheck": null,
            "MountPoints": mounted.map(|volume| json!({"SourceVolume": volume, "ContainerPath": "/data"})).as_slice(),
        }),
        false => json!({
            "name": name, "image": image, "memory": 128, "user": user, "cpu": 0, "essential": true,
            "environment": [], "portMappings": [], "systemControls": [], "volumesFrom": [],
            "mountPoints": mounted.map(|volume| json!({"sourceVolume": volume, "containerPath": "/data"})).as_slice(),
        }),
    };
    let containers = json!([
        container("app", "nginx:1.27.0", "1000", shape.mounted),
        container("envoy", "envoy:1.31.0", "1337", None),
    ]);
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
        for shape in SHAPES.iter().filter(|shape| !shape.is_new || version == "v6") {
            let place = Backend::local();
            let family = format!("moved-{version}-{}", shape.family);
            let first = Workspace::new(&format!("{family}-first"));
            first.main(&place, &shape.resource(&family, shape.left_out)).apply().success();
            let judged = verdicts(&first);
            for (way, arguments) in shape.ways() {
                let name = format!("{family}-{way}");
                let workspace = Workspace::with(&name, Tool::terraform(), Installation::OverrideBesideAws);
                workspace.write(
                    "terraform.tfstate",
                    &state_of_aws(&attributes(&family, capitals, shape, is_old), 1),
                );
                let moved = "moved {\n  from = aws_ecs_task_definition.web\n  to   = ddrofs_ecs_task_definition.web\n}\n";
                workspace.main(&place, &format!("{moved}{}", shape.resource(&family, arguments)));
                let change = workspace.planned().remove(WEB).expect("it is in the plan");
                assert_eq!(change["actions"], json!(["no-op"]), "{name}: {change:#}");
                workspace.apply().success().says("0 added, 0 changed, 0 destroyed");
                workspace.plan().no_changes();
                assert_eq!(verdicts(&workspace), judged, "{name}");
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
    let text = |arguments: &str| format!("{}{outputs}", resource("defaults", None, arguments));
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
    workspace.main(&place, &resource("deleted", None, "")).apply().success();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    server.fail("DeregisterTaskDefinition", crate::harness::local_ecs::Fault::BeingDeleted, 1);
    workspace.destroy().success();
    assert_eq!(server.faults_waiting(), 0);
    assert_eq!(workspace.attributes(WEB), None);
}
