//! The same task definition in other words plans no change.

use super::{WEB, web};
use crate::harness::{Backend, Workspace};

/// The service of the other stories, written by somebody who spells everything out and in another order.
fn in_other_words(family: &str) -> String {
    let containers = r#"
  container_definitions = jsonencode([{
    versionConsistency = null
    volumesFrom        = []
    systemControls     = []
    mountPoints        = []
    portMappings = [{
      protocol      = "tcp"
      hostPort      = 8080
      containerPort = 8080
    }]
    environment = [
      { value = "2", name = "SECOND" },
      { value = "1", name = "FIRST" },
    ]
    readonlyRootFilesystem = true
    cpu                    = 0
    image                  = "nginx:1.27.0"
    name                   = "app"
    healthCheck = {
      command  = ["CMD", "true"]
      interval = 30
      timeout  = 5
      retries  = 3
    }
  }])
"#;
    replaced(family, containers).replace(r#""512""#, r#"".5 vCPU""#).replace(r#""1024""#, r#""1 GB""#)
}

fn in_few_words(family: &str) -> String {
    let containers = r#"
  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "nginx:1.27.0"
    essential              = true
    readonlyRootFilesystem = true
    environment            = [{ name = "FIRST", value = "1" }, { name = "SECOND", value = "2" }]
    portMappings           = [{ containerPort = 8080 }]
    healthCheck            = { command = ["CMD", "true"] }
  }])
"#;
    replaced(family, containers)
}

fn replaced(family: &str, containers: &str) -> String {
    let text = web(family, "nginx:1.27.0", "");
    let begin = text.find("  container_definitions").expect("the sample has containers");
    let end = text.find("  agent {").expect("the sample has an agent block");
    format!("{}{containers}\n{}", &text[..begin], &text[end..])
}

fn tell(name: &str, place: &Backend, family: &str) {
    let workspace = Workspace::new(name);
    workspace.main(place, &in_few_words(family)).apply().success();
    workspace.plan().no_changes();
    workspace.main(place, &in_other_words(family)).plan().no_changes();
    workspace.apply().success();
    assert_eq!(workspace.attributes(WEB).unwrap()["revision"], serde_json::json!(1));
    workspace.main(place, &in_few_words(family)).plan().no_changes();
}

#[test]
fn at_the_local_endpoint() {
    tell("equal-meaning-local", &Backend::local(), "equal");
}

#[test]
fn at_moto() {
    tell("equal-meaning-moto", &Backend::moto(), "equal-meaning");
}

/// JSON text and the same structure in HCL are one thing.
#[test]
fn json_text_and_hcl_are_the_same_containers() {
    let place = Backend::local();
    let workspace = Workspace::new("json-or-hcl");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    let text = web("web", "nginx:1.27.0", "").replace("jsonencode([{", "[{").replace("}])", "}]");
    workspace.main(&place, &text).plan().no_changes();
}

/// Written in HCL both times, which Terraform holds as a list of objects, as it holds blocks.
#[test]
fn hcl_in_another_order_is_the_same_containers() {
    let place = Backend::local();
    let workspace = Workspace::new("hcl-in-another-order");
    let in_hcl = |text: String| text.replace("jsonencode([{", "[{").replace("}])", "}]");
    workspace.main(&place, &in_hcl(in_few_words("web"))).apply().success();
    workspace.main(&place, &in_hcl(in_other_words("web"))).plan().no_changes();
}

/// A block that changes nothing of the content is planned as it is written, whatever was there before.
#[test]
fn blocks_that_mean_nothing_come_and_go_without_a_revision() {
    let place = Backend::local();
    let workspace = Workspace::new("empty-blocks");
    let blocks = "application {\n    wire = true\n  }\n  policy {\n    enforce = []\n  }";
    for further in ["", blocks, ""] {
        workspace.main(&place, &web("web", "nginx:1.27.0", further)).apply().success();
        workspace.plan().no_changes();
    }
    assert_eq!(workspace.attributes(WEB).expect("it is in the state")["revision"], 1);
}
