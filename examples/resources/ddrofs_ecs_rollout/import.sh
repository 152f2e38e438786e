# The cluster. Nothing is known of earlier moves then: a service that has its task definition already is not moved.
terraform import ddrofs_ecs_rollout.prod prod
