#!/bin/sh
set -e
[ -n "$DD_INSIDE_CI" ] || exit 0
[ -e /etc/datadog-agent/datadog.yaml ] || ln -s /etc/datadog-agent/datadog-ci.yaml /etc/datadog-agent/datadog.yaml
find /etc/datadog-agent/conf.d -name '*.yaml.default' -exec rm {} +
