//! The rollout against a fleet that behaves as ECS does.

mod fleet;
mod moves;
mod properties;
mod requests;
mod run;
