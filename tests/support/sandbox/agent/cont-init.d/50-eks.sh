#!/bin/sh
set -e
[ -n "$DD_EKS_FARGATE" ] || exit 0
cd /etc/datadog-agent
[ -e datadog.yaml ] || ln -s /etc/datadog-agent/datadog-kubernetes.yaml datadog.yaml
find conf.d -name '*.yaml.default' -exec rm {} +
for check in kubelet eks_fargate; do
    mv "conf.d/$check.d/conf.yaml.example" "conf.d/$check.d/conf.yaml.default"
done
