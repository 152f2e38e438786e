data "ddrofs_agent_kubernetes" "shop" {
  # The entry of the cluster's Secret that holds the API key. This is the default.
  api_key_secret = { name = "datadog-secret", key = "api-key" }

  service = "shop"
  env     = "staging"
  version = "1.4.2"

  # The application's own manifest. YAML text works as well: manifest = file("deployment.yaml").
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "shop" }
    spec = {
      selector = { matchLabels = { app = "shop" } }
      template = {
        metadata = { labels = { app = "shop" } }
        spec = {
          containers = [{ name = "web", image = "example.com/shop/web:1.4.2", securityContext = { runAsUser = 1000 } }]
        }
      }
    }
  }

  # Its own root filesystem becomes read-only as well.
  application {
    read_only_root_filesystem = true
    writable_paths            = { web = ["/tmp"] }
  }
}

output "manifest_yaml" {
  value = data.ddrofs_agent_kubernetes.shop.yaml
}
