#!/bin/sh
# find ends with 0 whatever became of the copies: a custom check that cannot be copied is gone without a word.
cd /conf.d && find -L . -name '*.yaml' -exec cp --parents -f {} /etc/datadog-agent/conf.d/ \; 2>/dev/null
cd /checks.d && find -L . -name '*.py' -exec cp --parents -f {} /etc/datadog-agent/checks.d/ \; 2>/dev/null
exit 0
