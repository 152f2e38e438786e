data "ddrofs_agent_compose" "shop" {
  # The variable of the machine that holds the API key when `docker compose up` runs. This is the default.
  api_key_environment = "DD_API_KEY"

  service = "shop"
  env     = "staging"
  version = "1.4.2"

  # The services of the application, wired to the Agent. YAML text works as well: services = file("services.yaml").
  services = {
    web = {
      image = "example.com/shop/web:1.4.2"
      user  = "1000"
      ports = ["127.0.0.1:8080:8080"]
    }
  }

  # Its own root filesystem becomes read-only as well.
  application {
    read_only_root_filesystem = true
    writable_paths            = { web = ["/tmp"] }
    tmpfs_size                = 64
  }
}

output "compose_yaml" {
  value = data.ddrofs_agent_compose.shop.yaml
}
