//! Stories of the provider itself: its regions and roles, its schema, its process.

use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::local_ecs::{Disturbance, Fault, When};
use crate::harness::{Backend, REQUIRED_PROVIDER, SECRET_KEY, Workspace};

pub(crate) fn small(name: &str, further: &str) -> String {
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "{name}" {{
  family                = "{name}"
  container_definitions = jsonencode([{{
    name = "app", image = "nginx:1.27.0", memory = 128, readonlyRootFilesystem = true
  }}])
{further}
}}
"#
    )
}

#[test]
fn two_aliases_a_region_argument_and_a_role_work_side_by_side() {
    let place = Backend::local();
    let url = place.url();
    let workspace = Workspace::new("aliases");
    let role = format!(
        r#"
provider "ddrofs" {{
  alias      = "virginia"
  region     = "us-east-1"
  access_key = "AKIAWRITTENDOWN"
  secret_key = "{SECRET_KEY}"
  endpoints {{
    ecs = "{url}"
    sts = "{url}"
  }}
  assume_role {{
    role_arn = "arn:aws:iam::210987654321:role/deploy"
  }}
}}
"#
    );
    let text = [
        small("tokyo", ""),
        small("virginia", "  provider = ddrofs.virginia"),
        small("ireland", "  region = \"eu-west-1\""),
    ]
    .concat();
    workspace.main(&place, &format!("{role}{text}")).apply().success().says("3 added");
    let arn = |name: &str| {
        workspace.attributes(&format!("ddrofs_ecs_task_definition.{name}")).expect("it is in the state")["arn"].clone()
    };
    assert_eq!(arn("tokyo"), json!("arn:aws:ecs:ap-northeast-1:123456789012:task-definition/tokyo:1"));
    assert_eq!(arn("virginia"), json!("arn:aws:ecs:us-east-1:210987654321:task-definition/virginia:1"));
    assert_eq!(arn("ireland"), json!("arn:aws:ecs:eu-west-1:123456789012:task-definition/ireland:1"));
    workspace.plan().no_changes();
}

/// A breaking change of the schema shows up in review as a diff. `UPDATE_EXPECT=1` rewrites the file.
#[test]
fn the_schema_is_the_one_in_the_golden_file() {
    let workspace = Workspace::new("schema");
    workspace.write("main.tf", REQUIRED_PROVIDER);
    let schema = workspace.schema_json();
    let text = serde_json::to_string_pretty(&schema).expect("JSON can be written");
    expect_test::expect_file!["../golden/provider_schema.json"].assert_eq(&format!("{text}\n"));
}

/// Killed in the middle of a plan, the core cannot say goodbye: the provider notices by itself.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_core_leaves_no_provider_process() {
    let place = Backend::local();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    let workspace = Workspace::new("killed");
    workspace.main(&place, &small("web", "")).apply().success();
    server.fail("DescribeTaskDefinition", Fault::Slow(Duration::from_secs(60)), 1);
    let mut core = workspace.spawn(&["plan", "-input=false"]);
    wait_until("the provider asks ECS", || server.faults_waiting() == 0);
    assert_ne!(providers_in(&workspace), Vec::<PathBuf>::new());
    core.kill().expect("the core still runs");
    core.wait().expect("a killed process can be waited for");
    wait_until("the provider is gone", || providers_in(&workspace).is_empty());
}

/// Interrupted, the core asks the provider to stop, and a call that waits is given up.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_plan_ends_soon() {
    let place = Backend::local();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    let workspace = Workspace::new("interrupted");
    workspace.main(&place, &small("web", "")).apply().success();
    server.fail("DescribeTaskDefinition", Fault::Slow(Duration::from_secs(60)), 1);
    let mut core = workspace.spawn(&["plan", "-input=false"]);
    wait_until("the provider asks ECS", || server.faults_waiting() == 0);
    interrupt(&core);
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    wait_until("the provider is gone", || providers_in(&workspace).is_empty());
}

/// A registration under way when the core is interrupted is finished, and its revision is in the state.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_registration_is_not_lost() {
    let place = Backend::local();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    let workspace = Workspace::new("interrupted-apply");
    workspace.main(&place, &small("web", ""));
    server.fail("RegisterTaskDefinition", Fault::Slow(Duration::from_secs(2)), 1);
    let mut core = workspace.spawn(&["apply", "-input=false", "-auto-approve"]);
    wait_until("the provider asks ECS", || server.faults_waiting() == 0);
    interrupt(&core);
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    let state = workspace.attributes("ddrofs_ecs_task_definition.web").expect("the revision is in the state");
    assert_eq!(state["revision"], json!(1));
    assert_eq!(server.requests_of("RegisterTaskDefinition").len(), 1);
    workspace.plan().no_changes();
}

/// What `timeout` and a cancelled CI job send: the provider is signalled as well, while its calls are under way.
#[cfg(target_os = "linux")]
#[test]
fn a_process_group_that_is_asked_to_terminate_loses_no_registration() {
    let place = Backend::local();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    let workspace = Workspace::new("terminated-apply");
    let names: Vec<String> = (0..20).map(|number| format!("web-{number:02}")).collect();
    workspace.main(&place, &names.iter().map(|name| small(name, "")).collect::<String>());
    let slow = Fault::SlowAnswer(Duration::from_millis(1500));
    server.disturb(Disturbance::new("RegisterTaskDefinition", slow, When::Always));
    let mut core = workspace.spawn_group(&["apply", "-input=false", "-auto-approve"]);
    wait_until("calls are under way", || server.revisions().len() >= 5);
    signal("TERM", &format!("-{}", core.id()));
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    wait_until("the provider is gone", || providers_in(&workspace).is_empty());

    let registered = server.revisions();
    assert!((5..20).contains(&registered.len()), "the core stopped before the end: {}", registered.len());
    for revision in registered {
        let state = workspace.attributes(&format!("ddrofs_ecs_task_definition.{}", revision.family));
        assert_eq!(state.map(|state| state["arn"].clone()), Some(json!(revision.arn)), "{}", revision.family);
    }
    server.clear_faults();
    workspace.apply().success();
    assert_eq!(server.revisions().len(), 20);
    workspace.plan().no_changes();
}

/// What Ctrl-C sends to the core.
pub(crate) fn interrupt(core: &Child) {
    signal("INT", &core.id().to_string());
}

/// Sends a signal to a process, or to a group of them where its id has a minus before it.
pub(crate) fn signal(name: &str, process: &str) {
    let signalled = std::process::Command::new("kill").args([&format!("-{name}"), "--", process]).status();
    assert!(signalled.is_ok_and(|status| status.success()));
}

pub(crate) fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !happened() {
        assert!(Instant::now() < until, "waited 60 s in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Programs of provider processes that work in this workspace.
#[cfg(target_os = "linux")]
fn providers_in(workspace: &Workspace) -> Vec<PathBuf> {
    let processes = std::fs::read_dir("/proc").expect("Linux has /proc");
    processes
        .filter_map(Result::ok)
        .filter(|process| {
            std::fs::read_link(process.path().join("cwd")).is_ok_and(|folder| folder == workspace.folder())
        })
        .filter_map(|process| std::fs::read_link(process.path().join("exe")).ok())
        .filter(|program| program.to_string_lossy().contains("terraform-provider-ddrofs"))
        .collect()
}
