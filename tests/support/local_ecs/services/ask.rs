//! Reading requests: names or ARNs of clusters and services, lists with a limit, pages.

use serde_json::{Map, Value, json};

use super::super::wire::Refusal;
use super::Asked;

impl Asked<'_> {
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The name of the cluster: `default` where none is named.
    pub(super) fn cluster(&self) -> Result<String, Refusal> {
        self.local("cluster", self.text("cluster").unwrap_or("default")).map(str::to_owned)
    }

    /// The name of the service that the request names, by its name or its ARN.
    pub(super) fn service(&self, cluster: &str) -> Result<String, Refusal> {
        let given = self.text("service").ok_or_else(|| Refusal::parameter("Service cannot be empty."))?;
        self.service_name(cluster, given)
    }

    /// The name in a name or an ARN of a service; an ARN of the old form has no cluster in it.
    pub(super) fn service_name(&self, cluster: &str, given: &str) -> Result<String, Refusal> {
        let local = self.local("service", given)?;
        match local.split_once('/') {
            Some((named, _)) if named != cluster => {
                Err(Refusal::parameter("Identifier is for another cluster than the one of the request."))
            }
            Some((_, name)) => Ok(name.to_owned()),
            None => Ok(local.to_owned()),
        }
    }

    /// What follows the kind in an ARN of this account and region; a name is its own.
    pub(super) fn local<'a>(&self, kind: &str, given: &'a str) -> Result<&'a str, Refusal> {
        if !given.starts_with("arn:") {
            return Ok(given);
        }
        given.strip_prefix(&self.arn).and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('/')).ok_or_else(
            || Refusal::parameter("Invalid identifier: it is of another account, region or kind."),
        )
    }

    pub(super) fn arn_of(&self, kind: &str, path: &[&str]) -> String {
        format!("{}{kind}/{}", self.arn, path.join("/"))
    }

    /// The texts of a list that may not be empty nor longer than `most`.
    pub(super) fn texts(&self, key: &str, most: usize) -> Result<Vec<&str>, Refusal> {
        let list = self.body.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match list.len() {
            0 => Err(Refusal::parameter(format!("{key} cannot be empty."))),
            count if count > most => Err(Refusal::parameter(format!("{key} can have at most {most} items."))),
            _ => Ok(list.iter().filter_map(Value::as_str).collect()),
        }
    }

    /// A page of a list: `usual` items where the request does not say how many. The token is the place of the next one.
    pub(super) fn page(&self, key: &str, items: Vec<Value>, usual: u64) -> Result<Value, Refusal> {
        let size = self.body.get("maxResults").map_or(Some(usual), Value::as_u64);
        let size = size.filter(|size| (1..=100).contains(size)).and_then(|size| usize::try_from(size).ok());
        let size = size.ok_or_else(|| Refusal::parameter("maxResults must be between 1 and 100."))?;
        let start: usize = match self.text("nextToken") {
            None => 0,
            Some(token) => token.parse().map_err(|_| Refusal::parameter("Invalid token."))?,
        };
        let total = items.len();
        let shown: Vec<Value> = items.into_iter().skip(start).take(size).collect();
        let next = start + shown.len();
        let mut answer = Map::from_iter([(key.to_owned(), Value::Array(shown))]);
        if next < total {
            answer.insert("nextToken".to_owned(), json!(next.to_string()));
        }
        Ok(Value::Object(answer))
    }
}
