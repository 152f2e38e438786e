#!/bin/sh
# The trace Agent. Its variable wins over the file that the start scripts link, which may say off.
config=/etc/datadog-agent/datadog.yaml
in_file=$(sed -n '/^apm_config:/,/^[a-z]/s/^ *enabled: *//p' "$config" 2>/dev/null)
[ "${DD_APM_ENABLED:-${in_file:-true}}" = true ] || exit 0

if [ "${DD_DISABLE_FILE_LOGGING:-false}" != true ]; then
    { echo started >>"${DD_APM_LOG_FILE:-/var/log/datadog/trace-agent.log}"; } 2>/dev/null
fi
# In a container it is open to others by itself.
from=
[ "${DD_APM_NON_LOCAL_TRAFFIC:-true}" != true ] || from=0.0.0.0:
set -- "tcp:$from${DD_APM_RECEIVER_PORT:-8126}"
socket=${DD_APM_RECEIVER_SOCKET-/var/run/datadog/apm.socket}
[ -z "$socket" ] || set -- "$@" "stream:$socket"
exec perl /opt/datadog-agent/embedded/listen.pl leave "$@"
