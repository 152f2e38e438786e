//! What `migrate` writes of each shape plans empty: of a configuration beside the state of hashicorp/aws, and of that state.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use super::drop_in::{SHAPES, attributes, registrations, state_of_aws};
use super::{WEB, arn};
use crate::harness::{Backend, Installation, Tool, Workspace};

/// What the program writes of a text.
fn migrated(text: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_terraform-provider-ddrofs"))
        .args(["migrate", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_migrate_writes_of_a_configuration_of_every_shape_plans_empty() {
    for shape in &SHAPES {
        let place = Backend::local();
        let family = format!("migrated-{}", shape.family);
        let first = Workspace::new(&format!("{family}-first"));
        first.main(&place, &shape.resource(&family, shape.left_out)).apply().success();
        for (way, arguments) in shape.ways() {
            let there = shape.resource(&family, arguments).replace("ddrofs_ecs", "aws_ecs");
            let there = format!("# Orders.{there}output \"kept\" {{ value = \"elsewhere\" }}\n");
            let workspace = Workspace::with(
                &format!("{family}-{way}"),
                Tool::terraform(),
                Installation::OverrideBesideAws,
            );
            let state = state_of_aws(&attributes(&family, false, shape, false), 1);
            workspace.write("terraform.tfstate", &state).main(&place, &migrated(&there));
            let change = workspace.planned().remove(WEB).expect("it is in the plan");
            assert_eq!(change["actions"], json!(["no-op"]), "{family} {way}: {change:#}");
            workspace.apply().success().says("0 added, 0 changed, 0 destroyed");
            workspace.plan().no_changes();
        }
        assert_eq!(registrations(&place, &family), 1, "{family}");
    }
}

#[test]
fn what_migrate_writes_of_a_state_of_every_shape_imports_and_plans_empty() {
    for (name, capitals) in [("v6", false), ("v5-59", true)] {
        for shape in SHAPES.iter().filter(|shape| !shape.is_new || !capitals) {
            let place = Backend::local();
            let family = format!("from-state-{name}-{}", shape.family);
            let first = Workspace::new(&format!("{family}-first"));
            first.main(&place, &shape.resource(&family, shape.left_out)).apply().success();
            let written = migrated(&state_of_aws(&attributes(&family, capitals, shape, capitals), 1));
            assert!(written.contains(&arn(&family, 1)), "{written}");
            let workspace = Workspace::new(&family);
            workspace.main(&place, &written);
            workspace.plan().says("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
            workspace.apply().success().says("1 imported, 0 added, 0 changed, 0 destroyed");
            workspace.plan().no_changes();
            assert_eq!(registrations(&place, &family), 1, "{family}");
        }
    }
}
