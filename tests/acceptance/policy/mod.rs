//! Stories of the `policy` block: what stops a plan, what is only shown, and until when.
//!
//! Dates are far in the past and far in the future; the days around an end are tested where the rules are.

mod layers;
mod standing;
mod unknown;
mod validate;
mod waiver;

use serde_json::Value;

use crate::harness::{Backend, REQUIRED_PROVIDER, Workspace};

/// The resource's address in every story.
const WEB: &str = "ddrofs_ecs_task_definition.web";

/// What a diagnostic about a writable root filesystem refers to, and what one about an unknown key does.
const WRITABLE: &str = "Rule root-filesystem-writable";
const UNKNOWN_KEY: &str = "Rule unknown-key";

/// A task whose one container has these further members, under this policy.
fn web(container: &str, policy: &str) -> String {
    format!(
        r#"
resource "ddrofs_ecs_task_definition" "web" {{
  family                   = "web"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]

  runtime_platform {{
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }}

  container_definitions = [{{ name = "app", image = "nginx:1.27.0", {container} }}]

{}
}}
"#,
        block(policy)
    )
}

/// A sidecar beside one container with these further members, under this policy.
fn orders(container: &str, policy: &str) -> String {
    format!(
        r#"
data "ddrofs_agent_sidecar" "orders" {{
  service               = "orders"
  api_key_secret_arn    = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
  container_definitions = [{{ name = "app", image = "nginx:1.27.0", {container} }}]

{}
}}
"#,
        block(policy)
    )
}

/// A `policy` block; none where there is nothing to say.
fn block(policy: &str) -> String {
    if policy.is_empty() { String::new() } else { format!("  policy {{\n    {policy}\n  }}\n") }
}

/// A `waiver` block without a container.
fn waiver(rule: &str, expires: &str) -> String {
    format!(
        r#"waiver {{
      rule    = "{rule}"
      reason  = "The vendor's image needs it"
      owner   = "checkout"
      expires = "{expires}"
    }}"#
    )
}

/// The required provider and a provider block under this policy, which needs no account.
fn provider(policy: &str) -> String {
    format!("{REQUIRED_PROVIDER}\nprovider \"ddrofs\" {{\n{}}}\n", block(policy))
}

/// The same for a provider that registers at this place.
fn provider_at(place: &Backend, policy: &str) -> String {
    let head = "provider \"ddrofs\" {\n";
    place.provider().replacen(head, &format!("{head}{}", block(policy)), 1)
}

/// The findings of a rule in the state, as JSON.
fn findings(workspace: &Workspace, address: &str, rule: &str) -> Vec<Value> {
    let attributes = workspace.attributes(address).expect("it is in the state");
    let findings = attributes["findings"].as_array().expect("findings are a list");
    findings.iter().filter(|finding| finding["rule"] == rule).cloned().collect()
}
