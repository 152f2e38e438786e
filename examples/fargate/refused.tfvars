# A mistake in a container of one's own, as `make demo` shows it: ECS would drop the misspelt key without a word.
containers = [
  {
    name                  = "orders"
    image                 = "example.com/orders:latest"
    essential             = true
    readonlyRootFilesytem = true
  },
]
