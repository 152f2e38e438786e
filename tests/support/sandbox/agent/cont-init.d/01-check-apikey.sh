#!/bin/sh
if [ -z "$DD_API_KEY" ]; then
    echo "DD_API_KEY is not set: the Agent cannot send anything" >&2
    exit 1
fi
