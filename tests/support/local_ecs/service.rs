//! The operations: what each one does to the families, and its answer.
//!
//! Knows nothing of HTTP. Where the service's own words for a mistake are not on record, the words are ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::clock::Clock;
use super::echo;
use super::families::{self, Families, Lag, Name, Revision, Status};
use super::faults::{Fault, Faults};
use super::model;
use super::rates::Rates;
use super::rejections;
use super::services::{self, Asked, Clusters, Outcomes};
use super::sts;
use super::wire::{Recorded, Refusal, Signed};

/// Everything the endpoint remembers.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) account: String,
    pub(super) faults: Faults,
    pub(super) rates: Rates,
    pub(super) clock: Clock,
    pub(super) lag: Lag,
    pub(super) requests: Vec<Recorded>,
    /// How many requests were recorded before these.
    forgotten: usize,
    pub(super) sts_operations: Vec<String>,
    places: BTreeMap<(String, String), Families>,
    clusters: BTreeMap<(String, String), Clusters>,
    /// ARNs of revisions that are not deleted when they are to be.
    pub(super) undeletable: Vec<String>,
    /// How deployments of services go.
    pub(super) outcomes: Outcomes,
    /// The families whose revisions are being changed, and by how many requests.
    changing: BTreeMap<Family, usize>,
}

/// Account, region and name.
pub(super) type Family = (String, String, String);

/// A revision as it is stored, whether or not reads see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredRevision {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) family: String,
    pub(crate) revision: u64,
    pub(crate) arn: String,
    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub(crate) status: &'static str,
    pub(crate) tags: BTreeMap<String, String>,
    /// The access key's ARN.
    pub(crate) registered_by: String,
    /// The `taskDefinition` of answers.
    pub(crate) definition: Value,
}

/// Where a request works: account and region, and how ARNs of that place begin.
struct Place {
    account: String,
    region: String,
    partition: &'static str,
    caller: String,
    /// The endpoint's time.
    now: f64,
    /// When reads will see what is changed now.
    lag: Lag,
}

impl Place {
    fn arn_prefix(&self) -> String {
        format!("{}task-definition/", self.arn())
    }

    /// How ARNs of ECS begin here.
    fn arn(&self) -> String {
        format!("arn:{}:ecs:{}:{}:", self.partition, self.region, self.account)
    }
}

impl Service {
    pub(super) fn new(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            faults: Faults::default(),
            rates: Rates::default(),
            clock: Clock::default(),
            lag: Lag::default(),
            requests: Vec::new(),
            forgotten: 0,
            sts_operations: Vec::new(),
            places: BTreeMap::new(),
            clusters: BTreeMap::new(),
            undeletable: Vec::new(),
            outcomes: Outcomes::default(),
            changing: BTreeMap::new(),
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
        let now = self.clock.now();
        Place { account, region: signed.region.clone(), partition, caller, now, lag: self.lag.from(now) }
    }

    /// The account of the caller.
    pub(super) fn account_of(&self, signed: &Signed) -> String {
        sts::account_of(&signed.access_key, &self.account).to_owned()
    }

    /// Every revision of every account and region.
    pub(super) fn stored(&self) -> Vec<StoredRevision> {
        let families = self.places.iter().flat_map(|(place, families)| {
            families.iter().map(move |(family, revisions)| (place, family, revisions))
        });
        families
            .flat_map(|((account, region), family, revisions)| {
                revisions.iter().map(move |revision| StoredRevision {
                    account: account.clone(),
                    region: region.clone(),
                    family: family.to_owned(),
                    revision: revision.number,
                    arn: revision.arn().to_owned(),
                    status: revision.status.name(),
                    tags: revision.tags.iter().cloned().collect(),
                    registered_by: echo::text(&revision.echo, "registeredBy").unwrap_or_default().to_owned(),
                    definition: shown(revision, revision.status),
                })
            })
            .collect()
    }

    /// Begins to change the revisions of a family, if this operation does. A registration is refused while another
    /// change goes on: so were registrations that met one another, or a deregistration, in one family.
    pub(super) fn begin(
        &mut self,
        signed: &Signed,
        operation: &str,
        body: &Value,
    ) -> Result<Option<Family>, Refusal> {
        let place = self.place(signed);
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let name = match operation {
            "RegisterTaskDefinition" => text("family").map(str::to_owned),
            "DeregisterTaskDefinition" => text("taskDefinition")
                .and_then(|name| families::name(name, &place.arn_prefix()))
                .map(|name| name.family),
            _ => None,
        };
        let Some(name) = name else { return Ok(None) };
        let family = (place.account, place.region, name);
        let others = self.changing.entry(family.clone()).or_default();
        if operation == "RegisterTaskDefinition" && *others > 0 {
            return Err(Refusal::concurrent_revision());
        }
        *others += 1;
        Ok(Some(family))
    }

    /// Records a request, and says what happens to it and how to speak of it later.
    pub(super) fn arrived(
        &mut self,
        signed: &Signed,
        operation: &str,
        body: Option<&Value>,
    ) -> (usize, Option<Fault>) {
        let now = self.clock.now();
        let fault = self.faults.take(operation, now);
        self.requests.push(Recorded {
            operation: operation.to_owned(),
            at: now,
            account: self.account_of(signed),
            region: signed.region.clone(),
            access_key: signed.access_key.clone(),
            body: body.cloned().unwrap_or(Value::Null),
            fault,
            carried_out: false,
            status: None,
        });
        (self.forgotten + self.requests.len() - 1, fault)
    }

    /// Adds to the record of a request, unless that is forgotten.
    pub(super) fn note(&mut self, number: usize, note: impl FnOnce(&mut Recorded)) {
        let index = number.checked_sub(self.forgotten);
        if let Some(request) = index.and_then(|index| self.requests.get_mut(index)) {
            note(request);
        }
    }

    /// Forgets the record of requests.
    pub(super) fn forget_requests(&mut self) {
        self.forgotten += self.requests.len();
        self.requests.clear();
        self.sts_operations.clear();
    }

    /// Lets reads see everything that is there.
    pub(super) fn catch_up(&mut self) {
        for (_, revisions) in self.places.values_mut().flat_map(Families::iter_mut) {
            for revision in revisions {
                revision.unseen = Lag::default();
                revision.seen_before = None;
            }
        }
    }

    /// Ends what was begun.
    pub(super) fn end(&mut self, family: &Family) {
        if let Some(changes) = self.changing.get_mut(family) {
            *changes -= 1;
        }
    }

    /// The ARN of the caller, for messages.
    pub(super) fn caller(&self, signed: &Signed) -> String {
        self.place(signed).caller
    }

    /// Takes a token of the operation's bucket.
    pub(super) fn admit(&mut self, signed: &Signed, operation: &str) -> Result<(), Refusal> {
        let place = self.place(signed);
        let key = format!("{}/{}", place.account, place.region);
        if self.rates.admit(&key, operation, place.now) {
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
        let key = (place.account.clone(), place.region.clone());
        let families = self.places.entry(key.clone()).or_default();
        let clusters = self.clusters.entry(key).or_default();
        let asked = Asked { arn: place.arn(), clock: place.now, now, body };
        if let Some(answer) = services::perform(clusters, families, &self.outcomes, operation, &asked) {
            return answer;
        }
        match operation {
            "RegisterTaskDefinition" => register(families, &place, body, now),
            "DescribeTaskDefinition" => describe(families, &place, body),
            "DeregisterTaskDefinition" => deregister(families, &place, body, now),
            "DeleteTaskDefinitions" => delete(families, &place, body, now, &self.undeletable),
            "ListTaskDefinitions" => list(families, &place, body),
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
        unseen: place.lag,
        seen_before: None,
    };
    let answer =
        json!({"taskDefinition": shown(&revision, Status::Active), "tags": tag_list(&revision.tags)});
    families.add(&family, revision);
    Ok(answer)
}

fn describe(families: &mut Families, place: &Place, body: &Value) -> Result<Value, Refusal> {
    let include_tags = body
        .get("include")
        .and_then(Value::as_array)
        .is_some_and(|include| include.iter().any(|value| value.as_str() == Some("TAGS")));
    let (revision, status) = named(place, body)?
        .and_then(|name| families.read(&name, place.now))
        .ok_or_else(|| Refusal::client("Unable to describe task definition."))?;
    let mut answer = Map::new();
    answer.insert("taskDefinition".to_owned(), shown(revision, status));
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
        revision.turn(Status::Inactive, place.lag);
        revision.deregistered_at = Some(now);
    }
    Ok(json!({"taskDefinition": shown(revision, revision.status)}))
}

fn delete(
    families: &mut Families,
    place: &Place,
    body: &Value,
    now: f64,
    undeletable: &[String],
) -> Result<Value, Refusal> {
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
            Some(revision) if undeletable.iter().any(|arn| arn == revision.arn()) => {
                failures.push(json!({"arn": revision.arn(), "reason": "Internal error", "detail": "Try again later."}));
            }
            Some(revision) if revision.status == Status::Active => failures.push(json!({
                "arn": revision.arn(),
                "reason": "The specified task definition is still in ACTIVE status. Please deregister the target \
                           and try again.",
            })),
            Some(revision) => {
                revision.turn(Status::DeleteInProgress, place.lag);
                revision.delete_requested_at = Some(now);
                deleted.push(shown(revision, revision.status));
            }
        }
    }
    Ok(json!({"taskDefinitions": deleted, "failures": failures}))
}

fn list(families: &mut Families, place: &Place, body: &Value) -> Result<Value, Refusal> {
    let status = body.get("status").and_then(Value::as_str).unwrap_or("ACTIVE");
    if !["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"].contains(&status) {
        return Err(Refusal::parameter(format!("'{status}' is not a status of task definitions.")));
    }
    let prefix = body.get("familyPrefix").and_then(Value::as_str);
    let mut arns: Vec<Value> = families
        .iter_mut()
        .filter(|(family, _)| prefix.is_none_or(|prefix| prefix == *family))
        .flat_map(|(_, revisions)| revisions)
        .filter_map(|revision| {
            revision.seen(place.now).filter(|seen| seen.name() == status).map(|_| json!(revision.arn()))
        })
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

/// The revision with the status that is seen of it, and what belongs to that status.
fn shown(revision: &Revision, status: Status) -> Value {
    let mut definition = revision.echo.clone();
    definition.insert("status".to_owned(), json!(status.name()));
    definition.insert("registeredAt".to_owned(), json!(revision.registered_at));
    for (key, time, seen) in [
        ("deregisteredAt", revision.deregistered_at, status != Status::Active),
        ("deleteRequestedAt", revision.delete_requested_at, status == Status::DeleteInProgress),
    ] {
        if let Some(time) = time.filter(|_| seen) {
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
