//! The fleet: moves services to task definitions in waves, within budgets, with a true outcome for each service.
//!
//! A [`Request`] is what somebody wrote; [`Request::plan`] says everything that is wrong with it and puts the services in
//! waves. A [`Machine`] then decides what is to be done next: it is told what was seen and answered ([`Event`]), and says
//! what to look at and what to start ([`Action`]). It calls nothing and reads no clock: time is handed in, as the time
//! since 1970 in UTC, so a day of deployments passes in a test at once.
//!
//! What it rests on is what ECS shows: the task definition that a service has, and its service deployments. A service is
//! done where the deployment that leads to its task definition was successful *and* the service still has that task
//! definition. A deployment of somebody else is waited for and never overridden.

mod identity;
mod machine;
mod outcome;
mod plan;
mod request;
mod sight;

pub use identity::{Home, ServiceId, TaskDefinitionArn};
pub use machine::{Action, Event, Ledger, Machine, Next};
pub use outcome::{Outcome, Status, summary};
pub use plan::{Move, OnFailure, Plan, Wave};
pub use request::{Place, Problem, Request, WaveRequest, Weight};
pub use sight::{Deployment, DeploymentStatus, Sight};

#[cfg(test)]
mod tests;
