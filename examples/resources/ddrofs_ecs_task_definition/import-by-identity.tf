import {
  to = ddrofs_ecs_task_definition.orders
  identity = {
    family = "orders"
    region = "ap-northeast-1" # optional
  }
}
