//! Keys of containers that somebody else sets: kept from another task definition, such as the image that a pipeline deployed.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical::{canonical, canonicalize};
use super::difference::Difference;
use crate::document::Node;
use crate::document::Step;

const CONTAINERS: &str = "containerDefinitions";

/// Keys of container definitions, in ECS's spelling, by the name of the container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerKeys(BTreeMap<String, BTreeSet<String>>);

impl ContainerKeys {
    /// Adds a key of a container.
    pub fn insert(&mut self, container: &str, key: &str) {
        self.0.entry(container.to_owned()).or_default().insert(key.to_owned());
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each key with its container.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(container, keys)| keys.iter().map(|key| (container.as_str(), key.as_str())))
    }

    /// A list of containers with these keys as they are in another list. A key that is absent there is absent then. A container
    /// that the other list does not have stays as it is.
    pub fn keep(&self, containers: Node, from: &Node) -> Node {
        let Node::Array(containers) = containers else { return containers };
        Node::Array(containers.into_iter().map(|container| self.kept(container, from)).collect())
    }

    fn kept(&self, container: Node, from: &Node) -> Node {
        let Some(name) = container.get("name").as_str().map(str::to_owned) else { return container };
        let (Some(keys), Some(from)) = (self.0.get(&name), named(from, &name)) else { return container };
        let Node::Object(mut members) = container else { return container };
        for key in keys {
            match from.get(key) {
                Node::Null => members.remove(key),
                value => members.insert(key.clone(), value.clone()),
            };
        }
        Node::Object(members)
    }

    /// Whether two task definitions mean the same but for these keys.
    pub fn are_all_that_differs(&self, before: &Node, after: &Node) -> bool {
        let after = canonical(after);
        let Node::Object(mut members) = canonical(before) else { return false };
        let containers = members.remove(CONTAINERS).unwrap_or_default();
        members.insert(CONTAINERS.to_owned(), self.keep(containers, after.get(CONTAINERS)));
        canonicalize(Node::Object(members)) == after
    }

    /// The keys of containers in which these differences are, where they are in nothing else.
    pub fn of(differences: &[Difference]) -> Option<Self> {
        let mut keys = Self::default();
        for difference in differences {
            let [Step::Key(list), _, Step::Key(key), ..] = difference.path.0.as_slice() else { return None };
            let container = difference.container.as_deref().filter(|_| list == CONTAINERS)?;
            keys.insert(container, key);
        }
        (!keys.is_empty()).then_some(keys)
    }
}

fn named<'n>(containers: &'n Node, name: &str) -> Option<&'n Node> {
    containers.items().iter().find(|container| container.get("name").as_str() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::super::differences;
    use super::*;
    use crate::document::parse;

    fn keys(keys: &[(&str, &str)]) -> ContainerKeys {
        let mut all = ContainerKeys::default();
        keys.iter().for_each(|(container, key)| all.insert(container, key));
        all
    }

    const TASK: &str = r#"{"family": "shop", "memory": "512", "containerDefinitions": [
        {"name": "app", "image": "app:1", "command": ["serve"], "cpu": 10},
        {"name": "web", "image": "web:1"}]}"#;

    fn changed(from: &str, to: &str) -> Node {
        assert!(TASK.contains(from), "{from}");
        parse(&TASK.replace(from, to)).unwrap()
    }

    #[test]
    fn a_key_is_kept_in_its_container_alone() {
        let from = parse(&TASK.replace(":1", ":2").replace(r#", "command": ["serve"]"#, "")).unwrap();
        let kept = keys(&[("app", "image"), ("app", "command"), ("gone", "image")])
            .keep(parse(TASK).unwrap().get(CONTAINERS).clone(), from.get(CONTAINERS));
        let expected = r#"[{"name": "app", "image": "app:2", "cpu": 10}, {"name": "web", "image": "web:1"}]"#;
        assert_eq!(kept, parse(expected).unwrap());
    }

    #[test]
    fn what_is_not_known_is_kept_where_it_is_named_and_left_where_it_is_not() {
        let from = parse(r#"[{"name": "app", "image": "app:2"}]"#).unwrap();
        let app = |name: Node| {
            Node::from(vec![Node::from([("name", name), ("image", Node::Unknown), ("user", Node::Unknown)])])
        };
        let kept = keys(&[("app", "image")]).keep(app(Node::from("app")), &from);
        assert_eq!(kept.items()[0].get("image").as_str(), Some("app:2"));
        assert!(kept.items()[0].get("user").is_unknown());
        assert_eq!(keys(&[("app", "image")]).keep(app(Node::Unknown), &from), app(Node::Unknown));
        assert_eq!(keys(&[("app", "image")]).keep(Node::Unknown, &from), Node::Unknown);
    }

    #[test]
    fn a_task_definition_differs_in_nothing_else_or_in_something_else() {
        let before = parse(TASK).unwrap();
        let image = keys(&[("app", "image")]);
        for (from, to, is_all) in [
            ("app:1", "app:2", true),
            (r#""cpu": 10"#, r#""cpu": 10, "essential": true"#, true),
            ("web:1", "web:2", false),
            (r#""512""#, r#""1024""#, false),
            (r#""cpu": 10"#, r#""cpu": 20"#, false),
            (r#""name": "app""#, r#""name": "application""#, false),
            (r#"{"name": "web", "image": "web:1"}"#, r#"{"name": "more", "image": "web:1"}"#, false),
        ] {
            assert_eq!(image.are_all_that_differs(&before, &changed(from, to)), is_all, "{from} {to}");
        }
        assert!(!ContainerKeys::default().are_all_that_differs(&before, &changed("app:1", "app:2")));
    }

    #[test]
    fn differences_say_which_keys_could_be_ignored() {
        let of = |task: &Node| ContainerKeys::of(&differences(&parse(TASK).unwrap(), task));
        assert_eq!(of(&changed(":1", ":2")), Some(keys(&[("app", "image"), ("web", "image")])));
        assert_eq!(of(&changed(r#"["serve"]"#, r#"["work"]"#)), Some(keys(&[("app", "command")])));
        assert_eq!(of(&changed(r#""512""#, r#""1024""#)), None);
        assert_eq!(of(&changed(r#"{"name": "web", "image": "web:1"}"#, r#"{"name": "more"}"#)), None);
        assert_eq!(of(&parse(TASK).unwrap()), None);
    }
}
