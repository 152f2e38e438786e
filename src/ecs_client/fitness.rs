//! What a revision is fit for, and what is known of it without asking because it was registered here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::document::Node;

use super::client::EcsClient;

/// What of a revision decides whether a service can be given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitness {
    /// Whether its status is `ACTIVE`.
    pub is_active: bool,
    /// The launch types that ECS found it fit for, such as `FARGATE`; empty where the answer does not say.
    pub compatibilities: Vec<String>,
    /// Whether its network mode is `awsvpc`.
    pub is_awsvpc: bool,
}

impl Fitness {
    /// What RegisterTaskDefinition or DescribeTaskDefinition answers of a revision, with its ARN; none where it names none.
    pub fn of(answer: &Node) -> Option<(String, Self)> {
        let revision = answer.get("taskDefinition");
        let arn = revision.get("taskDefinitionArn").as_str()?.to_owned();
        let compatibilities = revision.get("compatibilities").items().iter().filter_map(Node::as_str);
        let fitness = Self {
            // A status that is missing says nothing against it.
            is_active: revision.get("status").as_str().is_none_or(|status| status == "ACTIVE"),
            compatibilities: compatibilities.map(str::to_owned).collect(),
            is_awsvpc: revision.get("networkMode").as_str() == Some("awsvpc"),
        };
        Some((arn, fitness))
    }
}

/// The revisions that a client has registered, by their ARNs.
#[derive(Debug, Default)]
pub(super) struct Registered(Mutex<BTreeMap<String, Fitness>>);

impl Registered {
    pub(super) fn note(&self, answer: &Node) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(Fitness::of(answer));
    }
}

impl EcsClient {
    /// What a revision was fit for when this client registered it; none where it did not. A fleet of 300 whose task definitions
    /// were registered a moment ago would spend 12 s of the account's reads on asking for it.
    pub fn registered(&self, arn: &str) -> Option<Fitness> {
        self.registered.0.lock().unwrap_or_else(PoisonError::into_inner).get(arn).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn an_answer_says_what_a_revision_is_fit_for() {
        let of = |members: &str| {
            let arn = r#""taskDefinitionArn": "arn:aws:ecs:r:1:task-definition/a:1""#;
            let answer = parse(&format!(r#"{{"taskDefinition": {{{arn}{members}}}}}"#)).unwrap();
            Fitness::of(&answer).unwrap().1
        };
        let bare = of("");
        assert_eq!((bare.is_active, bare.is_awsvpc, bare.compatibilities.len()), (true, false, 0));
        let whole =
            of(r#", "status": "INACTIVE", "networkMode": "awsvpc", "compatibilities": ["EC2", "FARGATE"]"#);
        assert_eq!((whole.is_active, whole.is_awsvpc), (false, true));
        assert_eq!(whole.compatibilities, ["EC2", "FARGATE"]);
        assert_eq!(Fitness::of(&parse("{}").unwrap()), None);
    }
}
