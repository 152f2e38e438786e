locals {
  # From any module, or from a file.
  written = jsonencode([
    { name = "app", image = "example.com/orders:1.4.2", essential = true, memory = 512 },
  ])

  hardened = provider::ddrofs::harden(local.written, {
    agent = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
      service            = "orders"
      env                = "prod"
    }
    application = {
      writable_paths = { app = ["/tmp"] }
    }
  })
}

# The task definition of hashicorp/aws takes the containers and the volumes.
resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/orders-execution"
  container_definitions    = local.hardened.json

  dynamic "volume" {
    for_each = local.hardened.volumes
    content { name = volume.value.name }
  }
}

output "changes" {
  value = local.hardened.changes
}
