//! Debug mode: how a developer's shell tells Terraform to use a provider that is running already.
//!
//! Knows the variable's form, not how the provider is served.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Plugin;
use super::handshake::PROTOCOL_VERSION;
use super::listener::Address;

/// One running provider, spelled as Terraform reads it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Reattach<'a> {
    protocol: &'a str,
    protocol_version: u32,
    pid: u32,
    /// Keeps Terraform from ending the process after each command.
    test: bool,
    addr: ReattachAddress<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReattachAddress<'a> {
    network: &'a str,
    string: &'a str,
}

/// The assignment for a POSIX shell, under every address that the provider has.
pub(super) fn reattach_line(plugin: &Plugin, address: &Address) -> String {
    let text = address.text();
    let providers: BTreeMap<&str, Reattach<'_>> = plugin
        .addresses
        .iter()
        .map(|&provider| {
            let reattach = Reattach {
                protocol: "grpc",
                protocol_version: PROTOCOL_VERSION,
                pid: std::process::id(),
                test: true,
                addr: ReattachAddress { network: address.network(), string: &text },
            };
            (provider, reattach)
        })
        .collect();
    let json = serde_json::to_string(&providers).expect("strings and numbers are always JSON");
    format!("TF_REATTACH_PROVIDERS='{}'", json.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apostrophe_in_the_path_does_not_end_the_shells_string() {
        let plugin = Plugin { name: "ddrofs", addresses: &["registry.terraform.io/ddrofs/ddrofs"] };
        let line = reattach_line(&plugin, &Address::Unix("/tmp/bob's/plugin".into()));
        assert!(line.contains(r#""String":"/tmp/bob'\''s/plugin""#), "{line}");
    }
}
