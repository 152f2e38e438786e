locals {
  task_definition = {
    family                  = "orders"
    requiresCompatibilities = ["EC2"]
    containerDefinitions = [
      { name = "app", image = "example.com/orders:1.4.2", memory = 512, readonlyRootFilesystem = true },
    ]
  }
}

# "PASSED", "FAILED", "NOT_APPLICABLE" or "UNDECIDED".
output "read_only_root_filesystems" {
  value = provider::ddrofs::verdicts(local.task_definition)["ECS.5"]
}
