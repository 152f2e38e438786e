//! Stories of `ddrofs_ecs_task_definition`.

mod arguments;
mod behind_the_back;
mod drift;
mod drop_in;
mod equal_meaning;
mod exactly_one;
mod foreign;
mod hardened;
mod ignore_changes;
mod ignored;
mod import;
mod kept;
mod life_cycle;
mod migrate;
mod retention;
mod secrets;
mod tags;
mod timeouts;
mod unknown;
mod unknown_blocks;
mod verdicts;
mod written;

use crate::harness::CONFIGURATION_VALUE;

/// The resource's address in every story.
const WEB: &str = "ddrofs_ecs_task_definition.web";

/// A Fargate service with the Agent: `web` with this family and image, and further arguments.
fn web(family: &str, image: &str, further: &str) -> String {
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "web" {{
  family                   = "{family}"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"

  runtime_platform {{
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }}

  container_definitions = jsonencode([{{
    name                   = "app"
    image                  = "{image}"
    essential              = true
    readonlyRootFilesystem = true
    environment            = [{{ name = "GREETING", value = "{CONFIGURATION_VALUE}" }}]
    portMappings           = [{{ containerPort = 8080 }}]
  }}])

  agent {{
    service            = "web"
    env                = "test"
    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
  }}
  {further}
}}
"#
    )
}

/// The ARN of a revision in the stories' account and region.
pub(crate) fn arn(family: &str, revision: u32) -> String {
    format!("arn:aws:ecs:ap-northeast-1:123456789012:task-definition/{family}:{revision}")
}
