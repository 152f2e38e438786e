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

        logging {
          type = "json-file"

          config {
            max-file = "3"
            max-size = "10m"
          }
        }
      }

      resources {
        memory = 128
      }
    }

    task "datadog-agent" {
      driver       = "docker"
      kill_timeout = "45s"

      config {
        image           = "public.ecr.aws/datadog/agent:7.81.1"
        readonly_rootfs = true
        labels = [{
          "com.example/x" = "$${node.class}"
          owner = "platform"
        }]
        memory_hard_limit = 512
        volumes = [
          "../alloc/datadog-config:/etc/datadog-agent",
          "../alloc/datadog-run:/opt/datadog-agent/run",
          "../alloc/datadog-sockets:/var/run/datadog",
          "../alloc/datadog-tmp:/tmp",
          "../alloc/datadog-logs:/var/log/datadog",
          "../alloc/datadog-s6:/var/run/s6",
        ]

        logging {
          type = "json-file"

          config {
            max-file = "3"
            max-size = "10m"
          }
        }
      }

      env {
        DD_APM_ENABLED                       = "true"
        DD_APM_RECEIVER_PORT                 = "8126"
        DD_APM_RECEIVER_SOCKET               = "/var/run/datadog/apm.socket"
        DD_CHECKS_TAG_CARDINALITY            = "orchestrator"
        DD_CLUSTER_NAME                      = "main"
        DD_DOGSTATSD_ORIGIN_DETECTION        = "true"
        DD_DOGSTATSD_ORIGIN_DETECTION_CLIENT = "true"
        DD_DOGSTATSD_PORT                    = "8125"
        DD_DOGSTATSD_SOCKET                  = "/var/run/datadog/dsd.socket"
        DD_DOGSTATSD_TAG_CARDINALITY         = "high"
        DD_ENV                               = "prod"
        DD_HOSTNAME                          = "$${node.unique.name}"
        DD_LOG_FORMAT_JSON                   = "true"
        DD_LOG_LEVEL                         = "warn"
        DD_PROXY_HTTPS                       = "http://proxy:3128"
        DD_SERVICE                           = "orders"
        DD_SITE                              = "datadoghq.eu"
        DD_TAGS                              = "cost:42 team:shop"
        DD_USE_DOGSTATSD                     = "true"
        DD_VERSION                           = "1.2.3"
      }

      template {
        env                  = true
        destination          = "secrets/datadog.env"
        data                 = "DD_API_KEY={{ with nomadVar \"nomad/jobs/datadog-agent\" }}{{ .api_key.Value | toJSON }}{{ end }}\nDD_APP_KEY={{ with nomadVar \"nomad/jobs/datadog-agent\" }}{{ .app_key.Value | toJSON }}{{ end }}\n"
        error_on_missing_key = true
      }

      resources {
        cpu    = 128
        memory = 384
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
          args     = ["-c", "agent health 2>/dev/null"]
          interval = "15s"
          timeout  = "5s"
        }
      }
    }
  }
}
