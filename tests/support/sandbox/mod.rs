//! Runs a rendered task on this machine as a container platform would, as far as start-up goes: roots that are really read-only, volumes
//! that begin empty, containers that wait for each other. The images in it are our own.
//!
//! What is made up: one process namespace and one network for a task, and no limits. Where services have names, each has an address in
//! that network, so a port that is open at the loopback alone is reached by no other service's name, but by whoever asks its own loopback. Roots and volumes are in a tmpfs of a
//! private mount namespace, so nothing of a run is left behind. Of all orders of start that a document allows, the worst one is run.

mod compose;
mod docker;
mod ecs;
mod image;
mod kubernetes;
mod machine;
mod nomad;
mod run;
mod task;

pub(crate) use docker::options as docker_options;
pub(crate) use image::Image;
pub(crate) use machine::{Means, has_users, means};
pub(crate) use run::{Sandbox, Seen};
pub(crate) use task::{Container, Filled, Holds, ImageVolumes, Mount, Network, Task, Volume};
