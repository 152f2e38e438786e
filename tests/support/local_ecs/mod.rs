//! A small ECS endpoint for tests and the demo: task definitions, services and their deployments over awsJson 1.1, enough
//! of STS for an account id and an assumed role, faults on demand, reads that lag, and a record of every request.
//!
//! It is an opinion of its own. Everything it accepts, rejects, adds or drops is written from what real ECS was
//! seen to do (texts recorded from real deployments, September 2026, and from public reports), never from the
//! provider's rules: it deliberately uses nothing of the crate under test, or the two would agree by construction.
//! Where nothing is on record it says so in its own words and stays lenient.
#![allow(
    dead_code,
    unused_imports,
    reason = "several crates compile this folder and each uses its own part of the handle"
)]

mod clock;
mod control;
mod echo;
mod exchange;
mod families;
mod faults;
mod model;
mod rates;
mod rejections;
mod server;
mod service;
mod services;
mod sts;
mod wire;
mod written;

pub(crate) use families::Lag;
pub(crate) use faults::{ANY_OPERATION, Disturbance, Fault, Other, UNKNOWN_STATUS, When};
pub(crate) use server::{DEFAULT_ACCOUNT, LocalEcs};
pub(crate) use service::StoredRevision;
pub(crate) use services::{Ending, Outcome, Subject};
pub(crate) use sts::{SOMEBODY_ELSES_ACCOUNT, SOMEBODY_ELSES_KEY};
pub(crate) use wire::Recorded;

use std::sync::{Mutex, MutexGuard, PoisonError};

fn lock(service: &Mutex<service::Service>) -> MutexGuard<'_, service::Service> {
    service.lock().unwrap_or_else(PoisonError::into_inner)
}
