# A Deployment of Kubernetes, made read-only, with the Datadog Agent in its Pods, read-only as well. `terraform apply` writes the
# manifest; kubectl apply -f shop.yaml starts it. The API key is in a Secret of the cluster:
#
#   kubectl create secret generic datadog-secret --namespace store --from-literal api-key=...

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
  default     = "shop.yaml"
}

data "ddrofs_agent_kubernetes" "shop" {
  service = "shop"
  env     = "staging"
  version = "1.4.2"

  # What your own manifest says. Nothing in it speaks of the Agent or of read-only root filesystems.
  manifest = <<-YAML
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: shop
      namespace: store
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: shop
      template:
        metadata:
          labels:
            app: shop
        spec:
          initContainers:
            - name: migrate
              image: example.com/shop/migrate:1.4.2
          containers:
            - name: web
              image: example.com/shop/web:1.4.2
              securityContext:
                runAsUser: 1000
              ports:
                - containerPort: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: shop
      namespace: store
    spec:
      selector:
        app: shop
      ports:
        - port: 80
          targetPort: 8080
  YAML

  # Becomes a ConfigMap, mounted where the Agent reads it.
  config_files = {
    "conf.d/http_check.d/conf.yaml" = yamlencode({
      instances = [{ name = "shop", url = "http://127.0.0.1:8080/health" }]
    })
  }

  application {
    read_only_root_filesystem = true
    writable_paths            = { web = ["/tmp"] }
  }
}

# Written again whenever the manifest changes. With the provider hashicorp/local this is a local_file, and with
# hashicorp/kubernetes a kubernetes_manifest for each of data.ddrofs_agent_kubernetes.shop.manifests.
resource "terraform_data" "manifest" {
  triggers_replace = [data.ddrofs_agent_kubernetes.shop.sha256, var.file]

  provisioner "local-exec" {
    command     = "printf '%s' \"$DOCUMENT\" > \"$FILE\""
    interpreter = ["/bin/sh", "-c"]
    quiet       = true
    environment = {
      DOCUMENT = data.ddrofs_agent_kubernetes.shop.yaml
      FILE     = var.file
    }
  }
}

output "findings" {
  value = data.ddrofs_agent_kubernetes.shop.findings
}
