locals {
  logs = {
    awslogs-group         = "/ecs/orders"
    awslogs-region        = "ap-northeast-1"
    awslogs-stream-prefix = "orders"
    mode                  = "non-blocking"
  }
}

resource "ddrofs_ecs_task_definition" "orders" {
  family                   = "orders"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
  task_role_arn            = "arn:aws:iam::123456789012:role/orders"

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = [
    {
      name                   = "app"
      image                  = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/orders:1.4.2"
      essential              = true
      user                   = "1000"
      readonlyRootFilesystem = true
      logConfiguration       = { logDriver = "awslogs", options = local.logs }
      portMappings           = [{ containerPort = 8080 }]
    }
  ]

  agent {
    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
    service            = "orders"
    env                = "prod"
    version            = "1.4.2"

    log_configuration {
      log_driver = "awslogs"
      options    = local.logs
    }
  }

  tags = {
    team = "checkout"
  }
}
