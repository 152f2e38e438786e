//! Refusals about ports and about what a network mode does not support.

use std::collections::BTreeSet;

use super::super::echo::{objects, text};
use super::super::wire::Refusal;
use super::{Definition, Verdict, filled, number};

pub(super) fn check(definition: &Definition<'_>) -> Verdict {
    let awsvpc = definition.network_mode == Some("awsvpc");
    if awsvpc {
        for container in &definition.containers {
            for (key, message) in [
                ("links", "Links are not supported when networkMode=awsvpc."),
                ("hostname", "hostname is not supported on container when networkMode=awsvpc."),
                ("extraHosts", "Extra hosts are not supported on container when networkMode=awsvpc."),
                ("dnsServers", "DNS servers are not supported on container when networkMode=awsvpc."),
                (
                    "disableNetworking",
                    "Disable Networking is not supported on container when networkMode=awsvpc.",
                ),
            ] {
                if filled(container, key) {
                    return Err(Refusal::client(message));
                }
            }
        }
    }
    ports(definition, awsvpc)
}

fn ports(definition: &Definition<'_>, awsvpc: bool) -> Verdict {
    let mut taken = BTreeSet::new();
    let mut names = BTreeSet::new();
    for mapping in definition.containers.iter().flat_map(|container| objects(container, "portMappings")) {
        let protocol = text(mapping, "protocol").unwrap_or("tcp");
        let single = number(mapping, "containerPort").filter(|port| *port != 0);
        let host = number(mapping, "hostPort").filter(|port| *port != 0);
        let range = text(mapping, "containerPortRange");
        if range.is_some() && (single.is_some() || host.is_some()) {
            return Err(Refusal::client("cannot specify both single port and port range"));
        }
        if let (Some(single), Some(host)) = (single, host)
            && single != host
        {
            match definition.network_mode {
                Some("host") => {
                    return Err(Refusal::client(
                        "When networkMode=host, the host ports and container ports in port mappings must match.",
                    ));
                }
                Some("awsvpc") => {
                    return Err(Refusal::client(
                        "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
                    ));
                }
                _ => {}
            }
        }
        let (first, last) = match range {
            None => (single.unwrap_or(0), single.unwrap_or(0)),
            Some(range) => {
                let bounds = range
                    .split_once('-')
                    .and_then(|(low, high)| Some((low.parse::<i64>().ok()?, high.parse::<i64>().ok()?)));
                match bounds {
                    Some((low, high)) if low < high && high <= 65535 => (low, high),
                    _ => return Err(Refusal::client("Invalid 'containerPortRange' setting for container.")),
                }
            }
        };
        if awsvpc {
            for port in first..=last {
                if port != 0 && !taken.insert((protocol.to_owned(), port)) {
                    return Err(Refusal::client(format!(
                        "The {protocol} container port is used multiple times in task: {port}."
                    )));
                }
            }
        }
        if let Some(name) = text(mapping, "name")
            && !names.insert(name)
        {
            return Err(Refusal::client(format!("port mapping name is already used: {name}")));
        }
    }
    Ok(())
}
