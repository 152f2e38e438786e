#!/bin/sh
# The core Agent and its command line. Lines that begin with `seen: ` are what tests look for.
config=/etc/datadog-agent
run=${DD_RUN_PATH:-/opt/datadog-agent/run}
token=${DD_AUTH_TOKEN_FILE_PATH:-$config/auth_token}
certificate=${DD_IPC_CERT_FILE_PATH:-${token%/*}/ipc_cert.pem}

writes() { # FILE
    { echo made >>"$1"; } 2>/dev/null
}

has_listener() { # NAME
    grep -qs -e "^ *- name: $1\$" "$config/datadog.yaml"
}

# Ad identifiers name what the listener of a platform finds; without that listener such a check is never scheduled.
schedule_checks() {
    for folder in "$config"/conf.d/*.d; do
        name=${folder##*/}
        name=${name%.d}
        for file in "$folder/conf.yaml" "$folder/conf.yaml.default"; do
            [ -f "$file" ] || continue
            if [ -r "$file" ] && { ! grep -q ad_identifiers "$file" || is_found "$name"; }; then
                echo "seen: check $name is scheduled"
            fi
            break
        done
    done
}

is_found() { # CHECK
    case $1 in
    ecs_fargate) has_listener ecs && { [ -n "${ECS_FARGATE:-}" ] || [ "${AWS_EXECUTION_ENV:-}" = AWS_ECS_FARGATE ]; } ;;
    docker) has_listener docker && [ -S /var/run/docker.sock ] ;;
    kubelet) has_listener kubelet ;;
    *) false ;;
    esac
}

# A handle is resolved by the program that the secret backend is, and is what is sent where there is none.
find_key() {
    key=$DD_API_KEY
    case $key in
    ENC\[*\])
        [ -n "${DD_SECRET_BACKEND_COMMAND:-}" ] || return 0
        handle=${key#ENC?}
        key=$("$DD_SECRET_BACKEND_COMMAND" "${handle%?}")
        ;;
    esac
}

case ${1:-run} in
run)
    find_key || exit 1
    [ "${#key}" -ne 32 ] || echo "seen: has an API key"
    for file in "$token" "$certificate"; do
        if ! [ -r "$file" ] && ! writes "$file"; then
            echo "seen: the API server does not start: $file cannot be written" >&2
            exit 1
        fi
    done
    writes "$run/remote-config.db" && echo "seen: Remote Configuration is on"
    writes "$run/registry.json" && echo "seen: offsets of logs are kept"
    if [ "${DD_DISABLE_FILE_LOGGING:-false}" != true ]; then
        writes "${DD_LOG_FILE:-/var/log/datadog/agent.log}" || echo "agent.log cannot be written" >&2
    fi
    echo "seen: runs as user $(id -u)"
    echo "seen: sends to ${DD_SITE:-datadoghq.com}"
    schedule_checks
    set -- tcp:5001
    if [ "${DD_USE_DOGSTATSD:-true}" = true ]; then
        port=${DD_DOGSTATSD_PORT:-8125}
        from=
        [ "${DD_DOGSTATSD_NON_LOCAL_TRAFFIC:-false}" != true ] || from=0.0.0.0:
        [ "$port" = 0 ] || set -- "$@" "udp:$from$port"
        socket=${DD_DOGSTATSD_SOCKET-/var/run/datadog/dsd.socket}
        [ -z "$socket" ] || set -- "$@" "datagram:$socket"
    fi
    exec perl /opt/datadog-agent/embedded/listen.pl stay "$@"
    ;;
health)
    [ -r "$token" ] || exit 1
    exec perl /opt/datadog-agent/embedded/listen.pl is-there tcp:5001
    ;;
flare)
    work=$(mktemp -d /tmp/flare.XXXXXX) || exit 1
    cp -R "$config" "$work/" && echo "seen: a flare is made"
    rm -rf "$work"
    ;;
*)
    echo "agent: there is no command $1" >&2
    exit 255
    ;;
esac
