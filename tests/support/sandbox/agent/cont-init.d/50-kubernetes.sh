#!/bin/sh
set -e
[ -n "$KUBERNETES" ] || exit 0
cd /etc/datadog-agent
if [ ! -e datadog.yaml ]; then
    if [ -S /var/run/docker.sock ]; then with=k8s-docker; else with=kubernetes; fi
    ln -s "/etc/datadog-agent/datadog-$with.yaml" datadog.yaml
fi
[ ! -e conf.d/kubelet.d/conf.yaml.example ] || mv conf.d/kubelet.d/conf.yaml.example conf.d/kubelet.d/conf.yaml.default
