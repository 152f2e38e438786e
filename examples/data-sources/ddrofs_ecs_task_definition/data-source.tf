# The newest active revision, whoever registered it.
data "ddrofs_ecs_task_definition" "payments" {
  task_definition = "payments"

  lifecycle {
    postcondition {
      condition     = alltrue([for finding in self.findings : finding.severity != "error"])
      error_message = "The newest revision of payments has an error."
    }
  }
}

output "payments_read_only" {
  value = data.ddrofs_ecs_task_definition.payments.verdicts["ECS.5"]
}
