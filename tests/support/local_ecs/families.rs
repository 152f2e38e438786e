//! Families and their revisions: numbers are never used twice, a revision goes ACTIVE, INACTIVE,
//! DELETE_IN_PROGRESS and never back.
//!
//! Holds what was registered as plain JSON; what is acceptable and what an answer looks like is decided elsewhere.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Where a revision is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Inactive,
    DeleteInProgress,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
        }
    }
}

/// One registered revision.
#[derive(Debug, Clone)]
pub(super) struct Revision {
    pub(super) number: u64,
    pub(super) status: Status,
    /// The `taskDefinition` of answers, without `status` and the times, which are this struct's.
    pub(super) echo: Map<String, Value>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) registered_at: f64,
    pub(super) deregistered_at: Option<f64>,
    pub(super) delete_requested_at: Option<f64>,
}

impl Revision {
    pub(super) fn arn(&self) -> &str {
        self.echo.get("taskDefinitionArn").and_then(Value::as_str).unwrap_or_default()
    }
}

/// How a caller names a task definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) family: String,
    pub(super) revision: Option<u64>,
}

/// All families of one account in one region.
#[derive(Debug, Default)]
pub(super) struct Families {
    families: BTreeMap<String, Vec<Revision>>,
}

impl Families {
    /// The number the next revision of this family will carry.
    pub(super) fn next_number(&self, family: &str) -> u64 {
        self.families.get(family).and_then(|revisions| revisions.last()).map_or(1, |last| last.number + 1)
    }

    pub(super) fn add(&mut self, family: &str, revision: Revision) {
        self.families.entry(family.to_owned()).or_default().push(revision);
    }

    /// The revision of that number, or the newest ACTIVE one when no number is given.
    pub(super) fn find(&mut self, name: &Name) -> Option<&mut Revision> {
        let revisions = self.families.get_mut(&name.family)?;
        match name.revision {
            Some(number) => revisions.iter_mut().find(|revision| revision.number == number),
            None => revisions.iter_mut().rev().find(|revision| revision.status == Status::Active),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[Revision])> {
        self.families.iter().map(|(family, revisions)| (family.as_str(), revisions.as_slice()))
    }
}

/// Reads `family`, `family:revision` or an ARN of this account and region.
pub(super) fn name(text: &str, arn_prefix: &str) -> Option<Name> {
    let local = if text.starts_with("arn:") { text.strip_prefix(arn_prefix)? } else { text };
    match local.split_once(':') {
        None => Some(Name { family: local.to_owned(), revision: None }),
        Some((family, number)) => {
            Some(Name { family: family.to_owned(), revision: Some(number.parse().ok()?) })
        }
    }
}
