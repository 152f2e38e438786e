//! What holds for whatever task definition: for hundreds of made ones, and for those that people published.

mod found;
mod made;
mod published;

#[path = "../../support/properties/mod.rs"]
mod holds;
#[path = "../../support/tasks/mod.rs"]
mod tasks;
