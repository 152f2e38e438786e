//! `dynamic` blocks whose `for_each` is known at apply: planned without a guess, registered as they turn out.

use super::{arn, web};
use crate::harness::{Backend, Workspace};

/// `terraform_data.late.output` is this text, and unknown until it is created.
fn late(value: &str) -> String {
    format!("resource \"terraform_data\" \"late\" {{\n  input = {value}\n}}\n")
}

/// One block of that name if the text turns out not to be empty, as modules write it.
fn dynamic(name: &str, content: &str) -> String {
    format!(
        "  dynamic \"{name}\" {{\n    for_each = terraform_data.late.output != \"\" ? [1] : []\n    content {{\n{content}\n    }}\n  }}\n"
    )
}

/// A task for EC2, where more volumes are allowed than on Fargate.
fn on_ec2(further: &str) -> String {
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "web" {{
  family                = "web"
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{{ name = "app", image = "nginx:1.27.0", memory = 128 }}])
{further}}}
"#
    )
}

/// The service of the other stories with its Agent block replaced by this.
fn with_agent(further: &str) -> String {
    let text = web("web", "nginx:1.27.0", "");
    let begin = text.find("  agent {").expect("an agent block");
    let end = begin + text[begin..].find("\n  }\n").expect("the block ends") + "\n  }\n".len();
    format!("{}{further}{}", &text[..begin], &text[end..])
}

const KEY: &str =
    "api_key_secret_arn = \"arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf\"\n";

fn volume(inner: &str) -> String {
    format!("  volume {{\n    name = \"data\"\n{inner}  }}\n")
}

fn proxy() -> String {
    let properties = r#"{ IgnoredUID = "1337", ProxyIngressPort = "15000", ProxyEgressPort = "15001", AppPorts = "8080", EgressIgnoredIPs = "169.254.170.2" }"#;
    dynamic("proxy_configuration", &format!("container_name = \"app\"\n properties = {properties}"))
}

#[test]
fn blocks_known_at_apply_are_planned_and_registered() {
    let efs = |inner: &str| format!("file_system_id = \"fs-0123456789abcdef0\"\n{inner}");
    let authorization = dynamic("authorization_config", "iam = \"DISABLED\"");
    let efs_with_late_authorization = volume(&format!(
        "efs_volume_configuration {{\n{}\n}}\n",
        efs(&format!("transit_encryption = \"ENABLED\"\n{authorization}"))
    ));
    let severity = "severity = { floating-image-tag = \"off\" }";
    let waiver = dynamic(
        "waiver",
        "rule = \"root-filesystem-writable\"\n reason = \"vendor\"\n owner = \"web\"\n expires = \"9999-12-31\"",
    );
    let agent = |inner: &str| with_agent(&format!("  agent {{\n{KEY}{inner}  }}\n"));
    let cases = [
        ("volume", on_ec2(&dynamic("volume", "name = \"data\""))),
        ("docker", on_ec2(&volume(&dynamic("docker_volume_configuration", "scope = \"task\"")))),
        ("efs", on_ec2(&volume(&dynamic("efs_volume_configuration", &efs(""))))),
        ("authorization", on_ec2(&efs_with_late_authorization)),
        (
            "placement",
            on_ec2(&dynamic(
                "placement_constraints",
                "type = \"memberOf\"\n expression = \"attribute:a == b\"",
            )),
        ),
        ("runtime", on_ec2(&dynamic("runtime_platform", "operating_system_family = \"LINUX\""))),
        ("proxy", on_ec2(&proxy())),
        ("storage", with_agent(&dynamic("ephemeral_storage", "size_in_gib = 30"))),
        ("agent", with_agent(&dynamic("agent", KEY))),
        ("apm", agent(&dynamic("apm", "profiling = true"))),
        (
            "logs",
            agent(&dynamic(
                "log_configuration",
                "log_driver = \"awslogs\"\n options = { awslogs-group = \"/ecs\", awslogs-region = \"eu-west-1\", awslogs-stream-prefix = \"dd\" }",
            )),
        ),
        ("application", with_agent(&dynamic("application", "writable_paths = { app = [\"/tmp\"] }"))),
        ("policy", on_ec2(&dynamic("policy", severity))),
        ("waiver", on_ec2(&format!("  policy {{\n{waiver}  }}\n"))),
    ];
    for (name, text) in cases {
        for (turns_out, value) in [("one", "\"yes\""), ("none", "\"\"")] {
            if turns_out == "none" && name != "volume" && name != "agent" {
                continue;
            }
            let place = Backend::local();
            let workspace = Workspace::new(&format!("late-block-{name}-{turns_out}"));
            workspace.main(&place, &format!("{}{text}", late(value)));
            workspace.plan().changes().says("2 to add").does_not_say("bug in the provider");
            workspace.apply().success().says("2 added");
            let (registered, _) = place.definition(&arn("web", 1)).expect("it was registered");
            if name == "agent" {
                let containers = if turns_out == "one" { 3 } else { 1 };
                assert_eq!(registered.container_definitions().len(), containers);
            }
            workspace.plan().no_changes();

            // Another value that makes the same blocks, known at apply as well: nothing is registered again.
            if turns_out == "one" && matches!(name, "volume" | "apm") {
                workspace.main(&place, &format!("{}{text}", late("\"also\"")));
                workspace.plan().changes();
                workspace.apply().success();
                workspace.plan().no_changes();
                assert_eq!(place.definition("web").expect("it is there").0.revision(), 1, "{name}");
            }
        }
    }
}

/// What the function gives for an image that is not known yet goes where its page says.
#[test]
fn the_volumes_of_a_function_with_an_unknown_image_make_blocks() {
    let place = Backend::local();
    let workspace = Workspace::new("late-block-hardened");
    let text = format!(
        r#"
locals {{
  hardened = provider::ddrofs::harden([
    {{ name = "app", image = terraform_data.late.output, memory = 512, readonlyRootFilesystem = true }},
  ], {{
    agent       = {{ {KEY} }}
    application = {{ writable_paths = {{ app = ["/tmp"] }} }}
  }})
}}
resource "ddrofs_ecs_task_definition" "web" {{
  family                   = "web"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  container_definitions    = local.hardened.json
  dynamic "volume" {{
    for_each = local.hardened.volumes
    content {{ name = volume.value.name }}
  }}
}}
"#,
        KEY = KEY.trim()
    );
    workspace.main(&place, &format!("{}{text}", late("\"nginx:1.27.0\"")));
    workspace.plan().changes().says("2 to add");
    workspace.apply().success();
    let (registered, _) = place.definition(&arn("web", 1)).expect("it was registered");
    let volumes: Vec<_> = registered.volumes().iter().filter_map(|volume| volume.name()).collect();
    assert!(volumes.contains(&"app-tmp") && volumes.contains(&"datadog-run"), "{volumes:?}");
    workspace.plan().no_changes();
}
