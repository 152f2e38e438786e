//! The table of shapes against the newest API model of Amazon ECS, so that a key, a value or a structure that ECS
//! learned shows here and not as a user's error.
//!
//! The model is `service-2.json` of botocore, AWS's own SDK for Python, which `make model` installs without a pin.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ddrofs::ecs::shapes::{Kind, RESPONSE_ONLY, Structure, limits, structures};
use serde_json::{Value, json};

const REQUEST: &str = "RegisterTaskDefinitionRequest";

/// The limits that the model holds, as `shape limit`, each beside ours. The last three belong to a key that no rule
/// judges more closely than by its type.
const LIMITS: [(&str, usize); 9] = [
    ("TagKey max", limits::TAG_KEY_LENGTH),
    ("TagKey min", 1),
    ("TagValue max", limits::TAG_VALUE_LENGTH),
    ("TagValue min", 0),
    ("Tags max", limits::TAGS),
    ("Tags min", 0),
    ("NvidiaMpsAllocationMaxComputePercentInteger max", 100),
    ("NvidiaMpsAllocationMaxComputePercentInteger min", 1),
    ("NvidiaMpsAllocationMemoryInteger min", 1),
];

/// What one side says about a member.
#[derive(Debug, Default, PartialEq)]
struct Described {
    kind: String,
    required: bool,
    values: BTreeSet<String>,
}

/// The members of every structure by `Structure.member`.
type Members = BTreeMap<String, Described>;

/// The shapes of the API model, with a note of which botocore they came from.
struct Model {
    shapes: Value,
    source: String,
}

impl Model {
    fn installed() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ecs-model");
        let file = folder.join("botocore/data/ecs/2014-11-13/service-2.json");
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| {
            panic!(
                "the API model of ECS, which the table of shapes is compared with, cannot be read at {}: {error}. \
                 Install it: make model",
                file.display()
            )
        });
        let mut model: Value = serde_json::from_str(&text).unwrap();
        Self { shapes: model["shapes"].take(), source: botocore_version(&folder) }
    }

    /// A kind in the same words as [`kind_of`], and the values a string of that shape takes.
    fn kind(&self, shape: &str) -> (String, BTreeSet<String>) {
        let definition = &self.shapes[shape];
        let inner = |key: &str| {
            let (kind, values) = self.kind(definition[key]["shape"].as_str().unwrap());
            (format!("{} of {kind}", text(&definition["type"])), values)
        };
        match definition["type"].as_str() {
            Some("structure") => (shape.to_owned(), BTreeSet::new()),
            Some("list") => inner("member"),
            Some("map") => inner("value"),
            _ => (text(&definition["type"]), strings(&definition["enum"])),
        }
    }

    /// The names of the shapes below that one, itself included.
    fn below(&self, shape: &str, reached: &mut BTreeSet<String>) {
        if !reached.insert(shape.to_owned()) {
            return;
        }
        let definition = &self.shapes[shape];
        let members = definition["members"].as_object().into_iter().flat_map(|members| members.values());
        let items = ["member", "key", "value"].map(|key| &definition[key]);
        for next in members.chain(items).filter_map(|next| next["shape"].as_str()) {
            self.below(next, reached);
        }
    }

    /// The shapes that a registration can hold.
    fn reached(&self) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        self.below(REQUEST, &mut reached);
        reached
    }

    fn members(&self) -> Members {
        let mut all = Members::new();
        for structure in self.reached() {
            let required = strings(&self.shapes[&structure]["required"]);
            for key in self.keys(&structure) {
                let shape = self.shapes[&structure]["members"][&key]["shape"].as_str().unwrap();
                let (kind, values) = self.kind(shape);
                let described = Described { kind, required: required.contains(&key), values };
                all.insert(format!("{structure}.{key}"), described);
            }
        }
        all
    }

    fn keys(&self, structure: &str) -> BTreeSet<String> {
        let members = self.shapes[structure]["members"].as_object();
        members.into_iter().flat_map(|members| members.keys().cloned()).collect()
    }

    fn limits(&self) -> BTreeMap<String, i64> {
        let mut all = BTreeMap::new();
        for shape in self.reached() {
            for bound in ["max", "min"] {
                if let Some(limit) = self.shapes[&shape][bound].as_i64() {
                    all.insert(format!("{shape} {bound}"), limit);
                }
            }
        }
        all
    }
}

/// The name of the folder that pip leaves beside a package holds its version.
fn botocore_version(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names = entries.filter_map(|name| name.into_string().ok());
    let name = names.find(|name| name.ends_with(".dist-info")).expect("pip leaves one");
    name.trim_end_matches(".dist-info").replace('-', " ")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn strings(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().map(text).collect()
}

/// The table's kinds in the words of the model.
fn kind_of(kind: &Kind) -> String {
    match kind {
        Kind::String => "string".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Structure(structure) => structure.name.to_owned(),
        Kind::List(item) => format!("list of {}", kind_of(item)),
        Kind::Map(value) => format!("map of {}", kind_of(value)),
    }
}

fn members_of_the_table() -> Members {
    let of = |structure: &'static Structure| {
        structure.members.iter().map(|member| {
            let described = Described {
                kind: kind_of(&member.kind),
                required: member.required,
                values: member.values.iter().map(|value| (*value).to_owned()).collect(),
            };
            (format!("{}.{}", structure.name, member.key), described)
        })
    };
    structures().iter().flat_map(|structure| of(structure)).collect()
}

/// Everything in which the table of shapes and the model are not the same, in words.
fn differences(model: &Model) -> Vec<String> {
    let (theirs, ours) = (model.members(), members_of_the_table());
    let names: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    let mut lines: Vec<String> = names
        .into_iter()
        .flat_map(|name| match (theirs.get(name), ours.get(name)) {
            (Some(theirs), Some(ours)) => of_member(name, theirs, ours),
            (Some(theirs), None) => {
                vec![format!("{name}: the model has this {}, the table does not", theirs.kind)]
            }
            (None, _) => vec![format!("{name}: the table has it, the model does not")],
        })
        .collect();
    let added = &model.keys("TaskDefinition") - &model.keys(REQUEST);
    let known = RESPONSE_ONLY.iter().map(|key| (*key).to_owned()).collect();
    lines.extend(of_sets("RESPONSE_ONLY", "the key", &added, &known));
    let ours: BTreeMap<_, _> = LIMITS.into_iter().collect();
    let theirs = model.limits();
    let limits: BTreeSet<_> = theirs.keys().map(String::as_str).chain(ours.keys().copied()).collect();
    for limit in limits {
        let (theirs, ours) = (theirs.get(limit).copied(), ours.get(limit).map(|limit| *limit as i64));
        if theirs != ours {
            lines.push(format!("{limit}: {} in the model, {} with us", or_none(theirs), or_none(ours)));
        }
    }
    lines
}

fn of_member(name: &str, theirs: &Described, ours: &Described) -> Vec<String> {
    let mut lines = Vec::new();
    if theirs.kind != ours.kind {
        lines.push(format!("{name}: {} in the model, {} in the table", theirs.kind, ours.kind));
    }
    match (theirs.required, ours.required) {
        (true, false) => lines.push(format!("{name}: required in the model, optional in the table")),
        (false, true) => lines.push(format!("{name}: optional in the model, required in the table")),
        _ => {}
    }
    lines.extend(of_sets(name, "the value", &theirs.values, &ours.values));
    lines
}

fn of_sets(name: &str, what: &str, theirs: &BTreeSet<String>, ours: &BTreeSet<String>) -> Vec<String> {
    let new = (theirs - ours).into_iter().map(|item| format!("{name}: {what} {item} is in the model only"));
    let gone = (ours - theirs).into_iter().map(|item| format!("{name}: {what} {item} is with us only"));
    new.chain(gone).collect()
}

fn or_none(limit: Option<i64>) -> String {
    limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string())
}

#[test]
fn the_table_of_shapes_is_what_the_newest_api_model_says() {
    let model = Model::installed();
    let differences = differences(&model);
    assert!(
        differences.is_empty(),
        "domain/src/ecs/shapes and the API model of {} differ. CONTRIBUTING.md says what to do under \"ECS learned \
         something\".\n  {}",
        model.source,
        differences.join("\n  ")
    );
}

#[test]
fn every_kind_of_difference_is_told_and_all_of_them_at_once() {
    let mut model = Model::installed();
    let real = differences(&model);
    let shapes = &mut model.shapes;
    shapes[REQUEST]["members"]["brandNew"] = json!({"shape": "BrandNewList"});
    shapes["BrandNewList"] = json!({"type": "list", "member": {"shape": "BrandNew"}});
    shapes["BrandNew"] = json!({"type": "structure", "members": {"on": {"shape": "BoxedBoolean"}}});
    shapes["PortMapping"]["members"].as_object_mut().unwrap().remove("hostPort");
    shapes["ContainerDefinition"]["members"]["hostname"]["shape"] = json!("StringList");
    shapes["ContainerDefinition"]["required"] = json!(["image"]);
    shapes["Secret"]["required"] = json!(["name"]);
    shapes["NetworkMode"]["enum"] = json!(["bridge", "host", "awsvpc", "quantum"]);
    shapes["DeviceCgroupPermission"]["enum"] = json!(["read", "write"]);
    shapes["TaskDefinition"]["members"]["mood"] = json!({"shape": "String"});
    shapes["TaskDefinition"]["members"].as_object_mut().unwrap().remove("revision");
    shapes["Tags"]["max"] = json!(60);
    shapes["BoxedInteger"]["max"] = json!(9);
    let made: Vec<_> = differences(&model).into_iter().filter(|line| !real.contains(line)).collect();
    assert_eq!(
        made,
        [
            "BrandNew.on: the model has this boolean, the table does not",
            "ContainerDefinition.hostname: list of string in the model, string in the table",
            "ContainerDefinition.image: required in the model, optional in the table",
            "Device.permissions: the value mknod is with us only",
            "PortMapping.hostPort: the table has it, the model does not",
            "RegisterTaskDefinitionRequest.brandNew: the model has this list of BrandNew, the table does not",
            "RegisterTaskDefinitionRequest.networkMode: the value quantum is in the model only",
            "RegisterTaskDefinitionRequest.networkMode: the value none is with us only",
            "Secret.valueFrom: optional in the model, required in the table",
            "RESPONSE_ONLY: the key mood is in the model only",
            "RESPONSE_ONLY: the key revision is with us only",
            "BoxedInteger max: 9 in the model, none with us",
            "Tags max: 60 in the model, 50 with us",
        ]
    );
}
