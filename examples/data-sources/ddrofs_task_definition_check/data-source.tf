data "ddrofs_task_definition_check" "orders" {
  definitions = jsonencode({
    family                  = "orders"
    cpu                     = "512"
    memory                  = "1024"
    networkMode             = "awsvpc"
    requiresCompatibilities = ["FARGATE"]
    executionRoleArn        = "arn:aws:iam::123456789012:role/ecs-execution"
    taskRoleArn             = "arn:aws:iam::123456789012:role/orders"
    runtimePlatform         = { operatingSystemFamily = "LINUX", cpuArchitecture = "X86_64" }
    tags                    = [{ key = "team", value = "checkout" }]
    containerDefinitions = [{
      name      = "app"
      image     = "example.com/orders:1.4.2"
      user      = "1000"
      essential = true
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = "/ecs/orders"
          awslogs-region        = "ap-northeast-1"
          awslogs-stream-prefix = "orders"
          mode                  = "non-blocking"
        }
      }
    }]
  })

  # Only look: what is found is in the attributes and stops nothing.
  fail = false

  # What hardened_json makes writable beside the read-only root filesystem.
  application {
    writable_paths = { app = ["/tmp"] }
    tmpfs_size     = 64
  }
}

output "read_only_root_filesystems" {
  value = data.ddrofs_task_definition_check.orders.verdicts["ECS.5"]
}

output "hardened" {
  value = data.ddrofs_task_definition_check.orders.hardened_json
}

output "changes" {
  value = data.ddrofs_task_definition_check.orders.changes
}

# For code scanning and for the test report of a CI system: terraform output -raw sarif > ddrofs.sarif
output "sarif" {
  value = data.ddrofs_task_definition_check.orders.sarif
}
