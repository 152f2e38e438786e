//! Families and their revisions: numbers are never used twice, a revision goes ACTIVE, INACTIVE,
//! DELETE_IN_PROGRESS and never back.
//!
//! Holds what was registered as plain JSON; what is acceptable and what an answer looks like is decided elsewhere. What
//! reads see may lag behind what is there: they were seen to miss a revision for up to ten seconds.

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

/// For how long reads do not see a change: this many seconds of the endpoint's time, and this many reads of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Lag {
    pub(crate) seconds: f64,
    pub(crate) reads: u32,
}

impl Lag {
    /// For a change at this time.
    pub(super) fn from(self, now: f64) -> Self {
        Self { seconds: now + self.seconds, reads: self.reads }
    }

    /// Whether a read at this time sees a change that lags until then. Counts the read.
    fn is_over(&mut self, now: f64) -> bool {
        let over = now >= self.seconds && self.reads == 0;
        self.reads = self.reads.saturating_sub(1);
        over
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
    /// Until when reads do not see it at all.
    pub(super) unseen: Lag,
    /// What reads see instead of the status, and until when.
    pub(super) seen_before: Option<(Status, Lag)>,
}

impl Revision {
    pub(super) fn arn(&self) -> &str {
        self.echo.get("taskDefinitionArn").and_then(Value::as_str).unwrap_or_default()
    }

    /// Changes the status; reads see the one before for a while.
    pub(super) fn turn(&mut self, status: Status, lag: Lag) {
        let before = self.seen_before.map_or(self.status, |(before, _)| before);
        self.seen_before = Some((before, lag));
        self.status = status;
    }

    /// The status that a read at this time sees, if it sees the revision. Counts the read.
    pub(super) fn seen(&mut self, now: f64) -> Option<Status> {
        if !self.unseen.is_over(now) {
            return None;
        }
        if let Some((before, lag)) = &mut self.seen_before {
            if !lag.is_over(now) {
                return Some(*before);
            }
            self.seen_before = None;
        }
        Some(self.status)
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

    /// The revision of that number, or the newest ACTIVE one when no number is given, whether or not reads see it.
    pub(super) fn find(&mut self, name: &Name) -> Option<&mut Revision> {
        let revisions = self.families.get_mut(&name.family)?;
        match name.revision {
            Some(number) => revisions.iter_mut().find(|revision| revision.number == number),
            None => revisions.iter_mut().rev().find(|revision| revision.status == Status::Active),
        }
    }

    /// What a read at this time finds under that name, and the status that it sees. Counts the read for every revision
    /// that it looked at.
    pub(super) fn read(&mut self, name: &Name, now: f64) -> Option<(&Revision, Status)> {
        let revisions = self.families.get_mut(&name.family)?.iter_mut().rev();
        revisions.filter(|revision| name.revision.is_none_or(|number| number == revision.number)).find_map(
            |revision| {
                let status = revision.seen(now)?;
                (name.revision.is_some() || status == Status::Active).then_some((&*revision, status))
            },
        )
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut [Revision])> {
        self.families.iter_mut().map(|(family, revisions)| (family.as_str(), revisions.as_mut_slice()))
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
