locals {
  written_by_hand = <<-JSON
    [{ "name": "app", "image": "example.com/orders:1.4.2", "essential": true, "memory": "512" }]
  JSON

  given_back_by_ecs = jsonencode([{
    name        = "app"
    image       = "example.com/orders:1.4.2"
    cpu         = 0
    memory      = 512
    essential   = true
    environment = []
    mountPoints = []
  }])
}

# true: both mean the same to ECS.
output "is_the_same" {
  value = provider::ddrofs::normalize(local.written_by_hand) == provider::ddrofs::normalize(local.given_back_by_ecs)
}
