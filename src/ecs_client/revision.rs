//! A revision as an answer of ECS has it.

use std::collections::BTreeMap;

use crate::document::Node;
use crate::ordered::ordered;

use super::arn::RevisionArn;

/// The life of a revision (TaskDefinitionStatus of the API reference, read 2026-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status<'a> {
    /// Services can be given it.
    Active,
    /// Deregistered. What runs it goes on.
    Inactive,
    /// Deleted, and still used by something.
    DeleteInProgress,
    /// A word that is not known here.
    Other(&'a str),
}

/// What RegisterTaskDefinition and DescribeTaskDefinition answer (API reference, read 2026-11).
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its ARN.
    pub arn: RevisionArn,
    /// The registered document with what ECS adds to it: status, ARN, who registered it and when. Without the tags.
    pub task_definition: Node,
    /// Its tags, but for those that AWS itself sets: they are not the user's to keep.
    pub tags: BTreeMap<String, String>,
}

impl Revision {
    /// The revision of that answer; none where it names none.
    pub fn of(answer: Node) -> Option<Self> {
        let arn = RevisionArn::parse(answer.get("taskDefinition").get("taskDefinitionArn").as_str()?)?;
        let tags = tags(answer.get("tags"));
        let Node::Object(mut members) = answer else { return None };
        let task_definition = members.remove("taskDefinition").unwrap_or_default();
        Some(Self { arn, task_definition, tags })
    }

    /// Where it stands in its life.
    pub fn status(&self) -> Status<'_> {
        match self.task_definition.get("status").as_str() {
            // A status that is missing says nothing against it.
            None | Some("ACTIVE") => Status::Active,
            Some("INACTIVE") => Status::Inactive,
            Some("DELETE_IN_PROGRESS") => Status::DeleteInProgress,
            Some(other) => Status::Other(other),
        }
    }

    /// Whether a service can be given it.
    pub fn is_active(&self) -> bool {
        self.status() == Status::Active
    }

    /// When it was deregistered, in UTC, as far as the answer says so.
    pub fn deregistered_at(&self) -> Option<String> {
        self.time("deregisteredAt")
    }

    /// When it was registered, in UTC, as far as the answer says so.
    pub fn registered_at(&self) -> Option<String> {
        self.time("registeredAt")
    }

    /// The ARN of who registered it, as far as the answer says so.
    pub fn registered_by(&self) -> Option<&str> {
        self.task_definition.get("registeredBy").as_str()
    }

    fn time(&self, key: &str) -> Option<String> {
        let Node::Number(seconds) = self.task_definition.get(key) else { return None };
        let nanoseconds = (seconds.as_f64()? * 1e9) as i128;
        let at =
            time::OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?.replace_nanosecond(0).ok()?;
        at.format(&time::format_description::well_known::Rfc3339).ok()
    }
}

fn tags(list: &Node) -> BTreeMap<String, String> {
    let tag = |tag: &Node| {
        let value = tag.get("value").as_str().unwrap_or_default();
        Some((tag.get("key").as_str()?.to_owned(), value.to_owned()))
    };
    let is_of_aws = |key: &str| key.to_ascii_lowercase().starts_with("aws:");
    ordered(list.items().iter().filter_map(tag).filter(|(key, _)| !is_of_aws(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    fn revision(answer: &str) -> Option<Revision> {
        Revision::of(parse(answer).unwrap())
    }

    #[test]
    fn an_answer_is_read() {
        let arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:3";
        let found = revision(&format!(
            r#"{{"taskDefinition": {{"taskDefinitionArn": "{arn}", "status": "ACTIVE", "family": "shop"}},
                "tags": [{{"key": "team", "value": "shop"}}, {{"key": "empty"}}, {{"key": "AWS:by", "value": "x"}}, {{}}]}}"#
        ))
        .unwrap();
        assert_eq!((found.arn.as_str(), found.is_active()), (arn, true));
        assert_eq!(found.task_definition.get("family").as_str(), Some("shop"));
        let tags: Vec<_> = found.tags.iter().map(|(key, tag)| (key.as_str(), tag.as_str())).collect();
        assert_eq!(tags, [("empty", ""), ("team", "shop")]);
    }

    #[test]
    fn who_registered_it_and_the_times_of_its_life_are_told() {
        let answer = r#"{"taskDefinition": {"taskDefinitionArn": "arn:aws:ecs:r:1:task-definition/a:1",
            "registeredAt": 1794999999, "registeredBy": "arn:aws:iam::1:user/x",
            "status": "INACTIVE", "deregisteredAt": 1795000000.25}}"#;
        let found = revision(answer).unwrap();
        assert_eq!(found.registered_by(), Some("arn:aws:iam::1:user/x"));
        assert_eq!(found.registered_at().as_deref(), Some("2026-11-18T11:06:39Z"));
        assert_eq!(found.status(), Status::Inactive);
        assert_eq!(found.deregistered_at().as_deref(), Some("2026-11-18T11:06:40Z"));
    }

    #[test]
    fn a_revision_is_inactive_where_the_answer_says_so_and_none_without_its_arn() {
        let of_status = |status: &str| {
            revision(&format!(
                r#"{{"taskDefinition": {{{status}"taskDefinitionArn": "arn:aws:ecs:r:1:task-definition/a:1"}}}}"#
            ))
            .unwrap()
            .is_active()
        };
        assert!(of_status(""));
        for status in ["INACTIVE", "DELETE_IN_PROGRESS", "ARCHIVED", "active"] {
            assert!(!of_status(&format!(r#""status": "{status}","#)), "{status}");
        }
        for answer in ["{}", "[]", r#"{"taskDefinition": {"taskDefinitionArn": "shop:1"}}"#] {
            assert_eq!(revision(answer), None, "{answer}");
        }
    }
}
