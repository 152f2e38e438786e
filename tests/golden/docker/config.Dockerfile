FROM public.ecr.aws/datadog/agent:7.81.1
COPY conf.d/redisdb.d/conf.yaml /etc/datadog-agent/conf.d/redisdb.d/conf.yaml
COPY ["checks.d/it\\'s mine.py", "/etc/datadog-agent/checks.d/it\\'s mine.py"]
