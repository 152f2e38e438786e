# The Datadog Agent on every node of a cluster, on a read-only root filesystem: a DaemonSet with its ServiceAccount and permissions.
# `terraform apply` writes the manifest; kubectl apply -f datadog-agent.yaml starts it. The API key is in a Secret of the namespace:
#
#   kubectl create namespace datadog
#   kubectl create secret generic datadog-secret --namespace datadog --from-literal api-key=...

terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

variable "file" {
  description = "Where the manifest is written."
  type        = string
  default     = "datadog-agent.yaml"
}

data "ddrofs_agent_kubernetes" "nodes" {
  mode         = "daemonset"
  namespace    = "datadog"
  cluster_name = "main"
  env          = "staging"

  # Nodes of the control plane and others with a taint get an Agent as well.
  tolerations = [{ operator = "Exists" }]
}

# Written again whenever the manifest changes. With the provider hashicorp/local this is a local_file, with
# hashicorp/kubernetes a kubernetes_manifest for each of data.ddrofs_agent_kubernetes.nodes.manifests, and with hashicorp/helm a
# helm_release of Datadog's own chart with values = [data.ddrofs_agent_kubernetes.nodes.values_yaml].
resource "terraform_data" "manifest" {
  triggers_replace = [data.ddrofs_agent_kubernetes.nodes.sha256, var.file]

  provisioner "local-exec" {
    command     = "printf '%s' \"$DOCUMENT\" > \"$FILE\""
    interpreter = ["/bin/sh", "-c"]
    quiet       = true
    environment = {
      DOCUMENT = data.ddrofs_agent_kubernetes.nodes.yaml
      FILE     = var.file
    }
  }
}

# What Pods of the cluster need to reach it, for their own manifests.
output "wiring" {
  value = data.ddrofs_agent_kubernetes.nodes.wiring
}
