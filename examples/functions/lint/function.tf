variable "container_definitions" {
  description = "Container definitions from wherever they come."
  type        = string
  default     = <<-JSON
    [{ "name": "app", "image": "example.com/orders:1.4.2", "essential": true, "memory": 512 }]
  JSON
}

locals {
  # The options tell what container definitions do not say themselves.
  findings = provider::ddrofs::lint(var.container_definitions, { launch_type = "EC2" })
}

# A task definition of any module, judged before it is registered. Warnings are let through here.
output "task_definition" {
  value = {
    family                   = "orders"
    requires_compatibilities = ["EC2"]
    container_definitions    = var.container_definitions
  }

  precondition {
    condition = length([for finding in local.findings : finding if finding.severity == "error"]) == 0
    error_message = join("\n", [
      for finding in local.findings : "${finding.path}: ${finding.detail} ${finding.fix}"
    ])
  }
}
