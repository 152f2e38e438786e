# An Agent that nothing is wrong with, written by hand.
job "shop" {
  type = "service"

  group "web" {
    network {
      mode = "bridge"
    }

    task "prepare" {
      driver = "docker"
      user   = "0"

      lifecycle {
        hook = "prestart"
      }

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        entrypoint      = ["sh", "-c"]
        args            = ["cp -RPpf /etc/datadog-agent/. ${NOMAD_ALLOC_DIR}/dd/config/"]
      }
    }

    task "agent" {
      driver = "docker"

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true

        mount {
          type   = "bind"
          source = "../alloc/dd/config"
          target = "/etc/datadog-agent"
        }

        volumes = [
          "../alloc/dd/run:/opt/datadog-agent/run",
          "../alloc/dd/sockets:/var/run/datadog",
          "../alloc/dd/s6:/var/run/s6",
        ]
      }

      env {
        DD_SITE     = "datadoghq.eu"
        DD_HOSTNAME = node.unique.name
      }

      template {
        destination = "secrets/dd.env"
        env         = true
        data        = <<-EOT
          {{- with nomadVar "nomad/jobs/shop/web" }}
          DD_API_KEY={{ .api_key }}
          {{- end }}
        EOT
      }
    }

    task "app" {
      driver = "docker"

      config {
        image           = "example.com/shop/web:1.4.2"
        readonly_rootfs = true
      }

      env {
        DD_TRACE_AGENT_URL = "unix://${NOMAD_ALLOC_DIR}/dd/sockets/apm.socket"
        DD_DOGSTATSD_URL   = "udp://127.0.0.1:8125"
      }
    }
  }
}
