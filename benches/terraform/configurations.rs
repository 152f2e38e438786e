//! What is planned: a thousand instances of each thing, and of Terraform's builtin resource beside them.

/// Instances of the one block in each configuration.
pub(super) const INSTANCES: u32 = 1_000;

/// A thing that is planned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// `terraform_data`, which runs inside Terraform: the floor.
    Builtin,
    /// `ddrofs_agent_sidecar`.
    DataSource,
    /// `ddrofs_ecs_task_definition`.
    Resource,
    /// The data source's configuration and schema, with nothing behind them.
    IdleDataSource,
    /// The resource's configuration and schema, with nothing behind them.
    IdleResource,
}

impl Subject {
    pub(super) const ALL: [Subject; 5] = [
        Subject::Builtin,
        Subject::DataSource,
        Subject::Resource,
        Subject::IdleDataSource,
        Subject::IdleResource,
    ];

    /// Whether the provider that does nothing is planned with.
    pub(super) fn is_idle(self) -> bool {
        matches!(self, Subject::IdleDataSource | Subject::IdleResource)
    }

    /// Name of its folder.
    pub(super) fn name(self) -> &'static str {
        match self {
            Subject::Builtin => "builtin",
            Subject::DataSource => "data-source",
            Subject::Resource => "resource",
            Subject::IdleDataSource => "idle-data-source",
            Subject::IdleResource => "idle-resource",
        }
    }

    /// The configuration.
    pub(super) fn configuration(self) -> String {
        self.configuration_of(INSTANCES)
    }

    /// The configuration with this number of instances.
    pub(super) fn configuration_of(self, instances: u32) -> String {
        let block = match self {
            Subject::Builtin => BUILTIN,
            Subject::DataSource | Subject::IdleDataSource => DATA_SOURCE,
            Subject::Resource | Subject::IdleResource => RESOURCE,
        };
        let provider = if self == Subject::Builtin { "" } else { PROVIDER };
        format!("{provider}{}", block.replace("INSTANCES", &instances.to_string()))
    }
}

/// The folder of the module of a fleet.
pub(super) const MODULE: &str = "service";

/// A fleet as it is written: each service an instance of one module. The configuration, and that of the module.
///
/// One block with `count` would measure Terraform instead: before the first read it copies, for each instance, what the state
/// has of all instances of the block (1.11.4, seen 2026-11: 3 s for a thousand).
pub(super) fn fleet() -> (String, String) {
    let all = format!(
        "{PROVIDER}
module \"service\" {{
  source   = \"./{MODULE}\"
  for_each = toset([for number in range({INSTANCES}) : tostring(number)])
  number   = each.key
}}
"
    );
    let resource =
        RESOURCE.replace("  count                    = INSTANCES\n", "").replace("count.index", "var.number");
    let required = &PROVIDER[..PROVIDER.find("provider \"ddrofs\"").unwrap_or_default()];
    (all, format!("{required}variable \"number\" {{}}\n{resource}"))
}

/// Where nobody listens: planning a creation calls nothing.
pub(super) const NOWHERE: &str = "http://127.0.0.1:9";

/// The region of every configuration.
pub(super) const REGION: &str = "eu-central-1";

/// The provider, with that endpoint.
pub(super) fn provider_at(url: &str) -> String {
    PROVIDER.replace(NOWHERE, url)
}

/// The keys need not be real.
const PROVIDER: &str = r#"
terraform {
  required_providers {
    ddrofs = { source = "ddrofs/ddrofs" }
  }
}

provider "ddrofs" {
  region     = "eu-central-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "not-a-key"
  endpoints {
    ecs = "http://127.0.0.1:9"
  }
  agent {
    api_key_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:DdApiKey-AbCdEf"
  }
}
"#;

const BUILTIN: &str = r#"
resource "terraform_data" "service" {
  count = INSTANCES
  input = {
    family  = "service-${count.index}"
    service = "service-${count.index}"
    env     = "bench"
  }
}
"#;

const DATA_SOURCE: &str = r#"
data "ddrofs_agent_sidecar" "service" {
  count   = INSTANCES
  service = "service-${count.index}"
  env     = "bench"
}
"#;

const RESOURCE: &str = r#"
resource "ddrofs_ecs_task_definition" "service" {
  count                    = INSTANCES
  family                   = "service-${count.index}"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  container_definitions = jsonencode([
    { name = "app", image = "example.com/app:1.4.2", essential = true, readonlyRootFilesystem = true }
  ])
  agent {
    service = "service-${count.index}"
    env     = "bench"
  }
}
"#;
