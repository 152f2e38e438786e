//! What the items of a list are called, and which texts may be shown.

use crate::document::Node;

/// How the items of a list are told apart.
pub(super) struct Identity {
    /// Key of the list.
    pub(super) member: &'static str,
    /// What a person calls an item.
    pub(super) noun: &'static str,
    /// The item's name.
    pub(super) name: fn(&Node) -> String,
    /// Whether an item is reported as a whole, because it is a name and one value.
    pub(super) whole: bool,
    /// Whether the list's own place is named before the item, as in `linuxParameters capabilities add NET_ADMIN`.
    pub(super) inside: bool,
}

const fn by(member: &'static str, noun: &'static str, name: fn(&Node) -> String) -> Identity {
    Identity { member, noun, name, whole: false, inside: false }
}

const fn whole(identity: Identity) -> Identity {
    Identity { whole: true, ..identity }
}

const fn text_in(member: &'static str) -> Identity {
    Identity { member, noun: "", name: itself, whole: true, inside: true }
}

/// How the items of the list of that key are told apart; none where only their order does.
pub(super) fn identity_in(member: &str) -> Option<&'static Identity> {
    IDENTITIES.iter().find(|identity| identity.member == member)
}

static IDENTITIES: &[Identity] = &[
    by("containerDefinitions", "container", |item| text(item, "name")),
    by("volumes", "volume", |item| text(item, "name")),
    by("placementConstraints", "placement constraint", |item| text(item, "expression")),
    by("inferenceAccelerators", "inference accelerator", |item| text(item, "deviceName")),
    whole(by("tags", "tag", |item| text(item, "key"))),
    text_in("requiresCompatibilities"),
    whole(by("environment", "environment", |item| text(item, "name"))),
    whole(by("secrets", "secret", |item| text(item, "name"))),
    whole(by("environmentFiles", "environment file", |item| text(item, "value"))),
    by("mountPoints", "mount", |item| text(item, "containerPath")),
    by("portMappings", "port", port),
    by("dependsOn", "dependency on", |item| text(item, "containerName")),
    by("ulimits", "ulimit", |item| text(item, "name")),
    by("volumesFrom", "volumes from", |item| text(item, "sourceContainer")),
    by("resourceRequirements", "resource", |item| text(item, "type")),
    whole(by("systemControls", "system control", |item| text(item, "namespace"))),
    by("extraHosts", "host", |item| text(item, "hostname")),
    by("devices", "device", |item| text(item, "hostPath")),
    by("tmpfs", "tmpfs", |item| text(item, "containerPath")),
    text_in("add"),
    text_in("drop"),
    whole(by("secretOptions", "log secret", |item| text(item, "name"))),
    whole(by("properties", "proxy property", |item| text(item, "name"))),
];

fn text(item: &Node, key: &str) -> String {
    itself(item.get(key))
}

fn itself(node: &Node) -> String {
    match node {
        Node::String(text) => text.clone(),
        Node::Number(number) => number.to_string(),
        Node::Unknown => "(known after apply)".to_owned(),
        Node::Null | Node::Bool(_) | Node::Array(_) | Node::Object(_) => "without a name".to_owned(),
    }
}

/// A port is told apart by its transport too, which is TCP where none is written.
fn port(item: &Node) -> String {
    let number = if item.get("containerPort").is_null() { "containerPortRange" } else { "containerPort" };
    let protocol = item.get("protocol");
    let protocol = if protocol.is_null() { "tcp".to_owned() } else { itself(protocol) };
    format!("{}/{protocol}", text(item, number))
}

/// The texts that cannot be a credential. What is not listed is not shown: commands, options of log drivers and volume
/// drivers, labels, tags and variables have all been seen with secrets in them.
static SHOWN: &[&str] = &[
    "accessPointArn",
    "accessPointId",
    "appProtocol",
    "condition",
    "containerName",
    "containerPath",
    "containerPortRange",
    "cpu",
    "cpuArchitecture",
    "driver",
    "executionRoleArn",
    "family",
    "fileSystemArn",
    "fileSystemId",
    "hostname",
    "iam",
    "image",
    "ipAddress",
    "ipcMode",
    "isolationMode",
    "logDriver",
    "memory",
    "name",
    "networkMode",
    "operatingSystemFamily",
    "pidMode",
    "protocol",
    "rootDirectory",
    "scope",
    "sourceContainer",
    "sourcePath",
    "sourceVolume",
    "taskRoleArn",
    "transitEncryption",
    "user",
    "versionConsistency",
    "workingDirectory",
];

/// Whether the text under that key may be shown.
pub(super) fn is_shown(key: &str) -> bool {
    SHOWN.binary_search(&key).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecs::shapes;

    #[test]
    fn every_key_exists_and_the_shown_ones_stand_in_order() {
        assert!(SHOWN.is_sorted_by(|one, next| one < next));
        for key in SHOWN.iter().copied().chain(IDENTITIES.iter().map(|identity| identity.member)) {
            assert!(shapes::structures_with(key).next().is_some(), "{key}");
        }
    }

    #[test]
    fn what_may_hold_a_secret_is_not_shown() {
        for key in [
            "value",
            "valueFrom",
            "command",
            "options",
            "credentialsParameter",
            "attestationPolicy",
            "expression",
        ] {
            assert!(!is_shown(key), "{key}");
        }
    }
}
