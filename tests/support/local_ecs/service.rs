//! The operations: what each one does to the families, and its answer.
//!
//! Knows nothing of HTTP. Where the service's own words for a mistake are not on record, the words are ours.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::echo;
use super::families::{self, Families, Name, Revision, Status};
use super::faults::Faults;
use super::model;
use super::rates::Rates;
use super::rejections;
use super::sts;
use super::wire::{Recorded, Refusal, Signed};

/// Everything the endpoint remembers.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) account: String,
    pub(super) faults: Faults,
    pub(super) rates: Rates,
    pub(super) requests: Vec<Recorded>,
    pub(super) sts_operations: Vec<String>,
    places: BTreeMap<(String, String), Families>,
}

/// Where a request works: account and region, and how ARNs of that place begin.
struct Place {
    account: String,
    region: String,
    partition: &'static str,
    caller: String,
}

impl Place {
    fn arn_prefix(&self) -> String {
        format!("arn:{}:ecs:{}:{}:task-definition/", self.partition, self.region, self.account)
    }
}

impl Service {
    pub(super) fn new(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            faults: Faults::default(),
            rates: Rates::default(),
            requests: Vec::new(),
            sts_operations: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    fn place(&self, signed: &Signed) -> Place {
        let partition = match signed.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        let account = sts::account_of(&signed.access_key, &self.account).to_owned();
        let caller = sts::caller_arn(&signed.access_key, partition, &account);
        Place { account, region: signed.region.clone(), partition, caller }
    }

    /// The ARN of the caller, for messages.
    pub(super) fn caller(&self, signed: &Signed) -> String {
        self.place(signed).caller
    }

    /// Takes a token of the operation's bucket.
    pub(super) fn admit(&mut self, signed: &Signed, operation: &str) -> Result<(), Refusal> {
        let place = self.place(signed);
        let key = format!("{}/{}", place.account, place.region);
        if self.rates.admit(&key, operation, Instant::now()) {
            Ok(())
        } else {
            Err(Refusal::new(400, "ThrottlingException", "Rate exceeded"))
        }
    }

    /// Carries out one operation at `now` (seconds since the epoch).
    pub(super) fn perform(
        &mut self,
        signed: &Signed,
        operation: &str,
        body: &Value,
        now: f64,
    ) -> Result<Value, Refusal> {
        if !body.is_object() {
            return Err(Refusal::serialization("Start of structure or map found where not expected."));
        }
        let place = self.place(signed);
        let families = self.places.entry((place.account.clone(), place.region.clone())).or_default();
        match operation {
            "RegisterTaskDefinition" => register(families, &place, body, now),
            "DescribeTaskDefinition" => describe(families, &place, body),
            "DeregisterTaskDefinition" => deregister(families, &place, body, now),
            "DeleteTaskDefinitions" => delete(families, &place, body, now),
            "ListTaskDefinitions" => list(families, body),
            "ListTaskDefinitionFamilies" => list_families(families, body),
            "TagResource" => tag(families, &place, body),
            "UntagResource" => untag(families, &place, body),
            "ListTagsForResource" => {
                resource(families, &place, body).map(|revision| json!({"tags": tag_list(&revision.tags)}))
            }
            other => Err(Refusal::new(
                400,
                "UnknownOperationException",
                format!("No operation is called {other}."),
            )),
        }
    }
}

fn register(families: &mut Families, place: &Place, body: &Value, now: f64) -> Result<Value, Refusal> {
    let request = model::read("RegisterTaskDefinitionRequest", body)?;
    let tags = tags_of(&request)?;
    check_tags(&tags)?;
    rejections::check(&request)?;
    let family = echo::text(&request, "family").unwrap_or_default().to_owned();
    let number = families.next_number(&family);
    let arn = format!("{}{family}:{number}", place.arn_prefix());
    let mut definition = echo::with_defaults(&request);
    echo::set_by_service(&mut definition, &arn, number, &rejections::compatibilities(&request));
    definition.insert("registeredBy".to_owned(), json!(place.caller));
    let revision = Revision {
        number,
        status: Status::Active,
        echo: definition,
        tags,
        registered_at: now,
        deregistered_at: None,
        delete_requested_at: None,
    };
    let answer = json!({"taskDefinition": shown(&revision), "tags": tag_list(&revision.tags)});
    families.add(&family, revision);
    Ok(answer)
}

fn describe(families: &mut Families, place: &Place, body: &Value) -> Result<Value, Refusal> {
    let include_tags = body
        .get("include")
        .and_then(Value::as_array)
        .is_some_and(|include| include.iter().any(|value| value.as_str() == Some("TAGS")));
    let revision = named(place, body)?
        .and_then(|name| families.find(&name))
        .ok_or_else(|| Refusal::client("Unable to describe task definition."))?;
    let mut answer = Map::new();
    answer.insert("taskDefinition".to_owned(), shown(revision));
    if include_tags {
        answer.insert("tags".to_owned(), tag_list(&revision.tags));
    }
    Ok(Value::Object(answer))
}

fn deregister(families: &mut Families, place: &Place, body: &Value, now: f64) -> Result<Value, Refusal> {
    let name = named(place, body)?
        .ok_or_else(|| Refusal::client("The specified task definition does not exist."))?;
    if name.revision.is_none() {
        return Err(Refusal::client("A task definition must be named with its revision to be deregistered."));
    }
    let revision = families
        .find(&name)
        .ok_or_else(|| Refusal::client("The specified task definition does not exist."))?;
    // A second time changes nothing; what the service answers then is not on record.
    if revision.status == Status::Active {
        revision.status = Status::Inactive;
        revision.deregistered_at = Some(now);
    }
    Ok(json!({"taskDefinition": shown(revision)}))
}

fn delete(families: &mut Families, place: &Place, body: &Value, now: f64) -> Result<Value, Refusal> {
    let names = body.get("taskDefinitions").and_then(Value::as_array).cloned().unwrap_or_default();
    if names.is_empty() || names.len() > 10 {
        return Err(Refusal::parameter("Between 1 and 10 task definitions can be deleted at a time."));
    }
    let mut deleted = Vec::new();
    let mut failures = Vec::new();
    for text in names.iter().filter_map(Value::as_str) {
        let found = families::name(text, &place.arn_prefix())
            .filter(|name| name.revision.is_some())
            .and_then(|name| families.find(&name));
        match found {
            None => failures.push(json!({"arn": text, "reason": "The specified task definition does not exist."})),
            Some(revision) if revision.status == Status::Active => failures.push(json!({
                "arn": revision.arn(),
                "reason": "The specified task definition is still in ACTIVE status. Please deregister the target \
                           and try again.",
            })),
            Some(revision) => {
                revision.status = Status::DeleteInProgress;
                revision.delete_requested_at = Some(now);
                deleted.push(shown(revision));
            }
        }
    }
    Ok(json!({"taskDefinitions": deleted, "failures": failures}))
}

fn list(families: &Families, body: &Value) -> Result<Value, Refusal> {
    let status = body.get("status").and_then(Value::as_str).unwrap_or("ACTIVE");
    if !["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"].contains(&status) {
        return Err(Refusal::parameter(format!("'{status}' is not a status of task definitions.")));
    }
    let prefix = body.get("familyPrefix").and_then(Value::as_str);
    let mut arns: Vec<Value> = families
        .iter()
        .filter(|(family, _)| prefix.is_none_or(|prefix| prefix == *family))
        .flat_map(|(_, revisions)| revisions)
        .filter(|revision| revision.status.name() == status)
        .map(|revision| json!(revision.arn()))
        .collect();
    if body.get("sort").and_then(Value::as_str) == Some("DESC") {
        arns.reverse();
    }
    page("taskDefinitionArns", arns, body)
}

fn list_families(families: &Families, body: &Value) -> Result<Value, Refusal> {
    let status = body.get("status").and_then(Value::as_str).unwrap_or("ALL");
    let prefix = body.get("familyPrefix").and_then(Value::as_str).unwrap_or("");
    let names = families
        .iter()
        .filter(|(family, _)| family.starts_with(prefix))
        .filter(|(_, revisions)| {
            let active = revisions.iter().any(|revision| revision.status == Status::Active);
            match status {
                "ACTIVE" => active,
                "INACTIVE" => !active,
                _ => true,
            }
        })
        .map(|(family, _)| json!(family))
        .collect();
    page("families", names, body)
}

/// One page of a list; the token is the position of the next one.
fn page(key: &str, items: Vec<Value>, body: &Value) -> Result<Value, Refusal> {
    let size =
        body.get("maxResults").map_or(Some(100), Value::as_u64).filter(|size| (1..=100).contains(size));
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .ok_or_else(|| Refusal::parameter("maxResults must be between 1 and 100."))?;
    let start = match body.get("nextToken").and_then(Value::as_str) {
        None => 0,
        Some(token) => token.parse().map_err(|_| Refusal::parameter("Invalid token."))?,
    };
    let total = items.len();
    let shown: Vec<Value> = items.into_iter().skip(start).take(size).collect();
    let next = start + shown.len();
    let mut answer = Map::new();
    answer.insert(key.to_owned(), Value::Array(shown));
    if next < total {
        answer.insert("nextToken".to_owned(), json!(next.to_string()));
    }
    Ok(Value::Object(answer))
}

fn tag(families: &mut Families, place: &Place, body: &Value) -> Result<Value, Refusal> {
    let given = body.as_object().map(tags_of).transpose()?.unwrap_or_default();
    let revision = resource(families, place, body)?;
    let mut tags = revision.tags.clone();
    for (key, value) in given {
        tags.retain(|(known, _)| *known != key);
        tags.push((key, value));
    }
    check_tags(&tags)?;
    revision.tags = tags;
    Ok(json!({}))
}

fn untag(families: &mut Families, place: &Place, body: &Value) -> Result<Value, Refusal> {
    let keys: Vec<&str> = body
        .get("tagKeys")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let revision = resource(families, place, body)?;
    revision.tags.retain(|(key, _)| !keys.contains(&key.as_str()));
    Ok(json!({}))
}

fn resource<'a>(
    families: &'a mut Families,
    place: &Place,
    body: &Value,
) -> Result<&'a mut Revision, Refusal> {
    let arn = body.get("resourceArn").and_then(Value::as_str).unwrap_or_default();
    if !arn.starts_with("arn:") {
        return Err(Refusal::parameter("The resource ARN is not valid."));
    }
    families::name(arn, &place.arn_prefix())
        .filter(|name| name.revision.is_some())
        .and_then(|name| families.find(&name))
        .ok_or_else(|| {
            Refusal::new(400, "ResourceNotFoundException", "The specified resource could not be found.")
        })
}

fn named(place: &Place, body: &Value) -> Result<Option<Name>, Refusal> {
    let text = body
        .get("taskDefinition")
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::client("Task definition should not be null or blank."))?;
    Ok(families::name(text, &place.arn_prefix()))
}

fn shown(revision: &Revision) -> Value {
    let mut definition = revision.echo.clone();
    definition.insert("status".to_owned(), json!(revision.status.name()));
    definition.insert("registeredAt".to_owned(), json!(revision.registered_at));
    for (key, time) in
        [("deregisteredAt", revision.deregistered_at), ("deleteRequestedAt", revision.delete_requested_at)]
    {
        if let Some(time) = time {
            definition.insert(key.to_owned(), json!(time));
        }
    }
    Value::Object(definition)
}

fn tags_of(object: &Map<String, Value>) -> Result<Vec<(String, String)>, Refusal> {
    echo::objects(object, "tags")
        .map(|tag| {
            let key = echo::text(tag, "key").ok_or_else(|| Refusal::parameter("A tag needs a key."))?;
            Ok((key.to_owned(), echo::text(tag, "value").unwrap_or_default().to_owned()))
        })
        .collect()
}

fn tag_list(tags: &[(String, String)]) -> Value {
    tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}

/// The limits on tags that the API's model states.
fn check_tags(tags: &[(String, String)]) -> Result<(), Refusal> {
    let legal =
        |text: &str| text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c));
    if tags.len() > 50 {
        return Err(Refusal::parameter("A resource can have at most 50 tags."));
    }
    for (key, value) in tags {
        let (key_length, value_length) = (key.chars().count(), value.chars().count());
        if !(1..=128).contains(&key_length) || value_length > 256 || !legal(key) || !legal(value) {
            return Err(Refusal::parameter(format!(
                "The tag '{key}' has a key or a value that is not allowed."
            )));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Refusal::parameter("Tag keys that begin with aws: are reserved for the system."));
        }
    }
    Ok(())
}
