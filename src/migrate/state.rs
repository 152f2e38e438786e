//! The blocks for resources of a state: what is registered, written out, with an `import` block, and a `removed` block that
//! makes the state forget the old resource without destroying anything.

use std::collections::BTreeSet;

use crate::document::{Node, hcl};
use crate::found::terraform;

use super::{HERE, Migrated, THERE};

/// What a state has, as a file or as `terraform show -json` prints it.
pub(super) fn migrated(text: &str, configuration: &dyn Fn(&Node) -> Option<String>) -> Migrated {
    let resources = match terraform::begins(text) {
        true => of_show(text),
        false => of_file(text),
    };
    let resources = match resources {
        Ok(resources) => resources,
        Err(problem) => return Migrated { problems: vec![problem], ..Migrated::default() },
    };
    let mut all = Migrated::default();
    let (mut names, mut seen, mut removed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (address, values) in resources {
        if !seen.insert(address.clone()) {
            continue;
        }
        match blocks(&address, &values, &mut names, configuration) {
            Ok(blocks) => {
                all.blocks.extend(blocks);
                removed.insert(without_keys(&address));
            }
            Err(problem) => all.problems.push(format!("{address}: {problem}")),
        }
    }
    for address in removed {
        all.blocks.push(format!(
            "removed {{\n  from = {address}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
        ));
        all.remarks.push(format!("take {address} out of the configuration before the next plan"));
    }
    all
}

type Resources = Vec<(String, Node)>;

fn of_show(text: &str) -> Result<Resources, String> {
    let mut found = Resources::new();
    let read = terraform::read(text.as_bytes(), &mut |resource| {
        if last_of(&resource.address).is_some_and(|rest| rest.starts_with(&format!("{THERE}."))) {
            found.push((resource.address, resource.values));
        }
    });
    read.map_err(|error| format!("not valid JSON: {error}"))?;
    Ok(found)
}

/// A state file of format 4, which every Terraform since 0.12 and every OpenTofu writes.
fn of_file(text: &str) -> Result<Resources, String> {
    let read: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("not valid JSON: {error}"))?;
    let state = Node::from(read);
    if state.get("version").as_i64() != Some(4) {
        return Err("neither a state of format 4 nor what `terraform show -json` prints".to_owned());
    }
    let mut found = Resources::new();
    for resource in state.get("resources").items() {
        let of = |key: &str| resource.get(key).as_str().unwrap_or_default();
        if (of("mode"), of("type")) != ("managed", THERE) {
            continue;
        }
        let module = if of("module").is_empty() { String::new() } else { format!("{}.", of("module")) };
        for instance in resource.get("instances").items() {
            let key = match instance.get("index_key") {
                Node::String(key) => format!("[{}]", hcl::write_expression(&key.as_str().into())),
                Node::Number(index) => format!("[{index}]"),
                _ => String::new(),
            };
            found.push((format!("{module}{THERE}.{}{key}", of("name")), instance.get("attributes").clone()));
        }
    }
    Ok(found)
}

/// The resource and its import.
fn blocks(
    address: &str,
    values: &Node,
    names: &mut BTreeSet<String>,
    configuration: &dyn Fn(&Node) -> Option<String>,
) -> Result<[String; 2], String> {
    let Some(arn) = values.get("arn").as_str() else { return Err("it has no ARN yet".to_owned()) };
    let Ok(reading) = terraform::document(values) else {
        return Err("its container definitions cannot be read".to_owned());
    };
    let Some(written) = configuration(&reading.document) else {
        return Err("it has something that no argument writes".to_owned());
    };
    let name = own_name(address, names);
    let (_, body) = written.split_once('{').unwrap_or_default();
    let body = body.trim_end().strip_suffix('}').unwrap_or(body).trim_end();
    let kept = ["skip_destroy", "track_latest"].map(|argument| match values.get(argument).as_bool() {
        Some(true) => format!("\n  {argument} = true"),
        _ => String::new(),
    });
    let kept = kept.concat();
    let gap = if kept.is_empty() { "" } else { "\n" };
    Ok([
        format!("resource \"{HERE}\" \"{name}\" {{{body}{gap}{kept}\n}}\n"),
        format!("import {{\n  to = {HERE}.{name}\n  id = \"{arn}\"\n}}\n"),
    ])
}

/// An address as a name of the root module: the words of it joined, and a number where somebody has that name.
fn own_name(address: &str, names: &mut BTreeSet<String>) -> String {
    let words = address.replace("module.", "").replace(&format!("{THERE}."), "");
    let mut name: String =
        words.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect();
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_').to_owned();
    let mut own = name.clone();
    let mut number = 2;
    while !names.insert(own.clone()) {
        own = format!("{name}_{number}");
        number += 1;
    }
    own
}

/// An address without the keys of `count` and `for_each`, which no `removed` block takes.
fn without_keys(address: &str) -> String {
    let (mut out, mut depth, mut quoted) = (String::new(), 0_usize, false);
    let mut escaped = false;
    for char in address.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            char if depth == 0 => out.push(char),
            _ => {}
        }
    }
    out
}

/// The part of an address that names the resource itself.
fn last_of(address: &str) -> Option<String> {
    let plain = without_keys(address);
    let parts: Vec<&str> = plain.split('.').collect();
    match parts.as_slice() {
        [.., kind, name] if parts.get(parts.len().wrapping_sub(3)) != Some(&"data") => {
            Some(format!("{kind}.{name}"))
        }
        _ => None,
    }
}
