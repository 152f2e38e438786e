//! Stories with a real core, the built provider, the local ECS endpoint and moto.
//!
//! Each test is a story that a user lives through; everything smaller is tested where the code is.

mod harness;
mod second_opinion;
