data "ddrofs_agent_nomad" "shop" {
  # The Nomad variable of the Agent's own job, which its tasks may read; its item is api_key. A secret in Vault works as well: secret/data/datadog#api_key.
  api_key_secret = "nomad/jobs/datadog-agent"

  service = "shop"
  env     = "staging"
  version = "1.4.2"

  memory_reservation = 384
  memory             = 512
}

output "job" {
  value = data.ddrofs_agent_nomad.shop.hcl
}
