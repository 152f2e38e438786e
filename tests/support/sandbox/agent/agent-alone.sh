#!/bin/sh
# /opt/entrypoints/agent: the core Agent without the supervisor, and so without the start scripts.
exec agent run
