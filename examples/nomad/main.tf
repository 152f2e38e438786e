# A job of HashiCorp Nomad, made read-only, and the Datadog Agent in its group, read-only as well. `terraform apply` writes the job;
# `nomad job run shop.nomad.hcl` starts it.

terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "file" {
  description = "Where the job is written."
  type        = string
  default     = "shop.nomad.hcl"
}

data "ddrofs_agent_nomad" "shop" {
  # The key is put there with: nomad var put nomad/jobs/shop api_key=... A task may read the variables of its own job.
  api_key_secret = "nomad/jobs/shop"

  service = "shop"
  env     = "staging"

  # What your own job says, as file("shop.nomad.hcl") would. Its variables, functions and comments stay for Nomad.
  job = <<-HCL
    variable "tag" {
      default = "1.4.2"
    }

    job "shop" {
      group "web" {
        count = 2

        network {
          mode = "bridge"
          port "http" {
            to = 8080
          }
        }

        task "web" {
          driver = "docker"
          user   = "1000"

          config {
            image = "example.com/shop/web:$${var.tag}"
            ports = ["http"]
          }

          env {
            LISTEN = ":$${NOMAD_PORT_http}" # put there by the client
          }
        }
      }
    }
  HCL

  application {
    read_only_root_filesystem = true
    writable_paths            = { web = ["/tmp"] }
    tmpfs_size                = 64
  }

  config_files = {
    "conf.d/http_check.d/conf.yaml" = <<-YAML
      instances:
        - name: shop
          url: http://localhost:8080/health
    YAML
  }
}

# Written again whenever the job changes. With the provider hashicorp/nomad the job is a nomad_job.
resource "terraform_data" "document" {
  triggers_replace = [data.ddrofs_agent_nomad.shop.sha256, var.file]

  provisioner "local-exec" {
    command     = "printf '%s' \"$JOB\" > \"$FILE\""
    interpreter = ["/bin/sh", "-c"]
    quiet       = true
    environment = {
      JOB  = data.ddrofs_agent_nomad.shop.hcl
      FILE = var.file
    }
  }
}
