//! After a registration: old revisions of the resource are retired, unless something uses them.
//!
//! What was registered stays registered whatever becomes of this: nothing here is an error, and what was left undone is done
//! after the next registration.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::ecs_client::{EcsClient, EcsError, ErrorKind, RevisionArn};
use crate::ordered::ordered;
use crate::retention;
use crate::value::{AttributePath, Given, Value};

use super::super::super::diagnostics as say;
use super::Running;
use super::owned::Owned;

/// What the arguments say of old revisions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Retention {
    /// How many of the newest are kept; none where all are.
    pub(super) keep: Option<i64>,
    /// Whether those that are deregistered are deleted too.
    pub(super) deletes: bool,
}

impl Retention {
    /// As a planned or a prior state has it.
    pub(super) fn of(state: &Value) -> Self {
        let keep = match state.integer("keep_revisions") {
            Given::Known(keep) => Some(keep),
            _ => None,
        };
        Self { keep, deletes: state.bool("delete_revisions").known() == Some(true) }
    }
}

/// What is wrong with `keep_revisions`; nothing while it is not known.
pub(super) fn problem(arguments: &Value) -> Option<Diagnostic> {
    let Value::Number(number) = arguments.get("keep_revisions").undynamic() else { return None };
    let is_fine = number.as_i64().is_some_and(|number| number >= retention::FEWEST);
    (!is_fine)
        .then(|| say::keep_revisions_invalid(&number.to_string()).at(AttributePath::root("keep_revisions")))
}

/// One resource's revisions after a registration.
pub(super) struct Retiring<'a> {
    pub(super) client: &'a EcsClient,
    pub(super) ctx: &'a Running<'a>,
    /// The revision that the resource has now.
    pub(super) current: &'a RevisionArn,
    pub(super) owned: &'a mut Owned,
}

impl Retiring<'_> {
    /// Retires what is beyond the newest and not in use. The answer is what was kept because it is in use, each with its user,
    /// and what a person should know.
    pub(super) async fn carry_out(mut self, retention: Retention) -> (BTreeMap<i64, String>, Diagnostics) {
        let (mut kept, mut told) = (BTreeMap::new(), Diagnostics::default());
        let owned = self.owned.oldest_first();
        let beyond = retention.keep.map(|keep| retention::beyond(owned, self.current.revision(), keep));
        let beyond = beyond.unwrap_or_default();
        if !beyond.is_empty() {
            match self.uses(&beyond).await {
                Ok(uses) => {
                    let decision = retention::decide(&beyond, &uses);
                    kept = decision.kept;
                    for (number, user) in &kept {
                        let family = self.current.family();
                        tracing::info!(
                            family,
                            revision = number,
                            user,
                            "kept an old revision that is in use"
                        );
                    }
                    told.extend(self.retire(&decision.retired, retention.deletes).await);
                }
                Err(error) => {
                    let family = self.current.family();
                    let failed =
                        self.ctx.failed(&error, &format!("looking for what uses revisions of {family}"));
                    let is_denied = error.kind == ErrorKind::AccessDenied;
                    told.push(say::old_revisions_not_looked_at(&failed, is_denied, family, &beyond));
                }
            }
        }
        if retention.deletes {
            let doing = format!("deleting old revisions of {}", self.current.family());
            match delete(self.client, self.ctx, self.current, self.owned).await {
                Ok(refused) => told.extend(refused),
                Err(error) => {
                    let left = self.owned.to_delete();
                    let failed = self.ctx.failed(&error, &doing);
                    told.push(say::old_revisions_not_deleted(&failed, self.current.family(), &left));
                }
            }
        }
        (kept, told)
    }

    /// What uses these revisions.
    async fn uses(&self, numbers: &[i64]) -> Result<BTreeMap<i64, String>, EcsError> {
        let arns: BTreeSet<String> = ordered(numbers.iter().map(|number| self.arn(*number)));
        let uses = self.client.uses(self.current.family(), &arns, &self.ctx.patience).await?;
        let number = |(arn, user): (String, String)| Some((RevisionArn::parse(&arn)?.revision(), user));
        Ok(ordered(uses.into_iter().filter_map(number)))
    }

    /// Deregisters them, the oldest first, until one cannot be.
    async fn retire(&mut self, numbers: &[i64], deletes: bool) -> Option<Diagnostic> {
        let (family, patience) = (self.current.family(), &self.ctx.patience);
        let doing = format!("deregistering old revisions of {family}");
        // ECS refuses a registration of the family meanwhile.
        let _turn = match patience.for_the_end_of(self.client.turn_of_family(family)).await {
            Ok(turn) => turn,
            Err(ended) => {
                let failed = self.ctx.ended_before_sending(ended, &doing);
                return Some(say::old_revisions_not_retired(&failed, family, numbers));
            }
        };
        for (index, number) in numbers.iter().enumerate() {
            let arn = self.arn(*number);
            match self.client.deregister_task_definition(&arn, patience).await {
                Ok(_) => {
                    tracing::info!(arn, "deregistered an old revision");
                    self.owned.retire(*number, deletes);
                }
                Err(error) if error.kind == ErrorKind::NotFound || error.is_being_deleted() => {
                    self.owned.remove(*number);
                }
                Err(error) => {
                    let failed = self.ctx.failed(&error, &doing);
                    return Some(say::old_revisions_not_retired(&failed, family, &numbers[index..]));
                }
            }
        }
        None
    }

    fn arn(&self, number: i64) -> String {
        format!("{}:{number}", self.current.without_revision())
    }
}

/// As many as one call deletes.
const AT_ONCE: usize = 10;

/// Deletes what was deregistered to be deleted, and tells what ECS would not delete.
pub(super) async fn delete(
    client: &EcsClient,
    ctx: &Running<'_>,
    family: &RevisionArn,
    owned: &mut Owned,
) -> Result<Option<Diagnostic>, EcsError> {
    let mut refused = Vec::new();
    for numbers in owned.to_delete().chunks(AT_ONCE) {
        let arn = |number: &i64| format!("{}:{number}", family.without_revision());
        let arns: Vec<String> = numbers.iter().map(arn).collect();
        let failures = client.delete_task_definitions(&arns, &ctx.patience).await?;
        for (number, arn) in numbers.iter().zip(&arns) {
            match failures.iter().find(|failure| failure.arn == *arn) {
                // Whoever deleted it before: it is gone.
                None => owned.deleted(*number),
                Some(failure) if failure.reason.contains("does not exist") => owned.deleted(*number),
                Some(failure) => refused.push(format!("{arn}: {}", failure.reason)),
            }
        }
    }
    Ok((!refused.is_empty()).then(|| say::revisions_not_deleted(&refused)))
}
