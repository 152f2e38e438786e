//! What the data source gives, and that it can be fed to a task definition as it is.

use serde_json::{Value, json};

use super::{SECRET_ARN, orders};
use crate::harness::{Backend, Tool, Workspace};

fn parsed(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("it is text")).expect("it is JSON")
}

fn names(containers: &Value) -> Vec<&str> {
    containers.as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect()
}

#[test]
fn a_launch_type_other_than_fargate_gets_no_agent_and_keeps_its_own() {
    let text = |containers: &str| {
        orders(&format!("  launch_type = \"EC2\"\n  container_definitions = [{containers}]\n"))
    };
    let app = r#"{ name = "app", image = "nginx:1.27.0", memory = 128 }"#;
    let own = r#"{ name = "dd", image = "public.ecr.aws/datadog/agent:7.81.1", memory = 256 }"#;
    let workspace = Workspace::offline("sidecar-ec2", &text(app));
    workspace
        .plan()
        .failure()
        .says("An Agent for this launch type is not supported yet")
        .says(r#"launch_type"#)
        .does_not_say("FARGATE");
    let workspace = Workspace::offline("sidecar-ec2-own", &text(&format!("{app}, {own}")));
    workspace.apply().success();
    let given = workspace.attributes("data.ddrofs_agent_sidecar.orders").expect("it was read");
    let all = parsed(&given["json"]);
    assert_eq!(names(&all), ["datadog-init", "app", "dd"]);
    let variables: Vec<_> =
        all[2]["environment"].as_array().expect("variables").iter().map(|one| &one["name"]).collect();
    assert!(
        variables.contains(&&json!("DD_SERVICE")) && !variables.contains(&&json!("ECS_FARGATE")),
        "{variables:?}"
    );
}

#[test]
fn the_sidecars_and_the_wired_application_come_out() {
    for tool in Tool::all() {
        let text = orders(
            r#"
  version               = "1.2.3"
  container_definitions = [{ name = "app", image = "nginx:1.27.0", essential = true }]
"#,
        );
        let workspace = Workspace::offline_with("sidecar-values", tool, &text);
        workspace.apply().success();
        let given = workspace.attributes("data.ddrofs_agent_sidecar.orders").expect("it was read");

        let all = parsed(&given["json"]);
        assert_eq!(names(&all), ["datadog-init", "datadog-agent", "app"]);
        assert_eq!(names(&parsed(&given["sidecar_json"])), ["datadog-init", "datadog-agent"]);
        for sidecar in [&all[0], &all[1]] {
            assert_eq!(sidecar["readonlyRootFilesystem"], json!(true));
        }
        assert_eq!(all[1]["secrets"], json!([{"name": "DD_API_KEY", "valueFrom": SECRET_ARN}]));
        assert_eq!(all[1]["dependsOn"], json!([{"containerName": "datadog-init", "condition": "SUCCESS"}]));
        let variables = all[2]["environment"].as_array().expect("the application is wired");
        let value =
            |name: &str| variables.iter().find(|one| one["name"] == name).map(|one| one["value"].clone());
        assert_eq!(value("DD_SERVICE"), Some(json!("orders")));
        assert_eq!(value("DD_ENV"), Some(json!("prod")));
        assert_eq!(value("DD_VERSION"), Some(json!("1.2.3")));
        assert_eq!(value("DD_TRACE_AGENT_URL"), Some(json!("unix:///var/run/datadog/apm.socket")));

        let volumes: Vec<_> =
            given["volumes"].as_array().expect("volumes").iter().map(|volume| &volume["name"]).collect();
        assert_eq!(volumes, ["datadog-config", "datadog-run", "datadog-sockets", "datadog-tmp"]);
        assert!(!given["wiring"]["mount_points"].as_array().expect("wiring has mounts").is_empty());
        let diagram = given["diagram"].as_str().expect("it is text");
        assert!(
            diagram.starts_with("flowchart LR\n") && diagram.contains("app[\"application\"]"),
            "{diagram}"
        );
        assert!(!given["writable_paths"].as_array().expect("writable paths").is_empty());
        // The application's root file system is writable, which the control counts: a warning until it is enforced.
        assert_eq!(given["verdicts"]["ECS.5"], json!("FAILED"));
        let rules: Vec<_> =
            given["findings"].as_array().expect("findings").iter().map(|finding| &finding["rule"]).collect();
        assert!(rules.contains(&&json!("root-filesystem-writable")), "{rules:?}");
        assert_eq!(given["sha256"].as_str().map(str::len), Some(64));
        workspace.plan().no_changes();
    }
}

#[test]
fn a_hardened_application_passes_the_control_as_a_whole() {
    let workspace = Workspace::offline(
        "sidecar-passes",
        &orders(
            r#"
  container_definitions = jsonencode([{
    name = "app", image = "nginx:1.27.0", essential = true, readonlyRootFilesystem = true
  }])
"#,
        ),
    );
    workspace.apply().success();
    let given = workspace.attributes("data.ddrofs_agent_sidecar.orders").expect("it was read");
    // Of the task around the containers the data source knows no more than that Fargate wants awsvpc.
    let verdicts = json!({
        "ECS.3": "UNDECIDED",
        "ECS.4": "PASSED",
        "ECS.5": "PASSED",
        "ECS.8": "PASSED",
        "ECS.9": "FAILED",
        "ECS.15": "UNDECIDED",
        "ECS.17": "PASSED",
        "ECS.18": "UNDECIDED",
        "ECS.20": "FAILED",
        "ECS.21": "UNDECIDED",
    });
    assert_eq!(given["verdicts"], verdicts);
}

/// The data source for people who keep their own task definition, whole way to the service.
#[test]
fn its_json_and_volumes_make_a_task_definition() {
    for (name, place, family) in
        [("fed-local", Backend::local(), "fed"), ("fed-moto", Backend::moto(), "fed-at-moto")]
    {
        let workspace = Workspace::new(name);
        let text = orders(r#"  container_definitions = [{ name = "app", image = "nginx:1.27.0" }]"#);
        let resource = format!(
            r#"
resource "ddrofs_ecs_task_definition" "orders" {{
  family                   = "{family}"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  container_definitions    = data.ddrofs_agent_sidecar.orders.json
  dynamic "volume" {{
    for_each = data.ddrofs_agent_sidecar.orders.volumes
    content {{
      name = volume.value.name
    }}
  }}
}}
"#
        );
        workspace.main(&place, &format!("{text}{resource}")).apply().success();
        workspace.plan().no_changes();
        let (registered, _) = place.definition(family).expect("it was registered");
        assert_eq!(registered.container_definitions().len(), 3);
        assert_eq!(registered.volumes().len(), 4);
    }
}

/// The application hardened beside the sidecars; its volumes come out with the Agent's.
#[test]
fn the_applications_own_containers_are_hardened_where_asked() {
    let workspace = Workspace::offline(
        "sidecar-hardens",
        &orders(
            r#"
  container_definitions = [
    { name = "app", image = "nginx:1.27.0", essential = true, user = "101" },
    { name = "legacy", image = "nginx:1.27.0", essential = false, user = "101", readonlyRootFilesystem = false },
  ]
  application {
    read_only_root_filesystem = true
    writable_paths            = { app = ["/tmp"] }
  }
"#,
        ),
    );
    let outcome = workspace.apply().success().says("legacy: keeps its writable root filesystem");
    assert_eq!(outcome.output.matches("What you wrote was kept").count(), 1, "{}", outcome.output);
    let given = workspace.attributes("data.ddrofs_agent_sidecar.orders").expect("it was read");
    let all = parsed(&given["json"]);
    assert_eq!(all[2]["readonlyRootFilesystem"], json!(true));
    assert_eq!(all[3]["readonlyRootFilesystem"], json!(false));
    let mounts: Vec<_> = all[2]["mountPoints"].as_array().expect("mounts").iter().collect();
    assert_eq!(*mounts[1], json!({"containerPath": "/tmp", "sourceVolume": "app-tmp"}));
    let volumes: Vec<_> =
        given["volumes"].as_array().expect("volumes").iter().map(|volume| &volume["name"]).collect();
    assert_eq!(volumes, ["datadog-config", "datadog-run", "datadog-sockets", "datadog-tmp", "app-tmp"]);
    workspace.plan().no_changes();
}
