# An application on Fargate, made read-only, and the Datadog Agent beside it, read-only as well: an init container fills
# the volume with the Agent's configuration, the Agent waits for it, and the application reaches the Agent through sockets.

terraform {
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

variable "agent_image" {
  description = "Image of the Agent, which the init container runs too."
  type        = string
  default     = "public.ecr.aws/datadog/agent:7.81.1"
}

variable "containers" {
  description = "Containers of your own. Nothing in them speaks of the Agent or of read-only root filesystems."
  type        = any
  default = [
    {
      name         = "orders"
      image        = "example.com/orders:1.4.2"
      essential    = true
      portMappings = [{ containerPort = 8080 }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = "/ecs/orders"
          awslogs-region        = "ap-northeast-1"
          awslogs-stream-prefix = "ecs"
          mode                  = "non-blocking"
          max-buffer-size       = "25m"
        }
      }
    },
  ]
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
        awslogs-group         = "/ecs/datadog-agent"
        awslogs-region        = local.region
        awslogs-stream-prefix = "ecs"
        mode                  = "non-blocking"
        max-buffer-size       = "25m"
      }
    }
  }
}

resource "ddrofs_ecs_task_definition" "orders" {
  family                   = "orders"
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

  application {
    read_only_root_filesystem = true
    writable_paths            = { orders = ["/tmp", "/var/cache/orders"] }
  }

  agent {
    service      = "orders"
    env          = "prod"
    file_logging = true
  }

  tags = {
    team = "checkout"
  }
}

output "verdicts" {
  value = ddrofs_ecs_task_definition.orders.verdicts
}

output "arn" {
  value = ddrofs_ecs_task_definition.orders.arn
}
