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

# With the AWS provider both results go here:
#
# resource "aws_ecs_task_definition" "orders" {
#   family                = "orders"
#   container_definitions = local.hardened.json
#   dynamic "volume" {
#     for_each = local.hardened.volumes
#     content { name = volume.value.name }
#   }
# }

output "container_definitions" {
  value = local.hardened.json
}

output "volumes" {
  value = local.hardened.volumes
}

output "changes" {
  value = local.hardened.changes
}
