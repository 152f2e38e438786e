locals {
  written  = jsonencode([{ name = "app", image = "example.com/orders:1.4.2", memory = 512 }])
  hardened = provider::ddrofs::harden(local.written).json
}

# true: nothing of the hardening is left, and nothing else is gone.
output "is_as_before" {
  value = provider::ddrofs::normalize(provider::ddrofs::strip(local.hardened)) == provider::ddrofs::normalize(local.written)
}
