#!/bin/sh
if [ "$ECS_MANAGED_INSTANCES" != true ] || [ "$DD_ECS_DEPLOYMENT_MODE" != sidecar ]; then
    exit 0
fi
[ -e /etc/datadog-agent/datadog.yaml ] || ln -s /etc/datadog-agent/datadog-ecs.yaml /etc/datadog-agent/datadog.yaml
find /etc/datadog-agent/conf.d -name '*.yaml.default' -exec grep -L ad_identifiers {} + | xargs -r rm
