//! Where Terraform points: at the element that is meant, in the user's own counting, and at the argument that is written.

use super::orders;
use crate::harness::Workspace;

#[test]
fn a_mistake_in_one_container_shows_that_container_and_not_the_whole_list() {
    let containers = r#"
  container_definitions = [
    {
      name  = "first"
      image = "example.com/first:1.2.3"
    },
    {
      name                  = "second"
      image                 = "example.com/second:1.2.3"
      readonlyRootFilesytem = true
    },
  ]
"#;
    let workspace = Workspace::offline("place-element", &orders(containers));
    workspace
        .plan()
        .failure()
        .says("\"example.com/second:1.2.3\"")
        .says("Place: container_definitions[1].readonlyRootFilesytem")
        .does_not_say("\"example.com/first:1.2.3\"")
        .does_not_say("data \"ddrofs_agent_sidecar\" \"orders\" {");
}

#[test]
fn a_list_that_is_not_written_as_one_shows_its_argument() {
    let text = r#"
locals {
  containers = [
    { name = "first", image = "example.com/first:1.2.3" },
    { name = "second", image = "example.com/second:1.2.3", readonlyRootFilesytem = true },
  ]
}
"#;
    let text = format!("{text}{}", orders("  container_definitions = local.containers"));
    let workspace = Workspace::offline("place-reference", &text);
    workspace
        .plan()
        .failure()
        .says("container_definitions = local.containers")
        .says("Place: container_definitions[1].readonlyRootFilesytem");
}

#[test]
fn what_the_settings_write_is_placed_at_the_argument_in_its_block() {
    let workspace = Workspace::offline(
        "place-block",
        &orders("  log_configuration {\n    log_driver = \"aws-logs\"\n  }"),
    );
    workspace
        .plan()
        .failure()
        .says("log_driver = \"aws-logs\"")
        .says("log_configuration[0].log_driver (container datadog-init)")
        .says("log_configuration[0].log_driver (container datadog-agent)")
        .does_not_say("containerDefinitions[0]");
}
