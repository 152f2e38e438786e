#!/bin/sh
# Starts the Datadog Agent on a root filesystem that is read-only. Run it again at any time: what is as it should be stays, and what
# has changed is replaced.
# shellcheck disable=SC1003,SC2016 # What stands between single quotes is for the container or for Docker, not for this shell.
set -eu

fail() {
	printf '%s\n' "datadog: $1" >&2
	exit 1
}

# The definition and the image that a container was started with; nothing where there is no such container.
found() {
	docker container inspect --format '{{index .Config.Labels "ddrofs.definition"}} {{.Image}}' "$1" 2>/dev/null || :
}

# Whether a container was given this variable with this value.
holds() {
	case "
$(docker container inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$1")
" in
	*"
$2
"*) return 0 ;;
	esac
	return 1
}

docker version >/dev/null || fail 'Docker does not answer.'

# Secrets are the machine's and never part of this text.
secret_1=${DD_API_KEY:?set it to the value of DD_API_KEY}

docker volume inspect datadog-config-7.81.1 >/dev/null 2>&1 || docker volume create datadog-config-7.81.1 >/dev/null
docker volume inspect datadog-run >/dev/null 2>&1 || docker volume create datadog-run >/dev/null
docker volume inspect datadog-sockets >/dev/null 2>&1 || docker volume create datadog-sockets >/dev/null

docker image inspect example.com/shop/agent:7.81.1 >/dev/null 2>&1 || docker pull example.com/shop/agent:7.81.1
image=$(docker image inspect --format '{{.Id}}' example.com/shop/agent:7.81.1)
wanted="9da07b844409bc934acc0902da81f7e1bb9ab8c9d7c7f22f9845b0472033bcb7 $image"
found=$(found datadog-agent)
case $found in ' '*) fail 'There is a container datadog-agent that this script did not start. Remove it, or give the Agent another container_name.' ;; esac
if [ "$found" = "$wanted" ] && ! holds datadog-agent "DD_API_KEY=$secret_1"; then found=outdated; fi
if [ "$found" = "$wanted" ]; then
	[ "$(docker container inspect --format '{{.State.Running}}' datadog-agent)" = true ] || docker start datadog-agent >/dev/null
else
	if [ -n "$found" ]; then
		docker stop datadog-agent >/dev/null
		docker rm datadog-agent >/dev/null
	fi
	DD_API_KEY="$secret_1" docker run --detach \
		--name datadog-agent \
		--read-only \
		--restart unless-stopped \
		--pid host \
		--memory-reservation 256m \
		--stop-timeout 30 \
		--env DD_APM_ENABLED=true \
		--env DD_APM_RECEIVER_SOCKET=/var/run/datadog/apm.socket \
		--env DD_DISABLE_FILE_LOGGING=true \
		--env DD_DOGSTATSD_SOCKET=/var/run/datadog/dsd.socket \
		--env DD_SITE=datadoghq.com \
		--env DD_USE_DOGSTATSD=true \
		--env DD_API_KEY \
		--mount type=volume,source=datadog-config-7.81.1,target=/etc/datadog-agent \
		--mount type=volume,source=datadog-run,target=/opt/datadog-agent/run \
		--mount type=volume,source=datadog-sockets,target=/var/run/datadog \
		--mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock,readonly \
		--mount type=bind,source=/proc/,target=/host/proc/,readonly \
		--mount type=bind,source=/sys/fs/cgroup/,target=/host/sys/fs/cgroup,readonly \
		--tmpfs /tmp:exec \
		--health-cmd 'agent health 2>/dev/null' \
		--health-interval 15s \
		--health-timeout 5s \
		--health-retries 3 \
		--health-start-period 60s \
		--label ddrofs.definition=9da07b844409bc934acc0902da81f7e1bb9ab8c9d7c7f22f9845b0472033bcb7 \
		example.com/shop/agent:7.81.1 >/dev/null
fi
