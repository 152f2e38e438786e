#!/bin/sh
# services.d/trace/run.
echo "starting trace-agent"
echo "starting trace-agent" 2>/dev/null >>/var/log/datadog/init.log
exec trace-agent
