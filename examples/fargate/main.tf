# The Datadog Agent as a Fargate sidecar on a read-only root filesystem: five volumes, an init container that fills
# the configuration volume, and the Agent that waits for it. The data source renders it for a look, the resource
# registers it.

terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "ecs_endpoint" {
  description = "URL of an ECS endpoint in the place of AWS's own, for a run without an account."
  type        = string
  default     = null
}

variable "agent_image" {
  description = "Image of the Agent, which the init container runs too."
  type        = string
  default     = "public.ecr.aws/datadog/agent:7.81.1"
}

variable "containers" {
  description = "Containers of your own: they are wired to the Agent and judged with it. The article has none."
  type        = any
  default     = []
}

locals {
  account = "123456789012"
  region  = "ap-northeast-1"
}

provider "ddrofs" {
  region = local.region

  endpoints {
    ecs = var.ecs_endpoint
  }

  # What every Agent of the fleet shares.
  agent {
    image              = var.agent_image
    site               = "datadoghq.com"
    api_key_secret_arn = "arn:aws:secretsmanager:${local.region}:${local.account}:secret:DdApiKeySecret-AbCdEf"

    dogstatsd {
      port = 8125
    }

    log_configuration {
      log_driver = "awslogs"
      options = {
        awslogs-group         = "/ecs/datadog-agent-readonly"
        awslogs-region        = local.region
        awslogs-stream-prefix = "ecs"
        mode                  = "non-blocking"
        max-buffer-size       = "25m"
      }
    }
  }
}

data "ddrofs_agent_sidecar" "preview" {
  file_logging = true
}

resource "ddrofs_ecs_task_definition" "agent" {
  family                   = "datadog-agent-readonly"
  cpu                      = "1024"
  memory                   = "3072"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::${local.account}:role/ecsTaskExecutionRole"
  task_role_arn            = "arn:aws:iam::${local.account}:role/ecs-service-taskrole"

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = var.containers

  agent {
    file_logging = true
  }

  tags = {
    team = "monitoring"
  }
}

output "containers" {
  description = "What the data source renders: name, whether the root filesystem is read-only, and the mounts."
  value = [
    for container in jsondecode(data.ddrofs_agent_sidecar.preview.json) : {
      name                   = container.name
      readonlyRootFilesystem = container.readonlyRootFilesystem
      mounts                 = { for mount in container.mountPoints : mount.containerPath => mount.sourceVolume }
    }
  ]
}

output "volumes" {
  value = data.ddrofs_agent_sidecar.preview.volumes[*].name
}

output "verdicts" {
  value = ddrofs_ecs_task_definition.agent.verdicts
}

output "arn" {
  value = ddrofs_ecs_task_definition.agent.arn
}
