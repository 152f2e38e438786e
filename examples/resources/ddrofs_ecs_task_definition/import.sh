# By ARN, by family and revision, or by family for its newest active revision.
terraform import ddrofs_ecs_task_definition.orders arn:aws:ecs:ap-northeast-1:123456789012:task-definition/orders:17
terraform import ddrofs_ecs_task_definition.orders orders:17
terraform import ddrofs_ecs_task_definition.orders orders
