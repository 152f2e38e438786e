//! What holds for whatever document: for hundreds of made ones, and for those that people published.

mod found;
mod in_place;
mod made;
mod published;
mod yaml;

#[path = "../../support/properties/mod.rs"]
mod holds;
#[path = "../../support/tasks/mod.rs"]
mod tasks;
#[path = "../../support/yaml/mod.rs"]
mod written;
