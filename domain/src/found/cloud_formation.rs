//! Templates of CloudFormation, those that CDK writes among them: which resources are task definitions, and YAML's short forms of
//! calls.

use crate::document::yaml::{Remark, RemarkKind};
use crate::document::{Node, Object, Path, Step};

/// The type of the resource.
pub const TASK_DEFINITION: &str = "AWS::ECS::TaskDefinition";

/// A task definition of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its logical id.
    pub name: String,
    /// Where its properties are in the template.
    pub properties: Path,
}

/// Whether this is a template: it says so, or has resources of types that a cloud has.
pub fn is_template(node: &Node) -> bool {
    let Node::Object(resources) = node.get("Resources") else { return false };
    let has_type = |resource: &Node| resource.get("Type").as_str().is_some_and(|ty| ty.contains("::"));
    !node.get("AWSTemplateFormatVersion").is_null() || resources.values().any(has_type)
}

/// The task definitions of a template, in the order of their logical ids.
pub fn task_definitions(template: &Node) -> Vec<Resource> {
    let mut found = Vec::new();
    if let Node::Object(resources) = template.get("Resources") {
        collect(resources, &Path::default().key("Resources"), &mut found);
    }
    found
}

fn collect(resources: &Object, at: &Path, found: &mut Vec<Resource>) {
    for (name, resource) in resources.iter() {
        let here = at.clone().key(name);
        // A loop holds its variable, what that goes through, and the resources.
        if let (true, [_, _, Node::Object(inner)]) = (name.starts_with("Fn::ForEach"), resource.items()) {
            collect(inner, &here.index(2), found);
        } else if resource.get("Type").as_str() == Some(TASK_DEFINITION) {
            found.push(Resource { name: name.clone(), properties: here.key("Properties") });
        }
    }
}

/// The calls that YAML has a short form of, by their names behind `Fn::` (template reference of CloudFormation, 2026-11).
const CALLS: [&str; 20] = [
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAtt",
    "GetAZs",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
];

/// What a YAML text says, with calls in their long form: `!Ref x` is `{"Ref": "x"}`. What any other tag makes of a value is not
/// known.
pub fn with_calls(mut node: Node, remarks: &[Remark]) -> Node {
    // Those inside others first: what is around a call stays where it is.
    let mut tags: Vec<(&[Step], &str)> = remarks.iter().filter_map(tag).collect();
    tags.sort_by_key(|(steps, _)| std::cmp::Reverse(steps.len()));
    for (steps, tag) in tags {
        let Some(here) = node.at_mut(&Path(steps.to_vec())) else { continue };
        let argument = std::mem::take(here);
        *here = match tag.strip_prefix('!').unwrap_or(tag) {
            "Ref" => Node::from([("Ref", argument)]),
            "Condition" => Node::from([("Condition", argument)]),
            call if CALLS.contains(&call) => Node::from([(format!("Fn::{call}").as_str(), argument)]),
            _ => Node::Unknown,
        };
    }
    node
}

fn tag(remark: &Remark) -> Option<(&[Step], &str)> {
    match &remark.kind {
        RemarkKind::Tag(tag) if tag != "!" => Some((&remark.path.0, tag)),
        _ => None,
    }
}
