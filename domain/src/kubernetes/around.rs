//! What stands around the containers of a Pod and is a name, a number or a label: of an object, of the Pod, of what it refers to.

use crate::document::{Node, Path};

/// Below these keys any text may stand, and templates for other programs do: Vault's in annotations, for one (the Agent injector's
/// `agent-inject-template`, read 2026-11). Kubernetes looks at none of them.
const OF_OTHERS: [&str; 4] = ["annotations", "options", "sysctls", "volumeAttributes"];

/// Lists of containers.
const CONTAINERS: [&str; 3] = ["containers", "ephemeralContainers", "initContainers"];

/// Of a container what no member of a container definition says, and no program reads.
const OF_A_CONTAINER: [&str; 5] =
    ["envFrom", "imagePullPolicy", "resources", "restartPolicy", "securityContext"];

/// The texts with double braces around the containers of an object, with their places, and what is not known yet there. Kubernetes
/// takes letters, digits and a few signs in names and in values of labels (its pages on names and on labels, read 2026-11), and no text
/// for a number, so that none of these can stay as it is.
pub(super) fn texts_in_braces(object: &Node, at: Path) -> Vec<(Path, Node)> {
    let mut texts = Vec::new();
    visit(object, at, &mut texts);
    texts
}

fn visit(node: &Node, at: Path, texts: &mut Vec<(Path, Node)>) {
    match node {
        Node::Unknown => texts.push((at, Node::Unknown)),
        Node::String(text) if text.contains("{{") => texts.push((at, node.clone())),
        Node::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, at.clone().index(index), texts);
            }
        }
        Node::Object(members) => {
            for (key, member) in members.iter().filter(|(key, _)| !OF_OTHERS.contains(&key.as_str())) {
                let at = at.clone().key(key);
                if !CONTAINERS.contains(&key.as_str()) {
                    visit(member, at, texts);
                    continue;
                }
                for (index, container) in member.items().iter().enumerate() {
                    for key in OF_A_CONTAINER {
                        visit(container.get(key), at.clone().index(index).key(key), texts);
                    }
                }
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn names_numbers_and_labels_are_looked_at_and_what_other_programs_read_is_not() {
        let object = r#"{"kind": "Deployment", "metadata": {"name": "{{ a }}", "annotations": {"x": "{{ y }}"}, "labels": {"team": "{{ b }}"}},
            "spec": {"replicas": "{{ 3 }}", "template": {"metadata": {"annotations": {"x": "{{ y }}"}, "labels": {"app": "shop"}}, "spec": {
                "serviceAccountName": "{{ c }}",
                "volumes": [{"name": "v", "configMap": {"name": "{{ d }}"}}, {"csi": {"driver": "e", "volumeAttributes": {"x": "{{ y }}"}}}],
                "containers": [
                    {"name": "x", "args": ["{{ y }}"], "resources": {"limits": {"memory": "{{ m }}"}}, "env": [{"value": "{{ z }}"}]}]}}}}"#;
        let object = parse(object).unwrap();
        let texts = texts_in_braces(&object, Path::default());
        let told: Vec<String> =
            texts.iter().map(|(path, text)| format!("{path} {}", text.as_str().unwrap_or("?"))).collect();
        assert_eq!(
            told,
            [
                "metadata.labels.team {{ b }}",
                "metadata.name {{ a }}",
                "spec.replicas {{ 3 }}",
                "spec.template.spec.containers[0].resources.limits.memory {{ m }}",
                "spec.template.spec.serviceAccountName {{ c }}",
                "spec.template.spec.volumes[0].configMap.name {{ d }}",
            ]
        );
    }

    #[test]
    fn what_is_not_known_yet_may_have_braces() {
        let object =
            Node::from([("spec", Node::from([("replicas", Node::Unknown), ("containers", Node::Unknown)]))]);
        let told: Vec<_> =
            texts_in_braces(&object, Path::default()).into_iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(told, ["spec.replicas"]);
    }
}
