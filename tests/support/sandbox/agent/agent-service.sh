#!/bin/sh
# services.d/agent/run. The line in init.log is written whatever the Agent's own logging is set to; nothing fails without it.
echo "starting agent"
echo "starting agent" 2>/dev/null >>/var/log/datadog/init.log
exec agent run
