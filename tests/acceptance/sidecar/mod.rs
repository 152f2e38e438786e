//! Stories of `data "ddrofs_agent_sidecar"`, none of which needs an account or a network.

mod bad_input;
mod config_files;
mod corpus;
mod places;
mod values;
mod walks;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::Outcome;

const SECRET_ARN: &str = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf";

/// `data "ddrofs_agent_sidecar" "orders"` with these further arguments.
fn orders(further: &str) -> String {
    format!(
        r#"
data "ddrofs_agent_sidecar" "orders" {{
  service            = "orders"
  env                = "prod"
  api_key_secret_arn = "{SECRET_ARN}"
{further}
}}
"#
    )
}

/// The events of a `plan -json`, one JSON object per line.
fn events(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Errors of a `plan -json` by the instance key of the block they belong to.
fn errors_by_key(events: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut errors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for diagnostic in events.iter().filter_map(|event| event.get("diagnostic")) {
        if diagnostic["severity"] != "error" {
            continue;
        }
        let text = |key: &str| diagnostic[key].as_str().unwrap_or_default().to_owned();
        let address = text("address");
        let key = address.split('"').nth(1).unwrap_or(&address).to_owned();
        errors.entry(key).or_default().push(format!("{}\n{}", text("summary"), text("detail")));
    }
    errors
}

/// Instance keys of the data sources that were read in a `plan -json`.
fn keys_read(events: &[Value]) -> Vec<String> {
    events
        .iter()
        .filter(|event| event["type"] == "apply_complete")
        .filter_map(|event| event["hook"]["resource"]["resource_key"].as_str())
        .map(str::to_owned)
        .collect()
}
