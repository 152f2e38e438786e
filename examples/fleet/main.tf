# Fifty services that run already are brought under Terraform and moved to read-only root filesystems with the Datadog Agent
# beside each of them: one canary, a wave of a third, and the rest. The guide docs/guides/fleet-rollout.md goes through it, and
# begins with what runs:
#
#   terraform-provider-ddrofs audit --cluster prod --output html=audit.html

terraform {
  required_version = ">= 1.7"

  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "ecs_endpoint" {
  description = "URL of an ECS endpoint in place of AWS's own, for a run without an account."
  type        = string
  default     = null
}

variable "read_only" {
  description = "Whether the services get read-only root filesystems and the Agent. Without, the task definitions are what runs already."
  type        = bool
  default     = false
}

variable "writable_paths" {
  description = "Directories that a service writes to, by the name of the service."
  type        = map(list(string))
  default     = {}
}

locals {
  account = "123456789012"
  region  = "ap-northeast-1"

  # Family and service have one name here, and this is the image of each.
  images = jsondecode(file("${path.module}/services.json"))
}

provider "ddrofs" {
  region = local.region

  endpoints {
    ecs = var.ecs_endpoint
  }

  # What every Agent of the fleet shares.
  agent {
    image              = "public.ecr.aws/datadog/agent:7.81.1"
    site               = "datadoghq.com"
    api_key_secret_arn = "arn:aws:secretsmanager:${local.region}:${local.account}:secret:DdApiKeySecret-AbCdEf"
    env                = "prod"
  }
}

import {
  for_each = local.images
  to       = ddrofs_ecs_task_definition.service[each.key]
  id       = each.key
}

resource "ddrofs_ecs_task_definition" "service" {
  for_each = local.images

  family                   = each.key
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

  container_definitions = [
    {
      name         = "app"
      image        = each.value
      essential    = true
      portMappings = [{ containerPort = 8080 }]
    },
  ]

  dynamic "application" {
    for_each = var.read_only ? [true] : []

    content {
      read_only_root_filesystem = true
      writable_paths            = { app = lookup(var.writable_paths, each.key, ["/tmp"]) }
    }
  }

  dynamic "agent" {
    for_each = var.read_only ? [true] : []

    content {
      service = each.key
    }
  }
}

resource "ddrofs_ecs_rollout" "prod" {
  cluster  = "prod"
  services = { for name, task in ddrofs_ecs_task_definition.service : name => task.arn }

  wave {
    services  = ["alerts"]
    bake_time = "10m"
  }

  wave {
    percent   = 34
    bake_time = "10m"
  }

  wave {
    percent = 100
  }

  max_concurrent = 10
  on_failure     = "rollback"
}

output "summary" {
  value = ddrofs_ecs_rollout.prod.summary
}

output "moves" {
  value = ddrofs_ecs_rollout.prod.moves
}
