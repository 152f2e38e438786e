//! The calls to ECS, in JSON as the API documents it.
//!
//! Every future here may be dropped at any moment: a call that was sent then counts as ambiguous to its caller.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::document::{Node, Path};
use tokio::sync::OwnedMutexGuard;

use super::attempt::{LastAttempt, WhenAmbiguous};
use super::configuration::IgnoredTags;
use super::error::{Circumstances, EcsError};
use super::fitness::Registered;
use super::pace::Pace;
use super::patience::Patience;
use super::quota::Quota;
use super::service::Failure;
use super::uses::LastLook;

/// The most items that one page of any list holds (API reference, read 2026-11).
const LIST_PAGE: usize = 100;

/// The most revisions that one call of DeleteTaskDefinitions takes (API reference, read 2026-11).
const DELETE_BATCH: usize = 10;

/// Calls ECS in one region.
pub struct EcsClient {
    region: String,
    /// Sends one attempt a call.
    pub(super) sdk: aws_sdk_ecs::Client,
    pub(super) pace: Pace,
    /// Attempts of a call, at most.
    pub(super) most_attempts: u32,
    /// Repeats of all calls.
    pub(super) quota: Quota,
    /// What is known of every call before it is made.
    pub(super) circumstances: Circumstances,
    /// Tags that no answer has.
    ignored_tags: IgnoredTags,
    /// Whose turn it is to register, by family.
    families: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
    pub(super) last_look: LastLook,
    pub(super) registered: Registered,
}

impl fmt::Debug for EcsClient {
    /// Shows the region alone: the SDK's client prints access keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EcsClient").field("region", &self.region).finish_non_exhaustive()
    }
}

impl EcsClient {
    /// Wraps the SDK's client.
    pub(super) fn new(
        region: &str,
        sdk: aws_sdk_ecs::Client,
        pace: Pace,
        (most_attempts, quota): (u32, Quota),
        circumstances: Circumstances,
        ignored_tags: IgnoredTags,
    ) -> Self {
        EcsClient {
            region: region.to_owned(),
            sdk,
            pace,
            most_attempts,
            quota,
            circumstances,
            ignored_tags,
            families: Mutex::default(),
            last_look: LastLook::default(),
            registered: Registered::default(),
        }
    }

    /// The same error, with who was asked and as whom.
    pub(super) fn at_its_host(&self, error: EcsError, attempt: &LastAttempt) -> EcsError {
        let circumstances = Circumstances { host: attempt.host(), ..self.circumstances.clone() };
        EcsError { circumstances: Box::new(circumstances), ..error }
    }

    /// The turn to register in a family, which is over when the answer is dropped. ECS refuses two registrations of one family
    /// at once.
    pub async fn turn_of_family(&self, family: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut families = self.families.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(families.entry(family.to_owned()).or_default())
        };
        if let Ok(turn) = Arc::clone(&turn).try_lock_owned() {
            return turn;
        }
        let reason = "for another registration of its family";
        tracing::info!(family, region = self.region(), reason, "a call to ECS waits");
        turn.lock_owned().await
    }

    /// How long a wait for ECS lasts, which is its own time unless the environment makes the clock go faster.
    pub fn on_its_clock(&self, wait: Duration) -> Duration {
        self.pace.on_this_clock(wait)
    }

    /// The region that this client calls.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Registers a revision and returns the whole answer. ECS accepts no idempotency token, so a call whose fate is not
    /// known is not repeated: the error is [`ErrorKind::Ambiguous`], and the caller looks whether the revision exists.
    pub async fn register_task_definition(&self, body: &Node, patience: &Patience) -> Result<Node, EcsError> {
        let answer = self.call("RegisterTaskDefinition", WhenAmbiguous::GiveUp, body, patience).await?;
        self.registered.note(&answer);
        Ok(answer)
    }

    /// Describes a revision with its tags, but for those that are ignored: a family, `family:revision` or an ARN.
    pub async fn describe_task_definition(&self, id: &str, patience: &Patience) -> Result<Node, EcsError> {
        let body = Node::from([("taskDefinition", Node::from(id)), ("include", Node::from(vec!["TAGS"]))]);
        let answer = self.call("DescribeTaskDefinition", WhenAmbiguous::Repeat, &body, patience).await?;
        Ok(self.without_ignored_tags(answer))
    }

    /// Retires a revision; what runs it goes on running. Doing it twice does no harm.
    pub async fn deregister_task_definition(&self, arn: &str, patience: &Patience) -> Result<Node, EcsError> {
        let body = Node::from([("taskDefinition", Node::from(arn))]);
        self.call("DeregisterTaskDefinition", WhenAmbiguous::Repeat, &body, patience).await
    }

    /// The ARNs of revisions whose family begins with `family_prefix`, the newest first, at most `max` of them.
    /// `status` is `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub async fn list_task_definitions(
        &self,
        family_prefix: &str,
        status: &str,
        max: usize,
        patience: &Patience,
    ) -> Result<Vec<String>, EcsError> {
        let members = vec![
            ("familyPrefix", Node::from(family_prefix)),
            ("status", Node::from(status)),
            ("sort", Node::from("DESC")),
        ];
        let listed = self.list("ListTaskDefinitions", members, "taskDefinitionArns", max, patience).await?;
        Ok(texts(&listed))
    }

    /// Sets tags on a revision.
    pub async fn tag_resource(
        &self,
        arn: &str,
        tags: &BTreeMap<String, String>,
        patience: &Patience,
    ) -> Result<Node, EcsError> {
        let tags: Vec<Node> = tags
            .iter()
            .map(|(key, tag)| {
                Node::from([("key", Node::from(key.as_str())), ("value", Node::from(tag.as_str()))])
            })
            .collect();
        let body = Node::from([("resourceArn", Node::from(arn)), ("tags", Node::Array(tags))]);
        self.call("TagResource", WhenAmbiguous::Repeat, &body, patience).await
    }

    /// Takes tags off a revision.
    pub async fn untag_resource(
        &self,
        arn: &str,
        tag_keys: &[String],
        patience: &Patience,
    ) -> Result<Node, EcsError> {
        let tag_keys: Vec<&str> = tag_keys.iter().map(String::as_str).collect();
        let body = Node::from([("resourceArn", Node::from(arn)), ("tagKeys", Node::from(tag_keys))]);
        self.call("UntagResource", WhenAmbiguous::Repeat, &body, patience).await
    }

    /// The tags of a revision, but for those that are ignored, in the answer's `tags`.
    pub async fn list_tags_for_resource(&self, arn: &str, patience: &Patience) -> Result<Node, EcsError> {
        let body = Node::from([("resourceArn", Node::from(arn))]);
        let answer = self.call("ListTagsForResource", WhenAmbiguous::Repeat, &body, patience).await?;
        Ok(self.without_ignored_tags(answer))
    }

    fn without_ignored_tags(&self, mut answer: Node) -> Node {
        if let Some(Node::Array(tags)) = answer.at_mut(&Path::default().key("tags")) {
            tags.retain(|tag| tag.get("key").as_str().is_none_or(|key| !self.ignored_tags.covers(key)));
        }
        answer
    }

    /// Deletes inactive revisions and returns the `failures` that ECS lists, over all batches.
    pub async fn delete_task_definitions(
        &self,
        arns: &[String],
        patience: &Patience,
    ) -> Result<Vec<Failure>, EcsError> {
        let mut failures = Vec::new();
        for batch in arns.chunks(DELETE_BATCH) {
            let batch: Vec<&str> = batch.iter().map(String::as_str).collect();
            let body = Node::from([("taskDefinitions", Node::from(batch))]);
            let answer = self.call("DeleteTaskDefinitions", WhenAmbiguous::Repeat, &body, patience).await?;
            failures.extend(answer.get("failures").items().iter().map(Failure::of));
        }
        Ok(failures)
    }

    /// The items that the pages of a list have at `key`, at most `max` of them; `members` is what is asked for beside the page.
    pub(super) async fn list(
        &self,
        operation: &'static str,
        members: Vec<(&str, Node)>,
        key: &str,
        max: usize,
        patience: &Patience,
    ) -> Result<Vec<Node>, EcsError> {
        let (mut listed, mut next_token) = (Vec::new(), None);
        while listed.len() < max {
            let items = i64::try_from(LIST_PAGE.min(max - listed.len())).unwrap_or_default();
            let page = [("maxResults", Node::from(items))].into_iter();
            let page = page.chain(next_token.take().map(|token| ("nextToken", token)));
            let body = object(members.iter().cloned().chain(page));
            let page = self.call(operation, WhenAmbiguous::Repeat, &body, patience).await?;
            listed.extend_from_slice(page.get(key).items());
            match page.get("nextToken") {
                token if token.as_str().is_some_and(|token| !token.is_empty()) => {
                    next_token = Some(token.clone());
                }
                _ => break,
            }
        }
        listed.truncate(max);
        Ok(listed)
    }
}

/// A body, by its members.
pub(super) fn object<'k>(members: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
    members.into_iter().map(|(key, node)| (key.to_owned(), node)).collect()
}

/// The texts of a list.
pub(super) fn texts(items: &[Node]) -> Vec<String> {
    items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}
