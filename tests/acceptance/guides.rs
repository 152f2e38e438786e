//! The guides for those who come from elsewhere, followed from their first line to their last.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Backend, Installation, Tool, Workspace};
use crate::task_definition::arn;

const ORDERS: &str = "ddrofs_ecs_task_definition.orders";

/// The blocks of a guide that are in this language.
fn blocks(guide: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides").join(guide);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let begins = format!("```{language}\n");
    let inside = text.split(&begins).skip(1).filter_map(|rest| rest.split("```").next());
    inside.map(str::to_owned).collect()
}

/// From a file to an import that changes nothing, and on to an Agent; and from what ECS describes, as CDK's users have it.
#[test]
fn a_json_file_is_imported_without_a_change_and_then_hardened() {
    let guide = "coming-from-json-or-cdk.md";
    let [json] = <[String; 1]>::try_from(blocks(guide, "json")).expect("the file");
    let [imported, hardened] = <[String; 2]>::try_from(blocks(guide, "terraform")).expect("the two steps");
    let place = Backend::local();

    let first = Workspace::new("guide-json-first");
    let (registering, import) = imported.split_once("import {").expect("it imports");
    first.write("task-definition.json", &json).main(&place, registering).apply().success();

    let workspace = Workspace::new("guide-json");
    workspace.write("task-definition.json", &json).main(&place, &imported);
    workspace.apply().success().says("1 imported, 0 added, 0 changed, 0 destroyed");
    assert_eq!(workspace.attributes(ORDERS).expect("it is there")["arn"], arn("orders", 1));
    workspace.plan().no_changes();

    // "In the same way" with what `aws ecs describe-task-definition` prints.
    let described = Workspace::new("guide-cdk");
    let mut task: Value = serde_json::from_str(&json).expect("the guide's file is JSON");
    task["revision"] = json!(1);
    task["status"] = json!("ACTIVE");
    task["taskDefinitionArn"] = json!(arn("orders", 1));
    described.write("task-definition.json", &json!({ "taskDefinition": task, "tags": [] }).to_string());
    let read = imported.replace(
        "jsondecode(file(\"${path.module}/task-definition.json\"))",
        "jsondecode(file(\"${path.module}/task-definition.json\")).taskDefinition",
    );
    assert_ne!(read, imported);
    described.main(&place, &read);
    described.apply().success().says("1 imported, 0 added, 0 changed, 0 destroyed");

    let (head, blocks) = hardened.split_once("  # The arguments as they were.\n").expect("it says so");
    let (_, arguments) = registering.split_once(head).expect("it is the same resource");
    let (locals, _) = registering.split_once("resource ").expect("it begins with the file");
    let arguments = arguments.trim_end().strip_suffix('}').expect("the resource ends");
    workspace.main(&place, &format!("{locals}{head}{arguments}{blocks}\nimport {{{import}"));
    workspace.apply().success().says("0 added, 1 changed, 0 destroyed").does_not_say("Warning: ");
    let attributes = workspace.attributes(ORDERS).expect("it is there");
    assert_eq!(attributes["verdicts"]["ECS.5"], "PASSED");
    assert_eq!(attributes["arn"], arn("orders", 2));
    workspace.plan().no_changes();
}

/// The state is the module's: its resource in its module, with its containers beside the application.
#[test]
fn datadogs_module_is_followed_by_a_resource_with_one_revision_and_nothing_destroyed() {
    let [after] =
        <[String; 1]>::try_from(blocks("coming-from-datadogs-module.md", "terraform")).expect("one");
    let place = Backend::local();
    let container = |name: &str, more: Value| {
        let mut container = json!({ "name": name, "image": "public.ecr.aws/datadog/agent:latest", "essential": false,
            "readonlyRootFilesystem": true, "mountPoints": [{ "sourceVolume": "agent-config", "containerPath": "/etc/datadog-agent" }] });
        container.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        container
    };
    let secret = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf";
    let containers = json!([
        { "name": "app", "image": "example.com/orders:1.4.2", "essential": true, "user": "1000", "readonlyRootFilesystem": true },
        container("init-volume", json!({ "command": ["/bin/sh", "-c", "cp -vnR /etc/datadog-agent/* /agent-config/"],
            "mountPoints": [{ "sourceVolume": "agent-config", "containerPath": "/agent-config" }] })),
        container("datadog-agent", json!({ "secrets": [{ "name": "DD_API_KEY", "valueFrom": secret }],
            "environment": [{ "name": "ECS_FARGATE", "value": "true" }],
            "dependsOn": [{ "containerName": "init-volume", "condition": "SUCCESS" }] })),
    ]);
    let role = "arn:aws:iam::123456789012:role/orders-execution";
    let first = Workspace::new("guide-module-first");
    first.main(
        &place,
        &format!(
            "resource \"ddrofs_ecs_task_definition\" \"orders\" {{\n  family = \"orders\"\n  cpu = 512\n  memory = 1024\n  \
             network_mode = \"awsvpc\"\n  requires_compatibilities = [\"FARGATE\"]\n  execution_role_arn = \"{role}\"\n  \
             volume {{ name = \"agent-config\" }}\n  policy {{ severity = {{ \"writable-path-not-mounted\" = \"warning\" }} }}\n  \
             container_definitions = {:?}\n}}\n",
            containers.to_string()
        ),
    );
    first.apply().success();

    let workspace = Workspace::with("guide-module", Tool::terraform(), Installation::OverrideBesideAws);
    let volume = json!({ "name": "agent-config", "host_path": "", "configure_at_launch": false, "docker_volume_configuration": [],
        "efs_volume_configuration": [], "fsx_windows_file_server_volume_configuration": [] });
    let mut attributes = json!({
        "arn": arn("orders", 1), "arn_without_revision": arn("orders", 1).trim_end_matches(":1"), "id": "orders",
        "family": "orders", "revision": 1, "cpu": "512", "memory": "1024", "network_mode": "awsvpc",
        "requires_compatibilities": ["FARGATE"], "execution_role_arn": role, "task_role_arn": "",
        "container_definitions": containers.to_string(), "volume": [volume],
    });
    let unset = json!({
        "enable_fault_injection": false, "ephemeral_storage": [], "ipc_mode": "", "pid_mode": "", "placement_constraints": [],
        "proxy_configuration": [], "runtime_platform": [], "skip_destroy": false, "track_latest": false, "tags": null,
        "tags_all": {}, "region": "ap-northeast-1",
    });
    attributes.as_object_mut().unwrap().extend(unset.as_object().unwrap().clone());
    let resource = json!({
        "module": "module.orders", "mode": "managed", "type": "aws_ecs_task_definition", "name": "this",
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": [{ "schema_version": 1, "attributes": attributes }],
    });
    let state = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "f6f1cf2b-0000-4000-8000-000000000001",
        "outputs": {}, "resources": [resource],
    });
    workspace.write("terraform.tfstate", &state.to_string()).main(&place, &after);
    workspace
        .apply()
        .success()
        .says("(moved from module.orders.aws_ecs_task_definition.this)")
        .says("0 added, 1 changed, 0 destroyed")
        .says("- container init-volume")
        .does_not_say("Warning: ");
    let attributes = workspace.attributes(ORDERS).expect("it is there");
    assert_eq!(
        (&attributes["arn"], &attributes["verdicts"]["ECS.5"]),
        (&json!(arn("orders", 2)), &json!("PASSED"))
    );
    workspace.plan().no_changes();
}

/// What the guide says of each step, and on the first page each action of ECS that a life of the resource takes.
#[test]
fn in_five_minutes_there_is_a_verdict_a_mistake_is_told_and_a_revision_is_registered() {
    let [sidecar, enforced, registered] =
        <[String; 3]>::try_from(blocks("in-five-minutes.md", "terraform")).expect("the three steps");
    let mut workspace = Workspace::new("guide-five-minutes");
    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.write("main.tf", &sidecar).apply().success().does_not_say("Warning: ");
    assert_eq!(workspace.output_value("verdict"), "PASSED");
    let names = workspace.output_value("containers");
    let names: Vec<&Value> = names.as_array().unwrap().iter().map(|container| &container["name"]).collect();
    assert_eq!(names, ["datadog-init", "datadog-agent", "app"]);

    let (before, block) = sidecar.split_once("\n  application {").expect("it has the block");
    let (_, after) = block.split_once("\n  }\n").expect("the block ends");
    let writable = format!("{before}\n{after}");
    let writes = "A container has a writable root filesystem";
    workspace.write("main.tf", &writable).plan().changes().says(&format!("Warning: {writes}"));
    workspace.write("main.tf", &format!("{writable}\n{enforced}")).plan().failure().says(writes);
    let misspelt = sidecar.replace("essential =", "esential =");
    workspace.write("main.tf", &misspelt).plan().failure().says("ECS does not know this key");

    let place = Backend::local();
    let workspace = Workspace::new("guide-five-minutes-registered");
    workspace.main(&place, &registered).apply().success().says("1 added, 0 changed, 0 destroyed");
    workspace.plan().no_changes();
    let tagged = registered.replace("  agent {", "  tags = { team = \"orders\" }\n\n  agent {");
    workspace.main(&place, &tagged).apply().success().says("0 added, 1 changed, 0 destroyed");
    workspace.main(&place, &registered).apply().success();
    workspace.destroy().success();
    let first_page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/index.md")).unwrap();
    let actions =
        first_page.lines().find(|line| line.starts_with("| `ddrofs_ecs_task_definition` |")).unwrap();
    let asked = place.server().requests();
    assert!(asked.len() > 6, "{asked:?}");
    for request in asked {
        assert!(actions.contains(&format!("`ecs:{}`", request.operation)), "{}", request.operation);
    }
}
