# An Agent with files of its own: the configuration of a check, and a check. No image has to be built for them, and the
# application's root filesystem and those of the sidecars are read-only.

terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "redis_host" {
  type    = string
  default = "redis.orders.internal"
}

data "ddrofs_agent_sidecar" "orders" {
  api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"

  service = "orders"
  env     = "prod"

  # The init container writes them below /etc/datadog-agent, over what the image has there, before the Agent starts.
  # They are part of the task definition and no place for a password: that is one of the Agent's secrets.
  config_files = {
    "conf.d/redisdb.d/conf.yaml" = yamlencode({
      ad_identifiers = ["redis"]
      init_config    = {}
      instances = [{
        host     = var.redis_host
        port     = 6379
        password = "%%env_REDIS_PASSWORD%%"
      }]
    })

    "conf.d/queue_depth.yaml" = yamlencode({
      instances = [{ queue = "orders" }]
    })

    "checks.d/queue_depth.py" = <<-EOT
      from datadog_checks.base import AgentCheck


      class QueueDepth(AgentCheck):
          def check(self, instance):
              self.gauge("queue.depth", 0, tags=["queue:" + instance["queue"]])
    EOT
  }

  secrets = {
    REDIS_PASSWORD = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf"
  }

  container_definitions = [
    { name = "app", image = "example.com/orders:1.4.2", essential = true },
  ]

  application {
    read_only_root_filesystem = true
  }
}

output "container_definitions" {
  value = data.ddrofs_agent_sidecar.orders.json
}
