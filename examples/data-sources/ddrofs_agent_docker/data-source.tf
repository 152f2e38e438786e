data "ddrofs_agent_docker" "host" {
  # The variable of the machine that holds the API key where the script runs. This is the default.
  api_key_environment = "DD_API_KEY"

  env  = "staging"
  tags = { team = "platform" }
}

# For a file: terraform output -raw script > datadog.sh
output "script" {
  value = data.ddrofs_agent_docker.host.commands
}

# For a container of the application: docker run (these options) ... example.com/shop/web:1.4.2
output "run_options" {
  value = data.ddrofs_agent_docker.host.wiring.run_options
}
