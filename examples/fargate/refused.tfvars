# A mistake in a container of one's own, as `make demo` shows it: ECS would drop the misspelt key without a word.
containers = [
  {
    name                   = "app"
    image                  = "nginx:latest"
    essential              = true
    readOnlyRootFilesystem = true
  },
]
