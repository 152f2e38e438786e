# The Datadog Agent on a machine with Docker and nothing else, on a root filesystem that is read-only. `terraform apply` writes the
# script and the Dockerfiles; DD_API_KEY=... sh datadog.sh starts the Agent, and may be run again at any time.

terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "folder" {
  description = "Where the files are written."
  type        = string
  default     = "."
}

data "ddrofs_agent_docker" "host" {
  service            = "shop"
  env                = "staging"
  tags               = { team = "platform" }
  wait_until_healthy = true

  # Written over the image's own configuration before the Agent starts.
  config_files = {
    "conf.d/redisdb.d/conf.yaml" = <<-YAML
      instances:
        - host: redis
          port: 6379
    YAML
  }
}

# The same Agent from an image that needs no container for its configuration: build it of Dockerfile.volumes first.
data "ddrofs_agent_docker" "of_an_image" {
  service        = "shop"
  env            = "staging"
  image          = "example.com/shop/datadog-agent:7.81.1"
  seeding        = "image_volumes"
  container_name = "datadog-agent-of-an-image"
  volume_prefix  = "of-an-image-"
}

locals {
  files = {
    "datadog.sh"         = data.ddrofs_agent_docker.host.commands
    "of-an-image.sh"     = data.ddrofs_agent_docker.of_an_image.commands
    "Dockerfile.config"  = data.ddrofs_agent_docker.host.config_dockerfile
    "Dockerfile.volumes" = data.ddrofs_agent_docker.host.dockerfile
  }
}

# Written again whenever one changes. With the provider hashicorp/local each is a local_file.
resource "terraform_data" "file" {
  for_each         = local.files
  triggers_replace = [each.value, var.folder]

  provisioner "local-exec" {
    command     = "printf '%s' \"$CONTENT\" > \"$FILE\""
    interpreter = ["/bin/sh", "-c"]
    quiet       = true
    environment = {
      CONTENT = each.value
      FILE    = "${var.folder}/${each.key}"
    }
  }
}

# With the provider kreuzwerker/docker in place of the script:
#
#   resource "docker_volume" "agent" {
#     for_each = toset(data.ddrofs_agent_docker.host.volumes[*].name)
#     name     = each.key
#   }
#
# and a docker_container for each of `containers`, the second one with depends_on the first one.

output "run_options" {
  description = "What docker run needs for a container of the application."
  value       = data.ddrofs_agent_docker.host.wiring.run_options
}

output "findings" {
  value = concat(data.ddrofs_agent_docker.host.findings, data.ddrofs_agent_docker.of_an_image.findings)
}
