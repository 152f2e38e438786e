data "ddrofs_ecs_fleet_audit" "prod" {
  clusters = ["prod"]
}

# A warning in every plan, as long as a service runs a revision that fails the control.
check "read_only_root_filesystems" {
  assert {
    condition = alltrue([
      for service in data.ddrofs_ecs_fleet_audit.prod.services : service.controls["ECS.5"].running != "FAILED"
    ])
    error_message = "A service runs with a writable root filesystem."
  }
}

output "fix_first" {
  value = data.ddrofs_ecs_fleet_audit.prod.fix_first
}

output "services_with_a_blind_agent" {
  value = [
    for service in data.ddrofs_ecs_fleet_audit.prod.services : service.name if service.agent == "BLIND"
  ]
}
