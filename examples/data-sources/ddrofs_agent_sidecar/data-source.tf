variable "release" {
  type    = string
  default = "1.4.2"
}

data "ddrofs_agent_sidecar" "orders" {
  api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"

  service = "orders"
  env     = "prod"
  version = var.release

  log_configuration {
    log_driver = "awslogs"
    options = {
      awslogs-group         = "/ecs/orders"
      awslogs-region        = "ap-northeast-1"
      awslogs-stream-prefix = "datadog"
      mode                  = "non-blocking"
    }
  }

  # The application is wired to the Agent and merged in.
  container_definitions = [
    {
      name      = "app"
      image     = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/orders:${var.release}"
      essential = true
      user      = "1000"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = "/ecs/orders"
          awslogs-region        = "ap-northeast-1"
          awslogs-stream-prefix = "app"
          mode                  = "non-blocking"
        }
      }
    }
  ]

  # Its own root filesystem becomes read-only as well. Without tmpfs_size the path would become a volume, which belongs
  # to root at first and not to user 1000.
  application {
    read_only_root_filesystem = true
    writable_paths            = { app = ["/tmp"] }
    tmpfs_size                = 64
  }
}

# The task definition of hashicorp/aws takes the containers and the volumes.
resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/orders-execution"
  container_definitions    = data.ddrofs_agent_sidecar.orders.json

  dynamic "volume" {
    for_each = data.ddrofs_agent_sidecar.orders.volumes
    content { name = volume.value.name }
  }
}

output "container_definitions" {
  value = data.ddrofs_agent_sidecar.orders.json
}
