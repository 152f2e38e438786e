# What only Nomad can evaluate.
variable "image" {
  default = "public.ecr.aws/datadog/agent:7.50.0"
}

locals {
  volumes = ["../alloc/x:/x"]
}

job "shop" {
  group "web" {
    task "agent" {
      driver = "docker"

      config {
        image           = var.image
        readonly_rootfs = true
        volumes         = concat(local.volumes, ["../alloc/run:/opt/datadog-agent/run"])
      }

      template {
        source      = "local/agent.env.tpl"
        destination = "secrets/agent.env"
        env         = true
      }
    }

    task "app" {
      driver = "docker"

      config {
        image           = "example.com/shop:${var.image}"
        readonly_rootfs = var.image == "x"
      }

      env = merge({ A = "1" }, { DD_TRACE_AGENT_URL = "unix:///nowhere" })
    }

    task "tool" {
      driver = "exec"

      config {
        command = "/bin/tool"
      }
    }

    dynamic "task" {
      for_each = ["a", "b"]
      labels   = [task.value]

      content {
        driver = "docker"
      }
    }
  }
}
