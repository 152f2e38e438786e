#!/bin/sh
# /init: what s6-overlay 2.2 does with S6_READ_ONLY_ROOT=1. Everything it writes is below /var/run/s6, and scripts run from there.
s6=/var/run/s6

case $(id -u) in
0 | 100) ;;
*)
    echo "[s6-init] changing the owner of the copied scripts failed: user $(id -u) is neither root nor dd-agent" >&2
    exit 1
    ;;
esac

if ! mkdir -p "$s6/etc" || ! cp -R /etc/cont-init.d /etc/services.d "$s6/etc/"; then
    echo "[s6-init] $s6 is not writable" >&2
    exit 1
fi
echo "[s6-init] making user provided files available at $s6/etc...exited 0."

echo "[cont-init.d] executing container initialization scripts..."
for script in "$s6"/etc/cont-init.d/*; do
    name=${script##*/}
    echo "[cont-init.d] $name: executing..."
    "$script"
    status=$?
    echo "[cont-init.d] $name: exited $status."
    # 2: a failed script stops the container.
    if [ "$status" -ne 0 ] && [ "${S6_BEHAVIOUR_IF_STAGE2_FAILS:-0}" = 2 ]; then
        exit "$status"
    fi
done
echo "[cont-init.d] done."

# The end of the trace Agent leaves the container alive, that of the core Agent ends it.
"$s6/etc/services.d/trace/run"
exec "$s6/etc/services.d/agent/run"
