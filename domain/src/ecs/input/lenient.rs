//! Reading as hashicorp/aws reads: what modules write because that provider leaves it out of its request.
//!
//! For what is written or registered only. A judge looks at the form itself, and there every one of these stays.
//!
//! Source of every row: hashicorp/terraform-provider-aws, `internal/service/ecs/task_definition.go` and
//! `container_definitions.go` of version 6, and the serializers of aws-sdk-go-v2 that they end in (2026-11).

use std::collections::BTreeSet;

use super::{Note, NoteKind, api_key};
use crate::document::Trail;
use crate::document::{Node, Object};
use crate::ecs::shapes::{Kind, Member, Structure};

/// A value that hashicorp/aws takes for one that is not set.
#[derive(Debug, Clone, Copy)]
pub struct Unset {
    /// The structure's name in the API model.
    pub structure: &'static str,
    /// The member's key.
    pub member: &'static str,
    /// The value.
    pub value: Zero,
    /// What of that provider leaves it out.
    pub source: &'static str,
}

/// A value that can mean "not set".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zero {
    /// `""`.
    Text,
    /// `0`.
    Number,
    /// `false`.
    False,
    /// `[]` or `{}`.
    Empty,
}

impl Zero {
    /// Which of them a value is, if any.
    pub fn of(value: &Node) -> Option<Self> {
        match value {
            Node::String(text) if text.is_empty() => Some(Zero::Text),
            Node::Number(_) if value.as_i64() == Some(0) => Some(Zero::Number),
            Node::Bool(false) => Some(Zero::False),
            Node::Array(items) if items.is_empty() => Some(Zero::Empty),
            Node::Object(members) if members.is_empty() => Some(Zero::Empty),
            _ => None,
        }
    }

    fn described(self) -> &'static str {
        match self {
            Zero::Text => "left out: an empty text, which counts as not set here",
            Zero::Number => "left out: 0, which counts as not set here",
            Zero::False => "left out: false, which counts as not set here",
            Zero::Empty => "left out: empty, which counts as not set here",
        }
    }
}

const fn unset(structure: &'static str, member: &'static str, value: Zero, source: &'static str) -> Unset {
    Unset { structure, member, value, source }
}

const TASK: &str = "RegisterTaskDefinitionRequest";
const GET_OK: &str = "resourceTaskDefinitionCreate: taken through GetOk, which is false for it";
const COUNTED: &str = "resourceTaskDefinitionCreate: taken where it has elements";
const PLATFORM: &str =
    "resourceTaskDefinitionCreate: a block without values is nil there; expandRuntimePlatform";
const HOST: &str = "expandVolumes: hostPath != \"\"";
const DOCKER: &str = "expandDockerVolumeConfiguration";
const EFS: &str = "expandEFSVolumeConfiguration";
const EFS_AUTHORIZATION: &str = "expandEFSAuthorizationConfig";
const S3_FILES: &str = "expandS3FilesVolumeConfiguration";
const PLAIN_NUMBER: &str = "Cpu is no pointer in the SDK, and its serializer writes it where it is not 0";

/// Every value but empty enums that hashicorp/aws leaves out of its request. What ECS requires is not among them: it
/// stays, for a rule to name.
///
/// An empty text in place of any enum is another: enums are no pointers in the SDK, and its serializers write them
/// where they are not empty.
pub static UNSET: &[Unset] = &[
    unset(TASK, "cpu", Zero::Text, GET_OK),
    unset(TASK, "memory", Zero::Text, GET_OK),
    unset(TASK, "executionRoleArn", Zero::Text, GET_OK),
    unset(TASK, "taskRoleArn", Zero::Text, GET_OK),
    unset(TASK, "enableFaultInjection", Zero::False, GET_OK),
    unset(TASK, "placementConstraints", Zero::Empty, COUNTED),
    unset(TASK, "requiresCompatibilities", Zero::Empty, COUNTED),
    unset(TASK, "volumes", Zero::Empty, GET_OK),
    unset(TASK, "runtimePlatform", Zero::Empty, PLATFORM),
    unset("Volume", "host", Zero::Empty, HOST),
    unset("HostVolumeProperties", "sourcePath", Zero::Text, HOST),
    // Sent as false beside another scope than `task`, where it is the default.
    unset("DockerVolumeConfiguration", "autoprovision", Zero::False, DOCKER),
    unset("DockerVolumeConfiguration", "driver", Zero::Text, DOCKER),
    unset("DockerVolumeConfiguration", "driverOpts", Zero::Empty, DOCKER),
    unset("DockerVolumeConfiguration", "labels", Zero::Empty, DOCKER),
    unset("EFSVolumeConfiguration", "rootDirectory", Zero::Text, EFS),
    unset("EFSVolumeConfiguration", "transitEncryptionPort", Zero::Number, EFS),
    unset("EFSAuthorizationConfig", "accessPointId", Zero::Text, EFS_AUTHORIZATION),
    unset("S3FilesVolumeConfiguration", "accessPointArn", Zero::Text, S3_FILES),
    unset("S3FilesVolumeConfiguration", "rootDirectory", Zero::Text, S3_FILES),
    unset("S3FilesVolumeConfiguration", "transitEncryptionPort", Zero::Number, S3_FILES),
    unset("ContainerDefinition", "cpu", Zero::Number, PLAIN_NUMBER),
];

/// The lists of a container definition out of which hashicorp/aws takes empty elements: `compactArrays`.
pub const SPARSE: [&str; 11] = [
    "dependsOn",
    "environment",
    "environmentFiles",
    "extraHosts",
    "mountPoints",
    "portMappings",
    "resourceRequirements",
    "secrets",
    "systemControls",
    "ulimits",
    "volumesFrom",
];

/// Whether a member's value counts as not set.
pub fn is_unset(structure: &Structure, member: &Member, value: &Node) -> bool {
    let Some(zero) = Zero::of(value).filter(|_| !member.required) else { return false };
    let is_empty_choice = zero == Zero::Text && !member.values.is_empty();
    is_empty_choice
        || UNSET
            .iter()
            .any(|row| row.value == zero && row.member == member.key && row.structure == structure.name)
}

/// Takes out of a structure what hashicorp/aws would not send, and spells its keys as ECS does.
pub(super) fn leave_out(
    structure: &'static Structure,
    node: &mut Node,
    trail: &Trail<'_>,
    notes: &mut Vec<Note>,
) {
    let Node::Object(members) = node else { return };
    drop_nulls(members, trail, notes);
    spell(structure, members, trail, notes);
    for (key, value) in members.iter_mut() {
        let Some(member) = structure.member(key) else { continue };
        let at = Trail::Key(trail, key);
        match (&member.kind, value) {
            (Kind::Structure(inner), value) => leave_out(inner, value, &at, notes),
            (Kind::List(Kind::Structure(inner)), Node::Array(items)) => {
                compact(structure, member, inner, items, &at, notes);
                for (index, item) in items.iter_mut().enumerate() {
                    leave_out(inner, item, &Trail::Index(&at, index), notes);
                }
            }
            _ => {}
        }
    }
    members.retain(|key, value| {
        let is_unset = structure.member(key).is_some_and(|member| is_unset(structure, member, value));
        if is_unset {
            let text = Zero::of(value).map_or("", Zero::described);
            notes.push(Note::new(NoteKind::LeftOut, Trail::Key(trail, key).path(), text));
        }
        !is_unset
    });
}

/// Takes only the elements out of lists that say nothing.
pub(super) fn leave_out_elements(
    structure: &'static Structure,
    node: &mut Node,
    trail: &Trail<'_>,
    notes: &mut Vec<Note>,
) {
    let Node::Object(members) = node else { return };
    for (key, value) in members.iter_mut() {
        let Some(member) = structure.member(key) else { continue };
        let at = Trail::Key(trail, key);
        match (&member.kind, value) {
            (Kind::Structure(inner), value) => leave_out_elements(inner, value, &at, notes),
            (Kind::List(Kind::Structure(inner)), Node::Array(items)) => {
                compact(structure, member, inner, items, &at, notes);
                for (index, item) in items.iter_mut().enumerate() {
                    leave_out_elements(inner, item, &Trail::Index(&at, index), notes);
                }
            }
            _ => {}
        }
    }
}

/// Null is not written, whatever the key.
fn drop_nulls(members: &mut Object, trail: &Trail<'_>, notes: &mut Vec<Note>) {
    members.retain(|key, value| {
        if value.is_null() {
            notes.push(Note::left_out_null(Trail::Key(trail, key).path()));
        }
        !value.is_null()
    });
}

/// Keys that differ in case only are the keys they mean: that provider decodes into structs, which match names so. Two
/// spellings with two values both stay, for a rule to name.
fn spell(structure: &'static Structure, members: &mut Object, trail: &Trail<'_>, notes: &mut Vec<Note>) {
    let other: Vec<(String, &'static str)> = members
        .keys()
        .filter(|key| structure.member(key).is_none())
        .filter_map(|key| Some((key.clone(), api_key(structure, key)?)))
        .collect();
    let mut spelled = BTreeSet::new();
    for (key, api) in other {
        let value = members.get(key.as_str()).cloned().unwrap_or_default();
        match members.get(api) {
            None => {
                members.insert(api.to_owned(), value);
            }
            Some(same) if *same == value => {}
            Some(_) => continue,
        }
        let text = format!("written as {key}, which ECS spells {api}");
        notes.push(Note::new(NoteKind::Spelled, Trail::Key(trail, api).path(), text));
        spelled.insert(key);
    }
    if !spelled.is_empty() {
        members.retain(|key, _| !spelled.contains(key));
    }
}

/// Takes elements out of a list that say nothing.
fn compact(
    structure: &Structure,
    list: &Member,
    item: &'static Structure,
    items: &mut Vec<Node>,
    trail: &Trail<'_>,
    notes: &mut Vec<Note>,
) {
    let is_sparse = structure.name == "ContainerDefinition" && SPARSE.contains(&list.key);
    let holds_values = item.name == "KeyValuePair";
    let mut index = 0;
    items.retain(|element| {
        let text = if is_sparse && says_nothing(item, element) {
            Some("left out: an empty element of the list")
        } else if holds_values && is_without_value(element) {
            Some("left out: it has a name and no value")
        } else {
            None
        };
        if let Some(text) = text {
            notes.push(Note::new(NoteKind::Element, Trail::Index(trail, index).path(), text));
        }
        index += 1;
        text.is_none()
    });
}

fn says_nothing(structure: &'static Structure, element: &Node) -> bool {
    match element {
        Node::Null => true,
        Node::Object(members) => members.iter().all(|(key, value)| {
            let member = api_key(structure, key).and_then(|api| structure.member(api));
            let is_empty_choice = || member.is_some_and(|member| !member.values.is_empty());
            value.is_null() || (Zero::of(value) == Some(Zero::Text) && is_empty_choice())
        }),
        _ => false,
    }
}

/// A pair whose value was left away: what an expression makes of a variable that is not set.
fn is_without_value(element: &Node) -> bool {
    let Node::Object(members) = element else { return false };
    let written: Vec<&String> =
        members.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key).collect();
    matches!(written.as_slice(), [key] if key.eq_ignore_ascii_case("name"))
}
