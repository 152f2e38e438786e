//! Nomad's jobs in documents, in both of their forms.

mod job;
mod words;

pub use job::{Form, NoJob, Part, job};
pub use words::{LAYOUT, is_left_for_the_client, job_of_api, named, to_api};
