#!/bin/sh
set -e
cd /etc/datadog-agent/conf.d 2>/dev/null || exit 0
enable() { # CHECK
    [ ! -e "$1.d/conf.yaml.example" ] || mv "$1.d/conf.yaml.example" "$1.d/conf.yaml.default"
}
[ "$DD_SYSTEM_PROBE_CONFIG_ENABLE_TCP_QUEUE_LENGTH" != true ] || enable tcp_queue_length
[ "$DD_SYSTEM_PROBE_CONFIG_ENABLE_OOM_KILL" != true ] || enable oom_kill
