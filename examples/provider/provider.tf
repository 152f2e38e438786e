terraform {
  required_providers {
    ddrofs = {
      source = "ddrofs/ddrofs"
    }
  }
}

provider "ddrofs" {
  region = "ap-northeast-1"

  # What every Agent of the fleet shares.
  agent {
    site               = "datadoghq.com"
    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
  }
}
