locals {
  before = [{ name = "app", image = "example.com/orders:1.4.1", memory = 512 }]
  after  = [{ name = "app", image = "example.com/orders:1.4.2", memory = 1024 }]
}

# ["app: image example.com/orders:1.4.1 → example.com/orders:1.4.2", "app: memory 512 → 1024"]
output "what_changes" {
  value = provider::ddrofs::diff(local.before, local.after)
}
