# Services of Docker Compose, made read-only, and the Datadog Agent beside them, read-only as well. `terraform apply` writes
# the document; DD_API_KEY=... docker compose -f docker-compose.yaml up starts it.

terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "file" {
  description = "Where the document is written."
  type        = string
  default     = "docker-compose.yaml"
}

data "ddrofs_agent_compose" "shop" {
  service = "shop"
  env     = "staging"

  # What your own document says. Nothing in it speaks of the Agent or of read-only root filesystems.
  services = <<-YAML
    name: shop
    services:
      web:
        image: example.com/shop/web:1.4.2
        user: "1000"
        ports:
          - "127.0.0.1:8080:8080"
        environment:
          - DATABASE_URL=postgres://database/shop
        depends_on:
          - database
      database:
        image: postgres:17.2
        environment:
          POSTGRES_PASSWORD: $${POSTGRES_PASSWORD:?}
        volumes:
          - data:/var/lib/postgresql/data
    volumes:
      data: {}
  YAML

  application {
    read_only_root_filesystem = true
    writable_paths = {
      web      = ["/tmp"]
      database = ["/tmp", "/var/run/postgresql"]
    }
    tmpfs_size = 64
  }
}

# Written again whenever the document changes. With the provider hashicorp/local this is a local_file.
resource "terraform_data" "document" {
  triggers_replace = [data.ddrofs_agent_compose.shop.sha256, var.file]

  provisioner "local-exec" {
    command     = "printf '%s' \"$DOCUMENT\" > \"$FILE\""
    interpreter = ["/bin/sh", "-c"]
    quiet       = true
    environment = {
      DOCUMENT = data.ddrofs_agent_compose.shop.yaml
      FILE     = var.file
    }
  }
}

output "findings" {
  value = data.ddrofs_agent_compose.shop.findings
}
