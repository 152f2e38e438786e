variable "services" {
  description = "Names of the services of the cluster, and the ARN of the task definition that each is to run."
  type        = map(string)
}

resource "ddrofs_ecs_rollout" "prod" {
  cluster  = "prod"
  services = var.services

  wave {
    percent   = 5
    bake_time = "10m"
  }
  wave {
    percent = 25
  }
  wave {
    percent = 100
  }

  max_concurrent = 20
  max_failures   = 2
  on_failure     = "rollback"
}
