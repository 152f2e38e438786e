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

  # What the fleet makes of findings. A control that is enforced stays so; a waiver is the way out, until its date.
  policy {
    enforce = ["ECS.5"]
    severity = {
      floating-image-tag = "error"
    }

    waiver {
      rule      = "root-filesystem-writable"
      container = "vendor-proxy"
      reason    = "The vendor's image writes to /opt; fixed in its next release."
      owner     = "team-edge"
      expires   = "2027-03-31"
    }
  }
}
