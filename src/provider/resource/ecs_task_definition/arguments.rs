//! The arguments of the resource and the keys of the task definition, in one table: it makes the schema, writes a
//! configuration as a document and reads a document back as a state.
//!
//! Names of arguments are those of `aws_ecs_task_definition`; keys are those of `RegisterTaskDefinition`.

use std::collections::BTreeMap;

use crate::document::{Node, Object};
use crate::schema::{Attribute, Block, Mode, NestedBlock};
use crate::value::{Type, Value};

use super::super::super::document_value::text;
use super::presets;

/// One argument and where it goes.
pub(super) struct Argument {
    /// Name in the configuration.
    pub(super) name: &'static str,
    /// Key in the document.
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    preset: Option<Preset>,
    about: &'static str,
}

/// What hashicorp/aws gives an argument that is not written, as a default of its schema or from ECS's answer.
///
/// Source: `internal/service/ecs/task_definition.go` of version 6 (2026-11). All but the proxy's type mean the same as
/// absence, and are not sent.
#[derive(Clone, Copy)]
enum Preset {
    Text(&'static str),
    /// A text that is sent although nobody wrote it, as that provider does.
    Sent(&'static str),
    Whole(i64),
    Flag(bool),
    /// `bridge`, the network mode of Linux containers.
    Bridge,
}

/// How an argument is held on both sides.
pub(super) enum Kind {
    Text,
    Whole,
    Flag,
    /// A set of strings; a list in the document.
    Texts,
    /// A map of strings; an object in the document.
    TextMap,
    /// A map of strings; a list of name and value in the document.
    NamedValues,
    /// A string; the single member of an object in the document.
    Inside(&'static str),
    /// A block of which there may be one; an object in the document.
    Block(&'static [Argument]),
    /// A set of blocks; a list in the document.
    Blocks(&'static [Argument]),
}

const fn argument(name: &'static str, key: &'static str, kind: Kind, about: &'static str) -> Argument {
    Argument { name, key, kind, required: false, preset: None, about }
}

/// An argument that is never null.
const fn preset(
    preset: Preset,
    name: &'static str,
    key: &'static str,
    kind: Kind,
    about: &'static str,
) -> Argument {
    Argument { name, key, kind, required: false, preset: Some(preset), about }
}

const fn required(name: &'static str, key: &'static str, kind: Kind, about: &'static str) -> Argument {
    Argument { name, key, kind, required: true, preset: None, about }
}

/// Everything of a task definition but its containers and tags.
pub(super) static ARGUMENTS: &[Argument] = &[
    required(
        "family",
        "family",
        Kind::Text,
        "Name that all revisions share: 1 to 255 letters, digits, `_` and `-`. A change registers a new family and destroys the old one.",
    ),
    argument(
        "cpu",
        "cpu",
        Kind::Text,
        "CPU of the task: units (`1024`) or vCPUs (`1 vCPU`). Needed on Fargate.",
    ),
    argument(
        "memory",
        "memory",
        Kind::Text,
        "Memory of the task: MiB (`3072`) or GB (`3 GB`). Needed on Fargate.",
    ),
    preset(
        Preset::Flag(false),
        "enable_fault_injection",
        "enableFaultInjection",
        Kind::Flag,
        "Whether requests of AWS Fault Injection Service are accepted.",
    ),
    argument(
        "execution_role_arn",
        "executionRoleArn",
        Kind::Text,
        "ARN of the role with which ECS pulls images, writes logs and fetches secrets.",
    ),
    argument(
        "task_role_arn",
        "taskRoleArn",
        Kind::Text,
        "ARN of the role that the containers themselves have.",
    ),
    argument("ipc_mode", "ipcMode", Kind::Text, "IPC namespace of the containers: `host`, `task` or `none`."),
    preset(
        Preset::Bridge,
        "network_mode",
        "networkMode",
        Kind::Text,
        "Network mode: `none`, `bridge`, `awsvpc` or `host`. Fargate supports only `awsvpc`.",
    ),
    argument("pid_mode", "pidMode", Kind::Text, "Process namespace of the containers: `host` or `task`."),
    argument(
        "requires_compatibilities",
        "requiresCompatibilities",
        Kind::Texts,
        "Launch types that the definition has to fit: `EC2`, `FARGATE`, `EXTERNAL`, `MANAGED_INSTANCES`.",
    ),
    argument(
        "ephemeral_storage",
        "ephemeralStorage",
        Kind::Block(&[required(
            "size_in_gib",
            "sizeInGiB",
            Kind::Whole,
            "Ephemeral storage of the task in GiB, 21 to 200.",
        )]),
        "Size of the task's disk on Fargate; 20 GiB without it.",
    ),
    argument(
        "placement_constraints",
        "placementConstraints",
        Kind::Blocks(&[
            required("type", "type", Kind::Text, "Kind of constraint: `memberOf`."),
            argument("expression", "expression", Kind::Text, "Expression in the cluster query language."),
        ]),
        "On which instances tasks may be placed. At most 10; not on Fargate.",
    ),
    argument(
        "proxy_configuration",
        "proxyConfiguration",
        Kind::Block(&[
            required("container_name", "containerName", Kind::Text, "Container that is the proxy."),
            argument("properties", "properties", Kind::NamedValues, "Settings of the network plugin."),
            preset(Preset::Sent("APPMESH"), "type", "type", Kind::Text, "Kind of proxy: `APPMESH`."),
        ]),
        "App Mesh proxy.",
    ),
    argument(
        "runtime_platform",
        "runtimePlatform",
        Kind::Block(&[
            argument("cpu_architecture", "cpuArchitecture", Kind::Text, "`X86_64` or `ARM64`."),
            argument(
                "operating_system_family",
                "operatingSystemFamily",
                Kind::Text,
                "`LINUX` or one of the `WINDOWS_SERVER_…` families. Unset counts as Linux, and Security Hub then judges by the Windows controls too.",
            ),
        ]),
        "Operating system and processor.",
    ),
    argument(
        "trusted_execution_configuration",
        "trustedExecutionConfiguration",
        Kind::Block(&[
            required(
                "isolation_mode",
                "isolationMode",
                Kind::Text,
                "`SHARED`, `ISOLATED_SANDBOX` or `CONFIDENTIAL_SANDBOX`.",
            ),
            argument(
                "attestation_policy",
                "attestationPolicy",
                Kind::Text,
                "Attestation policy, encoded in Base64; needed with `CONFIDENTIAL_SANDBOX`.",
            ),
        ]),
        "How the task is isolated from others on its instance; on Managed Instances only. Without it `SHARED`.",
    ),
    argument(
        "volume",
        "volumes",
        Kind::Blocks(&[
            required("name", "name", Kind::Text, "Name that mount points refer to."),
            argument(
                "host_path",
                "host",
                Kind::Inside("sourcePath"),
                "Path on the container instance. Without it the volume is empty and lives as long as the task.",
            ),
            preset(
                Preset::Flag(false),
                "configure_at_launch",
                "configuredAtLaunch",
                Kind::Flag,
                "Whether the volume is described when a task is launched.",
            ),
            argument(
                "docker_volume_configuration",
                "dockerVolumeConfiguration",
                Kind::Block(&[
                    preset(
                        Preset::Flag(false),
                        "autoprovision",
                        "autoprovision",
                        Kind::Flag,
                        "Whether a shared volume is created when it does not exist.",
                    ),
                    preset(Preset::Text("local"), "driver", "driver", Kind::Text, "Docker volume driver."),
                    argument("driver_opts", "driverOpts", Kind::TextMap, "Options of the driver."),
                    argument("labels", "labels", Kind::TextMap, "Labels on the volume."),
                    preset(
                        Preset::Text("task"),
                        "scope",
                        "scope",
                        Kind::Text,
                        "How long it lives: `task` or `shared`.",
                    ),
                ]),
                "Docker volume; not on Fargate.",
            ),
            argument(
                "efs_volume_configuration",
                "efsVolumeConfiguration",
                Kind::Block(&[
                    required("file_system_id", "fileSystemId", Kind::Text, "Id of the file system."),
                    preset(
                        Preset::Text("/"),
                        "root_directory",
                        "rootDirectory",
                        Kind::Text,
                        "Directory of the file system to mount. With an access point: unset or `/`.",
                    ),
                    preset(
                        Preset::Text("DISABLED"),
                        "transit_encryption",
                        "transitEncryption",
                        Kind::Text,
                        "`ENABLED` or `DISABLED`. IAM and access points need `ENABLED`.",
                    ),
                    preset(
                        Preset::Whole(0),
                        "transit_encryption_port",
                        "transitEncryptionPort",
                        Kind::Whole,
                        "Port of the encrypted connection.",
                    ),
                    argument(
                        "authorization_config",
                        "authorizationConfig",
                        Kind::Block(&[
                            argument(
                                "access_point_id",
                                "accessPointId",
                                Kind::Text,
                                "Id of the access point.",
                            ),
                            preset(
                                Preset::Text("DISABLED"),
                                "iam",
                                "iam",
                                Kind::Text,
                                "Whether the task role is used: `ENABLED` or `DISABLED`.",
                            ),
                        ]),
                        "How the task is authorized.",
                    ),
                ]),
                "Amazon EFS file system.",
            ),
            argument(
                "fsx_windows_file_server_volume_configuration",
                "fsxWindowsFileServerVolumeConfiguration",
                Kind::Block(&[
                    required("file_system_id", "fileSystemId", Kind::Text, "Id of the file system."),
                    required(
                        "root_directory",
                        "rootDirectory",
                        Kind::Text,
                        "Directory of the file system to mount.",
                    ),
                    required(
                        "authorization_config",
                        "authorizationConfig",
                        Kind::Block(&[
                            required(
                                "credentials_parameter",
                                "credentialsParameter",
                                Kind::Text,
                                "ARN of the secret or parameter with the credentials.",
                            ),
                            required("domain", "domain", Kind::Text, "Active Directory domain."),
                        ]),
                        "How the task is authorized.",
                    ),
                ]),
                "Amazon FSx for Windows File Server; not on Fargate.",
            ),
            argument(
                "s3files_volume_configuration",
                "s3filesVolumeConfiguration",
                Kind::Block(&[
                    required("file_system_arn", "fileSystemArn", Kind::Text, "ARN of the file system."),
                    preset(
                        Preset::Text("/"),
                        "root_directory",
                        "rootDirectory",
                        Kind::Text,
                        "Directory of the file system to mount.",
                    ),
                    preset(
                        Preset::Whole(0),
                        "transit_encryption_port",
                        "transitEncryptionPort",
                        Kind::Whole,
                        "Port of the encrypted connection.",
                    ),
                    argument("access_point_arn", "accessPointArn", Kind::Text, "ARN of the access point."),
                ]),
                "Amazon S3 Files file system. Needs a task role.",
            ),
        ]),
        "Volume of the task. At most one kind of configuration; with none the volume is empty and lives as long as the task.",
    ),
];

/// Whether an argument of the task is a block of which there may be one.
pub(super) fn is_a_single_block(name: &str) -> bool {
    ARGUMENTS.iter().any(|argument| argument.name == name && matches!(argument.kind, Kind::Block(_)))
}

/// The arguments that are attributes.
pub(super) fn attributes(arguments: &[Argument]) -> Vec<Attribute> {
    arguments
        .iter()
        .filter_map(|argument| {
            let ty = match argument.kind {
                Kind::Text | Kind::Inside(_) => Type::String,
                Kind::Whole => Type::Number,
                Kind::Flag => Type::Bool,
                Kind::Texts => Type::set(Type::String),
                Kind::TextMap | Kind::NamedValues => Type::map(Type::String),
                Kind::Block(_) | Kind::Blocks(_) => return None,
            };
            let mode = if argument.required { Mode::Required } else { Mode::OptionalComputed };
            Some(Attribute::new(argument.name, ty, mode, argument.about))
        })
        .collect()
}

/// The arguments that are blocks.
pub(super) fn blocks(arguments: &'static [Argument]) -> Vec<NestedBlock> {
    arguments
        .iter()
        .filter_map(|argument| {
            let body = |inner: &'static [Argument]| Block {
                description: argument.about.to_owned(),
                attributes: attributes(inner),
                blocks: blocks(inner),
            };
            match argument.kind {
                Kind::Block(inner) => {
                    let min_items = i64::from(argument.required);
                    Some(NestedBlock { min_items, ..NestedBlock::at_most_one(argument.name, body(inner)) })
                }
                Kind::Blocks(inner) => Some(NestedBlock::set(argument.name, body(inner))),
                _ => None,
            }
        })
        .collect()
}

/// The arguments as somebody has them who only reads: computed, with blocks as lists and sets of objects.
pub(in crate::provider) fn registered_attributes() -> Vec<Attribute> {
    let block = Block { attributes: attributes(ARGUMENTS), blocks: blocks(ARGUMENTS), ..Block::default() };
    let Type::Object(types) = block.implied_type() else { unreachable!("a block is an object") };
    let computed = |argument: &Argument| {
        let about = if argument.name == "family" { "Name that all revisions share." } else { argument.about };
        Attribute::new(argument.name, types.attributes[argument.name].clone(), Mode::Computed, about)
    };
    ARGUMENTS.iter().map(computed).collect()
}

/// The document that a configuration writes. What is null is left out; what is unknown stays so.
pub(super) fn to_document(arguments: &[Argument], config: &Value) -> Object {
    let mut document = Object::new();
    for argument in arguments {
        let value = config.get(argument.name);
        if argument.is_unsent(value, config) {
            continue;
        }
        let node = match (value.undynamic(), &argument.kind) {
            (Value::Unknown(_), _) => Node::Unknown,
            (Value::Null, _) => continue,
            (Value::Map(entries), Kind::NamedValues) => entries
                .iter()
                .map(|(name, value)| {
                    Node::from([("name", Node::from(name.as_str())), ("value", leaf(value))])
                })
                .collect::<Vec<_>>()
                .into(),
            (Value::Map(entries), _) => {
                entries.iter().map(|(key, value)| (key.clone(), leaf(value))).collect()
            }
            (Value::List(elements), Kind::Block(inner)) => match elements.first() {
                Some(Value::Unknown(_)) => Node::Unknown,
                Some(block) => Node::Object(to_document(inner, block)),
                None => continue,
            },
            (Value::List(elements), Kind::Blocks(inner)) => {
                if elements.is_empty() {
                    continue;
                }
                elements
                    .iter()
                    .map(|block| match block {
                        Value::Unknown(_) => Node::Unknown,
                        block => Node::Object(to_document(inner, block)),
                    })
                    .collect::<Vec<_>>()
                    .into()
            }
            (Value::List(elements), _) => elements.iter().map(leaf).collect::<Vec<_>>().into(),
            (_, Kind::Inside(member)) => Node::from([(*member, leaf(value))]),
            _ => leaf(value),
        };
        document.insert(argument.key.to_owned(), node);
    }
    document
}

fn leaf(value: &Value) -> Node {
    match value.undynamic() {
        Value::Unknown(_) => Node::Unknown,
        Value::Bool(flag) => Node::Bool(*flag),
        Value::String(text) => Node::from(text.as_str()),
        Value::Number(number) => number.as_i64().map_or(Node::Null, Node::from),
        _ => Node::Null,
    }
}

/// The argument that writes a key of the task definition; none for the containers.
pub(in crate::provider) fn argument_of(key: &str) -> Option<&'static str> {
    let of_the_table = ARGUMENTS.iter().find(|argument| argument.key == key).map(|argument| argument.name);
    of_the_table.or((key == "tags").then_some("tags"))
}

/// The state that a document reads as: every argument of the table, as it counts where the document lacks it.
pub(super) fn to_state(arguments: &[Argument], document: &Node) -> BTreeMap<String, Value> {
    let mut state = BTreeMap::new();
    state.extend(arguments.iter().map(|argument| (argument.name.to_owned(), argument.of(document))));
    state
}

/// The state that a document reads as, of the arguments whose key differs from another document's.
pub(super) fn to_state_where_changed(
    arguments: &[Argument],
    from: &Node,
    to: &Node,
) -> BTreeMap<String, Value> {
    let changed = arguments.iter().filter(|argument| from.get(argument.key) != to.get(argument.key));
    let mut state = BTreeMap::new();
    state.extend(changed.map(|argument| (argument.name.to_owned(), argument.of(to))));
    state
}

impl Argument {
    /// What it is where nothing is written, if that is not null. `windows` is none while nobody knows.
    pub(super) fn preset(&self, windows: Option<bool>) -> Option<Value> {
        Some(match self.preset? {
            Preset::Text(text) | Preset::Sent(text) => Value::from(text),
            Preset::Whole(number) => Value::from(number),
            Preset::Flag(flag) => Value::from(flag),
            Preset::Bridge => match windows {
                Some(true) => return None,
                Some(false) => Value::from("bridge"),
                None => Value::UNKNOWN,
            },
        })
    }

    /// Whether this value says no more than its absence, so that it need not be sent.
    fn is_unsent(&self, value: &Value, config: &Value) -> bool {
        match self.preset {
            None | Some(Preset::Sent(_)) => false,
            Some(_) => self
                .preset(presets::is_on_windows(config))
                .is_some_and(|preset| preset == *value && !value.is_unknown()),
        }
    }

    /// The argument of a document: as it counts where the document lacks it.
    fn of(&self, document: &Node) -> Value {
        let value = self.read(document.get(self.key));
        if !value.is_null() || self.required {
            return value;
        }
        let family = document.get("runtimePlatform").get("operatingSystemFamily").as_str();
        self.preset(Some(family.is_some_and(|family| family.starts_with("WINDOWS")))).unwrap_or_else(|| {
            match self.kind {
                Kind::Text | Kind::Inside(_) => Value::from(""),
                Kind::Whole => Value::from(0),
                Kind::Flag => Value::from(false),
                Kind::TextMap | Kind::NamedValues => Value::Map(BTreeMap::new()),
                Kind::Texts | Kind::Block(_) | Kind::Blocks(_) => Value::List(Vec::new()),
            }
        })
    }

    fn read(&self, node: &Node) -> Value {
        match (&self.kind, node) {
            (Kind::Block(inner), Node::Object(_)) => Value::List(vec![Value::Map(to_state(inner, node))]),
            (Kind::Block(_), _) => Value::List(Vec::new()),
            (Kind::Blocks(inner), node) => {
                Value::List(node.items().iter().map(|item| Value::Map(to_state(inner, item))).collect())
            }
            (_, Node::Null) => Value::Null,
            (Kind::Text, node) => text(node),
            (Kind::Inside(member), node) => text(node.get(member)),
            (Kind::Whole, node) => node.as_i64().map(Value::from).unwrap_or_default(),
            (Kind::Flag, node) => node.as_bool().map(Value::from).unwrap_or_default(),
            (Kind::Texts, node) => Value::List(node.items().iter().map(text).collect()),
            (Kind::TextMap, Node::Object(members)) => {
                members.iter().map(|(key, member)| (key.clone(), text(member))).collect()
            }
            (Kind::NamedValues, node) => node
                .items()
                .iter()
                .filter_map(|item| Some((item.get("name").as_str()?.to_owned(), text(item.get("value")))))
                .collect(),
            (Kind::TextMap, _) => Value::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;

    fn object(members: Vec<(&str, Value)>) -> Value {
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    #[test]
    fn trusted_execution_goes_from_the_schema_into_the_document_and_back_into_the_state() {
        const NAME: &str = "trusted_execution_configuration";
        let blocks = blocks(ARGUMENTS);
        let block = &blocks.iter().find(|block| block.name == NAME).unwrap().block;
        let schema: Vec<_> = block.attributes.iter().map(|a| (a.name.as_str(), a.mode)).collect();
        assert_eq!(
            schema,
            [("isolation_mode", Mode::Required), ("attestation_policy", Mode::OptionalComputed)]
        );

        for (policy, json, read_back) in [
            (
                Value::from("cG9saWN5"),
                r#"{"trustedExecutionConfiguration":{"attestationPolicy":"cG9saWN5","isolationMode":"CONFIDENTIAL_SANDBOX"}}"#,
                "cG9saWN5",
            ),
            (
                Value::Null,
                r#"{"trustedExecutionConfiguration":{"isolationMode":"CONFIDENTIAL_SANDBOX"}}"#,
                "",
            ),
        ] {
            let written = object(vec![
                ("isolation_mode", Value::from("CONFIDENTIAL_SANDBOX")),
                ("attestation_policy", policy),
            ]);
            let config = object(vec![(NAME, Value::List(vec![written]))]);
            let document = Node::Object(to_document(ARGUMENTS, &config));
            assert_eq!(document::to_json(&document).unwrap(), json);
            let state = object(vec![
                ("isolation_mode", Value::from("CONFIDENTIAL_SANDBOX")),
                ("attestation_policy", Value::from(read_back)),
            ]);
            assert_eq!(to_state(ARGUMENTS, &document)[NAME], Value::List(vec![state]));
        }
        assert_eq!(to_state(ARGUMENTS, &Node::Object(Object::new()))[NAME], Value::List(Vec::new()));
    }
}
