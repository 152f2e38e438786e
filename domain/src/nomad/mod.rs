//! Nomad in documents: jobs in both of their forms, and each group as the rules read it.

mod change;
mod container;
mod directory;
mod filled;
mod job;
mod mount;
mod template;
mod volume;
mod words;
mod workload;

#[cfg(test)]
mod tests;

pub use change::{rewritten, task_of};
pub use job::{Form, NoJob, Part, job, task_around};
pub use words::{LAYOUT, is_left_for_the_client, job_of_api, named, nanoseconds_of, to_api};
pub use workload::{is_for_windows, workloads};
