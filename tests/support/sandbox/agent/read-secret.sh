#!/bin/sh
# /readsecret_multiple_providers.sh: what a handle of the form PROVIDER@PLACE stands for. The real one reads and writes JSON.
case $1 in
file@*) exec cat "${1#file@}" ;;
*)
    echo "no provider of secrets: $1" >&2
    exit 1
    ;;
esac
