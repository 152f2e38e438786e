#!/bin/sh
# /bin/entrypoint.sh, the command of the image: the variable ENTRYPOINT chooses what runs.
name=${ENTRYPOINT:-_default}
case $name in
*/*)
    echo "entrypoint: ENTRYPOINT is a name and no path: $name" >&2
    exit 1
    ;;
esac
exec "/opt/entrypoints/$name" "$@"
