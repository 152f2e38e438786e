#!/bin/sh
# /opt/entrypoints/_default: the supervisor, which runs the start scripts and then the services.
exec /init "$@"
