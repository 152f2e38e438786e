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

docker volume inspect datadog-config >/dev/null 2>&1 || docker volume create datadog-config >/dev/null
docker volume inspect datadog-run >/dev/null 2>&1 || docker volume create datadog-run >/dev/null
docker volume inspect datadog-sockets >/dev/null 2>&1 || docker volume create datadog-sockets >/dev/null

docker image inspect public.ecr.aws/datadog/agent:7.81.1 >/dev/null 2>&1 || docker pull public.ecr.aws/datadog/agent:7.81.1
image=$(docker image inspect --format '{{.Id}}' public.ecr.aws/datadog/agent:7.81.1)
wanted="38ba88b634aad70008da357476a2f6707b7484f1a4087d181b1a7030768be6de $image"
found=$(found datadog-agent)
case $found in ' '*) fail 'There is a container datadog-agent that this script did not start. Remove it, or give the Agent another container_name.' ;; esac
if [ "$found" = "$wanted" ] && ! holds datadog-agent "DD_API_KEY=$secret_1"; then found=outdated; fi
if [ "$found" = "$wanted" ]; then
	[ "$(docker container inspect --format '{{.State.Running}}' datadog-agent)" = true ] || docker start datadog-agent >/dev/null
else
	docker run --rm \
		--name datadog-init \
		--read-only \
		--restart no \
		--memory 128m \
		--mount type=volume,source=datadog-config,target=/opt/datadog-agent-config \
		public.ecr.aws/datadog/agent:7.81.1 sh -c 'set -u
from=/etc/datadog-agent
to=/opt/datadog-agent-config
fail() { echo "datadog-init: $1" >&2; exit 1; }
[ -n "$(ls -A "$from" 2>/dev/null)" ] || fail "nothing to copy: $from of the image is empty or missing"
[ -d "$to" ] || fail "no volume is mounted at $to"
copied="$to/.datadog-init"
find "$from" ! -type d -printf '\''%P\n'\'' >"$copied.new" || fail "listing $from failed"
if [ -f "$copied" ]; then
grep -vxFf "$copied.new" "$copied" | xargs -d '\''\n'\'' -I % rm -f -- "$to/%" || fail "removing what an earlier image had failed"
fi
mv -f "$copied.new" "$copied" || fail "writing $copied failed"
cp -RPpf "$from/." "$to/" || fail "copying $from to the volume at $to failed"
missing=
[ -n "$(ls -A "$to/conf.d" 2>/dev/null)" ] || missing="$missing conf.d (no integration checks);"
[ -e "$to/datadog-docker.yaml" ] || [ -e "$to/datadog.yaml" ] || missing="$missing datadog-docker.yaml (the Agent has no listener for containers);"
[ -z "$missing" ] || fail "not in the copy of $from:$missing check the image"
echo "datadog-init: $from copied to the volume"' || fail 'Container datadog-init failed. The Agent was left as it is.'
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
		--env 'A=$HOME `id` $(id) ${B:-c}' \
		--env DD_APM_ENABLED=true \
		--env DD_APM_RECEIVER_SOCKET=/var/run/datadog/apm.socket \
		--env DD_DISABLE_FILE_LOGGING=true \
		--env DD_DOGSTATSD_SOCKET=/var/run/datadog/dsd.socket \
		--env DD_SITE=datadoghq.com \
		--env DD_USE_DOGSTATSD=true \
		--env EMPTY= \
		--env 'QUOTES=it'\''s "so" \ it
is' \
		--env 'STARS=* ? [a] ~ # !' \
		--env DD_API_KEY \
		--mount type=volume,source=datadog-config,target=/etc/datadog-agent \
		--mount type=volume,source=datadog-run,target=/opt/datadog-agent/run \
		--mount type=volume,source=datadog-sockets,target=/var/run/datadog \
		--mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock,readonly \
		--mount type=bind,source=/proc/,target=/host/proc/,readonly \
		--mount type=bind,source=/sys/fs/cgroup/,target=/host/sys/fs/cgroup,readonly \
		--tmpfs /tmp:exec \
		--health-cmd 'sh -c '\''test '\''\'\'''\''a'\''\'\'''\'' = "$X"'\''' \
		--health-interval 15s \
		--health-timeout 5s \
		--health-retries 3 \
		--health-start-period 60s \
		--label ddrofs.definition=38ba88b634aad70008da357476a2f6707b7484f1a4087d181b1a7030768be6de \
		public.ecr.aws/datadog/agent:7.81.1 >/dev/null
fi
