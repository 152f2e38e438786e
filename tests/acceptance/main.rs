//! Stories with a real core, the built provider, the local ECS endpoint and moto.
//!
//! Each test is a story that a user lives through; everything smaller is tested where the code is.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on says where it stopped")]

mod audit;
mod cases;
mod check;
mod compose;
mod credentials;
mod docker;
mod examples;
mod function;
mod guides;
mod harness;
mod kubernetes;
mod kubernetes_node;
mod live;
mod nomad;
mod packaging;
#[path = "../support/page_blocks.rs"]
mod page_blocks;
mod pages;
mod policy;
mod provider;
mod quiet;
mod reports;
mod rollout;
mod second_opinion;
mod shapes;
mod sidecar;
mod task_definition;
mod yaml;
