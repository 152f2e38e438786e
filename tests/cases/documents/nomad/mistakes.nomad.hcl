# What goes wrong most often.
job "shop" {
  group "web" {
    volume "state" {
      type      = "host"
      source    = "datadog-state"
      read_only = true
    }

    task "dd-init" {
      driver = "docker"

      config {
        image           = "public.ecr.aws/datadog/agent:7.70.0"
        readonly_rootfs = true
        command         = "sh"
        args            = ["-c", "cp -r /etc/datadog-agent/. /config"]
        volumes         = ["../alloc/dd-config:/config"]
      }
    }

    task "dd-agent" {
      driver = "docker"

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        volumes = [
          "../alloc/dd-config:/etc/datadog-agent",
          "../alloc/dd-sockets:/var/run/datadog:ro",
        ]
      }

      volume_mount {
        volume      = "state"
        destination = "/opt/datadog-agent/run"
      }

      env {
        DD_SITE        = "datadoghq.og"
        DD_LOG_ENABLED = "true"
        DD_APM_ENABLED = "false"
      }

      template {
        data        = "DD_API_KEY={{ with nomadVar \"nomad/jobs/datadog-agent\" }}{{ .key }}{{ end }}"
        destination = "secrets/dd.env"
        env         = true
      }
    }

    task "on-a-socket" {
      driver = "docker"

      config {
        image           = "example.com/shop:1.4.2"
        readonly_rootfs = true
      }

      env {
        DD_DOGSTATSD_URL = "unix:///var/run/datadog/dsd.socket"
        DB_PASSWORD      = "hunter2"
      }
    }

    task "traces" {
      driver = "docker"

      config {
        image           = "example.com/shop:1.4.2"
        readonly_rootfs = true
        volumes         = ["../alloc/dd-sockets:/var/run/datadog"]
      }

      env {
        DD_TRACE_AGENT_URL = "unix:///var/run/datadog/apm.socket"
      }
    }
  }

  group "own-directories" {
    task "init" {
      driver = "docker"

      lifecycle {
        hook = "prestart"
      }

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        command         = "cp"
        args            = ["-RPpf", "/etc/datadog-agent/.", "/config/"]
        volumes         = ["local/config:/config"]
      }
    }

    task "agent" {
      driver = "docker"

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        volumes = [
          "local/config:/etc/datadog-agent",
          "local/run:/opt/datadog-agent/run",
          "local/sockets:/var/run/datadog",
        ]
      }

      env {
        DD_API_KEY = "0123456789abcdef0123456789abcdef"
      }
    }

    task "app" {
      driver = "docker"

      config {
        image           = "example.com/shop:1.4.2"
        readonly_rootfs = true
        volumes         = ["local/sockets:/var/run/datadog"]
      }

      env {
        DD_TRACE_AGENT_URL = "unix:///var/run/datadog/apm.socket"
      }
    }
  }
}
