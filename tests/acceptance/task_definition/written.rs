//! What a plan says to write, pasted into the configuration, mends what it was said of.

use crate::harness::{Backend, Workspace};

fn configuration(arguments: &str, members: &str) -> String {
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "web" {{
  family                   = "written"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  {arguments}
  container_definitions = [{{
    name      = "app"
    image     = "example.com/shop:1.4.2"
    essential = true
    {members}
  }}]
  policy {{
    severity = {{
      "operating-system-unset" = "warning"
      "root-user"              = "warning"
      "tags-missing"           = "warning"
    }}
  }}
}}
"#
    )
}

/// The line that a plan says to write for a rule.
fn line_for(output: &str, rule: &str) -> String {
    let events = output.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let details = events.filter_map(|event| event["diagnostic"]["detail"].as_str().map(str::to_owned));
    let about = format!("Rule {rule}");
    let detail = details.into_iter().find(|detail| detail.contains(&about)).expect("the rule is told of");
    let (_, line) = detail.split_once("\n\nWrite ").expect("there is something to write");
    let end = line.find(". ").or_else(|| line.find(".\n")).expect("a sentence ends");
    line[..end].to_owned()
}

#[test]
fn the_lines_of_a_plan_can_be_pasted() {
    let (place, workspace) = (Backend::local(), Workspace::new("written"));
    workspace.main(&place, &configuration("", ""));
    let output = workspace.run(&["plan", "-input=false", "-json"]).success().stdout;
    let lines = ["operating-system-unset", "root-user", "tags-missing", "root-filesystem-writable"]
        .map(|rule| line_for(&output, rule));
    assert_eq!(
        lines,
        [
            r#"runtime_platform { operating_system_family = "LINUX" }"#,
            r#"user = "1000""#,
            r#"tags = { team = "shop" }"#,
            "readonlyRootFilesystem = true",
        ]
    );
    let [platform, user, tags, root] = lines;
    workspace
        .main(&place, &configuration(&format!("{platform}\n  {tags}\n"), &format!("{user}\n    {root}\n")));
    let output = workspace.run(&["plan", "-input=false", "-json"]).success().stdout;
    assert!(!output.contains("Rule "), "{output}");
}
