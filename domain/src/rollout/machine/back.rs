//! The way back of one service.

use std::time::Duration;

use super::super::outcome::Status;
use super::super::sight::Sight;
use super::Event;
use super::service::{Heading, Service, Stage};

impl Service {
    /// Turns a service of the failed wave around, if this rollout moved it.
    pub(super) fn turn_around(&mut self) {
        let may_have_moved = matches!(self.stage, Stage::Landed(_) | Stage::SecondLook)
            || self.stage == Stage::Done(Status::Succeeded)
            || self.is_failure();
        if !self.was_moved || !may_have_moved {
            return;
        }
        if self.is_failure() {
            self.failure = std::mem::take(&mut self.reason);
        }
        self.heading = Heading::Back;
        self.stage = Stage::Due;
        self.next_look = Duration::ZERO;
    }

    /// Takes in what happened on the way back.
    pub(super) fn back(&mut self, event: Event, now: Duration) {
        match event {
            Event::Seen(sight) => {
                self.note(&sight);
                self.reason = self.failure.clone();
                self.seen_back(&sight, now);
            }
            Event::Missing => self.end(Status::RollbackFailed, "the service is not there any more"),
            Event::Unmovable(why) | Event::Refused(why) => self.end(Status::RollbackFailed, why),
            Event::Accepted => {
                self.stage = Stage::Appearing(now);
                self.next_look = now;
            }
            Event::NotSent => {
                self.stage = Stage::Due;
                self.look_later(now);
            }
            Event::Lost => {
                self.stage = Stage::Unclear(now);
                self.next_look = now;
            }
            Event::Revision(Ok(true)) => self.stage = Stage::Ready,
            Event::Revision(Ok(false)) => {
                let previous = self.previous.clone().unwrap_or_default();
                self.end(
                    Status::RollbackFailed,
                    format!("{previous} is not ACTIVE any more, so no service can be given it"),
                );
            }
            Event::Revision(Err(why)) => self.blinded(&why, now),
            Event::Unseen(_) => {}
        }
    }

    fn seen_back(&mut self, sight: &Sight, now: Duration) {
        match self.stage {
            Stage::Due | Stage::Blocked => self.decide_back(sight, now),
            Stage::Unclear(since) | Stage::Appearing(since) => self.look_for_own(sight, since, now),
            Stage::Running => self.follow(sight, now),
            _ => {}
        }
    }

    /// Only a service that still has what this rollout gave it goes back.
    fn decide_back(&mut self, sight: &Sight, now: Duration) {
        if sight.task_definition != self.target {
            let reason = format!(
                "left as it is: it has {}, which this rollout did not give it",
                sight.task_definition
            );
            // A circuit breaker that brought it back is no news.
            self.end(Status::Failed, if self.failure.is_empty() { reason } else { String::new() });
        } else if sight.in_progress().is_some() {
            self.stage = Stage::Blocked;
            self.look_later(now);
        } else if self.previous.as_deref() == Some(self.target.as_str()) || self.previous.is_none() {
            let known = "what it had before is not known, or is the same task definition";
            self.end(Status::RollbackFailed, known);
        } else {
            self.ready(sight);
            self.stage = Stage::Checking;
            self.next_look = Duration::ZERO;
        }
    }
}
