job "datadog-agent" {
  type = "service"

  group "datadog-agent" {
    task "datadog-init" {
      driver = "docker"

      lifecycle {
        hook    = "prestart"
        sidecar = false
      }

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        command         = "sh"
        args = [
          "-c",
          "set -u\nfrom=/etc/datadog-agent\nto=/opt/datadog-agent-config\nfail() { echo \"datadog-init: $1\" >&2; exit 1; }\n[ -n \"$(ls -A \"$from\" 2>/dev/null)\" ] || fail \"nothing to copy: $from of the image is empty or missing\"\n[ -d \"$to\" ] || fail \"no volume is mounted at $to\"\ncp -RPpf \"$from/.\" \"$to/\" || fail \"copying $from to the volume at $to failed\"\nmissing=\n[ -n \"$(ls -A \"$to/conf.d\" 2>/dev/null)\" ] || missing=\"$missing conf.d (no integration checks);\"\n[ -z \"$missing\" ] || fail \"not in the copy of $from:$missing check the image\"\necho \"datadog-init: $from copied to the volume\"",
        ]
        volumes = ["../alloc/datadog-config:/opt/datadog-agent-config"]
      }

      resources {
        memory = 128
      }
    }

    task "datadog-agent" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        labels          = [{ sale = "50 %%%{ off } $${NOMAD_ALLOC_ID}" }]
        volumes = [
          "../alloc/datadog-config:/etc/datadog-agent",
          "../alloc/datadog-run:/opt/datadog-agent/run",
          "../alloc/datadog-sockets:/var/run/datadog",
          "../alloc/datadog-tmp:/tmp",
          "../alloc/datadog-s6:/var/run/s6",
        ]
      }

      env {
        A                       = "$HOME $${B} $$${C} %%{ if x }"
        DD_APM_ENABLED          = "true"
        DD_APM_RECEIVER_SOCKET  = "/var/run/datadog/apm.socket"
        DD_DISABLE_FILE_LOGGING = "true"
        DD_DOGSTATSD_SOCKET     = "/var/run/datadog/dsd.socket"
        DD_HOSTNAME             = "$${node.unique.name}"
        DD_SITE                 = "datadoghq.com"
        DD_USE_DOGSTATSD        = "true"
        LINES                   = "a\nb\tc"
        QUOTE                   = "a \"b\" \\ c"
      }

      template {
        env                  = true
        destination          = "secrets/datadog.env"
        data                 = "DD_API_KEY={{ with nomadVar \"nomad/jobs/datadog-agent\" }}{{ .api_key.Value | toJSON }}{{ end }}\n"
        error_on_missing_key = true
      }

      resources {
        memory = 512
      }

      restart {
        attempts = 3
        delay    = "15s"
        interval = "5m"
        mode     = "delay"
      }

      service {
        name     = "datadog-agent"
        provider = "consul"

        check {
          type     = "script"
          command  = "/bin/sh"
          name     = "datadog-agent is healthy"
          args     = ["-c", "agent health && test $X"]
          interval = "15s"
          timeout  = "5s"
        }
      }
    }
  }
}
