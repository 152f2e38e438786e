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

# For container_definitions of aws_ecs_task_definition.
output "container_definitions" {
  value = local.hardened.json
}

# For a dynamic "volume" block of aws_ecs_task_definition.
output "volumes" {
  value = local.hardened.volumes
}

output "changes" {
  value = local.hardened.changes
}
