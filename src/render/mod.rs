//! PLATFORMS: a workload in each platform's own words.
//!
//! A renderer is a pure function from the workload (and, for what surrounds it, the settings) to the platform's
//! document. It knows how the platform spells a thing and adds no policy: what is not in the workload is not in
//! the document.

pub mod ecs;
