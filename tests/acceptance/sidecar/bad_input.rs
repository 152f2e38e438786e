//! Input that nobody means, through a real core: a clear error at its place, nothing registered, no crash.

use std::fmt::Write as _;

use super::{errors_by_key, events, keys_read, orders};
use crate::harness::{Backend, Outcome, Workspace};

/// JSON texts that are no container definitions, by name.
fn texts() -> Vec<(&'static str, String)> {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let app = |further: &str| format!(r#"[{{"name": "app", "image": "nginx:1.27.0"{further}}}]"#);
    vec![
        ("not-json", "name: app".to_owned()),
        ("cut-off", r#"[{"name": "app""#.to_owned()),
        ("empty", String::new()),
        ("a-number", "7".to_owned()),
        ("a-text", r#""app""#.to_owned()),
        ("a-list-of-texts", r#"["app"]"#.to_owned()),
        ("null", "null".to_owned()),
        ("wrong-type", app(r#", "environment": {"A": "b"}"#)),
        ("call-of-cloud-formation", app(r#", "user": {"Ref": "User"}"#)),
        ("template", r#"[{"name": "app", "image": ${image}}]"#.to_owned()),
        ("placeholder", r#"[{"name": "app", "image": "{{ image }}"}]"#.to_owned()),
        ("null-in-a-list", app(r#", "command": [null]"#)),
        ("duplicate-key", app(r#", "image": "other:1""#)),
        ("beyond-2-53", app(r#", "memory": 9007199254740993"#)),
        ("beyond-any-integer", app(r#", "memory": 1e400"#)),
        ("unknown-key", app(r#", "readonlyRootFilesytem": true"#)),
        ("nested-10000-deep", deep.clone()),
        ("nested-inside", app(&format!(r#", "command": {deep}"#))),
        ("ten-mebibytes", app(&format!(r#", "workingDirectory": "/{}""#, "x".repeat(10 << 20)))),
    ]
}

fn write_texts(workspace: &Workspace) -> String {
    let mut cases = String::from("locals {\n  cases = {\n");
    for (name, text) in texts() {
        workspace.write(&format!("{name}.json"), &text);
        writeln!(cases, "    {name:?} = file(\"{name}.json\")").expect("a String takes any text");
    }
    cases.push_str("  }\n}\n");
    cases
}

/// What is told in the same words of each: where they come at one place, Terraform shows them once for all instances (seen
/// in 1.15.9, 2026-11).
const ALIKE: [&str; 3] = ["a-number", "a-text", "null"];

fn check_each_is_told(outcome: &Outcome) {
    let events = events(outcome);
    let errors = errors_by_key(&events);
    let read = keys_read(&events);
    for (name, _) in texts() {
        assert!(!read.contains(&name.to_owned()), "{name} was accepted");
        let alike = ALIKE.contains(&name).then_some(ALIKE).into_iter().flatten();
        let told = std::iter::once(name).chain(alike).find_map(|name| errors.get(name));
        let told = told.unwrap_or_else(|| panic!("{name}: nothing was told"));
        for error in told {
            let one_kilobyte_is_enough = error.len() < 4096;
            assert!(one_kilobyte_is_enough, "{name}: an error of {} bytes", error.len());
            for crash in ["panic", "crash", "did not respond", "Request cancelled", "Plugin error"] {
                assert!(!error.contains(crash), "{name}: {error}");
            }
        }
    }
}

#[test]
fn texts_that_are_no_container_definitions_are_refused_by_the_data_source() {
    let workspace = Workspace::offline("bad-texts", "");
    let cases = write_texts(&workspace);
    let text = orders("  for_each              = local.cases\n  container_definitions = each.value");
    workspace.write("sidecar.tf", &format!("{cases}{text}"));
    check_each_is_told(&workspace.run(&["plan", "-input=false", "-json"]));
}

#[test]
fn texts_that_are_no_container_definitions_are_refused_by_the_resource_and_nothing_is_registered() {
    let place = Backend::local();
    let workspace = Workspace::new("bad-texts-resource");
    let cases = write_texts(&workspace);
    workspace.main(
        &place,
        &format!(
            r#"{cases}
resource "ddrofs_ecs_task_definition" "bad" {{
  for_each                 = local.cases
  family                   = each.key
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = each.value
}}
"#
        ),
    );
    check_each_is_told(&workspace.run(&["apply", "-input=false", "-auto-approve", "-json"]));
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    assert_eq!(server.requests_of("RegisterTaskDefinition").len(), 0);
}

#[test]
fn null_is_fine_wherever_a_value_may_be_left_out() {
    let text = orders(
        r#"
  site                  = null
  version               = null
  tags                  = null
  environment           = null
  cpu                   = null
  essential             = null
  launch_type           = null
  flares                = null
  container_definitions = [{
    name = "app", image = "nginx:1.27.0", cpu = null, environment = null, linuxParameters = null, essential = null
  }]
"#,
    );
    Workspace::offline("null-everywhere", &text).plan().no_changes();
}

#[test]
fn null_where_a_value_is_needed_is_told() {
    let text = orders("  container_definitions = [{ name = null, image = null }]");
    Workspace::offline("null-needed", &text).plan().failure().says("image");
    let null_list = orders("  container_definitions = [null]");
    Workspace::offline("null-container", &null_list).plan().failure();
}

#[test]
fn an_argument_that_does_not_exist_is_refused_with_its_line() {
    Workspace::offline("no-such-argument", &orders("  api_key = \"x\"")).validate().failure().says("api_key");
}
